//! The clock, asked in one place. A job with `[sandbox]` may bring its own, so that the same world gives the same
//! bytes on any day.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::job::Job;
use tieout_services::Clock;

/// The job's clock: the machine's, or the fixed one of its sandbox.
#[expect(clippy::disallowed_methods, reason = "this is the place that asks the clock")]
pub fn of_job(job: &Job) -> Clock {
    match job.sandbox.as_ref().and_then(|s| s.clock) {
        Some(fixed) => Arc::new(move || fixed),
        None => Arc::new(Utc::now),
    }
}

/// Today in the job's zone.
pub fn today(job: &Job, now: DateTime<Utc>) -> NaiveDate {
    job.zone.date(now)
}
