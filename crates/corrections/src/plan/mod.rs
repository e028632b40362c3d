//! The derivation policy: which Benbase changes tonight's findings ask for, and why none comes of the others. Pure:
//! the same findings, facts and ledger give the same plan. Whether an item is already queued is `store`'s business,
//! whether the whole plan is plausible is `guards`'.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};

use crate::{compensation, demographic};
use tieout_model::correction::{
    BENBASE_CURRENCY, BenbaseLedger, Change, Correction, CorrectionPlan, Held, Payload, PersonValues, SecondLook,
};
use tieout_model::finding::{Code, Finding};
use tieout_model::ids::{BenbaseId, EmployerId, PayrollId};
use tieout_model::money::Currency;
use tieout_model::terms::Authority;

/// How far ahead of the night's date an effective date may lie, in days, and how far back without a second look.
pub const EFFECTIVE_DAYS_MAX: i64 = 90;

/// Refuses a currency that Benbase does not take.
pub fn check_currency(currency: Option<Currency>) -> Result<(), String> {
    match currency {
        Some(c) if c.code() == BENBASE_CURRENCY => Ok(()),
        Some(c) => Err(format!("pay is in {c}; Benbase takes {BENBASE_CURRENCY} only")),
        None => Err("the currency of the pay is unknown".to_owned()),
    }
}

/// What the job says about deriving corrections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanSettings {
    /// Which source is right about pay. Addresses are always payroll's: Benifex has neither city nor state.
    pub authority: Authority,
    /// Countries, as payroll writes them, of the people that Benbase covers; empty: nothing is derived.
    pub countries: BTreeSet<String>,
    /// Benbase's id of the employer, which no employee may have.
    pub employer_id: EmployerId,
    pub as_of: NaiveDate,
}

/// Derives tonight's corrections. `findings` carry their ids; `facts` are by employee id, `ledger` by Benbase id.
///
/// Each finding that [corrects](Finding::corrects) ends in exactly one correction or in
/// `not_derived` with its reason; others are passed over. Every body that comes out satisfies
/// [`tieout_model::correction::validate::check`].
pub fn plan(
    findings: &[(String, Finding)],
    facts: &BTreeMap<PayrollId, PersonValues>,
    ledger: &BenbaseLedger,
    settings: &PlanSettings,
) -> CorrectionPlan {
    let mut by_employee: BTreeMap<&str, Vec<&(String, Finding)>> = BTreeMap::new();
    let mut plan = CorrectionPlan::default();
    for finding in findings.iter().filter(|(_, f)| f.corrects()) {
        if let Some(reason) = of_termination(&finding.1, settings) {
            plan.not_derived.push((finding.0.clone(), reason.to_owned()));
            continue;
        }
        by_employee.entry(finding.1.employee_id.as_str()).or_default().push(finding);
    }
    let shared = shared_ids(facts);
    for (employee_id, findings) in by_employee {
        match benbase_id(facts.get(employee_id), &shared, settings) {
            Ok((facts, benbase_id)) => {
                let held = ledger.get(benbase_id);
                Person { employee_id, benbase_id, facts, held, findings, settings }.derive(&mut plan);
            }
            Err(reason) => plan.not_derived.extend(findings.iter().map(|(id, _)| (id.clone(), reason.to_owned()))),
        }
    }
    plan.corrections.sort();
    plan.not_derived.sort();
    plan
}

/// Why nothing is derived from what Benbase holds of a termination.
fn of_termination(finding: &Finding, settings: &PlanSettings) -> Option<&'static str> {
    let of_ledger = finding.code == Code::CO07 && finding.field == "term_date";
    let left = finding.payroll_value.parse::<NaiveDate>().is_ok_and(|left| left <= settings.as_of);
    of_ledger.then_some(if left { LEFT_ON_ANOTHER_DAY } else { compensation::TERMINATED })
}

const LEFT_ON_ANOTHER_DAY: &str =
    "Benbase documents no way to change a termination: have the leave date put right there by hand";

/// Benbase ids that several employees have: a change for one would land on the other.
pub(super) fn shared_ids(facts: &BTreeMap<PayrollId, PersonValues>) -> BTreeSet<&BenbaseId> {
    let mut seen = BTreeSet::new();
    facts.values().filter_map(|f| f.benbase_id.as_ref()).filter(|id| !seen.insert(*id)).collect()
}

/// The person's facts and Benbase id, or why nothing at all is derived for the person.
fn benbase_id<'a>(
    facts: Option<&'a PersonValues>,
    shared: &BTreeSet<&BenbaseId>,
    settings: &PlanSettings,
) -> Result<(&'a PersonValues, &'a BenbaseId), &'static str> {
    let (facts, id) = identify(facts, shared, settings)?;
    if facts.blocked { Err(BLOCKED) } else { Ok((facts, id)) }
}

/// Why nothing is derived for somebody with a finding that blocks.
pub(super) const BLOCKED: &str = "a completeness or identity finding (CT, ID) blocks the employee";

/// The same, whatever blocks the person.
pub(super) fn identify<'a>(
    facts: Option<&'a PersonValues>,
    shared: &BTreeSet<&BenbaseId>,
    settings: &PlanSettings,
) -> Result<(&'a PersonValues, &'a BenbaseId), &'static str> {
    let facts = facts.ok_or("the employee was not compared in full")?;
    if settings.countries.is_empty() {
        return Err("the job has no [benbase]");
    }
    if !facts.country.as_ref().is_some_and(|c| settings.countries.contains(c)) {
        return Err("payroll's country is not one that Benbase covers for this job");
    }
    let id = facts.benbase_id.as_ref().filter(|id| !id.as_str().trim().is_empty());
    let id = id.ok_or("the crosswalk has no Benbase id for the employee (ID08)")?;
    if id.as_str() == settings.employer_id.as_str() {
        return Err("the crosswalk gives the employer's id as the employee's Benbase id (ID08)");
    }
    if shared.contains(id) {
        return Err("the crosswalk gives several employees the same Benbase id");
    }
    if facts.unverified {
        return Err("a part of the employee is unverified");
    }
    Ok((facts, id))
}

/// One employee for whom corrections may be derived.
pub(super) struct Person<'a> {
    pub employee_id: &'a str,
    pub benbase_id: &'a BenbaseId,
    pub facts: &'a PersonValues,
    /// Ledger row; `None` = what Benbase holds is not known.
    pub held: Option<Held<'a>>,
    /// The findings from which corrections may come.
    pub findings: Vec<&'a (String, Finding)>,
    pub settings: &'a PlanSettings,
}

/// The body that a person's findings led to, with the findings that it settles and those that it does not.
pub(super) struct Derived<T> {
    pub body: T,
    /// Why an approver should look twice at it.
    pub second_look: BTreeSet<SecondLook>,
    pub settled: Vec<(String, Code)>,
    pub refused: Vec<(String, String)>,
}

impl<T> Derived<T> {
    pub fn new(body: T) -> Derived<T> {
        Derived { body, second_look: BTreeSet::new(), settled: Vec::new(), refused: Vec::new() }
    }

    /// Puts a finding where its outcome says.
    pub fn place(&mut self, id: &str, code: Code, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.settled.push((id.to_owned(), code)),
            Err(reason) => self.refused.push((id.to_owned(), reason)),
        }
    }
}

impl Person<'_> {
    fn derive(&self, plan: &mut CorrectionPlan) {
        let Derived { body, second_look, settled, refused } = compensation::derive(self);
        plan.not_derived.extend(refused);
        if !settled.is_empty() {
            let changes = compensation::changes(self, &body);
            plan.corrections.push(Correction {
                effective: body.pay_rate.as_ref().and(self.wanted_pay().effective),
                yearly_difference: body.pay_rate.as_ref().and_then(|_| compensation::yearly_difference(self)),
                authority: authority_name(self.settings.authority).to_owned(),
                second_look,
                ..self.correction(Payload::Compensation(body), changes, settled)
            });
        }
        let Derived { body, second_look, settled, refused } = demographic::derive(self);
        plan.not_derived.extend(refused);
        if !settled.is_empty() {
            let changes = demographic::changes(self, &body.address);
            let correction = self.correction(Payload::Demographic(body), changes, settled);
            plan.corrections.push(Correction { second_look, ..correction });
        }
    }

    fn correction(&self, payload: Payload, changes: Vec<Change>, mut findings: Vec<(String, Code)>) -> Correction {
        findings.sort();
        Correction {
            employee_id: self.employee_id.into(),
            payload,
            changes,
            effective: None,
            yearly_difference: None,
            findings,
            authority: authority_name(Authority::Payroll).to_owned(),
            second_look: BTreeSet::new(),
        }
    }

    /// Whether tonight has a finding of this code and field: the comparison, tolerance included, was the rule's.
    pub fn has(&self, code: Code, field: &str) -> bool {
        self.findings.iter().any(|(_, f)| f.code == code && f.field == field)
    }

    /// Refuses a date too far ahead; one before the period is looked at twice, for a raise may be told late.
    pub fn check_effective(
        &self,
        effective: Option<NaiveDate>,
        second_look: &mut BTreeSet<SecondLook>,
    ) -> Result<NaiveDate, String> {
        let effective = effective.ok_or("the authority gives no effective date of the pay")?;
        let period_start = self.facts.period_start.ok_or("the payroll period is unknown")?;
        let ahead = effective - self.settings.as_of;
        if ahead > TimeDelta::days(EFFECTIVE_DAYS_MAX) {
            return Err(format!("the pay's effective date is more than {EFFECTIVE_DAYS_MAX} days ahead of tonight"));
        }
        second_look.extend((effective < period_start).then_some(SecondLook::EarlierPeriod));
        second_look.extend((-ahead > TimeDelta::days(EFFECTIVE_DAYS_MAX)).then_some(SecondLook::LongAgo));
        Ok(effective)
    }
}

pub(super) fn authority_name(authority: Authority) -> &'static str {
    match authority {
        Authority::Payroll => "payroll",
        Authority::Benifex => "benifex",
    }
}

#[cfg(test)]
mod tests;
