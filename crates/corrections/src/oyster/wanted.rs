//! The file in which somebody writes down what an engagement is to get: TOML, percents as text, everything named.
//!
//! ```toml
//! [package]
//! id = "B9965d2e"
//! plans = [{ plan = "D4c07300", team_member = "55", dependents = "35", max_dependents = 6 }]
//!
//! [[supplementary]]
//! plan = "Bbc51b6b"
//! team_member = "50"
//! ```

use serde::Deserialize;

use tieout_model::correction::oyster::{ProvisioningChange, Shares, WantedPackage, WantedPlan};
use tieout_model::money::{DECIMALS_MAX, Marks, Money};

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    supplementary: Vec<Plan>,
    package: Option<Package>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    id: String,
    #[serde(default)]
    plans: Vec<Plan>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    plan: String,
    team_member: Option<Percent>,
    dependents: Option<Percent>,
    max_dependents: Option<u32>,
}

/// A percentage in 1/10,000, written as text: a TOML number with decimals would not be exact.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
struct Percent(i64);

impl TryFrom<String> for Percent {
    type Error = String;

    fn try_from(text: String) -> Result<Percent, String> {
        parse_share(&text).map(Percent)
    }
}

/// `55.5` (or `55.5 %`) as 555,000. Errors: what was expected.
pub fn parse_share(text: &str) -> Result<i64, String> {
    let digits = text.trim();
    let digits = digits.strip_suffix('%').unwrap_or(digits).trim_end();
    let share = Money::parse(digits, Marks::PLAIN, DECIMALS_MAX);
    share.map(|share| share.0).map_err(|why| format!("expected a percentage such as \"55.5\", found {why}"))
}

/// Reads such a file for one engagement. Errors: place and reason; the file holds nothing personal.
pub fn parse(text: &str, engagement_id: &str) -> Result<ProvisioningChange, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let package = file
        .package
        .map(|package| WantedPackage { package_id: package.id.trim().to_owned(), plans: plans(package.plans) });
    Ok(ProvisioningChange { engagement_id: engagement_id.into(), supplementary: plans(file.supplementary), package })
}

fn plans(written: Vec<Plan>) -> Vec<WantedPlan> {
    let mut plans: Vec<WantedPlan> = written
        .into_iter()
        .map(|plan| WantedPlan {
            plan_id: plan.plan.trim().to_owned(),
            shares: Shares {
                team_member: plan.team_member.map(|percent| percent.0),
                dependents: plan.dependents.map(|percent| percent.0),
                max_dependents: plan.max_dependents.map(i64::from),
            },
        })
        .collect();
    plans.sort();
    plans
}
