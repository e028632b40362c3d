//! Whom Benbase holds as terminated although they work on, or as of another day than they left on, and whom it was
//! never told of (CO07). Benbase documents no way back from a termination, so the first two are for people to put
//! right.

use chrono::{NaiveDate, TimeDelta};
use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{date, mark};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::{Found, evidence};
use crate::tables::column::{Column, PlainDay};
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_corrections::termination::BACK_DAYS_MAX;
use tieout_model::correction::BenbaseLedger;
use tieout_model::finding::{Code, Finding, NEVER_TOLD};

/// CO07 on the leave date and on the hire: `covered` are the people of Benbase's countries, with their row of the
/// ledger.
pub(in crate::rules) fn judge(
    night: &Night<'_>,
    ledger: &BenbaseLedger,
    covered: &[(u32, Option<usize>)],
    found: &mut Found,
) -> PolarsResult<()> {
    let Some(benbase) = night.inputs.job.benbase else { return Ok(()) };
    for (emp, held) in covered {
        match held.map(|row| ledger.at(row).terminated_on) {
            Some(Some(left)) => found.findings.extend(terminated(night, *emp, left)?),
            Some(None) => {}
            None if benbase.hires => found.findings.extend(never_told(night, *emp)?),
            None => {}
        }
    }
    for (emp, left) in off_payroll(night, ledger)? {
        found.findings.extend(terminated(night, emp, left)?);
    }
    Ok(())
}

/// Whom Benifex alone has, and Benbase as terminated, on which day.
fn off_payroll(night: &Night<'_>, ledger: &BenbaseLedger) -> PolarsResult<Vec<(u32, NaiveDate)>> {
    let mut next = 0;
    let marks = EMPLOYEES.mark.of(&night.people.frame)?.into_no_null_iter();
    let alone = (0_u32..).zip(marks).filter(|(_, who)| *who == mark::SERVICE_ONLY).map(|(emp, _)| emp);
    let left = alone.filter_map(|emp| {
        let judged = matches!(night.states.get(emp), PersonState::Judged | PersonState::OffPayroll);
        let id = night.links.ids[emp as usize].filter(|_| judged && !night.links.ambiguous.contains(&emp))?;
        Some((emp, ledger.at(ledger.find_next(id, &mut next)?).terminated_on?))
    });
    Ok(left.collect())
}

/// `left`: as Benbase holds it.
fn terminated(night: &Night<'_>, emp: u32, left: NaiveDate) -> PolarsResult<Option<Finding>> {
    let stands =
        |column: Column<PlainDay>| PolarsResult::Ok(column.of(&night.people.frame)?.get(emp as usize).map(date));
    let dates = [stands(EMPLOYEES.term)?, stands(EMPLOYEES.left)?];
    let tolerance = TimeDelta::days(night.inputs.job.rules.leave_date_tolerance_days);
    let near = |a: NaiveDate, b: NaiveDate| (a - b).abs() <= tolerance;
    let on_payroll = night.person(emp).is_some();
    let gone = dates.iter().flatten().any(|date| *date <= night.inputs.as_of);
    if !gone {
        return if on_payroll { works_on(night, emp, left).map(Some) } else { Ok(None) };
    }
    // Which of two dates is right is not settled (DE07), nor whether somebody has left (EN06).
    let disputed = EMPLOYEES.disputed.of(&night.people.frame)?.get(emp as usize) == Some(true);
    let wanted = match dates {
        [Some(here), Some(there)] => Some(here).filter(|_| near(here, there)),
        [one, other] => one.or(other),
    };
    match wanted.filter(|wanted| !disputed && !dates.iter().flatten().chain([wanted]).any(|date| near(*date, left))) {
        Some(wanted) => left_otherwise(night, emp, left, wanted, dates).map(Some),
        None => Ok(None),
    }
}

fn left_otherwise(
    night: &Night<'_>,
    emp: u32,
    left: NaiveDate,
    wanted: NaiveDate,
    dates: [Option<NaiveDate>; 2],
) -> PolarsResult<Finding> {
    let by = match dates {
        [Some(_), Some(_)] => "on payroll and in Benifex",
        [Some(_), None] => "on payroll",
        _ => "in Benifex",
    };
    let blank = night.finding(Code::CO07, Some(emp))?;
    let ledger = evidence("benbase-ledger", "term_date", "ledger");
    let sources = night.at_person(emp, "term_date")?.into_iter().chain([night.at_user(emp, "leaveDate")?, ledger]);
    Ok(Finding {
        field: "term_date".to_owned(),
        payroll_value: wanted.to_string(),
        system_value: left.to_string(),
        evidence: sources.collect(),
        sentence: format!("Benbase last accepted {left} as leave date, but it is {wanted} {by}."),
        ..blank
    })
}

/// Benbase holds as terminated whom both sources have as employed: on payroll, and without a leave date that has
/// passed.
fn works_on(night: &Night<'_>, emp: u32, left: NaiveDate) -> PolarsResult<Finding> {
    let leave = night.leave(emp)?;
    let blank = night.finding(Code::CO07, Some(emp))?;
    let ledger = evidence("benbase-ledger", "term_date", "ledger");
    Ok(Finding {
        field: "term_date".to_owned(),
        payroll_value: leave.map_or_else(|| "employed".to_owned(), |leave| leave.to_string()),
        system_value: left.to_string(),
        evidence: night
            .at_person(emp, "term_date")?
            .into_iter()
            .chain([night.at_user(emp, "leaveDate")?, ledger])
            .collect(),
        sentence: format!(
            "Benbase last accepted {left} as leave date, but the person is on payroll in {} and has no leave date that \
             has passed.",
            night.period_text(emp)?
        ),
        ..blank
    })
}

/// Hired within the days in which a hire is news, known to both sources, and by the crosswalk to have an id that
/// Benbase has never heard of.
fn never_told(night: &Night<'_>, emp: u32) -> PolarsResult<Option<Finding>> {
    let usable = night.links.ids[emp as usize].zip(night.inputs.job.benbase).is_some_and(|(id, b)| id != b.employer_id);
    let hired = PAYROLL_PEOPLE.hire_date.of(&night.inputs.payroll.people)?;
    let hired = night.person(emp).and_then(|row| hired.get(row)).map(date).filter(|_| usable);
    let age = hired.map(|hired| (night.inputs.as_of - hired).num_days());
    // What was told once is told until it is settled.
    let open = night.inputs.pending.open.get(night.id(emp));
    let was_told = open.is_some_and(|open| open.contains(&(Code::CO07, NEVER_TOLD.to_owned())));
    let is_news = age.is_some_and(|age| age >= 0 && (was_told || age <= BACK_DAYS_MAX));
    let Some(hired) = hired.filter(|_| is_news) else { return Ok(None) };
    if night.leave(emp)?.is_some_and(|leave| leave <= night.inputs.as_of) {
        return Ok(None);
    }
    let blank = night.finding(Code::CO07, Some(emp))?;
    let ledger = evidence("benbase-ledger", "employee_id", "ledger");
    Ok(Some(Finding {
        field: NEVER_TOLD.to_owned(),
        payroll_value: hired.to_string(),
        system_value: "not held".to_owned(),
        evidence: night.at_person(emp, NEVER_TOLD)?.into_iter().chain([ledger]).collect(),
        sentence: format!("Payroll and Benifex have the employee, hired on {hired}, of whom Benbase was never told."),
        ..blank
    }))
}
