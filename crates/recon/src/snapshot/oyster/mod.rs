//! Oyster's part of a snapshot: engagements and their enrollments, and whether the list of them is whole.

mod build;
mod detail;
mod import;
mod kept;
mod schema;
#[cfg(test)]
pub mod tests;

pub use build::{Detail, Engagement};
pub use detail::wants_provisioning;
pub(super) use import::import;
pub use kept::Kept;
pub use schema::{ENGAGEMENTS, ENROLLMENTS, Engagements, Enrollments};

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
pub struct OysterSnapshot {
    /// Columns: [`Engagements`].
    pub engagements: DataFrame,
    /// Columns: [`Enrollments`].
    pub enrollments: DataFrame,
    /// Why the list of engagements is not whole: then what it lacks proves nothing. `None`: it is.
    pub list_fault: Option<String>,
}

/// Engagement id, enrollment id, state as the service wrote it.
pub type SightedState = (String, String, String);

impl OysterSnapshot {
    /// The list is whole and no engagement is unverified.
    pub fn complete(&self) -> anyhow::Result<bool> {
        let outcomes = ENGAGEMENTS.outcome.of(&self.engagements)?;
        Ok(self.list_fault.is_none() && outcomes.iter().all(|outcome| outcome == Some(Outcome::Found.name())))
    }

    /// Every engagement of the snapshot, sorted.
    pub fn engagement_ids(&self) -> anyhow::Result<impl Iterator<Item = &str>> {
        Ok(ENGAGEMENTS.engagement_id.of(&self.engagements)?.iter().flatten())
    }

    /// Stands for a service that was not asked: its list proves nothing.
    pub fn not_asked() -> anyhow::Result<OysterSnapshot> {
        OysterSnapshot::of(Vec::new(), Some(NOT_ASKED.into()))
    }

    /// The engagements that were found, and the states of their enrollments, both sorted. Enrollments without an id or
    /// a state have no history.
    pub fn states(&self) -> anyhow::Result<(BTreeSet<String>, Vec<SightedState>)> {
        let ids = ENGAGEMENTS.engagement_id.of(&self.engagements)?;
        let outcomes = ENGAGEMENTS.outcome.of(&self.engagements)?;
        let found = ids.iter().zip(outcomes.iter()).filter(|(_, outcome)| *outcome == Some(Outcome::Found.name()));
        let found: BTreeSet<String> = found.filter_map(|(id, _)| Some(id?.to_owned())).collect();
        let engagements = ENROLLMENTS.engagement.of(&self.enrollments)?;
        let enrollments = ENROLLMENTS.enrollment_id.of(&self.enrollments)?;
        let states = ENROLLMENTS.state.of(&self.enrollments)?;
        let rows = engagements.iter().zip(enrollments.iter()).zip(states.iter());
        let state_of = |((engagement, enrollment), state): ((Option<u32>, Option<&str>), Option<&str>)| {
            let id = ids.get(engagement? as usize).filter(|id| found.contains(*id))?;
            Some((id.to_owned(), enrollment?.to_owned(), state?.to_owned()))
        };
        let mut states: Vec<SightedState> = rows.filter_map(state_of).collect();
        states.sort();
        Ok((found, states))
    }
}
