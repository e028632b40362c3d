//! Where ids stand in a population, which is sorted by them.

use polars::prelude::StringChunked;

use crate::rules::lines::benefits::Benefits;

/// Where an id stands in the sorted population.
pub(in crate::rules) fn position(ids: &StringChunked, id: &str) -> Option<usize> {
    let (mut low, mut high) = (0, ids.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match ids.get(middle).unwrap_or_default().cmp(id) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return Some(middle),
        }
    }
    None
}

/// Rows of the records that one employee has of a benefit. `emps`: the employees of all records, sorted.
pub(super) fn records_of<'b>(
    benefits: &'b Benefits,
    emps: &'b [u32],
    emp: usize,
    benefit: &'b str,
) -> impl Iterator<Item = usize> + 'b {
    let first = emps.partition_point(|other| (*other as usize) < emp);
    let of_emp = (first..emps.len()).take_while(move |row| emps[*row] as usize == emp);
    of_emp.filter(move |row| benefits.keys.get(*row) == Some(benefit))
}

/// Where ids stand in the sorted population: quick where they are asked for in their order.
pub(in crate::rules) struct Positions<'p> {
    ids: &'p StringChunked,
    last: usize,
}

impl<'p> Positions<'p> {
    pub(in crate::rules) fn new(ids: &'p StringChunked) -> Positions<'p> {
        Positions { ids, last: 0 }
    }

    pub(in crate::rules) fn of(&mut self, id: &str) -> Option<usize> {
        let near = (self.last..self.ids.len()).take(2).find(|at| self.ids.get(*at) == Some(id));
        self.last = near.or_else(|| position(self.ids, id))?;
        Some(self.last)
    }
}
