//! Employee ids as small integers. The snapshot's population gives each id its `emp`; payroll ids that the snapshot
//! does not hold follow behind, so that everybody has one.

use std::borrow::Cow;

use polars::prelude::*;

use super::columns::texts;

/// Everybody of the night, by `emp`.
pub(super) struct Ids<'a> {
    population: &'a StringChunked,
    strangers: Vec<&'a str>,
    by_id: PlHashMap<Cow<'a, str>, u32>,
    fold_case: bool,
    /// `emp` of each row of payroll's people.
    pub(super) of_person: Vec<u32>,
}

impl<'a> Ids<'a> {
    /// Looks each payroll id up once; everything after works with the integer.
    pub(super) fn new(population: &'a DataFrame, people: &'a DataFrame, fold_case: bool) -> PolarsResult<Ids<'a>> {
        let population = texts(population, "employee_id")?;
        let mut by_id: PlHashMap<Cow<'a, str>, u32> = PlHashMap::default();
        by_id.reserve(population.len());
        for (emp, id) in (0_u32..).zip(population.iter()) {
            by_id.insert(key(id.unwrap_or_default(), fold_case), emp);
        }
        let mut strangers = Vec::new();
        let mut of_person = Vec::with_capacity(people.height());
        for id in texts(people, "employee_id")?.iter() {
            let id = id.unwrap_or_default();
            let emp = *by_id.entry(key(id, fold_case)).or_insert_with(|| {
                strangers.push(id.trim());
                (population.len() + strangers.len() - 1) as u32
            });
            of_person.push(emp);
        }
        Ok(Ids { population, strangers, by_id, fold_case, of_person })
    }

    /// Everybody: the snapshot's population and the payroll ids that it does not hold.
    pub(super) fn len(&self) -> usize {
        self.population.len() + self.strangers.len()
    }

    /// The `emp` of an employee id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(&key(id, self.fold_case)).copied()
    }

    /// How many the snapshot holds.
    pub(super) fn known(&self) -> usize {
        self.population.len()
    }

    /// The employee id, blanks around it taken off.
    pub(super) fn text(&self, emp: u32) -> &'a str {
        match (emp as usize).checked_sub(self.population.len()) {
            Some(at) => self.strangers[at],
            None => self.population.get(emp as usize).unwrap_or_default().trim(),
        }
    }
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
}
