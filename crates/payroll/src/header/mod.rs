//! The header: finding it by the mapped columns, finding them in it, and saying all that is wrong at once.

pub(super) mod check;
pub(super) mod columns;

mod names;

use std::collections::BTreeSet;
use std::path::Path;

use csv::ByteRecord;

use self::names::{Names, one_line};
use crate::PayrollError;
use crate::error::{MissingColumn, SeenLine};
use crate::rows::{Row, Rows};
use crate::settings;
use crate::settings::{EmployeeRow, Encoding};

/// Delimiters that are tried when the job's finds no columns.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Likeness, in the measure of Jaro and Winkler, from which a header is named as what may have been meant.
const NEAR_PERCENT: u32 = 80;
/// Header names in a row that make it a header, when they are most of it. One is not enough: `ID` is Idaho too.
const SECOND_HEADER_NAMES: usize = 2;
/// Rows among which the header is looked for.
const SEARCHED_ROWS_MAX: usize = 60;
/// Of those, rows that an error shows.
const SEEN_ROWS_MAX: usize = 8;

/// Where the header of a file is to be found.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeaderPlace {
    pub encoding: Encoding,
    pub delimiter: u8,
    /// Physical line on which it begins.
    pub line: Option<u64>,
    pub two_levels: bool,
    /// Headers of columns that stand in no row of the file, behind those that do.
    pub added: &'static [&'static str],
}

impl HeaderPlace {
    pub fn of(settings: &settings::Payroll) -> HeaderPlace {
        HeaderPlace {
            encoding: settings.encoding,
            delimiter: settings.delimiter,
            line: settings.table.header_row,
            two_levels: settings.table.two_level_header,
            added: settings.table.employee_row.as_ref().map_or(&[], EmployeeRow::headers),
        }
    }
}

/// The columns of one file.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// Of one level or both, without blanks around them or line breaks in them.
    pub names: Vec<String>,
    found: Names,
    /// Columns of the file; those behind them are added to its rows.
    width: usize,
    /// Physical line of its last row.
    pub line: u64,
    /// The rows as they are written, which may come again: titles with at least one cell, and the header's own.
    titles: Vec<Vec<String>>,
    levels: Vec<Vec<String>>,
}

/// What a row that looks like a header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    No,
    Same,
    Different,
}

/// A row among those that are searched.
struct Seen {
    line: u64,
    /// As written; bytes without a character are replaced.
    cells: Vec<String>,
    readable: bool,
    raw: ByteRecord,
}

impl Header {
    /// Reads up to the header and checks that each wanted column is there once. The first of `wanted` is the employee
    /// id.
    pub fn read(rows: &mut Rows, place: HeaderPlace, wanted: &[&str]) -> Result<Header, PayrollError> {
        let wanted: BTreeSet<&str> = wanted.iter().copied().filter(|name| !place.added.contains(name)).collect();
        let mut seen: Vec<Seen> = Vec::new();
        while seen.len() < SEARCHED_ROWS_MAX || place.line.is_some() {
            let Some(row) = rows.next()? else { break };
            seen.push(Seen::of(&row));
            if place.two_levels && seen.len() < 2 {
                continue;
            }
            let header = Header::ending_with(&seen, place.two_levels);
            let is_it = match place.line {
                Some(line) => seen[header.titles_seen(&seen)].line >= line,
                None => wanted.iter().all(|name| header.find(name).is_some()),
            };
            if is_it {
                return header.checked(&rows.path, &seen, place, &wanted).map(|header| header.with(place.added));
            }
        }
        Err(not_found(&rows.path, &seen, place, &wanted))
    }

    /// The header whose last row is the last that was seen.
    fn ending_with(seen: &[Seen], two_levels: bool) -> Header {
        let levels = &seen[seen.len() - if two_levels { 2 } else { 1 }..];
        let found = Names::of(&levels.iter().map(|level| level.cells.as_slice()).collect::<Vec<_>>());
        let has_text = |cells: &&Seen| cells.cells.iter().any(|cell| !cell.is_empty());
        Header {
            names: found.whole.clone(),
            width: found.whole.len(),
            found,
            line: seen.last().map_or(0, |last| last.line),
            titles: seen[..seen.len() - levels.len()].iter().filter(has_text).map(|row| row.cells.clone()).collect(),
            levels: levels.iter().map(|level| level.cells.clone()).collect(),
        }
    }

    /// With further columns behind its own.
    fn with(mut self, added: &[&str]) -> Header {
        self.names.extend(added.iter().map(|name| (*name).to_owned()));
        self
    }

    /// Columns of the file.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Place of its first row among those that were seen.
    fn titles_seen(&self, seen: &[Seen]) -> usize {
        seen.len() - self.levels.len()
    }

    fn checked(
        self,
        path: &Path,
        seen: &[Seen],
        place: HeaderPlace,
        wanted: &BTreeSet<&str>,
    ) -> Result<Header, PayrollError> {
        if seen[self.titles_seen(seen)..].iter().any(|level| !level.readable) {
            return Err(undecodable(path, place));
        }
        if wanted.iter().any(|name| self.find(name).is_none()) {
            return Err(self.lacking(path, seen, place, wanted));
        }
        let names: Vec<String> =
            wanted.iter().filter(|name| self.found.is_ambiguous(name)).map(|name| (*name).to_owned()).collect();
        match names.is_empty() {
            true => Ok(self),
            false => Err(PayrollError::DuplicateHeaders { path: path.to_owned(), names }),
        }
    }

    /// Position of a column, by its name; `Name #2` is the second column of that name, `#2` the second of all.
    pub fn find(&self, name: &str) -> Option<usize> {
        let added = self.names[self.width..].iter().position(|added| added == name);
        added.map(|at| self.width + at).or_else(|| self.found.find(name))
    }

    /// Cells that a row must have: those up to the last column with a name.
    pub fn named_width(&self) -> usize {
        self.names[..self.width].iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1)
    }

    /// Rows above it.
    pub fn titles(&self) -> u64 {
        self.titles.len() as u64
    }

    /// Their texts.
    pub fn title_texts(&self) -> impl Iterator<Item = String> + '_ {
        self.titles.iter().map(|title| title.join(" "))
    }

    /// Whether a row is one of those above the header, on a further page.
    pub fn is_title(&self, row: &Row<'_>) -> bool {
        self.titles.iter().any(|title| same_cells(title, row))
    }

    fn lacking(&self, path: &Path, seen: &[Seen], place: HeaderPlace, wanted: &BTreeSet<&str>) -> PayrollError {
        let missing: Vec<&str> = wanted.iter().copied().filter(|name| self.find(name).is_none()).collect();
        let found = wanted.len() - missing.len();
        if let Some(error) = wrong_delimiter(path, seen, place.delimiter, wanted, found) {
            return error;
        }
        let near = |wanted: &str| {
            let likeness = |name: &str| strsim::jaro_winkler(&wanted.to_lowercase(), &name.to_lowercase());
            let percent = |name: &String| (likeness(name) * 100.0) as u32;
            self.names.iter().filter(|n| percent(n) >= NEAR_PERCENT).max_by_key(|n| percent(n)).cloned()
        };
        let missing = missing.iter().map(|m| MissingColumn { header: (*m).to_owned(), near: near(m) }).collect();
        let lines = seen.iter().take(SEEN_ROWS_MAX).map(|row| row.shown(wanted)).collect();
        PayrollError::MissingColumns {
            path: path.to_owned(),
            missing,
            line: self.line,
            found,
            wanted: wanted.len(),
            lines,
        }
    }

    /// Whether a row is this header again, or another: most of it is then header names, that
    /// of the id column among them.
    pub fn repeated_by(&self, row: &Row<'_>, id: usize) -> Repeat {
        let Some(names) = self.levels.last() else { return Repeat::No };
        // An id that is no column of the file has no name in it.
        let id = if id < self.width { id } else { names.iter().position(|name| !name.is_empty()).unwrap_or(id) };
        let id_name = names.get(id).map_or("", String::as_str);
        if self.levels.len() > 1 && same_cells(&self.levels[0], row) {
            return Repeat::Same;
        }
        let holds_id_name = |cell: &[u8]| cell.len() >= id_name.len() && same_name(cell, id_name);
        if id_name.is_empty() || !row.cells.iter().any(holds_id_name) {
            return Repeat::No;
        }
        if same_cells(names, row) {
            return Repeat::Same;
        }
        let filled = row.cells.iter().filter(|cell| !cell.trim_ascii().is_empty()).count();
        let is_there = |name: &&String| !name.is_empty() && row.cells.iter().any(|c| same_name(c, name));
        let names_there = names.iter().filter(is_there).count();
        match names_there >= SECOND_HEADER_NAMES && 2 * names_there > filled {
            true => Repeat::Different,
            false => Repeat::No,
        }
    }
}

impl Seen {
    fn of(row: &Row<'_>) -> Seen {
        let text = |at| row.text(at).map(str::to_owned);
        let cells: Result<Vec<String>, _> = (0..row.cells.len()).map(text).collect();
        let readable = cells.is_ok();
        let replaced = || row.cells.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        let cells = cells.unwrap_or_else(|_| replaced()).iter().map(|cell| one_line(cell)).collect();
        Seen { line: row.line, cells, readable, raw: row.cells.clone() }
    }

    /// What an error may show of it: which mapped headers it has, and how many cells. Its texts may be personal.
    fn shown(&self, wanted: &BTreeSet<&str>) -> SeenLine {
        let names = Names::of(&[&self.cells]);
        SeenLine {
            line: self.line,
            cells: self.cells.iter().filter(|cell| !cell.is_empty()).count(),
            mapped: wanted.iter().filter(|name| names.find(name).is_some()).count(),
        }
    }
}

/// No row has all of the wanted columns: what is wrong with the one that has most, or with all of them.
fn not_found(path: &Path, seen: &[Seen], place: HeaderPlace, wanted: &BTreeSet<&str>) -> PayrollError {
    let is_blank = |row: &Seen| row.cells.iter().all(String::is_empty);
    if seen.iter().all(is_blank) {
        return PayrollError::Empty { path: path.to_owned() };
    }
    if let Some(line) = place.line {
        return PayrollError::NoHeaderRow { path: path.to_owned(), line };
    }
    let ends = usize::from(place.two_levels) + 1..=seen.len();
    let headers = ends.map(|end| Header::ending_with(&seen[..end], place.two_levels));
    let found = |header: &Header| wanted.iter().filter(|name| header.find(name).is_some()).count();
    // The first of those that have most.
    let best = headers.rev().max_by_key(found);
    let Some(best) = best else { return PayrollError::Empty { path: path.to_owned() } };
    if seen.iter().any(|row| !row.readable && row.line <= best.line) {
        return undecodable(path, place);
    }
    best.lacking(path, seen, place, wanted)
}

fn undecodable(path: &Path, place: HeaderPlace) -> PayrollError {
    let found = "its header has bytes that this encoding does not know";
    PayrollError::NotDecodable { path: path.to_owned(), expected: place.encoding.name(), found }
}

/// The delimiter that finds more of the columns in some row than the job's does.
fn wrong_delimiter(
    path: &Path,
    seen: &[Seen],
    configured: u8,
    wanted: &BTreeSet<&str>,
    found: usize,
) -> Option<PayrollError> {
    let found_in = |row: &Seen, mark: u8| {
        // The line as it was, quotes aside: they cannot hide a delimiter that nobody looked for.
        let written: Vec<u8> = row.raw.iter().collect::<Vec<_>>().join(&configured);
        let mut csv = csv::ReaderBuilder::new().has_headers(false).delimiter(mark).from_reader(written.as_slice());
        let mut record = ByteRecord::new();
        let names = match csv.read_byte_record(&mut record) {
            Ok(true) => record.iter().map(|name| one_line(String::from_utf8_lossy(name).trim())).collect(),
            _ => Vec::new(),
        };
        let names = Names::of(&[&names]);
        wanted.iter().filter(|name| names.find(name).is_some()).count()
    };
    let others = DELIMITERS.into_iter().filter(|mark| *mark != configured);
    let best_of = |mark| seen.iter().map(|row| found_in(row, mark)).max().unwrap_or(0);
    let (works, best) = others.map(|mark| (mark, best_of(mark))).max_by_key(|(_, found)| *found)?;
    (best > found).then(|| PayrollError::WrongDelimiter {
        path: path.to_owned(),
        configured,
        works,
        wanted: wanted.len(),
        found,
        found_with: best,
    })
}

/// Whether a row has these cells, and no others but blank ones.
fn same_cells(cells: &[String], row: &Row<'_>) -> bool {
    let written = row.cells.len().max(cells.len());
    (0..written).all(|at| {
        let cell = row.cells.get(at).unwrap_or_default();
        same_name(cell, cells.get(at).map_or("", String::as_str))
    })
}

/// Line breaks and runs of blanks in a name count as one blank.
fn same_name(cell: &[u8], name: &str) -> bool {
    let cell = cell.trim_ascii();
    cell.eq_ignore_ascii_case(name.as_bytes())
        || cell.contains(&b'\n')
            && std::str::from_utf8(cell).is_ok_and(|cell| one_line(cell).eq_ignore_ascii_case(name))
}
