//! What older snapshots tell of cover: what was in force in the pay period, where tonight's records begin after it, and
//! what tonight's records replaced; what was in force in the period and has no record tonight; and who had left before
//! they were hired again. What they have of an id that was another person's says nothing.

use std::collections::BTreeSet;

use anyhow::Context as _;

use crate::job::Job;
use crate::outcome::Failure;
use tieout_recon::rules::{Ahead, Before, HiredAgain, Replaced, Vanished, others};
use tieout_recon::scheme::SchemeEntry;
use tieout_recon::snapshot::{self, Listed};
use tieout_recon::tables::payroll::PayrollTables;

use crate::night::evidence::fetch::{self, Fetched};

/// What is still to be answered.
type Wanting<'a> = (&'a mut Ahead, &'a mut Replaced, &'a mut HiredAgain);

/// Puts the records in force in the place of those that begin after the period, and notes what was in force in it and
/// has no record tonight.
pub fn in_force(
    job: &Job,
    schemes: &[SchemeEntry],
    payroll: &PayrollTables,
    fetched: Fetched,
) -> Result<Fetched, Failure> {
    seen_before(job, payroll, not_ahead(job, schemes, payroll, fetched)?)
}

fn not_ahead(
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
    let mut hired = HiredAgain::of(population, &snapshot.users, payroll).context(reading).map_err(Failure::bug)?;
    if ahead.asked.is_empty() && replaced.asked.is_empty() && hired.is_empty() {
        return Ok(fetched);
    }
    let mut before = Before::default();
    let older = snapshot::older(&job.state_dir, snapshot, &job.zone).context(reading).map_err(Failure::input)?;
    let mut ask = |listed: &Listed, (ahead, replaced, hired): Wanting<'_>| -> Result<(), Failure> {
        let asked: BTreeSet<&str> = ahead.asked.ids().chain(replaced.asked.ids()).chain(hired.ids()).collect();
        // Of people who have just begun no older snapshot says anything: its large tables need not be read.
        if !fetch::has_any(&listed.dir, &asked)? {
            return Ok(());
        }
        let older = fetch::open(&listed.dir)?;
        let others = others(fetch::users(snapshot), fetch::users(&older.snapshot), |id| asked.contains(id));
        let others = others.context(reading).map_err(Failure::bug)?;
        let (population, benefits) = (&older.snapshot.population, &older.benefits);
        hired.ask(population, &older.snapshot.users, &others).context(reading).map_err(Failure::bug)?;
        ahead.ask(&mut before, population, benefits, &others).context(reading).map_err(Failure::bug)?;
        replaced.ask(listed.known_on(&job.zone), population, benefits, &others).context(reading).map_err(Failure::bug)
    };
    // Those that show tonight's records already, by the days on which these were changed, come last, for such a day may
    // be wrong; unless the oldest of them shows other ones.
    let (mut unlikely, mut passed) = (Vec::new(), Vec::new());
    for listed in older {
        let day = listed.known_on(&job.zone);
        if !(ahead.asked.wants(day) || replaced.asked.wants(day) || !hired.is_empty()) {
            passed.push(listed);
            continue;
        }
        let is_shown = passed.last().map_or(Ok(true), |oldest| are_shown(job, oldest, &ahead, &replaced))?;
        let newer = std::mem::take(&mut passed);
        if is_shown {
            unlikely.extend(newer);
        } else {
            newer.iter().try_for_each(|listed| ask(listed, (&mut ahead, &mut replaced, &mut hired)))?;
        }
        ask(&listed, (&mut ahead, &mut replaced, &mut hired))?;
    }
    unlikely.extend(passed);
    for listed in unlikely {
        if !ahead.asked.is_empty() {
            ask(&listed, (&mut ahead, &mut replaced, &mut hired))?;
        }
    }
    let of_hired = hired.rows(benefits).context(reading).map_err(Failure::bug)?;
    let benefits = ahead.settle(fetched.benefits, before).context(reading).map_err(Failure::bug)?;
    let benefits = hired.settle(replaced.settle(benefits), &of_hired).context(reading).map_err(Failure::bug)?;
    fetched.benefits = benefits;
    Ok(fetched)
}

/// By the first snapshot of the period.
fn seen_before(job: &Job, payroll: &PayrollTables, mut fetched: Fetched) -> Result<Fetched, Failure> {
    let reading = "looking for what was in force earlier in the period";
    let Fetched { benefits, snapshot, .. } = &fetched;
    let vanished = Vanished::of(benefits, &snapshot.population, payroll).context(reading).map_err(Failure::bug)?;
    if vanished.is_empty() {
        return Ok(fetched);
    }
    let period = payroll.period.start..=payroll.period.end;
    let older = snapshot::older(&job.state_dir, snapshot, &job.zone).context(reading).map_err(Failure::input)?;
    let Some(first) = older.iter().rfind(|listed| period.contains(&listed.known_on(&job.zone))) else {
        return Ok(fetched);
    };
    let fetch::Opened { benefits, snapshot: then } = fetch::open(&first.dir)?;
    let asked: BTreeSet<&str> = vanished.ids().collect();
    let others = others(fetch::users(snapshot), fetch::users(&then), |id| asked.contains(id));
    let others = others.context(reading).map_err(Failure::bug)?;
    let then = (first.known_on(&job.zone), &then.population, &benefits);
    let settled = vanished.settle(job.rules_settings(), fetched.benefits, then, &others);
    fetched.benefits = settled.context(reading).map_err(Failure::bug)?;
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
