//! What earlier nights posted, netted by account and period: entries are never changed, so what stands is their sum.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;

use super::account_period::{AccountPeriod, cell};
use super::beside::{Beside, payroll_of};
use super::codes::CodeMaps;
use super::handed_over::{HandedOver, Holder, is_hand_over};
use super::known::{Known, know};
use super::mangled;
use tieout_model::balance::{Account, EntryKind, Movements, Page, PayPeriod, Posting};

/// All employees' accounts before tonight. Periods and cells stand in lists of many employees, employee behind
/// employee: a million of them have a few each, and a list of its own for each would cost more than what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BalanceHistory {
    /// In the order of their ids.
    employees: Vec<Books>,
    periods: Vec<Known>,
    cells: Cells,
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
    pub(super) mangled: BTreeMap<(usize, NaiveDate), PayPeriod>,
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

/// Where one employee's periods, and cells in the chunk, begin; they end where the next one's begin.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Books {
    employee_id: Box<str>,
    periods_from: usize,
    cells_from: usize,
}

/// Of one employee by account, then by the last day of the period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cells {
    /// The accounts that there are, in the order in which they were met.
    accounts: Vec<Account>,
    /// Of [`EMPLOYEES_A_CHUNK`] employees each.
    chunks: Vec<Chunk>,
}

/// One list of all would be copied whole each time that it grows beyond its space.
const EMPLOYEES_A_CHUNK: usize = 4096;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Chunk {
    /// Which account each cell is of.
    numbers: Vec<u32>,
    cells: Vec<AccountPeriod>,
}

/// One employee's accounts, and of which periods payroll is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Employee<'h> {
    /// Among all employees of the books.
    pub(super) position: usize,
    pub(super) holder: Holder,
    /// Oldest first.
    pub(super) periods: &'h [Known],
    accounts: &'h [Account],
    /// In the order of the accounts; cells by the last day of their period, oldest first.
    numbers: &'h [u32],
    cells: &'h [AccountPeriod],
}

impl BalanceHistory {
    /// For a night of this day.
    pub fn of_night(night: NaiveDate) -> BalanceHistory {
        BalanceHistory { night: Some(night), ..BalanceHistory::default() }
    }

    /// Takes in a page that was posted on a night. Pages come by employee, in the order of their ids, and those of one
    /// employee in the order in which they were posted.
    pub fn take(&mut self, night: NaiveDate, page: Page) {
        if page.employee_id.as_str().is_empty() {
            self.codes.take(night, &page);
            return;
        }
        let (hands_over, payroll) = (is_hand_over(&page), payroll_of(&page));
        if self.employees.last().is_none_or(|last| page.employee_id != *last.employee_id) {
            let employee_id = page.employee_id.into_string().into_boxed_str();
            let (periods_from, cells_from) = (self.periods.len(), self.cells.begin(self.employees.len()));
            self.employees.push(Books { employee_id, periods_from, cells_from });
        }
        let employee = self.employees.len() - 1;
        let Books { periods_from, cells_from, .. } = self.employees[employee];
        if hands_over {
            self.handed_over.insert(employee, HandedOver { until: page.period.end, noted: true });
            return;
        }
        if let Some(mut unjudged) = page.unjudged {
            mangled::note(&mut self.mangled, (employee, page.period), &mut unjudged);
            know(&mut self.periods, periods_from, (page.period, night), unjudged);
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
            let account = self.cells.post(cells_from, night, posting);
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
        let mut periods = BTreeSet::new();
        for known in self.periods.iter().filter(|known| known.is_read()) {
            if !periods.contains(&known.period) {
                periods.insert(known.period);
            }
        }
        periods
    }

    /// The earliest that anybody's payroll was looked at.
    pub fn first_period(&self) -> Option<PayPeriod> {
        self.periods.iter().map(|known| known.period).min()
    }

    /// The balances of all employees added up, by account.
    pub fn balances(&self) -> impl Iterator<Item = (&Account, i128)> {
        let mut sums = vec![0_i128; self.cells.accounts.len()];
        for chunk in &self.cells.chunks {
            for (number, cell) in chunk.numbers.iter().zip(&chunk.cells) {
                sums[*number as usize] += cell.movements.balance();
            }
        }
        self.cells.accounts.iter().zip(sums)
    }

    /// What earlier runs of the night posted to one employee's account.
    pub fn posted_to(
        &self,
        employee: &Employee<'_>,
        account: &Account,
    ) -> impl Iterator<Item = (PayPeriod, Movements)> {
        let from = self.of_night.partition_point(|posted| posted.employee < employee.position);
        let of_employee = self.of_night[from..].iter().take_while(move |posted| posted.employee == employee.position);
        let of_account = of_employee.filter(move |posted| self.cells.accounts[posted.account as usize] == *account);
        of_account.map(|posted| (posted.period, posted.movements))
    }

    /// In the order of their ids.
    pub fn employees(&self) -> impl Iterator<Item = (&str, Employee<'_>)> {
        self.employees.iter().enumerate().map(|(at, books)| (&*books.employee_id, self.at(at)))
    }

    /// Empty where nothing was ever posted.
    pub fn of(&self, employee_id: &str) -> Employee<'_> {
        let found = self.employees.binary_search_by(|books| (*books.employee_id).cmp(employee_id));
        found.map_or(Employee::default(), |at| self.at(at))
    }

    /// Where each of the employees stands in the books: for [`BalanceHistory::at`]. Quick where the ids come in
    /// their order.
    pub fn positions<'i>(&self, employee_ids: impl Iterator<Item = &'i str>) -> Vec<Option<usize>> {
        let mut next = 0;
        let mut position = |employee_id: &str| {
            let is_at = |at: usize| self.employees.get(at).is_some_and(|books| *books.employee_id == *employee_id);
            let at = match is_at(next) {
                true => next,
                false => self.employees.binary_search_by(|books| (*books.employee_id).cmp(employee_id)).ok()?,
            };
            next = at + 1;
            Some(at)
        };
        employee_ids.map(&mut position).collect()
    }

    /// The account's number; `None`: nothing was ever posted to one of these.
    pub(super) fn number_of(&self, account: &Account) -> Option<u32> {
        let at = self.cells.accounts.iter().position(|known| known == account)?;
        u32::try_from(at).ok()
    }

    pub(super) fn id_at(&self, position: usize) -> &str {
        &self.employees[position].employee_id
    }

    /// The employee at a position; empty beyond the last.
    pub fn at(&self, position: usize) -> Employee<'_> {
        let Some(books) = self.employees.get(position) else { return Employee::default() };
        let next = self.employees.get(position + 1);
        let periods = books.periods_from..next.map_or(self.periods.len(), |next| next.periods_from);
        let chunk = &self.cells.chunks[position / EMPLOYEES_A_CHUNK];
        let next = next.filter(|_| !(position + 1).is_multiple_of(EMPLOYEES_A_CHUNK));
        let cells = books.cells_from..next.map_or(chunk.cells.len(), |next| next.cells_from);
        Employee {
            position,
            holder: Holder::Anybody,
            periods: &self.periods[periods],
            accounts: &self.cells.accounts,
            numbers: &chunk.numbers[cells.clone()],
            cells: &chunk.cells[cells],
        }
    }
}

impl Cells {
    /// Where the cells of the employee at a position begin in the chunk; nobody behind them has any.
    fn begin(&mut self, position: usize) -> usize {
        if position / EMPLOYEES_A_CHUNK == self.chunks.len() {
            self.chunks.push(Chunk::default());
        }
        self.chunks.last().map_or(0, |chunk| chunk.cells.len())
    }

    /// Adds to the cells of the last employee, which begin at `from`, and gives the account's number.
    fn post(&mut self, from: usize, night: NaiveDate, posting: Posting) -> u32 {
        let Posting { account, period, movements, code, cover_from, by_gross } = posting;
        let last = self.chunks.len() - 1;
        let of_account = of_account(&self.accounts, &self.chunks[last].numbers[from..], &account);
        let number = match of_account.is_empty() {
            true => self.number(account),
            false => self.chunks[last].numbers[from + of_account.start],
        };
        let (start, end) = (from + of_account.start, from + of_account.end);
        let Chunk { numbers, cells } = &mut self.chunks[last];
        let at = match cells[start..end].binary_search_by_key(&period.end, |cell| cell.period.end) {
            Ok(at) => start + at,
            Err(at) => {
                cells.insert(start + at, AccountPeriod::new(period, night));
                numbers.insert(start + at, number);
                start + at
            }
        };
        let cell = &mut cells[at];
        cell.period.start = cell.period.start.or(period.start);
        cell.post(night, movements, cover_from);
        (cell.code, cell.cover_from) = (code, cover_from.or(cell.cover_from));
        if by_gross.is_some() {
            cell.set_by_gross(by_gross);
        }
        number
    }

    /// Of one employee alone.
    pub(super) fn of(employee: &Employee<'_>) -> Cells {
        let all = employee.accounts().flat_map(|(account, cells)| cells.iter().map(move |cell| (account, cell)));
        let mut own = Cells::default();
        all.for_each(|(account, cell)| own.put(account, cell.clone()));
        own
    }

    /// Where an employee's alone stand: puts one in the place of what there is of its period.
    pub(super) fn put(&mut self, account: &Account, cell: AccountPeriod) {
        self.begin(0);
        let of_account = of_account(&self.accounts, &self.chunks[0].numbers, account);
        let number = self.number(account.clone());
        let (start, end) = (of_account.start, of_account.end);
        let Chunk { numbers, cells } = &mut self.chunks[0];
        match cells[start..end].binary_search_by_key(&cell.period.end, |known| known.period.end) {
            Ok(at) => cells[start + at] = cell,
            Err(at) => {
                cells.insert(start + at, cell);
                numbers.insert(start + at, number);
            }
        }
    }

    fn number(&mut self, account: Account) -> u32 {
        let known = self.accounts.iter().position(|known| *known == account);
        let at = known.unwrap_or_else(|| {
            self.accounts.push(account);
            self.accounts.len() - 1
        });
        // A benefit, payer and currency each: there are not four billion of them.
        at as u32
    }
}

/// Where the cells of an account stand among one employee's; where they would stand, if there are none.
fn of_account(accounts: &[Account], numbers: &[u32], account: &Account) -> Range<usize> {
    let before = numbers.partition_point(|number| accounts[*number as usize] < *account);
    let number = numbers.get(before).filter(|number| accounts[**number as usize] == *account);
    let cells = number.map_or(0, |number| numbers[before..].partition_point(|other| other == number));
    before..before + cells
}

impl<'h> Employee<'h> {
    /// Of books of its own.
    pub(super) fn alone(position: usize, periods: &'h [Known], cells: &'h Cells) -> Employee<'h> {
        let Cells { accounts, chunks } = cells;
        let (numbers, cells) = chunks.first().map_or((&[][..], &[][..]), |all| (&all.numbers[..], &all.cells[..]));
        Employee { position, periods, accounts, numbers, cells, ..Employee::default() }
    }

    /// The account by period, oldest first.
    pub fn cells(&self, account: &Account) -> &'h [AccountPeriod] {
        self.holder.cells(&self.cells[of_account(self.accounts, self.numbers, account)])
    }

    /// What was posted to the account for the period that ends on this day.
    pub fn cell(&self, account: &Account, end: NaiveDate) -> Option<&'h AccountPeriod> {
        cell(self.cells(account), end)
    }

    /// In their order, each by period, oldest first.
    pub fn accounts(&self) -> impl Iterator<Item = (&'h Account, &'h [AccountPeriod])> + use<'h> {
        let Employee { accounts, cells, numbers, holder, .. } = *self;
        let mut from = 0;
        let all = numbers.chunk_by(|a, b| a == b).map(move |of_account| {
            let start = from;
            from += of_account.len();
            (&accounts[of_account[0] as usize], holder.cells(&cells[start..from]))
        });
        all.filter(|(_, cells)| !cells.is_empty())
    }
}
