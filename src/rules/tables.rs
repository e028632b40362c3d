//! The join of the night: payroll's deduction lines ⟗ Benifex's expected lines over (employee, benefit), one to one or
//! the run ends, with an explicit mark of who holds each line. Only small integers take part.

use polars::prelude::*;

use super::columns::{number_of, numbers};
use super::dictionary::BLANK;
use super::expected::{EXPECTED, NEVER};
use super::people::{People, mark};
use super::words::{Label, PerYear, Words};
use crate::job::Job;

/// Columns that the join takes from payroll's side, beside the key.
const DEDUCTED: [&str; 8] = ["a", "s", "pay_cur", "dup", "pay_rows", "pay_row", "pay_slot", "pay_mixed"];

/// Every line of the night. Columns: `emp`, `label`, `mark`, those of both sides (nulls filled), `cur` (payroll's
/// currency, else Benifex's), `mixed`, `tau` (tolerance), `over_ee`, `over_er` (beyond it), the person's (`state` aside)
/// and the label's: `ignored`, `mapped`, `employer`.
pub(super) fn lines(
    job: &Job,
    deducted: &DataFrame,
    expected: &DataFrame,
    people: &People<'_>,
    words: &Words<'_>,
    per_year: &PerYear,
    labels: &[Label],
) -> PolarsResult<DataFrame> {
    let joined = join(deducted, expected, words)?;
    let emp = numbers(&joined, "emp")?.clone();
    let label = numbers(&joined, "label")?.clone();
    let person =
        people.frame.select(["mark", "group", "pay_periods", "leaver", "leave", "start", "end"])?.take(&emp)?;
    let codes: Vec<u32> = label.into_no_null_iter().collect();
    let d = per_year.of(numbers(&person, "group")?, &codes, person.column("pay_periods")?.i64()?);
    let units = words.currencies.minor_units();
    let unit = numbers(&joined, "cur")?.into_no_null_iter().map(|c| units[c as usize]);
    let unit = Int64Chunked::from_iter_values("unit".into(), unit);
    let mut all = joined.drop("d")?;
    all.hstack_mut(&[d.into_column(), unit.into_column()])?;
    all.hstack_mut(of_labels(labels)?.take(&label)?.columns())?;
    all.hstack_mut(person.drop_many(["group", "pay_periods", "mark"]).columns())?;
    let on_payroll = numbers(&person, "mark")?.into_no_null_iter().map(|m| m == mark::BOTH || m == mark::LEFT_ONLY);
    let on_payroll: BooleanChunked = on_payroll.collect();
    all.hstack_mut(&[on_payroll.with_name("on_payroll".into()).into_column()])?;
    compared(all, job)
}

fn join(deducted: &DataFrame, expected: &DataFrame, words: &Words<'_>) -> PolarsResult<DataFrame> {
    // Integer division drops the rest, so a key leads back to its parts.
    let labels = lit(words.labels.len() as i64);
    // A slot is one of the currencies that a benefit has for one person.
    let slots = lit(words.currencies.len() as i64);
    let key = |slot: &str| {
        let pair = col("emp").cast(DataType::Int64) * labels.clone() + col("label").cast(DataType::Int64);
        (pair * slots.clone() + col(slot).cast(DataType::Int64)).alias("key")
    };
    let left = deducted.clone().lazy().with_column(key("pay_slot")).select(with_key(&DEDUCTED));
    let right_columns: Vec<&str> = EXPECTED.into_iter().chain(["bx_mixed"]).collect();
    let right = expected.clone().lazy().with_column(key("bx_slot")).select(with_key(&right_columns));
    let args = JoinArgs {
        validation: JoinValidation::OneToOne,
        coalesce: JoinCoalesce::CoalesceColumns,
        ..JoinArgs::new(JoinType::Full)
    };
    let both = left.join(right, [col("key")], [col("key")], args);
    let (has_pay, has_bx) = (col("a").is_not_null(), col("e").is_not_null());
    let who = when(has_pay.clone().and(has_bx.clone()))
        .then(lit(mark::BOTH))
        .when(has_pay)
        .then(lit(mark::LEFT_ONLY))
        .otherwise(lit(mark::RIGHT_ONLY));
    let pair = col("key") / slots;
    both.with_columns([
        number_of(who, "mark"),
        (pair.clone() / labels.clone()).cast(DataType::UInt32).alias("emp"),
        (pair.clone() - pair / labels.clone() * labels.clone()).cast(DataType::UInt32).alias("label"),
        col("pay_mixed").fill_null(lit(false)).or(col("bx_mixed").fill_null(lit(false))).alias("mixed"),
    ])
    .with_columns(filled())
    .with_column(when(col("pay_cur").neq(lit(BLANK))).then(col("pay_cur")).otherwise(col("bx_cur")).alias("cur"))
    .drop(cols(["key", "pay_mixed", "bx_mixed", "pay_slot", "bx_slot"]))
    .collect()
}

fn with_key(columns: &[&str]) -> Vec<Expr> {
    std::iter::once("key").chain(columns.iter().copied()).map(col).collect()
}

/// What a side says where it has no line.
fn filled() -> Vec<Expr> {
    let amounts = ["a", "s", "e", "r", "d"].map(|name| col(name).fill_null(lit(0_i64)));
    let numbers = ["pay_cur", "ee_cur", "er_cur", "bx_cur", "pay_rows", "bx_rows", "pay_row", "bx_row"]
        .map(|name| col(name).fill_null(lit(0_u32)));
    let flags = ["dup", "live", "on", "bad", "unknown", "uneven", "begins"].map(|name| col(name).fill_null(lit(false)));
    let days = [col("changed").fill_null(lit(NEVER))];
    amounts.into_iter().chain(numbers).chain(flags).chain(days).collect()
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
fn compared(lines: DataFrame, job: &Job) -> PolarsResult<DataFrame> {
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
