//! Benefits of a negative price: credits for a waiver, discounts of a wellness plan. What is due of one is given, and
//! what is given for nothing is taken back: it is judged as a deduction is, with every amount of the other sign.

use std::collections::{BTreeMap, BTreeSet};

use super::line::Lines;
use super::tally::{Tally, Unknown};
use super::{Books, Change, Outcome};
use crate::balance::{AccountPeriod, Joined};
use crate::rules::lines::pair::Pair;
use crate::rules::timeline::records::Earlier;
use tieout_model::balance::{Account, EntryKind, Posting};
use tieout_model::finding::Payer;

/// Whose benefits are credits.
#[derive(Debug, Default)]
pub(super) struct Credits {
    /// By `emp` and label, of each payer.
    lines: BTreeMap<(u32, u32), [bool; 2]>,
    /// By `emp`: the books of those people, as if their credits were deductions.
    books: BTreeMap<u32, Joined>,
}

impl Credits {
    fn is(&self, emp: u32, label: u32, payer: Payer) -> bool {
        self.lines.get(&(emp, label)).is_some_and(|of| of[payer as usize])
    }

    pub(super) fn books(&self, emp: u32) -> Option<&Joined> {
        self.books.get(&emp)
    }

    /// By what is due tonight; of a benefit of which nothing is, by what was due before.
    pub(super) fn new(books: &Books<'_>) -> Credits {
        let were_credits = books.history.has_credits();
        if !were_credits && !books.lines.pairs.has_credits() {
            return Credits::default();
        }
        let mut lines = if were_credits { earlier(books) } else { BTreeMap::new() };
        let pairs = (0..books.lines.pairs.len()).map(|row| books.lines.pairs.get(row));
        for pair in pairs.filter(|pair| !books.lines.is_estimated(pair.label)) {
            for payer in Payer::BOTH {
                let due = books.lines.amounts(&pair, payer).1;
                if due < 0 {
                    lines.entry((pair.emp, pair.label)).or_default()[payer as usize] = true;
                } else if let Some(was) = lines.get_mut(&(pair.emp, pair.label)).filter(|_| due > 0) {
                    was[payer as usize] = false;
                }
            }
        }
        lines.retain(|_, of| of.contains(&true));
        let mut credits = Credits { lines, books: BTreeMap::new() };
        let whose: BTreeSet<u32> = credits.lines.keys().map(|(emp, _)| *emp).collect();
        let mirrored = |emp: u32| {
            let is_credit =
                |account: &Account| books.label(account).is_some_and(|label| credits.is(emp, label, account.payer));
            (emp, Joined::mirrored(&books.of(emp), is_credit))
        };
        credits.books = whose.into_iter().map(mirrored).collect();
        credits
    }
}

/// The benefits that were credits in earlier periods.
fn earlier(books: &Books<'_>) -> BTreeMap<(u32, u32), [bool; 2]> {
    let mut lines: BTreeMap<(u32, u32), [bool; 2]> = BTreeMap::new();
    for emp in 0..books.everybody.len() as u32 {
        for (account, _) in books.of(emp).accounts().filter(|(_, cells)| were_credits(cells)) {
            if let Some(label) = books.label(account) {
                lines.entry((emp, label)).or_default()[account.payer as usize] = true;
            }
        }
    }
    lines
}

/// By a record of cover money was due to the payer, and never from the payer: a refund is explained by what was due
/// before it.
fn were_credits(cells: &[AccountPeriod]) -> bool {
    let due = |cell: &AccountPeriod| cell.movements.get(EntryKind::Expected);
    cells.iter().all(|cell| due(cell) <= 0) && cells.iter().any(|cell| due(cell) < 0 && cell.cover_from.is_some())
}

impl Lines<'_> {
    /// A line, a credit as if it were a deduction.
    pub(super) fn pair(&self, row: usize) -> Pair {
        let mut pair = self.pairs.get(row);
        if self.credits.is(pair.emp, pair.label, Payer::Employee) {
            (pair.employee_taken, pair.employee_due) = (-pair.employee_taken, -pair.employee_due);
        }
        if self.credits.is(pair.emp, pair.label, Payer::Employer) {
            (pair.employer_taken, pair.employer_due) = (-pair.employer_taken, -pair.employer_due);
        }
        pair
    }

    /// Live records that the line's replaces: what they made due before it.
    pub(super) fn superseded_by(&self, pair: &Pair) -> Vec<Earlier> {
        let [employee, employer] = Payer::BOTH.map(|payer| self.sign(pair.emp, pair.label, payer));
        let signed = |record: &Earlier| Earlier {
            employee: employee * record.employee,
            employer: employer * record.employer,
            ..*record
        };
        self.superseded.get(&(pair.emp, pair.label)).into_iter().flatten().map(signed).collect()
    }

    /// 1, or -1 of a credit: by what amounts of the files and records are multiplied.
    pub(super) fn sign(&self, emp: u32, label: u32, payer: Payer) -> i64 {
        if self.credits.is(emp, label, payer) { -1 } else { 1 }
    }
}

impl Books<'_> {
    pub(super) fn with_credits(self) -> Self {
        let credits = Credits::new(&self);
        Books { lines: Lines { credits, ..self.lines }, ..self }
    }

    fn label(&self, account: &Account) -> Option<u32> {
        self.lines.catalog.find_benefit(&account.benefit).filter(|label| !self.lines.is_estimated(*label))
    }

    fn is_credit(&self, emp: u32, account: &Account) -> bool {
        let is = |label| self.lines.credits.is(emp, label, account.payer);
        !self.lines.credits.lines.is_empty() && self.label(account).is_some_and(is)
    }

    /// How much more the account holds, and what is to be posted to it, where anything is new.
    pub(super) fn of_change(&self, emp: u32, change: Change<'_>) -> ((Account, i128), Option<Posting>) {
        let (account, by) = (change.account.clone(), change.of_balance());
        if !self.is_credit(emp, &account) {
            return ((account, by), change.posting());
        }
        let posting = change.posting().map(|posting| Posting {
            movements: posting.movements.mirrored(),
            by_gross: posting.by_gross.map(|by_gross| -by_gross),
            ..posting
        });
        ((account, -by), posting)
    }

    /// What an employee's lines come to, with credits as they are.
    pub(super) fn as_they_are(&self, emp: u32, outcome: Outcome) -> Outcome {
        if self.lines.credits.books(emp).is_none() {
            return outcome;
        }
        let Outcome { accounts, mut unsettled, .. } = outcome;
        let as_it_is = |(account, tally): (Account, Tally)| match self.is_credit(emp, &account) {
            true => (account, mirrored(tally)),
            false => (account, tally),
        };
        for of in unsettled.iter_mut().filter(|of| self.is_credit(emp, &of.account)) {
            (of.taken, of.due_before) = (-of.taken, of.due_before.map(|due| -due));
        }
        Outcome { accounts: accounts.into_iter().map(as_it_is).collect(), unsettled, ..outcome }
    }
}

fn mirrored(mut tally: Tally) -> Tally {
    for amount in [&mut tally.opening, &mut tally.settled, &mut tally.written_off] {
        *amount = -*amount;
    }
    tally.given_back = -tally.given_back;
    if let Some((.., amount)) = &mut tally.given_up {
        *amount = -*amount;
    }
    tally.unknown = tally.unknown.map(|unknown| Unknown { amount: -unknown.amount, ..unknown });
    if let Some(put_off) = &mut tally.put_off {
        put_off.amount = -put_off.amount;
    }
    tally.open.mirror();
    tally
}
