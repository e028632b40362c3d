//! What is still owed on an account, and since which periods: what later periods took or gave back settles the oldest
//! first.

use std::collections::VecDeque;

use chrono::NaiveDate;

use crate::balance::AccountPeriod;
use tieout_model::balance::PayPeriod;
use tieout_model::code::Code;

/// The open balance of an account. Positive: owed by the payer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    pub amount: i128,
    /// What is left of each period's difference, oldest first; all of one sign, and they add up to `amount`.
    pub items: VecDeque<OpenEntry>,
    /// Periods whose differences make up the amount, those included that a later one settled but for rounding.
    pub periods: u32,
    /// What the account holds beside it: rounding, which nobody owes.
    pub rounding: i128,
}

/// What is left of one period's difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenEntry {
    pub period: PayPeriod,
    pub amount: i128,
    pub code: Option<Code>,
    /// The night that found it.
    pub found_on: NaiveDate,
}

impl Open {
    /// Of periods in their order.
    pub fn of<'c>(cells: impl IntoIterator<Item = &'c AccountPeriod>) -> Open {
        let mut open = Open::default();
        for cell in cells {
            let (period, code, found_on) = (cell.period, cell.code, cell.found_on);
            open.rounding += cell.movements.balance() - cell.difference();
            open.add(OpenEntry { period, amount: cell.difference(), code, found_on });
        }
        open
    }

    /// Gives every amount the other sign.
    pub(crate) fn mirror(&mut self) {
        self.items.iter_mut().for_each(|item| item.amount = -item.amount);
        (self.amount, self.rounding) = (-self.amount, -self.rounding);
    }

    /// Adds a period's difference: of the other sign it settles, oldest first.
    fn add(&mut self, mut item: OpenEntry) {
        self.amount += item.amount;
        if item.amount != 0 {
            self.periods = if self.items.is_empty() { 1 } else { self.periods + 1 };
        }
        while item.amount != 0 {
            match self.items.front_mut().filter(|oldest| (oldest.amount > 0) != (item.amount > 0)) {
                Some(oldest) if oldest.amount.abs() > item.amount.abs() => {
                    oldest.amount += item.amount;
                    return;
                }
                Some(oldest) => {
                    item.amount += oldest.amount;
                    self.items.pop_front();
                }
                None => {
                    self.items.push_back(item);
                    return;
                }
            }
        }
    }

    /// No more than rounding is open. `tolerance`: of one period; each of those that make it up is rounded.
    pub fn is_settled(&self, tolerance: i64) -> bool {
        self.amount.abs() <= i128::from(tolerance) * i128::from(self.periods.max(1))
    }
}
