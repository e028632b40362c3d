//! The JSON lines of Oyster, in the shapes of its contract and written from it alone.

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::world::amounts::payroll_text;
use crate::world::calendar::AFTER_CUTOFF;
use crate::world::oyster::history::RECENTLY;
use crate::world::oyster::records::{Engagement, Enrollment, PACKAGE, PLANS, Plan, Price, Share};

/// Before the cut-off, or tonight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    AtCutoff,
    Tonight,
}

impl Moment {
    fn state(self, enrollment: &Enrollment) -> &'static str {
        match self {
            Moment::AtCutoff => enrollment.at_cutoff(),
            Moment::Tonight => enrollment.state(),
        }
    }
}

/// A number with exactly these digits.
#[derive(Clone, Debug)]
struct Digits(String);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// 5,550 with two places is 55.5.
fn digits(count: i64, places: u32) -> Digits {
    let unit = 10_i64.pow(places);
    let (whole, rest) = (count / unit, count % unit);
    let decimals = format!("{rest:0width$}", width = places as usize);
    let decimals = decimals.trim_end_matches('0');
    Digits(if decimals.is_empty() { whole.to_string() } else { format!("{whole}.{decimals}") })
}

fn percent(share: Share) -> Digits {
    digits(share, 2)
}

fn fraction(share: Share) -> Digits {
    digits(share, 4)
}

/// One line of the engagements list.
pub fn engagement(e: &Engagement, moment: Moment) -> Value {
    let late = e.changed_late && moment == Moment::Tonight;
    let modified = if late { AFTER_CUTOFF } else { RECENTLY };
    let embedded: Vec<Value> = e
        .enrollments
        .iter()
        .map(|enrollment| {
            let plan = &PLANS[enrollment.plan];
            json!({
                "benefitEnrollmentId": enrollment.id,
                "plan": { "provider": plan.provider, "descriptiveName": plan.name },
                "name": plan.name,
                "state": moment.state(enrollment),
            })
        })
        .collect();
    let employment = json!({
        "employmentId": e.id, "fullLegalName": e.name, "email": e.email, "employmentType": null, "lastDayOn": null,
        "salary": { "decimal": payroll_text(e.salary), "currencyCode": "EUR" },
    });
    let contract = json!({
        "contractId": e.id, "name": e.name, "email": e.email, "billingType": "FIXED", "taxIdNumber": null,
    });
    let (kind, employment, contract) = match e.contract {
        true => ("CONTRACT", Value::Null, contract),
        false => ("EMPLOYMENT", employment, Value::Null),
    };
    json!({
        "engagementId": e.id,
        "modifiedAt": format!("{modified}T09:30:00Z"),
        "startDate": e.start_date.to_string(),
        "engagementType": kind,
        "state": "IN_PROGRESS",
        "role": "Consultant",
        "countryCode": "ES",
        "personalDetails": { "name": e.name, "addresses": { "livingAddress": null, "mailingAddress": null } },
        "employment": employment,
        "contract": contract,
        "benefitEnrollments": embedded,
        "terminations": [],
        "department": null,
    })
}

/// What belongs to an engagement, one line of its file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Of<'a, T> {
    engagement_id: &'a str,
    data: T,
}

/// One enrollment in the shape of an endpoint.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Enrolled {
    id: String,
    plan: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<Value>,
    state: &'static str,
    employer_contribution: Contribution,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contribution {
    dependents: Digits,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_dependents_covered: Option<u32>,
    team_member: Digits,
}

/// The enrollments: percents, without prices and without the number of dependants.
pub fn enrollments(e: &Engagement, moment: Moment) -> Of<'_, Vec<Enrolled>> {
    let shown = |enrollment: &Enrollment| Enrolled {
        id: enrollment.id.clone(),
        plan: plan(&PLANS[enrollment.plan], None),
        package: package(enrollment.plan),
        state: moment.state(enrollment),
        employer_contribution: Contribution {
            dependents: percent(enrollment.dependents.map_or(0, |(share, _)| share)),
            max_dependents_covered: None,
            team_member: match enrollment.share_text {
                Some(text) => Digits(text.to_owned()),
                None => percent(enrollment.share),
            },
        },
    };
    Of { engagement_id: &e.id, data: e.enrollments.iter().map(shown).collect() }
}

/// The provisioning in its two parts: fractions, prices and numbers of dependants.
#[derive(Serialize)]
pub struct Parts {
    supplementary: Part,
    packaged: Part,
}

#[derive(Serialize)]
struct Part {
    enrollments: Vec<Enrolled>,
}

/// What was provisioned, whatever became of it.
pub fn provisioning(e: &Engagement, moment: Moment) -> Of<'_, Parts> {
    let shown = |enrollment: &Enrollment| Enrolled {
        id: enrollment.id.clone(),
        plan: plan(&PLANS[enrollment.plan], Some(e.prices[enrollment.plan])),
        package: package(enrollment.plan),
        state: moment.state(enrollment),
        employer_contribution: Contribution {
            dependents: fraction(enrollment.dependents.map_or(0, |(share, _)| share)),
            max_dependents_covered: Some(enrollment.dependents.map_or(0, |(_, count)| count)),
            team_member: fraction(enrollment.share),
        },
    };
    let part = |packaged: bool| Part {
        enrollments: e.enrollments.iter().filter(|e| PLANS[e.plan].packaged == packaged).map(shown).collect(),
    };
    Of { engagement_id: &e.id, data: Parts { supplementary: part(false), packaged: part(true) } }
}

/// What is on offer.
pub fn offerings(e: &Engagement) -> Of<'_, Value> {
    let offered = |packaged: bool| -> Vec<Value> {
        let plans = PLANS.iter().zip(e.prices).filter(|(plan, _)| plan.packaged == packaged);
        plans.map(|(plan, price)| self::plan(plan, Some(price))).collect()
    };
    let (id, name) = PACKAGE;
    let packages = json!([{ "id": id, "name": name, "fee": null, "plans": offered(true) }]);
    Of { engagement_id: &e.id, data: json!({ "supplementary": { "plans": offered(false) }, "packages": packages }) }
}

fn plan(plan: &Plan, price: Option<Price>) -> Value {
    let mut shown = json!({
        "id": plan.id, "link": "http://example.com", "name": plan.name, "providerName": plan.provider,
        "category": plan.category, "guideUrl": "http://example.com/guide",
    });
    if let Some((cents, currency)) = price {
        shown["estimatedPrice"] = json!({ "decimal": payroll_text(cents), "currencyCode": currency });
    }
    shown
}

fn package(plan: usize) -> Option<Value> {
    let (id, name) = PACKAGE;
    PLANS[plan].packaged.then(|| json!({ "id": id, "name": name }))
}

/// The opening balance of the history of states: one line a state, those of an enrollment oldest first.
pub fn states(e: &Engagement) -> Vec<Value> {
    let mut lines = Vec::new();
    for enrollment in &e.enrollments {
        for (position, (state, since)) in enrollment.states.iter().enumerate() {
            lines.push(json!({
                "engagementId": e.id,
                "enrollmentId": enrollment.id,
                "state": state,
                "since": since.to_string(),
                "witnessed": position > 0,
            }));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_more_digits_than_they_need() {
        let text = |count, places| digits(count, places).0;
        assert_eq!([text(5_550, 2), text(10_000, 2), text(5_550, 4), text(7, 4)], ["55.5", "100", "0.555", "0.0007"]);
    }
}
