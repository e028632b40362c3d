//! Late changes (TM07): a line that differs because an election changed after payroll's cut-off is judged against the
//! snapshot from before it. Only such lines are looked up; the prior snapshot is never joined as a whole.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::columns::{frame, number_of, numbers, texts};
use crate::rules::expected::{Encoded, expected};
use crate::rules::people::{People, day_number, mark};
use crate::rules::place::{differs, late};
use crate::rules::state::State;
use crate::rules::words::{PerYear, Words};
use crate::rules::{Inputs, Prior};
use crate::snapshot::Outcome;

/// What the prior snapshot says of each line, see `place::late`.
pub(super) fn late(
    inputs: &Inputs<'_>,
    lines: &DataFrame,
    people: &People<'_>,
    words: &mut Words<'_>,
    per_year: &PerYear,
) -> PolarsResult<Column> {
    let mut codes = vec![late::NO; lines.height()];
    let asked = candidates(lines, day_number(inputs.payroll.period.cutoff))?;
    if asked.height() > 0 {
        let answers = match &inputs.prior {
            Some(prior) => answers(inputs, prior, &asked, people, words, per_year)?,
            None => without_prior(&asked)?,
        };
        for (row, answer) in numbers(&asked, "row")?.into_no_null_iter().zip(answers.into_no_null_iter()) {
            codes[row as usize] = answer;
        }
    }
    Ok(super::columns::numbers_from("late", codes))
}

/// Lines of judged people that differ and whose benefit changed after the cut-off, or may have ended since. `after`:
/// the benefit itself says that it changed after the cut-off.
fn candidates(lines: &DataFrame, cutoff: i32) -> PolarsResult<DataFrame> {
    let taken_without_cover = col("mark").neq(lit(mark::RIGHT_ONLY)).and(col("live").not());
    let after = col("changed").gt(lit(cutoff));
    let judged = col("state").eq(lit(State::Judged.number())).and(col("on_payroll")).and(col("leaver").not());
    let sound = ["ignored", "bad", "dup", "unknown", "uneven", "mixed"].map(|name| col(name).not());
    let sound = sound.into_iter().fold(col("mapped").and(col("d").gt(lit(0_i64))), Expr::and);
    lines
        .clone()
        .lazy()
        .with_row_index("row", None)
        .with_column(after.clone().alias("after"))
        .filter(judged.and(sound).and(differs()).and(after.or(taken_without_cover)))
        .select(["row", "emp", "label", "a", "s", "cur", "tau", "employer", "live", "after"].map(col))
        .collect()
}

fn without_prior(asked: &DataFrame) -> PolarsResult<UInt32Chunked> {
    let answer = when(col("after")).then(lit(late::UNKNOWN)).otherwise(lit(late::NO));
    Ok(numbers(&asked.clone().lazy().select([number_of(answer, "answer")]).collect()?, "answer")?.clone())
}

fn answers(
    inputs: &Inputs<'_>,
    prior: &Prior<'_>,
    asked: &DataFrame,
    people: &People<'_>,
    words: &mut Words<'_>,
    per_year: &PerYear,
) -> PolarsResult<UInt32Chunked> {
    let wanted: BTreeSet<u32> = numbers(asked, "emp")?.into_no_null_iter().collect();
    let emp_of = then_known(prior, &wanted, people)?;
    let known: BTreeSet<u32> = emp_of.iter().flatten().copied().collect();
    let before = before(inputs, prior, &emp_of, people, words, per_year)?;
    let known = numbers(asked, "emp")?.into_no_null_iter().map(|emp| known.contains(&emp)).collect::<BooleanChunked>();
    let asked = asked.hstack(&[known.with_name("known".into()).into_column()])?;
    let args = JoinArgs {
        validation: JoinValidation::ManyToOne,
        coalesce: JoinCoalesce::CoalesceColumns,
        ..JoinArgs::new(JoinType::Left)
    };
    let on = ["emp", "label"].map(col);
    // Prior lines of other slots are `mixed` in slot 0 already.
    let joined = asked.lazy().join(before.lazy().filter(col("bx_slot").eq(lit(0_u32))), on.clone(), on, args);
    let answered =
        joined.with_column(number_of(answer(), "answer")).sort(["row"], SortMultipleOptions::default()).collect()?;
    Ok(numbers(&answered, "answer")?.clone())
}

fn answer() -> Expr {
    let no = |name: &str| col(name).fill_null(lit(false)).not();
    let same_currency = col("bx_cur").eq(col("cur")).or(col("was_e").eq(lit(0_i64)).and(col("was_r").eq(lit(0_i64))));
    let sound = ["bad", "unknown", "uneven", "bx_mixed"].map(no).into_iter().fold(same_currency, Expr::and);
    let readable = col("known").and(col("was_e").is_null().or(sound));
    let ended_since = col("live").not().and(col("was_live").fill_null(lit(false)));
    let near = |taken: &str, due: &str| (col(taken) - col(due).fill_null(lit(0_i64))).abs().lt_eq(col("tau"));
    let as_before = near("a", "was_e").and(near("s", "was_r").or(col("employer").not()));
    when(readable.clone().and(col("after").or(ended_since)).and(as_before))
        .then(lit(late::AS_BEFORE))
        .when(col("after").and(readable.not()))
        .then(lit(late::UNKNOWN))
        .otherwise(lit(late::NO))
}

/// For each row of the prior population: tonight's `emp`, if it is wanted and was found then.
fn then_known(prior: &Prior<'_>, wanted: &BTreeSet<u32>, people: &People<'_>) -> PolarsResult<Vec<Option<u32>>> {
    let ids = texts(prior.population, "employee_id")?;
    let outcomes = texts(prior.population, "outcome")?;
    let mut emp_of = vec![None; ids.len()];
    for emp in wanted {
        let at = position(ids, people.ids.text(*emp));
        let found = at.filter(|at| outcomes.get(*at) == Some(Outcome::Found.name()));
        if let Some(at) = found {
            emp_of[at] = Some(*emp);
        }
    }
    Ok(emp_of)
}

/// Where an id stands in the sorted population.
pub(super) fn position(ids: &StringChunked, id: &str) -> Option<usize> {
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

/// What was due then of the wanted people, by tonight's period and number of deductions.
fn before(
    inputs: &Inputs<'_>,
    prior: &Prior<'_>,
    emp_of: &[Option<u32>],
    people: &People<'_>,
    words: &mut Words<'_>,
    per_year: &PerYear,
) -> PolarsResult<DataFrame> {
    let emps = numbers(&prior.benefits.frame, "emp")?.into_no_null_iter();
    let labels = prior.benefits.keys.iter();
    let wanted = emps.zip(labels).map(|(emp, label)| {
        // A benefit that nobody has tonight explains no line of tonight.
        let known = label.is_some_and(|l| words.labels.find(l).is_some());
        emp_of.get(emp as usize).copied().flatten().filter(|_| known)
    });
    let wanted: Vec<Option<u32>> = wanted.collect();
    let mask: BooleanChunked = wanted.iter().map(Option::is_some).collect();
    let benefits = prior.benefits.filter(&mask)?;
    let encoded = Encoded::new(&benefits, words);
    let units = words.currencies.minor_units();
    let emps = wanted.into_iter().flatten().collect();
    let rows = expected(inputs.job, &benefits, emps, &people.frame, encoded, &units, per_year)?;
    let taken = ["emp", "label", "bx_cur", "bad", "unknown", "uneven", "bx_mixed", "bx_slot"]
        .map(|name| rows.column(name).cloned());
    let mut columns = taken.into_iter().collect::<PolarsResult<Vec<_>>>()?;
    for (name, alias) in [("e", "was_e"), ("r", "was_r"), ("live", "was_live")] {
        columns.push(rows.column(name)?.clone().with_name(alias.into()));
    }
    frame(columns)
}
