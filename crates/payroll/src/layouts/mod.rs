//! How reports write their rows: what each row is before a cell is parsed.

pub(super) mod employee_row;
pub(super) mod fill_down;
pub(super) mod row_pattern;
pub(super) mod source;
