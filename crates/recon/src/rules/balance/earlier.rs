//! What earlier records of cover, and periods that could not be judged or were never read, say of a line.

use super::line::{Statement, is_due};
use super::{Books, periods};
use crate::balance::{Cell, Employee, Record, restated};
use crate::rules::everybody::Person;
use crate::rules::pair::Pair;
use crate::rules::people::date;
use crate::rules::place::Place;
use crate::rules::records::Earlier;
use crate::scheme::FirstDeduction;
use tieout_model::balance::PayPeriod;
use tieout_model::finding::Payer;

impl Books<'_> {
    /// Periods before the record's first day, by the records that it replaced.
    pub(super) fn by_earlier_records(
        &self,
        statement: &Statement<'_>,
        person: &Person,
        pair: &Pair,
        record: &Record,
    ) -> Vec<Cell> {
        let Some(earlier) = self.lines.superseded.get(&(pair.emp, pair.label)) else { return Vec::new() };
        let scheme = self.lines.scheme(person, pair.label);
        // Else a deduction pays for other days than those of its period, of which either record may be the one.
        if !matches!(scheme.first_deduction, None | Some(FirstDeduction::SamePay)) {
            return Vec::new();
        }
        let mut until = record.from;
        let mut all = Vec::new();
        let same_currencies = |old: &&Earlier| old.currencies == [pair.ee_cur, pair.er_cur];
        let earlier = earlier.iter().filter(same_currencies).filter(|old| date(old.first) < record.from);
        for Earlier { first, employee, employer, .. } in earlier.copied() {
            let expected = match statement.account.payer {
                Payer::Employee if self.lines.is_one_amount(pair) => employee + employer,
                Payer::Employee => employee,
                Payer::Employer => employer,
            };
            let from = date(first);
            let due = |period: PayPeriod| {
                let whole = period.start.is_some_and(|start| is_due(person, scheme, from, start, period.end));
                whole && period.end < until
            };
            all.extend(restated(&statement.employee, &statement.account, &Record { from, expected, ..*record }, due));
            until = until.min(from);
        }
        all
    }

    /// Where a difference ends that a period before may explain of which nothing is known.
    pub(super) fn unjudgeable(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> Option<Place> {
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let amounts = matches!(place, Place::Am01 | Place::Am02 | Place::AmBoth | Place::AmTogether);
        // Of a run beside the regular one, nothing can be said without that.
        let beside = person.payday.in_file == 0 && !employee.knows_before(end);
        if beside || (amounts && self.after_gaps.contains(&end)) {
            return Some(Place::UnverifiedGap);
        }
        let stated = self.lines.scheme(person, pair.label).first_deduction.is_some();
        let first = pair.first_day().is_some_and(|first| person.payday.period().holds(first));
        let previous = periods::before(start, end).next()?;
        let unjudged = employee.look(previous.end)?.contains(self.lines.benefit(pair.label));
        (place == Place::En01 && first && unjudged && !stated).then_some(Place::UnverifiedBefore)
    }
}
