//! A leave date that becomes known after periods were judged: what they took for days without cover was for nothing.

pub(super) mod another_plan;
pub(super) mod dropped;
pub(super) mod ended_after;
pub(super) mod estimated_before;
pub(super) mod final_pay;
pub(super) mod gone;
pub(super) mod gone_in_arrears;
pub(super) mod read_again;
pub(super) mod seen_before;

use chrono::NaiveDate;

use super::earlier::left_out::last_due;
use super::prices::anew::Anew;
use crate::balance::{AccountPeriod, Open};
use crate::rules::calendar::Payday;
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::employer_share::between;
use crate::rules::calendar::proration::prorated;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::{date, day_number};
use crate::scheme::Scheme;
use tieout_model::balance::{Account, EntryKind, PayPeriod};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// The cell of the period in which somebody left, of which something is owed still, as a leave date that became known
/// since makes it: where nobody says what a part of a period costs, and an accepted practice takes what was paid of it,
/// nothing more is. `taken`: by tonight's line.
pub(super) fn part_until_leave(
    cells: &[AccountPeriod],
    person: &Person,
    pair: Option<&Pair>,
    scheme: &Scheme,
    taken: i64,
    tolerance: i64,
) -> Option<AccountPeriod> {
    let leave = person.leave.filter(|leave| *leave < person.payday.start && !person.disputed)?;
    let end = date(person.payday.end);
    let earlier = || cells.iter().filter(|cell| cell.period.end < end && !cell.period.is_one_day());
    let left_in = |cell: &&AccountPeriod| {
        cell.period.end > date(leave) && cell.period.start.is_some_and(|start| start <= date(leave))
    };
    let last = earlier().rfind(left_in);
    let mut cell = last.filter(|cell| cell.code.is_some() && cell.movements.balance() > 0)?.clone();
    let first = pair.and_then(Pair::first_day);
    let (start, last) = (day_number(cell.period.start?), day_number(cell.period.end));
    let payday = Payday { start, end: last, ..person.payday }.paid_like(person.payday);
    let per_year = pair.map_or(person.payday.pays, |pair| pair.per_year);
    let cover = Cover::new(payday, scheme, first, Some(leave)).deducted(scheme, per_year);
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
/// that may be the scheme's, nothing was due, and of the one in which it ended what the rule makes of a part. They
/// count as judged by the leave date, so that a record of cover that is in force after all brings back what it
/// expected. Those that an earlier leave date had ended, and this one does not, owe again what they did. `gives_back`:
/// tonight's line gives something back.
pub(super) fn ended(
    cells: &[AccountPeriod],
    anew: &Anew<'_>,
    (account, tolerance, night): (&Account, i64, NaiveDate),
    gives_back: bool,
) -> Vec<AccountPeriod> {
    let person = anew.person;
    if person.disputed {
        return Vec::new();
    }
    let end = date(person.payday.end);
    let restate = |cell: &AccountPeriod| {
        // A run beside the regular one pays for other days than its own, and so does a final pay that came later, which
        // was judged by this leave date.
        let cover = cover_of(cell.period, anew, account, person.leave).filter(|_| !cell.period.is_one_day())?;
        let was = cell.movements.get(EntryKind::Expected);
        // What was deducted in advance may pay for days after the leave date in the very period of that.
        // When payroll gives it back, it knows of a leave date that is still to come.
        let held = cell.cover_from == person.leave.map(date) && !cell.is_unsettled();
        let by = match cover.is_over() {
            true if gives_back || held => i32::MAX,
            true => person.payday.end,
            false => person.payday.start - 1,
        };
        let left = person.leave.filter(|leave| *leave <= by);
        let over = left.filter(|_| cover.is_over());
        let ends = over.is_some() || cover.ends();
        let judged = left.is_some() && held;
        if over.is_some() && judged {
            return None;
        }
        let share = |due: i64| part_of(due, &cover, anew, cell.movements.get(EntryKind::Taken), tolerance);
        let anew_due = || {
            let by_other = until_other_leave(cells, cell, anew, account).map(share);
            by_other.or_else(|| until_leave(cells, cell, &cover, anew, share))
        };
        let due = match over {
            Some(_) => Some(0).filter(|_| was != 0),
            None => {
                // Whoever was hired again since had left all the same.
                let hired = cell.cover_from.zip(person.joined.map(date)).is_some_and(|(left, joined)| joined > left);
                let again = again_due(cells, cell, person.leave.is_some()).filter(|_| !hired).map(share);
                again.or_else(|| anew_due().filter(|_| !(ends && judged)))
            }
        }?;
        let mut now = cell.clone();
        now.expect(due);
        let differs = now.movements.balance().abs() > i128::from(tolerance);
        let found = if over.is_some() { Code::EN05 } else { account.payer.amount_code() };
        now.cover_from = if ends { person.leave.map(date) } else { None };
        now.code = differs.then_some(found);
        now.found_on = now.found_on.min(night);
        (now.movements != cell.movements).then_some(now)
    };
    cells.iter().filter(|cell| cell.period.end < end).filter_map(restate).collect()
}

/// What of a whole deduction is due with such cover, where `amount` is what a practice may have made of it.
fn part_of(due: i64, cover: &Cover, anew: &Anew<'_>, amount: i64, tolerance: i64) -> i64 {
    match cover.share(anew.scheme) {
        CoverShare::Whole => due,
        CoverShare::Nothing => 0,
        CoverShare::Part(method, days) => prorated(due, method, cover.window, days, anew.unit),
        CoverShare::Open => cover.nearest(amount, due, tolerance),
    }
}

/// Cover until a leave date, beside the days that the deduction of a period pays for.
fn cover_of(period: PayPeriod, anew: &Anew<'_>, account: &Account, leave: Option<i32>) -> Option<Cover> {
    let (start, end) = (day_number(period.start?), day_number(period.end));
    let (person, scheme) = (anew.person, anew.scheme);
    let apart = scheme.employer_deduction_dates.as_ref().filter(|_| account.payer == Payer::Employer);
    let payday = Payday { start, end, ..person.payday }.paid_like(person.payday);
    let payday = apart.map_or(payday, |dates| between(Payday { date: None, ..payday }, dates));
    Some(anew.cover_on(payday, None, leave))
}

/// What a whole deduction was in the period in which cover ends by a leave date that became known since, where a rule
/// says what a part of it costs.
fn until_leave(
    cells: &[AccountPeriod],
    cell: &AccountPeriod,
    cover: &Cover,
    anew: &Anew<'_>,
    share: impl Fn(i64) -> i64,
) -> Option<i64> {
    let was = cell.movements.get(EntryKind::Expected);
    let has_rule =
        is_fixed(cell, anew) && matches!(cover.share(anew.scheme), CoverShare::Part(..) | CoverShare::Nothing);
    // Of a period in which cover began as well, a part was due.
    let whole = cell.cover_from.zip(cell.period.start).is_some_and(|(from, start)| from <= start);
    let judged = last_due(cells, cell.period).is_some_and(|due| share(due) == was);
    (has_rule && cover.ends() && whole && was > 0 && !judged).then(|| share(was)).filter(|due| *due != was)
}

/// What a whole deduction was in a period that another leave date had made a part of: by the last whole one.
fn until_other_leave(cells: &[AccountPeriod], cell: &AccountPeriod, anew: &Anew<'_>, account: &Account) -> Option<i64> {
    let was = cell.movements.get(EntryKind::Expected);
    let (day, start) = cell.cover_from.zip(cell.period.start)?;
    // A record of cover that began inside the period is owed for later ones too, or its price is a higher one.
    let is_owed = |later: &AccountPeriod| later.movements.get(EntryKind::Expected) != 0;
    let later = |other: &&AccountPeriod| other.period.end > cell.period.end && other.cover_from == Some(day);
    let goes_on = cells.iter().filter(later).any(is_owed);
    let by_other = start < day && day < cell.period.end && !goes_on && anew.first.map(date) != Some(day);
    let due = last_due(cells, cell.period).filter(|due| *due >= was)?;
    // Else it is the first day of another price.
    let left_then = cover_of(cell.period, anew, account, Some(day_number(day)))?;
    let is_part = (part_of(due, &left_then, anew, was, anew.unit) - was).abs() <= anew.unit;
    let employed = anew.person.leave.is_some() && !anew.person.joined_after(cell.period);
    (by_other && is_part && employed && is_fixed(cell, anew)).then_some(due)
}

/// A fixed amount was due in the cell's period, or a part of it.
fn is_fixed(cell: &AccountPeriod, anew: &Anew<'_>) -> bool {
    let percentage = anew.scheme.percent_of_pay == Some(true);
    !percentage && !cell.is_unsettled() && anew.cover(cell.period, None).is_some()
}

/// What was due in a period of which an earlier leave date said that cover was over.
fn again_due(cells: &[AccountPeriod], cell: &AccountPeriod, left: bool) -> Option<i64> {
    if cell.movements.get(EntryKind::Expected) != 0 {
        return None;
    }
    let is_record =
        |other: &AccountPeriod| other.cover_from == cell.cover_from && other.movements.get(EntryKind::Expected) != 0;
    match cell.due_before() {
        0 if cell.code == Some(Code::EN05) => last_due(cells, cell.period),
        0 => None,
        due => Some(due).filter(|_| left && !cells.iter().any(is_record)),
    }
}
