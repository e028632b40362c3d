//! One table to one Parquet file and back, with the SHA-256 of its bytes. The same frame gives the same bytes: fixed
//! row groups, no statistics.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Cursor, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use polars::prelude::{DataFrame, PolarsResult, SerReader as _, polars_ensure};
use polars_io::prelude::{ParquetCompression, ParquetReader, ParquetWriter, StatisticsOptions};
use sha2::{Digest as _, Sha256};

use tieout_model::hash::hex;

/// Rows of one row group: enough to fill both cores when a table is read.
const ROW_GROUP_ROWS: usize = 1 << 17;

/// Writes a new read-only file and flushes it to the disk. Returns its SHA-256 in hex.
pub(super) fn write(path: &Path, frame: &mut DataFrame) -> anyhow::Result<String> {
    let doing = || format!("write the table {}", path.display());
    let file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(path).with_context(doing)?;
    let mut hashing = Hashing { inner: BufWriter::new(file), hasher: Sha256::new() };
    ParquetWriter::new(&mut hashing)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::empty())
        .with_row_group_size(Some(ROW_GROUP_ROWS))
        .finish(frame)
        .with_context(doing)?;
    let file: File = hashing.inner.into_inner().with_context(doing)?;
    file.sync_all().with_context(doing)?;
    Ok(hex(&hashing.hasher.finalize()))
}

/// The table in the bytes of a Parquet file, which must have these columns in this order; those of `left_out` are not
/// decoded.
pub(super) fn parse(bytes: &[u8], columns: &[&str], left_out: &[&str]) -> PolarsResult<DataFrame> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let found: Vec<_> = reader.schema()?.iter_names().cloned().collect();
    polars_ensure!(found == columns, SchemaMismatch: "columns {columns:?} expected, {found:?} there");
    let kept = columns.iter().filter(|name| !left_out.contains(name));
    reader.with_columns(Some(kept.map(|name| (*name).to_owned()).collect())).finish()
}

/// Hashes what passes through.
struct Hashing<W> {
    inner: W,
    hasher: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
