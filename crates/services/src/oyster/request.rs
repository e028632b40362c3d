//! The bodies of the two writes: snake_case, contributions as decimals in the unit of their endpoint, and what the
//! documents forbid, checked before anything is sent. A provisioning is always the whole of it: what is left out is
//! withdrawn.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::oyster::share;
use tieout_model::correction::oyster::{ProvisioningChange, RequestChange, Shares, WantedPlan};
use tieout_model::correction::validate::BodyProblem;
use tieout_model::terms::ShareUnit;

const ID: &str = "an id that is not blank";
const ONCE: &str = "each plan once, packaged or supplementary";
const SHARE: &str =
    "0 to 100 percent that the unit of the endpoint can tell: where it takes percents, none between 0 and 1";
const HEADS: &str = "a number of dependants of zero or more";
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

/// The JSON body of a provisioning. Errors: everything that the documents forbid.
pub(super) fn provisioning(wanted: &ProvisioningChange, unit: ShareUnit) -> Result<String, Vec<BodyProblem>> {
    let mut check = Check::new(unit);
    if wanted.supplementary.is_empty() && wanted.package.is_none() {
        check.problem("package", SOMETHING);
    }
    let plans = check.plans(&wanted.supplementary, "supplementary.plans.id");
    let package = wanted.package.as_ref().map(|package| {
        check.id(&package.package_id, "package.id");
        PackageBody { id: &package.package_id, plans: check.plans(&package.plans, "package.plans.id") }
    });
    check.done(&ProvisioningBody { supplementary: SupplementaryBody { plans }, package })
}

/// The same of a request.
pub(super) fn request(wanted: &RequestChange, unit: ShareUnit) -> Result<String, Vec<BodyProblem>> {
    let mut check = Check::new(unit);
    check.id(&wanted.plan_id, "plan_id");
    let employer_contribution = check.contribution(wanted.shares);
    check.done(&RequestBody { plan_id: &wanted.plan_id, employer_contribution })
}

/// Collects problems while a body is made.
struct Check<'a> {
    unit: ShareUnit,
    seen: BTreeSet<&'a str>,
    problems: Vec<BodyProblem>,
}

impl<'a> Check<'a> {
    fn new(unit: ShareUnit) -> Self {
        Check { unit, seen: BTreeSet::new(), problems: Vec::new() }
    }

    fn problem(&mut self, field: &'static str, expected: &'static str) {
        self.problems.push(BodyProblem { field, expected });
    }

    fn id(&mut self, id: &str, field: &'static str) {
        if id.trim().is_empty() {
            self.problem(field, ID);
        }
    }

    fn plans(&mut self, plans: &'a [WantedPlan], field: &'static str) -> Vec<PlanBody<'a>> {
        let mut bodies = Vec::with_capacity(plans.len());
        for WantedPlan { plan_id, shares } in plans {
            self.id(plan_id, field);
            if !self.seen.insert(plan_id) {
                self.problem(field, ONCE);
            }
            bodies.push(PlanBody { id: plan_id, employer_contributions: self.contribution(*shares) });
        }
        bodies
    }

    /// `None`: nothing is said, so the service decides.
    fn contribution(&mut self, wanted: Shares) -> Option<ContributionBody> {
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

    fn done(self, body: &impl Serialize) -> Result<String, Vec<BodyProblem>> {
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        Ok(serde_json::to_string(body).expect("texts and numbers have no value that JSON cannot hold"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::correction::oyster::WantedPackage;

    const SILENT: Shares = Shares { team_member: None, dependents: None, max_dependents: None };

    fn shares(team_member: i64, dependents: i64, max_dependents: i64) -> Shares {
        let (team_member, dependents) = (Some(team_member), Some(dependents));
        Shares { team_member, dependents, max_dependents: Some(max_dependents) }
    }

    fn plan(id: &str, shares: Shares) -> WantedPlan {
        WantedPlan { plan_id: id.to_owned(), shares }
    }

    fn package(id: &str, plans: Vec<WantedPlan>) -> Option<WantedPackage> {
        Some(WantedPackage { package_id: id.to_owned(), plans })
    }

    fn wanted(supplementary: Vec<WantedPlan>, package: Option<WantedPackage>) -> ProvisioningChange {
        ProvisioningChange { engagement_id: "E1".into(), supplementary, package }
    }

    fn asked(plan_id: &str, shares: Shares) -> RequestChange {
        RequestChange { engagement_id: "E1".into(), plan_id: plan_id.to_owned(), shares }
    }

    #[track_caller]
    fn check_body(body: Result<String, Vec<BodyProblem>>, golden: &str) {
        assert_eq!(body.expect("valid"), golden.trim_end());
    }

    /// Fields with a problem.
    #[track_caller]
    fn check_refused(body: Result<String, Vec<BodyProblem>>, fields: &[&str]) {
        let problems = body.expect_err("not valid");
        assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), fields);
    }

    #[test]
    fn bodies_are_those_of_the_guide() {
        use ShareUnit::{Fraction, Percent};
        let full = wanted(
            vec![plan("Bbc51b6b", shares(500_000, 250_000, 4))],
            package("B9965d2e", vec![plan("D4c07300", shares(550_000, 350_000, 6))]),
        );
        check_body(provisioning(&full, Fraction), include_str!("golden/provisioning_full.json"));
        check_body(provisioning(&full, Percent), include_str!("golden/provisioning_percent.json"));
        let only_package = wanted(vec![], package("B9965d2e", vec![]));
        check_body(provisioning(&only_package, Fraction), include_str!("golden/provisioning_package_only.json"));
        let only_plans = wanted(vec![plan("Bbc51b6b", SILENT)], None);
        check_body(provisioning(&only_plans, Fraction), include_str!("golden/provisioning_plans_only.json"));
        let loud = asked("ANYSTRONGID", shares(555_000, 252_000, 4));
        check_body(request(&loud, Percent), include_str!("golden/request.json"));
        check_body(request(&asked("P1", SILENT), Percent), r#"{"plan_id":"P1"}"#);
    }

    #[test]
    fn what_the_documents_forbid_is_not_made() {
        check_refused(provisioning(&wanted(vec![], None), ShareUnit::Fraction), &["package"]);
        let twice = wanted(vec![plan("P1", SILENT), plan(" ", SILENT)], package("", vec![plan("P1", SILENT)]));
        let fields = ["supplementary.plans.id", "package.id", "package.plans.id"];
        check_refused(provisioning(&twice, ShareUnit::Fraction), &fields);
        check_refused(
            request(&asked("P1", shares(1_000_001, -1, -1)), ShareUnit::Percent),
            &["team_member", "dependents", "max_dependents_covered"],
        );
        // Half a percent would read as a unit anomaly.
        check_refused(request(&asked("P1", shares(5_000, 0, 0)), ShareUnit::Percent), &["team_member"]);
    }
}
