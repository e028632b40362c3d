//! Periods judged before the job said on which pay dates a benefit is deducted: what was missed on a date that is free
//! was never due, and what seemed to catch it up was the period's own.

use crate::balance::retro::owing;
use crate::balance::{AccountPeriod, Record};
use tieout_model::balance::EntryKind;

/// The earlier cells that owe something else by tonight's job, where by it a missed deduction was not due, what was
/// right stays so and less is open. `None`: it does not explain them. `due`: as of [`super::mended`].
pub fn by_dates(
    cells: &[AccountPeriod],
    record: &Record,
    due: impl Fn(&AccountPeriod) -> Option<i64>,
) -> Option<Vec<AccountPeriod>> {
    let earlier = cells.iter().filter(|cell| cell.period.end < record.period.end && is_judged(cell));
    let anew: Vec<(&AccountPeriod, i64)> = earlier.map(|cell| (cell, due(cell).unwrap_or(was_due(cell)))).collect();
    let is_freed = |(cell, due): &(&AccountPeriod, i64)| {
        *due == 0 && was_due(cell) != 0 && cell.code.is_some() && cell.movements.collected() == 0
    };
    let stands =
        |(cell, due): &(&AccountPeriod, i64)| !is_right(cell) || (due - was_due(cell)).abs() <= record.tolerance;
    if !anew.iter().any(is_freed) || !anew.iter().all(stands) {
        return None;
    }
    let before = open(anew.iter().map(|(cell, _)| *cell));
    let (changed, others): (Vec<_>, Vec<_>) = anew.into_iter().partition(|(cell, due)| *due != was_due(cell));
    let restated: Vec<AccountPeriod> = changed.into_iter().map(|(cell, due)| owing(cell, record, due)).collect();
    let now = open(restated.iter().chain(others.into_iter().map(|(cell, _)| cell)));
    (now.abs() < before.abs()).then_some(restated)
}

fn open<'c>(cells: impl Iterator<Item = &'c AccountPeriod>) -> i128 {
    cells.map(AccountPeriod::difference).sum()
}

fn is_judged(cell: &AccountPeriod) -> bool {
    !cell.period.is_one_day() && !cell.is_unsettled()
}

fn was_due(cell: &AccountPeriod) -> i64 {
    cell.movements.get(EntryKind::Expected)
}

/// It was judged right by itself, and took something.
fn is_right(cell: &AccountPeriod) -> bool {
    let settles = [EntryKind::CaughtUp, EntryKind::Refunded].iter().any(|kind| cell.movements.get(*kind) != 0);
    cell.code.is_none() && !settles && cell.movements.collected() != 0
}
