//! Tonight's links held against the snapshots of earlier nights.

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};

use crate::job::Job;
use crate::night::evidence::fetch::{self, Fetched};
use crate::outcome::Failure;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::rules::{OlderLinks, Users, older_links};
use tieout_recon::snapshot;

pub struct Search<'n> {
    pub job: &'n Job,
    pub fetched: &'n Fetched,
    pub crosswalk: &'n Crosswalk,
}

impl Search<'_> {
    pub fn is_link_of(&self, benbase: &str, employee_id: &str) -> bool {
        let mut rows = self.crosswalk.rows.iter();
        rows.all(|(id, link)| link.benbase_id != Some(benbase) || id == employee_id)
    }

    /// `None`: the snapshot was let go of, or notes no links.
    pub fn of(&self, snapshot: &str, asked: &dyn Fn(&str) -> bool) -> Result<Option<OlderLinks>, Failure> {
        let people = snapshot::people_of(&self.job.state_dir, snapshot).map_err(fetch::not_read)?;
        let Some((population, users)) = people else { return Ok(None) };
        self.compared(Users { population: &population, users: &users }, asked)
    }

    /// Looks ids up in the newest snapshot of each month before; `found` takes those that were another person's. Gives
    /// those of which none tells.
    pub fn further_back(
        &self,
        mut untold: BTreeSet<String>,
        as_of: NaiveDate,
        found: &mut impl FnMut(BTreeSet<String>, &str),
    ) -> Result<BTreeSet<String>, Failure> {
        if untold.is_empty() {
            return Ok(untold);
        }
        let reading = "looking for snapshots of months before";
        let mut listed = snapshot::list(&self.job.state_dir).context(reading).map_err(Failure::input)?;
        let day = |listed: &snapshot::Listed| listed.known_on(&self.job.zone);
        listed.retain(|listed| listed.id != self.fetched.snapshot.id && day(listed) <= as_of);
        listed.sort_by_key(|listed| std::cmp::Reverse((day(listed), listed.taken_at)));
        listed.dedup_by_key(|listed| (day(listed).year(), day(listed).month()));
        for listed in listed {
            if untold.is_empty() {
                break;
            }
            let Some(told) = self.of(&listed.id, &|id| untold.contains(id))? else { continue };
            found(told.foreign, &listed.id);
            untold = told.untold;
        }
        Ok(untold)
    }

    pub fn compared(&self, older: Users<'_>, asked: &dyn Fn(&str) -> bool) -> Result<Option<OlderLinks>, Failure> {
        let tonight = fetch::users(&self.fetched.snapshot);
        let told = older_links(tonight, self.crosswalk, older, asked);
        told.context("comparing Benbase ids with those of an older snapshot").map_err(Failure::bug)
    }
}
