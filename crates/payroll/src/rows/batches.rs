//! The rows of a file in batches, cut into cells. Their memory goes round: a batch may be read on another thread.

use std::sync::mpsc::SyncSender;

use csv::{ByteRecord, StringRecord};

use crate::rows::csv_batches::CsvBatches;
use crate::rows::workbook::SheetBatches;

/// Rows of one batch.
pub(crate) const BATCH_ROWS: usize = 256;
/// A batch ends with the row that makes it as large.
pub(crate) const BATCH_BYTES: usize = 256 * 1024;
/// The memory of a longer row is not used again.
const ROW_BYTES_KEPT: usize = 16 * 1024;

/// One row and its physical line.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub cells: RecordCells,
    pub line: u64,
}

/// The cells of one row.
#[derive(Debug, Default)]
pub(crate) enum RecordCells {
    /// Nothing was read yet.
    #[default]
    None,
    Text(StringRecord),
    /// One of them is not UTF-8.
    Bytes(ByteRecord),
}

impl RecordCells {
    /// To be read into; the memory of a long row is not used again.
    pub fn into_bytes(self) -> ByteRecord {
        let bytes = match self {
            RecordCells::None => ByteRecord::new(),
            RecordCells::Text(text) => text.into_byte_record(),
            RecordCells::Bytes(bytes) => bytes,
        };
        if weight(&bytes) > ROW_BYTES_KEPT { ByteRecord::new() } else { bytes }
    }

    pub fn of(bytes: ByteRecord) -> RecordCells {
        match StringRecord::from_byte_record(bytes) {
            Ok(text) => RecordCells::Text(text),
            Err(error) => RecordCells::Bytes(error.into_byte_record()),
        }
    }

    /// Offset of the row in the file.
    pub fn offset(&self) -> u64 {
        let position = match self {
            RecordCells::None => None,
            RecordCells::Text(text) => text.position(),
            RecordCells::Bytes(bytes) => bytes.position(),
        };
        position.map_or(0, csv::Position::byte)
    }
}

/// Rows in the order of the file; those behind `filled` are memory for others.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub rows: Vec<Record>,
    pub filled: usize,
}

/// What is known at the end of a file.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
    /// The last thing, blanks aside, is a quote.
    pub quoted: bool,
}

/// Why a file could not be read to its end.
#[derive(Debug)]
pub(crate) enum Broken {
    /// A row does not end: the quote that opens it is on this line.
    OpenQuote {
        line: u64,
    },
    Unreadable(csv::Error),
}

/// Where the memory of batches goes that nobody reads any more.
#[derive(Clone, Debug)]
pub(crate) struct Emptied(pub SyncSender<Batch>);

impl Emptied {
    pub fn give(&self, batch: Batch) {
        if !batch.rows.is_empty() {
            // When no memory is wanted any more, it is given up.
            let _ = self.0.try_send(batch);
        }
    }
}

/// The batches of a file, one by one.
#[derive(Debug)]
pub(crate) enum Batches {
    Csv(Box<CsvBatches>),
    Sheet(SheetBatches),
}

impl Batches {
    /// The next rows; `None` at the end of the file. Nothing comes after an error.
    pub fn next(&mut self) -> Result<Option<Batch>, Broken> {
        match self {
            Batches::Csv(csv) => csv.next(),
            Batches::Sheet(sheet) => Ok(sheet.next()),
        }
    }

    /// Where the memory of batches goes that nobody reads any more.
    pub fn emptied(&self) -> &Emptied {
        match self {
            Batches::Csv(csv) => &csv.emptied,
            Batches::Sheet(sheet) => &sheet.emptied,
        }
    }

    /// What is known once the file has ended.
    pub fn end(&self) -> Option<&End> {
        match self {
            Batches::Csv(csv) => csv.end.as_ref(),
            Batches::Sheet(sheet) => Some(&sheet.end),
        }
    }
}

/// Bytes that a row takes: a blank cell has no content, and its end is kept all the same.
pub(crate) fn weight(row: &ByteRecord) -> usize {
    row.as_slice().len() + row.len() * size_of::<usize>()
}
