//! Cells that a report writes once for several rows: a blank below them means the same.

use csv::StringRecord;

use crate::cells::text::trim;
use crate::header::Header;
use crate::rows::batches::{Record, RecordCells};

/// Columns that are filled down, outer ones first: a new department begins with a new employee, and not the other way.
#[derive(Clone, Debug, Default)]
pub(crate) struct FillDown {
    columns: Vec<Column>,
}

#[derive(Clone, Debug)]
struct Column {
    at: usize,
    /// What stands above; `None` where nothing does, or nobody can know.
    above: Option<String>,
}

impl FillDown {
    /// Finds the columns in a header; a file may have some of them only.
    pub fn new(header: &Header, headers: &[String]) -> FillDown {
        let column = |at| Column { at, above: None };
        FillDown { columns: headers.iter().filter_map(|name| header.find(name)).map(column).collect() }
    }

    /// Fills the blank cells of a row with data.
    pub fn fill(&mut self, record: &mut Record) {
        if self.columns.is_empty() {
            return;
        }
        let RecordCells::Text(text) = &mut record.cells else { return self.forget() };
        let mut cells: Vec<&str> = text.iter().collect();
        let mut is_new = false;
        for column in &mut self.columns {
            match cells.get_mut(column.at) {
                Some(cell) if trim(cell).is_empty() => {
                    if is_new {
                        column.above = None;
                    }
                    *cell = column.above.as_deref().unwrap_or_default();
                }
                Some(cell) => {
                    (is_new, column.above) = (true, Some((*cell).to_owned()));
                }
                None => {}
            }
        }
        let mut filled: StringRecord = cells.into_iter().collect();
        filled.set_position(text.position().cloned());
        *text = filled;
    }

    /// After a row that cannot be read nobody knows whose the rows below are.
    pub fn forget(&mut self) {
        self.columns.iter_mut().for_each(|column| column.above = None);
    }
}
