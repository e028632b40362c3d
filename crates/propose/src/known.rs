//! What the services hold, as far as it helps to read a payroll file: who is there, in which pay group, with which
//! benefits at which price. Read from a folder of recorded answers, line by line.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use tieout_model::money::Money;

#[derive(Debug, Default)]
pub struct Known {
    /// By employee id.
    pub people: BTreeMap<String, KnownPerson>,
    /// Benefit key → title.
    pub benefits: BTreeMap<String, String>,
    /// Words for the state of a benefit.
    pub statuses: BTreeSet<String>,
    /// Currencies of benefits.
    pub currencies: BTreeSet<String>,
}

#[derive(Clone, Debug, Default)]
pub struct KnownPerson {
    pub pay_group: Option<String>,
    pub country: Option<String>,
    /// Pays a year.
    pub pay_periods: Option<u32>,
    /// Pay of a year, in 1/10,000.
    pub salary: Option<i64>,
    pub benefits: Vec<Benefit>,
}

/// A benefit that a person has, its amounts in 1/10,000.
#[derive(Clone, Debug)]
pub struct Benefit {
    pub key: String,
    pub employee: Option<Price>,
    pub employer: Option<Price>,
}

#[derive(Clone, Copy, Debug)]
pub struct Price {
    pub annual: i64,
    pub monthly: i64,
}

impl Price {
    /// Whether an amount is this price, taken so many times a year, as far as rounding goes: 1 + 6 / times minor units
    /// of two decimals, as the rules tolerate it (rules.md 2.1).
    pub fn is(self, amount: i64, times: u32) -> bool {
        const MINOR: i64 = 100;
        let times = i64::from(times.max(1));
        let tolerance = MINOR * (1 + 6 / times);
        (amount - self.annual / times).abs() <= tolerance || (times == 12 && (amount - self.monthly).abs() <= tolerance)
    }
}

/// An id without what spreadsheets add to it: `="00123"`, `'00123`, `123.0`.
pub fn bare_id(cell: &str) -> &str {
    let id = cell.trim().trim_start_matches('=').trim_matches('"').trim_start_matches('\'').trim();
    id.strip_suffix(".0").filter(|whole| whole.bytes().all(|b| b.is_ascii_digit())).unwrap_or(id)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    employment: Option<Employment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Employment {
    employee_id: Option<String>,
    country_of_work: Option<String>,
    salary_details: Option<SalaryDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SalaryDetails {
    pay_group: Option<String>,
    pay_periods: Option<u32>,
    salary: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserBenefits {
    user_id: String,
    data: BenefitLists,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BenefitLists {
    #[serde(default)]
    current_benefits: Vec<CurrentBenefit>,
    #[serde(default)]
    eligible_to_add_benefits: Vec<CurrentBenefit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CurrentBenefit {
    benefit_key: Option<String>,
    title: Option<String>,
    status: Option<String>,
    employee_contribution: Option<Cost>,
    employer_contribution: Option<Cost>,
}

#[derive(Deserialize)]
struct Cost {
    annual: Option<Box<RawValue>>,
    monthly: Option<Box<RawValue>>,
    currency: Option<String>,
}

impl Cost {
    fn price(&self) -> Option<Price> {
        let monthly = self.monthly.as_deref().and_then(amount).unwrap_or_default();
        Some(Price { annual: amount(self.annual.as_deref()?)?, monthly })
    }
}

fn amount(number: &RawValue) -> Option<i64> {
    Money::from_json(number.get()).ok().map(|money| money.0)
}

/// From `benifex/users.ndjson` and `benifex/benefits.ndjson` of a world. A line that is no such record is left out: the
/// night reports it, and a proposal does not hang on it.
pub fn of_world(users: &str, benefits: &str) -> Known {
    let mut known = Known::default();
    let mut employee_of_user = BTreeMap::new();
    for user in users.lines().filter_map(|line| serde_json::from_str::<User>(line).ok()) {
        let Some(employment) = user.employment else { continue };
        let Some(employee_id) = employment.employee_id else { continue };
        let salary = employment.salary_details;
        let person = KnownPerson {
            pay_group: salary.as_ref().and_then(|salary| salary.pay_group.clone()),
            country: employment.country_of_work,
            salary: salary.as_ref().and_then(|salary| amount(salary.salary.as_deref()?)),
            pay_periods: salary.and_then(|salary| salary.pay_periods),
            benefits: Vec::new(),
        };
        employee_of_user.insert(user.id, employee_id.clone());
        known.people.insert(employee_id, person);
    }
    for lists in benefits.lines().filter_map(|line| serde_json::from_str::<UserBenefits>(line).ok()) {
        for benefit in lists.data.current_benefits.iter().chain(&lists.data.eligible_to_add_benefits) {
            if let Some(key) = &benefit.benefit_key {
                known.benefits.insert(key.clone(), benefit.title.clone().unwrap_or_default());
            }
        }
        let person = employee_of_user.get(&lists.user_id).and_then(|id| known.people.get_mut(id));
        let Some(person) = person else { continue };
        for benefit in lists.data.current_benefits {
            let costs = [&benefit.employee_contribution, &benefit.employer_contribution];
            known.currencies.extend(costs.iter().filter_map(|cost| cost.as_ref()?.currency.clone()));
            known.statuses.extend(benefit.status);
            if let Some(key) = benefit.benefit_key {
                let [employee, employer] = costs.map(|cost| cost.as_ref().and_then(Cost::price));
                person.benefits.push(Benefit { key, employee, employer });
            }
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_an_amount_of_a_period_within_rounding() {
        let price = Price { annual: 18_677_100, monthly: 1_556_400 };
        assert!(price.is(1_556_400, 12));
        assert!(price.is(778_200, 24));
        assert!(!price.is(718_300, 24));
    }

    #[test]
    fn a_world_tells_people_benefits_and_states() {
        let users = r#"{"id":"u1","employment":{"employeeId":"00101","countryOfWork":"GB","salaryDetails":{"payGroup":"UK-M","payPeriods":12}}}"#;
        let benefits = r#"{"userId":"u1","data":{"currentBenefits":[{"status":"ACTIVE","benefitKey":"_Medical","title":"Medical Cover","employeeContribution":{"annual":720.0,"monthly":60.00,"currency":"GBP"}}]}}"#;
        let known = of_world(users, &format!("{benefits}\nnot a record\n"));
        let person = &known.people["00101"];
        assert_eq!((person.pay_group.as_deref(), person.pay_periods), (Some("UK-M"), Some(12)));
        assert_eq!(person.benefits[0].employee.map(|price| price.annual), Some(7_200_000));
        assert_eq!(known.benefits["_Medical"], "Medical Cover");
    }
}
