//! Typed access to the columns of the input frames. A missing column or a wrong type is a mistake of ours, never of
//! the input: whoever made the frame has checked it.

use polars::prelude::*;

/// A `String` column.
pub(super) fn texts<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a StringChunked> {
    frame.column(name)?.str()
}

/// An `Int64` column: amounts, rates and hours in counts of 1/10,000; times in microseconds.
pub(super) fn counts<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a Int64Chunked> {
    frame.column(name)?.i64()
}

/// A `UInt32` column.
pub(super) fn numbers<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a UInt32Chunked> {
    frame.column(name)?.u32()
}

/// A `Date` column as days since 1970.
pub(super) fn days<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a Int32Chunked> {
    Ok(frame.column(name)?.date()?.physical())
}

/// An `Int32` column, as the tables of this folder hold days.
pub(super) fn plain_days<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a Int32Chunked> {
    frame.column(name)?.i32()
}

/// A `Boolean` column.
pub(super) fn flags<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<&'a BooleanChunked> {
    frame.column(name)?.bool()
}

/// A column from values that are all there.
pub(super) fn numbers_from(name: &str, values: Vec<u32>) -> Column {
    UInt32Chunked::from_vec(name.into(), values).into_column()
}

/// The numbers of an expression that picks among literals: those are of no fixed width by themselves.
pub(super) fn number_of(picked: Expr, name: &str) -> Expr {
    picked.cast(DataType::UInt32).alias(name)
}

/// A frame of columns of one length.
pub(super) fn frame(columns: Vec<Column>) -> PolarsResult<DataFrame> {
    DataFrame::new_infer_height(columns)
}
