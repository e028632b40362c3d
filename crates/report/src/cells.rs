//! CSV cells by type. Text is made safe for spreadsheets because it is text, never because of how it looks; numbers
//! come from our own formatter only and stay numbers, negative ones too.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::NaiveDate;

use tieout_model::hash::sha256_hex;
use tieout_model::money::{Currency, write_decimal};
use tieout_model::side::side_by_side;

use crate::PackFile;

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
    /// An employee id that a spreadsheet can't turn into a number: `00123` becomes `id:00123`.
    Id(&'a str),
    /// Counts of 1/10,000, printed with the decimals of the currency.
    Amount(i128, Currency),
    Currency(Currency),
    Count(u64),
    Date(NaiveDate),
}

impl Cell<'_> {
    /// As written to the file, before quoting. What is not there as it is, is put together in `made`.
    pub(super) fn text<'t>(&'t self, made: &'t mut String) -> &'t str {
        made.clear();
        // Writing to a String cannot fail.
        let _ = match self {
            Cell::Blank => return "",
            Cell::Text(text) if !is_formula(text) => return text,
            Cell::Owned(text) if !is_formula(text) => return text,
            Cell::Text(text) => write!(made, "'{text}"),
            Cell::Owned(text) => write!(made, "'{text}"),
            Cell::Id(id) => write!(made, "id:{id}"),
            Cell::Amount(counts, currency) => {
                write_decimal(made, *counts, currency.decimals());
                Ok(())
            }
            Cell::Currency(currency) => write!(made, "{currency}"),
            Cell::Count(count) => write!(made, "{count}"),
            Cell::Date(date) => write!(made, "{date}"),
        };
        made
    }
}

/// An amount that may be missing.
pub fn amount(value: Option<(i128, Currency)>) -> Cell<'static> {
    value.map_or(Cell::Blank, |(counts, currency)| Cell::Amount(counts, currency))
}

/// A currency code that may be missing.
pub fn currency(value: Option<Currency>) -> Cell<'static> {
    value.map_or(Cell::Blank, Cell::Currency)
}

/// Stands beside the raw id.
pub fn safe_id(id: &str) -> Cell<'_> {
    if id.is_empty() { Cell::Blank } else { Cell::Id(id) }
}

/// A text that no spreadsheet takes for a formula or, in brackets, for a negative number: one that would be stands behind
/// an apostrophe.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text) { format!("'{text}").into() } else { text.into() }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(FORMULA_STARTS) || is_bracketed_number(text)
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
    let (bytes, count) = lines(top(bom, columns)?, rows)?;
    Ok(file(name, bytes, count))
}

/// Like [`table`], the rows of each item rendered where they are: the halves side by side.
pub fn long_table<'a, T: Sync>(
    name: &'static str,
    bom: bool,
    columns: &[&str],
    items: &'a [T],
    rows: impl Fn(&'a T) -> Vec<Vec<Cell<'a>>> + Sync,
) -> anyhow::Result<PackFile> {
    let (first, second) = items.split_at(items.len() / 2);
    let top = top(bom, columns)?;
    let (second, first) =
        side_by_side(|| lines(Vec::new(), second.iter().flat_map(&rows)), || lines(top, first.iter().flat_map(&rows)));
    let ((mut bytes, count), (rest, more)) = (first?, second?);
    bytes.extend(rest);
    Ok(file(name, bytes, count + more))
}

fn file(name: &'static str, bytes: Vec<u8>, rows: u64) -> PackFile {
    PackFile { name, sha256: sha256_hex(&bytes), bytes, rows: Some(rows) }
}

/// The byte order mark and the headers.
fn top(bom: bool, columns: &[&str]) -> anyhow::Result<Vec<u8>> {
    let mut writer = writer(if bom { BYTE_ORDER_MARK.to_vec() } else { Vec::new() });
    writer.write_record(columns)?;
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// Adds rows to what is there; gives their number, too.
fn lines<'a>(before: Vec<u8>, rows: impl Iterator<Item = Vec<Cell<'a>>>) -> anyhow::Result<(Vec<u8>, u64)> {
    let mut writer = writer(before);
    let (mut count, mut made) = (0, String::new());
    for row in rows {
        for cell in &row {
            writer.write_field(cell.text(&mut made))?;
        }
        writer.write_record(None::<&[u8]>)?;
        count += 1;
    }
    Ok((writer.into_inner().map_err(csv::IntoInnerError::into_error)?, count))
}

fn writer(before: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(before)
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
