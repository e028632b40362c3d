//! What history knows of a finding from night to night.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::balance::Ending;
use crate::code::Code;
use crate::correction::CorrectionKind;
use crate::ids::PayrollId;
use crate::money::Currency;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    New,
    Open,
    Reopened,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Open => "open",
            Status::Reopened => "re-opened",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cleared {
    pub id: String,
    pub code: String,
    pub employee_id: PayrollId,
    pub benefit: String,
    pub field: String,
    pub first_seen: NaiveDate,
    pub last_seen: NaiveDate,
    pub nights_open: u32,
    /// How its money ended, and how much it was, counts of 1/10,000 (positive: was owed by the payer); `None`: no
    /// account is kept of it.
    pub ending: Option<(Ending, i128, Currency)>,
}

/// Of whom tonight must say more than what it finds, for something of an earlier night is not settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Whose new hire or termination waits in the queue.
    pub waiting: BTreeSet<PayrollId>,
    /// Open findings on pay and personal data, as code and field.
    pub open: BTreeMap<PayrollId, BTreeSet<(Code, String)>>,
    /// Changes of pay and address that wait in the queue.
    pub changing: BTreeMap<PayrollId, BTreeSet<CorrectionKind>>,
}
