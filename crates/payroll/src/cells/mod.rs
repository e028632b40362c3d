//! What one cell says: an amount, a date, a frequency, a text.

pub(super) mod amounts;
pub(super) mod currency_marks;
pub(super) mod dates;
pub(super) mod frequency;
pub(super) mod text;
