//! Cover as a timeline: a record that begins after the pay period says nothing of the period. What was in force in it
//! stands in an older snapshot, and takes the record's place; where no older snapshot knows the person, nobody can
//! tell.

mod asked;
pub(super) mod hired_again;
pub(super) mod late_changes;
pub(super) mod positions;
pub(super) mod records;
pub(super) mod repeated;
pub(super) mod replaced;
pub(super) mod timing;
pub(super) mod vanished;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::calendar::cover::Cover;
use crate::rules::calendar::moved_dates::ByCalendar;
use crate::rules::calendar::{Payday, pays_of_period};
use crate::rules::lines::benefits::{Benefits, Older};
use crate::rules::lines::schemes::most_specific;
use crate::rules::people::{date, day_number};
use crate::rules::timeline::asked::{Asked, AskedRecord};
use crate::rules::timeline::positions::{Positions, records_of};
use crate::scheme::{FirstDeduction, Scheme, SchemeEntry};
use crate::snapshot::Outcome;
use crate::snapshot::{BENEFITS, POPULATION};
use crate::tables::column::{Column, Day};
use crate::tables::payroll::PAYROLL_PEOPLE;
use crate::tables::payroll::PayrollTables;
use tieout_payroll::settings::Deductions;

/// So many days before a period may be the last that its deduction in arrears pays for.
const ARREARS_DAYS_MAX: i32 = 62;

/// Records of tonight that begin after their person's period, by employee id and benefit: what was before is asked for.
#[derive(Debug, Default)]
pub struct Ahead {
    pub asked: Asked<InForce>,
    /// Further rows of the same employees and benefits.
    more: BTreeMap<(String, String), Vec<u32>>,
}

/// What is asked of a record that begins after the period.
#[derive(Clone, Copy, Debug)]
pub struct InForce {
    /// By the last day that the deduction of the person's period pays for, in days since 1970.
    by: i32,
}

/// Records of an older snapshot that take the place of tonight's.
struct Found {
    /// Rows of tonight's benefits, in the order of the records.
    rows: Vec<u32>,
    records: Benefits,
    /// Those of the rows beside whose record further ones were in force, for which tonight has no row.
    several: Vec<u32>,
}

/// What older snapshots say of the records that were asked for.
#[derive(Default)]
pub struct Before {
    found: Vec<Found>,
}

impl Ahead {
    /// Looks for them in tonight's benefits. `population` has the employee ids of the snapshot by `emp`. What the job's
    /// schemes deduct in advance is due before it begins, and what they deduct once a month, in the month of the pay
    /// date or the one after it. Whenever a record was entered, before the cut-off or after it, it changes nothing
    /// before its first day.
    pub fn of(
        benefits: &Benefits,
        population: &DataFrame,
        payroll: &PayrollTables,
        (deductions, schemes): (&Deductions, &[SchemeEntry]),
    ) -> PolarsResult<Ahead> {
        let file = (day_number(payroll.period.start), day_number(payroll.period.end));
        let ids = POPULATION.employee_id.of(population)?;
        let (emps, from) = (BENEFITS.emp.of(&benefits.frame)?, BENEFITS.effective_from.of(&benefits.frame)?);
        let starts = PAYROLL_PEOPLE.period_start.of(&payroll.people)?.min();
        let earliest = starts.map_or(file.0, |start| start.min(file.0)) - ARREARS_DAYS_MAX;
        let mut ahead = Ahead::default();
        if !from.iter().flatten().any(|from| from > earliest) {
            return Ok(ahead);
        }
        let of_file = OwnPeriod { start: file.0, end: file.1, paid: payroll.period.pay_date, group: None };
        let periods = periods(payroll, ids, of_file)?;
        let changed = BENEFITS.change_date.of(&benefits.frame)?;
        let key = |row: usize, emp: u32| Some((ids.get(emp as usize)?.to_owned(), benefits.keys.get(row)?.to_owned()));
        let mut asked = vec![false; ids.len()];
        for (row, (emp, from)) in emps.into_no_null_iter().zip(from.iter()).enumerate() {
            let Some(from) = from.filter(|from| *from > earliest) else { continue };
            let period = periods.get(emp as usize).copied().unwrap_or(of_file);
            let Some(benefit) = benefits.keys.get(row) else { continue };
            let rules = rules(schemes, period.group, benefit);
            let first = [FirstDeduction::InAdvance, FirstDeduction::InArrears, FirstDeduction::SamePay];
            let first = first.into_iter().find(|rule| rules.contains(rule));
            let end = period.last_paid_for(first, deductions, benefit);
            if from <= end {
                continue;
            }
            if let Some(key) = key(row, emp) {
                asked[emp as usize] = true;
                let (row, changed) = (row as u32, changed.get(row));
                let now = AskedRecord { row, first: from, changed, what: InForce { by: end } };
                if let Some(before) = ahead.asked.rows.insert(key.clone(), now) {
                    ahead.more.entry(key).or_default().push(before.row);
                }
            }
        }
        // Tonight's own record in force needs no older one.
        let of_asked = emps.into_no_null_iter().zip(from.iter()).enumerate();
        for (row, (emp, from)) in of_asked.filter(|(_, (emp, _))| asked.get(*emp as usize) == Some(&true)) {
            let Some(key) = key(row, emp) else { continue };
            if ahead.asked.rows.get(&key).is_some_and(|asked| from.is_none_or(|from| from <= asked.what.by)) {
                ahead.asked.rows.remove(&key);
            }
        }
        Ok(ahead)
    }

    /// Takes what an older snapshot says; snapshots come newest first. What it answers is asked no more. `others`: ids
    /// that were another person's then, who has begun since.
    pub fn ask(
        &mut self,
        before: &mut Before,
        population: &DataFrame,
        benefits: &Benefits,
        others: &BTreeSet<String>,
    ) -> PolarsResult<()> {
        self.asked.forget(others);
        let outcomes = POPULATION.outcome.of(population)?;
        let from = BENEFITS.effective_from.of(&benefits.frame)?.rechunk();
        let emps: Vec<u32> = BENEFITS.emp.of(&benefits.frame)?.into_no_null_iter().collect();
        let mut positions = Positions::new(POPULATION.employee_id.of(population)?);
        let (mut rows, mut records, mut several) = (Vec::new(), Vec::new(), Vec::new());
        let more = &self.more;
        self.asked.rows.retain(|key, asked| {
            let (id, benefit) = key;
            let Some(emp) = positions.of(id) else { return true };
            let of_benefit = records_of(benefits, &emps, emp, benefit);
            let begins: Vec<(i32, usize)> = of_benefit.filter_map(|row| Some((from.get(row)?, row))).collect();
            // Of several records the one that began last is in force, and those beside it that nobody has ended.
            let mut in_force: Vec<(i32, usize)> =
                begins.iter().copied().filter(|(from, _)| *from <= asked.what.by).collect();
            in_force.sort_unstable_by(|a, b| b.cmp(a));
            if let Some((_, newest)) = in_force.first().copied() {
                in_force.retain(|(_, row)| benefits.statuses.get(*row) == benefits.statuses.get(newest));
                let places = std::iter::once(asked.row).chain(more.get(key).into_iter().flatten().copied());
                let found = places.zip(&in_force).map(|(place, (_, row))| (place, *row as u32));
                let before = rows.len();
                found.for_each(|(place, row)| {
                    rows.push(place);
                    records.push(row);
                });
                several.extend((rows.len() - before < in_force.len()).then_some(asked.row));
                return false;
            }
            // The record had been replaced by then already: what it replaced stands in an older snapshot still. Whoever
            // was known then and had no record at all had none before.
            !begins.is_empty() || outcomes.get(emp) != Some(Outcome::Found.name())
        });
        if !rows.is_empty() {
            before.found.push(Found { rows, records: benefits.take(records)?, several });
        }
        Ok(())
    }

    /// Tonight's benefits with what was in force in the period. What is asked for still is known to nobody.
    pub fn settle(self, benefits: Benefits, before: Before) -> PolarsResult<Benefits> {
        if before.found.is_empty() { Ok(benefits) } else { replaced(benefits, before.found) }
    }
}

/// What the schemes of the benefit say of its first deduction in the pay group; of all groups where it is not known.
fn rules(schemes: &[SchemeEntry], group: Option<&str>, benefit: &str) -> Vec<FirstDeduction> {
    let named = |of: &str| of == benefit;
    if let Some(group) = group {
        return Scheme::of(schemes, group, named).first_deduction.into_iter().collect();
    }
    let of_benefit = |entry: &&SchemeEntry| entry.benefit.as_deref().is_none_or(named);
    schemes.iter().filter(of_benefit).filter_map(|entry| entry.scheme.first_deduction).collect()
}

/// First and last day of the period of one person, and the pay group that payroll has.
#[derive(Clone, Copy)]
struct OwnPeriod<'p> {
    start: i32,
    end: i32,
    paid: Option<NaiveDate>,
    group: Option<&'p str>,
}

impl OwnPeriod<'_> {
    /// The last day that a deduction for the period pays for.
    fn last_paid_for(&self, first: Option<FirstDeduction>, deductions: &Deductions, benefit: &str) -> i32 {
        let group = self.group.unwrap_or_default();
        let per_year = most_specific(deductions, group, deductions.deducted_as(benefit));
        let payday = Payday {
            start: self.start,
            end: self.end,
            date: self.paid.map(day_number),
            pays: pays_of_period(self.start, self.end),
            by_calendar: ByCalendar::NotKnown,
            in_file: 1,
        };
        let scheme = Scheme { first_deduction: first, ..Scheme::default() };
        Cover::new(payday, &scheme, None, None).deducted(&scheme, per_year).last_day()
    }
}

/// Of each of the population: the person's own, or the file's.
fn periods<'p>(
    payroll: &'p PayrollTables,
    ids: &StringChunked,
    file: OwnPeriod<'p>,
) -> PolarsResult<Vec<OwnPeriod<'p>>> {
    let days = |column: Column<Day>| PolarsResult::Ok(column.of(&payroll.people)?.iter());
    let own = days(PAYROLL_PEOPLE.period_start)?.zip(days(PAYROLL_PEOPLE.period_end)?);
    let mut positions = Positions::new(ids);
    let mut periods = vec![file; ids.len()];
    let paid = PAYROLL_PEOPLE.pay_date.of(&payroll.people)?;
    let people = PAYROLL_PEOPLE.employee_id.of(&payroll.people)?.iter().zip(own);
    for (row, (id, (start, end))) in people.enumerate() {
        let (Some(id), Some(start), Some(end)) = (id, start, end) else { continue };
        if let Some(emp) = positions.of(id.trim()) {
            let group = payroll.words.pay_group.get(row).map(str::trim);
            let paid = paid.get(row).map(date).or(file.paid);
            periods[emp] = OwnPeriod { start, end, paid, group: Some(group.unwrap_or_default()) };
        }
    }
    Ok(periods)
}

fn replaced(benefits: Benefits, found: Vec<Found>) -> PolarsResult<Benefits> {
    let begins = BENEFITS.effective_from.of(&benefits.frame)?.rechunk();
    let rows = found.iter().flat_map(|found| &found.rows);
    let followed: BTreeMap<u32, i32> = rows.filter_map(|row| Some((*row, begins.get(*row as usize)?))).collect();
    let following = Some(Box::new(benefits.take(followed.keys().copied().collect())?));
    let several = found.iter().flat_map(|found| &found.several).copied().collect();
    let mut place: Vec<u32> = (0..benefits.height() as u32).collect();
    let emp = BENEFITS.emp.of(&benefits.frame)?.clone();
    let Benefits { mut frame, mut keys, mut statuses, mut currencies, .. } = benefits;
    for Found { rows, records, .. } in &found {
        for (at, row) in rows.iter().enumerate() {
            place[*row as usize] = (frame.height() + at) as u32;
            let row = *row as usize;
            keys.set(row, records.keys.get(at));
            statuses.set(row, records.statuses.get(at));
            currencies.iter_mut().zip(&records.currencies).for_each(|(all, records)| all.set(row, records.get(at)));
        }
        frame.vstack_mut(&records.frame)?;
    }
    frame.rechunk_mut();
    let mut frame = frame.take(&IdxCa::from_vec("row".into(), place))?;
    // The numbers of people are tonight's.
    frame.with_column(emp.into_column())?;
    let older = Older { followed, following, several, ..Older::default() };
    Ok(Benefits { frame, keys, statuses, currencies, older })
}
