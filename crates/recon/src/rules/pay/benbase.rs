//! What Benbase holds, as far as the ledger knows, against the authority of today (CO07). The ledger is what was last
//! accepted; the service itself can't be read.

use chrono::{NaiveDate, TimeDelta};
use polars::prelude::*;

use crate::rules::lines::expected::rounded;
use crate::rules::night::Night;
use crate::rules::pay::compensation::stated;
use crate::rules::pay::salary::{PayVerdict, a_raise_apart, compare, is_share_of};
use crate::rules::pay::{Pay, Pays};
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{date, mark};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::{Found, evidence, field_words, money};
use tieout_model::correction::{BENBASE_CURRENCY, BenbaseLedger, Held};
use tieout_model::finding::{Code, Finding};
use tieout_model::money::Currency;
use tieout_model::terms::{Authority, EmploymentStatus, RateBasis};

/// Employees of the countries that Benbase covers, found on both sides, with their row of the ledger.
pub(in crate::rules) fn covered(night: &Night<'_>, ledger: &BenbaseLedger) -> PolarsResult<Vec<(u32, Option<usize>)>> {
    let Some(benbase) = night.inputs.job.benbase else { return Ok(Vec::new()) };
    // Benbase ids tend to follow employee ids.
    let mut next = 0;
    let countries = &night.inputs.payroll.words.country;
    let mut last = (None, false);
    let mut covered = Vec::new();
    for (emp, who) in (0_u32..).zip(EMPLOYEES.mark.of(&night.people.frame)?.into_no_null_iter()) {
        let Some(row) = night.person(emp).filter(|_| who == mark::BOTH) else { continue };
        let country = countries.get(row);
        if last.0 != country {
            last = (country, country.is_some_and(|c| benbase.countries.contains(c)));
        }
        if last.1 && night.states.get(emp) == PersonState::Judged && !night.links.ambiguous.contains(&emp) {
            let held = night.links.ids[emp as usize].and_then(|id| ledger.find_next(id, &mut next));
            covered.push((emp, held));
        }
    }
    Ok(covered)
}

const OUTDATED_FOR_BENBASE: &str =
    "the payroll file is of an earlier period than one that was read before; what Benbase should hold, it does not say";

/// CO07, one a field.
pub(in crate::rules) fn judge(
    night: &Night<'_>,
    ledger: &BenbaseLedger,
    covered: &[(u32, Option<usize>)],
    found: &mut Found,
) -> PolarsResult<()> {
    let pays = Pays::new(night)?;
    let by_payroll = night.inputs.job.rules.compensation_authority == Authority::Payroll;
    for (emp, held) in covered {
        let Some(held) = held.map(|row| ledger.at(row)) else { continue };
        // What else Benbase should hold of somebody whom it has as terminated, nobody can send.
        if held.terminated_on.is_some() || (by_payroll && pays.as_held(*emp, &held)) || night.leaver(*emp)? {
            continue;
        }
        let Some(pay) = pays.get(*emp) else { continue };
        let (_, last_day) = night.period(*emp)?;
        let fields = fields(night, &held, &pay, last_day);
        if !fields.is_empty()
            && by_payroll
            && let Some(reason) = night.why_pay_is_unclear(*emp, OUTDATED_FOR_BENBASE)?
        {
            found.unverified.push(night.person_aside(*emp, "payroll", reason));
            continue;
        }
        for (field, holds, wanted) in fields {
            let when = match to_come(night, &pay, last_day).filter(|_| field == "base_salary") {
                Some(since) => format!("from {since}"),
                None => format!("in {}", night.period_text(*emp)?),
            };
            found.findings.push(drift(night, *emp, field, holds, wanted, &when)?);
        }
    }
    Ok(())
}

/// The authority's salary with its basis and currency, frequency and status.
type Wanted<'p> = (Option<(i64, &'static str, Option<Currency>)>, Option<&'p str>, Option<&'p str>);

fn wanted<'p>(authority: Authority, held: &Held<'_>, pay: &'p Pay<'_>) -> Wanted<'p> {
    let held = held.pay_amount.filter(|_| held.pay_period == Some(RateBasis::Annually.name())).map(|amount| amount.0);
    let [here, there] = pay.salaries_for_benbase(held);
    let salary = |told: Option<(i64, RateBasis)>, currency| told.map(|(rate, basis)| (rate, basis.name(), currency));
    match authority {
        Authority::Payroll => (salary(here, pay.currency), pay.frequency, pay.status),
        Authority::Benifex => (salary(there, pay.bx_currency), pay.bx_frequency, pay.bx_status),
    }
}

/// Field, what the ledger holds, what is wanted; only where they differ.
fn fields(
    night: &Night<'_>,
    held: &Held<'_>,
    pay: &Pay<'_>,
    last_day: NaiveDate,
) -> Vec<(&'static str, String, String)> {
    let (salary, frequency, status) = wanted(night.inputs.job.rules.compensation_authority, held, pay);
    let mut fields = Vec::new();
    if let Some((salary, basis, Some(currency))) = salary.filter(|_| pay_is_clear(night, pay)) {
        let drift = pay_drift(night, held, pay, salary, basis, currency, last_day);
        fields.extend(drift.or_else(|| date_drift(night, held, pay, salary, basis, last_day)));
    }
    let terms =
        [("pay_frequency", held.pay_frequency, frequency), ("employment_status", held.employment_status, status)];
    for (field, holds, wanted) in terms {
        if let (Some(holds), Some(wanted)) = (holds, wanted)
            && holds != wanted
        {
            fields.push((field, holds.to_owned(), wanted.to_owned()));
        }
    }
    fields
}

/// Nobody doubts on what footing the two sources state the pay. Where they are one by the share of full time alone, the
/// authority's is that of full time if it is the greater one, which a part-timer is not paid.
fn pay_is_clear(night: &Night<'_>, pay: &Pay<'_>) -> bool {
    let (rules, stated) = (night.inputs.job.rules, stated(night, pay));
    let by_share = pay.salary.zip(pay.bx_salary).is_some_and(|(here, there)| {
        let annual = [pay.basis, pay.bx_basis] == [RateBasis::Annually; 2];
        let greater = if rules.compensation_authority == Authority::Payroll { here > there } else { there > here };
        annual && greater && is_share_of(pay, rules, stated, here, there)
    });
    !by_share && !matches!(compare(pay, rules, stated), Some(PayVerdict::Unclear(_)))
}

/// What Benbase holds as pay, and what is wanted, where they differ. Of another basis only where that is news: both
/// sources have it, or it took effect after what Benbase holds.
fn pay_drift(
    night: &Night<'_>,
    held: &Held<'_>,
    pay: &Pay<'_>,
    salary: i64,
    basis: &'static str,
    currency: Currency,
    last_day: NaiveDate,
) -> Option<(&'static str, String, String)> {
    let (amount, period) = (held.pay_amount?, held.pay_period?);
    if currency.code() != BENBASE_CURRENCY {
        return None;
    }
    // Benbase takes amounts of two decimals, which an hour's pay of a yearly one need not have.
    let in_cents = |counts: i64| rounded(counts, 1, currency.minor_unit());
    let cents_differ = in_cents(amount.0) != in_cents(salary);
    let currency = Some(currency);
    let since = since(night, pay);
    // What is paid until then nobody says, and what Benbase holds may be right.
    let differ = || matches!(compare(pay, night.inputs.job.rules, stated(night, pay)), Some(PayVerdict::Differ(..)));
    if to_come(night, pay, last_day).is_some_and(|since| since > night.inputs.as_of) && differ() {
        return None;
    }
    // Nor does the payroll file of a period say what is paid after it, as Benifex and Benbase have it.
    let by_payroll = night.inputs.job.rules.compensation_authority == Authority::Payroll;
    let after_the_file =
        held.effective_start.filter(|held| *held > last_day && since.is_none_or(|since| since < *held));
    if by_payroll && after_the_file.is_some() && pay.bx_effective.map(date) == after_the_file && differ() {
        return None;
    }
    let later = since.zip(held.effective_start).is_some_and(|(since, held)| since > held);
    if period == basis {
        // Whom Benbase holds as full time it pays in full.
        let of_share = basis == RateBasis::Annually.name()
            && !goes_part_time(night, held, pay)
            && !(later && is_news(night, held, pay, salary))
            && is_share_of(pay, night.inputs.job.rules, stated(night, pay), salary, amount.0);
        return (cents_differ && !of_share)
            .then(|| ("base_salary", money(amount.0, currency), money(salary, currency)));
    }
    let by_the_hour = |basis| basis == RateBasis::Hourly;
    let both = by_the_hour(pay.basis) == by_the_hour(pay.bx_basis) && pay.bx_salary.is_some();
    let shown = |counts, basis| format!("{} {basis}", money(counts, currency));
    (both || later).then(|| ("base_salary", shown(amount.0, period), shown(salary, basis)))
}

/// The same pay that a push sent, with another first day by both sources since.
fn date_drift(
    night: &Night<'_>,
    held: &Held<'_>,
    pay: &Pay<'_>,
    salary: i64,
    basis: &'static str,
    last_day: NaiveDate,
) -> Option<(&'static str, String, String)> {
    let (amount, sent) = (held.pay_amount?, held.effective_start.filter(|_| held.pay_sent)?);
    let since = date(pay.effective.filter(|_| pay.effective == pay.bx_effective)?);
    let same = held.pay_period == Some(basis) && amount.0 == salary;
    let agree = compare(pay, night.inputs.job.rules, stated(night, pay)) == Some(PayVerdict::Same);
    let corrected = since != sent && since <= last_day && since - sent <= TimeDelta::days(CORRECTED_DAYS_MAX);
    (same && agree && corrected).then(|| ("salary_effective", sent.to_string(), since.to_string()))
}

/// A later first day than this many days after the one that was sent is that of a review that left the pay as it was.
const CORRECTED_DAYS_MAX: i64 = 90;

/// First day of the pay by the authority.
fn since(night: &Night<'_>, pay: &Pay<'_>) -> Option<NaiveDate> {
    match night.inputs.job.rules.compensation_authority {
        Authority::Payroll => pay.effective.map(date),
        Authority::Benifex => pay.bx_effective.map(date),
    }
}

/// The same where the pay begins only after the period.
fn to_come(night: &Night<'_>, pay: &Pay<'_>, last_day: NaiveDate) -> Option<NaiveDate> {
    since(night, pay).filter(|since| *since > last_day)
}

/// Both sources have the pay, and it is not that of another share of full time: Benbase pays the person in full, or the
/// pay has moved no further than an ordinary raise or cut.
fn is_news(night: &Night<'_>, held: &Held<'_>, pay: &Pay<'_>, salary: i64) -> bool {
    let agree = compare(pay, night.inputs.job.rules, stated(night, pay)) == Some(PayVerdict::Same);
    let in_full = held.employment_status == Some(EmploymentStatus::FullTime.name());
    let near = held.pay_amount.is_some_and(|held| a_raise_apart(i128::from(held.0), i128::from(salary)));
    agree && (in_full || near)
}

/// Full time at Benbase, and part time by the authority.
fn goes_part_time(night: &Night<'_>, held: &Held<'_>, pay: &Pay<'_>) -> bool {
    let (_, _, status) = wanted(night.inputs.job.rules.compensation_authority, held, pay);
    held.employment_status == Some(EmploymentStatus::FullTime.name())
        && status == Some(EmploymentStatus::PartTime.name())
}

/// `when`: in which period, or from which day on.
fn drift(night: &Night<'_>, emp: u32, field: &str, holds: String, wanted: String, when: &str) -> PolarsResult<Finding> {
    let authority = night.inputs.job.rules.compensation_authority;
    let (name, seen) = match authority {
        Authority::Payroll => ("payroll", night.at_person(emp, field)?),
        Authority::Benifex => ("Benifex", Some(night.at_user(emp, field)?)),
    };
    let blank = night.finding(Code::CO07, Some(emp))?;
    Ok(Finding {
        field: field.to_owned(),
        evidence: seen.into_iter().chain([evidence("benbase-ledger", field, "ledger")]).collect(),
        sentence: format!(
            "Benbase last accepted {} as {}, but {name}, the authority, has {} {when}.",
            holds.replace('_', " "),
            field_words(field),
            wanted.replace('_', " "),
        ),
        payroll_value: wanted,
        system_value: holds,
        ..blank
    })
}
