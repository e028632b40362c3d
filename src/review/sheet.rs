//! The bytes of a sheet as it came back: code page, delimiter, header and rows, whatever the spreadsheet made of them.
//! What the cells say is `decide`'s business.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::decide::{ITEM_HASH, ITEM_ID};
use super::{COLUMNS, DecisionProblem};

pub(super) const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// Excel's own line about the delimiter, before the header.
const DELIMITER_LINE: &str = "sep=";

/// A sheet that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub(super) rows: Vec<SheetRow>,
    /// Which of [`COLUMNS`] it has: all of an exported queue, fewer of the report's workbook.
    pub(super) present: [bool; COLUMNS.len()],
}

/// One row that is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SheetRow {
    /// As the spreadsheet counts, from 1.
    pub number: usize,
    /// In the order of [`COLUMNS`], trimmed; blank where the sheet has no such column.
    pub cells: [String; COLUMNS.len()],
}

impl SheetRow {
    /// Whether it says which item it is about.
    pub fn identified(&self) -> bool {
        !self.cells[ITEM_ID].is_empty() || !self.cells[ITEM_HASH].is_empty()
    }
}

/// Reads a sheet: UTF-8, UTF-16 with a mark, or Windows-1252; comma, semicolon or tab; blank rows and columns and
/// columns of other names are passed over, the order of the columns does not count.
pub fn parse(bytes: &[u8]) -> Result<Sheet, Vec<DecisionProblem>> {
    let text = decode(bytes).replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let (delimiter, places, header_row) = header(&text)?;
    let mut reader = reader(&text, delimiter);
    let (mut record, mut rows, mut breaks) = (csv::StringRecord::new(), Vec::new(), 0);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(Sheet { rows, present: [true; COLUMNS.len()] }),
            Err(_) => return Err(whole("the file is not a table of comma-separated values")),
        }
        // Blank lines are skipped by the reader but counted as lines; a line break inside a cell is no new row.
        breaks += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let number = (reader.position().line() as usize).saturating_sub(1 + breaks);
        let cells = places.map(|place| record.get(place).map(trimmed).unwrap_or_default().to_owned());
        if number > header_row && cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(SheetRow { number, cells });
        }
    }
}

pub(super) fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0,
        None => match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => text,
            None => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    }
}

/// Blanks of every kind around a cell don't count.
pub(super) fn trimmed(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

type Header = (u8, [usize; COLUMNS.len()], usize);

/// Delimiter, place of each column, and the number of the header's row: the first that is not blank.
fn header(text: &str) -> Result<Header, Vec<DecisionProblem>> {
    let is_blank = |line: &str| line.chars().all(|c| c.is_whitespace() || c == '"' || c == ',' || c == ';');
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !is_blank(line) && !line.starts_with(DELIMITER_LINE));
    let Some((number, line)) = lines.next() else { return Err(whole("the file is empty: export the queue again")) };
    let names = |delimiter: u8| -> Vec<String> {
        let mut record = csv::StringRecord::new();
        let read = reader(line, delimiter).read_record(&mut record).unwrap_or(false);
        let cells = if read { record.iter().collect() } else { Vec::new() };
        cells.into_iter().map(|cell| trimmed(cell).to_lowercase()).collect()
    };
    let known = |names: &[String]| COLUMNS.iter().filter(|column| names.iter().any(|name| name == *column)).count();
    let best = DELIMITERS.map(|delimiter| (delimiter, names(delimiter)));
    let (delimiter, names) = best.iter().max_by_key(|(_, names)| known(names)).expect("there are three delimiters");
    if known(names) == 0 {
        return Err(whole("its first row is not the header of an exported queue: keep that row as it was"));
    }
    let (places, present) = places(names, number)?;
    let missing = COLUMNS.iter().zip(present).filter(|(_, present)| !present);
    let problems: Vec<DecisionProblem> = missing.map(|(column, _)| missing_column(number, column)).collect();
    if problems.is_empty() { Ok((*delimiter, places.map(Option::unwrap_or_default), number)) } else { Err(problems) }
}

fn missing_column(row: usize, column: &'static str) -> DecisionProblem {
    let message = "this column is missing: put it back, or export again".to_owned();
    DecisionProblem { row, column, message, ..DecisionProblem::default() }
}

type Places = ([Option<usize>; COLUMNS.len()], [bool; COLUMNS.len()]);

/// Where each of [`COLUMNS`] stands in a header, and which are there. `row`: of the header. Errors: one that is there
/// twice.
pub(super) fn places(names: &[String], row: usize) -> Result<Places, Vec<DecisionProblem>> {
    let mut problems = Vec::new();
    let places = COLUMNS.map(|column| {
        let mut found = names.iter().enumerate().filter(|(_, name)| *name == column).map(|(place, _)| place);
        let (first, second) = (found.next(), found.next());
        if second.is_some() {
            let message = "this column is there twice: remove one".to_owned();
            problems.push(DecisionProblem { row, column, message, ..DecisionProblem::default() });
        }
        first
    });
    if problems.is_empty() { Ok((places, places.map(|place| place.is_some()))) } else { Err(problems) }
}

pub(super) fn whole(message: &str) -> Vec<DecisionProblem> {
    vec![DecisionProblem { message: message.to_owned(), ..DecisionProblem::default() }]
}
