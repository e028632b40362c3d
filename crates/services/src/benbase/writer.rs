//! Benbase, the writing side: without a writer there is no write. It sends one change and says what became of it, in
//! the terms that a push has to tell apart. Claiming, order, repetition of what is in doubt and the books are not its
//! business.

use std::sync::Arc;

use anyhow::Context;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;

use crate::benbase::request::Request;
use crate::benbase::{key, redact};
use crate::settings;
use crate::transport::http::{Credential, Transport, Wiring};
use crate::transport::link::Content;
use crate::transport::sent::judge;
use crate::{CallSink, Clock, RetryPolicy, Sent, Slots};
use tieout_model::correction::validate::check;

/// The writer of one Benbase connection. It shows nothing of itself.
pub struct BenbaseWriter {
    transport: Transport,
    idempotency_header: Option<HeaderName>,
}

impl BenbaseWriter {
    /// Prepares the connection; sends nothing. Errors name the setting that is wrong, or a live key in a sandboxed job.
    pub fn connect(
        settings: &settings::BenbaseAccess,
        api_key: SecretString,
        sandboxed: bool,
        sink: CallSink,
        clock: Clock,
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<BenbaseWriter> {
        key::check(&api_key, &settings.base_url, sandboxed)?;
        let idempotency_header = settings.idempotency_header.as_deref().map(header_name).transpose()?;
        let wiring = Wiring { sink, clock, cancel };
        let credential = Credential::Key(&api_key);
        let transport = Transport::for_changes("benbase", &settings.base_url, credential, &settings.http, wiring)?;
        Ok(BenbaseWriter { transport, idempotency_header })
    }

    /// Takes its slots from those that the whole machine has for this credential.
    #[must_use]
    pub fn sharing(mut self, slots: Arc<dyn Slots>) -> BenbaseWriter {
        self.transport.share_slots(slots);
        self
    }

    /// The time that so many further calls take under the limit and at the pace of the latest ones, without faults.
    pub fn time_for(&self, calls: u64) -> std::time::Duration {
        self.transport.time_for(calls)
    }

    /// Waits between sends as `policy` says, not as the job's limits do.
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> BenbaseWriter {
        self.transport.set_policy(policy);
        self
    }

    /// Sends a change unless the contract would refuse it. Only what is proved not to have been applied is sent again,
    /// within the limits of the job. A future that is dropped half-way leaves the change in doubt.
    pub async fn send(&self, request: &Request) -> Sent {
        let problems = check(request.payload());
        if !problems.is_empty() {
            return Sent::Invalid { problems };
        }
        let body = request.body();
        let header = self.idempotency_header.clone().map(|name| (name, key_value(request)));
        let content = Content::Change { json: body.expose_secret(), header };
        let path = request.payload().path();
        let written = self.transport.change(Method::POST, path, path, content).await;
        judge(written, redact::excerpt, |answer| redact::reason(answer, body.expose_secret()))
    }
}

fn header_name(text: &str) -> anyhow::Result<HeaderName> {
    text.parse().ok().with_context(|| format!("benbase.idempotency_header `{text}` is no name of an HTTP header"))
}

fn key_value(request: &Request) -> HeaderValue {
    HeaderValue::from_str(&request.payload().key()).expect("hex digits fit into a header")
}
