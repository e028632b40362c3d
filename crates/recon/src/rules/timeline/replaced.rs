//! Records of cover that tonight's have replaced lately, where tonight's begins inside the period, so that either may
//! be due of a part of it, or payroll takes more than it makes due: a period may not have been taken yet. They stand in
//! older snapshots alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::calendar::MONTHS;
use crate::rules::calendar::pays_of_period;
use crate::rules::lines::benefits::Benefits;
use crate::rules::lines::expected::{Price, is_live};
use crate::rules::people::day_number;
use crate::rules::timeline::asked::{Asked, AskedRecord};
use crate::rules::timeline::positions::{Positions, position, records_of};
use crate::snapshot::Outcome;
use crate::snapshot::{BENEFITS, POPULATION};
use crate::tables::column::{Column, Day, Number};
use crate::tables::payroll::PayrollTables;
use crate::tables::payroll::{PAYROLL_LINES, PAYROLL_PEOPLE};
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

/// Days before the end of a period in which a record began that may have replaced another one lately.
const LATELY_DAYS: i32 = 100;

/// Records of tonight that may have replaced others, by employee id and benefit: those are asked for.
#[derive(Debug, Default)]
pub struct Replaced {
    pub asked: Asked<Since>,
    found: BTreeMap<u32, Vec<Old>>,
}

#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// First day of the oldest record that is known, in days since 1970.
    first: i32,
    /// What began by this day has no part of a period that can be open still.
    until: i32,
}

/// A record as an older snapshot states it.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Old {
    status: String,
    /// First day of its cover, in days since 1970.
    pub(in crate::rules) first: i32,
    /// The last day on which a snapshot shows it, in days since 1970.
    pub(in crate::rules) seen: i32,
    /// Of the employee, and of the employer: counts of 1/10,000.
    annual: [Option<i64>; 2],
    monthly: [Option<i64>; 2],
    currencies: [String; 2],
}

impl Old {
    fn new(benefits: &Benefits, row: usize, (first, seen): (i32, i32)) -> PolarsResult<Old> {
        let amount = |column: Column<Number>| PolarsResult::Ok(column.of(&benefits.frame)?.get(row));
        let currency = |at: usize| benefits.currencies[at].get(row).unwrap_or_default().to_owned();
        Ok(Old {
            status: benefits.statuses.get(row).unwrap_or_default().to_owned(),
            first,
            seen,
            annual: [amount(BENEFITS.ee_annual)?, amount(BENEFITS.er_annual)?],
            monthly: [amount(BENEFITS.ee_monthly)?, amount(BENEFITS.er_monthly)?],
            currencies: [currency(0), currency(1)],
        })
    }

    /// A whole deduction of a payer; `None`: it is stated in another currency.
    pub(in crate::rules) fn deduction(&self, payer: Payer, currency: Currency, per_year: i64) -> Option<i64> {
        let of = payer as usize;
        let price =
            Price { annual: self.annual[of], monthly: self.monthly[of], currency: 0, unit: currency.minor_unit() };
        (per_year > 0 && self.currencies[of] == currency.code()).then(|| price.deduction(per_year))
    }
}

impl Replaced {
    /// Looks for tonight's that begin inside the period, or that payroll takes more of. `population` has the employee
    /// ids of the snapshot by `emp`.
    pub fn of(benefits: &Benefits, population: &DataFrame, payroll: &PayrollTables) -> PolarsResult<Replaced> {
        let mut replaced = Replaced::default();
        let end = day_number(payroll.period.end);
        let begun = begun(benefits, end - LATELY_DAYS..=end)?;
        if begun.is_empty() {
            return Ok(replaced);
        }
        let changed = BENEFITS.change_date.of(&benefits.frame)?.rechunk();
        let [employee, employer] =
            [(BENEFITS.ee_annual, BENEFITS.ee_monthly), (BENEFITS.er_annual, BENEFITS.er_monthly)];
        let prices = [Prices::new(benefits, employee)?, Prices::new(benefits, employer)?];
        let (people, lines) = (People::new(payroll)?, Lines::new(payroll)?);
        let mut positions = Positions::new(POPULATION.employee_id.of(population)?);
        let persons: Vec<u32> = PAYROLL_LINES.person.of(&payroll.lines)?.into_no_null_iter().collect();
        let mut next = 0;
        for of_person in persons.chunk_by(|a, b| a == b) {
            let rows = next..next + of_person.len();
            next = rows.end;
            let Some((id, period_start, period_end)) = people.get(of_person[0] as usize) else { continue };
            let Some(emp) = positions.of(id) else { continue };
            let from = begun.partition_point(|(other, ..)| (*other as usize) < emp);
            let begun = begun[from..].iter().take_while(|(other, ..)| *other as usize == emp);
            for &(_, row, first) in begun {
                let Some(benefit) = benefits.keys.get(row as usize) else { continue };
                let pays = pays_of_period(period_start, period_end);
                let taken = lines.taken(rows.clone(), benefit);
                let until = match taken.is_some_and(|taken| is_more(&prices, row as usize, taken, pays)) {
                    true => end - LATELY_DAYS,
                    false if period_start < first && first <= period_end => period_start,
                    false => continue,
                };
                let what = Since { first, until };
                let asked = AskedRecord { row, first, changed: changed.get(row as usize), what };
                replaced.asked.rows.insert((id.to_owned(), benefit.to_owned()), asked);
            }
        }
        Ok(replaced)
    }

    /// Takes what an older snapshot says, which is known on a day; snapshots come newest first. `others`: ids that were
    /// another person's then.
    pub fn ask(
        &mut self,
        known_on: NaiveDate,
        population: &DataFrame,
        benefits: &Benefits,
        others: &BTreeSet<String>,
    ) -> PolarsResult<()> {
        self.asked.forget(others);
        let (ids, outcomes) = (POPULATION.employee_id.of(population)?, POPULATION.outcome.of(population)?);
        let from = BENEFITS.effective_from.of(&benefits.frame)?;
        let emps: Vec<u32> = BENEFITS.emp.of(&benefits.frame)?.into_no_null_iter().collect();
        let mut answered = Vec::new();
        for (key, asked) in &mut self.asked.rows {
            let Some(emp) = position(ids, &key.0).filter(|at| outcomes.get(*at) == Some(Outcome::Found.name())) else {
                continue;
            };
            let of_benefit = records_of(benefits, &emps, emp, &key.1);
            let mut begins: Vec<(i32, usize)> = of_benefit.filter_map(|row| Some((from.get(row)?, row))).collect();
            begins.sort_unstable_by_key(|(first, _)| std::cmp::Reverse(*first));
            let none = begins.is_empty();
            for (first, row) in begins.into_iter().filter(|(first, _)| *first < asked.what.first).collect::<Vec<_>>() {
                let old = Old::new(benefits, row, (first, day_number(known_on)))?;
                self.found.entry(asked.row).or_default().push(old);
                asked.what.first = first;
            }
            if none {
                self.found.entry(asked.row).or_default();
            }
            if none || asked.what.first <= asked.what.until {
                answered.push(key.clone());
            }
        }
        answered.iter().for_each(|key| _ = self.asked.rows.remove(key));
        Ok(())
    }

    /// Tonight's benefits with what was found.
    pub fn settle(self, mut benefits: Benefits) -> Benefits {
        benefits.older.replaced = self.found;
        benefits
    }
}

/// Of records that others replaced, those that were in force, by the row of tonight's.
pub(in crate::rules) fn replaced<'i>(inputs: &Inputs<'i>) -> BTreeMap<u32, Vec<&'i Old>> {
    let live = |old: &&Old| is_live(inputs.job, &old.status);
    inputs.benefits.older.replaced.iter().map(|(row, old)| (*row, old.iter().filter(live).collect())).collect()
}

/// Records of cover that began in these days: employee, row and first day, in the order of the rows.
fn begun(benefits: &Benefits, lately: RangeInclusive<i32>) -> PolarsResult<Vec<(u32, u32, i32)>> {
    let (emps, from) = (BENEFITS.emp.of(&benefits.frame)?, BENEFITS.effective_from.of(&benefits.frame)?);
    let rows = (0_u32..).zip(emps.into_no_null_iter().zip(from.iter()));
    let begun = rows.filter_map(|(row, (emp, from))| Some((emp, row, from.filter(|from| lately.contains(from))?)));
    Ok(begun.collect())
}

/// Payroll's lines; those of one person stand together.
struct Lines<'p> {
    payroll: &'p PayrollTables,
    kinds: UInt32Chunked,
    /// Counts of 1/10,000, by payer.
    amounts: [Int64Chunked; 2],
}

impl<'p> Lines<'p> {
    fn new(payroll: &'p PayrollTables) -> PolarsResult<Lines<'p>> {
        let amounts = |column: Column<Number>| PolarsResult::Ok(column.of(&payroll.lines)?.rechunk().into_owned());
        Ok(Lines {
            payroll,
            kinds: PAYROLL_LINES.kind.of(&payroll.lines)?.rechunk().into_owned(),
            amounts: [amounts(PAYROLL_LINES.ee_amount)?, amounts(PAYROLL_LINES.er_amount)?],
        })
    }

    /// What these rows take of each payer for a benefit, by all of its codes; `None`: no row is of it.
    fn taken(&self, rows: Range<usize>, benefit: &str) -> Option<[i64; 2]> {
        let is_of_benefit = |row: &usize| {
            let kind = self.kinds.get(*row).and_then(|kind| self.payroll.kinds.get(kind as usize));
            kind.is_some_and(|kind| kind.benefit.as_deref() == Some(benefit))
        };
        let of_row = |row: usize| self.amounts.each_ref().map(|amounts| amounts.get(row).unwrap_or_default());
        rows.filter(is_of_benefit).map(of_row).reduce(|[a, b], [more_a, more_b]| [a + more_a, b + more_b])
    }
}

/// Ids and periods of payroll's people.
struct People<'p> {
    ids: &'p StringChunked,
    periods: [Int32Chunked; 2],
}

impl<'p> People<'p> {
    fn new(payroll: &'p PayrollTables) -> PolarsResult<People<'p>> {
        let days = |column: Column<Day>| PolarsResult::Ok(column.of(&payroll.people)?.rechunk().into_owned());
        Ok(People {
            ids: PAYROLL_PEOPLE.employee_id.of(&payroll.people)?,
            periods: [days(PAYROLL_PEOPLE.period_start)?, days(PAYROLL_PEOPLE.period_end)?],
        })
    }

    /// Employee id, first and last day of the period.
    fn get(&self, person: usize) -> Option<(&'p str, i32, i32)> {
        let [start, end] = &self.periods;
        Some((self.ids.get(person)?.trim(), start.get(person)?, end.get(person)?))
    }
}

/// What records state that a payer pays.
struct Prices<'b> {
    annual: &'b Int64Chunked,
    monthly: &'b Int64Chunked,
}

impl<'b> Prices<'b> {
    fn new(benefits: &'b Benefits, (annual, monthly): (Column<Number>, Column<Number>)) -> PolarsResult<Prices<'b>> {
        Ok(Prices { annual: annual.of(&benefits.frame)?, monthly: monthly.of(&benefits.frame)? })
    }

    /// What is stated for a year; 0 where nothing is.
    fn a_year(&self, row: usize) -> i64 {
        let monthly = || self.monthly.get(row).map(|monthly| monthly.saturating_mul(MONTHS));
        self.annual.get(row).or_else(monthly).unwrap_or_default()
    }
}

/// More than one of as many deductions a year as there are pays, and a little for rounding. Where there are fewer
/// deductions than pays, each of them is more.
fn is_more(prices: &[Prices<'_>; 2], row: usize, taken: [i64; 2], pays: i64) -> bool {
    let more = prices.iter().zip(taken).any(|(prices, taken)| {
        let annual = prices.a_year(row);
        taken > 0 && i128::from(taken) * i128::from(pays) > i128::from(annual) + i128::from(annual / 100)
    });
    more || (pays == 0 && taken.iter().any(|taken| *taken > 0))
}
