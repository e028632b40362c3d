//! Where the lines of a file end, found in the pieces in which it is read.

use std::collections::VecDeque;

use memchr::memchr2_iter;

/// The end of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineBreak {
    /// Offset of its first byte.
    pub at: u64,
    /// Offset of the line behind it.
    pub next: u64,
}

/// Finds `\n`, `\r\n` and `\r`, also across the pieces in which a file is read.
#[derive(Debug, Default)]
pub(crate) struct LineBreaks {
    pub found: VecDeque<LineBreak>,
    scanned: u64,
    /// A `\r` was the last byte: whether a `\n` follows is not known yet.
    half: bool,
}

impl LineBreaks {
    /// Adds the breaks that a further piece of the file makes sure of.
    pub fn scan(&mut self, bytes: &[u8]) {
        let base = self.scanned;
        let mut from = 0;
        if self.half && !bytes.is_empty() {
            self.half = false;
            from = usize::from(bytes[0] == b'\n');
            self.found.push_back(LineBreak { at: base - 1, next: base + from as u64 });
        }
        for at in memchr2_iter(b'\n', b'\r', bytes) {
            let offset = base + at as u64;
            match bytes[at] {
                // The second half of a break.
                b'\n' if at < from || at > 0 && bytes[at - 1] == b'\r' => {}
                b'\n' => self.found.push_back(LineBreak { at: offset, next: offset + 1 }),
                _ if at + 1 == bytes.len() => self.half = true,
                _ => {
                    let width = 1 + u64::from(bytes[at + 1] == b'\n');
                    self.found.push_back(LineBreak { at: offset, next: offset + width });
                }
            }
        }
        self.scanned += bytes.len() as u64;
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
