//! One table to one Parquet file and back, with the SHA-256 of its bytes. The same frame gives the same bytes: fixed
//! row groups, no statistics.

use std::io::Cursor;
use std::path::Path;

use anyhow::Context as _;
use polars::prelude::{DataFrame, PolarsResult, SerReader as _, polars_ensure};
use polars_io::prelude::{ParquetCompression, ParquetReader, ParquetWriter, StatisticsOptions};

use crate::hashing::Hashing;

/// Rows of one row group: enough to fill both cores when a table is read.
const ROW_GROUP_ROWS: usize = 1 << 17;

/// Writes a new read-only file and flushes it to the disk. Returns its SHA-256 in hex.
pub(super) fn write(path: &Path, frame: &mut DataFrame) -> anyhow::Result<String> {
    let doing = || format!("write the table {}", path.display());
    let mut hashing = Hashing::create(path, 0o400).with_context(doing)?;
    ParquetWriter::new(&mut hashing)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::empty())
        .with_row_group_size(Some(ROW_GROUP_ROWS))
        .finish(frame)
        .with_context(doing)?;
    hashing.finish().with_context(doing)
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
