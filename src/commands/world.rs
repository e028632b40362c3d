//! `tieout world generate`.

use std::path::Path;

use anyhow::Context as _;

use crate::cli::WorldVerb;
use crate::outcome::{Exit, Failure, Outcome};

use super::table;

use tieout_sandbox::world::{Summary, Wanted};

/// Makes a world and says what is in it.
pub fn run(verb: &WorldVerb) -> Outcome {
    let WorldVerb::Generate { employees, engagements, seed, out } = verb;
    let engagements = engagements.unwrap_or_else(|| tieout_sandbox::world::usual_engagements(*employees));
    let wanted = Wanted { employees: *employees, engagements, seed: *seed };
    let summary = tieout_sandbox::world::generate(wanted, out)
        .with_context(|| format!("generating a world in {}", out.display()))
        .map_err(Failure::input)?;
    table::print(&described(&summary, out));
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
