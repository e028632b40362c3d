//! Cover that begins or changes for periods whose payroll was judged already, and records and jobs that are corrected:
//! what such periods owe is posted anew, as a further entry.

use chrono::NaiveDate;

use crate::balance::{AccountPeriod, Employee};
use tieout_model::balance::{Account, EntryKind, PayPeriod};
use tieout_model::code::Code;

/// The record of cover in force in tonight's period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// `None`: it does not say.
    pub from: Option<NaiveDate>,
    pub tolerance: i64,
    /// Tonight's period; only earlier ones are restated.
    pub period: PayPeriod,
    pub night: NaiveDate,
    /// What an amount of an earlier period is that differs.
    pub changed: Code,
}

/// The cells of earlier periods that the record changes, as they stand from tonight on. A record that was known when a
/// period was judged says nothing new of it: since when its amounts hold, nobody says.
/// `due`: what was due in a period by it, counts of 1/10,000; `None`: nothing, or nobody knows.
pub fn restated(
    employee: &Employee<'_>,
    account: &Account,
    record: &Record,
    due: impl Fn(PayPeriod) -> Option<i64>,
) -> Vec<AccountPeriod> {
    let earlier = employee.known(account).filter(|period| period.end < record.period.end);
    let restate = |period: PayPeriod| {
        let known = employee.cell(account, period.end);
        let is_unsettled = known.is_some_and(|cell| cell.is_unsettled());
        // What was taken without cover was judged by a record that was not in force then.
        let judged_by_it = |cell: &AccountPeriod| cell.cover_from == record.from && cell.code != Some(Code::EN02);
        let is_known = known.is_some_and(judged_by_it) && !is_unsettled;
        if is_known || known.is_some_and(|cell| cell.is_untold() && !cell.is_without_record()) {
            return None;
        }
        let was = known.map_or(0, |cell| cell.movements.get(EntryKind::Expected));
        let expected = due(period).filter(|expected| *expected != was || is_unsettled)?;
        let mut cell = known.cloned().unwrap_or(AccountPeriod::new(period, record.night));
        cell.expect(expected);
        cell.cover_from = record.from;
        let differs = cell.movements.balance().abs() > i128::from(record.tolerance);
        cell.code = differs.then_some(match was {
            0 if is_unsettled || has_begun(employee.cells(account), &cell) => Code::EN01,
            0 => Code::TM01,
            _ => record.changed,
        });
        Some(cell)
    };
    earlier.filter_map(restate).collect()
}

/// The cells of earlier periods that were found wrong by a record or a job that has been corrected since, as they stand
/// from tonight on. A correction makes a period right, or less wrong; where the amount that was due before was ever
/// taken, it changed later, and says nothing of earlier periods. Of later ones those are stated whose amounts are read
/// and not judged.
/// `due`: what was due in the period of a cell by tonight's record and job, counts of 1/10,000.
pub fn mended(
    cells: &[AccountPeriod],
    record: &Record,
    due: impl Fn(&AccountPeriod) -> Option<i64>,
) -> Vec<AccountPeriod> {
    let mend = |cell: &AccountPeriod| {
        let (was, found) = (cell.movements.get(EntryKind::Expected), cell.difference());
        if cell.is_untold() {
            return None;
        }
        if cell.is_unsettled() {
            return Some(owing(cell, record, due(cell)?));
        }
        if cell.code.is_none() || found == 0 || cell.period.is_one_day() || was_right(cells, cell) {
            return None;
        }
        let expected = due(cell).filter(|expected| *expected != was)?;
        let mut mended = cell.clone();
        mended.expect(expected);
        let left = mended.movements.balance();
        let differs = left.abs() > i128::from(record.tolerance);
        mended.code = cell.code.filter(|_| differs);
        (!differs || (left.signum() == found.signum() && left.abs() < found.abs())).then_some(mended)
    };
    let is_open = |cell: &&AccountPeriod| {
        cell.period.end < record.period.end || (cell.is_unsettled() && cell.period.end != record.period.end)
    };
    cells.iter().filter(is_open).filter_map(mend).collect()
}

/// A period that owes this by tonight's record or job, whatever it was found as before.
pub fn owing(cell: &AccountPeriod, record: &Record, expected: i64) -> AccountPeriod {
    let mut now = cell.clone();
    now.expect(expected);
    let differs = now.movements.balance().abs() > i128::from(record.tolerance);
    let found = if cell.movements.collected() == 0 { Code::EN01 } else { record.changed };
    now.code = differs.then_some(found);
    now
}

/// A period before the cell's was deducted by the same record.
fn has_begun(cells: &[AccountPeriod], cell: &AccountPeriod) -> bool {
    let before = cells.iter().take_while(|before| before.period.end < cell.period.end);
    let by_same = |before: &AccountPeriod| cell.cover_from.is_some() && before.cover_from == cell.cover_from;
    before.into_iter().any(|before| by_same(before) && before.movements.collected() > 0)
}

/// What was due in the cell's period was taken in another one, by the same record.
fn was_right(cells: &[AccountPeriod], cell: &AccountPeriod) -> bool {
    let due = |cell: &AccountPeriod| cell.movements.get(EntryKind::Expected);
    let alike = |other: &&AccountPeriod| other.cover_from == cell.cover_from && due(other) == due(cell);
    due(cell) != 0 && cells.iter().filter(alike).any(|other| other.code.is_none() && other.movements.collected() != 0)
}
