//! CT06: headcount and deduction totals against the last good run, and the benefits that the service shows. A
//! truncated, doubled or swapped file shows here, and so does a service that answers with less than it has. The finding
//! reports; the guard of the same limits stops the queue.

use std::collections::BTreeMap;
use tieout_model::code::Owner;

use polars::prelude::PolarsResult;

use crate::rules::night::Night;
use crate::rules::write::{Found, evidence};
use tieout_model::control::{BaseLine, Limits, Swing};
use tieout_model::finding::{Code, Finding};
use tieout_model::money::{Currency, decimal_text};

/// Compares with the last good run, where there is one.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let guards = &night.inputs.job.guards;
    let Some(last) = night.inputs.last_good else { return Ok(()) };
    let (last, tonight) = last.compared(&night.tonight);
    // The greater headcount decides: a file that was cut short is small.
    if last.population.max(tonight.population) < u64::from(guards.headcount_min) {
        return Ok(());
    }
    if let Some((before, now)) = last.population_swing(&tonight, guards.limits()) {
        let texts = (before.to_string(), now.to_string());
        found.findings.push(jump(night, "population", "", "The number of employees on payroll", texts)?);
    }
    if let Some(covers) = last.lost_covers(&tonight, guards.limits()) {
        found.findings.push(lost(night, covers)?);
    }
    for (benefit, texts) in swung_totals(&last, &tonight, guards.limits()) {
        let what = format!("The payroll total of {benefit}");
        found.findings.push(jump(night, "total", &benefit, &what, texts)?);
    }
    Ok(())
}

/// Benefit → last and tonight's totals as texts; benefits of several currencies name each that moved.
fn swung_totals(last: &BaseLine, tonight: &BaseLine, limits: Limits) -> BTreeMap<String, (String, String)> {
    let mut swung: BTreeMap<String, (String, String)> = BTreeMap::new();
    for Swing { key, moved } in last.swings(tonight, limits) {
        let Some(((before, now), (benefit, code))) = moved.zip(key.rsplit_once(' ')) else { continue };
        let decimals = Currency::parse(code).map_or(2, |c| c.decimals());
        let add = |all: &mut String, sum| {
            let joint = if all.is_empty() { "" } else { " + " };
            all.push_str(&format!("{joint}{} {code}", decimal_text(sum, decimals)));
        };
        let texts = swung.entry(benefit.to_owned()).or_default();
        add(&mut texts.0, before);
        add(&mut texts.1, now);
    }
    swung
}

/// The benefits that the service shows are much fewer.
fn lost(night: &Night<'_>, (before, now): (u64, u64)) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CT06, None)?;
    Ok(Finding {
        field: "covers".to_owned(),
        sentence: format!(
            "Benifex shows {now} benefits with a price of the people on payroll, and {before} by the last good run, while \
             payroll goes on: check that Benifex answers in full before anybody is corrected."
        ),
        payroll_value: String::new(),
        system_value: now.to_string(),
        evidence: vec![evidence("job", "guards", "last good run")],
        ..blank
    }
    .moved_by(Owner::Operator))
}

fn jump(night: &Night<'_>, field: &str, benefit: &str, what: &str, texts: (String, String)) -> PolarsResult<Finding> {
    let (before, now) = texts;
    let blank = night.finding(Code::CT06, None)?;
    Ok(Finding {
        benefit: benefit.to_owned(),
        field: field.to_owned(),
        sentence: format!(
            "{what} moved from {before} in the last good run to {now}, more than the job allows: check that the file is \
             the right one and complete."
        ),
        payroll_value: now,
        system_value: before,
        evidence: vec![evidence("job", "guards", "last good run")],
        ..blank
    }
    .moved_by(Owner::Operator))
}
