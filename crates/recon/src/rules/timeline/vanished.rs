//! Cover that a night of the period saw, and of which tonight's snapshot has no record: it ended inside the period,
//! nobody says when. The first night of the period tells, for what it shows was in force on one of its days.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::lines::benefits::Benefits;
use crate::rules::lines::expected::is_live;
use crate::rules::people::day_number;
use crate::rules::timeline::positions::{Positions, records_of};
use crate::settings::Settings;
use crate::snapshot::{BENEFITS, POPULATION};
use crate::tables::payroll::{PAYROLL_LINES, PAYROLL_PEOPLE, PayrollTables};

/// What payroll takes without a record of tonight's, by employee id and benefit.
#[derive(Debug, Default)]
pub struct Vanished {
    asked: BTreeSet<(String, String)>,
}

/// Cover that was in force on a day, and has no record tonight.
#[derive(Debug, Default)]
pub(in crate::rules) struct SeenBefore {
    /// In days since 1970.
    pub(in crate::rules) day: i32,
    /// By employee id and benefit.
    cover: BTreeSet<(String, String)>,
}

impl SeenBefore {
    pub(in crate::rules) fn has(&self, employee_id: &str, benefit: &str) -> bool {
        !self.cover.is_empty() && self.cover.contains(&(employee_id.to_owned(), benefit.to_owned()))
    }
}

impl Vanished {
    /// `population` has the employee ids of the snapshot by `emp`.
    pub fn of(benefits: &Benefits, population: &DataFrame, payroll: &PayrollTables) -> PolarsResult<Vanished> {
        let ids = PAYROLL_PEOPLE.employee_id.of(&payroll.people)?;
        let (persons, kinds) = (PAYROLL_LINES.person.of(&payroll.lines)?, PAYROLL_LINES.kind.of(&payroll.lines)?);
        let amounts = [PAYROLL_LINES.ee_amount.of(&payroll.lines)?, PAYROLL_LINES.er_amount.of(&payroll.lines)?];
        let mut positions = Positions::new(POPULATION.employee_id.of(population)?);
        let emps: Vec<u32> = BENEFITS.emp.of(&benefits.frame)?.into_no_null_iter().collect();
        let mut asked = BTreeSet::new();
        for (row, (person, kind)) in persons.into_no_null_iter().zip(kinds.into_no_null_iter()).enumerate() {
            if amounts.iter().all(|amount| amount.get(row).unwrap_or_default() <= 0) {
                continue;
            }
            let benefit = payroll.kinds.get(kind as usize).and_then(|kind| kind.benefit.as_deref());
            let (Some(id), Some(benefit)) = (ids.get(person as usize).map(str::trim), benefit) else { continue };
            let Some(emp) = positions.of(id) else { continue };
            if records_of(benefits, &emps, emp, benefit).next().is_none() {
                asked.insert((id.to_owned(), benefit.to_owned()));
            }
        }
        Ok(Vanished { asked })
    }

    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// Employee ids of those that are asked for.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.asked.iter().map(|(id, _)| id.as_str())
    }

    /// Notes beside tonight's benefits what was in force by a snapshot that is known on a day. `others`: ids that were
    /// another person's then.
    pub fn settle(
        mut self,
        job: Settings<'_>,
        mut tonight: Benefits,
        (known_on, population, then): (NaiveDate, &DataFrame, &Benefits),
        others: &BTreeSet<String>,
    ) -> PolarsResult<Benefits> {
        let day = day_number(known_on);
        let from = BENEFITS.effective_from.of(&then.frame)?;
        let emps: Vec<u32> = BENEFITS.emp.of(&then.frame)?.into_no_null_iter().collect();
        let mut positions = Positions::new(POPULATION.employee_id.of(population)?);
        self.asked.retain(|(id, benefit)| {
            let emp = positions.of(id).filter(|_| !others.contains(id));
            let in_force = |row: usize| {
                let begun = from.get(row).is_none_or(|from| from <= day);
                begun && then.statuses.get(row).is_some_and(|status| is_live(job, status))
            };
            emp.is_some_and(|emp| records_of(then, &emps, emp, benefit).any(in_force))
        });
        tonight.older.seen_before = SeenBefore { day, cover: self.asked };
        Ok(tonight)
    }
}
