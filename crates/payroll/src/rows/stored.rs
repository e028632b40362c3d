//! The bytes of a file as they lie on disk: hashed and counted as they pass, and unpacked where they are gzip.

use std::fs::File;
use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use tieout_model::hash::hex;

/// Greatest size of a file, packed and unpacked: positions of lines fit a `u32`.
pub(crate) const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024 - 1;
/// The first bytes of gzip.
const GZIP: &[u8] = b"\x1f\x8b";

/// A file that is hashed as it is read.
#[derive(Debug)]
pub(crate) struct HashedFile {
    file: io::Chain<Cursor<Vec<u8>>, File>,
    hash: Sha256,
    bytes: u64,
}

impl HashedFile {
    /// `head` is what was read of the file before.
    fn new(head: Vec<u8>, file: File) -> HashedFile {
        HashedFile { file: Cursor::new(head).chain(file), hash: Sha256::new(), bytes: 0 }
    }
}

impl Read for HashedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes > FILE_BYTES_MAX {
            return Err(io::Error::other("the file grew while it was read"));
        }
        let count = self.file.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

/// A file without its packing.
#[derive(Debug)]
pub(crate) enum Stored {
    Plain(HashedFile),
    Gzip(Box<MultiGzDecoder<HashedFile>>),
}

impl Stored {
    /// `head` is what was read of the file before.
    pub fn new(head: Vec<u8>, file: File) -> Stored {
        let packed = head.starts_with(GZIP);
        let file = HashedFile::new(head, file);
        if packed { Stored::Gzip(Box::new(MultiGzDecoder::new(file))) } else { Stored::Plain(file) }
    }

    /// Bytes on disk, and their SHA-256 in lower-case hex, once everything has passed.
    pub fn identity(&self) -> (u64, String) {
        let file = match self {
            Stored::Plain(file) => file,
            Stored::Gzip(decoder) => decoder.get_ref(),
        };
        (file.bytes, hex(&file.hash.clone().finalize()))
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stored::Plain(file) => file.read(buffer),
            Stored::Gzip(decoder) => decoder.read(buffer),
        }
    }
}
