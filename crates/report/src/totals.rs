//! `control_totals.csv`: per benefit, currency and side, payroll − expected, explained code family by code family.

use crate::cells::{Cell, table};
use crate::{PackFile, Report};
use tieout_model::code::Family;

/// The families that explain deduction money, in the order of explanation; each is a column.
const FAMILIES: [Family; 6] =
    [Family::Completeness, Family::Identity, Family::Currency, Family::Existence, Family::Timing, Family::Amount];

const COLUMNS: [&str; 17] = [
    "benefit",
    "currency",
    "side",
    "payroll",
    "expected",
    "difference",
    "ct_completeness",
    "id_identity",
    "cu_currency",
    "en_existence",
    "tm_timing",
    "am_amount",
    "tolerated",
    "unverified",
    "out_of_scope",
    "waived",
    "residual",
];

pub fn file(report: &Report) -> anyhow::Result<PackFile> {
    let rows = report.control_totals.iter().map(|total| {
        let amount = |counts: i128| Cell::Amount(counts, total.currency);
        let mut row = vec![
            Cell::Text(&total.benefit),
            Cell::Owned(total.currency.code().to_owned()),
            Cell::Text(total.side.name()),
            amount(total.payroll),
            amount(total.expected),
            amount(total.difference()),
        ];
        row.extend(FAMILIES.map(|family| amount(total.by_family.get(&family).copied().unwrap_or(0))));
        row.extend([total.tolerated, total.unverified, total.out_of_scope, total.waived, total.residual()].map(amount));
        row
    });
    table("control_totals.csv", report.head.bom, &COLUMNS, rows)
}
