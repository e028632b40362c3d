//! What earlier nights posted, netted by account and period: entries are never changed, so what stands is their sum.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::account_period::{AccountPeriod, cell};
use super::beside::{Beside, payroll_of};
use super::cells::{AllCells, Draft, LentCells};
use super::codes::CodeMaps;
use super::handed_over::{HandedOver, Holder, is_hand_over};
use super::interned::{Interned, Place};
use super::known::{Known, know};
use super::mangled::{self, Mangled};
use tieout_model::balance::{Account, EntryKind, Movements, Page, PayPeriod};
use tieout_model::text_table::TextTable;

/// All employees' accounts before tonight.
#[derive(Clone, Debug, Default)]
pub struct BalanceHistory {
    /// By their ids, in their order.
    employees: TextTable<1, Books>,
    periods: Interned<Known>,
    cells: AllCells,
    /// The night that is judged: what an earlier run of it posted is no opening balance.
    night: Option<NaiveDate>,
    /// What was posted on it, of all employees, in the order of [`EntryKind::ALL`].
    posted: BTreeMap<Account, [i128; EntryKind::ALL.len()]>,
    /// Each entry that was posted on it, employee by employee.
    of_night: Vec<OfNight>,
    /// By the position of the employee, whose id was somebody else's before.
    pub(super) handed_over: BTreeMap<usize, HandedOver>,
    /// By the position of the employee, and the last day of a period that two payrolls' files had.
    pub(super) beside: BTreeMap<(usize, NaiveDate), Beside>,
    /// Employees and periods that payroll had under an id that it wrote wrongly, of which no later night has told.
    pub(super) mangled: BTreeMap<(usize, NaiveDate), Mangled>,
    pub(super) codes: CodeMaps,
}

/// What the night posted, or an earlier run of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OfNight {
    /// Position of the employee.
    employee: usize,
    /// Number of the account.
    account: u32,
    period: PayPeriod,
    movements: Movements,
}

/// What stands of one employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Books {
    periods: Place,
    /// Where the accounts begin; they end where the next employee's begin.
    accounts_from: usize,
}

/// The employee whose pages are taken in.
#[derive(Debug, Default)]
struct Reading {
    employee_id: String,
    periods: Vec<Known>,
    cells: Draft,
}

/// One employee's accounts, and of which periods payroll is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Employee<'h> {
    /// Among all employees of the books.
    pub(super) position: usize,
    pub(super) holder: Holder,
    /// Oldest first.
    pub(super) periods: &'h [Known],
    cells: LentCells<'h>,
}

impl BalanceHistory {
    /// Of pages and the nights that posted them, before a night of this day. They come by employee, in the order of
    /// their ids, and those of one employee in the order in which they were posted.
    pub fn new(night: Option<NaiveDate>, pages: impl IntoIterator<Item = (NaiveDate, Page)>) -> BalanceHistory {
        let mut history = BalanceHistory { night, ..BalanceHistory::default() };
        let mut reading = Reading::default();
        for (night, page) in pages {
            if page.employee_id.as_str().is_empty() {
                history.codes.take(night, &page);
                continue;
            }
            if page.employee_id != *reading.employee_id {
                history.end(&mut reading);
                reading.employee_id = page.employee_id.as_str().to_owned();
            }
            history.take(&mut reading, night, page);
        }
        history.end(&mut reading);
        history.periods.close();
        history.cells.close();
        history
    }

    /// Takes in all of one employee.
    fn end(&mut self, reading: &mut Reading) {
        if !reading.employee_id.is_empty() {
            let books = Books { periods: self.periods.place(&reading.periods), accounts_from: self.cells.len() };
            self.employees.push([&reading.employee_id], books);
            self.cells.seal(&mut reading.cells);
            reading.periods.clear();
        }
    }

    fn take(&mut self, reading: &mut Reading, night: NaiveDate, page: Page) {
        let (hands_over, payroll) = (is_hand_over(&page), payroll_of(&page));
        let employee = self.employees.len();
        if hands_over {
            self.handed_over.insert(employee, HandedOver { until: page.period.end, noted: true });
            return;
        }
        if let Some(mut unjudged) = page.unjudged {
            mangled::note(&mut self.mangled, (employee, page.period), &mut unjudged);
            know(&mut reading.periods, (page.period, night), unjudged);
        }
        if let Some(payroll) = &payroll {
            self.beside.entry((employee, page.period.end)).or_default().entry(payroll.clone()).or_default();
        }
        for posting in page.postings {
            let (period, movements) = (posting.period, posting.movements);
            if self.night == Some(night) {
                let sums = self.posted.entry(posting.account.clone()).or_default();
                sums.iter_mut().zip(movements.amounts()).for_each(|(sum, more)| *sum += i128::from(more));
            }
            let account = reading.cells.post(&mut self.cells, night, posting);
            if let Some(payroll) = &payroll {
                let payrolls = self.beside.entry((employee, period.end)).or_default();
                *payrolls.entry(payroll.clone()).or_default().entry(account).or_default() += movements.collected();
            }
            if self.night == Some(night) {
                self.of_night.push(OfNight { employee, account, period, movements });
            }
        }
    }

    /// What earlier runs of the night posted, by benefit, payer and currency.
    pub fn posted(&self) -> &BTreeMap<Account, [i128; EntryKind::ALL.len()]> {
        &self.posted
    }

    /// The periods of which rows of anybody were read.
    pub fn read_periods(&self) -> BTreeSet<PayPeriod> {
        self.periods.items().filter(|known| known.is_read()).map(|known| known.period).collect()
    }

    /// Something of a negative price was ever due of anybody.
    pub fn has_credits(&self) -> bool {
        self.cells.has_credits()
    }

    /// The earliest that anybody's payroll was looked at.
    pub fn first_period(&self) -> Option<PayPeriod> {
        self.periods.items().map(|known| known.period).min()
    }

    /// The balances of all employees added up, by account.
    pub fn balances(&self) -> impl Iterator<Item = (&Account, i128)> {
        self.cells.balances()
    }

    /// What earlier runs of the night posted to one employee's account.
    pub fn posted_to(
        &self,
        employee: &Employee<'_>,
        account: &Account,
    ) -> impl Iterator<Item = (PayPeriod, Movements)> {
        let from = self.of_night.partition_point(|posted| posted.employee < employee.position);
        let of_employee = self.of_night[from..].iter().take_while(move |posted| posted.employee == employee.position);
        let of_account = of_employee.filter(move |posted| self.cells.account(posted.account) == account);
        of_account.map(|posted| (posted.period, posted.movements))
    }

    /// In the order of their ids.
    pub fn employees(&self) -> impl Iterator<Item = (&str, Employee<'_>)> {
        (0..self.employees.len()).map(|at| (self.id_at(at), self.at(at)))
    }

    /// Empty where nothing was ever posted.
    pub fn of(&self, employee_id: &str) -> Employee<'_> {
        self.employees.find(employee_id).map_or(Employee::default(), |at| self.at(at))
    }

    /// Where each of the employees stands in the books: for [`BalanceHistory::at`]. Quick where the ids come in
    /// their order.
    pub fn positions<'i>(&self, employee_ids: impl Iterator<Item = &'i str>) -> Vec<Option<usize>> {
        let mut next = 0;
        employee_ids.map(|employee_id| self.employees.find_next(employee_id, &mut next)).collect()
    }

    /// The account's number; `None`: nothing was ever posted to one of these.
    pub(super) fn number_of(&self, account: &Account) -> Option<u32> {
        self.cells.number_of(account)
    }

    pub(super) fn id_at(&self, position: usize) -> &str {
        self.employees.key(position)
    }

    /// The employee at a position; empty beyond the last.
    pub fn at(&self, position: usize) -> Employee<'_> {
        let books = |at: usize| (at < self.employees.len()).then(|| self.employees.rest(at));
        let Some(Books { periods, accounts_from }) = books(position) else { return Employee::default() };
        let accounts_to = books(position + 1).map_or(self.cells.len(), |next| next.accounts_from);
        Employee {
            position,
            holder: Holder::Anybody,
            periods: self.periods.get(periods),
            cells: self.cells.lend(accounts_from..accounts_to),
        }
    }
}

impl<'h> Employee<'h> {
    /// Of books of its own.
    pub(super) fn alone(position: usize, periods: &'h [Known], cells: LentCells<'h>) -> Employee<'h> {
        Employee { position, periods, cells, ..Employee::default() }
    }

    /// The account by period, oldest first.
    pub fn cells(&self, account: &Account) -> &'h [AccountPeriod] {
        self.holder.cells(self.cells.of(account))
    }

    /// What was posted to the account for the period that ends on this day.
    pub fn cell(&self, account: &Account, end: NaiveDate) -> Option<&'h AccountPeriod> {
        cell(self.cells(account), end)
    }

    /// Each period of each account.
    pub(super) fn cells_by_account(&self) -> impl Iterator<Item = (&'h Account, &'h AccountPeriod)> + use<'h> {
        self.accounts().flat_map(|(account, cells)| cells.iter().map(move |cell| (account, cell)))
    }

    /// In their order, each by period, oldest first.
    pub fn accounts(&self) -> impl Iterator<Item = (&'h Account, &'h [AccountPeriod])> + use<'h> {
        let holder = self.holder;
        let all = self.cells.iter().map(move |(account, cells)| (account, holder.cells(cells)));
        all.filter(|(_, cells)| !cells.is_empty())
    }
}
