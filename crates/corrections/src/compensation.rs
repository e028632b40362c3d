//! Derivation of compensation changes: pay rate, pay frequency and employment status, merged into one body. Sent are
//! only the fields that a finding asks for. What holds for every kind of correction is in `plan`.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::plan::{Derived, Person, check_currency};
use tieout_model::correction::validate::check;
use tieout_model::correction::{
    Change, CompensationChange, CorrectionKind, PayRate, Payload, PersonValues, SecondLook,
};
use tieout_model::finding::Code;
use tieout_model::money::{Currency, Money, UNITS_PER_ONE};
use tieout_model::terms::{Authority, RateBasis};

/// Decimals of a rate that is sent.
const RATE_DECIMALS: u32 = 2;
/// A hundredth, in counts of 1/10,000.
const CENT: i64 = UNITS_PER_ONE / 100;
const TOO_FINE: &str = "the rate has more than the two decimals that Benbase takes: enter it there by hand";
const HELD_ALREADY: &str = "Benbase already holds it";
pub(super) const TERMINATED: &str = "Benbase holds the person as terminated and documents no way back: have the person put back there by hand, and give the \
     day as `reinstated_on` in benbase.opening_ledger";
const SIZE_UNKNOWN: &str =
    "how far the pay moves is not known: the two are not of one basis and contracted hours are unknown";
/// In `Change::from` when neither Benbase's ledger nor the other source has a value.
const UNKNOWN: &str = "not known";

/// What one source says of a person's pay.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pay<'a> {
    pub amount: Option<Money>,
    pub basis: Option<&'a str>,
    pub currency: Option<Currency>,
    pub effective: Option<NaiveDate>,
    pub frequency: Option<&'a str>,
    pub status: Option<&'a str>,
}

fn payroll_pay(facts: &PersonValues) -> Pay<'_> {
    Pay {
        amount: facts.base_salary,
        basis: facts.rate_basis.as_deref(),
        currency: facts.currency,
        effective: facts.salary_effective,
        frequency: facts.pay_frequency.as_deref(),
        status: facts.employment_status.as_deref(),
    }
}

fn benifex_pay(facts: &PersonValues) -> Pay<'_> {
    Pay {
        amount: facts.benifex_salary,
        basis: facts.benifex_rate_basis.as_deref(),
        currency: facts.benifex_salary_currency,
        effective: facts.benifex_salary_effective,
        frequency: facts.benifex_pay_frequency.as_deref(),
        status: facts.benifex_employment_status.as_deref(),
    }
}

impl Person<'_> {
    /// Pay according to the authority.
    pub fn wanted_pay(&self) -> Pay<'_> {
        match self.settings.authority {
            Authority::Payroll => payroll_pay(self.facts),
            Authority::Benifex => benifex_pay(self.facts),
        }
    }

    /// Pay according to the source that is not the authority.
    fn other_pay(&self) -> Pay<'_> {
        match self.settings.authority {
            Authority::Payroll => benifex_pay(self.facts),
            Authority::Benifex => payroll_pay(self.facts),
        }
    }

    fn held_rate(&self) -> Option<(Money, &str)> {
        let held = self.held?;
        Some((held.pay_amount?, held.pay_period?))
    }
}

/// The compensation change that the person's findings ask for.
pub(super) fn derive(person: &Person) -> Derived<CompensationChange> {
    let body = blank(person);
    let mut derived = Derived::new(body);
    let terminated = person.held.is_some_and(|held| held.terminated_on.is_some());
    for (id, finding) in &person.findings {
        let outcome = match (finding.code, finding.field.as_str()) {
            (code, _) if terminated && code.rule().leads_to == Some(CorrectionKind::Compensation) => {
                Err(TERMINATED.to_owned())
            }
            (Code::CO01 | Code::CO02, _) | (Code::CO07, "base_salary" | "salary_effective") => {
                let of_date = finding.field == "salary_effective";
                pay_rate(person, of_date, &mut derived.second_look).map(|rate| derived.body.pay_rate = Some(rate))
            }
            (Code::CO03, _) | (Code::CO07, "pay_frequency") => {
                pay_frequency(person, &mut derived.second_look).map(|term| derived.body.pay_frequency = Some(term))
            }
            (Code::CO04, _) | (Code::CO07, "employment_status") => employment_status(person, &mut derived.second_look)
                .map(|term| derived.body.employment_status = Some(term)),
            (Code::CO07, _) => Err("no Benbase change has this field".to_owned()),
            _ => continue,
        };
        derived.place(id, finding.code, outcome);
    }
    derived
}

fn blank(person: &Person) -> CompensationChange {
    CompensationChange {
        employee_id: person.benbase_id.clone(),
        pay_frequency: None,
        pay_rate: None,
        employment_status: None,
    }
}

/// `of_date`: asked for by a finding on the first day of the pay.
fn pay_rate(person: &Person, of_date: bool, second_look: &mut BTreeSet<SecondLook>) -> Result<PayRate, String> {
    let wanted = person.wanted_pay();
    let amount = wanted.amount.ok_or("the authority gives no pay")?;
    let basis = wanted.basis.ok_or("the authority gives no basis of the pay (annually, hourly)")?;
    let held = person.held_rate();
    let held_effective = person.held.and_then(|h| h.effective_start);
    // For the others a right amount is right.
    let date_holds = !of_date || (held_effective.is_some() && held_effective == wanted.effective);
    let alike = |(held, of): (Money, &str)| of == basis && (held.0 - amount.0).abs() <= person.facts.salary_rounding.0;
    if held.is_some_and(alike) && date_holds {
        return Err(HELD_ALREADY.to_owned());
    }
    if amount.0 % CENT != 0 {
        return Err(TOO_FINE.to_owned());
    }
    check_currency(wanted.currency)?;
    let mut marks = BTreeSet::new();
    let effective = person.check_effective(wanted.effective, &mut marks)?;
    if held.is_some_and(|(_, of)| of != basis && person.other_pay().basis != Some(basis))
        && yearly_difference(person).is_none()
    {
        return Err(SIZE_UNKNOWN.to_owned());
    }
    marks.extend(held_effective.is_some_and(|held| effective < held).then_some(SecondLook::BeforeHeld));
    let only_authority = held.is_some_and(|h| h != (amount, basis)) && person.has(Code::CO01, "base_salary");
    marks.extend(only_authority.then_some(SecondLook::OnlyAuthority));
    let rate = PayRate {
        amount: amount.to_text(RATE_DECIMALS),
        period: basis.to_owned(),
        effective_start: effective.format("%Y-%m-%d").to_string(),
    };
    let body = CompensationChange { pay_rate: Some(rate.clone()), ..blank(person) };
    accept(body)?;
    second_look.extend(marks);
    Ok(rate)
}

fn pay_frequency(person: &Person, second_look: &mut BTreeSet<SecondLook>) -> Result<String, String> {
    let held = person.held.and_then(|h| h.pay_frequency);
    let disputed = person.has(Code::CO03, "pay_frequency");
    let term = term(person, person.wanted_pay().frequency, held)?;
    accept(CompensationChange { pay_frequency: Some(term.clone()), ..blank(person) })?;
    second_look.extend((disputed && held.is_some()).then_some(SecondLook::OnlyAuthority));
    Ok(term)
}

fn employment_status(person: &Person, second_look: &mut BTreeSet<SecondLook>) -> Result<String, String> {
    let held = person.held.and_then(|h| h.employment_status);
    let disputed = person.has(Code::CO04, "employment_status");
    let term = term(person, person.wanted_pay().status, held)?;
    accept(CompensationChange { employment_status: Some(term.clone()), ..blank(person) })?;
    second_look.extend((disputed && held.is_some()).then_some(SecondLook::OnlyAuthority));
    Ok(term)
}

/// The authority's term, unless Benbase holds it.
fn term(person: &Person, wanted: Option<&str>, held: Option<&str>) -> Result<String, String> {
    let wanted = wanted.ok_or("the authority gives no value")?;
    match held {
        Some(held) if held == wanted => Err(HELD_ALREADY.to_owned()),
        _ => check_currency(person.facts.currency).map(|()| wanted.to_owned()),
    }
}

/// Refuses a field that the contract would refuse, with every reason.
fn accept(body: CompensationChange) -> Result<(), String> {
    let problems: Vec<_> = check(&Payload::Compensation(body)).iter().map(ToString::to_string).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) }
}

/// What moves, field by field, from what Benbase holds (else from what the other source says) to what is wanted.
pub(super) fn changes(person: &Person, body: &CompensationChange) -> Vec<Change> {
    let other = person.other_pay();
    let mut changes = Vec::new();
    let mut note = |field: &str, held: Option<String>, other: Option<String>, wanted: String| {
        if held.as_ref().or(other.as_ref()) != Some(&wanted) {
            let from = held.or_else(|| other.map(|o| format!("{o} ({})", other_name(person))));
            let from = from.unwrap_or_else(|| UNKNOWN.to_owned());
            changes.push(Change { field: field.to_owned(), from, to: wanted });
        }
    };
    if let Some(rate) = &body.pay_rate {
        let held = person.held_rate().map(|(amount, basis)| rate_text(amount, basis));
        let elsewhere = other.amount.zip(other.basis).map(|(amount, basis)| rate_text(amount, basis));
        note("base_salary", held, elsewhere, format!("{} {}", rate.amount, rate.period));
        let held = person.held.and_then(|h| h.effective_start).map(|d| d.to_string());
        note("salary_effective", held, other.effective.map(|d| d.to_string()), rate.effective_start.clone());
    }
    if let Some(wanted) = &body.pay_frequency {
        let held = person.held.and_then(|h| h.pay_frequency).map(str::to_owned);
        note("pay_frequency", held, other.frequency.map(str::to_owned), wanted.clone());
    }
    if let Some(wanted) = &body.employment_status {
        let held = person.held.and_then(|h| h.employment_status).map(str::to_owned);
        note("employment_status", held, other.status.map(str::to_owned), wanted.clone());
    }
    changes
}

fn rate_text(amount: Money, basis: &str) -> String {
    format!("{} {basis}", amount.to_text(RATE_DECIMALS))
}

fn other_name(person: &Person) -> &'static str {
    match person.settings.authority {
        Authority::Payroll => "Benifex",
        Authority::Benifex => "payroll",
    }
}

/// Weeks of a year, as an hourly rate is annualised.
const WEEKS_A_YEAR: i128 = 52;

/// Pay of a year; an hourly rate by contracted hours a week, in counts of 1/10,000. `None`: they are not known, or the
/// basis is none that Benbase takes.
pub(super) fn yearly(amount: Money, basis: &str, hours: Option<i64>) -> Option<Money> {
    if basis == RateBasis::Annually.name() {
        return Some(amount);
    }
    let a_year = i128::from(amount.0) * i128::from(hours?) * WEEKS_A_YEAR / i128::from(UNITS_PER_ONE);
    (basis == RateBasis::Hourly.name()).then_some(Money(i64::try_from(a_year).ok()?))
}

/// Wanted − held pay a year, where both are known or can be told by contracted hours: by the ledger; else as CO01
/// annualised them; else by the other source.
pub(super) fn yearly_difference(person: &Person) -> Option<(Money, Currency)> {
    let annually = RateBasis::Annually.name();
    let wanted = person.wanted_pay();
    let (amount, currency) = (wanted.amount?, wanted.currency?);
    let is_yearly = wanted.basis == Some(annually);
    if let Some((held, basis)) = person.held_rate() {
        let hours = person.facts.contracted_hours;
        let (wanted, held) = (yearly(amount, wanted.basis?, hours)?, yearly(held, basis, hours)?);
        return Some((Money(wanted.0 - held.0), currency));
    }
    let found = person.findings.iter().find(|(_, f)| f.code == Code::CO01).and_then(|(_, f)| f.pay_difference);
    if let Some((difference, currency)) = found {
        let signed = if person.settings.authority == Authority::Payroll { difference.0 } else { -difference.0 };
        return Some((Money(signed), currency));
    }
    let other = person.other_pay();
    let held =
        other.amount.filter(|_| is_yearly && other.basis == Some(annually) && other.currency == Some(currency))?;
    Some((Money(amount.0 - held.0), currency))
}
