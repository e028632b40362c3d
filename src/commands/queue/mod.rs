//! `tieout queue …`: what each does and what it says. Parsing the command line is done elsewhere.

mod decide;
mod list;
mod resolve;
mod sheet;
mod show;
mod verbs;

use anyhow::anyhow;

use crate::job::Job;
use crate::outcome::Failure;
use crate::review::authority::speaks_as;
use crate::secrets::Operator;
use tieout_store::{Item, Refusal, Store};

pub use decide::{Decide, Selection, approve, reject};
pub use list::list;
pub use resolve::{resolve, retry};
pub use sheet::{Imported, export, import};
pub use show::show;
pub use verbs::run;

/// For a decision: on a state that the job last used, and anchored.
fn open_to_decide(job: &Job) -> Result<Store, Failure> {
    let mut store = super::open::store(job)?;
    super::open::anchor::hold(job, &mut store)?;
    Ok(store)
}

fn open(job: &Job) -> Result<Store, Failure> {
    super::open::store(job)
}

/// Whoever types a name is held against the logins that the job maps.
pub(super) fn check_name(job: &Job, by: &str) -> Result<(), Failure> {
    let checked = speaks_as(&job.approval, by, &Operator::of_process());
    checked.map_err(|why| Failure::input(anyhow!("nothing was changed: {why}")))
}

/// A reason with whoever typed it, for the audit chain.
pub(super) fn typed(reason: &str) -> String {
    format!("{}; {}", reason.trim(), Operator::of_process())
}

fn find(store: &Store, id: i64) -> Result<Item, Failure> {
    let found = store.items_by_id([id]).map_err(failure)?.remove(&id);
    found.ok_or_else(|| refused(id, &Refusal::Unknown))
}

fn refused(id: i64, why: &dyn std::fmt::Display) -> Failure {
    Failure::input(anyhow!("item {id}: {why}"))
}

/// What is neither damage nor another writer nor the machine is a folder or file that the caller named.
pub(super) fn failure(error: anyhow::Error) -> Failure {
    Failure::input(error)
}

#[cfg(test)]
mod tests;
