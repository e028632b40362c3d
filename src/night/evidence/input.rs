//! The payroll file, before anything is fetched.

use chrono::NaiveDate;

use crate::job::Job;
use crate::outcome::{Exit, Failure};
use tieout_payroll as payroll;
use tieout_payroll::{Payroll, PayrollError};
use tieout_report as report;

/// Reads the payroll file.
pub fn read(job: &Job) -> Result<Payroll, PayrollError> {
    payroll::read(&job.payroll, &job.deductions, payroll::SETTLE)
}

/// The failure that a refused payroll file is. When too many rows are rejected, they are written where the report would
/// stand, so that somebody can see which.
pub fn refused(error: PayrollError, job: &Job, as_of: NaiveDate) -> Failure {
    match &error {
        PayrollError::TooManyRejected { rejects, .. } => match write_rejects(job, as_of, rejects) {
            Ok(path) => Failure::input(anyhow::Error::new(error).context(format!("the rejected rows are in {path}"))),
            Err(failure) => failure,
        },
        _ => Failure::input(error),
    }
}

fn write_rejects(job: &Job, as_of: NaiveDate, rejects: &[tieout_model::source::Reject]) -> Result<String, Failure> {
    let file = report::rejects_file(rejects, job.report.csv).map_err(Failure::bug)?;
    let name = format!("{}-refused", as_of.format("%Y-%m-%d"));
    let folder = report::write_pack(&job.report.dir.join(&job.name), &name, &[file])
        .map_err(|e| Failure::new(Exit::Machine, e))?;
    Ok(folder.join("rejects.csv").display().to_string())
}
