//! A job that was renamed. It begins with an empty state beside its old one, and would send again all that went out
//! under its old name; the anchors of the jobs whose reports stand beside its own tell. Two jobs of one employer are no
//! such case: each has its job file and its state.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::job::{self, Job};
use tieout_store::{ANCHOR_FILE, Anchor, DATABASE_FILE, Places, Store};

use crate::commands::open::anchor;
use crate::commands::open::moved;

/// Where the parts of a job are now; `None` where the job is read from something else than a file, such as a pipe.
pub fn places(job: &Job) -> Option<Places> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // The anchor is JSON; a path in it that leads nowhere is one that is not there.
    let shown = |path: &Path| PathBuf::from(absolute(path).to_string_lossy().into_owned());
    job.file.is_file().then(|| Places {
        job_file: shown(&job.file),
        state: shown(&job.state_dir),
        database: moved::database(&job.state_dir),
    })
}

/// Which job this one without a state seems to have been, why, and what to do; `None`: it has a state, or is a new one.
pub fn found(job: &Job, store: &Store) -> anyhow::Result<Option<String>> {
    if !store.is_new()? {
        return Ok(None);
    }
    for path in anchors(job)? {
        let Some(other) = read(&path)? else { continue };
        let Some(why) = seems_renamed(&other, job) else { continue };
        let (path, now, old) = (path.display(), &job.name, &other.job);
        return Ok(Some(format!(
            "job {now} has no state yet and seems to be job {old} under another name: {why} ({path}). Nothing was fetched, \
             queued or sent: what went out as {old} would go out twice. Give it back its name, `name = \"{old}\"` in {}. If \
             the state of {old} is lost, `tieout recover JOB --reason …` puts in doubt what may have been sent. If they are \
             two jobs, give each a job file of its own, or job {now} another `report.dir`",
            job.file.display()
        )));
    }
    Ok(None)
}

/// Says once, before the first night of a job, that another one reads the same payroll file for the same employer.
pub fn warn_of_twin(job: &Job, store: &Store) -> anyhow::Result<()> {
    if !store.is_new()? {
        return Ok(());
    }
    for path in anchors(job)? {
        let Some(other) = read(&path)?.filter(|other| other.job != job.name && is_employer(other, job)) else {
            continue;
        };
        let twin = other.places.as_ref().and_then(|places| job::load(&places.job_file).ok());
        if twin.is_some_and(|twin| twin.payroll.file == job.payroll.file) {
            tracing::warn!(
                job = job.name,
                other = other.job,
                "two jobs read the same payroll file for the same employer: what is approved in both goes out twice"
            );
        }
    }
    Ok(())
}

/// The anchors of the job's own reports and of those beside them, and the job's second one.
fn anchors(job: &Job) -> anyhow::Result<Vec<PathBuf>> {
    let dir = &job.report.dir;
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(job.anchor.iter().cloned().collect()),
        Err(error) => return Err(error).with_context(|| format!("listing {}", dir.display())),
    };
    let mut anchors: Vec<PathBuf> = job.anchor.iter().cloned().collect();
    for entry in entries {
        anchors.push(entry.with_context(|| format!("listing {}", dir.display()))?.path().join(ANCHOR_FILE));
    }
    anchors.sort();
    Ok(anchors)
}

/// `None`: there is none, or it is of a job of another user.
fn read(path: &Path) -> anyhow::Result<Option<Anchor>> {
    let of_another = |error: &anyhow::Error| {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        matches!(kind, Some(ErrorKind::PermissionDenied | ErrorKind::NotADirectory))
    };
    match Anchor::read(path) {
        Err(error) if of_another(&error) => Ok(None),
        read => read,
    }
}

/// Both name one, and it is the same.
fn is_employer(other: &Anchor, job: &Job) -> bool {
    !other.employer.is_empty() && other.employer == anchor::owner(job).employer
}

fn seems_renamed(other: &Anchor, job: &Job) -> Option<String> {
    let places = other.places.as_ref().filter(|_| other.job != job.name)?;
    let employer = anchor::owner(job).employer;
    if !other.employer.is_empty() && !employer.is_empty() && other.employer != employer {
        return None;
    }
    if is_same(&places.job_file, &job.file) {
        return Some(format!("this job file had the name {}", other.job));
    }
    if !is_employer(other, job) {
        return None;
    }
    let file = places.job_file.display();
    let Ok(now) = job::load(&places.job_file) else {
        return Some(format!("{} has the same employer, and its job file {file} is gone or not valid", other.job));
    };
    if now.name != other.job {
        return Some(format!(
            "{} has the same employer, and its job file {file} has the name {} now",
            other.job, now.name
        ));
    }
    let is_there = [&places.state, &now.state_dir].iter().any(|state| state.join(DATABASE_FILE).is_file());
    let state = places.state.display();
    (!is_there).then(|| format!("{} has the same employer, and its state is not in {state} any more", other.job))
}

fn is_same(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).ok().zip(fs::canonicalize(other).ok()).is_some_and(|(one, other)| one == other)
}
