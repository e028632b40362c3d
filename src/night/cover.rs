//! What was in force in the pay period, where tonight's records begin after it: from the snapshots of earlier nights.

use anyhow::Context as _;

use crate::job::Job;
use crate::outcome::Failure;
use tieout_recon::rules::{Ahead, Before};
use tieout_recon::scheme::SchemeEntry;
use tieout_recon::snapshot;
use tieout_recon::tables::payroll::PayrollTables;

use super::fetch::{self, Fetched};

/// Puts the records in force in the place of those that begin after the period.
pub fn in_force(
    job: &Job,
    schemes: &[SchemeEntry],
    payroll: &PayrollTables,
    mut fetched: Fetched,
) -> Result<Fetched, Failure> {
    let reading = "looking for what was in force in the period";
    let Fetched { benefits, snapshot, .. } = &fetched;
    let mut ahead =
        Ahead::of(benefits, &snapshot.population, payroll, schemes).context(reading).map_err(Failure::bug)?;
    if ahead.is_empty() {
        return Ok(fetched);
    }
    let mut before = Before::default();
    for listed in snapshot::older(&job.state_dir, snapshot, &job.zone).context(reading).map_err(Failure::input)? {
        if ahead.is_empty() {
            break;
        }
        let older = fetch::open(&listed.dir)?;
        ahead.ask(&mut before, &older.snapshot.population, &older.benefits).context(reading).map_err(Failure::bug)?;
    }
    fetched.benefits = ahead.settle(fetched.benefits, before).context(reading).map_err(Failure::bug)?;
    Ok(fetched)
}
