//! `tieout snapshot list|import`: what each does and what it says. Parsing the command line is done elsewhere.

use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use comfy_table::Table;

use crate::cli::SnapshotVerb;
use crate::extract::population;
use crate::job::Job;
use crate::outcome::{Exit, Failure, Outcome};
use tieout_payroll as payroll;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_recon::deducted::DeductedEngagements;
use tieout_recon::snapshot;
use tieout_recon::snapshot::Import;
use tieout_recon::snapshot::{Damaged, Listed, Origin, SNAPSHOTS_MAX, Snapshot};
use tieout_store::lock::{LockError, RunLock};
use tieout_store::{EnrollmentNight, IdSource, Store};

use super::open::anchor;
use super::{open, table};

/// Runs the verb that was asked for.
pub fn run(verb: &SnapshotVerb) -> Outcome {
    match verb {
        SnapshotVerb::List(args) => {
            let opened = open::job(&args.job)?;
            let _ = open::store(&opened.job)?;
            table::print(&list(&opened.job.state_dir, args.json)?);
        }
        SnapshotVerb::Import { job, world, as_of } => {
            let opened = open::job(job)?;
            let as_of = opened.day(*as_of)?;
            table::print(&import(&opened.job, world, &SnapshotAsked::of(&opened.job)?, as_of, opened.now)?);
        }
    }
    Ok(Exit::Done)
}

/// Whom a night would ask for beside the roster.
pub struct SnapshotAsked {
    /// Of payroll and crosswalk, so that people whom a world does not know are not found rather than unknown.
    pub ids: Vec<String>,
    pub charged: DeductedEngagements,
    pub crosswalk: Crosswalk,
}

impl SnapshotAsked {
    fn of(job: &Job) -> Result<SnapshotAsked, Failure> {
        let payroll = payroll::read(&job.payroll, &job.deductions, payroll::SETTLE).map_err(Failure::input)?;
        let crosswalk = open::crosswalk(job)?;
        let charged = DeductedEngagements::new(job.oyster.as_ref().map(|oyster| &oyster.plans), &payroll, &crosswalk);
        let mut ids: Vec<String> = crosswalk.rows.employee_ids().map(str::to_owned).collect();
        ids.extend(payroll.employee_ids().map(str::to_owned));
        Ok(SnapshotAsked { ids, charged, crosswalk })
    }
}

/// Columns of the list.
const HEADER: [&str; 10] = [
    "snapshot",
    "as of",
    "taken at",
    "source",
    "complete",
    "employees",
    "users",
    "benefits",
    "engagements",
    "enrollments",
];

/// The snapshots of a state folder, oldest first, as a table or as JSON.
pub fn list(state: &Path, json: bool) -> Result<String, Failure> {
    let listed = snapshot::list(state).map_err(failure)?;
    if json {
        return serde_json::to_string_pretty(&listed).context("write the list as JSON").map_err(Failure::bug);
    }
    if listed.is_empty() {
        return Ok("no snapshots yet: `tieout run` and `tieout snapshot import` make them".into());
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(HEADER);
    for row in &listed {
        table.add_row(cells(row));
    }
    Ok(table.trim_fmt())
}

/// Loads the recorded answers of `world` as the snapshot of `as_of`, and remembers its employees.
pub fn import(
    job: &Job,
    world: &Path,
    asked: &SnapshotAsked,
    as_of: NaiveDate,
    now: DateTime<Utc>,
) -> Result<String, Failure> {
    let state = &job.state_dir;
    let _lock = RunLock::acquire(state, now).map_err(lock_failure)?;
    let mut store = open::store(job)?;
    anchor::hold(job, &mut store)?;
    let roster = store.roster_ids().map_err(failure)?;
    let fold_id_case = job.payroll.fold_id_case;
    let population = population(roster.iter().chain(&asked.ids), fold_id_case);
    let import = Import {
        world,
        settings: &job.benifex,
        oyster: job.oyster_connection(),
        charged: &asked.charged,
        population: &population,
        crosswalk: &asked.crosswalk,
        fold_id_case,
        as_of,
        taken_at: now,
    };
    let sealed = snapshot::import_world(&import, state).map_err(failure)?;
    store.remember(sealed.employee_ids().map_err(failure)?, IdSource::Import, as_of).map_err(failure)?;
    let engagements = remember_oyster(job, &mut store, &sealed).map_err(failure)?;
    snapshot::retain(state, SNAPSHOTS_MAX).map_err(failure)?;
    Ok(format!(
        "snapshot {} of {}: {} employees, {} users, {} benefits{engagements}{}",
        sealed.id,
        sealed.as_of,
        sealed.population.height(),
        sealed.users.height(),
        sealed.benefits.height(),
        if sealed.complete { "" } else { "; some of them are unverified" }
    ))
}

/// Adds the states of the imported day to the history; what there is to say of Oyster, blank without it.
fn remember_oyster(job: &Job, store: &mut Store, sealed: &Snapshot) -> anyhow::Result<String> {
    let (Some(settings), Some(oyster)) = (&job.oyster, &sealed.oyster) else { return Ok(String::new()) };
    let (found, states) = oyster.states()?;
    let night = EnrollmentNight { as_of: sealed.as_of, found, states };
    let states = store.sightings(&[night], settings.opening_states.as_deref())?;
    store.record_sightings(&states)?;
    Ok(format!(", {} engagements, {} enrollments", oyster.engagements.height(), oyster.enrollments.height()))
}

fn cells(row: &Listed) -> [String; 10] {
    let rows = |rows: Option<usize>| rows.map_or_else(|| "-".to_owned(), |rows| rows.to_string());
    let source = match row.source {
        Origin::Benifex => "benifex",
        Origin::World => "world",
    };
    [
        row.id.clone(),
        row.as_of.to_string(),
        row.taken_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        source.into(),
        if row.complete { "yes" } else { "no" }.into(),
        row.employees.to_string(),
        row.users.to_string(),
        row.benefits.to_string(),
        rows(row.engagements),
        rows(row.enrollments),
    ]
}

fn lock_failure(error: LockError) -> Failure {
    match error {
        LockError::Busy { .. } => Failure::new(Exit::Busy, error),
        other => Failure::input(other),
    }
}

/// Damage is told apart; the rest is a folder or file that the caller named.
fn failure(error: anyhow::Error) -> Failure {
    let damaged = error.is::<Damaged>() || error.is::<tieout_store::Damaged>();
    Failure::new(if damaged { Exit::Integrity } else { Exit::Input }, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_recon::snapshot::testing::{day, moment, settings, write_world};

    #[test]
    fn an_imported_world_is_listed() {
        let (world, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        assert!(list(state.path(), false).expect("lists").starts_with("no snapshots yet"));
        write_world(world.path());
        let settings = settings("http://localhost:1", "http://localhost:1/token");
        let import = Import {
            world: world.path(),
            settings: &settings,
            oyster: None,
            charged: &DeductedEngagements::default(),
            population: &[],
            crosswalk: &Crosswalk::default(),
            fold_id_case: false,
            as_of: day(31),
            taken_at: moment(0),
        };
        let sealed = snapshot::import_world(&import, state.path()).expect("imports");
        let text = list(state.path(), false).expect("lists");
        let row: Vec<_> = text.lines().nth(1).expect("a row").split_whitespace().collect();
        let id = sealed.id.as_str();
        assert_eq!(row, [id, "2026-03-31", "2026-03-31T02:00:00Z", "world", "no", "11", "8", "14", "-", "-"]);
        assert!(list(state.path(), true).expect("lists").contains("\"as_of\": \"2026-03-31\""));
    }
}
