//! What new hires and terminations have in common: changes that happen once in a working life and that nobody takes
//! back. Each has a switch of its own, off unless the job says otherwise, and a cap: more than it on one night is taken
//! for a mass mistake. What each kind needs is in `new_hire` and `termination`.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::{BLOCKED, PlanSettings, identify, shared_ids};
use crate::settings::{NewHires, Terminations};
use crate::{new_hire, termination};
use tieout_model::correction::{Change, Correction, Facts, Held, Ledger, Plan, Seen};
use tieout_model::finding::{Code, Finding};
use tieout_model::ids::BenbaseId;

/// What the job says about new hires and terminations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnceSettings {
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
    /// Tonight's findings with their ids, all codes: some block.
    pub findings: &'a [(String, Finding)],
    /// By employee id.
    pub facts: &'a BTreeMap<String, Facts>,
    pub ledger: &'a Ledger,
    pub seen: &'a Seen,
}

/// Tonight's new hires and terminations. Each finding of a kind that is switched on ends in exactly one correction or in
/// `not_derived` with its reason; with the switch off it is passed over. Every body satisfies [`tieout_model::correction::validate::check`].
pub fn plan(known: Known<'_>, settings: &OnceSettings) -> Plan {
    let mut plan = new_hire::plan(known, settings);
    plan.join(termination::plan(known, settings));
    plan
}

/// One employee for whom a change may be proposed.
pub(super) struct Person<'a> {
    pub employee_id: &'a str,
    pub benbase_id: &'a BenbaseId,
    pub facts: &'a Facts,
    /// Ledger row; `None` = the ledger does not know the id.
    pub held: Option<Held<'a>>,
    pub seen: &'a Seen,
    pub settings: &'a OnceSettings,
    /// The findings that the change settles.
    pub findings: Vec<(String, Code)>,
}

/// One kind: from which findings it comes and what bounds it.
pub(super) struct Rule<'a> {
    pub codes: &'a [Code],
    /// A code that blocks everything else and not this kind.
    pub not_blocked_by: Option<Code>,
    pub per_run_max: u32,
    /// Employees whose change of this kind waits in the queue.
    pub live: &'a BTreeSet<String>,
    /// In the reason of a mass mistake.
    pub name: &'static str,
    pub derive: fn(&Person<'_>) -> Result<Correction, String>,
}

impl Rule<'_> {
    pub fn plan(&self, known: Known<'_>, settings: &OnceSettings) -> Plan {
        let mut by_employee: BTreeMap<&str, Vec<(String, Code)>> = BTreeMap::new();
        for (id, finding) in known.findings.iter().filter(|(_, f)| self.codes.contains(&f.code)) {
            by_employee.entry(&finding.employee_id).or_default().push((id.clone(), finding.code));
        }
        let (shared, blocked) = (shared_ids(known.facts), self.blocked(known.findings));
        // A file cut short looks like many hires or leavers.
        let stopped = blocked.contains("");
        let mut plan = Plan::default();
        for (employee_id, mut findings) in by_employee {
            findings.sort();
            let is_blocked = stopped || blocked.contains(employee_id);
            let person =
                if is_blocked { Err(BLOCKED.to_owned()) } else { self.person(employee_id, known, &shared, settings) };
            let derived = person.and_then(|(facts, benbase_id)| {
                let (held, seen) = (known.ledger.get(benbase_id), known.seen);
                let findings = findings.clone();
                (self.derive)(&Person { employee_id, benbase_id, facts, held, seen, settings, findings })
            });
            match derived {
                Ok(correction) => plan.corrections.push(correction),
                Err(reason) => plan.not_derived.extend(findings.into_iter().map(|(id, _)| (id, reason.clone()))),
            }
        }
        self.cap(&mut plan);
        plan.corrections.sort();
        plan.not_derived.sort();
        plan
    }

    fn person<'a>(
        &self,
        employee_id: &str,
        known: Known<'a>,
        shared: &BTreeSet<&BenbaseId>,
        settings: &OnceSettings,
    ) -> Result<(&'a Facts, &'a BenbaseId), String> {
        let facts = known.facts.get(employee_id);
        if facts.is_some_and(|facts| facts.country.is_none()) {
            return Err("payroll gives no country of the employee, or does not list the person".to_owned());
        }
        // The facts of a person whose own finding blocks say that the person is blocked: they can't tell by what.
        match identify(facts, shared, &settings.plan)? {
            (facts, _) if facts.blocked && self.not_blocked_by.is_none() => Err(BLOCKED.to_owned()),
            found => Ok(found),
        }
    }

    /// Employees with a finding that blocks; a blank id is the whole run.
    fn blocked<'a>(&self, findings: &'a [(String, Finding)]) -> BTreeSet<&'a str> {
        let blocking = findings.iter().filter(|(_, f)| f.blocks && Some(f.code) != self.not_blocked_by);
        blocking.map(|(_, f)| f.employee_id.as_str()).collect()
    }

    /// What waits in the queue already was counted on its own night.
    fn cap(&self, plan: &mut Plan) {
        let is_new = |correction: &Correction| !self.live.contains(&correction.employee_id);
        let count = plan.corrections.iter().filter(|c| is_new(c)).count();
        if count as u64 <= u64::from(self.per_run_max) {
            return;
        }
        let (new, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut plan.corrections).into_iter().partition(is_new);
        plan.corrections = kept;
        let (name, max) = (self.name, self.per_run_max);
        let reason =
            format!("{count} in one night are more than {name}.per_run_max ({max}): a mass mistake? None is proposed");
        let ids = new.into_iter().flat_map(|correction| correction.findings);
        plan.not_derived.extend(ids.map(|(id, _)| (id, reason.clone())));
    }
}

/// A move of one field in the evidence.
pub(super) fn moved(field: &str, from: &str, to: impl Into<String>) -> Change {
    Change { field: field.to_owned(), from: from.to_owned(), to: to.into() }
}

#[cfg(test)]
mod tests;
