//! A table as CSV: RFC 4180 with CRLF. Text is made safe for spreadsheets because it is text, never because of how it
//! looks; numbers come from our own formatter only and stay numbers, negative ones too.

use rayon::prelude::*;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use tieout_model::hash::sha256_hex;
use tieout_model::money::write_decimal;

use crate::PackFile;
use crate::settings::CsvFormat;
use crate::table::{Cell, Heading, Kind, Table};

/// First characters by which a spreadsheet takes a text for a formula; the wide ones, which Japanese and Chinese
/// keyboards write, by some.
const FORMULA_STARTS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
/// Spreadsheets drop it, so that what follows it comes first.
const NUL: char = '\0';
/// Stands in its place, so that it is seen.
const REPLACEMENT: &str = "\u{fffd}";
/// The decimal mark of our own formatter.
const POINT: char = '.';
/// The one letter that a number can hold.
const EXPONENT: char = 'e';
/// Before an id: letters make it a text.
const ID_MARK: &str = "id:";
/// Rows that one thread renders at a time.
const PIECE_ROWS: usize = 4096;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Renders a table as the file of its name.
pub fn file(table: &Table<'_>, format: CsvFormat) -> anyhow::Result<PackFile> {
    let headings = table.headings();
    let mut bytes = if format.bom { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    bytes.extend(top(&headings, format)?);
    let starts: Vec<usize> = (0..table.rows()).step_by(PIECE_ROWS).collect();
    let piece = |start: usize| lines(table, &headings, format, start..table.rows().min(start + PIECE_ROWS));
    let pieces: Vec<Vec<u8>> = starts.into_par_iter().map(piece).collect::<anyhow::Result<_>>()?;
    bytes.extend(pieces.into_iter().flatten());
    let rows = Some(table.rows() as u64);
    Ok(PackFile { name: format!("{}.csv", table.name).into(), sha256: sha256_hex(&bytes), bytes, rows })
}

fn top(headings: &[Heading], format: CsvFormat) -> anyhow::Result<Vec<u8>> {
    let mut writer = writer(format);
    for heading in headings {
        writer.write_field(heading.name)?;
        if let Kind::Id { safe_name } = heading.kind {
            writer.write_field(safe_name)?;
        }
    }
    writer.write_record(None::<&[u8]>)?;
    end(writer)
}

fn lines(table: &Table<'_>, headings: &[Heading], format: CsvFormat, rows: Range<usize>) -> anyhow::Result<Vec<u8>> {
    let (mut writer, mut made) = (writer(format), String::new());
    for row in rows {
        for (column, heading) in headings.iter().enumerate() {
            let cell = table.cell(row, column);
            writer.write_field(text(&cell, format.decimal_mark, &mut made))?;
            if let Kind::Id { .. } = heading.kind {
                writer.write_field(safe(&cell, &mut made))?;
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    end(writer)
}

fn writer(format: CsvFormat) -> csv::Writer<Vec<u8>> {
    let mut builder = csv::WriterBuilder::new();
    builder.delimiter(format.delimiter).terminator(csv::Terminator::CRLF).from_writer(Vec::new())
}

fn end(writer: csv::Writer<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

/// As written to the file, before quoting. What is not there as it is, is put together in `made`.
fn text<'t>(cell: &'t Cell<'_>, decimal_mark: char, made: &'t mut String) -> &'t str {
    made.clear();
    // Writing to a String cannot fail.
    let _ = match cell {
        Cell::Blank => return "",
        Cell::Text(text) if !is_hostile(text) => return text,
        Cell::Id(id) if !is_hostile(id) => return id,
        Cell::Text(text) => write!(made, "{}", guarded(text)),
        Cell::Id(id) => write!(made, "{}", guarded(id)),
        Cell::Amount(counts, currency) => {
            write_decimal(made, *counts, currency.decimals());
            if decimal_mark != POINT {
                *made = made.replace(POINT, decimal_mark.encode_utf8(&mut [0; 4]));
            }
            Ok(())
        }
        Cell::Currency(currency) => write!(made, "{currency}"),
        Cell::Count(count) => write!(made, "{count}"),
        Cell::Date(date) => write!(made, "{date}"),
    };
    made
}

/// An id that a spreadsheet can't turn into a number: `00123` becomes `id:00123`.
fn safe<'t>(cell: &Cell<'_>, made: &'t mut String) -> &'t str {
    made.clear();
    if let Cell::Id(id) = cell {
        // Writing to a String cannot fail.
        let _ = write!(made, "{ID_MARK}{}", without_nul(id));
    }
    made
}

/// A text that no spreadsheet takes for a formula or, in brackets, for a negative number: one that would be stands
/// behind an apostrophe.
pub fn guarded(text: &str) -> Cow<'_, str> {
    match is_formula(text) {
        true => format!("'{}", without_nul(text)).into(),
        false => without_nul(text),
    }
}

/// The reverse of [`guarded`].
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use tieout_model::money::Currency;

    use super::*;
    use crate::table::{any, employee};

    fn usd() -> Currency {
        Currency::parse("USD").expect("listed")
    }

    const BARE: CsvFormat = CsvFormat { bom: false, ..CsvFormat::PLAIN };
    const GERMAN: CsvFormat = CsvFormat { bom: false, ..CsvFormat::EXCEL_DE };

    /// Renders one column, a cell a row.
    fn rendered(cells: Vec<Cell<'_>>) -> String {
        rendered_as(BARE, cells)
    }

    fn rendered_as(format: CsvFormat, cells: Vec<Cell<'_>>) -> String {
        let table = Table::new("t", "T", vec![any("a", "A", 1, |cell: &Cell<'_>| cell.clone())], cells);
        String::from_utf8(file(&table, format).expect("rendered").bytes).expect("UTF-8")
    }

    fn check_texts<const N: usize>(texts: [&str; N], expected: [&str; N]) {
        let cells = texts.map(|text| Cell::Text(text.into())).to_vec();
        assert_eq!(rendered(cells), format!("a\r\n{}\r\n", expected.join("\r\n")));
    }

    #[test]
    fn a_text_that_looks_like_a_formula_is_neutralised() {
        check_texts(["=1+1", "-x", "@a", "a=b"], ["'=1+1", "'-x", "'@a", "a=b"]);
    }

    #[test]
    fn a_code_in_brackets_that_looks_like_a_number_stays_a_text() {
        check_texts(["(401)", "(1.5E5)", "($ 4)"], ["'(401)", "'(1.5E5)", "'($ 4)"]);
        check_texts(["(GYM)", "(401K)", "()"], ["(GYM)", "(401K)", "()"]);
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
        check_texts(["a\0b", "\0"], ["a\u{fffd}b", "\u{fffd}"]);
        let ids = Table::new("t", "T", vec![employee(|id: &&str| id)], vec!["0\x001"]);
        let text = String::from_utf8(file(&ids, BARE).expect("rendered").bytes).expect("UTF-8");
        assert_eq!(text, "employee_id,employee_ref\r\n0\u{fffd}1,id:0\u{fffd}1\r\n");
    }

    /// What may hide a formula, a formula perhaps, and anything.
    const HOSTILE: &str = "[\0-\u{20}\u{7f}-\u{a0}\u{200b}-\u{200f}\u{2060}\u{feff}]{0,4}[=+@-]?.{0,8}";
    const CLEAN: &str = "[A-Za-z0-9\u{c0}-\u{17f}][^\0]{0,12}";

    proptest! {
        /// As a reader sees it: what takes no room dropped, a cell never begins like a formula.
        #[test]
        fn no_text_becomes_a_live_cell(text in HOSTILE, format in prop_oneof![Just(BARE), Just(GERMAN)]) {
            let rendered = rendered_as(format, vec![Cell::Text(text.as_str().into()), Cell::Text("x".into())]);
            let mut reader =
                csv::ReaderBuilder::new().delimiter(format.delimiter).from_reader(rendered.as_bytes());
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
        let amounts = vec![Cell::Amount(-50_000, usd()), Cell::Amount(1, usd())];
        assert_eq!(rendered(amounts), "a\r\n-5.00\r\n0.0001\r\n");
    }

    #[test]
    fn for_a_german_excel_amounts_have_a_comma_and_texts_keep_their_points() {
        let cells = vec![
            Cell::Amount(-50_000, usd()),
            Cell::Amount(12_345_678_901, usd()),
            Cell::Text("1.5; 2,5".into()),
            Cell::Text("=1,5".into()),
            Cell::Text("(1,5)".into()),
            Cell::Id("00123"),
        ];
        let expected = "a\r\n-5,00\r\n1234567,8901\r\n\"1.5; 2,5\"\r\n'=1,5\r\n'(1,5)\r\n00123\r\n";
        assert_eq!(rendered_as(GERMAN, cells), expected);
        let ids = Table::new("t", "T", vec![employee(|id: &&str| id)], vec!["00123"]);
        let text = String::from_utf8(file(&ids, GERMAN).expect("rendered").bytes).expect("UTF-8");
        assert_eq!(text, "employee_id;employee_ref\r\n00123;id:00123\r\n");
    }

    #[test]
    fn a_leading_zero_survives_beside_the_raw_id() {
        let ids = Table::new("t", "T", vec![employee(|id: &&str| id)], vec!["00123", "=1", ""]);
        let text = String::from_utf8(file(&ids, BARE).expect("rendered").bytes).expect("UTF-8");
        assert_eq!(text, "employee_id,employee_ref\r\n00123,id:00123\r\n'=1,id:=1\r\n,\r\n");
    }

    #[test]
    fn quotes_commas_and_line_breaks_are_quoted() {
        check_texts(["O\"Neil, Zo\u{eb}\nx"], ["\"O\"\"Neil, Zo\u{eb}\nx\""]);
    }

    #[test]
    fn the_byte_order_mark_comes_first_when_asked_for() {
        let none = Table::new("t", "T", vec![employee(|id: &&str| id)], Vec::new());
        assert_eq!(
            file(&none, CsvFormat::PLAIN).expect("rendered").bytes,
            "\u{feff}employee_id,employee_ref\r\n".as_bytes()
        );
    }
}
