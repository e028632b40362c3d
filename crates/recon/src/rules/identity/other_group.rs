//! ID09 of people on payroll: payroll pays them in one pay group or legal entity and Benifex has them in another one of
//! this payroll. Which is right decides their pay dates and deductions, where those of the two groups differ.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::calendar::Payday;
use crate::rules::lines::schemes::Schemes;
use crate::rules::night::Night;
use crate::rules::people::elsewhere::{Before, PAYROLL_MARKS, PayrollMark};
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{People, mark};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::Found;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

/// Somebody whom the sources have in two pay groups, or legal entities.
#[derive(Debug)]
pub(in crate::rules) struct InTwo<'a> {
    mark: &'static PayrollMark,
    here: &'a str,
    there: &'a str,
    /// Benifex had the person where payroll has them when the cut-off was: payroll follows in its next run.
    since_cutoff: bool,
    /// The pay dates or deductions of the two differ, or may.
    pub(in crate::rules) other_calendar: bool,
}

/// By `emp`.
pub(in crate::rules) fn in_two<'a>(
    inputs: &Inputs<'a>,
    people: &People<'_>,
    schemes: &Schemes,
) -> PolarsResult<BTreeMap<u32, InTwo<'a>>> {
    let marks: Vec<bool> = EMPLOYEES.mark.of(&people.frame)?.into_no_null_iter().map(|who| who == mark::BOTH).collect();
    let mut all = BTreeMap::new();
    for mark in &PAYROLL_MARKS {
        let there = mark.column.of(inputs.users)?;
        let here = (mark.here)(inputs);
        let both = || {
            let all = (0_u32..).zip(people.person.iter().zip(people.user.iter()));
            all.filter(|(emp, _)| marks[*emp as usize]).filter_map(|(emp, (person, user))| {
                Some((emp, here.get(person? as usize)?, there.get(user? as usize)?))
            })
        };
        let unlike: Vec<(u32, &str, &str)> = both().filter(|(_, here, there)| here != there).collect();
        // Else the two sources write them in other words.
        if unlike.is_empty() || 2 * unlike.len() >= both().count() {
            continue;
        }
        let named = (mark.named)(inputs);
        let held: BTreeSet<&str> = both().map(|(_, here, _)| here).collect();
        let written: BTreeSet<&str> = both().map(|(.., there)| there).collect();
        let before = inputs.prior.as_ref().map(|prior| Before::of_prior(prior, mark)).transpose()?;
        // Somebody of each group, of whom the two sources agree.
        let mut members: BTreeMap<&str, u32> = BTreeMap::new();
        both()
            .filter(|(_, here, there)| here == there)
            .for_each(|(emp, here, _)| _ = members.entry(here).or_insert(emp));
        let known = |set: &BTreeSet<&str>, word: &str| set.contains(word) || named.contains(word);
        for (emp, here, there) in unlike {
            if known(&held, there) && known(&written, here) {
                let was = before.as_ref().and_then(|before| before.of(people.ids.text(emp)));
                let groups = people.groups.find(here).zip(people.groups.find(there));
                let alike = members.get(there).is_some_and(|member| calendar(people, *member) == calendar(people, emp))
                    && groups.is_none_or(|(here, there)| schemes.are_alike(here, there));
                let other_calendar = mark.is_pay_group() && !alike;
                let since_cutoff = was == Some(here);
                all.entry(emp).or_insert(InTwo { mark, here, there, since_cutoff, other_calendar });
            }
        }
    }
    Ok(all)
}

/// The person's period, and pays a year.
fn calendar(people: &People<'_>, emp: u32) -> (i32, i32, i64) {
    let Payday { start, end, pays, .. } = people.paydays[emp as usize];
    (start, end, pays)
}

/// ID09.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (emp, in_two) in &night.in_two {
        if night.states.get(*emp) == PersonState::Judged && !in_two.since_cutoff {
            found.findings.push(finding(night, *emp, in_two)?);
        }
    }
    Ok(())
}

fn finding(night: &Night<'_>, emp: u32, in_two: &InTwo<'_>) -> PolarsResult<Finding> {
    let InTwo { mark, here, there, other_calendar, .. } = in_two;
    let blank = night.finding(Code::ID09, Some(emp))?;
    let until_then = match other_calendar {
        true => ", where pay dates or deductions are others: until it is settled, no amount that differs is judged",
        false => "",
    };
    Ok(Finding {
        field: mark.column.name.to_owned(),
        payroll_value: (*here).to_owned(),
        system_value: (*there).to_owned(),
        evidence: vec![night.at_user(emp, mark.field)?],
        sentence: format!(
            "Payroll pays this employee in {words} {here}, and Benifex says {there}{until_then}: correct it where it is \
             wrong.",
            words = mark.words
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}
