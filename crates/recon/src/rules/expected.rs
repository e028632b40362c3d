//! What Benifex says is due in the period: employee amount E and employer amount R of each benefit, by integer
//! arithmetic. A benefit that is not live, or that cannot be read, priced or named in a currency, is due nothing here.

use polars::prelude::*;

use crate::rules::benefits::Benefits;
use crate::rules::columns::{counts, days, frame, number_of, numbers, numbers_from, texts};
use crate::rules::dictionary::{ALIEN, BLANK};
use crate::rules::words::{PerYear, Words};
use crate::settings::Settings;
use tieout_model::coded::Coded;
use tieout_model::terms::BenefitStatus;

/// Classes of a benefit status as numbers; 0 = no map knows it.
mod class {
    pub const UNKNOWN: u32 = 0;
    pub const LIVE: u32 = 1;
    pub const OTHER: u32 = 2;
}

/// The day of "never", before every date.
pub(super) const NEVER: i32 = i32::MIN;

/// Columns of [`expected`], beside `emp` and `label`.
pub(super) const EXPECTED: [&str; 16] = [
    "e",       // due of the employee
    "r",       // due of the employer
    "ee_cur",  // currency of `e`
    "er_cur",  // currency of `r`
    "bx_cur",  // the first currency that the benefit names
    "live",    // in force in the period
    "on",      // status says in force, whenever it begins
    "bad",     // a field that could not be read, or an unmapped status
    "unknown", // an amount without a known currency
    "uneven",  // two currencies in one benefit
    "begins",  // cover begins inside the period
    "changed", // day of the last change
    "d",       // deductions a year, 0 = unknown
    "bx_rows", // rows of the snapshot in it
    "bx_row",  // the row to show: the first live one, else the first
    "bx_slot",
];

/// Encodes benefits: labels and currencies get their numbers. Separate from [`expected`], for the number of deductions a
/// year is looked up by label once every label is known.
pub(super) struct Encoded {
    labels: Vec<u32>,
    currencies: [Vec<u32>; 3],
}

impl Encoded {
    pub(super) fn new(benefits: &Benefits, words: &mut Words<'_>) -> Encoded {
        let [employee, employer, cost] = &benefits.currencies;
        let currencies = [employee, employer, cost].map(|column| column.numbered(|text| words.currencies.number(text)));
        Encoded { labels: benefits.keys.numbered(|text| words.labels.number(text)), currencies }
    }

    /// Gives the rows of one label another one, where there are any.
    pub(super) fn relabel(&mut self, label: u32, other: impl FnOnce() -> u32) {
        if self.labels.contains(&label) {
            let other = other();
            self.labels.iter_mut().filter(|l| **l == label).for_each(|l| *l = other);
        }
    }
}

/// One row an employee and benefit (and currency, where a service contradicts itself), sorted by `emp`, `label`. `emp` is
/// tonight's number of each row's employee; `people` has one row an `emp`.
pub(super) fn expected(
    job: Settings<'_>,
    benefits: &Benefits,
    emp: Vec<u32>,
    people: &DataFrame,
    encoded: Encoded,
    units: &[i64],
    per_year: &PerYear,
) -> PolarsResult<DataFrame> {
    let emp = UInt32Chunked::from_vec("emp".into(), emp);
    let person = people.select(["group", "pay_periods", "start", "end"])?.take(&emp)?;
    let d = per_year.of(numbers(&person, "group")?, &encoded.labels, counts(&person, "pay_periods")?);
    let unit = |name: &str, currency: &[u32]| {
        Int64Chunked::from_iter_values(name.into(), currency.iter().map(|c| units[*c as usize])).into_column()
    };
    let [ee_cur, er_cur, cost_cur] = encoded.currencies;
    let Benefits { frame: benefits, statuses, .. } = benefits;
    let mut columns = vec![
        emp.into_column(),
        numbers_from("label", encoded.labels),
        numbers_from("class", classes(job, statuses)),
        days(benefits, "effective_from")?.clone().into_column(),
        days(benefits, "change_date")?.clone().into_column(),
        texts(benefits, "faults")?.is_not_null().with_name("faulty".into()).into_column(),
        unit("ee_unit", &ee_cur),
        unit("er_unit", &er_cur),
        numbers_from("ee_cur", ee_cur),
        numbers_from("er_cur", er_cur),
        numbers_from("cost_cur", cost_cur),
        numbers_from("bx_row", (0..benefits.height() as u32).collect()),
        d.into_column(),
        person.column("start")?.clone(),
        person.column("end")?.clone(),
    ];
    for name in ["ee_annual", "ee_monthly", "er_annual", "er_monthly"] {
        columns.push(benefits.column(name)?.clone());
    }
    one_row_each(judged(frame(columns)?)?)
}

/// Status as written, trimmed, in any case → class.
fn classes(job: Settings<'_>, statuses: &Coded) -> Vec<u32> {
    statuses.numbered(|text| match job.benifex.benefit_status.get(&text.trim().to_lowercase()) {
        Some(BenefitStatus::Live) => class::LIVE,
        Some(BenefitStatus::Pending | BenefitStatus::Ended) => class::OTHER,
        None => class::UNKNOWN,
    })
}

fn judged(raw: DataFrame) -> PolarsResult<DataFrame> {
    let day = |name: &str| col(name);
    let there =
        |side: &str| col(format!("{side}_annual")).is_not_null().or(col(format!("{side}_monthly")).is_not_null());
    let nameless = |side: &str| col(format!("{side}_cur")).eq(lit(BLANK)).and(there(side));
    let alien = |name: &str| col(name).eq(lit(ALIEN));
    let differs = |name: &str| col(name).neq(lit(BLANK)).and(col(name).neq(col("bx_cur")));
    raw.lazy()
        .with_columns([
            col("class").eq(lit(class::LIVE)).alias("on"),
            col("faulty").or(col("class").eq(lit(class::UNKNOWN))).alias("bad"),
            alien("ee_cur")
                .or(alien("er_cur"))
                .or(alien("cost_cur"))
                .or(nameless("ee"))
                .or(nameless("er"))
                .alias("unknown"),
            first_of(["ee_cur", "er_cur", "cost_cur"]).alias("bx_cur"),
            day("change_date").fill_null(lit(NEVER)).alias("changed"),
            day("effective_from")
                .gt(col("start"))
                .and(day("effective_from").lt_eq(col("end")))
                .fill_null(lit(false))
                .alias("begins"),
        ])
        .with_columns([
            col("on").and(day("effective_from").lt_eq(col("end")).fill_null(lit(true))).alias("live"),
            differs("ee_cur").or(differs("er_cur")).or(differs("cost_cur")).alias("uneven"),
        ])
        .with_columns([
            due("ee", "e"),
            due("er", "r"),
            number_of(lit(1_u32), "bx_rows"),
            number_of(lit(0_u32), "bx_slot"),
            lit(false).alias("bx_mixed"),
        ])
        .select(["emp", "label"].into_iter().chain(EXPECTED).chain(["bx_mixed"]).map(col).collect::<Vec<_>>())
        .collect()
}

/// The first that is not blank.
fn first_of(names: [&str; 3]) -> Expr {
    let [a, b, c] = names.map(col);
    when(a.clone().neq(lit(BLANK))).then(a).when(b.clone().neq(lit(BLANK))).then(b).otherwise(c)
}

/// `monthly` if D = 12 and it is there, else annual / D rounded half away from zero to the minor unit, the annual
/// amount being 12 × monthly where only that is there.
fn due(side: &str, name: &str) -> Expr {
    let [annual, monthly, unit, currency] =
        ["annual", "monthly", "unit", "cur"].map(|part| col(format!("{side}_{part}")));
    let base = coalesce(&[annual, monthly.clone() * lit(12_i64), lit(0_i64)]);
    let step = col("d") * unit.clone();
    let magnitude = (lit(2_i64) * base.clone().abs() + step.clone()) / (lit(2_i64) * step) * unit;
    let rounded = when(base.lt(lit(0_i64))).then(lit(0_i64) - magnitude.clone()).otherwise(magnitude);
    let full = when(col("d").eq(lit(12_i64)).and(monthly.clone().is_not_null())).then(monthly).otherwise(rounded);
    let priced = col("live").and(col("bad").not()).and(col("d").gt(lit(0_i64))).and(currency.gt(lit(ALIEN)));
    when(priced).then(full).otherwise(lit(0_i64)).fill_null(lit(0_i64)).alias(name)
}

/// Adds up several rows of one benefit; most nights there are none and nothing is grouped.
fn one_row_each(rows: DataFrame) -> PolarsResult<DataFrame> {
    let (_, repeated) = super::deducted::slots(&rows)?;
    if !repeated.contains(&true) {
        return Ok(rows);
    }
    let any = |name: &str| col(name).max();
    let shown = coalesce(&[col("bx_row").filter(col("live")).min(), col("bx_row").min()]);
    let rows = rows
        .lazy()
        .group_by(["emp", "label", "ee_cur", "er_cur"].map(col))
        .agg([
            col("e").sum(),
            col("r").sum(),
            col("bx_cur").min(),
            any("live"),
            any("on"),
            any("bad"),
            any("unknown"),
            any("uneven"),
            any("begins"),
            any("changed"),
            any("d"),
            col("bx_rows").sum(),
            shown.alias("bx_row"),
        ])
        .sort(["emp", "label", "ee_cur", "er_cur"], SortMultipleOptions::default())
        .collect()?;
    let (slots, mixed) = super::deducted::slots(&rows)?;
    let mixed = BooleanChunked::from_slice("bx_mixed".into(), &mixed).into_column();
    rows.hstack(&[numbers_from("bx_slot", slots), mixed])
}
