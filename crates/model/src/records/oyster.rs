//! What the rest of tieout knows of an Oyster engagement and its benefits: the fields that a rule needs, parsed, and
//! the names of those that were there but could not be read. Also the body of a checkpoint, hence serde.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::EngagementId;

/// One engagement of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagementRecord {
    pub engagement_id: EngagementId,
    /// `EMPLOYMENT`, `CONTRACT`, or as the service wrote it, in upper case.
    pub kind: Option<String>,
    /// As the service wrote it, in upper case.
    pub state: Option<String>,
    /// SHA-256 of the e-mail, trimmed and in lower case, hex: enough to match, not to read.
    pub email_key: Option<String>,
    pub start_date: Option<NaiveDate>,
    pub last_day: Option<NaiveDate>,
    pub modified_at: Option<DateTime<Utc>>,
    /// The enrollments that the list embeds: id and state, sorted. One that could not be read has blank texts; a lone
    /// blank one says that the list tells nothing of enrollments, which is not the same as none.
    pub enrollments: Vec<EmbeddedEnrollment>,
    /// Names (of `snapshot::ENGAGEMENTS`) of fields that were there and could not be read.
    pub faults: Vec<String>,
}

/// An enrollment as the list shows it: without plan or contribution.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EmbeddedEnrollment {
    pub enrollment_id: String,
    pub state: String,
}

/// The walk over all pages of the engagements list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagementWalk {
    /// Sorted by id, each once.
    pub engagements: Vec<EngagementRecord>,
    /// How the walk contradicted itself, after one repetition (CT03); empty when it did not.
    pub inconsistencies: Vec<String>,
}

/// One enrollment, of the enrollments, of a provisioning or of the answer to a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollmentRecord {
    pub enrollment_id: Option<String>,
    pub plan_id: Option<String>,
    pub package_id: Option<String>,
    /// Upper case.
    pub category: Option<String>,
    /// As the service wrote it, trimmed.
    pub state: Option<String>,
    pub contribution: Option<Contribution>,
    pub price: Option<Price>,
    /// Names (of `snapshot::ENROLLMENTS`) of fields that were there and could not be read.
    pub faults: Vec<String>,
}

/// What the employer pays: percents in 1/10,000 (55.5 % = 555,000), whatever the endpoint's unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    pub team_member: Option<i64>,
    pub dependents: Option<i64>,
    pub max_dependents: Option<i64>,
    /// Values that do not fit the unit of their endpoint (AM14), as written: `teamMember 0.55 where percents are due`.
    /// Such a value is `None` above; it is never converted.
    pub anomalies: Vec<String>,
}

/// A price; counts of 1/10,000, currency as ISO 4217 has it; `None`: another or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub amount: i64,
    pub currency: Option<String>,
}

/// One plan on offer, packaged or supplementary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedPlan {
    pub plan_id: String,
    /// `None`: supplementary.
    pub package_id: Option<String>,
    pub category: Option<String>,
    pub price: Option<Price>,
    /// `price`, `price_currency`: there and not readable.
    #[serde(default)]
    pub faults: Vec<String>,
}

/// Everything on offer for one engagement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferingsRecord {
    pub plans: Vec<OfferedPlan>,
    /// Ids of the packages, those without plans included.
    pub packages: Vec<String>,
}

/// The provisioning of one engagement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisioningRecord {
    pub supplementary: Vec<EnrollmentRecord>,
    pub packaged: Vec<EnrollmentRecord>,
}
