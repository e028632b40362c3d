//! Rows of the payroll files that could not be used, with what was there in masked form.

use tieout_model::source::Reject;

use crate::table::{Table, count, employee, text};

pub fn table(rejects: &[Reject]) -> Table<'_> {
    let columns = vec![
        text("file", "File", 30, |r: &&Reject| r.file.as_str().into()),
        count("line", "Line", |r| r.line),
        employee(|r| r.employee_id.as_str()),
        text("column", "Column", 20, |r| r.column.as_str().into()),
        text("found", "Found", 20, |r| r.masked.as_str().into()),
        text("reason", "Reason", 60, |r| r.reason.as_str().into()),
    ];
    Table::new("rejects", "Rejected rows", columns, rejects.iter().collect())
}
