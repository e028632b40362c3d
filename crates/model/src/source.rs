//! The files that a night reads, and the rows of them that it could not use.

use std::path::PathBuf;

use crate::ids::PayrollId;

/// An input with its identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputFile {
    pub path: PathBuf,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// One row that could not be used. Nothing in it tells what was in the cell: `masked` keeps the kind of each character
/// (`9` digit, `a` letter, the rest as it is) and is cut short.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reject {
    pub file: String,
    /// Physical line, from 1.
    pub line: u64,
    /// Header of the column; blank when the row as a whole is wrong.
    pub column: String,
    pub masked: String,
    pub reason: String,
    /// Blank when the id itself could not be read.
    pub employee_id: PayrollId,
}
