//! The plain lists of the pack: cleared findings, corrections, rejects, out of scope, unverified.

use std::collections::BTreeSet;

use tieout_model::correction::{Change, Correction};
use tieout_model::finding::SetAside;
use tieout_model::money::Money;
use tieout_model::source::Reject;

use crate::cells::{Cell, amount, currency, safe_id, table};
use crate::{PackFile, PlannedCorrection, Report};
use tieout_model::history::Cleared;

const CLEARED_COLUMNS: [&str; 9] = [
    "exception_id",
    "code",
    "employee_id",
    "employee_ref",
    "benefit",
    "field",
    "first_seen",
    "last_seen",
    "nights_open",
];

/// `cleared.csv`: what tonight's complete evidence no longer shows.
pub fn cleared(report: &Report) -> anyhow::Result<PackFile> {
    table("cleared.csv", report.head.bom, &CLEARED_COLUMNS, report.cleared.iter().map(cleared_row))
}

fn cleared_row(c: &Cleared) -> Vec<Cell<'_>> {
    vec![
        Cell::Text(&c.id),
        Cell::Text(&c.code),
        Cell::Text(&c.employee_id),
        safe_id(&c.employee_id),
        Cell::Text(&c.benefit),
        Cell::Text(&c.field),
        Cell::Date(c.first_seen),
        Cell::Date(c.last_seen),
        Cell::Count(u64::from(c.nights_open)),
    ]
}

const CORRECTION_COLUMNS: [&str; 14] = [
    "employee_id",
    "employee_ref",
    "kind",
    "queue",
    "field",
    "from",
    "to",
    "effective",
    "yearly_difference",
    "currency",
    "authority",
    "codes",
    "exception_ids",
    "payload_hash",
];

/// `corrections.csv`: one row a changed field, and what becomes of the correction in the queue. The yearly difference
/// stands in the first row of a correction only, so that the column adds up.
pub fn corrections(report: &Report) -> anyhow::Result<PackFile> {
    let rows = report
        .corrections
        .iter()
        .flat_map(|planned| (0..).zip(&planned.correction.changes).map(move |at| correction_row(planned, at)));
    table("corrections.csv", report.head.bom, &CORRECTION_COLUMNS, rows)
}

fn correction_row<'a>(planned: &'a PlannedCorrection, (at, change): (usize, &'a Change)) -> Vec<Cell<'a>> {
    let correction: &Correction = &planned.correction;
    let yearly = correction.yearly_difference.filter(|_| at == 0);
    let codes: BTreeSet<&str> = correction.findings.iter().map(|(_, code)| code.name()).collect();
    let ids: Vec<&str> = correction.findings.iter().map(|(id, _)| id.as_str()).collect();
    vec![
        Cell::Text(&correction.employee_id),
        safe_id(&correction.employee_id),
        Cell::Text(correction.kind().name()),
        Cell::Text(&planned.disposition),
        Cell::Text(&change.field),
        Cell::Text(&change.from),
        Cell::Text(&change.to),
        correction.effective.map_or(Cell::Blank, Cell::Date),
        amount(yearly.map(|(m, c)| (i128::from(m.0), c))),
        currency(yearly.map(|(_, c)| c)),
        Cell::Text(&correction.authority),
        Cell::Owned(codes.into_iter().collect::<Vec<_>>().join(" ")),
        Cell::Owned(ids.join(" ")),
        Cell::Text(&planned.payload_hash),
    ]
}

const REJECT_COLUMNS: [&str; 7] = ["file", "line", "employee_id", "employee_ref", "column", "found", "reason"];

/// `rejects.csv`: rows of the payroll files that could not be used, with what was there in masked form.
pub fn rejects_file(rejects: &[Reject], bom: bool) -> anyhow::Result<PackFile> {
    table("rejects.csv", bom, &REJECT_COLUMNS, rejects.iter().map(reject_row))
}

fn reject_row(r: &Reject) -> Vec<Cell<'_>> {
    vec![
        Cell::Text(&r.file),
        Cell::Count(r.line),
        Cell::Text(&r.employee_id),
        safe_id(&r.employee_id),
        Cell::Text(&r.column),
        Cell::Text(&r.masked),
        Cell::Text(&r.reason),
    ]
}

const SET_ASIDE_COLUMNS: [&str; 10] = [
    "source",
    "employee_id",
    "employee_ref",
    "benefit",
    "reason",
    "payroll_employee",
    "payroll_employer",
    "expected_employee",
    "expected_employer",
    "currency",
];

/// `out_of_scope.csv`: what was not judged on purpose, and why.
pub fn out_of_scope(rows: &[SetAside], bom: bool) -> anyhow::Result<PackFile> {
    set_aside("out_of_scope.csv", rows, bom)
}

/// `unverified.csv`: what could not be fetched, parsed or compared, and why.
pub fn unverified(rows: &[SetAside], bom: bool) -> anyhow::Result<PackFile> {
    set_aside("unverified.csv", rows, bom)
}

fn set_aside(name: &'static str, rows: &[SetAside], bom: bool) -> anyhow::Result<PackFile> {
    table(name, bom, &SET_ASIDE_COLUMNS, rows.iter().map(set_aside_row))
}

fn set_aside_row(s: &SetAside) -> Vec<Cell<'_>> {
    let money = |value: Option<Money>| amount(value.zip(s.currency).map(|(m, c)| (i128::from(m.0), c)));
    vec![
        Cell::Text(s.source),
        Cell::Text(&s.employee_id),
        safe_id(&s.employee_id),
        Cell::Text(&s.benefit),
        Cell::Text(&s.reason),
        money(s.employee_amount),
        money(s.employer_amount),
        money(s.employee_expected),
        money(s.employer_expected),
        currency(s.currency),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::correction::{CompensationChange, Payload};
    use tieout_model::finding::Code;
    use tieout_model::money::Currency;

    #[test]
    fn the_yearly_difference_stands_once_a_correction_and_each_code_once() {
        let change = |field: &str| Change { field: field.to_owned(), from: "a".to_owned(), to: "b".to_owned() };
        let correction = Correction {
            employee_id: "00123".to_owned(),
            payload: Payload::Compensation(CompensationChange {
                employee_id: "emp_1".into(),
                pay_frequency: None,
                pay_rate: None,
                employment_status: None,
            }),
            effective: None,
            authority: "payroll".to_owned(),
            changes: vec![change("base_salary"), change("pay_frequency")],
            yearly_difference: Currency::parse("USD").map(|usd| (Money::units(100), usd)),
            findings: vec![("f2".to_owned(), Code::CO07), ("f1".to_owned(), Code::CO07), ("f3".to_owned(), Code::CO01)],
        };
        let planned =
            PlannedCorrection { correction, disposition: "propose".to_owned(), payload_hash: "ab".to_owned() };
        let rows: Vec<_> =
            planned.correction.changes.iter().enumerate().map(|at| correction_row(&planned, at)).collect();
        let texts = |row: &[Cell<'_>]| {
            row[8..13].iter().map(|cell| cell.text(&mut String::new()).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(texts(&rows[0]), ["100.00", "USD", "payroll", "CO01 CO07", "f2 f1 f3"]);
        assert_eq!(texts(&rows[1]), ["", "", "payroll", "CO01 CO07", "f2 f1 f3"]);
    }
}
