//! A leave date that becomes known after periods were judged: what they took for days without cover was for nothing.

use chrono::NaiveDate;

use crate::balance::Cell;
use crate::rules::calendar::Payday;
use crate::rules::cover::Cover;
use crate::rules::employer_share::between;
use crate::rules::everybody::Person;
use crate::rules::people::{date, day_number};
use crate::scheme::Scheme;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::code::Code;
use tieout_model::finding::Payer;

/// The cells of an account's earlier periods of which something was expected although cover was over before them, by
/// every rule that may be the scheme's, as they stand from tonight on. They count as judged by the leave date, so that
/// a record of cover that is in force after all brings back what it expected.
pub(super) fn ended(
    cells: &[Cell],
    person: &Person,
    scheme: &Scheme,
    (payer, tolerance, night): (Payer, i64, NaiveDate),
) -> Vec<Cell> {
    let Some(leave) = person.leave.filter(|leave| *leave < person.payday.start && !person.disputed) else {
        return Vec::new();
    };
    let over = |period: PayPeriod| {
        let Some(start) = period.start else { return false };
        let payday = Payday { start: day_number(start), end: day_number(period.end), date: None, ..person.payday };
        let apart = scheme.employer_deduction_dates.as_ref().filter(|_| payer == Payer::Employer);
        let payday = apart.map_or(payday, |dates| between(payday, dates));
        Cover::new(payday, scheme, None, Some(leave)).is_over()
    };
    let restate = |cell: &Cell| {
        let was = cell.movements.get(EntryKind::Expected);
        // A run beside the regular one pays for other days than its own.
        if was == 0 || cell.period.is_one_day() || !over(cell.period) {
            return None;
        }
        let mut cell = *cell;
        cell.expect(0);
        let differs = cell.movements.balance().abs() > i128::from(tolerance);
        (cell.cover_from, cell.code) = (Some(date(leave)), differs.then_some(Code::EN05));
        if cell.found_on > night {
            cell.found_on = night;
        }
        Some(cell)
    };
    let end = date(person.payday.end);
    cells.iter().filter(|cell| cell.period.end < end).filter_map(restate).collect()
}
