//! One row an enrollment from the three answers that tell of it: the enrollments say what there is, the offerings what it
//! costs, the provisioning what the other two leave out. Ids match, names and texts never do. Pure; an extraction and an
//! import of recorded answers make the same rows.

use chrono::{DateTime, Utc};

use super::Detail;
use crate::api::oyster::record::{
    Contribution, EngagementRecord, EnrollmentRecord, OfferedPlan, OfferingsRecord, Price, ProvisioningRecord,
};
use crate::enrollment::State;

/// Why nobody may judge an engagement whose answers disagree on what there is.
const ENROLLMENT_MISSING: &str = "the list shows an enrollment that its enrollments lack";

impl Detail {
    /// The details from the answers of `at`; or the reason why they can't be trusted.
    pub fn from_answers(
        listed: &EngagementRecord,
        enrollments: Vec<EnrollmentRecord>,
        offerings: &OfferingsRecord,
        provisioning: Option<&ProvisioningRecord>,
        at: DateTime<Utc>,
    ) -> Result<Detail, String> {
        // An enrollment that is over may have been dropped from one answer and not from the other.
        let mut open = listed.enrollments.iter().filter(|embedded| !State::parse(&embedded.state).is_final());
        let there = |id: &String| enrollments.iter().any(|one| one.enrollment_id.as_ref() == Some(id));
        if open.any(|embedded| !there(&embedded.enrollment_id)) {
            return Err(ENROLLMENT_MISSING.to_owned());
        }
        Ok(Detail { at, enrollments: merged(enrollments, offerings, provisioning) })
    }
}

/// Whether enrollments and offerings leave something out that the provisioning may have, of an enrollment that is not
/// over.
pub(crate) fn wants_provisioning(enrollments: &[EnrollmentRecord], offerings: &OfferingsRecord) -> bool {
    let over = |one: &EnrollmentRecord| one.state.as_deref().is_some_and(|state| State::parse(state).is_final());
    enrollments.iter().filter(|one| !over(one)).any(|one| {
        let shares = one.contribution.as_ref().is_some_and(|c| c.team_member.is_some() || !c.anomalies.is_empty());
        let counted =
            one.contribution.as_ref().is_none_or(|c| c.dependents.unwrap_or(0) <= 0 || c.max_dependents.is_some());
        one.plan_id.is_none() || !shares || !counted || (offered(one, offerings).is_none() && one.price.is_none())
    })
}

/// The enrollments with what the other answers know of them.
fn merged(
    enrollments: Vec<EnrollmentRecord>,
    offerings: &OfferingsRecord,
    provisioning: Option<&ProvisioningRecord>,
) -> Vec<EnrollmentRecord> {
    let one = |enrollment| merge(enrollment, offerings, provisioning);
    enrollments.into_iter().map(one).collect()
}

fn merge(
    mut row: EnrollmentRecord,
    offerings: &OfferingsRecord,
    provisioning: Option<&ProvisioningRecord>,
) -> EnrollmentRecord {
    let provisioned = provisioning.and_then(|provisioning| provisioned(&row, provisioning));
    if let Some(provisioned) = provisioned {
        row.plan_id = row.plan_id.or_else(|| provisioned.plan_id.clone());
        row.package_id = row.package_id.or_else(|| provisioned.package_id.clone());
        row.contribution = contribution(row.contribution, provisioned.contribution.as_ref());
    }
    let plan = plan(&row, offerings);
    let from_plan = plan.and_then(|plan| plan.category.clone());
    row.category = row.category.or(from_plan).or_else(|| provisioned?.category.clone());
    row.price = offered(&row, offerings).cloned().or(row.price).or_else(|| provisioned?.price.clone());
    if let Some(provisioned) = provisioned {
        take_faults(&mut row, provisioned);
    }
    row
}

/// The same enrollment of the provisioning, by id; else the only one of its plan.
fn provisioned<'a>(row: &EnrollmentRecord, provisioning: &'a ProvisioningRecord) -> Option<&'a EnrollmentRecord> {
    let all = || provisioning.supplementary.iter().chain(&provisioning.packaged);
    let same_id = |other: &&EnrollmentRecord| row.enrollment_id.is_some() && other.enrollment_id == row.enrollment_id;
    all().find(same_id).or_else(|| {
        let same_plan = |other: &&EnrollmentRecord| {
            row.plan_id.is_some() && other.plan_id == row.plan_id && other.enrollment_id.is_none()
        };
        let mut of_plan = all().filter(same_plan);
        let first = of_plan.next();
        if of_plan.next().is_some() { None } else { first }
    })
}

/// A value that does not fit its unit is an anomaly and stays one: nothing else takes its place.
fn contribution(own: Option<Contribution>, other: Option<&Contribution>) -> Option<Contribution> {
    let (Some(mut own), Some(other)) = (own.clone(), other) else { return own.or_else(|| other.cloned()) };
    if own.anomalies.is_empty() {
        if own.team_member.is_none() || own.dependents.is_none() {
            own.anomalies.clone_from(&other.anomalies);
        }
        own.team_member = own.team_member.or(other.team_member);
        own.dependents = own.dependents.or(other.dependents);
    }
    own.max_dependents = own.max_dependents.or(other.max_dependents);
    Some(own)
}

/// The plan on offer: within the same package, else the only one of this id.
fn plan<'a>(row: &EnrollmentRecord, offerings: &'a OfferingsRecord) -> Option<&'a OfferedPlan> {
    let plan_id = row.plan_id.as_ref()?;
    let of_plan = || offerings.plans.iter().filter(|plan| plan.plan_id == *plan_id);
    of_plan().find(|plan| plan.package_id == row.package_id).or_else(|| of_plan().next())
}

/// The price on offer. One plan may have several prices in several packages: which of them holds is not guessed.
fn offered<'a>(row: &EnrollmentRecord, offerings: &'a OfferingsRecord) -> Option<&'a Price> {
    let plan = plan(row, offerings)?;
    let of_plan = || offerings.plans.iter().filter(|other| other.plan_id == plan.plan_id);
    let certain = plan.package_id == row.package_id || of_plan().all(|other| other.price == plan.price);
    plan.price.as_ref().filter(|_| certain)
}

/// What the provisioning had and could not be read, where the row still lacks it.
fn take_faults(row: &mut EnrollmentRecord, provisioned: &EnrollmentRecord) {
    let contribution = row.contribution.as_ref();
    for fault in &provisioned.faults {
        let lacking = match fault.as_str() {
            "plan_id" => row.plan_id.is_none(),
            "price" | "price_currency" => row.price.is_none(),
            "share" => contribution.is_none_or(|c| c.team_member.is_none()),
            "share_dependents" => contribution.is_none_or(|c| c.dependents.is_none()),
            "max_dependents" => contribution.is_none_or(|c| c.max_dependents.is_none()),
            _ => false,
        };
        if lacking && !row.faults.contains(fault) {
            row.faults.push(fault.clone());
        }
    }
}

#[cfg(test)]
mod tests;
