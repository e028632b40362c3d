//! Findings that have one thing in common: the same code, benefit, field and owner, in one currency and direction. Two
//! thousand people of whom payroll took 10.00 too little are one decision.

use std::collections::{BTreeMap, BTreeSet};

use tieout_model::code::Owner;
use tieout_model::finding::{Code, Direction, Severity};
use tieout_model::money::Currency;

use crate::Report;

pub struct CostGroup<'r> {
    /// Whose move it is; `None`: nobody's.
    pub owner: Option<Owner>,
    pub code: Code,
    /// The gravest in it.
    pub severity: Severity,
    pub benefit: &'r str,
    pub field: &'r str,
    pub currency: Currency,
    pub direction: Direction,
    /// Counts of 1/10,000; positive is still due.
    pub exposure: i128,
    pub findings: u64,
    pub people: usize,
}

/// What the findings of a group have in common.
type Common<'r> = (Code, &'r str, &'r str, Option<Owner>, Currency, Direction);

/// What has a cost, the costliest first, whatever its currency and direction; what clears itself is left out.
pub fn cost_groups(report: &Report) -> Vec<CostGroup<'_>> {
    let mut groups: BTreeMap<Common<'_>, (CostGroup<'_>, BTreeSet<&str>)> = BTreeMap::new();
    for exception in report.exceptions.iter().filter(|e| !e.finding.clears_itself()) {
        let finding = &exception.finding;
        let Some((counts, currency)) = exception.exposure_to_date else { continue };
        let Some(direction) = finding.direction(counts) else { continue };
        let (code, owner, benefit, field) = (finding.code, finding.owner, &*finding.benefit, &*finding.field);
        let new = || {
            let severity = finding.severity;
            let (exposure, findings, people) = (0, 0, 0);
            let group =
                CostGroup { owner, code, severity, benefit, field, currency, direction, exposure, findings, people };
            (group, BTreeSet::new())
        };
        let (group, people) = groups.entry((code, benefit, field, owner, currency, direction)).or_insert_with(new);
        group.exposure += counts;
        group.findings += 1;
        group.severity = group.severity.min(finding.severity);
        people.insert(finding.employee_id.as_str());
    }
    let counted = groups.into_values().map(|(group, people)| CostGroup { people: people.len(), ..group });
    let mut groups: Vec<_> = counted.collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.exposure.abs()));
    groups
}
