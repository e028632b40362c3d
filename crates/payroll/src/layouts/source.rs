//! One payroll or deduction file while it is read: what each of its rows is before a cell is parsed.

use std::collections::BTreeMap;

use crate::header::{Header, Repeat};
use crate::layouts::employee_row::RowOwner;
use crate::layouts::fill_down::FillDown;
use crate::people::person::{CellFault, Faults};
use crate::rows::Row;
use crate::settings::TableSettings;
use crate::totals::{TotalsRow, begins_totals};
use crate::{LeftOut, PayrollError};
use tieout_model::finding::Payer;
use tieout_model::source::Reject;

/// What the reader keeps of a file beside its rows.
#[derive(Debug)]
pub(crate) struct Source {
    pub path: std::path::PathBuf,
    /// As rejects name the file.
    pub name: String,
    pub header: Header,
    /// Position of the employee id.
    pub id: usize,
    /// Position of the record type.
    record_type: Option<usize>,
    pub fill_down: FillDown,
    /// Whose the rows are, where a row of its own says it.
    pub owner: RowOwner,
    /// Cells that each row must have.
    cells_min: usize,
    pub data_rows: u64,
    /// Totals rows that no data row has followed yet.
    pub totals: Vec<TotalsRow>,
    /// Line of the last row when its last cell has a line break in it: it may be the rest of the file.
    pub suspect: Option<u64>,
    /// Rows that were left out, and the first of them, by reason.
    left_out: BTreeMap<String, (u64, u64)>,
}

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Data(Holds),
    /// Blank cells only, the header again, or what the job leaves out.
    Structural,
    /// A totals row, with the number of rows when it follows the text.
    Totals(Option<u64>),
    /// A row with too few or too many cells, or of no known type, and the reason.
    Misshapen(String),
}

/// What the amount of a data row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// What its columns say.
    AsMapped,
    /// In the column of the employee's amount, that of this side.
    AmountOf(Payer),
    /// No deduction.
    Person,
}

impl Source {
    pub fn new(
        path: std::path::PathBuf,
        header: Header,
        id: usize,
        settings: &TableSettings,
        of_workbook: bool,
    ) -> Source {
        let name = path.display().to_string();
        let record_type = settings.record_types.as_ref().and_then(|types| header.find(&types.column));
        let cells_min = if settings.short_rows || of_workbook { 0 } else { header.named_width() };
        let fill_down = FillDown::new(&header, &settings.fill_down);
        let owner = RowOwner::new(&header, settings.employee_row.as_ref());
        let mut left_out = BTreeMap::new();
        if header.titles() > 0 {
            left_out.insert("above the header".to_owned(), (header.titles(), 1));
        }
        Source {
            path,
            name,
            header,
            id,
            record_type,
            fill_down,
            owner,
            cells_min,
            data_rows: 0,
            totals: Vec::new(),
            suspect: None,
            left_out,
        }
    }

    /// Tells what a row is; a second, different header ends the reading.
    pub fn kind(
        &mut self,
        row: &Row<'_>,
        totals_text: Option<&str>,
        settings: &TableSettings,
    ) -> Result<Kind, PayrollError> {
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
            Repeat::Same => return Ok(self.leave_out("the header again", row.line)),
            Repeat::Different => {
                return Err(PayrollError::SecondHeader { path: self.path.clone(), line: row.line });
            }
        }
        if self.header.is_title(row) {
            return Ok(self.leave_out("a line above the header again", row.line));
        }
        let employee_row = settings.employee_row.as_ref();
        if employee_row.is_some_and(|pattern| self.owner.is_opened_by(row, pattern)) {
            return Ok(self.leave_out("employee_row", row.line));
        }
        if let Some(pattern) = skipped_by(row, settings) {
            return Ok(self.leave_out(&format!("skip_rows `{pattern}`"), row.line));
        }
        if let Some(pattern) = employee_row.filter(|pattern| self.owner.is_lost_at(row, pattern)) {
            self.data_rows += 1;
            let written = &pattern.written;
            return Ok(Kind::Misshapen(format!("neither a deduction nor an employee's row as `{written}`")));
        }
        let holds = match self.record_type(row, settings) {
            Ok(Some(holds)) => holds,
            Ok(None) => return Ok(Kind::Structural),
            Err(reason) => {
                self.data_rows += 1;
                return Ok(Kind::Misshapen(reason));
            }
        };
        self.data_rows += 1;
        let cells = row.cells.len();
        let expected = self.header.width();
        let blank_behind = || (expected..cells).all(|at| row.text(at) == Ok(""));
        match cells == expected || cells >= self.cells_min && blank_behind() {
            true => Ok(Kind::Data(holds)),
            false => Ok(Kind::Misshapen(misshapen(row, cells, expected))),
        }
    }

    /// What the amount of a row is; `None`: it is nobody's, and left out.
    fn record_type(&mut self, row: &Row<'_>, settings: &TableSettings) -> Result<Option<Holds>, String> {
        let (Some(types), Some(at)) = (&settings.record_types, self.record_type) else {
            return Ok(Some(Holds::AsMapped));
        };
        let Ok(word) = row.text(at) else { return Err("the record type is not readable".to_owned()) };
        let lower = word.to_lowercase();
        match () {
            () if types.take.contains(&lower) && types.employer.is_empty() => Ok(Some(Holds::AsMapped)),
            () if types.take.contains(&lower) => Ok(Some(Holds::AmountOf(Payer::Employee))),
            () if types.employer.contains(&lower) => Ok(Some(Holds::AmountOf(Payer::Employer))),
            () if types.person.contains(&lower) => Ok(Some(Holds::Person)),
            () if types.leave.contains(&lower) => {
                self.leave_out(&format!("record type {}", crate::cells::text::code_word(word)), row.line);
                Ok(None)
            }
            () => {
                let word = crate::cells::text::code_word(word);
                Err(format!("record type `{word}` is not one that the job maps; add it to `record_type`"))
            }
        }
    }

    fn leave_out(&mut self, reason: &str, line: u64) -> Kind {
        match self.left_out.get_mut(reason) {
            Some((rows, _)) => *rows += 1,
            None => _ = self.left_out.insert(reason.to_owned(), (1, line)),
        }
        Kind::Structural
    }

    /// The rows that were left out.
    pub fn left_out(&self) -> impl Iterator<Item = LeftOut> + '_ {
        self.left_out.iter().map(|(reason, (rows, first_line))| LeftOut {
            file: self.name.clone(),
            reason: reason.clone(),
            rows: *rows,
            first_line: *first_line,
        })
    }

    /// One reject a fault.
    pub fn rejects<'a>(&'a self, row: &'a Row<'_>, id: &'a str, faults: Faults) -> impl Iterator<Item = Reject> + 'a {
        faults.0.into_iter().map(move |fault| {
            let masked = fault.cell.filter(|_| fault.show).map(|at| row.masked(at)).unwrap_or_default();
            Reject { masked, ..self.refuse(row.line, id, fault) }
        })
    }

    /// The reject of a row that is gone: nothing of it is shown.
    pub fn refuse(&self, line: u64, id: &str, fault: CellFault) -> Reject {
        Reject {
            file: self.name.clone(),
            line,
            column: fault.cell.map(|at| self.header.names[at].clone()).unwrap_or_default(),
            masked: String::new(),
            reason: fault.reason.into_owned(),
            employee_id: id.into(),
        }
    }

    /// Rejects the totals rows kept: data rows follow, or nothing can be compared.
    pub fn refuse_totals(&self, row: &TotalsRow, reason: &str) -> Reject {
        self.refuse(row.line, "", CellFault::unshown(None, reason.to_owned()))
    }
}

/// The pattern of the job that the first text of a row matches.
fn skipped_by<'s>(row: &Row<'_>, settings: &'s TableSettings) -> Option<&'s str> {
    if settings.skip_rows.is_empty() {
        return None;
    }
    let first = (0..row.cells.len()).filter_map(|at| row.text(at).ok()).find(|text| !text.is_empty())?;
    settings.skip_rows.iter().find(|pattern| pattern.matches(first)).map(|pattern| pattern.written.as_str())
}

fn misshapen(row: &Row<'_>, cells: usize, expected: usize) -> String {
    let breaks = row.inner_breaks();
    if breaks == 0 {
        return format!("{cells} cells; the header has {expected}");
    }
    let last_line = row.line + breaks as u64;
    format!("{cells} cells over lines {} to {last_line}; the header has {expected}: a quote may be missing", row.line)
}
