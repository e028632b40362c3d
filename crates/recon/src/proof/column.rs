//! A table of the proof is declared once, by [`table!`]: name, meaning, kind and value of each column stand together,
//! so that the file, its documentation and its rows can't differ.

use chrono::NaiveDate;
use polars_arrow::array::{
    Array, DictionaryArray, MutableArray, MutableBooleanArray, MutablePlString, MutablePrimitiveArray, Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, IntegerType};

/// Digits of an amount behind the point.
const SCALE: usize = 4;

/// Digits of an amount, and of a sum of amounts.
const AMOUNT_DIGITS: usize = 18;
const SUM_DIGITS: usize = 38;

/// A table as it is documented.
#[derive(Clone, Copy, Debug)]
pub struct Declared {
    /// Name of the file without `.parquet`.
    pub name: &'static str,
    pub about: &'static str,
    pub columns: &'static [Column],
}

/// A column as it is documented.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    /// The type in SQL.
    pub kind: &'static str,
    pub about: &'static str,
}

/// A declared table with the rows that wait to be written.
pub(crate) trait Table: Default {
    type Row<'r>;
    const DECLARED: Declared;
    const TYPES: &'static [fn() -> ArrowDataType];

    fn push(&mut self, row: &Self::Row<'_>);
    /// Takes the rows out, column by column.
    fn take(&mut self) -> Vec<Box<dyn Array>>;
}

/// What the cells of a column are.
pub(crate) trait Cells {
    /// One cell.
    type Value<'v>;
    type Builder: Default;
    const KIND: &'static str;

    fn dtype() -> ArrowDataType;
    fn push(builder: &mut Self::Builder, value: Self::Value<'_>);
    fn take(builder: &mut Self::Builder) -> Box<dyn Array>;
}

/// A text; null is absent. Ids are texts: their leading zeros count.
pub(crate) enum Text {}

/// A text of which a table has a few, such as a currency; null is absent. Each is kept once, and not looked for when
/// the file is written.
pub(crate) enum Word {}

/// The words of a column that wait.
#[derive(Default)]
pub(crate) struct Words {
    /// In the order in which they were met.
    texts: Vec<String>,
    numbers: MutablePrimitiveArray<u32>,
}

/// An amount in counts of 1/10,000; null is absent.
pub(crate) enum Amount {}

/// A sum of amounts of many, in counts of 1/10,000.
pub(crate) enum Sum {}

/// How many; null is absent.
pub(crate) enum Count {}

/// A day; null is absent.
pub(crate) enum Day {}

pub(crate) enum Flag {}

impl Cells for Text {
    type Value<'v> = Option<&'v str>;
    type Builder = MutablePlString;
    const KIND: &'static str = "VARCHAR";

    fn dtype() -> ArrowDataType {
        ArrowDataType::Utf8View
    }

    fn push(builder: &mut MutablePlString, text: Option<&str>) {
        builder.push(text);
    }

    fn take(builder: &mut MutablePlString) -> Box<dyn Array> {
        std::mem::take(builder).freeze().boxed()
    }
}

impl Words {
    fn number(&mut self, text: &str) -> u32 {
        let at = self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        // As many as a table has rows at most.
        at as u32
    }
}

impl Cells for Word {
    type Value<'v> = Option<&'v str>;
    type Builder = Words;
    const KIND: &'static str = "VARCHAR";

    fn dtype() -> ArrowDataType {
        ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(ArrowDataType::Utf8View), false)
    }

    fn push(words: &mut Words, text: Option<&str>) {
        let number = text.map(|text| words.number(text));
        words.numbers.push(number);
    }

    fn take(words: &mut Words) -> Box<dyn Array> {
        let Words { texts, numbers } = std::mem::take(words);
        let texts = Utf8ViewArray::from_slice_values(texts).boxed();
        let numbered = DictionaryArray::try_from_keys(numbers.into(), texts, false);
        numbered.expect("a number is one of a text").boxed()
    }
}

impl Cells for Amount {
    type Value<'v> = Option<i64>;
    type Builder = MutablePrimitiveArray<i128>;
    const KIND: &'static str = "DECIMAL(18,4)";

    fn dtype() -> ArrowDataType {
        ArrowDataType::Decimal(AMOUNT_DIGITS, SCALE)
    }

    fn push(builder: &mut Self::Builder, counts: Option<i64>) {
        builder.push(counts.map(i128::from));
    }

    fn take(builder: &mut Self::Builder) -> Box<dyn Array> {
        std::mem::take(builder).to(Self::dtype()).as_box()
    }
}

impl Cells for Sum {
    type Value<'v> = Option<i128>;
    type Builder = MutablePrimitiveArray<i128>;
    const KIND: &'static str = "DECIMAL(38,4)";

    fn dtype() -> ArrowDataType {
        ArrowDataType::Decimal(SUM_DIGITS, SCALE)
    }

    fn push(builder: &mut Self::Builder, counts: Option<i128>) {
        builder.push(counts);
    }

    fn take(builder: &mut Self::Builder) -> Box<dyn Array> {
        std::mem::take(builder).to(Self::dtype()).as_box()
    }
}

impl Cells for Count {
    type Value<'v> = Option<u64>;
    type Builder = MutablePrimitiveArray<i64>;
    const KIND: &'static str = "BIGINT";

    fn dtype() -> ArrowDataType {
        ArrowDataType::Int64
    }

    fn push(builder: &mut Self::Builder, count: Option<u64>) {
        builder.push(count.map(|count| i64::try_from(count).unwrap_or(i64::MAX)));
    }

    fn take(builder: &mut Self::Builder) -> Box<dyn Array> {
        std::mem::take(builder).as_box()
    }
}

impl Cells for Day {
    type Value<'v> = Option<NaiveDate>;
    type Builder = MutablePrimitiveArray<i32>;
    const KIND: &'static str = "DATE";

    fn dtype() -> ArrowDataType {
        ArrowDataType::Date32
    }

    fn push(builder: &mut Self::Builder, day: Option<NaiveDate>) {
        builder.push(day.map(|day| day.to_epoch_days()));
    }

    fn take(builder: &mut Self::Builder) -> Box<dyn Array> {
        std::mem::take(builder).to(Self::dtype()).as_box()
    }
}

impl Cells for Flag {
    type Value<'v> = bool;
    type Builder = MutableBooleanArray;
    const KIND: &'static str = "BOOLEAN";

    fn dtype() -> ArrowDataType {
        ArrowDataType::Boolean
    }

    fn push(builder: &mut Self::Builder, flag: bool) {
        builder.push(Some(flag));
    }

    fn take(builder: &mut Self::Builder) -> Box<dyn Array> {
        std::mem::take(builder).as_box()
    }
}

/// Declares a table: the columns with the rows that wait, its name, and for each column its meaning, name, kind, and
/// where the value comes from in a row.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $table:ident = $name:literal of |$row:ident: $record:ident| {
            $($(#[doc = $doc:literal])* $column:ident: $cells:ident = $value:expr,)+
        }
    ) => {
        #[derive(Default)]
        pub(crate) struct $table {
            $($column: <$cells as Cells>::Builder,)+
        }

        impl Table for $table {
            type Row<'r> = $record<'r>;
            const DECLARED: Declared = Declared {
                name: $name,
                about: concat!($($about),+),
                columns: &[
                    $(Column { name: stringify!($column), kind: <$cells as Cells>::KIND, about: concat!($($doc),*) },)+
                ],
            };
            const TYPES: &'static [fn() -> ArrowDataType] = &[$(<$cells as Cells>::dtype),+];

            fn push(&mut self, $row: &$record<'_>) {
                $(<$cells as Cells>::push(&mut self.$column, $value);)+
            }

            fn take(&mut self) -> Vec<Box<dyn Array>> {
                vec![$(<$cells as Cells>::take(&mut self.$column)),+]
            }
        }
    };
}
pub(super) use table;
