//! Whose Benbase record tonight's crosswalk would have changed: each link is held against the last night's, and against
//! the snapshot in which its Benbase id was last seen as the right person's. An id that was nobody's lately is looked
//! for further back, and among what was sent; one that nobody ever had, and that took the place of another, has to be
//! of a record like the one under that other.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};

use crate::job::Job;
use crate::outcome::Failure;
use tieout_model::correction::BenbaseLedger;
use tieout_model::ids::BenbaseId;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::rules::{LinkDoubt, OlderLinks, Users, older_links};
use tieout_recon::snapshot;
use tieout_store::Store;

use crate::night::evidence::fetch::{self, Fetched};

/// Of a day as `2026-03-31`.
const DAY_LETTERS: usize = 10;

/// Benbase ids of tonight's crosswalk that may not be of who has them.
#[derive(Debug, Default)]
pub struct ForeignLinks {
    /// The snapshot that shows whose they are, or which id they took the place of.
    pub shown_by: BTreeMap<String, String>,
    pub doubts: BTreeMap<String, LinkDoubt>,
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
    let checked = checked(crosswalk);
    let last = store.last_links(as_of, &fetched.snapshot.id).context(reading).map_err(Failure::bug)?;
    let is_known = |id: &str| last.foreign.contains_key(id);
    let search = Search { job, fetched, crosswalk };
    let mut replaced = Replaced::default();
    for (shown_by, ids) in by_snapshot(last.foreign.iter()) {
        let Some(told) = search.of(shown_by, &|_| true)? else {
            // Nobody can say any more whose they are: not this person's, as far as was known.
            found.add(ids, shown_by, &checked);
            continue;
        };
        found.add(told.foreign.into_iter().filter(|id| ids.contains(id)).collect(), shown_by, &checked);
        let told = told.replaced.into_iter().filter(|(id, _)| ids.contains(id) || !is_known(id));
        replaced.add(told.collect(), shown_by);
    }
    let mut asked = None;
    if let Some(id) = last.snapshot.as_deref()
        && let Some(told) = search.of(id, &|id| !is_known(id))?
    {
        found.add(told.foreign, id, &checked);
        // Of one that took the place of an id in doubt, the snapshot tells that showed the doubt.
        replaced.keep(|id| is_known(id) || told.replaced.get(id).is_some_and(|earlier| is_known(earlier)));
        replaced.add(told.replaced.into_iter().filter(|(_, earlier)| !is_known(earlier)).collect(), id);
        asked = Some(told.untold);
    } else {
        replaced.keep(is_known);
    }
    if let Some(prior) = &fetched.prior {
        let is_asked = |id: &str| asked.as_ref().map_or(!is_known(id), |asked| asked.contains(id));
        if let Some(told) = search.compared(fetch::users(&prior.snapshot), &is_asked)? {
            found.add(told.foreign, &prior.snapshot.id, &checked);
            asked = asked.map(|_| told.untold);
        }
    }
    let untold = asked.unwrap_or_default();
    // What Benbase was never told of is nobody's: a joiner's.
    let held = store.ledger_of(untold.iter().chain(replaced.ids())).context(reading).map_err(Failure::bug)?;
    let is_held = |id: &String| held.get(&BenbaseId::from(id.as_str())).is_some();
    let untold = untold.into_iter().filter(|id| is_held(id) || replaced.has(id)).collect();
    let mut untold = search.further_back(untold, as_of, |foreign, id| found.add(foreign, id, &checked))?;
    for (shown_by, ids) in replaced.by_snapshot(is_known) {
        // What nights of the doubt showed is tonight's link.
        let until = day_of(shown_by).unwrap_or(as_of);
        untold.extend(search.further_back(ids, until, |foreign, id| found.add(foreign, id, &checked))?);
    }
    let asked = untold.iter().chain(replaced.ids()).cloned().collect();
    let sent = store.sent_for(&asked).context(reading).map_err(Failure::bug)?;
    for (benbase, sent) in sent.iter().filter(|(benbase, _)| untold.contains(*benbase)) {
        let is_other = !search.is_link_of(benbase, &sent.employee_id);
        found.add(is_other.then(|| benbase.clone()).into_iter().collect(), &sent.day, &checked);
    }
    for (id, (earlier, shown_by)) in replaced.0 {
        let doubt = match untold.contains(&id) {
            _ if found.doubts.contains_key(&id) => None,
            true if sent.contains_key(&id) => None,
            true => doubt_of_record(&held, &id, &earlier),
            // It was the employee's before; what went out since went to the other one.
            false => sent
                .get(&earlier)
                .is_some_and(|sent| search.is_link_of(&id, &sent.employee_id))
                .then_some(LinkDoubt::Former),
        };
        if let Some(doubt) = doubt {
            found.add_as(doubt, BTreeSet::from([id]), &shown_by, &checked);
        }
    }
    Ok(found)
}

/// The days on which somebody saw that a record is the employee's who has the id.
fn checked(crosswalk: &Crosswalk) -> BTreeMap<&str, NaiveDate> {
    crosswalk.rows.iter().filter_map(|(_, link)| Some((link.benbase_id?, link.benbase_checked_on?))).collect()
}

/// Ids by the snapshot that shows of whom they are.
fn by_snapshot<'i>(ids: impl Iterator<Item = (&'i String, &'i String)>) -> BTreeMap<&'i str, BTreeSet<String>> {
    let mut by_snapshot: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (id, shown_by) in ids {
        by_snapshot.entry(shown_by).or_default().insert(id.clone());
    }
    by_snapshot
}

/// The day that a snapshot's name begins with.
fn day_of(snapshot: &str) -> Option<NaiveDate> {
    snapshot.get(..DAY_LETTERS).and_then(|day| day.parse().ok())
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

/// Ids that took the place of another one → that id, and the snapshot that has it.
#[derive(Debug, Default)]
struct Replaced(BTreeMap<String, (String, String)>);

impl Replaced {
    fn add(&mut self, replaced: BTreeMap<String, String>, shown_by: &str) {
        let replaced = replaced.into_iter().map(|(id, earlier)| (id, (earlier, shown_by.to_owned())));
        self.0.extend(replaced);
    }

    fn keep(&mut self, stays: impl Fn(&str) -> bool) {
        self.0.retain(|id, _| stays(id));
    }

    fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Both ids of each.
    fn ids(&self) -> impl Iterator<Item = &String> {
        self.0.iter().flat_map(|(id, (earlier, _))| [id, earlier])
    }

    fn by_snapshot(&self, is_asked: impl Fn(&str) -> bool) -> BTreeMap<&str, BTreeSet<String>> {
        by_snapshot(self.0.iter().filter(|(id, _)| is_asked(id)).map(|(id, (_, shown_by))| (id, shown_by)))
    }
}

impl ForeignLinks {
    fn add(&mut self, ids: BTreeSet<String>, shown_by: &str, checked: &BTreeMap<&str, NaiveDate>) {
        self.add_as(LinkDoubt::Other, ids, shown_by, checked);
    }

    /// But for those of which somebody saw since that the record is the present person's.
    fn add_as(
        &mut self,
        doubt: LinkDoubt,
        mut ids: BTreeSet<String>,
        shown_by: &str,
        checked: &BTreeMap<&str, NaiveDate>,
    ) {
        ids.retain(|id| checked.get(id.as_str()).is_none_or(|day| Some(*day) <= day_of(shown_by)));
        self.shown_by.extend(ids.iter().map(|id| (id.clone(), shown_by.to_owned())));
        self.doubts.extend(ids.into_iter().map(|id| (id, doubt)));
    }
}

struct Search<'n> {
    job: &'n Job,
    fetched: &'n Fetched,
    crosswalk: &'n Crosswalk,
}

impl Search<'_> {
    fn is_link_of(&self, benbase: &str, employee_id: &str) -> bool {
        let mut rows = self.crosswalk.rows.iter();
        rows.all(|(id, link)| link.benbase_id != Some(benbase) || id == employee_id)
    }

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
