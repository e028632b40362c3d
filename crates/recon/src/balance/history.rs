//! What earlier nights posted, netted by account and period: entries are never changed, so what stands is their sum.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use tieout_model::balance::{Account, EntryKind, Movements, Page, PayPeriod, Posting};
use tieout_model::code::Code;

/// All employees' accounts before tonight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    employees: BTreeMap<String, Employee>,
    /// The night that is judged: what an earlier run of it posted is no opening balance.
    night: Option<NaiveDate>,
    /// What was posted on it, of all employees, in the order of [`EntryKind::ALL`].
    posted: BTreeMap<Account, [i128; EntryKind::ALL.len()]>,
}

/// One employee's accounts, and of which periods payroll is known. Lists, for most have one or two entries: a map would
/// take room for eleven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Employee {
    /// Oldest first.
    periods: Vec<Known>,
    /// In the order of the accounts; cells by the last day of their period, oldest first.
    accounts: Vec<(Account, Vec<Cell>)>,
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
    /// For a night of this day.
    pub fn of_night(night: NaiveDate) -> History {
        History { night: Some(night), ..History::default() }
    }

    /// Takes in a page that was posted on a night. Pages of one employee come in the order in which they were posted.
    pub fn take(&mut self, night: NaiveDate, page: Page) {
        let employee = self.employees.entry(page.employee_id).or_default();
        if let Some(unjudged) = page.unjudged {
            employee.know(page.period, unjudged);
        }
        for posting in page.postings {
            if self.night == Some(night) {
                let sums = self.posted.entry(posting.account.clone()).or_default();
                sums.iter_mut().zip(posting.movements.amounts()).for_each(|(sum, more)| *sum += i128::from(more));
            }
            employee.post(night, posting);
        }
    }

    /// What earlier runs of the night posted, by benefit, payer and currency.
    pub fn posted(&self) -> &BTreeMap<Account, [i128; EntryKind::ALL.len()]> {
        &self.posted
    }

    pub fn of(&self, employee_id: &str) -> Option<&Employee> {
        self.employees.get(employee_id)
    }

    /// By employee id.
    pub fn employees(&self) -> impl Iterator<Item = (&str, &Employee)> {
        self.employees.iter().map(|(id, employee)| (id.as_str(), employee))
    }
}

impl Employee {
    /// The period is one of which payroll is known; `unjudged` are benefits that could not be judged in it.
    fn know(&mut self, period: PayPeriod, unjudged: Vec<String>) {
        let known = match self.periods.binary_search_by_key(&period.end, |known| known.period.end) {
            Ok(at) => &mut self.periods[at],
            Err(at) => {
                self.periods.insert(at, Known { period, unjudged: BTreeSet::new() });
                &mut self.periods[at]
            }
        };
        known.unjudged = unjudged.into_iter().collect();
    }

    fn post(&mut self, night: NaiveDate, posting: Posting) {
        let Posting { account, period, movements, code, cover_from } = posting;
        let cells = match self.accounts.binary_search_by(|(known, _)| known.cmp(&account)) {
            Ok(at) => &mut self.accounts[at].1,
            Err(at) => {
                self.accounts.insert(at, (account, Vec::new()));
                &mut self.accounts[at].1
            }
        };
        let new = Cell { period, movements: Movements::default(), code: None, cover_from: None, found_on: night };
        let cell = match cells.binary_search_by_key(&period.end, |cell| cell.period.end) {
            Ok(at) => &mut cells[at],
            Err(at) => {
                cells.insert(at, new);
                &mut cells[at]
            }
        };
        cell.period.start = cell.period.start.or(period.start);
        cell.movements += movements;
        (cell.code, cell.cover_from) = (code, cover_from.or(cell.cover_from));
    }

    /// Periods of which payroll is known and in which the benefit could be judged, oldest first.
    pub fn known(&self, benefit: &str) -> impl Iterator<Item = PayPeriod> {
        self.periods.iter().filter(move |known| !known.unjudged.contains(benefit)).map(|known| known.period)
    }

    /// The benefits that could not be judged in the period that ends on this day; `None`: its payroll is not known.
    pub fn look(&self, end: NaiveDate) -> Option<&BTreeSet<String>> {
        let at = self.periods.binary_search_by_key(&end, |known| known.period.end).ok()?;
        Some(&self.periods[at].unjudged)
    }

    /// Periods of which payroll is known, that end on these days, oldest first.
    pub fn periods(&self, days: impl std::ops::RangeBounds<NaiveDate>) -> impl Iterator<Item = PayPeriod> {
        self.periods.iter().map(|known| known.period).filter(move |period| days.contains(&period.end))
    }

    /// The account by period, oldest first.
    pub fn cells(&self, account: &Account) -> &[Cell] {
        let at = self.accounts.binary_search_by(|(known, _)| known.cmp(account));
        at.map_or(&[], |at| self.accounts[at].1.as_slice())
    }

    /// What was posted to the account for the period that ends on this day.
    pub fn cell(&self, account: &Account, end: NaiveDate) -> Option<&Cell> {
        let cells = self.cells(account);
        cells.binary_search_by_key(&end, |cell| cell.period.end).ok().map(|at| &cells[at])
    }

    /// In their order, each by period, oldest first.
    pub fn accounts(&self) -> impl Iterator<Item = (&Account, &[Cell])> {
        self.accounts.iter().map(|(account, cells)| (account, cells.as_slice()))
    }
}
