//! Why a night needs a person, in one line for whoever scheduled it: stdout goes to a log there, which nobody reads.

use std::collections::BTreeSet;
use std::path::Path;

use crate::outcome::Exit;
use tieout_model::finding::Severity;
use tieout_report::Report;

/// What, how many, where the report is, what to do; `None` where nobody is needed. `alarm`: the severity at which the
/// job alarms, and how many findings reach it; `tripped`: guards that stopped the queue; `late`: why a newer payroll
/// file is due.
pub fn notice(
    report: &Report,
    folder: &Path,
    exit: Exit,
    alarm: Option<(Severity, usize)>,
    tripped: usize,
    late: Option<String>,
) -> Option<String> {
    let (what, to_do) = match exit {
        Exit::Findings => (None, "read exceptions.csv there"),
        Exit::Unverified => (Some(format!("employees not verified in full: {}", unverified(report))), again(report)),
        Exit::Guarded => (
            Some(format!("nothing was queued, guards that stopped it: {tripped}")),
            "read the verdict in summary.csv there, and correct the payroll file; if the swing is right, run once with \
             --accept-swing",
        ),
        Exit::Integrity => (
            Some("the totals do not tie out, and nothing was queued".to_owned()),
            "do not act on this report, and send control_totals.csv to whoever maintains tieout",
        ),
        _ if late.is_some() => (None, "check that the export of payroll ran"),
        _ => return None,
    };
    let reached = alarm.map(|(at, reached)| format!("findings of severity {} or graver: {reached}", at.name()));
    let late = late.map(|late| format!("the payroll file is {late}"));
    let what: Vec<String> = what.into_iter().chain(reached).chain(late).collect();
    let (job, day, code) = (&report.head.job, report.head.as_of, exit as u8);
    Some(format!("{job} as of {day}, exit {code}: {}; report: {}; {to_do}", what.join("; "), folder.display()))
}

fn again(report: &Report) -> &'static str {
    match report.rejects.is_empty() {
        true => "read unverified.csv there, and run again once the services answer",
        false => "read rejects.csv and unverified.csv there, and run again once the payroll file is corrected",
    }
}

/// People, not parts of them; what belongs to nobody counts as one.
fn unverified(report: &Report) -> usize {
    report.unverified.iter().map(|part| part.employee_id.as_str()).collect::<BTreeSet<_>>().len()
}
