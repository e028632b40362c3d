//! CSV cells by type. Text is made safe for spreadsheets because it is text, never because of how it looks; numbers
//! come from our own formatter only and stay numbers, negative ones too.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::money::{Currency, decimal_text};

use super::PackFile;

/// First characters by which a spreadsheet takes a text for a formula.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// The one letter that a number can hold.
const EXPONENT: char = 'e';
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// One cell, typed.
pub enum Cell<'a> {
    Blank,
    Text(&'a str),
    Owned(String),
    /// Counts of 1/10,000, printed with the decimals of the currency.
    Amount(i128, Currency),
    Count(u64),
    Date(NaiveDate),
}

impl Cell<'_> {
    /// As written to the file, before quoting.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Blank => Cow::Borrowed(""),
            Cell::Text(text) => guarded(text),
            Cell::Owned(text) => guarded(text),
            Cell::Amount(counts, currency) => decimal_text(*counts, currency.decimals()).into(),
            Cell::Count(count) => count.to_string().into(),
            Cell::Date(date) => date.format("%Y-%m-%d").to_string().into(),
        }
    }
}

/// An amount that may be missing.
pub fn amount(value: Option<(i128, Currency)>) -> Cell<'static> {
    value.map_or(Cell::Blank, |(counts, currency)| Cell::Amount(counts, currency))
}

/// A currency code that may be missing.
pub fn currency(value: Option<Currency>) -> Cell<'static> {
    value.map_or(Cell::Blank, |c| Cell::Owned(c.code().to_owned()))
}

/// An employee id that a spreadsheet can't turn into a number: `00123` becomes `id:00123`. Stands beside the raw id.
pub fn safe_id(id: &str) -> Cell<'static> {
    if id.is_empty() { Cell::Blank } else { Cell::Owned(format!("id:{id}")) }
}

/// A text that no spreadsheet takes for a formula or, in brackets, for a negative number: one that would be stands behind
/// an apostrophe.
pub fn guarded(text: &str) -> Cow<'_, str> {
    match text.starts_with(FORMULA_STARTS) || is_bracketed_number(text) {
        true => format!("'{text}").into(),
        false => text.into(),
    }
}

/// `(401)`: accountants write −401 so, and spreadsheets read it so; with marks, blanks, signs of currency, an exponent.
fn is_bracketed_number(text: &str) -> bool {
    let inner = text.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let of_number = |c: char| !c.is_alphabetic() || c.eq_ignore_ascii_case(&EXPONENT);
    inner.is_some_and(|inner| inner.contains(|c: char| c.is_ascii_digit()) && inner.chars().all(of_number))
}

/// A table: RFC 4180 with CRLF, a byte order mark when the job asks for one.
pub fn table<'a>(
    name: &'static str,
    bom: bool,
    columns: &[&str],
    rows: impl Iterator<Item = Vec<Cell<'a>>>,
) -> anyhow::Result<PackFile> {
    let mut bytes = Vec::new();
    if bom {
        bytes.extend_from_slice(BYTE_ORDER_MARK);
    }
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes);
    writer.write_record(columns)?;
    let mut count = 0;
    for row in rows {
        for cell in &row {
            writer.write_field(cell.text().as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
        count += 1;
    }
    let bytes = writer.into_inner().map_err(|e| anyhow::anyhow!("{name}: {}", e.error()))?;
    Ok(PackFile { name, bytes, rows: Some(count) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        Currency::parse("USD").expect("listed")
    }

    fn check_row(cells: Vec<Cell<'static>>, expected: &str) {
        let file = table("t.csv", false, &["a"; 1].repeat(cells.len()), std::iter::once(cells)).expect("rendered");
        let text = String::from_utf8(file.bytes).expect("UTF-8");
        assert_eq!(text.split_once("\r\n").expect("two lines").1, expected);
    }

    #[test]
    fn a_text_that_looks_like_a_formula_is_neutralised() {
        check_row(
            vec![Cell::Text("=1+1"), Cell::Text("-x"), Cell::Text("@a"), Cell::Text("a=b")],
            "'=1+1,'-x,'@a,a=b\r\n",
        );
    }

    #[test]
    fn a_code_in_brackets_that_looks_like_a_number_stays_a_text() {
        check_row(
            vec![
                Cell::Text("(401)"),
                Cell::Text("(1.5E5)"),
                Cell::Text("($ 4)"),
                Cell::Text("(GYM)"),
                Cell::Text("(401K)"),
            ],
            "'(401),'(1.5E5),'($ 4),(GYM),(401K)\r\n",
        );
        check_row(vec![Cell::Owned("(401)".to_owned()), Cell::Text("()")], "'(401),()\r\n");
    }

    #[test]
    fn a_negative_amount_stays_a_number() {
        check_row(vec![Cell::Amount(-50_000, usd()), Cell::Amount(1, usd())], "-5.00,0.0001\r\n");
    }

    #[test]
    fn a_leading_zero_survives_beside_the_raw_id() {
        check_row(vec![Cell::Text("00123"), safe_id("00123")], "00123,id:00123\r\n");
    }

    #[test]
    fn quotes_commas_and_line_breaks_are_quoted() {
        check_row(vec![Cell::Text("O\"Neil, Zo\u{eb}\nx"), Cell::Blank], "\"O\"\"Neil, Zo\u{eb}\nx\",\r\n");
    }

    #[test]
    fn the_byte_order_mark_comes_first_when_asked_for() {
        let file = table("t.csv", true, &["a"], std::iter::empty()).expect("rendered");
        assert_eq!(file.bytes, "\u{feff}a\r\n".as_bytes());
    }
}
