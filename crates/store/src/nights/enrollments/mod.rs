//! When each enrollment of Oyster was first seen in which state. The service gives no dates, so this is all that is
//! known of the past: our own nights, and an opening balance of the customer's for enrollments that no night has seen.
//! A night is previewed (a dry run ends there) and recorded as previewed.

mod opening;
mod sight;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use chrono::NaiveDate;
use rusqlite::params;

use crate::Store;
use tieout_model::enrollment::{Sighting, Sightings};
use tieout_model::ids::EngagementId;

/// What one night saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollmentNight {
    /// The day that the evidence speaks of.
    pub as_of: NaiveDate,
    /// Ids of the engagements that were read in full.
    pub found: BTreeSet<String>,
    /// Engagement id, enrollment id and state (as written, trimmed) of their enrollments.
    pub states: Vec<(String, String, String)>,
}

/// The history with some nights added, not written yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    pub sightings: Sightings,
    /// Steps to the states of the last of them that the flow chart does not show; sorted.
    pub unexpected: Vec<Step>,
    /// The day on which each engagement was first seen.
    seen: BTreeMap<String, NaiveDate>,
    /// Enrollments whose history may be another than the stored one.
    changed: BTreeSet<(String, String)>,
}

/// One enrollment's step from one state to another, both as the service wrote them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub engagement_id: EngagementId,
    pub enrollment_id: String,
    pub from: String,
    pub to: String,
}

impl States {
    fn add(&mut self, night: &EnrollmentNight) {
        self.unexpected.clear();
        for (engagement, enrollment, state) in &night.states {
            let known_before = self.seen.get(engagement).is_some_and(|first| *first < night.as_of);
            let pair = (engagement.clone(), enrollment.clone());
            let from = sight::add(self.sightings.entry(pair.clone()).or_default(), night.as_of, state, known_before);
            let (engagement_id, enrollment_id, to) = (engagement.clone(), enrollment.clone(), state.clone());
            self.unexpected.extend(from.map(|from| Step {
                engagement_id: engagement_id.into(),
                enrollment_id,
                from,
                to,
            }));
            self.changed.insert(pair);
        }
        self.unexpected.sort();
        for engagement in &night.found {
            let first = self.seen.entry(engagement.clone()).or_insert(night.as_of);
            *first = (*first).min(night.as_of);
        }
    }
}

impl Store {
    /// What is known of all enrollments when these nights are added, oldest first; one that is known already adds
    /// nothing. `opening`: opening balance of the history, one JSON object a line. Writes nothing. Errors: the opening
    /// file's, with its line.
    pub fn sightings(&self, nights: &[EnrollmentNight], opening: Option<&Path>) -> anyhow::Result<States> {
        let sightings = self.known_sightings()?;
        let seen = self.engagements_seen()?;
        let mut states = States { sightings, seen, ..States::default() };
        for (pair, opened) in opening.map_or_else(|| Ok(Sightings::new()), opening::read)? {
            if let Entry::Vacant(vacant) = states.sightings.entry(pair) {
                states.changed.insert(vacant.key().clone());
                vacant.insert(opened);
            }
        }
        nights.iter().for_each(|night| states.add(night));
        Ok(states)
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

    /// Engagement id → what the queue wants or sent there last, by kind: it moves when that moves.
    pub fn wanted_at_oyster(&self) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
        // Beside max(id) SQLite gives the other columns of that row.
        let sql =
            "SELECT payload ->> '$.engagement_id', kind || ' ' || state || ' ' || payload_hash, max(id) FROM queue
                   WHERE kind IN ('oyster_provisioning', 'oyster_request')
                     AND state IN ('approved', 'sending', 'in_doubt', 'sent')
                   GROUP BY payload ->> '$.engagement_id', kind ORDER BY 1, 2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([]).context("read what the queue wants at Oyster")?;
        let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            wanted.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(wanted)
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
