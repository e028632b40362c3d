//! What employees are called, for those who read a report.

use polars::prelude::{DataFrame, PolarsResult, StringChunked};

use crate::snapshot::Snapshot;
use crate::tables::payroll::PayrollTables;

/// Employee id, first and last name: as payroll has them, then as Benifex has them, so that somebody may come twice.
pub fn names<'t>(
    payroll: &'t PayrollTables,
    snapshot: &'t Snapshot,
) -> PolarsResult<impl Iterator<Item = (&'t str, [Option<&'t str>; 2])>> {
    let (people, users) = (&payroll.people, &snapshot.users);
    let here = texts(people, "employee_id")?.iter();
    let here = here.zip(texts(people, "first_name")?.iter().zip(texts(people, "last_name")?.iter()));
    let ids: Vec<Option<&str>> = texts(&snapshot.population, "employee_id")?.iter().collect();
    let there = users.column("emp")?.u32()?.iter().map(move |emp| ids.get(emp? as usize).copied().flatten());
    let there = there.zip(texts(users, "first_name")?.iter().zip(texts(users, "last_name")?.iter()));
    Ok(here.chain(there).filter_map(|(id, (first, last))| Some((id?, [first, last]))))
}

fn texts<'t>(frame: &'t DataFrame, name: &str) -> PolarsResult<&'t StringChunked> {
    frame.column(name)?.str()
}
