//! Currency (CU01): amounts of two currencies are never compared nor converted. CU02 is in `compensation.rs`, where the
//! salary is compared.

use std::collections::BTreeSet;

use polars::prelude::*;

use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::place::Place;
use crate::rules::write::Found;
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding};

/// CU01.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    let mut seen = BTreeSet::new();
    for line in night.lines_at(Place::Cu01) {
        found.unverified.extend(night.asides(line, "several currencies; amounts are not compared"));
        // A benefit that payroll has in two currencies is two lines and one finding.
        if seen.insert((line.emp, line.label)) {
            found.findings.push(several_currencies(night, line)?);
        }
    }
    for line in night.lines_at(Place::UnverifiedCurrency) {
        found.unverified.extend(night.asides(line, "currency unknown"));
    }
    Ok(())
}

fn several_currencies(night: &Night<'_>, line: &Line) -> PolarsResult<Finding> {
    let lines = || night.lines_of(line.emp).iter().filter(|l| l.label == line.label && l.place == Place::Cu01);
    let payroll: BTreeSet<String> = lines().filter_map(|l| night.currency(l.pay_cur)).map(|c| c.to_string()).collect();
    let mut benifex = BTreeSet::new();
    // Only the line of one of payroll's currencies stands beside the benefit.
    for row in lines().filter_map(|l| l.bx_row) {
        let columns = night.inputs.benefits.currencies.iter();
        benifex.extend(columns.filter_map(|column| column.get(row)).map(str::to_owned));
    }
    let shown = |all: BTreeSet<String>| all.into_iter().collect::<Vec<_>>().join(", ");
    let (payroll, benifex) = (shown(payroll), shown(benifex));
    let blank = night.finding(Code::CU01, Some(line.emp))?;
    let named = |all: &str| if all.is_empty() { "none".to_owned() } else { all.to_owned() };
    Ok(Finding {
        benefit: night.label(line).to_owned(),
        field: "currency".to_owned(),
        evidence: night.at_line(line, "currency")?.into_iter().chain([night.at_benefit(line, "currency")?]).collect(),
        sentence: format!(
            "{} has the currency {} on payroll and {} in Benifex in {}, so its amounts can't be compared: correct the \
             wrong one.",
            night.label(line),
            named(&payroll),
            named(&benifex),
            night.period_text(line.emp)?
        ),
        payroll_value: payroll,
        system_value: benifex,
        ..blank
    }
    .moved_by(Owner::Payroll))
}
