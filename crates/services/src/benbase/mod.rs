//! Benbase. The reading side is here: the employer's status, the only harmless call of the service (contracts, 2.3),
//! good as a check before anything is planned. What writes is a type of its own, `writer`, so that holding a reader can
//! change nothing.

mod key;
mod new_hire;
mod redact;
mod request;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
mod writer;

pub use crate::Sent;
pub use new_hire::{Ssn, phone_number};
pub(super) use redact::excerpt;
pub use request::Request;
pub use writer::BenbaseWriter;

use std::sync::Arc;

use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::watch;

use super::address::segment;
use super::{ApiError, CallSink, Clock, Detail, Slots};
use crate::settings;
use crate::transport::http::{Credential, Transport, Wiring};
use tieout_model::ids::EmployerId;

const STATUS: &str = "/employer/{id}/status";

/// The reader of one Benbase connection.
pub struct BenbaseReader {
    transport: Transport,
    employer_id: EmployerId,
}

/// What Benbase says about the employer. Unknown employers are `INACTIVE`, not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployerStatus {
    /// `INACTIVE`, `PENDING`, `ONBOARDING`, `ACTIVE`, or a word that is not documented.
    pub status: String,
    /// `None`: not stated.
    pub payroll_connected: Option<bool>,
}

#[derive(Deserialize)]
struct StatusAnswer {
    status: Option<String>,
    payroll: Option<PayrollAnswer>,
}

#[derive(Deserialize)]
struct PayrollAnswer {
    connected: Option<bool>,
}

impl BenbaseReader {
    /// Prepares the connection; sends nothing. Errors name the setting that is wrong.
    pub fn connect(
        settings: &settings::BenbaseAccess,
        api_key: &SecretString,
        sink: CallSink,
        clock: Clock,
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<BenbaseReader> {
        let wiring = Wiring { sink, clock, cancel };
        let transport =
            Transport::new("benbase", &settings.base_url, Credential::Key(api_key), &settings.http, wiring)?;
        Ok(BenbaseReader { transport, employer_id: settings.employer_id.clone() })
    }

    /// Takes its slots from those that the whole machine has for this credential.
    #[must_use]
    pub fn sharing(mut self, slots: Arc<dyn Slots>) -> BenbaseReader {
        self.transport.share_slots(slots);
        self
    }

    /// Reads the status of the job's employer.
    pub async fn employer_status(&self) -> Result<EmployerStatus, ApiError> {
        let path = format!("/employer/{}/status", segment(self.employer_id.as_str())?);
        let answer: StatusAnswer = self.transport.get(STATUS, &path).await?;
        let status = answer.status.map(|status| status.trim().to_owned()).filter(|status| !status.is_empty());
        let status = status.ok_or(ApiError::Broken { what: "it states no status", detail: Detail::default() })?;
        Ok(EmployerStatus { status, payroll_connected: answer.payroll.and_then(|payroll| payroll.connected) })
    }
}
