//! What the service shows of the people on payroll: a service in trouble may answer, and with less than it has.

use polars::prelude::PolarsResult;

use crate::rules::lines::expected::is_live;
use crate::rules::night::Night;
use crate::rules::schema::LINES;
use crate::snapshot::BENEFITS;
use crate::tables::column::{Column, Number};
use tieout_model::control::Covers;

/// By pay group; `of_emp`: each employee's.
pub(super) fn covers(night: &Night<'_>, of_emp: &[usize], groups: usize) -> PolarsResult<Vec<Covers>> {
    let mut covers = vec![Covers::default(); groups];
    let benefits = night.inputs.benefits;
    let prices = [BENEFITS.ee_annual, BENEFITS.ee_monthly, BENEFITS.er_annual, BENEFITS.er_monthly];
    let [a, b, c, d] = prices.map(|price| price.of(&benefits.frame));
    let prices = [a?, b?, c?, d?];
    let live = benefits.statuses.numbered(|text| u32::from(is_live(night.inputs.job, text)));
    let mut last = None;
    for (row, emp) in BENEFITS.emp.of(&benefits.frame)?.into_no_null_iter().enumerate() {
        let priced = live[row] == 1 && prices.iter().any(|price| price.get(row).is_some_and(|amount| amount != 0));
        // Rows of one benefit are neighbours.
        let key = Some((emp, benefits.keys.get(row)));
        if priced && key != last && night.person(emp).is_some() {
            covers[of_emp[emp as usize]].known += 1;
            last = key;
        }
    }
    let all = &night.placed;
    let amount = |column: Column<Number>| PolarsResult::Ok(column.of(all)?.into_no_null_iter());
    let owners = LINES.emp.of(all)?.into_no_null_iter().zip(LINES.label.of(all)?.into_no_null_iter());
    let taken = amount(LINES.employee_taken)?.zip(amount(LINES.employer_taken)?);
    let due = amount(LINES.employee_due)?.zip(amount(LINES.employer_due)?);
    for (((emp, label), taken), due) in owners.zip(taken).zip(due) {
        let is_benefit = !night.catalog.labels.text(label).starts_with('(') && night.oyster_of(label).is_none();
        let without = is_benefit && taken != (0, 0) && due == (0, 0);
        covers[of_emp[emp as usize]].taken_without += u64::from(without);
    }
    Ok(covers)
}
