//! Somebody who moved inside a period to a payroll that pays less often: shorter periods of the one before have days of
//! it, and what was due of those leaves the rest due of it. What a practice makes of the rest of the days is as right.

use crate::balance::{AccountPeriod, Employee, Open};
use crate::rules::Inputs;
use crate::rules::balance::Books;
use crate::rules::balance::earlier::is_apart;
use crate::rules::balance::moved::other_payrolls::BESIDE_SHARE_MAX;
use crate::rules::balance::statement::{Statement, with};
use crate::rules::calendar::DateKind;
use crate::rules::calendar::cover::CoverShare;
use crate::rules::calendar::proration::{METHODS, Span, prorated};
use crate::rules::lines::expected::rounded;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::{date, day_number};
use crate::rules::place::Place;
use crate::scheme::FirstDeduction;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::code::Code;

impl Books<'_> {
    /// What is due of the line's period, where that is the rest which shorter ones left: what was taken, as far as it
    /// lies between the least and the most of it.
    pub(in crate::rules::balance) fn due_of_rest(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        place: Place,
    ) -> Option<i64> {
        use Place::{Accepted, Am01, Am02, Am08, AmBoth, En01, Matched};
        let of_amounts = matches!(place, Accepted | Am01 | Am02 | Am08 | AmBoth | En01 | Matched);
        let (least, most) = self.rest(statement, pair).filter(|_| of_amounts)?;
        let (taken, _, tolerance) = self.lines.amounts(pair, statement.account.payer);
        let within = (least - tolerance..=most + tolerance).contains(&taken);
        Some(if within { taken } else { taken.clamp(least, most) })
    }

    /// Such a rest is due of the line.
    pub(in crate::rules::balance) fn is_rest(
        &self,
        employee: Employee<'_>,
        person: &Person,
        pair: &Pair,
        place: Place,
    ) -> bool {
        let of_payer = |payer: &_| {
            let account = self.lines.account(pair, *payer)?;
            let statement = Statement::of(employee, person, account);
            self.due_of_rest(&statement, pair, place)
        };
        self.overlapped && self.lines.payers(pair).iter().any(|payer| of_payer(payer).is_some())
    }

    /// The least and the most. `None`: no shorter period has days of this one, or what was due of one is not known.
    fn rest(&self, statement: &Statement<'_>, pair: &Pair) -> Option<(i64, i64)> {
        let person = statement.person;
        if !self.overlapped {
            return None;
        }
        let (scheme, period) = (self.lines.scheme(person, pair.label), person.period());
        let of_its_days = matches!(scheme.first_deduction, None | Some(FirstDeduction::SamePay));
        let whole = person.cover(pair, scheme).share(scheme) == CoverShare::Whole;
        let each_pay = pair.date_kind == DateKind::Deduction && pair.per_year == person.payday.pays;
        if person.payday.in_file != 1 || !(pair.live && of_its_days && whole && each_pay) {
            return None;
        }
        let has_days = |other: &PayPeriod| other.end != period.end && other.has_days_of(&period);
        let mut looked_at = statement.employee.looked_at(&statement.account, |_| false);
        if looked_at.any(|(other, known)| !known && has_days(&other)) {
            return None;
        }
        let due = |cell: &AccountPeriod| cell.movements.get(EntryKind::Expected);
        let is_other = |cell: &&AccountPeriod| has_days(&cell.period) && !cell.period.is_one_day() && due(cell) > 0;
        let others: Vec<&AccountPeriod> = statement.cells.iter().filter(is_other).collect();
        let is_shorter = |cell: &&AccountPeriod| cell.period.overlaps(&period) && is_shorter(cell.period, period);
        let is_longer = |cell: &&AccountPeriod| cell.period.overlaps(&period) && !is_shorter(cell);
        if !others.iter().any(is_shorter) || others.iter().any(is_longer) {
            return None;
        }
        let all: i64 = others.iter().map(|cell| due(cell)).sum();
        let inside: i64 = others.iter().filter(|cell| period.holds(&cell.period)).map(|cell| due(cell)).sum();
        let (_, whole, _) = self.lines.amounts(pair, statement.account.payer);
        let rest = rest_of(person.payday.period(), &others)?;
        let parts = METHODS.iter().map(|(method, _)| prorated(whole, *method, person.payday.period(), rest, 1));
        let candidates: Vec<i64> = parts.chain([whole - all, whole - inside]).map(|part| part.max(0)).collect();
        let unit = statement.account.currency.minor_unit();
        let amount = |counts: &i64| rounded(*counts, 1, unit);
        candidates.iter().min().map(amount).zip(candidates.iter().max().map(amount))
    }
}

/// The first period of another frequency, which has days of one before and could not be judged, as it took too little:
/// so much `more` than its own as tonight's line takes makes it a whole deduction, beside all that is open.
pub(in crate::rules::balance) fn made_up(
    statement: &Statement<'_>,
    restated: &[AccountPeriod],
    (whole, more): (i64, i64),
    tolerance: i64,
) -> Option<AccountPeriod> {
    let Statement { employee, person, cells, .. } = statement;
    let is_first = |cell: &&AccountPeriod| {
        cell.is_untold() && !cell.period.is_one_day() && employee.overlaps(&cell.period) && is_apart(restated, cell)
    };
    let mut first = statement.earlier(person).rfind(is_first)?.clone();
    let end = date(person.payday.end);
    let open = Open::of(with(cells, restated).iter().filter(|cell| cell.period.end != end)).amount;
    let missing = i128::from(whole) - first.movements.collected();
    if missing <= i128::from(tolerance) || (i128::from(more) - open - missing).abs() > i128::from(tolerance) {
        return None;
    }
    first.expect(whole);
    first.code = Some(Code::EN01);
    Some(first)
}

/// Shorter periods that owed something have days of the cell's.
pub(in crate::rules::balance) fn is_rest_of(cells: &[AccountPeriod], cell: &AccountPeriod) -> bool {
    let is_part = |other: &AccountPeriod| other.period.overlaps(&cell.period) && is_shorter(other.period, cell.period);
    cells.iter().any(|other| is_part(other) && other.movements.get(EntryKind::Expected) > 0)
}

fn is_shorter(other: PayPeriod, period: PayPeriod) -> bool {
    let days = |period: PayPeriod| period.start.map(|start| (period.end - start).num_days() + 1);
    days(other) < days(period)
}

/// The days that the others leave at the end of the period, or at its beginning. `None`: none, or days on both sides.
fn rest_of(period: Span, others: &[&AccountPeriod]) -> Option<Span> {
    let first = others.iter().min_by_key(|cell| cell.period.start)?.period;
    let (start, first_end) = (day_number(first.start?), day_number(first.end));
    let last = others.iter().map(|cell| cell.period.end).max().map(day_number)?;
    // The week in which the month begins may be one that nobody read.
    let from_begin = start - period.first <= first_end - start;
    match (from_begin, last >= period.last) {
        (true, false) => Some(Span { first: last + 1, last: period.last }),
        (false, true) => Some(Span { first: period.first, last: start - 1 }),
        _ => None,
    }
}

/// Files of another frequency were read that have days in common with tonight's, and a part of tonight's people is in
/// them. Where it is most of them, the company pays otherwise from now on, and what that month costs is its own rule.
pub(in crate::rules::balance) fn overlapped(
    inputs: &Inputs<'_>,
    everybody: &[Person],
    positions: &[Option<usize>],
) -> bool {
    let read = inputs.books.read_periods();
    let tonight = || inputs.payroll.periods.values();
    if !read.iter().any(|read| tonight().any(|period| read.overlaps(period))) {
        return false;
    }
    let on_payroll = everybody.iter().zip(positions).filter(|(person, _)| person.on_payroll);
    let (mut all, mut moved) = (0, 0);
    for (person, position) in on_payroll {
        all += 1;
        moved += i128::from(position.is_some_and(|at| inputs.books.at(at).overlaps(&person.period())));
    }
    moved > 0 && !BESIDE_SHARE_MAX.is_exceeded(moved, all)
}
