//! Live records of one benefit: whether the last one replaced those before it, or adds to them, as a spouse's cover
//! does, no record says; nor, once one of them is gone, how long it was in force. What payroll took tells some of it.

use std::collections::BTreeSet;

use crate::balance::{AccountPeriod, Employee};
use crate::rules::balance::statement::Statement;
use crate::rules::balance::{Books, periods};
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::rules::timeline::records::Earlier;
use tieout_model::balance::{FEWER, SEVERAL};
use tieout_model::finding::Payer;

/// Periods back in which several records were in force of which a deduction may still make up for something.
const LATELY: usize = 2;

/// So many times what is due a deduction may be that makes up for a record that is gone.
const MADE_UP_MAX: i64 = 3;

impl Books<'_> {
    /// The place of a line that differs from its newest record: payroll takes what it and those before come to
    /// together, or took in the period before what could not be judged. Where payroll's own amounts have told that
    /// the records add up, the line is judged.
    pub(in crate::rules::balance) fn with_records_added_up(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        if place == Place::UnverifiedSeveral && self.have_added_up(employee, person, pair) {
            return self.by_amounts(pair);
        }
        if !matches!(place, Place::Am01 | Place::Am02 | Place::AmBoth) || !pair.live {
            return place;
        }
        let benefit = self.lines.benefit(pair.label);
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let mut before = periods::before(start, end).take(LATELY).map(|period| employee.look(period.end));
        let earlier = self.lines.superseded_by(pair);
        if earlier.is_empty() {
            let has = |mark: &str, unjudged: &BTreeSet<String>| unjudged.contains(&format!("{mark}{benefit}"));
            let last = before.next().flatten().is_some_and(|last| has(SEVERAL, last) || has(FEWER, last));
            let lately = last || before.flatten().any(|unjudged| has(SEVERAL, unjudged));
            return if lately && makes_up(pair) { Place::UnverifiedFewer } else { place };
        };
        let goes_on = before.next().flatten().is_some_and(|unjudged| unjudged.contains(benefit));
        if goes_on || takes_together(pair, &earlier) { Place::UnverifiedSeveral } else { place }
    }

    /// Records of one first day: a period since then was right by all that they come to.
    fn have_added_up(&self, employee: Employee<'_>, person: &Person, pair: &Pair) -> bool {
        let differing = self.lines.payers(pair).iter().filter(|payer| self.lines.differs(pair, **payer));
        let since = pair.first_day().map(date);
        let has = |payer: &Payer| {
            let Some(account) = self.lines.account(pair, *payer) else { return false };
            let (_, due, _) = self.lines.amounts(pair, *payer);
            let statement = Statement::of(employee, person, account);
            let by_all = |cell: &AccountPeriod| {
                let [expected, taken, ..] = cell.movements.amounts();
                cell.code.is_none() && cell.cover_from == since && (expected, taken) == (due, due)
            };
            due > 0 && statement.earlier(person).any(by_all)
        };
        pair.several && differing.into_iter().all(has)
    }

    pub(in crate::rules::balance) fn by_amounts(&self, pair: &Pair) -> Place {
        match Payer::BOTH.map(|payer| pair.differs(payer)) {
            [true, true] => Place::AmBoth,
            [false, true] => Place::Am02,
            _ => Place::Am01,
        }
    }
}

/// What notes of a line that could not be judged, by the ladder or the books, that several records are in force, or
/// were.
pub(in crate::rules::balance) fn mark(judged: Place, place: Place, benefit: &str) -> Option<String> {
    match place {
        Place::UnverifiedSeveral => Some(format!("{SEVERAL}{benefit}")),
        // One for which the books were asked needs no further one.
        Place::UnverifiedFewer if judged == place => Some(format!("{FEWER}{benefit}")),
        _ => None,
    }
}

/// A record that is gone may still have been due in a period before, or not any more.
fn makes_up(pair: &Pair) -> bool {
    let holds = |taken: i64, due: i64| (0..=due.saturating_mul(MADE_UP_MAX)).contains(&taken);
    holds(pair.employee_taken, pair.employee_due) && (!pair.employer || holds(pair.employer_taken, pair.employer_due))
}

/// What is taken is what the newest record comes to with one of those before, or with all.
fn takes_together(pair: &Pair, earlier: &[Earlier]) -> bool {
    let [employee, employer] = earlier
        .iter()
        .fold([0, 0], |[employee, employer], record| [employee + record.employee, employer + record.employer]);
    let one_each = earlier.iter().map(|record| [record.employee, record.employer]);
    let takes = |[employee, employer]: [i64; 2]| {
        let of_employer =
            !pair.employer || (pair.employer_taken - pair.employer_due - employer).abs() <= pair.tolerance;
        of_employer && (pair.employee_taken - pair.employee_due - employee).abs() <= pair.tolerance
    };
    one_each.chain([[employee, employer]]).any(takes)
}
