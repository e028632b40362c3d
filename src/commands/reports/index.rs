//! The page over all nights of a job, made anew from their folders and from what the state knows. It stands in nobody's
//! way: what goes wrong with it is told, and the command goes on.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::NaiveDate;

use crate::job::Job;
use tieout_report::{KnownNights, remove_index, write_index};
use tieout_store::{RunMode, RunRow, Store};

use crate::commands::reports;

/// Newest runs that are looked through: several a night, for longer than the page shows.
const RUNS_READ_MAX: u32 = 2_000;

/// Of jobs that want pages; where one wants none any more, that of before is taken away.
pub fn renew(job: &Job, store: &Store) {
    let attempt = || -> anyhow::Result<()> {
        if !job.report.formats.page {
            return remove_index(&reports::folder(job));
        }
        let runs = store.runs(RUNS_READ_MAX).context("read the past runs")?;
        let signatures = store.sign_offs()?.into_iter().map(|(day, signed)| (day, signed.sha256)).collect();
        let known = KnownNights { unfinished: unfinished(&runs), signatures };
        write_index(&reports::folder(job), &job.name, &known)
    };
    if let Err(error) = attempt() {
        tracing::warn!(error = format!("{error:#}"), "the page over all nights stays as it was");
    }
}

/// Days whose newest live run did not get to its end, and how it ended.
fn unfinished(runs: &[RunRow]) -> BTreeMap<NaiveDate, String> {
    let mut newest: BTreeMap<NaiveDate, &RunRow> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.mode == RunMode::Live.name()) {
        newest.entry(run.as_of).or_insert(run);
    }
    let ended = |run: &RunRow| match (run.ended_at, run.exit_code) {
        (Some(_), Some(code)) => format!("left with exit code {code} before its end"),
        _ => "has not ended: it was killed, or goes on".to_owned(),
    };
    newest.into_iter().filter(|(_, run)| run.findings.is_none()).map(|(day, run)| (day, ended(run))).collect()
}
