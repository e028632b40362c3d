//! What stops the queue, never the report: signs of a truncated, doubled or mistaken file, against the last good run
//! and within the night. Pure. Sentences carry counts and percentages only, no amounts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::compensation::yearly;
use crate::settings::Guards;
use tieout_model::control::{BaseLine, ControlTotal, Disposition, Swing};
use tieout_model::correction::{
    BenbaseLedger, CompensationChange, Correction, PayRate, Payload, PersonValues, SecondLook,
};
use tieout_model::finding::{Code, Finding};
use tieout_model::ids::{BenbaseId, PayrollId};
use tieout_model::money::{Marks, Money};
use tieout_model::terms::{Authority, RateBasis};

/// In a whole.
const HUNDREDTHS_OF_A_PERCENT: i128 = 10_000;
/// Decimals of a rate as it is sent.
const RATE_DECIMALS: u32 = 2;

/// What the guards look at.
#[derive(Clone, Copy, Debug)]
pub struct GuardInputs<'a> {
    /// `None`: no good run before this one; nothing to compare with.
    pub last_good: Option<&'a BaseLine>,
    /// Tonight in the same form.
    pub tonight: &'a BaseLine,
    pub control_totals: &'a [ControlTotal],
    pub dispositions: &'a [Disposition],
    pub findings: &'a [Finding],
    /// Without those that the queue holds already: they were counted on their own night.
    pub corrections: &'a [&'a Correction],
    /// A person looked at the night and takes it as it is.
    pub accepted: bool,
}

/// By what a change of pay is measured.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    /// By employee id.
    pub facts: &'a BTreeMap<PayrollId, PersonValues>,
    /// By Benbase id.
    pub ledger: &'a BenbaseLedger,
    pub authority: Authority,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    ControlTotals,
    Swing,
    Population,
    Totals,
    CorrectedShare,
    SalaryChange,
    TieOut,
}

impl Guard {
    pub fn name(self) -> &'static str {
        match self {
            Guard::ControlTotals => "control totals",
            Guard::Swing => "swing",
            Guard::Population => "population",
            Guard::Totals => "totals",
            Guard::CorrectedShare => "corrected share",
            Guard::SalaryChange => "salary change",
            Guard::TieOut => "tie-out",
        }
    }

    /// What the night read is in doubt, and not only what would be changed by it: such a night is no evidence for
    /// later ones, and posts nothing to the benefit ledger.
    pub fn doubts_sources(self) -> bool {
        !matches!(self, Guard::CorrectedShare | Guard::SalaryChange)
    }
}

/// A guard that stops the queue, and why in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tripped {
    pub guard: Guard,
    pub sentence: String,
}

/// Every guard that stops tonight's queue, sorted; empty = the plan may be queued.
pub fn check(settings: &Guards, inputs: &GuardInputs) -> Vec<Tripped> {
    let mut tripped = Vec::new();
    let mut trip = |guard, sentence| tripped.push(Tripped { guard, sentence });
    for (code, guard, meaning) in [
        (Code::CT01, Guard::ControlTotals, "the payroll file does not match its control totals"),
        (Code::CT06, Guard::Swing, "the night is too far from the last good run"),
    ] {
        let count = inputs.findings.iter().filter(|f| f.code == code).count();
        if count > 0 {
            trip(guard, format!("{} ({}): {meaning}", code.name(), count_text(count, "finding")));
        }
    }
    if let Some(sentence) = tie_out(inputs) {
        trip(Guard::TieOut, sentence);
    }
    let runs = compared(inputs);
    if let Some((last, tonight)) = runs.filter(|(last, now)| is_large(settings, last.population, now.population)) {
        moved_population(settings, &last, &tonight).into_iter().for_each(|s| trip(Guard::Population, s));
        moved_totals(settings, &last, &tonight).into_iter().for_each(|s| trip(Guard::Totals, s));
    }
    let is_large = is_large(settings, inputs.last_good.map_or(0, |good| good.population), inputs.tonight.population);
    if is_large && !inputs.accepted {
        corrected_share(settings, inputs).into_iter().for_each(|s| trip(Guard::CorrectedShare, s));
    }
    if let Some(sentence) = salary_changes(settings, inputs).filter(|_| !inputs.accepted) {
        trip(Guard::SalaryChange, sentence);
    }
    tripped.sort();
    tripped
}

fn count_text(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The last good run and tonight, as far as they can be compared.
fn compared<'i>(inputs: &GuardInputs<'i>) -> Option<(Cow<'i, BaseLine>, Cow<'i, BaseLine>)> {
    inputs.last_good.map(|good| good.compared(inputs.tonight))
}

/// Shares mean little in a small company. The greater headcount counts, or a file cut to a few rows would be let
/// through as one.
fn is_large(settings: &Guards, before: u64, now: u64) -> bool {
    before.max(now) >= u64::from(settings.headcount_min)
}

fn tie_out(inputs: &GuardInputs) -> Option<String> {
    let totals = inputs.control_totals.iter().filter(|total| total.residual() != 0).count();
    let sources = inputs.dispositions.iter().filter(|source| source.unplaced() != 0).count();
    (totals + sources > 0).then(|| {
        let (totals, sources) = (count_text(totals, "control total"), count_text(sources, "source"));
        format!("the run does not prove itself: {totals} with a residual, {sources} with unplaced rows")
    })
}

fn moved_population(settings: &Guards, last: &BaseLine, tonight: &BaseLine) -> Option<String> {
    let (before, now) = last.population_swing(tonight, settings.limits())?;
    let (moved, limit) = (percent(i128::from(before), i128::from(now)), settings.population_change_max);
    Some(format!("the payroll population moved by {moved}, from {before} to {now} people, more than {limit}"))
}

fn moved_totals(settings: &Guards, last: &BaseLine, tonight: &BaseLine) -> Vec<String> {
    let limit = settings.total_change_max;
    let said = |Swing { key, moved }: Swing| match moved {
        None => format!("the payroll total of {key} cannot be compared: the last good run's is unreadable"),
        Some((before, now)) => format!(
            "the payroll total of {key} moved by {} against the last good run, more than {limit}",
            percent(before, now)
        ),
    };
    last.swings(tonight, settings.limits()).into_iter().map(said).collect()
}

fn corrected_share(settings: &Guards, inputs: &GuardInputs) -> Option<String> {
    let employees: BTreeSet<_> = inputs.corrections.iter().map(|c| &c.employee_id).collect();
    let (count, population) = (employees.len(), inputs.tonight.population);
    let limit = settings.corrected_share_max;
    limit
        .is_exceeded(i128::try_from(count).ok()?, i128::from(population))
        .then(|| format!("{count} of {population} employees would be corrected, more than {limit}"))
}

/// Marks each change of pay that moves too far: it waits for a decision of its own.
pub fn mark_far_moves(settings: &Guards, by: Measure<'_>, corrections: &mut [Correction]) {
    for correction in corrections.iter_mut().filter(|correction| moves_far(settings, by, correction)) {
        correction.second_look.insert(SecondLook::FarMove);
    }
}

fn moves_far(settings: &Guards, by: Measure<'_>, correction: &Correction) -> bool {
    match &correction.payload {
        Payload::Compensation(CompensationChange { employee_id, pay_rate: Some(rate), .. }) => {
            // A change whose size cannot be told may be of any size.
            let sizes = sizes(by, correction, employee_id, rate);
            sizes.is_none_or(|(held, wanted)| held == 0 || settings.salary_change_max.is_exceeded_by_move(held, wanted))
        }
        _ => false,
    }
}

/// One person's pay may move far: many at once are a wrong column or unit.
fn salary_changes(settings: &Guards, inputs: &GuardInputs) -> Option<String> {
    let limit = settings.salary_change_max;
    let count = inputs.corrections.iter().filter(|c| c.second_look.contains(&SecondLook::FarMove)).count();
    (count > 0 && count as u64 >= u64::from(settings.people_min)).then(|| {
        let changes = count_text(count, "salary change");
        format!("{changes} of more than {limit}, up or down, or of a size that cannot be told")
    })
}

/// Held and wanted pay on one basis: held by the ledger, else by the other source, else by the yearly difference that
/// the rule annualised.
fn sizes(by: Measure<'_>, correction: &Correction, benbase_id: &BenbaseId, rate: &PayRate) -> Option<(i128, i128)> {
    let counts = |amount: Money| i128::from(amount.0);
    let wanted = Money::parse(&rate.amount, Marks::PLAIN, RATE_DECIMALS).ok()?;
    let facts = by.facts.get(&correction.employee_id)?;
    let held = by.ledger.get(benbase_id);
    let ledger = held.and_then(|held| held.pay_amount.zip(held.pay_period));
    let other = match by.authority {
        Authority::Payroll => facts.benifex_salary.zip(facts.benifex_rate_basis.as_deref()),
        Authority::Benifex => facts.base_salary.zip(facts.rate_basis.as_deref()),
    };
    let same_basis = |(amount, basis): (Money, &str)| (basis == rate.period).then_some(amount);
    let by_hours = |amount, basis: &str| yearly(amount, basis, facts.contracted_hours);
    if let Some(held) = ledger.and_then(same_basis).or_else(|| other.and_then(same_basis)) {
        return Some((counts(held), counts(wanted)));
    }
    if let Some((held, wanted)) =
        ledger.and_then(|(amount, basis)| by_hours(amount, basis)).zip(by_hours(wanted, &rate.period))
    {
        return Some((counts(held), counts(wanted)));
    }
    let difference = counts(correction.yearly_difference?.0);
    if rate.period == RateBasis::Annually.name() {
        return Some((counts(wanted) - difference, counts(wanted)));
    }
    let (yearly, basis) = other?;
    (basis == RateBasis::Annually.name()).then_some((counts(yearly), counts(yearly) + difference))
}

/// By how much `now` differs from `before`, which is not 0, with two decimals, cut.
fn percent(before: i128, now: i128) -> String {
    let hundredths = (now - before).abs() * HUNDREDTHS_OF_A_PERCENT / before.abs();
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests;
