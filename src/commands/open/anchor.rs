//! Whether the state is the one that the job last used. A restored backup, or a folder that is gone, would send again
//! what went out since; the anchors outside it tell.

use std::path::PathBuf;

use anyhow::anyhow;

use crate::job::Job;
use crate::outcome::{Exit, Failure};
use tieout_store::{ANCHOR_FILE, Anchor, Anchors, StateOwner, Store};

use crate::commands::open::moved;
use crate::commands::open::renamed;
use crate::commands::{open, reports};

/// What to do about a state that is not the one last used.
const NOTHING: &str = "Nothing was fetched, queued or sent";

/// The same of an older one.
const REMEDY: &str = "Nothing was fetched, queued or sent: what went out since would go out twice. If there is a newer copy \
                      of the folder, put it back; else `tieout recover JOB --reason …` puts in doubt what may have been sent";

/// Whose state a job's is.
pub fn owner(job: &Job) -> StateOwner {
    let employer = job.benbase.as_ref().map(|benbase| benbase.connection.employer_id.to_string());
    StateOwner { job: job.name.clone(), employer: employer.unwrap_or_default() }
}

/// The files with the end of the job's audit chain.
pub fn paths(job: &Job) -> Vec<PathBuf> {
    let mut paths = vec![reports::folder(job).join(ANCHOR_FILE)];
    paths.extend(job.anchor.clone());
    paths
}

/// Compares the state with the anchors; then binds it to the job, and anchors what is written from now on.
pub fn hold(job: &Job, store: &mut Store) -> Result<(), Failure> {
    compare(job, store)?;
    renamed::warn_of_twin(job, store).map_err(|error| open::not_open(job, error))?;
    adopt(job, store)
}

/// Binds the state to the job and has it anchored, whatever the anchors say.
pub fn adopt(job: &Job, store: &mut Store) -> Result<(), Failure> {
    store.bind(&owner(job)).map_err(|error| open::not_open(job, error))?;
    store.keep_anchors(Anchors { owner: owner(job), places: renamed::places(job), paths: paths(job) });
    store.anchor().map_err(|error| open::not_open(job, error))?;
    moved::note(job);
    Ok(())
}

/// Errors: the state is another job's, older than an anchor, gone or a copy, or the job was renamed. Changes nothing.
pub fn compare(job: &Job, store: &Store) -> Result<(), Failure> {
    if let Some(wrong) = renamed::found(job, store).map_err(|error| open::not_open(job, error))? {
        return Err(Failure::new(Exit::Integrity, anyhow!(wrong)));
    }
    match difference(job, store) {
        Ok(None) => match moved::found(job, store).map_err(|error| open::not_open(job, error))? {
            Some(wrong) => Err(Failure::new(Exit::Integrity, anyhow!("{wrong}. {NOTHING}"))),
            None => Ok(()),
        },
        Ok(Some(wrong)) => {
            let dir = job.state_dir.display();
            let why =
                anyhow!("the state folder {dir} is not the one that job {} last used: {wrong}. {REMEDY}", job.name);
            Err(Failure::new(Exit::Integrity, why))
        }
        Err(error) => Err(open::not_open(job, error)),
    }
}

/// What tells the state from the one last used; `None`: nothing.
pub fn difference(job: &Job, store: &Store) -> anyhow::Result<Option<String>> {
    store.check_owner(&job.state_dir, &owner(job))?;
    let mut is_anchored = false;
    for path in paths(job) {
        // Before the chain is looked at: a push may write both meanwhile, the chain first.
        let Some(anchor) = Anchor::read(&path)? else { continue };
        is_anchored = true;
        let shown = path.display();
        let gone = anchor.also.iter().find(|also| job.anchor.as_ref() == Some(*also) && !also.exists());
        if let Some(gone) = gone {
            let gone = gone.display();
            return Ok(Some(format!(
                "{shown} says that the end of its audit chain was noted in {gone} too, which is not there: its disk may not be \
                 mounted, or an older copy was put back"
            )));
        }
        anyhow::ensure!(
            anchor.job == job.name,
            "the anchor {shown} is that of job {}: give this job back that name, or move the file away",
            anchor.job
        );
        if !store.holds(&anchor)? {
            let (expected, found, head) = (anchor.entries, store.audit_entries()?, anchor.head);
            return Ok(Some(format!(
                "{shown} says that its audit chain has entry {expected} with the hash {head}, and this one, of {found} \
                 entries, has not: an older copy was put back, or the folder was lost"
            )));
        }
    }
    if !is_anchored && store.was_anchored()? {
        let shown: Vec<_> = paths(job).iter().map(|path| path.display().to_string()).collect();
        return Ok(Some(format!(
            "the end of its audit chain was noted in {ANCHOR_FILE} beside the reports, and there is no {}: an older copy may \
             have been put back. If the reports were moved, move {ANCHOR_FILE} along",
            shown.join(" and no ")
        )));
    }
    if store.is_new()?
        && let Some(trace) = reports::trace(job)?
    {
        return Ok(Some(format!(
            "it holds nothing, and there is {} of an earlier night: it was lost",
            trace.display()
        )));
    }
    Ok(None)
}
