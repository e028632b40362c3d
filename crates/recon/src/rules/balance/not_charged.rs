//! Benefits at Oyster that were in force in a period without a charge, whose amount nobody knew: no money is claimed
//! for it, and the period is not forgotten when the next one is charged.

use std::collections::BTreeMap;

use super::Books;
use crate::balance::{AccountPeriod, Employee};
use crate::rules::people::date;
use tieout_model::balance::{NOT_CHARGED, PayPeriod};

/// How many times a usual charge a period takes that makes up for one that was left out.
const TWICE: i128 = 2;

/// What notes that nothing was charged of a benefit.
pub(super) fn mark(benefit: &str) -> String {
    format!("{NOT_CHARGED}{benefit}")
}

impl Books<'_> {
    /// By `emp`: benefits, each with the first such period that no period since has made up for.
    pub(super) fn not_charged(&self) -> BTreeMap<u32, BTreeMap<String, PayPeriod>> {
        if self.lines.oyster.is_none() {
            return BTreeMap::new();
        }
        let of_employee = |emp: u32| {
            let employee = self.of(emp);
            let first = employee.not_charged(date(self.everybody[emp as usize].payday.start)).into_iter();
            let open = first.filter(|(benefit, period)| !made_up(employee, benefit, *period));
            let open: BTreeMap<String, PayPeriod> =
                open.map(|(benefit, period)| (benefit.to_owned(), period)).collect();
            (!open.is_empty()).then_some((emp, open))
        };
        (0..self.everybody.len() as u32).filter_map(of_employee).collect()
    }
}

/// A later period took as much as two others.
fn made_up(employee: Employee<'_>, benefit: &str, since: PayPeriod) -> bool {
    let of_benefit = employee.accounts().filter(|(account, _)| *account.benefit == *benefit);
    let twice = |cells: &[AccountPeriod]| {
        let taken = cells.iter().map(|cell| (cell.period, cell.movements.collected())).filter(|(_, taken)| *taken > 0);
        let least = taken.clone().map(|(_, taken)| taken).min().unwrap_or_default();
        taken
            .filter(|(period, _)| period.end > since.end)
            .any(|(_, taken)| taken >= TWICE * least && least > 0 && taken > least)
    };
    of_benefit.into_iter().any(|(_, cells)| twice(cells))
}
