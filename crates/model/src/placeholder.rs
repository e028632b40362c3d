//! Dates that stand for no date. Databases and spreadsheets cannot leave a date column blank, so they write their first
//! or last day, or a zero that was formatted as a date; none of it is a day in anybody's life.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

/// What most systems write for "none": zeros, the first and last days of SQL servers, spreadsheets, SAP and Oracle.
const USUAL: [WrittenDate; 17] = [
    WrittenDate::new(0, 0, 0),
    WrittenDate::new(1, 1, 1),
    WrittenDate::new(1753, 1, 1),
    WrittenDate::new(1800, 1, 1),
    WrittenDate::new(1899, 12, 30),
    WrittenDate::new(1899, 12, 31),
    WrittenDate::new(1900, 0, 0),
    WrittenDate::new(1900, 1, 0),
    WrittenDate::new(1900, 1, 1),
    WrittenDate::new(1901, 1, 1),
    WrittenDate::new(2999, 12, 31),
    WrittenDate::new(3000, 1, 1),
    WrittenDate::new(4712, 12, 31),
    WrittenDate::new(9999, 1, 1),
    WrittenDate::new(9999, 12, 30),
    WrittenDate::new(9999, 12, 31),
    WrittenDate::new(9999, 99, 99),
];

const ISO_PARTS: usize = 3;

/// A year, month and day as written; they need not be a real day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenDate {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

impl WrittenDate {
    pub const fn new(year: u32, month: u32, day: u32) -> WrittenDate {
        WrittenDate { year, month, day }
    }

    /// Reads `yyyy-MM-dd`, whatever the numbers; `None`: another text.
    pub fn parse(text: &str) -> Option<WrittenDate> {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
        let sized = parts.iter().map(|part| part.len()).eq([4, 2, 2]);
        if parts.len() != ISO_PARTS || !sized || !parts.iter().all(digits) {
            return None;
        }
        let number = |at: usize| parts[at].parse().ok();
        Some(WrittenDate::new(number(0)?, number(1)?, number(2)?))
    }

    /// The real day, if there is one.
    pub fn day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(i32::try_from(self.year).ok()?, self.month, self.day)
    }
}

impl From<NaiveDate> for WrittenDate {
    fn from(date: NaiveDate) -> WrittenDate {
        // A negative year is no placeholder.
        WrittenDate::new(u32::try_from(date.year()).unwrap_or(u32::MAX), date.month(), date.day())
    }
}

/// The dates that mean "none" in every source of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceholderDates(BTreeSet<WrittenDate>);

impl PlaceholderDates {
    /// Every date is a date.
    pub fn none() -> PlaceholderDates {
        PlaceholderDates(BTreeSet::new())
    }

    pub fn contains(&self, date: WrittenDate) -> bool {
        self.0.contains(&date)
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = WrittenDate> {
        self.0.iter().copied()
    }
}

impl Default for PlaceholderDates {
    /// The usual ones.
    fn default() -> PlaceholderDates {
        USUAL.into_iter().collect()
    }
}

impl FromIterator<WrittenDate> for PlaceholderDates {
    fn from_iter<I: IntoIterator<Item = WrittenDate>>(dates: I) -> PlaceholderDates {
        PlaceholderDates(dates.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_written_as_numbers_that_need_be_no_real_day() {
        assert_eq!(WrittenDate::parse("0000-00-00"), Some(WrittenDate::new(0, 0, 0)));
        assert_eq!(WrittenDate::parse("1900-01-00").and_then(WrittenDate::day), None);
        assert_eq!(WrittenDate::parse("9999-12-31").and_then(WrittenDate::day), NaiveDate::from_ymd_opt(9999, 12, 31));
        for text in ["", "1900-1-1", "1900/01/01", "01-01-1900", "1900-01-01 ", "+900-01-01", "1900-01-01-01"] {
            assert_eq!(WrittenDate::parse(text), None, "{text}");
        }
    }
}
