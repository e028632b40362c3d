//! The text of a file on its way into the CSV reader, with every line break noted, so that rows get their physical line
//! (the CSV reader's own count is wrong after CRLF and blank lines) without a second pass.

use std::io::{self, Cursor, Read};

use crate::rows::batches::End;
use crate::rows::decoded::Decoded;
use crate::rows::line_breaks::LineBreaks;
use crate::rows::stored::FILE_BYTES_MAX;

/// Bytes that one row may take; more is a quote that nobody closed.
const ROW_BYTES_MAX: u64 = 1024 * 1024;
/// Bytes read at a time.
pub(crate) const BUFFER_BYTES: usize = 256 * 1024;

/// A reader that remembers line breaks until [`LineReader::line_of`] has used them.
#[derive(Debug)]
pub(crate) struct LineReader {
    text: io::Chain<Cursor<Vec<u8>>, Decoded>,
    passed: u64,
    breaks: LineBreaks,
    /// Physical line of `line_start`, from 1.
    line: u64,
    line_start: u64,
    row_start: u64,
    row_too_long: bool,
    /// The last byte that is no blank.
    last_byte: u8,
}

impl LineReader {
    /// `head` is what was read of the text before.
    pub fn new(head: Vec<u8>, text: Decoded) -> LineReader {
        LineReader {
            text: Cursor::new(head).chain(text),
            passed: 0,
            breaks: LineBreaks::default(),
            line: 1,
            line_start: 0,
            row_start: 0,
            row_too_long: false,
            last_byte: 0,
        }
    }

    /// Physical line of the first byte of content at or behind `offset`. Offsets must not go back.
    pub fn line_of(&mut self, offset: u64) -> u64 {
        self.row_start = offset;
        while let Some(end) = self.breaks.found.front().copied() {
            let before = end.next <= offset;
            let blank = end.at == self.line_start;
            // A row that ended with the first half of `\r\n` leaves the second half to the next.
            let inside_break = end.at <= offset && offset > self.line_start;
            if !(before || blank || inside_break) {
                break;
            }
            self.breaks.found.pop_front();
            self.line += 1;
            self.line_start = end.next;
        }
        self.line
    }

    /// Whether reading failed because a row did not end.
    pub fn row_too_long(&self) -> bool {
        self.row_too_long
    }

    /// What is known once everything has passed.
    pub fn end(&self) -> End {
        let (bytes, sha256) = self.text.get_ref().1.stored().identity();
        End { bytes, sha256, quoted: self.last_byte == b'"' }
    }
}

impl Read for LineReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.passed - self.row_start > ROW_BYTES_MAX + BUFFER_BYTES as u64 {
            self.row_too_long = true;
            return Err(io::Error::other("a row does not end"));
        }
        if self.passed > FILE_BYTES_MAX {
            return Err(io::Error::other("more text than a payroll file can have"));
        }
        let count = self.text.read(buffer)?;
        self.breaks.scan(&buffer[..count]);
        self.passed += count as u64;
        if let Some(last) = buffer[..count].trim_ascii_end().last() {
            self.last_byte = *last;
        }
        Ok(count)
    }
}
