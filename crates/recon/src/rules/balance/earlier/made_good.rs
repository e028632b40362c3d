//! A period that came after one that was never read, and took too little or too much: it may have settled that one.
//! Where a later period makes it good, it has not: what was due of it is known, as far as it is made good.

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Open};
use crate::rules::balance::earlier::left_out::last_due;
use crate::rules::balance::prices::anew::Anew;
use crate::rules::balance::statement::{Statement, with};
use crate::rules::people::{date, day_number};
use tieout_model::balance::EntryKind;
use tieout_model::code::Code;

/// States such a period anew among the earlier ones that are, where nothing else explains that so much `more` than
/// tonight's own is taken.
pub(in crate::rules::balance) fn made_good(
    statement: &Statement<'_>,
    anew: &Anew<'_>,
    restated: &mut Vec<AccountPeriod>,
    more: i64,
    tolerance: i64,
) {
    let now = with(statement.cells, restated);
    let (start, end) = (date(anew.person.payday.start), date(anew.person.payday.end));
    let open = Open::of(now.iter().filter(|cell| cell.period.end != end)).amount;
    let Ok(more) = i64::try_from(i128::from(more) - open) else { return };
    if more.abs() <= tolerance {
        return;
    }
    let Some((cell, off)) = last_after_gap(&now, anew, start) else { return };
    if more.signum() != off.signum() {
        return;
    }
    let mut cell = cell.clone();
    let part = more.clamp(off.min(0), off.max(0));
    cell.expect(cell.movements.get(EntryKind::Expected) + part);
    if (off - part).abs() <= tolerance {
        cell.code = Some(anew.payer.amount_code());
    }
    restated.retain(|other| other.period.end != cell.period.end);
    restated.push(cell);
}

/// The newest such period that is not made good, and how much of a whole deduction it was short.
fn last_after_gap<'c>(cells: &'c [AccountPeriod], anew: &Anew<'_>, day: NaiveDate) -> Option<(&'c AccountPeriod, i64)> {
    let after_gap =
        |cell: &&AccountPeriod| cell.code == Some(Code::CT08) && cell.period.end < day && !cell.period.is_one_day();
    cells.iter().rev().filter(after_gap).find_map(|cell| {
        let has_record = anew.first.zip(cell.period.start).is_some_and(|(first, start)| first <= day_number(start));
        let by_record = || anew.own_whole_in(cell.period).filter(|_| has_record);
        let due = by_record().or_else(|| last_due(cells, cell.period))?;
        Some((cell, due - cell.movements.get(EntryKind::Expected))).filter(|(_, off)| *off != 0)
    })
}
