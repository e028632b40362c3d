//! The bytes of a file on their way into the CSV reader: hashed, counted, and with every line break noted, so that rows
//! get their physical line (the CSV reader's own count is wrong after CRLF and blank lines) without a second pass.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::batches::End;
use crate::line_breaks::LineBreaks;
use tieout_model::hash::hex;

/// Greatest size of a file: positions of lines fit a `u32`.
pub(super) const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024 - 1;
/// Bytes that one row may take; more is a quote that nobody closed.
pub(super) const ROW_BYTES_MAX: u64 = 1024 * 1024;
/// Bytes read at a time.
pub(super) const BUFFER_BYTES: usize = 256 * 1024;

/// A reader that hashes what passes and remembers line breaks until [`HashingReader::line_of`] has used them.
#[derive(Debug)]
pub(super) struct HashingReader {
    file: io::Chain<io::Cursor<Vec<u8>>, File>,
    hash: Sha256,
    /// Bytes of a byte order mark before the first that passes here.
    skipped: u64,
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

impl HashingReader {
    /// `head` is what was read of the file before, `skipped` of it the byte order mark.
    pub fn new(head: Vec<u8>, skipped: usize, file: File) -> HashingReader {
        let mut hash = Sha256::new();
        hash.update(&head[..skipped]);
        HashingReader {
            file: io::Cursor::new(head[skipped..].to_vec()).chain(file),
            hash,
            skipped: skipped as u64,
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
        End {
            bytes: self.skipped + self.passed,
            sha256: hex(&self.hash.clone().finalize()),
            quoted: self.last_byte == b'"',
        }
    }
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.passed - self.row_start > ROW_BYTES_MAX + BUFFER_BYTES as u64 {
            self.row_too_long = true;
            return Err(io::Error::other("a row does not end"));
        }
        if self.passed > FILE_BYTES_MAX {
            return Err(io::Error::other("the file grew while it was read"));
        }
        let count = self.file.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.breaks.scan(&buffer[..count]);
        self.passed += count as u64;
        if let Some(last) = buffer[..count].trim_ascii_end().last() {
            self.last_byte = *last;
        }
        Ok(count)
    }
}
