//! Cover in whose place another plan came from the first day that the deduction pays for on: nothing of the old one was
//! due, whatever payroll took.

use crate::rules::balance::Books;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;

impl Books<'_> {
    /// The place of a line of cover that ended in the period, or that a late change ended, nobody says when: where
    /// payroll has it in place of the plan that followed, it was over before.
    pub(in crate::rules::balance) fn with_another_plan(&self, person: &Person, pair: &Pair, place: Place) -> Place {
        let open = place == Place::UnverifiedEnded;
        if open && self.gave_way(person, pair) { Place::En02 } else { place }
    }

    /// Another plan took its place, of which payroll took nothing yet.
    pub(in crate::rules::balance) fn gave_way(&self, person: &Person, pair: &Pair) -> bool {
        if pair.in_force || !pair.collected() || person.leave.is_some() || person.payday.in_file != 1 {
            return false;
        }
        let window = person.cover(pair, self.lines.scheme(person, pair.label)).window;
        self.lines.gone.begun_of(pair.emp).iter().any(|plan| {
            let took_its_place = plan.label != pair.label && !plan.taken && plan.first == date(window.first);
            // Plans that were in force beside each other do not follow each other.
            let at_once = || {
                let stood_beside = self.at_cutoff.has(self.id(pair.emp), self.lines.benefit(plan.label));
                let entered_since = self.was_seen_before(person, pair) && plan.changed >= self.seen_before.day;
                stood_beside == Some(false) || (pair.expected() && plan.changed == pair.changed) || entered_since
            };
            took_its_place && at_once() && self.is_new(pair.emp, plan.label)
        })
    }

    /// Nothing was due of the benefit so far.
    fn is_new(&self, emp: u32, label: u32) -> bool {
        let (employee, start) = (self.of(emp), date(self.everybody[emp as usize].payday.start));
        let of_benefit = employee.accounts().filter(|(account, _)| *account.benefit == *self.lines.benefit(label));
        let mut earlier = of_benefit.flat_map(|(_, cells)| cells).filter(|cell| cell.period.end < start);
        earlier.all(|cell| cell.movements.get(EntryKind::Expected) == 0)
    }
}
