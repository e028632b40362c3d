//! Cover that a night of the period saw and of which tonight's snapshot has no record: something was due until it
//! ended, by some practice all of a deduction, and when it ended nobody says.

use crate::balance::Employee;
use crate::rules::balance::Books;
use crate::rules::balance::statement::Statement;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::scheme::FirstDeduction;

impl Books<'_> {
    /// The place of a line of such cover: more than a whole deduction was for nothing, however the rest may be.
    pub(in crate::rules::balance) fn with_cover_seen_before(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        if place != Place::En02 || !self.was_seen_before(person, pair) || self.gave_way(person, pair) {
            return place;
        }
        let within = |payer| {
            let Some(account) = self.lines.account(pair, payer) else { return false };
            let statement = Statement::of(employee, person, account);
            let (taken, _, tolerance) = self.lines.amounts(pair, payer);
            let whole = self.full_amount(&statement, pair).unwrap_or_default();
            0 <= taken && taken <= whole + tolerance
        };
        if self.lines.payers(pair).iter().all(|payer| within(*payer)) { Place::UnverifiedEnded } else { place }
    }

    /// The line is of such cover.
    pub(in crate::rules::balance) fn was_seen_before(&self, person: &Person, pair: &Pair) -> bool {
        let vanished = !pair.expected() && pair.collected() && person.leave.is_none() && person.payday.in_file == 1;
        // What pays for other days than the period's says nothing of cover in it.
        let first = self.lines.scheme(person, pair.label).first_deduction;
        let pays_for_it = !matches!(first, Some(FirstDeduction::InAdvance | FirstDeduction::InArrears));
        let in_period = pays_for_it && person.payday.period().holds(self.seen_before.day);
        vanished && in_period && self.seen_before.has(self.id(pair.emp), self.lines.benefit(pair.label))
    }
}
