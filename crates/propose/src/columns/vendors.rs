//! How vendors lay out their exports (`data/vendors.toml`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::cells::dates::Habit;
use crate::columns::names::plain;

#[derive(Debug, Deserialize)]
pub struct Vendor {
    /// As its maker calls it.
    pub title: String,
    signature: Vec<String>,
    habit: DayOrMonth,
    /// Currency of all its exports.
    #[serde(default)]
    pub currency: Option<String>,
    /// Kind of the one benefit that the export is about.
    #[serde(default)]
    pub kind: Option<String>,
    /// Field → headers, the preferred first.
    #[serde(default)]
    columns: BTreeMap<String, Vec<String>>,
    /// Words of the column of record types whose meaning is the vendor's own.
    #[serde(default)]
    pub record_types: Option<RecordWords>,
}

/// What words of a column of record types mean.
#[derive(Debug, Deserialize)]
pub struct RecordWords {
    pub take: Vec<String>,
    pub employer: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DayOrMonth {
    DayFirst,
    MonthFirst,
}

/// Headers of a signature that tell the vendor.
const SIGNATURE_MIN: usize = 3;

static VENDORS: LazyLock<BTreeMap<String, Vendor>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/vendors.toml"))
        .expect("the table is part of the program and a test reads it")
});

/// The vendors by the name that `--from` takes.
pub fn all() -> &'static BTreeMap<String, Vendor> {
    &VENDORS
}

/// The vendor whose headers these are; `None` when none stands out.
pub fn of_headers(headers: &[String]) -> Option<&'static Vendor> {
    let headers: Vec<String> = headers.iter().map(|header| plain(header)).collect();
    let count = |vendor: &Vendor| vendor.signature.iter().filter(|name| headers.contains(&plain(name))).count();
    let mut counts: Vec<(usize, &Vendor)> = all().values().map(|vendor| (count(vendor), vendor)).collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match counts.as_slice() {
        [(first, vendor), (second, _), ..] if *first >= SIGNATURE_MIN && first > second => Some(vendor),
        _ => None,
    }
}

impl Vendor {
    /// Place of a header among those that the vendor uses for a field.
    pub fn prefers(&self, field: &str, header: &[String]) -> Option<usize> {
        let header = header.join(" ");
        self.columns.get(field)?.iter().position(|name| plain(name) == header)
    }

    pub fn habit(&self) -> Habit {
        match self.habit {
            DayOrMonth::DayFirst => Habit::DayFirst("the vendor writes it so"),
            DayOrMonth::MonthFirst => Habit::MonthFirst("the vendor writes it so"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::fields;

    #[test]
    fn a_vendor_maps_fields_that_there_are() {
        for (name, vendor) in all() {
            for field in vendor.columns.keys() {
                assert!(fields::all().iter().any(|known| known.key == *field), "{name}: {field}");
            }
            assert!(vendor.signature.len() >= SIGNATURE_MIN, "{name}");
        }
    }
}
