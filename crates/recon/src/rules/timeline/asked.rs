//! Records of tonight that older snapshots are asked about, by employee id and benefit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::rules::people::day_number;

/// Those that no snapshot has answered yet. `T`: what is asked.
#[derive(Debug)]
pub struct Asked<T> {
    pub(super) rows: BTreeMap<(String, String), AskedRecord<T>>,
}

/// A record, and what is asked of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct AskedRecord<T> {
    /// Row of tonight's benefits.
    pub(super) row: u32,
    /// The day on which it was last changed, in days since 1970: only snapshots up to then have what was before.
    pub(super) changed: Option<i32>,
    pub(super) what: T,
}

impl<T> Default for Asked<T> {
    fn default() -> Asked<T> {
        Asked { rows: BTreeMap::new() }
    }
}

impl<T> Asked<T> {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A snapshot that is known on a day can have what was before one of them.
    pub fn wants(&self, known_on: NaiveDate) -> bool {
        let day = day_number(known_on);
        self.rows.values().any(|asked| asked.changed.is_none_or(|changed| changed >= day))
    }

    /// Employee ids of those that are asked for still.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(|(id, _)| id.as_str())
    }

    /// Lets go of ids that were another person's in the snapshots that come.
    pub(super) fn forget(&mut self, others: &BTreeSet<String>) {
        self.rows.retain(|(id, _), _| !others.contains(id));
    }
}
