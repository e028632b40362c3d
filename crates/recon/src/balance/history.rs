//! What earlier nights posted, netted by account and period: entries are never changed, so what stands is their sum.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use tieout_model::balance::{Account, Movements, PayPeriod, Posted};
use tieout_model::code::Code;

/// All employees' accounts before tonight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    employees: BTreeMap<String, Employee>,
}

/// One employee's accounts, and of which periods payroll is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Employee {
    /// By the last day of the period.
    periods: BTreeMap<NaiveDate, Known>,
    accounts: BTreeMap<Account, BTreeMap<NaiveDate, Cell>>,
}

/// A period of which payroll is known.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    period: PayPeriod,
    /// Benefits that could not be judged in it.
    unjudged: BTreeSet<String>,
}

/// An account in one period: all that was posted for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub period: PayPeriod,
    pub movements: Movements,
    /// What the difference was found as; `None`: rounding, or it settles.
    pub code: Option<Code>,
    /// First day of the record of cover that the expected amount comes from.
    pub cover_from: Option<NaiveDate>,
    /// The first night that posted to it.
    pub found_on: NaiveDate,
}

impl Cell {
    /// What the period leaves owing, rounding aside.
    pub fn difference(&self) -> i128 {
        let [expected, taken, rest @ ..] = self.movements.amounts();
        // A difference that neither is a finding nor moves an earlier balance is rounding, which nobody owes.
        let rounding = self.code.is_none() && rest == [0; 3] && (expected, taken) != (0, 0);
        if rounding { 0 } else { self.movements.balance() }
    }
}

impl History {
    /// The period is one of which this employee's payroll is known; `unjudged` are benefits that could not be judged in it.
    pub fn know(&mut self, employee_id: &str, period: PayPeriod, unjudged: impl IntoIterator<Item = String>) {
        let employee = self.employee(employee_id);
        let known = Known { period, unjudged: BTreeSet::new() };
        employee.periods.entry(period.end).or_insert(known).unjudged = unjudged.into_iter().collect();
    }

    /// Takes in one posting. Postings of one account and period come in the order in which they were made.
    pub fn add(&mut self, employee_id: &str, posted: Posted) {
        let Posted { posting, night, .. } = posted;
        let cells = self.employee(employee_id).accounts.entry(posting.account).or_default();
        let cell = cells.entry(posting.period.end).or_insert(Cell {
            period: posting.period,
            movements: Movements::default(),
            code: None,
            cover_from: None,
            found_on: night,
        });
        cell.period.start = cell.period.start.or(posting.period.start);
        cell.movements += posting.movements;
        (cell.code, cell.cover_from) = (posting.code, posting.cover_from.or(cell.cover_from));
    }

    pub fn of(&self, employee_id: &str) -> Option<&Employee> {
        self.employees.get(employee_id)
    }

    /// By employee id.
    pub fn employees(&self) -> impl Iterator<Item = (&str, &Employee)> {
        self.employees.iter().map(|(id, employee)| (id.as_str(), employee))
    }

    fn employee(&mut self, id: &str) -> &mut Employee {
        if !self.employees.contains_key(id) {
            self.employees.insert(id.to_owned(), Employee::default());
        }
        self.employees.get_mut(id).expect("just put there")
    }
}

impl Employee {
    /// Periods of which payroll is known and in which the benefit could be judged, oldest first.
    pub fn known(&self, benefit: &str) -> impl Iterator<Item = PayPeriod> {
        self.periods.values().filter(move |known| !known.unjudged.contains(benefit)).map(|known| known.period)
    }

    /// The benefits that could not be judged in the period that ends on this day; `None`: its payroll is not known.
    pub fn look(&self, end: NaiveDate) -> Option<&BTreeSet<String>> {
        self.periods.get(&end).map(|known| &known.unjudged)
    }

    /// Periods of which payroll is known, that end on these days, oldest first.
    pub fn periods(&self, days: impl std::ops::RangeBounds<NaiveDate>) -> impl Iterator<Item = PayPeriod> {
        self.periods.range(days).map(|(_, known)| known.period)
    }

    /// The account by period, oldest first.
    pub fn cells<'e>(&'e self, account: &Account) -> impl Iterator<Item = &'e Cell> + Clone + use<'e> {
        self.accounts.get(account).into_iter().flat_map(BTreeMap::values)
    }

    /// What was posted to the account for the period that ends on this day.
    pub fn cell(&self, account: &Account, end: NaiveDate) -> Option<&Cell> {
        self.accounts.get(account)?.get(&end)
    }

    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.keys()
    }
}
