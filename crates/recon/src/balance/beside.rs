//! One period of one employee that files of two payrolls hold, which were read in turn: after a move in mid-month, or
//! of somebody with two jobs. What each took counts; a file takes the place of an earlier one of its own payroll
//! alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::account_period::cell;
use super::history::{BalanceHistory, Employee};
use tieout_model::balance::{Account, BESIDE, Page};

/// By payroll, then by the number of the account: what it took, counts of 1/10,000.
pub(super) type Beside = BTreeMap<String, BTreeMap<u32, i128>>;

/// Whose file is read tonight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payrolls {
    /// Tonight's pay groups.
    pub groups: BTreeSet<String>,
    /// Nights that read files of the same period of other pay groups alone. Empty once tonight's had one of it.
    pub others: BTreeSet<NaiveDate>,
}

impl Payrolls {
    /// What notes on a page whose file it was.
    pub fn mark(&self) -> Option<String> {
        self.groups.first().map(|group| format!("{BESIDE}{group}"))
    }
}

/// Whose file posted the page, where that of another payroll had posted to the period before.
pub(super) fn payroll_of(page: &Page) -> Option<String> {
    page.unjudged.iter().flatten().find_map(|mark| mark.strip_prefix(BESIDE)).map(str::to_owned)
}

impl BalanceHistory {
    /// Another payroll's file had the employee in the period that ends on this day.
    pub fn is_beside(&self, employee: &Employee<'_>, end: NaiveDate, tonight: &Payrolls) -> bool {
        if self.is_of_one_payroll(tonight) {
            return false;
        }
        let is_other = |night| tonight.others.contains(&night) || self.beside.contains_key(&(employee.position, end));
        employee.read_on(end).is_some_and(is_other)
    }

    /// Another payroll's file had the employee in a period that ended since that day.
    pub fn was_beside(&self, employee: &Employee<'_>, since: NaiveDate) -> bool {
        let periods = (employee.position, since)..=(employee.position, NaiveDate::MAX);
        !employee.periods.is_empty() && self.beside.range(periods).next().is_some()
    }

    /// No file of another payroll had anybody in a period of this one's.
    pub fn is_of_one_payroll(&self, tonight: &Payrolls) -> bool {
        self.beside.is_empty() && tonight.others.is_empty()
    }

    /// What other payrolls took of the account in the period that ends on this day: counts of 1/10,000.
    pub fn taken_beside(&self, employee: &Employee<'_>, account: &Account, end: NaiveDate, tonight: &Payrolls) -> i128 {
        let held = cell(employee.cells(account), end).map_or(0, |cell| cell.movements.collected());
        let Some(payrolls) = self.beside.get(&(employee.position, end)) else {
            return if self.is_beside(employee, end, tonight) { held } else { 0 };
        };
        let number = self.number_of(account);
        let (own, others): (Vec<_>, Vec<_>) =
            payrolls.iter().partition(|(payroll, _)| tonight.groups.contains(*payroll));
        let taken = |of: &[(&String, &BTreeMap<u32, i128>)]| -> i128 {
            of.iter().filter_map(|(_, accounts)| accounts.get(&number?)).sum()
        };
        // The first payroll's pages say nothing of it.
        if own.is_empty() { taken(&others) } else { held - taken(&own) }
    }
}
