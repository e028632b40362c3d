//! When each enrollment of Oyster was first seen in which state. The service gives no dates, so this is all that is known
//! of the past: our own nights, and an opening balance of the customer's for enrollments that no night has seen.
//! A night is previewed (a dry run ends there) and recorded as previewed.

mod opening;
mod sight;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use chrono::NaiveDate;
use rusqlite::params;

use super::Store;
use crate::enrollment::{Sighting, Sightings};

/// What one night saw.
#[derive(Clone, Copy, Debug)]
pub struct EnrollmentNight<'a> {
    /// The day that the evidence speaks of.
    pub as_of: NaiveDate,
    /// Ids of the engagements that were read in full.
    pub found: &'a BTreeSet<String>,
    /// Engagement id, enrollment id and state (as written, trimmed) of their enrollments.
    pub states: &'a [(String, String, String)],
    /// Opening balance of the history: one JSON object a line.
    pub opening: Option<&'a Path>,
}

/// The history with one night added, not written yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    pub sightings: Sightings,
    /// Steps since the night before that the flow chart does not show; sorted.
    pub unexpected: Vec<Step>,
    /// Engagements that the night saw, with the day on which each was first seen.
    seen: BTreeMap<String, NaiveDate>,
    /// Enrollments whose history the night changed.
    changed: BTreeSet<(String, String)>,
}

/// One enrollment's step from one state to another, both as the service wrote them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub engagement_id: String,
    pub enrollment_id: String,
    pub from: String,
    pub to: String,
}

impl Store {
    /// What is known of all enrollments when this night is added. Writes nothing. Errors: the opening file's, with its line.
    pub fn sightings(&self, night: &EnrollmentNight<'_>) -> anyhow::Result<States> {
        let mut sightings = self.known_sightings()?;
        let mut seen = self.engagements_seen()?;
        let opened = night.opening.map_or_else(|| Ok(Sightings::new()), opening::read)?;
        let mut changed = BTreeSet::new();
        for (pair, states) in opened {
            if let std::collections::btree_map::Entry::Vacant(vacant) = sightings.entry(pair) {
                changed.insert(vacant.key().clone());
                vacant.insert(states);
            }
        }
        let mut unexpected = Vec::new();
        for (engagement, enrollment, state) in night.states {
            let known_before = seen.get(engagement).is_some_and(|first| *first < night.as_of);
            let pair = (engagement.clone(), enrollment.clone());
            let states = sightings.entry(pair.clone()).or_default();
            let from = sight::add(states, night.as_of, state, known_before);
            let (engagement_id, enrollment_id, to) = (engagement.clone(), enrollment.clone(), state.clone());
            unexpected.extend(from.map(|from| Step { engagement_id, enrollment_id, from, to }));
            changed.insert(pair);
        }
        unexpected.sort();
        let first_seen = |engagement: &String| {
            let first = seen.get(engagement).map_or(night.as_of, |first| (*first).min(night.as_of));
            (engagement.clone(), first)
        };
        seen = night.found.iter().map(first_seen).collect();
        Ok(States { sightings, unexpected, seen, changed })
    }

    /// Writes what [`Store::sightings`] showed.
    pub fn record_sightings(&mut self, night: &States) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        {
            let sql = "INSERT INTO engagement_seen (engagement_id, first_seen) VALUES (?1, ?2)
                       ON CONFLICT DO UPDATE SET first_seen = excluded.first_seen
                       WHERE first_seen IS NOT excluded.first_seen";
            let mut see = transaction.prepare_cached(sql)?;
            for (engagement, first) in &night.seen {
                see.execute(params![engagement, first.to_string()])?;
            }
            let sql = "DELETE FROM enrollment_state WHERE engagement_id = ?1 AND enrollment_id = ?2";
            let mut forget = transaction.prepare_cached(sql)?;
            let sql = "INSERT INTO enrollment_state (engagement_id, enrollment_id, since, state, witnessed)
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let mut insert = transaction.prepare_cached(sql)?;
            for pair in &night.changed {
                forget.execute(params![pair.0, pair.1])?;
                for sighting in night.sightings.get(pair).into_iter().flatten() {
                    let Sighting { since, state, witnessed } = sighting;
                    insert.execute(params![pair.0, pair.1, since.to_string(), state, witnessed])?;
                }
            }
        }
        transaction.commit().context("commit the states of the enrollments")
    }

    fn known_sightings(&self) -> anyhow::Result<Sightings> {
        let sql = "SELECT engagement_id, enrollment_id, since, state, witnessed FROM enrollment_state
                   ORDER BY engagement_id, enrollment_id, since";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut sightings = Sightings::new();
        while let Some(row) = rows.next()? {
            let sighting =
                Sighting { since: day(&row.get::<_, String>(2)?)?, state: row.get(3)?, witnessed: row.get(4)? };
            sightings.entry((row.get(0)?, row.get(1)?)).or_default().push(sighting);
        }
        Ok(sightings)
    }

    fn engagements_seen(&self) -> anyhow::Result<BTreeMap<String, NaiveDate>> {
        let mut statement =
            self.connection().prepare_cached("SELECT engagement_id, first_seen FROM engagement_seen")?;
        let mut rows = statement.query([])?;
        let mut seen = BTreeMap::new();
        while let Some(row) = rows.next()? {
            seen.insert(row.get(0)?, day(&row.get::<_, String>(1)?)?);
        }
        Ok(seen)
    }
}

fn day(text: &str) -> anyhow::Result<NaiveDate> {
    text.parse().with_context(|| format!("the database holds the day {text:?}"))
}

#[cfg(test)]
mod tests;
