//! What older snapshots tell of cover: what was in force in the pay period, where tonight's records begin after it, and
//! what tonight's records replaced. What they have of an id that was another person's says nothing.

use std::collections::BTreeSet;

use anyhow::Context as _;

use crate::job::Job;
use crate::outcome::Failure;
use tieout_recon::rules::{Ahead, Before, Replaced, others};
use tieout_recon::scheme::SchemeEntry;
use tieout_recon::snapshot::{self, Listed};
use tieout_recon::tables::payroll::PayrollTables;

use crate::night::evidence::fetch::{self, Fetched};

/// Puts the records in force in the place of those that begin after the period.
pub fn in_force(
    job: &Job,
    schemes: &[SchemeEntry],
    payroll: &PayrollTables,
    mut fetched: Fetched,
) -> Result<Fetched, Failure> {
    let reading = "looking for what was in force in the period";
    let Fetched { benefits, snapshot, .. } = &fetched;
    let population = &snapshot.population;
    let rules = (&job.deductions, schemes);
    let mut ahead = Ahead::of(benefits, population, payroll, rules).context(reading).map_err(Failure::bug)?;
    let mut replaced = Replaced::of(benefits, population, payroll).context(reading).map_err(Failure::bug)?;
    if ahead.asked.is_empty() && replaced.asked.is_empty() {
        return Ok(fetched);
    }
    let mut before = Before::default();
    let older = snapshot::older(&job.state_dir, snapshot, &job.zone).context(reading).map_err(Failure::input)?;
    let mut ask = |listed: &Listed, ahead: &mut Ahead, replaced: &mut Replaced| -> Result<(), Failure> {
        let asked: BTreeSet<&str> = ahead.asked.ids().chain(replaced.asked.ids()).collect();
        // Of people who have just begun no older snapshot says anything: its large tables need not be read.
        if !fetch::has_any(&listed.dir, &asked)? {
            return Ok(());
        }
        let older = fetch::open(&listed.dir)?;
        let others = others(fetch::users(snapshot), fetch::users(&older.snapshot), |id| asked.contains(id));
        let others = others.context(reading).map_err(Failure::bug)?;
        let (population, benefits) = (&older.snapshot.population, &older.benefits);
        ahead.ask(&mut before, population, benefits, &others).context(reading).map_err(Failure::bug)?;
        replaced.ask(listed.known_on(&job.zone), population, benefits, &others).context(reading).map_err(Failure::bug)
    };
    // Those that show tonight's records already, by the days on which these were changed, come last, for such a day may
    // be wrong; unless the oldest of them shows other ones.
    let (mut unlikely, mut passed) = (Vec::new(), Vec::new());
    for listed in older {
        let day = listed.known_on(&job.zone);
        if !(ahead.asked.wants(day) || replaced.asked.wants(day)) {
            passed.push(listed);
            continue;
        }
        let is_shown = passed.last().map_or(Ok(true), |oldest| are_shown(job, oldest, &ahead, &replaced))?;
        let newer = std::mem::take(&mut passed);
        if is_shown {
            unlikely.extend(newer);
        } else {
            newer.iter().try_for_each(|listed| ask(listed, &mut ahead, &mut replaced))?;
        }
        ask(&listed, &mut ahead, &mut replaced)?;
    }
    unlikely.extend(passed);
    for listed in unlikely {
        if !ahead.asked.is_empty() {
            ask(&listed, &mut ahead, &mut replaced)?;
        }
    }
    let benefits = ahead.settle(fetched.benefits, before).context(reading).map_err(Failure::bug)?;
    fetched.benefits = replaced.settle(benefits);
    Ok(fetched)
}

/// A snapshot shows tonight's records that are asked for, as the days on which they were changed make believe.
fn are_shown(job: &Job, listed: &Listed, ahead: &Ahead, replaced: &Replaced) -> Result<bool, Failure> {
    let fetch::Opened { benefits, snapshot, .. } = fetch::open(&listed.dir)?;
    let (day, population) = (listed.known_on(&job.zone), &snapshot.population);
    let of_ahead = ahead.asked.are_shown(day, population, &benefits);
    let all = of_ahead.and_then(|shown| Ok(shown && replaced.asked.are_shown(day, population, &benefits)?));
    all.context("looking for what was in force in the period").map_err(Failure::bug)
}
