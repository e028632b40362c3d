//! The dates of Benifex: ISO for a user, and for a benefit whatever its `datesFormat` says, by the job's table. ISO is
//! tried first; a layout that the table does not know is a fault. Day and month are never guessed.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use tieout_model::dates::DateLayout;

/// A year outside is a typing error or a two-digit year.
const YEARS: std::ops::RangeInclusive<i32> = 1850..=2200;
/// `yyyy-MM-dd`.
const ISO_CHARS: usize = 10;

/// The text is there and is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoDate;

/// An ISO date; also a midnight with or without a zone. Another time of day could be another day elsewhere.
pub(crate) fn iso(text: &str) -> Result<NaiveDate, NoDate> {
    let (date, time) = text.split_at_checked(ISO_CHARS).ok_or(NoDate)?;
    let shape = date.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok().filter(|_| shape).ok_or(NoDate)?;
    if !time.is_empty() {
        let zoneless = text.strip_suffix('Z').unwrap_or(text);
        let zoneless = zoneless.strip_suffix("+00:00").unwrap_or(zoneless);
        let at = NaiveDateTime::parse_from_str(zoneless, "%Y-%m-%dT%H:%M:%S%.f").map_err(|_| NoDate)?;
        if at.time() != NaiveTime::MIN {
            return Err(NoDate);
        }
    }
    plausible(date)
}

/// A date of a benefit whose sibling `datesFormat` is `format`.
pub(super) fn by_format(
    text: &str,
    format: Option<&str>,
    layouts: &BTreeMap<String, DateLayout>,
) -> Result<NaiveDate, NoDate> {
    if let Ok(date) = iso(text) {
        return Ok(date);
    }
    let layout = format.and_then(|format| layouts.get(format)).ok_or(NoDate)?;
    NaiveDate::parse_from_str(text, &layout.strftime).map_err(|_| NoDate).and_then(plausible)
}

fn plausible(date: NaiveDate) -> Result<NaiveDate, NoDate> {
    if YEARS.contains(&date.year()) { Ok(date) } else { Err(NoDate) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn layouts() -> BTreeMap<String, DateLayout> {
        [
            ("dd/MM/yyyy", "%d/%m/%Y"),
            ("MM/dd/yyyy", "%m/%d/%Y"),
            ("DD/MM/YYYY", "%d/%m/%Y"),
            ("d MMMM yyyy", "%d %B %Y"),
        ]
        .map(|(written, strftime)| {
            (written.to_owned(), DateLayout { written: written.to_owned(), strftime: strftime.to_owned() })
        })
        .into()
    }

    #[track_caller]
    fn check(text: &str, format: Option<&str>, expected: Option<(i32, u32, u32)>) {
        let expected = expected.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        assert_eq!(by_format(text, format, &layouts()).ok(), expected, "{text:?} as {format:?}");
    }

    #[test]
    fn the_format_decides_which_is_the_day() {
        check("04/03/2025", Some("dd/MM/yyyy"), Some((2025, 3, 4)));
        check("04/03/2025", Some("DD/MM/YYYY"), Some((2025, 3, 4)));
        check("04/03/2025", Some("MM/dd/yyyy"), Some((2025, 4, 3)));
        check("4 March 2025", Some("d MMMM yyyy"), Some((2025, 3, 4)));
        check("2025-03-04", Some("dd/MM/yyyy"), Some((2025, 3, 4)));
        check("2025-03-04", None, Some((2025, 3, 4)));
    }

    #[test]
    fn nothing_is_guessed() {
        check("04/03/2025", None, None);
        check("04/03/2025", Some("yyyy.dd.MM"), None);
        check("31/12/2025", Some("MM/dd/yyyy"), None);
        check("04/03/25", Some("dd/MM/yyyy"), None);
        check("30/02/2025", Some("dd/MM/yyyy"), None);
        check("soon", Some("dd/MM/yyyy"), None);
    }

    #[test]
    fn iso_dates_may_carry_a_midnight_but_no_other_time() {
        let day = NaiveDate::from_ymd_opt(2024, 1, 31);
        for text in ["2024-01-31", "2024-01-31T00:00:00", "2024-01-31T00:00:00.000Z", "2024-01-31T00:00:00+00:00"] {
            assert_eq!(iso(text).ok(), day, "{text}");
        }
        for text in ["2024-1-31", "2024-01-31T23:00:00Z", "2024-01-31x", "2024-02-30", "0024-01-31", "+024-01-31", "é"]
        {
            assert_eq!(iso(text), Err(NoDate), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_date_or_none(text in "\\PC{0,16}") {
            let _ = by_format(&text, Some("dd/MM/yyyy"), &layouts());
        }

        #[test]
        fn a_printed_date_is_read_back(days in 0_i64..60_000) {
            let date = NaiveDate::from_ymd_opt(1950, 1, 1).expect("valid") + chrono::Duration::days(days);
            prop_assert_eq!(by_format(&date.format("%d/%m/%Y").to_string(), Some("dd/MM/yyyy"), &layouts()), Ok(date));
            prop_assert_eq!(iso(&date.to_string()), Ok(date));
        }
    }
}
