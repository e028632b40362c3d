//! What earlier periods and other runs say of why a line differs: told beside the finding, never in its place.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::PolarsResult;

use crate::balance::AccountPeriod;
use crate::rules::lines::other_runs::counted;
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::write::money;
use tieout_model::balance::{Account, EntryKind, PayPeriod};
use tieout_model::finding::{Code, Payer};
use tieout_model::money::Currency;

/// A cause of a finding, and the words that its sentence ends with.
pub(in crate::rules) struct Cause {
    pub(in crate::rules) code: Code,
    pub(in crate::rules) words: String,
}

/// AM07: payroll takes what was due by the record before the one in force, which has been in force all the period.
pub(in crate::rules) fn stale_rate(night: &Night<'_>, line: &Line, payer: Payer) -> PolarsResult<Option<Cause>> {
    let (start, _) = night.period(line.emp)?;
    let (taken, _, due_cur) = line.amounts(payer);
    let currency = night.currency(line.pay_cur.max(due_cur));
    let (Some(from), Some(currency)) = (night.begins(line)?.filter(|from| *from <= start), currency) else {
        return Ok(None);
    };
    // The rate may be stale for some periods: what counts is the last one before the change.
    let before = last_before(night, line, payer, currency, start, |cell| cell.cover_from != Some(from));
    let stale = before.filter(|cell| {
        let rate = cell.movements.get(EntryKind::Expected);
        rate != 0 && (rate - taken).abs() <= line.tolerance
    });
    Ok(stale.map(|cell| Cause {
        code: Code::AM07,
        words: format!("It is the amount that was due in {}, before the change of {from} (AM07).", cell.period),
    }))
}

/// EN14: the benefit was due in the period before, nobody says that it ended, and its record is gone.
pub(in crate::rules) fn vanished(night: &Night<'_>, line: &Line) -> PolarsResult<Option<Cause>> {
    let (start, _) = night.period(line.emp)?;
    let Some(currency) = night.currency(line.pay_cur).filter(|_| line.bx_row.is_none()) else { return Ok(None) };
    let due = |payer: Payer| {
        let cell = last_before(night, line, payer, currency, start, |_| true);
        let was_due = |cell: &&AccountPeriod| !cell.is_unsettled() && cell.movements.get(EntryKind::Expected) > 0;
        cell.filter(was_due).map(|cell| cell.period)
    };
    let last: Option<PayPeriod> = Payer::BOTH.into_iter().filter_map(due).max();
    Ok(last.map(|period| Cause {
        code: Code::EN14,
        words: format!("It was due in {period}, and its record has vanished from Benifex since (EN14)."),
    }))
}

/// What was posted to a line's account for the newest period that ended before this day, of those that `counts`.
fn last_before<'n>(
    night: &'n Night<'_>,
    line: &Line,
    payer: Payer,
    currency: Currency,
    day: NaiveDate,
    counts: impl Fn(&AccountPeriod) -> bool,
) -> Option<&'n AccountPeriod> {
    let employee = night.inputs.books.of(night.id(line.emp));
    let account = Account { benefit: night.label(line).into(), payer, currency };
    let last = employee.cells(&account).iter().rfind(|cell| cell.period.end < day && counts(cell));
    // What was due then is not known.
    last.filter(|cell| !cell.is_unsettled())
}

/// What off-cycle and correction runs took of each employee, by benefit; amounts of employee and employer, counts of
/// 1/10,000.
pub(in crate::rules) struct OffCycle<'n>(BTreeMap<(u32, &'n str), [i64; 2]>);

impl<'n> OffCycle<'n> {
    pub(in crate::rules) fn new(night: &'n Night<'_>) -> OffCycle<'n> {
        let mut taken: BTreeMap<(u32, &str), [i64; 2]> = BTreeMap::new();
        for (emp, _, aside) in counted(night.inputs, &night.people) {
            let sums = taken.entry((emp, &aside.benefit)).or_default();
            for (sum, amount) in sums.iter_mut().zip([aside.employee_amount, aside.employer_amount]) {
                *sum = sum.saturating_add(amount.map_or(0, |amount| amount.0));
            }
        }
        OffCycle(taken)
    }

    /// TM10: the regular run and another one took the whole amount each.
    pub(in crate::rules) fn repeats(&self, night: &Night<'_>, line: &Line, payer: Payer) -> Option<Cause> {
        let other = self.0.get(&(line.emp, night.label(line)))?[payer as usize];
        let (taken, due, due_cur) = line.amounts(payer);
        let whole = |amount: i64| due > 0 && (amount - due).abs() <= line.tolerance;
        (whole(other) && whole(taken - other)).then(|| Cause {
            code: Code::TM10,
            words: format!(
                "The regular run and an off-cycle run took {} each (TM10).",
                money(due, night.currency(line.pay_cur.max(due_cur)))
            ),
        })
    }
}
