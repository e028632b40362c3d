//! Cover as a timeline: a record that begins after the pay period says nothing of the period. What was in force in it
//! stands in an older snapshot, and takes the record's place; where no older snapshot knows the person, nobody can
//! tell.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use crate::categorical::of_column;
use crate::rules::benefits::Benefits;
use crate::rules::columns::{days, numbers, texts};
use crate::rules::late_changes::position;
use crate::rules::people::day_number;
use crate::scheme::{FirstDeduction, SchemeEntry};
use crate::snapshot::Outcome;
use crate::tables::payroll::PayrollTables;
use tieout_model::categorical::Categorical;

/// Records of tonight that begin after their person's period, by employee id and benefit: what was before is asked for.
#[derive(Debug, Default)]
pub struct Ahead {
    rows: BTreeMap<(String, String), Asked>,
}

/// One record that begins after the period.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// Row of tonight's benefits.
    row: u32,
    /// Last day of the person's period, in days since 1970.
    end: i32,
    /// The day on which it was last changed: only snapshots up to then have what was before.
    changed: Option<i32>,
}

/// A record of an older snapshot that takes the place of one of tonight's.
struct Found {
    row: u32,
    record: Benefits,
}

/// What older snapshots say of the records that were asked for.
#[derive(Default)]
pub struct Before {
    found: Vec<Found>,
}

impl Ahead {
    /// Looks for them in tonight's benefits. `population` has the employee ids of the snapshot by `emp`. What the job's
    /// schemes deduct in advance is due before it begins. Whenever a record was entered, before the cut-off or after
    /// it, it changes nothing before its first day.
    pub fn of(
        benefits: &Benefits,
        population: &DataFrame,
        payroll: &PayrollTables,
        schemes: &[SchemeEntry],
    ) -> PolarsResult<Ahead> {
        let ends = period_ends(payroll)?;
        let file = (day_number(payroll.period.start), day_number(payroll.period.end));
        let ids = texts(population, "employee_id")?;
        let from = days(&benefits.frame, "effective_from")?;
        let starts = ends.values().map(|(start, _)| *start - 1);
        let earliest = starts.chain([file.0 - 1]).min().unwrap_or(file.0);
        let mut ahead = Ahead::default();
        let (emps, changed) = (numbers(&benefits.frame, "emp")?, days(&benefits.frame, "change_date")?);
        let key = |row: usize, emp: u32| Some((ids.get(emp as usize)?.to_owned(), benefits.keys.get(row)?.to_owned()));
        // What is deducted in arrears pays for the period before.
        let end_of = |id: &str, benefit: &str| {
            let arrears = rule(schemes, benefit, FirstDeduction::InArrears);
            let (start, end) = ends.get(id).copied().unwrap_or(file);
            if arrears { start - 1 } else { end }
        };
        for (row, (emp, from)) in emps.into_no_null_iter().zip(from.iter()).enumerate() {
            let Some(from) = from.filter(|from| *from > earliest) else { continue };
            let Some(key) = key(row, emp).filter(|(_, benefit)| !rule(schemes, benefit, FirstDeduction::InAdvance))
            else {
                continue;
            };
            let end = end_of(&key.0, &key.1);
            if from > end {
                ahead.rows.insert(key, Asked { row: row as u32, end, changed: changed.get(row) });
            }
        }
        if ahead.is_empty() {
            return Ok(ahead);
        }
        // Tonight's own record in force needs no older one.
        for (row, (emp, from)) in emps.into_no_null_iter().zip(from.iter()).enumerate() {
            let Some(key) = key(row, emp) else { continue };
            if ahead.rows.get(&key).is_some_and(|asked| from.is_none_or(|from| from <= asked.end)) {
                ahead.rows.remove(&key);
            }
        }
        Ok(ahead)
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

    /// Takes what an older snapshot says; snapshots come newest first. What it answers is asked no more. `others`: ids
    /// that were another person's then, who has begun since.
    pub fn ask(
        &mut self,
        before: &mut Before,
        (population, benefits): (&DataFrame, &Benefits),
        others: &BTreeSet<String>,
    ) -> PolarsResult<()> {
        self.rows.retain(|(id, _), _| !others.contains(id));
        let ids = texts(population, "employee_id")?;
        let outcomes = texts(population, "outcome")?;
        let from = days(&benefits.frame, "effective_from")?;
        let mut answers: BTreeMap<(String, String), (i32, usize)> = BTreeMap::new();
        let mut followed = BTreeSet::new();
        let emps = numbers(&benefits.frame, "emp")?.into_no_null_iter().zip(benefits.keys.iter());
        for ((row, (emp, key)), from) in emps.enumerate().zip(from.iter()) {
            let (Some(id), Some(key)) = (ids.get(emp as usize), key) else { continue };
            let key = (id.to_owned(), key.to_owned());
            let Some(asked) = self.rows.get(&key) else { continue };
            let Some(from) = from.filter(|from| *from <= asked.end) else {
                // The record had been replaced by then already: what it replaced stands in an older snapshot still.
                followed.extend(from.map(|_| key));
                continue;
            };
            // Of several records the one that began last is in force.
            let answer = answers.entry(key).or_insert((from, row));
            *answer = (*answer).max((from, row));
        }
        for (key, (_, row)) in answers {
            if let Some(asked) = self.rows.remove(&key) {
                let only: BooleanChunked = (0..benefits.height()).map(|other| other == row).collect();
                before.found.push(Found { row: asked.row, record: benefits.filter(&only)? });
            }
        }
        // Whoever was known then and had no record in force had none before.
        self.rows.retain(|key, _| {
            let known = position(ids, &key.0).and_then(|at| outcomes.get(at)) == Some(Outcome::Found.name());
            !known || followed.contains(key)
        });
        Ok(())
    }

    /// Tonight's benefits with what was in force in the period. What is asked for still is known to nobody.
    pub fn settle(self, benefits: Benefits, before: Before) -> PolarsResult<Benefits> {
        if before.found.is_empty() { Ok(benefits) } else { replaced(benefits, before.found) }
    }
}

/// A scheme of the benefit has this rule.
fn rule(schemes: &[SchemeEntry], benefit: &str, rule: FirstDeduction) -> bool {
    let of_benefit = |entry: &&SchemeEntry| entry.benefit.as_deref().is_none_or(|named| named == benefit);
    let mut rules = schemes.iter().filter(of_benefit).map(|entry| entry.scheme.first_deduction);
    rules.any(|of_scheme| of_scheme == Some(rule))
}

/// First and last day of each person's own period.
fn period_ends(payroll: &PayrollTables) -> PolarsResult<BTreeMap<&str, (i32, i32)>> {
    let days = |name| PolarsResult::Ok(days(&payroll.people, name)?.iter());
    let ids = texts(&payroll.people, "employee_id")?.iter();
    let periods = days("period_start")?.zip(days("period_end")?);
    Ok(ids.zip(periods).filter_map(|(id, (start, end))| Some((id?.trim(), (start?, end?)))).collect())
}

fn replaced(benefits: Benefits, found: Vec<Found>) -> PolarsResult<Benefits> {
    let mut place: Vec<u32> = (0..benefits.height() as u32).collect();
    let emp = numbers(&benefits.frame, "emp")?.clone();
    let mut frame = benefits.frame.clone();
    for (at, found) in (benefits.height() as u32..).zip(&found) {
        place[found.row as usize] = at;
        frame.vstack_mut(&found.record.frame)?;
    }
    frame.rechunk_mut();
    let mut frame = frame.take(&IdxCa::from_vec("row".into(), place.clone()))?;
    // The numbers of people are tonight's.
    frame.with_column(emp.into_column())?;
    let coded = |of: &dyn Fn(&Benefits) -> &Categorical| {
        let tonight = of(&benefits);
        let older = |at: u32| found.get(at as usize - benefits.height()).and_then(|found| of(&found.record).get(0));
        let texts = place
            .iter()
            .map(|at| if (*at as usize) < benefits.height() { tonight.get(*at as usize) } else { older(*at) });
        of_column(&StringChunked::from_iter_options("text".into(), texts))
    };
    let begins = days(&benefits.frame, "effective_from")?;
    let followed = found.iter().filter_map(|found| Some((found.row, begins.get(found.row as usize)?))).collect();
    Ok(Benefits {
        followed,
        replaced: BTreeMap::new(),
        keys: coded(&|benefits| &benefits.keys),
        statuses: coded(&|benefits| &benefits.statuses),
        currencies: [0, 1, 2].map(|at| coded(&move |benefits| &benefits.currencies[at])),
        frame,
    })
}
