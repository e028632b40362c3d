//! Who was on payroll in the period before tonight's and is not tonight, and of whom the snapshot of the cut-off tells
//! nothing from before: it was taken after Benifex had another id or pay group of theirs. What Benifex said when that
//! period was first read tells who they were.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;

use crate::balance::{BalanceHistory, Employee, Open};
use crate::rules::identity::holders::{Marks, Users, others};
use crate::rules::people::day_number;
use crate::rules::timeline::positions::position;
use crate::snapshot::{POPULATION, USERS};
use crate::tables::payroll::{PAYROLL_PEOPLE, PayrollTables};
use tieout_model::balance::PayPeriod;
use tieout_model::control::PastPeriods;

/// Ids, each with the first night that read the last period of theirs.
#[derive(Debug, Default)]
pub struct Departed(BTreeMap<String, NaiveDate>);

/// What an older snapshot says of some of its people.
#[derive(Debug)]
pub struct LastRead {
    pub(in crate::rules) snapshot: String,
    population: DataFrame,
    users: DataFrame,
}

impl Departed {
    /// `prior`: the people of the snapshot of the cut-off.
    pub fn of(
        books: &BalanceHistory,
        past: &PastPeriods,
        payroll: &PayrollTables,
        tonight: Users<'_>,
        prior: Option<Users<'_>>,
    ) -> PolarsResult<Departed> {
        let before = periods_before(past, payroll);
        if payroll.other_runs_only || before.is_empty() {
            return Ok(Departed::default());
        }
        let ids = PAYROLL_PEOPLE.employee_id.of(&payroll.people)?;
        let present: BTreeSet<usize> =
            books.positions(ids.iter().flatten().map(str::trim)).into_iter().flatten().collect();
        let (now, then) = (Known::new(tonight)?, prior.map(Known::new).transpose()?);
        let end = day_number(payroll.period.end);
        let last_read = |(position, (id, employee)): (usize, (&str, Employee<'_>))| {
            let last = employee.last_before(payroll.period.end).filter(|last| before.contains(last))?;
            let night = employee.first_night_of(last).filter(|_| !present.contains(&position))?;
            let groups_then = then.as_ref().and_then(|then| Some(then.groups(then.row(id)?)));
            let asked = match now.row(id) {
                None => groups_then.is_none() && employee.accounts().any(|(_, cells)| Open::of(cells).amount != 0),
                Some(row) => {
                    let stays = now.left.get(row).is_none_or(|left| left > end);
                    stays && groups_then.is_none_or(|then| then == now.groups(row))
                }
            };
            asked.then(|| (id.to_owned(), night))
        };
        Ok(Departed(books.employees().enumerate().filter_map(last_read).collect()))
    }

    /// The nights whose snapshots tell.
    pub fn nights(&self) -> BTreeSet<NaiveDate> {
        self.0.values().copied().collect()
    }

    /// What the snapshot of one of those nights says of those who were last read then, and are the same people tonight.
    pub fn told_by(
        &self,
        night: NaiveDate,
        snapshot: &str,
        older: Users<'_>,
        tonight: Users<'_>,
    ) -> PolarsResult<LastRead> {
        let is_asked = |id: &str| self.0.get(id) == Some(&night);
        let others = others(tonight, older, is_asked)?;
        let ids = POPULATION.employee_id.of(older.population)?.iter();
        let kept = ids.map(|id| id.is_some_and(|id| is_asked(id) && !others.contains(id)));
        LastRead::new(snapshot, older, &kept.collect::<Vec<bool>>())
    }
}

impl LastRead {
    /// `kept`: of each place in the population.
    fn new(snapshot: &str, older: Users<'_>, kept: &[bool]) -> PolarsResult<LastRead> {
        let mut next = 0_u32..;
        let places: Vec<Option<u32>> = kept.iter().map(|kept| if *kept { next.next() } else { None }).collect();
        let emps = USERS.emp.of(older.users)?.into_no_null_iter();
        let emps: Vec<Option<u32>> = emps.map(|emp| places[emp as usize]).collect();
        let mut users = older.users.filter(&emps.iter().map(Option::is_some).collect())?;
        users.with_column(USERS.emp.filled(emps.into_iter().flatten().collect()))?;
        let population = older.population.filter(&kept.iter().copied().collect())?;
        Ok(LastRead { snapshot: snapshot.to_owned(), population, users })
    }

    pub(in crate::rules) fn people(&self) -> Users<'_> {
        Users { population: &self.population, users: &self.users }
    }
}

/// Where a snapshot has people, by their ids.
struct Known<'s> {
    marks: Marks<'s>,
    ids: &'s StringChunked,
    left: &'s Int32Chunked,
    groups: [&'s StringChunked; 2],
}

impl<'s> Known<'s> {
    fn new(of: Users<'s>) -> PolarsResult<Known<'s>> {
        Ok(Known {
            marks: Marks::new(of)?,
            ids: POPULATION.employee_id.of(of.population)?,
            left: USERS.leave_date.of(of.users)?,
            groups: [USERS.pay_group.of(of.users)?, USERS.legal_employer.of(of.users)?],
        })
    }

    /// Row of the users.
    fn row(&self, id: &str) -> Option<usize> {
        self.marks.row_of(position(self.ids, id)? as u32)
    }

    fn groups(&self, row: usize) -> [Option<&'s str>; 2] {
        self.groups.map(|group| group.get(row))
    }
}

/// The last days of the periods that were read before tonight's, of tonight's pay groups.
fn periods_before(past: &PastPeriods, payroll: &PayrollTables) -> BTreeSet<NaiveDate> {
    let of_group = |(group, earlier): (&String, &Vec<PayPeriod>)| {
        let start = payroll.periods.get(group)?.start?;
        earlier.iter().map(|period| period.end).filter(|end| *end < start).max()
    };
    past.earlier.iter().filter_map(of_group).collect()
}
