//! Payroll's people ⟗ Benifex's users over the small integer `emp`, with an explicit mark of who stands where, and what
//! every rule needs of a person: period, pay group, leave date. `emp` is dense, so the join is a table of positions.

pub(super) mod beside;
pub(super) mod departed;
pub(super) mod elsewhere;
pub(super) mod employed;
pub(super) mod everybody;
pub(super) mod exchanged;
pub(super) mod ids;
pub(super) mod leaving;
pub(super) mod names;
pub(super) mod other_files;
pub(super) mod person_state;
pub(super) mod person_values;
pub(super) mod same_person;
pub(super) mod similar;
pub(super) mod then;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::calendar::Payday;
use crate::rules::calendar::moved_dates::OfTwo;
use crate::rules::calendar::paydays::{Paydays, paydays};
use crate::rules::calendar::takers::Takers;
use crate::rules::lines::dictionary::{BLANK, Dictionary};
use crate::rules::people::beside::{Beside, beside};
use crate::rules::people::exchanged::exchanged;
use crate::rules::people::ids::Ids;
use crate::rules::people::leaving::{Asked, is_gone, with_leavers};
use crate::rules::people::then::{Then, with_pay_periods_then};
use crate::rules::schema::EMPLOYEES;
use crate::snapshot::Outcome;
use crate::snapshot::{POPULATION, USERS};
use crate::tables::column::frame;
use crate::tables::payroll::PayrollTables;
use crate::tables::payroll::{PAYROLL_LINES, PAYROLL_PEOPLE};

/// More deductions a year than days: not a number of deductions.
const DEDUCTIONS_A_YEAR_MAX: i64 = 366;

/// Who holds a person. The same numbers mark lines.
pub(super) mod mark {
    pub const NEITHER: u32 = 0;
    pub const PAYROLL_ONLY: u32 = 1;
    pub const SERVICE_ONLY: u32 = 2;
    pub const BOTH: u32 = 3;
}

/// Outcomes as numbers.
pub(super) mod outcome {
    pub const FOUND: u32 = 0;
    pub const NOT_FOUND: u32 = 1;
    pub const UNVERIFIED: u32 = 2;
}

/// Everybody of the night; each column has one row an `emp`.
pub(super) struct People<'a> {
    pub(super) ids: Ids<'a>,
    /// Row in payroll's people.
    pub(super) person: IdxCa,
    /// Row in Benifex's users.
    pub(super) user: IdxCa,
    /// Of each `emp` under whose id payroll has another employee's row, that one.
    pub(super) exchanged: BTreeMap<u32, u32>,
    /// Who is on payroll by rows of other runs alone.
    pub(super) beside: BTreeMap<u32, Beside>,
    pub(super) groups: Dictionary,
    /// `payroll_group`, `benifex_group` and `group` (the first, else the second), `mark`, `outcome`, `shaky` (part of
    /// an inconsistent page walk), `start`, `end` (period), `term` and `left` (leave dates of payroll and Benifex that
    /// are not void), `leave` (the later), `leaver`, `disputed`, `conflict`, `hire`, `begin` (start date in Benifex),
    /// `pay_periods` (0 = unknown).
    pub(super) frame: DataFrame,
    /// `None`: no snapshot is as old as that.
    pub(super) then: Option<Then<'a>>,
    /// By `emp`.
    pub(super) paydays: Vec<Payday>,
    /// Earlier pays of two months, as [`Payday::by_calendar`] says where.
    pub(super) of_two: Vec<Vec<OfTwo>>,
    /// Empty unless the pay date of somebody may be of either of two months or years.
    pub(super) takers: Takers,
}

const KEPT: [&str; 17] = [
    EMPLOYEES.payroll_group.name,
    EMPLOYEES.benifex_group.name,
    EMPLOYEES.mark.name,
    EMPLOYEES.outcome.name,
    EMPLOYEES.group.name,
    EMPLOYEES.shaky.name,
    EMPLOYEES.start.name,
    EMPLOYEES.end.name,
    EMPLOYEES.term.name,
    EMPLOYEES.left.name,
    EMPLOYEES.leave.name,
    EMPLOYEES.leaver.name,
    EMPLOYEES.disputed.name,
    EMPLOYEES.conflict.name,
    EMPLOYEES.hire.name,
    EMPLOYEES.begin.name,
    EMPLOYEES.pay_periods.name,
];

impl<'a> People<'a> {
    pub(super) fn new(inputs: &Inputs<'a>) -> PolarsResult<People<'a>> {
        let mut ids = Ids::new(inputs.population, &inputs.payroll.people, inputs.job.payroll.fold_id_case)?;
        let users: Vec<u32> = USERS.emp.of(inputs.users)?.into_no_null_iter().collect();
        let user = positions(&users, ids.len())?;
        let mut person = positions(&ids.of_person, ids.len())?;
        let exchanged = exchanged(inputs, &ids, &person)?;
        if !exchanged.is_empty() {
            ids.of_person.iter_mut().for_each(|emp| *emp = exchanged.get(emp).copied().unwrap_or(*emp));
            person = positions(&ids.of_person, ids.len())?;
        }
        let mut groups = Dictionary::new();
        let codes = inputs.payroll.words.pay_group.numbered(|group| groups.number(group));
        let payroll = of_payroll(inputs, codes.clone())?.take(&person)?;
        let then = Then::new(inputs)?;
        let benifex = of_benifex(inputs, &mut groups)?.take(&user)?;
        let benifex = with_former(benifex, inputs)?;
        let benifex = with_pay_periods_then(benifex, inputs, &ids, &person, then.as_ref())?;
        let beside = beside(inputs, &ids, &person, &user, &codes, EMPLOYEES.benifex_group.of(&benifex)?)?;
        let mut all = payroll;
        all.hstack_mut(benifex.columns())?;
        all.hstack_mut(&[marks(&person, &user, &beside), outcomes(inputs, ids.len())?, shaky(inputs, ids.len())?])?;
        let all = with_periods(all, inputs, groups.len(), &codes)?;
        let frame = with_leaving(all, inputs, &person, &user, &beside)?;
        let Paydays { of_emp, of_two } = paydays(inputs, &ids, &frame, &person)?;
        let takers = Takers::default();
        Ok(People { ids, person, user, exchanged, beside, groups, frame, then, paydays: of_emp, of_two, takers })
    }
}

/// Where each `emp` stands in a table that holds it at most once; null = not there.
fn positions(emps: &[u32], height: usize) -> PolarsResult<IdxCa> {
    let mut rows: Vec<Option<u32>> = vec![None; height];
    for (row, emp) in (0_u32..).zip(emps) {
        let slot = rows.get_mut(*emp as usize);
        let slot = slot.ok_or_else(|| polars_err!(ComputeError: "a table names an employee outside the population"))?;
        polars_ensure!(slot.is_none(), ComputeError: "an employee stands twice in a table that holds each one once");
        *slot = Some(row);
    }
    Ok(IdxCa::from_iter_options("row".into(), rows.into_iter()))
}

fn of_payroll(inputs: &Inputs<'_>, groups: Vec<u32>) -> PolarsResult<DataFrame> {
    let people = &inputs.payroll.people;
    frame(vec![
        EMPLOYEES.payroll_group.filled(groups),
        PAYROLL_PEOPLE.period_start.of(people)?.clone().with_name(EMPLOYEES.own_start.name.into()).into_column(),
        PAYROLL_PEOPLE.period_end.of(people)?.clone().with_name(EMPLOYEES.own_end.name.into()).into_column(),
        PAYROLL_PEOPLE.term_date.of(people)?.clone().with_name(EMPLOYEES.term.name.into()).into_column(),
        PAYROLL_PEOPLE.hire_date.of(people)?.clone().with_name(EMPLOYEES.hire.name.into()).into_column(),
    ])
}

fn of_benifex(inputs: &Inputs<'_>, groups: &mut Dictionary) -> PolarsResult<DataFrame> {
    let users = inputs.users;
    frame(vec![
        groups.column(EMPLOYEES.benifex_group, USERS.pay_group.of(users)?),
        USERS.leave_date.of(users)?.clone().with_name(EMPLOYEES.left.name.into()).into_column(),
        USERS.start_date.of(users)?.clone().with_name(EMPLOYEES.begin.name.into()).into_column(),
        USERS.original_start_date.of(users)?.clone().with_name(EMPLOYEES.original.name.into()).into_column(),
        USERS.pay_periods.of(users)?.clone().into_column(),
    ])
}

/// Whoever begins anew after the period is, for the period, who they were.
fn with_former(mut benifex: DataFrame, inputs: &Inputs<'_>) -> PolarsResult<DataFrame> {
    let former = &inputs.benefits.older.former;
    if former.is_empty() {
        return Ok(benifex);
    }
    let mut begun: Vec<Option<i32>> = EMPLOYEES.begin.of(&benifex)?.iter().collect();
    let mut left: Vec<Option<i32>> = EMPLOYEES.left.of(&benifex)?.iter().collect();
    for (emp, former) in former {
        (begun[*emp as usize], left[*emp as usize]) = (former.begun, Some(former.left));
    }
    benifex.with_column(EMPLOYEES.begin.filled_or_null(begun))?;
    benifex.with_column(EMPLOYEES.left.filled_or_null(left))?;
    Ok(benifex)
}

fn marks(person: &IdxCa, user: &IdxCa, beside: &BTreeMap<u32, Beside>) -> Column {
    let pairs = (0..).zip(person.iter().zip(user.iter()));
    let marks = pairs.map(|(emp, pair)| match pair {
        (Some(_), Some(_)) => mark::BOTH,
        (None, Some(_)) if beside.contains_key(&emp) => mark::BOTH,
        (Some(_), None) => mark::PAYROLL_ONLY,
        (None, Some(_)) => mark::SERVICE_ONLY,
        (None, None) => mark::NEITHER,
    });
    EMPLOYEES.mark.filled(marks.collect())
}

/// Outcome of each id; those that the snapshot does not hold, and those that an inconsistent page walk did not return,
/// are unverified: never absent.
fn outcomes(inputs: &Inputs<'_>, height: usize) -> PolarsResult<Column> {
    let asked = POPULATION.outcome.of(inputs.population)?.iter();
    let shaky = POPULATION.batch_inconsistent.of(inputs.population)?.iter();
    let mut outcomes: Vec<u32> = asked
        .zip(shaky)
        .map(|(outcome, shaky)| match outcome {
            Some(name) if name == Outcome::Found.name() => outcome::FOUND,
            Some(name) if name == Outcome::NotFound.name() && shaky != Some(true) => outcome::NOT_FOUND,
            _ => outcome::UNVERIFIED,
        })
        .collect();
    outcomes.resize(height, outcome::UNVERIFIED);
    Ok(EMPLOYEES.outcome.filled(outcomes))
}

fn shaky(inputs: &Inputs<'_>, height: usize) -> PolarsResult<Column> {
    let known = POPULATION.batch_inconsistent.of(inputs.population)?.iter().map(|f| f == Some(true));
    let all: Vec<bool> = known.chain(std::iter::repeat(false)).take(height).collect();
    Ok(EMPLOYEES.shaky.filled(all))
}

/// Period of a person: payroll's own row, else any row of the pay group, else the file's.
fn with_periods(people: DataFrame, inputs: &Inputs<'_>, groups: usize, codes: &[u32]) -> PolarsResult<DataFrame> {
    let usable = EMPLOYEES
        .pay_periods
        .expr()
        .gt_eq(lit(1_i64))
        .and(EMPLOYEES.pay_periods.expr().lt_eq(lit(DEDUCTIONS_A_YEAR_MAX)));
    let people = people
        .lazy()
        .with_columns([
            when(EMPLOYEES.payroll_group.expr().fill_null(lit(BLANK)).neq(lit(BLANK)))
                .then(EMPLOYEES.payroll_group.expr())
                .otherwise(EMPLOYEES.benifex_group.expr())
                .fill_null(lit(BLANK))
                .alias(EMPLOYEES.group.name),
            when(usable).then(EMPLOYEES.pay_periods.expr()).otherwise(lit(0_i64)).alias(EMPLOYEES.pay_periods.name),
        ])
        .collect()?;
    let by_group = group_periods(inputs, groups, codes)?.take(EMPLOYEES.group.of(&people)?)?;
    people
        .hstack(by_group.columns())?
        .lazy()
        .with_columns([
            coalesce(&[EMPLOYEES.own_start.expr(), EMPLOYEES.group_start.expr()]).alias(EMPLOYEES.start.name),
            coalesce(&[EMPLOYEES.own_end.expr(), EMPLOYEES.group_end.expr()]).alias(EMPLOYEES.end.name),
        ])
        .collect()
}

fn group_periods(inputs: &Inputs<'_>, groups: usize, codes: &[u32]) -> PolarsResult<DataFrame> {
    let file = (day_number(inputs.payroll.period.start), day_number(inputs.payroll.period.end));
    let mut periods: Vec<Option<(i32, i32)>> = vec![None; groups];
    let people = &inputs.payroll.people;
    let dates = PAYROLL_PEOPLE.period_start.of(people)?.iter().zip(PAYROLL_PEOPLE.period_end.of(people)?.iter());
    for (group, dates) in codes.iter().zip(dates) {
        if let ((Some(start), Some(end)), true) = (dates, *group != BLANK) {
            periods[*group as usize].get_or_insert((start, end));
        }
    }
    let (starts, ends): (Vec<i32>, Vec<i32>) = periods.into_iter().map(|p| p.unwrap_or(file)).unzip();
    frame(vec![EMPLOYEES.group_start.filled(starts), EMPLOYEES.group_end.filled(ends)])
}

/// What `leaving` makes of the dates, and the columns that are kept.
fn with_leaving(
    mut people: DataFrame,
    inputs: &Inputs<'_>,
    person: &IdxCa,
    user: &IdxCa,
    beside: &BTreeMap<u32, Beside>,
) -> PolarsResult<DataFrame> {
    let marks = EMPLOYEES.mark.of(&people)?.into_no_null_iter();
    let mut on_both: Vec<bool> = marks.map(|who| who == mark::BOTH).collect();
    let deducted = deducted(inputs.payroll)?;
    let mut paid: Vec<bool> = person.iter().map(|row| row.is_some_and(|row| deducted[row as usize])).collect();
    if !beside.is_empty() {
        let mut term: Vec<Option<i32>> = EMPLOYEES.term.of(&people)?.iter().collect();
        for (emp, of_runs) in beside {
            let at = *emp as usize;
            // Runs beside the regular one may leave out a leave date that payroll has.
            (term[at], on_both[at], paid[at]) = (of_runs.term, of_runs.term.is_some(), of_runs.paid);
        }
        people.with_column(EMPLOYEES.term.filled_or_null(term))?;
    }
    let dated = inputs.job.payroll.all_map(|columns| &columns.term_date);
    let status: Vec<Option<&str>> = USERS.employment_status.of(inputs.users)?.iter().collect();
    let of_user = |row: u32| status.get(row as usize).copied().flatten().and_then(is_gone);
    let gone: Vec<Option<bool>> = user.iter().map(|row| row.and_then(of_user)).collect();
    let (rules, as_of) = (inputs.job.rules, day_number(inputs.as_of));
    let asked = Asked { rules, as_of, dated, on_both: &on_both, paid: &paid, gone: &gone };
    with_leavers(&mut people, &asked)?;
    people.select(KEPT)
}

/// Whether payroll takes something of each of its people in this period.
fn deducted(payroll: &PayrollTables) -> PolarsResult<Vec<bool>> {
    let lines = &payroll.lines;
    let amounts = PAYROLL_LINES.ee_amount.of(lines)?.iter().zip(PAYROLL_LINES.er_amount.of(lines)?.iter());
    let mut deducted = vec![false; payroll.people.height()];
    for (row, amounts) in PAYROLL_LINES.person.of(lines)?.into_no_null_iter().zip(amounts) {
        deducted[row as usize] |= [amounts.0, amounts.1].into_iter().flatten().any(|amount| amount != 0);
    }
    Ok(deducted)
}

/// Days since 1970, as polars counts them.
pub(super) fn day_number(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// The date of a day number; those outside the calendar are its end.
pub(super) fn date(day: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(day).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_names_somebody_twice_or_nobody_is_refused() {
        assert_eq!(positions(&[2, 0], 3).expect("distinct").iter().collect::<Vec<_>>(), [Some(1), None, Some(0)]);
        assert!(positions(&[1, 1], 3).is_err());
        assert!(positions(&[3], 3).is_err());
    }
}
