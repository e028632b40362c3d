//! A new file that is hashed while it is written.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use tieout_model::hash::hex;

/// Hashes what passes through.
pub(crate) struct Hashing {
    inner: BufWriter<File>,
    hasher: Sha256,
}

impl Hashing {
    /// Errors: the file is there already, or its folder can't be written.
    pub(crate) fn create(path: &Path, mode: u32) -> io::Result<Hashing> {
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
        Ok(Hashing { inner: BufWriter::new(file), hasher: Sha256::new() })
    }

    /// Flushes the file to the disk and gives its SHA-256 in hex.
    pub(crate) fn finish(self) -> io::Result<String> {
        let file = self.inner.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(hex(&self.hasher.finalize()))
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
