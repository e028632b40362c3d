//! Per benefit, currency and side: payroll − expected, explained code family by code family.

use tieout_model::code::Family;
use tieout_model::control::ControlTotal;
use tieout_model::money::Currency;

use crate::Report;
use crate::table::{Column, Table, amount, currency, text};

pub fn table(report: &Report) -> Table<'_> {
    let mut columns = vec![
        text("benefit", "Benefit", 18, |t: &&ControlTotal| t.benefit.as_str().into()),
        currency(|t| Some(t.currency)),
        text("side", "Side", 10, |t| t.side.name().into()),
        amount("payroll", "Payroll", |t| Some((t.payroll, t.currency))),
        amount("expected", "Expected", |t| Some((t.expected, t.currency))),
        amount("difference", "Difference", |t| Some((t.difference(), t.currency))),
    ];
    columns.extend(families());
    columns.extend([
        amount("tolerated", "Tolerated", |t: &&ControlTotal| Some((t.tolerated, t.currency))),
        amount("unverified", "Unverified", |t| Some((t.unverified, t.currency))),
        amount("out_of_scope", "Out of scope", |t| Some((t.out_of_scope, t.currency))),
        amount("waived", "Waived", |t| Some((t.waived, t.currency))),
        amount("residual", "Residual", |t| Some((t.residual(), t.currency))),
    ]);
    Table::new("control_totals", "Control totals", columns, report.control_totals.iter().collect())
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
    Some((total.by_family.get(&family).copied().unwrap_or(0), total.currency))
}
