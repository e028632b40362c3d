//! Accounts that earlier nights posted to and of which tonight has no line: what is open on them stays open.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Employee, Joined, Open, Tonight, cell as cell_of, settle};
use crate::rules::balance::earlier::is_apart;
use crate::rules::balance::line::OfAccount;
use crate::rules::balance::moved::joined::emptied;
use crate::rules::balance::moved::unmapped::is_of_code;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::{Statement, with};
use crate::rules::balance::tally::{Tally, is_in_doubt};
use crate::rules::balance::{Balances, Books, Change, Outcome, Sums, ended, page_of};
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::people::person_state::PersonState;
use crate::rules::place::Place;
use tieout_model::balance::{Account, EntryKind};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

impl Books<'_> {
    /// The accounts that earlier nights posted to and that have no line tonight. `as_one`: benefits of which both
    /// payers' amounts are one; `goes_on`: other benefits of theirs are listed.
    pub(in crate::rules::balance) fn gone<'b>(
        &self,
        emp: u32,
        employee: Employee<'b>,
        person: &'b Person,
        (unjudged, as_one, goes_on): (&[String], &BTreeSet<String>, bool),
        changes: &mut Vec<Change<'b>>,
        outcome: &mut Outcome,
    ) {
        let period = person.period();
        let (codes, others): (Vec<_>, Vec<_>) = employee.accounts().partition(|(account, _)| is_of_code(account));
        for (account, cells) in others.into_iter().chain(codes) {
            let of_tonight = |change: &Change<'_>| change.account == *account && change.cell.period.end == period.end;
            if changes.iter().any(of_tonight) || unjudged.iter().any(|benefit| **benefit == *account.benefit) {
                continue;
            }
            if self.is_beside(&employee, person) && self.taken_beside(&employee, person, account) != 0 {
                let tally = Tally::without_line(Open::of(cells).amount, cells);
                outcome.accounts.extend(tally.notable().map(|tally| (account.clone(), tally)));
                continue;
            }
            let dropped = self.is_dropped(emp, person, account, goes_on);
            let before = self.account_judged_before(employee, person, account);
            let due = match before {
                Some(before) => before.movements.get(EntryKind::Expected),
                None if dropped => 0,
                None => self.still_due(employee, person, account),
            };
            if due == 0 && !dropped && before.is_none() {
                self.not_taken(emp, employee, person, (account, cells), changes, outcome);
            }
            let code = (due != 0).then_some(before.and_then(|before| before.code).unwrap_or(Code::EN01));
            // Judged by the leave date.
            let left = person.leave.filter(|leave| *leave <= person.payday.end).map(date);
            let cover_from = before.map_or(left.filter(|_| due != 0), |before| before.cover_from);
            let tonight = Tonight { code, cover_from, ..self.tonight(period, account.payer, due, 0, 0) };
            let is_changed = |to: &Account, end| changes.iter().any(|c| c.account == *to && c.cell.period.end == end);
            let restated = match account.payer == Payer::Employer && as_one.contains(&*account.benefit) {
                true => emptied(account, cells, period.end, changes),
                false if is_of_code(account) => {
                    self.moved_away(account, cells, period.end, |benefit| as_one.contains(benefit), is_changed)
                }
                false => self.anew(employee, person, account),
            };
            let settled = settle(&with(cells, &restated), &tonight);
            for now in restated {
                changes.push(Change { account: account.clone(), known: cell_of(cells, now.period.end), cell: now });
            }
            // Of a run beside the regular one, what it does not hold stands in the books of another.
            let is_same_run = |cell: &&AccountPeriod| cell.period.is_one_day() == period.is_one_day();
            let held = cell_of(cells, period.end).filter(is_same_run);
            let known = held.filter(|_| person.payday.in_file > 0);
            if known.is_some() || due != 0 {
                changes.push(Change { account: account.clone(), known, cell: settled.cell.clone() });
            }
            let goes_on = |change: &&Change<'_>| {
                let Account { benefit, payer, currency } = &change.account;
                (benefit, payer) == (&account.benefit, &account.payer)
                    && *currency != account.currency
                    && change.cell.period.end == period.end
            };
            let now_in = changes.iter().find(goes_on).map(|change| change.account.currency);
            // No line tells it.
            let tally = Tally::new(cells, settled, self.rounding_of(account), None).map(|tally| Tally {
                is_on_line: false,
                in_doubt: (due == 0 || before.is_some()) && now_in.is_none() && is_in_doubt(person, cells),
                now_in,
                ..tally
            });
            outcome.accounts.extend(tally.map(|tally| (account.clone(), tally)));
        }
    }

    /// Of somebody who is not on payroll: what is open stays open. `rows`: lines of services.
    pub(in crate::rules::balance) fn absent(&self, emp: u32, rows: &[usize]) -> Outcome {
        let person = &self.everybody[emp as usize];
        let noted = match person.state {
            PersonState::RowUnused | PersonState::NearMatch => self.unread(emp),
            _ => self.noted(emp, rows),
        };
        let mut outcome = Outcome { pages: noted.into_iter().collect(), ..Outcome::default() };
        self.wait_for_the_id(emp, &mut outcome);
        if !person.is_answered() && !self.movers.contains(&emp) {
            return outcome;
        }
        let (employee, end) = (self.of(emp), date(person.payday.end));
        self.uncharged(employee, person, rows, &mut outcome);
        let charged: BTreeSet<Account> = outcome.accounts.keys().cloned().collect();
        let mut changed: BTreeSet<(&Account, NaiveDate)> = BTreeSet::new();
        let accounts = employee.accounts().filter(|(account, _)| !charged.contains(account));
        let (codes, others): (Vec<_>, Vec<_>) = accounts.partition(|(account, _)| is_of_code(account));
        for (account, cells) in others.into_iter().chain(codes) {
            let now = match is_of_code(account) {
                true => self.moved_away(account, cells, end, |_| false, |to, end| changed.contains(&(to, end))),
                false => {
                    let mut now = self.anew(employee, person, account);
                    now.extend(self.last_period(&with(cells, &now), employee, person, account));
                    // What a file may have taken that a guard stopped, tonight's of the same period has not.
                    let doubted = cell_of(cells, end).filter(|cell| cell.code == Some(Code::CT06));
                    now.extend(doubted.filter(|cell| is_apart(&now, cell)).map(AccountPeriod::emptied));
                    now
                }
            };
            changed.extend(now.iter().map(|cell| (account, cell.period.end)));
            for cell in now.iter().cloned() {
                let change = Change { account: account.clone(), known: cell_of(cells, cell.period.end), cell };
                self.post(emp, change, &mut outcome);
            }
            let tally = Tally::without_line(Open::of(cells).amount, &with(cells, &now));
            let tally = Tally { tolerance: self.rounding_of(account), ..tally };
            outcome.accounts.extend(tally.notable().map(|tally| (account.clone(), tally)));
        }
        let is_stated = |account: &Account, end| changed.contains(&(account, end));
        self.still_unsettled(employee, person, is_stated, |_| None, &mut outcome);
        self.doubt(employee, person, is_stated, &mut outcome);
        self.with_joined(emp, &mut outcome.pages);
        outcome.closing.extend(self.joined.get(&emp).into_iter().flat_map(Joined::changes));
        self.as_they_are(emp, outcome)
    }

    /// Benefits at Oyster that are in force, of somebody whom the file does not name: they owe as of anybody who was
    /// not charged.
    fn uncharged(&self, employee: Employee<'_>, person: &Person, rows: &[usize], outcome: &mut Outcome) {
        for row in rows.iter().copied().filter(|row| self.lines.place(*row) == Place::En09) {
            let pair = self.lines.pair(row);
            let Some(Ok(of_line)) = self.of_estimate(employee, person, &pair, Place::En09) else { continue };
            if of_line.place != Place::En09 || of_line.settles {
                outcome.places.push((row, of_line.place, of_line.settles));
            }
            for OfAccount { statement, restated, settled, tolerance, .. } in of_line.accounts {
                for cell in restated.into_iter().chain([settled.cell.clone()]) {
                    let known = cell_of(statement.cells, cell.period.end);
                    self.post(pair.emp, Change { account: statement.account.clone(), known, cell }, outcome);
                }
                let tally = Tally::new(statement.cells, settled, tolerance, None);
                outcome.accounts.extend(tally.map(|tally| (statement.account, tally)));
            }
        }
    }

    fn post(&self, emp: u32, change: Change<'_>, outcome: &mut Outcome) {
        let (of_balance, posting) = self.of_change(emp, change);
        outcome.closing.push(of_balance);
        if let Some(posting) = posting {
            page_of(&mut outcome.pages, self.id(emp), posting.period).postings.push(posting);
        }
    }

    /// Tonight's period of somebody who has left and is not on payroll, where it owes something still.
    fn last_period(
        &self,
        cells: &[AccountPeriod],
        employee: Employee<'_>,
        person: &Person,
        account: &Account,
    ) -> Option<AccountPeriod> {
        let left = person.state == PersonState::Judged;
        let due = Some(self.still_due(employee, person, account)).filter(|due| left && *due != 0)?;
        let nothing_taken = self.tonight(person.period(), account.payer, due, 0, 0);
        Some(settle(cells, &Tonight { code: Some(Code::EN01), ..nothing_taken }).cell)
    }

    /// What an earlier night found of tonight's period of an account without a line.
    fn account_judged_before<'b>(
        &self,
        employee: Employee<'b>,
        person: &'b Person,
        account: &Account,
    ) -> Option<&'b AccountPeriod> {
        let label = self.lines.catalog.find_benefit(&account.benefit)?;
        let statement = Statement::of(employee, person, account.clone());
        match self.lines.keeps(person, label) {
            true => self.judged_before(&statement, None),
            false if self.lines.is_estimated(label) => self.estimated_before(&statement),
            false => None,
        }
    }

    /// What tonight's period owes on an account without a line.
    fn still_due(&self, employee: Employee<'_>, person: &Person, account: &Account) -> i64 {
        let Some(label) = self.lines.catalog.find_benefit(&account.benefit) else { return 0 };
        if self.lines.is_estimated(label) {
            return 0;
        }
        let statement = Statement::of(employee, person, account.clone());
        self.last_without_line(&statement, label)
    }

    /// People on payroll of whom an earlier period is known.
    pub(in crate::rules::balance) fn known(&self) -> u64 {
        let is_known =
            |(emp, person): &(u32, &Person)| person.on_payroll && self.of(*emp).knows_before(date(person.payday.start));
        (0..).zip(self.everybody).filter(is_known).count() as u64
    }

    /// Of a sacrifice the part of either payer was rounded.
    fn rounding_of(&self, account: &Account) -> i64 {
        let label = self.lines.catalog.find_benefit(&account.benefit);
        let is_one = label.is_some_and(|label| self.lines.labels[label as usize].sacrifice);
        if is_one { account.currency.minor_unit() } else { 0 }
    }

    /// Earlier periods of an account without a line, as is known of the person now.
    fn anew(&self, employee: Employee<'_>, person: &Person, account: &Account) -> Vec<AccountPeriod> {
        if !person.is_answered() {
            return Vec::new();
        }
        let cells = employee.cells(account);
        let statement = Statement::of(employee, person, account.clone());
        // A benefit of which no line is left has no rules that tell when it ends.
        let Some(label) = self.lines.catalog.find_benefit(&account.benefit) else {
            return self.never_covered(&statement, None, &[]);
        };
        if self.lines.is_estimated(label) {
            return self.estimates_without_line(&statement);
        }
        let scheme = self.lines.scheme(person, label);
        let by_rules = Anew::without_line(self, &statement, label);
        let rounding = self.rounding_of(account);
        let mut anew = ended::ended(cells, &by_rules, (account, rounding, self.night), false);
        anew.extend(self.never_covered(&statement, None, &anew));
        anew.extend(ended::part_until_leave(cells, person, None, scheme, 0, 0).filter(|part| is_apart(&anew, part)));
        // Who is missing still is told so (ID02).
        if person.on_payroll || person.state == PersonState::Judged {
            anew.extend(self.left_out(&statement, &by_rules));
        }
        let anew = self.with_codes(&statement, anew, date(person.payday.end), 0, false, None);
        self.without_doubted(person, (account, cells), anew, 0)
    }

    /// Everybody who has accounts and no line at all tonight; people on payroll without a line are looked at all the
    /// same.
    pub(in crate::rules::balance) fn without_lines(&self, owners: &[(u32, u32)], sums: &mut Sums) -> Balances {
        let mut with_lines = vec![false; self.everybody.len()];
        owners.iter().for_each(|(emp, _)| with_lines[*emp as usize] = true);
        let mut balances = Balances::default();
        for emp in (0..self.everybody.len() as u32).filter(|emp| !with_lines[*emp as usize]) {
            let person = &self.everybody[emp as usize];
            let outcome = match person.on_payroll {
                true if person.is_judged() => self.employee(emp, &[]),
                true => {
                    Outcome { pages: self.unjudged(emp, self.of(emp), Vec::new(), Vec::new()), ..Outcome::default() }
                }
                false => self.absent(emp, &[]),
            };
            outcome.closing.iter().for_each(|(account, by)| sums.changed(account, *by));
            balances.take(emp, outcome);
        }
        balances
    }
}
