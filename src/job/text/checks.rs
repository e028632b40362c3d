//! What the sections share: texts, paths, numbers within bounds, maps with their keys in one form.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::job::problems::Problems;
use crate::job::text::Quoted;
use crate::job::text::key::Key;

pub type Text = Quoted<String>;

/// Texts as the outside world writes them → ours.
pub type MapTo<T> = Option<BTreeMap<String, T>>;

pub fn path(raw: Option<Text>) -> Option<PathBuf> {
    raw.map(|text| PathBuf::from(text.0))
}

pub fn text(raw: Option<Text>) -> Option<String> {
    raw.map(|text| text.0)
}

/// The value or its default, when it lies in `range`; else the default, with a problem.
pub fn within<T: PartialOrd + Display + Copy>(
    value: Option<T>,
    default: T,
    range: RangeInclusive<T>,
    key: &Key,
    p: &mut Problems<'_>,
) -> T {
    match value {
        Some(value) if range.contains(&value) => value,
        Some(value) => {
            p.at(key, format!("expected a number from {} to {}, found {value}", range.start(), range.end()));
            default
        }
        None => default,
    }
}

/// The job's entries with their keys as `normal` makes them, on top of `defaults`. Two keys that become the same are a
/// problem.
pub fn map<R, T>(
    raw: MapTo<R>,
    defaults: impl IntoIterator<Item = (String, T)>,
    normal: impl Fn(&str) -> String,
    value: impl Fn(R) -> T,
    key: &Key,
    p: &mut Problems<'_>,
) -> BTreeMap<String, T> {
    let mut entries: BTreeMap<String, T> = BTreeMap::new();
    for (written, entry) in raw.unwrap_or_default() {
        let at = normal(&written);
        if at.is_empty() {
            p.at(&key.then(&written), "expected a text before the `=`, found a blank one");
        } else if entries.insert(at, value(entry)).is_some() {
            p.at(&key.then(&written), "expected each text once, found it twice (case or blanks aside)");
        }
    }
    for (at, entry) in defaults {
        entries.entry(at).or_insert(entry);
    }
    entries
}

pub fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

pub fn lower(text: &str) -> String {
    text.trim().to_lowercase()
}

pub fn upper(text: &str) -> String {
    text.trim().to_uppercase()
}
