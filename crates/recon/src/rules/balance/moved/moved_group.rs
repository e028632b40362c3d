//! Somebody who moved to a pay group whose deductions pay for other days: each period is due by the rule of the group
//! that paid it. The first one of the new group owes the days that neither group's deduction pays for beside its own,
//! and nothing where the former group's has paid for them.

use std::collections::BTreeSet;

use crate::balance::{AccountPeriod, Employee, cell as cell_of};
use crate::rules::balance::Books;
use crate::rules::balance::statement::Statement;
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::proration::{Span, prorated};
use crate::rules::calendar::{Payday, pays_of_period};
use crate::rules::lines::pair::Pair;
use crate::rules::lines::schemes::Schemes;
use crate::rules::people::everybody::Person;
use crate::rules::people::{date, day_number};
use crate::rules::place::Place;
use tieout_model::balance::{EntryKind, GROUP, PayPeriod};

/// Days in which deductions of the former group may have paid for days of a period of the new one: two months.
const BACK_DAYS: i64 = 62;

/// Whether deductions of pay groups pay for different days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rules::balance) struct DaysPaidFor {
    /// Of those that the job names.
    of_job: bool,
    /// Of those that tonight's people are in.
    of_night: bool,
}

impl DaysPaidFor {
    pub(in crate::rules::balance) fn new(schemes: &Schemes, everybody: &[Person]) -> DaysPaidFor {
        let of_job = schemes.pay_for_different_days(None);
        let on_payroll = everybody.iter().filter(|person| person.on_payroll && of_job);
        let groups: BTreeSet<u32> = on_payroll.map(|person| person.group).collect();
        DaysPaidFor { of_job, of_night: of_job && schemes.pay_for_different_days(Some(&groups)) }
    }
}

/// What a period owes, and took.
struct OfPeriod<'p> {
    period: PayPeriod,
    group: &'p str,
    due: i64,
    taken: i64,
}

impl Books<'_> {
    /// What notes the pay group that the person is in from tonight's period on.
    pub(in crate::rules::balance) fn group_mark(&self, employee: &Employee<'_>, person: &Person) -> Option<String> {
        if !self.days_paid_for.of_job {
            return None;
        }
        let (group, end) = (self.people.groups.text(person.group), date(person.payday.end));
        let before = employee.pay_groups().take_while(|(period, _)| period.end < end).last();
        let is_news = match before.and_then(|(_, group)| group) {
            Some(before) => before != group,
            None => self.days_paid_for.of_night,
        };
        is_news.then(|| format!("{GROUP}{group}"))
    }

    /// Something else is due of the line than the amount of its period, as the person has moved.
    pub(in crate::rules::balance) fn has_moved(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> bool {
        let of_payer = |payer: &_| {
            let account = self.lines.account(pair, *payer)?;
            let (taken, ..) = self.lines.amounts(pair, *payer);
            let statement = Statement::of(employee, person, account);
            self.of_move(&statement, pair, place, taken).ok()
        };
        self.days_paid_for.of_job && self.lines.payers(pair).iter().filter_map(of_payer).any(|due| due != 0)
    }

    /// What is due of tonight's line beside its period's amount, as the person has moved; less than 0: that is not due.
    /// Counts of 1/10,000. Errors: the place of a line of somebody of whom the sources say two groups.
    pub(in crate::rules::balance) fn of_move(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        place: Place,
        taken: i64,
    ) -> Result<i64, Place> {
        let person = statement.person;
        use Place::{Am01, Am02, AmBoth, En01, Matched, Tm11};
        let (_, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        if !self.days_paid_for.of_job || !matches!(place, Matched | Am01 | Am02 | AmBoth | En01 | Tm11) {
            return Ok(0);
        }
        let group = self.people.groups.text(person.group);
        let own = OfPeriod { period: person.period(), group, due, taken };
        match self.beside_own(statement, pair, &own, tolerance) {
            0 => Ok(0),
            _ if person.other_calendar => Err(Place::UnverifiedGroup),
            moved => Ok(moved),
        }
    }

    /// The same of an earlier period, which owes `due`.
    pub(in crate::rules::balance) fn of_move_in(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        period: PayPeriod,
        due: i64,
    ) -> i64 {
        let (.., tolerance) = self.lines.amounts(pair, statement.account.payer);
        if !self.days_paid_for.of_job {
            return 0;
        }
        let mut groups = statement.employee.pay_groups();
        let group = groups.find(|(known, _)| known.end == period.end).and_then(|(_, group)| group);
        let taken = cell_of(statement.cells, period.end).map_or(0, |cell| cell.movements.collected());
        let taken = i64::try_from(taken).unwrap_or_default();
        group.map_or(0, |group| {
            let own = OfPeriod { period, group, due, taken };
            self.beside_own(statement, pair, &own, tolerance)
        })
    }

    fn beside_own(&self, statement: &Statement<'_>, pair: &Pair, own: &OfPeriod<'_>, tolerance: i64) -> i64 {
        let range = self.due_after_move(statement, pair, own);
        range.map_or(0, |(least, most)| {
            let within = (least - tolerance..=most + tolerance).contains(&own.taken);
            if within { own.taken - own.due } else { own.taken.clamp(least, most) - own.due }
        })
    }

    /// All that the period owes: the least and the most. `None`: the person has not moved, or it owes its own.
    fn due_after_move(&self, statement: &Statement<'_>, pair: &Pair, own: &OfPeriod<'_>) -> Option<(i64, i64)> {
        let person = statement.person;
        let (label, scheme) = (pair.label, self.lines.scheme(person, pair.label));
        let apart = person.employer_share(pair, scheme).is_some();
        let days = self.days(person, pair, own.period, own.group)?;
        let whole = days.share(scheme) == CoverShare::Whole && !days.is_over();
        if person.payday.in_file != 1 || !pair.live || !whole || apart || own.due <= 0 {
            return None;
        }
        let pays_for = |group: &str| self.lines.schemes.of_named(group, label, 0).0.pays_for();
        let lately = |period: PayPeriod| (own.period.end - period.end).num_days() <= BACK_DAYS;
        let before = statement.employee.pay_groups().take_while(|(period, _)| period.end < own.period.end);
        let before: Vec<(PayPeriod, &str)> =
            before.filter(|(period, _)| lately(*period)).filter_map(|(period, group)| Some((period, group?))).collect();
        let is_former = |group: &str| pays_for(group) != pays_for(own.group);
        let former = before.iter().rev().filter(|(_, group)| is_former(group)).filter_map(|(period, group)| {
            let of_former = self.days(person, pair, *period, group)?;
            Some((of_former.window, cell_of(statement.cells, period.end)?))
        });
        let former: Vec<(Span, &AccountPeriod)> = former.collect();
        let expected = |cell: &AccountPeriod| cell.movements.get(EntryKind::Expected);
        let paid = former.iter().find(|(window, cell)| window.last >= days.window.first && expected(cell) > 0);
        if let Some((window, cell)) = paid {
            let all = window.last >= days.window.last && window.first <= days.window.first && !cell.is_unsettled();
            // A price that has risen since leaves the rest due.
            return Some((0, if all { (own.due - expected(cell)).max(0) } else { own.due }));
        }
        let (last, group) = before.last()?;
        let (window, cell) = former.first().filter(|_| is_former(group) && own.period.start == last.end.succ_opt())?;
        let between = Span { first: window.last + 1, last: days.window.first - 1 };
        if between.first > between.last {
            return None;
        }
        let cover = days.beside(between);
        // By the price of a record before it, where this one began only after those days.
        let replaces = expected(cell) > 0 && pair.first_day().is_some_and(|first| first > between.first);
        let unit = statement.account.currency.minor_unit();
        let (least, most) = match replaces {
            true => {
                let was = self.between(person, pair, None, between, expected(cell), unit);
                if cover.is_ahead() { was } else { (was.0.min(own.due), was.1.max(own.due)) }
            }
            false => self.between(person, pair, Some(cover), between, own.due, unit),
        };
        Some((own.due + least, own.due + most))
    }

    /// What the days that no deduction pays for cost; `cover`: beside them, where not all of them have cover.
    fn between(
        &self,
        person: &Person,
        pair: &Pair,
        cover: Option<Cover>,
        between: Span,
        price: i64,
        unit: i64,
    ) -> (i64, i64) {
        let scheme = self.lines.scheme(person, pair.label);
        let period = PayPeriod { start: Some(date(between.first)), end: date(between.last) };
        let whole = person.due_of(period, price, unit);
        let most = whole.unwrap_or(price);
        match (cover.map_or(CoverShare::Whole, |cover| cover.share(scheme)), whole) {
            _ if cover.is_some_and(|cover| cover.is_ahead()) => (0, 0),
            (CoverShare::Whole, Some(whole)) => (whole, whole),
            (CoverShare::Part(method, covered), Some(whole)) => {
                let part = prorated(whole, method, between, covered, unit);
                (part, part)
            }
            (CoverShare::Nothing, _) => (0, 0),
            _ => (0, most),
        }
    }

    /// Cover beside the days that the deduction of a period pays for by the rule of a group.
    fn days(&self, person: &Person, pair: &Pair, period: PayPeriod, group: &str) -> Option<Cover> {
        let (start, end) = (day_number(period.start?), day_number(period.end));
        let pays = pays_of_period(start, end);
        let payday = Payday { start, end, pays, ..person.payday }.paid_like(person.payday);
        let (scheme, per_year) = self.lines.schemes.of_named(group, pair.label, pays);
        Some(Cover::new(payday, scheme, pair.first_day(), person.leave).deducted(scheme, per_year))
    }
}
