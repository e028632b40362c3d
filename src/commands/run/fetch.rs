//! Where tonight's evidence comes from: the services, or the newest sealed snapshot.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use tokio::sync::watch;

use crate::api::{TOKEN_TEMPLATE, on_one_server};
use crate::cli::RunArgs;
use crate::commands::interrupt::Interrupt;
use crate::commands::open::OpenJob;
use crate::commands::services::{Services, wall_clock};
use crate::crosswalk::Crosswalk;
use crate::extract::{self, CallBuffer, ExtractError, Extracted, Options};
use crate::job::Job;
use crate::outcome::{Exit, Failure};
use crate::payroll::Payroll;
use crate::progress::Progress;
use crate::report::CallStatistics;
use crate::rules::Prior;
use crate::snapshot::{self, Damaged, Head, Import, Origin, Snapshot};
use crate::store::{Limit, Source, Store};

/// The service's name in the call log.
const BENIFEX: &str = "benifex";

/// Tonight's snapshot, and the one that shows the elections as they stood at the payroll's cut-off.
pub struct Fetched {
    pub snapshot: Snapshot,
    pub prior: Option<Snapshot>,
    pub calls: CallStatistics,
}

/// The cut-off snapshot as the rules take it.
pub fn as_prior(snapshot: &Snapshot) -> Prior<'_> {
    Prior { id: &snapshot.id, population: &snapshot.population, users: &snapshot.users, benefits: &snapshot.benefits }
}

/// Without a call: the newest snapshot stands for tonight.
pub fn offline(job: &Job, payroll: &Payroll, snapshot: Snapshot) -> Result<Fetched, Failure> {
    let prior = prior(job, payroll.period.cutoff, &snapshot)?;
    Ok(Fetched { snapshot, prior, calls: CallStatistics::default() })
}

/// Fetches, seals and opens.
pub fn snapshot(
    opened: &OpenJob,
    args: &RunArgs,
    store: &mut Store,
    payroll: &Payroll,
    crosswalk: &Crosswalk,
    as_of: NaiveDate,
    interrupt: &Interrupt,
) -> Result<Fetched, Failure> {
    let job = &opened.job;
    let cutoff = payroll.period.cutoff;
    let population = population(job, store, payroll, crosswalk, as_of)?;
    import_baseline(opened, &population, cutoff)?;
    let services = Services::start(job)?;
    let (extracted, calls) = extract(opened, args, &services, store, &population, interrupt)?;
    services.stop();
    let extraction = extracted.extraction;
    let tables = extracted.into_tables().context("building the snapshot").map_err(Failure::bug)?;
    let head = Head { taken_at: opened.now, as_of, source: Origin::Benifex };
    let sealed = snapshot::seal(&job.state_dir, head, tables).context("sealing the snapshot").map_err(Failure::bug)?;
    store
        .finish_extraction(extraction, &sealed.id, opened.now)
        .context("closing the extraction")
        .map_err(Failure::bug)?;
    snapshot::retain(&job.state_dir, snapshot::SNAPSHOTS_MAX)
        .context("removing the oldest snapshots")
        .map_err(Failure::bug)?;
    let prior = prior(job, cutoff, &sealed)?;
    Ok(Fetched { snapshot: sealed, prior, calls })
}

/// Everybody to ask for: payroll, the roster of all ids ever seen, and the crosswalk.
fn population(
    job: &Job,
    store: &mut Store,
    payroll: &Payroll,
    crosswalk: &Crosswalk,
    as_of: NaiveDate,
) -> Result<Vec<String>, Failure> {
    let mut remember = || -> anyhow::Result<Vec<String>> {
        store.remember(payroll.employee_ids()?, Source::Payroll, as_of)?;
        store.remember(crosswalk.rows.keys(), Source::Crosswalk, as_of)?;
        Ok(extract::population(store.roster_ids()?, job.payroll.fold_id_case))
    };
    remember().context("reading the roster").map_err(Failure::bug)
}

/// Takes in the sandbox's world of the past, once: a demo has no earlier nights of its own.
fn import_baseline(opened: &OpenJob, population: &[String], cutoff: NaiveDate) -> Result<(), Failure> {
    let job = &opened.job;
    let Some(world) = job.sandbox.as_ref().and_then(|s| s.baseline.as_deref()) else { return Ok(()) };
    let attempt = || -> anyhow::Result<()> {
        if snapshot::newest_on_or_before(&job.state_dir, cutoff)?.is_none() {
            let import = Import {
                world,
                settings: &job.benifex,
                oyster: job.oyster.as_ref(),
                population,
                fold_id_case: job.payroll.fold_id_case,
                as_of: cutoff,
                taken_at: end_of(cutoff),
            };
            snapshot::import_world(&import, &job.state_dir)?;
        }
        Ok(())
    };
    attempt().with_context(|| format!("importing the world at the cut-off {}", world.display())).map_err(Failure::input)
}

fn end_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn extract(
    opened: &OpenJob,
    args: &RunArgs,
    services: &Services,
    store: &mut Store,
    population: &[String],
    interrupt: &Interrupt,
) -> Result<(Extracted, CallStatistics), Failure> {
    let job = &opened.job;
    let calls = CallBuffer::default();
    let (cancel, cancelled) = watch::channel(false);
    let client = services.connect_benifex(calls.sink(), cancelled)?;
    if job.sandbox.is_none() {
        client.remember_calls(&recent_calls(job, store)?);
    }
    let options = Options {
        fresh: args.fresh,
        concurrency: job.benifex.http.concurrency,
        fold_id_case: job.payroll.fold_id_case,
        riskiest: riskiest(store)?,
        connection: Options::connection(&job.benifex, job.oyster.as_ref()),
        calls,
        clock: opened.clock.clone(),
    };
    let limit = job.benifex.http.windows.first().map(|w| (w.calls, w.per));
    let progress = Progress::new("Benifex", limit);
    let extracted = services
        .runtime
        .block_on(async {
            let watcher = tokio::spawn(interrupt.clone().forward(cancel));
            let extracted = extract::extract(&client, store, population, &options, &progress).await;
            watcher.abort();
            extracted
        })
        .map_err(|error| failure(error, interrupt))?;
    let (calls, window) = limit.unwrap_or_default();
    // A token from another server does not count against the limit.
    let exempt = (!on_one_server(&services.benifex.base_url, &services.benifex.token_url)).then_some(TOKEN_TEMPLATE);
    let limit = Limit { service: BENIFEX, calls: calls as u64, window, exempt };
    let statistics = store
        .call_statistics(extracted.extraction, &limit, extracted.resumed)
        .context("reading the call log")
        .map_err(Failure::bug)?;
    Ok((extracted, statistics))
}

/// How long ago the calls were answered that the service still counts, whichever process made them. A killed process may
/// have sent some whose record was lost: as many as it could have had in flight count as answered just now.
fn recent_calls(job: &Job, store: &Store) -> Result<Vec<Duration>, Failure> {
    let longest = job.benifex.http.windows.iter().map(|w| w.per).max().unwrap_or_default();
    let now_us = wall_clock()().timestamp_micros();
    let since_us = now_us.saturating_sub(i64::try_from(longest.as_micros()).unwrap_or(i64::MAX));
    let answered = store.recent_answers(BENIFEX, since_us).context("reading the call log").map_err(Failure::bug)?;
    let mut ages: Vec<Duration> =
        answered.iter().map(|at| Duration::from_micros(now_us.saturating_sub(*at).unsigned_abs())).collect();
    if !ages.is_empty() {
        ages.extend(std::iter::repeat_n(Duration::ZERO, job.benifex.http.concurrency));
    }
    Ok(ages)
}

/// Employees with open findings are asked for first, so that a short night has looked at them.
fn riskiest(store: &Store) -> Result<BTreeSet<String>, Failure> {
    store.remembered_employees().context("reading the open findings").map_err(Failure::bug)
}

fn failure(error: ExtractError, interrupt: &Interrupt) -> Failure {
    let exit = match &error {
        ExtractError::Credentials(_) | ExtractError::OysterCredentials(_) => Exit::Credentials,
        ExtractError::WrongPrefix | ExtractError::NoEngagement { .. } => Exit::Input,
        ExtractError::Interrupted { .. } => interrupt.exit().unwrap_or(Exit::Interrupted),
        ExtractError::Store(_) => Exit::Bug,
    };
    Failure::new(exit, anyhow::Error::new(error).context("extracting from the services"))
}

/// The newest sealed snapshot.
pub fn newest(job: &Job) -> Result<Snapshot, Failure> {
    let listed = snapshot::newest(&job.state_dir)
        .context("looking for the newest snapshot")
        .map_err(Failure::input)?
        .ok_or_else(|| {
        Failure::input(anyhow::anyhow!(
            "there is no sealed snapshot in {}: run without --offline, or import one with `tieout snapshot import`",
            job.state_dir.display()
        ))
    })?;
    open(&listed.dir)
}

fn prior(job: &Job, cutoff: NaiveDate, tonight: &Snapshot) -> Result<Option<Snapshot>, Failure> {
    let listed = snapshot::newest_on_or_before(&job.state_dir, cutoff)
        .context("looking for the snapshot of the cut-off")
        .map_err(Failure::input)?;
    listed.filter(|l| l.id != tonight.id).map(|l| open(&l.dir)).transpose()
}

fn open(dir: &std::path::Path) -> Result<Snapshot, Failure> {
    snapshot::open(dir, true).map_err(|error| {
        let exit = if error.is::<Damaged>() { Exit::Integrity } else { Exit::Input };
        Failure::new(exit, error.context(format!("opening the snapshot {}", dir.display())))
    })
}
