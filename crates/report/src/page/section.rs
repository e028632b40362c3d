//! The other tables of the report, each folded below the findings.

use super::data;
use crate::figures::{amount, grouped};
use crate::table::{Cell, Kind, Table};

/// Rows of a table that the page shows; all of them are in its file.
const ROWS_MAX: usize = 500;

pub struct Section {
    pub name: &'static str,
    pub title: &'static str,
    /// How many rows there are, and where the others are.
    pub rows_text: String,
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<Shown>>,
}

pub struct Head {
    pub title: &'static str,
    pub is_number: bool,
}

pub struct Shown {
    pub text: String,
    pub is_number: bool,
}

pub fn of(table: &Table<'_>) -> Section {
    let (headings, rows) = (table.headings(), table.rows());
    let is_blank = |kind| matches!(kind, Kind::Choice(_) | Kind::Entry);
    let columns: Vec<usize> = (0..headings.len()).filter(|at| !is_blank(headings[*at].kind)).collect();
    let head = |at: &usize| {
        let is_number = matches!(headings[*at].kind, Kind::Amount | Kind::Count);
        Head { title: headings[*at].title, is_number }
    };
    let row = |row: usize| columns.iter().map(|at| shown(&table.cell(row, *at))).collect();
    Section {
        name: table.name,
        title: table.title,
        rows_text: rows_text(table.name, rows),
        heads: columns.iter().map(head).collect(),
        rows: (0..rows.min(ROWS_MAX)).map(row).collect(),
    }
}

fn rows_text(name: &str, rows: usize) -> String {
    let count = grouped(&rows.to_string());
    match rows > ROWS_MAX {
        true => format!("the first {ROWS_MAX} of {count}; all are in {name}.csv"),
        false => count,
    }
}

fn shown(cell: &Cell<'_>) -> Shown {
    match cell {
        Cell::Amount(counts, currency) => Shown { text: amount(*counts, *currency), is_number: true },
        Cell::Count(count) => Shown { text: grouped(&count.to_string()), is_number: true },
        other => Shown { text: data::text(other), is_number: false },
    }
}
