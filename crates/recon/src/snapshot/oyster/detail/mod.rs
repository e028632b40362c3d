//! One row an enrollment from the three answers that tell of it: the enrollments say what there is, the offerings what
//! it costs, the provisioning what the other two leave out. Ids match, names and texts never do. Pure; an extraction
//! and an import of recorded answers make the same rows.

use chrono::{DateTime, Utc};

use crate::snapshot::oyster::Detail;
use tieout_model::enrollment::EnrollmentState;
use tieout_model::records::oyster::{
    Contribution, EngagementRecord, EnrollmentRecord, OfferedPlan, OfferingsRecord, Price, ProvisioningRecord,
};

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
        // An enrollment that is over may have been dropped from one answer and not from the other, and one that the
        // list does not name is none that could be missing.
        let named = listed.enrollments.iter().filter(|embedded| !embedded.enrollment_id.is_empty());
        let mut open = named.filter(|embedded| !EnrollmentState::parse(&embedded.state).is_final());
        let there = |id: &String| enrollments.iter().any(|one| one.enrollment_id.as_ref() == Some(id));
        if open.any(|embedded| !there(&embedded.enrollment_id)) {
            return Err(ENROLLMENT_MISSING.to_owned());
        }
        Ok(Detail { at, enrollments: merged(enrollments, offerings, provisioning) })
    }
}

/// Whether enrollments and offerings leave something out that the provisioning may have, of an enrollment that is not
/// over.
pub fn wants_provisioning(enrollments: &[EnrollmentRecord], offerings: &OfferingsRecord) -> bool {
    enrollments.iter().filter(|one| !over(one)).any(|one| {
        let shares = one.contribution.as_ref().is_some_and(|c| c.team_member.is_some() || !c.anomalies.is_empty());
        let counted =
            one.contribution.as_ref().is_none_or(|c| c.dependents.unwrap_or(0) <= 0 || c.max_dependents.is_some());
        one.plan_id.is_none() || !shares || !counted || (offered(one, offerings).is_none() && one.price.is_none())
    })
}

fn over(one: &EnrollmentRecord) -> bool {
    one.state.as_deref().is_some_and(|state| EnrollmentState::parse(state).is_final())
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
    let plans = plans(&row, offerings);
    let from_plan = plans.first().and_then(|plan| plan.category.clone());
    row.category = row.category.or(from_plan).or_else(|| provisioned?.category.clone());
    take_price(&mut row, offerings, provisioned);
    if let Some(provisioned) = provisioned {
        take_faults(&mut row, &provisioned.faults);
    }
    if !over(&row) {
        // A plan on offer without a readable price matters to what may be charged.
        plans.iter().for_each(|plan| take_faults(&mut row, &plan.faults));
    }
    row
}

/// The price of the offerings, else the enrollment's own, else the provisioning's; the first of them in a known
/// currency. What could not be read of a price that another answer gives is no fault.
fn take_price(row: &mut EnrollmentRecord, offerings: &OfferingsRecord, provisioned: Option<&EnrollmentRecord>) {
    let all = [offered(row, offerings), row.price.as_ref(), provisioned.and_then(|one| one.price.as_ref())];
    let known = all.into_iter().flatten().find(|price| price.currency.is_some());
    row.price = known.or_else(|| all.into_iter().flatten().next()).cloned();
    let lacks_currency = row.price.as_ref().is_none_or(|price| price.currency.is_none());
    let lacks_price = row.price.is_none();
    row.faults.retain(|fault| match fault.as_str() {
        "price" => lacks_price,
        "price_currency" => lacks_currency,
        _ => true,
    });
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

/// The plans on offer that may be the enrollment's: those of this id in the same package, else all of this id.
fn plans<'a>(row: &EnrollmentRecord, offerings: &'a OfferingsRecord) -> Vec<&'a OfferedPlan> {
    let Some(plan_id) = &row.plan_id else { return Vec::new() };
    let of_plan = || offerings.plans.iter().filter(|plan| plan.plan_id == *plan_id);
    let same: Vec<&OfferedPlan> = of_plan().filter(|plan| plan.package_id == row.package_id).collect();
    if same.is_empty() { of_plan().collect() } else { same }
}

/// The price on offer. One plan may stand there with several prices: which of them holds is not guessed.
fn offered<'a>(row: &EnrollmentRecord, offerings: &'a OfferingsRecord) -> Option<&'a Price> {
    let plans = plans(row, offerings);
    let first = plans.first()?;
    first.price.as_ref().filter(|_| plans.iter().all(|other| other.price == first.price))
}

/// What another answer had and could not be read, where the row still lacks it.
fn take_faults(row: &mut EnrollmentRecord, faults: &[String]) {
    let contribution = row.contribution.as_ref();
    for fault in faults {
        let lacking = match fault.as_str() {
            "plan_id" => row.plan_id.is_none(),
            "price" => row.price.is_none(),
            "price_currency" => row.price.as_ref().is_none_or(|price| price.currency.is_none()),
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
