//! One account in tonight's period: the entries that say what was expected and taken, and what the difference does to
//! the balance of the other periods.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Open, Rounding};
use tieout_model::balance::{EntryKind, Movements, PayPeriod};
use tieout_model::code::Code;

/// What tonight says of an account in its period. Amounts are counts of 1/10,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tonight {
    pub period: PayPeriod,
    pub expected: i64,
    pub taken: i64,
    /// Differences up to here are rounding.
    pub tolerance: i64,
    /// What a difference is that settles nothing.
    pub code: Option<Code>,
    pub cover_from: Option<NaiveDate>,
    pub night: NaiveDate,
    pub before: Before,
}

/// What may have been before the periods that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Pay periods of cover that a catch-up may take although the books hold nothing of them: payroll is not known, and
    /// the election was made so late that it could not take them in time; or payroll had no row of the person.
    pub unknown_periods: u32,
    /// What a refund may give back: all that was taken for days after the cover ended; `None`: nobody knows.
    pub refundable: Option<i128>,
    /// It is the first period that is known, and a whole deduction is due: what is given back in it, that of no period
    /// before, may settle one, and the deduction is missing all the same.
    pub first_owes: bool,
    /// What would be open had tonight's amount been due since the first day of a record whose amount was another one
    /// before; since when it is, nobody says.
    pub if_since_begin: i128,
    /// What may be due beside tonight's own, each from least to most: for the period in which cover began and nothing
    /// was taken, by tonight's record, by the one that it replaced, and what its price makes of the period paid after
    /// it; or, below 0, what is due back of a period that could not be judged.
    pub due_beside: Vec<RangeInclusive<i64>>,
    /// What one deduction of a year may carry of the yearly amount's rounding.
    pub rounding: Option<Rounding>,
}

impl Before {
    /// So much `more` than is due is due all the same.
    fn allows(&self, more: i128, tolerance: i64) -> Option<Explained> {
        let around =
            |due: &RangeInclusive<i64>| i128::from(due.start() - tolerance)..=i128::from(due.end() + tolerance);
        if self.due_beside.iter().any(|due| around(due).contains(&more)) {
            return Some(Explained::FirstPart);
        }
        self.rounding.filter(|rounding| rounding.allows(more)).map(|_| Explained::Rounding)
    }
}

/// Why a difference that meets no balance is right all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explained {
    /// It takes so many earlier periods of which payroll is not known.
    UnknownPeriods(u32),
    /// It gives back what was taken for days after the cover ended.
    Refund,
    /// It takes or gives back what a changed amount makes of the periods since the first day of its record.
    SinceBegin,
    /// It takes the part of the period in which cover began.
    FirstPart,
    /// It takes what rounding leaves of a yearly amount.
    Rounding,
}

/// What became of tonight's difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// All that stands in the books for the period from tonight on.
    pub cell: AccountPeriod,
    /// What tonight's difference settles of other periods' balance; 0 = nothing.
    pub settled: i128,
    pub explained: Option<Explained>,
    /// The period gives back money of which nothing is known: it cannot be judged, and nothing is posted.
    pub unknown_refund: bool,
    /// So much it gives back beside what it owes by itself: it may settle what a period before left, of which nothing
    /// is known.
    pub given_back: i64,
    /// What is open after it, tonight's difference included.
    pub open: Open,
}

impl Settled {
    /// The period itself leaves nothing to find: what it differs by is rounding, settles, or is explained.
    pub fn is_right(&self) -> bool {
        self.cell.code.is_none()
    }

    /// The period's difference is none of its own: it settles others, is explained, or a person gave it up.
    pub fn settles(&self) -> bool {
        let given_up = self.cell.movements.get(EntryKind::WrittenOff) != 0;
        self.settled != 0 || self.explained.is_some() || given_up
    }
}

/// Settles tonight's difference against the account's other periods. `cells` by period, oldest first.
pub fn settle(cells: &[AccountPeriod], tonight: &Tonight) -> Settled {
    let end = tonight.period.end;
    let (before, rest) = cells.split_at(cells.partition_point(|cell| cell.period.end < end));
    let (known, after) = rest.split_at(rest.partition_point(|cell| cell.period.end == end));
    let known = known.first();
    let others = Open::of(before.iter().chain(after));
    let known = known.cloned().unwrap_or(AccountPeriod::new(tonight.period, tonight.night));
    // What a person wrote off stays written off, as far as it is owed.
    let written_off = known.given_up_of(tonight.expected, tonight.taken);
    let difference = i128::from(tonight.expected) - i128::from(tonight.taken) - i128::from(written_off);
    let matches = difference.abs() <= i128::from(tonight.tolerance);
    let meets = !matches && !others.is_settled(tonight.tolerance) && (others.amount > 0) != (difference > 0);
    let settled = if meets { -difference.signum() * difference.abs().min(others.amount.abs()) } else { 0 };
    // Each of the periods that it settles is rounded, and so is its own.
    let rounded = if meets { others.periods + 1 } else { 1 };
    let overrun = difference.abs() - settled.abs() > i128::from(tonight.tolerance) * i128::from(rounded);
    let explained = match (matches, meets) {
        (true, _) => None,
        (false, false) => explained(tonight, difference),
        // A refund may give back more than is known to be owed back, and a catch-up take the first part of cover, or
        // what rounding leaves, as well.
        (false, true) if overrun => {
            refund(tonight, difference).or_else(|| tonight.before.allows(-(difference + settled), tonight.tolerance))
        }
        (false, true) => None,
    };
    let of_unknown =
        !matches && !meets && explained.is_none() && tonight.taken < 0 && tonight.before.refundable.is_none();
    let given_back = if of_unknown && tonight.before.first_owes { -tonight.taken } else { 0 };
    // Of the period itself, all that is explained was right.
    let by_itself = if explained.is_some() { difference + settled } else { i128::from(given_back) };
    let cell = AccountPeriod {
        period: tonight.period,
        movements: movements(tonight, settled, by_itself, written_off),
        code: tonight.code.filter(|_| !matches && explained.is_none() && overrun),
        cover_from: tonight.cover_from,
        ..known
    };
    let open = Open::of(before.iter().chain([&cell]).chain(after));
    Settled { cell, settled, explained, unknown_refund: of_unknown && given_back == 0, given_back, open }
}

/// `settled` is the part of the other periods' balance that goes: positive is caught up, negative refunded.
/// `explained`: how much less the period itself was asked for than is due.
fn movements(tonight: &Tonight, settled: i128, explained: i128, written_off: i64) -> Movements {
    // Both are no more than the difference of two amounts.
    let [settled, explained] = [settled, explained].map(|amount| i64::try_from(amount).unwrap_or_default());
    let expected = tonight.expected - explained;
    let (caught_up, refunded) = (settled.max(0), (-settled).max(0));
    Movements::from_amounts([expected, tonight.taken - caught_up + refunded, caught_up, refunded, written_off])
}

/// Payroll gives back no more than what was taken for days without cover.
fn refund(tonight: &Tonight, difference: i128) -> Option<Explained> {
    let gives_back = difference > 0 && tonight.taken < 0;
    let most = tonight.before.refundable.filter(|_| gives_back)?;
    (difference <= most + i128::from(tonight.tolerance)).then_some(Explained::Refund)
}

fn explained(tonight: &Tonight, difference: i128) -> Option<Explained> {
    let Before { unknown_periods, if_since_begin, .. } = tonight.before;
    let (expected, tolerance) = (i128::from(tonight.expected), i128::from(tonight.tolerance));
    let refund = refund(tonight, difference);
    if refund.is_some() {
        return refund;
    }
    let opposite = if_since_begin.signum() == -difference.signum();
    if opposite && difference.abs() <= if_since_begin.abs() + tolerance {
        return Some(Explained::SinceBegin);
    }
    let allowed = tonight.before.allows(-difference, tonight.tolerance);
    if allowed.is_some() {
        return allowed;
    }
    if difference > 0 || expected <= 0 {
        return None;
    }
    let fits = |periods: &u32| {
        let due = i128::from(*periods) * expected;
        (-difference - due).abs() <= tolerance * (i128::from(*periods) + 1)
    };
    (1..=unknown_periods).find(fits).map(Explained::UnknownPeriods)
}
