//! Review of corrections by spreadsheet: items out as CSV, decisions back from what Excel made of it or from the
//! report's workbook; and who may approve what. Pure: bytes and items in, decisions or problems out. Not in here: the
//! queue itself, files, the clock.

pub mod authority;
mod compare;
mod decide;
mod export;
mod formula_error;
mod row;
mod sheet;
pub mod waivers;
mod workbook;

use std::fmt;

pub use decide::{Decision, decide};
pub use export::export;
pub use row::{new_address, what_changes};
pub use sheet::{Sheet, parse};
pub use workbook::{is_workbook, parse as parse_workbook};

/// Columns of the sheet, in the order of the export.
pub const COLUMNS: [&str; 15] = [
    "item_id",
    "item_hash",
    "kind",
    "employee_id",
    "employee_ref",
    "changes",
    "effective",
    "yearly_difference",
    "currency",
    "evidence",
    "codes",
    "state",
    "decision",
    "decided_by",
    "reason",
];

/// How many of [`COLUMNS`], from the first, are exported values; the reviewer fills in the others.
const EXPORTED: usize = 12;

/// One thing that is wrong with a sheet. Values are never repeated: they may be personal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecisionProblem {
    /// Of a workbook with several; blank = the only one.
    pub sheet: String,
    /// As the spreadsheet counts, from 1; 0 = the file as a whole.
    pub row: usize,
    /// Blank = the row as a whole.
    pub column: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for DecisionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.sheet.is_empty() {
            write!(f, "sheet `{}`, ", self.sheet)?;
        }
        match (self.row, self.column) {
            (0, "") => f.write_str(&self.message),
            (0, column) => write!(f, "{column}: {}", self.message),
            (row, "") => write!(f, "row {row}: {}", self.message),
            (row, column) => write!(f, "row {row}, {column}: {}", self.message),
        }
    }
}

#[cfg(test)]
mod tests;
