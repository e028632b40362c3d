//! A file as rows of text cells with their physical line. Cells are decoded one by one, so that a bad byte costs a row
//! and not the run.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use csv::ByteRecord;
use encoding_rs::WINDOWS_1252;

use super::ahead::BLOCK_BYTES;
use super::locate::Watch;
use super::tape::{FILE_BYTES_MAX, Tape};
use super::text::{mask, trim};
use super::{InputFile, PayrollError};
use crate::job::Encoding;

/// Bytes at the beginning of a file that tell its encoding.
const HEAD_BYTES: usize = 4;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes without a character in Windows-1252.
const UNDEFINED_1252: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
/// Stands in a decoded row for a byte without a character: it is not valid UTF-8 either, so the cell is refused.
const NO_CHARACTER: u8 = 0xff;

/// An open file, read row by row.
#[derive(Debug)]
pub(super) struct Rows {
    pub path: PathBuf,
    csv: csv::Reader<Tape>,
    record: ByteRecord,
    decoded: ByteRecord,
    encoding: Encoding,
    watch: Watch,
}

/// One row; cells are borrowed from the reader.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub cells: &'r ByteRecord,
    pub line: u64,
    /// All cells one behind the other; `None` when one of them is not UTF-8.
    text: Option<&'r str>,
}

/// A cell with bytes that its encoding does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Undecodable;

impl<'r> Row<'r> {
    pub fn new(cells: &'r ByteRecord, line: u64) -> Row<'r> {
        Row { cells, line, text: std::str::from_utf8(cells.as_slice()).ok() }
    }

    /// Text of a cell without blanks around it; blank when the row has no such cell.
    pub fn text(&self, at: usize) -> Result<&'r str, Undecodable> {
        let Some(range) = self.cells.range(at) else { return Ok("") };
        match self.text.and_then(|text| text.get(range)) {
            Some(text) => Ok(trim(text)),
            // Something in the row is not UTF-8, perhaps another cell.
            None => std::str::from_utf8(&self.cells[at]).map(trim).map_err(|_| Undecodable),
        }
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
    pub fn open(path: &Path, encoding: Encoding, delimiter: u8, settle: Duration) -> Result<Rows, PayrollError> {
        let watch = Watch::new(path, settle)?;
        let tape = match tape(path, encoding, &watch) {
            Ok(tape) => tape,
            // Whatever seems wrong with a file that somebody still writes, that is the reason.
            Err(error) => return Err(watch.check().err().unwrap_or(error)),
        };
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BLOCK_BYTES)
            .from_reader(tape);
        let (record, decoded) = (ByteRecord::new(), ByteRecord::new());
        Ok(Rows { path: path.to_owned(), csv, record, decoded, encoding, watch })
    }

    /// The next row; `None` at the end of the file.
    pub fn next(&mut self) -> Result<Option<Row<'_>>, PayrollError> {
        match self.csv.read_byte_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(error) => return Err(self.read_error(error)),
        }
        let offset = self.record.position().map_or(0, csv::Position::byte);
        let line = self.csv.get_mut().line_of(offset);
        let plain = self.encoding == Encoding::Utf8 || self.record.as_slice().is_ascii();
        if !plain {
            decode_1252(&self.record, &mut self.decoded);
        }
        Ok(Some(Row::new(if plain { &self.record } else { &self.decoded }, line)))
    }

    /// How many times what was read of the file is still to come.
    pub fn times_to_come(&self) -> usize {
        let read = self.record.position().map_or(0, csv::Position::byte).max(1);
        usize::try_from(self.watch.before.bytes / read).unwrap_or(usize::MAX)
    }

    fn read_error(&mut self, error: csv::Error) -> PayrollError {
        let path = self.path.clone();
        if self.csv.get_ref().row_too_long() {
            let offset = self.record.position().map_or(0, csv::Position::byte);
            return PayrollError::UnclosedQuote { path, line: self.csv.get_mut().line_of(offset) };
        }
        PayrollError::Unreadable { path, source: error.into() }
    }

    /// Whether the last thing that was read, blanks aside, is a quote.
    pub fn ends_quoted(&self) -> bool {
        self.csv.get_ref().ends_quoted()
    }

    /// Fails when the file is no longer what it was at its opening.
    pub fn check_unchanged(&self) -> Result<(), PayrollError> {
        self.watch.check()
    }

    /// Ends the reading: the file must be what it was at its opening.
    pub fn close(self) -> Result<InputFile, PayrollError> {
        self.watch.check()?;
        match self.csv.into_inner().digest() {
            Some((bytes, sha256)) if bytes == self.watch.before.bytes => {
                Ok(InputFile { path: self.path, bytes, sha256 })
            }
            _ => Err(PayrollError::StillWritten { path: self.path }),
        }
    }
}

/// Opens the file and looks at its first bytes.
fn tape(path: &Path, encoding: Encoding, watch: &Watch) -> Result<Tape, PayrollError> {
    let bytes = watch.before.bytes;
    if bytes > FILE_BYTES_MAX {
        return Err(PayrollError::TooLarge { path: path.to_owned(), bytes, max: FILE_BYTES_MAX });
    }
    let unreadable = |source| PayrollError::Unreadable { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    (&mut file).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(unreadable)?;
    let marked = check_head(path, encoding, &head)?;
    Ok(Tape::new(head, marked, file))
}

/// Bytes of the byte order mark, or why the file cannot be of this encoding.
fn check_head(path: &Path, encoding: Encoding, head: &[u8]) -> Result<usize, PayrollError> {
    let refuse = |found| PayrollError::NotDecodable { path: path.to_owned(), expected: encoding_name(encoding), found };
    let marked = head.starts_with(UTF8_MARK);
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || head.contains(&0) {
        return Err(refuse("it begins as UTF-16 or UTF-32 text"));
    }
    if marked && encoding == Encoding::Windows1252 {
        return Err(refuse("it begins with the byte order mark of UTF-8"));
    }
    match head.len() {
        0 => Err(PayrollError::Empty { path: path.to_owned() }),
        _ if marked => Ok(UTF8_MARK.len()),
        _ => Ok(0),
    }
}

/// As people write it.
pub(super) fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Windows1252 => "Windows-1252",
    }
}

fn decode_1252(record: &ByteRecord, decoded: &mut ByteRecord) {
    decoded.clear();
    let mut cell_bytes = Vec::new();
    for cell in record {
        if cell.is_ascii() {
            decoded.push_field(cell);
            continue;
        }
        cell_bytes.clear();
        for (at, piece) in cell.split(|b| UNDEFINED_1252.contains(b)).enumerate() {
            if at > 0 {
                cell_bytes.push(NO_CHARACTER);
            }
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(piece);
            cell_bytes.extend_from_slice(text.as_bytes());
        }
        decoded.push_field(&cell_bytes);
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
        let mut rows = Rows::open(file.path(), Encoding::Utf8, b',', Duration::ZERO).expect("opened");
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

    #[test]
    fn a_byte_without_a_character_makes_its_cell_unreadable_and_no_other() {
        let mut decoded = ByteRecord::new();
        decode_1252(&ByteRecord::from(vec![&b"caf\xe9"[..], b"\xc3\x81", b"\x80"]), &mut decoded);
        let row = Row::new(&decoded, 1);
        assert_eq!((row.text(0), row.text(1), row.text(2)), (Ok("café"), Err(Undecodable), Ok("€")));
    }
}
