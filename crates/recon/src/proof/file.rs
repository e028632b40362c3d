//! One table of the proof as a Parquet file, written while its rows come: no more than one row group is held. The same
//! rows give the same bytes.

use std::path::Path;

use anyhow::Context as _;
use polars::prelude::{PolarsError, PolarsResult};
use polars_arrow::array::Array;
use polars_arrow::datatypes::{ArrowSchema, Field};
use polars_parquet::parquet::error::ParquetError;
use polars_parquet::write::{
    CompressionOptions, Compressor, DynIter, DynStreamingIterator, FallibleStreamingIterator, FileWriter, ParquetType,
    StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns, get_dtype_encoding,
};
use rayon::prelude::*;

use super::column::{Cells, Column, Table, Word};
use super::{FOLDER, Run, Written};
use crate::hashing::Hashing;
use tieout_private::FILE_MODE;

/// Rows of one row group: many enough that a reader can skip, few enough to be held while they come.
const ROW_GROUP_ROWS: usize = 1 << 17;

/// Fast rather than small: the night waits for it.
const ZSTD_LEVEL: i32 = 1;

/// What stands on each row of each table.
pub(super) const OF_RUN: [Column; 2] = [
    Column { name: "run_id", kind: "VARCHAR", about: " The run, as in run.json." },
    Column { name: "rule_version", kind: "VARCHAR", about: " The version of tieout whose rules judged." },
];

/// A table under construction.
pub(crate) struct TableFile<'r, T: Table> {
    table: T,
    run: Run<'r>,
    /// The columns of [`OF_RUN`] for the first row group, which is the longest.
    of_run: Option<[Box<dyn Array>; OF_RUN.len()]>,
    waiting: usize,
    rows: u64,
    file: FileWriter<Hashing>,
    options: WriteOptions,
}

impl<'r, T: Table> TableFile<'r, T> {
    /// Begins `dir/tables/NAME.parquet`; the folder is there.
    pub(crate) fn create(dir: &Path, run: Run<'r>) -> anyhow::Result<TableFile<'r, T>> {
        let path = dir.join(path_of::<T>());
        let hashing = Hashing::create(&path, FILE_MODE).with_context(|| format!("writing {}", path.display()))?;
        let compression = CompressionOptions::Zstd(Some(ZstdLevel::try_new(ZSTD_LEVEL)?));
        let statistics = StatisticsOptions::default();
        let options = WriteOptions { statistics, version: Version::V1, compression, data_page_size: None };
        let file = FileWriter::try_new(hashing, schema::<T>(), options)?;
        Ok(TableFile { table: T::default(), run, of_run: None, waiting: 0, rows: 0, file, options })
    }

    pub(crate) fn push(&mut self, row: &T::Row<'_>) -> anyhow::Result<()> {
        self.table.push(row);
        self.waiting += 1;
        if self.waiting == ROW_GROUP_ROWS { self.write_out() } else { Ok(()) }
    }

    fn write_out(&mut self) -> anyhow::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        if rows == 0 {
            return Ok(());
        }
        self.rows += rows as u64;
        let mut columns = self.table.take();
        let texts = [self.run.id, self.run.rule_version];
        let of_run = self.of_run.get_or_insert_with(|| texts.map(|text| constant(text, rows)));
        columns.extend(of_run.iter().map(|column| column.sliced(0, rows)));
        let (types, options) = (self.file.parquet_schema().fields(), self.options);
        let pages = columns.into_par_iter().zip(types).map(|(column, of)| pages(column, of, options));
        let pages = pages.collect::<PolarsResult<Vec<_>>>().with_context(doing::<T>)?;
        let group = DynIter::new(pages.into_iter().flatten().map(Ok));
        self.file.write(rows as u64, group).with_context(doing::<T>)
    }

    /// Writes what waits and flushes the file to the disk.
    pub(crate) fn finish(mut self) -> anyhow::Result<Written> {
        self.write_out()?;
        // The columns say all there is to say: a schema of Arrow's beside them would be for its readers alone.
        self.file.end(Some(Vec::new())).with_context(doing::<T>)?;
        let sha256 = self.file.into_inner().finish().with_context(doing::<T>)?;
        Ok(Written { name: path_of::<T>(), rows: self.rows, sha256 })
    }
}

fn doing<T: Table>() -> String {
    format!("writing {}", path_of::<T>())
}

fn path_of<T: Table>() -> String {
    format!("{FOLDER}/{}.parquet", T::DECLARED.name)
}

fn schema<T: Table>() -> ArrowSchema {
    let own = T::DECLARED.columns.iter().zip(T::TYPES).map(|(column, of)| (column.name, of()));
    let of_run = OF_RUN.iter().map(|column| (column.name, Word::dtype()));
    own.chain(of_run).map(|(name, of)| Field::new(name.into(), of, true)).collect()
}

fn constant(text: &str, rows: usize) -> Box<dyn Array> {
    let mut cells = <Word as Cells>::Builder::default();
    (0..rows).for_each(|_| Word::push(&mut cells, Some(text)));
    Word::take(&mut cells)
}

type Pages = DynStreamingIterator<'static, polars_parquet::write::CompressedPage, PolarsError>;

/// The pages of one column, compressed as they are written.
fn pages(column: Box<dyn Array>, of: &ParquetType, options: WriteOptions) -> PolarsResult<Vec<Pages>> {
    let encoding = get_dtype_encoding(column.dtype());
    let columns = array_to_columns(column, of.clone(), options, &encoding)?;
    let compressed = columns.into_iter().map(|encoded| {
        let encoded = encoded.map(|page| page.map_err(|error| ParquetError::FeatureNotSupported(error.to_string())));
        let pages = Compressor::new(encoded, options.compression, Vec::new()).map_err(PolarsError::from);
        DynStreamingIterator::new(pages)
    });
    Ok(compressed.collect())
}
