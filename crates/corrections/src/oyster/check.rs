//! What is wanted, held against what Oyster offers and what its workflow allows today. Every problem at once; notes are
//! what a person should know and nothing forbids.

use std::collections::{BTreeMap, BTreeSet};

use crate::oyster::Current;
use tieout_model::correction::oyster::{OysterChange, ProvisioningChange, RequestChange, WantedPackage, WantedPlan};
use tieout_model::enrollment::EnrollmentState;
use tieout_model::records::oyster::{OfferedPlan, OfferingsRecord};

/// The outcome of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// While there are any, nothing may be queued.
    pub problems: Vec<String>,
    pub notes: Vec<String>,
}

/// Checks a change. `current`: of a provisioning all that is provisioned and enrolled, of a request all enrollments.
/// `engaged`: the engagement is in a state that the job names as engaged; `None`: the job names none.
pub fn check(change: &OysterChange, offerings: &OfferingsRecord, current: &Current, engaged: Option<bool>) -> Checked {
    let mut checked = Checked::default();
    let offers = Offers::of(offerings);
    match change {
        OysterChange::Provisioning(change) => checked.provisioning(change, &offers, current, engaged),
        OysterChange::Request(change) => checked.request(change, &offers, current, engaged),
    }
    checked
}

/// What is on offer, by id.
struct Offers<'a> {
    supplementary: BTreeSet<&'a str>,
    packages: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Offers<'a> {
    fn of(offerings: &'a OfferingsRecord) -> Offers<'a> {
        let mut packages: BTreeMap<&str, BTreeSet<&str>> =
            offerings.packages.iter().map(|id| (id.as_str(), BTreeSet::new())).collect();
        let mut supplementary = BTreeSet::new();
        for OfferedPlan { plan_id, package_id, .. } in &offerings.plans {
            match package_id {
                Some(package) => packages.entry(package).or_default().insert(plan_id),
                None => supplementary.insert(plan_id.as_str()),
            };
        }
        Offers { supplementary, packages }
    }
}

fn list<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let ids: Vec<&str> = ids.into_iter().collect();
    if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
}

impl Checked {
    fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    fn provisioning(
        &mut self,
        change: &ProvisioningChange,
        offers: &Offers<'_>,
        current: &Current,
        engaged: Option<bool>,
    ) {
        if change.supplementary.is_empty() && change.package.is_none() {
            self.problem("nothing is wanted: Oyster would take that for withdrawing everything");
        }
        for plan in &change.supplementary {
            self.shares(&format!("supplementary plan {}", plan.plan_id), plan);
            if !offers.supplementary.contains(plan.plan_id.as_str()) {
                let offered = list(offers.supplementary.iter().copied());
                self.problem(format!("supplementary plan {} is not on offer; on offer: {offered}", plan.plan_id));
            }
        }
        if let Some(package) = &change.package {
            self.package(package, offers);
        }
        let named = change.package.iter().flat_map(|package| &package.plans).chain(&change.supplementary);
        let mut seen = BTreeSet::new();
        for plan in named.filter(|plan| !seen.insert(&plan.plan_id)) {
            self.problem(format!("plan {} is named twice: it can be had once", plan.plan_id));
        }
        self.units(current);
        // Before anybody is engaged, everything is PROVISIONED.
        if let Some(held) = current.plans.iter().find(|held| held.state() != EnrollmentState::Provisioned) {
            let (plan, state) = (&held.plan_id, held.state().name().to_owned());
            self.problem(format!(
                "the enrollment of plan {plan} is {state}: the team member is engaged, so provisioning is over; \
                 ask for more with `tieout oyster request`"
            ));
        } else if engaged == Some(true) {
            self.problem("the engagement is engaged (oyster.engaged_states): provisioning is over");
        }
    }

    fn package(&mut self, package: &WantedPackage, offers: &Offers<'_>) {
        let id = &package.package_id;
        let Some(offered) = offers.packages.get(id.as_str()) else {
            let packages = list(offers.packages.keys().copied());
            return self.problem(format!("package {id} is not on offer; on offer: {packages}"));
        };
        for plan in &package.plans {
            self.shares(&format!("package plan {}", plan.plan_id), plan);
            if !offered.contains(plan.plan_id.as_str()) {
                let plans = list(offered.iter().copied());
                self.problem(format!("plan {} is not part of package {id}; its plans: {plans}", plan.plan_id));
            }
        }
        if package.plans.is_empty() {
            self.note(format!(
                "nothing is said of the plans of package {id}: a provisioning of its id alone lets Oyster decide every \
                 contribution, whatever they are today"
            ));
        }
        for plan in offered.iter().filter(|plan| !package.plans.iter().any(|named| named.plan_id == **plan)) {
            self.note(format!("nothing is said of plan {plan} of package {id}: Oyster decides its contribution"));
        }
    }

    fn shares(&mut self, place: &str, plan: &WantedPlan) {
        self.problems.extend(plan.shares.problems().map(|problem| format!("{place}, {problem}")));
        if plan.shares.team_member.is_none() {
            self.note(format!("{place}: no team_member is given, so Oyster decides it"));
        }
    }

    fn request(&mut self, change: &RequestChange, offers: &Offers<'_>, current: &Current, engaged: Option<bool>) {
        let RequestChange { plan_id, shares, .. } = change;
        self.shares(&format!("plan {plan_id}"), &WantedPlan { plan_id: plan_id.clone(), shares: *shares });
        if shares.team_member.is_none() {
            self.problem("expected what the employer pays for the team member (--team-member)");
        }
        if !offers.supplementary.contains(plan_id.as_str()) {
            let offered = list(offers.supplementary.iter().copied());
            self.problem(format!("plan {plan_id} is not on offer as a supplementary plan; on offer: {offered}"));
        }
        let own = current.clone().of_plan(plan_id);
        for held in own.standing() {
            let state = held.state().name().to_owned();
            self.problem(format!("there is an enrollment of plan {plan_id} already, it is {state}"));
        }
        self.units(&own);
        if engaged == Some(false) {
            self.note("the engagement is in no state of oyster.engaged_states: requests are for those who are engaged");
        }
    }

    /// Nothing is written over values whose unit is in doubt (contracts, O1).
    fn units(&mut self, current: &Current) {
        for held in current.standing().filter(|held| !held.anomalies.is_empty()) {
            let (plan, anomalies) = (&held.plan_id, held.anomalies.join("; "));
            self.problem(format!(
                "the contribution of plan {plan} does not fit its unit ({anomalies}): settle that first"
            ));
        }
    }
}
