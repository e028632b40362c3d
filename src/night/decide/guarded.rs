//! What the guards say of tonight's plan: which changes wait for a decision of their own, and what stops the queue.

use crate::job::Job;
use crate::night::stages::NightAsked;
use tieout_corrections::guards::{self, GuardInputs, Measure, Tripped};
use tieout_model::control::BaseLine;
use tieout_model::correction::{BenbaseLedger, Correction, CorrectionPlan};
use tieout_recon::rules::Judgement;
use tieout_store::{Action, Queued};

/// Marks each change of pay that moves too far.
pub fn mark(job: &Job, judgement: &Judgement, ledger: &BenbaseLedger, plan: &mut CorrectionPlan) {
    let (facts, authority) = (&judgement.person_values, job.rules.compensation_authority);
    guards::mark_far_moves(&job.guards, Measure { facts, ledger, authority }, &mut plan.corrections);
}

/// Every guard that stops tonight's queue. What the queue holds already was counted on its own night.
pub fn tripped(
    asked: &NightAsked<'_>,
    judgement: &Judgement,
    (plan, queued): (&CorrectionPlan, &Queued),
    last_good: Option<&BaseLine>,
) -> Vec<Tripped> {
    let each = plan.corrections.iter().zip(&queued.dispositions);
    let news: Vec<&Correction> =
        each.filter(|(_, queued)| queued.action != Action::AlreadyQueued).map(|(correction, _)| correction).collect();
    let inputs = GuardInputs {
        last_good,
        tonight: &judgement.tonight,
        control_totals: &judgement.control_totals,
        dispositions: &judgement.dispositions,
        findings: &judgement.findings,
        corrections: &news,
        accepted: asked.args.accept_swing.is_some(),
    };
    guards::check(&asked.opened.job.guards, &inputs)
}
