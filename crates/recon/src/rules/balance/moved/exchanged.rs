//! Payers whose amounts were exchanged in one period, and that are put right in another.

use crate::balance::Employee;
use crate::rules::balance::Books;
use crate::rules::balance::line::OfLine;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;

impl Books<'_> {
    /// The place of a line of which one payer paid for both, as a salary sacrifice does: where that gives each what an
    /// earlier period took of the other, it is no sacrifice, and is judged by its amounts.
    pub(in crate::rules::balance) fn with_exchange_undone(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        if place != Place::UnverifiedSacrifice {
            return place;
        }
        let judged = self.line(employee, person, pair, Place::AmBoth);
        let undone = judged.is_ok_and(|OfLine { place, settles, .. }| place == Place::Matched && settles);
        if undone { Place::AmBoth } else { place }
    }
}
