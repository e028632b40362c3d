//! What earlier records of cover, and periods that could not be judged or were never read, say of a line.

pub(super) mod before;
pub(super) mod doubted;
mod gap;
pub(super) mod left_out;
pub(super) mod made_good;
pub(super) mod not_stated;
pub(super) mod read_before;
pub(super) mod unproven;
pub(super) mod unsettled;
pub(super) mod without_line;

use chrono::{Datelike as _, NaiveDate};

use self::made_good::made_good;
use super::ended::{ended, part_until_leave};
use super::line::from;
use super::moved::joined::joined;
use super::moved::two_frequencies::{is_rest_of, made_up};
use super::prices::anew::{Anew, ByRecord};
use super::prices::first_part::make_up;
use super::statement::{Statement, is_of_several, with};
use super::{Books, periods};
use crate::balance::{AccountPeriod, Employee, Open, Record, Settled, by_dates, cell as cell_of, mended, restated};
use crate::rules::calendar::cover::CoverShare;
use crate::rules::calendar::pays_of_period;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::leaving::coverage_end;
use crate::rules::people::{date, day_number};
use crate::rules::place::Place;
use crate::rules::timeline::records::Earlier;
use crate::scheme::FirstDeduction;
use crate::settings::CoverageEnd;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::finding::Payer;

/// Days by which one month is longer than another at most.
const MONTHS_DIFFER_DAYS: i64 = 3;

impl Books<'_> {
    /// The periods since the first day of a record, as it and a whole deduction of it make them owe.
    fn since_begin(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        anew: &Anew<'_>,
        record: &Record,
        (from, owed): (NaiveDate, i64),
    ) -> Vec<AccountPeriod> {
        let due = |period: PayPeriod| {
            let is_others = stands(statement, period, from) || statement.was_not_compared(period, from);
            if is_others || anew.is_before_hire(period) {
                return None;
            }
            let record = anew.own_record(day_number(from), owed_then(statement, period, from, owed));
            let due = anew.by_record(period, record, statement.due_before(period, from))?;
            let open = !statement.stands_elsewhere(period) && !self.is_after_gap(statement, period);
            (open && !is_made_up(statement, anew, period, due))
                .then(|| due + self.of_move_in(statement, pair, period, due))
        };
        restated(&statement.employee, &statement.account, record, due)
    }

    /// Earlier periods of a line's account as they stand from tonight on, and whether each of them that has cover owes
    /// as much as tonight's.
    pub(super) fn restated(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        (place, expected, taken): (Place, i64, i64),
    ) -> (Vec<AccountPeriod>, bool) {
        let (payer, person, from) = (statement.account.payer, statement.person, from(pair));
        let (.., tolerance) = self.lines.amounts(pair, payer);
        let scheme = self.lines.scheme(person, pair.label);
        let apart = person.employer_share(pair, scheme).filter(|_| payer == Payer::Employer);
        // Of a pay date on which nothing is due, what would be.
        let free = apart.as_ref().map_or(pair.date_kind, |share| share.date_kind).is_free();
        let known = if free { self.whole(statement, pair) } else { Some(expected) };
        let cover = apart.as_ref().map_or_else(|| person.cover(pair, scheme), |share| share.cover);
        let owed = known.filter(|_| !(free && cover.is_over())).unwrap_or_default();
        let dated = match place {
            Place::Tm07 if !free => expected != taken,
            _ => pair.live && owed > 0,
        };
        let whole = cover.share(scheme) == CoverShare::Whole;
        let (period, night, changed) = (person.period(), self.night, payer.amount_code());
        let record = Record { from, tolerance, period, night, changed };
        let anew = Anew::of_line(self, statement, pair, known, tolerance);
        let mut all = match from.filter(|_| dated && whole) {
            Some(from) => {
                let mut all = self.since_begin(statement, pair, &anew, &record, (from, owed));
                // On such a date the records before owe nothing either, and nobody says what they did.
                if !free {
                    all.extend(self.by_earlier_records(statement, &anew, pair, &record));
                }
                all
            }
            None => {
                let mut all = ended(statement.cells, &anew, (&statement.account, tolerance, night), taken < 0);
                let part = part_until_leave(statement.cells, person, Some(pair), scheme, taken, tolerance);
                all.extend(part.filter(|part| is_apart(&all, part)));
                all
            }
        };
        let by_rule = self.ahead_by_rule(statement, &anew, owed);
        all.extend(by_rule.into_iter().filter(|cell| is_apart(&all, cell)).collect::<Vec<_>>());
        all.extend(self.never_covered(statement, from.filter(|_| pair.in_force), &all));
        let is_odd = statement.employee.left_out(&statement.account.benefit).next().is_some()
            || statement.cells.iter().any(|cell| cell.code.is_some());
        if is_odd {
            all.extend(self.left_out(statement, &anew));
            let plain = is_plain(place) || (free && known.is_some() && matches!(place, Place::Am06 | Place::Tm09));
            let mended = self.mended_of(statement, &anew, pair, (known, &record));
            let mended = mended.into_iter().filter(|cell| plain && is_apart(&all, cell));
            all.extend(mended.collect::<Vec<AccountPeriod>>());
        }
        if dated && whole {
            made_up_by(statement, &anew, &mut all, (owed, taken - expected), tolerance);
            make_up(statement, &anew, &mut all, taken - expected, tolerance);
            made_good(statement, &anew, &mut all, taken - expected, tolerance);
        }
        self.judge_as_stated(statement, pair, &record, &mut all);
        if self.lines.is_one_amount(pair) && payer == Payer::Employee {
            let both = joined(statement, &all, period.end, tolerance);
            all.retain(|cell| both.iter().all(|other| other.period.end != cell.period.end));
            all.extend(both);
        }
        all.extend(statement.prepaid(person, expected));
        if dated && whole && anew.changed_inside(statement.cells) {
            between_prices(statement, &anew, &mut all, period.end, taken - expected, tolerance);
        }
        let is_one = self.lines.is_one_amount(pair) && payer == Payer::Employee;
        let by_record = from.filter(|_| dated && whole).map(|from| (&anew, from, owed));
        let all = self.with_codes(statement, all, period.end, tolerance, is_one, by_record);
        let all = self.without_doubted(person, (&statement.account, statement.cells), all, tolerance);
        (all, whole && apart.is_none() && pair.per_year >= pays_of_period(person.payday.start, person.payday.end))
    }

    /// Earlier periods that were found wrong, by tonight's record and job. `known`: what tonight's line owes; on a pay
    /// date without a deduction the record states it.
    fn mended_of(
        &self,
        statement: &Statement<'_>,
        anew: &Anew<'_>,
        pair: &Pair,
        (known, record): (Option<i64>, &Record),
    ) -> Vec<AccountPeriod> {
        let stated = known.or_else(|| self.by_one_record(pair, anew.per_year, statement));
        let anew = Anew::of_line(self, statement, pair, stated, record.tolerance);
        let due = |cell: &AccountPeriod| {
            let due = anew.due(cell, statement.cells);
            let due = due.filter(|_| !self.is_after_gap(statement, cell.period))?;
            Some(due + self.of_move_in(statement, pair, cell.period, due))
        };
        let mut all = self.due_as_stated(statement, pair.label, record, due);
        let by_dates = by_dates(statement.cells, record, due).unwrap_or_default();
        all.extend(by_dates.into_iter().filter(|cell| is_apart(&all, cell)).collect::<Vec<_>>());
        let mended = mended(statement.cells, record, due).into_iter().filter(|cell| is_apart(&all, cell));
        all.extend(mended.collect::<Vec<AccountPeriod>>());
        let is_ours = |cell: &AccountPeriod| cell.period.end < record.period.end || self.lines.is_newest(pair);
        all.into_iter().filter(|cell| is_ours(cell) && !is_rest_of(statement.cells, cell)).collect()
    }

    /// Periods before the record's first day, by the records that it replaced.
    fn by_earlier_records(
        &self,
        statement: &Statement<'_>,
        anew: &Anew<'_>,
        pair: &Pair,
        record: &Record,
    ) -> Vec<AccountPeriod> {
        let earlier = self.lines.superseded_by(pair);
        if earlier.is_empty() {
            return Vec::new();
        }
        // Else a deduction pays for other days than those of its period, of which either record may be the one.
        if !matches!(anew.scheme.first_deduction, None | Some(FirstDeduction::SamePay)) {
            return Vec::new();
        }
        let Some(begin) = record.from else { return Vec::new() };
        let mut until = begin;
        let mut all = Vec::new();
        let same_currencies = |old: &&Earlier| old.currencies == [pair.ee_cur, pair.er_cur];
        let earlier = earlier.iter().filter(same_currencies).filter(|old| date(old.first) < begin);
        for Earlier { first, employee, employer, row, .. } in earlier.copied() {
            let expected = match statement.account.payer {
                Payer::Employee if self.lines.is_one_amount(pair) => employee + employer,
                Payer::Employee => employee,
                Payer::Employer => employer,
            };
            let from = date(first);
            let due = |period: PayPeriod| {
                let was = statement.due_before(period, from);
                let amount = anew.by_record(period, ByRecord { first, whole: expected, row }, was);
                let elsewhere = statement.stands_elsewhere(period) || statement.was_not_compared(period, from);
                amount.filter(|_| period.end < until && !elsewhere)
            };
            all.extend(restated(&statement.employee, &statement.account, &Record { from: Some(from), ..*record }, due));
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
        left: [i128; 2],
    ) -> Option<Place> {
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let overlaps = is_of_amounts(place) && employee.overlaps(&person.period());
        if overlaps && !self.is_rest(employee, person, pair, place) {
            return Some(Place::UnverifiedOverlap);
        }
        // Of a run beside the regular one of somebody new, nothing can be said without that; nor is it known what the
        // regular one takes, where its file comes later.
        let is_new = !employee.knows_before(end);
        let beside = person.payday.in_file == 0 && (is_new || (is_of_amounts(place) && self.awaits_the_regular_run()));
        if beside || self.may_settle_a_gap(employee, person, pair, place, left) {
            return Some(Place::UnverifiedGap);
        }
        if is_of_amounts(place) && self.may_settle_what_is_doubted(employee, person, pair, left) {
            return Some(Place::UnverifiedGap);
        }
        if self.may_be_of_the_end(employee, person, pair, place, left) {
            return Some(Place::UnverifiedEnded);
        }
        if self.may_be_ahead(person, pair, place) {
            return Some(Place::UnverifiedInAdvance);
        }
        let first = pair.first_day().is_some_and(|first| person.payday.period().holds(first));
        let previous = periods::before(start, end).next()?;
        let unjudged = employee.look(previous.end)?.contains(self.lines.benefit(pair.label));
        // What may be a percentage may have a yearly limit, and how much of it was taken the books do not hold.
        let scheme = self.lines.scheme(person, pair.label);
        let may_be = self.lines.labels[pair.label as usize].may_be_percentage(scheme);
        let same_year = previous.end.year() == end.year() && may_be;
        if place == Place::En01 && unjudged && same_year && person.pays_percent_of(pair) {
            return Some(Place::UnverifiedPercent);
        }
        (place == Place::En01 && first && unjudged && scheme.first_deduction.is_none())
            .then_some(Place::UnverifiedBefore)
    }

    /// What the last pay of somebody who has just left takes for their last period, in a run beside the regular one,
    /// whose own file may not name them any more. Counts of 1/10,000; `None`: it is none, or takes more than that.
    pub(super) fn last_pay(
        &self,
        statement: &Statement<'_>,
        taken: i64,
        tolerance: i64,
        settled: &Settled,
    ) -> Option<i64> {
        let person = statement.person;
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

/// Adds to earlier periods as they stand from tonight on the one in which the price changed, where so much `more` than
/// tonight's own is taken, and nothing else that is open explains it.
fn between_prices(
    statement: &Statement<'_>,
    anew: &Anew<'_>,
    all: &mut Vec<AccountPeriod>,
    end: NaiveDate,
    more: i64,
    tolerance: i64,
) {
    let now = with(statement.cells, all);
    let open = Open::of(now.iter().filter(|cell| cell.period.end != end));
    let more = i128::from(more) - open.amount;
    if more.abs() <= i128::from(tolerance) * i128::from(open.periods + 1) {
        return;
    }
    if let Some(mut cell) = anew.between_prices(statement, &now, more) {
        let differs = cell.movements.balance().abs() > i128::from(tolerance);
        cell.code = differs.then_some(statement.account.payer.amount_code());
        all.retain(|other| other.period.end != cell.period.end);
        all.push(cell);
    }
}

/// A leave date before somebody came back stands, and so does what was due of several benefits while the one that began
/// last was in force.
fn stands(statement: &Statement<'_>, period: PayPeriod, from: NaiveDate) -> bool {
    let is_kept = statement.person.joined_after(period) || is_of_several(&statement.account);
    is_kept && cell_of(statement.cells, period.end).is_some_and(|cell| cell.cover_from > Some(from))
}

/// A later pay date without a deduction took what is due of the period, and owes it for the first days of cover.
fn is_made_up(statement: &Statement<'_>, anew: &Anew<'_>, period: PayPeriod, due: i64) -> bool {
    let is_same = |cell: &AccountPeriod| {
        let expected = cell.movements.get(EntryKind::Expected);
        expected != 0 && (expected - due).abs() <= anew.tolerance && cell.code.is_none()
    };
    let mut later = statement.earlier(statement.person).filter(|cell| cell.period.end > period.end && is_same(cell));
    let is_posted = cell_of(statement.cells, period.end).is_some_and(|cell| !cell.movements.is_nothing());
    !is_posted && later.any(|cell| anew.is_free(cell.period))
}

/// A whole deduction of an earlier period, where tonight's is `owed`. Of several benefits under one code the others may
/// have been different ones then: a record that a night learns of later makes so much more or less due than was as it
/// makes of the period just before tonight's.
pub(super) fn owed_then(statement: &Statement<'_>, period: PayPeriod, from: NaiveDate, owed: i64) -> i64 {
    let of_several = || {
        let was = statement.due_before(period, from).filter(|was| *was > 0)?;
        let last = statement.earlier(statement.person).rfind(|cell| !cell.period.is_one_day())?;
        let due = last.movements.get(EntryKind::Expected);
        let by_others = last.cover_from.is_some_and(|day| day < from) && due > 0 && !last.is_unsettled();
        by_others.then_some(was + owed - due).filter(|due| *due > 0)
    };
    if is_of_several(&statement.account) { of_several().unwrap_or(owed) } else { owed }
}

/// None of these cells is of its period.
pub(super) fn is_apart(cells: &[AccountPeriod], cell: &AccountPeriod) -> bool {
    cells.iter().all(|other| other.period.end != cell.period.end)
}

/// States anew what so much `more` than tonight's own makes up: the first part of cover, or the first period of another
/// frequency. `owed`: a whole deduction.
fn made_up_by(
    statement: &Statement<'_>,
    anew: &Anew<'_>,
    restated: &mut Vec<AccountPeriod>,
    (owed, more): (i64, i64),
    tolerance: i64,
) {
    make_up(statement, anew, restated, more, tolerance);
    restated.extend(made_up(statement, restated, (owed, more), tolerance));
}

/// What is expected of the line is what the record of cover makes due.
fn is_plain(place: Place) -> bool {
    use Place::{Am01, Am02, Am09, AmBoth, AmTogether, En01, Matched, Tm11};
    matches!(place, Matched | Am01 | Am02 | AmBoth | AmTogether | Am09 | En01 | Tm11)
}

/// What is found is that too much or too little was taken.
fn is_of_amounts(place: Place) -> bool {
    use Place::{Am01, Am02, Am06, Am08, Am13, AmBoth, AmTogether, En01, Tm09};
    matches!(place, Am01 | Am02 | Am06 | Am08 | Am13 | AmBoth | AmTogether | En01 | Tm09) || is_off_estimate(place)
}

fn is_off_estimate(place: Place) -> bool {
    matches!(place, Place::Am15Employee | Place::Am15Employer | Place::Am15Both)
}

/// What was due in the newest period before the day.
fn last_expected(cells: &[AccountPeriod], day: NaiveDate) -> Option<i64> {
    let regular = cells.iter().rfind(|cell| cell.period.end < day && !cell.period.is_one_day());
    regular.map(|cell| cell.movements.get(EntryKind::Expected))
}
