//! Employee ids as small integers. The snapshot's population gives each id its `emp`; payroll ids that the snapshot
//! does not hold follow behind, so that everybody has one.

use std::borrow::Cow;

use polars::prelude::*;

use crate::rules::timeline::positions::position;
use crate::snapshot::POPULATION;
use crate::tables::payroll::PAYROLL_PEOPLE;

/// Everybody of the night, by `emp`.
pub(in crate::rules) struct Ids<'a> {
    population: &'a StringChunked,
    strangers: Vec<&'a str>,
    /// Not needed where the population stands in order, as snapshots do, and case counts.
    by_id: Option<PlHashMap<Cow<'a, str>, u32>>,
    by_stranger: PlHashMap<Cow<'a, str>, u32>,
    fold_case: bool,
    /// `emp` of each row of payroll's people.
    pub(in crate::rules) of_person: Vec<u32>,
}

impl<'a> Ids<'a> {
    /// Looks each payroll id up once; everything after works with the integer.
    pub(in crate::rules) fn new(
        population: &'a DataFrame,
        people: &'a DataFrame,
        fold_case: bool,
    ) -> PolarsResult<Ids<'a>> {
        let population = POPULATION.employee_id.of(population)?;
        let by_id = (fold_case || !in_order(population)).then(|| hashed(population, fold_case));
        let (strangers, by_stranger) = (Vec::new(), PlHashMap::default());
        let mut ids = Ids { population, strangers, by_id, by_stranger, fold_case, of_person: Vec::new() };
        let mut of_person = Vec::with_capacity(people.height());
        let mut following = Following::default();
        for id in PAYROLL_PEOPLE.employee_id.of(people)?.iter() {
            let id = id.unwrap_or_default().trim();
            let near = if ids.by_id.is_none() { following.find(population, id) } else { None };
            of_person.push(match near {
                Some(emp) => emp,
                None => {
                    let emp = ids.find(id).unwrap_or_else(|| ids.add(id));
                    following.begin(emp);
                    emp
                }
            });
        }
        Ok(Ids { of_person, ..ids })
    }

    /// Everybody: the snapshot's population and the payroll ids that it does not hold.
    pub(in crate::rules) fn len(&self) -> usize {
        self.population.len() + self.strangers.len()
    }

    /// The `emp` of an employee id.
    pub(in crate::rules) fn find(&self, id: &str) -> Option<u32> {
        let known = match &self.by_id {
            Some(by_id) => by_id.get(&key(id, self.fold_case)).copied(),
            None => position(self.population, id.trim()).map(|at| at as u32),
        };
        known.or_else(|| self.by_stranger.get(&key(id, self.fold_case)).copied())
    }

    fn add(&mut self, stranger: &'a str) -> u32 {
        let emp = self.len() as u32;
        self.strangers.push(stranger);
        self.by_stranger.insert(key(stranger, self.fold_case), emp);
        emp
    }

    /// How many the snapshot holds.
    pub(in crate::rules) fn known(&self) -> usize {
        self.population.len()
    }

    /// The employee id, blanks around it taken off.
    pub(in crate::rules) fn text(&self, emp: u32) -> &'a str {
        match (emp as usize).checked_sub(self.population.len()) {
            Some(at) => self.strangers[at],
            None => self.population.get(emp as usize).unwrap_or_default().trim(),
        }
    }
}

/// Rows behind a sequence's last that are looked at: so many who are not on payroll may stand between two who are.
const LOOKED_AHEAD: usize = 4;

/// Payroll files mostly come in the order of the ids, or as two such sequences in each other (two kinds of ids):
/// whoever follows in the population is tried first.
#[derive(Default)]
struct Following {
    /// Where each sequence goes on, the older one first.
    sequences: [usize; 2],
}

impl Following {
    fn find(&mut self, population: &StringChunked, id: &str) -> Option<u32> {
        for next in &mut self.sequences {
            let ahead = *next..population.len().min(*next + LOOKED_AHEAD);
            if let Some(at) = { ahead }.find(|at| population.get(*at) == Some(id)) {
                *next = at + 1;
                return Some(at as u32);
            }
        }
        None
    }

    fn begin(&mut self, emp: u32) {
        self.sequences = [self.sequences[1], emp as usize + 1];
    }
}

/// Each id stands once, without blanks around it, and above the one before.
fn in_order(ids: &StringChunked) -> bool {
    let mut last = "";
    ids.iter().all(|id| {
        let id = id.unwrap_or_default();
        let above = last < id && id.trim().len() == id.len();
        last = id;
        above
    })
}

fn hashed(ids: &StringChunked, fold_case: bool) -> PlHashMap<Cow<'_, str>, u32> {
    let mut by_id: PlHashMap<Cow<'_, str>, u32> = PlHashMap::default();
    by_id.reserve(ids.len());
    by_id.extend((0_u32..).zip(ids.iter()).map(|(emp, id)| (key(id.unwrap_or_default(), fold_case), emp)));
    by_id
}

/// What makes two ids equal: blanks around them never count, their case does unless the job says otherwise.
fn key(id: &str, fold_case: bool) -> Cow<'_, str> {
    let id = id.trim();
    if fold_case { Cow::Owned(id.to_lowercase()) } else { Cow::Borrowed(id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_ids(population: [&str; 3], people: [&str; 3], fold_case: bool, expected: [u32; 3]) {
        let population = df!("employee_id" => population).expect("one column");
        let people = df!("employee_id" => people).expect("one column");
        let ids = Ids::new(&population, &people, fold_case).expect("text columns");
        assert_eq!(ids.of_person, expected);
    }

    #[test]
    fn leading_zeros_and_case_count_and_strangers_follow_behind() {
        check_ids(["00123", "123", "a7"], ["123", "00123", "A7"], false, [1, 0, 3]);
        check_ids(["00123", "123", "a7"], [" 00123 ", "A7", "new"], true, [0, 2, 3]);
    }

    #[test]
    fn an_order_of_the_population_or_of_payroll_does_not_matter() {
        check_ids(["a7", "00123", "123"], ["123", "a7", "00123"], false, [2, 0, 1]);
        check_ids(["00123", "123", "a7"], ["a7", "00123", " 123"], false, [2, 0, 1]);
        check_ids([" 5", "123", "a7"], ["5", "6", "a7"], false, [0, 3, 2]);
    }
}
