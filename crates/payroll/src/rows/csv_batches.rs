//! The rows of a CSV file, cut into cells batch by batch.

use std::sync::mpsc::{Receiver, sync_channel};

use csv::ByteRecord;
use encoding_rs::WINDOWS_1252;

use crate::rows::batches::{BATCH_BYTES, BATCH_ROWS, Batch, Broken, Emptied, End, Record, RecordCells, weight};
use crate::rows::decoded::NO_CHARACTER;
use crate::rows::line_reader::{BUFFER_BYTES, LineReader};
use crate::settings::Encoding;

/// Batches whose memory waits to be used again.
const BATCHES_MAX: usize = 16;
/// Bytes without a character in Windows-1252.
const UNDEFINED_1252: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// Reads the rows of a file, batch by batch.
#[derive(Debug)]
pub(crate) struct CsvBatches {
    csv: csv::Reader<LineReader>,
    encoding: Encoding,
    decoded: ByteRecord,
    pub emptied: Emptied,
    memory: Receiver<Batch>,
    /// Once the file has ended.
    pub end: Option<End>,
    /// What follows the last batch that could be read.
    broken: Option<Broken>,
}

impl CsvBatches {
    pub fn new(reader: LineReader, encoding: Encoding, delimiter: u8) -> CsvBatches {
        let (emptied, memory) = sync_channel(BATCHES_MAX);
        let csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(reader);
        CsvBatches {
            csv,
            encoding,
            decoded: ByteRecord::new(),
            emptied: Emptied(emptied),
            memory,
            end: None,
            broken: None,
        }
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
        row.cells = RecordCells::of(cells);
        Ok(Some(taken))
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
    use crate::rows::Undecodable;
    use crate::rows::batches::Record;
    use crate::rows::decoded::Decoded;
    use crate::rows::stored::Stored;

    #[test]
    fn rows_of_blank_cells_fill_a_batch_too_and_their_memory_is_not_kept() {
        let text = format!("{}\n", ",".repeat(BATCH_BYTES)).repeat(3);
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        let stored = Stored::new(Vec::new(), std::fs::File::open(file.path()).expect("opened"));
        let reader = LineReader::new(Vec::new(), Decoded::new(Vec::new(), stored, None));
        let mut file = CsvBatches::new(reader, Encoding::Utf8, b',');
        let mut batches = Vec::new();
        while let Some(batch) = file.next().expect("readable") {
            batches.push(batch.filled);
        }
        assert_eq!(batches, [1, 1, 1]);
        let wide = ByteRecord::from(vec![""; BATCH_BYTES]);
        assert!(RecordCells::of(wide).into_bytes().is_empty());
    }

    #[test]
    fn a_byte_without_a_character_makes_its_cell_unreadable_and_no_other() {
        let mut decoded = ByteRecord::new();
        decode_1252(&ByteRecord::from(vec![&b"caf\xe9"[..], b"\xc3\x81", b"\x80"]), &mut decoded);
        let record = Record { cells: RecordCells::of(decoded), line: 1 };
        let row = record.row().expect("was read");
        assert_eq!((row.text(0), row.text(1), row.text(2)), (Ok("café"), Err(Undecodable), Ok("€")));
    }
}
