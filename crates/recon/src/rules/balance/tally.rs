//! What an account comes to after tonight, as findings and endings tell it.

use chrono::NaiveDate;

use super::prices::put_off::PutOff;
use crate::balance::{AccountPeriod, Open, OpenEntry, Settled};
use crate::rules::people::everybody::Person;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::money::Currency;

/// An account after tonight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// What was open before tonight.
    pub(super) opening: i128,
    /// What tonight's difference settles of it.
    pub(super) settled: i128,
    /// What persons have written off.
    pub(super) written_off: i128,
    /// The newest period of which something is written off, the day of that, and how much it is.
    pub(super) given_up: Option<(PayPeriod, NaiveDate, i64)>,
    pub(super) open: Open,
    pub(super) tolerance: i64,
    /// The line of the period is a finding itself, which tells the whole balance.
    pub(super) is_on_line: bool,
    /// More was taken although the balance was settled: a catch-up was not ended.
    pub(super) overrun: bool,
    /// What the period gave back, of which nothing is known; counts of 1/10,000.
    pub(super) given_back: i64,
    /// Periods before the known ones that may owe as much as this one each.
    pub(super) unknown: Option<Unknown>,
    /// The last period after the oldest open one of which nobody knows what payroll took.
    pub(super) unknown_after: Option<PayPeriod>,
    /// What the periods after it come to, where that is known: what one took too much another gave back.
    pub(super) since_unknown: Option<i128>,
    /// It was judged while the job mapped the benefit's codes otherwise.
    pub(super) by_other_codes: bool,
    /// The record of cover is gone, of somebody who has not left, and nothing was ever taken by it: whether it was an
    /// error or has ended, nobody says.
    pub(super) in_doubt: bool,
    /// The benefit is in another currency tonight: what is open in this one was due all the same, or by mistake.
    pub(super) now_in: Option<Currency>,
    /// Cover begins later now than what was found in earlier periods was judged by.
    pub(super) put_off: Option<PutOff>,
}

/// What may be owed beside what is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    pub(super) periods: u32,
    pub(super) since: NaiveDate,
    /// At most, counts of 1/10,000.
    pub(super) amount: i128,
}

impl Tally {
    /// `cells`: what the books held of the account before tonight.
    pub(super) fn new(
        cells: &[AccountPeriod],
        settled: Settled,
        tolerance: i64,
        unknown: Option<Unknown>,
    ) -> Option<Tally> {
        let end = settled.cell.period.end;
        let others = cells.iter().filter(|cell| cell.period.end != end);
        let caught_up = others.clone().next_back().is_some_and(|cell| cell.movements.get(EntryKind::CaughtUp) > 0);
        let tally = Tally {
            opening: Open::of(others).amount,
            settled: settled.settled,
            written_off: written_off(cells),
            given_up: given_up(cells),
            is_on_line: !settled.is_right(),
            overrun: !settled.is_right() && settled.open.amount < 0 && (caught_up || settled.settled > 0),
            given_back: settled.given_back,
            open: settled.open,
            tolerance,
            unknown,
            unknown_after: None,
            since_unknown: None,
            by_other_codes: false,
            in_doubt: false,
            now_in: None,
            put_off: None,
        };
        tally.notable()
    }

    /// Of an account of which tonight has no line. `opening`: what was open before tonight; `cells`: as they stand now.
    pub(super) fn without_line(opening: i128, cells: &[AccountPeriod]) -> Tally {
        Tally {
            opening,
            settled: 0,
            written_off: written_off(cells),
            given_up: given_up(cells),
            open: Open::of(cells),
            tolerance: 0,
            is_on_line: false,
            overrun: false,
            given_back: 0,
            unknown: None,
            unknown_after: None,
            since_unknown: None,
            by_other_codes: false,
            in_doubt: false,
            now_in: None,
            put_off: None,
        }
    }

    pub(super) fn notable(self) -> Option<Tally> {
        let notable = self.opening != 0 || self.settled != 0 || self.written_off != 0 || self.is_open();
        notable.then_some(self)
    }

    /// More than rounding is open.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_settled(self.tolerance)
    }

    /// What is open whatever such a period took.
    pub(super) fn proven(&self) -> Open {
        let Some(unknown) = self.unknown_after else { return self.open.clone() };
        let mut items: Vec<OpenEntry> =
            self.open.items.iter().filter(|item| item.period.end > unknown.end).copied().collect();
        if let Some(most) = self.since_unknown {
            cap(&mut items, most);
        }
        Open {
            amount: items.iter().map(|item| item.amount).sum(),
            periods: u32::try_from(items.len()).unwrap_or(u32::MAX),
            items: items.into(),
            rounding: self.open.rounding,
        }
    }

    /// More than rounding is open whatever such a period took.
    pub(super) fn is_proven(&self) -> bool {
        self.is_open() && (self.unknown_after.is_none() || !self.proven().is_settled(self.tolerance))
    }

    /// What such a period may have settled.
    pub(super) fn unproven(&self) -> i128 {
        self.open.amount - self.proven().amount
    }
}

/// Takes the oldest away until no more is left than this.
fn cap(items: &mut Vec<OpenEntry>, most: i128) {
    let left: i128 = items.iter().map(|item| item.amount).sum();
    let most = if most.signum() == left.signum() { most.abs() } else { 0 };
    let mut beyond = left.abs() - most;
    items.retain_mut(|item| {
        let away = item.amount.abs().min(beyond.max(0));
        beyond -= away;
        item.amount -= item.amount.signum() * away;
        item.amount != 0
    });
}

/// Nothing was ever taken on an account whose record is gone, and nobody left.
pub(super) fn is_in_doubt(person: &Person, cells: &[AccountPeriod]) -> bool {
    person.leave.is_none() && cells.iter().all(|cell| cell.movements.collected() == 0)
}

pub(super) fn written_off(cells: &[AccountPeriod]) -> i128 {
    cells.iter().map(|cell| i128::from(cell.movements.get(EntryKind::WrittenOff))).sum()
}

pub(super) fn given_up(cells: &[AccountPeriod]) -> Option<(PayPeriod, NaiveDate, i64)> {
    let of_cell = |cell: &AccountPeriod| {
        let amount = Some(cell.movements.get(EntryKind::WrittenOff)).filter(|amount| *amount != 0)?;
        Some((cell.period, cell.given_up_on()?, amount))
    };
    cells.iter().rev().find_map(of_cell)
}
