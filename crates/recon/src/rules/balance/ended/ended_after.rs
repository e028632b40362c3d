//! Cover that ended on the last day that the deduction pays for, or later, by the day of the record's last change: all
//! of those days had it, and a whole deduction was due.

use crate::balance::Employee;
use crate::rules::balance::Books;
use crate::rules::balance::statement::Statement;
use crate::rules::lines::expected::NEVER;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;

impl Books<'_> {
    /// The place of a line of a record that is not in force any more. Another amount than a whole deduction may be one
    /// of days that nobody states.
    pub(in crate::rules::balance) fn with_end_after(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        use Place::{Accepted, En02, UnverifiedEnded};
        let ended = pair.expected() && !pair.in_force && pair.collected() && person.leave.is_none();
        if !ended || !matches!(place, En02 | UnverifiedEnded) || person.payday.in_file != 1 {
            return place;
        }
        let window = person.cover(pair, self.lines.scheme(person, pair.label)).window;
        if pair.changed == NEVER || pair.changed < window.last || self.gave_way(person, pair) {
            return place;
        }
        let is_whole = |payer| {
            let Some(account) = self.lines.account(pair, payer) else { return false };
            let statement = Statement::of(employee, person, account);
            let (taken, _, tolerance) = self.lines.amounts(pair, payer);
            let by_record = self.by_record_over(pair, pair.per_year, &statement);
            let whole = [by_record, self.full_amount(&statement, pair)];
            whole.into_iter().flatten().any(|whole| (taken - whole).abs() <= tolerance)
        };
        let whole = self.lines.payers(pair).iter().all(|payer| is_whole(*payer));
        if whole { Accepted } else { UnverifiedEnded }
    }
}
