//! Oyster's part of a snapshot: engagements and their enrollments, and whether the list of them is whole.

mod build;
mod detail;
mod import;
mod kept;
#[cfg(test)]
pub mod tests;

pub use build::{Detail, Engagement};
pub use detail::wants_provisioning;
pub(super) use import::import;
pub use kept::Kept;

use std::collections::BTreeSet;

use polars::prelude::DataFrame;

use crate::snapshot::Outcome;

/// Why the list proves nothing when nobody asked for it.
const NOT_ASKED: &str = "the snapshot was taken without Oyster";

/// Why nobody may judge an engagement that the list shows: part of it answered 404.
pub const ENGAGEMENT_NOT_FOUND: &str = "not found, or no permission to read it (404)";
/// The same with 410.
pub const ENGAGEMENT_GONE: &str = "no longer there (410)";

/// What Oyster answered in one night.
#[derive(Clone, Debug)]
pub struct Oyster {
    /// Columns: [`ENGAGEMENTS`].
    pub engagements: DataFrame,
    /// Columns: [`ENROLLMENTS`].
    pub enrollments: DataFrame,
    /// Why the list of engagements is not whole: then what it lacks proves nothing. `None`: it is.
    pub list_fault: Option<String>,
}

/// Engagement id, enrollment id, state as the service wrote it.
pub type EnrollmentState = (String, String, String);

impl Oyster {
    /// The list is whole and no engagement is unverified.
    pub fn complete(&self) -> anyhow::Result<bool> {
        let outcomes = self.engagements.column("outcome")?.str()?;
        Ok(self.list_fault.is_none() && outcomes.iter().all(|outcome| outcome == Some(Outcome::Found.name())))
    }

    /// Every engagement of the snapshot, sorted.
    pub fn engagement_ids(&self) -> anyhow::Result<impl Iterator<Item = &str>> {
        Ok(self.engagements.column("engagement_id")?.str()?.iter().flatten())
    }

    /// Stands for a service that was not asked: its list proves nothing.
    pub fn not_asked() -> anyhow::Result<Oyster> {
        Oyster::of(Vec::new(), Some(NOT_ASKED.into()))
    }

    /// The engagements that were found, and the states of their enrollments, both sorted. Enrollments without an id or a
    /// state have no history.
    pub fn states(&self) -> anyhow::Result<(BTreeSet<String>, Vec<EnrollmentState>)> {
        let ids = self.engagements.column("engagement_id")?.str()?;
        let outcomes = self.engagements.column("outcome")?.str()?;
        let found = ids.iter().zip(outcomes.iter()).filter(|(_, outcome)| *outcome == Some(Outcome::Found.name()));
        let found: BTreeSet<String> = found.filter_map(|(id, _)| Some(id?.to_owned())).collect();
        let engagements = self.enrollments.column("engagement")?.u32()?;
        let enrollments = self.enrollments.column("enrollment_id")?.str()?;
        let states = self.enrollments.column("state")?.str()?;
        let rows = engagements.iter().zip(enrollments.iter()).zip(states.iter());
        let state_of = |((engagement, enrollment), state): ((Option<u32>, Option<&str>), Option<&str>)| {
            let id = ids.get(engagement? as usize).filter(|id| found.contains(*id))?;
            Some((id.to_owned(), enrollment?.to_owned(), state?.to_owned()))
        };
        let mut states: Vec<EnrollmentState> = rows.filter_map(state_of).collect();
        states.sort();
        Ok((found, states))
    }
}

/// Columns of `engagements`, one row an engagement, sorted by `engagement_id`: `engagement_id` `String` (unique),
/// `outcome` `String` (`found` or `unverified`), `reason` `String` (null unless unverified), `kind`, `state` `String`
/// (upper case), `email_key` `String` (see [`tieout_model::records::oyster::EngagementRecord`]), `start_date`, `last_day`
/// `Date`, `modified_at` `Int64` (microseconds since 1970), `fingerprint` `String` (hash of what the details depend on),
/// `listed_at` `Int64`, `detail_at` `Int64` (when the details were fetched, in this night or an earlier one; null where
/// nobody asked for them, because the list shows no enrollment), `faults` `String` as in [`super::USERS`].
pub const ENGAGEMENTS: [&str; 13] = [
    "engagement_id",
    "outcome",
    "reason",
    "kind",
    "state",
    "email_key",
    "start_date",
    "last_day",
    "modified_at",
    "fingerprint",
    "listed_at",
    "detail_at",
    "faults",
];

/// Columns of `enrollments`, one row an enrollment (of an unverified engagement those that the list shows, with id and state
/// alone), sorted by `engagement`, then `enrollment_id`:
/// `engagement` `UInt32` (row of the engagement), `enrollment_id`, `plan_id`, `package_id`, `category` (upper case),
/// `state` `String` (as written, trimmed); `share`, `share_dependents` `Int64` (what the employer pays, percents in
/// 1/10,000), `max_dependents` `Int64`, `share_anomalies` `String` (AM14: values that do not fit their unit, joined by
/// `; `, null when none), `price` `Int64` (1/10,000 of `price_currency`), `price_currency` `String`, `fetched_at`
/// `Int64`, `faults` `String` as in [`super::USERS`].
pub const ENROLLMENTS: [&str; 14] = [
    "engagement",
    "enrollment_id",
    "plan_id",
    "package_id",
    "category",
    "state",
    "share",
    "share_dependents",
    "max_dependents",
    "share_anomalies",
    "price",
    "price_currency",
    "fetched_at",
    "faults",
];
