//! What earlier nights posted, netted by account and period: entries are never changed, so what stands is their sum.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;

use super::codes::CodeMaps;
use super::handed_over::{HandedOver, Holder, is_hand_over};
use super::known::{Known, know};
use tieout_model::balance::{Account, EntryKind, Movements, Page, PayPeriod, Posting};
use tieout_model::code::Code;

/// What a period is found as of which payroll's amounts are known, and not what was due: the leave date is in dispute,
/// or what the service said could not be read or compared. It owes what was taken until more is known.
const UNSETTLED: [Code; 9] = {
    use Code::{CT01, CT08, CT11, CU01, DE07, ID01, ID04, ID05, ID06};
    [DE07, CT01, CT08, CT11, CU01, ID01, ID04, ID05, ID06]
};

/// All employees' accounts before tonight. Periods and cells of all employees stand in one list each, employee behind
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

/// Where one employee's periods and cells begin; they end where the next one's begin.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Books {
    employee_id: Box<str>,
    periods_from: usize,
    cells_from: usize,
}

/// Of one employee by account, then by the last day of the period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cells {
    /// The accounts that there are, in the order in which they were met.
    accounts: Vec<Account>,
    /// Which of them each cell is of.
    numbers: Vec<u32>,
    cells: Vec<AccountPeriod>,
}

/// One employee's accounts, and of which periods payroll is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Employee<'h> {
    /// Among all employees of the books.
    position: usize,
    pub(super) holder: Holder,
    /// Oldest first.
    pub(super) periods: &'h [Known],
    accounts: &'h [Account],
    /// In the order of the accounts; cells by the last day of their period, oldest first.
    numbers: &'h [u32],
    cells: &'h [AccountPeriod],
}

/// An account in one period: all that was posted for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountPeriod {
    pub period: PayPeriod,
    pub movements: Movements,
    /// What the difference was found as; `None`: rounding, or it settles.
    pub code: Option<Code>,
    /// First day of the record of cover that the expected amount comes from.
    pub cover_from: Option<NaiveDate>,
    /// The first night that posted to it.
    pub found_on: NaiveDate,
    /// The most that persons have given up of it; what is written off now may be less.
    pub given_up: i64,
    /// The day of which a person last wrote off some of it.
    pub given_up_on: Option<NaiveDate>,
    /// Of a percentage that less was taken of, or nothing: what was due by the gross pay.
    pub by_gross: Option<i64>,
    /// What was due before another record, or a leave date, said that nothing was; 0 where something is.
    pub due_before: i64,
}

impl AccountPeriod {
    /// With nothing in it yet.
    pub fn new(period: PayPeriod, found_on: NaiveDate) -> AccountPeriod {
        let movements = Movements::default();
        AccountPeriod {
            period,
            movements,
            code: None,
            cover_from: None,
            found_on,
            given_up: 0,
            given_up_on: None,
            by_gross: None,
            due_before: 0,
        }
    }

    /// What was due is not known yet: the period owes what was taken.
    pub fn is_unsettled(&self) -> bool {
        self.code.is_some_and(|code| UNSETTLED.contains(&code))
    }

    /// What the period leaves owing, rounding aside.
    pub fn difference(&self) -> i128 {
        let [expected, taken, rest @ ..] = self.movements.amounts();
        // A difference that neither is a finding nor moves an earlier balance is rounding, which nobody owes.
        let rounding = self.code.is_none() && rest == [0; 3] && (expected, taken) != (0, 0);
        if rounding { 0 } else { self.movements.balance() }
    }

    /// Expects another amount. What a person gave up of an amount that was not due after all was never owed, and is
    /// given up still once it is due again.
    pub fn expect(&mut self, expected: i64) {
        self.movements += Movements::of(EntryKind::Expected, expected - self.movements.get(EntryKind::Expected));
        let stands = self.given_up_of(expected, self.movements.get(EntryKind::Taken));
        self.movements += Movements::of(EntryKind::WrittenOff, stands - self.movements.get(EntryKind::WrittenOff));
    }

    /// How much of what persons gave up was owed, with these amounts.
    pub fn given_up_of(&self, expected: i64, taken: i64) -> i64 {
        let owed = expected.saturating_sub(taken);
        self.given_up.clamp(owed.min(0), owed.max(0))
    }

    /// Takes in what was posted. `judged_by`: the day of a record or a leave date.
    fn post(&mut self, night: NaiveDate, movements: Movements, judged_by: Option<NaiveDate>) {
        let due = self.movements.get(EntryKind::Expected);
        let by_another = judged_by.is_some() && judged_by != self.cover_from;
        self.movements += movements;
        let (now, written_off) =
            [EntryKind::Expected, EntryKind::WrittenOff].map(|kind| self.movements.get(kind)).into();
        if due != 0 || now != 0 {
            self.due_before = if now == 0 && by_another { due } else { 0 };
        }
        let more = written_off.abs() > self.given_up.abs();
        if written_off != 0 && (more || written_off.signum() != self.given_up.signum()) {
            (self.given_up, self.given_up_on) = (written_off, Some(night));
        }
    }
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
        let hands_over = is_hand_over(&page);
        if self.employees.last().is_none_or(|last| page.employee_id != *last.employee_id) {
            let employee_id = page.employee_id.into_string().into_boxed_str();
            let (periods_from, cells_from) = (self.periods.len(), self.cells.cells.len());
            self.employees.push(Books { employee_id, periods_from, cells_from });
        }
        let employee = self.employees.len() - 1;
        let Books { periods_from, cells_from, .. } = self.employees[employee];
        if hands_over {
            self.handed_over.insert(employee, HandedOver { until: page.period.end, noted: true });
            return;
        }
        if let Some(unjudged) = page.unjudged {
            know(&mut self.periods, periods_from, (page.period, night), unjudged);
        }
        for posting in page.postings {
            let (period, movements) = (posting.period, posting.movements);
            if self.night == Some(night) {
                let sums = self.posted.entry(posting.account.clone()).or_default();
                sums.iter_mut().zip(movements.amounts()).for_each(|(sum, more)| *sum += i128::from(more));
            }
            let account = self.cells.post(cells_from, night, posting);
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
        for (number, cell) in self.cells.numbers.iter().zip(&self.cells.cells) {
            sums[*number as usize] += cell.movements.balance();
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

    /// The employee at a position; empty beyond the last.
    pub fn at(&self, position: usize) -> Employee<'_> {
        let Some(books) = self.employees.get(position) else { return Employee::default() };
        let next = self.employees.get(position + 1);
        let periods = books.periods_from..next.map_or(self.periods.len(), |next| next.periods_from);
        let cells = books.cells_from..next.map_or(self.cells.cells.len(), |next| next.cells_from);
        Employee {
            position,
            holder: Holder::Anybody,
            periods: &self.periods[periods],
            accounts: &self.cells.accounts,
            numbers: &self.cells.numbers[cells.clone()],
            cells: &self.cells.cells[cells],
        }
    }
}

impl Cells {
    /// Adds to the cells of the last employee, which begin at `from`, and gives the account's number.
    fn post(&mut self, from: usize, night: NaiveDate, posting: Posting) -> u32 {
        let Posting { account, period, movements, code, cover_from, by_gross } = posting;
        let of_account = of_account(&self.accounts, &self.numbers[from..], &account);
        let number = match of_account.is_empty() {
            true => self.number(account),
            false => self.numbers[from + of_account.start],
        };
        let (start, end) = (from + of_account.start, from + of_account.end);
        let at = match self.cells[start..end].binary_search_by_key(&period.end, |cell| cell.period.end) {
            Ok(at) => start + at,
            Err(at) => {
                self.cells.insert(start + at, AccountPeriod::new(period, night));
                self.numbers.insert(start + at, number);
                start + at
            }
        };
        let cell = &mut self.cells[at];
        cell.period.start = cell.period.start.or(period.start);
        cell.post(night, movements, cover_from);
        (cell.code, cell.cover_from) = (code, cover_from.or(cell.cover_from));
        cell.by_gross = by_gross.or(cell.by_gross);
        number
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

/// What was posted for the period that ends on this day. `cells` by period, oldest first.
pub fn cell(cells: &[AccountPeriod], end: NaiveDate) -> Option<&AccountPeriod> {
    cells.binary_search_by_key(&end, |cell| cell.period.end).ok().map(|at| &cells[at])
}
