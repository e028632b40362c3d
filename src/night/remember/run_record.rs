//! The row of a run among the past runs, from its beginning on: "did last night run?" has an answer also when it was
//! refused, stopped or killed.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};

use crate::outcome::{Exit, Failure};
use tieout_model::hash::sha256_hex;
use tieout_report::{PackFile, Report, ReportHead};
use tieout_store::{NewRun, RunMode, Store, WrittenReport};

use crate::night::stages::NightAsked;

/// What two clocks of one machine may differ by.
const CLOCK_SLACK: TimeDelta = TimeDelta::minutes(5);

/// Notes that the run begins; `None`: a dry run leaves no trace. Tells of a clock that jumped.
pub fn begin(asked: &NightAsked<'_>, store: &mut Store) -> Result<Option<i64>, Failure> {
    let now = asked.opened.now;
    let last = store.last_start().context("reading the past runs").map_err(Failure::bug)?;
    if let Some(last) = last.filter(|last| *last > now + CLOCK_SLACK) {
        tracing::warn!(
            "the clock says {now}, but a run of this job began at {last}, so one of the two is wrong. If the clock is behind, \
             set it right and run again; if it was ahead then, nothing is to be done: this run counts"
        );
    }
    if asked.args.dry_run {
        return Ok(None);
    }
    let new = NewRun { run_id: "", as_of: asked.as_of, mode: RunMode::Live, started_at: now };
    store.begin_run(&new).map(Some).context("noting that the run begins").map_err(Failure::bug)
}

/// Notes that the run ended without a result. Nothing is written into a state that can't be trusted.
pub fn failed(store: &mut Store, row: i64, failure: &Failure, now: DateTime<Utc>) {
    if failure.exit == Exit::Integrity {
        return;
    }
    if let Err(error) = store.fail_run(row, failure.exit as u8, now) {
        tracing::warn!(error = format!("{error:#}"), "the past runs do not say how this run ended");
    }
}

/// Notes the hash of the report's run.json, which holds those of its other files.
pub fn written(
    store: &mut Store,
    report: &Report,
    files: &[PackFile],
    exit: Exit,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let Some(run) = files.last() else { return Ok(()) };
    let ReportHead { as_of, run_id, .. } = &report.head;
    let written =
        WrittenReport { sha256: sha256_hex(&run.bytes), as_of: *as_of, run_id: run_id.clone(), exit_code: exit as u8 };
    store.note_report(&written, now).context("noting the report that was written").map_err(Failure::bug)
}
