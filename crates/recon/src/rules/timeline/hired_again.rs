//! People who begin anew after their period by tonight's Benifex, and had left before. For the period they are who they
//! were: what belongs to the employment that begins says nothing of it. That they had left stands in an older snapshot
//! alone.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use crate::rules::lines::benefits::Benefits;
use crate::rules::timeline::positions::Positions;
use crate::snapshot::{BENEFITS, POPULATION, USERS};
use crate::tables::payroll::{PAYROLL_PEOPLE, PayrollTables};

/// Who begins after their period, by employee id: `emp`, and the first day.
#[derive(Debug, Default)]
pub struct HiredAgain {
    asked: BTreeMap<String, (u32, i32)>,
    /// By `emp`.
    found: BTreeMap<u32, (i32, Former)>,
}

/// An employment that was over before another one began. Days since 1970.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Former {
    pub(in crate::rules) begun: Option<i32>,
    pub(in crate::rules) left: i32,
}

impl HiredAgain {
    /// Looks for them among tonight's users who are on payroll all the same. `population` has the employee ids of the
    /// snapshot by `emp`.
    pub fn of(population: &DataFrame, users: &DataFrame, payroll: &PayrollTables) -> PolarsResult<HiredAgain> {
        let begins = USERS.start_date.of(users)?;
        let ends = PAYROLL_PEOPLE.period_end.of(&payroll.people)?;
        let mut hired = HiredAgain::default();
        if begins.max() <= ends.min() {
            return Ok(hired);
        }
        let mut positions = Positions::new(POPULATION.employee_id.of(population)?);
        let emps: Vec<u32> = USERS.emp.of(users)?.into_no_null_iter().collect();
        for (id, end) in PAYROLL_PEOPLE.employee_id.of(&payroll.people)?.iter().zip(ends.iter()) {
            let Some(id) = id.map(str::trim) else { continue };
            let Some(emp) = positions.of(id).map(|emp| emp as u32) else { continue };
            let begins = emps.binary_search(&emp).ok().and_then(|row| begins.get(row));
            if let Some(begins) = begins.filter(|day| end.is_some_and(|end| *day > end)) {
                hired.asked.insert(id.to_owned(), (emp, begins));
            }
        }
        Ok(hired)
    }

    /// Everybody is answered, or there was nobody.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// Employee ids of those of whom nothing is known still.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.asked.keys().map(String::as_str)
    }

    /// Takes what an older snapshot says; snapshots come newest first. `others`: ids that were another person's then.
    pub fn ask(&mut self, population: &DataFrame, users: &DataFrame, others: &BTreeSet<String>) -> PolarsResult<()> {
        if self.asked.is_empty() {
            return Ok(());
        }
        self.asked.retain(|id, _| !others.contains(id));
        let mut positions = Positions::new(POPULATION.employee_id.of(population)?);
        let emps: Vec<u32> = USERS.emp.of(users)?.into_no_null_iter().collect();
        let (begun, left) = (USERS.start_date.of(users)?, USERS.leave_date.of(users)?);
        let found = &mut self.found;
        self.asked.retain(|id, (emp, again)| {
            let row = positions.of(id).and_then(|then| emps.binary_search(&(then as u32)).ok());
            let Some(row) = row.filter(|row| begun.get(*row) != Some(*again)) else { return true };
            if let Some(left) = left.get(row).filter(|left| left < again) {
                found.insert(*emp, (*again, Former { begun: begun.get(row), left }));
            }
            false
        });
        Ok(())
    }

    /// Rows of tonight's benefits that belong to the employment that begins.
    pub fn rows(&self, benefits: &Benefits) -> PolarsResult<BTreeSet<u32>> {
        let (emps, from) = (BENEFITS.emp.of(&benefits.frame)?, BENEFITS.effective_from.of(&benefits.frame)?);
        let rows = (0_u32..).zip(emps.into_no_null_iter().zip(from.iter()));
        let is_of_it = |emp: u32, from: Option<i32>| {
            self.found.get(&emp).zip(from).is_some_and(|((again, _), from)| from >= *again)
        };
        Ok(rows.filter(|(_, (emp, from))| is_of_it(*emp, *from)).map(|(row, _)| row).collect())
    }

    /// Tonight's benefits without these rows, and with whoever is hired again.
    pub fn settle(self, benefits: Benefits, rows: &BTreeSet<u32>) -> PolarsResult<Benefits> {
        let former = self.found.into_iter().map(|(emp, (_, former))| (emp, former)).collect();
        let mut rest = benefits.without(rows)?;
        rest.older.former = former;
        Ok(rest)
    }
}
