//! Polars columns from plain vectors. A value that is not there has a number of its own in the vectors, which takes half
//! the memory of an `Option`.

use polars::prelude::{
    Column, DataType, Int32Chunked, Int64Chunked, IntoColumn, NewChunkedArray, StringChunkedBuilder,
};

/// No date: no day of a calendar comes near it.
pub(super) const NO_DATE: i32 = i32::MIN;
/// No amount: sums of accepted amounts are checked to stay above it.
pub(super) const NO_NUMBER: i64 = i64::MIN;

/// A `String` column; `texts` gives `rows` values.
pub(super) fn text_column<'t>(name: &str, rows: usize, texts: impl Iterator<Item = Option<&'t str>> + Clone) -> Column {
    if texts.clone().all(|text| text.is_none()) {
        return Column::full_null(name.into(), rows, &DataType::String);
    }
    let mut builder = StringChunkedBuilder::new(name.into(), rows);
    texts.for_each(|text| builder.append_option(text));
    builder.finish().into_column()
}

/// A `Date` column from days since 1970-01-01; [`NO_DATE`] is null.
pub(super) fn date_column(name: &str, days: Vec<i32>) -> Column {
    if !days.contains(&NO_DATE) {
        return Int32Chunked::from_vec(name.into(), days).into_date().into_column();
    }
    let values = days.iter().map(|d| Some(*d).filter(|d| *d != NO_DATE));
    Int32Chunked::from_iter_options(name.into(), values).into_date().into_column()
}

/// An `Int64` column; [`NO_NUMBER`] is null.
pub(super) fn number_column(name: &str, numbers: Vec<i64>) -> Column {
    if !numbers.contains(&NO_NUMBER) {
        return Int64Chunked::from_vec(name.into(), numbers).into_column();
    }
    let values = numbers.iter().map(|n| Some(*n).filter(|n| *n != NO_NUMBER));
    Int64Chunked::from_iter_options(name.into(), values).into_column()
}
