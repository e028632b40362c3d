//! Accounts that earlier nights posted to and of which tonight has no line: what is open on them stays open.

use super::statement::with;
use super::{Balances, Books, Change, Outcome, Sums, Tally, ended, written_off};
use crate::balance::{Cell, Employee, Open, Tonight, cell, settle};
use crate::rules::everybody::Person;
use crate::rules::people::date;
use tieout_model::balance::Account;

impl Books<'_> {
    /// The accounts that earlier nights posted to and that have no line tonight.
    pub(super) fn gone<'b>(
        &self,
        employee: Employee<'b>,
        person: &Person,
        unjudged: &[String],
        changes: &mut Vec<Change<'b>>,
        outcome: &mut Outcome,
    ) {
        let period = person.period();
        for (account, cells) in employee.accounts() {
            let of_tonight = |change: &Change<'_>| change.account == *account && change.cell.period.end == period.end;
            if changes.iter().any(of_tonight) || unjudged.iter().any(|benefit| **benefit == *account.benefit) {
                continue;
            }
            let tonight = Tonight { code: None, cover_from: None, ..self.tonight(period, account.payer, 0, 0, 0) };
            let restated = self.ended(cells, person, account);
            let settled = settle(&with(cells, &restated), &tonight);
            for now in restated {
                changes.push(Change { account: account.clone(), known: cell(cells, now.period.end), cell: now });
            }
            // Of a run beside the regular one, what it does not hold stands in the books of another.
            let is_same_run = |cell: &&Cell| cell.period.is_one_day() == period.is_one_day();
            let held = cell(cells, period.end).filter(is_same_run);
            if let known @ Some(_) = held.filter(|_| person.payday.in_file > 0) {
                changes.push(Change { account: account.clone(), known, cell: settled.cell });
            }
            let tally = Tally::new(cells, settled, tonight.tolerance, None);
            outcome.accounts.extend(tally.map(|tally| (account.clone(), tally)));
        }
    }

    /// Of somebody who is not on payroll: nothing is posted, and what is open stays open.
    pub(super) fn absent(&self, emp: u32) -> Outcome {
        let mut outcome = Outcome::default();
        if !self.people[emp as usize].is_answered() && !self.movers.contains(&emp) {
            return outcome;
        }
        for (account, cells) in self.of(emp).accounts() {
            let open = Open::of(with(cells, &self.ended(cells, &self.people[emp as usize], account)).iter());
            let tally = Tally {
                opening: open.amount,
                settled: 0,
                written_off: written_off(cells),
                open,
                tolerance: 0,
                told: false,
                overrun: false,
                unknown: None,
            };
            outcome.accounts.extend(tally.notable().map(|tally| (account.clone(), tally)));
        }
        outcome
    }

    /// People on payroll of whom an earlier period is known.
    pub(super) fn known(&self) -> u64 {
        let people = self.people.iter().zip(&self.positions);
        let is_known = |(person, position): &(&Person, &Option<usize>)| {
            let start = date(person.payday.start);
            person.on_payroll && position.is_some_and(|at| self.history.at(at).knows_before(start))
        };
        people.filter(is_known).count() as u64
    }

    /// Earlier periods of an account without a line, as the leave date says now.
    fn ended(&self, cells: &[Cell], person: &Person, account: &Account) -> Vec<Cell> {
        if !person.is_answered() {
            return Vec::new();
        }
        // A benefit of which no line is left has no rules that tell when it ends.
        let Some(label) = self.lines.words.find_benefit(&account.benefit) else { return Vec::new() };
        ended::ended(cells, person, self.lines.scheme(person, label), (account.payer, 0, self.night))
    }

    /// Everybody who has accounts and no line at all tonight; people on payroll without a line are looked at all the
    /// same.
    pub(super) fn without_lines(&self, owners: &[(u32, u32)], sums: &mut Sums) -> Balances {
        let mut with_lines = vec![false; self.people.len()];
        owners.iter().for_each(|(emp, _)| with_lines[*emp as usize] = true);
        let mut balances = Balances::default();
        for emp in (0..self.people.len() as u32).filter(|emp| !with_lines[*emp as usize]) {
            let person = &self.people[emp as usize];
            let outcome = match person.on_payroll {
                true if person.is_judged() => self.employee(emp, &[]),
                true => continue,
                false => self.absent(emp),
            };
            if !outcome.accounts.is_empty() {
                balances.accounts.insert(emp, outcome.accounts);
            }
            balances.pages.extend(outcome.pages);
            outcome.closing.iter().for_each(|(account, by)| sums.changed(account, *by));
        }
        balances
    }
}
