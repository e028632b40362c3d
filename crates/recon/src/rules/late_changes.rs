//! Late changes (TM07): a line that differs because an election changed after payroll's cut-off is judged against the
//! snapshot from before it. Only such lines are looked up; the prior snapshot is never joined as a whole.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

use crate::rules::benefits::Benefits;
use crate::rules::columns::{frame, number_of, numbers, numbers_from, texts};
use crate::rules::everybody::Person;
use crate::rules::expected::{Encoded, expected};
use crate::rules::labels::{Label, Labels};
use crate::rules::pair::{Pair, Pairs};
use crate::rules::people::{People, day_number};
use crate::rules::person_state::PersonState;
use crate::rules::schemes::Schemes;
use crate::rules::{Inputs, Prior};
use crate::snapshot::Outcome;
use tieout_model::finding::Payer;

/// What the prior snapshot says of a late change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum LateChange {
    No,
    /// Payroll still has what was right before the change.
    AsBefore,
    /// Nobody knows what was right before the change.
    Unknown,
    /// Nothing was in force at the cut-off.
    NotThen,
    /// No snapshot from before the cut-off knows the person.
    Untold,
    /// In force at the cut-off and not tonight, and payroll takes a part of what was due: it may have ended between.
    EndedSince,
    /// The same, and payroll takes more than was due, or gives some back.
    GoneSince,
    /// Not late: another record follows in the month of the pay date, which the period does not reach.
    Follows,
}

impl LateChange {
    fn number(self) -> u32 {
        self as u32
    }

    fn of(number: u32) -> LateChange {
        let all = [
            LateChange::No,
            LateChange::AsBefore,
            LateChange::Unknown,
            LateChange::NotThen,
            LateChange::Untold,
            LateChange::EndedSince,
            LateChange::GoneSince,
            LateChange::Follows,
        ];
        all[number as usize]
    }
}

/// A line that may be a late change.
pub(super) struct Asked {
    row: usize,
    pair: Pair,
    /// The benefit itself says that it changed after the cut-off.
    after: bool,
}

/// Lines of judged people that differ and whose benefit changed after the cut-off, or may have ended since.
pub(super) fn candidates(pairs: &Pairs<'_>, people: &[Person], labels: &[Label], cutoff: NaiveDate) -> Vec<Asked> {
    let cutoff = day_number(cutoff);
    let asked = (0..pairs.len()).into_par_iter().filter_map(|row| {
        let pair = pairs.get(row);
        let after = pair.changed > cutoff;
        let ended = pair.on_payroll() && !pair.live;
        let differs = Payer::BOTH.into_iter().any(|payer| pair.differs(payer));
        let (person, label) = (&people[pair.emp as usize], &labels[pair.label as usize]);
        let judged = person.state == PersonState::Judged && person.on_payroll;
        let asked = differs && (after || ended) && judged && sound(&pair, label);
        asked.then_some(Asked { row, pair, after })
    });
    asked.collect()
}

/// With the lines that are not late and of which another record follows by the end of the month of a pay date that lies
/// after the period's: payroll may take either.
pub(super) fn with_followed(
    mut late: BTreeMap<usize, LateChange>,
    pairs: &Pairs<'_>,
    people: &[Person],
    benefits: &Benefits,
) -> BTreeMap<usize, LateChange> {
    let follows = |pair: &Pair| {
        let begins = benefits.followed.get(&pair.bx_row);
        let month = people[pair.emp as usize].payday.end_of_later_month();
        pair.expected() && begins.zip(month).is_some_and(|(begins, month)| *begins <= month)
    };
    if !benefits.followed.is_empty() {
        let rows = (0..pairs.len()).filter(|row| follows(&pairs.get(*row)));
        rows.for_each(|row| _ = late.entry(row).or_insert(LateChange::Follows));
    }
    late
}

/// The rows whose cover was in force at the cut-off and is gone tonight, and which take more than was due.
pub(super) fn gone_since(late: &BTreeMap<usize, LateChange>) -> BTreeSet<usize> {
    late.iter().filter(|(_, change)| **change == LateChange::GoneSince).map(|(row, _)| *row).collect()
}

fn sound(pair: &Pair, label: &Label) -> bool {
    let flawed = pair.unreadable || pair.duplicate || pair.nameless || pair.uneven || pair.mixed;
    !flawed && pair.per_year > 0 && label.mapped && label.ignored.is_none()
}

/// What the prior snapshot says of them, by the row of the line.
pub(super) fn late_changes(
    inputs: &Inputs<'_>,
    asked: &[Asked],
    people: &People<'_>,
    words: &mut Labels<'_>,
    schemes: &Schemes,
) -> PolarsResult<BTreeMap<usize, LateChange>> {
    let rows = asked.iter().map(|asked| asked.row);
    match &inputs.prior {
        _ if asked.is_empty() => Ok(BTreeMap::new()),
        Some(prior) => {
            let answers = answers(inputs, prior, &table(asked)?, people, words, schemes)?;
            Ok(rows.zip(answers.into_no_null_iter().map(LateChange::of)).collect())
        }
        None => Ok(rows
            .zip(asked.iter().map(|asked| if asked.after { LateChange::Unknown } else { LateChange::Untold }))
            .collect()),
    }
}

/// The lines as a table, in their order.
fn table(asked: &[Asked]) -> PolarsResult<DataFrame> {
    let number =
        |name: &str, of: fn(&Pair) -> u32| numbers_from(name, asked.iter().map(|asked| of(&asked.pair)).collect());
    let count = |name: &str, of: fn(&Pair) -> i64| {
        Int64Chunked::from_iter_values(name.into(), asked.iter().map(|asked| of(&asked.pair))).into_column()
    };
    let flag = |name: &str, of: fn(&Asked) -> bool| {
        asked.iter().map(of).collect::<BooleanChunked>().with_name(name.into()).into_column()
    };
    frame(vec![
        numbers_from("row", (0..asked.len() as u32).collect()),
        number("emp", |pair| pair.emp),
        number("label", |pair| pair.label),
        number("cur", |pair| pair.cur),
        count("a", |pair| pair.a),
        count("s", |pair| pair.s),
        count("tau", |pair| pair.tau),
        flag("employer", |asked| asked.pair.employer),
        flag("live", |asked| asked.pair.live),
        flag("after", |asked| asked.after),
        Int32Chunked::from_iter_values("changed".into(), asked.iter().map(|asked| asked.pair.changed)).into_column(),
    ])
}

fn answers(
    inputs: &Inputs<'_>,
    prior: &Prior<'_>,
    asked: &DataFrame,
    people: &People<'_>,
    words: &mut Labels<'_>,
    schemes: &Schemes,
) -> PolarsResult<UInt32Chunked> {
    let wanted: BTreeSet<u32> = numbers(asked, "emp")?.into_no_null_iter().collect();
    let emp_of = then_known(prior, &wanted, people)?;
    let known: BTreeSet<u32> = emp_of.iter().flatten().copied().collect();
    let before = before(inputs, prior, &emp_of, people, words, schemes)?;
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
    // An older snapshot does not know yet of a record that was changed by the cut-off, and is over.
    let changed_since = col("after").not().and(col("was_changed").lt(col("changed")));
    let ended_since =
        col("live").or(changed_since.fill_null(lit(false))).not().and(col("was_live").fill_null(lit(false)));
    let near = |taken: &str, due: &str| (col(taken) - col(due).fill_null(lit(0_i64))).abs().lt_eq(col("tau"));
    let part = |taken: &str, due: &str| {
        col(taken).gt_eq(lit(0_i64)).and(col(taken).lt(col(due).fill_null(lit(0_i64)) + col("tau")))
    };
    let in_part = part("a", "was_e").and(part("s", "was_r").or(col("employer").not()));
    let as_before = near("a", "was_e").and(near("s", "was_r").or(col("employer").not()));
    let nothing = readable.clone().and(col("was_live").fill_null(lit(false)).not());
    when(readable.clone().and(col("after").or(ended_since.clone())).and(as_before))
        .then(lit(LateChange::AsBefore.number()))
        .when(col("after").and(readable.clone().not()))
        .then(lit(LateChange::Unknown.number()))
        .when(nothing)
        .then(lit(LateChange::NotThen.number()))
        .when(col("known").not())
        .then(lit(LateChange::Untold.number()))
        .when(readable.clone().and(ended_since.clone()).and(in_part))
        .then(lit(LateChange::EndedSince.number()))
        .when(readable.and(ended_since))
        .then(lit(LateChange::GoneSince.number()))
        .otherwise(lit(LateChange::No.number()))
}

/// For each row of the prior population: tonight's `emp`, if it is wanted and was found then.
fn then_known(prior: &Prior<'_>, wanted: &BTreeSet<u32>, people: &People<'_>) -> PolarsResult<Vec<Option<u32>>> {
    let ids = texts(prior.population, "employee_id")?;
    let outcomes = texts(prior.population, "outcome")?;
    let mut emp_of = vec![None; ids.len()];
    for emp in wanted.iter().filter(|emp| !prior.others.contains(people.ids.text(**emp))) {
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

/// Where ids stand in the sorted population: quick where they are asked for in their order.
pub(super) struct Positions<'p> {
    ids: &'p StringChunked,
    last: usize,
}

impl<'p> Positions<'p> {
    pub(super) fn new(ids: &'p StringChunked) -> Positions<'p> {
        Positions { ids, last: 0 }
    }

    pub(super) fn of(&mut self, id: &str) -> Option<usize> {
        let near = (self.last..self.ids.len()).take(2).find(|at| self.ids.get(*at) == Some(id));
        self.last = near.or_else(|| position(self.ids, id))?;
        Some(self.last)
    }
}

/// What was due then of the wanted people, by tonight's period and number of deductions.
fn before(
    inputs: &Inputs<'_>,
    prior: &Prior<'_>,
    emp_of: &[Option<u32>],
    people: &People<'_>,
    words: &mut Labels<'_>,
    schemes: &Schemes,
) -> PolarsResult<DataFrame> {
    let emps = numbers(&prior.benefits.frame, "emp")?.into_no_null_iter();
    let labels = prior.benefits.keys.iter();
    let wanted = emps.zip(labels).map(|(emp, label)| {
        // A benefit that nobody has tonight explains no line of tonight.
        let known = label.is_some_and(|l| words.find_benefit(l).is_some());
        emp_of.get(emp as usize).copied().flatten().filter(|_| known)
    });
    let wanted: Vec<Option<u32>> = wanted.collect();
    let mask: BooleanChunked = wanted.iter().map(Option::is_some).collect();
    let benefits = prior.benefits.filter(&mask)?;
    let encoded = Encoded::new(&benefits, words);
    let units = words.currencies.minor_units();
    let emps = wanted.into_iter().flatten().collect();
    let rows = expected(inputs.job, &benefits, emps, people, encoded, &units, schemes)?.lines;
    let taken = ["emp", "label", "bx_cur", "bad", "unknown", "uneven", "bx_mixed", "bx_slot"]
        .map(|name| rows.column(name).cloned());
    let mut columns = taken.into_iter().collect::<PolarsResult<Vec<_>>>()?;
    for (name, alias) in [("e", "was_e"), ("r", "was_r"), ("live", "was_live"), ("changed", "was_changed")] {
        columns.push(rows.column(name)?.clone().with_name(alias.into()));
    }
    frame(columns)
}
