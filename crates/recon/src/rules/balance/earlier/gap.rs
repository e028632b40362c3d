//! A difference that may settle periods before tonight's whose payroll was never read, of the file or of the person
//! alone: a catch-up may come in the first file after them, in a later one, or in parts.

use chrono::NaiveDate;

use super::before::of_period;
use super::{date, is_off_estimate};
use crate::balance::{AccountPeriod, Employee};
use crate::rules::balance::line::from;
use crate::rules::balance::{Books, periods};
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::finding::Payer;

impl Books<'_> {
    /// What is left of the difference, once it has settled what is known to be open, is no more than the deductions of
    /// periods that were never read, or in which the benefit had no code.
    pub(super) fn may_settle_a_gap(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
        left: [i128; 2],
    ) -> bool {
        use Place::{Am01, Am02, Am06, Am13, AmBoth, AmTogether, Tm09};
        let amounts = matches!(place, Am01 | Am02 | AmBoth | AmTogether | Am13 | Am06 | Tm09) || is_off_estimate(place);
        let unread = if amounts { self.unread_before(employee, person, pair) } else { 0 };
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let without_code = |payer: &Payer| {
            let account = self.lines.account(pair, *payer).filter(|_| amounts);
            account.map_or(0, |account| self.without_code_lately(&employee, &account, end))
        };
        let of_code = self.lines.payers(pair).iter().any(|payer| without_code(payer) > 0);
        let within = |payer: &Payer| {
            let (_, due, tolerance) = self.lines.amounts(pair, *payer);
            let account = self.lines.account(pair, *payer);
            // The unread periods may have had the amount of the ones before them.
            let was =
                account.as_ref().and_then(|account| last_owed(employee.cells(account), start)).unwrap_or_default();
            let periods = (unread + without_code(payer)) as i128;
            left[*payer as usize] <= i128::from(due.max(was)) * periods + i128::from(tolerance)
        };
        (unread > 0 || of_code) && Payer::BOTH.iter().all(within)
    }

    /// How many periods were never read that tonight's may settle: of the file or, where more is taken than is due, of
    /// the person alone or before a night that a person accepted.
    fn unread_before(&self, employee: Employee<'_>, person: &Person, pair: &Pair) -> usize {
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let takes_more = pair.employee_taken >= pair.employee_due - pair.tolerance
            && (!pair.employer || pair.employer_taken >= pair.employer_due - pair.tolerance);
        let last = employee.last_before(start);
        let of_file = self.after_gaps.contains(&end);
        // What the row of a period took that could not be used, may have been too much as well.
        let is_since = |period: &PayPeriod| last.is_none_or(|last| period.end > last);
        let of_row = employee.unread().rfind(|period| period.end < start).is_some_and(|period| is_since(&period));
        let since = last.or(person.joined.map(date));
        let follows = of_file || of_row || (takes_more && last.is_some());
        let is_own = |period: &PayPeriod| since.is_none_or(|since| period.end > since);
        let may_settle = |period: &PayPeriod| {
            let is_looked_at = employee.look(period.end).is_some();
            let is_read = self.was_read(period.end);
            match is_own(period) {
                true => follows && (of_file || (!is_looked_at && (self.borne_out.accepted || is_read))),
                false => {
                    let of_series = !is_looked_at && employee.knows_before(period.end) && self.is_in_series(period);
                    of_series && (takes_more || !is_read) && !self.was_paid_after(employee, person, pair, *period)
                }
            }
        };
        periods::before(start, end).filter(may_settle).count()
    }

    /// One period alone that was read before is no series: the job may have been tried out long ago.
    fn is_in_series(&self, period: &PayPeriod) -> bool {
        self.read_periods.iter().filter(|read| read.end < period.end).nth(1).is_some()
    }

    /// A period after it took what it owed by tonight's record, or by an earlier one where tonight's says nothing of
    /// the unread period, and nothing beside: what was not caught up then, was not owed.
    fn was_paid_after(&self, employee: Employee<'_>, person: &Person, pair: &Pair, unread: PayPeriod) -> bool {
        let scheme = self.lines.scheme(person, pair.label);
        let is_news = |cell: &AccountPeriod| {
            cell.cover_from < from(pair) && !of_period(person, pair, pair.first_day(), scheme, unread).is_ahead()
        };
        let start = date(person.payday.start);
        let after = |cell: &&AccountPeriod| unread.end < cell.period.end && cell.period.end < start;
        let accounts = Payer::BOTH.iter().filter_map(|payer| self.lines.account(pair, *payer));
        let mut cells = accounts.flat_map(|account| employee.cells(&account)).filter(after);
        cells.any(|cell| took_its_own(cell) && !is_news(cell))
    }
}

/// The period took what was due of it, and nothing else.
fn took_its_own(cell: &AccountPeriod) -> bool {
    let [expected, taken] = [EntryKind::Expected, EntryKind::Taken].map(|kind| cell.movements.get(kind));
    !cell.is_unsettled() && expected != 0 && i128::from(taken) == cell.movements.collected() && cell.code.is_none()
}

/// What was due in the newest period before the day in which something was.
fn last_owed(cells: &[AccountPeriod], day: NaiveDate) -> Option<i64> {
    let before = cells.iter().rev().filter(|cell| cell.period.end < day && !cell.period.is_one_day());
    before.map(|cell| cell.movements.get(EntryKind::Expected)).find(|expected| *expected != 0)
}
