//! The call log: one record an attempt, handed to whoever keeps it. It can prove that a limit was kept, and holds no
//! ids, no query, no body. What happens to a record is the sink's business.

use std::sync::Arc;

use chrono::{DateTime, Utc};

/// One request that was sent, answered or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// `benifex`, `oyster`, `benbase`.
    pub service: &'static str,
    pub method: &'static str,
    /// With `{user-id}` and the like in place of ids.
    pub path_template: String,
    /// Sends of this call so far, this one included.
    pub attempt: u32,
    /// `None`: no answer.
    pub status: Option<u16>,
    /// What made the answer useless, beside its status: `time-out`, `cut body`, …
    pub fault: Option<&'static str>,
    /// Wall clock, microseconds since 1970.
    pub sent_us: i64,
    /// Wall clock, when the body was read to its end or the attempt was given up.
    pub answered_us: i64,
    /// What the service's own clock showed when it answered, in whole seconds; `None`: it did not tell.
    pub dated: Option<DateTime<Utc>>,
}

/// Takes each record as it is made; called from the tasks that send, so it must not block for long.
pub type CallSink = Arc<dyn Fn(CallRecord) + Send + Sync>;

/// The wall clock.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A record in the making. Dropped before its end it is logged as abandoned, since the request may have arrived.
pub(crate) struct OpenRecord<'a> {
    sink: &'a CallSink,
    clock: &'a Clock,
    record: CallRecord,
}

impl<'a> OpenRecord<'a> {
    /// Begins the record at the moment of sending.
    pub fn begin(
        sink: &'a CallSink,
        clock: &'a Clock,
        service: &'static str,
        method: &'static str,
        path_template: &str,
        attempt: u32,
    ) -> Self {
        let record = CallRecord {
            service,
            method,
            path_template: path_template.to_owned(),
            attempt,
            status: None,
            fault: Some("abandoned"),
            sent_us: clock().timestamp_micros(),
            answered_us: 0,
            dated: None,
        };
        OpenRecord { sink, clock, record }
    }

    /// Ends the record with what came of the attempt.
    pub fn end(mut self, status: Option<u16>, dated: Option<DateTime<Utc>>, fault: Option<&'static str>) {
        (self.record.status, self.record.dated) = (status, dated);
        self.record.fault = fault;
    }
}

impl Drop for OpenRecord<'_> {
    fn drop(&mut self) {
        self.record.answered_us = (self.clock)().timestamp_micros();
        (self.sink)(self.record.clone());
    }
}
