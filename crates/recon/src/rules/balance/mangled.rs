//! Periods that payroll had under an id that it wrote wrongly, once it writes the right one: what the row took is the
//! right one's, and so is a period in which it took nothing. Where a file of the period has the right id as well, the
//! row under the wrong one was the same money; where both turn out to be ids of people, that file had no row of the
//! other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Books;
use crate::balance::{BalanceHistory, Employee, Joined};
use crate::rules::everybody::Person;
use crate::rules::people::{People, date};
use crate::rules::person_state::{PersonState, bare};
use tieout_model::balance::{Page, PayPeriod};

impl Books<'_> {
    /// What earlier nights posted of an `emp`.
    pub(super) fn of(&self, emp: u32) -> Employee<'_> {
        let own = self.lines.credits.books(emp).or_else(|| self.joined.get(&emp));
        own.map_or_else(|| self.kept(emp), Joined::employee)
    }

    /// The same as it stands in the books, credits with their sign.
    pub(super) fn kept(&self, emp: u32) -> Employee<'_> {
        self.positions[emp as usize].map(|position| self.history.present(position)).unwrap_or_default()
    }

    /// Adds what moves between an employee's ids to what is posted.
    pub(super) fn with_joined(&self, emp: u32, pages: &mut Vec<Page>) {
        if let Some(joined) = self.joined.get(&emp) {
            joined.add_to(pages, self.ids.ids.text(emp));
        }
    }
}

/// By `emp`: of whom the books held something under another id, and those ids.
pub(super) fn joined(
    history: &BalanceHistory,
    (ids, people): (&People<'_>, &[Person]),
    night: NaiveDate,
) -> BTreeMap<u32, Joined> {
    let mut joined = BTreeMap::new();
    if history.mangled().next().is_none() {
        return joined;
    }
    let owners = owners(history, (ids, people));
    for (position, id, period) in history.mangled() {
        let Some((wrong, right)) = ids.ids.find(id).zip(owners.get(&bare(id)).copied().flatten()) else { continue };
        let (theirs, person) = (&people[wrong as usize], &people[right as usize]);
        let held = history.positions(std::iter::once(ids.ids.text(right))).pop().flatten();
        let handed_over = held.is_some_and(|held| history.former(held).is_some());
        let is_own = theirs.is_judged() && theirs.in_benifex;
        let is_gone = !theirs.on_payroll && !theirs.in_benifex && theirs.state == PersonState::Judged;
        if !(is_own || is_gone) || !person.is_judged() || handed_over {
            continue;
        }
        let own = held.map_or(Employee::default(), |held| history.at(held));
        let is_read = is_read_again(&own, person, period);
        let others = joined.entry(wrong).or_insert_with(|| Joined::of(&history.at(position)));
        let given = if is_gone { Some(others.give(period)) } else { None };
        if is_own {
            others.keep(period, Vec::new());
        }
        let own = joined.entry(right).or_insert_with(|| Joined::of(&own));
        match given {
            _ if is_read => {}
            Some(given) => own.take(period, given, night),
            None => own.leave_out(period, night),
        }
    }
    joined
}

/// The only person in Benifex of each form of an id under which something waits, but for that id; `None`: there are
/// several.
fn owners(history: &BalanceHistory, (ids, people): (&People<'_>, &[Person])) -> BTreeMap<String, Option<u32>> {
    let waits: BTreeSet<&str> = history.mangled().map(|(_, id, _)| id).collect();
    let mut owners: BTreeMap<String, Vec<u32>> = history.mangled().map(|(_, id, _)| (bare(id), Vec::new())).collect();
    for (emp, _) in (0_u32..).zip(people).filter(|(_, person)| person.in_benifex) {
        let id = ids.ids.text(emp);
        if let Some(of_form) = owners.get_mut(&bare(id)).filter(|_| !waits.contains(id)) {
            of_form.push(emp);
        }
    }
    let only = |of_form: Vec<u32>| if let [emp] = of_form[..] { Some(emp) } else { None };
    owners.into_iter().map(|(form, of_form)| (form, only(of_form))).collect()
}

/// A file of the period, or of one that has days in common with it, had the right id.
fn is_read_again(employee: &Employee<'_>, person: &Person, period: PayPeriod) -> bool {
    let tonight = PayPeriod { start: Some(date(person.payday.start)), end: date(person.payday.end) };
    employee.has_days_of(&period) || tonight.has_days_of(&period)
}
