//! Corrections: the Benbase changes that put pay, status and address right, as typed values, and their plan. Planning
//! is in `correction/plan.rs`; validation against the contract in `correction/validate.rs`. No frames, no SQL, no
//! network.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::finding::Code;
use crate::money::{Currency, Money};

/// Which Benbase operation a correction uses. One live item per employee and kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Compensation,
    Demographic,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Compensation => "compensation",
            Kind::Demographic => "demographic",
        }
    }
}

/// Body of a Benbase change, exactly as it is sent (contracts, benbase.openapi.yaml). Money is decimal text with two
/// places; absent fields are left out, never sent as `null` or `""`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Payload {
    Compensation(CompensationChange),
    Demographic(DemographicChange),
}

/// `POST /employee-changes/compensation-change`: at least one of the three.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompensationChange {
    pub employee_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_frequency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_rate: Option<PayRate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment_status: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayRate {
    /// Two decimals, zero or more.
    pub amount: String,
    /// `annually` or `hourly`.
    pub period: String,
    /// `YYYY-MM-DD`.
    pub effective_start: String,
}

/// `POST /employee-changes/demographic`: a new address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemographicChange {
    pub employee_id: String,
    pub address: Address,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    pub city: String,
    pub state: String,
    pub zip_code: String,
}

/// One change that tonight's evidence asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Correction {
    pub employee_id: String,
    pub kind: Kind,
    pub payload: Payload,
    /// Field, what the ledger (or Benifex) holds, what is wanted; addresses masked.
    pub changes: Vec<Change>,
    pub effective: Option<NaiveDate>,
    /// Yearly pay difference, wanted − held, where it is known: the approver's limit counts it.
    pub yearly_difference: Option<(Money, Currency)>,
    /// Ids and codes of the findings that it settles.
    pub findings: Vec<(String, Code)>,
    /// `payroll` or `benifex`.
    pub authority: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub field: String,
    pub from: String,
    pub to: String,
}

/// Tonight's corrections, sorted, and the findings from which none could be derived, with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub corrections: Vec<Correction>,
    /// Finding id → why nothing is queued for it.
    pub not_derived: Vec<(String, String)>,
}
