//! Everything that stands ready before a call is made, read side by side: the payroll file, and on a thread of its own
//! the crosswalk and, offline, the newest snapshot.

use chrono::NaiveDate;
use rayon::join;

use crate::cli::RunArgs;
use crate::commands::open::{self, OpenJob, StoreCheck};
use crate::outcome::Failure;
use tieout_payroll::Payroll;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::scheme::SchemeEntry;

use crate::night::evidence::fetch::{self, Opened};
use crate::night::evidence::input;

/// What the night starts from.
pub struct Sources {
    pub payroll: Payroll,
    pub crosswalk: Crosswalk,
    /// The rules of the job's schemes, with the dates that stand in files.
    pub schemes: Vec<SchemeEntry>,
    /// The newest sealed snapshot; only with `--offline`.
    pub newest: Option<Opened>,
}

/// Reads all of them. When several are bad, the failure is that of the crosswalk, payroll, the snapshot, in this order;
/// a list of pay dates comes after the crosswalk.
pub fn read(
    opened: &OpenJob,
    args: &RunArgs,
    as_of: NaiveDate,
    check: &mut StoreCheck<'_>,
) -> Result<Sources, Failure> {
    let job = &opened.job;
    let beside = || {
        let crosswalk = open::crosswalk(job);
        let newest = (args.offline && crosswalk.is_ok()).then(|| fetch::newest(job));
        (crosswalk, newest)
    };
    let ((crosswalk, newest), payroll) = join(beside, || input::read(job));
    let crosswalk = crosswalk?;
    let schemes = open::schemes(job)?;
    let payroll = match payroll {
        Ok(payroll) => payroll,
        Err(error) => {
            // The rejected rows are written down.
            check.wait()?;
            return Err(input::refused(error, job, as_of));
        }
    };
    payroll.period.check_day(as_of, job.payroll.period_age_max_days).map_err(Failure::input)?;
    Ok(Sources { payroll, crosswalk, schemes, newest: newest.transpose()? })
}
