//! How a file becomes rows, and how its cells are written: what exports of different vendors differ in.

use std::collections::BTreeSet;

use tieout_model::finding::Payer;

use crate::layouts::employee_row::EmployeeRow;
use crate::layouts::row_pattern::RowPattern;
use crate::rows::encoding::Encoding;

/// How a file becomes rows of text cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFormat {
    pub encoding: Encoding,
    /// A line `sep=` before the header names another.
    pub delimiter: u8,
    /// Of a workbook; `None`: the only sheet that is shown.
    pub sheet: Option<SheetChoice>,
    /// With which the numbers of a workbook are written.
    pub decimal_mark: char,
}

impl Default for FileFormat {
    fn default() -> FileFormat {
        FileFormat { encoding: Encoding::Utf8, delimiter: b',', sheet: None, decimal_mark: '.' }
    }
}

/// Which sheet of a workbook is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetChoice {
    Name(String),
    /// From 1, in the order of the workbook.
    Number(u32),
}

/// What the rows of a file are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSettings {
    pub sheet: Option<SheetChoice>,
    /// Physical line, from 1, on which the header begins; `None`: the first row with all mapped headers.
    pub header_row: Option<u64>,
    /// A row of groups stands above the row of names: `Medical` above `EE` and `ER`.
    pub two_level_header: bool,
    /// Rows may end before the header does; the cells that are not there are blank.
    pub short_rows: bool,
    /// Rows whose first text is one of these are left out: subtotals, page titles, footers.
    pub skip_rows: Vec<RowPattern>,
    pub record_types: Option<RecordTypes>,
    /// Headers of columns in which a blank cell means what stands above it: ids and names that a report writes once.
    pub fill_down: Vec<String>,
    /// Rows that open an employee, whose the rows below are; in the long layout.
    pub employee_row: Option<EmployeeRow>,
    pub rows_per_person: RowsPerPerson,
}

/// A column that says what each row is. Words are compared without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordTypes {
    pub column: String,
    /// Rows whose amount is a deduction, as the layout reads it.
    pub take: BTreeSet<String>,
    /// Rows whose amount the employer pays, in the column of the employee's amount.
    pub employer: BTreeSet<String>,
    /// Rows of people that hold no deduction: earnings, taxes, net pay.
    pub person: BTreeSet<String>,
    /// Rows that are nobody's: headers and trailers of the file.
    pub leave: BTreeSet<String>,
}

/// How many rows the file has for an employee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RowsPerPerson {
    /// One; in the long layout, one an employee and code.
    #[default]
    One,
    /// By job, department or week. Deductions are added up, whatever their code; so are the columns named. All else is
    /// of the home row, and the period lasts from the first to the last day of all rows.
    Several { home: Option<Home>, sum: BTreeSet<SummedColumn> },
}

/// Which row says who the employee is; the first where none does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    pub column: String,
    /// Lower case.
    pub words: BTreeSet<String>,
}

/// A person column that may be added up over the rows of an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SummedColumn {
    Hours,
    Fte,
    BaseSalary,
}

/// How cells are written, beyond marks and the layout of dates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellSettings {
    /// Dates may be days since an epoch, as a spreadsheet counts them: 1900 or 1904.
    pub date_serials: Option<SerialEpoch>,
    /// Lower case. Cells with one of these are blank.
    pub none_words: BTreeSet<String>,
    /// Lower case. Amounts that are zero.
    pub zero_words: BTreeSet<String>,
    /// Upper case. Before or behind an amount: it is negative.
    pub negative_words: BTreeSet<String>,
    /// Upper case. Before or behind an amount, without a meaning.
    pub positive_words: BTreeSet<String>,
    /// Digits of an employee id; a shorter number gets the zeros that a spreadsheet took.
    pub id_digits: Option<usize>,
}

/// The day that a spreadsheet counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SerialEpoch {
    Year1900,
    Year1904,
}

/// How deduction amounts are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AmountSettings {
    /// `None`: not said. Mostly negative amounts are then not compared (AM10), as all of them would be wrong.
    pub employee_sign: Option<Sign>,
    pub employer_sign: Option<Sign>,
    /// Codes whose lines hold the employer's amount, in the column of the employee's.
    pub employer_codes: BTreeSet<String>,
    /// A 0 in a column of a deduction is a deduction of 0; else the employee has none.
    pub zero_is_a_line: bool,
}

impl AmountSettings {
    /// The sign of a side's amounts, when the job states it.
    pub fn sign(&self, payer: Payer) -> Option<Sign> {
        match payer {
            Payer::Employee => self.employee_sign,
            Payer::Employer => self.employer_sign,
        }
    }
}

/// How what is taken is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    #[default]
    Positive,
    /// What is taken is negative, what is paid back positive.
    Negative,
}
