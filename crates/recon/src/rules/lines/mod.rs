//! Payroll's deduction lines beside what is due: how each of them is made, how they are joined, and what is known of
//! their benefits.

pub(super) mod benefits;
pub(super) mod coded;
pub(super) mod deducted;
pub(super) mod dictionary;
pub(super) mod expected;
mod further_benefits;
pub(super) mod labels;
pub(super) mod other_runs;
mod owed;
pub(super) mod pair;
pub(super) mod pairing;
pub(super) mod schemes;
pub(super) mod tables;
pub(super) mod unmatched;
pub(super) mod whole_code;
