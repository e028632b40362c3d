//! When people are paid, how often, and what a column of pay holds.

pub(super) mod groups;
pub(super) mod pay_of_period;
pub(super) mod period;
pub(super) mod period_column;
pub(super) mod vocabulary;
