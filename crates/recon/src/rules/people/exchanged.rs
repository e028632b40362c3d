//! Employees under whose ids payroll has the rows of each other, as a column that slipped makes it, or two ids that
//! were exchanged. By name and birth date each row is somebody's whose own id stands at another of these rows; what is
//! judged of an employee is the employee's own row.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;
use rayon::prelude::*;

use crate::rules::Inputs;
use crate::rules::identity::reused::Names;
use crate::rules::people::ids::Ids;
use crate::rules::people::names::{ONE_PERSON_MIN, likeness};
use crate::rules::people::similar::folded;
use crate::snapshot::USERS;
use crate::tables::payroll::PAYROLL_PEOPLE;

/// People of one birth date who are compared one by one.
const COMPARED_MAX: usize = 32;

/// Of each such `emp`, whose row stands under the id. `person`: the row of each on payroll.
pub(in crate::rules) fn exchanged(
    inputs: &Inputs<'_>,
    ids: &Ids<'_>,
    person: &IdxCa,
) -> PolarsResult<BTreeMap<u32, u32>> {
    let unlike = unlike(inputs, person)?;
    if unlike.len() < 2 {
        return Ok(BTreeMap::new());
    }
    let names = Names::new(inputs)?;
    let mut by_birth: BTreeMap<i32, Vec<&Unlike>> = BTreeMap::new();
    for one in &unlike {
        by_birth.entry(one.born_in_benifex).or_default().push(one);
    }
    let is_one = |row: usize, user: usize| {
        let (here, there) = (names.on_payroll(row), names.in_benifex(user));
        let given = likeness((here.0, None), (there.0, None));
        given >= ONE_PERSON_MIN && names.likeness(row, user, ONE_PERSON_MIN) >= Some(ONE_PERSON_MIN)
    };
    let whose = |one: &Unlike| {
        let alike = by_birth.get(&one.born_on_payroll).filter(|alike| alike.len() <= COMPARED_MAX)?;
        let mut found = alike.iter().filter(|other| is_one(one.row, other.user));
        let first = found.next()?;
        (found.next().is_none() && first.emp != one.emp).then_some((one.emp, first.emp))
    };
    let whose: BTreeMap<u32, u32> = unlike.par_iter().filter_map(whose).collect();
    let rows: BTreeMap<u32, usize> = unlike.iter().map(|one| (one.emp, one.row)).collect();
    let known_elsewhere = named_beside_the_rows(inputs, ids);
    let is_told = |emp: &u32| !known_elsewhere.contains(emp);
    let people = &inputs.payroll.people;
    let [start, end] = [PAYROLL_PEOPLE.period_start.of(people)?, PAYROLL_PEOPLE.period_end.of(people)?];
    let period = |emp: &u32| {
        let row = rows[emp];
        (start.get(row), end.get(row), inputs.payroll.words.pay_group.get(row).map(str::trim))
    };
    let mut exchanged = BTreeMap::new();
    for emp in whose.keys() {
        let ring = ring(&whose, *emp);
        let is_sound = !ring.is_empty() && ring.iter().all(|one| is_told(one) && period(one) == period(emp));
        exchanged.extend(ring.into_iter().filter(|_| is_sound).map(|one| (one, whose[&one])));
    }
    Ok(exchanged)
}

/// The employees from one on, each the one whose row the one before has, if that leads back to the first; else none.
fn ring(whose: &BTreeMap<u32, u32>, first: u32) -> Vec<u32> {
    let mut ring = vec![first];
    loop {
        match whose.get(&ring[ring.len() - 1]) {
            Some(next) if *next == first => return ring,
            Some(next) if ring.len() < whose.len() => ring.push(*next),
            _ => return Vec::new(),
        }
    }
}

/// Somebody whose row is not of the person that Benifex has under the id.
struct Unlike {
    emp: u32,
    row: usize,
    user: usize,
    born_on_payroll: i32,
    born_in_benifex: i32,
}

/// Everybody whose birth date is another one, or whose given name where it is not.
fn unlike(inputs: &Inputs<'_>, person: &IdxCa) -> PolarsResult<Vec<Unlike>> {
    let (people, users) = (&inputs.payroll.people, inputs.users);
    let (given, born) = (PAYROLL_PEOPLE.first_name.of(people)?, PAYROLL_PEOPLE.dob.of(people)?);
    // Benifex's texts come in pieces: they are walked, not looked up.
    let there = USERS.dob.of(users)?.iter().zip(USERS.first_name.of(users)?.iter());
    let users = USERS.emp.of(users)?.into_no_null_iter().zip(there).enumerate();
    let unlike = users.filter_map(|(user, (emp, (born_there, given_there)))| {
        let row = person.get(emp as usize)? as usize;
        let (born_on_payroll, born_in_benifex) = (born.get(row)?, born_there?);
        let is_unlike = born_on_payroll != born_in_benifex
            || given
                .get(row)
                .zip(given_there)
                .is_some_and(|(a, b)| !a.eq_ignore_ascii_case(b) && folded(a) != folded(b));
        is_unlike.then_some(Unlike { emp, row, user, born_on_payroll, born_in_benifex })
    });
    Ok(unlike.collect())
}

/// Of whom payroll says something beside the rows of its people, or whose id was another person's in Benifex before.
fn named_beside_the_rows(inputs: &Inputs<'_>, ids: &Ids<'_>) -> BTreeSet<u32> {
    let payroll = inputs.payroll;
    let rejected = payroll.rejects.iter().map(|reject| reject.employee_id.as_str());
    let aside = payroll.set_aside.iter().map(|aside| aside.employee_id.as_str());
    let amounts = payroll.row_amounts.iter().map(|row| row.employee_id.as_str());
    let keyed = payroll.periods_of.keys().chain(payroll.left_beside.keys()).chain(payroll.gross_beside.keys());
    let others = inputs.prior.iter().flat_map(|prior| prior.others.iter());
    let named = rejected.chain(aside).chain(amounts).chain(keyed.chain(others).map(String::as_str));
    named.filter_map(|id| ids.find(id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_leads_back_to_the_first_is_in_a_ring() {
        let whose = BTreeMap::from([(1, 2), (2, 3), (3, 1), (4, 1), (5, 6)]);
        assert_eq!(ring(&whose, 2), [2, 3, 1]);
        assert_eq!([ring(&whose, 4), ring(&whose, 5)], [Vec::<u32>::new(), Vec::new()]);
    }
}
