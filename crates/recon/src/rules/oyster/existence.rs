//! Existence by Oyster: charged without an enrollment (EN02) or while it is not in force (EN08), in force without a
//! charge (EN09) or of somebody who left (EN04), stuck on the way (EN10), covered twice (EN07), and contractors
//! charged like employees (EN15).

use polars::prelude::PolarsResult;

use crate::rules::differences::existence::on_line;
use crate::rules::differences::payers::{due, start, stop, taken};
use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::{OysterCover, Pricing};
use crate::rules::oyster::write::{at_engagement, at_enrollment};
use crate::rules::place::Place;
use crate::rules::write::{Found, evidence};
use tieout_model::code::Owner;
use tieout_model::enrollment::EnrollmentState;
use tieout_model::finding::{Code, Finding, Payer};
use tieout_model::money::Money;

/// EN02, EN04, EN08, EN09, EN15, EN10, EN07.
pub(super) fn judge(night: &Night<'_>, oyster: &Oysters<'_>, found: &mut Found) -> PolarsResult<()> {
    for line in &night.lines {
        let finding = match line.place {
            Place::En02Oyster => no_enrollment(night, oyster, line)?,
            Place::En08 => not_in_force(night, oyster, line)?,
            Place::En09 => not_charged(night, oyster, line)?,
            Place::En04 if oyster.owns(line.label) => left_behind(night, oyster, line)?,
            Place::En15 => contractor(night, oyster, line)?,
            _ => continue,
        };
        found.findings.push(finding);
    }
    for ((emp, label), cover) in &oyster.covers {
        found.findings.extend(stuck(night, oyster, *emp, *label, cover)?);
    }
    super::double_cover::judge(night, oyster, found)
}

fn no_enrollment(night: &Night<'_>, oyster: &Oysters<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::EN02, &Payer::BOTH)?;
    let shows = match oyster.engagement_of(line.emp) {
        Some(engagement) => format!("engagement {} in Oyster has no enrollment of it", engagement.id),
        None => "no engagement in Oyster is linked to the employee, and none is left over".to_owned(),
    };
    Ok(Finding {
        system_value: "no enrollment".to_owned(),
        sentence: format!(
            "Payroll took {} for {} in {}, but {shows}: {}, or request the benefit in Oyster.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            stop(&blank.variances)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// State and since when it was seen, of the enrollment that counts.
fn state_then(cover: &OysterCover) -> (String, String) {
    let then = cover.standing();
    let state = then.and_then(|s| s.state.as_ref()).map_or("not there", EnrollmentState::name).to_owned();
    let since = then.and_then(|s| s.since).map_or_else(String::new, |day| format!(", seen so since {day}"));
    (state, since)
}

fn not_in_force(night: &Night<'_>, oyster: &Oysters<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::EN08, &Payer::BOTH)?;
    let cover = oyster.covers.get(&(line.emp, line.label));
    let (state, since) = cover.map(state_then).unwrap_or_default();
    Ok(Finding {
        sentence: format!(
            "Payroll took {} for {} in {}, but by the cut-off of {} its enrollment in Oyster was {state}, not ENROLLED{since}: {}, \
             or have the enrollment completed.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            night.inputs.payroll.period.cutoff,
            stop(&blank.variances)
        ),
        system_value: state,
        ..blank
    }
    .moved_by(Owner::Payroll))
}

fn not_charged(night: &Night<'_>, oyster: &Oysters<'_>, line: &Line) -> PolarsResult<Finding> {
    let mut blank = on_line(night, line, Code::EN09, &Payer::BOTH)?;
    let cover = oyster.covers.get(&(line.emp, line.label));
    let since = cover.map(|cover| state_then(cover).1).unwrap_or_default();
    let amount = match (line.employee_due, line.employer_due) {
        (0, 0) => {
            blank.system_value = "ENROLLED".to_owned();
            let why = match cover.map(|cover| &cover.pricing) {
                Some(Pricing::Not(why)) => format!("{why}; "),
                _ => String::new(),
            };
            format!("an amount that could not be computed ({why}its exposure is unknown, not 0)")
        }
        _ => due(&blank.variances),
    };
    Ok(Finding {
        payroll_value: "no line".to_owned(),
        sentence: format!(
            "{} is ENROLLED in Oyster{since}, with {amount} due in {}, but payroll has no line: {}.",
            night.label(line),
            night.period_text(line.emp)?,
            start(&blank.variances)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

fn left_behind(night: &Night<'_>, oyster: &Oysters<'_>, line: &Line) -> PolarsResult<Finding> {
    let blank = on_line(night, line, Code::EN04, &Payer::BOTH)?;
    let cost = match blank.variances.is_empty() {
        true => String::new(),
        false => format!(", {} a deduction,", due(&blank.variances)),
    };
    let last = oyster.last_day(line.emp).or(night.leave(line.emp)?);
    let last = last.map_or_else(String::new, |last| last.to_string());
    Ok(Finding {
        field: "status".to_owned(),
        system_value: "ENROLLED".to_owned(),
        sentence: format!(
            "{} is still ENROLLED in Oyster{cost} though the last day was {last}, before {}: have the enrollment ended, or \
             correct the last day.",
            night.label(line),
            night.period(line.emp)?.0
        ),
        payroll_value: last,
        ..blank
    }
    .moved_by(Owner::Benefits))
}

fn contractor(night: &Night<'_>, oyster: &Oysters<'_>, line: &Line) -> PolarsResult<Finding> {
    let mut blank = on_line(night, line, Code::EN15, &Payer::BOTH)?;
    let engagement = oyster.engagement_of(line.emp);
    // A contractor is charged nothing at all: all that was taken is owed back.
    let all = line.employee_taken + if line.employer { line.employer_taken } else { 0 };
    if let Some(currency) = night.currency(line.pay_cur) {
        blank.period_exposure = Some((Money(-all), currency));
        blank.run_rate = line.common_d().map(|d| (Money((-all).saturating_mul(d)), currency));
    }
    blank.evidence.extend(engagement.map(|engagement| at_engagement(engagement, "engagementType")));
    Ok(Finding {
        system_value: "CONTRACT".to_owned(),
        sentence: format!(
            "Payroll took {} for {} in {}, but engagement {} is a contract, not an employment: {}, or allow \
             the benefit for contractors in the job.",
            taken(&blank.variances),
            night.label(line),
            night.period_text(line.emp)?,
            engagement.map(|engagement| engagement.id).unwrap_or_default(),
            stop(&blank.variances)
        ),
        ..blank
    }
    .moved_by(Owner::Payroll))
}

/// EN10: under way for too long, by tonight's state.
fn stuck(
    night: &Night<'_>,
    oyster: &Oysters<'_>,
    emp: u32,
    label: u32,
    cover: &OysterCover,
) -> PolarsResult<Vec<Finding>> {
    let known = &night.labels[label as usize];
    let mut findings = Vec::new();
    if known.ignored.is_some() || !known.mapped {
        return Ok(findings);
    }
    let settings = oyster.settings;
    for (row, _) in &cover.rows {
        let enrollment = &oyster.enrollments[*row];
        let Some(since) = oyster.seen_since(enrollment).filter(|_| enrollment.state.is_pending()) else { continue };
        let days = (night.inputs.as_of - since).num_days();
        let most = match enrollment.state {
            EnrollmentState::Requested => settings.requested_stuck_after_days,
            _ => settings.stuck_after_days,
        };
        if days <= most {
            continue;
        }
        let (benefit, state) = (night.catalog.labels.text(label), enrollment.state.name());
        let blank = night.finding(Code::EN10, Some(emp))?;
        findings.push(Finding {
            benefit: benefit.to_owned(),
            field: "state".to_owned(),
            system_value: state.to_owned(),
            evidence: vec![at_enrollment(enrollment, "state"), evidence("job", "stuck_after_days", &most.to_string())],
            sentence: format!(
                "The enrollment of {benefit} in Oyster is {state} and has been seen so since {since}, {days} days, where {most} \
                 are usual: ask Oyster what it waits for."
            ),
            ..blank
        }
        .moved_by(Owner::Benefits));
    }
    Ok(findings)
}
