//! People whose payroll row could not be read: nothing about them was judged, so each is listed, whoever else knows
//! them.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::people::person_state::PersonState;
use crate::rules::write::Found;
use tieout_model::finding::SetAside;

const REJECTED: &str = "the payroll row was rejected, see rejects.csv";
const NOBODYS: &str = "a payroll row without a readable employee id was rejected, see rejects.csv";
const OTHER_SPELLING: &str = "may stand in another run, or under an id that could not be read";

/// Lists those without a line that says it for them, and the rows that are nobody's.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let rejects = &night.inputs.payroll.rejects;
    let rejected: BTreeSet<&str> = rejects.iter().map(|reject| reject.employee_id.as_str()).collect();
    let strangers = rejected.iter().filter(|id| !id.is_empty() && night.people.ids.find(id).is_none());
    found.unverified.extend(strangers.map(|id| SetAside::person("payroll", *id, REJECTED)));
    let rows: BTreeSet<(&str, u64)> = rejects
        .iter()
        .filter(|reject| reject.employee_id.is_empty())
        .map(|reject| (reject.file.as_str(), reject.line))
        .collect();
    found.unverified.extend(rows.iter().map(|_| SetAside::person("payroll", "", NOBODYS)));
    let known = night.emps(rejected.iter().copied());
    for emp in night.in_state(PersonState::RowUnused) {
        if night.lines_of(emp).is_empty() {
            let reason = if known.contains(&emp) { REJECTED } else { OTHER_SPELLING };
            found.unverified.push(night.person_aside(emp, "payroll", reason));
        }
    }
    Ok(())
}
