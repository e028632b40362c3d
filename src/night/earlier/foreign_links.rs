//! Whose Benbase record tonight's crosswalk would have changed: each link is held against the last night's, and against
//! the snapshot in which its Benbase id was last seen as the right person's. An id that was nobody's lately is looked
//! for further back, and among what was sent.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};

use crate::job::Job;
use crate::outcome::Failure;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::rules::{OlderLinks, Users, older_links};
use tieout_recon::snapshot;
use tieout_store::Store;

use crate::night::evidence::fetch::{self, Fetched};

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
    let mut untold = of_last.map(|(id, told)| {
        found.add(told.foreign, id, &checked);
        told.untold
    });
    if let Some(prior) = &fetched.prior {
        let is_asked = |id: &str| untold.as_ref().map_or(!is_known(id), |untold| untold.contains(id));
        if let Some(told) = search.compared(fetch::users(&prior.snapshot), &is_asked)? {
            found.add(told.foreign, &prior.snapshot.id, &checked);
            untold = untold.map(|_| told.untold);
        }
    }
    // What Benbase was never told of is nobody's: a joiner's.
    let untold = store.held_of(untold.unwrap_or_default()).context(reading).map_err(Failure::bug)?;
    let untold = search.further_back(untold, as_of, |foreign, id| found.add(foreign, id, &checked))?;
    for (benbase, sent) in store.sent_for(&untold).context(reading).map_err(Failure::bug)? {
        let is_other =
            crosswalk.rows.iter().any(|(id, link)| link.benbase_id == Some(benbase.as_str()) && id != sent.employee_id);
        found.add(is_other.then_some(benbase).into_iter().collect(), &sent.day, &checked);
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

    /// Looks ids up in the newest snapshot of each month before; `found` takes those that were another person's. Gives
    /// those of which none tells.
    fn further_back(
        &self,
        mut untold: BTreeSet<String>,
        as_of: NaiveDate,
        mut found: impl FnMut(BTreeSet<String>, &str),
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

    fn compared(&self, older: Users<'_>, asked: &dyn Fn(&str) -> bool) -> Result<Option<OlderLinks>, Failure> {
        let tonight = fetch::users(&self.fetched.snapshot);
        let told = older_links(tonight, self.crosswalk, older, asked);
        told.context("comparing Benbase ids with those of an older snapshot").map_err(Failure::bug)
    }
}
