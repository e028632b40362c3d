//! A table is declared once, by `table!`: name, type and value of each column stand in one line, so that a row can't
//! be built in another order than it is read, and a column that does not exist does not compile.

use std::marker::PhantomData;

use chrono::{Datelike as _, NaiveDate};
use polars::prelude::{
    BooleanChunked, BooleanChunkedBuilder, ChunkedBuilder as _, Column as AnyColumn, DataFrame, DataType, Expr,
    Int32Chunked, Int32Type, Int64Chunked, Int64Type, IntoColumn as _, NewChunkedArray as _, PlSmallStr, PolarsResult,
    PrimitiveChunkedBuilder, StringChunked, StringChunkedBuilder, UInt32Chunked, UInt32Type, col,
};

/// Days from 0001-01-01 (day 1) to 1970-01-01, where polars counts from.
const EPOCH_FROM_CE_DAYS: i32 = 719_163;

/// A column of a declared table.
#[derive(Clone, Copy, Debug)]
pub struct Column<C> {
    pub name: &'static str,
    cells: PhantomData<C>,
}

impl<C: Cells> Column<C> {
    pub(crate) const fn new(name: &'static str) -> Column<C> {
        Column { name, cells: PhantomData }
    }

    /// Its cells in a frame. Errors: the frame lacks it, or holds another type; whoever opened the frame has checked
    /// it.
    pub fn of(self, frame: &DataFrame) -> PolarsResult<&C::Array> {
        C::array(frame.column(self.name)?)
    }

    /// It in an expression.
    pub(crate) fn expr(self) -> Expr {
        col(self.name)
    }
}

impl Column<Row> {
    /// The numbers of an expression that picks among literals: those are of no fixed width by themselves.
    pub(crate) fn picked(self, expr: Expr) -> Expr {
        expr.cast(DataType::UInt32).alias(self.name)
    }

    /// With values that are all there.
    pub(crate) fn filled(self, rows: Vec<u32>) -> AnyColumn {
        UInt32Chunked::from_vec(self.name.into(), rows).into_column()
    }
}

impl Column<Number> {
    /// With values that are all there.
    pub(crate) fn filled(self, numbers: impl IntoIterator<Item = i64>) -> AnyColumn {
        Int64Chunked::from_iter_values(self.name.into(), numbers.into_iter()).into_column()
    }
}

impl Column<PlainDay> {
    /// With values that are all there.
    pub(crate) fn filled(self, days: impl IntoIterator<Item = i32>) -> AnyColumn {
        Int32Chunked::from_iter_values(self.name.into(), days.into_iter()).into_column()
    }

    /// With values of which some may be absent.
    pub(crate) fn filled_or_null(self, days: impl IntoIterator<Item = Option<i32>>) -> AnyColumn {
        Int32Chunked::from_iter_options(self.name.into(), days.into_iter()).into_column()
    }
}

impl Column<Flag> {
    pub(crate) fn filled(self, flags: impl IntoIterator<Item = bool>) -> AnyColumn {
        flags.into_iter().collect::<BooleanChunked>().with_name(self.name.into()).into_column()
    }
}

/// A frame of columns of one length.
pub(crate) fn frame(columns: Vec<AnyColumn>) -> PolarsResult<DataFrame> {
    DataFrame::new_infer_height(columns)
}

/// What the cells of a column are.
pub trait Cells {
    /// One cell.
    type Value<'a>;
    /// All cells, as polars holds them.
    type Array: 'static;
    type Builder;

    fn builder(name: &'static str, rows: usize) -> Self::Builder;
    fn push(builder: &mut Self::Builder, value: Self::Value<'_>);
    fn finish(builder: Self::Builder) -> AnyColumn;
    fn array(column: &AnyColumn) -> PolarsResult<&Self::Array>;
}

/// A row of this or another table, or the number that something else has.
#[derive(Clone, Copy, Debug)]
pub enum Row {}

/// A text; null is absent.
#[derive(Clone, Copy, Debug)]
pub enum Text {}

/// Texts, joined by commas; null when there is none.
#[derive(Clone, Copy, Debug)]
pub enum Names {}

/// A whole number, 1/10,000 of an amount, or microseconds since 1970; null is absent.
#[derive(Clone, Copy, Debug)]
pub enum Number {}

/// A day; null is absent. Read as days since 1970.
#[derive(Clone, Copy, Debug)]
pub enum Day {}

/// A day since 1970 as a plain number, as the tables of the rules hold it; null is absent.
#[derive(Clone, Copy, Debug)]
pub enum PlainDay {}

#[derive(Clone, Copy, Debug)]
pub enum Flag {}

/// What all kinds of cells have in common: how a value is pushed, what becomes of the finished column, and how it is
/// read.
macro_rules! cells {
    (
        $cells:ident: $value:ty, $array:ty, $builder:ty,
        |$to:ident, $one:ident| $push:expr, |$done:ident| $finish:expr, |$column:ident| $read:expr
    ) => {
        impl Cells for $cells {
            type Value<'a> = $value;
            type Array = $array;
            type Builder = $builder;

            fn builder(name: &'static str, rows: usize) -> Self::Builder {
                <$builder>::new(PlSmallStr::from_static(name), rows)
            }

            fn push($to: &mut Self::Builder, $one: Self::Value<'_>) {
                $push;
            }

            fn finish(builder: Self::Builder) -> AnyColumn {
                let $done = builder.finish();
                $finish
            }

            fn array($column: &AnyColumn) -> PolarsResult<&Self::Array> {
                $read
            }
        }
    };
}

cells! {
    Row: u32, UInt32Chunked, PrimitiveChunkedBuilder<UInt32Type>,
    |to, row| to.append_value(row), |done| done.into_column(), |column| column.u32()
}
cells! {
    Text: Option<&'a str>, StringChunked, StringChunkedBuilder,
    |to, text| to.append_option(text), |done| done.into_column(), |column| column.str()
}
cells! {
    Names: &'a [String], StringChunked, StringChunkedBuilder,
    |to, names| to.append_option(Some(names).filter(|names| !names.is_empty()).map(|names| names.join(","))),
    |done| done.into_column(), |column| column.str()
}
cells! {
    Number: Option<i64>, Int64Chunked, PrimitiveChunkedBuilder<Int64Type>,
    |to, number| to.append_option(number), |done| done.into_column(), |column| column.i64()
}
cells! {
    Day: Option<NaiveDate>, Int32Chunked, PrimitiveChunkedBuilder<Int32Type>,
    |to, day| to.append_option(day.map(|day| day.num_days_from_ce() - EPOCH_FROM_CE_DAYS)),
    |done| done.into_date().into_column(), |column| Ok(column.date()?.physical())
}
cells! {
    PlainDay: Option<i32>, Int32Chunked, PrimitiveChunkedBuilder<Int32Type>,
    |to, day| to.append_option(day), |done| done.into_column(), |column| column.i32()
}
cells! {
    Flag: bool, BooleanChunked, BooleanChunkedBuilder,
    |to, flag| to.append_value(flag), |done| done.into_column(), |column| column.bool()
}

/// Declares a table that is made column by column: the struct of its columns, and for each in one line its name and
/// what its cells are; with values, where they come from too.
macro_rules! columns {
    (
        $(#[$about:meta])*
        $table:ident { $($(#[$doc:meta])* $column:ident: $cells:ident,)+ }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        pub struct $table {
            $($(#[$doc])* pub $column: Column<$cells>,)+
        }

        impl $table {
            pub const COLUMNS: $table = $table { $($column: Column::new(stringify!($column)),)+ };
        }
    };
    (
        $(#[$about:meta])*
        $table:ident of |$rows:ident: $all:ty| -> $values:ty {
            $($(#[$doc:meta])* $column:ident: $cells:ident = $value:expr,)+
        }
    ) => {
        columns! { $(#[$about])* $table { $($(#[$doc])* $column: $cells,)+ } }

        impl $table {
            /// The names of all columns, in their order.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($column)),+];

            /// Each column's name and values.
            fn with_values($rows: $all) -> Vec<(&'static str, $values)> {
                vec![$((stringify!($column), $value),)+]
            }
        }
    };
}
pub(crate) use columns;

/// Declares a table: the struct of its columns (`Users`), the builder of its frames (`UsersBuilder`), and for each
/// column in one line its name, what its cells are, and where the value comes from in a row.
macro_rules! table {
    (
        $(#[$about:meta])*
        $table:ident, $builder:ident of |$row:ident: $record:ty| {
            $($(#[$doc:meta])* $column:ident: $cells:ident = $value:expr,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        pub struct $table {
            $($(#[$doc])* pub $column: Column<$cells>,)+
        }

        impl $table {
            /// The names of all columns, in their order.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($column)),+];
            pub const COLUMNS: $table = $table { $($column: Column::new(stringify!($column)),)+ };
        }

        /// Rows in, a frame out.
        pub struct $builder {
            rows: usize,
            $($column: <$cells as Cells>::Builder,)+
        }

        impl $builder {
            /// Room for so many rows.
            pub fn new(capacity: usize) -> $builder {
                $builder { rows: 0, $($column: $cells::builder(stringify!($column), capacity),)+ }
            }

            pub fn push(&mut self, $row: $record) {
                $($cells::push(&mut self.$column, $value);)+
                self.rows += 1;
            }

            /// Errors are polars' own.
            pub fn finish(self) -> PolarsResult<DataFrame> {
                DataFrame::new(self.rows, vec![$($cells::finish(self.$column)),+])
            }
        }
    };
}
pub(crate) use table;
