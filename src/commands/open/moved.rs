//! A job whose folder was copied. Both copies would send what is approved, so the copy is told from the place that the
//! job lives in: by the file that its database was, as the anchors note it, and where the copy has no state at all, by
//! what each job leaves with the user's programs. Jobs in a sandbox of their own may be copied.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::job::Job;
use crate::secrets;
use tieout_model::hash::sha256_hex;
use tieout_services::server_of;
use tieout_store::{Anchor, DATABASE_FILE, DatabaseFile, Store};

use crate::commands::open::anchor;
use crate::commands::open::renamed;

/// Folder of the places of all jobs under the user's state.
const FOLDER: &str = "tieout/jobs";
/// What systemd calls a machine.
const MACHINE_ID: &str = "/etc/machine-id";

/// The file that a state's database is; `None`: there is none yet.
pub fn database(state: &Path) -> Option<DatabaseFile> {
    let inode = fs::metadata(state.join(DATABASE_FILE)).ok()?.ino();
    let id = fs::read_to_string(MACHINE_ID).unwrap_or_default();
    // Its manual asks not to show the id itself.
    let machine = if id.trim().is_empty() { String::new() } else { sha256_hex(format!("tieout\n{}", id.trim())) };
    Some(DatabaseFile { inode, machine })
}

/// Where the job seems to live instead, and what to do; `None`: here. Of a state that holds what its anchors say.
pub fn found(job: &Job, store: &Store) -> anyhow::Result<Option<String>> {
    // What a job sends in a sandbox of its own reaches nobody.
    let Some(now) = renamed::places(job).filter(|_| job.sandbox.is_none()) else { return Ok(None) };
    for path in anchor::paths(job) {
        let Some(then) = Anchor::read(&path)?.and_then(|anchor| anchor.places) else { continue };
        if !then.still(&now) {
            let (here, there) = (now.state.display(), then.state.display());
            let of_here = if now.state == then.state { " of another machine or disk" } else { "" };
            return Ok(Some(format!(
                "the state folder {here} is a copy: job {} was last run with {there}{of_here} ({}). What is approved would go \
                 out from both. If the job moved here, and nothing runs it there any more: `tieout recover JOB --moved \
                 --reason …`. If it lives on there, remove this copy",
                job.name,
                path.display()
            )));
        }
    }
    lives_elsewhere(job, store)
}

/// The state folder that the job was last run with, where it still holds a database.
pub fn old_state(job: &Job) -> anyhow::Result<Option<PathBuf>> {
    for path in anchor::paths(job) {
        let Some(places) = Anchor::read(&path)?.and_then(|anchor| anchor.places) else { continue };
        if Some(&places.state) != renamed::places(job).map(|now| now.state).as_ref()
            && places.state.join(DATABASE_FILE).is_file()
        {
            return Ok(Some(places.state));
        }
    }
    Ok(None)
}

/// The same of a job that has no state, but had one elsewhere.
fn lives_elsewhere(job: &Job, store: &Store) -> anyhow::Result<Option<String>> {
    let Some(note) = note_of(job).filter(|note| note.is_file()) else { return Ok(None) };
    if store.audit_entries()? > 0 {
        return Ok(None);
    }
    let Some(there) = Anchor::read(&note)?.and_then(|anchor| anchor.places) else { return Ok(None) };
    let (name, state, file) = (&job.name, there.state.display(), there.job_file.display());
    let employer = anchor::owner(job).employer;
    Ok(Some(format!(
        "job {name} of employer {employer} has no state here, and was run with the job file {file} and the state folder \
         {state} before ({}). What went out from there would go out twice. Name that folder in `state_dir`, or put it here. If \
         it is lost, `tieout recover JOB --reason …` puts in doubt what may have been sent. If they are two jobs, give this \
         one another name",
        note.display()
    )))
}

/// Notes with the user's programs where the job lives. Best effort: whoever has no such folder has a job to copy, too.
pub fn note(job: &Job) {
    if let Err(error) = try_note(job) {
        tracing::debug!(error = format!("{error:#}"), "where the job lives could not be noted for copies of it");
    }
}

fn try_note(job: &Job) -> anyhow::Result<()> {
    let Some(note) = note_of(job) else { return Ok(()) };
    let newest = anchor::paths(job).into_iter().next().context("a job has an anchor")?;
    match Anchor::read(&newest)? {
        Some(anchor) if anchor.places.is_some() => anchor.write(&note),
        _ => Ok(()),
    }
}

/// Of a job by its name, its employer and the server: what a copy of its file still says.
fn note_of(job: &Job) -> Option<PathBuf> {
    let benbase = job.benbase.as_ref().filter(|_| job.sandbox.is_none())?;
    let connection = &benbase.connection;
    let key = format!("{}\n{}\n{}", server_of(&connection.base_url), connection.employer_id, job.name);
    Some(secrets::user_state_dir()?.join(FOLDER).join(format!("{}.json", sha256_hex(key))))
}
