//! The accounts of employees, period by period.

use std::ops::Range;

use chrono::NaiveDate;

use super::account_period::AccountPeriod;
use super::history::Employee;
use super::interned::{Interned, Place};
use tieout_model::balance::{Account, EntryKind, Posting};

/// Of employees one behind the other, by account.
#[derive(Clone, Debug, Default)]
pub(super) struct AllCells {
    /// The accounts that there are, in the order in which they were met.
    accounts: Vec<Account>,
    /// Number of the account that was asked for last: employees have theirs in the same order.
    last: u32,
    series: Vec<Series>,
    lists: Interned<AccountPeriod>,
}

/// One account of one employee.
#[derive(Clone, Copy, Debug)]
pub(super) struct Series {
    account: u32,
    /// By period, oldest first.
    cells: Place,
}

/// Those of one employee that are still put together, by account, then by the last day of the period.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// Which account each cell is of.
    numbers: Vec<u32>,
    cells: Vec<AccountPeriod>,
}

/// The accounts of one employee, lent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LentCells<'h> {
    of: Option<&'h AllCells>,
    /// In the order of the accounts.
    series: &'h [Series],
}

impl AllCells {
    /// How many series there are: where those of the next employee begin.
    pub(super) fn len(&self) -> usize {
        self.series.len()
    }

    /// Adds an employee, and empties the draft.
    pub(super) fn seal(&mut self, draft: &mut Draft) {
        let mut from = 0;
        for of_account in draft.numbers.chunk_by(|a, b| a == b) {
            let cells = self.lists.place(&draft.cells[from..from + of_account.len()]);
            self.series.push(Series { account: of_account[0], cells });
            from += of_account.len();
        }
        draft.numbers.clear();
        draft.cells.clear();
    }

    /// No more employees come.
    pub(super) fn close(&mut self) {
        self.lists.close();
    }

    pub(super) fn lend(&self, series: Range<usize>) -> LentCells<'_> {
        LentCells { of: Some(self), series: &self.series[series] }
    }

    /// The account's number; `None`: nothing was ever posted to one of these.
    pub(super) fn number_of(&self, account: &Account) -> Option<u32> {
        let at = self.accounts.iter().position(|known| known == account)?;
        u32::try_from(at).ok()
    }

    pub(super) fn account(&self, number: u32) -> &Account {
        &self.accounts[number as usize]
    }

    pub(super) fn has_credits(&self) -> bool {
        self.lists.items().any(|cell| cell.movements.get(EntryKind::Expected) < 0)
    }

    /// The balances of all employees added up, by account.
    pub(super) fn balances(&self) -> impl Iterator<Item = (&Account, i128)> {
        let mut sums = vec![0_i128; self.accounts.len()];
        for Series { account, cells } in &self.series {
            let balances = self.lists.get(*cells).iter().map(|cell| cell.movements.balance());
            sums[*account as usize] += balances.sum::<i128>();
        }
        self.accounts.iter().zip(sums)
    }

    fn number(&mut self, account: Account) -> u32 {
        let next = self.last + 1;
        let is_next = self.accounts.get(next as usize) == Some(&account);
        let known = if is_next { Some(next) } else { self.number_of(&account) };
        self.last = known.unwrap_or_else(|| {
            self.accounts.push(account);
            // A benefit, payer and currency each: there are not four billion of them.
            (self.accounts.len() - 1) as u32
        });
        self.last
    }
}

impl Draft {
    /// Adds to what stands of the posting's period, and gives the account's number.
    pub(super) fn post(&mut self, all: &mut AllCells, night: NaiveDate, posting: Posting) -> u32 {
        let Posting { account, period, movements, code, cover_from, by_gross } = posting;
        let number = all.number(account);
        let cell = self.cell(all, number, AccountPeriod::new(period, night));
        cell.period.start = cell.period.start.or(period.start);
        cell.post(night, movements, cover_from);
        (cell.code, cell.cover_from) = (code, cover_from.or(cell.cover_from));
        if by_gross.is_some() {
            cell.set_by_gross(by_gross);
        }
        number
    }

    /// What stands of a period; `new` where nothing does.
    fn cell(&mut self, all: &AllCells, number: u32, new: AccountPeriod) -> &mut AccountPeriod {
        let account = all.account(number);
        let start = self.numbers.partition_point(|other| all.account(*other) < account);
        let count = self.numbers[start..].partition_point(|other| *other == number);
        let at = self.cells[start..start + count].binary_search_by_key(&new.period.end, |cell| cell.period.end);
        let at = at.map_or_else(
            |at| {
                self.numbers.insert(start + at, number);
                self.cells.insert(start + at, new);
                start + at
            },
            |at| start + at,
        );
        &mut self.cells[at]
    }
}

impl<'h> LentCells<'h> {
    /// By period, oldest first.
    pub(super) fn of(&self, account: &Account) -> &'h [AccountPeriod] {
        let Some(all) = self.of else { return &[] };
        let found = self.series.binary_search_by(|series| all.account(series.account).cmp(account));
        found.map_or(&[], |at| all.lists.get(self.series[at].cells))
    }

    /// In the order of the accounts.
    pub(super) fn iter(self) -> impl Iterator<Item = (&'h Account, &'h [AccountPeriod])> {
        let of = |all: &'h AllCells| {
            self.series.iter().map(|series| (all.account(series.account), all.lists.get(series.cells)))
        };
        self.of.into_iter().flat_map(of)
    }
}

/// One employee's alone, which change.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnCells {
    draft: Draft,
    sealed: AllCells,
}

impl OwnCells {
    pub(super) fn new(cells: impl Iterator<Item = (Account, AccountPeriod)>) -> OwnCells {
        let mut own = OwnCells::default();
        cells.for_each(|(account, cell)| own.set(account, cell));
        own.seal();
        own
    }

    pub(super) fn of(employee: &Employee<'_>) -> OwnCells {
        OwnCells::new(employee.cells_by_account().map(|(account, cell)| (account.clone(), cell.clone())))
    }

    /// Puts a cell in the place of what there is of its period.
    pub(super) fn put(&mut self, account: &Account, cell: AccountPeriod) {
        self.set(account.clone(), cell);
        self.seal();
    }

    fn set(&mut self, account: Account, cell: AccountPeriod) {
        let number = self.sealed.number(account);
        let known = self.draft.cell(&self.sealed, number, AccountPeriod::new(cell.period, cell.found_on));
        *known = cell;
    }

    fn seal(&mut self) {
        (self.sealed.series, self.sealed.lists) = (Vec::new(), Interned::default());
        self.sealed.seal(&mut self.draft.clone());
    }

    pub(super) fn lend(&self) -> LentCells<'_> {
        self.sealed.lend(0..self.sealed.len())
    }
}
