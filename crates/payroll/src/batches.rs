//! The rows of a file in batches, cut into cells. Their memory goes round: a batch may be read on another thread.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use csv::{ByteRecord, StringRecord};
use encoding_rs::WINDOWS_1252;

use crate::hashing_reader::{BUFFER_BYTES, HashingReader};
use crate::settings::Encoding;

/// Batches whose memory waits to be used again.
const BATCHES_MAX: usize = 16;
/// Rows of one batch.
const BATCH_ROWS: usize = 256;
/// A batch ends with the row that makes it as large.
const BATCH_BYTES: usize = 256 * 1024;
/// The memory of a longer row is not used again.
const ROW_BYTES_KEPT: usize = 16 * 1024;
/// Bytes without a character in Windows-1252.
const UNDEFINED_1252: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
/// Stands in a decoded row for a byte without a character: it is not valid UTF-8 either, so the cell is refused.
const NO_CHARACTER: u8 = 0xff;

/// One row and its physical line.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub cells: Cells,
    pub line: u64,
}

/// The cells of one row.
#[derive(Debug, Default)]
pub(super) enum Cells {
    /// Nothing was read yet.
    #[default]
    None,
    Text(StringRecord),
    /// One of them is not UTF-8.
    Bytes(ByteRecord),
}

impl Cells {
    /// To be read into; the memory of a long row is not used again.
    fn into_bytes(self) -> ByteRecord {
        let bytes = match self {
            Cells::None => ByteRecord::new(),
            Cells::Text(text) => text.into_byte_record(),
            Cells::Bytes(bytes) => bytes,
        };
        if weight(&bytes) > ROW_BYTES_KEPT { ByteRecord::new() } else { bytes }
    }

    fn of(bytes: ByteRecord) -> Cells {
        match StringRecord::from_byte_record(bytes) {
            Ok(text) => Cells::Text(text),
            Err(error) => Cells::Bytes(error.into_byte_record()),
        }
    }

    /// Offset of the row in the file.
    pub fn offset(&self) -> u64 {
        let position = match self {
            Cells::None => None,
            Cells::Text(text) => text.position(),
            Cells::Bytes(bytes) => bytes.position(),
        };
        position.map_or(0, csv::Position::byte)
    }
}

/// Rows in the order of the file; those behind `filled` are memory for others.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub rows: Vec<Record>,
    pub filled: usize,
}

/// What is known at the end of a file.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
    /// The last thing, blanks aside, is a quote.
    pub quoted: bool,
}

/// Why a file could not be read to its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// A row does not end: the quote that opens it is on this line.
    OpenQuote {
        line: u64,
    },
    Unreadable(csv::Error),
}

/// Where the memory of batches goes that nobody reads any more.
#[derive(Clone, Debug)]
pub(super) struct Spent(SyncSender<Batch>);

impl Spent {
    pub fn give(&self, batch: Batch) {
        if !batch.rows.is_empty() {
            // When no memory is wanted any more, it is given up.
            let _ = self.0.try_send(batch);
        }
    }
}

/// Reads the rows of a file, batch by batch.
#[derive(Debug)]
pub(super) struct Batches {
    csv: csv::Reader<HashingReader>,
    encoding: Encoding,
    decoded: ByteRecord,
    pub spent: Spent,
    memory: Receiver<Batch>,
    /// Once the file has ended.
    pub end: Option<End>,
    /// What follows the last batch that could be read.
    broken: Option<Broken>,
}

impl Batches {
    pub fn new(reader: HashingReader, encoding: Encoding, delimiter: u8) -> Batches {
        let (spent, memory) = sync_channel(BATCHES_MAX);
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(reader);
        Batches { csv, encoding, decoded: ByteRecord::new(), spent: Spent(spent), memory, end: None, broken: None }
    }

    /// The next rows; `None` at the end of the file. Nothing comes after an error.
    pub fn next(&mut self) -> Result<Option<Batch>, Broken> {
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        let mut batch = self.memory.try_recv().unwrap_or_default();
        match self.fill(&mut batch) {
            Ok(true) => {}
            Ok(false) => self.end = Some(self.csv.get_ref().end()),
            Err(broken) if batch.filled == 0 => return Err(broken),
            Err(broken) => self.broken = Some(broken),
        }
        Ok((batch.filled > 0).then_some(batch))
    }

    /// Reads rows until the batch is full; false when the file has ended.
    fn fill(&mut self, batch: &mut Batch) -> Result<bool, Broken> {
        batch.rows.resize_with(BATCH_ROWS, Record::default);
        batch.filled = 0;
        let mut bytes = 0;
        for row in &mut batch.rows {
            let Some(taken) = self.read(row)? else { return Ok(false) };
            batch.filled += 1;
            bytes += taken;
            if bytes >= BATCH_BYTES {
                break;
            }
        }
        Ok(true)
    }

    /// Reads one row; the bytes that it takes, `None` at the end of the file.
    fn read(&mut self, row: &mut Record) -> Result<Option<usize>, Broken> {
        let mut cells = std::mem::take(&mut row.cells).into_bytes();
        let read = self.csv.read_byte_record(&mut cells);
        let offset = cells.position().map_or(0, csv::Position::byte);
        match read {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(_) if self.csv.get_ref().row_too_long() => {
                return Err(Broken::OpenQuote { line: self.csv.get_mut().line_of(offset) });
            }
            Err(error) => return Err(Broken::Unreadable(error)),
        }
        row.line = self.csv.get_mut().line_of(offset);
        if self.encoding == Encoding::Windows1252 && !cells.as_slice().is_ascii() {
            decode_1252(&cells, &mut self.decoded);
            self.decoded.set_position(cells.position().cloned());
            std::mem::swap(&mut cells, &mut self.decoded);
        }
        let taken = weight(&cells);
        row.cells = Cells::of(cells);
        Ok(Some(taken))
    }
}

/// Bytes that a row takes: a blank cell has no content, and its end is kept all the same.
fn weight(row: &ByteRecord) -> usize {
    row.as_slice().len() + row.len() * size_of::<usize>()
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
    use super::super::rows::Undecodable;
    use super::*;

    #[test]
    fn rows_of_blank_cells_fill_a_batch_too_and_their_memory_is_not_kept() {
        let text = format!("{}\n", ",".repeat(BATCH_BYTES)).repeat(3);
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        let reader = HashingReader::new(Vec::new(), 0, std::fs::File::open(file.path()).expect("opened"));
        let mut file = Batches::new(reader, Encoding::Utf8, b',');
        let mut batches = Vec::new();
        while let Some(batch) = file.next().expect("readable") {
            batches.push(batch.filled);
        }
        assert_eq!(batches, [1, 1, 1]);
        let wide = ByteRecord::from(vec![""; BATCH_BYTES]);
        assert!(Cells::of(wide).into_bytes().is_empty());
    }

    #[test]
    fn a_byte_without_a_character_makes_its_cell_unreadable_and_no_other() {
        let mut decoded = ByteRecord::new();
        decode_1252(&ByteRecord::from(vec![&b"caf\xe9"[..], b"\xc3\x81", b"\x80"]), &mut decoded);
        let record = Record { cells: Cells::of(decoded), line: 1 };
        let row = record.row().expect("was read");
        assert_eq!((row.text(0), row.text(1), row.text(2)), (Ok("café"), Err(Undecodable), Ok("€")));
    }
}
