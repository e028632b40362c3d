//! ID08: a correction would follow, but the crosswalk does not tell for whom; or it tells somebody whom Benbase has as
//! another person.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::night::Night;
use crate::rules::people::People;
use crate::rules::people::person_state::PersonState;
use crate::rules::write::{Found, evidence};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

/// ID08: a correction would follow, but nobody knows for whom.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let Some(benbase) = night.inputs.job.benbase else { return Ok(()) };
    let countries = &night.inputs.payroll.words.country;
    // Under ID06 it need not be the link that is wrong, and nothing is corrected either.
    let of_one = |emp: &&u32| ![PersonState::Reused, PersonState::Unverified].contains(&night.states.get(**emp));
    let foreign: BTreeSet<u32> = night.with_foreign_link.iter().filter(of_one).copied().collect();
    for emp in correctable(night, found).union(&foreign).copied() {
        let country = night.person(emp).and_then(|row| countries.get(row));
        let id = night.benbase[emp as usize];
        let usable = id.is_some_and(|id| id != benbase.employer_id);
        if usable || !country.is_some_and(|c| benbase.countries.contains(c)) {
            continue;
        }
        let is_foreign = id.is_none() && foreign.contains(&emp);
        let to_do = if is_foreign { CHECK } else { "enter the right id" };
        let (shown, fault) = match id {
            Some(_) => ("employer id", "gives this employee the id of the employer"),
            None if is_foreign => ("another person's id", FOREIGN),
            None => ("none", "has no Benbase id for this employee"),
        };
        let form = night.form(Code::ID08, Some(emp))?;
        found.findings.push(
            Finding {
                field: "benbase_id".to_owned(),
                system_value: shown.to_owned(),
                evidence: vec![evidence("crosswalk", "benbase_id", "the crosswalk file")],
                sentence: format!("The crosswalk {fault}, so no correction can be derived: {to_do}."),
                ..form
            }
            .moved_by(Owner::Operator),
        );
    }
    Ok(())
}

const CHECK: &str =
    "enter the right id, or, once somebody saw that the record is this person's, the day of it as benbase_checked_on";

const FOREIGN: &str = "gives this employee a Benbase id that was another person's, by name and birth date in Benifex";

fn correctable(night: &Night<'_>, found: &Found) -> BTreeSet<u32> {
    let accused = found.findings.iter().filter(|f| f.code.rule().corrects());
    night.emps(accused.map(|f| f.employee_id.as_str()))
}

/// What the crosswalk says of everybody.
#[derive(Default)]
pub(in crate::rules) struct BenbaseLinks<'a> {
    /// By `emp`.
    pub(in crate::rules) ids: Vec<Option<&'a str>>,
    /// Who is linked twice.
    pub(in crate::rules) ambiguous: BTreeSet<u32>,
    /// Whose Benbase id was another person's.
    pub(in crate::rules) foreign: BTreeSet<u32>,
}

impl<'a> BenbaseLinks<'a> {
    pub(in crate::rules) fn new(inputs: &Inputs<'a>, people: &People<'_>) -> BenbaseLinks<'a> {
        let (crosswalk, count) = (inputs.crosswalk, people.ids.len());
        let mut links = BenbaseLinks { ids: vec![None; count], ..BenbaseLinks::default() };
        if crosswalk.rows.is_empty() && crosswalk.ambiguous.is_empty() {
            return links;
        }
        let twice: BTreeSet<&str> = crosswalk.ambiguous.iter().map(|id| id.trim()).collect();
        let mut next = 0;
        for emp in 0..count as u32 {
            let id = people.ids.text(emp);
            if twice.contains(id) {
                links.ambiguous.insert(emp);
                continue;
            }
            let benbase = crosswalk.rows.next(id, &mut next).and_then(|linked| linked.benbase_id);
            if benbase.is_some_and(|benbase| inputs.foreign_links.contains(benbase)) {
                links.foreign.insert(emp);
            } else {
                links.ids[emp as usize] = benbase;
            }
        }
        links
    }
}
