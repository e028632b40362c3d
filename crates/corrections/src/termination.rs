//! Terminations: somebody who left according to payroll and is still enrolled, or whose leave dates differ (EN04,
//! DE07). Benbase documents no way back, so everything must agree: payroll's date has passed, the authority says the
//! same, and the ledger knows the person as one who has not left. Where Benifex gives another leave date or none, an
//! approver looks twice; where by one source the person has not left at all, nothing is proposed.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

use crate::plan::{authority_name, shared_ids};
use crate::starters_leavers::{Known, Person, Rule, StarterLeaverSettings, moved, person};
use tieout_model::correction::validate::check;
use tieout_model::correction::{
    Correction, CorrectionKind, CorrectionPlan, Payload, PersonValues, SecondLook, Standing, Termination,
};
use tieout_model::finding::Code;
use tieout_model::ids::PayrollId;
use tieout_model::terms::Authority;

/// How far back the leave date of a termination may lie, in days: what is older was dealt with, or is a leftover.
pub const BACK_DAYS_MAX: i64 = 90;

const NO_LEAVE_DATE: &str = "payroll gives no leave date, or no longer lists the person: decide by hand";

/// Tonight's terminations.
pub fn plan(known: Known<'_>, settings: &StarterLeaverSettings) -> CorrectionPlan {
    if !settings.terminations.enabled {
        return CorrectionPlan::default();
    }
    let rule = Rule {
        kind: CorrectionKind::Termination,
        per_run_max: settings.terminations.per_run_max,
        live: &known.seen.live_terminations,
        name: "terminations",
        derive,
    };
    let mut plan = rule.plan(known, settings);
    plan.standing = standing(known, settings, &plan);
    plan
}

/// Terminations that wait and that no finding asks for tonight, for Benifex has ended the benefits or payroll has
/// dropped the row: what leavers come to. A leave date that was taken back or moved ends one.
fn standing(known: Known<'_>, settings: &StarterLeaverSettings, plan: &CorrectionPlan) -> Vec<Standing> {
    let proposed: BTreeSet<&PayrollId> = plan.corrections.iter().map(|correction| &correction.employee_id).collect();
    let waiting = known.seen.live_terminations.iter().filter(|id| !proposed.contains(id));
    let stands = |employee_id: &PayrollId| {
        let facts = known.facts.get(employee_id)?;
        let payload = match facts.on_payroll {
            true => Some(wanted(known, settings, employee_id)?),
            false => None,
        };
        Some(Standing { employee_id: employee_id.clone(), payload, kind: CorrectionKind::Termination })
    };
    waiting.filter_map(stands).collect()
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
        return Err("the sources contradict each other on whether the person has left: decide by hand".to_owned());
    }
    if left > person.settings.plan.as_of {
        return Err("payroll's leave date lies in the future".to_owned());
    }
    if person.settings.plan.as_of - left > TimeDelta::days(BACK_DAYS_MAX) {
        return Err(format!("payroll's leave date is more than {BACK_DAYS_MAX} days back: decide by hand"));
    }
    if [person.facts.hire_date, person.facts.benifex_start_date].into_iter().flatten().any(|began| began > left) {
        return Err("hired again after the leave date: a rehire, decide by hand".to_owned());
    }
    let tolerance = TimeDelta::days(person.settings.leave_date_tolerance_days);
    let agrees = match person.settings.plan.authority {
        Authority::Payroll => true,
        Authority::Benifex => person.facts.benifex_leave_date.is_some_and(|date| (date - left).abs() <= tolerance),
    };
    if agrees { Ok(()) } else { Err("Benifex, the authority, does not give payroll's leave date".to_owned()) }
}

fn check_ledger(person: &Person<'_>) -> Result<(), String> {
    match person.held {
        None => Err("the ledger does not know the person's Benbase id: nobody knows whether Benbase does".to_owned()),
        Some(held) if held.terminated_on.is_some() => Err("Benbase already holds a termination".to_owned()),
        Some(_) => Ok(()),
    }
}
