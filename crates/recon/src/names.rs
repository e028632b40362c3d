//! What employees are called, for those who read a report.

use polars::prelude::PolarsResult;

use crate::snapshot::{POPULATION, Snapshot, USERS};
use crate::tables::payroll::{PAYROLL_PEOPLE, PayrollTables};

/// Employee id, first and last name: as payroll has them, then as Benifex has them, so that somebody may come twice.
pub fn names<'t>(
    payroll: &'t PayrollTables,
    snapshot: &'t Snapshot,
) -> PolarsResult<impl Iterator<Item = (&'t str, [Option<&'t str>; 2])>> {
    let (people, users) = (&payroll.people, &snapshot.users);
    let (first, last) = (PAYROLL_PEOPLE.first_name.of(people)?, PAYROLL_PEOPLE.last_name.of(people)?);
    let here = PAYROLL_PEOPLE.employee_id.of(people)?.iter().zip(first.iter().zip(last.iter()));
    let ids: Vec<Option<&str>> = POPULATION.employee_id.of(&snapshot.population)?.iter().collect();
    let (first, last) = (USERS.first_name.of(users)?, USERS.last_name.of(users)?);
    let there = USERS.emp.of(users)?.iter().map(move |emp| ids.get(emp? as usize).copied().flatten());
    let there = there.zip(first.iter().zip(last.iter()));
    Ok(here.chain(there).filter_map(|(id, (first, last))| Some((id?, [first, last]))))
}
