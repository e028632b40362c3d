//! The plain lists of the pack: cleared findings, corrections, rejects, out of scope, unverified.

use crate::correction::{Change, Correction};
use crate::finding::SetAside;
use crate::money::Money;
use crate::payroll::Reject;

use super::cells::{Cell, amount, currency, safe_id, table};
use super::{Cleared, PackFile, PlannedCorrection, Report};

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
    let row = |c: &'_ Cleared| {
        vec![
            Cell::Owned(c.id.clone()),
            Cell::Owned(c.code.clone()),
            Cell::Owned(c.employee_id.clone()),
            safe_id(&c.employee_id),
            Cell::Owned(c.benefit.clone()),
            Cell::Owned(c.field.clone()),
            Cell::Date(c.first_seen),
            Cell::Date(c.last_seen),
            Cell::Count(u64::from(c.nights_open)),
        ]
    };
    table("cleared.csv", report.head.bom, &CLEARED_COLUMNS, report.cleared.iter().map(row))
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

/// `corrections.csv`: one row a changed field, and what becomes of the correction in the queue.
pub fn corrections(report: &Report) -> anyhow::Result<PackFile> {
    let rows = report
        .corrections
        .iter()
        .flat_map(|planned| planned.correction.changes.iter().map(move |change| correction_row(planned, change)));
    table("corrections.csv", report.head.bom, &CORRECTION_COLUMNS, rows)
}

fn correction_row<'a>(planned: &'a PlannedCorrection, change: &'a Change) -> Vec<Cell<'a>> {
    let correction: &Correction = &planned.correction;
    let list = |text: fn(&(String, crate::finding::Code)) -> String| {
        Cell::Owned(correction.findings.iter().map(text).collect::<Vec<_>>().join(" "))
    };
    vec![
        Cell::Text(&correction.employee_id),
        safe_id(&correction.employee_id),
        Cell::Text(correction.kind.name()),
        Cell::Text(&planned.disposition),
        Cell::Text(&change.field),
        Cell::Text(&change.from),
        Cell::Text(&change.to),
        correction.effective.map_or(Cell::Blank, Cell::Date),
        amount(correction.yearly_difference.map(|(m, c)| (i128::from(m.0), c))),
        currency(correction.yearly_difference.map(|(_, c)| c)),
        Cell::Text(&correction.authority),
        list(|(_, code)| code.name().to_owned()),
        list(|(id, _)| id.clone()),
        Cell::Text(&planned.payload_hash),
    ]
}

const REJECT_COLUMNS: [&str; 7] = ["file", "line", "employee_id", "employee_ref", "column", "found", "reason"];

/// `rejects.csv`: rows of the payroll files that could not be used, with what was there in masked form.
pub fn rejects_file(rejects: &[Reject], bom: bool) -> anyhow::Result<PackFile> {
    let row = |r: &'_ Reject| {
        vec![
            Cell::Owned(r.file.clone()),
            Cell::Count(r.line),
            Cell::Owned(r.employee_id.clone()),
            safe_id(&r.employee_id),
            Cell::Owned(r.column.clone()),
            Cell::Owned(r.masked.clone()),
            Cell::Owned(r.reason.clone()),
        ]
    };
    table("rejects.csv", bom, &REJECT_COLUMNS, rejects.iter().map(row))
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
    let row = |s: &'_ SetAside| {
        let money = |value: Option<Money>| amount(value.zip(s.currency).map(|(m, c)| (i128::from(m.0), c)));
        vec![
            Cell::Owned(s.source.clone()),
            Cell::Owned(s.employee_id.clone()),
            safe_id(&s.employee_id),
            Cell::Owned(s.benefit.clone()),
            Cell::Owned(s.reason.clone()),
            money(s.employee_amount),
            money(s.employer_amount),
            money(s.employee_expected),
            money(s.employer_expected),
            currency(s.currency),
        ]
    };
    table(name, bom, &SET_ASIDE_COLUMNS, rows.iter().map(row))
}
