//! What a line that differs is, on paper: existence, currency and amount, with the money and the cause in words.

pub(super) mod amount;
pub(super) mod cause;
pub(super) mod currency;
pub(super) mod existence;
pub(super) mod payers;
pub(super) mod tolerated;
