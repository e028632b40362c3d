//! One table to one Parquet file and back, with the SHA-256 of its bytes. The same frame gives the same bytes: fixed
//! row groups, no statistics.

use std::io::Cursor;
use std::path::Path;

use anyhow::Context as _;
use polars::prelude::{
    ChunkFullNull as _, DataFrame, IntoColumn as _, PolarsResult, SerReader as _, StringChunked, polars_ensure,
};
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

/// Columns of texts, each the last of its table, that files sealed by earlier versions do not have.
const ADDED: [&str; 2] = ["legal_employer", "benbase_id"];

/// The table in the bytes of a Parquet file, which must have these columns in this order; those of `left_out` are not
/// decoded. An added column that the file does not have yet is empty.
pub(super) fn parse(bytes: &[u8], columns: &[&str], left_out: &[&str]) -> PolarsResult<DataFrame> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let found: Vec<_> = reader.schema()?.iter_names().cloned().collect();
    let older: Vec<&str> = columns.iter().copied().filter(|name| !ADDED.contains(name)).collect();
    polars_ensure!(found == columns || found == older, SchemaMismatch: "columns {columns:?} expected, {found:?} there");
    let is_there = |name: &&&str| found.iter().any(|found| found == **name);
    let kept = columns.iter().filter(|name| !left_out.contains(name));
    let mut frame =
        reader.with_columns(Some(kept.clone().filter(is_there).map(|name| (*name).to_owned()).collect())).finish()?;
    for name in kept.filter(|name| !is_there(name)) {
        frame.with_column(StringChunked::full_null((*name).into(), frame.height()).into_column())?;
    }
    Ok(frame)
}
