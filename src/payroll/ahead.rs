//! The rows of a file, read ahead on a thread of their own: bytes are hashed and cut into cells there, while this side
//! parses the cells. Rows come in batches, whose memory goes back and forth.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use csv::{ByteRecord, StringRecord};
use encoding_rs::WINDOWS_1252;

use super::tape::{BUFFER_BYTES, Tape};
use crate::job::Encoding;

/// Batches that wait to be parsed.
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

/// What the reader sends.
enum Step {
    Rows(Batch),
    End(End),
}

/// The thread that reads ahead.
#[derive(Debug)]
pub(super) struct Ahead {
    steps: Receiver<Result<Step, Broken>>,
    spent: SyncSender<Batch>,
    /// `None` once the file has ended.
    reader: Option<JoinHandle<()>>,
    pub end: Option<End>,
}

impl Ahead {
    /// Begins to read.
    pub fn new(tape: Tape, encoding: Encoding, delimiter: u8) -> Ahead {
        let (send, steps) = sync_channel(BATCHES_MAX);
        let (spent, memory) = sync_channel(BATCHES_MAX);
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(tape);
        let mut reader = Reader { csv, encoding, decoded: ByteRecord::new() };
        let reader = thread::spawn(move || reader.send_all(&send, &memory));
        Ahead { steps, spent, reader: Some(reader), end: None }
    }

    /// The next rows in exchange for the memory of the last; `None` at the end of the file. Nothing comes after an error.
    pub fn next(&mut self, used: Batch) -> Result<Option<Batch>, Broken> {
        // When no memory is wanted any more, it is given up.
        let _ = self.spent.try_send(used);
        match self.steps.recv() {
            Ok(step) => match step? {
                Step::Rows(batch) => return Ok(Some(batch)),
                Step::End(end) => self.end = Some(end),
            },
            Err(_) => {
                let reader = self.reader.take().map(JoinHandle::join);
                reader.into_iter().for_each(|ended| ended.unwrap_or_else(|panic| resume_unwind(panic)));
            }
        }
        Ok(None)
    }
}

struct Reader {
    csv: csv::Reader<Tape>,
    encoding: Encoding,
    decoded: ByteRecord,
}

impl Reader {
    /// Sends all rows and then the end or what broke, unless nobody listens any more.
    fn send_all(&mut self, send: &SyncSender<Result<Step, Broken>>, memory: &Receiver<Batch>) {
        loop {
            let mut batch = memory.try_recv().unwrap_or_default();
            let more = self.fill(&mut batch);
            let some = batch.filled > 0;
            if some && send.send(Ok(Step::Rows(batch))).is_err() {
                return;
            }
            let last = match more {
                Ok(true) => continue,
                Ok(false) => Ok(Step::End(self.csv.get_ref().end())),
                Err(broken) => Err(broken),
            };
            // Whoever has stopped listening does not want to know.
            let _ = send.send(last);
            return;
        }
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
    use super::super::rows::{Row, Undecodable};
    use super::*;

    #[test]
    fn rows_of_blank_cells_fill_a_batch_too_and_their_memory_is_not_kept() {
        let text = format!("{}\n", ",".repeat(BATCH_BYTES)).repeat(3);
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        let tape = Tape::new(Vec::new(), 0, std::fs::File::open(file.path()).expect("opened"));
        let mut ahead = Ahead::new(tape, Encoding::Utf8, b',');
        let mut batches = Vec::new();
        while let Some(batch) = ahead.next(Batch::default()).expect("readable") {
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
        let cells = Cells::of(decoded);
        let row = Row::new(&cells, 1).expect("was read");
        assert_eq!((row.text(0), row.text(1), row.text(2)), (Ok("café"), Err(Undecodable), Ok("€")));
    }
}
