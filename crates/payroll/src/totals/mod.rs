//! Control totals: the trailing totals rows of a file, and how a stated total is held against what was read.
//!
//! A totals row begins, in its first cell, with the job's `totals_row` text. What it states is the sum over the rows of
//! its own file, off-cycle runs included. A cell in the currency column limits it to that currency, so a file with two
//! currencies has two totals rows; in the long layout a cell in the code column limits it to that code. The number of
//! data rows may follow the text (`TOTAL 40`), stand in the id column, or stand in the second cell when that is not an
//! amount.

pub(super) mod control;

use crate::ControlCheck;
use crate::cells::amounts::MoneyParser;
use crate::deductions::lines::{Codes, Sum, Sums};
use crate::deductions::{Amounts, CodeColumns, DeductionColumns};
use crate::people::person::Faults;
use crate::rows::Row;
use crate::settings;
use tieout_model::finding::Payer;
use tieout_model::money::{Currency, Money};

/// What stands between the text of a totals row and its number of rows.
const COUNT_MARKS: [char; 6] = [':', '(', ')', '#', '=', '-'];

/// Where a totals row keeps what.
#[derive(Clone, Copy, Debug)]
pub(super) struct TotalsColumns<'c> {
    pub id: usize,
    pub currency: Option<usize>,
    pub deductions: &'c DeductionColumns,
}

/// A totals row as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TotalsRow {
    pub line: u64,
    pub rows: Option<u64>,
    pub currency: Option<Currency>,
    pub stated: Vec<Stated>,
}

/// One amount that a totals row states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    /// `None`: all codes together.
    pub code: Option<String>,
    pub payer: Payer,
    pub amount: Money,
}

/// `Some` when the first cell has the text of totals rows; in it the number of rows, when one follows the text.
pub(super) fn begins_totals(row: &Row<'_>, text: &str) -> Option<Option<u64>> {
    let first = row.text(0).ok()?;
    let (head, rest) = first.split_at_checked(text.len())?;
    if !head.eq_ignore_ascii_case(text) {
        return None;
    }
    let count = rest.trim_matches(|c: char| c.is_whitespace() || COUNT_MARKS.contains(&c));
    match (count.is_empty(), rest.starts_with(|c: char| c.is_alphanumeric())) {
        (true, _) => Some(None),
        (false, false) => count.parse().ok().map(Some),
        (false, true) => None,
    }
}

/// Reads a totals row; what cannot be read becomes a fault.
pub(super) fn parse_totals(
    row: &Row<'_>,
    after_text: Option<u64>,
    columns: TotalsColumns<'_>,
    codes: &Codes,
    settings: &settings::Payroll,
    faults: &mut Faults,
) -> TotalsRow {
    let mut amounts = Amounts { money: &mut MoneyParser::new(settings), settings, row, faults };
    let currency = amounts.currency(columns.currency, None);
    let mut stated = Vec::new();
    let mut state = |code: Option<&str>, payer, at| {
        if let Some(amount) = amounts.of(payer, at, currency) {
            stated.push(Stated { code: code.map(str::to_owned), payer, amount });
        }
    };
    match columns.deductions {
        DeductionColumns::None => {}
        DeductionColumns::Wide(pairs) => {
            for pair in pairs {
                let code = codes.names[pair.code as usize].as_str();
                state(Some(code), Payer::Employee, pair.employee);
                state(Some(code), Payer::Employer, pair.employer);
            }
        }
        DeductionColumns::Coded { groups, .. } => {
            for CodeColumns { code, employee, employer, .. } in groups {
                let code = row.text(*code).ok().filter(|c| !c.is_empty() && *code != 0);
                state(code, Payer::Employee, Some(*employee));
                state(code, Payer::Employer, *employer);
            }
        }
    }
    let rows = after_text.or_else(|| row_count(row, columns));
    TotalsRow { line: row.line, rows, currency, stated }
}

fn row_count(row: &Row<'_>, columns: TotalsColumns<'_>) -> Option<u64> {
    let taken = match columns.deductions {
        DeductionColumns::None => false,
        DeductionColumns::Wide(pairs) => pairs.iter().any(|p| p.employee == Some(1) || p.employer == Some(1)),
        DeductionColumns::Coded { groups, .. } => {
            groups.iter().any(|g| [g.code, g.employee].contains(&1) || g.employer == Some(1))
        }
    };
    let whole = |at: usize| row.text(at).ok()?.parse().ok();
    let in_id = if columns.id == 0 { None } else { whole(columns.id) };
    in_id.or_else(|| if taken { None } else { whole(1) })
}

/// The check of a number of rows.
pub(super) fn row_check(source: &str, stated: u64, found: u64) -> ControlCheck {
    ControlCheck {
        source: source.to_owned(),
        what: "rows".to_owned(),
        stated: stated.into(),
        found: found.into(),
        currency: None,
    }
}

/// What was read for a code, or for all, in a currency, or in the only one there is. `None`: several currencies.
pub(super) fn found(
    sums: &Sums,
    codes: &Codes,
    code: Option<&str>,
    currency: Option<Currency>,
) -> Option<(Sum, Option<Currency>)> {
    let number = code.map(|c| codes.find(c));
    let mut total = (Sum::default(), currency);
    for (&(of_code, of_currency), sum) in sums {
        let other_code = number.is_some_and(|n| n != Some(of_code));
        if other_code || currency.is_some_and(|c| c != of_currency) {
            continue;
        }
        if total.1.is_some_and(|c| c != of_currency) {
            return None;
        }
        total.0.add(*sum);
        total.1 = Some(of_currency);
    }
    Some(total)
}

/// `ee_amount MED USD`, the parts that are known.
pub(super) fn what(amount: &str, code: Option<&str>, currency: Option<Currency>) -> String {
    let parts = [Some(amount), code, currency.as_ref().map(Currency::code)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

impl TotalsRow {
    /// Holds the row against what was read; `None` when it adds currencies together, which proves nothing.
    pub fn checks(&self, sums: &Sums, codes: &Codes, data_rows: u64) -> Option<Vec<ControlCheck>> {
        const SOURCE: &str = "totals row";
        let mut checks: Vec<ControlCheck> =
            self.rows.map(|stated| row_check(SOURCE, stated, data_rows)).into_iter().collect();
        for stated in &self.stated {
            let (sum, currency) = found(sums, codes, stated.code.as_deref(), self.currency)?;
            checks.push(ControlCheck {
                source: SOURCE.to_owned(),
                what: what(stated.payer.amount_field(), stated.code.as_deref(), currency),
                stated: stated.amount.0.into(),
                found: match stated.payer {
                    Payer::Employee => sum.employee,
                    Payer::Employer => sum.employer,
                },
                currency,
            });
        }
        Some(checks)
    }
}

/// The failed check of a job that names a totals row and a file that has none: it may have been cut off.
pub(super) fn absent_totals_row() -> ControlCheck {
    ControlCheck {
        source: "totals row".to_owned(),
        what: "totals rows".to_owned(),
        stated: 1,
        found: 0,
        currency: None,
    }
}
