//! What stands behind a finding: the pay periods in which it was seen, and the accounts of its benefit. The page shows
//! it on demand, and has it for the first findings alone, which keeps it small.

use chrono::NaiveDate;

use tieout_model::balance::{Account, EntryKind, PayPeriod};
use tieout_model::money::Currency;

/// Findings that the page tells this of, the gravest and costliest.
pub const BEHIND_FINDINGS_MAX: usize = 2_000;
/// Newest pay periods of a finding, and newest entries of an account, that the page shows.
pub const BEHIND_LINES_MAX: usize = 24;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Pay periods in which it was seen, oldest first, tonight's last: the last day, and the exposure in counts of
    /// 1/10,000; `None`: not computed.
    pub periods: Vec<(NaiveDate, Option<(i128, Currency)>)>,
    /// Of the employee, the benefit and who pays.
    pub accounts: Vec<AccountBehind>,
}

/// An account of the benefit ledger with its newest entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBehind {
    pub account: Account,
    /// Entries before those that are shown.
    pub left_out: usize,
    /// Oldest first.
    pub entries: Vec<EntryBehind>,
}

/// An entry as it moves the balance; counts of 1/10,000, positive is owed by the payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryBehind {
    /// The night that posted it, or the day of a write-off.
    pub posted: NaiveDate,
    pub period: PayPeriod,
    pub kind: EntryKind,
    pub amount: i128,
    /// After the entry.
    pub balance: i128,
}
