//! Everything that stands ready before a call is made, read side by side: the payroll file, and on a thread of its own the
//! crosswalk, the ledger and, offline, the newest snapshot.

use chrono::NaiveDate;

use crate::cli::RunArgs;
use crate::commands::open::{self, OpenJob, StoreCheck};
use crate::correction::Ledger;
use crate::crosswalk::Crosswalk;
use crate::outcome::Failure;
use crate::payroll::Payroll;
use crate::side::{behind, side_by_side};
use crate::store::Store;

use super::fetch::{self, Opened};
use super::input;

/// The payroll file takes longest, so the rest lets it go first.
const STEPS_BACK: i32 = 10;

/// What the night starts from.
pub struct Sources {
    pub payroll: Payroll,
    pub crosswalk: Crosswalk,
    pub ledger: Ledger,
    /// The newest sealed snapshot; only with `--offline`.
    pub newest: Option<Opened>,
}

/// Reads all of them. When several are bad, the failure is that of the database, the crosswalk, the ledger, payroll, the
/// snapshot, in this order.
pub fn read(
    opened: &OpenJob,
    args: &RunArgs,
    as_of: NaiveDate,
    store: &mut Store,
    check: &mut StoreCheck<'_>,
) -> Result<Sources, Failure> {
    let job = &opened.job;
    let beside = || {
        // Not the snapshot: threads that reading it starts would stay behind for good.
        let linked = behind(STEPS_BACK, || linked(opened, store, check));
        let newest = (args.offline && linked.is_ok()).then(|| fetch::newest(job));
        (linked, newest)
    };
    let ((linked, newest), payroll) = side_by_side(beside, || input::read(job));
    let (crosswalk, ledger) = linked?;
    let payroll = match payroll {
        Ok(payroll) => payroll,
        Err(error) => {
            // The rejected rows are written down.
            check.wait()?;
            return Err(input::refused(error, job, as_of));
        }
    };
    payroll.period.check_day(as_of, job.payroll.period_age_max_days).map_err(Failure::input)?;
    Ok(Sources { payroll, crosswalk, ledger, newest: newest.transpose()? })
}

/// The crosswalk, and the ledger of the Benbase ids that it leads to.
fn linked(opened: &OpenJob, store: &mut Store, check: &mut StoreCheck<'_>) -> Result<(Crosswalk, Ledger), Failure> {
    let crosswalk = open::crosswalk(&opened.job)?;
    let ledger = open::ledger(&opened.job, store, check, opened.now)?;
    Ok((crosswalk, ledger))
}
