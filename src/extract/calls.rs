//! Between the client, which makes call records wherever a call ends, and the store, which one task writes to.

use std::sync::{Arc, Mutex, PoisonError};

use tieout_services::{CallRecord, CallSink};
use tieout_store::LoggedCall;

/// Call records that are not in the store yet. Clones share one buffer; it is emptied with each commit.
#[derive(Clone, Debug, Default)]
pub struct CallBuffer(Arc<Mutex<Vec<LoggedCall>>>);

impl CallBuffer {
    /// What the client hands its records to.
    pub fn sink(&self) -> CallSink {
        let buffer = self.clone();
        Arc::new(move |record| {
            buffer.0.lock().unwrap_or_else(PoisonError::into_inner).push(logged(record));
        })
    }

    /// Empties the buffer; oldest first.
    pub fn drain(&self) -> Vec<LoggedCall> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A call as it is kept.
pub fn logged(record: CallRecord) -> LoggedCall {
    LoggedCall {
        service: record.service.into(),
        method: record.method.into(),
        path_template: record.path_template,
        attempt: record.attempt,
        status: record.status,
        fault: record.fault.map(Into::into),
        sent_us: record.sent_us,
        answered_us: record.answered_us,
    }
}
