//! The sources of evidence in the order in which they are asked, and what they said so far.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::NaiveDate;

use super::replaced::{Replaced, by_snapshot};
use super::search::Search;
use super::{ForeignLinks, READING, checked, day_of};
use crate::night::evidence::fetch;
use crate::outcome::Failure;
use tieout_model::correction::BenbaseLedger;
use tieout_model::ids::BenbaseId;
use tieout_recon::rules::LinkDoubt;
use tieout_store::{LastLinks, Store};

pub struct Evidence<'n> {
    search: Search<'n>,
    store: &'n Store,
    /// What the night before knew.
    last: LastLinks,
    checked: BTreeMap<&'n str, NaiveDate>,
    replaced: Replaced,
    pub found: ForeignLinks,
}

impl<'n> Evidence<'n> {
    pub fn new(search: Search<'n>, store: &'n Store, last: LastLinks) -> Self {
        let checked = checked(search.crosswalk);
        Self { search, store, last, checked, replaced: Replaced::default(), found: ForeignLinks::default() }
    }

    /// Of ids that were in doubt the night before, the snapshots that showed it.
    pub fn ask_known_doubts(&mut self) -> Result<(), Failure> {
        for (shown_by, ids) in by_snapshot(self.last.foreign.iter()) {
            let Some(told) = self.search.of(shown_by, &|_| true)? else {
                // Nobody can say any more whose they are: not this person's, as far as was known.
                self.found.add(ids, shown_by, &self.checked);
                continue;
            };
            self.found.add(told.foreign.into_iter().filter(|id| ids.contains(id)).collect(), shown_by, &self.checked);
            let is_new = |id: &str| !self.last.foreign.contains_key(id);
            let told = told.replaced.into_iter().filter(|(id, _)| ids.contains(id) || is_new(id));
            self.replaced.add(told.collect(), shown_by);
        }
        Ok(())
    }

    /// Of all others, the snapshot of the night before. Gives those of which it says nothing; `None`: there is none.
    pub fn ask_last_night(&mut self) -> Result<Option<BTreeSet<String>>, Failure> {
        let is_known = |id: &str| self.last.foreign.contains_key(id);
        let told = match self.last.snapshot.as_deref() {
            Some(id) => self.search.of(id, &|id| !is_known(id))?.map(|told| (id, told)),
            None => None,
        };
        let Some((snapshot, told)) = told else {
            self.replaced.keep(is_known);
            return Ok(None);
        };
        self.found.add(told.foreign, snapshot, &self.checked);
        // Of one that took the place of an id in doubt, the snapshot tells that showed the doubt.
        self.replaced.keep(|id| is_known(id) || told.replaced.get(id).is_some_and(|earlier| is_known(earlier)));
        let of_others = told.replaced.into_iter().filter(|(_, earlier)| !is_known(earlier));
        self.replaced.add(of_others.collect(), snapshot);
        Ok(Some(told.untold))
    }

    /// Of those, the snapshot of the cut-off; without a night before, of all. Gives those to look further back for.
    pub fn ask_cut_off(&mut self, untold: Option<BTreeSet<String>>) -> Result<BTreeSet<String>, Failure> {
        let fetched = self.search.fetched;
        let Some(prior) = &fetched.prior else { return Ok(untold.unwrap_or_default()) };
        let is_asked = |id: &str| match &untold {
            Some(untold) => untold.contains(id),
            None => !self.last.foreign.contains_key(id),
        };
        let Some(told) = self.search.compared(fetch::users(&prior.snapshot), &is_asked)? else {
            return Ok(untold.unwrap_or_default());
        };
        self.found.add(told.foreign, &prior.snapshot.id, &self.checked);
        Ok(untold.map(|_| told.untold).unwrap_or_default())
    }

    /// What Benbase holds under these ids, and under both ids of each that took the place of another.
    pub fn held(&self, untold: &BTreeSet<String>) -> Result<BenbaseLedger, Failure> {
        let ids = untold.iter().chain(self.replaced.ids());
        self.store.ledger_of(ids).context(READING).map_err(Failure::bug)
    }

    /// Of those that Benbase holds, the snapshots of months before. Gives those of which none tells.
    pub fn ask_months_before(
        &mut self,
        mut untold: BTreeSet<String>,
        held: &BenbaseLedger,
        as_of: NaiveDate,
    ) -> Result<BTreeSet<String>, Failure> {
        let is_held = |id: &String| held.get(&BenbaseId::from(id.as_str())).is_some();
        untold.retain(|id| is_held(id) || self.replaced.has(id));
        let mut add = |foreign, snapshot: &str| self.found.add(foreign, snapshot, &self.checked);
        let mut untold = self.search.further_back(untold, as_of, &mut add)?;
        for (shown_by, ids) in self.replaced.by_snapshot(|id| self.last.foreign.contains_key(id)) {
            // What nights of the doubt showed is tonight's link.
            let until = day_of(shown_by).unwrap_or(as_of);
            untold.extend(self.search.further_back(ids, until, &mut add)?);
        }
        Ok(untold)
    }

    /// Of those, for whom something was sent; and of ids that took the place of another, what the records are like.
    pub fn ask_what_was_sent(&mut self, untold: &BTreeSet<String>, held: &BenbaseLedger) -> Result<(), Failure> {
        let asked = untold.iter().chain(self.replaced.ids()).cloned().collect();
        let sent = self.store.sent_for(&asked).context(READING).map_err(Failure::bug)?;
        for (benbase, sent) in sent.iter().filter(|(benbase, _)| untold.contains(*benbase)) {
            let is_other = !self.search.is_link_of(benbase, &sent.employee_id);
            self.found.add(is_other.then(|| benbase.clone()).into_iter().collect(), &sent.day, &self.checked);
        }
        for (id, (earlier, shown_by)) in std::mem::take(&mut self.replaced).0 {
            let doubt = match untold.contains(&id) {
                _ if self.found.doubts.contains_key(&id) => None,
                true if sent.contains_key(&id) => None,
                true => doubt_of_record(held, &id, &earlier),
                // It was the employee's before; what went out since went to the other one.
                false => sent
                    .get(&earlier)
                    .is_some_and(|sent| self.search.is_link_of(&id, &sent.employee_id))
                    .then_some(LinkDoubt::Former),
            };
            if let Some(doubt) = doubt {
                self.found.add_as(doubt, BTreeSet::from([id]), &shown_by, &self.checked);
            }
        }
        Ok(())
    }
}

/// A record that nobody had is to be like the one under the earlier id, as far as that one is known.
fn doubt_of_record(held: &BenbaseLedger, id: &str, earlier: &str) -> Option<LinkDoubt> {
    let [now, then] = [id, earlier].map(|id| held.get(&BenbaseId::from(id)));
    let is_like = now.map(|now| then.map_or(Some(true), |then| now.is_like(&then)));
    match is_like.flatten() {
        Some(true) => None,
        Some(false) => Some(LinkDoubt::Unlike),
        None => then.map(|_| LinkDoubt::Unknown),
    }
}
