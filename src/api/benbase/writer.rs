//! Benbase, the writing side: without a writer there is no write. It sends one change and says what became of it, in
//! the terms that a push has to tell apart. Claiming, order, repetition of what is in doubt and the books are not its
//! business.

use std::fmt;
use std::time::Duration;

use anyhow::Context;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;

use super::change::Change;
use super::validate::validate;
use super::{key, redact};
use crate::api::error::{Detail, Fault};
use crate::api::http::{Proof, Transport, Wiring};
use crate::api::link::{Answer, Content};
use crate::api::write::Written;
use crate::api::{ApiError, CallSink, Clock, RetryPolicy};
use crate::correction::validate::Problem;
use crate::job;

/// The writer of one Benbase connection. It shows nothing of itself.
pub struct BenbaseWriter {
    transport: Transport,
    idempotency_header: Option<HeaderName>,
}

/// What became of a change.
#[derive(Clone, PartialEq, Eq)]
pub enum Sent {
    /// The service took it (any 2xx).
    Accepted {
        status: u16,
        /// The beginning of the body, with values hidden.
        excerpt: String,
    },
    /// The service will not take it, ever: not applied, final.
    Refused {
        status: u16,
        /// Masked: without digits, addresses and what was sent.
        reason: String,
    },
    /// The contract would refuse it; nothing was sent, final.
    Invalid { problems: Vec<Problem> },
    /// The service refused the key (401, 403): not applied, and nothing else will be.
    Credentials { status: u16 },
    /// Proved: not applied. It may be sent again.
    NotSent {
        reason: String,
        /// As the service asked.
        retry_after: Option<Duration>,
    },
    /// It may have been applied or not.
    InDoubt { reason: String },
}

/// Without the words of the service, which are masked by form only.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sent::Accepted { status, .. } => write!(f, "Accepted({status})"),
            Sent::Refused { status, .. } => write!(f, "Refused({status})"),
            Sent::Invalid { problems } => write!(f, "Invalid({problems:?})"),
            Sent::Credentials { status } => write!(f, "Credentials({status})"),
            Sent::NotSent { retry_after, .. } => write!(f, "NotSent({retry_after:?})"),
            Sent::InDoubt { .. } => f.write_str("InDoubt"),
        }
    }
}

impl BenbaseWriter {
    /// Prepares the connection; sends nothing. Errors name the setting that is wrong, or a live key in a sandboxed job.
    pub fn connect(
        settings: &job::Benbase,
        api_key: SecretString,
        sandboxed: bool,
        sink: CallSink,
        clock: Clock,
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<BenbaseWriter> {
        key::check(&api_key, &settings.base_url, sandboxed)?;
        let idempotency_header = settings.idempotency_header.as_deref().map(header_name).transpose()?;
        let wiring = Wiring { sink, clock, cancel };
        let proof = Proof::Key(&api_key);
        let transport = Transport::for_changes("benbase", &settings.base_url, proof, &settings.http, wiring)?;
        Ok(BenbaseWriter { transport, idempotency_header })
    }

    /// Waits between sends as `policy` says, not as the job's limits do.
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> BenbaseWriter {
        self.transport.set_policy(policy);
        self
    }

    /// Sends a change unless the contract would refuse it. Only what is proved not to have been applied is sent again,
    /// within the limits of the job. A future that is dropped half-way leaves the change in doubt.
    pub async fn send(&self, change: &Change) -> Sent {
        let problems = validate(change);
        if !problems.is_empty() {
            return Sent::Invalid { problems };
        }
        let body = change.body();
        let header = self.idempotency_header.clone().map(|name| (name, key_value(change)));
        let content = Content::Change { json: body.expose_secret(), header };
        match self.transport.post(change.operation().path(), content).await {
            Written::Answered(answer) => judge(&answer, body.expose_secret()),
            Written::NotSent { error, retry_after } => Sent::NotSent { reason: not_sent(&error), retry_after },
            Written::Unanswered { fault, detail } => Sent::InDoubt { reason: unanswered(fault, &detail) },
        }
    }
}

/// What an answer says of the change. A status that is not documented proves nothing, so it leaves doubt.
fn judge(answer: &Answer, sent: &str) -> Sent {
    let status = answer.status;
    let reason = || redact::reason(&answer.body, sent);
    match status {
        200..=299 => Sent::Accepted { status, excerpt: redact::excerpt(&answer.body) },
        401 | 403 => Sent::Credentials { status },
        400..=499 => Sent::Refused { status, reason: reason() },
        _ => Sent::InDoubt { reason: with_words(format!("the service answered with status {status}"), &reason()) },
    }
}

fn not_sent(error: &ApiError) -> String {
    with_words(error.to_string(), error.detail().unwrap_or(""))
}

fn unanswered(fault: Fault, detail: &Detail) -> String {
    with_words(format!("no answer came: {fault}"), detail.0.as_deref().unwrap_or(""))
}

fn with_words(text: String, words: &str) -> String {
    if words.is_empty() { text } else { format!("{text} ({words})") }
}

fn header_name(text: &str) -> anyhow::Result<HeaderName> {
    text.parse().ok().with_context(|| format!("benbase.idempotency_header `{text}` is no name of an HTTP header"))
}

fn key_value(change: &Change) -> HeaderValue {
    HeaderValue::from_str(&change.key()).expect("hex digits fit into a header")
}
