//! The tables of the report, in their order. A new one is a file here and its line below.

mod cleared;
mod control_totals;
mod corrections;
mod exceptions;
mod rejects;
mod set_aside;
mod summary;
mod variances;

use tieout_model::finding::SetAside;
use tieout_model::money::{Currency, Money};
use tieout_model::source::Reject;

use crate::Report;
use crate::table::Table;

pub use rejects::table as rejects;
pub use summary::{exposure_by_currency, verdicts};

/// What follows from the judgement.
pub fn judged(report: &Report) -> Vec<Table<'_>> {
    vec![
        summary::table(report),
        control_totals::table(report),
        exceptions::table(report),
        variances::table(report),
        cleared::table(report),
        corrections::table(report),
    ]
}

/// What was not judged.
pub fn not_judged<'r>(
    rejects: &'r [Reject],
    out_of_scope: &'r [SetAside],
    unverified: &'r [SetAside],
) -> Vec<Table<'r>> {
    vec![rejects::table(rejects), set_aside::out_of_scope(out_of_scope), set_aside::unverified(unverified)]
}

/// An amount that may be missing, as a column takes it.
fn wide(amount: Option<(Money, Currency)>) -> Option<(i128, Currency)> {
    amount.map(|(amount, currency)| (i128::from(amount.0), currency))
}
