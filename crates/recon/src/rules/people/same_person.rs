//! Ids that payroll and Benifex have on one side only and that are one person's: by how they are written, or by name
//! and birth date where one system has changed its ids before the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::identity::reused::Names;
use crate::rules::people::names::{ONE_PERSON_MIN, likeness};
use crate::rules::people::person_state::bare;
use crate::rules::people::similar::folded;
use crate::rules::people::{People, mark, outcome};
use crate::rules::schema::EMPLOYEES;
use crate::snapshot::USERS;
use crate::tables::payroll::PAYROLL_PEOPLE;

/// People of one birth date on either side whose names are compared one by one.
const COMPARED_MAX: usize = 32;

/// Ids of one side, by what they have in common.
type Sides<K> = HashMap<K, (Vec<u32>, Vec<u32>)>;

/// Ids on one side only, and what they may be.
#[derive(Default)]
pub(in crate::rules) struct Near {
    /// ID05: payroll's `emp` → the other one.
    pub(in crate::rules) pairs: BTreeMap<u32, u32>,
    /// `emp` of people of one name and birth date: which is which, nobody says.
    pub(in crate::rules) namesakes: BTreeSet<u32>,
}

/// ID05: payroll ids that Benifex does not know, each with the only id that payroll does not know and that is, but for
/// how it is written, the same one, or else has the same person. An id that two others could be stays alone. `unused`:
/// of whom payroll may have a row that could not be used.
pub(in crate::rules) fn near_matches(
    inputs: &Inputs<'_>,
    people: &People<'_>,
    elsewhere: &BTreeSet<u32>,
    unused: &[bool],
) -> PolarsResult<Near> {
    let outcomes = EMPLOYEES.outcome.of(&people.frame)?.into_no_null_iter();
    let marks = EMPLOYEES.mark.of(&people.frame)?.into_no_null_iter();
    let (mut lost, mut found) = (Vec::new(), Vec::new());
    for ((emp, outcome), mark) in (0_u32..).zip(outcomes).zip(marks) {
        match (outcome, mark) {
            (outcome::NOT_FOUND, mark::PAYROLL_ONLY) if !elsewhere.contains(&emp) => lost.push(emp),
            (outcome::FOUND, mark::SERVICE_ONLY) => found.push(emp),
            _ => {}
        }
    }
    if lost.is_empty() || found.is_empty() {
        return Ok(Near::default());
    }
    let form = |emp: u32| Some(bare(people.ids.text(emp)));
    let by_form = sides(&lost, &found, form, form);
    let mut near = Near { pairs: only(&by_form).collect(), ..Near::default() };
    // What an id could be of how it is written goes before whose it is.
    let is_open = |emp: &u32| {
        let of_form = form(*emp).and_then(|form| by_form.get(&form));
        !unused[*emp as usize] && of_form.is_none_or(|(lost, found)| lost.is_empty() || found.is_empty())
    };
    lost.retain(is_open);
    found.retain(is_open);
    if !lost.is_empty() && !found.is_empty() {
        Persons::new(inputs, people)?.add_to(&mut near, lost, found);
    }
    Ok(near)
}

fn sides<K: Eq + std::hash::Hash>(
    lost: &[u32],
    found: &[u32],
    of_lost: impl Fn(u32) -> Option<K>,
    of_found: impl Fn(u32) -> Option<K>,
) -> Sides<K> {
    let mut sides: Sides<K> = HashMap::new();
    for emp in lost {
        if let Some(key) = of_lost(*emp) {
            sides.entry(key).or_default().0.push(*emp);
        }
    }
    for emp in found {
        if let Some(of_key) = of_found(*emp).and_then(|key| sides.get_mut(&key)) {
            of_key.1.push(*emp);
        }
    }
    sides
}

/// Those that are alone on both sides.
fn only<K>(sides: &Sides<K>) -> impl Iterator<Item = (u32, u32)> {
    sides.values().filter_map(|sides| match (&sides.0[..], &sides.1[..]) {
        ([payroll], [other]) => Some((*payroll, *other)),
        _ => None,
    })
}

/// Who the people of ids are, as each side tells.
struct Persons<'p> {
    people: &'p People<'p>,
    names: Names<'p>,
    born: [&'p Int32Chunked; 2],
    /// By `emp`.
    hired: [&'p Int32Chunked; 2],
    /// Who has left by the end of the period, as Benifex says.
    left: Vec<bool>,
}

impl<'p> Persons<'p> {
    fn new(inputs: &Inputs<'p>, people: &'p People<'p>) -> PolarsResult<Persons<'p>> {
        let (left, end) = (EMPLOYEES.left.of(&people.frame)?, EMPLOYEES.end.of(&people.frame)?);
        let has_left = |(left, end): (Option<i32>, Option<i32>)| left.zip(end).is_some_and(|(left, end)| left <= end);
        Ok(Persons {
            people,
            names: Names::new(inputs)?,
            born: [PAYROLL_PEOPLE.dob.of(&inputs.payroll.people)?, USERS.dob.of(inputs.users)?],
            hired: [EMPLOYEES.hire.of(&people.frame)?, EMPLOYEES.begin.of(&people.frame)?],
            left: left.iter().zip(end.iter()).map(has_left).collect(),
        })
    }

    /// Pairs of one birth date and name that nobody else on either side has. Who has left may be back under another id.
    fn add_to(&self, near: &mut Near, mut lost: Vec<u32>, mut found: Vec<u32>) {
        found.retain(|emp| !self.left[*emp as usize]);
        let plain = |(first, last): (Option<&str>, Option<&str>)| Some((folded(first?), folded(last?)));
        let of_lost = |emp: u32| Some((self.born_on_payroll(emp)?, plain(self.names.on_payroll(self.row(emp)?))?));
        let of_found = |emp: u32| Some((self.born_in_benifex(emp)?, plain(self.names.in_benifex(self.user(emp)?))?));
        let alike = sides(&lost, &found, of_lost, of_found);
        near.pairs.extend(only(&alike));
        let both = alike.values().filter(|sides| !sides.1.is_empty());
        let told: BTreeSet<u32> = both.flat_map(|sides| sides.0.iter().chain(&sides.1)).copied().collect();
        lost.retain(|emp| !told.contains(emp));
        found.retain(|emp| !told.contains(emp));
        near.namesakes = told;
        near.pairs.iter().for_each(|(payroll, other)| {
            near.namesakes.remove(payroll);
            near.namesakes.remove(other);
        });
        let born = sides(&lost, &found, |emp| self.born_on_payroll(emp), |emp| self.born_in_benifex(emp));
        for (lost, found) in born.values().filter(|sides| sides.0.len() * sides.1.len() <= COMPARED_MAX) {
            let mut of_lost: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for (payroll, other) in lost.iter().flat_map(|one| found.iter().map(move |other| (*one, *other))) {
                if self.is_one_person(payroll, other) {
                    of_lost.entry(payroll).or_default().push(other);
                }
            }
            let times = |other: u32| of_lost.values().flatten().filter(|one| **one == other).count();
            let only = |(payroll, others): (&u32, &Vec<u32>)| match others[..] {
                [other] if times(other) == 1 => Some((*payroll, other)),
                _ => None,
            };
            near.pairs.extend(of_lost.iter().filter_map(only));
        }
    }

    /// Of two of one birth date. Who married was hired on the same day.
    fn is_one_person(&self, payroll: u32, other: u32) -> bool {
        let rows = self.row(payroll).zip(self.user(other));
        rows.is_some_and(|(row, user)| {
            let (here, there) = (self.names.on_payroll(row), self.names.in_benifex(user));
            let given = likeness((here.0, None), (there.0, None));
            let hired = self.hired[0].get(payroll as usize);
            let is_hired_then = hired.is_some() && hired == self.hired[1].get(other as usize);
            let is_one_name = || self.names.likeness(row, user, ONE_PERSON_MIN) >= Some(ONE_PERSON_MIN);
            here.0.is_some() && there.0.is_some() && given >= ONE_PERSON_MIN && (is_hired_then || is_one_name())
        })
    }

    fn row(&self, emp: u32) -> Option<usize> {
        self.people.person.get(emp as usize).map(|row| row as usize)
    }

    fn user(&self, emp: u32) -> Option<usize> {
        self.people.user.get(emp as usize).map(|row| row as usize)
    }

    fn born_on_payroll(&self, emp: u32) -> Option<i32> {
        self.born[0].get(self.row(emp)?)
    }

    fn born_in_benifex(&self, emp: u32) -> Option<i32> {
        self.born[1].get(self.user(emp)?)
    }
}
