//! The tables of the report, in their order; in each, what a reviewer decides by comes first, ids and evidence last. A
//! new one is a file here and its line below.

mod ageing;
mod balances;
mod by_cost;
mod cleared;
mod control_totals;
mod corrections;
mod decisions;
mod exceptions;
mod groups;
mod rejects;
mod roll_forward;
mod set_aside;
mod summary;
mod variances;
mod waived;

use tieout_model::finding::SetAside;
use tieout_model::money::{Currency, Money};
use tieout_model::source::Reject;

use crate::Report;
use crate::names::ShownNames;
use crate::table::Table;

pub use cleared::{AMOUNT as CLEARED_AMOUNT, NAME as CLEARED};
pub use exceptions::{AGES, NAME as EXCEPTIONS, age_bucket};
pub use rejects::table as rejects;
pub use summary::{
    EVERYTHING_READ, Verdict, exposure_by_currency, exposure_by_direction, verdicts, waived_by_currency,
};
pub use waived::{NAME as WAIVED, amounts};

/// What follows from the judgement.
pub fn judged(report: &Report) -> Vec<Table<'_>> {
    let tables = vec![
        summary::table(report),
        control_totals::table(report),
        balances::table(report),
        exceptions::table(report),
        waived::table(report),
        variances::table(report),
        cleared::table(report),
        groups::table(report),
        by_cost::table(report),
        roll_forward::table(report),
        ageing::table(report),
        corrections::table(report),
    ];
    named(tables, &report.names)
}

/// The sheets of the workbook, in their order.
pub fn sheets(report: &Report) -> Vec<Table<'_>> {
    let mut sheets = vec![
        exceptions::sheet(report),
        groups::sheet(report),
        by_cost::table(report),
        decisions::table(report),
        waived::table(report),
        control_totals::table(report),
        balances::table(report),
        roll_forward::table(report),
        ageing::table(report),
        cleared::table(report),
        variances::table(report),
    ];
    sheets = named(sheets, &report.names);
    sheets.extend(not_judged(&report.rejects, &report.out_of_scope, &report.unverified, &report.names));
    sheets.push(summary::table(report));
    sheets
}

fn named<'r>(tables: Vec<Table<'r>>, names: &'r ShownNames) -> Vec<Table<'r>> {
    tables.into_iter().map(|table| table.with_names(names)).collect()
}

/// What was not judged.
pub fn not_judged<'r>(
    rejects: &'r [Reject],
    out_of_scope: &'r [SetAside],
    unverified: &'r [SetAside],
    names: &'r ShownNames,
) -> Vec<Table<'r>> {
    let tables =
        vec![rejects::table(rejects), set_aside::out_of_scope(out_of_scope), set_aside::unverified(unverified)];
    named(tables, names)
}

/// The one sign of the report: positive is still due, so payroll took too little; negative was taken too much. The
/// proofs count payroll − expected.
pub fn due(payroll_less_expected: i128) -> i128 {
    -payroll_less_expected
}

/// An amount that may be missing, as a column takes it.
fn wide(amount: Option<(Money, Currency)>) -> Option<(i128, Currency)> {
    amount.map(|(amount, currency)| (i128::from(amount.0), currency))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn what_is_judged_has_a_sheet_and_a_section_of_the_page() {
        let report = sample::report();
        let sheets: Vec<&str> = sheets(&report).iter().map(|table| table.name).collect();
        for table in judged(&report) {
            assert!(sheets.contains(&table.name), "{} is no sheet", table.name);
        }
    }
}
