//! The bytes of a file on their way into the CSV reader: hashed, counted, and with every line break noted, so that rows
//! get their physical line (the CSV reader's own count is wrong after CRLF and blank lines) without a second pass.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// Greatest size of a file: positions of lines fit a `u32`.
pub(super) const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024 - 1;
/// Bytes that one row may take; more is a quote that nobody closed.
pub(super) const ROW_BYTES_MAX: u64 = 1024 * 1024;
/// Bytes read at a time.
pub(super) const BUFFER_BYTES: usize = 256 * 1024;
/// Bytes that the search for line breaks looks at together.
const BLOCK_BYTES: usize = 64;

/// A reader that hashes what passes and remembers line breaks until [`Tape::line_of`] has used them.
#[derive(Debug)]
pub(super) struct Tape {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LineBreak {
    /// Offset of its first byte.
    at: u64,
    /// Offset of the line behind it.
    next: u64,
}

/// Finds `\n`, `\r\n` and `\r`, also across the pieces in which a file is read.
#[derive(Debug, Default)]
struct LineBreaks {
    found: VecDeque<LineBreak>,
    scanned: u64,
    /// A `\r` was the last byte: whether a `\n` follows is not known yet.
    half: bool,
}

impl Tape {
    /// `head` is what was read of the file before, `skipped` of it the byte order mark.
    pub fn new(head: Vec<u8>, skipped: usize, file: File) -> Tape {
        let mut hash = Sha256::new();
        hash.update(&head[..skipped]);
        Tape {
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

    /// Whether the last thing so far, blanks aside, is a quote.
    pub fn ends_quoted(&self) -> bool {
        self.last_byte == b'"'
    }

    /// Bytes of the file so far, and their SHA-256 in lower-case hex.
    pub fn digest(&self) -> (u64, String) {
        let mut hex = String::with_capacity(64);
        for byte in self.hash.clone().finalize() {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        (self.skipped + self.passed, hex)
    }
}

impl Read for Tape {
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

impl LineBreaks {
    fn scan(&mut self, bytes: &[u8]) {
        let base = self.scanned;
        let mut from = 0;
        if self.half && !bytes.is_empty() {
            self.half = false;
            from = usize::from(bytes[0] == b'\n');
            self.found.push_back(LineBreak { at: base - 1, next: base + from as u64 });
        }
        for start in (from..bytes.len()).step_by(BLOCK_BYTES) {
            let block = &bytes[start..bytes.len().min(start + BLOCK_BYTES)];
            // Without an early exit this becomes a few vector instructions.
            if block.iter().fold(false, |any, b| any | (*b == b'\n') | (*b == b'\r')) {
                self.scan_block(bytes, start, block.len());
            }
        }
        self.scanned += bytes.len() as u64;
    }

    fn scan_block(&mut self, bytes: &[u8], start: usize, length: usize) {
        let base = self.scanned;
        for at in start..start + length {
            let offset = base + at as u64;
            match bytes[at] {
                b'\n' if at > 0 && bytes[at - 1] == b'\r' => {}
                b'\n' => self.found.push_back(LineBreak { at: offset, next: offset + 1 }),
                b'\r' if at + 1 == bytes.len() => self.half = true,
                b'\r' => {
                    let width = 1 + u64::from(bytes[at + 1] == b'\n');
                    self.found.push_back(LineBreak { at: offset, next: offset + width });
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scan(text: &[u8], piece: usize) -> Vec<LineBreak> {
        let mut breaks = LineBreaks::default();
        text.chunks(piece).for_each(|bytes| breaks.scan(bytes));
        breaks.found.into()
    }

    #[test]
    fn each_kind_of_line_break_is_one_break() {
        let expected = [(1, 2), (3, 5), (6, 7), (7, 8), (8, 9)].map(|(at, next)| LineBreak { at, next });
        assert_eq!(scan(b"a\nb\r\nc\r\r\n\n"[..].split_last().expect("bytes").1, 100)[..3], expected[..3]);
        assert_eq!(scan(b"a\nb\r\nc\r\r\rd", 100), expected);
    }

    proptest! {
        #[test]
        fn breaks_are_the_same_however_the_file_is_cut(text in "[ab\r\n]{0,200}", piece in 1_usize..80) {
            // The text ends with a letter, as a last `\r` waits for what follows.
            let text = format!("{text}z");
            prop_assert_eq!(scan(text.as_bytes(), piece), scan(text.as_bytes(), 1000));
            let universal = text.replace("\r\n", "\n").replace('\r', "\n");
            prop_assert_eq!(scan(text.as_bytes(), piece).len(), universal.matches('\n').count());
        }
    }
}
