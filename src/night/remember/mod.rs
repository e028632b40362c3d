//! What later nights know of this one: its findings and corrections, its postings, and the row of its run.

pub(super) mod run_record;

use super::decide::waivers;
use super::decide::{NightDecision, PREPARER};
use super::evidence::freshness;

use crate::commands::open::OpenJob;
use crate::outcome::{Exit, Failure};
use crate::secrets;
use tieout_model::balance::Page;
use tieout_model::control::PeriodsByGroup;
use tieout_report::Report;
use tieout_store::{NewPosting, RunEnd, RunSummary, Store};

/// What is left of the judgement once the report has its part.
pub struct Kept {
    /// See [`tieout_recon::rules::Judgement`], for all of these.
    pub pages: Vec<Page>,
    pub held: Vec<Page>,
    pub periods: PeriodsByGroup,
    pub other_runs_only: bool,
    pub broken: Vec<String>,
}

/// Remembers the night: findings and corrections unless something stopped them, and in the row of the run how it ended.
/// A guard that stops only the queue, for there is much to correct or a pay moves far, stops no finding.
pub fn remember(
    opened: &OpenJob,
    row: i64,
    store: &mut Store,
    report: &Report,
    kept: &Kept,
    decision: &NightDecision,
    exit: Exit,
) -> Result<(), Failure> {
    let good = is_good(decision, exit);
    let before = store.queue_end();
    let mut attempt = || -> anyhow::Result<()> {
        if let Some(reason) = decision.accepted_swing.as_deref().filter(|_| good) {
            store.accept_swing(&secrets::login_name(), reason, &decision.base_line, opened.now)?;
        }
        if good {
            let pages = &kept.pages;
            let posting = NewPosting { night: report.head.as_of, now: opened.now, by: PREPARER, reason: "", pages };
            store.record(&decision.history, &posting)?;
            waivers::record(store, report)?;
            let (plan, judged, by) = (&decision.plan, &decision.judged, &decision.preparer);
            // What runs beside the regular one leave out says nothing of pay, nor of who has left.
            if !kept.other_runs_only {
                match decision.tripped.as_slice() {
                    [] => _ = store.enqueue_plan(plan, judged, opened.now, by)?,
                    // A guard stops what is new; what is not true any more ends all the same.
                    _ => store.end_contradicted(plan, judged, opened.now, by)?,
                }
            }
        } else if exit != Exit::Integrity && decision.history.warning.is_none() {
            let pages = &kept.held;
            store.hold(&NewPosting { night: report.head.as_of, now: opened.now, by: PREPARER, reason: "", pages })?;
        }
        store.finish_run(row, &run_end(opened, report, kept, decision, exit))
    };
    attempt().map_err(|error| {
        let queued = queued_since(before, store);
        Failure::bug(error.context(format!("remembering the night: the report is written, {queued}")))
    })
}

/// What became of the queue, as far as the database says. An error may come after a commit.
fn queued_since(before: anyhow::Result<i64>, store: &Store) -> String {
    match before.and_then(|before| Ok(store.queue_end()? - before)) {
        Ok(0) => "nothing was queued".to_owned(),
        Ok(queued) => format!("and {queued} corrections are queued"),
        Err(_) => "and whether anything was queued could not be read: `tieout queue list` will tell".to_owned(),
    }
}

/// Whether later nights may be compared with this one.
fn is_good(decision: &NightDecision, exit: Exit) -> bool {
    let in_doubt = decision.tripped.iter().any(|tripped| tripped.guard.doubts_sources());
    exit != Exit::Integrity && !in_doubt && decision.history.warning.is_none()
}

fn run_end(opened: &OpenJob, report: &Report, kept: &Kept, decision: &NightDecision, exit: Exit) -> RunEnd {
    let exposure = tieout_report::exposure_by_currency(report);
    RunEnd {
        run_id: report.head.run_id.clone(),
        ended_at: (opened.clock)(),
        exit_code: exit as u8,
        complete: report.head.complete,
        good: is_good(decision, exit) && !kept.other_runs_only,
        snapshot: Some(report.head.snapshot.clone()),
        payroll_hash: freshness::hash_of(&report.head.inputs),
        findings: report.exceptions.len() as u64,
        calls: report.head.calls.calls + report.head.oyster.as_ref().map_or(0, |oyster| oyster.calls.calls),
        corrections: report.corrections.len() as u64,
        summary: RunSummary {
            baseline: decision.base_line.clone(),
            periods: kept.periods.clone(),
            accepted_swing: decision.accepted_swing.clone(),
            unread: decision.unread.clone(),
            foreign_links: decision.foreign_links.clone(),
            exposure: exposure
                .into_iter()
                .flat_map(|(currency, (under, over))| {
                    [("under-collected", under), ("over-collected", over)]
                        .map(|(what, counts)| (format!("{currency} {what}"), counts.to_string()))
                })
                .collect(),
        },
    }
}
