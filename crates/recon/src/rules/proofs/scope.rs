//! What was not judged, with its reason: lines that could not be compared, people within a grace period, people off
//! payroll. Every one of them is listed or summed; none becomes a difference.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::lines::other_runs::listed;
use crate::rules::night::Night;
use crate::rules::people::mark;
use crate::rules::people::person_state::PersonState;
use crate::rules::place::Place;
use crate::rules::proofs::completeness::amount;
use crate::rules::proofs::totals::{Bucket, TotalCell};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::Found;
use tieout_model::finding::{Payer, SetAside};
use tieout_payroll::SECOND_PERIOD;

/// Lists lines and people outside the comparison.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    found.out_of_scope.extend(listed(night.inputs, &night.people));
    let rejects = night.inputs.payroll.rejects.iter().filter(|reject| reject.reason.starts_with(SECOND_PERIOD));
    let second_periods: BTreeSet<&str> = rejects.map(|reject| reject.employee_id.as_str().trim()).collect();
    for line in &night.lines {
        if line.place == Place::Unsettled {
            found.unverified.extend(night.asides(line, unsettled(night.states.get(line.emp))));
        }
        if let Some(reason) = unverified(line.place) {
            let in_file = night.people.paydays[line.emp as usize].in_file;
            let reason = match line.place {
                Place::UnverifiedRow if second_periods.contains(night.id(line.emp)) => SECOND_PERIOD_READ,
                Place::UnverifiedDeductions if in_file > 1 => SEVERAL_PERIODS,
                _ => reason,
            };
            let unseen = night.oyster.as_ref().and_then(|oyster| oyster.unseen_reason(line.emp));
            let reason = unseen.filter(|_| line.place == Place::UnverifiedRow).unwrap_or(reason);
            found.unverified.extend(night.asides(line, reason));
        }
        if let Some(reason) = out_of_scope(line.place) {
            let reason = if line.place == Place::OutElsewhere { elsewhere(night) } else { reason };
            found.out_of_scope.extend(night.asides(line, reason));
        }
    }
    people(night, found)?;
    found.out_of_scope.extend(without_employer_amounts(night));
    Ok(())
}

pub(in crate::rules) fn unverified(place: Place) -> Option<&'static str> {
    match place {
        Place::UnverifiedRow => {
            Some("may stand in a rejected payroll row, in another run, or under an id that could not be read")
        }
        Place::UnverifiedDates => Some("leave or start date not readable"),
        Place::UnverifiedDeductions => Some("number of deductions a year unknown"),
        Place::UnverifiedLate => Some("changed after the cut-off; no snapshot from before it"),
        Place::UnverifiedCalendar => Some(CALENDAR),
        Place::UnverifiedAhead => Some(AHEAD),
        Place::UnverifiedInAdvance => Some(IN_ADVANCE),
        Place::UnverifiedPayDate => Some(PAY_DATE),
        Place::UnverifiedRefund => Some(REFUND),
        Place::UnverifiedBefore => Some(BEFORE),
        Place::UnverifiedGap => Some(GAP),
        Place::UnverifiedRun => Some(RUN),
        Place::UnverifiedFrequency => Some(FREQUENCY),
        Place::UnverifiedGroup => Some(GROUP),
        Place::UnverifiedOverlap => Some(OVERLAP),
        Place::UnverifiedEnded => Some("cover ended in this period; what was due until then is not known"),
        Place::UnverifiedPart => Some(PART),
        Place::UnverifiedReplaced => Some(REPLACED),
        Place::UnverifiedSeveral => Some(SEVERAL),
        Place::UnverifiedFewer => Some(FEWER),
        Place::UnverifiedVanished => Some(VANISHED),
        Place::UnverifiedSacrifice => Some(SACRIFICE),
        Place::UnverifiedPercent => Some(PERCENT),
        Place::UnverifiedSince => Some(SINCE),
        Place::UnverifiedLimit => {
            Some("less than the percentage of pay that Benifex states; a yearly limit may be reached")
        }
        Place::UnverifiedLaterPay => Some(LATER_PAY),
        Place::UnverifiedShared => Some(SHARED),
        Place::UnverifiedSpelling => Some(SPELLING),
        Place::UnverifiedSign => Some("the amounts of the code have the other sign, or seem to (AM10)"),
        _ => None,
    }
}

fn unsettled(state: PersonState) -> &'static str {
    match state {
        PersonState::Reused => "the id is another person's in Benifex (ID06)",
        _ => "whether or when the employee left is in dispute (DE07, EN06)",
    }
}

pub(in crate::rules) fn out_of_scope(place: Place) -> Option<&'static str> {
    match place {
        Place::OutNewHire => Some(HIRED),
        Place::OutNewStarter => Some(STARTED),
        Place::OutOffPayroll => Some(OFF_PAYROLL),
        Place::OutElsewhere => Some(ELSEWHERE),
        _ => None,
    }
}

const FEWER: &str =
    "Benifex had several records of the benefit lately, and one of them is gone: until when it was due is not known";
const SINCE: &str = "the record of the percentage was entered after periods that it holds for: what it owes of them, and \
                     whether what is taken beside the period's own makes it up, is not known";
const SECOND_PERIOD_READ: &str =
    "the payroll file holds several pay periods of the employee: say several_rows in the job if it is to";
const SEVERAL_PERIODS: &str =
    "the payroll file holds several pay periods of the employee, not all of them with deductions";
const CALENDAR: &str = "fewer deductions than pays a year, and on which pay dates is not known: state deduction_dates in \
                        the schemes of the job, and a pay date";
const REFUND: &str = "payroll gives money back, and for which period, or how much of it was due back, is not known";
const BEFORE: &str = "nothing was deducted for the first period of cover, and whether something was before it could not be \
                      judged; state first_deduction in the schemes of the job";
const GAP: &str = "may settle a period whose payroll was never read, whose night a guard stopped, or of which it is not known \
                   what was due: run with the file of that period first, or look at both periods together";
const RUN: &str = "an earlier night read a run of this day or a period of this file, and what each took is not told apart: put \
                   the rows of each run and period into one file";
const FREQUENCY: &str = "how often the employee is paid, or the benefit deducted, is in dispute: payroll's word, the days of its \
                         period, pay periods in Benifex and deductions.per_year of the job do not fit together (CO03)";
const GROUP: &str = "Benifex has the employee in another pay group than payroll, with other pay dates or deductions: correct it \
                     where it is wrong";
const OVERLAP: &str = "the pay period has days in common with one of another frequency that was judged before; what is due of \
                       them is not known";
const AHEAD: &str = "cover begins after the period, and whether other cover came before is not known; state first_deduction = \
                     \"in advance\" in the schemes of the job if it is deducted before";
const IN_ADVANCE: &str = "payroll takes what is due of the days after the period, as of others of the pay group: state first_deduction \
                          (\"in advance\", or \"same pay\" if that is a period too early) in the schemes of the job";
const PAY_DATE: &str = "cover begins, ends or changes with the month of the pay date, in which the period has no day: state \
                        first_deduction (\"same pay\" or \"in advance\") in the schemes of the job";
const SEVERAL: &str = "Benifex has several records of the benefit that were in force in the period: which counts, or whether \
                       they add up, is not known";
const VANISHED: &str = "Benifex shows no such cover, and no snapshot from before the cut-off says whether there was one in the \
                        period";
const SACRIFICE: &str = "one side paid for both: name the code in sacrifice_codes of the job if it is salary sacrifice";
const PERCENT: &str =
    "may be a percentage of actual pay: state in the schemes of the job whether it is (percent_of_pay)";
const LATER_PAY: &str = "taken after the last day of cover, perhaps as a percentage of a pay that came later: that pay (gross_pay \
                         in payroll.columns) or the percentage is not known";
const SHARED: &str = "payroll takes as much more under another code as is due of benefits without a code or a line: name them \
                      all under the code that holds them, in deductions.codes of the job";
const SPELLING: &str = "may stand under a code that differs from the benefit's only in case or blanks (EN13): correct it on payroll, \
                        or name it in deductions.codes of the job too";
const PART: &str =
    "cover begins inside the period, and what it replaced is not known; state proration in the schemes of the job";
const REPLACED: &str = "cover begins inside the period, and what cover before it cost, or until when it was in force, no earlier night \
                        knows: look at the record in Benifex";
const HIRED: &str = "hired within the grace period";
const STARTED: &str = "started in this period or within the grace period";
const ELSEWHERE: &str = "of another payroll, by pay group, legal entity or pay frequency in Benifex, or by the file that had the employee last";
const OFF_PAYROLL: &str = "not on payroll, and has left or has no live benefit";

const NO_REGULAR_RUN: &str = "not in this file, which holds runs beside the regular one alone";

fn elsewhere(night: &Night<'_>) -> &'static str {
    if night.inputs.payroll.other_runs_only { NO_REGULAR_RUN } else { ELSEWHERE }
}

/// People without a line that says it for them.
fn people(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let marks = EMPLOYEES.mark.of(&night.people.frame)?.into_no_null_iter();
    for (emp, who) in (0_u32..).zip(marks) {
        let (source, reason) = match (night.states.get(emp), who) {
            (PersonState::NewHire, _) => ("payroll", HIRED),
            (PersonState::NewStarter, _) => ("benifex", STARTED),
            (PersonState::Elsewhere, _) => ("benifex", elsewhere(night)),
            (PersonState::Judged, mark::SERVICE_ONLY | mark::NEITHER) => ("benifex", OFF_PAYROLL),
            _ => continue,
        };
        if night.lines_of(emp).is_empty() {
            found.out_of_scope.push(night.person_aside(emp, source, reason));
        }
    }
    Ok(())
}

/// One entry a benefit and currency: expected employer amounts that payroll has no column for.
fn without_employer_amounts(night: &Night<'_>) -> Vec<SetAside> {
    let mut entries = Vec::new();
    for label in 0..night.catalog.labels.len() as u32 {
        for number in night.cells.currencies() {
            let cell = night.cells.get(label, number, Payer::Employer, Bucket::NoEmployer);
            if cell != TotalCell::default() {
                entries.push(SetAside {
                    benefit: night.catalog.labels.text(label).to_owned(),
                    employer_expected: amount(cell.expected),
                    currency: night.currency(number),
                    ..SetAside::person(night.service(label), "", "payroll gives no employer amounts for this code")
                });
            }
        }
    }
    entries
}
