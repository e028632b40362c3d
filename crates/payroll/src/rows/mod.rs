//! A file as rows of text cells with their physical line. Cells are decoded one by one, so that a bad byte costs a row
//! and not the run.

pub(super) mod batches;
pub(super) mod cell_text;
pub(super) mod csv_batches;
pub(super) mod decoded;
pub(super) mod encoding;
pub(super) mod file_kind;
pub(super) mod line_breaks;
pub(super) mod line_reader;
pub(super) mod stored;
pub(super) mod workbook;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use csv::{ByteRecord, StringRecord};

use crate::PayrollError;
use crate::cells::text::{mask, trim};
use crate::locate::Watch;
use crate::rows::batches::{Batch, Batches, Broken, Emptied, End, Record, RecordCells};
use crate::rows::csv_batches::CsvBatches;
use crate::rows::decoded::Decoded;
use crate::rows::file_kind::{FileKind, HEAD_BYTES};
use crate::rows::line_reader::LineReader;
use crate::rows::stored::{FILE_BYTES_MAX, Stored};
use crate::rows::workbook::SheetBatches;
use crate::settings::{Encoding, FileFormat};
use tieout_model::source::InputFile;

/// What Excel writes on a line of its own before the header: `sep=` and the delimiter.
const DELIMITER_LINE: &[u8] = b"sep=";
/// Bytes of that line with its break.
const DELIMITER_LINE_BYTES: usize = DELIMITER_LINE.len() + 2;

/// Bytes at the beginning of a file of which one is 0 when they are UTF-16.
const ZEROS_WITHIN: usize = 4;

/// An open file, read row by row.
#[derive(Debug)]
pub(super) struct Rows {
    pub path: PathBuf,
    watch: Watch,
    batches: Batches,
    batch: Batch,
    /// The next row of the batch.
    at: usize,
}

/// One row; cells are borrowed from the batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub cells: &'r ByteRecord,
    pub line: u64,
    /// `None` when one of the cells is not UTF-8.
    text: Option<&'r StringRecord>,
}

/// A cell with bytes that its encoding does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Undecodable;

impl Record {
    /// `None`: nothing was read into the cells.
    pub fn row(&self) -> Option<Row<'_>> {
        let line = self.line;
        match &self.cells {
            RecordCells::None => None,
            RecordCells::Text(text) => Some(Row { cells: text.as_byte_record(), line, text: Some(text) }),
            RecordCells::Bytes(cells) => Some(Row { cells, line, text: None }),
        }
    }
}

impl<'r> Row<'r> {
    /// Physical line as tables hold it.
    pub fn line_number(&self) -> u32 {
        u32::try_from(self.line).expect("a file has fewer bytes, so fewer lines, than a u32 can count")
    }

    /// Whether every cell is readable.
    pub fn is_text(&self) -> bool {
        self.text.is_some()
    }

    /// Text of a cell without blanks around it; blank when the row has no such cell.
    pub fn text(&self, at: usize) -> Result<&'r str, Undecodable> {
        if let Some(text) = self.text {
            return Ok(text.get(at).map(trim).unwrap_or_default());
        }
        let cell = self.cells.get(at).unwrap_or_default();
        std::str::from_utf8(cell).map(trim).map_err(|_| Undecodable)
    }

    pub fn masked(&self, at: usize) -> String {
        mask(self.cells.get(at).unwrap_or_default())
    }

    /// Line breaks inside quoted cells.
    pub fn inner_breaks(&self) -> usize {
        self.cells.as_slice().iter().filter(|b| **b == b'\n').count()
    }

    pub fn is_blank(&self) -> bool {
        (0..self.cells.len()).all(|at| self.text(at) == Ok(""))
    }
}

impl Rows {
    /// Opens a file that must hold still until it is closed, and for `settle` at least.
    pub fn open(path: &Path, format: &FileFormat, settle: Duration) -> Result<Rows, PayrollError> {
        let watch = Watch::new(path, settle)?;
        let batches = match open(path, format, &watch) {
            Ok(batches) => batches,
            // Whatever seems wrong with a file that somebody still writes, that is the reason.
            Err(error) => return Err(watch.check().err().unwrap_or(error)),
        };
        Ok(Rows { path: path.to_owned(), watch, batches, batch: Batch::default(), at: 0 })
    }

    /// Whether they are those of a workbook: blank cells at the end of a row are then not there, and dates are dates.
    pub fn are_of_workbook(&self) -> bool {
        matches!(self.batches, Batches::Sheet(_))
    }

    /// The next row; `None` at the end of the file.
    pub fn next(&mut self) -> Result<Option<Row<'_>>, PayrollError> {
        if self.at == self.batch.filled && !self.turn()? {
            return Ok(None);
        }
        self.at += 1;
        Ok(self.batch.rows[self.at - 1].row())
    }

    /// The batch under way, or the next one when all its rows were read, and its first row that was not; `None` at the
    /// end of the file.
    pub fn take_batch(&mut self) -> Result<Option<(Batch, usize)>, PayrollError> {
        if self.at == self.batch.filled && !self.turn()? {
            return Ok(None);
        }
        Ok(Some((std::mem::take(&mut self.batch), std::mem::take(&mut self.at))))
    }

    /// Puts the next batch in place of the last; false at the end of the file.
    fn turn(&mut self) -> Result<bool, PayrollError> {
        self.batches.emptied().give(std::mem::take(&mut self.batch));
        self.at = 0;
        let next = self.batches.next().map_err(|broken| self.read_error(broken))?;
        let more = next.is_some();
        self.batch = next.unwrap_or_default();
        Ok(more)
    }

    /// Where the memory of batches goes that were taken and are used.
    pub fn emptied(&self) -> Emptied {
        self.batches.emptied().clone()
    }

    fn read_error(&self, broken: Broken) -> PayrollError {
        let path = self.path.clone();
        match broken {
            Broken::OpenQuote { line } => PayrollError::UnclosedQuote { path, line },
            Broken::Unreadable(error) => PayrollError::Unreadable { path, source: error.into() },
        }
    }

    /// How many times what lies before `offset` is still to come.
    pub fn times_to_come(&self, offset: u64) -> usize {
        let read = offset.max(1);
        usize::try_from(self.watch.before.bytes.saturating_sub(read).div_ceil(read)).unwrap_or(usize::MAX)
    }

    /// Whether the file ended, blanks aside, with a quote.
    pub fn ends_quoted(&self) -> bool {
        self.batches.end().is_some_and(|end| end.quoted)
    }

    /// Fails when the file is no longer what it was at its opening.
    pub fn check_unchanged(&self) -> Result<(), PayrollError> {
        self.watch.check()
    }

    /// Ends the reading: the file must be what it was at its opening.
    pub fn close(self) -> Result<InputFile, PayrollError> {
        self.watch.check()?;
        match self.batches.end().cloned() {
            Some(End { bytes, sha256, .. }) if bytes == self.watch.before.bytes => {
                Ok(InputFile { path: self.path, bytes, sha256 })
            }
            _ => Err(PayrollError::StillWritten { path: self.path }),
        }
    }
}

/// Opens the file and looks at its first bytes.
fn open(path: &Path, format: &FileFormat, watch: &Watch) -> Result<Batches, PayrollError> {
    let bytes = watch.before.bytes;
    if bytes > FILE_BYTES_MAX {
        return Err(PayrollError::TooLarge { path: path.to_owned(), bytes, max: FILE_BYTES_MAX });
    }
    let unreadable = |source| PayrollError::Unreadable { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let head = head_of(&mut file, HEAD_BYTES).map_err(unreadable)?;
    if head.is_empty() {
        return Err(PayrollError::Empty { path: path.to_owned() });
    }
    match FileKind::of_head(&head) {
        FileKind::Workbook => {
            let stored = Stored::new(head, file);
            SheetBatches::read(path, stored, format.sheet.as_ref(), format.decimal_mark).map(Batches::Sheet)
        }
        FileKind::Other { is, advice } => Err(PayrollError::OtherKind { path: path.to_owned(), is, advice }),
        FileKind::Text => text(path, format, Stored::new(head, file)),
    }
}

/// The rows of a text: what its first characters say of encoding and delimiter counts.
fn text(path: &Path, format: &FileFormat, mut stored: Stored) -> Result<Batches, PayrollError> {
    let unreadable = |source| PayrollError::Unreadable { path: path.to_owned(), source };
    let mut head = head_of(&mut stored, HEAD_BYTES).map_err(unreadable)?;
    match FileKind::of_head(&head) {
        FileKind::Text => {}
        FileKind::Other { is, advice } => {
            return Err(PayrollError::OtherKind { path: path.to_owned(), is, advice });
        }
        FileKind::Workbook => {
            let (is, advice) = ("a workbook or archive packed with gzip", "unpack it");
            return Err(PayrollError::OtherKind { path: path.to_owned(), is, advice });
        }
    }
    let (encoding, mark) = encoding_of(path, format.encoding, &head)?;
    let mut decoded = Decoded::new(head.split_off(mark), stored, encoding.decoder());
    let first = head_of(&mut decoded, DELIMITER_LINE_BYTES).map_err(unreadable)?;
    if first.is_empty() {
        return Err(PayrollError::Empty { path: path.to_owned() });
    }
    let delimiter = stated_delimiter(&first).unwrap_or(format.delimiter);
    Ok(Batches::Csv(Box::new(CsvBatches::new(LineReader::new(first, decoded), encoding, delimiter))))
}

/// The first bytes, fewer when there are no more.
fn head_of(reader: &mut impl Read, bytes: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(bytes);
    reader.take(bytes as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The delimiter that the first line names.
fn stated_delimiter(first: &[u8]) -> Option<u8> {
    match first.strip_prefix(DELIMITER_LINE)? {
        [mark] | [mark, b'\r' | b'\n', ..] => Some(*mark),
        _ => None,
    }
}

/// The encoding by the byte order mark, which the file itself states, else by the job; and the length of the mark.
fn encoding_of(path: &Path, of_job: Encoding, head: &[u8]) -> Result<(Encoding, usize), PayrollError> {
    let refuse = |found| PayrollError::NotDecodable { path: path.to_owned(), expected: of_job.name(), found };
    if head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff") {
        return Err(refuse("it begins with the byte order mark of UTF-32; export it as UTF-8"));
    }
    match Encoding::of_mark(head) {
        // A job that names no encoding means UTF-8.
        Some((marked, bytes)) if of_job == Encoding::Utf8 || of_job == marked => Ok((marked, bytes)),
        Some((Encoding::Utf8, _)) => Err(refuse("it begins with the byte order mark of UTF-8")),
        Some(_) => Err(refuse("it begins with the byte order mark of UTF-16")),
        None if head.iter().take(ZEROS_WITHIN).any(|byte| *byte == 0) && !of_job.has_zero_bytes() => {
            Err(refuse("it has bytes of zero, as UTF-16 without a byte order mark; then set `utf-16le` or `utf-16be`"))
        }
        None => Ok((of_job, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of the rows whose first cell is a number, that must be their true line.
    #[track_caller]
    fn check_lines(text: &str) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        let mut rows = Rows::open(file.path(), &FileFormat::default(), Duration::ZERO).expect("opened");
        while let Some(row) = rows.next().expect("a row") {
            assert_eq!(row.text(0).expect("text"), row.line.to_string(), "{text:?}");
        }
        assert_eq!(rows.close().expect("unchanged").bytes, text.len() as u64);
    }

    #[test]
    fn lines_are_those_of_an_editor_whatever_the_line_breaks() {
        for text in ["1,a\n2,b\n\n\n5,\"x\ny\n\"\n8,z", "\n\n3,a\n4,b", "\u{feff}1,a\n2,b\n", "\u{feff}\n2,b\n"] {
            check_lines(text);
            check_lines(&text.replace('\n', "\r\n"));
            check_lines(&text.replace('\n', "\r"));
        }
        check_lines("1,a\r\n2,b\n3,c\r\r\n5,d");
    }
}
