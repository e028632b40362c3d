//! What Oyster says and nobody can use: fields and states that could not be read (CT11), and prices in another currency
//! than payroll's (CU01).

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::link::EngagementOwner;
use crate::rules::oyster::write::{at_engagement, at_enrollment};
use crate::rules::people::person_state::names;
use crate::rules::place::Place;
use crate::rules::write::{Found, OYSTER, field_words};
use tieout_model::code;
use tieout_model::enrollment::EnrollmentState;
use tieout_model::finding::{Code, Finding, SetAside};

/// CT11, CU01.
pub(super) fn judge(night: &Night<'_>, oyster: &Oysters<'_>, found: &mut Found) -> PolarsResult<()> {
    for ((emp, label), cover) in &oyster.covers {
        if night.labels[*label as usize].ignored.is_some() {
            continue;
        }
        for (row, _) in &cover.rows {
            for (field, shown) in unreadable(oyster, *row) {
                found.findings.push(enrollment_field(night, oyster, *emp, *label, *row, &field, &shown)?);
            }
        }
    }
    for row in 0..oyster.engagements.len() {
        engagement_fields(night, oyster, row, found)?;
    }
    let mut seen = BTreeSet::new();
    for line in night.lines_at(Place::Cu01Oyster) {
        // A benefit that payroll has in two currencies is two lines and one finding.
        if seen.insert((line.emp, line.label)) {
            found.findings.push(several_currencies(night, oyster, line)?);
        }
    }
    Ok(())
}

/// Fields of an enrollment that can't be used, and what they hold.
fn unreadable(oyster: &Oysters<'_>, row: usize) -> Vec<(String, String)> {
    let enrollment = &oyster.enrollments[row];
    let faults: Vec<&str> = enrollment.faults.into_iter().flat_map(names).collect();
    let mut fields: Vec<(String, String)> = Vec::new();
    if let EnrollmentState::Unknown(text) = &enrollment.state
        && !faults.contains(&"state")
    {
        fields.push(("state".to_owned(), if text.is_empty() { "blank".to_owned() } else { text.clone() }));
    }
    if enrollment.plan.is_none() && !faults.contains(&"plan_id") {
        fields.push(("plan_id".to_owned(), "blank".to_owned()));
    }
    fields.extend(faults.into_iter().map(|field| (field.to_owned(), "not readable".to_owned())));
    fields
}

fn enrollment_field(
    night: &Night<'_>,
    oyster: &Oysters<'_>,
    emp: u32,
    label: u32,
    row: usize,
    field: &str,
    shown: &str,
) -> PolarsResult<Finding> {
    let benefit = night.catalog.labels.text(label);
    let blank = night.finding(Code::CT11, Some(emp))?;
    Ok(Finding {
        benefit: benefit.to_owned(),
        field: field.to_owned(),
        system_value: shown.to_owned(),
        evidence: vec![at_enrollment(&oyster.enrollments[row], field)],
        sentence: format!(
            "The {} of {benefit} in Oyster is {shown}, so the benefit was not compared: have it put right in Oyster.",
            field_words(field)
        ),
        ..blank
    }
    .moved_by(code::Owner::Benefits))
}

/// CT11 on an engagement: only the rules that need the field are stopped.
fn engagement_fields(night: &Night<'_>, oyster: &Oysters<'_>, row: usize, found: &mut Found) -> PolarsResult<()> {
    let engagement = &oyster.engagements[row];
    if engagement.unverified.is_some() {
        return Ok(());
    }
    let faults: Vec<&str> = engagement.faults.into_iter().flat_map(names).collect();
    let kind = match engagement.odd_kind.filter(|_| !faults.contains(&"kind")) {
        Some("") => Some(("kind", "blank")),
        kind => kind.map(|kind| ("kind", kind)),
    };
    for (field, shown) in faults.into_iter().map(|field| (field, "not readable")).chain(kind) {
        let (emp, key) = match oyster.links.owners[row] {
            EngagementOwner::Employee(emp) => (Some(emp), format!("engagement.{field}")),
            _ => (None, format!("engagement {} {field}", engagement.id)),
        };
        let reason = format!("engagement {}: {field} is {shown}; rules that need it were left out", engagement.id);
        found.unverified.push(SetAside::person(OYSTER, emp.map_or("", |emp| night.id(emp)), reason));
        let blank = night.finding(Code::CT11, emp)?;
        found.findings.push(Finding {
            field: key,
            system_value: shown.to_owned(),
            evidence: vec![at_engagement(engagement, field)],
            sentence: format!(
                "The {} of engagement {} in Oyster is {shown}, so the rules that need it were left out: have it put right in \
                 Oyster.",
                field_words(field),
                engagement.id
            ),
            ..blank
        }
        .moved_by(code::Owner::Benefits));
    }
    Ok(())
}

fn several_currencies(night: &Night<'_>, oyster: &Oysters<'_>, line: &Line) -> PolarsResult<Finding> {
    let lines = night.lines_of(line.emp).iter().filter(|l| l.label == line.label && l.place == line.place);
    let payroll: BTreeSet<String> = lines.filter_map(|l| night.currency(l.pay_cur)).map(|c| c.to_string()).collect();
    let cover = oyster.covers.get(&(line.emp, line.label));
    let priced = cover.into_iter().flat_map(|cover| &cover.currencies);
    let priced: BTreeSet<String> = priced.filter_map(|n| night.currency(*n)).map(|c| c.to_string()).collect();
    let shown = |all: BTreeSet<String>| all.into_iter().collect::<Vec<_>>().join(", ");
    let (payroll, priced) = (shown(payroll), shown(priced));
    let named = |all: &str| if all.is_empty() { "none".to_owned() } else { all.to_owned() };
    let blank = night.finding(Code::CU01, Some(line.emp))?;
    Ok(Finding {
        benefit: night.label(line).to_owned(),
        field: "currency".to_owned(),
        evidence: night.at_line(line, "currency")?.into_iter().chain([oyster.at_line(line)]).collect(),
        sentence: format!(
            "{} has the currency {} on payroll and a price in {} in Oyster in {}, so its amounts can't be compared: correct \
             the wrong one.",
            night.label(line),
            named(&payroll),
            named(&priced),
            night.period_text(line.emp)?
        ),
        payroll_value: payroll,
        system_value: priced,
        ..blank
    }
    .moved_by(code::Owner::Payroll))
}
