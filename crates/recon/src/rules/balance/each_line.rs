//! What each line of one employee comes to.

use std::collections::BTreeSet;

use super::change::note_changes;
use super::line::OfLine;
use super::prices::added_up;
use super::tally::Tally;
use super::{Books, Change, Outcome, not_charged};
use crate::balance::Employee;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;

/// What an employee's lines change.
#[derive(Default)]
pub(super) struct OfLines<'e> {
    pub(super) changes: Vec<Change<'e>>,
    /// Of lines that could not be judged.
    pub(super) unsettled: Vec<Change<'e>>,
    /// Benefits that could not be judged, and other marks of the page.
    pub(super) unjudged: Vec<String>,
    /// Benefits of which both payers' amounts are one.
    pub(super) as_one: BTreeSet<String>,
    /// Benifex lists something of theirs as in force.
    pub(super) goes_on: bool,
}

impl Books<'_> {
    /// What the lines of one employee come to.
    pub(super) fn of_lines<'e>(
        &self,
        employee: Employee<'e>,
        person: &'e Person,
        rows: &[usize],
        is_beside: bool,
        outcome: &mut Outcome,
    ) -> OfLines<'e> {
        let mut of_lines = OfLines::default();
        let OfLines { changes, unsettled, unjudged, as_one, goes_on } = &mut of_lines;
        for row in rows {
            let (pair, judged) = (self.lines.pair(*row), self.lines.place(*row));
            *goes_on |= pair.in_force && !self.lines.is_estimated(pair.label);
            let beside = is_beside.then(|| self.with_beside(&employee, person, &pair)).flatten();
            let mut of_both = beside.is_some();
            let (pair, place) = beside.map_or((pair, judged), |both| (both, self.of_both(&both, person, judged)));
            let known = self.by_what_is_known(employee, person, &pair, place);
            let place = self.as_judged_before(employee, person, &pair, known);
            of_both |= place != known;
            let of_percentage = self.of_percentage(employee, person, &pair, place);
            let estimate = self.of_estimate(employee, person, &pair, place);
            let before = self.as_estimated_before(employee, person, &pair, estimate.as_ref());
            of_both |= before.is_some();
            let kept = of_percentage.or(before.map(Ok)).or(estimate);
            if kept.is_none() && !self.lines.posts(person, pair.label, place) {
                let benefit = self.lines.benefit(pair.label);
                let concerned = self.lines.concerns(person, pair.label, place).then(|| benefit.to_owned());
                unjudged.extend(concerned);
                unjudged.extend((place == Place::En09).then(|| not_charged::mark(benefit)));
                unjudged.extend(added_up::mark(judged, place, benefit));
                unsettled.extend(self.unsettled(employee, person, &pair, place));
                if place != judged {
                    outcome.places.push((*row, place, false));
                }
                continue;
            }
            of_both |= kept.is_none()
                && (self.is_rest(employee, person, &pair, place) || self.has_moved(employee, person, &pair, place));
            match kept.unwrap_or_else(|| self.line(employee, person, &pair, place)) {
                Ok(OfLine { place: now, settles, accounts }) => {
                    // No sentence of the line speaks of what another file took: that of the balance does.
                    let now = if of_both { Place::Matched } else { now };
                    if now != judged || settles || of_both {
                        outcome.places.push((*row, now, settles || of_both));
                    }
                    if self.lines.is_one_amount(&pair) {
                        as_one.insert(self.lines.benefit(pair.label).to_owned());
                    }
                    for of_account in accounts {
                        let tally = note_changes(of_account, person, &pair, changes);
                        // One finding tells both payers of a percentage, what earlier periods left open of either too.
                        let is_told = |tally: &Tally| (tally.is_on_line || now == Place::Am13) && !of_both;
                        let tally =
                            tally.map(|(account, tally)| (account, Tally { is_on_line: is_told(&tally), ..tally }));
                        outcome.accounts.extend(tally);
                    }
                }
                Err(unverified) => {
                    outcome.places.push((*row, unverified, false));
                    unsettled.extend(self.unsettled(employee, person, &pair, unverified));
                    unjudged.push(self.lines.benefit(pair.label).to_owned());
                }
            }
        }
        of_lines
    }
}
