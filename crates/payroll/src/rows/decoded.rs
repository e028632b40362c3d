//! The text of a file as UTF-8, where its encoding must be turned into it before rows can be cut.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use crate::rows::stored::Stored;

/// Stands in decoded text for bytes without a character: it is not valid UTF-8 either, so the cell is refused.
pub(crate) const NO_CHARACTER: u8 = 0xff;
/// Bytes decoded at a time.
const PIECE_BYTES: usize = 64 * 1024;
/// Room for a piece: one byte becomes three at most.
const DECODED_BYTES: usize = 3 * PIECE_BYTES + 16;

/// A file as text.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// What was read of it before, decoded already or of an encoding that is decoded cell by cell.
    head: io::Cursor<Vec<u8>>,
    stored: Stored,
    pieces: Option<Pieces>,
}

/// What is decoded piece by piece.
struct Pieces {
    decoder: Decoder,
    raw: Vec<u8>,
    decoded: Vec<u8>,
    /// What of `decoded` was handed out.
    given: usize,
    ended: bool,
}

impl std::fmt::Debug for Pieces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pieces")
    }
}

impl Decoded {
    /// `head` is what was read of the text before, without its byte order mark.
    pub fn new(head: Vec<u8>, stored: Stored, decoder: Option<Decoder>) -> Decoded {
        let Some(decoder) = decoder else { return Decoded { head: io::Cursor::new(head), stored, pieces: None } };
        let mut pieces = Pieces {
            decoder,
            raw: vec![0; PIECE_BYTES],
            decoded: Vec::with_capacity(DECODED_BYTES),
            given: 0,
            ended: false,
        };
        pieces.decode(&head, false);
        Decoded { head: io::Cursor::default(), stored, pieces: Some(pieces) }
    }

    pub fn stored(&self) -> &Stored {
        &self.stored
    }
}

impl Pieces {
    /// Adds the text of further bytes, which are no more than [`PIECE_BYTES`].
    fn decode(&mut self, mut raw: &[u8], last: bool) {
        let from = self.decoded.len();
        self.decoded.resize(from + DECODED_BYTES, 0);
        let mut to = from;
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(raw, &mut self.decoded[to..], last);
            (raw, to) = (&raw[read..], to + written);
            match result {
                DecoderResult::Malformed(..) => {
                    self.decoded[to] = NO_CHARACTER;
                    to += 1;
                }
                DecoderResult::OutputFull => self.decoded.resize(self.decoded.len() + DECODED_BYTES, 0),
                DecoderResult::InputEmpty => break,
            }
            if self.decoded.len() - to <= 16 {
                self.decoded.resize(self.decoded.len() + DECODED_BYTES, 0);
            }
        }
        self.decoded.truncate(to);
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(pieces) = &mut self.pieces else {
            let count = self.head.read(buffer)?;
            return if count > 0 || buffer.is_empty() { Ok(count) } else { self.stored.read(buffer) };
        };
        while pieces.given == pieces.decoded.len() && !pieces.ended {
            (pieces.given, pieces.decoded) = (0, std::mem::take(&mut pieces.decoded));
            pieces.decoded.clear();
            let mut raw = std::mem::take(&mut pieces.raw);
            let count = self.stored.read(&mut raw)?;
            pieces.ended = count == 0;
            pieces.decode(&raw[..count], pieces.ended);
            pieces.raw = raw;
        }
        let left = &pieces.decoded[pieces.given..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        pieces.given += count;
        Ok(count)
    }
}
