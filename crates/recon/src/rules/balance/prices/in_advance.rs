//! Deductions in advance, in the period in which the record began: the period before paid for its first days already,
//! where the books hold that something was due of it. What is taken beyond a deduction is then no first part.

use crate::balance::{Employee, cell};
use crate::rules::balance::{Books, periods};
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::EntryKind;

impl Books<'_> {
    pub(in crate::rules::balance) fn with_first_days_paid(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Place {
        if place != Place::UnverifiedReplaced {
            return place;
        }
        let scheme = self.lines.scheme(person, pair.label);
        let in_advance = person.cover(pair, scheme).first_in_advance().is_some();
        if !in_advance || person.employer_share(pair, scheme).is_some() {
            return place;
        }
        let previous = periods::before(date(person.payday.start), date(person.payday.end)).next();
        let was_due = |payer: &_| {
            let account = self.lines.account(pair, *payer)?;
            let before = cell(employee.cells(&account), previous?.end)?;
            let due = before.movements.get(EntryKind::Expected) > 0;
            (due && !before.is_unsettled() && !before.period.is_one_day()).then_some(())
        };
        let mut differing = self.lines.payers(pair).iter().filter(|payer| self.lines.differs(pair, **payer));
        if differing.all(|payer| was_due(payer).is_some()) { self.by_amounts(pair) } else { place }
    }
}
