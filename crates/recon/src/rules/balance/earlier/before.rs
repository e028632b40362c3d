//! What earlier periods say of a difference that meets no balance: payroll may give back what it took for days without
//! cover, or take what earlier periods were not asked for.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};

use crate::balance::{AccountPeriod, Before, cell};
use crate::rules::balance::earlier::left_out::before_the_first;
use crate::rules::balance::line::from;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::prices::two_prices::open;
use crate::rules::balance::statement::{Statement, unknown_since, with};
use crate::rules::balance::{Books, periods};
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::proration::prorated;
use crate::rules::calendar::{MONTHS, Payday, pays_of_period};
use crate::rules::lines::expected::NEVER;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::{date, day_number};
use crate::scheme::Scheme;
use tieout_model::balance::{EntryKind, LEFT_OUT, PayPeriod};
use tieout_model::finding::Payer;

/// Deductions since a period, of which nothing more was taken: with a later one, payroll makes up for none of its days.
/// Where they are fewer than one a month, the first one is later.
const DEDUCTIONS_SINCE_MAX: usize = 2;

impl Books<'_> {
    /// Of a line that differs. `restated`: earlier periods as they stand from tonight on.
    pub(in crate::rules::balance) fn before(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        restated: &[AccountPeriod],
    ) -> Before {
        let person = statement.person;
        let from = from(pair);
        let Statement { employee, account, .. } = statement;
        if !self.lines.differs(pair, account.payer) {
            return Before::default();
        }
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let previous = periods::before(start, end).next();
        let changed = (pair.changed != NEVER).then(|| date(pair.changed));
        // Whoever elects by the first day of cover is in time, however late the day is.
        let backwards = changed.zip(from).is_none_or(|(changed, from)| from < changed);
        let elected_late =
            backwards && previous.and_then(|previous| previous.start).is_some_and(|day| changed >= Some(day));
        let unknown = from.map_or(0, |from| unknown_since(employee, person, from).count());
        let (taken, due, tolerance) = self.lines.amounts(pair, account.payer);
        let by_record = self.whole(statement, pair).unwrap_or_default();
        let left_out = before_the_first(statement, due + tolerance);
        let may_take = if elected_late { unknown + left_out } else { left_out };
        let scheme = self.lines.scheme(person, pair.label);
        let apart = person.employer_share(pair, scheme).filter(|_| account.payer == Payer::Employer);
        let whole = person.cover(pair, scheme).share(scheme) == CoverShare::Whole;
        let covered = pair.live && whole && !person.has_left();
        let owes = covered && due > 0;
        // A pay date without a deduction gives back no more of cover that goes on than one with it.
        let goes_on = owes || (covered && pair.in_force && pair.date_kind.is_free() && apart.is_none());
        let more = i128::from(due) - i128::from(taken);
        let own = apart.map_or(whole, |share| share.cover.share(scheme) == CoverShare::Whole);
        let before = Before {
            refundable: refundable(statement, pair, goes_on, more, |cell| {
                self.for_nothing(cell, restated, person, pair, apart.is_none())
            }),
            // A pay date on which a part is due says nothing of the amount.
            if_since_begin: from.filter(|_| by_record != 0 && own).map_or(0, |from| {
                if_since(statement, pair, &Anew::of_line(self, statement, pair, None, tolerance), from, by_record)
            }),
            rounding: self.rounding(statement, pair),
            ..Before::default()
        };
        let before = Before { due_beside: self.due_beside(statement, restated, pair, elected_late), ..before };
        // Which of the periods that are not known owe a share that has dates of its own, nobody says here.
        if apart.is_some() {
            return before;
        }
        Before {
            unknown_periods: may_take.try_into().unwrap_or(u32::MAX),
            first_owes: owes && person.payday.in_file == 1 && !employee.knows_before(end),
            ..before
        }
    }

    /// What may be due of an earlier period in which cover began and that took nothing, beside all of tonight's: by the
    /// rules of the scheme, or else by any practice, and by tonight's record or one that it replaced. When it is taken,
    /// nobody says.
    fn due_beside(
        &self,
        statement: &Statement<'_>,
        restated: &[AccountPeriod],
        pair: &Pair,
        elected_late: bool,
    ) -> Vec<RangeInclusive<i64>> {
        if !pair.live {
            return Vec::new();
        }
        let due = self.whole(statement, pair).unwrap_or_default();
        let mut parts = self.first_part(statement, restated, pair, pair.first_day(), due, elected_late);
        let old = self.replaced(statement, pair).into_iter();
        let mut old = old.map(|(first, due, _)| self.first_part(statement, restated, pair, Some(first), due, false));
        parts.extend(old.rfind(|parts| !parts.is_empty()).unwrap_or_default());
        parts.extend(self.by_pay_date(statement, pair).map(exactly));
        // Without a line, where the deduction is just what is given back of it and of what is open.
        let open = open(statement);
        let given_back = all_given_back(statement);
        let given_back = given_back.filter(|all| pair.on_payroll() || (open < 0 && due + open + all == 0));
        parts.extend(given_back.map(exactly));
        parts
    }

    /// What a change of the price makes of the last period that ended before it and was paid after it, in a month in
    /// which it has no day: without a rule, nobody says whether it holds by the days of a period or by its pay date.
    fn by_pay_date(&self, statement: &Statement<'_>, pair: &Pair) -> Option<i64> {
        let person = statement.person;
        let (from, payday) = (from(pair)?, person.payday);
        let (_, due, tolerance) = self.lines.amounts(pair, statement.account.payer);
        if self.lines.scheme(person, pair.label).first_deduction.is_some() || payday.in_file != 1 {
            return None;
        }
        let last = statement.earlier(person).rfind(|cell| cell.period.end < from && !cell.period.is_one_day())?;
        let end = day_number(last.period.end);
        let paid = end + payday.date? - payday.end;
        let month = |day: NaiveDate| (day.year(), day.month());
        let later_month = month(date(paid)) > month(last.period.end);
        let was = last.movements.get(EntryKind::Expected);
        let more = due - was;
        let taken_since = statement.earlier(person).filter(|cell| cell.period.end > last.period.end).any(|cell| {
            let beyond = cell.movements.get(EntryKind::Expected) - due;
            cell.code.is_none() && beyond.abs() > tolerance && beyond.signum() == more.signum()
        });
        let right = later_month && last.code.is_none() && was > 0 && paid >= day_number(from) && !taken_since;
        let right = right && !is_long_ago(statement, last.period.end, end_of(person), pair.per_year);
        (right && more != 0).then_some(more)
    }

    /// What of a deduction of an earlier period may have been for nothing: all of it, unless a rule says what was due
    /// until the leave date. `together`: both payers pay on the same dates.
    fn for_nothing(
        &self,
        held: &AccountPeriod,
        restated: &[AccountPeriod],
        person: &Person,
        pair: &Pair,
        together: bool,
    ) -> i128 {
        let collected = held.movements.collected();
        let scheme = self.lines.scheme(person, pair.label);
        let cover = of_period(person, pair, pair.first_day(), scheme, held.period);
        let now = restated.iter().find(|now| now.period.end == held.period.end);
        let by_leave_date = now.is_some() || held.cover_from == person.leave.map(date);
        let has_rule = match cover.share(scheme) {
            CoverShare::Whole => true,
            CoverShare::Part(..) => by_leave_date,
            CoverShare::Nothing | CoverShare::Open => false,
        };
        let left = person.leave.is_some_and(|leave| leave < person.payday.start);
        let due = i128::from(now.unwrap_or(held).movements.get(EntryKind::Expected));
        if left && together && has_rule && !cover.is_over() { (collected - due).max(0) } else { collected }
    }

    /// First days and whole deductions of the records that the line's replaced, as far as they are known, and the last
    /// day on which a snapshot shows them. The newest come first.
    pub(in crate::rules::balance) fn replaced(&self, statement: &Statement<'_>, pair: &Pair) -> Vec<(i32, i64, i32)> {
        let account = &statement.account;
        let of_older = self.lines.replaced.get(&pair.bx_row).into_iter().flatten();
        let of_older = of_older.filter_map(|old| {
            let sign = |payer| self.lines.sign(pair.emp, pair.label, payer);
            let deduction = |payer| Some(sign(payer) * old.deduction(payer, account.currency, pair.per_year)?);
            let both = self.lines.is_one_amount(pair);
            let due = match account.payer {
                Payer::Employee if both => deduction(Payer::Employee)? + deduction(Payer::Employer)?,
                payer => deduction(payer)?,
            };
            Some((old.first, due, old.seen))
        });
        of_older.filter(|_| statement.person.payday.in_file == 1).collect()
    }

    /// Of the period in which cover began, by a record's `first` day and a whole deduction of it.
    fn first_part(
        &self,
        statement: &Statement<'_>,
        restated: &[AccountPeriod],
        pair: &Pair,
        first: Option<i32>,
        due: i64,
        elected_late: bool,
    ) -> Vec<RangeInclusive<i64>> {
        let person = statement.person;
        let scheme = self.lines.scheme(person, pair.label);
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let is_read = |period: &PayPeriod| statement.employee.look(period.end).is_some();
        let known_since = |began: &PayPeriod| {
            let mut since = periods::before(start, end).take_while(|period| period.end > began.end);
            elected_late || since.all(|period| is_read(&period))
        };
        let apart = person.employer_share(pair, scheme).filter(|_| statement.account.payer == Payer::Employer);
        let anew = Anew::of_line(self, statement, pair, Some(due), pair.tolerance);
        let cover_of = |period| match apart {
            Some(_) => anew.cover(period, first),
            None => Some(of_period(person, pair, first, scheme, period)),
        };
        let covers = periods::before(start, end).filter_map(|period| Some((period, cover_of(period)?)));
        let began =
            covers.into_iter().find(|(period, cover)| cover.begins() || (cover.begins_with_them() && is_read(period)));
        let Some((period, cover)) = began.filter(|(period, _)| known_since(period)) else { return Vec::new() };
        // What is expected of the period, or was taken in it, stands in the balance. What an earlier night posted of
        // tonight's own is none of that, also where a month has both.
        let now = with(statement.cells, restated);
        let earlier = now.iter().filter(|cell| cell.period.end != end);
        let same_days = |other: &&AccountPeriod| cover_of(other.period).is_some_and(|it| it.window == cover.window);
        let is_posted = earlier.filter(same_days).any(|cell| !cell.movements.is_nothing());
        // What was more than a deduction already took it.
        let taken_since = statement.cells.iter().any(|cell| {
            let more = cell.movements.get(EntryKind::Expected) - due;
            (period.end < cell.period.end && cell.period.end < end) && more > pair.tolerance && cell.code.is_none()
        });
        if is_posted || taken_since || is_long_ago(statement, period.end, end, anew.per_year) {
            return Vec::new();
        }
        match cover.share(scheme) {
            CoverShare::Nothing => Vec::new(),
            CoverShare::Whole => vec![exactly(due)],
            CoverShare::Part(method, covered) => vec![exactly(prorated(due, method, cover.window, covered, 1))],
            CoverShare::Open => {
                let parts = cover.parts(due);
                let any = parts.iter().min().zip(parts.iter().max()).map(|(least, most)| *least..=*most);
                any.into_iter().chain([exactly(due)]).collect()
            }
        }
    }
}

/// All that the last deduction took of a period of which nobody knows what was due: nothing may have been.
fn all_given_back(statement: &Statement<'_>) -> Option<i64> {
    let mut taken = statement.earlier(statement.person).filter(|cell| cell.movements.collected() != 0);
    let last = taken.next_back().filter(|last| last.is_untold() && !last.period.is_one_day())?;
    let all = i64::try_from(last.movements.collected()).ok().filter(|all| *all > 0)?;
    Some(-all)
}

fn exactly(amount: i64) -> RangeInclusive<i64> {
    amount..=amount
}

fn end_of(person: &Person) -> NaiveDate {
    date(person.payday.end)
}

/// Deductions were taken since the period that ended on that day, each for itself alone.
fn is_long_ago(statement: &Statement<'_>, since: NaiveDate, end: NaiveDate, per_year: i64) -> bool {
    let most = if per_year < MONTHS { 0 } else { DEDUCTIONS_SINCE_MAX };
    let later = statement.cells.iter().filter(|cell| since < cell.period.end && cell.period.end < end);
    let taken = later.filter(|cell| !cell.period.is_one_day() && cell.movements.collected() != 0);
    taken.count() > most
}

/// Cover beside the days that the deduction of an earlier period pays for. `pair`: the line of the benefit.
pub(in crate::rules::balance) fn of_period(
    person: &Person,
    pair: &Pair,
    first: Option<i32>,
    scheme: &Scheme,
    period: PayPeriod,
) -> Cover {
    let (end, start) = (day_number(period.end), period.start.map_or(i32::MIN, day_number));
    let payday = Payday { start, end, ..person.payday }.paid_like(person.payday);
    Cover::new(payday, scheme, first, person.leave).deducted(scheme, pair.per_year)
}

/// What a refund may give back: what was taken for days after cover ended. Where a benefit is over and nobody says
/// since when, that may be all that is known to have been taken. `None`: nobody knows. `owes`: a whole deduction is due
/// of the period itself, or would be on another pay date. `for_nothing`: what of an earlier period may have been.
fn refundable(
    statement: &Statement<'_>,
    pair: &Pair,
    owes: bool,
    more: i128,
    for_nothing: impl Fn(&AccountPeriod) -> i128,
) -> Option<i128> {
    let person = statement.person;
    let Statement { employee, account, cells, .. } = statement;
    let left = person.leave.filter(|leave| *leave < person.payday.start).map(date);
    // A run beside the regular one gives back what is open, and nothing that was right.
    if left.is_none() && pair.in_force && person.payday.in_file == 0 {
        return Some(0);
    }
    if left.is_none() && !pair.in_force {
        let all: i128 = statement.earlier(person).map(|cell| cell.movements.collected()).sum();
        return Some(all).filter(|all| more <= all + i128::from(pair.tolerance));
    }
    let (start, end) = (date(person.payday.start), date(person.payday.end));
    let ended = left.or(periods::before(start, end).next().and_then(|previous| previous.start))?;
    let since: Vec<PayPeriod> = periods::before(start, end).take_while(|period| period.end >= ended).collect();
    let is_known = |unjudged: &BTreeSet<String>| !unjudged.contains(&*account.benefit) || unjudged.contains(LEFT_OUT);
    let judged =
        |period: &PayPeriod| cell(cells, period.end).is_some() || employee.look(period.end).is_some_and(is_known);
    let taken = |period: &PayPeriod| cell(cells, period.end).map_or(0, &for_nothing);
    let all = || since.iter().map(taken).sum::<i128>();
    // A deduction that is taken less often than each pay paid for later periods too.
    let seldom = pair.per_year < pays_of_period(person.payday.start, person.payday.end);
    let last = || {
        let last = statement.earlier(person).rfind(|cell| cell.movements.collected() > 0)?;
        Some(if pair.per_year == MONTHS { for_nothing(last) } else { last.movements.collected() })
    };
    // Cover went on: no day of the last deduction was without it, and a refund leaves the period's own one due.
    let refundable = || if owes { 0 } else { all().max(last().filter(|_| seldom).unwrap_or_default()) };
    (!since.is_empty() && since.iter().all(judged)).then(refundable)
}

fn pays_a_year(period: PayPeriod) -> i64 {
    period.start.map_or(0, |start| pays_of_period(day_number(start), day_number(period.end)))
}

/// Two amounts, each of so many deductions a year, are parts of one yearly price, but for the rounding of each.
fn is_one_price((was, pays): (i64, i64), (due, per_year): (i64, i64), unit: i64) -> bool {
    (was.saturating_mul(pays) - due.saturating_mul(per_year)).abs() <= unit.saturating_mul(pays.max(per_year))
}

/// What would be open had a record, whose amount is another one since it was first read, had this amount from its first
/// day on. Since when it has, no record says: payroll may take it for either. 0: the amount is what it was.
fn if_since(statement: &Statement<'_>, pair: &Pair, anew: &Anew<'_>, from: NaiveDate, due: i64) -> i128 {
    let person = statement.person;
    // Of a period in which cover ended, a part was due, and the amount is no other one.
    let until = person.leave.map(date);
    let covered = |cell: &&AccountPeriod| until.is_none_or(|leave| cell.period.end <= leave);
    let cells = || statement.earlier(person).filter(|cell| cell.cover_from == Some(from)).filter(covered);
    let unit = statement.account.currency.minor_unit();
    // Nothing was due on some of the pay dates, and is by tonight's job on others.
    let owing = || {
        let owes = |cell: &&AccountPeriod| cell.movements.get(EntryKind::Expected) != 0 && !anew.is_free(cell.period);
        let is_part = |cell: &AccountPeriod| anew.is_first_part_of(cell, cell.movements.get(EntryKind::Expected), due);
        cells().filter(owes).filter(move |cell| !is_part(cell))
    };
    // Of another number of periods, the same price is another amount.
    let with_due = || owing().filter_map(|cell| Some((cell, person.due_of(cell.period, due, unit)?)));
    let is_another = with_due().any(|(cell, due)| {
        let was = cell.movements.get(EntryKind::Expected);
        was != due && !is_one_price((was, pays_a_year(cell.period)), (due, anew.per_year), unit)
    });
    let begun = |cover: Cover| !cover.is_ahead() && !cover.begins();
    let whole =
        with_due().filter(|(cell, _)| begun(of_period(person, pair, Some(day_number(from)), anew.scheme, cell.period)));
    if is_another { whole.map(|(cell, due)| i128::from(due) - cell.movements.collected()).sum() } else { 0 }
}
