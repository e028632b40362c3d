//! Whose Benbase record tonight's crosswalk would have changed: each link is held against the last night's, and against
//! the snapshot in which its Benbase id was last seen as the right person's. An id that was nobody's lately is looked
//! for further back, and among what was sent; one that nobody ever had, and that took the place of another, has to be
//! of a record like the one under that other.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::job::Job;
use crate::night::evidence::fetch::Fetched;
use crate::outcome::Failure;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::rules::LinkDoubt;
use tieout_store::Store;

mod evidence;
mod replaced;
mod search;

use evidence::Evidence;
use search::Search;

/// What is attempted, for its errors.
const READING: &str = "looking for Benbase ids that were another person's";

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
    if job.benbase.is_none() {
        return Ok(ForeignLinks::default());
    }
    let last = store.last_links(as_of, &fetched.snapshot.id).context(READING).map_err(Failure::bug)?;
    let search = Search { job, fetched, crosswalk };
    let mut evidence = Evidence::new(search, store, last);
    evidence.ask_known_doubts()?;
    let untold = evidence.ask_last_night()?;
    let untold = evidence.ask_cut_off(untold)?;
    // What Benbase was never told of is nobody's: a joiner's.
    let held = evidence.held(&untold)?;
    let untold = evidence.ask_months_before(untold, &held, as_of)?;
    evidence.ask_what_was_sent(&untold, &held)?;
    Ok(evidence.found)
}

/// The days on which somebody saw that a record is the employee's who has the id.
fn checked(crosswalk: &Crosswalk) -> BTreeMap<&str, NaiveDate> {
    crosswalk.rows.iter().filter_map(|(_, link)| Some((link.benbase_id?, link.benbase_checked_on?))).collect()
}

/// The day that a snapshot's name begins with.
fn day_of(snapshot: &str) -> Option<NaiveDate> {
    snapshot.get(..DAY_LETTERS).and_then(|day| day.parse().ok())
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
