//! How a night ends: its alarm, and the exit code.

use crate::job::Job;
use crate::night::decide::NightDecision;
use crate::outcome::Exit;
use tieout_model::finding::Severity;
use tieout_report::Report;

/// The severity from which the job alarms, and how many of tonight's findings reach it; `None`: none does.
pub fn alarm(job: &Job, report: &Report) -> Option<(Severity, usize)> {
    let at = job.report.alarm_at?;
    let reached = report.exceptions.iter().filter(|exception| exception.finding.severity <= at).count();
    (reached > 0).then_some((at, reached))
}

/// The code to leave with: the gravest that fits. Broken is a night whose proofs failed (CT04, CT10).
pub fn exit(job: &Job, report: &Report, is_broken: bool, decision: &NightDecision) -> Exit {
    if is_broken {
        Exit::Integrity
    } else if !decision.tripped.is_empty() {
        Exit::Guarded
    } else if !report.head.complete || report.head.mendable > 0 {
        Exit::Unverified
    } else if alarm(job, report).is_some() {
        Exit::Findings
    } else {
        Exit::Done
    }
}
