//! Exact amounts: an `i64` count of 1/10,000 of a currency unit, from the text of a CSV cell or JSON number to the
//! report. One scale for every currency, so amounts of one frame column can be compared and added as integers; the
//! currency's own number of decimals only checks input, rounds and prints. Nothing here touches a float.

mod currency;
mod digits;

use std::fmt::Write as _;

pub use self::currency::Currency;
use self::digits::{Decimals, from_digits};

/// How many counts of [`Money`] make one currency unit.
pub const UNITS_PER_ONE: i64 = 10_000;
/// Decimals that a [`Money`] can hold.
pub const DECIMALS_MAX: u32 = 4;
/// Greatest absolute amount accepted from outside, in currency units: far above any payroll, and low enough that ten
/// million of them cannot overflow an `i64` sum.
pub const AMOUNT_MAX: i64 = 90_000_000;
/// Digits that the exponent of a JSON number may shift by; more is a typing error, not an amount.
const EXPONENT_MAX: i32 = 18;

/// An amount, a rate or another exact decimal with four places; 1/10,000 of a unit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

/// Why a text is no amount. The text itself is never repeated: it may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyFault {
    #[error("blank")]
    Blank,
    #[error("not a number")]
    NotANumber,
    #[error("more decimals than the {max} that fit here")]
    TooManyDecimals { max: u32 },
    #[error("greater than {AMOUNT_MAX}")]
    TooLarge,
}

/// Decimal and thousands marks of a payroll export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    pub decimal: char,
    /// `None` refuses any grouping mark.
    pub thousands: Option<char>,
}

impl Marks {
    /// `1234.56`, as in JSON.
    pub const PLAIN: Marks = Marks { decimal: '.', thousands: None };
}

impl Money {
    pub const ZERO: Money = Money(0);

    /// Whole currency units.
    pub const fn units(units: i64) -> Money {
        Money(units * UNITS_PER_ONE)
    }

    pub fn abs(self) -> Money {
        Money(self.0.abs())
    }

    /// Reads an amount of a payroll cell: digits with the marks given; a minus before or behind, or brackets, for
    /// negatives; a currency sign and blanks (NBSP too) around it. More than `decimals_max` places are refused unless
    /// they are zeros (rules.md 2.1).
    pub fn parse(text: &str, marks: Marks, decimals_max: u32) -> Result<Money, MoneyFault> {
        if let Some(amount) = parse_plain(text, marks.decimal, decimals_max) {
            return Ok(amount);
        }
        let (negative, body) = strip_sign(text)?;
        let digits = ungroup(body, marks)?;
        let amount = from_digits(&digits, 0, Decimals::AtMost(decimals_max))?;
        Ok(if negative { Money(-amount.0) } else { amount })
    }

    /// The same for hours and shares of full time, which are measures and no money: more than four places are rounded,
    /// half away from zero.
    pub fn parse_measure(text: &str, marks: Marks) -> Result<Money, MoneyFault> {
        if let Some(measure) = parse_plain(text, marks.decimal, DECIMALS_MAX) {
            return Ok(measure);
        }
        let (negative, body) = strip_sign(text)?;
        let amount = from_digits(&ungroup(body, marks)?, 0, Decimals::Rounded)?;
        Ok(if negative { Money(-amount.0) } else { amount })
    }

    /// Reads the text of a JSON number, or numeric text in JSON quotes, exactly: `52000.0`, `"1.5"`, `5.2e4`.
    pub fn from_json(text: &str) -> Result<Money, MoneyFault> {
        Money::json(text, Decimals::AtMost(DECIMALS_MAX))
    }

    /// The same for hours and shares of full time, see [`Money::parse_measure`].
    pub fn measure_from_json(text: &str) -> Result<Money, MoneyFault> {
        Money::json(text, Decimals::Rounded)
    }

    fn json(text: &str, decimals: Decimals) -> Result<Money, MoneyFault> {
        let text = text.trim().trim_matches('"').trim();
        if text.is_empty() || text == "null" {
            return Err(MoneyFault::Blank);
        }
        let (negative, body) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((m, e)) => (m, e.parse::<i32>().map_err(|_| MoneyFault::NotANumber)?),
            None => (body, 0),
        };
        if exponent.abs() > EXPONENT_MAX {
            return Err(MoneyFault::TooLarge);
        }
        let amount = from_digits(mantissa, exponent, decimals)?;
        Ok(if negative { Money(-amount.0) } else { amount })
    }

    /// Checks that the amount has no more decimals than its currency; rates are not checked.
    pub fn fits(self, currency: Currency) -> Result<Money, MoneyFault> {
        match self.0 % currency.minor_unit() {
            0 => Ok(self),
            _ => Err(MoneyFault::TooManyDecimals { max: currency.decimals() }),
        }
    }

    /// `self / divisor`, rounded half away from zero to whole `unit`s (a minor unit, in counts of [`Money`]).
    pub fn div_round(self, divisor: i64, unit: i64) -> Money {
        debug_assert!(divisor > 0 && unit > 0);
        let step = i128::from(divisor) * i128::from(unit);
        let magnitude = (2 * i128::from(self.0).abs() + step) / (2 * step) * i128::from(unit);
        let signed = if self.0 < 0 { -magnitude } else { magnitude };
        Money(i64::try_from(signed).unwrap_or(if signed < 0 { i64::MIN } else { i64::MAX }))
    }

    /// Digits with a point and at least `decimals` places; more only when they are not zero. Never grouped.
    pub fn to_text(self, decimals: u32) -> String {
        decimal_text(i128::from(self.0), decimals)
    }
}

/// Prints a total of [`Money`] counts, which may exceed an `i64`, with at least `decimals` places.
pub fn decimal_text(counts: i128, decimals: u32) -> String {
    let mut text = String::new();
    write_decimal(&mut text, counts, decimals);
    text
}

/// Adds what [`decimal_text`] prints.
pub fn write_decimal(text: &mut String, counts: i128, decimals: u32) {
    let scale = i128::from(UNITS_PER_ONE).unsigned_abs();
    let sign = if counts < 0 { "-" } else { "" };
    // Writing to a String cannot fail.
    let _ = write!(text, "{sign}{}", counts.unsigned_abs() / scale);
    let (mut rest, mut unit, mut places) = (counts.unsigned_abs() % scale, scale, 0);
    let mark = text.len();
    while rest > 0 || places < decimals.min(DECIMALS_MAX) {
        unit /= 10;
        text.push(char::from(b'0' + (rest / unit) as u8));
        rest %= unit;
        places += 1;
    }
    if places > 0 {
        text.insert(mark, '.');
    }
}

/// Bytes of a plain amount; so few digits with four places cannot overflow.
const PLAIN_BYTES_MAX: usize = 14;

/// Reads digits with at most one decimal mark, as nearly all amounts of a file are, without allocating. `None`: the
/// text is something else or out of bounds, which the long way tells.
fn parse_plain(text: &str, decimal: char, decimals_max: u32) -> Option<Money> {
    let (negative, body) = text.strip_prefix('-').map_or((false, text), |body| (true, body));
    if body.len() > PLAIN_BYTES_MAX {
        return None;
    }
    let (mut counts, mut digits, mut places) = (0_i64, 0, None);
    for byte in body.bytes() {
        match byte {
            b'0'..=b'9' => {
                counts = counts * 10 + i64::from(byte - b'0');
                digits += 1;
                places = places.map(|p: u32| p + 1);
            }
            _ if places.is_none() && byte.is_ascii() && char::from(byte) == decimal => places = Some(0),
            _ => return None,
        }
    }
    let places = places.unwrap_or(0);
    if digits == 0 || places > decimals_max.min(DECIMALS_MAX) {
        return None;
    }
    let counts = counts * 10_i64.pow(DECIMALS_MAX - places);
    (counts <= AMOUNT_MAX * UNITS_PER_ONE).then_some(Money(if negative { -counts } else { counts }))
}

fn is_padding(c: char) -> bool {
    c.is_whitespace() || c == '\u{a0}' || c == '\u{202f}'
}

/// Takes blanks, one currency sign and the notation of a negative off an amount; says whether it is negative.
fn strip_sign(text: &str) -> Result<(bool, &str), MoneyFault> {
    let mut body = text.trim_matches(is_padding);
    let mut minuses = 0;
    if let Some(inner) = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
        minuses += 1;
        body = inner.trim_matches(is_padding);
    }
    for _ in 0..2 {
        // The sign of the currency stands before or behind the minus, depending on the exporter.
        if let Some(rest) = body.strip_prefix('-').or_else(|| body.strip_suffix('-')) {
            minuses += 1;
            body = rest.trim_matches(is_padding);
        }
        body = strip_currency_sign(body);
    }
    match (minuses, body.is_empty()) {
        (0, true) => Err(MoneyFault::Blank),
        (0 | 1, false) => Ok((minuses == 1, body)),
        _ => Err(MoneyFault::NotANumber),
    }
}

fn strip_currency_sign(body: &str) -> &str {
    const SIGNS: [char; 5] = ['$', '£', '€', '¥', '₹'];
    body.strip_prefix(SIGNS).or_else(|| body.strip_suffix(SIGNS)).unwrap_or(body).trim_matches(is_padding)
}

/// Removes well-placed grouping marks (before each three whole digits) and turns the decimal mark into a point.
fn ungroup(body: &str, marks: Marks) -> Result<String, MoneyFault> {
    let (whole, fraction) = match body.split_once(marks.decimal) {
        Some((w, f)) => (w, Some(f)),
        None => (body, None),
    };
    let mut digits = match marks.thousands {
        Some(mark) if whole.contains(mark) || (mark == ' ' && whole.contains(is_padding)) => {
            let groups: Vec<&str> = whole.split(|c| c == mark || (mark == ' ' && is_padding(c))).collect();
            let well_placed = (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|g| g.len() == 3);
            if !well_placed {
                return Err(MoneyFault::NotANumber);
            }
            groups.concat()
        }
        // Where decimals have a comma and groups no mark, `1.200` is neither 1.2 nor 1200.
        _ if marks.decimal != '.' && body.contains('.') => return Err(MoneyFault::NotANumber),
        _ => whole.to_owned(),
    };
    if let Some(fraction) = fraction {
        digits.push('.');
        digits.push_str(fraction);
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const US: Marks = Marks { decimal: '.', thousands: Some(',') };
    const DE: Marks = Marks { decimal: ',', thousands: Some('.') };

    #[track_caller]
    fn check_parse(text: &str, marks: Marks, expected: Result<i64, MoneyFault>) {
        assert_eq!(Money::parse(text, marks, 4).map(|m| m.0), expected, "{text:?}");
    }

    #[test]
    fn the_notations_of_real_exports_are_read_exactly() {
        for (text, counts) in [
            ("100.10", 1_001_000),
            ("1,234.56", 12_345_600),
            (" 10.00\u{a0}", 100_000),
            ("(12.00)", -120_000),
            ("12.00-", -120_000),
            ("-5", -50_000),
            ("$15.00", 150_000),
            ("-$15.00", -150_000),
            ("$-15.00", -150_000),
            ("15.00 €", 150_000),
            (".5", 5_000),
            ("7.", 70_000),
            ("12.345000", 123_450),
            ("0.0001", 1),
            ("-0.00", 0),
        ] {
            check_parse(text, US, Ok(counts));
        }
        check_parse("1.234,56", DE, Ok(12_345_600));
        check_parse("1 234,56", Marks { decimal: ',', thousands: Some(' ') }, Ok(12_345_600));
        check_parse("1\u{a0}234,56", Marks { decimal: ',', thousands: Some(' ') }, Ok(12_345_600));
    }

    #[test]
    fn what_is_no_amount_is_refused_with_its_reason() {
        for text in ["abc", "1e3", "1.2.3", "--5", "(-5)", "1,23.45", "12,34", "1,2345", "5 5", "٣"] {
            check_parse(text, US, Err(MoneyFault::NotANumber));
        }
        check_parse("", US, Err(MoneyFault::Blank));
        check_parse(" \u{a0}", US, Err(MoneyFault::Blank));
        check_parse("12.34567", US, Err(MoneyFault::TooManyDecimals { max: 4 }));
        check_parse("99999999999999999999.00", US, Err(MoneyFault::TooLarge));
        check_parse("1,234.56", Marks::PLAIN, Err(MoneyFault::NotANumber));
        for text in ["1.200", "25.00", "1.200,50"] {
            check_parse(text, Marks { decimal: ',', thousands: None }, Err(MoneyFault::NotANumber));
        }
    }

    #[test]
    fn json_numbers_are_read_from_their_text() {
        for (text, counts) in [("52000.0", 520_000_000), ("5.2e4", 520_000_000), ("\"1.5\"", 15_000), ("15e-1", 15_000)]
        {
            assert_eq!(Money::from_json(text), Ok(Money(counts)), "{text}");
        }
        assert_eq!(Money::from_json("-0.07"), Ok(Money(-700)));
        assert_eq!(Money::from_json("null"), Err(MoneyFault::Blank));
        assert_eq!(Money::from_json("true"), Err(MoneyFault::NotANumber));
        assert_eq!(Money::from_json("0.00001"), Err(MoneyFault::TooManyDecimals { max: 4 }));
    }

    #[test]
    fn a_measure_is_rounded_half_away_from_zero_and_an_amount_is_not() {
        for (text, counts) in [
            ("0.53333333", 5_333),
            ("0.66666667", 6_667),
            ("0.00005", 1),
            ("-0.00005", -1),
            ("0.00004999", 0),
            ("0.000004", 0),
            ("37.49995", 375_000),
            ("37.5", 375_000),
            ("1", 10_000),
        ] {
            assert_eq!(Money::parse_measure(text, US), Ok(Money(counts)), "{text}");
            assert_eq!(Money::measure_from_json(text), Ok(Money(counts)), "{text}");
        }
        assert_eq!(Money::measure_from_json("5.3333333e-1"), Ok(Money(5_333)));
        assert_eq!(Money::parse_measure("half", US), Err(MoneyFault::NotANumber));
        assert_eq!(Money::from_json("0.53333333"), Err(MoneyFault::TooManyDecimals { max: 4 }));
        check_parse("0.53333333", US, Err(MoneyFault::TooManyDecimals { max: 4 }));
    }

    #[test]
    fn division_rounds_half_away_from_zero_to_the_minor_unit() {
        assert_eq!(Money::units(100).div_round(12, 100), Money(83_300));
        assert_eq!(Money(100).div_round(2, 100), Money(100));
        assert_eq!(Money(-100).div_round(2, 100), Money(-100));
        assert_eq!(Money::units(100).div_round(3, 10_000), Money::units(33));
    }

    proptest! {
        #[test]
        fn printing_and_reading_an_amount_gives_it_back(counts in -AMOUNT_MAX * UNITS_PER_ONE..=AMOUNT_MAX * UNITS_PER_ONE, decimals in 0_u32..=4) {
            let text = Money(counts).to_text(decimals);
            prop_assert_eq!(Money::parse(&text, Marks::PLAIN, 4), Ok(Money(counts)));
            prop_assert_eq!(Money::from_json(&text), Ok(Money(counts)));
        }

        #[test]
        fn the_short_way_reads_what_the_long_way_reads(text in "-?[0-9]{0,9}[.,]?[0-9]{0,6}", max in 0_u32..=4) {
            if let Some(short) = parse_plain(&text, '.', max) {
                // A blank behind the text keeps it off the short way.
                prop_assert_eq!(Money::parse(&format!("{text} "), US, max), Ok(short));
            }
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,24}") {
            let _ = Money::parse(&text, US, 2);
            let _ = Money::parse(&text, DE, 4);
            let _ = Money::from_json(&text);
        }

        #[test]
        fn the_parts_of_a_division_differ_from_the_whole_by_at_most_half_a_unit_each(counts in 0_i64..10_000_000_000, divisor in 1_i64..60) {
            let part = Money(counts).div_round(divisor, 100);
            prop_assert!((i128::from(part.0) * i128::from(divisor) - i128::from(counts)).abs() * 2 <= i128::from(divisor) * 100);
        }
    }
}
