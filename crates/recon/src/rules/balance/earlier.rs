//! What earlier records of cover, and periods that could not be judged or were never read, say of a line.

use chrono::NaiveDate;

use super::line::is_due;
use super::statement::Statement;
use super::{Books, periods};
use crate::balance::{Cell, Employee, Record, Settled, restated};
use crate::rules::everybody::Person;
use crate::rules::leaving::coverage_end;
use crate::rules::pair::Pair;
use crate::rules::people::{date, day_number};
use crate::rules::place::Place;
use crate::rules::records::Earlier;
use crate::scheme::FirstDeduction;
use crate::settings::CoverageEnd;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::finding::Payer;

/// Days by which one month is longer than another at most.
const MONTHS_DIFFER_DAYS: i64 = 3;

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
        let unit = statement.account.currency.minor_unit();
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
                let start = period.start.filter(|start| is_due(person, scheme, from, *start, period.end))?;
                let amount = person.due_of(PayPeriod { start: Some(start), ..period }, expected, unit);
                amount.filter(|_| period.end < until)
            };
            all.extend(restated(&statement.employee, &statement.account, &Record { from, ..*record }, due));
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
        (place, left): (Place, [i128; 2]),
    ) -> Option<Place> {
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        // Of a run beside the regular one of somebody new, nothing can be said without that.
        let beside = person.payday.in_file == 0 && !employee.knows_before(end);
        if beside || self.may_settle_a_gap(employee, person, pair, (place, left)) {
            return Some(Place::UnverifiedGap);
        }
        let stated = self.lines.scheme(person, pair.label).first_deduction.is_some();
        let first = pair.first_day().is_some_and(|first| person.payday.period().holds(first));
        let previous = periods::before(start, end).next()?;
        let unjudged = employee.look(previous.end)?.contains(self.lines.benefit(pair.label));
        (place == Place::En01 && first && unjudged && !stated).then_some(Place::UnverifiedBefore)
    }

    /// Periods lie before tonight's that were never read, and what is left of the difference, once it has settled what
    /// is known to be open, is no more than their deductions.
    fn may_settle_a_gap(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        (place, left): (Place, [i128; 2]),
    ) -> bool {
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let amounts = matches!(place, Place::Am01 | Place::Am02 | Place::AmBoth | Place::AmTogether);
        if !amounts || !self.after_gaps.contains(&end) {
            return false;
        }
        let since = employee.last_before(start).or(person.joined.map(date));
        let unread =
            periods::before(start, end).take_while(|period| since.is_none_or(|since| period.end > since)).count();
        let within = |payer: &Payer| {
            let (_, due, tolerance) = self.lines.amounts(pair, *payer);
            let account = self.lines.account(pair, *payer);
            // The unread periods may have had the amount of the ones before them.
            let was = account.and_then(|account| last_expected(employee.cells(&account), start)).unwrap_or_default();
            let most = i128::from(due.max(was)) * unread as i128 + i128::from(tolerance);
            left[*payer as usize] <= most
        };
        unread > 0 && Payer::BOTH.iter().all(within)
    }

    /// What the last pay of somebody who has just left takes for their last period, in a run beside the regular one,
    /// whose own file may not name them any more. Counts of 1/10,000; `None`: it is none, or takes more than that.
    pub(super) fn last_pay(
        &self,
        statement: &Statement<'_>,
        person: &Person,
        (taken, tolerance): (i64, i64),
        settled: &Settled,
    ) -> Option<i64> {
        if person.payday.in_file != 0 || settled.is_right() {
            return None;
        }
        let last = statement.cells.iter().rfind(|cell| !cell.period.is_one_day())?.period;
        let (leave, days) = (person.leave?, (last.end - last.start?).num_days() + 1);
        let after = |day: i32| i64::from(day - day_number(last.end));
        let own = (1..=days + MONTHS_DIFFER_DAYS).contains(&after(leave));
        let periods = (after(coverage_end(leave, CoverageEnd::EndOfMonth)) + days - 1) / days;
        let most = last_expected(statement.cells, date(person.payday.end))?.saturating_mul(periods.max(1));
        let more = taken - i64::try_from(settled.settled).ok()?;
        (own && 0 < more && more <= most + tolerance).then_some(more)
    }
}

/// What was due in the newest period before the day.
fn last_expected(cells: &[Cell], day: NaiveDate) -> Option<i64> {
    let regular = cells.iter().rfind(|cell| cell.period.end < day && !cell.period.is_one_day());
    regular.map(|cell| cell.movements.get(EntryKind::Expected))
}
