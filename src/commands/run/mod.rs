//! `tieout run`: the night. Each step takes what the one before returned; the report is written before anything is
//! queued, so that people have the findings even when the night ends badly.

mod assemble;
mod decide;
mod extraction;
mod fetch;
mod input;
mod oyster;
mod policy;
mod show;
mod sources;

use std::time::Instant;

use anyhow::Context;
use chrono::NaiveDate;

use crate::cli::RunArgs;
use crate::control::LastGood;
use crate::outcome::{Exit, Failure, Outcome};
use crate::report;
use crate::rules::{self, Judgement};
use crate::side::side_by_side;
use crate::snapshot;
use crate::store::Store;

use super::interrupt::Interrupt;
use super::{open, table};
use sources::Sources;

/// Logs how long each stage took, at the level of `-v`.
struct Stopwatch(Instant);

impl Stopwatch {
    fn lap(&mut self, stage: &'static str) {
        let took_ms = u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(stage, took_ms, "stage done");
        self.0 = Instant::now();
    }
}

pub fn run(args: &RunArgs) -> Outcome {
    let mut watch = Stopwatch(Instant::now());
    let interrupt = Interrupt::install()?;
    if args.accept_swing.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(Failure::input(anyhow::anyhow!("--accept-swing needs a reason: why headcount or totals swung")));
    }
    let opened = open::job(&args.job)?;
    let as_of = opened.as_of(args.as_of);
    let job = &opened.job;
    let _lock = open::lock(job, opened.now)?;
    let reports = job.report.dir.join(&job.name);
    // Hours of calls must not end in a folder that nobody may write to.
    report::prepare(&reports).map_err(Failure::input)?;
    snapshot::prepare(&job.state_dir).map_err(Failure::input)?;

    watch.lap("open");
    let Sources { mut store, payroll, crosswalk, ledger, newest } = sources::read(&opened, args, as_of)?;
    watch.lap("sources");
    let fetched = match newest {
        Some(newest) => fetch::offline(job, &store, &payroll, newest)?,
        None => fetch::snapshot(&opened, args, &mut store, &payroll, &crosswalk, as_of, &interrupt)?,
    };
    interrupt.check()?;
    watch.lap("fetch");

    let last_good = last_good(args, &store, as_of)?;
    let mut judgement = rules::judge(&rules::Inputs {
        job,
        as_of,
        payroll: &payroll,
        population: &fetched.snapshot.population,
        users: &fetched.snapshot.users,
        benefits: &fetched.benefits,
        snapshot_id: &fetched.snapshot.id,
        prior: fetched.prior.as_ref().map(fetch::as_prior),
        oyster: oyster::as_input(&fetched.snapshot, fetched.oyster.as_ref().map(|oyster| &oyster.states)),
        ledger: &ledger,
        crosswalk: &crosswalk,
        last_good: last_good.as_ref(),
    })
    .context("judging the tables")
    .map_err(Failure::bug)?;
    interrupt.check()?;
    watch.lap("rules");

    let Judgement { out_of_scope, unverified, .. } = &judgement;
    let (not_judged, decision) = side_by_side(
        || report::not_judged(&payroll.rejects, out_of_scope, unverified, job.report.bom),
        || decide::decide(&opened, as_of, &store, &fetched.snapshot, &judgement, &ledger, last_good.as_ref()),
    );
    let mut decision = decision?;
    decision.accepted_swing = args.accept_swing.as_ref().map(|reason| reason.trim().to_owned());
    watch.lap("decide");
    let report = assemble::report(&opened, args, as_of, &payroll, &fetched, &mut judgement, &decision);
    let files = not_judged
        .and_then(|not_judged| report::render(&report, not_judged))
        .context("rendering the report")
        .map_err(Failure::bug)?;
    let folder = report::write_pack(&reports, &assemble::folder_name(as_of, args.dry_run), &files)
        .map_err(|e| Failure::new(Exit::Input, e))?;
    watch.lap("report");
    let exit = decide::exit(job, &report, &judgement, &decision);
    if !args.dry_run {
        decide::remember(&opened, as_of, &mut store, &report, &judgement, &decision, exit)?;
        if let Some(oyster) = &fetched.oyster {
            oyster::remember(&mut store, &oyster.states)?;
        }
    }
    watch.lap("remember");
    match args.json {
        true => table::print(&show::json(&files, &folder)?),
        false => table::print(&show::text(&report, &folder, exit, decide::alarm(job, &report))),
    }
    // The process ends: giving the tables back to the system piece by piece would only take time.
    std::mem::forget((payroll, crosswalk, ledger, fetched, judgement, decision, report, files));
    Ok(exit)
}

/// The base line of the guards.
fn last_good(args: &RunArgs, store: &Store, as_of: NaiveDate) -> Result<Option<LastGood>, Failure> {
    match &args.accept_swing {
        // Tonight is the base line: there is nothing to compare it with.
        Some(_) => Ok(None),
        None => store.last_good(as_of).context("reading the last good run").map_err(Failure::bug),
    }
}
