//! Completeness and control (CT): what was not read in full is said before anything is compared. CT04 and CT10, the two
//! proofs, are raised in `proofs` once everything else is known.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::rules::differences::payers::of_payers;
use crate::rules::night::Night;
use crate::rules::people::person_state::{PersonState, names};
use crate::rules::place::Place;
use crate::rules::write::{Found, evidence, field_words, money, several};
use crate::snapshot::{BENEFITS, POPULATION, USERS};
use crate::tables::payroll::PAYROLL_PEOPLE;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding, Payer};
use tieout_model::money::{Money, decimal_text};
use tieout_payroll::ControlCheck;

/// CT01, CT02, CT03, CT06, CT11.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for check in night.inputs.payroll.controls.iter().filter(|c| c.stated != c.found) {
        found.findings.push(control_break(night, check)?);
    }
    for emp in night.in_state(PersonState::Unverified) {
        unverified_person(night, emp, found)?;
    }
    found.findings.extend(inconsistent_paging(night)?);
    crate::rules::proofs::run_totals::judge(night, found)?;
    unreadable_benefits(night, found)?;
    unreadable_people(night, found)
}

/// CT01: a control total of the file does not agree with what was read.
fn control_break(night: &Night<'_>, check: &ControlCheck) -> PolarsResult<Finding> {
    let amount = |n: i128| match check.currency {
        Some(currency) => format!("{} {currency}", decimal_text(n, currency.decimals())),
        None => n.to_string(),
    };
    // `ee_amount MED USD`: the code stands in the middle.
    let code = check.what.split_whitespace().nth(1);
    let blank = night.finding(Code::CT01, None)?;
    let (stated, read) = (amount(check.stated), amount(check.found));
    Ok(Finding {
        benefit: code.map(crate::rules::lines::labels::code_label).unwrap_or_default(),
        field: check.what.replace(char::is_whitespace, "_"),
        sentence: format!(
            "The {} states {stated} for {}, but the file holds {read}: get a complete file before anything is paid or \
             corrected.",
            check.source, check.what
        ),
        payroll_value: read,
        system_value: stated,
        evidence: vec![evidence("payroll", &check.what, &check.source)],
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// CT02: somebody who was asked for could not be read; nothing else is said of that person.
fn unverified_person(night: &Night<'_>, emp: u32, found: &mut Found) -> PolarsResult<()> {
    let known = (emp as usize) < night.people.ids.known();
    let reason = match known {
        true => {
            POPULATION.reason.of(night.inputs.population)?.get(emp as usize).unwrap_or("the answer contradicts itself")
        }
        false => "not in the snapshot",
    };
    let mut lines = night.lines_of(emp).iter().filter(|l| l.place == Place::UnverifiedPerson).peekable();
    let without_lines = lines.peek().is_none();
    for line in lines {
        found.unverified.extend(night.asides(line, reason.to_owned()));
    }
    if without_lines {
        let source = if night.person(emp).is_some() { "payroll" } else { "benifex" };
        found.unverified.push(night.person_aside(emp, source, reason.to_owned()));
    }
    if !known {
        return Ok(());
    }
    let (taken, shown) = taken(night, emp);
    let blank = night.finding(Code::CT02, Some(emp))?;
    found.findings.push(Finding {
        field: "benifex".to_owned(),
        payroll_value: taken,
        system_value: "unverified".to_owned(),
        evidence: vec![night.at_user(emp, "employeeId")?],
        sentence: format!(
            "Benifex could not be read for this employee ({reason}), so nothing is said of {shown} on payroll: run again or \
             look the employee up by hand."
        ),
        ..blank
    }
    .moved_by(Owner::Operator));
    Ok(())
}

/// What payroll takes of a person: of the employee by currency for the value column, and of both sides for the
/// sentence.
fn taken(night: &Night<'_>, emp: u32) -> (String, String) {
    let mut sums: BTreeMap<u32, i64> = BTreeMap::new();
    let mut both = Vec::new();
    let lines = night.lines_of(emp).iter().filter(|l| l.place == Place::UnverifiedPerson);
    for line in lines.filter(|l| l.pay_row.is_some()) {
        *sums.entry(line.pay_cur).or_default() += line.employee_taken;
        let currency = night.currency(line.pay_cur);
        both.extend(
            currency
                .into_iter()
                .flat_map(|c| [(Payer::Employee, c, line.employee_taken), (Payer::Employer, c, line.employer_taken)]),
        );
    }
    let sums_empty = sums.is_empty();
    let texts: Vec<String> = sums.into_iter().map(|(number, sum)| money(sum, night.currency(number))).collect();
    let shown = if sums_empty { "no deductions".to_owned() } else { of_payers(both) };
    (texts.join(" + "), shown)
}

/// CT03: the walk over the pages of some batches contradicted itself.
fn inconsistent_paging(night: &Night<'_>) -> PolarsResult<Option<Finding>> {
    let shaky =
        POPULATION.batch_inconsistent.of(night.inputs.population)?.iter().filter(|f| *f == Some(true)).count() as u64;
    if shaky == 0 {
        return Ok(None);
    }
    let blank = night.finding(Code::CT03, None)?;
    let people = several(shaky, "employee");
    Ok(Some(Finding {
        field: "paging".to_owned(),
        system_value: people.clone(),
        evidence: vec![evidence(&format!("snapshot {}", night.inputs.snapshot_id), "batch_inconsistent", "population")],
        sentence: format!(
            "The pages of Benifex's user list contradicted each other for {people}; those that the list did not return \
             are unverified, not missing: run again, and report it to Benifex if it stays."
        ),
        ..blank
    }
    .moved_by(Owner::Operator)))
}

/// CT11 on benefits: a status that no map knows, or a field that could not be read.
fn unreadable_benefits(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let benefits = night.inputs.benefits;
    let faults = BENEFITS.faults.of(&benefits.frame)?;
    let emps = BENEFITS.emp.of(&benefits.frame)?;
    for line in night.lines_at(Place::UnverifiedFields) {
        found.unverified.extend(night.asides(line, "a field of the benefit could not be read"));
        // Rows of one benefit are neighbours.
        let first = line.bx_row.unwrap_or_default();
        let same = |row: usize| {
            emps.get(row) == Some(line.emp) && benefits.keys.get(row).map(str::trim) == Some(night.label(line))
        };
        let start = (0..=first).rev().take_while(|row| same(*row)).last().unwrap_or(first);
        for row in (start..benefits.height()).take_while(|row| same(*row)) {
            let status = benefits.statuses.get(row).unwrap_or_default();
            if !night.inputs.job.benifex.benefit_status.contains_key(&status.trim().to_lowercase()) {
                let shown = if status.is_empty() { "blank" } else { status };
                found.findings.push(unreadable_field(night, line, row, "status", shown)?);
            }
            for field in faults.get(row).into_iter().flat_map(names) {
                found.findings.push(unreadable_field(night, line, row, field, "not readable")?);
            }
        }
    }
    Ok(())
}

fn unreadable_field(
    night: &Night<'_>,
    line: &crate::rules::lines::unmatched::Line,
    row: usize,
    field: &str,
    shown: &str,
) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CT11, Some(line.emp))?;
    let at = crate::rules::lines::unmatched::Line { bx_row: Some(row), ..line.clone() };
    Ok(Finding {
        benefit: night.label(line).to_owned(),
        field: field.to_owned(),
        payroll_value: line
            .pay_row
            .map(|_| money(line.employee_taken, night.currency(line.pay_cur)))
            .unwrap_or_default(),
        system_value: shown.to_owned(),
        evidence: vec![night.at_benefit(&at, field)?],
        sentence: format!(
            "The {} of {} in Benifex is {shown}, so the benefit was not compared: correct it in Benifex, or name it in \
             the job.",
            field_words(field),
            night.label(line)
        ),
        ..blank
    }
    .moved_by(Owner::Benefits))
}

/// CT11 on people: only the rules that need the field are stopped.
fn unreadable_people(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let users = night.inputs.users;
    for (emp, faults) in USERS.emp.of(users)?.into_no_null_iter().zip(USERS.faults.of(users)?.iter()) {
        for field in faults.into_iter().flat_map(names) {
            person_field(night, emp, "benifex", field, found)?;
        }
    }
    let unmapped = PAYROLL_PEOPLE.unmapped.of(&night.inputs.payroll.people)?.iter();
    let mut without_frequency = Vec::new();
    for (emp, fields) in night.people.ids.of_person.iter().zip(unmapped) {
        for field in fields.into_iter().flat_map(names) {
            match field {
                FREQUENCY => without_frequency.push(*emp),
                _ => person_field(night, *emp, "payroll", field, found)?,
            }
        }
    }
    without_frequency.retain(|emp| night.states.get(*emp) != PersonState::Unverified);
    if without_frequency.is_empty() { Ok(()) } else { unknown_frequencies(night, &without_frequency, found) }
}

/// The field of payroll of which one finding tells all words that nothing is known of: they are the job's to map.
const FREQUENCY: &str = "pay_frequency";

/// Rows that the finding names.
const ROWS_SHOWN_MAX: usize = 3;

/// CT11 on the words of the pay frequency column, of these employees.
fn unknown_frequencies(night: &Night<'_>, emps: &[u32], found: &mut Found) -> PolarsResult<()> {
    let reason = "pay_frequency is not readable; rules that need it were left out";
    found.unverified.extend(emps.iter().map(|emp| night.person_aside(*emp, "payroll", reason)));
    let rows = emps.iter().take(ROWS_SHOWN_MAX).map(|emp| night.at_person(*emp, FREQUENCY));
    let evidence = rows.collect::<PolarsResult<Vec<_>>>()?.into_iter().flatten().collect();
    let who = several(emps.len() as u64, "employee");
    let blank = night.finding(Code::CT11, None)?;
    found.findings.push(
        Finding {
            field: FREQUENCY.to_owned(),
            payroll_value: who.clone(),
            system_value: "not in the job".to_owned(),
            evidence,
            sentence: format!(
                "Payroll's words for the {} of {who} mean nothing that is known, so the rules that need it were left out: name them in \
                 payroll.pay_frequency_map of the job.",
                field_words(FREQUENCY)
            ),
            ..blank
        }
        .moved_by(Owner::Operator),
    );
    Ok(())
}

fn person_field(night: &Night<'_>, emp: u32, source: &'static str, field: &str, found: &mut Found) -> PolarsResult<()> {
    if night.states.get(emp) == PersonState::Unverified {
        return Ok(());
    }
    let blank = night.finding(Code::CT11, Some(emp))?;
    let (evidence, place, owner) = match source {
        "payroll" => (night.at_person(emp, field)?, "on payroll", Owner::Payroll),
        _ => (Some(night.at_user(emp, field)?), "in Benifex", Owner::Benefits),
    };
    let value = |of: &str| if of == source { "not readable".to_owned() } else { String::new() };
    found.unverified.push(night.person_aside(
        emp,
        source,
        format!("{field} is not readable; rules that need it were left out"),
    ));
    found.findings.push(
        Finding {
            field: field.to_owned(),
            payroll_value: value("payroll"),
            system_value: value("benifex"),
            evidence: evidence.into_iter().collect(),
            sentence: format!(
                "The {} of this employee {place} is there but not readable, so the rules that need it were left out: \
             correct it, or name the value in the job.",
                field_words(field)
            ),
            ..blank
        }
        .moved_by(owner),
    );
    Ok(())
}

/// An amount of this many counts.
pub(in crate::rules) fn amount(counts: i128) -> Option<Money> {
    i64::try_from(counts).ok().map(Money)
}
