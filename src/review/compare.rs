//! Whether a cell still means what was exported, after a spreadsheet had it: other date and number formats, trimmed
//! zeros, a code page without some letters. A cell that could mean it counts: what a decision is bound to is the hash.

use chrono::{Days, NaiveDate};
use encoding_rs::WINDOWS_1252;

use super::row::Value;
use tieout_model::money::{Marks, Money};
use tieout_report::without_nul;

/// How spreadsheets write dates.
const DATE_LAYOUTS: [&str; 17] = [
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d.%m.%y",
    "%d-%b-%y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%Y%m%d",
];
/// Day 0 of a spreadsheet's day numbers.
const DAY_ZERO: NaiveDate = NaiveDate::from_ymd_opt(1899, 12, 30).expect("a day of the calendar");
/// Digits of a day number of our days.
const DAY_NUMBER_DIGITS: usize = 5;
/// Digits that a spreadsheet keeps of a number.
const NUMBER_DIGITS: usize = 15;
/// Greatest exponent of ten of a number that was an id.
const EXPONENT_MAX: i32 = 60;

/// Why a cell is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edited {
    /// It no longer means what was exported.
    Other,
    /// The column was too narrow to show it, and the file holds what was shown.
    Hidden,
}

impl Edited {
    pub fn message(self) -> &'static str {
        match self {
            Edited::Other => "this is no longer what was exported: put it back, or export again",
            Edited::Hidden => "the column was too narrow, so the file holds no value: widen it and save again",
        }
    }
}

/// Holds a trimmed cell against the exported value.
pub(super) fn check(value: &Value, cell: &str) -> Result<(), Edited> {
    let same = match value {
        Value::Number(number) => row_number(cell) == Some(*number),
        Value::Text(text) => same_text(text, cell),
        Value::Id(id) => same_id(id, cell),
        Value::Date(None) | Value::Amount(None) => cell.is_empty(),
        Value::Date(Some(date)) => dates(cell).any(|read| read == *date),
        Value::Amount(Some((amount, _))) => amounts(cell).any(|read| read == *amount),
    };
    match same {
        true => Ok(()),
        false if !cell.is_empty() && cell.chars().all(|c| c == '#') => Err(Edited::Hidden),
        false => Err(Edited::Other),
    }
}

/// A whole number, such as an item id, with whatever marks a number format put into it.
pub(super) fn row_number(cell: &str) -> Option<i64> {
    let units = Money::units(1).0;
    let whole = |amount: Money| (amount.0 % units == 0).then_some(amount.0 / units);
    cell.parse().ok().or_else(|| amounts(cell).find_map(whole))
}

fn same_text(text: &str, cell: &str) -> bool {
    let text = &without_nul(text);
    let cell = if text.starts_with('\'') { cell } else { cell.strip_prefix('\'').unwrap_or(cell) };
    let mut cell = words(cell);
    // A letter that the code page lacks was saved as a question mark.
    let same = words(text).all(|c| cell.next().is_some_and(|found| found == c || (found == '?' && !in_code_page(c))));
    same && cell.next().is_none()
}

/// Characters with each run of blanks as one, and none around.
fn words(text: &str) -> impl Iterator<Item = char> {
    text.split_whitespace().enumerate().flat_map(|(i, word)| (i > 0).then_some(' ').into_iter().chain(word.chars()))
}

fn in_code_page(c: char) -> bool {
    let mut bytes = [0; 4];
    let (_, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut bytes));
    !unmappable
}

/// An id may have become a number (zeros lost, an exponent) or a date; `employee_ref` is held to the letter.
fn same_id(id: &str, cell: &str) -> bool {
    same_text(id, cell)
        || decimal(id).zip(decimal(cell)).is_some_and(|(exported, found)| exported.shown_as(&found))
        || (id.contains(['-', '/', '.']) && !cell.is_empty() && looks_like_a_date(cell))
}

/// `3-12` comes back as `12-Mar`, without a year.
fn looks_like_a_date(cell: &str) -> bool {
    let with_year = format!("{cell}-2024");
    dates(cell).next().is_some()
        || ["%d-%b-%Y", "%b-%d-%Y"].iter().any(|l| NaiveDate::parse_from_str(&with_year, l).is_ok())
}

/// A number as its significant digits and the power of ten of the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decimal {
    digits: String,
    power: i32,
    /// Digits as written, zeros too: what the spreadsheet rounded to.
    written: usize,
}

fn decimal(text: &str) -> Option<Decimal> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let mantissa = mantissa.replace(',', ".");
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) || exponent.abs() > EXPONENT_MAX {
        return None;
    }
    let significant = all.trim_start_matches('0');
    let digits = significant.trim_end_matches('0');
    let power = exponent - fraction.len() as i32 + (significant.len() - digits.len()) as i32;
    Some(Decimal { digits: digits.to_owned(), power, written: significant.len() })
}

impl Decimal {
    /// Whether `shown` is this number, or this number rounded to the digits that were shown.
    fn shown_as(&self, shown: &Decimal) -> bool {
        let place = |number: &Decimal| number.digits.len() as i32 + number.power;
        if (&self.digits, self.power) == (&shown.digits, shown.power) {
            return true;
        }
        let kept = shown.written.min(NUMBER_DIGITS);
        if self.digits.len() <= kept || kept == 0 {
            return false;
        }
        let (head, tail) = self.digits.split_at(kept);
        let Ok(head) = head.parse::<u64>() else { return false };
        let up = head + u64::from(tail.starts_with(['5', '6', '7', '8', '9']));
        let matches = |rounded: u64| {
            let text = rounded.to_string();
            let carried = (text.len() - kept) as i32;
            text.trim_end_matches('0') == shown.digits && place(self) + carried == place(shown)
        };
        matches(up) || matches(head)
    }
}

/// All dates that a cell can mean.
fn dates(cell: &str) -> impl Iterator<Item = NaiveDate> {
    let day = cell.split_once(['T', ' ']).filter(|(_, time)| is_midnight(time)).map_or(cell, |(day, _)| day);
    let numbered = (day.len() == DAY_NUMBER_DIGITS).then(|| day.parse::<u64>().ok()).flatten();
    let numbered = numbered.and_then(|days| DAY_ZERO.checked_add_days(Days::new(days)));
    DATE_LAYOUTS.iter().filter_map(move |layout| NaiveDate::parse_from_str(day, layout).ok()).chain(numbered)
}

fn is_midnight(time: &str) -> bool {
    time.contains(':') && time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z'))
}

/// All amounts that a cell can mean.
fn amounts(cell: &str) -> impl Iterator<Item = Money> {
    const MARKS: [Marks; 6] = [
        Marks { decimal: '.', thousands: None },
        Marks { decimal: ',', thousands: None },
        Marks { decimal: '.', thousands: Some(',') },
        Marks { decimal: ',', thousands: Some('.') },
        Marks { decimal: '.', thousands: Some(' ') },
        Marks { decimal: ',', thousands: Some(' ') },
    ];
    const DECIMALS: u32 = 4;
    // The typographic minus, and the apostrophes that group digits in Switzerland.
    let plain = cell.replace('\u{2212}', "-").replace(['\'', '\u{2019}'], " ");
    MARKS.into_iter().filter_map(move |marks| Money::parse(&plain, marks, DECIMALS).ok())
}
