//! CSV cells by type. Text is made safe for spreadsheets because it is text, never because of how it looks; numbers
//! come from our own formatter only and stay numbers, negative ones too.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::NaiveDate;

use tieout_model::hash::sha256_hex;
use tieout_model::money::{Currency, write_decimal};
use tieout_model::side::side_by_side;

use crate::PackFile;

/// First characters by which a spreadsheet takes a text for a formula; the wide ones, which Japanese and Chinese
/// keyboards write, by some.
const FORMULA_STARTS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
/// Spreadsheets drop it, so that what follows it comes first.
const NUL: char = '\0';
/// Stands in its place, so that it is seen.
const REPLACEMENT: &str = "\u{fffd}";
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
            Cell::Text(text) if !is_hostile(text) => return text,
            Cell::Owned(text) if !is_hostile(text) => return text,
            Cell::Text(text) => write!(made, "{}", guarded(text)),
            Cell::Owned(text) => write!(made, "{}", guarded(text)),
            Cell::Id(id) => write!(made, "id:{}", without_nul(id)),
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

/// A text that no spreadsheet takes for a formula or, in brackets, for a negative number: one that would be stands
/// behind an apostrophe.
pub fn guarded(text: &str) -> Cow<'_, str> {
    match is_formula(text) {
        true => format!("'{}", without_nul(text)).into(),
        false => without_nul(text),
    }
}

/// A text in which each NUL is a visible mark.
pub fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains(NUL) { text.replace(NUL, REPLACEMENT).into() } else { text.into() }
}

fn is_hostile(text: &str) -> bool {
    is_formula(text) || text.contains(NUL)
}

fn is_formula(text: &str) -> bool {
    text.starts_with(FORMULA_STARTS)
        || text.trim_start_matches(is_unseen).starts_with(FORMULA_STARTS)
        || is_bracketed_number(text)
}

/// Controls, blanks, and what takes no room: a program that drops them finds what follows at the start of the cell.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// `(401)`: accountants write −401 so, and spreadsheets read it so; with marks, blanks, signs of currency, an exponent.
fn is_bracketed_number(text: &str) -> bool {
    let inner = text.trim_matches(is_unseen).strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
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
    use proptest::prelude::*;

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
    fn what_a_spreadsheet_drops_does_not_hide_a_formula() {
        for unseen in ["\0", "\n", "\u{b}", " ", "\u{85}", "\u{a0}", "\u{200b}", "\u{200e}", "\u{feff}", "\0 \u{ad}"] {
            for text in ["=1+1", "+1", "-1", "@a", "\u{ff1d}1", "(401)"] {
                let cell = guarded(&format!("{unseen}{text}")).into_owned();
                assert!(cell.starts_with('\'') && cell.ends_with(text) && !cell.contains('\0'), "{cell:?}");
            }
        }
    }

    #[test]
    fn a_nul_is_shown_as_a_mark_wherever_it_stands() {
        check_row(
            vec![Cell::Text("a\0b"), safe_id("0\x001"), Cell::Text("\0")],
            "a\u{fffd}b,id:0\u{fffd}1,\u{fffd}\r\n",
        );
    }

    /// What may hide a formula, a formula perhaps, and anything.
    const HOSTILE: &str = "[\0-\u{20}\u{7f}-\u{a0}\u{200b}-\u{200f}\u{2060}\u{feff}]{0,4}[=+@-]?.{0,8}";
    const CLEAN: &str = "[A-Za-z0-9\u{c0}-\u{17f}][^\0]{0,12}";

    proptest! {
        /// As a reader sees it: what takes no room dropped, a cell never begins like a formula.
        #[test]
        fn no_text_becomes_a_live_cell(text in HOSTILE) {
            let file = table("t.csv", false, &["a", "b"], std::iter::once(vec![Cell::Text(&text), Cell::Blank]));
            let bytes = file.expect("rendered").bytes;
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let record = reader.records().next().expect("a row").expect("sound");
            let seen = record[0].trim_start_matches(is_unseen);
            prop_assert!(!seen.starts_with(['=', '+', '-', '@']), "{:?}", &record[0]);
            prop_assert!(!record[0].contains('\0'));
            let kept = record[0].strip_prefix('\'').filter(|_| !text.starts_with('\'')).unwrap_or(&record[0]);
            prop_assert_eq!(kept, text.replace('\0', REPLACEMENT));
        }

        #[test]
        fn a_text_that_begins_with_a_letter_or_a_digit_is_written_as_it_is(text in CLEAN) {
            prop_assert_eq!(guarded(&text), text.as_str());
        }
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
