//! The text of a workbook's cell: what its reader would see, in the marks of the job. Numbers are exact decimals.

use calamine::{DataRef, ExcelDateTime};
use chrono::NaiveDate;

/// Digits that a workbook shows of a number at most; what follows is left of binary fractions.
const SHOWN_DIGITS: usize = 15;
/// Digits of a number that is an id, a rate or an amount; a longer one is neither.
const EXPONENT_MAX: usize = 30;

/// Turns cells into text.
#[derive(Debug)]
pub(crate) struct CellText {
    decimal_mark: char,
}

impl Default for CellText {
    fn default() -> CellText {
        CellText { decimal_mark: '.' }
    }
}

impl CellText {
    /// Decimals are written with the mark of the job, so that they are read by the one parser there is.
    pub fn new(decimal_mark: char) -> CellText {
        CellText { decimal_mark }
    }

    /// `zeros`: digits that the cell's format shows at least.
    pub fn of(&self, data: &DataRef<'_>, zeros: usize) -> String {
        match data {
            DataRef::Empty => String::new(),
            DataRef::String(text) => text.clone(),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Int(number) => padded(number.to_string(), zeros),
            DataRef::Float(number) => padded(self.decimal(&scientific(number)), zeros),
            DataRef::Bool(true) => "TRUE".to_owned(),
            DataRef::Bool(false) => "FALSE".to_owned(),
            DataRef::DateTime(moment) => CellText::moment(moment),
            DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
            DataRef::DurationIso(text) => text.clone(),
            DataRef::Error(error) => error.to_string(),
        }
    }

    /// `yyyy-MM-dd`, with the time behind it unless it is midnight.
    fn moment(moment: &ExcelDateTime) -> String {
        let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
        if moment.is_duration() {
            return format!("{hour}:{minute:02}:{second:02}");
        }
        let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
        let date = date.map_or_else(|| format!("{year:04}-{month:02}-{day:02}"), |date| date.to_string());
        match (hour, minute, second, milli) {
            (0, 0, 0, 0) => date,
            _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        }
    }

    /// `6.01000000000000e1` → `60.1`.
    fn decimal(&self, scientific: &str) -> String {
        let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific.to_owned() };
        let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
        let digits = mantissa.replace('.', "");
        let digits = digits.trim_end_matches('0');
        let Ok(exponent) = exponent.parse::<i32>() else { return scientific.to_owned() };
        let shift = exponent.unsigned_abs() as usize;
        if digits.is_empty() {
            return "0".to_owned();
        }
        if shift > EXPONENT_MAX {
            return scientific.to_owned();
        }
        let (whole, fraction) = match exponent {
            ..0 => ("0".to_owned(), format!("{}{digits}", "0".repeat(shift - 1))),
            _ if digits.len() <= shift + 1 => {
                (format!("{digits}{}", "0".repeat(shift + 1 - digits.len())), String::new())
            }
            _ => (digits[..=shift].to_owned(), digits[shift + 1..].to_owned()),
        };
        let mark = if fraction.is_empty() { String::new() } else { self.decimal_mark.to_string() };
        format!("{sign}{whole}{mark}{fraction}")
    }
}

/// The digits that a workbook shows of a number.
fn scientific(number: &impl std::fmt::LowerExp) -> String {
    format!("{number:.*e}", SHOWN_DIGITS - 1)
}

fn padded(number: String, zeros: usize) -> String {
    let whole = number.bytes().all(|b| b.is_ascii_digit());
    if whole { format!("{number:0>zeros$}") } else { number }
}

/// The digits that a format of zeros alone shows at least: 6 of `000000`, which shows 123 as `000123`.
pub(crate) fn leading_zeros(format: &str) -> usize {
    let first = format.split(';').next().unwrap_or_default();
    if first.len() > 1 && first.bytes().all(|b| b == b'0') { first.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    #[track_caller]
    fn check(data: DataRef<'_>, expected: &str) {
        assert_eq!(CellText::new('.').of(&data, 0), expected, "{data:?}");
    }

    #[test]
    fn numbers_are_the_decimals_that_the_workbook_shows() {
        check(DataRef::Float(60.1), "60.1");
        check(DataRef::Float(0.1 + 0.2), "0.3");
        check(DataRef::Float(19.99 * 3.0), "59.97");
        check(DataRef::Float(-1234.5), "-1234.5");
        check(DataRef::Float(10_001.0), "10001");
        check(DataRef::Float(0.0001), "0.0001");
        check(DataRef::Float(-0.0), "0");
        check(DataRef::Float(90_000_000.0), "90000000");
        check(DataRef::Float(1e300), "1.00000000000000e300");
        check(DataRef::Int(7), "7");
        assert_eq!(CellText::new(',').of(&DataRef::Float(60.25), 0), "60,25");
    }

    #[test]
    fn ids_keep_the_zeros_that_their_format_shows() {
        assert_eq!(CellText::default().of(&DataRef::Float(123.0), leading_zeros("000000")), "000123");
        assert_eq!(CellText::default().of(&DataRef::Float(1.5), leading_zeros("000000")), "1.5");
        assert_eq!((leading_zeros("0"), leading_zeros("0.00"), leading_zeros("00000;-00000")), (0, 0, 5));
    }

    #[test]
    fn dates_are_days_and_errors_are_told() {
        let day = |value| DataRef::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false));
        check(day(46_112.0), "2026-03-31");
        check(day(46_112.5), "2026-03-31 12:00:00");
        check(DataRef::DateTimeIso("2026-03-31T00:00:00".to_owned()), "2026-03-31");
        check(DataRef::Error(CellErrorType::NA), "#N/A");
        check(DataRef::Bool(true), "TRUE");
    }
}
