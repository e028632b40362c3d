//! The join of the night: payroll's deduction lines ⟗ Benifex's expected lines over (employee, benefit), one to one or
//! the run ends, with an explicit mark of who holds each line. Only small integers take part.

use polars::prelude::*;

use crate::rules::columns::numbers;
use crate::rules::pairing::paired;
use crate::rules::people::{People, mark};
use crate::rules::words::{Label, PerYear, Words};
use crate::settings::Settings;
use tieout_model::side::side_by_side;

/// Every line of the night. Columns: `emp`, `label`, `mark`, those of both sides (nulls filled), `cur` (payroll's
/// currency, else Benifex's), `mixed`, `tau` (tolerance), `over_ee`, `over_er` (beyond it), the person's (`state` aside)
/// and the label's: `ignored`, `mapped`, `employer`.
pub(super) fn lines(
    job: Settings<'_>,
    deducted: DataFrame,
    expected: DataFrame,
    people: &People<'_>,
    words: &Words<'_>,
    per_year: &PerYear,
    labels: &[Label],
) -> PolarsResult<DataFrame> {
    let mut all = paired(deducted, expected, people.ids.len())?;
    let units = words.currencies.minor_units();
    let (known, of_line) = side_by_side(
        || people.frame.select(["leaver", "leave", "start", "end"])?.take(numbers(&all, "emp")?),
        || {
            let unit = numbers(&all, "cur")?.into_no_null_iter().map(|c| units[c as usize]);
            let mut columns = of_labels(labels)?.take(numbers(&all, "label")?)?;
            columns.hstack_mut(&[Int64Chunked::from_iter_values("unit".into(), unit).into_column()])?;
            columns.hstack_mut(&of_person(&all, people, per_year)?)?;
            PolarsResult::Ok(columns)
        },
    );
    all.hstack_mut(known?.columns())?;
    all.hstack_mut(of_line?.columns())?;
    compared(all, job)
}

/// `d`, the deductions a year, and `on_payroll`. The columns that are gathered for them alone are gone when it returns:
/// what follows is as large again.
fn of_person(all: &DataFrame, people: &People<'_>, per_year: &PerYear) -> PolarsResult<[Column; 2]> {
    let person = people.frame.select(["mark", "group", "pay_periods"])?.take(numbers(all, "emp")?)?;
    let codes: Vec<u32> = numbers(all, "label")?.into_no_null_iter().collect();
    let d = per_year.of(numbers(&person, "group")?, &codes, person.column("pay_periods")?.i64()?);
    let on_payroll = numbers(&person, "mark")?.into_no_null_iter().map(|m| m == mark::BOTH || m == mark::LEFT_ONLY);
    let on_payroll: BooleanChunked = on_payroll.collect();
    Ok([d.into_column(), on_payroll.with_name("on_payroll".into()).into_column()])
}

fn of_labels(labels: &[Label]) -> PolarsResult<DataFrame> {
    let column = |name: &str, flag: fn(&Label) -> bool| {
        let flags: BooleanChunked = labels.iter().map(flag).collect();
        flags.with_name(name.into()).into_column()
    };
    super::columns::frame(vec![
        column("ignored", |l| l.ignored.is_some()),
        column("mapped", |l| l.mapped),
        column("employer", |l| l.employer),
    ])
}

/// Adds the tolerance τ₁ = 1 + ⌊6 / D⌋ minor units (rules.md 2.1), or the job's, and which side lies beyond it.
fn compared(lines: DataFrame, job: Settings<'_>) -> PolarsResult<DataFrame> {
    let minor_units = match job.rules.amount_tolerance_minor_units {
        Some(units) => lit(i64::from(units)),
        None => lit(1_i64) + (lit(6_i64) / col("d")).fill_null(lit(0_i64)),
    };
    lines
        .lazy()
        .with_column((minor_units * col("unit")).alias("tau"))
        .with_columns([
            (col("a") - col("e")).abs().gt(col("tau")).alias("over_ee"),
            (col("s") - col("r")).abs().gt(col("tau")).and(col("employer")).alias("over_er"),
        ])
        .drop(cols(["unit"]))
        .collect()
}
