//! Late changes (TM07): a line that differs because an election changed after payroll's cut-off is judged against the
//! snapshot from before it. Only such lines are looked up; the prior snapshot is never joined as a whole.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

use crate::rules::lines::benefits::Benefits;
use crate::rules::lines::expected::{Encoded, Expected, expected};
use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::lines::pair::{Pair, Pairs};
use crate::rules::lines::schemes::Schemes;
use crate::rules::people::everybody::Person;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{People, day_number};
use crate::rules::schema::LINES;
use crate::rules::timeline::positions::position;
use crate::rules::timeline::records::Earlier;
use crate::rules::{Inputs, Prior};
use crate::snapshot::Outcome;
use crate::snapshot::{BENEFITS, POPULATION};
use crate::tables::column::frame;
use crate::tables::column::{Column, Flag, Number, PlainDay, Row, columns};
use tieout_model::finding::Payer;

/// What the prior snapshot says of a late change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::FromRepr)]
#[repr(u32)]
pub(in crate::rules) enum LateChange {
    No,
    /// Payroll still has what was right before the change.
    AsBefore,
    /// Nobody knows what was right before the change.
    Unknown,
    /// Nothing was in force at the cut-off.
    NotThen,
    /// No snapshot from before the cut-off knows the person.
    Untold,
    /// In force at the cut-off and not tonight, or not as much, and payroll takes a part of what was due: it may have
    /// ended between.
    EndedSince,
    /// The same, and payroll takes more than was due, or gives some back.
    GoneSince,
    /// Records that were in force together at the cut-off, of which one is gone tonight; payroll takes what they came
    /// to, or a part of it.
    FewerRecords,
    /// Not late: another record follows in the month of the pay date, which the period does not reach.
    Follows,
}

impl LateChange {
    /// Something was in force at the cut-off that is not tonight.
    fn has_ended(self) -> bool {
        matches!(self, LateChange::AsBefore | LateChange::EndedSince | LateChange::GoneSince)
    }

    fn number(self) -> u32 {
        self as u32
    }

    /// The change of a number of [`LateChange::number`].
    fn of(number: u32) -> LateChange {
        LateChange::from_repr(number).expect("a number that a change gave")
    }
}

/// A line that may be a late change.
pub(in crate::rules) struct Asked {
    row: usize,
    pair: Pair,
    /// The benefit itself says that it changed after the cut-off.
    after: bool,
    /// It is in force, payroll takes more, and its code holds several benefits: one of them may have ended since.
    more: bool,
    /// A salary sacrifice: what both pay is one amount.
    as_one: bool,
}

impl Asked {
    /// Only whether a record beside the line's is gone is asked.
    fn is_of_records_alone(&self) -> bool {
        self.pair.live && !self.after
    }
}

/// Lines of judged people that differ and whose benefit changed after the cut-off, or of which a record may have ended
/// since.
pub(in crate::rules) fn candidates(
    pairs: &Pairs<'_>,
    people: &[Person],
    labels: &[Label],
    cutoff: NaiveDate,
) -> Vec<Asked> {
    let cutoff = day_number(cutoff);
    let asked = (0..pairs.len()).into_par_iter().filter_map(|row| {
        let pair = pairs.get(row);
        let after = pair.changed > cutoff;
        let (person, label) = (&people[pair.emp as usize], &labels[pair.label as usize]);
        // Of a sacrifice both are one amount.
        let as_one = label.sacrifice && pair.employer;
        let differs = Payer::BOTH.into_iter().any(|payer| pair.differs(payer)) && !(as_one && pair.agrees_together());
        let takes_more = pair.employee_taken > pair.employee_due + pair.tolerance
            || (pair.employer && pair.employer_taken > pair.employer_due + pair.tolerance);
        let more = label.several && pair.live && !after && takes_more;
        let judged = person.state == PersonState::Judged && person.on_payroll;
        let asked = differs && (after || pair.on_payroll()) && judged && sound(&pair, label);
        asked.then_some(Asked { row, pair, after, more, as_one })
    });
    asked.collect()
}

/// With the lines that are not late and of which another record follows by the end of the month of a pay date that lies
/// after the period's: payroll may take either.
pub(in crate::rules) fn with_followed(
    mut late: BTreeMap<usize, LateChange>,
    pairs: &Pairs<'_>,
    people: &[Person],
    benefits: &Benefits,
) -> BTreeMap<usize, LateChange> {
    let follows = |pair: &Pair| {
        let begins = benefits.older.followed.get(&pair.bx_row);
        let month = people[pair.emp as usize].payday.end_of_later_month();
        pair.expected() && begins.zip(month).is_some_and(|(begins, month)| *begins <= month)
    };
    if !benefits.older.followed.is_empty() {
        let rows: Vec<usize> = (0..pairs.len()).into_par_iter().filter(|row| follows(&pairs.get(*row))).collect();
        rows.into_iter().for_each(|row| _ = late.entry(row).or_insert(LateChange::Follows));
    }
    late
}

/// The rows whose cover was in force at the cut-off and is gone tonight, and which take more than was due.
pub(in crate::rules) fn gone_since(late: &BTreeMap<usize, LateChange>) -> BTreeSet<usize> {
    late.iter().filter(|(_, change)| **change == LateChange::GoneSince).map(|(row, _)| *row).collect()
}

fn sound(pair: &Pair, label: &Label) -> bool {
    let flawed = pair.unreadable || pair.duplicate || pair.nameless || pair.uneven || pair.mixed;
    !flawed && pair.per_year > 0 && label.mapped && label.ignored.is_none()
}

/// What the prior snapshot says of them, by the row of the line.
pub(in crate::rules) fn late_changes(
    inputs: &Inputs<'_>,
    asked: &[Asked],
    people: &People<'_>,
    catalog: &mut Catalog<'_>,
    schemes: &Schemes,
) -> PolarsResult<BTreeMap<usize, LateChange>> {
    let answered: Vec<LateChange> = match &inputs.prior {
        _ if asked.is_empty() => Vec::new(),
        Some(prior) => {
            let answers = answers(inputs, prior, &table(asked)?, people, catalog, schemes)?;
            answers.into_no_null_iter().map(LateChange::of).collect()
        }
        None => {
            let untold = |asked: &Asked| if asked.after { LateChange::Unknown } else { LateChange::Untold };
            asked.iter().map(untold).collect()
        }
    };
    let tells = |(asked, change): &(&Asked, LateChange)| {
        !asked.is_of_records_alone() || change.has_ended() || *change == LateChange::FewerRecords
    };
    Ok(asked.iter().zip(answered).filter(tells).map(|(asked, change)| (asked.row, change)).collect())
}

/// What stands beside a line that is asked about.
const ASKED: AskedLines = AskedLines::COLUMNS;

columns! {
    /// Lines that are asked about, with what was due of them before.
    AskedLines {
        row: Row,
        /// Changed after the cut-off.
        after: Flag,
        /// See [`Asked::more`].
        more: Flag,
        /// What both pay is one amount.
        as_one: Flag,
        /// An earlier snapshot knows the employee.
        known: Flag,
        was_e: Number,
        was_r: Number,
        was_live: Flag,
        was_changed: PlainDay,
        /// Records then; and what would have been due had none of them replaced another.
        was_rows: Row,
        was_all_e: Number,
        was_all_r: Number,
        /// Of [`LateChange`].
        answer: Row,
    }
}

/// The lines as a table, in their order.
fn table(asked: &[Asked]) -> PolarsResult<DataFrame> {
    let number =
        |column: Column<Row>, of: fn(&Pair) -> u32| column.filled(asked.iter().map(|asked| of(&asked.pair)).collect());
    let count = |column: Column<Number>, of: fn(&Pair) -> i64| column.filled(asked.iter().map(|asked| of(&asked.pair)));
    let flag = |column: Column<Flag>, of: fn(&Asked) -> bool| column.filled(asked.iter().map(of));
    frame(vec![
        ASKED.row.filled((0..asked.len() as u32).collect()),
        number(LINES.emp, |pair| pair.emp),
        number(LINES.label, |pair| pair.label),
        number(LINES.cur, |pair| pair.cur),
        number(LINES.bx_rows, |pair| pair.bx_rows),
        count(LINES.employee_due, |pair| pair.employee_due),
        count(LINES.employer_due, |pair| pair.employer_due),
        count(LINES.employee_taken, |pair| pair.employee_taken),
        count(LINES.employer_taken, |pair| pair.employer_taken),
        count(LINES.tolerance, |pair| pair.tolerance),
        flag(LINES.employer, |asked| asked.pair.employer),
        flag(LINES.live, |asked| asked.pair.live),
        flag(ASKED.after, |asked| asked.after),
        flag(ASKED.more, |asked| asked.more),
        flag(ASKED.as_one, |asked| asked.as_one),
        LINES.changed.filled(asked.iter().map(|asked| asked.pair.changed)),
    ])
}

fn answers(
    inputs: &Inputs<'_>,
    prior: &Prior<'_>,
    asked: &DataFrame,
    people: &People<'_>,
    catalog: &mut Catalog<'_>,
    schemes: &Schemes,
) -> PolarsResult<UInt32Chunked> {
    let wanted: BTreeSet<u32> = LINES.emp.of(asked)?.into_no_null_iter().collect();
    let emp_of = then_known(prior, &wanted, people)?;
    let known: BTreeSet<u32> = emp_of.iter().flatten().copied().collect();
    let before = before(inputs, prior, &emp_of, people, catalog, schemes)?;
    let known = LINES.emp.of(asked)?.into_no_null_iter().map(|emp| known.contains(&emp));
    let asked = asked.hstack(&[ASKED.known.filled(known)])?;
    let args = JoinArgs {
        validation: JoinValidation::ManyToOne,
        coalesce: JoinCoalesce::CoalesceColumns,
        ..JoinArgs::new(JoinType::Left)
    };
    let on = [LINES.emp, LINES.label].map(Column::expr);
    // Prior lines of other slots are `mixed` in slot 0 already.
    let joined = asked.lazy().join(before.lazy().filter(LINES.bx_slot.expr().eq(lit(0_u32))), on.clone(), on, args);
    let answered = joined
        .with_column(ASKED.answer.picked(answer()))
        .sort([ASKED.row.name], SortMultipleOptions::default())
        .collect()?;
    Ok(ASKED.answer.of(&answered)?.clone())
}

fn answer() -> Expr {
    let no = |flag: Column<Flag>| flag.expr().fill_null(lit(false)).not();
    let same_currency = LINES.bx_cur.expr().eq(LINES.cur.expr()).or(ASKED
        .was_e
        .expr()
        .eq(lit(0_i64))
        .and(ASKED.was_r.expr().eq(lit(0_i64))));
    let sound =
        [LINES.bad, LINES.unknown, LINES.uneven, LINES.bx_mixed].map(no).into_iter().fold(same_currency, Expr::and);
    let readable = ASKED.known.expr().and(ASKED.was_e.expr().is_null().or(sound));
    // An older snapshot does not know yet of a record that was changed by the cut-off, and is over.
    let changed_since = ASKED.after.expr().not().and(ASKED.was_changed.expr().lt(LINES.changed.expr()));
    let is_gone = LINES.live.expr().or(changed_since.fill_null(lit(false))).not();
    let one_is_gone = ASKED.was_rows.expr().fill_null(lit(0_u32)).gt(LINES.bx_rows.expr());
    let part_is_gone = ASKED.more.expr().and(one_is_gone);
    let ended_since = is_gone.or(part_is_gone).and(ASKED.was_live.expr().fill_null(lit(false)));
    let near = |taken: Column<Number>, due: Column<Number>| {
        (taken.expr() - due.expr().fill_null(lit(0_i64))).abs().lt_eq(LINES.tolerance.expr())
    };
    let part = |taken: Column<Number>, due: Column<Number>| {
        taken.expr().gt_eq(lit(0_i64)).and(taken.expr().lt(due.expr().fill_null(lit(0_i64)) + LINES.tolerance.expr()))
    };
    let in_part = part(LINES.employee_taken, ASKED.was_e)
        .and(part(LINES.employer_taken, ASKED.was_r).or(LINES.employer.expr().not()));
    let as_before = near(LINES.employee_taken, ASKED.was_e)
        .and(near(LINES.employer_taken, ASKED.was_r).or(LINES.employer.expr().not()));
    let together = |taken: Expr| {
        let due = [ASKED.was_e, ASKED.was_r].map(|due| due.expr().fill_null(lit(0_i64)));
        let [was_e, was_r] = due;
        (taken - was_e - was_r).abs().lt_eq(LINES.tolerance.expr() * lit(2_i64))
    };
    let as_before =
        as_before.or(ASKED.as_one.expr().and(together(LINES.employee_taken.expr() + LINES.employer_taken.expr())));
    let nothing = readable.clone().and(ASKED.was_live.expr().fill_null(lit(false)).not());
    let of_records_alone = LINES.live.expr().and(ASKED.after.expr().not()).and(ASKED.more.expr().not());
    let fewer = readable.clone().and(fewer_records());
    when(of_records_alone.clone().and(fewer.clone()))
        .then(lit(LateChange::FewerRecords.number()))
        .when(of_records_alone)
        .then(lit(LateChange::No.number()))
        .when(readable.clone().and(ASKED.after.expr().or(ended_since.clone())).and(as_before))
        .then(lit(LateChange::AsBefore.number()))
        .when(ASKED.after.expr().and(readable.clone().not()))
        .then(lit(LateChange::Unknown.number()))
        .when(nothing)
        .then(lit(LateChange::NotThen.number()))
        .when(ASKED.known.expr().not())
        .then(lit(LateChange::Untold.number()))
        .when(readable.clone().and(ended_since.clone()).and(in_part))
        .then(lit(LateChange::EndedSince.number()))
        .when(fewer)
        .then(lit(LateChange::FewerRecords.number()))
        .when(readable.and(ended_since))
        .then(lit(LateChange::GoneSince.number()))
        .otherwise(lit(LateChange::No.number()))
}

/// One of several records is gone, and what is taken lies between what the others make due and what all did.
fn fewer_records() -> Expr {
    let between = |taken: Column<Number>, due: Column<Number>, all: Column<Number>| {
        let (low, high) =
            (due.expr() - LINES.tolerance.expr(), all.expr().fill_null(lit(0_i64)) + LINES.tolerance.expr());
        taken.expr().gt_eq(low).and(taken.expr().lt_eq(high))
    };
    let fewer = LINES.bx_rows.expr().lt(ASKED.was_rows.expr()).fill_null(lit(false));
    let employer = between(LINES.employer_taken, LINES.employer_due, ASKED.was_all_r).or(LINES.employer.expr().not());
    let within = between(LINES.employee_taken, LINES.employee_due, ASKED.was_all_e).and(employer);
    LINES.live.expr().and(ASKED.was_live.expr().fill_null(lit(false))).and(fewer).and(within)
}

/// For each row of the prior population: tonight's `emp`, if it is wanted and was found then.
fn then_known(prior: &Prior<'_>, wanted: &BTreeSet<u32>, people: &People<'_>) -> PolarsResult<Vec<Option<u32>>> {
    let ids = POPULATION.employee_id.of(prior.population)?;
    let outcomes = POPULATION.outcome.of(prior.population)?;
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

/// What was due then of the wanted people, by tonight's period and number of deductions; and what it would be were no
/// record of theirs one that another had replaced.
fn before(
    inputs: &Inputs<'_>,
    prior: &Prior<'_>,
    emp_of: &[Option<u32>],
    people: &People<'_>,
    catalog: &mut Catalog<'_>,
    schemes: &Schemes,
) -> PolarsResult<DataFrame> {
    let emps = BENEFITS.emp.of(&prior.benefits.frame)?.into_no_null_iter();
    let labels = prior.benefits.keys.iter();
    let wanted = emps.zip(labels).map(|(emp, label)| {
        // A benefit that nobody has tonight explains no line of tonight.
        let known = label.is_some_and(|l| catalog.find_benefit(l).is_some());
        emp_of.get(emp as usize).copied().flatten().filter(|_| known)
    });
    let wanted: Vec<Option<u32>> = wanted.collect();
    let mask: BooleanChunked = wanted.iter().map(Option::is_some).collect();
    let benefits = prior.benefits.filter(&mask)?;
    let encoded = Encoded::new(&benefits, catalog);
    let units = catalog.currencies.minor_units();
    let emps = wanted.into_iter().flatten().collect();
    let Expected { lines: rows, superseded, .. } =
        expected(inputs.job, &benefits, emps, people, encoded, &units, schemes)?;
    let owners: Vec<(u32, u32)> =
        LINES.emp.of(&rows)?.into_no_null_iter().zip(LINES.label.of(&rows)?.into_no_null_iter()).collect();
    let all = |column: Column<Number>, all: Column<Number>, of: fn(&Earlier) -> i64| {
        let dues = column.of(&rows)?.iter().zip(&owners).map(|(due, owner)| {
            let earlier = superseded.get(owner).into_iter().flatten();
            due.unwrap_or_default() + earlier.map(of).sum::<i64>()
        });
        PolarsResult::Ok(all.filled(dues))
    };
    let all = [
        all(LINES.employee_due, ASKED.was_all_e, |old| old.employee)?,
        all(LINES.employer_due, ASKED.was_all_r, |old| old.employer)?,
    ];
    rows.hstack(&all)?
        .lazy()
        .select([
            LINES.emp.expr(),
            LINES.label.expr(),
            LINES.bx_cur.expr(),
            LINES.bad.expr(),
            LINES.unknown.expr(),
            LINES.uneven.expr(),
            LINES.bx_mixed.expr(),
            LINES.bx_slot.expr(),
            LINES.employee_due.expr().alias(ASKED.was_e.name),
            LINES.employer_due.expr().alias(ASKED.was_r.name),
            LINES.live.expr().alias(ASKED.was_live.name),
            LINES.changed.expr().alias(ASKED.was_changed.name),
            LINES.bx_rows.expr().alias(ASKED.was_rows.name),
            ASKED.was_all_e.expr(),
            ASKED.was_all_r.expr(),
        ])
        .collect()
}
