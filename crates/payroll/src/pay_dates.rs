//! A list of pay dates in a file of its own: a CSV with the header `pay_date` and an ISO date a line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use tieout_model::dates::DateLayout;
use tieout_model::placeholder::PlaceholderDates;

/// The header of the column.
const HEADER: &str = "pay_date";
/// Ten years of weekly pay dates; a file that has more is another file.
const DATES_MAX: usize = 530;

/// Why a list of pay dates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PayDatesError {
    #[error("the list of pay dates {path} cannot be read")]
    Unreadable { path: PathBuf, source: csv::Error },
    #[error("{path}: expected the header `{HEADER}`, found `{found}`")]
    Header { path: PathBuf, found: String },
    #[error("{path}, line {line}: expected a date such as 2026-01-30, found `{found}`")]
    Date { path: PathBuf, line: u64, found: String },
    #[error("{path}: expected from 1 to {DATES_MAX} dates, found {found}")]
    Number { path: PathBuf, found: usize },
}

/// The dates of a file, each once, in order.
pub fn pay_dates(path: &Path) -> Result<Vec<NaiveDate>, PayDatesError> {
    let unreadable = |source| PayDatesError::Unreadable { path: path.to_owned(), source };
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(path).map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?;
    let found = header.get(0).unwrap_or_default().trim_start_matches('\u{feff}');
    if found != HEADER {
        return Err(PayDatesError::Header { path: path.to_owned(), found: found.to_owned() });
    }
    let mut dates = BTreeSet::new();
    for record in reader.records().take(DATES_MAX + 1) {
        let record = record.map_err(unreadable)?;
        let text = record.get(0).unwrap_or_default();
        let line = record.position().map_or(0, csv::Position::line);
        let date = DateLayout::iso().read(text, &PlaceholderDates::none());
        let Ok(Some(date)) = date else {
            return Err(PayDatesError::Date { path: path.to_owned(), line, found: text.to_owned() });
        };
        dates.insert(date);
    }
    match dates.len() {
        1..=DATES_MAX => Ok(dates.into_iter().collect()),
        found => Err(PayDatesError::Number { path: path.to_owned(), found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dates.csv");
        std::fs::write(&path, text).expect("written");
        let dates = pay_dates(&path).map_err(|error| error.to_string())?;
        Ok(dates.iter().map(NaiveDate::to_string).collect())
    }

    #[test]
    fn dates_come_in_order_each_once() {
        let dates = read("pay_date\n2026-01-16\n2026-01-02\n2026-01-16\n").expect("a list");
        assert_eq!(dates, ["2026-01-02", "2026-01-16"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for text in ["30.01.2026", "0026-01-30", "+2026-01-30", "2226-01-30"] {
            let told = read(&format!("pay_date\n2026-01-16\n{text}\n")).expect_err("no date");
            assert!(told.contains("line 3: expected a date"), "{text}: {told}");
        }
        assert!(read("date\n2026-01-16\n").expect_err("no header").contains("expected the header `pay_date`"));
        assert!(read("pay_date\n").expect_err("no dates").contains("found 0"));
    }
}
