//! A list of the report, declared once: what each column is called, how wide it is, and which value of a row it shows.
//! The formats render tables; they know nothing of what is in them.

use std::borrow::Cow;

use chrono::NaiveDate;

use tieout_model::money::Currency;

use crate::names::{Named, ShownNames};

/// One value, typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    Blank,
    Text(Cow<'a, str>),
    /// An id that a spreadsheet would turn into a number.
    Id(&'a str),
    /// Counts of 1/10,000.
    Amount(i128, Currency),
    Currency(Currency),
    Count(u64),
    Date(NaiveDate),
}

/// What a column holds; a blank may stand in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// An employee id. `safe_name`: the name of the column beside it in which a CSV shows the id once more, out of a
    /// spreadsheet's reach.
    Id {
        safe_name: &'static str,
    },
    Amount,
    Currency,
    Count,
    Date,
    /// Each row its own.
    Any,
    /// Blank: whoever works with a workbook chooses one of these words.
    Choice(&'static [&'static str]),
    /// Blank: whoever works with a workbook writes into it.
    Entry,
}

/// The head of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// For programs: the header of the CSV.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Characters that should be seen of most rows.
    pub width: u16,
    pub kind: Kind,
    /// For who looks closer: a page shows it on request, a workbook folds it away.
    pub is_detail: bool,
    /// Its amounts may be added up, currency by currency.
    pub adds_up: bool,
    /// What it is the sum of, in each row; nothing where it stands for itself.
    pub sum_of: &'static [Term],
}

/// A column of the same row, by its name, that is added or taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    Plus(&'static str),
    Minus(&'static str),
}

/// A column of rows `R`.
pub struct Column<R> {
    heading: Heading,
    value: Value<R>,
    /// The row is about somebody who is not called as the employee is.
    unnamed: Option<fn(&R) -> bool>,
}

/// The value of a row that a column shows.
enum Value<R> {
    Text(fn(&R) -> Cow<'_, str>),
    Id(fn(&R) -> &str),
    Amount(fn(&R) -> Option<(i128, Currency)>),
    Currency(fn(&R) -> Option<Currency>),
    Count(fn(&R) -> u64),
    Date(fn(&R) -> Option<NaiveDate>),
    Any(fn(&R) -> Cell<'_>),
    Blank,
}

impl<R> Value<R> {
    fn of<'a>(&self, row: &'a R) -> Cell<'a> {
        match self {
            Value::Text(read) => Cell::Text(read(row)),
            Value::Id(read) => Some(read(row)).filter(|id| !id.is_empty()).map_or(Cell::Blank, Cell::Id),
            Value::Amount(read) => read(row).map_or(Cell::Blank, |(counts, currency)| Cell::Amount(counts, currency)),
            Value::Currency(read) => read(row).map_or(Cell::Blank, Cell::Currency),
            Value::Count(read) => Cell::Count(read(row)),
            Value::Date(read) => read(row).map_or(Cell::Blank, Cell::Date),
            Value::Any(read) => read(row),
            Value::Blank => Cell::Blank,
        }
    }
}

/// Marks a column for who looks closer.
pub fn detail<R>(mut column: Column<R>) -> Column<R> {
    column.heading.is_detail = true;
    column
}

/// Marks a column whose amounts may be added up.
pub fn adds_up<R>(mut column: Column<R>) -> Column<R> {
    column.heading.adds_up = true;
    column
}

/// Says what a column is the sum of, in each row.
pub fn sum_of<R>(terms: &'static [Term], mut column: Column<R>) -> Column<R> {
    column.heading.sum_of = terms;
    column
}

fn column<R>(name: &'static str, title: &'static str, width: u16, kind: Kind, value: Value<R>) -> Column<R> {
    let heading = Heading { name, title, width, kind, is_detail: false, adds_up: false, sum_of: &[] };
    Column { heading, value, unnamed: None }
}

pub fn text<R>(name: &'static str, title: &'static str, width: u16, read: fn(&R) -> Cow<'_, str>) -> Column<R> {
    column(name, title, width, Kind::Text, Value::Text(read))
}

/// The employee whom a row is about.
pub fn employee<R>(read: fn(&R) -> &str) -> Column<R> {
    column("employee_id", "Employee", 12, Kind::Id { safe_name: "employee_ref" }, Value::Id(read))
}

/// The same, but for rows about somebody else who had the id before.
pub fn employee_or_former<R>(read: fn(&R) -> &str, is_former: fn(&R) -> bool) -> Column<R> {
    Column { unnamed: Some(is_former), ..employee(read) }
}

pub fn amount<R>(name: &'static str, title: &'static str, read: fn(&R) -> Option<(i128, Currency)>) -> Column<R> {
    column(name, title, 14, Kind::Amount, Value::Amount(read))
}

/// The currency of the amounts of a row.
pub fn currency<R>(read: fn(&R) -> Option<Currency>) -> Column<R> {
    column("currency", "Currency", 9, Kind::Currency, Value::Currency(read))
}

pub fn count<R>(name: &'static str, title: &'static str, read: fn(&R) -> u64) -> Column<R> {
    column(name, title, 8, Kind::Count, Value::Count(read))
}

pub fn date<R>(name: &'static str, title: &'static str, read: fn(&R) -> Option<NaiveDate>) -> Column<R> {
    column(name, title, 12, Kind::Date, Value::Date(read))
}

/// A column whose rows hold values of different kinds.
pub fn any<R>(name: &'static str, title: &'static str, width: u16, read: fn(&R) -> Cell<'_>) -> Column<R> {
    column(name, title, width, Kind::Any, Value::Any(read))
}

pub fn choice<R>(name: &'static str, title: &'static str, words: &'static [&'static str]) -> Column<R> {
    column(name, title, 12, Kind::Choice(words), Value::Blank)
}

pub fn entry<R>(name: &'static str, title: &'static str, width: u16) -> Column<R> {
    column(name, title, width, Kind::Entry, Value::Blank)
}

/// A table whatever its rows are.
pub struct Table<'r> {
    /// Of its CSV, without the ending.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    filled: Box<dyn Rows + 'r>,
}

impl<'r> Table<'r> {
    pub fn new<R: Sync + 'r>(
        name: &'static str,
        title: &'static str,
        columns: Vec<Column<R>>,
        rows: Vec<R>,
    ) -> Table<'r> {
        Table { name, title, filled: Box::new(Filled { columns, rows }) }
    }

    pub fn headings(&self) -> Vec<Heading> {
        self.filled.headings()
    }

    /// The same with a column for names, where there are some and it has one for employees.
    pub fn with_names(self, names: &'r ShownNames) -> Table<'r> {
        let employee = self.headings().iter().position(|heading| matches!(heading.kind, Kind::Id { .. }));
        match employee.filter(|_| !names.is_empty()) {
            Some(employee) => Table { filled: Box::new(Named { rows: self.filled, names, employee }), ..self },
            None => self,
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.filled.count()
    }

    /// The value of a row, from 0, in a column, from 0; both must be there.
    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        self.filled.cell(row, column)
    }
}

/// What a table is made of.
pub trait Rows: Sync {
    fn headings(&self) -> Vec<Heading>;
    fn count(&self) -> usize;
    fn cell(&self, row: usize, column: usize) -> Cell<'_>;
    /// The row is about its employee, and nobody who had the id before.
    fn is_named(&self, row: usize) -> bool;
}

struct Filled<R> {
    columns: Vec<Column<R>>,
    rows: Vec<R>,
}

impl<R: Sync> Rows for Filled<R> {
    fn headings(&self) -> Vec<Heading> {
        self.columns.iter().map(|column| column.heading).collect()
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        self.columns[column].value.of(&self.rows[row])
    }

    fn is_named(&self, row: usize) -> bool {
        !self.columns.iter().filter_map(|column| column.unnamed).any(|unnamed| unnamed(&self.rows[row]))
    }
}
