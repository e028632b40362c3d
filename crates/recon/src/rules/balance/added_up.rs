//! Live records of one benefit that began on different days: whether the last one replaced those before it, or adds to
//! them, as a spouse's cover does, no record says.

use super::{Books, periods};
use crate::balance::Employee;
use crate::rules::everybody::Person;
use crate::rules::pair::Pair;
use crate::rules::people::date;
use crate::rules::place::Place;
use crate::rules::records::Earlier;

impl Books<'_> {
    /// The place of a line that differs from its newest record: payroll takes what it and those before come to
    /// together, or took in the period before what could not be judged.
    pub(super) fn with_records_added_up(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        if !matches!(place, Place::Am01 | Place::Am02 | Place::AmBoth) || !pair.live {
            return place;
        }
        let Some(earlier) = self.lines.superseded.get(&(pair.emp, pair.label)) else { return place };
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let unjudged = periods::before(start, end).next().and_then(|previous| employee.look(previous.end));
        let goes_on = unjudged.is_some_and(|unjudged| unjudged.contains(self.lines.benefit(pair.label)));
        if goes_on || takes_together(pair, earlier) { Place::UnverifiedSeveral } else { place }
    }
}

/// What is taken is what the newest record comes to with one of those before, or with all.
fn takes_together(pair: &Pair, earlier: &[Earlier]) -> bool {
    let [employee, employer] = earlier
        .iter()
        .fold([0, 0], |[employee, employer], record| [employee + record.employee, employer + record.employer]);
    let one_each = earlier.iter().map(|record| [record.employee, record.employer]);
    let takes = |[employee, employer]: [i64; 2]| {
        let of_employer = !pair.employer || (pair.s - pair.r - employer).abs() <= pair.tau;
        of_employer && (pair.a - pair.e - employee).abs() <= pair.tau
    };
    one_each.chain([[employee, employer]]).any(takes)
}
