//! Oyster's lines one by one: each gets its place from the rungs, and its number of deductions a year from the job
//! or else payroll. Lines of Benifex's benefits only come here when their person is a contractor.

use polars::prelude::*;

use crate::rules::Inputs;
use crate::rules::lines::dictionary::BLANK;
use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::lines::pair::{Pair, Pairs};
use crate::rules::lines::schemes::Schemes;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::rungs::Judge;
use crate::rules::people::People;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::rules::schema::{EMPLOYEES, LINES};

impl Oysters<'_> {
    /// Gives Oyster's lines, and those of contractors, their place, and Oyster's their number of deductions a year
    /// and how far their amounts may be off.
    pub(in crate::rules) fn place(
        &mut self,
        lines: &mut DataFrame,
        inputs: &Inputs<'_>,
        (people, everybody): (&People<'_>, &[Person]),
        catalog: &Catalog<'_>,
        schemes: &Schemes,
        labels: &[Label],
    ) -> PolarsResult<()> {
        let judge = Judge::new(self, inputs, catalog, &people.ids);
        let own: Vec<bool> = (0..labels.len() as u32).map(|label| self.owns(label)).collect();
        let groups = EMPLOYEES.group.of(&people.frame)?;
        let pairs = Pairs::new(lines)?;
        let mut places: Vec<u32> = LINES.place.of(lines)?.into_no_null_iter().collect();
        let mut stated: Vec<i64> = LINES.per_year.of(lines)?.into_no_null_iter().collect();
        let mut tolerances: Vec<i64> = LINES.tolerance.of(lines)?.into_no_null_iter().collect();
        let mut reasons = Vec::new();
        for row in 0..pairs.len() {
            let pair = pairs.get(row);
            let person = &everybody[pair.emp as usize];
            if own[pair.label as usize] {
                let group = groups.get(pair.emp as usize).unwrap_or(BLANK);
                stated[row] = schemes.per_year(group, pair.label, person.payday.pays);
                let pair = Pair { per_year: stated[row], ..pair };
                let (place, reason) = judge.place(&pair, person, &labels[pair.label as usize]);
                places[row] = place.number();
                tolerances[row] = self.off_at_most(&pair, place).unwrap_or(tolerances[row]);
                if !reason.is_empty() {
                    reasons.push(((pair.emp, pair.label), reason));
                }
            } else if judge.contractors.contains(&pair.emp) && !judge.is_employee_now(pair.emp, person) {
                let allowed = self.settings.contractor_benefits.contains(catalog.labels.text(pair.label));
                let place = match Place::of(places[row]) {
                    place if !allowed && pair.taken() && yields(place) => Place::En15,
                    // What nobody may take is not missing.
                    Place::En01 if !allowed => Place::Accepted,
                    place => place,
                };
                places[row] = place.number();
            }
        }
        self.reasons.extend(reasons);
        lines.with_column(LINES.place.filled(places))?;
        lines.with_column(LINES.per_year.filled(stated))?;
        lines.with_column(LINES.tolerance.filled(tolerances))?;
        Ok(())
    }
}

/// Rungs of Benifex's lines below that of contractors.
fn yields(place: Place) -> bool {
    use Place::{
        Am01, Am02, Am13, AmBoth, En02, En05, Matched, Tm07, UnverifiedFewer, UnverifiedLate, UnverifiedLimit,
        UnverifiedPart, UnverifiedSeveral, UnverifiedVanished,
    };
    let unverified =
        [UnverifiedFewer, UnverifiedLate, UnverifiedLimit, UnverifiedPart, UnverifiedSeveral, UnverifiedVanished];
    [Am01, Am02, Am13, AmBoth, En02, En05, Matched, Tm07].contains(&place) || unverified.contains(&place)
}
