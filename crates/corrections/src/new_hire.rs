//! New hires: somebody on payroll whom Benifex does not know (ID01), or whom Benbase was never told of (CO07). What
//! waits stands once Benifex has the person. Proposed only when payroll gives every required
//! field and nothing says that Benbase knows the person: a rehire is for a person to settle. The social security number
//! is no part of it.

use std::collections::BTreeSet;

use crate::plan::{authority_name, check_currency};
use crate::settings::VariableHours;
use crate::starters_leavers::{Known, Person, Rule, StarterLeaverSettings, moved};
use tieout_model::address::full_zip;
use tieout_model::correction::validate::check;
use tieout_model::correction::{
    Address, Change, Correction, CorrectionKind, CorrectionPlan, NewHire, PayRate, Payload, PersonValues, Standing,
};
use tieout_model::ids::PayrollId;
use tieout_model::money::{Money, UNITS_PER_ONE, decimal_text};
use tieout_model::states::state_code;
use tieout_model::terms::{Authority, EmploymentStatus, RateBasis};

/// Decimals of a rate that is sent.
const RATE_DECIMALS: u32 = 2;
const WEEKS_A_YEAR: i128 = 52;
/// Stands for a personal value in what people read.
const GIVEN: &str = "given";
const NOT_HELD: &str = "not held";

/// Tonight's new hires.
pub fn plan(known: Known<'_>, settings: &StarterLeaverSettings) -> CorrectionPlan {
    if !settings.new_hires.enabled {
        return CorrectionPlan::default();
    }
    let rule = Rule {
        kind: CorrectionKind::NewHire,
        per_run_max: settings.new_hires.per_run_max,
        live: &known.seen.live_hires,
        agreed: |_, _| false,
        name: "new_hires",
        derive,
    };
    let mut plan = rule.plan(known, settings);
    plan.standing = standing(known, &plan);
    plan
}

/// New hires that wait and of which payroll does not give everything tonight, or whose person is blocked: a value that
/// is not there proves nothing.
fn standing(known: Known<'_>, plan: &CorrectionPlan) -> Vec<Standing> {
    let proposed: BTreeSet<&PayrollId> = plan.corrections.iter().map(|correction| &correction.employee_id).collect();
    let waiting = known.seen.live_hires.iter().filter(|id| !proposed.contains(id));
    let stands =
        |id: &&PayrollId| known.facts.get(*id).is_some_and(|facts| facts.on_payroll && (facts.blocked || lacks(facts)));
    let standing = |id: &PayrollId| Standing { employee_id: id.clone(), payload: None, kind: CorrectionKind::NewHire };
    waiting.filter(stands).map(standing).collect()
}

fn lacks(facts: &PersonValues) -> bool {
    let texts = [&facts.first_name, &facts.last_name, &facts.line1, &facts.city, &facts.state, &facts.zip];
    let words = [&facts.email, &facts.rate_basis, &facts.employment_status, &facts.country];
    let dates = [facts.dob, facts.hire_date];
    let blank = |text: &&Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    texts.iter().chain(&words).any(blank)
        || dates.contains(&None)
        || facts.hours.is_none()
        || facts.base_salary.is_none()
}

fn derive(person: &Person<'_>) -> Result<Correction, String> {
    check_first(person)?;
    let hire = body(person)?;
    let payload = Payload::NewHire(Box::new(hire.clone()));
    let problems: Vec<_> = check(&payload).iter().map(|p| format!("payroll's {p}")).collect();
    if !problems.is_empty() {
        return Err(problems.join("; "));
    }
    Ok(Correction {
        employee_id: person.employee_id.into(),
        payload,
        changes: changes(&hire),
        effective: person.facts.hire_date,
        yearly_difference: yearly_pay(person).zip(person.facts.currency),
        findings: person.findings.clone(),
        authority: authority_name(Authority::Payroll).to_owned(),
        second_look: BTreeSet::new(),
    })
}

/// Refuses whoever may be known to Benbase, and whoever has left or not yet begun.
fn check_first(person: &Person<'_>) -> Result<(), String> {
    let seen = person.seen;
    if person.held.is_some() {
        return Err("Benbase knows this id already (ledger): a rehire or another person, decide by hand".to_owned());
    }
    if seen.employees.contains(person.employee_id) || seen.benbase_ids.contains(person.benbase_id) {
        return Err("a change of this id was sent or queued before: a rehire or in doubt, decide by hand".to_owned());
    }
    match (person.facts.hire_date, person.facts.term_date) {
        (Some(hired), _) if hired > person.settings.plan.as_of => Err("the hire date lies in the future".to_owned()),
        (Some(hired), Some(left)) if hired > left => {
            Err("hired again after a leave date: a rehire, decide by hand".to_owned())
        }
        (_, Some(_)) => Err("payroll gives a leave date already".to_owned()),
        _ => Ok(()),
    }
}

/// The body, or every required field that payroll does not give.
fn body(person: &Person<'_>) -> Result<NewHire, String> {
    let facts = person.facts;
    let mut missing = Vec::new();
    let mut text = |value: &Option<String>, name: &'static str| {
        let text = value.as_deref().unwrap_or_default().trim().to_owned();
        if text.is_empty() {
            missing.push(name);
        }
        text
    };
    let (first_name, last_name) = (text(&facts.first_name, "first_name"), text(&facts.last_name, "last_name"));
    let dob = text(&facts.dob.map(|date| date.to_string()), "dob");
    let (line1, city) = (text(&facts.line1, "addr_line1"), text(&facts.city, "city"));
    let state = state_code(&text(&facts.state, "state"));
    let address = Address {
        line1,
        line2: facts.line2.as_deref().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()),
        city,
        zip_code: full_zip(&text(&facts.zip, "zip"), &state),
        state,
    };
    let hire_date = text(&facts.hire_date.map(|date| date.to_string()), "hire_date");
    let email = text(&facts.email, "email");
    let hours_worked = text(&facts.hours.map(|hours| decimal_text(i128::from(hours), 0)), "hours");
    let amount = text(&facts.base_salary.map(|amount| amount.to_text(RATE_DECIMALS)), "base_salary");
    let period = text(&facts.rate_basis, "rate_basis");
    let status = text(&facts.employment_status, "employment_status");
    if !missing.is_empty() {
        return Err(format!("payroll gives no {}", missing.join(", ")));
    }
    check_currency(facts.currency)?;
    let effective = facts.salary_effective.map_or_else(|| hire_date.clone(), |date| date.to_string());
    Ok(NewHire {
        employer_id: person.settings.plan.employer_id.clone(),
        employee_id: person.benbase_id.clone(),
        first_name,
        last_name,
        dob,
        employer: person.settings.employer_name.clone(),
        address,
        hire_date,
        email,
        phone_number: None,
        termination_date: None,
        biological_sex: None,
        hours_worked,
        pay_frequency: facts.pay_frequency.clone(),
        pay_rate: [PayRate { amount, period, effective_start: effective }],
        employment_status: employment_status(status, person.settings.new_hires.variable_hours)?,
        job_title: None,
    })
}

/// A new hire knows no variable hours; a change of pay, once the person is hired, does (CO07).
fn employment_status(status: String, variable_hours: VariableHours) -> Result<String, String> {
    if status != EmploymentStatus::VariableHours.name() {
        return Ok(status);
    }
    match variable_hours {
        VariableHours::PartTime => Ok(EmploymentStatus::PartTime.name().to_owned()),
        VariableHours::Reject => {
            Err("a new hire cannot have variable hours: hire by hand, or set new_hires.variable_hours_new_hire"
                .to_owned())
        }
    }
}

/// What an approver's limit counts: the whole pay of a year.
fn yearly_pay(person: &Person<'_>) -> Option<Money> {
    let (amount, facts) = (person.facts.base_salary?, person.facts);
    if facts.rate_basis.as_deref() == Some(RateBasis::Annually.name()) {
        return Some(amount);
    }
    // Rate and hours are counts of 1/10,000 each: one of the two scales goes, rounded half up.
    let product = i128::from(amount.0) * i128::from(facts.hours?) * WEEKS_A_YEAR;
    let scale = i128::from(UNITS_PER_ONE);
    i64::try_from((product + scale / 2).div_euclid(scale)).ok().map(Money)
}

/// What is sent, field by field; names, dates of birth and addresses stay masked.
fn changes(hire: &NewHire) -> Vec<Change> {
    let [rate] = &hire.pay_rate;
    let mut changes: Vec<Change> =
        ["name", "dob", "address", "email"].into_iter().map(|field| moved(field, NOT_HELD, GIVEN)).collect();
    let mut note = |field: &str, value: &str| changes.push(moved(field, NOT_HELD, value));
    note("employer", &hire.employer);
    note("hire_date", &hire.hire_date);
    note("hours", &hire.hours_worked);
    note("base_salary", &format!("{} {}", rate.amount, rate.period));
    note("salary_effective", &rate.effective_start);
    if let Some(frequency) = &hire.pay_frequency {
        note("pay_frequency", frequency);
    }
    note("employment_status", &hire.employment_status);
    changes
}
