//! Records of tonight that older snapshots are asked about, by employee id and benefit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::lines::benefits::Benefits;
use crate::rules::people::day_number;
use crate::rules::timeline::positions::{Positions, records_of};
use crate::snapshot::{BENEFITS, POPULATION};

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
    /// First day of its cover, in days since 1970.
    pub(super) first: i32,
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

    /// Whether a snapshot that is known on a day shows all of them that were changed before it, as far as it knows
    /// their people. Of two records that were entered on one day the later one is shown from its first day on only.
    pub fn are_shown(&self, known_on: NaiveDate, population: &DataFrame, benefits: &Benefits) -> PolarsResult<bool> {
        let (day, ids) = (day_number(known_on), POPULATION.employee_id.of(population)?);
        let from = BENEFITS.effective_from.of(&benefits.frame)?;
        let emps: Vec<u32> = BENEFITS.emp.of(&benefits.frame)?.into_no_null_iter().collect();
        let mut positions = Positions::new(ids);
        let is_shown = |((id, benefit), asked): (&(String, String), &AskedRecord<T>)| {
            let Some(emp) = positions.of(id).filter(|_| asked.changed.is_some_and(|changed| changed < day)) else {
                return true;
            };
            let mut of_benefit = records_of(benefits, &emps, emp, benefit).peekable();
            of_benefit.peek().is_none() || of_benefit.any(|row| from.get(row) == Some(asked.first))
        };
        Ok(self.rows.iter().all(is_shown))
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
