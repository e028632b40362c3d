//! The findings of a report that was written earlier, out of its CSV. A file that is no longer as it was written is not
//! read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use serde::Deserialize;

use tieout_model::hash::sha256_hex;
use tieout_model::money::{Currency, Marks, Money};

use crate::csv::unguarded;
use crate::run_json::Written;
use crate::settings::CsvFormat;
use crate::tables::{CLEARED, CLEARED_AMOUNT, EXCEPTIONS, WAIVED, amounts};

const RUN: &str = "run.json";

/// A night as its report tells it.
#[derive(Clone, Debug)]
pub struct ReadNight {
    pub as_of: NaiveDate,
    pub run_id: String,
    /// In the order of the report: the exceptions, then what is waived.
    pub findings: Vec<ReadFinding>,
}

/// One row: a finding in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFinding {
    pub is_waived: bool,
    cells: BTreeMap<String, String>,
}

/// A report of an earlier night that was changed since. A command exits 7.
#[derive(Debug, thiserror::Error)]
#[error("{path} was changed after it was written: run the night again, or put the file back")]
pub struct ChangedReport {
    pub path: PathBuf,
}

#[derive(Deserialize)]
struct Run {
    as_of: NaiveDate,
    run_id: String,
    csv: Option<Written>,
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    sha256: String,
}

impl ReadNight {
    /// Reads the report in a folder; one of an earlier version may lack what is waived. Errors: [`ChangedReport`], or
    /// files that can't be read.
    pub fn of(folder: &Path) -> anyhow::Result<ReadNight> {
        let run = Run::of(folder)?;
        let mut findings = run.rows(folder, EXCEPTIONS, false)?;
        findings.extend(run.rows(folder, WAIVED, true)?);
        Ok(ReadNight { as_of: run.as_of, run_id: run.run_id, findings })
    }
}

/// What the report in a folder says is cleared: `exception_id`, and with money `ending`, `amount` and `currency`.
/// Errors: [`ChangedReport`], or files that can't be read.
pub fn read_cleared(folder: &Path) -> anyhow::Result<Vec<ReadFinding>> {
    Run::of(folder)?.rows(folder, CLEARED, false)
}

impl Run {
    fn of(folder: &Path) -> anyhow::Result<Run> {
        let path = folder.join(RUN);
        let bytes = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        serde_json::from_slice(&bytes).with_context(|| format!("read {}", path.display()))
    }

    /// Of a table that an earlier version may lack.
    fn rows(&self, folder: &Path, table: &str, is_waived: bool) -> anyhow::Result<Vec<ReadFinding>> {
        let format = self.csv.map_or(Some(CsvFormat::PLAIN), Written::format);
        let naming = || format!("read {}: it names no delimiter of a CSV", folder.join(RUN).display());
        let format = format.with_context(naming)?;
        let name = format!("{table}.csv");
        match self.files.iter().find(|file| file.name == name) {
            Some(listed) => rows(&folder.join(&name), &listed.sha256, format, is_waived),
            None => Ok(Vec::new()),
        }
    }
}

impl ReadFinding {
    /// A cell by the name of its column, as it was before it was made safe for spreadsheets, an amount with a point;
    /// blank where there is none.
    pub fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", |cell| unguarded(cell))
    }

    pub fn id(&self) -> &str {
        self.get("exception_id")
    }

    /// An amount of the row, in counts of 1/10,000.
    pub fn amount(&self, column: &str) -> Option<(i128, Currency)> {
        let currency = Currency::parse(self.get("currency"))?;
        let amount = Money::parse(self.get(column), Marks::PLAIN, currency.decimals()).ok()?;
        Some((i128::from(amount.0), currency))
    }

    /// All cells, by the names of their columns.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells.iter().map(|(name, cell)| (name.as_str(), unguarded(cell)))
    }
}

fn rows(path: &Path, sha256: &str, format: CsvFormat, is_waived: bool) -> anyhow::Result<Vec<ReadFinding>> {
    let doing = || format!("read {}", path.display());
    let bytes = fs::read(path).with_context(doing)?;
    anyhow::ensure!(sha256_hex(&bytes) == sha256, ChangedReport { path: path.to_owned() });
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().delimiter(format.delimiter).from_reader(text);
    let amounts: Vec<&str> = amounts().into_iter().chain([CLEARED_AMOUNT]).collect();
    let rows = reader.deserialize().map(|row| -> Result<ReadFinding, csv::Error> {
        let mut cells: BTreeMap<String, String> = row?;
        let with_comma = amounts.iter().filter(|_| format.decimal_mark != Marks::PLAIN.decimal);
        for name in with_comma {
            if let Some(cell) = cells.get_mut(*name) {
                *cell = cell.replace(format.decimal_mark, ".");
            }
        }
        Ok(ReadFinding { is_waived, cells })
    });
    rows.collect::<Result<_, csv::Error>>().with_context(doing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{render, sample, write_pack};

    fn written(dir: &Path) -> PathBuf {
        written_as(dir, CsvFormat::PLAIN)
    }

    fn written_as(dir: &Path, csv: CsvFormat) -> PathBuf {
        let mut report = sample::report();
        report.head.csv = csv;
        write_pack(dir, "2026-03-31", &render(&report, &[]).expect("rendered")).expect("written")
    }

    #[test]
    fn exceptions_and_what_is_waived_are_read_back_with_their_money() {
        let dir = tempfile::tempdir().expect("a folder");
        let night = ReadNight::of(&written(dir.path())).expect("reads");
        let read =
            |f: &ReadFinding| (f.id().to_owned(), f.is_waived, f.amount("exposure_to_date").map(|(counts, _)| counts));
        let expected = [(1, 1_000, false), (2, 2_000, false), (3, 12_340_000, false), (5, 4_000, true)];
        let expected = expected.map(|(number, counts, waived)| (format!("f{number:016x}"), waived, Some(counts)));
        assert_eq!(night.findings.iter().map(read).collect::<Vec<_>>(), expected);
        assert_eq!(night.findings[3].get("waived_by"), "maria");
    }

    #[test]
    fn a_report_for_a_german_excel_is_read_as_a_plain_one() {
        let (plain, german) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let folder = written_as(german.path(), CsvFormat::EXCEL_DE);
        let text = fs::read_to_string(folder.join("exceptions.csv")).expect("reads");
        assert!(text.starts_with("\u{feff}owner;severity;") && text.contains(";0,10;USD;"), "{text}");
        let read = ReadNight::of(&folder).expect("reads");
        assert_eq!(read.findings, ReadNight::of(&written(plain.path())).expect("reads").findings);
    }

    #[test]
    fn a_report_that_was_changed_is_not_read() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = written(dir.path());
        let path = folder.join("exceptions.csv");
        fs::write(&path, fs::read_to_string(&path).expect("reads").replace("0.10", "0.11")).expect("written");
        let error = ReadNight::of(&folder).expect_err("refused");
        assert!(error.downcast_ref::<ChangedReport>().is_some(), "{error:#}");
    }

    #[test]
    fn only_an_apostrophe_that_guards_something_is_taken_away() {
        for (cell, expected) in [("'=1+1", "=1+1"), ("'-5", "-5"), ("'tis", "'tis"), ("-5", "-5")] {
            assert_eq!(unguarded(cell), expected);
        }
    }
}
