//! One payroll or deduction file while it is read: what each of its rows is before a cell is parsed.

use crate::PayrollError;
use crate::header::{Header, Repeat};
use crate::person::{Fault, Faults};
use crate::rows::Row;
use crate::totals::{TotalsRow, begins_totals};
use tieout_model::source::Reject;

/// What the reader keeps of a file beside its rows.
#[derive(Debug)]
pub(super) struct Source {
    pub path: std::path::PathBuf,
    /// As rejects name the file.
    pub name: String,
    pub header: Header,
    /// Position of the employee id.
    pub id: usize,
    pub data_rows: u64,
    /// Totals rows that no data row has followed yet.
    pub totals: Vec<TotalsRow>,
    /// Line of the last row when its last cell has a line break in it: it may be the rest of the file.
    pub suspect: Option<u64>,
}

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Data,
    /// Blank cells only, or the header again.
    Structural,
    /// A totals row, with the number of rows when it follows the text.
    Totals(Option<u64>),
    /// A row with too few or too many cells, and the reason.
    Misshapen(String),
}

impl Source {
    pub fn new(path: std::path::PathBuf, header: Header, id: usize) -> Source {
        let name = path.display().to_string();
        Source { path, name, header, id, data_rows: 0, totals: Vec::new(), suspect: None }
    }

    /// Tells what a row is; a second, different header ends the reading.
    pub fn kind(&mut self, row: &Row<'_>, totals_text: Option<&str>) -> Result<Kind, PayrollError> {
        // An open quote makes the rest of the file the last cell of its row.
        let last_cell = row.cells.iter().next_back().unwrap_or_default();
        self.suspect = last_cell.trim_ascii().iter().any(|b| matches!(b, b'\n' | b'\r')).then_some(row.line);
        if let Some(count) = totals_text.and_then(|text| begins_totals(row, text)) {
            return Ok(Kind::Totals(count));
        }
        if row.text(self.id) == Ok("") && row.is_blank() {
            return Ok(Kind::Structural);
        }
        match self.header.repeated_by(row, self.id) {
            Repeat::No => {}
            Repeat::Same => return Ok(Kind::Structural),
            Repeat::Different => {
                return Err(PayrollError::SecondHeader { path: self.path.clone(), line: row.line });
            }
        }
        self.data_rows += 1;
        match (row.cells.len(), self.header.names.len()) {
            (cells, expected) if cells == expected => Ok(Kind::Data),
            (cells, expected) => Ok(Kind::Misshapen(misshapen(row, cells, expected))),
        }
    }

    /// One reject a fault.
    pub fn rejects<'a>(&'a self, row: &'a Row<'_>, id: &'a str, faults: Faults) -> impl Iterator<Item = Reject> + 'a {
        faults.0.into_iter().map(move |fault| {
            let masked = fault.cell.filter(|_| fault.show).map(|at| row.masked(at)).unwrap_or_default();
            Reject { masked, ..self.refuse(row.line, id, fault) }
        })
    }

    /// The reject of a row that is gone: nothing of it is shown.
    pub fn refuse(&self, line: u64, id: &str, fault: Fault) -> Reject {
        Reject {
            file: self.name.clone(),
            line,
            column: fault.cell.map(|at| self.header.names[at].clone()).unwrap_or_default(),
            masked: String::new(),
            reason: fault.reason.into_owned(),
            employee_id: id.to_owned(),
        }
    }

    /// Rejects the totals rows kept: data rows follow, or nothing can be compared.
    pub fn refuse_totals(&self, row: &TotalsRow, reason: &str) -> Reject {
        self.refuse(row.line, "", Fault::unshown(None, reason.to_owned()))
    }
}

fn misshapen(row: &Row<'_>, cells: usize, expected: usize) -> String {
    let breaks = row.inner_breaks();
    if breaks == 0 {
        return format!("{cells} cells; the header has {expected}");
    }
    let last_line = row.line + breaks as u64;
    format!("{cells} cells over lines {} to {last_line}; the header has {expected}: a quote may be missing", row.line)
}
