//! ID08: a correction would follow, but the crosswalk does not tell for whom; or it tells somebody whom Benbase has as
//! another person.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;
use rayon::slice::ParallelSliceMut as _;

use crate::rules::night::Night;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{People, mark};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::{Found, evidence};
use crate::rules::{Inputs, LinkDoubt};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

/// ID08: a correction would follow, but nobody knows for whom.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let Some(benbase) = night.inputs.job.benbase else { return Ok(()) };
    let countries = &night.inputs.payroll.words.country;
    // Under ID06 it need not be the link that is wrong, and nothing is corrected either.
    let of_one = |emp: &u32| ![PersonState::Reused, PersonState::Unverified].contains(&night.states.get(*emp));
    // Where nothing is known of a record, nobody knows either whether it needs a correction.
    let told = night.links.foreign.iter().filter(|(_, doubt)| **doubt != LinkDoubt::Unknown);
    let foreign: BTreeSet<u32> = told.map(|(emp, _)| *emp).filter(of_one).collect();
    for emp in correctable(night, found).union(&foreign).copied() {
        let country = night.person(emp).and_then(|row| countries.get(row));
        let id = night.links.ids[emp as usize];
        let usable = id.is_some_and(|id| id != benbase.employer_id);
        let is_exchanged = night.people.exchanged.contains_key(&emp);
        if usable
            || is_exchanged
            || night.links.shared.contains(&emp)
            || !country.is_some_and(|c| benbase.countries.contains(c))
        {
            continue;
        }
        let doubt = night.links.foreign.get(&emp).filter(|_| id.is_none() && of_one(&emp));
        let to_do = if doubt.is_some() { CHECK } else { "enter the right id" };
        let (shown, fault) = match (id, doubt) {
            (Some(_), _) => ("employer id", "gives this employee the id of the employer"),
            (None, Some(LinkDoubt::Other)) => ("another person's id", FOREIGN),
            (None, Some(LinkDoubt::Unlike)) => ("an unlike record", UNLIKE),
            (None, Some(LinkDoubt::Unknown)) => ("an unknown record", UNKNOWN),
            (None, Some(LinkDoubt::Former)) => ("an earlier record", FORMER),
            (None, None) => ("none", "has no Benbase id for this employee"),
        };
        let blank = night.finding(Code::ID08, Some(emp))?;
        found.findings.push(
            Finding {
                field: "benbase_id".to_owned(),
                system_value: shown.to_owned(),
                evidence: vec![evidence("crosswalk", "benbase_id", "the crosswalk file")],
                sentence: format!("The crosswalk {fault}, so no correction can be derived: {to_do}."),
                ..blank
            }
            .moved_by(Owner::Operator),
        );
    }
    Ok(())
}

const CHECK: &str =
    "enter the right id, or, once somebody saw that the record is this person's, the day of it as benbase_checked_on";

const FOREIGN: &str = "gives this employee a Benbase id that was another person's, by name and birth date in Benifex";

const UNLIKE: &str = "gives this employee another Benbase id than before, and what Benbase last accepted under it is not \
                      like what it accepted under the earlier one";

const UNKNOWN: &str =
    "gives this employee another Benbase id than before, and it is not known what Benbase holds under it";

const FORMER: &str = "gives this employee the Benbase id of before again, though changes went to another one since";

fn correctable(night: &Night<'_>, found: &Found) -> BTreeSet<u32> {
    let accused = found.findings.iter().filter(|f| f.code.rule().corrects());
    night.emps(accused.map(|f| f.employee_id.as_str()))
}

/// What the crosswalk says of everybody.
#[derive(Default)]
pub(in crate::rules) struct BenbaseLinks<'a> {
    /// Benbase id by `emp`; blank where the crosswalk names several, or one that is another person's as well.
    pub(in crate::rules) ids: Vec<Option<&'a str>>,
    /// Who is linked twice.
    pub(in crate::rules) ambiguous: BTreeSet<u32>,
    /// Whose Benbase id may not be theirs.
    pub(in crate::rules) foreign: BTreeMap<u32, LinkDoubt>,
    /// Whose Benbase id the crosswalk gives to a colleague as well; it is used for neither.
    pub(in crate::rules) shared: BTreeSet<u32>,
}

impl<'a> BenbaseLinks<'a> {
    pub(in crate::rules) fn new(inputs: &Inputs<'a>, people: &People<'_>) -> PolarsResult<BenbaseLinks<'a>> {
        let (crosswalk, count) = (inputs.crosswalk, people.ids.len());
        let mut links = BenbaseLinks { ids: vec![None; count], ..BenbaseLinks::default() };
        if crosswalk.rows.is_empty() && crosswalk.ambiguous.is_empty() {
            return Ok(links);
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
            match benbase.and_then(|benbase| inputs.foreign_links.get(benbase)) {
                Some(doubt) => _ = links.foreign.insert(emp, *doubt),
                None => links.ids[emp as usize] = benbase,
            }
        }
        links.unshare(people)?;
        Ok(links)
    }

    /// Takes an id from all but the one employee who is still here: what follows for one would be done to another. Of
    /// several who are, none has it.
    fn unshare(&mut self, people: &People<'_>) -> PolarsResult<()> {
        let mut linked: Vec<(&str, u32)> =
            self.ids.iter().zip(0..).filter_map(|(id, emp)| Some(((*id)?, emp))).collect();
        linked.par_sort_unstable();
        let of_several = linked.chunk_by(|a, b| a.0 == b.0).filter(|of_id| of_id.len() > 1);
        let marks = EMPLOYEES.mark.of(&people.frame)?;
        let (leave, end) = (EMPLOYEES.leave.of(&people.frame)?, EMPLOYEES.end.of(&people.frame)?);
        let is_here = |emp: &u32| {
            let row = *emp as usize;
            let left = leave.get(row).zip(end.get(row)).is_some_and(|(leave, end)| leave <= end);
            match marks.get(row) {
                Some(mark::PAYROLL_ONLY | mark::BOTH) => true,
                Some(mark::SERVICE_ONLY) => !left,
                _ => false,
            }
        };
        for of_id in of_several {
            let here: Vec<u32> = of_id.iter().map(|(_, emp)| *emp).filter(is_here).collect();
            for (_, emp) in of_id.iter().filter(|(_, emp)| here != [*emp]) {
                self.ids[*emp as usize] = None;
            }
            self.shared.extend(here.iter().filter(|_| here.len() > 1));
        }
        Ok(())
    }
}
