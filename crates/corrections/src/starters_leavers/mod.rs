//! What new hires and terminations have in common: changes that happen once in a working life and that nobody takes
//! back. Each has a switch of its own, off unless the job says otherwise, and a cap: more than it on one night is taken
//! for a mass mistake. What each kind needs is in `new_hire` and `termination`.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{BLOCKED, PlanSettings, identify, shared_ids};
use crate::settings::{NewHires, Terminations};
use crate::{new_hire, termination};
use tieout_model::correction::{
    BenbaseLedger, Change, Correction, CorrectionKind, CorrectionPlan, Held, PersonValues, ProposedBefore,
};
use tieout_model::finding::{Code, Finding};
use tieout_model::ids::{BenbaseId, PayrollId};

/// What the job says about new hires and terminations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StarterLeaverSettings {
    pub plan: PlanSettings,
    pub new_hires: NewHires,
    pub terminations: Terminations,
    /// The employer's name, which every new hire carries.
    pub employer_name: String,
    /// Days by which the leave dates of payroll and Benifex may differ and still agree.
    pub leave_date_tolerance_days: i64,
}

/// What tonight knows: the same for both kinds.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Tonight's findings with their ids; those of codes that lead to neither kind are passed over.
    pub findings: &'a [(String, Finding)],
    /// By employee id.
    pub facts: &'a BTreeMap<PayrollId, PersonValues>,
    pub ledger: &'a BenbaseLedger,
    pub seen: &'a ProposedBefore,
}

/// Tonight's new hires and terminations. Each finding of a kind that is switched on ends in exactly one correction or
/// in `not_derived` with its reason; with the switch off it is passed over. Every body satisfies
/// [`tieout_model::correction::validate::check`].
pub fn plan(known: Known<'_>, settings: &StarterLeaverSettings) -> CorrectionPlan {
    let mut plan = new_hire::plan(known, settings);
    plan.join(termination::plan(known, settings));
    plan
}

/// One employee for whom a change may be proposed.
pub(super) struct Person<'a> {
    pub employee_id: &'a str,
    pub benbase_id: &'a BenbaseId,
    pub facts: &'a PersonValues,
    /// Ledger row; `None` = the ledger does not know the id.
    pub held: Option<Held<'a>>,
    pub seen: &'a ProposedBefore,
    pub settings: &'a StarterLeaverSettings,
    /// The findings that the change settles.
    pub findings: Vec<(String, Code)>,
}

/// One kind, which comes of the codes that lead to it, and what bounds it.
pub(super) struct Rule<'a> {
    pub kind: CorrectionKind,
    pub per_run_max: u32,
    /// Employees whose change of this kind waits in the queue.
    pub live: &'a BTreeSet<PayrollId>,
    /// Who needs no finding: what both sources say of them is enough.
    pub agreed: fn(&PersonValues, &StarterLeaverSettings) -> bool,
    /// In the reason of a mass mistake.
    pub name: &'static str,
    pub derive: fn(&Person<'_>) -> Result<Correction, String>,
}

impl Rule<'_> {
    pub fn plan(&self, known: Known<'_>, settings: &StarterLeaverSettings) -> CorrectionPlan {
        let mut by_employee: BTreeMap<&str, Vec<(String, Code)>> = BTreeMap::new();
        let asked_for =
            known.facts.iter().filter(|(id, facts)| self.live.contains(*id) || (self.agreed)(facts, settings));
        by_employee.extend(asked_for.map(|(id, _)| (id.as_str(), Vec::new())));
        for (id, finding) in known.findings.iter().filter(|(_, f)| f.leads_to() == Some(self.kind)) {
            by_employee.entry(finding.employee_id.as_str()).or_default().push((id.clone(), finding.code));
        }
        let shared = shared_ids(known.facts);
        let mut plan = CorrectionPlan::default();
        for (employee_id, mut findings) in by_employee {
            findings.sort();
            let person = person(known.facts.get(employee_id), &shared, settings);
            let derived = person.and_then(|(facts, benbase_id)| {
                let (held, seen) = (known.ledger.get(benbase_id), known.seen);
                let findings = findings.clone();
                (self.derive)(&Person { employee_id, benbase_id, facts, held, seen, settings, findings })
            });
            match derived {
                Ok(correction) => plan.corrections.push(correction),
                Err(reason) if reason == NOT_LISTED && self.live.contains(employee_id) => {
                    plan.not_derived.extend(findings.into_iter().map(|(id, _)| (id, WAITS.to_owned())));
                }
                Err(reason) => plan.not_derived.extend(findings.into_iter().map(|(id, _)| (id, reason.clone()))),
            }
        }
        self.cap(&mut plan);
        plan.corrections.sort();
        plan.not_derived.sort();
        plan
    }

    /// What waits in the queue already was counted on its own night.
    fn cap(&self, plan: &mut CorrectionPlan) {
        let is_new = |correction: &Correction| !self.live.contains(&correction.employee_id);
        let count = plan.corrections.iter().filter(|c| is_new(c)).count();
        if count as u64 <= u64::from(self.per_run_max) {
            return;
        }
        let (new, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut plan.corrections).into_iter().partition(is_new);
        plan.corrections = kept;
        let (new, agreed): (Vec<_>, Vec<_>) = new.into_iter().partition(|correction| !correction.findings.is_empty());
        if new.len() as u64 <= u64::from(self.per_run_max) {
            self.take_first(agreed, new.len(), plan);
            plan.corrections.extend(new);
            return;
        }
        let count = new.len();
        let (name, max) = (self.name, self.per_run_max);
        let reason =
            format!("{count} in one night are more than {name}.per_run_max ({max}): a mass mistake? None is proposed");
        let ids = new.into_iter().flat_map(|correction| correction.findings);
        plan.not_derived.extend(ids.map(|(id, _)| (id, reason.clone())));
    }
}

impl Rule<'_> {
    /// Of those that both sources agree on, as many as the cap leaves room for, the longest ago first; the others come
    /// on later nights.
    fn take_first(&self, mut agreed: Vec<Correction>, taken: usize, plan: &mut CorrectionPlan) {
        agreed.sort_by_key(|correction| correction.effective);
        let room = (self.per_run_max as usize).saturating_sub(taken);
        let later = agreed.len().saturating_sub(room);
        let (name, max) = (self.name, self.per_run_max);
        if later > 0 {
            plan.notes.push(format!("{later} more {name} wait for later nights: {name}.per_run_max is {max}"));
        }
        agreed.truncate(room);
        plan.corrections.extend(agreed);
    }
}

const NOT_LISTED: &str = "payroll does not list the person: decide by hand";
const WAITS: &str = "payroll no longer lists the person; what was proposed waits in the queue";

/// The person's facts and Benbase id, or why nothing is proposed for the person.
pub(super) fn person<'a>(
    facts: Option<&'a PersonValues>,
    shared: &BTreeSet<&BenbaseId>,
    settings: &StarterLeaverSettings,
) -> Result<(&'a PersonValues, &'a BenbaseId), String> {
    match facts {
        Some(facts) if facts.blocked => Err(BLOCKED.to_owned()),
        Some(facts) if !facts.on_payroll => Err(NOT_LISTED.to_owned()),
        Some(facts) if facts.country.is_none() => Err("payroll gives no country of the employee".to_owned()),
        _ => Ok(identify(facts, shared, &settings.plan)?),
    }
}

/// A move of one field in the evidence.
pub(super) fn moved(field: &str, from: &str, to: impl Into<String>) -> Change {
    Change { field: field.to_owned(), from: from.to_owned(), to: to.into() }
}

#[cfg(test)]
mod tests;
