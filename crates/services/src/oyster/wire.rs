//! What Oyster sends, as far as a rule needs it: camelCase, everything optional, nested parts kept as JSON text so that
//! one of another shape spoils itself only. Names, addresses, pay and whatever else nobody compares are left out on
//! purpose: what is not declared is not kept.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::json::Raw;

#[derive(Debug, Deserialize)]
pub(super) struct Envelope<T> {
    pub data: Option<T>,
}

/// The engagements, or the enrollments of one; of the enrollments no paging is documented.
#[derive(Debug, Deserialize)]
pub(super) struct List {
    pub data: Option<Vec<Box<RawValue>>>,
    pub meta: Option<Meta>,
}

/// The addresses of other pages are not declared: the last page's is broken (contracts, O9).
#[derive(Debug, Default, Deserialize)]
pub(super) struct Meta {
    pub count: Raw,
    pub page: Raw,
    pub pages: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Engagement {
    pub engagement_id: Raw,
    pub modified_at: Raw,
    pub start_date: Raw,
    pub engagement_type: Raw,
    pub state: Raw,
    pub employment: Raw,
    pub contract: Raw,
    pub benefit_enrollments: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Employment {
    pub email: Raw,
    pub last_day_on: Raw,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Contract {
    pub email: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Embedded {
    pub benefit_enrollment_id: Raw,
    pub state: Raw,
}

#[derive(Debug, Deserialize)]
pub(super) struct Offerings {
    pub supplementary: Option<OfferedPlans>,
    pub packages: Option<Vec<Option<OfferedPackage>>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct OfferedPlans {
    pub plans: Option<Vec<Option<Plan>>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct OfferedPackage {
    pub id: Raw,
    pub plans: Option<Vec<Option<Plan>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plan {
    pub id: Raw,
    pub category: Raw,
    pub estimated_price: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Money {
    pub decimal: Raw,
    pub currency_code: Raw,
}

#[derive(Debug, Deserialize)]
pub(super) struct Provisioning {
    pub supplementary: Option<Group>,
    pub packaged: Option<Group>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Group {
    pub enrollments: Option<Vec<Option<Enrollment>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Enrollment {
    pub id: Raw,
    pub plan: Raw,
    pub package: Raw,
    pub state: Raw,
    pub employer_contribution: Raw,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Package {
    pub id: Raw,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contribution {
    pub team_member: Raw,
    pub dependents: Raw,
    pub max_dependents_covered: Raw,
}
