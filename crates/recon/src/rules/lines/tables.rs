//! The join of the night: payroll's deduction lines ⟗ Benifex's expected lines over (employee, benefit), one to one or
//! the run ends, with an explicit mark of who holds each line. Only small integers take part.

use polars::prelude::*;
use rayon::join;

use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::lines::pairing::paired;
use crate::rules::lines::schemes::Schemes;
use crate::rules::people::People;
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::settings::Settings;

/// Every line of the night. Columns: `emp`, `label`, `mark`, those of both sides (nulls filled), `cur` (payroll's
/// currency, else Benifex's), `mixed`, `per_year` (deductions), `tolerance` and `employer`, of the label.
pub(in crate::rules) fn lines(
    job: Settings<'_>,
    deducted: DataFrame,
    expected: DataFrame,
    people: &People<'_>,
    catalog: &Catalog<'_>,
    schemes: &Schemes,
    labels: &[Label],
) -> PolarsResult<DataFrame> {
    let mut all = paired(deducted, expected)?;
    let units = catalog.currencies.minor_units();
    let d = per_year_of(&all, people, schemes)?;
    let (tolerance, employer) = join(
        || {
            let unit = LINES.cur.of(&all)?.into_no_null_iter().map(|c| units[c as usize]);
            let tolerance = d.into_no_null_iter().zip(unit).map(|(d, unit)| tolerance(job, d) * unit);
            PolarsResult::Ok(LINES.tolerance.filled(tolerance))
        },
        || {
            let employer = LINES.label.of(&all)?.into_no_null_iter().map(|label| labels[label as usize].employer);
            PolarsResult::Ok(LINES.employer.filled(employer))
        },
    );
    all.hstack_mut(&[d.into_column(), tolerance?, employer?])?;
    // What reads them takes each column in one piece.
    all.rechunk_mut();
    Ok(all)
}

/// Deductions a year of each line.
fn per_year_of(all: &DataFrame, people: &People<'_>, schemes: &Schemes) -> PolarsResult<Int64Chunked> {
    let person = people.frame.select([EMPLOYEES.group.name, EMPLOYEES.pay_periods.name])?.take(LINES.emp.of(all)?)?;
    let codes: Vec<u32> = LINES.label.of(all)?.into_no_null_iter().collect();
    let per_year = schemes.of(EMPLOYEES.group.of(&person)?, &codes, EMPLOYEES.pay_periods.of(&person)?);
    let paydays = LINES.emp.of(all)?.into_no_null_iter().map(|emp| people.paydays[emp as usize]);
    let of_file = per_year.into_no_null_iter().zip(paydays).map(|(per_year, payday)| payday.of_file(per_year));
    Ok(Int64Chunked::from_iter_values(LINES.per_year.name.into(), of_file))
}

/// What a year is off by at most whose twelve months are each rounded by half a minor unit.
const MONTHS_ROUNDED_MINOR_UNITS: i64 = 6;

/// The tolerance of one deduction in minor units: τ₁ = 1 + ⌊6 / D⌋ (rules.md 2.1), or the job's.
fn tolerance(job: Settings<'_>, per_year: i64) -> i64 {
    match job.rules.amount_tolerance_minor_units {
        Some(units) => i64::from(units),
        None => 1 + MONTHS_ROUNDED_MINOR_UNITS.checked_div(per_year).unwrap_or_default(),
    }
}
