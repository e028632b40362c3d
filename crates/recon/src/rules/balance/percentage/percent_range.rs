//! What the percentage of a period may come to, and what of an amount is the period's own or makes up earlier ones.

use crate::balance::{AccountPeriod, Open};
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;

/// What the percentage of the period may come to. Counts of 1/10,000.
pub(in crate::rules::balance) struct Range {
    pub(in crate::rules::balance) least: i64,
    /// `None`: payroll has no gross pay.
    pub(in crate::rules::balance) most: Option<i64>,
    /// By the pay of the run, where it is known.
    pub(in crate::rules::balance) usual: i64,
    pub(in crate::rules::balance) tolerance: i64,
}

impl Range {
    /// What of `taken` pays for the period itself, where `open` is owed for earlier ones: all that is not made up, and
    /// what is given back.
    pub(in crate::rules::balance) fn own(&self, taken: i64, open: i64) -> i64 {
        let before = taken.saturating_sub(open);
        match open.signum() {
            0 => taken,
            1 if before + self.tolerance >= self.least => before,
            1 => taken.min(self.usual),
            // A run beside the regular one.
            _ if self.usual == i64::MAX => {
                if taken < 0 {
                    before.min(0)
                } else {
                    taken
                }
            }
            _ => {
                let is_usual = |amount: i64| (amount - self.usual).abs() <= self.tolerance;
                let within = taken + self.tolerance >= self.least;
                let gives_back = !within || (is_usual(before) && !is_usual(taken));
                if gives_back { before.min(self.usual).max(taken) } else { taken }
            }
        }
    }

    /// The missed periods that are open as what is taken makes them up, where it lies between what they owe by the
    /// salary and by the gross pay.
    pub(in crate::rules::balance) fn made_up_by_gross(
        &self,
        taken: i64,
        open: &Open,
        cells: &[AccountPeriod],
    ) -> Vec<AccountPeriod> {
        let own = taken - i64::try_from(open.amount).unwrap_or_default();
        let most = self.most.unwrap_or(i64::MAX);
        let mut left = match own {
            _ if open.amount <= 0 || taken <= 0 => 0,
            own if own > most => own - most,
            own if own < self.least => own - self.least,
            _ => 0,
        };
        let is_open = |cell: &&AccountPeriod| open.items.iter().any(|item| item.period == cell.period);
        let missed = cells.iter().filter(is_open).filter(|cell| cell.movements.collected() == 0);
        let ranges: Vec<(&AccountPeriod, i64)> = missed
            .filter_map(|cell| Some((cell, cell.by_gross()? - cell.movements.get(EntryKind::Expected))))
            .filter(|(_, more)| left != 0 && more.signum() == left.signum())
            .collect();
        // A part of what is missing is made up by the salary as well as by anything.
        let all: i64 = ranges.iter().map(|(_, more)| *more).sum();
        if left < 0 && all - self.tolerance > left {
            return Vec::new();
        }
        let made_up = |(cell, more): (&AccountPeriod, i64)| {
            let more = if left > 0 { more.min(left) } else { more.max(left) };
            left -= more;
            let mut now = cell.clone();
            now.expect(cell.movements.get(EntryKind::Expected) + more);
            now
        };
        ranges.into_iter().map(made_up).collect()
    }

    /// Earlier periods that took less than they may owe, as what is taken beyond tonight's own makes them up. `short`:
    /// their cells, with what they may owe.
    pub(in crate::rules::balance) fn made_up_of_short(
        &self,
        taken: i64,
        open: i128,
        short: Vec<(AccountPeriod, i64)>,
    ) -> Vec<AccountPeriod> {
        let own = taken - i64::try_from(open.max(0)).unwrap_or_default();
        let mut left = self.beyond(own);
        if left <= self.tolerance {
            return Vec::new();
        }
        let made_up = |(mut cell, due): (AccountPeriod, i64)| {
            let more = (due - cell.movements.get(EntryKind::Expected)).min(left);
            left -= more;
            cell.expect(cell.movements.get(EntryKind::Expected) + more);
            // Without a code a difference is rounding.
            cell.code = Some(Code::AM13);
            (more > 0).then_some(cell)
        };
        short.into_iter().filter_map(made_up).collect()
    }

    pub(in crate::rules::balance) fn beyond(&self, own: i64) -> i64 {
        self.most.map_or(0, |most| own - most).max(0)
    }
}
