//! Somebody whom the files of two payrolls have in one period: the line is judged by what both took.

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use crate::balance::{Employee, Payrolls};
use crate::rules::Inputs;
use crate::rules::balance::{Books, SILENT_DAYS};
use crate::rules::lines::pair::Pair;
use crate::rules::people::elsewhere;
use crate::rules::people::everybody::Person;
use crate::rules::people::other_files::OtherFiles;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{People, date, mark};
use crate::rules::place::Place;
use tieout_model::balance::Account;
use tieout_model::finding::Payer;
use tieout_model::share::Share;

/// Tonight's people of whom another payroll's file had the period are a part of its people. Where they are most of
/// them, it is the same payroll under other names.
pub(in crate::rules) const BESIDE_SHARE_MAX: Share = Share::of_ten_thousandths(5_000);

/// Days before the end of a period in which somebody has two jobs still.
const LATELY_DAYS: i32 = 100;

/// Why what one of two payrolls says of somebody's pay is not compared.
pub(in crate::rules) const TWO_PAYROLLS: &str = "files of two payrolls have the employee: which of them speaks of the pay that the other source has, nobody can tell";

/// People of other payrolls who have moved there since the cut-off, whom no other payroll's file had since, or of whom
/// no file was read for long.
pub(in crate::rules::balance) fn movers(
    inputs: &Inputs<'_>,
    people: &People<'_>,
    everybody: &[Person],
) -> PolarsResult<BTreeSet<u32>> {
    if inputs.payroll.other_runs_only {
        return Ok(BTreeSet::new());
    }
    let states: Vec<PersonState> = everybody.iter().map(|person| person.state).collect();
    let since_cutoff = elsewhere::movers(inputs, people, &states)?.into_iter().map(|mover| mover.emp);
    let files = OtherFiles::new(inputs, people)?;
    let long_ago = (0_u32..).zip(everybody).filter(|(_, person)| person.state == PersonState::Elsewhere).filter(
        |(emp, person)| {
            let start = date(person.payday.start - SILENT_DAYS);
            let books = inputs.books.of(people.ids.text(*emp));
            let stays = books.last_read().is_some() && !files.is_last_of_other(people, *emp as usize);
            stays || books.is_silent_since(start)
        },
    );
    Ok(since_cutoff.chain(long_ago.map(|(emp, _)| emp)).collect())
}

impl Books<'_> {
    pub(in crate::rules::balance) fn payrolls(&self, inputs: &Inputs<'_>) -> Payrolls {
        let groups = inputs.payroll.periods.keys().cloned().collect();
        let payrolls = Payrolls { groups, others: inputs.past.other_payrolls.clone() };
        if payrolls.others.is_empty() {
            return payrolls;
        }
        let on_payroll = (0_u32..).zip(self.everybody).filter(|(_, person)| person.on_payroll);
        let (mut all, mut beside) = (0, 0);
        for (emp, person) in on_payroll {
            all += 1;
            beside += i128::from(self.history.is_beside(&self.of(emp), date(person.payday.end), &payrolls));
        }
        let others = if BESIDE_SHARE_MAX.is_exceeded(beside, all) { BTreeSet::new() } else { payrolls.others };
        Payrolls { others, ..payrolls }
    }

    /// Another payroll's file had the person in the period.
    pub(in crate::rules::balance) fn is_beside(&self, employee: &Employee<'_>, person: &Person) -> bool {
        person.payday.in_file > 0 && self.history.is_beside(employee, date(person.payday.end), &self.payrolls)
    }

    /// Everybody whom files of two payrolls had lately.
    pub(in crate::rules::balance) fn beside(&self) -> BTreeSet<u32> {
        if self.history.is_of_one_payroll(&self.payrolls) {
            return BTreeSet::new();
        }
        let is_beside = |emp: u32, person: &Person| {
            let (employee, since) = (self.of(emp), date(person.payday.end - LATELY_DAYS));
            self.is_beside(&employee, person) || self.history.was_beside(&employee, since)
        };
        let on_payroll = (0_u32..).zip(self.everybody).filter(|(_, person)| person.on_payroll);
        on_payroll.filter(|(emp, person)| is_beside(*emp, person)).map(|(emp, _)| emp).collect()
    }

    /// What other payrolls took of the account in the period: counts of 1/10,000.
    pub(in crate::rules::balance) fn taken_beside(
        &self,
        employee: &Employee<'_>,
        person: &Person,
        account: &Account,
    ) -> i64 {
        let taken = self.history.taken_beside(employee, account, date(person.payday.end), &self.payrolls);
        i64::try_from(taken).unwrap_or_default()
    }

    /// The place of a line by what both payrolls took. `judged`: by what tonight's took. What each takes of a part of
    /// the period is right as far as it is no more than all of it.
    pub(in crate::rules::balance) fn of_both(&self, both: &Pair, person: &Person, judged: Place) -> Place {
        let is_within = both.employee_taken <= both.employee_due + both.tolerance
            && (!both.employer || both.employer_taken <= both.employer_due + both.tolerance);
        if judged == Place::Accepted && is_within { Place::Accepted } else { self.lines.plain(both, person) }
    }

    /// The line with what other payrolls took; `None`: they took nothing.
    pub(in crate::rules::balance) fn with_beside(
        &self,
        employee: &Employee<'_>,
        person: &Person,
        pair: &Pair,
    ) -> Option<Pair> {
        let mut with = *pair;
        for payer in self.lines.payers(pair) {
            let Some(account) = self.lines.account(pair, *payer) else { continue };
            let taken = match self.lines.sign(pair.emp, pair.label, *payer) {
                -1 => -self.taken_beside(&self.kept(pair.emp), person, &account),
                _ => self.taken_beside(employee, person, &account),
            };
            match payer {
                Payer::Employee => with.employee_taken += taken,
                Payer::Employer => with.employer_taken += taken,
            }
        }
        if (with.employee_taken, with.employer_taken) == (pair.employee_taken, pair.employer_taken) {
            return None;
        }
        if !pair.on_payroll() {
            (with.mark, with.pay_cur) = (mark::BOTH, pair.cur);
        }
        Some(with)
    }
}
