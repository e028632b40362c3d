//! The call log of commands that ask Oyster outside a night, so that its limits hold across processes: each call is noted
//! as it ends, and what earlier ones left of the limit is taken into account. A sandbox in process knows no earlier ones.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;

use super::open;
use super::services::wall_clock;
use crate::extract::logged;
use crate::job::Job;
use crate::outcome::Failure;
use tieout_services::CallSink;
use tieout_services::settings::HttpLimits;
use tieout_store::Store;

/// Calls of no extraction are kept for so long, in microseconds: a day, longer than any window.
const KEPT_US: i64 = 24 * 60 * 60 * 1_000_000;

/// Notes each call in the job's database, over a connection of its own.
pub fn sink(job: &Job) -> Result<CallSink, Failure> {
    if job.sandbox.is_some() {
        return Ok(Arc::new(|_| {}));
    }
    let store = Mutex::new(open::store(job)?);
    Ok(Arc::new(move |record| {
        let call = logged(record);
        let logged = store
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .log_other_call(&call, call.sent_us.saturating_sub(KEPT_US));
        if let Err(error) = logged {
            tracing::warn!(service = call.service, %error, "a call could not be logged: the next command may go too fast");
        }
    }))
}

/// How long ago the calls were answered that a service still counts; none in a sandbox.
pub fn earlier(job: &Job, service: &str, http: &HttpLimits) -> Result<Vec<Duration>, Failure> {
    if job.sandbox.is_some() {
        return Ok(Vec::new());
    }
    recent(&open::store(job)?, service, http)
}

/// How long ago the calls were answered that the service still counts, whichever process made them. A killed process may
/// have sent some whose record was lost: as many as it could have had in flight count as answered just now.
pub fn recent(store: &Store, service: &str, http: &HttpLimits) -> Result<Vec<Duration>, Failure> {
    let longest = http.windows.iter().map(|w| w.per).max().unwrap_or_default();
    let now_us = wall_clock()().timestamp_micros();
    let since_us = now_us.saturating_sub(i64::try_from(longest.as_micros()).unwrap_or(i64::MAX));
    let answered = store.recent_answers(service, since_us).context("reading the call log").map_err(Failure::bug)?;
    let mut ages: Vec<Duration> =
        answered.iter().map(|at| Duration::from_micros(now_us.saturating_sub(*at).unsigned_abs())).collect();
    if !ages.is_empty() {
        ages.extend(std::iter::repeat_n(Duration::ZERO, http.concurrency));
    }
    Ok(ages)
}
