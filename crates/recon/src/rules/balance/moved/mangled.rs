//! Periods that payroll had under an id that it wrote wrongly, once it writes the right one: what the row took is the
//! right one's, and so is a period in which it took nothing. Where a file of the period has the right id as well, the
//! row under the wrong one was the same money; where both turn out to be ids of people, that file had no row of the
//! other. Where payroll and Benifex changed an id one after the other, what is open under the old one moves to the new
//! one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, BalanceHistory, Employee, Joined, Open, UnderTwo};
use crate::rules::balance::tally::Tally;
use crate::rules::balance::{Books, Outcome};
use crate::rules::people::everybody::Person;
use crate::rules::people::person_state::{PersonState, bare};
use crate::rules::people::{People, date};
use tieout_model::balance::{Page, PayPeriod};
use tieout_model::code::Code;

impl Books<'_> {
    /// What earlier nights posted of an `emp`.
    pub(in crate::rules::balance) fn of(&self, emp: u32) -> Employee<'_> {
        let own = self.lines.credits.books(emp).or_else(|| self.joined.get(&emp));
        own.map_or_else(|| self.kept(emp), Joined::employee)
    }

    /// The same as it stands in the books, credits with their sign.
    pub(in crate::rules::balance) fn kept(&self, emp: u32) -> Employee<'_> {
        self.positions[emp as usize].map(|position| self.history.present(position)).unwrap_or_default()
    }

    /// What is open under either of two ids, while payroll has the one and Benifex the other: tonight's row may settle
    /// it.
    pub(in crate::rules::balance) fn wait_for_the_id(&self, emp: u32, outcome: &mut Outcome) {
        let person = &self.everybody[emp as usize];
        if person.state != PersonState::NearMatch {
            return;
        }
        let open = self.of(emp).accounts().filter_map(|(account, cells)| {
            let tally = Tally::without_line(Open::of(cells).amount, cells);
            let waits = Tally { unknown_after: Some(person.period()), ..tally };
            waits.is_open().then(|| (account.clone(), waits))
        });
        outcome.accounts.extend(open);
    }

    /// Adds what moves between an employee's ids to what is posted.
    pub(in crate::rules::balance) fn with_joined(&self, emp: u32, pages: &mut Vec<Page>) {
        if let Some(joined) = self.joined.get(&emp) {
            joined.add_to(pages, self.id(emp));
        }
    }
}

/// By `emp`: of whom the books held something under another id, and those ids. `renamed`: ids that both systems
/// changed.
pub(in crate::rules::balance) fn joined(
    history: &BalanceHistory,
    (ids, people): (&People<'_>, &[Person]),
    renamed: &BTreeMap<u32, u32>,
    night: NaiveDate,
) -> BTreeMap<u32, Joined> {
    if history.under_two_ids().next().is_none() && renamed.is_empty() {
        return BTreeMap::new();
    }
    let owners = owners(history, ids, people);
    let mut moves =
        Moves { history, people: ids, everybody: people, night, joined: BTreeMap::new(), renamed: BTreeSet::new() };
    for two in history.under_two_ids() {
        let right = match two.benifexs {
            "" => owners.get(&bare(two.payrolls)).copied().flatten(),
            id => ids.ids.find(id),
        };
        if let Some((wrong, right)) = ids.ids.find(two.payrolls).zip(right) {
            moves.take(two, wrong, right);
        }
    }
    renamed.iter().for_each(|(old, new)| moves.rename(*old, *new));
    moves.joined
}

struct Moves<'m> {
    history: &'m BalanceHistory,
    people: &'m People<'m>,
    everybody: &'m [Person],
    night: NaiveDate,
    joined: BTreeMap<u32, Joined>,
    /// Old ids of which all was moved.
    renamed: BTreeSet<u32>,
}

impl Moves<'_> {
    /// `wrong`: payroll's id then, `right`: Benifex's.
    fn take(&mut self, two: UnderTwo<'_>, wrong: u32, right: u32) {
        let UnderTwo { position, payrolls, period, .. } = two;
        let (theirs, person) = (&self.everybody[wrong as usize], &self.everybody[right as usize]);
        let held = self.position(right);
        let handed_over = [Some(position), held].into_iter().flatten().any(|at| self.history.former(at).is_some());
        let is_own = theirs.is_judged() && theirs.in_benifex;
        if handed_over {
            return;
        }
        if is_own && is_gone(person) {
            // Benifex followed payroll.
            let at = self.history.at(position);
            self.joined.entry(wrong).or_insert_with(|| Joined::of(&at)).keep(period, Vec::new());
            self.rename(right, wrong);
            return;
        }
        if !(is_own || is_gone(theirs)) || !person.is_judged() {
            return;
        }
        let is_one_form = bare(payrolls) == bare(self.people.ids.text(right));
        if is_own {
            let at = self.history.at(position);
            self.joined.entry(wrong).or_insert_with(|| Joined::of(&at)).keep(period, Vec::new());
            if is_one_form && !self.is_read_again(right, period) {
                let night = self.night;
                self.of(right).leave_out(period, night);
            }
            return;
        }
        let is_new = held.is_none_or(|held| !self.history.at(held).knows_before(period.end));
        if !is_one_form && is_new {
            // Payroll followed Benifex.
            self.rename(wrong, right);
        }
        let at = self.history.at(position);
        let given = self.joined.entry(wrong).or_insert_with(|| Joined::of(&at)).give(period);
        if !self.is_read_again(right, period) {
            let night = self.night;
            self.of(right).take(period, given, night);
        }
    }

    /// Moves all that stands under an id which was changed, where anything is open of it.
    fn rename(&mut self, old: u32, new: u32) {
        let Some(position) = self.position(old).filter(|_| self.renamed.insert(old)) else { return };
        let employee = self.history.at(position);
        if !employee.accounts().any(|(_, cells)| is_open(cells)) {
            return;
        }
        let night = self.night;
        for given in self.joined.entry(old).or_insert_with(|| Joined::of(&employee)).give_all() {
            let known = self.of(new);
            // A file that was read with either id had the same money.
            if !known.employee().is_read(given.0.end) {
                known.take_over(given, night);
            }
        }
    }

    fn position(&self, emp: u32) -> Option<usize> {
        self.history.positions(std::iter::once(self.people.ids.text(emp))).pop().flatten()
    }

    fn of(&mut self, emp: u32) -> &mut Joined {
        let held = self.position(emp).map_or(Employee::default(), |held| self.history.at(held));
        self.joined.entry(emp).or_insert_with(|| Joined::of(&held))
    }

    /// A file of the period, or of one that has days in common with it, had the right id.
    fn is_read_again(&self, right: u32, period: PayPeriod) -> bool {
        let payday = &self.everybody[right as usize].payday;
        let tonight = PayPeriod { start: Some(date(payday.start)), end: date(payday.end) };
        let own = self.position(right).map_or(Employee::default(), |held| self.history.at(held));
        own.has_days_of(&period) || tonight.has_days_of(&period)
    }
}

/// Nobody has the id any more.
pub(super) fn is_gone(person: &Person) -> bool {
    !person.on_payroll && !person.in_benifex && person.state == PersonState::Judged
}

/// Something is owed, or waits for something else than the id.
fn is_open(cells: &[AccountPeriod]) -> bool {
    let waits = |cell: &AccountPeriod| cell.is_unsettled() && cell.code != Some(Code::ID05);
    Open::of(cells).amount != 0 || cells.iter().any(waits)
}

/// The only person in Benifex of each form of an id under which something waits, but for that id; `None`: there are
/// several.
fn owners(history: &BalanceHistory, ids: &People<'_>, people: &[Person]) -> BTreeMap<String, Option<u32>> {
    let waits: BTreeSet<&str> = history.under_two_ids().map(|two| two.payrolls).collect();
    let mut owners: BTreeMap<String, Vec<u32>> =
        history.under_two_ids().map(|two| (bare(two.payrolls), Vec::new())).collect();
    for (emp, _) in (0_u32..).zip(people).filter(|(_, person)| person.in_benifex) {
        let id = ids.ids.text(emp);
        if let Some(of_form) = owners.get_mut(&bare(id)).filter(|_| !waits.contains(id)) {
            of_form.push(emp);
        }
    }
    let only = |of_form: Vec<u32>| if let [emp] = of_form[..] { Some(emp) } else { None };
    owners.into_iter().map(|(form, of_form)| (form, only(of_form))).collect()
}
