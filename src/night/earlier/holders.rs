//! Whose ids were another person's before: by the snapshot of the cut-off, and by those of the nights that last posted
//! for whoever had the id then.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::job::Job;
use crate::outcome::Failure;
use tieout_recon::balance::BalanceHistory;
use tieout_recon::rules::{Beginners, begun_since, others};
use tieout_recon::snapshot;
use tieout_recon::tables::payroll::PayrollTables;

use crate::night::evidence::fetch::{self, Fetched};

/// Tells the books whose ids were somebody else's, and gives the ids that were so in the snapshot of the cut-off.
pub fn tell(
    job: &Job,
    payroll: &PayrollTables,
    fetched: &Fetched,
    books: &mut BalanceHistory,
) -> Result<BTreeSet<String>, Failure> {
    let reading = "looking for ids that were another person's";
    let tonight = fetch::users(&fetched.snapshot);
    let mut of_prior = BTreeSet::new();
    let mut former: BTreeMap<String, NaiveDate> = BTreeMap::new();
    let beginners = Beginners::of(books, tonight, payroll).context(reading).map_err(Failure::bug)?;
    let mut note = |ids: &BTreeSet<String>, known_on: NaiveDate| {
        for id in ids {
            if let Some(until) = beginners.until(books, payroll, id, known_on) {
                former.entry(id.clone()).and_modify(|known| *known = until.max(*known)).or_insert(until);
            }
        }
    };
    if let Some(prior) = &fetched.prior {
        let found = others(tonight, fetch::users(&prior.snapshot), |_| true);
        let found = found.and_then(|found| begun_since(found, books, tonight, payroll));
        of_prior = found.context(reading).map_err(Failure::bug)?;
        note(&of_prior, prior.snapshot.known_on(&job.zone));
    }
    for night in beginners.nights() {
        let found = snapshot::newest_on_or_before(&job.state_dir, night, &job.zone).context(reading);
        let Some(listed) = found.map_err(Failure::input)?.filter(|listed| listed.id != fetched.snapshot.id) else {
            continue;
        };
        let older = fetch::open(&listed.dir)?;
        let asked = |id: &str| beginners.asks(id, night);
        let found = others(tonight, fetch::users(&older.snapshot), asked).context(reading).map_err(Failure::bug)?;
        note(&found, night);
    }
    books.hand_over(&former);
    Ok(of_prior)
}
