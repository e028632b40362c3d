//! The bodies of the two writes: snake_case, contributions as decimals in the unit of their endpoint, and what the
//! documents forbid, checked before anything is sent. A provisioning is always the whole of it: what is left out is
//! withdrawn.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::oyster::share;
use tieout_model::correction::validate::Problem;
use tieout_model::records::oyster::Contribution;
use tieout_model::terms::ShareUnit;

/// All that an engagement is to be provisioned with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProvisioningRequest {
    pub supplementary: Vec<WantedPlan>,
    pub package: Option<WantedPackage>,
}

/// One plan, and what the employer pays of it; `None`: what the service decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedPlan {
    pub plan_id: String,
    pub contribution: Option<Contribution>,
}

/// One package; plans that are not named get what the service decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedPackage {
    pub package_id: String,
    pub plans: Vec<WantedPlan>,
}

/// One more plan for an engagement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BenefitRequest {
    pub plan_id: String,
    pub contribution: Option<Contribution>,
}

const ID: &str = "an id that is not blank";
const ONCE: &str = "each plan once, packaged or supplementary";
const SHARE: &str =
    "0 to 100 percent that the unit of the endpoint can tell: where it takes percents, none between 0 and 1";
const HEADS: &str = "a number of dependants of zero or more";
const FITTING: &str = "values that fit their unit";
const SOMETHING: &str = "a package or a supplementary plan: an empty body would withdraw everything";

#[derive(Serialize)]
struct ProvisioningBody<'a> {
    supplementary: SupplementaryBody<'a>,
    /// The contract has no way to write "none" but to leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<PackageBody<'a>>,
}

#[derive(Serialize)]
struct SupplementaryBody<'a> {
    plans: Vec<PlanBody<'a>>,
}

#[derive(Serialize)]
struct PackageBody<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plans: Vec<PlanBody<'a>>,
}

#[derive(Serialize)]
struct PlanBody<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    employer_contributions: Option<ContributionBody>,
}

#[derive(Serialize)]
struct RequestBody<'a> {
    plan_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    employer_contribution: Option<ContributionBody>,
}

#[derive(Serialize)]
struct ContributionBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    team_member: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dependents: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_dependents_covered: Option<i64>,
}

impl ProvisioningRequest {
    /// The JSON body. Errors: everything that the documents forbid.
    pub(super) fn body(&self, unit: ShareUnit) -> Result<String, Vec<Problem>> {
        let mut check = Check::new(unit);
        if self.supplementary.is_empty() && self.package.is_none() {
            check.problem("package", SOMETHING);
        }
        let plans = check.plans(&self.supplementary, "supplementary.plans.id");
        let package = self.package.as_ref().map(|package| {
            check.id(&package.package_id, "package.id");
            PackageBody { id: &package.package_id, plans: check.plans(&package.plans, "package.plans.id") }
        });
        check.done(&ProvisioningBody { supplementary: SupplementaryBody { plans }, package })
    }
}

impl BenefitRequest {
    /// The same of a request.
    pub(super) fn body(&self, unit: ShareUnit) -> Result<String, Vec<Problem>> {
        let mut check = Check::new(unit);
        check.id(&self.plan_id, "plan_id");
        let employer_contribution = check.contribution(self.contribution.as_ref());
        check.done(&RequestBody { plan_id: &self.plan_id, employer_contribution })
    }
}

/// Collects problems while a body is made.
struct Check<'a> {
    unit: ShareUnit,
    seen: BTreeSet<&'a str>,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn new(unit: ShareUnit) -> Self {
        Check { unit, seen: BTreeSet::new(), problems: Vec::new() }
    }

    fn problem(&mut self, field: &'static str, expected: &'static str) {
        self.problems.push(Problem { field, expected });
    }

    fn id(&mut self, id: &str, field: &'static str) {
        if id.trim().is_empty() {
            self.problem(field, ID);
        }
    }

    fn plans(&mut self, plans: &'a [WantedPlan], field: &'static str) -> Vec<PlanBody<'a>> {
        let mut bodies = Vec::with_capacity(plans.len());
        for WantedPlan { plan_id, contribution } in plans {
            self.id(plan_id, field);
            if !self.seen.insert(plan_id) {
                self.problem(field, ONCE);
            }
            bodies.push(PlanBody { id: plan_id, employer_contributions: self.contribution(contribution.as_ref()) });
        }
        bodies
    }

    fn contribution(&mut self, contribution: Option<&Contribution>) -> Option<ContributionBody> {
        let wanted = contribution?;
        if !wanted.anomalies.is_empty() {
            self.problem("employer_contribution", FITTING);
        }
        let team_member = self.share(wanted.team_member, "team_member");
        let dependents = self.share(wanted.dependents, "dependents");
        if wanted.max_dependents.is_some_and(|heads| heads < 0) {
            self.problem("max_dependents_covered", HEADS);
        }
        let is_silent = team_member.is_none() && dependents.is_none() && wanted.max_dependents.is_none();
        (!is_silent).then_some(ContributionBody {
            team_member,
            dependents,
            max_dependents_covered: wanted.max_dependents,
        })
    }

    fn share(&mut self, percents: Option<i64>, field: &'static str) -> Option<Box<RawValue>> {
        let number = share::written(percents?, self.unit).and_then(|text| RawValue::from_string(text).ok());
        if number.is_none() {
            self.problem(field, SHARE);
        }
        number
    }

    fn done(self, body: &impl Serialize) -> Result<String, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        Ok(serde_json::to_string(body).expect("texts and numbers have no value that JSON cannot hold"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(team_member: i64, dependents: i64, max_dependents: i64) -> Option<Contribution> {
        let (team_member, dependents) = (Some(team_member), Some(dependents));
        Some(Contribution { team_member, dependents, max_dependents: Some(max_dependents), anomalies: Vec::new() })
    }

    fn plan(id: &str, contribution: Option<Contribution>) -> WantedPlan {
        WantedPlan { plan_id: id.to_owned(), contribution }
    }

    fn package(id: &str, plans: Vec<WantedPlan>) -> Option<WantedPackage> {
        Some(WantedPackage { package_id: id.to_owned(), plans })
    }

    #[track_caller]
    fn check_body(body: Result<String, Vec<Problem>>, golden: &str) {
        assert_eq!(body.expect("valid"), golden.trim_end());
    }

    /// Fields with a problem.
    #[track_caller]
    fn check_refused(body: Result<String, Vec<Problem>>, fields: &[&str]) {
        let problems = body.expect_err("not valid");
        assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), fields);
    }

    #[test]
    fn bodies_are_those_of_the_guide() {
        let full = ProvisioningRequest {
            supplementary: vec![plan("Bbc51b6b", share(500_000, 250_000, 4))],
            package: package("B9965d2e", vec![plan("D4c07300", share(550_000, 350_000, 6))]),
        };
        check_body(full.body(ShareUnit::Fraction), include_str!("golden/provisioning_full.json"));
        check_body(full.body(ShareUnit::Percent), include_str!("golden/provisioning_percent.json"));
        let only_package = ProvisioningRequest { package: package("B9965d2e", vec![]), ..Default::default() };
        check_body(only_package.body(ShareUnit::Fraction), include_str!("golden/provisioning_package_only.json"));
        let only_plans = ProvisioningRequest { supplementary: vec![plan("Bbc51b6b", None)], package: None };
        check_body(only_plans.body(ShareUnit::Fraction), include_str!("golden/provisioning_plans_only.json"));
        let request = BenefitRequest { plan_id: "ANYSTRONGID".to_owned(), contribution: share(555_000, 252_000, 4) };
        check_body(request.body(ShareUnit::Percent), include_str!("golden/request.json"));
        let silent = BenefitRequest { plan_id: "P1".to_owned(), contribution: Some(Contribution::default()) };
        check_body(silent.body(ShareUnit::Percent), r#"{"plan_id":"P1"}"#);
    }

    #[test]
    fn what_the_documents_forbid_is_not_made() {
        check_refused(ProvisioningRequest::default().body(ShareUnit::Fraction), &["package"]);
        let twice = ProvisioningRequest {
            supplementary: vec![plan("P1", None), plan(" ", None)],
            package: package("", vec![plan("P1", None)]),
        };
        let fields = ["supplementary.plans.id", "package.id", "package.plans.id"];
        check_refused(twice.body(ShareUnit::Fraction), &fields);
        let request = |contribution| BenefitRequest { plan_id: "P1".to_owned(), contribution };
        check_refused(
            request(share(1_000_001, -1, -1)).body(ShareUnit::Percent),
            &["team_member", "dependents", "max_dependents_covered"],
        );
        // Half a percent would read as a unit anomaly.
        check_refused(request(share(5_000, 0, 0)).body(ShareUnit::Percent), &["team_member"]);
        let odd =
            Contribution { anomalies: vec!["teamMember 0.55 where percents are due".into()], ..Default::default() };
        check_refused(request(Some(odd)).body(ShareUnit::Percent), &["employer_contribution"]);
    }
}
