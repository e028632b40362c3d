//! Identity (ID01, ID02, ID04, ID05): who stands on one side only, whose id is written in two ways, whose key repeats.
//! Nothing else is compared for them. ID08 is in `links.rs`, for it follows from other findings.

pub(super) mod demographic;
pub(super) mod foreign_links;
pub(super) mod holders;
pub(super) mod links;
pub(super) mod masked;
pub(super) mod other_group;
pub(super) mod rejected;
pub(super) mod residence;
pub(super) mod reused;
pub(super) mod told_nothing;

use polars::prelude::*;

use crate::rules::differences::payers::{due, taken};
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::people::person_state::{PersonState, bare};
use crate::rules::place::Place;
use crate::rules::write::{Found, evidence, money, several, with_exposure};
use crate::tables::payroll::{PAYROLL_LINES, PAYROLL_PEOPLE};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding, Payer};

/// ID05, ID01, ID02, ID04, and the people whom the grace period leaves out.
pub(super) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (payroll, other) in &night.states.near {
        found.findings.push(near_match(night, *payroll, *other)?);
    }
    for emp in night.in_state(PersonState::Missing) {
        found.findings.push(missing(night, emp)?);
    }
    for emp in night.in_state(PersonState::OffPayroll) {
        found.findings.push(off_payroll(night, emp)?);
    }
    for line in night.lines_at(Place::Id04) {
        found.findings.push(repeated_line(night, line)?);
    }
    repeated_people(night, found)?;
    for emp in &night.links.ambiguous {
        if night.states.get(*emp) != PersonState::Unverified {
            found.findings.push(linked_twice(night, *emp)?);
        }
    }
    for emp in &night.links.shared {
        found.findings.extend(shared_link(night, *emp)?);
    }
    Ok(())
}

/// Deductions a year of the lines, where they all have the same.
fn common_d<'l>(lines: impl Iterator<Item = &'l Line>) -> i64 {
    let all: std::collections::BTreeSet<i64> = lines.map(|line| line.common_d().unwrap_or_default()).collect();
    if all.len() == 1 { all.into_iter().next().unwrap_or_default() } else { 0 }
}

fn near_match(night: &Night<'_>, payroll: u32, other: u32) -> PolarsResult<Finding> {
    let lines = night.lines_of(payroll).iter().chain(night.lines_of(other)).filter(|l| l.place == Place::Id05);
    let variances = night.variances(lines.clone(), &Payer::BOTH);
    let (here, there) = (night.id(payroll), night.id(other));
    let blank = night.finding(Code::ID05, Some(payroll))?;
    let mut finding = Finding {
        field: "employee_id".to_owned(),
        payroll_value: here.to_owned(),
        system_value: there.to_owned(),
        evidence: night
            .at_person(payroll, "employee_id")?
            .into_iter()
            .chain([night.at_user(other, "employeeId")?])
            .collect(),
        also: vec![Code::ID01, Code::ID02],
        sentence: format!(
            "Payroll's employee id {here} and Benifex's {there} {}, and \
             {} on payroll and {} in Benifex wait for it: correct the id where it is wrong.",
            match bare(here) == bare(there) {
                true if here.contains("E+") => "differ only in how a spreadsheet writes numbers",
                true => "differ only in zeros, blanks, case or the letter O",
                false => "are one person's by name and birth date",
            },
            taken(&variances),
            due(&variances)
        ),
        variances,
        ..blank
    }
    .moved_by(Owner::Payroll);
    with_exposure(&mut finding, [common_d(lines); 2]);
    Ok(finding)
}

fn missing(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let lines = night.lines_of(emp).iter().filter(|l| l.place == Place::Id01);
    let variances = night.variances(lines.clone(), &Payer::BOTH);
    let blank = night.finding(Code::ID01, Some(emp))?;
    let mut finding = Finding {
        field: "employee_id".to_owned(),
        payroll_value: night.id(emp).to_owned(),
        system_value: "not found".to_owned(),
        evidence: night.at_both(emp, "employee_id", "employeeId")?,
        sentence: format!(
            "Payroll has this employee in {} and takes {}, but Benifex's complete answer does not: add the employee to \
             Benifex, or stop the deductions.",
            night.period_text(emp)?,
            taken(&variances)
        ),
        variances,
        ..blank
    }
    .moved_by(Owner::Benefits);
    with_exposure(&mut finding, [common_d(lines); 2]);
    Ok(finding)
}

fn off_payroll(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let lines = night.lines_of(emp).iter().filter(|l| l.place == Place::Id02);
    let variances = night.variances(lines.clone(), &Payer::BOTH);
    let live = lines.clone().filter(|l| l.live).count() as u64;
    let blank = night.finding(Code::ID02, Some(emp))?;
    let mut finding = Finding {
        field: "employee_id".to_owned(),
        payroll_value: "not on payroll".to_owned(),
        system_value: several(live, "live benefit"),
        evidence: vec![night.at_user(emp, "employeeId")?],
        sentence: format!(
            "Benifex has {} for this employee, with {} due in {}, but payroll has no such employee and Benifex no leave date: \
             put the employee on payroll, or end the benefits.",
            several(live, "live benefit"),
            due(&variances),
            night.period_text(emp)?
        ),
        variances,
        ..blank
    }
    .moved_by(Owner::Payroll);
    with_exposure(&mut finding, [common_d(lines.filter(|l| l.live)); 2]);
    Ok(finding)
}

fn repeated_line(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = night.finding(Code::ID04, Some(line.emp))?;
    let row = line.pay_row.unwrap_or_default();
    let rows = PAYROLL_LINES.rows.of(&night.inputs.payroll.lines)?.get(row).unwrap_or_default();
    let largest = PAYROLL_LINES.largest.of(&night.inputs.payroll.lines)?.get(row);
    let currency = night.currency(line.pay_cur);
    let variances = night.variances([line], &Payer::BOTH);
    let mut finding = Finding {
        benefit: night.label(line).to_owned(),
        field: "deduction_code".to_owned(),
        payroll_value: money(line.employee_taken, currency),
        system_value: money(line.employee_due, night.currency(line.ee_cur)),
        evidence: night
            .at_line(line, "deduction_code")?
            .into_iter()
            .chain([night.at_benefit(line, "employeeContribution")?])
            .collect(),
        sentence: format!(
            "{} stands in {} for this employee in {} and comes to {}, {}: take the repeated rows out, or list the code as split in the job.",
            night.label(line),
            several(u64::from(rows), "row"),
            night.period_text(line.emp)?,
            taken(&variances),
            largest.map_or_else(
                || "its employee amounts blank".to_owned(),
                |n| format!("its largest employee amount being {}", money(n, currency))
            )
        ),
        variances,
        ..blank
    }
    .moved_by(Owner::Payroll);
    with_exposure(&mut finding, [line.per_year, line.employer_per_year]);
    Ok(finding)
}

/// People whose own rows repeat or disagree, where no line says so already.
fn repeated_people(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let duplicate = PAYROLL_PEOPLE.duplicate.of(&night.inputs.payroll.people)?.iter();
    for (emp, _) in night.people.ids.of_person.iter().zip(duplicate).filter(|(_, d)| *d == Some(true)) {
        let said = night.lines_of(*emp).iter().any(|l| l.place == Place::Id04);
        // A final pay may have a row of its own.
        let left = night.leave(*emp)?.is_some_and(|leave| night.period(*emp).is_ok_and(|(_, end)| leave <= end));
        if said || left || night.states.get(*emp) != PersonState::Judged {
            continue;
        }
        let blank = night.finding(Code::ID04, Some(*emp))?;
        found.findings.push(
            Finding {
                field: "employee_id".to_owned(),
                payroll_value: night.id(*emp).to_owned(),
                evidence: night.at_person(*emp, "employee_id")?.into_iter().collect(),
                sentence:
                    "Payroll has several rows for this employee that repeat or contradict each other: leave one row a \
                       key."
                        .to_owned(),
                ..blank
            }
            .moved_by(Owner::Payroll),
        );
    }
    Ok(())
}

fn linked_twice(night: &Night<'_>, emp: u32) -> PolarsResult<Finding> {
    let blank = night.finding(Code::ID04, Some(emp))?;
    Ok(Finding {
        field: "benbase_id".to_owned(),
        system_value: "several Benbase ids".to_owned(),
        evidence: vec![evidence("crosswalk", "benbase_id", "the crosswalk file")],
        sentence: "The crosswalk gives this employee several Benbase ids, so none is used: leave the right one."
            .to_owned(),
        ..blank
    }
    .moved_by(Owner::Operator))
}

/// Somebody whose Benbase id is a colleague's as well, where Benbase has people of the country. Two ids of one person
/// are ID05 already.
fn shared_link(night: &Night<'_>, emp: u32) -> PolarsResult<Option<Finding>> {
    let Some(benbase) = night.inputs.job.benbase else { return Ok(None) };
    let country = night.person(emp).and_then(|row| night.inputs.payroll.words.country.get(row));
    let elsewhere = country.is_some_and(|country| !benbase.countries.contains(country));
    if elsewhere || matches!(night.states.get(emp), PersonState::Unverified | PersonState::NearMatch) {
        return Ok(None);
    }
    let blank = night.finding(Code::ID04, Some(emp))?;
    Ok(Some(
        Finding {
            field: "benbase_id".to_owned(),
            system_value: "a colleague's Benbase id".to_owned(),
            evidence: vec![evidence("crosswalk", "benbase_id", "the crosswalk file")],
            sentence:
                "The crosswalk gives one Benbase id to this employee and to another, so nothing is corrected for \
                       either: leave it with the right one."
                    .to_owned(),
            ..blank
        }
        .moved_by(Owner::Operator),
    ))
}
