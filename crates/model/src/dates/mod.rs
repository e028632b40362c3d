//! Dates as people write them (`dd/MM/yyyy`, `D MMMM YYYY`), for every source. Only layouts that name one day without a
//! guess: a four-digit year, a month, a day; a year of two digits where somebody says which hundred years are meant.
//! The parser is our own, as chrono's takes most of the time of a large file and reads `26` for a four-digit year as
//! the year 26.

use chrono::{Datelike, NaiveDate};

use crate::placeholder::{PlaceholderDates, WrittenDate};

/// Years that a date of a person, payroll or benefit can have.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;
/// Marks that may stand between the parts.
const MARKS: [char; 5] = ['/', '-', '.', ',', ' '];

const YEAR_DIGITS: usize = 4;
const SHORT_YEAR_DIGITS: usize = 2;
const CENTURY: u32 = 100;
const DAY_OR_MONTH_DIGITS: usize = 2;
/// `Mar`.
const MONTH_LETTERS: usize = 3;
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The text is there and is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADate;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Day,
    /// In digits.
    Month,
    /// In letters, whole or the first three.
    MonthName,
    Year,
    /// Of two digits.
    ShortYear,
    Mark(u8),
}

/// The order and marks of a date in a source, e.g. `yyyy-MM-dd`, `MM/dd/yyyy`, `d MMMM yyyy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateLayout {
    /// As the job writes it.
    pub written: String,
    parts: Vec<Part>,
    /// First of the hundred years that two digits stand for.
    years_from: u32,
}

impl DateLayout {
    /// Translates a layout. Years `yyyy`; months `M`, `MM`, `MMM` (Mar), `MMMM` (March); days `d`, `dd`; years and days
    /// in upper case mean the same. The error says which part is not understood.
    pub fn parse(text: &str) -> Result<DateLayout, String> {
        let layout = DateLayout::parse_short(text, 0)?;
        if layout.has_short_year() { Err(refusal("yy")) } else { Ok(layout) }
    }

    /// The same where years may have two digits (`yy`), which stand for one of the hundred years from `years_from` on.
    pub fn parse_short(text: &str, years_from: u32) -> Result<DateLayout, String> {
        let written = text.trim();
        let (mut parts, mut seen) = (Vec::new(), [0_u8; 3]);
        let mut rest = written;
        while let Some(first) = rest.chars().next() {
            let run = rest.len() - rest.trim_start_matches(first).len();
            let (token, tail) = rest.split_at(run);
            match part(token) {
                Some((index, part)) => {
                    seen[index] += 1;
                    parts.push(part);
                }
                None if MARKS.contains(&first) => parts.extend(token.bytes().map(Part::Mark)),
                None => return Err(refusal(token)),
            }
            rest = tail;
        }
        match seen {
            [1, 1, 1] => Ok(DateLayout { written: written.to_owned(), parts, years_from }),
            _ => Err("a layout names the year, the month and the day once each".to_owned()),
        }
    }

    pub fn has_short_year(&self) -> bool {
        self.parts.contains(&Part::ShortYear)
    }

    /// `yyyy-MM-dd`.
    pub fn iso() -> DateLayout {
        let parts = vec![Part::Year, Part::Mark(b'-'), Part::Month, Part::Mark(b'-'), Part::Day];
        DateLayout { written: "yyyy-MM-dd".to_owned(), parts, years_from: 0 }
    }

    /// Reads a date, blanks around it aside; midnight or a time zone may stand behind it, for another time of day could
    /// be another day elsewhere. `None`: it is a placeholder, also one of another layout in which no layout reads a
    /// day, or zeros alone where zero is one. Errors: another layout, no real day, or a year outside 1900 to 2199.
    pub fn read(&self, text: &str, placeholders: &PlaceholderDates) -> Result<Option<NaiveDate>, NotADate> {
        let text = text.trim();
        let date = match self.numbers(text.as_bytes()) {
            Some((date, rest)) if rest.is_empty() || is_midnight(rest) || is_zone(rest) => date,
            // What stands for none has no time of day: 9999-12-31T23:59:59.9999999.
            Some((date, [b'T' | b' ', ..])) if placeholders.contains(date) => date,
            _ if is_zero(text) => WrittenDate::new(0, 0, 0),
            _ if stands_for_none(text, placeholders) => return Ok(None),
            _ => return Err(NotADate),
        };
        if placeholders.contains(date) {
            return Ok(None);
        }
        match date.day().filter(|day| YEARS.contains(&day.year())) {
            None if stands_for_none(text, placeholders) => Ok(None),
            day => day.map(Some).ok_or(NotADate),
        }
    }

    /// The numbers of a date, and what stands behind it.
    fn numbers<'t>(&self, text: &'t [u8]) -> Option<(WrittenDate, &'t [u8])> {
        let (mut rest, mut date) = (text, WrittenDate::new(0, 0, 0));
        for (at, part) in self.parts.iter().enumerate() {
            // Without a mark behind it a number has its full width: yyyyMMdd.
            let marked = matches!(self.parts.get(at + 1), None | Some(Part::Mark(_)));
            let narrowest = if marked { 1 } else { DAY_OR_MONTH_DIGITS };
            match part {
                Part::Mark(mark) => rest = rest.strip_prefix(std::slice::from_ref(mark))?,
                Part::Year => (date.year, rest) = digits(rest, YEAR_DIGITS, YEAR_DIGITS)?,
                Part::ShortYear => {
                    (date.year, rest) = digits(rest, SHORT_YEAR_DIGITS, SHORT_YEAR_DIGITS)?;
                    date.year = self.whole_year(date.year);
                }
                Part::Month => (date.month, rest) = digits(rest, narrowest, DAY_OR_MONTH_DIGITS)?,
                Part::MonthName => (date.month, rest) = month(rest)?,
                Part::Day => (date.day, rest) = digits(rest, narrowest, DAY_OR_MONTH_DIGITS)?,
            }
        }
        Some((date, rest))
    }

    /// The one of the hundred years that two digits stand for.
    fn whole_year(&self, short: u32) -> u32 {
        self.years_from + (short + CENTURY - self.years_from % CENTURY) % CENTURY
    }
}

/// Whether numbers between marks are a placeholder in some order of year, month and day, and a day in none: what fills
/// a column without a date does not follow the layout of those that have one.
fn stands_for_none(text: &str, placeholders: &PlaceholderDates) -> bool {
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(MARKS).collect();
    let [a, b, c] = parts[..] else { return false };
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
    let (Some(first), Some(second), Some(third)) = (number(a), number(b), number(c)) else { return false };
    let (year, [one, other]) = match (a.len(), b.len(), c.len()) {
        (YEAR_DIGITS, 1..=DAY_OR_MONTH_DIGITS, 1..=DAY_OR_MONTH_DIGITS) => (first, [second, third]),
        (1..=DAY_OR_MONTH_DIGITS, 1..=DAY_OR_MONTH_DIGITS, YEAR_DIGITS) => (third, [first, second]),
        _ => return false,
    };
    let dates = [WrittenDate::new(year, one, other), WrittenDate::new(year, other, one)];
    let is_day =
        |date: &WrittenDate| !placeholders.contains(*date) && date.day().is_some_and(|day| YEARS.contains(&day.year()));
    dates.iter().any(|date| placeholders.contains(*date)) && !dates.iter().any(is_day)
}

fn digits(text: &[u8], narrowest: usize, widest: usize) -> Option<(u32, &[u8])> {
    let width = text.iter().take(widest).take_while(|b| b.is_ascii_digit()).count();
    if width < narrowest {
        return None;
    }
    let number = text[..width].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    Some((number, &text[width..]))
}

fn month(text: &[u8]) -> Option<(u32, &[u8])> {
    let (name, rest) = text.split_at(text.iter().take_while(|b| b.is_ascii_alphabetic()).count());
    let named = |month: &&str| {
        name.eq_ignore_ascii_case(month.as_bytes()) || name.eq_ignore_ascii_case(&month.as_bytes()[..MONTH_LETTERS])
    };
    let months = (1_u32..).zip(&MONTHS);
    let (number, _) = { months }.find(|(_, month)| named(month))?;
    Some((number, rest))
}

/// `T00:00:00.000Z`, ` 0:00`, ` 12:00:00 AM` and the like.
fn is_midnight(rest: &[u8]) -> bool {
    let Some(time) = rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" ")) else { return false };
    let time = time.trim_ascii();
    let time = time.strip_suffix(b"Z").or_else(|| time.strip_suffix(b"+00:00")).unwrap_or(time);
    let hours = match time.strip_suffix(b"AM").or_else(|| time.strip_suffix(b"am")) {
        Some(morning) => morning.trim_ascii_end().strip_prefix(b"12"),
        None => time.strip_prefix(b"00").or_else(|| time.strip_prefix(b"0")),
    };
    hours.is_some_and(|rest| rest.starts_with(b":0") && rest.iter().all(|b| b"0:.".contains(b)))
}

/// `Z`, `-07:00`: the zone of a date of XML Schema, which has no time of day and is the same day everywhere.
fn is_zone(rest: &[u8]) -> bool {
    match rest {
        b"Z" => true,
        [b'+' | b'-', hours @ .., b':', a, b] => hours.len() == 2 && hours.iter().chain([a, b]).all(u8::is_ascii_digit),
        _ => false,
    }
}

/// A zero that was formatted as a date, under whatever layout: `0`, `00/00/0000`.
fn is_zero(text: &str) -> bool {
    text.contains('0') && text.chars().all(|c| c == '0' || MARKS.contains(&c))
}

/// Which of year, month and day (0, 1, 2) a run of one letter is, and how it is read.
fn part(token: &str) -> Option<(usize, Part)> {
    match token {
        "yyyy" | "YYYY" => Some((0, Part::Year)),
        "yy" | "YY" => Some((0, Part::ShortYear)),
        "M" | "MM" => Some((1, Part::Month)),
        "MMM" | "MMMM" => Some((1, Part::MonthName)),
        "d" | "D" | "dd" | "DD" => Some((2, Part::Day)),
        _ => None,
    }
}

fn refusal(token: &str) -> String {
    match token {
        "yy" | "YY" => "a two-digit year is ambiguous; write `yyyy` and export four digits".to_owned(),
        "m" | "mm" | "mmm" | "mmmm" => "`m` is minutes; a month is `M`".to_owned(),
        _ => format!("`{token}` is not understood"),
    }
}

#[cfg(test)]
mod tests;
