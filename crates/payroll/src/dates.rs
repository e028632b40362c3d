//! Dates of cells. Numeric layouts are read by a parser of our own, as chrono's takes most of the time of a large file;
//! layouts with month names fall back to chrono.

use chrono::{Datelike as _, NaiveDate};
use tieout_model::dates::{DateLayout, YEARS};

const YEAR_DIGITS: usize = 4;
const DAY_OR_MONTH_DIGITS: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Day,
    Month,
    Year,
    Literal(u8),
}

/// Reads the dates of one layout.
#[derive(Debug)]
pub(super) struct DateParser {
    /// `None`: only chrono can read the layout.
    parts: Option<Vec<Part>>,
    strftime: String,
}

impl DateParser {
    pub fn new(layout: &DateLayout) -> DateParser {
        DateParser { parts: numeric_parts(&layout.strftime), strftime: layout.strftime.clone() }
    }

    /// `None` when the text is no date of this layout, or of a year that no date of a person or payroll has: chrono reads
    /// `03-Apr-26` under `yyyy` as the year 26.
    pub fn parse(&self, text: &str) -> Option<NaiveDate> {
        let date = match &self.parts {
            Some(parts) => parse_numeric(parts, text.as_bytes()),
            None => NaiveDate::parse_from_str(text, &self.strftime).ok(),
        };
        date.filter(|date| YEARS.contains(&date.year()))
    }
}

fn numeric_parts(strftime: &str) -> Option<Vec<Part>> {
    use Part::{Day, Literal, Month, Year};
    let mut parts = Vec::new();
    let mut letters = strftime.bytes().filter(u8::is_ascii);
    while let Some(letter) = letters.next() {
        if letter != b'%' {
            parts.push(Literal(letter));
            continue;
        }
        let mut directive = letters.next()?;
        if directive == b'-' {
            directive = letters.next()?;
        }
        match directive {
            b'd' | b'e' => parts.push(Day),
            b'm' => parts.push(Month),
            b'Y' => parts.push(Year),
            b'F' => parts.extend([Year, Literal(b'-'), Month, Literal(b'-'), Day]),
            _ => return None,
        }
    }
    let once = |part| parts.iter().filter(|p| **p == part).count() == 1;
    (strftime.is_ascii() && once(Day) && once(Month) && once(Year)).then_some(parts)
}

fn parse_numeric(parts: &[Part], text: &[u8]) -> Option<NaiveDate> {
    let (mut rest, mut day, mut month, mut year) = (text, 0, 0, 0);
    for (at, part) in parts.iter().enumerate() {
        // Without a mark behind it a number has its full width: yyyyMMdd.
        let marked = matches!(parts.get(at + 1), None | Some(Part::Literal(_)));
        let narrowest = if marked { 1 } else { DAY_OR_MONTH_DIGITS };
        match part {
            Part::Literal(mark) => rest = rest.strip_prefix(std::slice::from_ref(mark))?,
            Part::Year => (year, rest) = take_digits(rest, YEAR_DIGITS, YEAR_DIGITS)?,
            Part::Month => (month, rest) = take_digits(rest, narrowest, DAY_OR_MONTH_DIGITS)?,
            Part::Day => (day, rest) = take_digits(rest, narrowest, DAY_OR_MONTH_DIGITS)?,
        }
    }
    match rest.is_empty() {
        true => NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day),
        false => None,
    }
}

fn take_digits(text: &[u8], narrowest: usize, widest: usize) -> Option<(u32, &[u8])> {
    let width = text.iter().take(widest).take_while(|b| b.is_ascii_digit()).count();
    if width < narrowest {
        return None;
    }
    let number = text[..width].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    Some((number, &text[width..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parser(strftime: &str) -> DateParser {
        DateParser::new(&DateLayout { written: String::new(), strftime: strftime.to_owned() })
    }

    #[track_caller]
    fn check_date(strftime: &str, text: &str, expected: Option<(i32, u32, u32)>) {
        let expected = expected.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).expect("a real day"));
        assert_eq!(parser(strftime).parse(text), expected, "{text:?} as {strftime}");
    }

    #[test]
    fn numeric_layouts_are_read_strictly_in_their_own_order() {
        check_date("%d/%m/%Y", "03/04/2026", Some((2026, 4, 3)));
        check_date("%m/%d/%Y", "03/04/2026", Some((2026, 3, 4)));
        check_date("%m/%d/%Y", "3/4/2026", Some((2026, 3, 4)));
        check_date("%Y-%m-%d", "2024-02-29", Some((2024, 2, 29)));
        check_date("%F", "2024-02-29", Some((2024, 2, 29)));
        check_date("%Y%m%d", "20260304", Some((2026, 3, 4)));
        check_date("%-d.%-m.%Y", "3.4.2026", Some((2026, 4, 3)));
    }

    #[test]
    fn what_is_no_date_of_the_layout_is_refused() {
        for text in
            ["2025-02-29", "2026-13-01", "26-01-01", "2026/01/01", "2026-01-01 00:00", "2026-01-", "", "+026-01-01"]
        {
            check_date("%Y-%m-%d", text, None);
        }
        check_date("%Y%m%d", "2026134", None);
        for text in ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"] {
            check_date("%Y-%m-%d", text, None);
        }
    }

    #[test]
    fn layouts_with_month_names_are_read_by_chrono() {
        check_date("%d %B %Y", "3 April 2026", Some((2026, 4, 3)));
        check_date("%d-%b-%y", "03-Apr-26", Some((2026, 4, 3)));
        check_date("%d-%b-%Y", "03-Apr-26", None);
    }

    proptest! {
        #[test]
        fn our_parser_and_chrono_agree(days in -25_000_i32..60_000, layout in prop::sample::select(vec!["%d/%m/%Y", "%m-%d-%Y", "%Y.%m.%d", "%Y%m%d"])) {
            let date = NaiveDate::from_epoch_days(days).expect("in range");
            prop_assert_eq!(parser(layout).parse(&date.format(layout).to_string()), Some(date));
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,12}") {
            let _ = parser("%d/%m/%Y").parse(&text);
        }
    }
}
