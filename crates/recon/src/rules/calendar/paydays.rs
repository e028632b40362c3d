//! Everybody's pay period and pay date: payroll's own row, else any row of the pay group, else the file's.

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::calendar::moved_dates::{ByCalendar, OfTwo, Rhythm};
use crate::rules::calendar::{Payday, pays_of_period};
use crate::rules::lines::dictionary::BLANK;
use crate::rules::people::ids::Ids;
use crate::rules::people::leaving::coverage_end;
use crate::rules::people::{date, day_number};
use crate::rules::proofs::group_totals::group_names;
use crate::rules::schema::EMPLOYEES;
use crate::settings::CoverageEnd;
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::balance::PayPeriod;
use tieout_model::control::PastPay;
use tieout_model::terms::PayFrequency;

/// Pays a year that a service can mean; other numbers are deductions.
pub(in crate::rules) const PAYS: [i64; 5] = [12, 13, 24, 26, 52];

/// Everybody's, by `emp`, and the earlier pays of two months that they stand for.
pub(in crate::rules) struct Paydays {
    pub(in crate::rules) of_emp: Vec<Payday>,
    pub(in crate::rules) of_two: Vec<Vec<OfTwo>>,
}

/// `people` has `start`, `end`, `group` and `pay_periods`; `person` is the row of payroll's people.
pub(in crate::rules) fn paydays(
    inputs: &Inputs<'_>,
    ids: &Ids<'_>,
    people: &DataFrame,
    person: &IdxCa,
) -> PolarsResult<Paydays> {
    let own_dates = PAYROLL_PEOPLE.pay_date.of(&inputs.payroll.people)?;
    let own_pays = inputs.payroll.words.pay_frequency.numbered(pays_of_word);
    let group_of = EMPLOYEES.group.of(people)?;
    let (starts, ends) = (EMPLOYEES.start.of(people)?, EMPLOYEES.end.of(people)?);
    let stated = EMPLOYEES.pay_periods.of(people)?;
    let (leave, disputed) = (EMPLOYEES.leave.of(people)?, EMPLOYEES.disputed.of(people)?);
    let mut of_group: PlHashMap<u32, (Option<i32>, u32, &[PastPay])> = PlHashMap::default();
    let (earlier, mut calendars) = (earlier_pays(inputs), Calendars::default());
    let own = |emp: usize| {
        let row = person.get(emp)? as usize;
        Some((own_dates.get(row), own_pays[row], earlier.get(row).copied().unwrap_or_default()))
    };
    for (emp, group) in group_of.into_no_null_iter().enumerate().filter(|(_, group)| *group != BLANK) {
        if let Some(own) = own(emp) {
            of_group.entry(group).or_insert(own);
        }
    }
    let file = &inputs.payroll.period;
    let mut day = |emp: usize| {
        let group = group_of.get(emp).and_then(|group| of_group.get(&group).copied());
        let (date, pays, earlier) = own(emp).or(group).unwrap_or_default();
        let start = starts.get(emp).unwrap_or_else(|| day_number(file.start));
        let end = ends.get(emp).unwrap_or_else(|| day_number(file.end));
        let stated = stated.get(emp).filter(|pays| PAYS.contains(pays)).unwrap_or_default();
        let mut unread = unread(inputs, ids.text(emp as u32), end);
        // What it takes of somebody whose cover was over before the last of them is a final pay that came late.
        if leave.get(emp).is_some_and(|leave| disputed.get(emp) != Some(true) && is_over(inputs, leave, &unread)) {
            unread.retain(|period| day_number(period.end) == end);
        }
        let start = unread.iter().filter_map(|period| period.start).map(day_number).min().unwrap_or(start);
        // Of a transfer inside the month each employment has its days: together they are one pay period.
        let is_one = pays > 0 && i64::from(pays) == pays_of_period(start, end);
        let in_file = match inputs.payroll.other_runs_only {
            true => 0,
            false if is_one => 1,
            false => unread.len().max(1) as i64,
        };
        let stated = [i64::from(pays), stated].map(|pays| if in_file > 1 { exactly(pays, in_file) } else { pays });
        // The days of several periods are those of all of them.
        let known = [stated[0], pays_of_period(start, end), stated[1]];
        let pays = known.into_iter().find(|pays| *pays > 0).unwrap_or_default();
        let date = date.or(file.pay_date.map(day_number));
        let by_calendar = date.map_or(ByCalendar::NotKnown, |date| calendars.of((end, date), pays, earlier));
        Payday { start, end, date, pays, by_calendar, in_file }
    };
    let of_emp = (0..people.height()).map(&mut day).collect();
    Ok(Paydays { of_emp, of_two: calendars.of_two })
}

/// What is known of pay dates, each once.
struct Calendars {
    /// By last day of the period, pay date, pays a year and earlier pays, by where they stand.
    known: PlHashMap<(i32, i32, i64, usize), ByCalendar>,
    of_two: Vec<Vec<OfTwo>>,
}

impl Default for Calendars {
    fn default() -> Calendars {
        Calendars { known: PlHashMap::default(), of_two: vec![Vec::new()] }
    }
}

impl Calendars {
    fn of(&mut self, (end, paid): (i32, i32), pays: i64, earlier: &[PastPay]) -> ByCalendar {
        if earlier.is_empty() {
            return ByCalendar::NotKnown;
        }
        let of_two = &mut self.of_two;
        *self.known.entry((end, paid, pays, earlier.as_ptr().addr())).or_insert_with(|| {
            let Some(rhythm) = Rhythm::new(pays, earlier) else { return ByCalendar::NotKnown };
            let Some((turns, usual)) = rhythm.turns(end, paid) else { return ByCalendar::NotKnown };
            let earlier = rhythm.of_two_before(end);
            let before = if earlier.is_empty() { 0 } else { of_two.len() };
            of_two.extend((before > 0).then_some(earlier));
            ByCalendar::Known { turns, usual, before }
        })
    }
}

/// The earlier pays of the group of each of payroll's people; empty where none of any group is known.
pub(super) fn earlier_pays<'i>(inputs: &Inputs<'i>) -> Vec<&'i [PastPay]> {
    let known = &inputs.past.pays;
    if known.is_empty() {
        return Vec::new();
    }
    let (names, of_row) = group_names(&inputs.payroll.words);
    let of_name: Vec<&[PastPay]> = names.iter().map(|name| known.get(name).map_or(&[][..], Vec::as_slice)).collect();
    of_row.into_iter().map(|name| of_name[name]).collect()
}

/// Of an employee of whom the file holds several pay periods: those that no earlier night read. A late row of a period
/// that was judged, or that lies before all that were, makes nothing due. `end`: the last day of them all.
fn unread(inputs: &Inputs<'_>, employee_id: &str, end: i32) -> Vec<PayPeriod> {
    let Some(held) = inputs.payroll.periods_of.get(employee_id) else { return Vec::new() };
    let (books, end) = (inputs.books.of(employee_id), date(end));
    held.periods.iter().filter(|period| !books.knows(period, end) && !books.begins_after(period)).copied().collect()
}

/// Cover of somebody who left on this day was over before the last of the periods, by each rule that the job has.
fn is_over(inputs: &Inputs<'_>, leave: i32, periods: &[PayPeriod]) -> bool {
    let stated = inputs.job.schemes.iter().filter_map(|entry| entry.scheme.coverage_end);
    let rules = stated.chain(inputs.job.rules.coverage_end).chain([CoverageEnd::EndOfMonth]);
    let latest = rules.map(|rule| coverage_end(leave, rule)).max();
    let last = periods.iter().filter_map(|period| period.start).map(day_number).max();
    last.zip(latest).is_some_and(|(last, latest)| latest < last)
}

/// A part of a number of pays a year; 0 where it is no whole one.
fn exactly(pays: i64, parts: i64) -> i64 {
    if pays % parts == 0 { pays / parts } else { 0 }
}

/// Pays a year of a frequency by its name; 0 = none.
pub(in crate::rules) fn pays_of_word(word: &str) -> u32 {
    PayFrequency::ALL.into_iter().find(|frequency| frequency.name() == word).map_or(0, PayFrequency::per_year)
}
