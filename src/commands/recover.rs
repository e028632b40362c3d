//! `tieout recover`: a person says that the state was put back or lost. What may have been sent since is in doubt, and
//! the job goes on from here.

use anyhow::{Context as _, anyhow};

use crate::cli::RecoverArgs;
use crate::job::Job;
use crate::outcome::{Exit, Failure, Outcome};
use crate::secrets;
use tieout_model::counted::counted;
use tieout_store::{ChainVerdict, Store};

use super::open::OpenJob;
use super::open::anchor;
use super::open::moved;
use super::open::renamed;
use super::{open, queue, table};

pub fn run(args: &RecoverArgs) -> Outcome {
    let reason = args.reason.trim();
    if reason.is_empty() {
        return Err(Failure::input(anyhow!("a recovery needs a reason: what happened to the state folder")));
    }
    let opened = open::job(&args.job)?;
    let job = &opened.job;
    let _lock = open::lock(job, opened.now)?;
    let mut store = open::store(job)?;
    if let ChainVerdict::Broken(found) =
        store.audit_verify().context("proving the audit chain").map_err(queue::failure)?
    {
        let why =
            anyhow!("the audit chain breaks at {}: {}; put back a backup in which it is whole", found.id, found.wrong);
        return Err(Failure::new(Exit::Integrity, why));
    }
    if args.moved {
        return adopt(args, &opened, &mut store);
    }
    // An anchor that can't be read is no reason to stay stuck: it is written anew.
    let renamed = renamed::found(job, &store).transpose();
    let expected = renamed.map_or_else(|| anchor::difference(job, &store), |found| found.map(Some));
    let expected = expected.unwrap_or_else(|error| Some(format!("{error:#}")));
    let expected = expected.unwrap_or_else(|| "the anchors agree with the state".to_owned());
    let by = named(args, job)?;
    let ids = store.recover_state(&by, &queue::typed(reason), &expected, opened.now).map_err(queue::failure)?;
    anchor::adopt(job, &mut store)?;
    table::print(&format!(
        "the state of job {} is recovered: {} in doubt. The first change of each employee that a later run wants \
         will be in doubt as well. `tieout queue list JOB --state in_doubt` shows them; find out in the service what became \
         of each, then `tieout queue resolve JOB ITEM --as sent|not-sent --reason …`",
        job.name,
        counted(ids.len(), "item is", "items are")
    ));
    Ok(Exit::Done)
}

/// Who says so.
fn named(args: &RecoverArgs, job: &Job) -> Result<String, Failure> {
    let by = args.by.clone().unwrap_or_else(secrets::login_name);
    queue::check_name(job, &by)?;
    Ok(by)
}

/// The state is whole and the newest, in another place than it was: it goes on from here as it is.
fn adopt(args: &RecoverArgs, opened: &OpenJob, store: &mut Store) -> Outcome {
    let job = &opened.job;
    let newest = renamed::found(job, store).and_then(|found| Ok(found.or(anchor::difference(job, store)?)));
    if let Some(wrong) = newest.map_err(queue::failure)? {
        let why = anyhow!("{wrong}. It did not only move: `tieout recover JOB --reason …` without --moved");
        return Err(Failure::new(Exit::Integrity, why));
    }
    if store.audit_entries().map_err(queue::failure)? == 0 {
        return Err(Failure::input(anyhow!("job {} has no state here that could have moved", job.name)));
    }
    let Some(from) = moved::found(job, store).map_err(queue::failure)? else {
        table::print(&format!("job {} lives here already: nothing to do", job.name));
        return Ok(Exit::Done);
    };
    if let Some(old) = moved::old_state(job).map_err(queue::failure)? {
        let old = old.display();
        return Err(Failure::input(anyhow!("the old state folder {old} is still there: rename or remove it first")));
    }
    let by = named(args, job)?;
    store.move_state(&by, &queue::typed(args.reason.trim()), &from, opened.now).map_err(queue::failure)?;
    anchor::adopt(job, store)?;
    table::print(&format!("job {} goes on from here; make sure that nothing runs it at its old place", job.name));
    Ok(Exit::Done)
}
