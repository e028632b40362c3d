//! Employees of whom a file holds several pay periods.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// By an employee's first row, where the rows are of several periods: the last day of each.
#[derive(Debug, Default)]
pub(super) struct Periods {
    ends: BTreeMap<u32, Vec<NaiveDate>>,
}

impl Periods {
    /// Notes the last day of a further row's period. `first`: that of the employee's first row.
    pub fn note(&mut self, row: u32, first: Option<NaiveDate>, further: Option<NaiveDate>) {
        let (Some(first), Some(further)) = (first, further) else { return };
        if let Some(ends) = self.ends.get_mut(&row) {
            if !ends.contains(&further) {
                ends.push(further);
            }
        } else if first != further {
            self.ends.insert(row, vec![first, further]);
        }
    }

    /// The first row of each employee with several periods, and how many they are.
    pub fn several(&self) -> impl Iterator<Item = (u32, u32)> {
        self.ends.iter().map(|(row, ends)| (*row, u32::try_from(ends.len()).unwrap_or(u32::MAX)))
    }
}
