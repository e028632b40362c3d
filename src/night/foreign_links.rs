//! Whose Benbase record tonight's crosswalk would have changed: each link is held against the last night's, and against
//! the snapshot in which its Benbase id was last seen as the right person's.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::job::Job;
use crate::outcome::Failure;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::rules::{OlderLinks, Users, older_links};
use tieout_recon::snapshot;
use tieout_store::Store;

use super::fetch::{self, Fetched};

/// Of a day as `2026-03-31`.
const DAY_LETTERS: usize = 10;

/// Benbase ids that the crosswalk gives to another person than it did → the snapshot that shows whose they are.
#[derive(Debug, Default)]
pub struct ForeignLinks {
    pub shown_by: BTreeMap<String, String>,
    pub ids: BTreeSet<String>,
}

/// Compares tonight's links. Without a night before, the snapshot of the cut-off tells.
pub fn find(
    job: &Job,
    store: &Store,
    as_of: NaiveDate,
    fetched: &Fetched,
    crosswalk: &Crosswalk,
) -> Result<ForeignLinks, Failure> {
    let reading = "looking for Benbase ids that were another person's";
    let mut found = ForeignLinks::default();
    if job.benbase.is_none() {
        return Ok(found);
    }
    let checked = crosswalk.rows.iter().filter_map(|(_, link)| Some((link.benbase_id?, link.benbase_checked_on?)));
    let checked: BTreeMap<&str, NaiveDate> = checked.collect();
    let last = store.last_links(as_of, &fetched.snapshot.id).context(reading).map_err(Failure::bug)?;
    let search = Search { job, fetched, crosswalk };
    let mut of_snapshots: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (benbase, shown_by) in &last.foreign {
        of_snapshots.entry(shown_by).or_default().insert(benbase);
    }
    for (shown_by, ids) in of_snapshots {
        // Nobody can say any more whose they are: not this person's, as far as was known.
        let told = search.of(shown_by, &|id| ids.contains(id))?;
        let foreign = told.map_or_else(|| ids.iter().map(|id| (*id).to_owned()).collect(), |told| told.foreign);
        found.add(foreign, shown_by, &checked);
    }
    let is_known = |id: &str| last.foreign.contains_key(id);
    let of_last = match last.snapshot.as_deref() {
        None => None,
        Some(id) => search.of(id, &|id| !is_known(id))?.map(|told| (id, told)),
    };
    let untold = of_last.map(|(id, told)| {
        found.add(told.foreign, id, &checked);
        told.untold
    });
    let Some(prior) = &fetched.prior else { return Ok(found) };
    let is_asked = |id: &str| untold.as_ref().map_or(!is_known(id), |untold| untold.contains(id));
    if let Some(told) = search.compared(fetch::users(&prior.snapshot), &is_asked)? {
        found.add(told.foreign, &prior.snapshot.id, &checked);
    }
    Ok(found)
}

impl ForeignLinks {
    /// But for those of which somebody saw since that the record is the present person's.
    fn add(&mut self, mut ids: BTreeSet<String>, shown_by: &str, checked: &BTreeMap<&str, NaiveDate>) {
        // A snapshot's name begins with its day.
        let shown_on = shown_by.get(..DAY_LETTERS).and_then(|day| day.parse::<NaiveDate>().ok());
        ids.retain(|id| checked.get(id.as_str()).is_none_or(|day| Some(*day) <= shown_on));
        self.shown_by.extend(ids.iter().map(|id| (id.clone(), shown_by.to_owned())));
        self.ids.extend(ids);
    }
}

struct Search<'n> {
    job: &'n Job,
    fetched: &'n Fetched,
    crosswalk: &'n Crosswalk,
}

impl Search<'_> {
    /// `None`: the snapshot was let go of, or notes no links.
    fn of(&self, snapshot: &str, asked: &dyn Fn(&str) -> bool) -> Result<Option<OlderLinks>, Failure> {
        let people = snapshot::people_of(&self.job.state_dir, snapshot).map_err(fetch::not_read)?;
        let Some((population, users)) = people else { return Ok(None) };
        self.compared(Users { population: &population, users: &users }, asked)
    }

    fn compared(&self, older: Users<'_>, asked: &dyn Fn(&str) -> bool) -> Result<Option<OlderLinks>, Failure> {
        let tonight = fetch::users(&self.fetched.snapshot);
        let told = older_links(tonight, self.crosswalk, older, asked);
        told.context("comparing Benbase ids with those of an older snapshot").map_err(Failure::bug)
    }
}
