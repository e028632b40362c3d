//! `tieout world generate`.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::cli::WorldVerb;
use crate::outcome::{Exit, Failure, Outcome};

use super::table;

pub use crate::world::Summary;

/// Makes a world and says what is in it.
pub fn run(verb: &WorldVerb) -> Outcome {
    let WorldVerb::Generate { employees, seed, out } = verb;
    let summary = generate(*employees, *seed, out)
        .with_context(|| format!("generating a world in {}", out.display()))
        .map_err(Failure::input)?;
    table::print(&described(&summary, out));
    Ok(Exit::Done)
}

fn described(summary: &Summary, out: &Path) -> String {
    let out = out.display();
    format!(
        "{} employees, {} benefits, {} payroll rows in {out}; {} employees have {} planted findings, listed in \
         {out}/truth.json.\nReconcile them with: tieout run {out}/job.toml --as-of {}\nFaults for the sandbox: {}",
        summary.employees,
        summary.benefits,
        summary.payroll_rows,
        summary.planted_employees,
        summary.findings,
        summary.as_of,
        summary.faults
    )
}

/// Writes a world of `employees` people with planted discrepancies, and the truth about them, into the folder `out`.
pub fn generate(employees: usize, seed: u64, out: &Path) -> Result<Summary> {
    crate::world::generate(employees, seed, out)
}
