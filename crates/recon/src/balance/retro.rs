//! Cover that begins or changes for periods whose payroll was judged already: what they owe is posted anew, as a
//! further entry, from the first day of the record on.

use chrono::NaiveDate;

use crate::balance::{Cell, Employee};
use tieout_model::balance::{Account, EntryKind, Movements, PayPeriod};
use tieout_model::code::Code;

/// The record of cover in force in tonight's period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub from: NaiveDate,
    pub tolerance: i64,
    /// Tonight's period; only earlier ones are restated.
    pub period: PayPeriod,
    pub night: NaiveDate,
    /// What an amount of an earlier period is that differs.
    pub changed: Code,
}

/// The cells of earlier periods that the record changes, as they stand from tonight on. A record that was known when a
/// period was judged says nothing new of it: since when its amounts hold, nobody says.
/// `due`: what was due in a period of which all has cover since the record's first day, counts of 1/10,000.
pub fn restated(
    employee: &Employee<'_>,
    account: &Account,
    record: &Record,
    due: impl Fn(PayPeriod) -> Option<i64>,
) -> Vec<Cell> {
    let earlier = employee.known(&account.benefit).filter(|period| period.end < record.period.end);
    let restate = |period: PayPeriod| {
        let expected = due(period)?;
        let known = employee.cell(account, period.end).copied();
        let was = known.map_or(0, |cell| cell.movements.get(EntryKind::Expected));
        if was == expected || known.is_some_and(|cell| cell.cover_from == Some(record.from)) {
            return None;
        }
        let mut cell = known.unwrap_or(Cell {
            period,
            movements: Movements::default(),
            code: None,
            cover_from: None,
            found_on: record.night,
        });
        cell.expect(expected);
        cell.cover_from = Some(record.from);
        let differs = cell.movements.balance().abs() > i128::from(record.tolerance);
        cell.code = differs.then_some(if was == 0 { Code::TM01 } else { record.changed });
        Some(cell)
    };
    earlier.filter_map(restate).collect()
}
