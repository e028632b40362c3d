//! What follows from tonight's findings: their history, the corrections, and whether a guard stops the queue. All is
//! decided before anything is remembered, so a dry run is the same code without the last step.

pub(super) mod exit;
pub(super) mod guarded;
pub(super) mod unread;
pub(super) mod waivers;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use chrono::NaiveDate;

use super::stages::NightAsked;
use crate::commands::open::OpenJob;
use crate::job::Job;
use crate::outcome::Failure;
use tieout_corrections::guards::Tripped;
use tieout_corrections::plan;
use tieout_corrections::starters_leavers;
use tieout_corrections::starters_leavers::Known;
use tieout_model::balance::{Ending, is_of_former, payers_of};
use tieout_model::code::Code;
use tieout_model::control::BaseLine;
use tieout_model::correction::{BenbaseLedger, CorrectionPlan};
use tieout_model::finding;
use tieout_model::finding::Finding;
use tieout_model::history::{Cleared, Pending};
use tieout_model::ids::PayrollId;
use tieout_model::money::Currency;
use tieout_model::note::Note;
use tieout_recon::rules::Judgement;
use tieout_recon::snapshot::Snapshot;
use tieout_report::{PastNight, PlannedCorrection};
use tieout_store::{Action, FindingHistory, Judged, QueueOutcome, Queued, RunMode, Store, Unread};
use unread::unread;
use waivers::Waivers;

/// Earlier nights that a report shows, and the runs that they are looked for in.
const NIGHTS_SHOWN_MAX: usize = 30;
const RUNS_READ_MAX: u32 = 200;
/// Who proposes corrections where the command line names nobody: the job itself. Nobody may approve as this name.
pub const PREPARER: &str = "tieout";

/// Stands before the reason why nothing comes of a finding.
pub const NO_CORRECTION: &str = "none: ";

/// Why nothing is queued: what such a run says of pay need not be what the person earns.
const NO_REGULAR_RUN: &str = "the file holds runs beside the regular one alone";

/// Tonight's decisions, nothing of them written yet.
pub struct NightDecision {
    pub history: FindingHistory,
    pub plan: CorrectionPlan,
    pub planned: Vec<PlannedCorrection>,
    pub tripped: Vec<Tripped>,
    /// What later nights are compared with, if this one is good.
    pub base_line: BaseLine,
    pub audit_head: Option<String>,
    /// Earlier nights, oldest first.
    pub nights: Vec<PastNight>,
    /// Why a person takes tonight as the new base line of the guards.
    pub accepted_swing: Option<String>,
    /// Who proposes the corrections.
    pub preparer: String,
    pub waivers: Waivers,
    /// Benbase ids of other people → the snapshot that shows whose they are.
    pub foreign_links: BTreeMap<String, String>,
    /// What people said of findings, by id.
    pub notes: BTreeMap<String, Note>,
    pub judged: Judged,
    /// What tonight could not read of people whose changes wait.
    pub unread: BTreeMap<String, Unread>,
    corrections: BTreeMap<String, String>,
}

/// What is decided on.
pub struct Undecided<'a> {
    pub snapshot: &'a Snapshot,
    pub judgement: &'a Judgement,
    pub ledger: &'a BenbaseLedger,
    pub last_good: Option<&'a BaseLine>,
    pub waivers: Waivers,
    /// As the decision has them.
    pub foreign_links: BTreeMap<String, String>,
}

impl NightDecision {
    /// What became of a finding from which a correction can come; blank for the others.
    pub fn correction_of(&self, finding_id: &str) -> &str {
        self.corrections.get(finding_id).map_or("", String::as_str)
    }
}

pub fn decide(asked: &NightAsked<'_>, store: &Store, undecided: Undecided<'_>) -> Result<NightDecision, Failure> {
    let NightAsked { opened, args, as_of, .. } = *asked;
    let Undecided { snapshot, judgement, ledger, last_good, waivers, foreign_links } = undecided;
    let job = &opened.job;
    let judged = judged(store, snapshot, judgement)?;
    let ids: Vec<String> = judgement.findings.iter().map(|f| finding::id(&job.name, f)).collect();
    let mut derived = None;
    // The database is read on this thread: its connection belongs to one.
    let history = rayon::in_place_scope(|scope| {
        scope.spawn(|_| derived = Some(changes(opened, as_of, judgement, &ids, ledger)));
        // Of a clock that is behind, later nights are no proof that it was ahead then.
        let today = (!opened.skews.is_behind()).then(|| opened.as_of(None));
        store.preview_on(as_of, today, &ids, &judgement.findings, &judged)
    });
    let mut plan = derived.expect("the scope waits for it");
    let mut history = history.context("comparing with the findings of earlier nights").map_err(Failure::bug)?;
    history.cleared.iter_mut().for_each(|cleared| cleared.ending = ending(cleared, judgement));
    if job.new_hires.enabled || job.terminations.enabled {
        plan.join(starters_and_leavers(opened, as_of, store, judgement, &ids, ledger)?);
    }
    guarded::mark(job, judgement, ledger, &mut plan);
    for note in &plan.notes {
        tracing::warn!("{note}");
    }
    if let Some(over) = history.over {
        tracing::warn!(
            "the night of {over}, which is yet to come, is recorded already: the clock was ahead then. Tonight is recorded \
             over it"
        );
    }
    let queued = store
        .preview_plan(&plan, &judged, opened.now)
        .context("comparing the plan with the queue")
        .map_err(Failure::bug)?;
    let tripped = guarded::tripped(asked, judgement, (&plan, &queued), last_good);
    let stopped = match &history.warning {
        _ if !tripped.is_empty() => Some("stopped by a guard".to_owned()),
        _ if judgement.other_runs_only => Some(NO_REGULAR_RUN.to_owned()),
        older => older.clone(),
    };
    let planned = planned(&plan, &queued, stopped.as_deref());
    let corrections = corrections(&plan, &queued, stopped.as_deref());
    let audit_head = store.audit_head().context("reading the head of the audit chain").map_err(Failure::bug)?;
    let nights = nights(store, as_of)?;
    let anew = waivers::owed_anew(&history.seen, &judgement.findings).collect();
    let preparer = args.prepared_by.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let notes = store.notes(&anew).context("reading the notes").map_err(Failure::bug)?;
    Ok(NightDecision {
        history,
        plan,
        planned,
        tripped,
        base_line: judgement.tonight.clone().after(last_good),
        audit_head,
        nights,
        accepted_swing: args.accept_swing.as_ref().map(|reason| reason.trim().to_owned()),
        preparer: preparer.unwrap_or(PREPARER).to_owned(),
        waivers,
        foreign_links,
        notes,
        unread: unread(store, judgement, &judged).context("reading whose changes wait").map_err(Failure::bug)?,
        judged,
        corrections,
    })
}

/// The newest nights before this one, each by its last live run.
fn nights(store: &Store, as_of: NaiveDate) -> Result<Vec<PastNight>, Failure> {
    let runs = store.runs(RUNS_READ_MAX).context("reading the past nights").map_err(Failure::bug)?;
    let ended = runs.iter().filter(|run| run.mode == RunMode::Live.name() && run.as_of < as_of);
    let counted = ended.filter_map(|run| Some((run.as_of, u64::try_from(run.findings?).ok()?)));
    // Newest first: of several runs of a day the last one is met first.
    let mut by_day = BTreeMap::new();
    counted.for_each(|(as_of, findings)| _ = by_day.entry(as_of).or_insert(findings));
    let older = by_day.len().saturating_sub(NIGHTS_SHOWN_MAX);
    Ok(by_day.into_iter().skip(older).map(|(as_of, findings)| PastNight { as_of, findings }).collect())
}

/// Changes of pay and personal data.
fn changes(
    opened: &OpenJob,
    as_of: NaiveDate,
    judgement: &Judgement,
    ids: &[String],
    ledger: &BenbaseLedger,
) -> CorrectionPlan {
    let findings = ids.iter().zip(&judgement.findings).filter(|(_, f)| f.corrects());
    let named: Vec<(String, Finding)> = findings.map(|(id, f)| (id.clone(), f.clone())).collect();
    plan::plan(&named, &judgement.person_values, ledger, &opened.job.plan_settings(as_of))
}

/// How the money of a finding ended that is gone tonight; `None` for those without.
fn ending(cleared: &Cleared, judgement: &Judgement) -> Option<(Ending, i128, Currency)> {
    let code: Code = cleared.code.parse().ok()?;
    match payers_of(code, &cleared.field) {
        [] => None,
        payers => {
            let is_former = is_of_former(&cleared.field);
            judgement.endings.of((cleared.employee_id.as_str(), &cleared.benefit, is_former), payers)
        }
    }
}

/// New hires and terminations, for jobs that switched them on.
fn starters_and_leavers(
    opened: &OpenJob,
    as_of: NaiveDate,
    store: &Store,
    judgement: &Judgement,
    ids: &[String],
    ledger: &BenbaseLedger,
) -> Result<CorrectionPlan, Failure> {
    let seen = store.seen().context("reading whom the queue has seen").map_err(Failure::bug)?;
    let findings: Vec<(String, Finding)> = ids.iter().cloned().zip(judgement.findings.iter().cloned()).collect();
    let known = Known { findings: &findings, facts: &judgement.person_values, ledger, seen: &seen };
    Ok(starters_leavers::plan(known, &opened.job.starter_leaver_settings(as_of)))
}

/// What earlier nights left open of people, and whose hire or termination waits.
pub fn pending(job: &Job, store: &Store) -> Result<Pending, Failure> {
    let read = || -> anyhow::Result<Pending> {
        let mut pending = store.pending()?;
        if job.new_hires.enabled || job.terminations.enabled {
            let seen = store.seen()?;
            let hires = seen.live_hires.into_iter().filter(|_| job.new_hires.enabled);
            let leavers = seen.live_terminations.into_keys().filter(|_| job.terminations.enabled);
            pending.waiting = hires.chain(leavers).collect();
        }
        Ok(pending)
    };
    read().context("reading what earlier nights left open").map_err(Failure::bug)
}

/// Whose absence from tonight's findings means something: not of those who could not be judged in full, nor of those
/// whom tonight's snapshot does not hold.
fn judged(store: &Store, snapshot: &Snapshot, judgement: &Judgement) -> Result<Judged, Failure> {
    let looked_at = || -> anyhow::Result<BTreeSet<PayrollId>> {
        let mut population = snapshot.employee_ids()?.peekable();
        // Both are sorted: one walk over both.
        let unseen = |id: &PayrollId| {
            while population.next_if(|known| *known < id.as_str()).is_some() {}
            population.peek() != Some(&id.as_str())
        };
        Ok(store.remembered_employees()?.into_iter().filter(unseen).collect())
    };
    let mut unverified = looked_at().context("reading the open findings").map_err(Failure::bug)?;
    unverified.extend(judgement.verified.people.iter().cloned());
    unverified.extend(judgement.verified.parts.iter().map(|(employee, _)| employee.clone()));
    Ok(Judged::new(judgement.verified.complete, unverified, &judgement.findings))
}

fn planned(plan: &CorrectionPlan, queued: &Queued, stopped: Option<&str>) -> Vec<PlannedCorrection> {
    plan.corrections
        .iter()
        .zip(&queued.dispositions)
        .map(|(correction, disposition)| PlannedCorrection {
            correction: correction.clone(),
            disposition: stopped.map_or_else(|| text(disposition), str::to_owned),
            payload_hash: disposition.payload_hash.clone(),
        })
        .collect()
}

fn text(disposition: &QueueOutcome) -> String {
    match disposition.reason.as_str() {
        "" => disposition.action.name().to_owned(),
        reason => format!("{}: {reason}", disposition.action.name()),
    }
}

/// Finding id → the change that it led to, or why there is none to approve.
fn corrections(plan: &CorrectionPlan, queued: &Queued, stopped: Option<&str>) -> BTreeMap<String, String> {
    let derived = plan.corrections.iter().zip(&queued.dispositions).flat_map(|(p, queued)| {
        let text = match stopped {
            Some(reason) if queued.action != Action::AlreadyQueued => {
                format!("{NO_CORRECTION}nothing is queued tonight: {reason}")
            }
            _ if queued.action.is_open() => format!("{} change planned", p.kind().name()),
            _ => format!("{NO_CORRECTION}{}", queued.reason),
        };
        p.findings.iter().map(move |(id, _)| (id.clone(), text.clone()))
    });
    let none = plan.not_derived.iter().map(|(id, reason)| (id.clone(), format!("{NO_CORRECTION}{reason}")));
    derived.chain(none).collect()
}
