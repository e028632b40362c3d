//! Periods that only a night read which a guard stopped: the books hold what payroll took in them (CT06). Where a
//! later night bears out that night's headcount and the benefit's total, they are judged as any other; until then what
//! differs is told as unverified, and what may settle it accuses nobody.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Employee, OF_PAY, OF_SIGN, cell as cell_of};
use crate::rules::Inputs;
use crate::rules::balance::Books;
use crate::rules::balance::statement::Statement;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use tieout_model::balance::Account;
use tieout_model::code::Code;
use tieout_model::control::BaseLine;
use tieout_model::finding::Payer;

/// What later nights bear out of nights that a guard stopped.
#[derive(Debug, Default)]
pub(in crate::rules::balance) struct BorneOut {
    /// By the last day of a period: the totals that are right, `<benefit> <currency>`.
    totals: BTreeMap<NaiveDate, BTreeSet<String>>,
    /// A person takes tonight's file as it is, whatever was not read before.
    pub(in crate::rules::balance) accepted: bool,
}

impl BorneOut {
    pub(in crate::rules::balance) fn new(inputs: &Inputs<'_>) -> BorneOut {
        let accepted = inputs.past.accepted.then(|| accepted(inputs));
        let mut by_end: BTreeMap<NaiveDate, BTreeSet<String>> = BTreeMap::new();
        // Newest first: the books hold what the last of several runs of a period said.
        for doubted in &inputs.past.doubted {
            for end in &doubted.ends {
                by_end.entry(*end).or_insert_with(|| {
                    let keys = doubted.run.totals.keys().chain(doubted.run.due.iter().flat_map(BTreeMap::keys));
                    let since = || doubted.since.iter().chain(&accepted);
                    let limits = inputs.job.guards.limits();
                    let is_right = |key: &&String| since().any(|good| doubted.run.is_borne_out_by(good, limits, key));
                    keys.filter(is_right).cloned().collect()
                });
            }
        }
        BorneOut { totals: by_end, accepted: inputs.past.accepted && !inputs.payroll.other_runs_only }
    }

    fn holds(&self, end: NaiveDate, account: &Account) -> bool {
        self.totals.get(&end).is_some_and(|keys| keys.contains(&format!("{} {}", account.benefit, account.currency)))
    }
}

/// Tonight's file, which a person takes as it is.
fn accepted(inputs: &Inputs<'_>) -> BaseLine {
    let mut totals: BTreeMap<String, i128> = BTreeMap::new();
    for total in &inputs.payroll.totals {
        if let Some(benefit) = &total.benefit {
            *totals.entry(format!("{} {}", benefit.trim(), total.currency)).or_default() +=
                total.employee + total.employer;
        }
    }
    let totals = totals.into_iter().map(|(key, sum)| (key, sum.to_string())).collect();
    BaseLine { population: inputs.payroll.people.height() as u64, totals, ..BaseLine::default() }
}

impl Books<'_> {
    /// Whether what payroll took in the period is right, nobody knows.
    pub(in crate::rules::balance) fn is_doubted(
        &self,
        person: &Person,
        account: &Account,
        cell: &AccountPeriod,
    ) -> bool {
        match cell.code {
            Some(Code::CT06) => !self.borne_out.holds(cell.period.end, account),
            Some(OF_PAY | OF_SIGN) => !self.is_stated_since(person, account, cell),
            _ => false,
        }
    }

    /// An earlier period of the account is doubted.
    pub(in crate::rules::balance) fn is_after_doubt(&self, statement: &Statement<'_>, end: NaiveDate) -> bool {
        let Statement { employee, person, account, .. } = statement;
        self.doubts(*employee, person, account).any(|cell| cell.period.end < end)
    }

    /// Periods of which nobody knows what the account owes: also those that another currency was read of, which may
    /// have been a mistake of the job.
    fn doubts<'e>(
        &self,
        employee: Employee<'e>,
        person: &Person,
        account: &Account,
    ) -> impl Iterator<Item = &'e AccountPeriod> {
        let of_account = |(other, _): &(&Account, &[AccountPeriod])| {
            other.benefit == account.benefit && other.payer == account.payer
        };
        employee.accounts().filter(of_account).flat_map(move |(other, cells)| {
            cells.iter().filter(move |cell| match other.currency == account.currency {
                true => {
                    let is_not_stated = matches!(cell.code, Some(OF_PAY | OF_SIGN));
                    cell.is_untold() || is_not_stated || self.is_doubted(person, account, cell)
                }
                false => cell.code == Some(Code::CU01),
            })
        })
    }

    /// Leaves out doubted periods that differ from what is due in them; that they do not is enough.
    pub(in crate::rules::balance) fn without_doubted(
        &self,
        person: &Person,
        (account, cells): (&Account, &[AccountPeriod]),
        mut restated: Vec<AccountPeriod>,
        tolerance: i64,
    ) -> Vec<AccountPeriod> {
        restated.retain(|now| {
            let is_right = now.movements.balance().abs() <= i128::from(tolerance);
            is_right || cell_of(cells, now.period.end).is_none_or(|known| !self.is_doubted(person, account, known))
        });
        restated
    }

    /// What is left of a difference is no more than what doubted periods may have left open.
    pub(in crate::rules::balance) fn may_settle_what_is_doubted(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        left: [i128; 2],
    ) -> bool {
        let start = date(person.payday.start);
        let before = |account: &Account| -> Vec<&AccountPeriod> {
            self.doubts(employee, person, account).filter(|cell| cell.period.end < start).collect()
        };
        let within = |payer: &Payer| {
            let (taken, due, tolerance) = self.lines.amounts(pair, *payer);
            let account = self.lines.account(pair, *payer);
            let doubted = account.as_ref().map(before).unwrap_or_default();
            let missing = |cell: &&AccountPeriod| match cell.code {
                Some(OF_SIGN) => i128::from(due) - cell.movements.collected().abs(),
                _ => i128::from(due) - cell.movements.collected(),
            };
            let missing = doubted.iter().map(|cell| (cell.is_untold(), missing(cell)));
            let (untold, others): (Vec<_>, Vec<_>) = missing.partition(|(is_untold, _)| *is_untold);
            let others: i128 = others.into_iter().map(|(_, missing)| missing.abs()).sum();
            // What such periods took too little in all is made good by more, and by nothing else.
            let untold: i128 = untold.into_iter().map(|(_, missing)| missing).sum();
            let settles = untold.signum() == i128::from(taken - due).signum();
            let open = others + if settles { untold.abs() } else { 0 };
            left[*payer as usize] <= open + i128::from(tolerance)
        };
        let is_doubted = |payer: &Payer| self.lines.account(pair, *payer).is_some_and(|of| !before(&of).is_empty());
        Payer::BOTH.iter().any(is_doubted) && Payer::BOTH.iter().all(within)
    }
}
