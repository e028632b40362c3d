//! `tieout run`: the night. Each step takes what the one before returned; the report is written before anything is
//! queued, so that people have the findings even when the night ends badly.

mod decide;
mod earlier;
pub mod evidence;
mod oyster;
mod pack;
mod remember;
mod screen;
mod stages;

use std::io::{IsTerminal as _, stdout};
use std::time::Instant;

use crate::cli::RunArgs;
use crate::outcome::{self, Exit, Failure, Outcome};
use crate::secrets;
use anyhow::Context;
use tieout_recon::snapshot;
use tieout_report as report;
use tieout_report::Beside;
use tieout_store::Store;

use crate::commands::open::StoreCheck;
use crate::commands::open::anchor;
use crate::commands::reports::index;
use crate::commands::{open, table};
use crate::interrupt::Interrupt;
use pack::assemble::Parts;
use stages::{Night, NightAsked};

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
    let as_of = opened.day(args.as_of)?;
    let job = &opened.job;
    let _lock = open::lock(job, opened.now)?;
    let reports = job.report.dir.join(&job.name);
    // Hours of calls must not end in a folder that nobody may write to.
    report::prepare(&reports).map_err(Failure::input)?;
    snapshot::prepare(&job.state_dir).map_err(Failure::input)?;

    let (mut store, mut check) = open::store_while_checked(job)?;
    if let Err(failure) = anchor::hold(job, &mut store) {
        check.wait()?;
        return Err(failure);
    }
    watch.lap("open");
    let asked = NightAsked { opened: &opened, args, as_of, interrupt: &interrupt, reports: &reports };
    let row = remember::run_record::begin(&asked, &mut store)?;
    let outcome = reported(&asked, &mut store, &mut check, &mut watch, row);
    if let (Some(row), Err(failure)) = (row, &outcome) {
        remember::run_record::failed(&mut store, row, failure, (opened.clock)());
    }
    // A state that can't be trusted tells nothing.
    if !outcome.as_ref().is_err_and(|failure| failure.exit == Exit::Integrity) {
        index::renew(job, &store);
        watch.lap("index");
    }
    outcome
}

/// The night, its report, and what is remembered of it; `row` is that of the run, `None` of a dry one.
fn reported(
    asked: &NightAsked<'_>,
    store: &mut Store,
    check: &mut StoreCheck<'_>,
    watch: &mut Stopwatch,
    row: Option<i64>,
) -> Outcome {
    let NightAsked { opened, args, as_of, .. } = *asked;
    let job = &opened.job;
    let night = stages::night(asked, store, check, watch);
    // Whatever seems wrong with a night over a damaged database, that is the reason.
    check.wait()?;
    let Night { payroll, fetched, judgement, names, pack, mut written, decision } = night?;
    let freshness = evidence::freshness::of_file(&payroll.files, (&payroll.period, &payroll.periods), store, as_of)?;
    let parts = Parts { payroll: &payroll, fetched: &fetched, decision: &decision, freshness: &freshness };
    let (report, kept) = pack::assemble::report(asked, store, &parts, judgement, names)?;
    if report.head.formats.proof {
        written.extend(pack::proof::write_said(&report, &pack).map_err(|error| Failure::new(Exit::Machine, error))?);
    }
    let files = report::render(&report, &written).context("rendering the report").map_err(Failure::bug)?;
    // The state knows who signed, whatever became of the file.
    let is_signed = !args.dry_run && store.sign_off(as_of).map_err(Failure::bug)?.is_some();
    let earlier = pack.earlier().and_then(|earlier| match earlier.says_more_than(&report) {
        _ if earlier.is_signed => Some(Beside::Unsigned),
        less => less.then_some(Beside::Incomplete),
    });
    let beside = if is_signed { Some(Beside::Unsigned) } else { earlier };
    let finished = pack.write(&files).and_then(|()| match beside {
        None => pack.finish(),
        Some(why) => pack.finish_beside(why),
    });
    let folder = finished.map_err(|error| Failure::new(Exit::Machine, error))?;
    watch.lap("report");
    let exit = decide::exit::exit(job, &report, !kept.broken.is_empty(), &decision);
    if let Some(row) = row {
        remember::remember(opened, row, store, &report, &kept, &decision, exit)?;
        remember::run_record::written(store, &report, &files, exit, opened.now)?;
        if let Some(oyster) = &fetched.oyster {
            oyster::remember(store, &oyster.states)?;
        }
    }
    evidence::fetch::close(&fetched, store, opened.now)?;
    watch.lap("remember");
    let alarm = decide::exit::alarm(job, &report);
    match args.json {
        true => table::print(&screen::show::json(&files, &folder)?),
        false if args.full => table::print(&screen::show::text(&report, &folder, exit, alarm)),
        false => {
            let colour = stdout().is_terminal() && !secrets::no_color();
            let told = screen::ScreenInput { job: &args.job, folder: &folder, exit, alarm, colour };
            table::print(&screen::text(&report, &told));
        }
    }
    // Whoever reads a mail is in another folder than the job.
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    if let Some(notice) = screen::notice::notice(&report, &folder, exit, alarm, decision.tripped.len(), freshness.late)
    {
        outcome::tell(&notice);
    }
    Ok(exit)
}
