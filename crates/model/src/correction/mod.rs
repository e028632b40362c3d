//! Corrections: the Benbase changes that put pay, status and address right, as typed values; and, in `oyster`, the
//! changes of Oyster benefits that people prepare by hand. `validate` holds them against the contract. Which of them
//! follow from a finding is decided in `tieout_corrections`.

mod alike;
mod body;
pub mod evidence;
mod ledger;
pub mod oyster;
mod planned;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
pub mod validate;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::finding::Code;
use crate::hash::sha256_hex;
use crate::ids::{BenbaseId, PayrollId};
use crate::money::{Currency, Money};

pub use body::{NewHire, Termination};
pub use evidence::{hash, payload_json};
pub use ledger::{BenbaseLedger, Held};
pub use planned::{Contradicted, CorrectionPlan, ProposedBefore, Standing, WaitingTermination};

/// Benbase takes amounts in this currency only.
pub const BENBASE_CURRENCY: &str = "USD";

/// Which operation of Benbase or Oyster a queue item uses. One live item per employee and kind at Benbase; at Oyster
/// one per engagement, of requests one per engagement and plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CorrectionKind {
    Compensation,
    Demographic,
    NewHire,
    Termination,
    /// Replaces what an engagement is to get ([`oyster::ProvisioningChange`]).
    OysterProvisioning,
    /// Asks for one more benefit ([`oyster::RequestChange`]).
    OysterRequest,
}

impl CorrectionKind {
    pub const ALL: [CorrectionKind; 6] = [
        CorrectionKind::Compensation,
        CorrectionKind::Demographic,
        CorrectionKind::NewHire,
        CorrectionKind::Termination,
        CorrectionKind::OysterProvisioning,
        CorrectionKind::OysterRequest,
    ];

    pub fn name(self) -> &'static str {
        match self {
            CorrectionKind::Compensation => "compensation",
            CorrectionKind::Demographic => "demographic",
            CorrectionKind::NewHire => "new_hire",
            CorrectionKind::Termination => "termination",
            CorrectionKind::OysterProvisioning => "oyster_provisioning",
            CorrectionKind::OysterRequest => "oyster_request",
        }
    }

    /// Prepared by hand and sent to Oyster: no night proposes, supersedes or withdraws it.
    pub fn is_oyster(self) -> bool {
        matches!(self, CorrectionKind::OysterProvisioning | CorrectionKind::OysterRequest)
    }

    /// Sending it twice leaves the service as sending it once.
    pub fn sets_state(self) -> bool {
        !matches!(self, CorrectionKind::NewHire | CorrectionKind::OysterRequest)
    }

    pub fn parse(text: &str) -> Option<CorrectionKind> {
        CorrectionKind::ALL.into_iter().find(|kind| kind.name() == text)
    }
}

/// A change at Benbase: the body, exactly as it is sent but for the social security number of a new hire (contracts,
/// benbase.openapi.yaml). Money is decimal text with two places; absent fields are left out, never sent as `null` or
/// `""`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Payload {
    Compensation(CompensationChange),
    Demographic(DemographicChange),
    NewHire(Box<NewHire>),
    Termination(Termination),
}

impl Payload {
    /// Reads the body of an item; `None`: it is none of its kind, or goes to Oyster.
    pub fn read(kind: CorrectionKind, payload: &str) -> Option<Payload> {
        match kind {
            CorrectionKind::Compensation => serde_json::from_str(payload).ok().map(Payload::Compensation),
            CorrectionKind::Demographic => serde_json::from_str(payload).ok().map(Payload::Demographic),
            CorrectionKind::NewHire => serde_json::from_str(payload).ok().map(Payload::NewHire),
            CorrectionKind::Termination => serde_json::from_str(payload).ok().map(Payload::Termination),
            CorrectionKind::OysterProvisioning | CorrectionKind::OysterRequest => None,
        }
    }

    pub fn kind(&self) -> CorrectionKind {
        match self {
            Payload::Compensation(_) => CorrectionKind::Compensation,
            Payload::Demographic(_) => CorrectionKind::Demographic,
            Payload::NewHire(_) => CorrectionKind::NewHire,
            Payload::Termination(_) => CorrectionKind::Termination,
        }
    }

    /// Path of the operation under the base URL.
    pub fn path(&self) -> &'static str {
        match self {
            Payload::Compensation(_) => "/employee-changes/compensation-change",
            Payload::Demographic(_) => "/employee-changes/demographic",
            Payload::NewHire(_) => "/employee-changes/new-hire",
            Payload::Termination(_) => "/employee-changes/termination",
        }
    }

    /// Benbase's id of the employee.
    pub fn benbase_id(&self) -> &BenbaseId {
        match self {
            Payload::Compensation(change) => &change.employee_id,
            Payload::Demographic(change) => &change.employee_id,
            Payload::NewHire(hire) => &hire.employee_id,
            Payload::Termination(change) => &change.employee_id,
        }
    }

    /// The same for the same change: SHA-256 of operation, employee and body.
    pub fn key(&self) -> String {
        sha256_hex(format!("{}\u{1f}{}\u{1f}{}", self.path(), self.benbase_id(), payload_json(self)))
    }
}

/// `POST /employee-changes/compensation-change`: at least one of the three.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompensationChange {
    pub employee_id: BenbaseId,
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
    pub employee_id: BenbaseId,
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
    pub employee_id: PayrollId,
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
    /// Why an approver should look twice; empty for most.
    pub second_look: BTreeSet<SecondLook>,
}

impl Correction {
    pub fn kind(&self) -> CorrectionKind {
        self.payload.kind()
    }
}

/// Why a correction is proposed with a mark: nothing is known to be wrong with it, but a mistake would look the same.
/// An approval of several leaves marked ones out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecondLook {
    /// Both other sources have another value: so does an ordinary raise or move that they don't know yet.
    OnlyAuthority,
    EarlierPeriod,
    LongAgo,
    /// Of a pay: which of two pays Benbase takes to be in force is not documented where the newer one begins earlier.
    BeforeHeld,
    /// Benbase holds a second line of the address and payroll has no column for one.
    SecondLine,
    /// Benifex gives another leave date, or none.
    LeaveDate,
    /// The pay moves further than `guards.salary_change_max`, or nobody knows how far.
    FarMove,
}

impl SecondLook {
    /// As people read it and as evidence holds it.
    pub fn reason(self) -> &'static str {
        match self {
            SecondLook::OnlyAuthority => "only the authority has the new value",
            SecondLook::EarlierPeriod => "effective date in an earlier period",
            SecondLook::LongAgo => "effective date more than 90 days back",
            SecondLook::BeforeHeld => "effective date before that of the pay that Benbase holds",
            SecondLook::SecondLine => "Benbase holds a second line, for which payroll has no column",
            SecondLook::LeaveDate => "Benifex gives another leave date, or none",
            SecondLook::FarMove => "the pay moves by more than guards.salary_change_max, or by nobody knows how much",
        }
    }
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
pub struct PersonValues {
    pub benbase_id: Option<BenbaseId>,
    /// Payroll lists the person.
    pub on_payroll: bool,
    pub country: Option<String>,
    pub currency: Option<Currency>,
    pub period_start: Option<NaiveDate>,
    /// How far a year's pay may be off that is told by the month, whose cents are rounded.
    pub salary_rounding: Money,
    /// Payroll's values; pay of a month as that of the year, as Benbase takes it.
    pub base_salary: Option<Money>,
    pub rate_basis: Option<String>,
    pub salary_effective: Option<NaiveDate>,
    pub pay_frequency: Option<String>,
    pub employment_status: Option<String>,
    pub line1: Option<String>,
    pub line2: Option<String>,
    /// Payroll has a column for the second line.
    pub has_line2: bool,
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
    /// Contracted hours a week by Benifex, in counts of 1/10,000.
    pub contracted_hours: Option<i64>,
    /// By one source the person has left, by the other not.
    pub leaving_disputed: bool,
    /// By Benifex's record of tonight nobody has left: no leave date has come, and no status says so.
    pub benifex_employed: bool,
    /// Benifex's leave date.
    pub benifex_leave_date: Option<NaiveDate>,
    /// The later of Benifex's start dates.
    pub benifex_start_date: Option<NaiveDate>,
    /// A part of the person could not be fetched, parsed or compared: nothing is derived.
    pub unverified: bool,
    /// A finding of the person blocks (CT, ID).
    pub blocked: bool,
}

#[cfg(test)]
mod tests {
    use super::evidence::hash_texts;
    use super::*;

    #[test]
    fn a_key_is_of_operation_employee_and_body() {
        let keys: Vec<String> = samples::all().iter().map(Payload::key).collect();
        let distinct: BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert!(keys.iter().all(|key| key.len() == 64));
        assert_eq!(samples::termination().key(), samples::termination().key());
        assert_ne!(samples::termination().key(), samples::termination_of(samples::EMPLOYEE, "2025-01-01").key());
    }

    /// In the order of the samples: payload hash with the evidence below, and key. Approvals and audit chains of
    /// existing state files are bound to them.
    const PINNED: [(&str, &str); 6] = [
        (
            "cd6898166b5e66f51aeca903b1372627d86b060f6998d4de286bfcc4268c9b37",
            "85854bdb6d76e7b6e66718fc595e03e6621b2efe45571e239050631ef2bb9985",
        ),
        (
            "04601877acb9a740dcd5869a4a4bfb5b71c1c21166e29bf4bb1d689dd3ec8e71",
            "fac88455eed54301bf96ba04480cceb4d0439369403476e284d64422ef71d164",
        ),
        (
            "a0c986a28956d7891eb0164a47db15a44d4b0111e1143a233e58938fb8215318",
            "e0d1ea5d47fdf986f386cf3d45395a60339a54be2f64ecd56dca9e7f6b5d99de",
        ),
        (
            "dc72239444abe1954122a672300e16d439e377522103833bbba4279602c177a2",
            "ab1cd6ba787e44667f2d402beb7999f3de0894e374c22beff2d42fdc4e9dc390",
        ),
        (
            "6cb65241501a970c55b60cb3fdf6802a09fcfcaf0363f172ec614058d9405fd0",
            "88c3fb7fa0074fd97be3ed43d9ff84f5fcd65c146d8edaa0827aed5da7240f78",
        ),
        (
            "b79439e28f158f0fa259a26c8571cc814ff0eb86b0c9ff3345428ce12b9cdb5f",
            "b0a2a7d45800ab6f45e05a0440b648045a28cf6d5a79ed5b5e5090ac4afad87d",
        ),
    ];
    const EVIDENCE: &str = concat!(
        r#"{"authority":"payroll","changes":[{"field":"f","from":"a","to":"b"}],"#,
        r#""findings":[{"id":"0011223344556677","code":"CO04"}]}"#,
    );

    #[test]
    fn payload_hashes_and_keys_of_existing_state_files_stay() {
        for (change, (payload_hash, key)) in samples::all().iter().zip(PINNED) {
            assert_eq!(hash_texts(&payload_json(change), EVIDENCE), payload_hash, "{change:?}");
            assert_eq!(change.key(), key, "{change:?}");
        }
    }

    #[test]
    fn a_body_is_read_back_as_its_kind_and_as_no_other() {
        for payload in samples::all() {
            for kind in CorrectionKind::ALL {
                let read = Payload::read(kind, &payload_json(&payload));
                assert_eq!(read, (kind == payload.kind()).then(|| payload.clone()), "{kind:?}");
            }
        }
    }
}
