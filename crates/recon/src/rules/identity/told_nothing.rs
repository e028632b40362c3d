//! Pay and personal data of which an earlier night found something, and of which a source says nothing tonight: a
//! blank cell, a row that is missing, a record that Benifex does not have, an id that the crosswalk does not give. What
//! is not there proves nothing: the person is unverified, what was found stands, and so does the change that waits.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::people::leaving::is_gone;
use crate::rules::people::person_state::PersonState;
use crate::rules::people::{date, mark};
use crate::rules::schema::EMPLOYEES;
use crate::rules::write::{Found, field_words};
use crate::snapshot::USERS;
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::correction::CorrectionKind;
use tieout_model::finding::Code;
use tieout_model::history::Pending;
use tieout_model::ids::PayrollId;

const OFF_PAYROLL: &str = "payroll does not list the employee, who has not left by Benifex: what was found of pay and \
                           personal data before stands";

const NO_BENBASE_ID: &str =
    "the crosswalk has no Benbase id that is surely the employee's: what was found of what Benbase holds stands";
const NOT_IN_BENIFEX: &str =
    "Benifex does not know the employee: what was found of pay and personal data before stands";

/// After all findings are known.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let pending = night.inputs.pending;
    let asked: BTreeSet<&PayrollId> = pending.open.keys().chain(pending.changing.keys()).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let tonight: BTreeSet<(&str, Code, &str)> =
        found.findings.iter().map(|f| (f.employee_id.as_str(), f.code, f.field.as_str())).collect();
    let mut silent = Vec::new();
    for id in asked {
        let Some(emp) = night.people.ids.find(id.as_str()) else { continue };
        if matches!(night.states.get(emp), PersonState::Unverified | PersonState::RowUnused | PersonState::Elsewhere) {
            continue;
        }
        let Some(row) = night.person(emp) else {
            if is_employed(night, emp)? {
                silent.push(night.person_aside(emp, "payroll", OFF_PAYROLL));
            }
            continue;
        };
        let state = night.states.get(emp);
        if matches!(state, PersonState::Missing | PersonState::NewHire | PersonState::NearMatch) {
            silent.push(night.person_aside(emp, "benifex", NOT_IN_BENIFEX));
            continue;
        }
        if of_benbase(pending, id) && night.inputs.job.benbase.is_some() && night.links.ids[emp as usize].is_none() {
            silent.push(night.person_aside(emp, "crosswalk", NO_BENBASE_ID));
            continue;
        }
        let mut blank = Vec::new();
        for column in needed(night, id, &tonight) {
            if !is_there(night, row, column)? {
                blank.push(column);
            }
        }
        if !blank.is_empty() {
            let named: Vec<String> = blank.into_iter().map(field_words).collect();
            let reason = format!("payroll gives no {}: what was found of it before stands", named.join(" and no "));
            silent.push(night.person_aside(emp, "payroll", reason));
        }
    }
    found.unverified.extend(silent);
    Ok(())
}

/// What is open is of what Benbase holds.
fn of_benbase(pending: &Pending, id: &PayrollId) -> bool {
    let held = |(code, field): &(Code, String)| {
        matches!((code, field.as_str()), (Code::CO07 | Code::DE02, _) | (Code::DE01, "address"))
    };
    pending.changing.contains_key(id) || pending.open.get(id).is_some_and(|open| open.iter().any(held))
}

/// Whether Benifex has the person as employed: neither a leave date that has come, nor a status that says so.
pub(in crate::rules) fn is_employed(night: &Night<'_>, emp: u32) -> PolarsResult<bool> {
    let who = EMPLOYEES.mark.of(&night.people.frame)?.get(emp as usize);
    let left = EMPLOYEES.left.of(&night.people.frame)?.get(emp as usize).map(date);
    let status = night.user_text(emp, USERS.employment_status)?.and_then(is_gone);
    let known = matches!(who, Some(mark::BOTH | mark::SERVICE_ONLY));
    Ok(known && left.is_none_or(|left| left > night.inputs.as_of) && status != Some(true))
}

/// The columns of payroll without which what is open can't be found again, or what waits not be derived.
fn needed(night: &Night<'_>, id: &PayrollId, tonight: &BTreeSet<(&str, Code, &str)>) -> BTreeSet<&'static str> {
    let pending = night.inputs.pending;
    let waits = |kind| pending.changing.get(id).is_some_and(|kinds| kinds.contains(&kind));
    let mut needed = BTreeSet::new();
    for (code, field) in pending.open.get(id).into_iter().flatten() {
        let columns = columns(*code, field);
        if columns.iter().any(|column| PAY.contains(column)) && waits(CorrectionKind::Compensation) {
            needed.extend(PAY);
        }
        if !tonight.contains(&(id.as_str(), *code, field.as_str())) {
            needed.extend(columns);
        }
    }
    if waits(CorrectionKind::Demographic) {
        needed.extend(ADDRESS);
    }
    needed.retain(|column| is_mapped(night, column));
    needed
}

const PAY: [&str; 3] = ["base_salary", "rate_basis", "salary_effective"];
const ADDRESS: [&str; 4] = ["addr_line1", "city", "state", "zip"];

/// What a rule compares of payroll. A leave date is not among them: a blank one says that nobody left.
fn columns(code: Code, field: &str) -> &'static [&'static str] {
    match (code, field) {
        (Code::CO01 | Code::CO07, "base_salary") => &["base_salary"],
        (Code::CO02 | Code::CO07, "salary_effective") => &["base_salary", "salary_effective"],
        (Code::CO03 | Code::CO07, "pay_frequency") => &["pay_frequency"],
        (Code::CO04 | Code::CO07, "employment_status") => &["employment_status"],
        (Code::DE01, "address") => &["addr_line1"],
        (Code::DE01, "zip") => &["zip"],
        (Code::DE02, _) => &["state"],
        (Code::DE04, _) => &["last_name"],
        (Code::DE05, _) => &["dob"],
        _ => &[],
    }
}

fn is_mapped(night: &Night<'_>, column: &str) -> bool {
    let payroll = night.inputs.job.payroll;
    match column {
        "base_salary" => {
            payroll.all_map(|columns| &columns.base_salary)
                || payroll.all_map(|columns| &columns.annual_pay)
                || payroll.all_map(|columns| &columns.hourly_pay)
        }
        "rate_basis" => payroll.all_map(|columns| &columns.rate_basis),
        "salary_effective" => payroll.all_map(|columns| &columns.salary_effective),
        "pay_frequency" => payroll.all_map(|columns| &columns.pay_frequency),
        "employment_status" => payroll.all_map(|columns| &columns.employment_status),
        "addr_line1" => payroll.all_map(|columns| &columns.addr_line1),
        "city" => payroll.all_map(|columns| &columns.city),
        "state" => payroll.all_map(|columns| &columns.state),
        "zip" => payroll.all_map(|columns| &columns.zip),
        "last_name" => payroll.all_map(|columns| &columns.last_name),
        "dob" => payroll.all_map(|columns| &columns.dob),
        _ => false,
    }
}

fn is_there(night: &Night<'_>, row: usize, column: &str) -> PolarsResult<bool> {
    let (people, words) = (&night.inputs.payroll.people, &night.inputs.payroll.words);
    Ok(match column {
        "base_salary" => PAYROLL_PEOPLE.base_salary.of(people)?.get(row).is_some(),
        "salary_effective" => PAYROLL_PEOPLE.salary_effective.of(people)?.get(row).is_some(),
        "dob" => PAYROLL_PEOPLE.dob.of(people)?.get(row).is_some(),
        "rate_basis" => words.rate_basis.get(row).is_some(),
        "pay_frequency" => words.pay_frequency.get(row).is_some(),
        "employment_status" => words.employment_status.get(row).is_some(),
        "state" => words.state.get(row).is_some(),
        "addr_line1" => PAYROLL_PEOPLE.addr_line1.of(people)?.get(row).is_some(),
        "city" => PAYROLL_PEOPLE.city.of(people)?.get(row).is_some(),
        "zip" => PAYROLL_PEOPLE.zip.of(people)?.get(row).is_some(),
        "last_name" => PAYROLL_PEOPLE.last_name.of(people)?.get(row).is_some(),
        _ => false,
    })
}
