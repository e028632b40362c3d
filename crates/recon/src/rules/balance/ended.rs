//! A leave date that becomes known after periods were judged: what they took for days without cover was for nothing.

use chrono::NaiveDate;

use super::left_out::last_due;
use super::line::amount_code;
use crate::balance::{AccountPeriod, Open};
use crate::rules::calendar::Payday;
use crate::rules::cover::{Cover, CoverShare};
use crate::rules::employer_share::between;
use crate::rules::everybody::Person;
use crate::rules::pair::Pair;
use crate::rules::people::{date, day_number};
use crate::rules::proration::prorated;
use crate::scheme::Scheme;
use tieout_model::balance::{Account, EntryKind, PayPeriod};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// The cell of the period in which somebody left, of which something is owed still, as a leave date that became known
/// since makes it: where nobody says what a part of a period costs, and an accepted practice takes what was paid of it,
/// nothing more is. `taken`: by tonight's line.
pub(super) fn part_until_leave(
    cells: &[AccountPeriod],
    (person, pair): (&Person, Option<&Pair>),
    scheme: &Scheme,
    (taken, tolerance): (i64, i64),
) -> Option<AccountPeriod> {
    let leave = person.leave.filter(|leave| *leave < person.payday.start && !person.disputed)?;
    let end = date(person.payday.end);
    let earlier = || cells.iter().filter(|cell| cell.period.end < end && !cell.period.is_one_day());
    let left_in = |cell: &&AccountPeriod| {
        cell.period.end > date(leave) && cell.period.start.is_some_and(|start| start <= date(leave))
    };
    let mut cell = *earlier().rfind(left_in).filter(|cell| cell.code.is_some() && cell.movements.balance() > 0)?;
    let first = pair.and_then(Pair::first_day);
    let (start, last) = (day_number(cell.period.start?), day_number(cell.period.end));
    let cover = Cover::new(Payday { start, end: last, date: None, ..person.payday }, scheme, first, Some(leave));
    let owed = i64::try_from(Open::of(earlier()).amount).ok()? - taken;
    if cover.share(scheme) != CoverShare::Open || owed <= tolerance {
        return None;
    }
    let expected = cell.movements.get(EntryKind::Expected);
    let paid = (expected - owed).max(0);
    if !cover.accepts(paid, expected, tolerance) {
        return None;
    }
    cell.expect(paid);
    cell.code = cell.code.filter(|_| cell.movements.balance().abs() > i128::from(tolerance));
    Some(cell)
}

/// An account's earlier periods as the leave date says now. Of those that began after cover was over, by every rule
/// that may be the scheme's, nothing was due: they count as judged by the leave date, so that a record of cover that is
/// in force after all brings back what it expected. Those that an earlier leave date had ended and this one does not
/// owe again what they did.
pub(super) fn ended(
    cells: &[AccountPeriod],
    person: &Person,
    scheme: &Scheme,
    (account, tolerance, night): (&Account, i64, NaiveDate),
) -> Vec<AccountPeriod> {
    if person.disputed {
        return Vec::new();
    }
    let left = person.leave.filter(|leave| *leave < person.payday.start);
    let cover = |period: PayPeriod| {
        let (start, end) = (day_number(period.start?), day_number(period.end));
        let payday = Payday { start, end, date: None, ..person.payday };
        let apart = scheme.employer_deduction_dates.as_ref().filter(|_| account.payer == Payer::Employer);
        let payday = apart.map_or(payday, |dates| between(payday, dates));
        Some(Cover::new(payday, scheme, None, person.leave))
    };
    let restate = |cell: &AccountPeriod| {
        // A run beside the regular one pays for other days than its own, and so does a final pay that came later, which
        // was judged by this leave date.
        let cover = cover(cell.period).filter(|_| !cell.period.is_one_day())?;
        let was = cell.movements.get(EntryKind::Expected);
        let over = left.filter(|_| cover.is_over());
        let judged = over.is_some() && cell.cover_from == over.map(date) && !cell.is_unsettled();
        if judged {
            return None;
        }
        let due = match over {
            Some(_) => Some(0).filter(|_| was != 0),
            None => again_due(cells, cell, person.leave.is_some()).map(|due| match cover.share(scheme) {
                CoverShare::Whole => due,
                CoverShare::Nothing => 0,
                CoverShare::Part(method, days) => {
                    prorated(due, method, cover.window, days, account.currency.minor_unit())
                }
                CoverShare::Open => cover.nearest(cell.movements.get(EntryKind::Taken), due, tolerance),
            }),
        }?;
        let mut now = *cell;
        now.expect(due);
        let differs = now.movements.balance().abs() > i128::from(tolerance);
        let found = if over.is_some() { Code::EN05 } else { amount_code(account.payer) };
        (now.cover_from, now.code) = (over.map(date), differs.then_some(found));
        now.found_on = now.found_on.min(night);
        Some(now)
    };
    let end = date(person.payday.end);
    cells.iter().filter(|cell| cell.period.end < end).filter_map(restate).collect()
}

/// What was due in a period of which an earlier leave date said that cover was over.
fn again_due(cells: &[AccountPeriod], cell: &AccountPeriod, left: bool) -> Option<i64> {
    if cell.movements.get(EntryKind::Expected) != 0 {
        return None;
    }
    let is_record =
        |other: &AccountPeriod| other.cover_from == cell.cover_from && other.movements.get(EntryKind::Expected) != 0;
    match cell.due_before {
        0 if cell.code == Some(Code::EN05) => last_due(cells, cell.period),
        0 => None,
        due => Some(due).filter(|_| left && !cells.iter().any(is_record)),
    }
}
