//! What the services said of people who are on payroll no more, when their last period was first read.

use anyhow::Context as _;

use crate::job::Job;
use crate::night::evidence::fetch::{self, Fetched};
use crate::outcome::Failure;
use tieout_model::control::PastPeriods;
use tieout_recon::balance::BalanceHistory;
use tieout_recon::rules::{Departed, LastRead, Users};
use tieout_recon::snapshot;
use tieout_recon::tables::payroll::PayrollTables;

/// Of those of whom the snapshot of the cut-off tells nothing from before.
pub fn last_read(
    job: &Job,
    payroll: &PayrollTables,
    fetched: &Fetched,
    books: &BalanceHistory,
    past: &PastPeriods,
) -> Result<Vec<LastRead>, Failure> {
    let reading = "looking for who is on payroll no more";
    let tonight = fetch::users(&fetched.snapshot);
    let prior = fetched.prior.as_ref().map(|prior| fetch::users(&prior.snapshot));
    let departed = Departed::of(books, past, payroll, tonight, prior).context(reading).map_err(Failure::bug)?;
    let mut told = Vec::new();
    for night in departed.nights() {
        let found = snapshot::newest_on_or_before(&job.state_dir, night, &job.zone).context(reading);
        let Some(listed) = found.map_err(Failure::input)?.filter(|listed| listed.id != fetched.snapshot.id) else {
            continue;
        };
        let people = snapshot::people_of(&job.state_dir, &listed.id).map_err(fetch::not_read)?;
        let Some((population, users)) = people else { continue };
        let older = Users { population: &population, users: &users };
        told.push(departed.told_by(night, &listed.id, older, tonight).context(reading).map_err(Failure::bug)?);
    }
    Ok(told)
}
