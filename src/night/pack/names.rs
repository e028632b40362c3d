//! What employees are called in the report, where the job wants it.

use anyhow::Context as _;

use crate::job::Job;
use crate::outcome::Failure;
use tieout_recon::names::names;
use tieout_recon::snapshot::Snapshot;
use tieout_recon::tables::payroll::PayrollTables;
use tieout_report::{NameStyle, ShownNames};

/// Payroll's names, and Benifex's of those whom payroll does not name.
pub fn shown(job: &Job, payroll: &PayrollTables, snapshot: &Snapshot) -> Result<ShownNames, Failure> {
    match job.report.names {
        NameStyle::None => Ok(ShownNames::default()),
        style => {
            let people = names(payroll, snapshot).context("reading the names").map_err(Failure::bug)?;
            Ok(ShownNames::of(style, people))
        }
    }
}
