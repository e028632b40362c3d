//! The dates of Benifex: ISO for a user, and for a benefit whatever its `datesFormat` says, by the job's table. ISO is
//! tried first; a layout that the table does not know is a fault. Day and month are never guessed.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use tieout_model::dates::{DateLayout, NotADate};
use tieout_model::placeholder::PlaceholderDates;

/// How the dates of benefits are read.
#[derive(Clone, Copy, Debug)]
pub struct Dates<'s> {
    /// By the text of `datesFormat`.
    pub layouts: &'s BTreeMap<String, DateLayout>,
    pub placeholders: &'s PlaceholderDates,
}

impl Dates<'_> {
    /// A date of a benefit whose sibling `datesFormat` is `format`; `None` for a placeholder.
    pub(super) fn read(&self, text: &str, format: Option<&str>) -> Result<Option<NaiveDate>, NotADate> {
        let iso = DateLayout::iso().read(text, self.placeholders);
        if iso.is_ok() {
            return iso;
        }
        let layout = format.and_then(|format| self.layouts.get(format)).ok_or(NotADate)?;
        layout.read(text, self.placeholders)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, format: Option<&str>, expected: Result<Option<(i32, u32, u32)>, NotADate>) {
        let layouts = ["dd/MM/yyyy", "MM/dd/yyyy", "DD/MM/YYYY", "d MMMM yyyy"];
        let layouts = layouts.map(|text| (text.to_owned(), DateLayout::parse(text).expect("a layout"))).into();
        let dates = Dates { layouts: &layouts, placeholders: &PlaceholderDates::default() };
        let expected = expected.map(|date| date.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).expect("a day")));
        assert_eq!(dates.read(text, format), expected, "{text:?} as {format:?}");
    }

    #[test]
    fn the_format_decides_which_is_the_day() {
        check("04/03/2025", Some("dd/MM/yyyy"), Ok(Some((2025, 3, 4))));
        check("04/03/2025", Some("DD/MM/YYYY"), Ok(Some((2025, 3, 4))));
        check("04/03/2025", Some("MM/dd/yyyy"), Ok(Some((2025, 4, 3))));
        check("4 March 2025", Some("d MMMM yyyy"), Ok(Some((2025, 3, 4))));
        check("2025-03-04", Some("dd/MM/yyyy"), Ok(Some((2025, 3, 4))));
        check("2025-03-04", None, Ok(Some((2025, 3, 4))));
    }

    #[test]
    fn nothing_is_guessed() {
        check("04/03/2025", None, Err(NotADate));
        check("04/03/2025", Some("yyyy.dd.MM"), Err(NotADate));
        check("31/12/2025", Some("MM/dd/yyyy"), Err(NotADate));
        check("04/03/25", Some("dd/MM/yyyy"), Err(NotADate));
        check("30/02/2025", Some("dd/MM/yyyy"), Err(NotADate));
        check("soon", Some("dd/MM/yyyy"), Err(NotADate));
    }

    #[test]
    fn an_end_that_never_comes_is_no_end() {
        check("31/12/9999", Some("dd/MM/yyyy"), Ok(None));
        check("9999-12-31T00:00:00Z", None, Ok(None));
        check("0001-01-01", Some("dd/MM/yyyy"), Ok(None));
        for format in [None, Some("dd/MM/yyyy"), Some("MM/dd/yyyy"), Some("d MMMM yyyy"), Some("yyyy.dd.MM")] {
            check("31/12/9999", format, Ok(None));
            check("1/0/1900", format, Ok(None));
        }
        check("31/12/9998", Some("dd/MM/yyyy"), Err(NotADate));
    }
}
