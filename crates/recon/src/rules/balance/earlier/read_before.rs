//! Rows of tonight's file that an earlier night read: of a period that was judged, in a file that goes over several of
//! them, and of runs beside the regular one that had a file of their own. What they took stands in the books.

use std::collections::BTreeMap;

use crate::balance::{AccountPeriod, cell};
use crate::rules::Inputs;
use crate::rules::balance::statement::Statement;
use crate::rules::lines::labels::Catalog;
use crate::rules::lines::pair::Pair;
use crate::rules::people::{People, date};
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::finding::Payer;
use tieout_model::money::UNITS_PER_ONE;
use tieout_payroll::{OfRow, RowAmount, SeveralPeriods};

/// What an earlier file may have had.
#[derive(Debug, Default)]
pub(in crate::rules::balance) struct ReadBefore<'i> {
    /// By employee and label.
    rows: BTreeMap<(u32, u32), Vec<&'i RowAmount>>,
    /// By employee.
    periods: BTreeMap<u32, &'i SeveralPeriods>,
}

/// How much of what tonight's line took the books hold already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rules::balance) struct Again {
    /// Counts of 1/10,000.
    pub(in crate::rules::balance) taken: i64,
    /// The books hold something of the same run or period, and whether it is the same nobody can tell.
    pub(in crate::rules::balance) unclear: bool,
}

impl<'i> ReadBefore<'i> {
    pub(in crate::rules::balance) fn new(
        inputs: &Inputs<'i>,
        people: &People<'_>,
        catalog: &Catalog<'_>,
    ) -> ReadBefore<'i> {
        let mut rows: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in &inputs.payroll.row_amounts {
            if let (Some(emp), Some(label)) = (people.ids.find(&row.employee_id), catalog.labels.find(&row.benefit)) {
                rows.entry((emp, label)).or_default().push(row);
            }
        }
        let periods: BTreeMap<_, _> = inputs
            .payroll
            .periods_of
            .iter()
            .filter_map(|(id, several)| Some((people.ids.find(id)?, several)))
            .collect();
        ReadBefore { rows, periods }
    }

    /// `together`: both payers' amounts are one; `sign`: -1 of a credit.
    pub(in crate::rules::balance) fn again(
        &self,
        statement: &Statement<'_>,
        pair: &Pair,
        (together, sign): (bool, i64),
    ) -> Again {
        let person = statement.person;
        let Some(rows) = self.rows.get(&(pair.emp, pair.label)) else {
            // Amounts of a file of their own name no periods.
            let end = date(person.payday.end);
            let several = self.periods.get(&pair.emp).filter(|_| pair.taken());
            let unclear = several.is_some_and(|held| held.periods.iter().any(|p| statement.employee.knows(p, end)));
            return Again { taken: 0, unclear };
        };
        let usual =
            |period: PayPeriod| self.periods.get(&pair.emp).is_some_and(|several| several.usual.contains(&period.end));
        let mut amounts: Vec<(OfRow, i64)> = Vec::new();
        for row in rows.iter().filter(|row| row.currency == statement.account.currency) {
            let amount = sign * of_account(row, statement.account.payer, together);
            match amounts.iter_mut().find(|(of, _)| *of == row.of) {
                Some((_, sum)) => *sum += amount,
                None => amounts.push((row.of, amount)),
            }
        }
        let each = amounts.into_iter().filter(|(_, amount)| *amount != 0).map(|(of, amount)| match of {
            OfRow::Period(period) => of_period(statement, period, usual(period), amount),
            OfRow::OtherRun(day) => of_other_run(statement, day.map(|day| cell(statement.cells, day)), amount),
        });
        each.fold(Again::default(), |sum, one| Again {
            taken: sum.taken + one.taken,
            unclear: sum.unclear || one.unclear,
        })
    }
}

fn of_account(row: &RowAmount, payer: Payer, together: bool) -> i64 {
    let [employee, employer] = [row.employee, row.employer].map(|amount| amount.unwrap_or_default().0);
    match payer {
        Payer::Employee if together => employee + employer,
        Payer::Employee => employee,
        Payer::Employer => employer,
    }
}

/// A row of an earlier period comes late where its period took nothing. Where it took as much, or could not be judged,
/// the row is that one's again if most of the pay group have such rows (`usual`); of a single person nobody can tell.
fn of_period(statement: &Statement<'_>, period: PayPeriod, usual: bool, amount: i64) -> Again {
    let end = date(statement.person.payday.end);
    let unclear = Again { taken: 0, unclear: true };
    let again = if usual { Again { taken: amount, unclear: false } } else { unclear };
    if !statement.employee.knows(&period, end) {
        return if statement.employee.begins_after(&period) { unclear } else { Again::default() };
    }
    let held = statement.cells.iter().find(|cell| cell.period.end < end && cell.period.holds(&period));
    let benefit = &*statement.account.benefit;
    let unjudged = statement.employee.look(period.end).is_some_and(|benefits| benefits.contains(benefit));
    match held {
        Some(cell) if took(cell, amount) || is_part(cell, period, amount) => again,
        Some(cell) if cell.movements.collected() == 0 => Again::default(),
        None if unjudged => again,
        _ => unclear,
    }
}

/// `of_day`: what the books hold of its day; `None`: the row does not say the day.
fn of_other_run(statement: &Statement<'_>, of_day: Option<Option<&AccountPeriod>>, amount: i64) -> Again {
    let person = statement.person;
    let end = date(person.payday.end);
    match of_day {
        Some(Some(cell)) if cell.period.is_one_day() && cell.period.end != end => match took(cell, amount) {
            true => Again { taken: amount, unclear: false },
            false => Again { taken: 0, unclear: true },
        },
        // The file of its own may have said another day.
        Some(None) => Again { taken: 0, unclear: statement.since_last(person).any(|cell| took(cell, amount)) },
        Some(_) => Again::default(),
        None => Again { taken: 0, unclear: statement.since_last(person).next().is_some() },
    }
}

/// The period is a part of the cell's, and the amount that part of what was taken, but for rounding.
fn is_part(cell: &AccountPeriod, period: PayPeriod, amount: i64) -> bool {
    let days = |period: PayPeriod| Some(i128::from((period.end - period.start?).num_days() + 1));
    let Some((part, whole)) = days(period).zip(days(cell.period)) else { return false };
    (cell.movements.collected() * part - i128::from(amount) * whole).abs() <= whole * i128::from(UNITS_PER_ONE / 100)
}

/// The period took the amount: all in all, or for itself beside a catch-up of others.
fn took(cell: &AccountPeriod, amount: i64) -> bool {
    let taken = cell.movements.get(EntryKind::Taken);
    [cell.movements.collected(), i128::from(taken)].contains(&i128::from(amount))
}
