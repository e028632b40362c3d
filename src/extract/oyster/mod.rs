//! What Oyster is asked: the list of engagements first, which shows the states of all enrollments, and then the details
//! of those engagements only whose state, time of change or wanted contributions moved since they were last read. Where
//! the list shows no enrollment and payroll charges for one all the same, the enrollments are asked for too: nobody is
//! accused by the list alone.

mod age;
mod answers;
mod engagements;
mod fingerprint;
mod inquiry;
mod reading;
#[cfg(all(test, feature = "sandbox"))]
mod tests;

pub(super) use fingerprint::connection;
pub(super) use inquiry::OysterInquiry;

use std::collections::{BTreeMap, BTreeSet};

use crate::progress::Progress;
use tieout_recon::deducted::DeductedEngagements;
use tieout_recon::snapshot;
use tieout_recon::snapshot::{Engagement, Kept};
use tieout_services::oyster::OysterClient;
use tieout_services::settings;

/// What a night needs for Oyster.
#[derive(Clone, Copy)]
pub struct OysterNight<'a> {
    pub client: &'a OysterClient,
    pub settings: &'a settings::OysterAccess,
    /// Engagement ids of the crosswalk and of the newest earlier snapshot: without a whole list they are unverified.
    pub known: &'a BTreeSet<String>,
    /// Details of the newest earlier nights that read them.
    pub kept: &'a BTreeMap<String, Kept>,
    /// Engagement id → what the queue wants or sent there last: it moves when that moves.
    pub wanted: &'a BTreeMap<String, Vec<String>>,
    /// Engagements whose enrollments are read where the list shows none.
    pub charged: &'a DeductedEngagements,
    pub progress: &'a Progress,
}

/// What one night fetched from Oyster.
#[derive(Clone, Debug)]
pub struct OysterExtracted {
    /// Sorted by id.
    pub engagements: Vec<Engagement>,
    /// Why the list is not whole.
    pub list_fault: Option<String>,
    /// Answers taken over from an interrupted run.
    pub resumed: u64,
    pub plan: CallPlan,
}

impl OysterExtracted {
    /// The tables to seal.
    pub fn into_tables(self) -> anyhow::Result<snapshot::OysterSnapshot> {
        snapshot::OysterSnapshot::of(self.engagements, self.list_fault)
    }
}

/// What the list saves: calls of the night against reading each engagement in detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallPlan {
    pub engagements: u64,
    /// Engagements whose details are read.
    pub changed: u64,
    /// Pages of the list and details.
    pub calls_planned: u64,
    /// Details that need not be read, two an engagement.
    pub calls_spared: u64,
}
