//! Puts the night together as one report value.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::job::Job;
use crate::outcome::Failure;
use tieout_model::code::Owner;
use tieout_model::control::Disposition;
use tieout_model::finding::{Code, Finding};
use tieout_model::group::{FindingGroup, groups};
use tieout_model::hash::sha256_hex;
use tieout_model::history::Status;
use tieout_recon::rules::Judgement;
use tieout_recon::tables::payroll::PayrollTables;
use tieout_report::{Exception, Report, ReportHead, ShownNames};
use tieout_store::{SeenFinding, Store};

use crate::night::decide::waivers;
use crate::night::decide::{NO_CORRECTION, NightDecision};
use crate::night::evidence::fetch::Fetched;
use crate::night::evidence::freshness::Freshness;
use crate::night::pack::behind;
use crate::night::pack::policy;
use crate::night::remember::Kept;
use crate::night::stages::NightAsked;

/// Hex digits of a run id: enough to tell runs apart, short enough to read out.
const RUN_ID_DIGITS: usize = 16;

/// Name of the report folder of a day. A dry run never takes the place of a live one.
pub fn folder_name(as_of: NaiveDate, dry_run: bool) -> String {
    let day = as_of.format("%Y-%m-%d");
    if dry_run { format!("{day}-dry") } else { day.to_string() }
}

/// Id of a run, from its inputs: the same inputs have the same id.
pub fn run_id(job: &Job, as_of: NaiveDate, dry_run: bool, payroll: &PayrollTables, snapshot: &str) -> String {
    let mode = if dry_run { "dry" } else { "live" };
    let day = as_of.to_string();
    let mut parts = vec![job.name.as_str(), &job.fingerprint, &day, mode, snapshot];
    parts.extend(payroll.files.iter().map(|file| file.sha256.as_str()));
    sha256_hex(parts.join("\u{1f}"))[..RUN_ID_DIGITS].to_owned()
}

/// What the report is made of, beside the judgement.
pub struct Parts<'a> {
    pub payroll: &'a PayrollTables,
    pub fetched: &'a Fetched,
    pub decision: &'a NightDecision,
    pub freshness: &'a Freshness,
}

/// The report, and what of the judgement is remembered once it is written.
pub fn report(
    asked: &NightAsked<'_>,
    store: &Store,
    parts: &Parts<'_>,
    mut judgement: Judgement,
    names: ShownNames,
) -> Result<(Report, Kept), Failure> {
    let job = &asked.opened.job;
    let Parts { payroll, fetched, decision, .. } = *parts;
    let waivers = &decision.waivers;
    let held = waivers.held(asked.as_of, &decision.history.seen, &judgement.findings);
    let seen = std::mem::take(&mut judgement.findings).into_iter().zip(&decision.history.seen);
    let (waived, open): (Vec<_>, Vec<_>) = seen.partition(|(_, seen)| held.contains_key(&seen.id));
    let control_totals = waivers::moved(&judgement.control_totals, waived.iter().map(|(finding, _)| finding));
    let [still_open, accepted] = [&open, &waived].map(|some| some.iter().map(|(finding, _)| finding));
    let dispositions = waivers::placed(&judgement.dispositions, &judgement.found_rows, still_open, accepted);
    let (exceptions, groups) = exceptions(open, decision);
    let waived = sorted(waived.into_iter().map(|(finding, seen)| exception(finding, seen, decision)).collect());
    let (behind, evidence) = match job.report.formats.page {
        true => (
            behind::read(store, asked.as_of, &exceptions, &judgement.pages)?,
            fetched.ages(&job.zone, asked.as_of).map_err(Failure::bug)?,
        ),
        false => (BTreeMap::new(), Vec::new()),
    };
    let head = head(asked, parts, &judgement, dispositions);
    let Judgement { balance_totals, coverage, out_of_scope, unverified, .. } = judgement;
    let Judgement { pages, held: held_pages, periods, other_runs_only, broken, .. } = judgement;
    let report = Report {
        head,
        control_totals,
        balances: balance_totals,
        coverage,
        evidence,
        exceptions,
        waived: waivers::with_waivers(waived, &held),
        waived_before: waivers.before.keys().cloned().collect(),
        groups,
        cleared: decision.history.cleared.clone(),
        corrections: decision.planned.clone(),
        rejects: payroll.rejects.clone(),
        out_of_scope,
        unverified,
        nights: decision.nights.clone(),
        names,
        behind,
        guards: decision.tripped.iter().map(|t| &t.sentence).chain(&decision.history.warning).cloned().collect(),
    };
    Ok((report, Kept { pages, held: held_pages, periods, other_runs_only, broken }))
}

fn head(
    asked: &NightAsked<'_>,
    parts: &Parts<'_>,
    judgement: &Judgement,
    dispositions: Vec<Disposition>,
) -> ReportHead {
    let NightAsked { opened, args, as_of, .. } = *asked;
    let Parts { payroll, fetched, decision, freshness } = *parts;
    let (job, snapshot) = (&opened.job, &fetched.snapshot);
    ReportHead {
        job: job.name.clone(),
        run_id: run_id(job, as_of, args.dry_run, payroll, &snapshot.id),
        as_of,
        dry_run: args.dry_run,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        period_start: payroll.period.start,
        period_end: payroll.period.end,
        cutoff: payroll.period.cutoff,
        snapshot: snapshot.id.clone(),
        snapshot_taken_at: snapshot.taken_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        complete: snapshot.complete && judgement.verified.complete,
        mendable: judgement.mendable,
        inputs: payroll.files.clone(),
        payroll_file: freshness.said.clone(),
        counts: counts(payroll, judgement),
        dispositions,
        calls: fetched.calls.clone(),
        oyster: fetched.oyster.as_ref().and_then(|oyster| oyster.statistics.clone()),
        audit_head: decision.audit_head.clone(),
        csv: job.report.csv,
        formats: job.report.formats,
        policy: policy::policy(job, decision.accepted_swing.as_deref()),
    }
}

fn counts(payroll: &PayrollTables, judgement: &Judgement) -> Vec<(String, u64)> {
    let rows = payroll.rows;
    let mut counts = [
        ("payroll rows read", rows.read),
        ("payroll rows accepted", rows.accepted),
        ("payroll rows rejected", rows.rejected),
        ("payroll rows of other runs", rows.out_of_scope),
        ("payroll headers and totals rows", rows.structural),
        ("employees on payroll", judgement.tonight.population),
    ]
    .map(|(name, n)| (name.to_owned(), n))
    .to_vec();
    // Which of those rows were left out, and why.
    counts.extend(payroll.left_out.iter().map(|left| (format!("payroll rows left out: {}", left.reason), left.rows)));
    counts
}

/// The exceptions, and what they have in common.
fn exceptions(open: Vec<(Finding, &SeenFinding)>, decision: &NightDecision) -> (Vec<Exception>, Vec<FindingGroup>) {
    let (findings, seen): (Vec<Finding>, Vec<&SeenFinding>) = open.into_iter().unzip();
    let groups = groups(&findings);
    let mut group_of = vec![""; findings.len()];
    for group in &groups {
        group.members.iter().for_each(|at| group_of[*at] = &group.id);
    }
    let grouped = findings.into_iter().zip(seen).zip(group_of).map(|((finding, seen), group_id)| {
        let exception = exception(finding, seen, decision);
        let is_back = exception.status == Status::Open && decision.waivers.before.contains_key(&exception.id);
        let status = if is_back { Status::Reopened } else { exception.status };
        Exception { group_id: group_id.to_owned(), status, ..exception }
    });
    (sorted(grouped.collect()), groups)
}

fn exception(finding: Finding, seen: &SeenFinding, decision: &NightDecision) -> Exception {
    let correction = decision.correction_of(&seen.id);
    Exception {
        id: seen.id.clone(),
        group_id: String::new(),
        status: seen.status,
        first_seen: seen.first_seen,
        nights_open: seen.nights_open,
        exposure_to_date: seen.exposure_to_date,
        exposure_earlier: seen.exposure_earlier,
        periods_open: seen.periods_open,
        correction: correction.to_owned(),
        note: decision.notes.get(&seen.id).cloned(),
        finding: with_move(finding, correction),
    }
}

/// The gravest first, and of those the costliest; what costs the same stays in the order of findings.
fn sorted(mut exceptions: Vec<Exception>) -> Vec<Exception> {
    exceptions.sort_by_key(|e| (e.finding.severity, Reverse(e.exposure_to_date.map(|(counts, _)| counts.abs()))));
    exceptions
}

/// Adds the approver's move to what Benbase holds wrongly, where there is something to approve.
fn with_move(mut finding: Finding, correction: &str) -> Finding {
    let held_wrongly = match finding.code {
        Code::CO07 | Code::DE02 => true,
        Code::DE01 => finding.field == "address",
        _ => false,
    };
    let (next, owner) = match correction.strip_prefix(NO_CORRECTION) {
        _ if !held_wrongly => return finding,
        None if correction.is_empty() => ("There is no correction: none was planned.".to_owned(), Owner::Operator),
        None => ("Approve the correction.".to_owned(), Owner::Approver),
        Some(reason) => (format!("There is no correction: {reason}."), Owner::Operator),
    };
    finding.sentence = format!("{} {next}", finding.sentence);
    finding.moved_by(owner)
}

/// Whether a status counts as new tonight.
pub fn is_new(status: Status) -> bool {
    status != Status::Open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_benbase_holds_wrongly_has_an_owner_whatever_became_of_it() {
        for (code, field) in [(Code::CO07, "base_salary"), (Code::DE01, "address"), (Code::DE02, "state")] {
            for (correction, ends_with, owner) in [
                ("compensation change planned", "Approve the correction. ", Owner::Approver),
                (
                    "none: Benbase has no such field",
                    "There is no correction: Benbase has no such field. ",
                    Owner::Operator,
                ),
                ("", "There is no correction: none was planned. ", Owner::Operator),
            ] {
                let finding = Finding { field: field.to_owned(), ..Finding::blank(code) };
                let moved = with_move(finding, correction);
                let sentence = format!(" {ends_with}{}", Owner::move_of(Some(owner)));
                assert_eq!((moved.sentence, moved.owner), (sentence, Some(owner)), "{code:?} {correction}");
            }
        }
    }
}
