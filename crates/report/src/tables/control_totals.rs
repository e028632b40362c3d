//! Per benefit, currency and payer: expected − payroll, explained code family by code family.

use tieout_model::code::Family;
use tieout_model::control::ControlTotal;
use tieout_model::money::Currency;

use super::due;
use crate::Report;
use crate::table::{Column, Table, Term, adds_up, amount, currency, sum_of, text};

const DIFFERENCE: [Term; 2] = [Term::Plus("expected"), Term::Minus("payroll")];
/// What nothing explains.
const RESIDUAL: [Term; 13] = [
    Term::Plus("difference"),
    Term::Minus("ct_completeness"),
    Term::Minus("id_identity"),
    Term::Minus("cu_currency"),
    Term::Minus("en_existence"),
    Term::Minus("tm_timing"),
    Term::Minus("am_amount"),
    Term::Minus("tolerated"),
    Term::Minus("settled"),
    Term::Minus("unverified"),
    Term::Minus("rejected"),
    Term::Minus("out_of_scope"),
    Term::Minus("waived"),
];

pub fn table(report: &Report) -> Table<'_> {
    let mut columns = vec![
        text("benefit", "Benefit", 18, |t: &&ControlTotal| t.benefit.as_str().into()),
        currency(|t| Some(t.currency)),
        text("side", "Payer", 10, |t| t.payer.name().into()),
        amount("payroll", "Payroll", |t| Some((t.payroll, t.currency))),
        amount("expected", "Expected", |t| Some((t.expected, t.currency))),
        sum_of(&DIFFERENCE, amount("difference", "Difference", |t| money(t, t.difference()))),
    ];
    columns.extend(families());
    columns.extend([
        amount("tolerated", "Tolerated", |t: &&ControlTotal| money(t, t.tolerated)),
        amount("settled", "Settled", |t| money(t, t.settled)),
        amount("unverified", "Unverified", |t| money(t, t.unverified)),
        amount("rejected", "Rejected rows", |t| money(t, t.rejected)),
        amount("out_of_scope", "Out of scope", |t| money(t, t.out_of_scope)),
        amount("waived", "Waived", |t| money(t, t.waived)),
        sum_of(&RESIDUAL, amount("residual", "Residual", |t| money(t, t.residual()))),
    ]);
    let columns = columns.into_iter().map(adds_up).collect();
    Table::new("control_totals", "Control totals", columns, report.control_totals.iter().collect())
}

fn money(total: &ControlTotal, payroll_less_expected: i128) -> Option<(i128, Currency)> {
    Some((due(payroll_less_expected), total.currency))
}

/// The families that explain deduction money, in the order of explanation.
fn families<'r>() -> [Column<&'r ControlTotal>; 6] {
    [
        amount("ct_completeness", "Completeness", |t| of(t, Family::Completeness)),
        amount("id_identity", "Identity", |t| of(t, Family::Identity)),
        amount("cu_currency", "Currency differs", |t| of(t, Family::Currency)),
        amount("en_existence", "Existence", |t| of(t, Family::Existence)),
        amount("tm_timing", "Timing", |t| of(t, Family::Timing)),
        amount("am_amount", "Amount", |t| of(t, Family::Amount)),
    ]
}

fn of(total: &ControlTotal, family: Family) -> Option<(i128, Currency)> {
    money(total, total.by_family.get(&family).copied().unwrap_or(0))
}
