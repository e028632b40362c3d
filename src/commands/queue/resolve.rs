//! A person says what became of a send in doubt, or that what failed may be tried again.

use anyhow::anyhow;
use chrono::{DateTime, Utc};

use super::{check_name, failure, find, open_to_decide, refused, typed};
use crate::job::Job;
use crate::outcome::Failure;
use tieout_store::Moved;

/// in doubt → sent, or back to approved. Needs a reason: what was seen, and where.
pub fn resolve(job: &Job, id: i64, sent: bool, by: &str, reason: &str, now: DateTime<Utc>) -> Result<String, Failure> {
    if reason.trim().is_empty() {
        return Err(Failure::input(anyhow!(
            "resolving needs a reason: state --reason, such as who saw what in the service"
        )));
    }
    check_name(job, by)?;
    let mut store = open_to_decide(job)?;
    let item = find(&store, id)?;
    match store.resolve(&item.ticket(), sent, by, &typed(reason), now).map_err(failure)? {
        Moved::Refused(why) => Err(refused(id, &why)),
        Moved::Done if sent && item.kind.is_oyster() => Ok(format!("item {id} is sent")),
        Moved::Done if sent => Ok(format!("item {id} is sent; the ledger holds its values")),
        Moved::Done if item.approved_by.is_none() => {
            Ok(format!("item {id} is proposed again: it goes out once somebody approves it"))
        }
        Moved::Done => Ok(format!(
            "item {id} is approved again: the next push sends it, unless its approval is too old or its finding is gone"
        )),
    }
}

/// Failed: the next run may propose the same change again. Needs a reason: what was put right, and where.
pub fn retry(job: &Job, id: i64, by: &str, reason: &str, now: DateTime<Utc>) -> Result<String, Failure> {
    if reason.trim().is_empty() {
        return Err(Failure::input(anyhow!(
            "a retry needs a reason: state --reason, such as what was put right, and where"
        )));
    }
    check_name(job, by)?;
    let mut store = open_to_decide(job)?;
    let item = find(&store, id)?;
    if item.kind.is_oyster() {
        return Err(refused(id, &"no run proposes it again: prepare it anew with `tieout oyster`"));
    }
    match store.retry(&item.ticket(), by, &typed(reason), now).map_err(failure)? {
        Moved::Refused(why) => Err(refused(id, &why)),
        Moved::Done => Ok(format!("item {id} stays failed; the next run may propose the same change again")),
    }
}
