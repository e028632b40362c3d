//! How a report is written.

use serde::Deserialize;

use tieout_model::money::Marks;

/// How its CSV files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvFormat {
    /// Between the cells: an ASCII character.
    pub delimiter: u8,
    /// `.` or `,`, of amounts; thousands have no mark.
    pub decimal_mark: char,
    /// A byte order mark first, so that Excel reads UTF-8.
    pub bom: bool,
}

impl CsvFormat {
    /// As programs read it, and Excel in most countries.
    pub const PLAIN: CsvFormat = CsvFormat { delimiter: b',', decimal_mark: '.', bom: true };
    /// As Excel reads it in Germany, Austria, and wherever the comma is the decimal mark.
    pub const EXCEL_DE: CsvFormat = CsvFormat { delimiter: b';', decimal_mark: ',', bom: true };

    /// The marks of its amounts.
    pub fn marks(self) -> Marks {
        Marks { decimal: self.decimal_mark, thousands: None }
    }

    /// Whether its cells and amounts are written as in [`CsvFormat::PLAIN`].
    pub fn is_plain(self) -> bool {
        (self.delimiter, self.decimal_mark) == (CsvFormat::PLAIN.delimiter, CsvFormat::PLAIN.decimal_mark)
    }
}

/// As what the report is written beside its CSV files, which queue and later nights read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formats {
    pub workbook: bool,
    pub page: bool,
    /// The tables of the proof, and the file that derives one from the other.
    pub proof: bool,
}

impl Formats {
    pub const ALL: Formats = Formats { workbook: true, page: true, proof: true };
}

/// What of an employee's name stands beside the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameStyle {
    Full,
    Initials,
    None,
}
