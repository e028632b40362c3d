//! A file with a line an employee and code: which column is what, and which lines are deductions.

use crate::columns::Columns;
use crate::columns::details::DetailPositions;
use crate::columns::profile::Profile;
use crate::deductions::{self, CodeWord};
use crate::table::Table;
use crate::table::record_types::RecordTypes;

/// Columns of the lines; places in the file.
#[derive(Debug)]
pub struct Long {
    pub code: usize,
    pub employee_amount: Option<usize>,
    pub employer_amount: Option<usize>,
    pub details: DetailPositions,
    pub reason: String,
}

/// The columns that [`Columns`] found for the lines.
pub fn find(columns: &Columns, profiles: &[Profile], reason: String) -> Long {
    let code = columns.at("code").or_else(|| columns.at("code_name")).unwrap_or_default();
    Long {
        code,
        employee_amount: columns.at("employee_amount"),
        employer_amount: columns.at("employer_amount"),
        details: DetailPositions::of_lines(columns, profiles),
        reason,
    }
}

impl Long {
    /// The codes of the lines that are deductions.
    pub fn codes(&self, table: &Table, columns: &Columns, record_types: Option<&RecordTypes>) -> Vec<CodeWord> {
        let keep = |row: &csv::StringRecord| {
            record_types.is_none_or(|types| types.has_amount(row.get(types.at).unwrap_or_default()))
        };
        let name = columns.at("code_name").filter(|at| *at != self.code);
        deductions::codes(table, self.code, name, keep)
    }
}
