//! Records of cover that tonight's have replaced lately, of people of whom payroll takes more than tonight's make due:
//! a period of theirs may not have been taken yet. They stand in older snapshots alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::benefits::Benefits;
use crate::rules::calendar::pays_of_period;
use crate::rules::columns::{counts, days, numbers, texts};
use crate::rules::expected::{MONTHS, Price, is_live};
use crate::rules::late_changes::position;
use crate::rules::people::day_number;
use crate::snapshot::Outcome;
use crate::tables::payroll::PayrollTables;
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

/// Days before the end of a period in which a record began that may have replaced another one lately.
const LATELY_DAYS: i32 = 100;

/// Records of tonight that may have replaced others, by employee id and benefit: those are asked for.
#[derive(Debug, Default)]
pub struct Replaced {
    rows: BTreeMap<(String, String), Asked>,
    found: BTreeMap<u32, Vec<Old>>,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    /// Row of tonight's benefits.
    row: u32,
    /// First day of the oldest record that is known, in days since 1970.
    first: i32,
    /// What began by this day has no part of a period that can be open still.
    until: i32,
    changed: Option<i32>,
}

/// A record as an older snapshot states it.
#[derive(Clone, Debug)]
pub(super) struct Old {
    status: String,
    /// First day of its cover, in days since 1970.
    pub(super) first: i32,
    /// Of the employee, and of the employer: counts of 1/10,000.
    annual: [Option<i64>; 2],
    monthly: [Option<i64>; 2],
    currencies: [String; 2],
}

impl Old {
    fn new(benefits: &Benefits, row: usize, first: i32) -> PolarsResult<Old> {
        let amount = |name: &str| PolarsResult::Ok(counts(&benefits.frame, name)?.get(row));
        let currency = |at: usize| benefits.currencies[at].get(row).unwrap_or_default().to_owned();
        Ok(Old {
            status: benefits.statuses.get(row).unwrap_or_default().to_owned(),
            first,
            annual: [amount("ee_annual")?, amount("er_annual")?],
            monthly: [amount("ee_monthly")?, amount("er_monthly")?],
            currencies: [currency(0), currency(1)],
        })
    }

    /// A whole deduction of a payer; `None`: it is stated in another currency.
    pub(super) fn deduction(&self, payer: Payer, currency: Currency, per_year: i64) -> Option<i64> {
        let of = payer as usize;
        let price =
            Price { annual: self.annual[of], monthly: self.monthly[of], currency: 0, unit: currency.minor_unit() };
        (per_year > 0 && self.currencies[of] == currency.code()).then(|| price.deduction(per_year))
    }
}

impl Replaced {
    /// Looks for tonight's that payroll takes more of. `population` has the employee ids of the snapshot by `emp`.
    pub fn of(benefits: &Benefits, population: &DataFrame, payroll: &PayrollTables) -> PolarsResult<Replaced> {
        let from = days(&benefits.frame, "effective_from")?;
        let mut replaced = Replaced::default();
        let end = day_number(payroll.period.end);
        if !from.iter().flatten().any(|from| from > end - LATELY_DAYS) {
            return Ok(replaced);
        }
        let ids = texts(population, "employee_id")?;
        // A large table comes in pieces.
        let emps: Vec<u32> = numbers(&benefits.frame, "emp")?.into_no_null_iter().collect();
        let [from, changed] = [from, days(&benefits.frame, "change_date")?].map(|column| column.rechunk().into_owned());
        let prices = [Prices::new(benefits, "ee")?, Prices::new(benefits, "er")?];
        let people = People::new(payroll)?;
        let all = taken(payroll)?;
        for of_person in all.chunk_by(|a, b| a.person == b.person) {
            let Some((id, start, end)) = people.get(of_person[0].person as usize) else { continue };
            let Some(emp) = position(ids, id) else { continue };
            let first = emps.partition_point(|other| (*other as usize) < emp);
            let rows = (first..emps.len()).take_while(|row| emps[*row] as usize == emp);
            for row in rows {
                let lately = |from: &i32| (end - LATELY_DAYS..=end).contains(from);
                let Some(first) = from.get(row).filter(lately) else { continue };
                let benefit = benefits.keys.get(row);
                let Some(taken) = of_person.iter().find(|taken| Some(taken.benefit) == benefit) else { continue };
                if is_more(&prices, row, taken.amounts, pays_of_period(start, end)) {
                    let until = end - LATELY_DAYS;
                    let asked = Asked { row: row as u32, first, until, changed: changed.get(row) };
                    replaced.rows.insert((id.to_owned(), taken.benefit.to_owned()), asked);
                }
            }
        }
        Ok(replaced)
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A snapshot that is known on a day can have what was before one of them.
    pub fn wants(&self, known_on: NaiveDate) -> bool {
        let day = day_number(known_on);
        self.rows.values().any(|asked| asked.changed.is_none_or(|changed| changed >= day))
    }

    /// Employee ids of those that are asked for still.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(|(id, _)| id.as_str())
    }

    /// Takes what an older snapshot says; snapshots come newest first. `others`: ids that were another person's then.
    pub fn ask(
        &mut self,
        (population, benefits): (&DataFrame, &Benefits),
        others: &BTreeSet<String>,
    ) -> PolarsResult<()> {
        self.rows.retain(|(id, _), _| !others.contains(id));
        let (ids, outcomes) = (texts(population, "employee_id")?, texts(population, "outcome")?);
        let from = days(&benefits.frame, "effective_from")?;
        let emps: Vec<u32> = numbers(&benefits.frame, "emp")?.into_no_null_iter().collect();
        let mut answered = Vec::new();
        for (key, asked) in &mut self.rows {
            let Some(emp) = position(ids, &key.0).filter(|at| outcomes.get(*at) == Some(Outcome::Found.name())) else {
                continue;
            };
            let of_emp = emps.partition_point(|other| (*other as usize) < emp)
                ..emps.partition_point(|other| (*other as usize) <= emp);
            let of_benefit = of_emp.filter(|row| benefits.keys.get(*row) == Some(&*key.1));
            let mut begins: Vec<(i32, usize)> = of_benefit.filter_map(|row| Some((from.get(row)?, row))).collect();
            begins.sort_unstable_by_key(|(first, _)| std::cmp::Reverse(*first));
            let none = begins.is_empty();
            for (first, row) in begins.into_iter().filter(|(first, _)| *first < asked.first).collect::<Vec<_>>() {
                self.found.entry(asked.row).or_default().push(Old::new(benefits, row, first)?);
                asked.first = first;
            }
            if none || asked.first <= asked.until {
                answered.push(key.clone());
            }
        }
        answered.iter().for_each(|key| _ = self.rows.remove(key));
        Ok(())
    }

    /// Tonight's benefits with what was found.
    pub fn settle(self, benefits: Benefits) -> Benefits {
        Benefits { replaced: self.found, ..benefits }
    }
}

/// Of records that others replaced, those that were in force, by the row of tonight's.
pub(super) fn replaced<'i>(inputs: &Inputs<'i>) -> BTreeMap<u32, Vec<&'i Old>> {
    let live = |old: &&Old| is_live(inputs.job, &old.status);
    inputs.benefits.replaced.iter().map(|(row, old)| (*row, old.iter().filter(live).collect())).collect()
}

/// What payroll takes of one person for one benefit.
struct Taken<'p> {
    person: u32,
    benefit: &'p str,
    amounts: [i64; 2],
}

/// Lines of one person stand together; those of several codes of one benefit are added up.
fn taken(payroll: &PayrollTables) -> PolarsResult<Vec<Taken<'_>>> {
    let amounts = |name| PolarsResult::Ok(counts(&payroll.lines, name)?.iter().map(Option::unwrap_or_default));
    let lines = numbers(&payroll.lines, "person")?
        .into_no_null_iter()
        .zip(numbers(&payroll.lines, "kind")?.into_no_null_iter())
        .zip(amounts("ee_amount")?.zip(amounts("er_amount")?));
    let mut all: Vec<Taken<'_>> = Vec::new();
    for ((person, kind), (employee, employer)) in lines {
        let Some(benefit) = payroll.kinds.get(kind as usize).and_then(|kind| kind.benefit.as_deref()) else { continue };
        let of_person = all.iter_mut().rev().take_while(|taken| taken.person == person);
        match of_person.into_iter().find(|taken| taken.benefit == benefit) {
            Some(taken) => taken.amounts = [taken.amounts[0] + employee, taken.amounts[1] + employer],
            None => all.push(Taken { person, benefit, amounts: [employee, employer] }),
        }
    }
    Ok(all)
}

/// Ids and periods of payroll's people.
struct People<'p> {
    ids: &'p StringChunked,
    periods: [Int32Chunked; 2],
}

impl<'p> People<'p> {
    fn new(payroll: &'p PayrollTables) -> PolarsResult<People<'p>> {
        let days = |name| PolarsResult::Ok(days(&payroll.people, name)?.rechunk().into_owned());
        Ok(People {
            ids: texts(&payroll.people, "employee_id")?,
            periods: [days("period_start")?, days("period_end")?],
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
    fn new(benefits: &'b Benefits, payer: &str) -> PolarsResult<Prices<'b>> {
        let stated = |basis: &str| counts(&benefits.frame, &format!("{payer}_{basis}"));
        Ok(Prices { annual: stated("annual")?, monthly: stated("monthly")? })
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
