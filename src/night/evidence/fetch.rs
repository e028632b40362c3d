//! Where tonight's evidence comes from: the services, or the newest sealed snapshot.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::cli::RunArgs;
use crate::commands::open::OpenJob;
use crate::commands::services::Services;
use crate::extract;
use crate::interrupt::Interrupt;
use crate::job::Job;
use crate::outcome::{Exit, Failure};
use tieout_model::calls::{CallStatistics, OysterStatistics};
use tieout_model::zone::Zone;
use tieout_payroll::Payroll;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::deducted::DeductedEngagements;
use tieout_recon::rules::{Benefits, Prior, REPEATED, Users};
use tieout_recon::snapshot;
use tieout_recon::snapshot::Import;
use tieout_recon::snapshot::{Damaged, Origin, Snapshot, SnapshotHead};
use tieout_report::EvidenceAge;
use tieout_store::{IdSource, States, Store};

use crate::night::evidence::extraction::{self, Answers, Asking};
use crate::night::oyster;

/// Tonight's snapshot, and the one that shows the elections as they stood at the payroll's cut-off.
pub struct Fetched {
    pub snapshot: Snapshot,
    pub benefits: Benefits,
    pub prior: Option<Opened>,
    pub calls: CallStatistics,
    pub oyster: Option<OysterFetched>,
    /// Tonight's extraction in the store; `None`: nobody was asked.
    extraction: Option<i64>,
}

impl Fetched {
    /// How old the answers were on this day.
    pub fn ages(&self, zone: &Zone, as_of: NaiveDate) -> anyhow::Result<Vec<EvidenceAge>> {
        let (people, engagements) = self.snapshot.answered_on(zone).context("reading when people were fetched")?;
        let benefits = self.benefits.answered_on(zone).context("reading when benefits were fetched")?;
        let engagements = engagements.unwrap_or_default();
        let all = [("Benifex people", people), ("Benifex benefits", benefits), ("Oyster engagements", engagements)];
        Ok(all.iter().filter_map(|(source, fetched)| EvidenceAge::of(source, fetched, as_of)).collect())
    }
}

/// A snapshot whose benefits stand apart, as the rules take them; its own table of them is empty.
pub struct Opened {
    pub snapshot: Snapshot,
    pub benefits: Benefits,
}

impl Opened {
    fn new(mut snapshot: Snapshot) -> Result<Opened, Failure> {
        let benefits = Benefits::new(std::mem::take(&mut snapshot.benefits));
        let benefits = benefits.context("reading the benefits of the snapshot").map_err(Failure::bug)?;
        Ok(Opened::of(snapshot, benefits))
    }

    fn of(mut snapshot: Snapshot, benefits: Benefits) -> Opened {
        snapshot.join_pieces();
        Opened { snapshot, benefits }
    }
}

/// What a job with Oyster has beside the snapshot's tables.
pub struct OysterFetched {
    /// `None`: nobody was asked tonight.
    pub statistics: Option<OysterStatistics>,
    pub states: States,
}

/// The cut-off snapshot as the rules take it. `others`: ids that were another person's then.
pub fn as_prior<'o>(opened: &'o Opened, others: &'o BTreeSet<String>) -> Prior<'o> {
    let Opened { snapshot, benefits } = opened;
    Prior { id: &snapshot.id, population: &snapshot.population, users: &snapshot.users, benefits, others }
}

/// The people of a snapshot, by which the holders of an id are told apart.
pub fn users(snapshot: &Snapshot) -> Users<'_> {
    Users { population: &snapshot.population, users: &snapshot.users }
}

/// Without a call: the newest snapshot stands for tonight.
pub fn offline(job: &Job, store: &Store, payroll: &Payroll, newest: Opened) -> Result<Fetched, Failure> {
    fetched(job, store, payroll, newest, CallStatistics::default(), None)
}

fn fetched(
    job: &Job,
    store: &Store,
    payroll: &Payroll,
    tonight: Opened,
    calls: CallStatistics,
    mut statistics: Option<OysterStatistics>,
) -> Result<Fetched, Failure> {
    let Opened { mut snapshot, benefits } = tonight;
    let prior = prior(job, payroll.period.cutoff, &snapshot)?;
    oyster::fit(job, &mut snapshot)?;
    let with_oyster = |settings| {
        let states =
            oyster::states(settings, &job.zone, store, &snapshot, prior.as_ref().map(|prior| &prior.snapshot))?;
        if let Some(statistics) = &mut statistics {
            statistics.steps_outside_chart = states.unexpected.len() as u64;
        }
        Ok(OysterFetched { statistics, states })
    };
    let oyster = job.oyster.as_ref().map(with_oyster).transpose()?;
    Ok(Fetched { snapshot, benefits, prior, calls, oyster, extraction: None })
}

/// Fetches, seals and opens.
pub fn snapshot(
    opened: &OpenJob,
    args: &RunArgs,
    store: &mut Store,
    payroll: &Payroll,
    crosswalk: &Crosswalk,
    as_of: NaiveDate,
    interrupt: &Interrupt,
) -> Result<Fetched, Failure> {
    let job = &opened.job;
    let population = population(job, args, store, payroll, crosswalk, as_of)?;
    let charged = DeductedEngagements::new(job.oyster.as_ref().map(|oyster| &oyster.plans), payroll, crosswalk);
    import_baseline(opened, &population, crosswalk, &charged, payroll.period.cutoff)?;
    let past = job.oyster.is_some().then(|| oyster::past(job, store, crosswalk, charged)).transpose()?;
    let services = Services::start(job)?;
    let asking = Asking { opened, args, services: &services, population: &population, past: past.as_ref(), interrupt };
    let answers = extraction::extract(&asking, store)?;
    services.stop();
    let Answers { extraction, mut tables, calls, oyster } = answers;
    let linked = snapshot::linked(tables.population, crosswalk).context("linking the snapshot's people to Benbase");
    tables.population = linked.map_err(Failure::bug)?;
    let head = SnapshotHead { taken_at: opened.now, as_of, source: Origin::Benifex };
    let sealed =
        snapshot::seal(&job.state_dir, head, tables).context("sealing the snapshot").map_err(Failure::input)?;
    snapshot::retain(&job.state_dir, snapshot::SNAPSHOTS_MAX)
        .context("removing the oldest snapshots")
        .map_err(Failure::input)?;
    let fetched = fetched(job, store, payroll, Opened::new(sealed)?, calls, Some(oyster))?;
    Ok(Fetched { extraction: Some(extraction), ..fetched })
}

/// Ends the extraction once its report is there and the night is remembered: a night that is killed before takes up its
/// answers, and asks nobody again.
pub fn close(fetched: &Fetched, store: &mut Store, now: DateTime<Utc>) -> Result<(), Failure> {
    let Some(extraction) = fetched.extraction else { return Ok(()) };
    let closed = store.finish_extraction(extraction, &fetched.snapshot.id, now);
    closed.context("closing the extraction").map_err(Failure::bug)
}

/// Everybody to ask for: payroll, the roster of all ids ever seen, and the crosswalk. A dry run adds nobody to the
/// roster, nor does a rejected row, whose id may be what is wrong with it.
fn population(
    job: &Job,
    args: &RunArgs,
    store: &mut Store,
    payroll: &Payroll,
    crosswalk: &Crosswalk,
    as_of: NaiveDate,
) -> Result<Vec<String>, Failure> {
    let fold_id_case = job.payroll.fold_id_case;
    let mut population = || -> anyhow::Result<Vec<String>> {
        if args.dry_run {
            let known = store.roster_ids()?;
            let tonight = payroll.employee_ids().chain(crosswalk.rows.employee_ids()).chain(rejected(payroll));
            return Ok(extract::population(known.iter().map(String::as_str).chain(tonight), fold_id_case));
        }
        store.remember(payroll.employee_ids(), IdSource::Payroll, as_of)?;
        store.remember(crosswalk.rows.employee_ids(), IdSource::Crosswalk, as_of)?;
        let known = store.roster_ids()?;
        Ok(extract::population(known.iter().map(String::as_str).chain(rejected(payroll)), fold_id_case))
    };
    population().context("reading the roster").map_err(Failure::bug)
}

/// Employee ids of rejected rows.
fn rejected(payroll: &Payroll) -> impl Iterator<Item = &str> {
    payroll.rejects.iter().map(|reject| reject.employee_id.as_str())
}

/// Takes in the sandbox's world of the past, once: a demo has no earlier nights of its own.
fn import_baseline(
    opened: &OpenJob,
    population: &[String],
    crosswalk: &Crosswalk,
    charged: &DeductedEngagements,
    cutoff: NaiveDate,
) -> Result<(), Failure> {
    let job = &opened.job;
    let Some(world) = job.sandbox.as_ref().and_then(|s| s.baseline.as_deref()) else { return Ok(()) };
    let attempt = || -> anyhow::Result<()> {
        if snapshot::newest_on_or_before(&job.state_dir, cutoff, &job.zone)?.is_none() {
            let import = Import {
                world,
                settings: &job.benifex,
                oyster: job.oyster_connection(),
                charged,
                population,
                crosswalk,
                fold_id_case: job.payroll.fold_id_case,
                as_of: cutoff,
                taken_at: end_of(cutoff),
            };
            snapshot::import_world(&import, &job.state_dir)?;
        }
        Ok(())
    };
    attempt().with_context(|| format!("importing the world at the cut-off {}", world.display())).map_err(Failure::input)
}

fn end_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// The newest sealed snapshot.
pub fn newest(job: &Job) -> Result<Opened, Failure> {
    let listed = snapshot::newest(&job.state_dir)
        .context("looking for the newest snapshot")
        .map_err(Failure::input)?
        .ok_or_else(|| {
        Failure::input(anyhow::anyhow!(
            "there is no sealed snapshot in {}: run without --offline, or import one with `tieout snapshot import`",
            job.state_dir.display()
        ))
    })?;
    open(&listed.dir)
}

fn prior(job: &Job, cutoff: NaiveDate, tonight: &Snapshot) -> Result<Option<Opened>, Failure> {
    let listed = snapshot::newest_on_or_before(&job.state_dir, cutoff, &job.zone)
        .context("looking for the snapshot of the cut-off")
        .map_err(Failure::input)?;
    listed.filter(|l| l.id != tonight.id).map(|l| open(&l.dir)).transpose()
}

/// Columns of the users that no rule reads: the ids alone take 50 MB of a million users.
const NOT_COMPARED: [&str; 1] = ["user_id"];

/// Whether the snapshot in a folder asked for any of these employees.
pub fn has_any(dir: &Path, employee_ids: &BTreeSet<&str>) -> Result<bool, Failure> {
    snapshot::has_any(dir, employee_ids).map_err(|error| not_opened(dir, error, Exit::Input))
}

fn not_opened(dir: &Path, error: anyhow::Error, other: Exit) -> Failure {
    let exit = if error.is::<Damaged>() { Exit::Integrity } else { other };
    Failure::new(exit, error.context(format!("opening the snapshot {}", dir.display())))
}

/// What an older snapshot that can't be read is to a night.
pub fn not_read(error: anyhow::Error) -> Failure {
    let exit = if error.is::<Damaged>() { Exit::Integrity } else { Exit::Input };
    Failure::new(exit, error)
}

/// Opens and checks the snapshot in a folder.
pub fn open(dir: &Path) -> Result<Opened, Failure> {
    let failure = |error, other| not_opened(dir, error, other);
    let opened = snapshot::open_without(dir, &NOT_COMPARED, &REPEATED);
    let (mut snapshot, columns) = opened.map_err(|error| failure(error, Exit::Input))?;
    let benefits = Benefits::from_parts(std::mem::take(&mut snapshot.benefits), |name| columns.column(name))
        .map_err(|error| failure(error, Exit::Bug))?;
    Ok(Opened::of(snapshot, benefits))
}
