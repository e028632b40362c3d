//! Rows of tonight's file that an earlier night read: of a period that was judged, in a file that goes over several of
//! them, and of runs beside the regular one that had a file of their own. What they took stands in the books.

use std::collections::BTreeMap;

use super::line::Statement;
use crate::balance::{Cell, cell};
use crate::rules::Inputs;
use crate::rules::everybody::Person;
use crate::rules::pair::Pair;
use crate::rules::people::{People, date};
use crate::rules::words::Words;
use tieout_model::balance::{EntryKind, PayPeriod};
use tieout_model::finding::Payer;
use tieout_payroll::{OfRow, RowAmount};

/// By employee and label: the rows that an earlier file may have had.
#[derive(Debug, Default)]
pub(super) struct ReadBefore<'i>(BTreeMap<(u32, u32), Vec<&'i RowAmount>>);

/// How much of what tonight's line took the books hold already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Again {
    /// Counts of 1/10,000.
    pub(super) taken: i64,
    /// The books hold something of the same run or period, and whether it is the same nobody can tell.
    pub(super) unclear: bool,
}

impl<'i> ReadBefore<'i> {
    pub(super) fn new(inputs: &Inputs<'i>, people: &People<'_>, words: &Words<'_>) -> ReadBefore<'i> {
        let mut rows: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in &inputs.payroll.row_amounts {
            if let (Some(emp), Some(label)) = (people.ids.find(&row.employee_id), words.labels.find(&row.benefit)) {
                rows.entry((emp, label)).or_default().push(row);
            }
        }
        ReadBefore(rows)
    }

    /// `together`: both payers' amounts are one.
    pub(super) fn again(&self, statement: &Statement<'_>, person: &Person, pair: &Pair, together: bool) -> Again {
        let Some(rows) = self.0.get(&(pair.emp, pair.label)) else { return Again::default() };
        let mut amounts: Vec<(OfRow, i64)> = Vec::new();
        for row in rows.iter().filter(|row| row.currency == statement.account.currency) {
            let amount = of_account(row, statement.account.payer, together);
            match amounts.iter_mut().find(|(of, _)| *of == row.of) {
                Some((_, sum)) => *sum += amount,
                None => amounts.push((row.of, amount)),
            }
        }
        let each = amounts.into_iter().filter(|(_, amount)| *amount != 0).map(|(of, amount)| match of {
            OfRow::Period(period) => of_period(statement, person, period, amount),
            OfRow::OtherRun(day) => of_other_run(statement, person, day.map(|day| cell(statement.cells, day)), amount),
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

/// A row of an earlier period comes late where its period took nothing, and is repeated where it took as much, or
/// could not be judged.
fn of_period(statement: &Statement<'_>, person: &Person, period: PayPeriod, amount: i64) -> Again {
    let end = date(person.payday.end);
    if !statement.employee.knows(&period, end) {
        return Again::default();
    }
    let held = statement.cells.iter().find(|cell| cell.period.end < end && cell.period.holds(&period));
    let unjudged =
        statement.employee.look(period.end).is_some_and(|benefits| benefits.contains(&*statement.account.benefit));
    match held {
        Some(cell) if took(cell, amount) => Again { taken: amount, unclear: false },
        Some(cell) if cell.movements.collected() != 0 => Again { taken: 0, unclear: true },
        None if unjudged => Again { taken: amount, unclear: false },
        _ => Again::default(),
    }
}

/// `of_day`: what the books hold of its day; `None`: the row does not say the day.
fn of_other_run(statement: &Statement<'_>, person: &Person, of_day: Option<Option<&Cell>>, amount: i64) -> Again {
    let (start, end) = (date(person.payday.start), date(person.payday.end));
    let paid = person.payday.date.map_or(end, date).max(end);
    match of_day {
        Some(Some(cell)) if cell.period.is_one_day() && cell.period.end != end => match took(cell, amount) {
            true => Again { taken: amount, unclear: false },
            false => Again { taken: 0, unclear: true },
        },
        Some(_) => Again::default(),
        None => {
            let mut days = statement.cells.iter().filter(|cell| cell.period.is_one_day());
            let unclear = days.any(|cell| (start..=paid).contains(&cell.period.end) && cell.period.end != end);
            Again { taken: 0, unclear }
        }
    }
}

/// The period took the amount: all in all, or for itself beside a catch-up of others.
fn took(cell: &Cell, amount: i64) -> bool {
    let taken = cell.movements.get(EntryKind::Taken);
    [cell.movements.collected(), i128::from(taken)].contains(&i128::from(amount))
}
