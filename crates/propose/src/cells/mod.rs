//! What a single cell looks like. Nothing here is kept: cells are counted, never shown.

pub(super) mod currency;
pub(super) mod dates;
pub(super) mod letter_signs;
pub(super) mod marks;
pub(super) mod months;
pub(super) mod sign_words;

use chrono::NaiveDate;

use tieout_model::dates::YEARS;
use tieout_model::money::Currency;

const CODE_LETTERS: usize = 3;

/// Days since 1900 that are dates of people and pay runs: 1954 to 2064.
pub const SERIALS: std::ops::RangeInclusive<u64> = 20_000..=60_000;

/// Words for an amount that is not there.
const DASHES: [&str; 4] = ["-", "–", "—", "−"];

/// Words for nothing, and for an amount of zero, in lower case.
pub const NONE_WORDS: [&str; 14] = [
    "n/a",
    "na",
    "#n/a",
    "none",
    "null",
    "nil",
    "not applicable",
    "--",
    "(blank)",
    "(none)",
    "k.a.",
    "keine",
    "n.a.",
    "s/o",
];
pub const ZERO_WORDS: [&str; 5] = ["waived", "declined", "not enrolled", "opted out", "zero"];

/// Whether a cell is a word for nothing or zero.
pub fn is_nothing(cell: &str) -> bool {
    let lower = cell.trim().to_lowercase();
    NONE_WORDS.contains(&lower.as_str()) || ZERO_WORDS.contains(&lower.as_str())
}

/// Marks, digits and sign of a cell that is an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    pub decimal: Option<char>,
    pub thousands: Option<char>,
    /// One mark before three digits: `1.234` could be either.
    pub ambiguous: Option<char>,
    pub integer_digits: usize,
    pub decimals: usize,
    pub negative: bool,
    /// Money by its symbol or code: `$`, `£`, `€`.
    pub symbol: Option<char>,
    /// The code of its currency stands before or behind it.
    pub code: Option<Currency>,
    pub percent: bool,
    /// All digits are 0.
    pub zero: bool,
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateShape {
    pub order: Order,
    pub mark: char,
    pub year_digits: usize,
    /// Letters of a month's name: 3, or more for a full name; 0 for a number.
    pub month_name: usize,
    /// A comma stands before the year.
    pub comma: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    YearFirst,
    /// Day before month, by a name, a dot or a number above 12.
    DayFirst,
    MonthFirst,
    /// Day and month are both 12 or less.
    Either,
}

/// A cell that is a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateCell {
    pub shape: DateShape,
    /// Day or month below 10 without a 0 before it.
    pub narrow: bool,
    /// A time of day stands behind it.
    pub time: bool,
}

/// Reads a cell as an amount; `None` when it is none. A dash alone is an amount of nothing.
pub fn amount(cell: &str) -> Option<Amount> {
    let (text, code) = without_words(cell.trim());
    let mut body: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}')).collect();
    let spaced = text.trim_matches(|c: char| !c.is_ascii_digit()).contains([' ', '\u{a0}', '\u{202f}']);
    let symbol = body.chars().find(|c| matches!(c, '$' | '£' | '€' | '¥' | '₹'));
    body.retain(|c| !matches!(c, '$' | '£' | '€' | '¥' | '₹'));
    let percent = body.ends_with('%');
    // A text that a spreadsheet keeps as it is.
    if body.starts_with('\'') {
        body.remove(0);
    }
    let negative = body.contains(['-', '−', '(']);
    if DASHES.contains(&body.as_str()) {
        return Some(plain_amount(symbol));
    }
    let digits = body.trim_matches(['-', '−', '+', '(', ')', '%']);
    let lawful = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '’'));
    if !lawful || !digits.chars().any(|c| c.is_ascii_digit()) || digits.starts_with(',') {
        return None;
    }
    let mut read = marks(digits)?;
    if spaced && read.thousands.is_none() {
        read.thousands = Some(' ');
    }
    let zero = !digits.contains(|c: char| ('1'..='9').contains(&c));
    Some(Amount { negative, symbol, code, percent, zero, ..read })
}

/// An amount without a code of its currency and a word of debit or credit, and the code.
fn without_words(text: &str) -> (&str, Option<Currency>) {
    let code = |word: &str| Currency::parse(word).filter(|_| word.len() == CODE_LETTERS);
    let ahead = text.get(..CODE_LETTERS).and_then(code).map(|code| (code, &text[CODE_LETTERS..]));
    let end = text.len().saturating_sub(CODE_LETTERS);
    let behind = || text.get(end..).and_then(code).map(|code| (code, &text[..end]));
    let (text, code) = match ahead.or_else(behind) {
        Some((code, rest)) if rest.chars().any(|c| c.is_ascii_digit()) => (rest.trim(), Some(code)),
        _ => (text, None),
    };
    let text = if code.is_none() { letter_signs::without(text) } else { text };
    (sign_words::split(text).map_or(text, |(_, rest)| rest), code)
}

/// The digits and marks of an amount.
pub fn digits(cell: &str) -> &str {
    without_words(cell.trim()).0
}

fn plain_amount(symbol: Option<char>) -> Amount {
    Amount {
        decimal: None,
        thousands: None,
        ambiguous: None,
        integer_digits: 0,
        decimals: 0,
        negative: false,
        symbol,
        code: None,
        percent: false,
        zero: true,
    }
}

/// Which mark is which: the last one has the decimals, unless three digits follow each.
fn marks(digits: &str) -> Option<Amount> {
    let groups: Vec<&str> = digits.split(['.', ',', '\'', '’']).collect();
    let found: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    let whole = |groups: &[&str]| {
        groups.iter().skip(1).all(|g| g.len() == 3) && groups.first().is_some_and(|g| (1..=3).contains(&g.len()))
    };
    let read = plain_amount(None);
    let (last, before) = (found.last().copied(), &found[..found.len().saturating_sub(1)]);
    let integers = &groups[..groups.len().saturating_sub(1)];
    let decimals = groups.last().map_or(0, |group| group.len());
    let count = |groups: &[&str]| groups.iter().map(|group| group.len()).sum();
    match last {
        None => Some(Amount { integer_digits: digits.len(), ..read }),
        Some(mark @ ('\'' | '’')) if whole(&groups) => {
            Some(Amount { thousands: Some(mark), integer_digits: count(&groups), ..read })
        }
        Some(mark) if before.is_empty() && decimals == 3 && whole(&groups) && groups.first() != Some(&"0") => {
            Some(Amount { ambiguous: Some(mark), integer_digits: count(&groups), ..read })
        }
        Some('\'' | '’') => None,
        Some(mark) if before.is_empty() => {
            Some(Amount { decimal: Some(mark), integer_digits: count(integers), decimals, ..read })
        }
        Some(mark) if before.iter().all(|other| *other == mark) && whole(&groups) => {
            Some(Amount { thousands: Some(mark), integer_digits: count(&groups), ..read })
        }
        Some(mark) if before.iter().all(|other| *other == before[0] && *other != mark) && whole(integers) => {
            Some(Amount {
                decimal: Some(mark),
                thousands: Some(before[0]),
                integer_digits: count(integers),
                decimals,
                ..read
            })
        }
        Some(_) => None,
    }
}

/// Reads a cell as a date; `None` when it is none.
pub fn date(cell: &str) -> Option<DateCell> {
    let text = without_zone(cell.trim());
    let (text, time) = match text.split_once(['T', ' ']) {
        Some((date, rest)) if date.len() >= 6 && is_time(rest) => (date, true),
        _ => (text, false),
    };
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (year, month, day) = (number(&text[..4])?, number(&text[4..6])?, number(&text[6..])?);
        let shape = DateShape { order: Order::YearFirst, mark: '\0', year_digits: 4, month_name: 0, comma: false };
        return real(year, month, day).then_some(DateCell { shape, narrow: false, time });
    }
    let mark = text.chars().find(|c| matches!(c, '/' | '-' | '.' | ' '))?;
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).map(|part| part.trim_end_matches(',')).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let narrow = [a, b, c].iter().any(|part| part.len() == 1);
    let named = |order, day: &str, month: &str, year: &str| {
        let month_number = month_name(month)?;
        let shape =
            DateShape { order, mark, year_digits: year.len(), month_name: month.len(), comma: text.contains(',') };
        is_day(number(year_of(year)?)?, month_number, number(day)?).then_some(DateCell { shape, narrow, time })
    };
    if a.chars().all(char::is_alphabetic) {
        return named(Order::MonthFirst, b, a, c);
    }
    if b.chars().all(char::is_alphabetic) {
        return named(Order::DayFirst, a, b, c);
    }
    let (x, y) = (number(a)?, number(b)?);
    if a.len() == 4 {
        let shape = DateShape { order: Order::YearFirst, mark, year_digits: 4, month_name: 0, comma: false };
        return (c.len() <= 2 && real(x, y, number(c)?)).then_some(DateCell { shape, narrow, time });
    }
    let year = number(year_of(c)?)?;
    let order = match (is_day(year, y, x), is_day(year, x, y)) {
        (true, _) if mark == '.' => Order::DayFirst,
        (true, true) => Order::Either,
        (true, false) => Order::DayFirst,
        (false, true) => Order::MonthFirst,
        (false, false) => return None,
    };
    let shape = DateShape { order, mark, year_digits: c.len(), month_name: 0, comma: false };
    (a.len() <= 2 && b.len() <= 2).then_some(DateCell { shape, narrow, time })
}

/// A date without the zone of XML Schema behind it: `2026-03-31-07:00`.
fn without_zone(text: &str) -> &str {
    const DATE_BYTES: usize = 10;
    match (text.get(..DATE_BYTES), text.as_bytes().get(DATE_BYTES..)) {
        (Some(date), Some([b'+' | b'-', _, _, b':', _, _] | b"Z")) => date,
        _ => text,
    }
}

/// The day of a cell, day and month in this order where the cell itself does not tell. Years of two digits are of this
/// century: a payroll's own days.
pub fn day(cell: &str, order: Order) -> Option<NaiveDate> {
    let shape = date(cell)?.shape;
    let text = without_zone(cell.trim()).split(['T']).next()?;
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let month_first = match shape.order {
        Order::Either => order == Order::MonthFirst,
        known => known == Order::MonthFirst,
    };
    let [a, b, c] = match parts.as_slice() {
        [whole] if whole.len() == 8 => [&whole[..4], &whole[4..6], &whole[6..]],
        [a, b, c, ..] => [*a, *b, *c],
        _ => return None,
    };
    let (year, month, day) = match () {
        () if a.len() == 4 => (a, b, c),
        () if month_first => (c, a, b),
        () => (c, b, a),
    };
    let month = month_name(month).or_else(|| number(month))?;
    let year = number(year)?;
    let year = if year < 100 { year + 2000 } else { year };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, number(day)?)
}

/// The same of a column of dates, which a spreadsheet may have made numbers of: days since 1900.
pub fn day_or_serial(cell: &str, order: Order) -> Option<NaiveDate> {
    let serial = || cell.trim().parse().ok().filter(|serial| SERIALS.contains(serial)).map(chrono::Days::new);
    day(cell, order).or_else(|| NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(serial()?))
}

/// A year of four digits, or of two as one of this century: enough to tell days of a month apart.
fn year_of(text: &str) -> Option<&str> {
    (matches!(text.len(), 2 | 4) && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

fn real(year: u32, month: u32, day: u32) -> bool {
    i32::try_from(year).is_ok_and(|year| YEARS.contains(&year)) && is_day(year, month, day)
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let year = if year < 100 { year + 2000 } else { year };
    i32::try_from(year).is_ok_and(|year| NaiveDate::from_ymd_opt(year, month, day).is_some())
}

fn number(text: &str) -> Option<u32> {
    (text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn is_time(text: &str) -> bool {
    let mut parts = text.trim().trim_end_matches(['Z', 'z']).split(':');
    let digits = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ' ' | 'A' | 'P' | 'M'))
    };
    text.contains(':') && parts.all(digits)
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn month_name(text: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    let at = MONTHS.iter().position(|month| lower.starts_with(month))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_amount(cell: &str, decimal: Option<char>, thousands: Option<char>, negative: bool) {
        let amount = amount(cell).unwrap_or_else(|| panic!("{cell} is an amount"));
        assert_eq!((amount.decimal, amount.thousands, amount.negative), (decimal, thousands, negative), "{cell}");
    }

    #[test]
    fn the_marks_of_an_amount_are_told_apart_where_they_can_be() {
        check_amount("1,234.56", Some('.'), Some(','), false);
        check_amount("1.234,56", Some(','), Some('.'), false);
        check_amount("1'234.50", Some('.'), Some('\''), false);
        check_amount("1 234,50", Some(','), Some(' '), false);
        check_amount("$1,234,567.00", Some('.'), Some(','), false);
        check_amount("(60.00)", Some('.'), None, true);
        check_amount("60,00-", Some(','), None, true);
        check_amount("1250", None, None, false);
        assert_eq!(amount("1.234").and_then(|a| a.ambiguous), Some('.'));
        assert_eq!(amount("0.125").and_then(|a| a.decimal), Some('.'));
        for cell in ["E-00123", "Ada", "", "12 March", "1,23,45.6.7", "2026-03-31"] {
            assert!(amount(cell).is_none(), "{cell}");
        }
    }

    #[test]
    fn a_day_is_read_in_the_order_that_is_known() {
        let expected = NaiveDate::from_ymd_opt(2026, 3, 4);
        for (cell, order) in [
            ("2026-03-04", Order::DayFirst),
            ("20260304", Order::DayFirst),
            ("03/04/2026", Order::MonthFirst),
            ("04/03/2026", Order::DayFirst),
            ("4.3.26", Order::MonthFirst),
            ("March 4, 2026", Order::DayFirst),
            ("04-Mar-26", Order::MonthFirst),
            ("3/4/2026 0:00", Order::MonthFirst),
            ("2026-03-04-07:00", Order::MonthFirst),
        ] {
            assert_eq!(day(cell, order), expected, "{cell}");
        }
    }

    #[track_caller]
    fn check_date(cell: &str, order: Order, year_digits: usize, month_name: usize) {
        let date = date(cell).unwrap_or_else(|| panic!("{cell} is a date"));
        assert_eq!(
            (date.shape.order, date.shape.year_digits, date.shape.month_name),
            (order, year_digits, month_name),
            "{cell}"
        );
    }

    #[test]
    fn the_order_of_a_date_is_told_where_a_number_proves_it() {
        check_date("2026-03-31", Order::YearFirst, 4, 0);
        check_date("20260331", Order::YearFirst, 4, 0);
        check_date("2026-03-31+01:00", Order::YearFirst, 4, 0);
        check_date("03/31/2026", Order::MonthFirst, 4, 0);
        check_date("31/03/2026", Order::DayFirst, 4, 0);
        check_date("03/04/2026", Order::Either, 4, 0);
        check_date("3/16/26 0:00", Order::MonthFirst, 2, 0);
        check_date("05.01.2015", Order::DayFirst, 4, 0);
        check_date("05-Jan-15", Order::DayFirst, 2, 3);
        check_date("March 5, 2026", Order::MonthFirst, 4, 5);
        for cell in ["99999999", "12345678", "10.50", "2026", "Ada", "1-2", "31/31/2026", "60.00.00"] {
            assert!(date(cell).is_none(), "{cell}");
        }
    }
}
