//! What is deducted once a month of people who are paid more often, where the job does not say on which pay date: on
//! the first of a month, unless payroll's own practice is the last.

use std::cmp::Reverse;

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::calendar::moved_dates::Turn;
use crate::rules::calendar::paydays::earlier_pays;
use crate::rules::calendar::takers::taken;
use crate::rules::calendar::{MONTHS, Payday};
use crate::rules::lines::deducted::KindWords;
use crate::rules::lines::dictionary::{BLANK, Dictionary};
use crate::rules::lines::expected::is_live;
use crate::rules::lines::schemes::Schemes;
use crate::rules::people::{People, day_number};
use crate::rules::schema::EMPLOYEES;
use crate::scheme::DeductionDates;
use crate::snapshot::BENEFITS;
use tieout_model::control::PastPay;

/// Those of a pay group who have a benefit.
struct Holders<'p> {
    payday: Payday,
    earlier: &'p [PastPay],
    /// `emp` of who have it since before the month of the pay date.
    since_before: Vec<u32>,
    /// Somebody is deducted more often, or paid otherwise.
    mixed: bool,
}

/// `labels`: of the snapshot's benefits.
pub(in crate::rules) fn with_practice(
    inputs: &Inputs<'_>,
    people: &People<'_>,
    (words, names): (&KindWords, &Dictionary),
    labels: &[u32],
    schemes: &mut Schemes,
) -> PolarsResult<()> {
    let mut holders = holders(inputs, people, labels, schemes)?;
    holders.retain(|_, of_both| !of_both.mixed && !of_both.since_before.is_empty());
    if holders.is_empty() {
        return Ok(());
    }
    let taken = taken(inputs.payroll, people, words)?;
    for ((group, label), holders) in holders {
        let taken = holders.since_before.iter().filter_map(|emp| taken.get(&(*emp, label)).copied()).collect();
        if is_last(&holders, taken, names.text(label)) {
            let group = (group, people.groups.text(group));
            schemes.deducted_on(group, label, DeductionDates::LastOfMonth(1));
        }
    }
    Ok(())
}

/// By pay group and label.
fn holders<'i>(
    inputs: &Inputs<'i>,
    people: &People<'_>,
    labels: &[u32],
    schemes: &Schemes,
) -> PolarsResult<PlHashMap<(u32, u32), Holders<'i>>> {
    let mut holders: PlHashMap<(u32, u32), Holders<'i>> = PlHashMap::default();
    let is_often = |payday: &Payday| payday.pays > MONTHS && payday.in_file == 1 && !payday.may_be_of_two();
    let (groups, pay_periods) = (EMPLOYEES.group.of(&people.frame)?, EMPLOYEES.pay_periods.of(&people.frame)?);
    let stated = inputs.job.deductions.per_year.iter().any(|entry| i64::from(entry.per_year) == MONTHS);
    let mut often = people.paydays.iter().zip(pay_periods.iter()).filter(|(payday, _)| is_often(payday));
    if !often.any(|(_, periods)| stated || periods == Some(MONTHS)) {
        return Ok(holders);
    }
    let earlier = earlier_pays(inputs);
    let benefits = inputs.benefits;
    let live = benefits.statuses.numbered(|text| u32::from(is_live(inputs.job, text)));
    let effective = BENEFITS.effective_from.of(&benefits.frame)?;
    for (row, emp) in BENEFITS.emp.of(&benefits.frame)?.into_no_null_iter().enumerate() {
        let (label, payday) = (labels[row], people.paydays[emp as usize]);
        let group = groups.get(emp as usize).unwrap_or(BLANK);
        let person = people.person.get(emp as usize).filter(|_| live[row] == 1 && group != BLANK);
        let Some(person) = person.filter(|_| schemes.scheme(group, label).deduction_dates.is_none()) else { continue };
        let earlier = earlier.get(person as usize).copied().unwrap_or_default();
        let none = Holders { payday, earlier, since_before: Vec::new(), mixed: false };
        let of_both = holders.entry((group, label)).or_insert(none);
        let once = schemes.per_year(group, label, pay_periods.get(emp as usize).unwrap_or_default()) == MONTHS;
        of_both.mixed |=
            !once || !is_often(&payday) || (payday.pays, payday.date) != (of_both.payday.pays, of_both.payday.date);
        let before = payday.date.map(|paid| Turn::on(paid, payday.pays).month);
        if !of_both.mixed && effective.get(row).is_some_and(|first| Some(first) <= before) {
            of_both.since_before.push(emp);
        }
    }
    Ok(holders)
}

/// What most are taken tonight says it, where the month had no deduction yet; else the last time that it was deducted
/// on the first pay date of a month or on the last; else that it was not on the first one of this month. `taken`: what
/// of those of whom something is taken.
fn is_last(holders: &Holders<'_>, taken: Vec<i64>, benefit: &str) -> bool {
    let Holders { payday, earlier, since_before, .. } = holders;
    let Some(tonight) = payday.date.map(|date| Turn::on(date, payday.pays)) else { return false };
    let sum: i128 = taken.iter().copied().map(i128::from).sum();
    let due = |pay: &PastPay| -> i128 {
        let of_benefit = |key: &String| key.rsplit_once(' ').is_some_and(|(of, _)| of == benefit);
        pay.due.iter().filter(|(key, _)| of_benefit(key)).map(|(_, due)| due.abs()).sum()
    };
    // What a few people are taken on other dates is no deduction.
    let most = earlier.iter().map(due).chain([sum.abs()]).max().unwrap_or_default();
    let turn = |pay: &PastPay| (Turn::on(day_number(pay.date), payday.pays), 2 * due(pay) > most);
    let mut before: Vec<(Turn, bool)> = earlier.iter().map(turn).collect();
    before.sort_by_key(|(turn, _)| Reverse((turn.month, turn.in_month)));
    let says = |turn: &Turn| {
        let [first, last] = [turn.in_month, turn.from_last].map(|at| at == Some(1));
        (first != last).then_some(last)
    };
    let this_month = || before.iter().filter(|(turn, _)| turn.month == tonight.month);
    let by_most = says(&tonight);
    if 2 * taken.len() > since_before.len() && this_month().all(|(_, deducted)| !deducted) {
        return by_most.unwrap_or(false);
    }
    let by_habit = before.iter().filter(|(_, deducted)| *deducted).find_map(|(turn, _)| says(turn));
    let missed = || this_month().any(|(turn, _)| says(turn) == Some(false)).then_some(true);
    by_habit.or_else(missed).or(by_most.map(|last| !last)).unwrap_or(false)
}
