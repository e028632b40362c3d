//! Key paths of a job file (`payroll.wide[2].code`) and where in the text they stand.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A path of keys from the top of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name(String),
    /// From 0; shown from 1.
    Index(usize),
}

impl Key {
    pub fn of(name: &str) -> Key {
        Key::default().then(name)
    }

    pub fn then(&self, name: &str) -> Key {
        self.with(Step::Name(name.to_owned()))
    }

    pub fn item(&self, index: usize) -> Key {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Key {
        Key(self.0.iter().cloned().chain([step]).collect())
    }

    /// The table around this key; the file as a whole for a top-level key.
    pub fn parent(&self) -> Key {
        Key(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// The last name of the path.
    pub fn name(&self) -> &str {
        match self.0.last() {
            Some(Step::Name(name)) => name,
            _ => "",
        }
    }

    /// Byte offset of the key in the text; `None` when the file does not have it.
    pub fn offset(&self, table: &DeTable<'_>) -> Option<usize> {
        let (last, before) = self.0.split_last()?;
        match (value_at(table, before)?, last) {
            (Node::Table(table), Step::Name(name)) => Some(table.get_key_value(name.as_str())?.0.span().start),
            (Node::Value(DeValue::Array(array)), Step::Index(index)) => Some(array.get(*index)?.span().start),
            _ => None,
        }
    }

    /// What the file has at this key, in plain words; `None` when it has nothing.
    pub fn kind(&self, table: &DeTable<'_>) -> Option<&'static str> {
        Some(match value_at(table, &self.0)? {
            Node::Table(_) | Node::Value(DeValue::Table(_)) => "a table",
            Node::Value(DeValue::String(_)) => "a text in quotes",
            Node::Value(DeValue::Integer(_)) => "a whole number",
            Node::Value(DeValue::Float(_)) => "a number with decimals",
            Node::Value(DeValue::Boolean(_)) => "true or false",
            Node::Value(DeValue::Datetime(_)) => "a date without quotes",
            Node::Value(DeValue::Array(_)) => "a list",
        })
    }

    /// Takes the key out of the table: an item of a list takes the list with it. `false` when there is none.
    pub fn remove_from(&self, table: &mut DeTable<'_>) -> bool {
        remove(table, &self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{}]", index + 1)?,
                Step::Name(name) => {
                    let bare =
                        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                    let dot = if i > 0 { "." } else { "" };
                    if bare { write!(f, "{dot}{name}")? } else { write!(f, "{dot}{name:?}")? }
                }
            }
        }
        Ok(())
    }
}

enum Node<'a, 'i> {
    Table(&'a DeTable<'i>),
    Value(&'a DeValue<'i>),
}

fn value_at<'a, 'i>(table: &'a DeTable<'i>, steps: &[Step]) -> Option<Node<'a, 'i>> {
    let mut node = Node::Table(table);
    for step in steps {
        let value = match (node, step) {
            (Node::Table(table), Step::Name(name)) => table.get(name.as_str())?,
            (Node::Value(DeValue::Array(array)), Step::Index(index)) => array.get(*index)?,
            _ => return None,
        };
        node = match value.get_ref() {
            DeValue::Table(table) => Node::Table(table),
            other => Node::Value(other),
        };
    }
    Some(node)
}

fn remove(table: &mut DeTable<'_>, steps: &[Step]) -> bool {
    let Some((Step::Name(name), rest)) = steps.split_first() else { return false };
    // A lone key, or a wrong item: `Some([Index])`.
    if let [] | [Step::Index(_)] = rest {
        return table.remove(name.as_str()).is_some();
    }
    match table.get_mut(name.as_str()).map(Spanned::get_mut) {
        Some(DeValue::Table(inner)) => remove(inner, rest),
        Some(DeValue::Array(items)) => match rest.split_first() {
            Some((Step::Index(index), rest)) => match items.get_mut(*index).map(Spanned::get_mut) {
                Some(DeValue::Table(inner)) => remove(inner, rest),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

/// The key whose name or value stands at exactly this span. Names come first: several implicit tables can share a span.
pub fn find(table: &DeTable<'_>, span: &Range<usize>) -> Option<Key> {
    find_in(table, &Key::default(), &|name, _| name == span)
        .or_else(|| find_in(table, &Key::default(), &|_, value| value == span))
}

type Hit<'a> = &'a dyn Fn(&Range<usize>, &Range<usize>) -> bool;

fn find_in(table: &DeTable<'_>, at: &Key, hit: Hit<'_>) -> Option<Key> {
    table.iter().find_map(|(name, value)| {
        let key = at.then(name.get_ref());
        if hit(&name.span(), &value.span()) { Some(key) } else { find_below(value.get_ref(), &key, hit) }
    })
}

fn find_below(value: &DeValue<'_>, at: &Key, hit: Hit<'_>) -> Option<Key> {
    match value {
        DeValue::Table(table) => find_in(table, at, hit),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(i, item)| {
            let key = at.item(i);
            let nowhere = usize::MAX..usize::MAX;
            if hit(&nowhere, &item.span()) { Some(key) } else { find_below(item.get_ref(), &key, hit) }
        }),
        _ => None,
    }
}
