//! `tieout world generate`.

use std::path::Path;

use anyhow::Context as _;

use crate::cli::WorldVerb;
use crate::outcome::{Exit, Failure, Outcome};

use super::table;

use tieout_sandbox::world::periods::{WantedPeriods, generate_periods};
use tieout_sandbox::world::{Summary, Wanted};

/// Makes a world and says what is in it.
pub fn run(verb: &WorldVerb) -> Outcome {
    let WorldVerb::Generate { employees, engagements, periods, seed, out } = verb;
    if let Some(periods) = *periods {
        return over_periods(WantedPeriods { employees: *employees, periods, seed: *seed }, out);
    }
    let engagements = engagements.unwrap_or_else(|| tieout_sandbox::world::usual_engagements(*employees));
    let wanted = Wanted { employees: *employees, engagements, seed: *seed };
    let summary = tieout_sandbox::world::generate(wanted, out)
        .with_context(|| format!("generating a world in {}", out.display()))
        .map_err(Failure::input)?;
    table::print(&described(&summary, out));
    Ok(Exit::Done)
}

fn over_periods(wanted: WantedPeriods, out: &Path) -> Outcome {
    let truth = generate_periods(wanted, out)
        .with_context(|| format!("generating a world in {}", out.display()))
        .map_err(Failure::input)?;
    let findings: usize = truth.nights.iter().map(|night| night.findings.len()).sum();
    let out = out.display();
    let mut said = format!(
        "{} employees over {} periods in {out}; {findings} findings of its nights are listed in {out}/truth.json.\nReconcile \
         them one after the other:",
        wanted.employees, wanted.periods
    );
    for night in &truth.nights {
        let (folder, as_of) = (&night.folder, night.as_of);
        said.push_str(&format!("\n    tieout run {out}/{folder}/job.toml --as-of {as_of}"));
    }
    table::print(&said);
    Ok(Exit::Done)
}

fn described(summary: &Summary, out: &Path) -> String {
    let out = out.display();
    format!(
        "{} employees, {} engagements, {} benefits, {} payroll rows in {out}; {} employees have {} planted findings, listed in \
         {out}/truth.json.\nReconcile them with: tieout run {out}/job.toml --as-of {}\nFaults for the sandbox: {}",
        summary.employees,
        summary.engagements,
        summary.benefits,
        summary.payroll_rows,
        summary.planted_employees,
        summary.findings,
        summary.as_of,
        summary.faults
    )
}
