//! Payroll's deduction lines on small integers, one row an employee, benefit and currency. Several codes of one benefit
//! are added up; sums per row stay far below an `i64`, for each amount is bounded where it was read.

use polars::prelude::*;

use crate::rules::lines::labels::Catalog;
use crate::rules::lines::other_runs::OtherRuns;
use crate::rules::schema::LINES;
use crate::tables::column::frame;
use crate::tables::payroll::PAYROLL_LINES;
use crate::tables::payroll::PayrollTables;

/// Labels and currencies of payroll's kinds of lines, by kind. Separate from [`deducted`], which needs no word besides.
pub(in crate::rules) struct KindWords {
    pub(in crate::rules) labels: Vec<u32>,
    currencies: Vec<u32>,
}

impl KindWords {
    /// Gives them their numbers, and remembers which of them have lines with an employer amount.
    pub(in crate::rules) fn new(payroll: &PayrollTables, catalog: &mut Catalog<'_>) -> PolarsResult<KindWords> {
        let labels: Vec<u32> =
            payroll.kinds.iter().map(|kind| catalog.label_of(&kind.code, kind.benefit.as_deref())).collect();
        let currencies = payroll.kinds.iter().map(|kind| catalog.currencies.number_of(kind.currency)).collect();
        let mut met = vec![(false, false); labels.len()];
        let kinds = PAYROLL_LINES.kind.of(&payroll.lines)?.into_no_null_iter();
        for (kind, amount) in kinds.zip(PAYROLL_LINES.er_amount.of(&payroll.lines)?.iter()) {
            let met = &mut met[kind as usize];
            *met = (true, met.1 || amount.is_some());
        }
        for (label, (_, employer)) in labels.iter().zip(met).filter(|(_, (met, _))| *met) {
            catalog.meet(*label, employer);
        }
        Ok(KindWords { labels, currencies })
    }
}

/// Columns: `emp`, `label`, `a`, `s` (employee, employer; blank counts as 0), `pay_cur`, `dup` (ID04), `pay_rows` (rows
/// of `PayrollTables::lines` in it), `pay_row` (the first of them), `pay_slot` (0, or 1, 2 … for further currencies of
/// one benefit), `pay_mixed` (several currencies). What other runs took is in the amounts; a line of theirs alone has
/// no row.
pub(in crate::rules) fn deducted(
    payroll: &PayrollTables,
    emp_of_person: &[u32],
    catalog: &KindWords,
    others: OtherRuns,
) -> PolarsResult<DataFrame> {
    let lines = &payroll.lines;
    let by_kind = |values: &[u32]| -> PolarsResult<Vec<u32>> {
        Ok(PAYROLL_LINES.kind.of(lines)?.into_no_null_iter().map(|kind| values[kind as usize]).collect())
    };
    let labels = by_kind(&catalog.labels)?;
    let person = PAYROLL_LINES.person.of(lines)?.into_no_null_iter();
    let emp: Vec<u32> = person.map(|p| emp_of_person[p as usize]).collect();
    let currency = by_kind(&catalog.currencies)?;
    let height = lines.height();
    let repeats = repeats(&emp, &labels);
    let table = frame(vec![
        LINES.emp.filled(emp),
        LINES.label.filled(labels),
        LINES.employee_taken.filled(zero_for_null(PAYROLL_LINES.ee_amount.of(lines)?)),
        LINES.employer_taken.filled(zero_for_null(PAYROLL_LINES.er_amount.of(lines)?)),
        LINES.pay_cur.filled(currency),
        PAYROLL_LINES.duplicate.of(lines)?.clone().with_name(LINES.dup.name.into()).into_column(),
        LINES.pay_rows.filled(vec![1; height]),
        LINES.pay_row.filled((0..height as u32).collect()),
    ])?;
    if !others.is_empty() {
        return collapse(others.behind(table)?);
    }
    if repeats { collapse(table) } else { with_slots(table, vec![0; height], vec![false; height]) }
}

fn zero_for_null(amounts: &Int64Chunked) -> impl Iterator<Item = i64> {
    amounts.iter().map(Option::unwrap_or_default)
}

/// Whether any (employee, label) stands more than once; the lines of an employee are neighbours.
fn repeats(emp: &[u32], labels: &[u32]) -> bool {
    let mut start = 0;
    (0..emp.len()).any(|at| {
        if emp[at] != emp[start] {
            start = at;
        }
        labels[start..at].contains(&labels[at])
    })
}

fn collapse(table: DataFrame) -> PolarsResult<DataFrame> {
    let table = table
        .lazy()
        .group_by([LINES.emp.expr(), LINES.label.expr(), LINES.pay_cur.expr()])
        .agg([
            LINES.employee_taken.expr().sum(),
            LINES.employer_taken.expr().sum(),
            LINES.dup.expr().max(),
            LINES.pay_rows.expr().sum(),
            LINES.pay_row.expr().min(),
        ])
        .sort([LINES.emp.name, LINES.label.name, LINES.pay_cur.name], SortMultipleOptions::default())
        .collect()?;
    let (slots, mixed) = slots(&table)?;
    with_slots(table, slots, mixed)
}

/// Numbers the rows of one (employee, label), which are neighbours, and says which stand beside another.
pub(in crate::rules) fn slots(table: &DataFrame) -> PolarsResult<(Vec<u32>, Vec<bool>)> {
    let emp = LINES.emp.of(table)?.into_no_null_iter();
    let keys: Vec<(u32, u32)> = emp.zip(LINES.label.of(table)?.into_no_null_iter()).collect();
    let mut slots = vec![0; keys.len()];
    let mut mixed = vec![false; keys.len()];
    for at in 1..keys.len() {
        if keys[at] == keys[at - 1] {
            slots[at] = slots[at - 1] + 1;
            (mixed[at - 1], mixed[at]) = (true, true);
        }
    }
    Ok((slots, mixed))
}

fn with_slots(table: DataFrame, slots: Vec<u32>, mixed: Vec<bool>) -> PolarsResult<DataFrame> {
    table.hstack(&[LINES.pay_slot.filled(slots), LINES.pay_mixed.filled(mixed)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_benefit_that_stands_twice_for_one_employee_is_noticed() {
        assert!(!repeats(&[1, 1, 2, 2], &[5, 6, 5, 6]));
        assert!(repeats(&[1, 1, 1], &[5, 6, 5]));
        assert!(!repeats(&[], &[]));
    }
}
