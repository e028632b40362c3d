//! The two proofs of every run: the money ties out (CT04) and every row ended in one place (CT10). A proof that fails
//! is a finding and a sentence in `broken`; the run then queues nothing.

pub(super) mod completeness;
pub(super) mod coverage;
mod covers;
pub(super) mod dispositions;
pub(super) mod group_totals;
pub(super) mod held;
pub(super) mod run_totals;
pub(super) mod scope;
pub(super) mod sealed;
pub(super) mod sequence;
pub(super) mod totals;

use polars::prelude::*;

use crate::rules::night::Night;
use crate::rules::place::Fate;
use crate::rules::proofs::dispositions::{dispositions, found_rows, people};
use crate::rules::proofs::totals::control_totals;
use crate::rules::write::{Found, evidence};
use tieout_model::balance::Account;
use tieout_model::code::Owner;
use tieout_model::control::{ControlTotal, Disposition, FoundRows};
use tieout_model::finding::{Code, Finding};
use tieout_model::money::decimal_text;

/// Totals and dispositions of the night, and what does not hold.
pub(super) struct Proofs {
    pub(super) control_totals: Vec<ControlTotal>,
    pub(super) dispositions: Vec<Disposition>,
    /// Where each employee ended, by `emp`.
    pub(super) people: Vec<Fate>,
    pub(super) found_rows: Vec<FoundRows>,
    pub(super) broken: Vec<String>,
    /// CT04 and CT10, where a proof fails.
    pub(super) findings: Vec<Finding>,
}

/// Computes both proofs from the final findings.
pub(super) fn prove(night: &Night<'_>, found: &Found) -> PolarsResult<Proofs> {
    let control_totals = control_totals(night, &found.findings);
    let accused = night.emps(found.findings.iter().map(|f| f.employee_id.as_str()).filter(|id| !id.is_empty()));
    // People who are wholly unverified have a CT02; that is what they count as, not as a finding.
    let accused: Vec<u32> = accused
        .into_iter()
        .filter(|emp| night.states.get(*emp) != super::people::person_state::PersonState::Unverified)
        .collect();
    let partly = night.emps(found.unverified.iter().map(|s| s.employee_id.as_str()).filter(|id| !id.is_empty()));
    let partly: Vec<u32> = partly.into_iter().collect();
    let people = people(night, &accused, &partly)?;
    let dispositions = dispositions(night, &people, &found.findings);
    let found_rows = found_rows(night, &people, &found.findings);
    let (mut broken, mut findings) = (Vec::new(), Vec::new());
    for total in control_totals.iter().filter(|t| t.residual() != 0) {
        findings.push(residual(night, total)?);
        broken.push(format!("{} {} {}: the totals do not tie out", total.benefit, total.currency, total.payer.name()));
    }
    for rows in dispositions.iter().filter(|d| d.unplaced() != 0) {
        findings.push(unplaced(night, rows)?);
        broken.push(format!("{}: {} rows ended nowhere or twice", rows.source, rows.unplaced()));
    }
    for total in night.balances.totals.iter().filter(|total| total.residual() != 0) {
        let Account { benefit, currency, payer } = &total.account;
        broken.push(format!("{benefit} {currency} {}: the benefit ledger does not add up", payer.name()));
    }
    Ok(Proofs { control_totals, dispositions, people, found_rows, broken, findings })
}

fn residual(night: &Night<'_>, total: &ControlTotal) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CT04, None)?;
    let shown = format!("{} {}", decimal_text(total.residual(), total.currency.decimals()), total.currency);
    Ok(Finding {
        benefit: total.benefit.clone(),
        field: "residual".to_owned(),
        system_value: shown.clone(),
        evidence: vec![evidence("job", "control totals", "")],
        sentence: format!(
            "{shown} of the difference between payroll and expected {} total of {} is explained by nothing: report it; \
             nothing is queued. A fault of tieout.",
            total.payer.name(),
            total.benefit
        ),
        ..blank
    }
    .moved_by(Owner::Operator))
}

fn unplaced(night: &Night<'_>, rows: &Disposition) -> PolarsResult<Finding> {
    let blank = night.finding(Code::CT10, None)?;
    Ok(Finding {
        field: "rows".to_owned(),
        system_value: rows.unplaced().to_string(),
        evidence: vec![evidence("job", "dispositions", "")],
        sentence: format!(
            "{} of {} {} ended nowhere or twice: report it; nothing is queued. A fault of tieout.",
            rows.unplaced(),
            rows.rows,
            rows.source
        ),
        ..blank
    }
    .moved_by(Owner::Operator))
}
