//! Who belongs to another payroll file. The pay groups that the file holds, or those that the job names, are this
//! payroll's; of people in Benifex who are in none of them and not on payroll nothing is said, but that they moved there.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::columns::{numbers, texts};
use crate::rules::dictionary::BLANK;
use crate::rules::late::position;
use crate::rules::night::Night;
use crate::rules::people::{People, mark};
use crate::rules::state::State;
use crate::rules::write::{Found, evidence};
use crate::rules::{Inputs, Prior};
use tieout_model::finding::{Code, Finding};

/// The pay groups of this payroll, by number; `None`: nothing tells them, and everybody is asked for.
pub(super) fn groups(inputs: &Inputs<'_>, people: &People<'_>) -> PolarsResult<Option<BTreeSet<u32>>> {
    let named = &inputs.job.payroll.pay_groups;
    if !named.is_empty() {
        return Ok(Some(named.iter().filter_map(|group| people.groups.find(group)).collect()));
    }
    let here = numbers(&people.frame, "payroll_group")?.iter().map(|group| group.unwrap_or(BLANK));
    let there = numbers(&people.frame, "benifex_group")?.iter().map(|group| group.unwrap_or(BLANK));
    let (mut held, mut written) = (BTreeSet::new(), BTreeSet::new());
    let (mut alike, mut unlike) = (0_u64, 0_u64);
    for (here, there) in here.zip(there).filter(|(here, _)| *here != BLANK) {
        held.insert(here);
        if there != BLANK {
            written.insert(there);
            *(if here == there { &mut alike } else { &mut unlike }) += 1;
        }
    }
    // Where the two sources write groups in other words, those of the people on payroll tell which are meant.
    if alike < unlike {
        held.extend(written);
    }
    Ok((!held.is_empty()).then_some(held))
}

/// Everybody who is in Benifex in a pay group of another payroll, and not on this one.
pub(super) fn elsewhere(inputs: &Inputs<'_>, people: &People<'_>) -> PolarsResult<BooleanChunked> {
    let groups = groups(inputs, people)?;
    let marks = numbers(&people.frame, "mark")?.into_no_null_iter();
    let there = numbers(&people.frame, "benifex_group")?.iter().map(|group| group.unwrap_or(BLANK));
    let is_elsewhere = |(who, group): (u32, u32)| {
        let known = who == mark::RIGHT_ONLY && group != BLANK;
        known && groups.as_ref().is_some_and(|groups| !groups.contains(&group))
    };
    Ok(marks.zip(there).map(is_elsewhere).collect())
}

/// ID09: somebody who was in a group of this payroll when the cut-off was, and is in another payroll's now.
pub(super) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let people = night.in_state(State::Elsewhere);
    let (Some(prior), false) = (&night.inputs.prior, people.is_empty()) else { return Ok(()) };
    let Some(groups) = groups(night.inputs, &night.people)? else { return Ok(()) };
    let before = Before::new(prior)?;
    for emp in people {
        let Some(group) = before.group(night.id(emp)) else { continue };
        if night.people.groups.find(group).is_some_and(|group| groups.contains(&group)) {
            found.findings.push(moved(night, emp, group)?);
        }
    }
    Ok(())
}

/// Pay groups of the prior snapshot.
struct Before<'a> {
    ids: &'a StringChunked,
    /// By `emp` of that snapshot.
    groups: Vec<Option<&'a str>>,
}

impl<'a> Before<'a> {
    fn new(prior: &Prior<'a>) -> PolarsResult<Before<'a>> {
        let ids = texts(prior.population, "employee_id")?;
        let mut groups = vec![None; ids.len()];
        let users = numbers(prior.users, "emp")?.into_no_null_iter().zip(texts(prior.users, "pay_group")?.iter());
        for (emp, group) in users {
            if let Some(at) = groups.get_mut(emp as usize) {
                *at = group;
            }
        }
        Ok(Before { ids, groups })
    }

    fn group(&self, id: &str) -> Option<&'a str> {
        self.groups[position(self.ids, id)?]
    }
}

fn moved(night: &Night<'_>, emp: u32, from: &str) -> PolarsResult<Finding> {
    let form = night.form(Code::ID09, Some(emp))?;
    let to = form.pay_group.clone();
    Ok(Finding {
        field: "pay_group".to_owned(),
        payroll_value: "not on this payroll".to_owned(),
        system_value: to.clone(),
        evidence: vec![
            night.at_user(emp, "payGroup")?,
            evidence("benifex", "payGroup", &format!("snapshot {}", night.inputs.prior.as_ref().map_or("", |p| p.id))),
        ],
        sentence: format!(
            "Benifex has moved this employee from pay group {from} to {to}, which is not of this payroll: see that the \
             other payroll goes on with the deductions. Payroll's move."
        ),
        ..form
    })
}
