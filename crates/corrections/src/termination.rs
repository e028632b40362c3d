//! Terminations: somebody who left according to payroll and is still enrolled, or whose leave dates differ (EN04,
//! DE07), and ordinary leavers, on whose leave date both sources agree. Benbase documents no way back, so everything
//! must agree: payroll's date has passed, the authority says the same, and the ledger knows the person as one who has
//! not left. Where Benifex gives another leave date or none, an approver looks twice; where by one source the person
//! has not left at all, nothing is proposed.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

use crate::plan::{authority_name, shared_ids};
use crate::starters_leavers::{Known, Person, Rule, StarterLeaverSettings, moved, person};
use tieout_model::correction::validate::check;
use tieout_model::correction::{
    Contradicted, Correction, CorrectionKind, CorrectionPlan, Payload, PersonValues, SecondLook, Standing, Termination,
    WaitingTermination,
};
use tieout_model::finding::Code;
use tieout_model::ids::PayrollId;
use tieout_model::terms::Authority;

/// How far back the leave date of a termination may lie, in days: what is older was dealt with, or is a leftover.
pub const BACK_DAYS_MAX: i64 = 90;

const DISPUTED: &str = "the sources contradict each other on whether the person has left: decide by hand";
const REHIRED: &str = "hired again after the leave date: a rehire, decide by hand";
const NO_LEAVE_DATE: &str = "payroll gives no leave date, or no longer lists the person: decide by hand";

/// Tonight's terminations.
pub fn plan(known: Known<'_>, settings: &StarterLeaverSettings) -> CorrectionPlan {
    if !settings.terminations.enabled {
        return CorrectionPlan::default();
    }
    let live = known.seen.live_terminations.keys().cloned().collect();
    let rule = Rule {
        kind: CorrectionKind::Termination,
        per_run_max: settings.terminations.per_run_max,
        live: &live,
        agreed: both_say_so,
        name: "terminations",
        derive,
    };
    let mut plan = rule.plan(known, settings);
    let proposed: BTreeSet<&PayrollId> = plan.corrections.iter().map(|correction| &correction.employee_id).collect();
    let (mut standing, mut contradicted) = (Vec::new(), Vec::new());
    for (employee_id, waits) in known.seen.live_terminations.iter().filter(|(id, _)| !proposed.contains(id)) {
        let Some(facts) = known.facts.get(employee_id) else { continue };
        let (employee_id, kind) = (employee_id.clone(), CorrectionKind::Termination);
        match contradiction(facts, waits, settings) {
            Some(reason) => contradicted.push(Contradicted { employee_id, kind, reason }),
            None if !facts.on_payroll => standing.push(Standing { employee_id, payload: None, kind }),
            None => {
                let payload = wanted(known, settings, &employee_id);
                standing.extend(payload.map(|body| Standing { employee_id, payload: Some(body), kind }));
            }
        }
    }
    (plan.standing, plan.contradicted) = (standing, contradicted);
    plan
}

/// Both sources give the leave date, and nothing speaks against it: an ordinary leaver, of whom no finding tells.
fn both_say_so(facts: &PersonValues, settings: &StarterLeaverSettings) -> bool {
    let tolerance = TimeDelta::days(settings.leave_date_tolerance_days);
    let dates = facts.term_date.zip(facts.benifex_leave_date);
    facts.on_payroll && dates.is_some_and(|(here, there)| (here - there).abs() <= tolerance)
}

/// What tonight says against a termination that waits. Payroll may have dropped the row of a leaver, and Benifex may
/// have ended the benefits; a leave date that was taken back or moved ends it, and so does one in dispute, whatever
/// else of the person was not judged.
fn contradiction(facts: &PersonValues, waits: &WaitingTermination, settings: &StarterLeaverSettings) -> Option<String> {
    let tolerance = TimeDelta::days(settings.leave_date_tolerance_days);
    let elsewhere = |there: NaiveDate| waits.date.is_some_and(|date| (date - there).abs() > tolerance);
    if facts.leaving_disputed {
        return Some(DISPUTED.to_owned());
    }
    match facts.benifex_leave_date.filter(|_| waits.by_benifex) {
        Some(there) if elsewhere(there) => return Some(format!("Benifex's leave date is {there} by now")),
        None if waits.by_benifex && facts.benifex_employed => {
            return Some("Benifex gives no leave date any more".to_owned());
        }
        _ => {}
    }
    match facts.term_date {
        _ if !facts.on_payroll => None,
        None => Some("payroll gives no leave date any more".to_owned()),
        Some(left) if waits.date.is_some_and(|date| date != left) => {
            Some(format!("payroll's leave date is {left} by now"))
        }
        Some(left) if hired_since(facts, left) => Some(REHIRED.to_owned()),
        Some(_) => None,
    }
}

/// The termination by payroll's leave date of tonight, whatever was found and whatever blocks the person.
fn wanted(known: Known<'_>, settings: &StarterLeaverSettings, employee_id: &PayrollId) -> Option<Payload> {
    let facts = PersonValues { blocked: false, ..known.facts.get(employee_id)?.clone() };
    let shared = shared_ids(known.facts);
    let (facts, benbase_id) = person(Some(&facts), &shared, settings).ok()?;
    let (employee_id, held, seen) = (employee_id.as_str(), known.ledger.get(benbase_id), known.seen);
    let person = Person { employee_id, benbase_id, facts, held, seen, settings, findings: Vec::new() };
    derive(&person).ok().map(|correction| correction.payload)
}

fn derive(person: &Person<'_>) -> Result<Correction, String> {
    let left = person.facts.term_date.ok_or(NO_LEAVE_DATE)?;
    check_date(person, left)?;
    check_ledger(person)?;
    let date = left.format("%Y-%m-%d").to_string();
    let body = Termination { employee_id: person.benbase_id.clone(), termination_date: date.clone() };
    let payload = Payload::Termination(body);
    let problems: Vec<_> = check(&payload).iter().map(ToString::to_string).collect();
    if !problems.is_empty() {
        return Err(problems.join("; "));
    }
    let differs = person.findings.iter().any(|(_, code)| *code == Code::DE07);
    let elsewhere = person.facts.benifex_leave_date.map(|date| format!("{date} (Benifex)"));
    Ok(Correction {
        employee_id: person.employee_id.into(),
        payload,
        changes: vec![moved("term_date", elsewhere.as_deref().unwrap_or("employed"), date)],
        effective: Some(left),
        // Not known: only an approver without a limit may approve what cannot be taken back.
        yearly_difference: None,
        findings: person.findings.clone(),
        authority: authority_name(person.settings.plan.authority).to_owned(),
        second_look: differs.then_some(SecondLook::LeaveDate).into_iter().collect(),
    })
}

fn check_date(person: &Person<'_>, left: NaiveDate) -> Result<(), String> {
    if person.facts.leaving_disputed {
        return Err(DISPUTED.to_owned());
    }
    if left > person.settings.plan.as_of {
        return Err("payroll's leave date lies in the future".to_owned());
    }
    if person.settings.plan.as_of - left > TimeDelta::days(BACK_DAYS_MAX) {
        return Err(format!("payroll's leave date is more than {BACK_DAYS_MAX} days back: decide by hand"));
    }
    if hired_since(person.facts, left) {
        return Err(REHIRED.to_owned());
    }
    let tolerance = TimeDelta::days(person.settings.leave_date_tolerance_days);
    let agrees = match person.settings.plan.authority {
        Authority::Payroll => true,
        Authority::Benifex => person.facts.benifex_leave_date.is_some_and(|date| (date - left).abs() <= tolerance),
    };
    if agrees { Ok(()) } else { Err("Benifex, the authority, does not give payroll's leave date".to_owned()) }
}

fn hired_since(facts: &PersonValues, left: NaiveDate) -> bool {
    [facts.hire_date, facts.benifex_start_date].into_iter().flatten().any(|began| began > left)
}

fn check_ledger(person: &Person<'_>) -> Result<(), String> {
    match person.held {
        None => Err("the ledger does not know the person's Benbase id: nobody knows whether Benbase does".to_owned()),
        Some(held) if held.terminated_on.is_some() => Err("Benbase already holds a termination".to_owned()),
        Some(_) => Ok(()),
    }
}
