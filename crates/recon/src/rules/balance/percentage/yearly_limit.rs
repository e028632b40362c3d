//! A yearly limit of a percentage of pay, which no file states: its last part is taken once, and then nothing till the
//! year ends.

use chrono::{Datelike as _, NaiveDate};

use crate::balance::AccountPeriod;
use crate::rules::lines::pair::Pair;
use crate::rules::people::date;
use crate::rules::people::everybody::Person;
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;

/// Nothing more is due in the year of any payer who owes something.
pub(in crate::rules::balance) fn is_over(pair: &Pair, limits: [bool; 2]) -> bool {
    let owes = [pair.employee_due > 0, pair.employer && pair.employer_due > 0];
    limits.contains(&true) && owes.iter().zip(limits).all(|(owes, limit)| limit || !owes)
}

/// Earlier periods of tonight's calendar year, newest first.
fn of_year<'c>(cells: &'c [AccountPeriod], person: &Person) -> impl Iterator<Item = &'c AccountPeriod> + use<'c> {
    let (year, start) = (date(person.payday.end).year(), date(person.payday.start));
    let earlier = cells.iter().rev().filter(move |cell| cell.period.end < start && !cell.period.is_one_day());
    earlier.take_while(move |cell| cell.period.end.year() == year)
}

/// Periods of the year that took nothing, for a limit seemed to be reached, and owe the percentage once something is
/// taken again. `from`, `due`: first day and amount of the record of cover as it is now.
pub(in crate::rules::balance) fn owing_again(
    cells: &[AccountPeriod],
    person: &Person,
    from: Option<NaiveDate>,
    due: i64,
) -> Vec<AccountPeriod> {
    let is_over = |cell: &&AccountPeriod| cell.movements.is_nothing() && cell.code.is_none();
    let owing = of_year(cells, person).filter(is_over).filter(|cell| is_whole(cell, from, due)).filter_map(|cell| {
        let mut owing = cell.clone();
        owing.expect(cell.by_gross().filter(|due| *due > 0)?);
        owing.code = Some(Code::EN01);
        Some(owing)
    });
    owing.collect()
}

/// Cover did not begin in the period of a cell, nor after it: of that one, nothing may be taken. A record of another
/// amount than the cell's is no correction of its first day.
fn is_whole(cell: &AccountPeriod, from: Option<NaiveDate>, due: i64) -> bool {
    let replaced = cell.cover_from < from && cell.cover_from.is_some() && cell.by_gross().is_some_and(|was| was != due);
    let begins = if replaced { cell.cover_from } else { cell.cover_from.max(from) };
    cell.period.start.is_some_and(|start| begins.is_none_or(|begins| begins <= start))
}

/// The last period of the year that took anything took less than the percentage: the rest of a yearly limit.
pub(in crate::rules::balance) fn last_took_a_part(cells: &[AccountPeriod], person: &Person) -> bool {
    let last = of_year(cells, person).find(|cell| cell.movements.collected() != 0);
    let is_part = |cell: &AccountPeriod| i128::from(cell.by_gross().unwrap_or_default()) > cell.movements.collected();
    last.is_some_and(|cell| is_part(cell) && cell.movements.balance() == 0)
}

/// Periods of the year right before tonight's that took the same too low amount as tonight, as they owe the percentage:
/// the rest of a yearly limit is taken once. A payer who takes nothing while the other one does may have reached one.
pub(in crate::rules::balance) fn as_low_before(
    cells: &[AccountPeriod],
    person: &Person,
    taken: i64,
    tolerance: i64,
    code: Code,
) -> Vec<AccountPeriod> {
    let is_as_low = |cell: &&AccountPeriod| {
        let same = (cell.movements.collected() - i128::from(taken)).abs() <= i128::from(tolerance);
        let was_due = cell.movements.get(EntryKind::Expected) > 0;
        same && was_due && cell.by_gross().is_some_and(|due| due > taken + tolerance)
    };
    let owing = of_year(cells, person).take_while(|cell| taken > tolerance && is_as_low(cell)).map(|cell| {
        let mut owing = cell.clone();
        owing.expect(cell.by_gross().unwrap_or_default().max(cell.movements.get(EntryKind::Expected)));
        owing.code = owing.code.or(Some(code));
        owing
    });
    owing.collect()
}
