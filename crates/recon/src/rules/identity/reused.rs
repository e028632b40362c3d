//! ID06: an id that stands for one person on payroll and for another in Benifex. Birth date and surname must both
//! differ, which spares marriages and typing errors; nothing is compared or corrected for such an id.

use std::collections::BTreeSet;

use chrono::Datelike;
use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::identity::masked::{MASKED, fingerprint};
use crate::rules::night::Night;
use crate::rules::people::names::{Name, likeness, surname_likeness};
use crate::rules::people::person_state::PersonState;
use crate::rules::people::similar::{folded, shown};
use crate::rules::people::{People, date};
use crate::rules::write::Found;
use crate::snapshot::USERS;
use crate::tables::column::{Column, Text};
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

/// Below this likeness, in 1/10,000, two surnames or two names are no spellings of one.
pub(in crate::rules) const STRANGE: u32 = 8_000;

/// Names as both sources tell them.
pub(in crate::rules) struct Names<'a> {
    payroll: [&'a StringChunked; 2],
    // In one piece, for they are looked up person by person.
    benifex: [StringChunked; 4],
}

impl<'a> Names<'a> {
    pub(in crate::rules) fn new(inputs: &Inputs<'a>) -> PolarsResult<Names<'a>> {
        let mut names = Names::with_users(inputs, inputs.users)?;
        names.benifex.iter_mut().for_each(|part| *part = part.rechunk().into_owned());
        Ok(names)
    }

    /// With other users, of whom few are looked up.
    pub(in crate::rules) fn with_users(inputs: &Inputs<'a>, users: &DataFrame) -> PolarsResult<Names<'a>> {
        let people = &inputs.payroll.people;
        let of_user = |column: Column<Text>| PolarsResult::Ok(column.of(users)?.clone());
        Ok(Names {
            payroll: [PAYROLL_PEOPLE.first_name.of(people)?, PAYROLL_PEOPLE.last_name.of(people)?],
            benifex: [
                of_user(USERS.first_name)?,
                of_user(USERS.last_name)?,
                of_user(USERS.preferred_name)?,
                of_user(USERS.local_name)?,
            ],
        })
    }

    pub(in crate::rules) fn on_payroll(&self, row: usize) -> Name<'_> {
        let [first, last] = self.payroll;
        (first.get(row), last.get(row))
    }

    pub(in crate::rules) fn in_benifex(&self, user: usize) -> Name<'_> {
        let [first, last, ..] = &self.benifex;
        (first.get(user), last.get(user))
    }

    /// Every name that the two sources tell, as they are compared.
    pub(in crate::rules) fn plain(&self, row: usize, user: usize) -> Vec<String> {
        let here = self.payroll.map(|part| part.get(row));
        let there = self.benifex.each_ref().map(|part| part.get(user));
        here.into_iter().chain(there).map(|part| part.map(folded).unwrap_or_default()).collect()
    }

    /// The best of first and last, preferred and last, and local name, in 1/10,000; it stops at `enough`. `None`: a
    /// source tells no name.
    pub(in crate::rules) fn likeness(&self, row: usize, user: usize, enough: u32) -> Option<u32> {
        let [_, _, preferred, local] = &self.benifex;
        let (here, there) = (self.on_payroll(row), self.in_benifex(user));
        if is_blank(here) {
            return None;
        }
        let others = [(preferred.get(user), there.1), (None, local.get(user))];
        let mut best = None;
        for variant in std::iter::once(there).chain(others).filter(|name| !is_blank(*name)) {
            best = best.max(Some(likeness(here, variant)));
            if best >= Some(enough) {
                break;
            }
        }
        best
    }
}

fn is_blank((first, last): Name<'_>) -> bool {
    [first, last].into_iter().flatten().all(|part| part.trim().is_empty())
}

/// Everybody whose id is somebody else's in Benifex.
pub(in crate::rules) fn reused(inputs: &Inputs<'_>, people: &People<'_>) -> PolarsResult<BTreeSet<u32>> {
    let born = PAYROLL_PEOPLE.dob.of(&inputs.payroll.people)?;
    let users = USERS.emp.of(inputs.users)?.into_no_null_iter().zip(USERS.dob.of(inputs.users)?.iter());
    let otherwise = users.enumerate().filter_map(|(user, (emp, there))| {
        let row = people.person.get(emp as usize)? as usize;
        let (here, there) = (born.get(row)?, there?);
        (here != there).then(|| (emp, row, user, swapped(here, there)))
    });
    let otherwise: Vec<_> = otherwise.collect();
    if otherwise.is_empty() {
        return Ok(BTreeSet::new());
    }
    let names = Names::new(inputs)?;
    let reused = otherwise.into_iter().filter(|(_, row, user, swapped)| strangers(&names, *row, *user, *swapped));
    Ok(reused.map(|(emp, ..)| emp).collect())
}

fn strangers(names: &Names<'_>, row: usize, user: usize, swapped: bool) -> bool {
    let (here, there) = (names.on_payroll(row), names.in_benifex(user));
    if here.1.is_none() || there.1.is_none() || surname_likeness(here, there) >= STRANGE {
        return false;
    }
    // Somebody who married and whose day and month were swapped keeps the given name.
    let same_given = likeness((here.0, None), (there.0, None)) >= STRANGE;
    names.likeness(row, user, STRANGE).is_some_and(|best| best < STRANGE) && !(swapped && same_given)
}

/// One date with day and month exchanged is the other.
pub(in crate::rules) fn swapped(a: i32, b: i32) -> bool {
    let (a, b) = (date(a), date(b));
    a.year() == b.year() && (a.month(), a.day()) == (b.day(), b.month())
}

/// Birth dates of both sources.
fn births(night: &Night<'_>, row: usize, user: usize) -> PolarsResult<Vec<String>> {
    let here = PAYROLL_PEOPLE.dob.of(&night.inputs.payroll.people)?.get(row);
    let both = [here, USERS.dob.of(night.inputs.users)?.get(user)];
    Ok(both.map(|day| day.map(|day| date(day).to_string()).unwrap_or_default()).to_vec())
}

/// ID06.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (emp, whose) in &night.people.exchanged {
        found.findings.push(exchanged(night, *emp, *whose)?);
    }
    let reused = night.in_state(PersonState::Reused);
    if reused.is_empty() {
        return Ok(());
    }
    let names = Names::new(night.inputs)?;
    for emp in reused {
        let (Some(row), Some(user)) = (night.person(emp), night.user(emp)) else { continue };
        let best = names.likeness(row, user, STRANGE).unwrap_or_default();
        let blank = night.finding(Code::ID06, Some(emp))?;
        found.findings.push(Finding {
            field: "employee_id".to_owned(),
            payroll_value: MASKED.to_owned(),
            system_value: format!("similarity {}", shown(best)),
            masked: fingerprint(&[names.plain(row, user), births(night, row, user)?].concat()),
            evidence: night
                .at_person(emp, "last_name")?
                .into_iter()
                .chain([night.at_user(emp, "lastName")?, night.at_user(emp, "dateOfBirth")?])
                .collect(),
            also: vec![Code::DE04, Code::DE05],
            sentence: format!(
                "Under this id payroll and Benifex have people with other names (similarity {}) and other birth dates: find \
                 out whose id it is, and give the other person an id of their own; nothing of it is compared or \
                 corrected until then.",
                shown(best)
            ),
            ..blank
        }
        .moved_by(Owner::Payroll));
    }
    Ok(())
}

/// Payroll has somebody else's row under the id, who is known.
fn exchanged(night: &Night<'_>, emp: u32, whose: u32) -> PolarsResult<Finding> {
    let blank = night.finding(Code::ID06, Some(emp))?;
    let whose_id = night.id(whose);
    Ok(Finding {
        field: "employee_id".to_owned(),
        payroll_value: "another employee's row".to_owned(),
        system_value: whose_id.to_owned(),
        evidence: night
            .at_person(whose, "last_name")?
            .into_iter()
            .chain([night.at_user(whose, "lastName")?, night.at_user(whose, "dateOfBirth")?])
            .collect(),
        sentence: format!(
            "Under this id payroll has the row of {whose_id}, by name and birth date in Benifex: correct the ids in the \
             system that has them wrong. Each row was compared as the one of its person; nothing is corrected until then."
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}
