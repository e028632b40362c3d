//! How the cells of a payroll file are written: delimiter, marks, dates, words, signs.

use serde::Deserialize;

use super::table::words;
use super::{Keys, RawPayroll};
use crate::job::problems::Problems;
use crate::job::text::checks::{lower, upper, within};
use crate::job::text::{OneChar, shown};
use tieout_model::dates::DateLayout;
use tieout_model::money::Marks;
use tieout_payroll::settings::{AmountSettings, CellSettings, SerialEpoch, Sign};

/// Marks between thousands that exports use.
const THOUSANDS_MARKS: [char; 5] = [',', '.', '\'', '’', ' '];
/// First years of two digits: those of people who work, and of what is to come.
const YEARS_FROM: std::ops::RangeInclusive<u32> = 1900..=2000;
const ID_DIGITS_MAX: usize = 20;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawSign {
    Positive,
    Negative,
}

pub fn delimiter(raw: Option<OneChar>, keys: &Keys, p: &mut Problems<'_>) -> Option<u8> {
    let OneChar(mark) = raw.unwrap_or(OneChar(','));
    let lawful = mark.is_ascii() && !mark.is_ascii_alphanumeric() && (mark == '\t' || !mark.is_ascii_control());
    match u8::try_from(mark) {
        Ok(byte) if lawful && mark != '"' => Some(byte),
        _ => {
            let message = format!("expected a mark such as `,`, `;`, `|` or `\\t`, found {}", shown(&mark.to_string()));
            p.at(&keys.of("delimiter", p), message);
            None
        }
    }
}

pub fn marks(decimal: Option<OneChar>, thousands: Option<String>, keys: &Keys, p: &mut Problems<'_>) -> Option<Marks> {
    let OneChar(decimal) = decimal.unwrap_or(OneChar('.'));
    if decimal != '.' && decimal != ',' {
        p.at(&keys.of("decimal_mark", p), format!("expected `.` or `,`, found {}", shown(&decimal.to_string())));
        return None;
    }
    let thousands = thousands.unwrap_or_default();
    let mut chars = thousands.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Some(Marks { decimal, thousands: None }),
        (Some(mark), None) if THOUSANDS_MARKS.contains(&mark) && mark != decimal => {
            Some(Marks { decimal, thousands: Some(mark) })
        }
        (Some(mark), None) if mark == decimal => {
            p.at(&keys.of("thousands_mark", p), "expected another mark than decimal_mark, found the same");
            None
        }
        _ => {
            let message = format!("expected `,`, `.`, `'`, a blank or an empty text, found {}", shown(&thousands));
            p.at(&keys.of("thousands_mark", p), message);
            None
        }
    }
}

/// The layout of dates, with a time of midnight behind it where one is written.
pub fn dates(raw: &RawPayroll, keys: &Keys, p: &mut Problems<'_>) -> Option<DateLayout> {
    let written = raw.dates.as_ref().map_or("yyyy-MM-dd", |dates| dates.0.as_str());
    let date = without_time(written);
    let years_key = keys.of("two_digit_years_from", p);
    let years_from = raw.two_digit_years_from.map(|year| within(Some(year), 1950, YEARS_FROM, &years_key, p));
    let layout = years_from.map_or_else(|| DateLayout::parse(date), |from| DateLayout::parse_short(date, from));
    match layout {
        Ok(layout) => Some(layout),
        Err(reason) => {
            let expected = "a date layout, such as `yyyy-MM-dd`, `MM/dd/yyyy` or `d MMMM yyyy`";
            let hint = years_from.is_none() && reason.contains("two-digit");
            let hint = if hint { "; or name their hundred years, as `two_digit_years_from = 1950`" } else { "" };
            p.at(&keys.of("dates", p), format!("expected {expected}, found {} ({reason}{hint})", shown(written)));
            None
        }
    }
}

/// The layout of the date alone. A time behind it is one of midnight, whatever its layout.
fn without_time(written: &str) -> &str {
    written.find(['h', 'H']).map_or(written, |hour| written[..hour].trim_end_matches(['T', ' ', '\'']))
}

/// How the cells are written.
pub fn cells(raw: &RawPayroll, keys: &Keys, p: &mut Problems<'_>) -> Option<CellSettings> {
    let date_serials = match raw.date_serials {
        None => None,
        Some(1900) => Some(SerialEpoch::Year1900),
        Some(1904) => Some(SerialEpoch::Year1904),
        Some(other) => {
            p.at(&keys.of("date_serials", p), format!("expected 1900 or 1904, found {other}"));
            return None;
        }
    };
    let digits_key = keys.of("id_digits", p);
    Some(CellSettings {
        date_serials,
        none_words: words(raw.none_words.as_deref(), lower),
        zero_words: words(raw.zero_words.as_deref(), lower),
        negative_words: words(raw.negative_words.as_deref(), upper),
        positive_words: words(raw.positive_words.as_deref(), upper),
        id_digits: raw.id_digits.map(|digits| within(Some(digits), 1, 1..=ID_DIGITS_MAX, &digits_key, p)),
    })
}

/// How deduction amounts are written.
pub fn amounts(raw: &RawPayroll) -> AmountSettings {
    let sign = |raw: Option<RawSign>| {
        raw.map(|sign| match sign {
            RawSign::Positive => Sign::Positive,
            RawSign::Negative => Sign::Negative,
        })
    };
    AmountSettings {
        employee_sign: sign(raw.employee_sign),
        employer_sign: sign(raw.employer_sign),
        employer_codes: raw.employer_codes.iter().flatten().map(|code| code.0.trim().to_owned()).collect(),
        zero_is_a_line: raw.zero_is_a_line.unwrap_or(false),
    }
}
