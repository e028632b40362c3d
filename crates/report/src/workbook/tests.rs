//! The workbook as another program reads it: each cell is the table's, and each formula comes to our figure.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use proptest::prelude::*;

use tieout_model::finding::Code;
use tieout_model::money::decimal_text;

use super::*;
use crate::sample;
use crate::table::{Cell, Kind, Table, Term, text};

fn read(report: &Report) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes(report).expect("written"))).expect("a workbook")
}

/// A cell of a table as it must be read back.
fn expected(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text.to_string(),
        Cell::Id(id) => (*id).to_owned(),
        Cell::Currency(currency) => currency.code().to_owned(),
        Cell::Count(count) => count.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Amount(counts, currency) => decimal_text(*counts, currency.decimals()),
    }
}

/// What was read, in the same form.
fn shown(data: &Data, cell: &Cell<'_>) -> String {
    match (data, cell) {
        (Data::Empty, _) => String::new(),
        (Data::Float(number), Cell::Amount(_, currency)) => {
            let counts: i128 = format!("{:.0}", number * 10_000.0).parse().expect("an amount");
            decimal_text(counts, currency.decimals())
        }
        (Data::DateTime(day), _) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
        (data, _) => data.to_string(),
    }
}

#[test]
fn every_cell_of_every_table_is_read_back_as_what_it_is() {
    let report = sample::report();
    let mut workbook = read(&report);
    for table in tables::sheets(&report) {
        let range = workbook.worksheet_range(table.title).expect("the sheet");
        for (column, heading) in table.headings().iter().enumerate() {
            assert_eq!(range.get((0, column)), Some(&Data::String(heading.title.to_owned())), "{}", table.name);
            for row in 0..table.rows() {
                let cell = table.cell(row, column);
                let data = range.get((row + 1, column)).unwrap_or(&Data::Empty);
                assert_eq!(shown(data, &cell), expected(&cell), "{} {} {row}", table.name, heading.name);
                if let (Cell::Id(_), data) = (&cell, data) {
                    assert!(matches!(data, Data::String(_)), "an id is a text: {data:?}");
                }
            }
        }
    }
}

#[test]
fn the_same_night_has_the_same_bytes() {
    assert!(bytes(&sample::report()).expect("written") == bytes(&sample::report()).expect("written"));
}

#[test]
fn a_column_that_is_a_sum_is_one_in_every_row() {
    let report = sample::report();
    for table in tables::sheets(&report) {
        let headings = table.headings();
        let counts = |row: usize, name: &str| {
            let column = headings.iter().position(|heading| heading.name == name).expect("a column");
            match table.cell(row, column) {
                Cell::Amount(counts, _) => counts,
                other => panic!("{name} holds {other:?}"),
            }
        };
        for heading in headings.iter().filter(|heading| !heading.sum_of.is_empty()) {
            for row in 0..table.rows() {
                let sum: i128 = heading
                    .sum_of
                    .iter()
                    .map(|term| match term {
                        Term::Plus(name) => counts(row, name),
                        Term::Minus(name) => -counts(row, name),
                    })
                    .sum();
                assert_eq!(counts(row, heading.name), sum, "{} {}", table.name, heading.name);
            }
        }
    }
}

/// The formulas of a sheet by cell, as written.
fn formulas(report: &Report, sheet: &str) -> Vec<(u32, u32, String)> {
    let range = read(report).worksheet_formula(sheet).expect("the sheet");
    let (top, left) = range.start().unwrap_or((0, 0));
    let cells = range.used_cells().map(|(row, column, text)| (top + row as u32, left + column as u32, text.clone()));
    cells.collect()
}

#[test]
fn totals_stand_below_as_formulas_by_currency() {
    let report = sample::report();
    let found = formulas(&report, "Control totals");
    let total = |row: u32, column: u32| {
        found.iter().find(|(r, c, _)| (*r, *c) == (row, column)).map(|(_, _, formula)| formula.as_str())
    };
    // Header, two rows, a blank one; currencies in the order of their codes. Column D is what payroll took.
    assert_eq!(total(4, 3), Some("ROUND(SUMIFS(D2:D3,B2:B3,\"JPY\"),0)"));
    assert_eq!(total(5, 3), Some("ROUND(SUMIFS(D2:D3,B2:B3,\"USD\"),2)"));
    // 0.30 = 0.10 + 0.20, which binary numbers do not make by themselves.
    let range = read(&report).worksheet_range("Exceptions").expect("the sheet");
    let difference = range.rows().next().expect("a header").iter().position(|head| head == "Difference");
    assert_eq!(range.get((6, difference.expect("a column"))), Some(&Data::Float(0.3)));
}

#[test]
fn the_front_sheet_takes_its_money_from_the_exceptions() {
    let found = formulas(&sample::report(), "Summary");
    let cells = ["G", "H", "I"].map(|column| format!("'Exceptions'!${column}$2:${column}$4"));
    let [amounts, currencies, directions] = cells;
    let of_usd = format!("ROUND(ABS(SUMIFS({amounts},{currencies},\"USD\",{directions},\"under-collected\")),2)");
    assert!(found.iter().any(|(_, _, formula)| *formula == of_usd), "{found:?}");
}

#[test]
fn the_last_sheet_has_the_totals_and_room_for_those_who_sign_them() {
    let mut workbook = read(&sample::report());
    assert_eq!(workbook.sheet_names().last().map(String::as_str), Some("Sign-off"));
    let range = workbook.worksheet_range("Sign-off").expect("the sheet");
    let row = |name: &str| {
        let found = range.rows().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name}: {range:?}"));
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(row("USD employee")[1..4], ["0", "0.3", "0"]);
    assert_eq!(row("JPY")[1..3], ["1234", "0"]);
    assert_eq!(row("Findings")[1], "3");
    assert_eq!(row("Signed off by")[1..4], ["", "", ""]);
}

#[test]
fn decisions_are_chosen_from_a_list() {
    let bytes = bytes(&sample::report()).expect("written");
    let mut archive = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let range = archive.worksheet_range("Corrections").expect("the sheet");
    let heads: Vec<String> = range.rows().next().expect("a header").iter().map(ToString::to_string).collect();
    for head in ["Decision", "Decided by", "Reason", "Item hash"] {
        assert!(heads.iter().any(|found| found == head), "{head} is not in {heads:?}");
    }
}

/// What may hide a formula, a formula perhaps, and anything.
const HOSTILE: &str = "[\0-\u{20}\u{7f}-\u{a0}\u{200b}-\u{200f}\u{feff}]{0,4}[=+@-]?.{0,12}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a source holds: no cell is a formula, and none has changed but for a NUL, which is seen.
    #[test]
    fn no_text_becomes_a_live_cell(texts in prop::collection::vec(HOSTILE, 1..20)) {
        let columns = vec![text("a", "A", 9, |text: &String| text.as_str().into())];
        let table = Table::new("t", "T", columns, texts.clone());
        let mut workbook = Workbook::new();
        workbook.push_worksheet(Placed::of(&table).sheet(&Style::new()).expect("a sheet"));
        let bytes = workbook.save_to_buffer().expect("written");
        let mut read: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
        prop_assert_eq!(read.worksheet_formula("T").expect("the sheet").used_cells().count(), 0);
        let range = read.worksheet_range("T").expect("the sheet");
        for (row, text) in texts.iter().enumerate() {
            let found = range.get((row + 1, 0)).map(ToString::to_string).unwrap_or_default();
            prop_assert_eq!(found, text.replace('\0', "\u{fffd}"));
        }
    }
}

#[test]
fn a_text_longer_than_a_cell_is_cut_where_it_is_seen() {
    let long = "x\u{1f600}".repeat(20_000);
    let table = Table::new("t", "T", vec![text("a", "A", 9, |text: &String| text.as_str().into())], vec![long]);
    let mut workbook = Workbook::new();
    workbook.push_worksheet(Placed::of(&table).sheet(&Style::new()).expect("a sheet"));
    let bytes = workbook.save_to_buffer().expect("written");
    let mut read: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let cell = read.worksheet_range("T").expect("the sheet").get((1, 0)).expect("a cell").to_string();
    assert!(cell.ends_with('\u{2026}') && cell.encode_utf16().count() <= 32_767);
}

#[test]
fn an_amount_with_more_digits_than_a_number_keeps_stays_a_text() {
    let mut report = sample::report();
    report.exceptions.push(sample::exception(4, Code::EN01, 1_234_567_890_123_456, "USD"));
    let table = tables::sheets(&report).into_iter().next().expect("the exceptions");
    let column = table.headings().iter().position(|heading| heading.name == "exposure_to_date").expect("a column");
    assert!(matches!(table.headings()[column].kind, Kind::Amount));
    let range = read(&report).worksheet_range("Exceptions").expect("the sheet");
    assert_eq!(range.get((4, column)), Some(&Data::String("123456789012.3456".to_owned())));
}
