//! Compensation (CO01–CO04, CO06, CU02): salary, its effective date, pay frequency and employment status of people who
//! stand on both sides and have not left. CO07, the drift of Benbase, is in `benbase.rs`.

use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::pay::salary::{PayVerdict, Stated, Unclear, compare};
use crate::rules::pay::{ONE, Pay, Pays, suspects};
use crate::rules::people::date;
use crate::rules::place::Place;
use crate::rules::proofs::sequence::OUTDATED;
use crate::rules::write::{Found, day, evidence, field_words, money, several};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};
use tieout_model::money::{Currency, Money};
use tieout_model::terms::{Authority, EmploymentStatus};

/// CO01, CO02, CO03, CO04, CO06, CU02.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let pays = Pays::new(night)?;
    let mut without_basis = 0;
    for emp in suspects(night)? {
        let Some(pay) = pays.get(emp) else { continue };
        let told = found.findings.len();
        let later = begins_later(night, emp, &pay)?;
        let verdict = salary(night, emp, &pay, later, found)?;
        without_basis += u64::from(verdict == Some(PayVerdict::Unclear(Unclear::BenifexBasis)));
        if !begins_later(night, emp, &pay)? {
            found.findings.extend(frequency(night, emp, &pay)?);
            found.findings.extend(status(night, emp, &pay)?);
        }
        if found.findings.len() > told
            && let Some(reason) = night.why_pay_is_unclear(emp, OUTDATED)?
        {
            found.findings.truncate(told);
            found.unverified.push(night.person_aside(emp, "payroll", reason));
        }
    }
    found.findings.extend((without_basis > 0).then(|| basis_unstated(night, without_basis)).transpose()?);
    Ok(())
}

/// `later`: as [`begins_later`] says.
fn salary(
    night: &Night<'_>,
    emp: u32,
    pay: &Pay<'_>,
    later: bool,
    found: &mut Found,
) -> PolarsResult<Option<PayVerdict>> {
    let Some(verdict) = compare(pay, night.inputs.job.rules, stated(night, pay)) else { return Ok(None) };
    let aside = |reason: &'static str| night.person_aside(emp, "benifex", reason);
    let Some(bx_currency) = pay.bx_currency else {
        found.unverified.push(aside("currency of the salary unknown"));
        found.findings.push(currency_unknown(night, emp)?);
        return Ok(None);
    };
    if pay.currency != Some(bx_currency) {
        found.unverified.push(aside("salary in another currency"));
        return Ok(None);
    }
    match verdict {
        PayVerdict::Differ(..) if later => found.unverified.push(aside(BEGINS_LATER)),
        PayVerdict::Same => found.findings.extend(effective(night, emp, pay)?),
        PayVerdict::Explained => {}
        PayVerdict::Differ(here, there) => {
            found.findings.push(salary_differs(night, emp, here, there, bx_currency)?);
        }
        PayVerdict::Unclear(unclear) => {
            found.unverified.push(aside(unclear.reason()));
            if unclear == Unclear::PartTime {
                found.findings.push(part_time(night, emp)?);
            }
        }
    }
    Ok(Some(verdict))
}

/// A source tells a pay already that begins only after the period: what it was until then, it does not say.
const BEGINS_LATER: &str = "the pay of one source begins only after the period";

fn begins_later(night: &Night<'_>, emp: u32, pay: &Pay<'_>) -> PolarsResult<bool> {
    let (_, end) = night.period(emp)?;
    // What Benifex should know is what has begun by the night; a payroll file need not know what begins after its
    // period, and its next one does.
    let after_the_file = pay.bx_effective > pay.effective && pay.bx_effective.is_some_and(|day| date(day) > end);
    let newer = pay.effective.max(pay.bx_effective);
    Ok(after_the_file || newer.is_some_and(|day| date(day) > end && date(day) > night.inputs.as_of))
}

/// What the job states of salaries.
pub(in crate::rules) fn stated(night: &Night<'_>, pay: &Pay<'_>) -> Stated {
    let job = night.inputs.job;
    Stated {
        benifex_basis: pay.bx_basis_stated,
        payroll_part_time: job.payroll.part_time_pay,
        benifex_part_time: job.benifex.part_time_pay,
    }
}

/// CO06 of one part-timer.
fn part_time(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CO06, Some(emp))?;
    Ok(Finding {
        field: "base_salary".to_owned(),
        system_value: "basis not known".to_owned(),
        evidence: night.at_both(emp, "base_salary", "salary")?,
        sentence:
            "The salaries of this part-timer differ on payroll and in Benifex, and nobody says whether each is that \
                   of full time, so they were not compared: name it in the job (payroll.part_time_pay, \
                   benifex.part_time_pay)."
                .to_owned(),
        ..blank
    }
    .moved_by(Owner::Operator))
}

/// CO06 of the job: Benifex's salaries are those of a month, a pay or an hour.
fn basis_unstated(night: &Night<'_>, employees: u64) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CO06, None)?;
    let who = several(employees, "employee");
    Ok(Finding {
        field: "salary_basis".to_owned(),
        system_value: who.clone(),
        evidence: vec![evidence("job", "benifex.salary_basis", "")],
        sentence: format!(
            "Benifex's salaries of {who} are not a year's by their size, and the job states no basis, so they were not \
             compared: name it in the job (benifex.salary_basis, benifex.salary_basis_by_pay_group)."
        ),
        ..blank
    }
    .moved_by(Owner::Operator))
}

/// Back to counts of 1/10,000, rounded half away from zero.
fn counts(yearly: i128) -> i64 {
    let rounded = (yearly.abs() + ONE / 2) / ONE;
    i64::try_from(if yearly < 0 { -rounded } else { rounded }).unwrap_or(i64::MAX)
}

/// Who has to follow, by the declared authority.
fn to_follow(night: &Night<'_>) -> (&'static str, Owner) {
    match night.inputs.job.rules.compensation_authority {
        Authority::Payroll => ("payroll is the authority: correct Benifex.", Owner::Benefits),
        Authority::Benifex => ("Benifex is the authority: correct payroll.", Owner::Payroll),
    }
}

fn salary_differs(night: &Night<'_>, emp: u32, here: i128, there: i128, currency: Currency) -> PolarsResult<Finding> {
    let (paid, told, gap) = (counts(here), counts(there), counts(here - there));
    let blank = night.finding(Code::CO01, Some(emp))?;
    let currency = Some(currency);
    let (to_do, owner) = to_follow(night);
    Ok(Finding {
        field: "base_salary".to_owned(),
        payroll_value: money(paid, currency),
        system_value: money(told, currency),
        pay_difference: currency.map(|c| (Money(gap), c)),
        evidence: night.at_both(emp, "base_salary", "salary")?,
        sentence: format!(
            "The yearly salary is {} on payroll but {} in Benifex, {} apart in {}; {}",
            money(paid, currency),
            money(told, currency),
            money(gap.abs(), currency),
            night.period_text(emp)?,
            to_do
        ),
        ..blank
    }
    .moved_by(owner))
}

fn is_part_time(pay: &Pay<'_>) -> bool {
    pay.shares.into_iter().flatten().any(|share| i128::from(share) != ONE)
}

/// CO02: the same salary since different periods.
fn effective(night: &Night<'_>, emp: u32, pay: &Pay<'_>) -> PolarsResult<Option<Finding>> {
    let (Some(here), Some(there)) = (pay.effective, pay.bx_effective) else { return Ok(None) };
    // Of a part-timer one source has the pay of full time: that of actual hours changes with them alone.
    if pay.salary != pay.bx_salary && pay.basis == pay.bx_basis && is_part_time(pay) {
        return Ok(None);
    }
    let (start, end) = night.period(emp)?;
    let apart = (i64::from(here) - i64::from(there)).abs();
    if apart < (end - start).num_days() + 1 {
        return Ok(None);
    }
    let blank = night.finding(Code::CO02, Some(emp))?;
    let (here, there) = (day(Some(date(here))), day(Some(date(there))));
    let (to_do, owner) = to_follow(night);
    Ok(Some(Finding {
        field: "salary_effective".to_owned(),
        evidence: night.at_both(emp, "salary_effective", "salaryEffectiveDate")?,
        sentence: format!(
            "The salary agrees but has been in force since {here} on payroll and since {there} in Benifex, {apart} days \
             apart; {}",
            to_do
        ),
        payroll_value: here,
        system_value: there,
        ..blank
    }
    .moved_by(owner)))
}

/// CO03.
fn frequency(night: &Night<'_>, emp: u32, pay: &Pay<'_>) -> PolarsResult<Option<Finding>> {
    // Which Benbase can't express: it is told where it decides an amount.
    let unsettled = || night.lines_of(emp).iter().any(|line| line.place == Place::UnverifiedFrequency);
    let four_weekly = || (pay.bx_four_weekly && unsettled()).then_some("four_weekly");
    let there = pay.bx_frequency.or_else(four_weekly);
    let (Some(here), Some(there)) = (pay.frequency, there) else { return Ok(None) };
    term(night, emp, Code::CO03, ("pay_frequency", "payPeriods"), (here, there))
}

/// CO04; variable hours are payroll's own word and can't be told from FTE.
fn status(night: &Night<'_>, emp: u32, pay: &Pay<'_>) -> PolarsResult<Option<Finding>> {
    let (Some(here), Some(there)) = (pay.status, pay.bx_status) else { return Ok(None) };
    if here == EmploymentStatus::VariableHours.name() {
        return Ok(None);
    }
    term(night, emp, Code::CO04, ("employment_status", "fullTimeEquivalentFraction"), (here, there))
}

fn term(
    night: &Night<'_>,
    emp: u32,
    code: Code,
    fields: (&str, &str),
    values: (&str, &str),
) -> PolarsResult<Option<Finding>> {
    let (here, there) = values;
    if here == there {
        return Ok(None);
    }
    let blank = night.finding(code, Some(emp))?;
    let (to_do, owner) = to_follow(night);
    Ok(Some(
        Finding {
            field: fields.0.to_owned(),
            payroll_value: here.to_owned(),
            system_value: there.to_owned(),
            evidence: night.at_both(emp, fields.0, fields.1)?,
            sentence: format!(
                "The {} is {} on payroll in {} but {} in Benifex; {}",
                field_words(fields.0),
                here.replace('_', " "),
                night.period_text(emp)?,
                there.replace('_', " "),
                to_do
            ),
            ..blank
        }
        .moved_by(owner),
    ))
}

/// CU02: Benifex names no currency of a salary and the job does not either.
fn currency_unknown(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CU02, Some(emp))?;
    Ok(Finding {
        field: "salary".to_owned(),
        system_value: "currency unknown".to_owned(),
        evidence: night.at_both(emp, "currency", "salary")?,
        sentence: "Benifex states no currency for this salary and the job names none for the pay group or country of \
                   work, so the salary was not compared: add it to the job."
            .to_owned(),
        ..blank
    }
    .moved_by(Owner::Operator))
}
