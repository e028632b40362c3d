//! EN06: by one source somebody is employed, by the other one no more. Nothing is built on it until it is settled; two
//! leave dates that differ are DE07.

use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::people::date;
use crate::rules::people::person_state::PersonState;
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::Found;
use crate::snapshot::USERS;
use crate::tables::column::{Column, PlainDay};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

/// EN06.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let conflicts = EMPLOYEES.conflict.of(&night.people.frame)?.iter();
    let concerned = (0_u32..).zip(conflicts).filter(|(_, conflict)| *conflict == Some(true)).map(|(emp, _)| emp);
    for emp in
        concerned.filter(|emp| night.states.get(*emp) == PersonState::Judged && !night.links.ambiguous.contains(emp))
    {
        found.findings.push(conflict(night, emp)?);
    }
    Ok(())
}

fn conflict(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let day = |column: Column<PlainDay>| PolarsResult::Ok(column.of(&night.people.frame)?.get(emp as usize).map(date));
    let (here, there) = (day(EMPLOYEES.term)?, day(EMPLOYEES.left)?);
    let status = night.user_text(emp, USERS.employment_status)?.unwrap_or_default();
    let said = match (here, there) {
        (Some(left), _) => format!("By payroll the employee left on {left}, by Benifex the status is {status}"),
        (None, Some(left)) => format!("By Benifex the employee left on {left} ({status}), by payroll nobody left"),
        (None, None) => format!("By Benifex the status is {status}, but payroll deducts and has no leave date"),
    };
    let blank = night.finding(Code::EN06, Some(emp))?;
    Ok(Finding {
        field: "employment_status".to_owned(),
        payroll_value: here.map_or_else(|| "employed".to_owned(), |left| format!("left on {left}")),
        system_value: there.map_or_else(|| status.to_owned(), |left| format!("{status}, left on {left}")),
        evidence: night
            .at_person(emp, "term_date")?
            .into_iter()
            .chain([night.at_user(emp, "employmentStatus")?])
            .collect(),
        also: if here == there { Vec::new() } else { vec![Code::DE07] },
        sentence: format!("{said}: find out which is right and correct the other; until then no benefit is judged."),
        ..blank
    }
    .moved_by(Owner::Payroll))
}
