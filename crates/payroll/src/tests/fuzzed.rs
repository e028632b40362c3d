//! Large files of cells that are made of pieces of amounts, dates, ids and rubbish: every row is read or rejected,
//! once.

use std::collections::BTreeSet;

use super::*;

const PIECES: [&str; 40] = [
    "0",
    "1",
    "12",
    "123",
    "1,234",
    "1.234,56",
    ".",
    ",",
    "'",
    "’",
    "-",
    "−",
    "(",
    ")",
    "%",
    "$",
    "€",
    "USD",
    "GBP",
    "CR",
    "DR",
    " ",
    "\u{a0}",
    "\u{202f}",
    "\t",
    "=\"7\"",
    "n/a",
    "—",
    "31/03/2026",
    "00/00/0000",
    "1/0/1900",
    "e5",
    "E-",
    "é",
    "١٢",
    "\0",
    "\u{feff}",
    "\u{200b}",
    "=1+1",
    "99999999999999999999",
];
const PIECES_MAX: usize = 5;
const ROWS: usize = 2_000;
const CELLS_A_ROW: usize = 6;
/// Of the rows.
const FIRST_LINE: usize = 2;

fn cell(random: &mut fastrand::Rng, text: &mut String) {
    text.push('"');
    for _ in 0..random.usize(..PIECES_MAX) {
        text.push_str(&PIECES[random.usize(..PIECES.len())].replace('"', "\"\""));
    }
    text.push('"');
}

/// Each row that was written, known by its id, is read or rejected: one of the two.
#[track_caller]
fn check_places(payroll: &Payroll) {
    let read = payroll.employee_ids().map(|id| id.parse::<usize>().expect("an id of a row that was written"));
    // The header is line 1, and no cell has a line break.
    let lines: BTreeSet<u64> = payroll.rejects.iter().map(|reject| reject.line).collect();
    let rejected = lines.iter().map(|line| *line as usize - FIRST_LINE);
    let mut places: Vec<usize> = read.chain(rejected).collect();
    places.sort_unstable();
    assert!(places.into_iter().eq(0..ROWS), "a row is nowhere, or in two places: {:?}", payroll.rows);
}

/// Reads files until there were so many cells.
fn read_cells(cells: usize, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut case = Case::new();
    case.settings.columns.hire_date = named("name");
    let (mut read, mut rejected) = (0, 0);
    while read * CELLS_A_ROW < cells {
        let mut text = format!("{HEADER}\n");
        for row in 0..ROWS {
            text.push_str(&row.to_string());
            for _ in 1..CELLS_A_ROW {
                text.push(',');
                cell(&mut random, &mut text);
            }
            text.push('\n');
        }
        let payroll = case.read(text.as_bytes()).expect("any share of rejected rows is allowed");
        check_balance(&payroll);
        check_places(&payroll);
        read += ROWS;
        rejected += payroll.rows.rejected;
    }
    // Rows of both kinds, or nothing was proved.
    assert!(rejected > 0 && rejected < read as u64, "{rejected} of {read} rows were rejected");
}

#[test]
fn cells_of_pieces_are_read_or_reject_their_row() {
    read_cells(100_000, 1);
}

/// A hundred thousand damaged files: `PROPTEST_CASES=100000 cargo test -p tieout-payroll damaged_export`.
#[test]
#[ignore = "takes minutes: `cargo test -p tieout-payroll -- --ignored ten_million` runs it"]
fn ten_million_cells_of_pieces_are_read_or_reject_their_row() {
    read_cells(10_000_000, 2);
}
