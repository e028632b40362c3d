//! ID08: a correction would follow, but the crosswalk does not tell for whom.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::write::{Found, evidence};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

/// ID08: a correction would follow, but nobody knows for whom.
pub(super) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let Some(benbase) = night.inputs.job.benbase else { return Ok(()) };
    let countries = &night.inputs.payroll.words.country;
    for emp in correctable(night, found) {
        let country = night.person(emp).and_then(|row| countries.get(row));
        let id = night.benbase[emp as usize];
        let usable = id.is_some_and(|id| id != benbase.employer_id);
        if usable || !country.is_some_and(|c| benbase.countries.contains(c)) {
            continue;
        }
        let (shown, fault) = match id {
            Some(_) => ("employer id", "gives this employee the id of the employer"),
            None => ("none", "has no Benbase id for this employee"),
        };
        let form = night.form(Code::ID08, Some(emp))?;
        found.findings.push(
            Finding {
                field: "benbase_id".to_owned(),
                system_value: shown.to_owned(),
                evidence: vec![evidence("crosswalk", "benbase_id", "the crosswalk file")],
                sentence: format!("The crosswalk {fault}, so no correction can be derived: enter the right id."),
                ..form
            }
            .moved_by(Owner::Operator),
        );
    }
    Ok(())
}

fn correctable(night: &Night<'_>, found: &Found) -> BTreeSet<u32> {
    let accused = found.findings.iter().filter(|f| f.code.rule().corrects());
    night.emps(accused.map(|f| f.employee_id.as_str()))
}
