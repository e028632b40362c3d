//! What every command that works on a job needs first: the job itself, its clock, its folder and database.

pub(crate) mod anchor;
pub(super) mod clock;
pub(super) mod moved;
pub(super) mod renamed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};

use crate::job::{self, Job, JobError};
use crate::outcome::{Exit, Failure};
use tieout_model::correction::BenbaseLedger;
use tieout_payroll::crosswalk;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_private as private;
use tieout_recon::scheme::SchemeEntry;
use tieout_services::Clock;
use tieout_store::lock::{LockError, RunLock};
use tieout_store::{Check, LedgerAhead, Store};

use super::reports;
use super::services::skew::Skews;

/// A job with its clock read once: one moment for the whole run.
pub struct OpenJob {
    pub job: Job,
    pub clock: Clock,
    pub now: DateTime<Utc>,
    /// What the services' clocks show beside this machine's.
    pub skews: Skews,
}

impl OpenJob {
    /// Today in the job's zone, or the day that the command line names.
    pub fn as_of(&self, wanted: Option<NaiveDate>) -> NaiveDate {
        wanted.unwrap_or_else(|| clock::today(&self.job, self.now))
    }

    /// The same. Errors: a day that is yet to come, of which nobody can know anything.
    pub fn day(&self, wanted: Option<NaiveDate>) -> Result<NaiveDate, Failure> {
        let today = self.as_of(None);
        match wanted {
            Some(day) if day > today => Err(Failure::input(anyhow::anyhow!(
                "--as-of {day} is in the future: expected {today}, which is today in the job's zone, or an earlier day; if \
                 the clock is behind, set it right"
            ))),
            _ => Ok(self.as_of(wanted)),
        }
    }
}

/// Reads a job file; all its problems at once.
pub fn job(path: &Path) -> Result<OpenJob, Failure> {
    let job = job::load(path).map_err(|error| refused(path, &error))?;
    let clock = clock::of_job(&job);
    let now = clock();
    Ok(OpenJob { job, clock, now, skews: Skews::default() })
}

/// The problems of a job file under their lines.
fn refused(path: &Path, error: &JobError) -> Failure {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    Failure::input(anyhow::anyhow!("{}", error.drawn(&text)))
}

/// The job's database.
pub fn store(job: &Job) -> Result<Store, Failure> {
    let store = Store::open(&job.state_dir).map_err(|error| not_open(job, error))?;
    store.check_owner(&job.state_dir, &anchor::owner(job)).map_err(|error| not_open(job, error))?;
    Ok(store)
}

/// The job's database, whose check goes on.
pub fn store_while_checked(job: &Job) -> Result<(Store, StoreCheck<'_>), Failure> {
    let (store, check) = Store::open_while_checked(&job.state_dir).map_err(|error| not_open(job, error))?;
    Ok((store, StoreCheck { job, check }))
}

/// The check of a database that is in use already.
pub struct StoreCheck<'j> {
    job: &'j Job,
    check: Check,
}

impl StoreCheck<'_> {
    /// Waits for the end: before anything is written that follows from the database and that anybody sees.
    pub fn wait(&mut self) -> Result<(), Failure> {
        self.check.wait().map_err(|error| not_open(self.job, error))
    }
}

pub(super) fn not_open(job: &Job, error: anyhow::Error) -> Failure {
    Failure::input(error.context(format!("opening the state of job {}", job.name)))
}

/// The run lock of the job; held until it is dropped. Tells who else has power over what the job keeps.
pub fn lock(job: &Job, now: DateTime<Utc>) -> Result<RunLock, Failure> {
    tell_of_owners(job);
    RunLock::acquire(&job.state_dir, now).map_err(|error| {
        let exit = match error {
            LockError::Busy { .. } => Exit::Busy,
            LockError::Failed { .. } | LockError::NoLock { .. } | LockError::Folder(_) => Exit::Input,
        };
        Failure::new(exit, anyhow::Error::new(error).context(format!("locking job {}", job.name)))
    })
}

fn tell_of_owners(job: &Job) {
    let kept = [job.state_dir.clone(), reports::folder(job)];
    let foreign: BTreeMap<PathBuf, u32> = kept.iter().flat_map(|folder| private::foreign_above(folder)).collect();
    for (folder, owner) in foreign {
        tracing::warn!(
            folder = %folder.display(),
            owner,
            "this folder belongs to another user, who may put something else in the place of what tieout keeps in it: give it \
             to the user of tieout or to root with `chown`, or name another folder in the job"
        );
    }
}

/// The customer's crosswalk, empty when the job names none.
pub fn crosswalk(job: &Job) -> Result<Crosswalk, Failure> {
    match &job.crosswalk {
        None => Ok(Crosswalk::default()),
        Some(settings) => crosswalk::read(&settings.file, &job.payroll)
            .context("`crosswalk.file` of the job cannot be used")
            .map_err(Failure::input),
    }
}

/// Begins to read what Benbase is known to hold, on a thread of its own.
pub fn benbase_ledger_ahead(job: &Job) -> LedgerAhead {
    LedgerAhead::begin(&job.state_dir, opening_of(job))
}

/// The file with the opening balance of the ledger.
pub fn opening_of(job: &Job) -> Option<&Path> {
    job.benbase.as_ref().and_then(|b| b.opening_ledger.as_deref())
}

/// What Benbase is known to hold, the opening balance taken in first.
pub fn benbase_ledger(
    job: &Job,
    ahead: LedgerAhead,
    store: &mut Store,
    check: &mut StoreCheck<'_>,
    now: DateTime<Utc>,
) -> Result<BenbaseLedger, Failure> {
    if let Some(ledger) = ahead.wait() {
        return Ok(ledger);
    }
    if let Some(opening) = opening_of(job)
        && !store.knows_opening_ledger(opening).map_err(Failure::input)?
    {
        check.wait()?;
        store.import_opening_ledger(opening, &job.payroll.placeholder_dates, now).map_err(Failure::input)?;
    }
    store.benbase_ledger().context("reading the ledger").map_err(Failure::bug)
}

/// The rules of the schemes, with the deduction dates that stand in files.
pub fn schemes(job: &Job) -> Result<Vec<SchemeEntry>, Failure> {
    let one = |entry: &SchemeEntry| match &entry.dates_file {
        None => Ok(entry.clone()),
        Some(file) => tieout_payroll::pay_dates(file).map(|dates| entry.clone().listed(dates)),
    };
    job.schemes.iter().map(one).collect::<Result<_, _>>().map_err(Failure::input)
}
