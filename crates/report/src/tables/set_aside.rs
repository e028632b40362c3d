//! What was not judged, and why: on purpose, or because it could not be fetched, parsed or compared.

use tieout_model::finding::SetAside;
use tieout_model::money::{Currency, Money};

use crate::table::{Table, adds_up, amount, currency, employee, text};

pub fn out_of_scope(rows: &[SetAside]) -> Table<'_> {
    table("out_of_scope", "Out of scope", rows)
}

pub fn unverified(rows: &[SetAside]) -> Table<'_> {
    table("unverified", "Unverified", rows)
}

fn table<'r>(name: &'static str, title: &'static str, rows: &'r [SetAside]) -> Table<'r> {
    let columns = vec![
        text("source", "Source", 10, |s: &&SetAside| s.source.into()),
        employee(|s| s.employee_id.as_str()),
        text("benefit", "Benefit", 18, |s| s.benefit.as_str().into()),
        text("reason", "Reason", 70, |s| s.reason.as_ref().into()),
        adds_up(amount("payroll_employee", "Payroll, employee", |s| money(s, s.employee_amount))),
        adds_up(amount("payroll_employer", "Payroll, employer", |s| money(s, s.employer_amount))),
        adds_up(amount("expected_employee", "Expected, employee", |s| money(s, s.employee_expected))),
        adds_up(amount("expected_employer", "Expected, employer", |s| money(s, s.employer_expected))),
        currency(|s| s.currency),
    ];
    Table::new(name, title, columns, rows.iter().collect())
}

fn money(row: &SetAside, value: Option<Money>) -> Option<(i128, Currency)> {
    super::wide(value.zip(row.currency))
}
