//! The header: finding the mapped columns, and saying all that is wrong with it at once.

use std::collections::BTreeSet;
use std::path::Path;

use csv::ByteRecord;

use crate::PayrollError;
use crate::error::MissingColumn;
use crate::rows::{Row, Rows, encoding_name};
use crate::settings::Encoding;

/// Delimiters that are tried when the job's finds no columns.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Likeness, in the measure of Jaro and Winkler, from which a header is named as what may have been meant.
const NEAR_PERCENT: u32 = 80;
/// Header names in a row that make it a header, when they are most of it. One is not enough: `ID` is Idaho too.
const SECOND_HEADER_NAMES: usize = 2;

/// The columns of one file, blanks around their names taken off.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub names: Vec<String>,
}

/// What a row that looks like a header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    No,
    Same,
    Different,
}

impl Header {
    /// Reads the header and checks that each wanted column is there once. The first of `wanted` is the employee id.
    pub fn read(rows: &mut Rows, encoding: Encoding, delimiter: u8, wanted: &[&str]) -> Result<Header, PayrollError> {
        let path = rows.path.clone();
        let Some(row) = rows.next()? else { return Err(PayrollError::Empty { path }) };
        let names: Result<Vec<String>, _> = (0..row.cells.len()).map(|at| row.text(at).map(str::to_owned)).collect();
        let Ok(names) = names else {
            let found = "its header has bytes that this encoding does not know";
            return Err(PayrollError::NotDecodable { path, expected: encoding_name(encoding), found });
        };
        if names.iter().all(String::is_empty) {
            return Err(PayrollError::Empty { path });
        }
        let header = Header { names };
        header.check(&path, row.cells, delimiter, wanted)?;
        Ok(header)
    }

    fn check(&self, path: &Path, cells: &ByteRecord, delimiter: u8, wanted: &[&str]) -> Result<(), PayrollError> {
        let wanted: BTreeSet<&str> = wanted.iter().copied().collect();
        let missing: Vec<&str> = wanted.iter().copied().filter(|w| self.find(w).is_none()).collect();
        if !missing.is_empty() {
            let found = wanted.len() - missing.len();
            return Err(self
                .wrong_delimiter(path, cells, delimiter, &wanted, found)
                .unwrap_or_else(|| self.missing_columns(path, &missing)));
        }
        let twice = |w: &&str| self.names.iter().filter(|n| *n == w).count() > 1;
        let names: Vec<String> = wanted.iter().copied().filter(twice).map(str::to_owned).collect();
        match names.is_empty() {
            true => Ok(()),
            false => Err(PayrollError::DuplicateHeaders { path: path.to_owned(), names }),
        }
    }

    /// Position of a column.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }

    fn missing_columns(&self, path: &Path, missing: &[&str]) -> PayrollError {
        let near = |wanted: &str| {
            let likeness = |name: &str| strsim::jaro_winkler(&wanted.to_lowercase(), &name.to_lowercase());
            let percent = |name: &String| (likeness(name) * 100.0) as u32;
            self.names.iter().filter(|n| percent(n) >= NEAR_PERCENT).max_by_key(|n| percent(n)).cloned()
        };
        let missing = missing.iter().map(|m| MissingColumn { header: (*m).to_owned(), near: near(m) }).collect();
        PayrollError::MissingColumns { path: path.to_owned(), missing }
    }

    /// The delimiter that finds more of the columns than the job's does.
    fn wrong_delimiter(
        &self,
        path: &Path,
        cells: &ByteRecord,
        configured: u8,
        wanted: &BTreeSet<&str>,
        found: usize,
    ) -> Option<PayrollError> {
        // The line as it was, quotes aside: they cannot hide a delimiter that nobody looked for.
        let written: Vec<u8> = cells.iter().collect::<Vec<_>>().join(&configured);
        let found_with = |mark: u8| {
            let mut csv = csv::ReaderBuilder::new().has_headers(false).delimiter(mark).from_reader(written.as_slice());
            let mut record = ByteRecord::new();
            let names = match csv.read_byte_record(&mut record) {
                Ok(true) => record.iter().map(|n| String::from_utf8_lossy(n).trim().to_owned()).collect(),
                _ => BTreeSet::new(),
            };
            wanted.iter().filter(|w| names.contains(**w)).count()
        };
        let others = DELIMITERS.into_iter().filter(|m| *m != configured);
        let (works, best) = others.map(|m| (m, found_with(m))).max_by_key(|(_, found)| *found)?;
        (best > found).then(|| PayrollError::WrongDelimiter {
            path: path.to_owned(),
            configured,
            works,
            wanted: wanted.len(),
            found,
            found_with: best,
        })
    }

    /// Whether a row is this header again, or another: most of it is then header names, that
    /// of the id column among them.
    pub fn repeated_by(&self, row: &Row<'_>, id: usize) -> Repeat {
        let id_name = self.names[id].as_bytes();
        let holds_id_name = |cell: &[u8]| cell.len() >= id_name.len() && same_name(cell, id_name);
        if !row.cells.iter().any(holds_id_name) {
            return Repeat::No;
        }
        let in_place = |at: usize, name: &String| same_name(row.cells.get(at).unwrap_or_default(), name.as_bytes());
        if row.cells.len() == self.names.len() && self.names.iter().enumerate().all(|(at, n)| in_place(at, n)) {
            return Repeat::Same;
        }
        let filled = row.cells.iter().filter(|cell| !cell.trim_ascii().is_empty()).count();
        let is_there = |name: &&String| !name.is_empty() && row.cells.iter().any(|c| same_name(c, name.as_bytes()));
        let names_there = self.names.iter().filter(is_there).count();
        match names_there >= SECOND_HEADER_NAMES && 2 * names_there > filled {
            true => Repeat::Different,
            false => Repeat::No,
        }
    }
}

fn same_name(cell: &[u8], name: &[u8]) -> bool {
    cell.trim_ascii().eq_ignore_ascii_case(name)
}
