//! What both sources say of everybody from whose findings a Benbase change may come, and who is blocked: all that
//! planning needs, so that it needs no frames.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::identity::told_nothing::is_employed;
use crate::rules::night::Night;
use crate::rules::pay::Pays;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{date, day_number};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::Found;
use crate::snapshot::USERS;
use crate::tables::column::{Column, Day};
use crate::tables::payroll::PAYROLL_PEOPLE;

use tieout_corrections::termination::BACK_DAYS_MAX;
use tieout_model::categorical::Categorical;
use tieout_model::correction::PersonValues;
use tieout_model::finding::Finding;
use tieout_model::ids::{BenbaseId, PayrollId};
use tieout_model::money::{Currency, Money};
use tieout_model::terms::{RateBasis, YEAR_ROUNDING};

/// By employee id.
pub(in crate::rules) fn person_values(
    night: &Night<'_>,
    found: &Found,
) -> PolarsResult<BTreeMap<PayrollId, PersonValues>> {
    let pays = Pays::new(night)?;
    let stopped = found.findings.iter().any(Finding::stops_everybody);
    let blocked: BTreeSet<&str> =
        found.findings.iter().filter(|f| f.blocks()).map(|f| f.employee_id.as_str()).collect();
    let unverified: BTreeSet<&str> = found.unverified.iter().map(|s| s.employee_id.as_str()).collect();
    let shaky = EMPLOYEES.shaky.of(&night.people.frame)?;
    let mut facts = BTreeMap::new();
    for emp in concerned(night, found)? {
        let id = night.id(emp);
        let blocked = stopped || blocked.contains(id) || shaky.get(emp as usize) == Some(true);
        let known = of_benifex(night, &pays, emp, of_payroll(night, emp)?)?;
        facts.insert(PayrollId::from(id), PersonValues { unverified: unverified.contains(id), blocked, ..known });
    }
    Ok(facts)
}

/// And whose hire or termination waits in the queue, and who left as both sources say, whatever was found. Codes from
/// which a new hire or a termination may come count here, but do not ask for a Benbase id (ID08): most people with them
/// are nobody that Benbase should know.
fn concerned(night: &Night<'_>, found: &Found) -> PolarsResult<BTreeSet<u32>> {
    let accused = found.findings.iter().filter(|f| f.code.rule().leads_to.is_some());
    let waiting = night.inputs.pending.waiting.iter().map(PayrollId::as_str);
    let mut concerned = night.emps(accused.map(|f| f.employee_id.as_str()).chain(waiting));
    concerned.extend(leavers(night)?);
    Ok(concerned)
}

/// Ordinary leavers, on whose leave date both sources agree, where the job proposes terminations.
fn leavers(night: &Night<'_>) -> PolarsResult<Vec<u32>> {
    if !night.inputs.job.benbase.is_some_and(|benbase| benbase.terminations) {
        return Ok(Vec::new());
    }
    let (people, as_of) = (&night.people.frame, day_number(night.inputs.as_of));
    let earliest = as_of.saturating_sub(i32::try_from(BACK_DAYS_MAX).unwrap_or(i32::MAX));
    let tolerance = night.inputs.job.rules.leave_date_tolerance_days;
    let dates = EMPLOYEES.term.of(people)?.iter().zip(EMPLOYEES.left.of(people)?.iter());
    let agree = dates.map(|(here, there)| here.zip(there).filter(|(a, b)| i64::from((a - b).abs()) <= tolerance));
    let left =
        (0_u32..).zip(agree).filter(|(_, dates)| dates.is_some_and(|(day, _)| (earliest..=as_of).contains(&day)));
    let judged = |emp: &u32| night.states.get(*emp) == PersonState::Judged && !night.links.ambiguous.contains(emp);
    Ok(left.map(|(emp, _)| emp).filter(judged).collect())
}

/// Payroll's side; people who are not on payroll have only their Benbase id.
fn of_payroll(night: &Night<'_>, emp: u32) -> PolarsResult<PersonValues> {
    let known = night.links.ids[emp as usize].filter(|_| !night.links.ambiguous.contains(&emp));
    let benbase_id = known.map(BenbaseId::from);
    let Some(row) = night.person(emp) else { return Ok(PersonValues { benbase_id, ..PersonValues::default() }) };
    let people = &night.inputs.payroll.people;
    let text = |column| PolarsResult::Ok(night.pay_text(emp, column)?.map(str::to_owned));
    let words = &night.inputs.payroll.words;
    let word = |texts: &Categorical| texts.get(row).map(str::to_owned);
    let day = |column: Column<Day>| PolarsResult::Ok(column.of(people)?.get(row).map(date));
    Ok(PersonValues {
        benbase_id,
        on_payroll: true,
        country: word(&words.country),
        currency: words.currency.get(row).and_then(Currency::parse),
        period_start: day(PAYROLL_PEOPLE.period_start)?.or(Some(night.period(emp)?.0)),
        base_salary: PAYROLL_PEOPLE.base_salary.of(people)?.get(row).map(Money),
        rate_basis: word(&words.rate_basis),
        salary_effective: day(PAYROLL_PEOPLE.salary_effective)?,
        // What contradicts the days of its own period is sent to nobody.
        pay_frequency: word(&words.pay_frequency).filter(|_| !night.frequencies[emp as usize].unlike_period),
        employment_status: word(&words.employment_status),
        line1: text(PAYROLL_PEOPLE.addr_line1)?,
        line2: text(PAYROLL_PEOPLE.addr_line2)?,
        has_line2: night.inputs.job.payroll.all_map(|columns| &columns.addr_line2),
        city: text(PAYROLL_PEOPLE.city)?,
        state: word(&words.state),
        zip: text(PAYROLL_PEOPLE.zip)?,
        first_name: text(PAYROLL_PEOPLE.first_name)?,
        last_name: text(PAYROLL_PEOPLE.last_name)?,
        dob: day(PAYROLL_PEOPLE.dob)?,
        email: text(PAYROLL_PEOPLE.email)?,
        hours: PAYROLL_PEOPLE.hours.of(people)?.get(row),
        hire_date: day(PAYROLL_PEOPLE.hire_date)?,
        term_date: day(PAYROLL_PEOPLE.term_date)?,
        ..PersonValues::default()
    })
}

/// Adds Benifex's side, in payroll's terms, for people who stand on both.
fn of_benifex(night: &Night<'_>, pays: &Pays<'_, '_>, emp: u32, facts: PersonValues) -> PolarsResult<PersonValues> {
    let its_own = night.states.get(emp) != PersonState::Reused;
    let Some(user) = night.user(emp).filter(|_| its_own) else { return Ok(facts) };
    let day = |column: Column<Day>| PolarsResult::Ok(column.of(night.inputs.users)?.get(user).map(date));
    let facts = PersonValues {
        leaving_disputed: EMPLOYEES.disputed.of(&night.people.frame)?.get(emp as usize) == Some(true),
        benifex_employed: is_employed(night, emp)?,
        benifex_leave_date: day(USERS.leave_date)?,
        benifex_start_date: day(USERS.start_date)?.max(day(USERS.original_start_date)?),
        contracted_hours: USERS.contracted_hours.of(night.inputs.users)?.get(user),
        ..facts
    };
    let Some(pay) = pays.get(emp) else { return Ok(facts) };
    let [here, there] = pay.salaries_for_benbase(None);
    let monthly = [pay.basis, pay.bx_basis].contains(&RateBasis::Monthly);
    let of_month = here.filter(|_| pay.basis == RateBasis::Monthly);
    Ok(PersonValues {
        base_salary: of_month.map(|(rate, _)| Money(rate)).or(facts.base_salary),
        rate_basis: of_month.map(|(_, basis)| basis.name().to_owned()).or(facts.rate_basis),
        salary_rounding: if monthly { YEAR_ROUNDING } else { Money(0) },
        benifex_salary: there.map(|(rate, _)| Money(rate)),
        benifex_rate_basis: Some(there.map_or(pay.bx_basis, |(_, basis)| basis).name().to_owned()),
        benifex_salary_currency: pay.bx_currency,
        benifex_salary_effective: pay.bx_effective.map(date),
        benifex_pay_frequency: pay.bx_frequency.map(str::to_owned),
        benifex_employment_status: pay.bx_status.map(str::to_owned),
        benifex_zip: night.user_text(emp, USERS.postcode)?.map(str::to_owned),
        ..facts
    })
}
