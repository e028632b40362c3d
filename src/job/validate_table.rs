//! What the rows and cells of a payroll file are: delimiter, marks, dates, header, record types, words.

use std::collections::BTreeSet;

use super::problems::Problems;
use super::raw::Text;
use super::raw_payroll::{RawPayroll, RawRecordType, RawSeveralRows, RawSheet, RawSign, RawSummed};
use super::text::{OneChar, Quoted, shown};
use super::validate::{lower, text, upper, within};
use super::validate_payroll::Keys;
use tieout_model::dates::DateLayout;
use tieout_model::money::Marks;
use tieout_payroll::settings::{
    AmountSettings, CellSettings, EmployeeRow, Home, RecordTypes, RowPattern, RowsPerPerson, SerialEpoch, SheetChoice,
    Sign, SummedColumn, TableSettings,
};

/// Marks between thousands that exports use.
const THOUSANDS_MARKS: [char; 5] = [',', '.', '\'', '’', ' '];
/// Far above the lines that stand above a header.
const HEADER_ROW_MAX: u64 = 1_000;
/// First years of two digits: those of people who work, and of what is to come.
const YEARS_FROM: std::ops::RangeInclusive<u32> = 1900..=2000;
const ID_DIGITS_MAX: usize = 20;

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

fn words(raw: Option<&[Text]>, normal: fn(&str) -> String) -> BTreeSet<String> {
    raw.unwrap_or_default().iter().map(|word| normal(&word.0)).collect()
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

/// What the rows are.
pub fn table(raw: &RawPayroll, keys: &Keys, p: &mut Problems<'_>) -> Option<TableSettings> {
    let header_key = keys.of("header_row", p);
    let header_row = raw.header_row.map(|line| within(Some(line), 1, 1..=HEADER_ROW_MAX, &header_key, p));
    let levels_key = keys.of("header_levels", p);
    let levels = within(raw.header_levels, 1, 1..=2, &levels_key, p);
    let mut skip_rows = Vec::new();
    for (i, Quoted(pattern)) in raw.skip_rows.iter().flatten().enumerate() {
        match RowPattern::new(pattern) {
            Some(pattern) => skip_rows.push(pattern),
            None => p.at(
                &keys.of("skip_rows", p).item(i),
                format!("expected a text of its own, such as `Total*`, found {}", shown(pattern)),
            ),
        }
    }
    let sheet = match &raw.sheet {
        None => None,
        Some(RawSheet::Name(name)) if !name.trim().is_empty() => Some(SheetChoice::Name(name.trim().to_owned())),
        Some(RawSheet::Number(number)) if *number > 0 => Some(SheetChoice::Number(*number)),
        Some(_) => {
            p.at(&keys.of("sheet", p), "expected the name of a sheet or its number from 1, found another");
            return None;
        }
    };
    let employee_row = match &raw.employee_row {
        None => None,
        Some(Quoted(pattern)) => match EmployeeRow::new(pattern) {
            Ok(row) if raw.long.is_some() => Some(row),
            Ok(_) => {
                let message = "expected [payroll.long], as the rows below an employee's are a deduction each";
                p.at(&keys.of("employee_row", p), message);
                return None;
            }
            Err(expected) => {
                p.at(&keys.of("employee_row", p), format!("expected {expected}, found {}", shown(pattern)));
                return None;
            }
        },
    };
    let record_types = match &raw.record_type {
        Some(raw) => Some(record_types(raw.clone(), keys, p)?),
        None => None,
    };
    Some(TableSettings {
        sheet,
        header_row,
        two_level_header: levels > 1,
        short_rows: raw.short_rows.unwrap_or(false),
        skip_rows,
        record_types,
        fill_down: raw.fill_down.iter().flatten().map(|header| header.0.trim().to_owned()).collect(),
        employee_row,
        rows_per_person: match &raw.several_rows {
            Some(raw) => several_rows(raw.clone(), keys, p)?,
            None => RowsPerPerson::One,
        },
    })
}

fn record_types(raw: RawRecordType, keys: &Keys, p: &mut Problems<'_>) -> Option<RecordTypes> {
    let table = keys.of("record_type", p);
    let column = text(p.require(raw.column, &table.then("column"), "the header of the record type"));
    let lists = [("take", raw.take), ("employer", raw.employer), ("person", raw.person), ("leave", raw.leave)];
    let mut known = BTreeSet::new();
    let [take, employer, person, leave] = lists.map(|(name, list)| {
        let list = words(list.as_deref(), lower);
        for word in &list {
            if !known.insert(word.clone()) {
                p.at(&table.then(name), format!("expected each word once, found {} again", shown(word)));
            }
        }
        list
    });
    if take.is_empty() && employer.is_empty() {
        p.at(&table, "expected words in `take` or `employer`, found none: no row would be a deduction");
    }
    Some(RecordTypes { column: column?, take, employer, person, leave })
}

fn several_rows(raw: RawSeveralRows, keys: &Keys, p: &mut Problems<'_>) -> Option<RowsPerPerson> {
    let table = keys.of("several_rows", p);
    let words = words(raw.home_words.as_deref(), lower);
    let home = match text(raw.home_column) {
        Some(column) if !words.is_empty() => Some(Home { column, words }),
        None if words.is_empty() => None,
        _ => {
            p.at(&table, "expected both home_column and home_words, found one of them");
            return None;
        }
    };
    let sum = raw.sum.unwrap_or_default().into_iter().map(|column| match column {
        RawSummed::Hours => SummedColumn::Hours,
        RawSummed::Fte => SummedColumn::Fte,
        RawSummed::BaseSalary => SummedColumn::BaseSalary,
    });
    Some(RowsPerPerson::Several { home, sum: sum.collect() })
}
