//! A price that changed inside the period under the first day that the record had: a birthday moves somebody into
//! another age band. From which day it holds nobody says, so any amount between the two prices is right.

use super::Books;
use super::line::from;
use super::periods;
use super::prices::two_prices::{LAST_DEDUCTED_MAX, Prices, open};
use super::statement::Statement;
use crate::balance::Employee;
use crate::rules::lines::expected::NEVER;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;

impl Books<'_> {
    /// The place of a line whose record changed inside the period, and whose price before the books know.
    pub(super) fn with_price_changed_inside(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        let is_amount = matches!(place, Place::Am01 | Place::Am02 | Place::AmBoth);
        if !is_amount || !is_changed_inside(person, pair) || !self.lines.keeps(person, pair.label) {
            return place;
        }
        let payers = self.lines.payers(pair).iter().filter(|payer| self.lines.differs(pair, **payer));
        let mut are_right = payers.map(|payer| {
            let account = self.lines.account(pair, *payer)?;
            let statement = Statement::of(employee, person, account);
            let (taken, due, tolerance) = self.lines.amounts(pair, *payer);
            let prices = Prices::of(self.price_of_same_record(&statement, pair)?).or(due);
            let own = taken - open(&statement);
            Some(prices.hold(taken, tolerance) || prices.hold(own, tolerance))
        });
        if are_right.all(|is_right| is_right == Some(true)) { Place::Accepted } else { place }
    }

    /// What was due of the period just before by the same record, as it was then.
    pub(super) fn price_of_same_record(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        let last = statement.earlier(person).rfind(|cell| !cell.period.is_one_day())?;
        let due = last.movements.get(EntryKind::Expected);
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let just_before = periods::before(start, end).take(LAST_DEDUCTED_MAX).any(|p| p.end == last.period.end);
        let is_whole = due > 0 && person.due_of(last.period, due, statement.account.currency.minor_unit()) == Some(due);
        (just_before && is_whole && last.cover_from == from(pair)).then_some(due)
    }
}

/// The record of a line in force changed inside the period.
pub(super) fn is_changed_inside(person: &Person, pair: &Pair) -> bool {
    let inside = pair.changed != NEVER && person.payday.start < pair.changed && pair.changed <= person.payday.end;
    inside && pair.live && person.payday.in_file == 1
}
