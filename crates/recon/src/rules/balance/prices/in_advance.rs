//! Deductions in advance, in the period in which the record began: the period before paid for its first days already,
//! where the books hold that something was due of it. What is taken beyond a deduction is then no first part.

use crate::balance::{AccountPeriod, Employee, cell};
use crate::rules::balance::earlier::before::of_period;
use crate::rules::balance::line::OfAccount;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::{Statement, with};
use crate::rules::balance::{Books, periods};
use crate::rules::calendar::cover::CoverShare;
use crate::rules::calendar::proration::{Span, prorated};
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::scheme::FirstDeduction;
use tieout_model::balance::{EntryKind, PayPeriod};

/// Pays of two months, weeks being the shortest.
const PAYS_BEFORE: usize = 9;

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

    /// Of somebody whose periods before are known, who had no such cover then, the first days are due of those.
    pub(in crate::rules::balance) fn owes_first_days_before(&self, statement: &Statement<'_>, pair: &Pair) -> bool {
        let person = statement.person;
        let (_, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let scheme = self.lines.scheme(person, pair.label);
        let in_advance = scheme.first_deduction == Some(FirstDeduction::InAdvance) && person.payday.in_file == 1;
        let begins = person.cover(pair, scheme).first_in_advance().is_some();
        let Some(first) = pair.first_day().filter(|_| in_advance && begins) else { return false };
        let anew = Anew::of_line(self, statement, pair, Some(due), tolerance);
        let record = anew.own_record(first, due);
        let is_judged = |period: &PayPeriod| {
            let unjudged = statement.employee.look(period.end);
            unjudged.is_some_and(|unjudged| !unjudged.contains(&*statement.account.benefit))
        };
        let owes =
            |period: &PayPeriod| anew.by_record(*period, record, statement.due_before(*period, date(first))).is_some();
        let before = periods::before(date(person.payday.start), date(person.payday.end));
        before.take(PAYS_BEFORE).filter(is_judged).any(|period| owes(&period))
    }

    /// So much of what is too much pays for the first days of somebody who joined with them: no deduction in advance
    /// came before them. Counts of 1/10,000; `None`: nothing does, or they are paid for.
    pub(in crate::rules::balance) fn first_days(
        &self,
        OfAccount { statement, restated, settled, tolerance, .. }: &OfAccount<'_>,
        pair: &Pair,
        taken: i64,
        expected: i64,
    ) -> Option<i64> {
        let person = statement.person;
        let scheme = self.lines.scheme(person, pair.label);
        let more = i64::try_from(i128::from(taken - expected) - settled.settled).ok()?;
        let in_advance = scheme.first_deduction == Some(FirstDeduction::InAdvance) && person.payday.in_file == 1;
        // A pay date on which nothing is due may make up for the ones before it.
        let each = if pair.date_kind.is_free() { self.whole(statement, pair)? } else { expected };
        if !in_advance || settled.is_right() || more <= 0 || each <= 0 {
            return None;
        }
        let (first, between) = person.cover(pair, scheme).first_days()?;
        person.joined.filter(|joined| *joined >= first.window.first)?;
        let cells = with(statement.cells, restated);
        let due = |cell: &&AccountPeriod| cell.movements.get(EntryKind::Expected);
        let earlier = || cells.iter().filter(|cell| cell.period.end < date(person.payday.start) && due(cell) > 0);
        if earlier().any(|cell| due(&cell) > each + tolerance) {
            return None;
        }
        let is_paid = |span: &&Span| {
            let window = |period| of_period(person, pair, pair.first_day(), scheme, period).window;
            earlier().any(|cell| window(cell.period).first == span.first)
        };
        let unpaid = between.iter().filter(|span| !is_paid(span)).count() as i64;
        let of_first = more - unpaid * each;
        let part = match first.share(scheme) {
            CoverShare::Part(method, days) => {
                prorated(each, method, first.window, days, statement.account.currency.minor_unit())
            }
            _ => first.nearest(of_first.max(0), each, *tolerance),
        };
        let own = if part <= of_first + tolerance { part } else { 0 };
        let all = unpaid * each + own;
        let all = if (more - all).abs() <= *tolerance { more } else { all };
        Some(all).filter(|all| (1..=more).contains(all))
    }
}
