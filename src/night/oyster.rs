//! Oyster's part of the night: what the extraction may take over from earlier nights, and what tonight adds to the
//! history of states. Nothing here is done for a job without Oyster.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;

use crate::extract::CallPlan;
use crate::job::{self, Job};
use crate::outcome::{Exit, Failure};
use tieout_model::calls::{CallStatistics, OysterStatistics};
use tieout_model::zone::Zone;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::deducted::DeductedEngagements;
use tieout_recon::rules;
use tieout_recon::snapshot;
use tieout_recon::snapshot::{Damaged, Kept, Snapshot};
use tieout_store::{EnrollmentNight, States, Store};

/// What earlier nights, the queue and payroll know.
pub struct Past {
    /// Engagement ids of the crosswalk and of the newest snapshot.
    pub known: BTreeSet<String>,
    pub kept: BTreeMap<String, Kept>,
    pub wanted: BTreeMap<String, Vec<String>>,
    pub charged: DeductedEngagements,
}

/// Reads them.
pub fn past(job: &Job, store: &Store, crosswalk: &Crosswalk, charged: DeductedEngagements) -> Result<Past, Failure> {
    let state = &job.state_dir;
    let attempt = || -> anyhow::Result<Past> {
        let linked = crosswalk.rows.iter().filter_map(|(_, linked)| linked.oyster_engagement_id.map(str::to_owned));
        let mut known: BTreeSet<String> = linked.collect();
        if let Some(newest) = snapshot::newest_oyster(state)? {
            known.extend(newest.engagement_ids()?.map(str::to_owned));
        }
        Ok(Past { known, kept: snapshot::kept_oyster(state)?, wanted: store.wanted_at_oyster()?, charged })
    };
    attempt().map_err(|error| {
        let exit = if error.is::<Damaged>() { Exit::Integrity } else { Exit::Input };
        Failure::new(exit, error.context("reading what earlier nights know of Oyster"))
    })
}

/// A snapshot that was taken without Oyster proves nothing about it, and one of a job without Oyster is not asked.
pub fn fit(job: &Job, snapshot: &mut Snapshot) -> Result<(), Failure> {
    if job.oyster.is_none() {
        snapshot.oyster = None;
    } else if snapshot.oyster.is_none() {
        tracing::warn!(snapshot = %snapshot.id, "the snapshot was taken without Oyster: its engagements are unverified");
        snapshot.oyster = Some(snapshot::OysterSnapshot::not_asked().map_err(Failure::bug)?);
        snapshot.complete = false;
    }
    Ok(())
}

/// The history of states with tonight in it, and with the snapshot of the cut-off, which may be one that was imported.
pub fn states(
    settings: &job::OysterSection,
    zone: &Zone,
    store: &Store,
    tonight: &Snapshot,
    prior: Option<&Snapshot>,
) -> Result<States, Failure> {
    let mut nights = Vec::new();
    for snapshot in prior.into_iter().chain([tonight]) {
        nights.extend(night(snapshot, zone).context("reading the states of the enrollments").map_err(Failure::bug)?);
    }
    let states = store.sightings(&nights, settings.opening_states.as_deref()).map_err(Failure::input)?;
    let mut times: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for step in &states.unexpected {
        *times.entry((&step.from, &step.to)).or_default() += 1;
    }
    for ((from, to), enrollments) in times {
        tracing::warn!(from, to, enrollments, "enrollments took a step that the flow chart does not show");
    }
    Ok(states)
}

/// What a snapshot adds to the history; `None` without Oyster.
fn night(snapshot: &Snapshot, zone: &Zone) -> anyhow::Result<Option<EnrollmentNight>> {
    let Some(oyster) = &snapshot.oyster else { return Ok(None) };
    let (found, states) = oyster.states()?;
    Ok(Some(EnrollmentNight { as_of: snapshot.known_on(zone), found, states }))
}

/// Oyster as the rules take it.
pub fn as_input<'a>(snapshot: &'a Snapshot, states: Option<&'a States>) -> Option<rules::OysterEvidence<'a>> {
    Some(rules::OysterEvidence { tables: snapshot.oyster.as_ref()?, sightings: &states?.sightings })
}

/// Keeps what was seen, whatever became of the night's corrections: the states are the service's own.
pub fn remember(store: &mut Store, states: &States) -> Result<(), Failure> {
    store.record_sightings(states).context("remembering the states of the enrollments").map_err(Failure::bug)
}

/// What the report says of the calls.
pub fn statistics(plan: CallPlan, calls: CallStatistics) -> OysterStatistics {
    let CallPlan { engagements, changed, calls_planned, calls_spared } = plan;
    OysterStatistics { calls, engagements, changed, calls_planned, calls_spared, steps_outside_chart: 0 }
}
