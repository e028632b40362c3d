//! Changes of Oyster benefits: what a person wants of one engagement, as plain values. `wanted` reads it from a file,
//! `check` holds it against what is on offer, `compare` against what Oyster shows today. No night derives any of it,
//! and nothing here calls a service.

mod shares;

use serde::{Deserialize, Serialize};

use super::CorrectionKind;
use crate::hash::sha256_hex;
use crate::ids::EngagementId;

pub use shares::{ONE_PERCENT, SHARE_MAX, Shares, percent};

/// All that one engagement is to get: what is left out is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisioningChange {
    pub engagement_id: EngagementId,
    /// Sorted by plan.
    pub supplementary: Vec<WantedPlan>,
    pub package: Option<WantedPackage>,
}

/// One plan and what the employer pays of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedPlan {
    pub plan_id: String,
    pub shares: Shares,
}

/// One package; plans that are not named get what the service decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedPackage {
    pub package_id: String,
    /// Sorted by plan.
    pub plans: Vec<WantedPlan>,
}

/// One more benefit for an engagement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestChange {
    pub engagement_id: EngagementId,
    pub plan_id: String,
    pub shares: Shares,
}

/// Body of a queue item that goes to Oyster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum OysterChange {
    Provisioning(ProvisioningChange),
    Request(RequestChange),
}

impl OysterChange {
    /// Reads the body of an item; `None`: it is none of its kind.
    pub fn read(kind: CorrectionKind, payload: &str) -> Option<OysterChange> {
        match kind {
            CorrectionKind::OysterProvisioning => serde_json::from_str(payload).ok().map(OysterChange::Provisioning),
            CorrectionKind::OysterRequest => serde_json::from_str(payload).ok().map(OysterChange::Request),
            CorrectionKind::Compensation
            | CorrectionKind::Demographic
            | CorrectionKind::NewHire
            | CorrectionKind::Termination => None,
        }
    }

    pub fn kind(&self) -> CorrectionKind {
        match self {
            OysterChange::Provisioning(_) => CorrectionKind::OysterProvisioning,
            OysterChange::Request(_) => CorrectionKind::OysterRequest,
        }
    }

    pub fn engagement_id(&self) -> &EngagementId {
        match self {
            OysterChange::Provisioning(change) => &change.engagement_id,
            OysterChange::Request(change) => &change.engagement_id,
        }
    }

    /// The engagement that the body of an item is about; `None`: it goes elsewhere, or cannot be read.
    pub fn engagement_of(kind: CorrectionKind, payload: &str) -> Option<EngagementId> {
        OysterChange::read(kind, payload).map(|change| change.engagement_id().to_owned())
    }

    /// Of a request.
    pub fn plan_id(&self) -> Option<&str> {
        match self {
            OysterChange::Provisioning(_) => None,
            OysterChange::Request(change) => Some(&change.plan_id),
        }
    }

    /// The body as it is stored: JSON, percents in 1/10,000.
    pub fn payload_json(&self) -> String {
        serde_json::to_string(self).expect("texts and whole numbers have no value that JSON cannot hold")
    }

    /// What a dry run prints: the operation and what is wanted. Nothing of it is personal.
    pub fn preview(&self) -> String {
        let plan = |what: &str, plan: &WantedPlan| format!("\n  {what} {}: {}", plan.plan_id, plan.shares.text());
        match self {
            OysterChange::Provisioning(change) => {
                let mut text = format!("PUT the provisioning of engagement {}", change.engagement_id);
                if let Some(package) = &change.package {
                    text.push_str(&format!("\n  package {}", package.package_id));
                    text.extend(package.plans.iter().map(|one| plan("  plan", one)));
                }
                text.extend(change.supplementary.iter().map(|one| plan("supplementary plan", one)));
                text
            }
            OysterChange::Request(RequestChange { engagement_id, plan_id, shares }) => {
                format!("POST a request for engagement {engagement_id}\n  plan {plan_id}: {}", shares.text())
            }
        }
    }

    /// The same for the same change: SHA-256 of its kind and body.
    pub fn key(&self) -> String {
        sha256_hex(format!("{}\u{1f}{}", self.kind().name(), self.payload_json()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correction::evidence::hash_texts;

    const EVIDENCE: &str = concat!(
        r#"{"authority":"payroll","changes":[{"field":"f","from":"a","to":"b"}],"#,
        r#""findings":[{"id":"0011223344556677","code":"CO04"}]}"#,
    );
    const PROVISIONING: &str = concat!(
        r#"{"engagement_id":"2ug3WBT0","supplementary":[{"plan_id":"Bbc51b6b","#,
        r#""shares":{"team_member":500000,"dependents":250000,"max_dependents":4}}],"#,
        r#""package":{"package_id":"B9965d2e","plans":[{"plan_id":"D4c07300","shares":{}}]}}"#,
    );
    const REQUEST: &str = r#"{"engagement_id":"2ug3WBT0","plan_id":"ANYSTRONGID","shares":{"team_member":555000}}"#;

    /// Approvals and audit chains of existing state files are bound to these texts and hashes.
    #[test]
    fn payloads_hashes_and_keys_of_existing_state_files_stay() {
        for (kind, payload, payload_hash, key) in [
            (
                CorrectionKind::OysterProvisioning,
                PROVISIONING,
                "8c702da08f9f8b89fe2ad4b8b37fec2d692872a4365fc4c6423b52ca2525481d",
                "2a64a58d41b732312de5903149dc99a942a902fbf9046c50079e0265c337e169",
            ),
            (
                CorrectionKind::OysterRequest,
                REQUEST,
                "55d1d80caaf936b51e8820751a82450bae183d71061877101a87d23a67294274",
                "681b4815b31af6410921540a11de5157650535a8714f2379feb34f1da9a971d8",
            ),
        ] {
            let change = OysterChange::read(kind, payload).expect("a body of its kind");
            assert_eq!((change.kind(), change.payload_json().as_str()), (kind, payload));
            assert_eq!(hash_texts(&change.payload_json(), EVIDENCE), payload_hash);
            assert_eq!(change.key(), key);
        }
    }
}
