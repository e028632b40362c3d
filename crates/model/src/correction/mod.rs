//! Corrections: the Benbase changes that put pay, status and address right, as typed values, and their plan; and, in
//! `oyster`, the changes of Oyster benefits that people prepare by hand. Planning
//! is in `correction/plan.rs`; validation against the contract in `correction/validate.rs`. No frames, no SQL, no
//! network.

mod body;
pub mod evidence;
mod ids;
mod ledger;
pub mod oyster;
pub mod validate;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::finding::Code;
use crate::money::{Currency, Money};

pub use body::{NewHire, Termination};
pub use evidence::hash;
pub use ids::{EmployeeId, EmployerId};
pub use ledger::{Held, Ledger};

/// Which operation of Benbase or Oyster a queue item uses. One live item per employee and kind at Benbase; at Oyster one
/// per engagement, of requests one per engagement and plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Compensation,
    Demographic,
    NewHire,
    Termination,
    /// Replaces what an engagement is to get ([`oyster::ProvisioningChange`]).
    OysterProvisioning,
    /// Asks for one more benefit ([`oyster::RequestChange`]).
    OysterRequest,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::Compensation,
        Kind::Demographic,
        Kind::NewHire,
        Kind::Termination,
        Kind::OysterProvisioning,
        Kind::OysterRequest,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Compensation => "compensation",
            Kind::Demographic => "demographic",
            Kind::NewHire => "new_hire",
            Kind::Termination => "termination",
            Kind::OysterProvisioning => "oyster_provisioning",
            Kind::OysterRequest => "oyster_request",
        }
    }

    /// Prepared by hand and sent to Oyster: no night proposes, supersedes or withdraws it.
    pub fn is_oyster(self) -> bool {
        matches!(self, Kind::OysterProvisioning | Kind::OysterRequest)
    }

    /// Sending it twice leaves the service as sending it once.
    pub fn sets_state(self) -> bool {
        !matches!(self, Kind::NewHire | Kind::OysterRequest)
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == text)
    }
}

/// Body of a Benbase change, exactly as it is sent (contracts, benbase.openapi.yaml). Money is decimal text with two
/// places; absent fields are left out, never sent as `null` or `""`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Payload {
    Compensation(CompensationChange),
    Demographic(DemographicChange),
    NewHire(Box<NewHire>),
    Termination(Termination),
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

/// What payroll and Benifex say of one person with a finding from which a correction may come. Gathered by `rules`,
/// so that planning needs no frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub benbase_id: Option<String>,
    pub country: Option<String>,
    pub currency: Option<Currency>,
    pub period_start: Option<NaiveDate>,
    /// Payroll's values.
    pub base_salary: Option<Money>,
    pub rate_basis: Option<String>,
    pub salary_effective: Option<NaiveDate>,
    pub pay_frequency: Option<String>,
    pub employment_status: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    /// Benifex's values, in payroll's terms.
    pub benifex_salary: Option<Money>,
    pub benifex_rate_basis: Option<String>,
    pub benifex_salary_currency: Option<Currency>,
    pub benifex_salary_effective: Option<NaiveDate>,
    pub benifex_pay_frequency: Option<String>,
    pub benifex_employment_status: Option<String>,
    pub benifex_zip: Option<String>,
    /// Payroll's values that only new hires and terminations need.
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub dob: Option<NaiveDate>,
    pub email: Option<String>,
    /// Hours a week, in counts of 1/10,000.
    pub hours: Option<i64>,
    pub hire_date: Option<NaiveDate>,
    pub term_date: Option<NaiveDate>,
    /// Benifex's leave date.
    pub benifex_leave_date: Option<NaiveDate>,
    /// A part of the person could not be fetched, parsed or compared: nothing is derived.
    pub unverified: bool,
    /// A finding of the person blocks (CT, ID).
    pub blocked: bool,
}

/// Tonight's corrections, sorted, and the findings from which none could be derived, with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub corrections: Vec<Correction>,
    /// Finding id → why nothing is queued for it.
    pub not_derived: Vec<(String, String)>,
}

impl Plan {
    /// Adds another plan of the same night, about other findings.
    pub fn join(&mut self, other: Plan) {
        self.corrections.extend(other.corrections);
        self.not_derived.extend(other.not_derived);
        self.corrections.sort();
        self.not_derived.sort();
    }
}

/// What the queue remembers of people, for the kinds that happen once in a working life.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Employee ids with a change of any other kind than a hire, or with a hire that went out or may have.
    pub employees: BTreeSet<String>,
    /// Benbase ids that those changes were about.
    pub benbase_ids: BTreeSet<String>,
    /// Employee ids with a live new hire that was not sent: it was counted on the night that proposed it.
    pub live_hires: BTreeSet<String>,
    /// The same for terminations.
    pub live_terminations: BTreeSet<String>,
}
