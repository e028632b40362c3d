//! What the types of `raw` ask for at each key: a deserializer that has no data, leads a type down a path, and notes
//! what it asks for there. Serde's own derives answer, so no second list of keys has to be kept.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::job::file::RawJob;

/// The keys of a table.
pub type Tables = &'static [&'static str];

/// One step down from a table, a map or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Key(&'static str),
    /// Any entry of a map.
    Entry,
    Item,
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    Table(Tables),
    Map,
    List,
    /// With what the text must be.
    Text(String),
    Names(Tables),
    Bool,
    Integer {
        signed: bool,
    },
    /// One of several kinds.
    Anything,
}

/// What a job file has at a path.
pub fn holds(path: &[Step]) -> Holds {
    let found = RefCell::new(None);
    // Always an error: there is no data.
    let _ = RawJob::deserialize(Tracer { path, found: &found });
    found.into_inner().unwrap_or(Holds::Anything)
}

/// Why a type was left: the answer is found, or the keys are told.
#[derive(Debug)]
enum Left {
    Found,
    UnknownKey(Tables),
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no data")
    }
}

impl std::error::Error for Left {}

impl Error for Left {
    fn custom<T: fmt::Display>(_: T) -> Left {
        Left::Found
    }

    fn unknown_field(_: &str, expected: Tables) -> Left {
        Left::UnknownKey(expected)
    }
}

#[derive(Clone, Copy)]
struct Tracer<'p> {
    path: &'p [Step],
    found: &'p RefCell<Option<Holds>>,
}

impl Tracer<'_> {
    /// Notes what was asked for at the end of the path. On the way there it is another kind than the path says.
    fn note<T>(self, holds: impl FnOnce() -> Holds) -> Result<T, Left> {
        if self.path.is_empty() && self.found.borrow().is_none() {
            *self.found.borrow_mut() = Some(holds());
        }
        Err(Left::Found)
    }
}

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = Left;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Left> {
        self.note(|| Holds::Anything)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Left> {
        self.note(|| Holds::Bool)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Left> {
        self.note(|| Holds::Integer { signed: true })
    }

    fn deserialize_i32<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Left> {
        self.note(|| Holds::Integer { signed: true })
    }

    fn deserialize_u64<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Left> {
        self.note(|| Holds::Integer { signed: false })
    }

    fn deserialize_u32<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Left> {
        self.note(|| Holds::Integer { signed: false })
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Left> {
        self.note(|| Holds::Text((&visitor as &dyn Expected).to_string()))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Left> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Left> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Left> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, names: Tables, _: V) -> Result<V::Value, Left> {
        self.note(|| Holds::Names(names))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Left> {
        match self.path.split_first() {
            Some((Step::Item, path)) => visitor.visit_seq(Below { key: "", below: Tracer { path, ..self } }),
            _ => self.note(|| Holds::List),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, keys: Tables, visitor: V) -> Result<V::Value, Left> {
        match self.path.is_empty() {
            true => self.note(|| Holds::Table(keys)),
            false => self.deserialize_map(visitor),
        }
    }

    /// A map takes any key, a table behind `table` refuses it and tells its own.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Left> {
        let key = match self.path.first() {
            Some(Step::Key(key)) => key,
            _ => "",
        };
        let path = self.path.get(1..).unwrap_or_default();
        if !self.path.is_empty() {
            return visitor.visit_map(Below { key, below: Tracer { path, ..self } });
        }
        let inside = RefCell::new(None);
        match visitor.visit_map(Below { key, below: Tracer { path, found: &inside } }) {
            Err(Left::UnknownKey(keys)) => self.note(|| Holds::Table(keys)),
            _ => self.note(|| Holds::Map),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// A map or a list with one value, whose type is led on.
struct Below<'p> {
    key: &'p str,
    below: Tracer<'p>,
}

impl<'de> MapAccess<'de> for Below<'_> {
    type Error = Left;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Left> {
        seed.deserialize(StrDeserializer::new(self.key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Left> {
        seed.deserialize(self.below)
    }
}

impl<'de> SeqAccess<'de> for Below<'_> {
    type Error = Left;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Left> {
        seed.deserialize(self.below).map(Some)
    }
}
