//! A sheet of a workbook (XLSX, XLSM, XLSB, XLS, ODS) as rows of text cells, as the workbook shows them.

use std::collections::VecDeque;
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::sync_channel;

use calamine::{Data, DataRef, HeaderRow, Ods, Reader, SheetType, SheetVisible, Style, Xls, Xlsb, Xlsx};
use csv::{ByteRecord, StringRecord};
use memchr::memmem;

use crate::PayrollError;
use crate::rows::batches::{BATCH_ROWS, Batch, Emptied, End, Record, RecordCells};
use crate::rows::cell_text::{CellText, leading_zeros};
use crate::rows::file_kind::FileKind;
use crate::rows::stored::Stored;
use crate::settings::SheetChoice;

/// Greatest size of a workbook, which is read as a whole.
const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Greatest size of what it is packed from.
const UNPACKED_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// Greatest size of the texts of one sheet.
const TEXT_BYTES_MAX: usize = 2 * 1024 * 1024 * 1024;
/// Columns that a sheet of Excel can have.
const COLUMNS_MAX: u32 = 16_384;
/// Sheets that an error names.
const SHEETS_SHOWN: usize = 12;

type Bytes = Cursor<Vec<u8>>;

/// The rows of a sheet.
#[derive(Debug)]
pub(crate) struct SheetBatches {
    batches: VecDeque<Batch>,
    pub emptied: Emptied,
    pub end: End,
}

impl SheetBatches {
    pub fn next(&mut self) -> Option<Batch> {
        self.batches.pop_front()
    }

    /// Reads the sheet that the job means of a file that begins like a workbook.
    pub fn read(
        path: &Path,
        mut stored: Stored,
        sheet: Option<&SheetChoice>,
        decimal_mark: char,
    ) -> Result<SheetBatches, PayrollError> {
        let mut bytes = Vec::new();
        let read = (&mut stored).take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
        read.map_err(|source| PayrollError::Unreadable { path: path.to_owned(), source })?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            let bytes = bytes.len() as u64;
            return Err(PayrollError::TooLarge { path: path.to_owned(), bytes, max: FILE_BYTES_MAX });
        }
        // The reader of a format is written for workbooks that programs made; a damaged one must not end the program.
        let sheet = catch_unwind(AssertUnwindSafe(|| sheet_of(bytes, sheet, decimal_mark)));
        let batches = sheet
            .unwrap_or_else(|_| Err(DAMAGED.to_owned()))
            .map_err(|what| PayrollError::Workbook { path: path.to_owned(), what })?;
        let (bytes, sha256) = stored.identity();
        // Its memory does not go round: nothing is read while rows are used.
        let emptied = Emptied(sync_channel(0).0);
        Ok(SheetBatches { batches, emptied, end: End { bytes, sha256, quoted: false } })
    }
}

const DAMAGED: &str = "it is damaged, or of a kind that is not known; save it anew as XLSX";
const PROTECTED: &str = "it is protected by a password; save it without one";
const TOO_LARGE: &str = "its sheet is larger than a payroll file can be; export it as CSV";

fn sheet_of(bytes: Vec<u8>, choice: Option<&SheetChoice>, decimal_mark: char) -> Result<VecDeque<Batch>, String> {
    let mut sheet = Sheet { cells: CellText::new(decimal_mark), ..Sheet::default() };
    if bytes.starts_with(b"PK") {
        check_unpacked(&bytes)?;
    }
    let names = |name: &str| memmem::find(&bytes, name.as_bytes()).is_some();
    match () {
        () if !bytes.starts_with(b"PK") => {
            let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| told(&format!("{error:?}")))?;
            sheet.add_range(&mut book, choice)?;
        }
        () if names("application/vnd.oasis.opendocument.spreadsheet") => {
            let mut book = Ods::new(Cursor::new(bytes)).map_err(|error| told(&format!("{error:?}")))?;
            sheet.add_range(&mut book, choice)?;
        }
        () if names("xl/workbook.bin") => {
            let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|error| told(&format!("{error:?}")))?;
            sheet.add_range(&mut book, choice)?;
        }
        () if names("xl/") => {
            let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| told(&format!("{error:?}")))?;
            sheet.add_cells(&mut book, choice)?;
        }
        () => return Err("it is a zip archive and no workbook; unpack it".to_owned()),
    }
    Ok(sheet.into_batches())
}

/// What is wrong, without the words of the reader: they may repeat what is in cells.
fn told(error: &str) -> String {
    if error.contains("Password") { PROTECTED } else { DAMAGED }.to_owned()
}

/// An archive can pack far more than any memory holds.
fn check_unpacked(bytes: &[u8]) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| DAMAGED.to_owned())?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(at).map_err(|_| DAMAGED.to_owned())?.size());
    }
    if unpacked > UNPACKED_BYTES_MAX { Err(TOO_LARGE.to_owned()) } else { Ok(()) }
}

/// The name of the sheet that the job means, or of the only one that is shown.
fn choose(metadata: &[calamine::Sheet], choice: Option<&SheetChoice>) -> Result<String, String> {
    let tables: Vec<&calamine::Sheet> = metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
    let shown: Vec<&str> =
        tables.iter().filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.as_str()).collect();
    let listed = || {
        let names: Vec<String> = shown.iter().take(SHEETS_SHOWN).map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    match choice {
        None if shown.len() == 1 => Ok(shown[0].to_owned()),
        None if shown.is_empty() => Err("it has no sheet that is shown".to_owned()),
        None => Err(format!("it has {} sheets: {}; name one in `sheet`", shown.len(), listed())),
        Some(SheetChoice::Name(name)) => match tables.iter().find(|sheet| sheet.name.trim() == name) {
            Some(sheet) => Ok(sheet.name.clone()),
            None => Err(format!("it has no sheet `{name}`; there are {}; correct `sheet`", listed())),
        },
        Some(SheetChoice::Number(number)) => match number.checked_sub(1).and_then(|at| tables.get(at as usize)) {
            Some(sheet) => Ok(sheet.name.clone()),
            None => Err(format!("it has no sheet {number}; there are {}; correct `sheet`", listed())),
        },
    }
}

/// A sheet as it is put together, from left to right and from top to bottom.
#[derive(Debug, Default)]
struct Sheet {
    cells: CellText,
    rows: Vec<Record>,
    row: StringRecord,
    /// Number of the row under way, from 0.
    at: u32,
    /// Whether it has a cell that is not blank.
    filled: bool,
    text_bytes: usize,
}

impl Sheet {
    /// Cells are read one by one: a stray one far off would make a table of the whole sheet.
    fn add_cells(&mut self, book: &mut Xlsx<Bytes>, choice: Option<&SheetChoice>) -> Result<(), String> {
        let name = choose(book.sheets_metadata(), choice)?;
        let mut reader = book.worksheet_cells_reader(&name).map_err(|_| DAMAGED.to_owned())?;
        let zeros: Vec<usize> = reader.styles().iter().map(zeros_of).collect();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| DAMAGED.to_owned())? {
            let zeros = zeros.get(style).copied().unwrap_or(0);
            let (row, column) = cell.get_position();
            self.add(row, column, cell.get_value(), zeros)?;
        }
        self.end_row();
        Ok(())
    }

    fn add_range<B: Reader<Bytes>>(&mut self, book: &mut B, choice: Option<&SheetChoice>) -> Result<(), String> {
        let name = choose(book.sheets_metadata(), choice)?;
        book.with_header_row(HeaderRow::FirstNonEmptyRow);
        let range = book.worksheet_range(&name).map_err(|_| DAMAGED.to_owned())?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells() {
            let (row, column) = (first_row + row as u32, first_column + column as u32);
            self.add(row, column, &by_reference(data), 0)?;
        }
        self.end_row();
        Ok(())
    }

    fn add(&mut self, row: u32, column: u32, data: &DataRef<'_>, zeros: usize) -> Result<(), String> {
        let cells = if row == self.at { self.row.len() } else { 0 };
        if row < self.at || (column as usize) < cells || column >= COLUMNS_MAX {
            return Err(DAMAGED.to_owned());
        }
        if row > self.at {
            self.end_row();
            self.at = row;
        }
        let text = self.cells.of(data, zeros);
        if text.is_empty() {
            return Ok(());
        }
        self.text_bytes += text.len();
        if self.text_bytes > TEXT_BYTES_MAX {
            return Err(TOO_LARGE.to_owned());
        }
        while self.row.len() < column as usize {
            self.row.push_field("");
        }
        self.filled |= !crate::cells::text::trim(&text).is_empty();
        self.row.push_field(&text);
        Ok(())
    }

    /// Rows of blank cells are passed over, as blank lines of a text are.
    fn end_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        if std::mem::take(&mut self.filled) {
            // Cut to its size: there are many.
            let cells = StringRecord::from(row.iter().collect::<Vec<&str>>());
            self.rows.push(Record { cells: RecordCells::Text(cells), line: u64::from(self.at) + 1 });
        }
    }

    fn into_batches(self) -> VecDeque<Batch> {
        let mut batches = VecDeque::new();
        let mut rows = self.rows.into_iter().peekable();
        while rows.peek().is_some() {
            let rows: Vec<Record> = rows.by_ref().take(BATCH_ROWS).collect();
            batches.push_back(Batch { filled: rows.len(), rows });
        }
        batches
    }
}

/// Digits that the number format of a style shows at least.
fn zeros_of(style: &Style) -> usize {
    style.number_format.as_ref().map_or(0, |format| leading_zeros(&format.format_code))
}

fn by_reference(data: &Data) -> DataRef<'_> {
    match data {
        Data::String(text) => DataRef::SharedString(text),
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::Bool(is) => DataRef::Bool(*is),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// Whether a file begins like a workbook.
pub fn is_workbook(head: &[u8]) -> bool {
    FileKind::of_head(head) == FileKind::Workbook
}

/// A sheet of a workbook as CSV: the one that is named, else the only one.
pub fn sheet_as_csv(bytes: Vec<u8>, sheet: Option<&SheetChoice>) -> Result<Vec<u8>, String> {
    let sheet = catch_unwind(AssertUnwindSafe(|| sheet_of(bytes, sheet, '.')));
    sheet.unwrap_or_else(|_| Err(DAMAGED.to_owned())).map(|batches| csv_of(&batches))
}

fn csv_of(batches: &VecDeque<Batch>) -> Vec<u8> {
    let rows = batches.iter().flat_map(|batch| &batch.rows).filter_map(Record::row);
    let columns = rows.clone().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut csv = csv::WriterBuilder::new().from_writer(Vec::new());
    let mut line = 1;
    for row in rows {
        let mut cells: ByteRecord = row.cells.clone();
        while cells.len() < columns {
            cells.push_field(b"");
        }
        // Rows keep their numbers.
        while line < row.line {
            let _ = csv.write_record(std::iter::repeat_n("", columns));
            line += 1;
        }
        let _ = csv.write_byte_record(&cells);
        line += 1;
    }
    csv.into_inner().unwrap_or_default()
}
