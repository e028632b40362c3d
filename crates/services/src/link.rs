//! One connection to a service: takes a place in the line, sends, reads the whole answer, logs it, and repeats what a
//! repetition may mend. Knows nothing of tokens or of what an answer means; that is `http` and `token`.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use serde::de::IgnoredAny;
use tokio::sync::Semaphore;

use crate::call_log::{CallSink, Clock, OpenRecord};
use crate::cancel::Cancel;
use crate::deprecation::Deprecations;
use crate::error::{ApiError, Detail, Fault};
use crate::refusal;
use crate::retry::{Budget, RetryPolicy, Tries, is_passing, retry_after};
use crate::turnstile::Turnstile;

/// Of the body of an error this much is looked at.
const ERROR_BODY_BYTES_MAX: usize = 16 * 1024;

/// The connection of one service and credential.
pub(super) struct Link {
    pub service: &'static str,
    pub client: Client,
    pub turnstile: Turnstile,
    /// Bounds what is in flight.
    pub seats: Semaphore,
    pub policy: RetryPolicy,
    pub budget: Budget,
    pub body_bytes_max: usize,
    pub sink: CallSink,
    pub clock: Clock,
    pub cancel: Cancel,
    /// Sent with every call but those for a token.
    pub headers: HeaderMap,
    pub deprecations: Deprecations,
    pub random: Mutex<fastrand::Rng>,
}

/// A request that may be sent several times.
pub(super) struct Outgoing<'a> {
    pub method: Method,
    pub url: Url,
    /// For the call log.
    pub template: &'a str,
    pub authorization: Option<HeaderValue>,
    pub content: Content<'a>,
    /// Whether it counts against the limit of the service.
    pub limited: bool,
}

/// What a request carries.
pub(super) enum Content<'a> {
    /// Nothing: it reads.
    None,
    Form(&'a [(&'a str, &'a str)]),
    /// A change, as JSON. Its answer counts by the status alone.
    Change {
        json: &'a str,
        header: Option<(HeaderName, HeaderValue)>,
    },
}

/// A whole answer. With a status of success the body of a read is valid JSON.
pub(super) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What the service said about a refusal.
    pub fn detail(&self) -> Detail {
        refusal::detail_of(&self.body)
    }
}

/// Why one attempt brought no answer.
pub(super) enum Trouble {
    Passing(Fault, Detail),
    Final(ApiError),
}

impl Link {
    /// Sends until the answer is one that a repetition would not change, or a limit is reached.
    pub async fn deliver(&self, request: &Outgoing<'_>, tries: &mut Tries) -> Result<Answer, ApiError> {
        loop {
            let (fault, asked, detail) = match self.attempt(request, tries).await? {
                Ok(answer) if !is_passing(answer.status) => return Ok(answer),
                Ok(answer) => (Fault::Status(answer.status), answer.retry_after, answer.detail()),
                Err(Trouble::Passing(fault, detail)) => (fault, None, detail),
                Err(Trouble::Final(error)) => return Err(error),
            };
            self.rest(request, tries, fault, asked, detail).await?;
        }
    }

    /// Waits before the next send, or says why there is none.
    pub async fn rest(
        &self,
        request: &Outgoing<'_>,
        tries: &mut Tries,
        fault: Fault,
        asked: Option<Duration>,
        detail: Detail,
    ) -> Result<(), ApiError> {
        tries.faults += 1;
        let wait = self.wait_after(request, tries.faults, fault, asked);
        let detail = tries.allow(&self.policy, wait, Instant::now(), fault, detail)?;
        if !self.budget.spend() {
            return Err(ApiError::Budget { last: fault, detail });
        }
        tracing::debug!(service = self.service, path = request.template, %fault, ?wait, "a call is repeated");
        self.cancel.sleep(wait).await
    }

    /// The error of a call that may be sent once only.
    pub fn give_up(
        &self,
        request: &Outgoing<'_>,
        tries: &Tries,
        last: Fault,
        asked: Option<Duration>,
        detail: Detail,
    ) -> ApiError {
        self.wait_after(request, tries.faults + 1, last, asked);
        ApiError::Exhausted { attempts: tries.sent, last, detail }
    }

    /// Waits before a caller repeats, in a new call, one that ended in its `faults`-th fault; `false`: it may not.
    pub async fn rest_between(&self, faults: u32) -> bool {
        if faults >= self.policy.attempts_max || !self.budget.spend() {
            return false;
        }
        let wait = {
            let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
            self.policy.wait(faults, None, &mut random)
        };
        self.cancel.sleep(wait).await.is_ok()
    }

    /// Decides the wait; too many calls make everyone wait, whether or not this call goes on.
    fn wait_after(&self, request: &Outgoing<'_>, faults: u32, fault: Fault, asked: Option<Duration>) -> Duration {
        let wait = {
            let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
            self.policy.wait(faults, asked, &mut random)
        };
        if fault == Fault::Status(429) && request.limited {
            tracing::warn!(service = self.service, ?wait, "the service asks for fewer calls; all calls wait");
            self.turnstile.pause(Instant::now(), wait);
        }
        wait
    }

    /// One send, from its place in the line to its record in the call log. The outer error: nothing was sent.
    pub async fn attempt(
        &self,
        request: &Outgoing<'_>,
        tries: &mut Tries,
    ) -> Result<Result<Answer, Trouble>, ApiError> {
        let _seat = self.cancel.unless(self.seats.acquire()).await?;
        let _permit = match request.limited {
            true => Some(self.cancel.unless(self.turnstile.pass()).await?),
            false => None,
        };
        let number = tries.count_send(Instant::now());
        let method = method_name(&request.method);
        let record = OpenRecord::begin(&self.sink, &self.clock, self.service, method, request.template, number);
        let (status, outcome) = self.send(request).await;
        record.end(status, outcome.as_ref().err().and_then(Trouble::name));
        Ok(outcome)
    }

    async fn send(&self, request: &Outgoing<'_>) -> (Option<u16>, Result<Answer, Trouble>) {
        match self.prepared(request).send().await {
            Ok(response) => (Some(response.status().as_u16()), self.receive(request, response).await),
            Err(error) => (None, Err(broken_send(error))),
        }
    }

    fn prepared(&self, request: &Outgoing<'_>) -> RequestBuilder {
        let mut builder = self.client.request(request.method.clone(), request.url.clone());
        builder = builder.header(ACCEPT, "application/json");
        if let Some(value) = &request.authorization {
            builder = builder.header(AUTHORIZATION, value.clone());
        }
        match &request.content {
            Content::None => builder.headers(self.headers.clone()),
            Content::Form(form) => builder.form(form),
            Content::Change { json, header } => {
                if let Some((name, value)) = header {
                    builder = builder.header(name, value);
                }
                builder = builder.headers(self.headers.clone());
                builder.header(CONTENT_TYPE, "application/json").body((*json).to_owned())
            }
        }
    }

    async fn receive(&self, request: &Outgoing<'_>, response: Response) -> Result<Answer, Trouble> {
        let status = response.status().as_u16();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = header(RETRY_AFTER).and_then(|text| retry_after(text, (self.clock)()));
        let is_json = header(CONTENT_TYPE).is_none_or(names_json);
        self.deprecations.look_at_head(self.service, request.template, response.headers());
        let mut answer = Answer { status, retry_after, body: Vec::new() };
        if !answer.is_success() || matches!(request.content, Content::Change { .. }) {
            // The status says enough, so what is wrong with the body does not matter.
            let _ = read_body(response, ERROR_BODY_BYTES_MAX, &mut answer.body).await;
            self.deprecations.look_at_body(self.service, request.template, &answer.body);
            return Ok(answer);
        }
        if !is_json {
            return Err(Trouble::Passing(Fault::ContentType, Detail::default()));
        }
        read_body(response, self.body_bytes_max, &mut answer.body).await?;
        match is_valid_json(&answer.body) {
            true => {
                self.deprecations.look_at_body(self.service, request.template, &answer.body);
                Ok(answer)
            }
            false => Err(Trouble::Passing(Fault::InvalidJson, Detail::default())),
        }
    }
}

impl Trouble {
    fn name(&self) -> Option<&'static str> {
        match self {
            Trouble::Passing(fault, _) => fault.name(),
            Trouble::Final(_) => Some("too large"),
        }
    }
}

/// Reads a body, unpacked, up to `limit` bytes.
async fn read_body(mut response: Response, limit: usize, body: &mut Vec<u8>) -> Result<(), Trouble> {
    while let Some(chunk) = response.chunk().await.map_err(broken_body)? {
        if body.len() + chunk.len() > limit {
            body.extend_from_slice(&chunk[..limit - body.len()]);
            return Err(Trouble::Final(ApiError::TooLarge { limit }));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(())
}

/// As the call log holds it.
fn method_name(method: &Method) -> &'static str {
    match method {
        method if method == Method::GET => "GET",
        method if method == Method::PUT => "PUT",
        _ => "POST",
    }
}

fn broken_send(error: reqwest::Error) -> Trouble {
    let fault = match () {
        () if error.is_connect() => Fault::Connect,
        () if error.is_timeout() => Fault::TimedOut,
        () => Fault::Reset,
    };
    Trouble::Passing(fault, chain(error))
}

fn broken_body(error: reqwest::Error) -> Trouble {
    let fault = if error.is_timeout() { Fault::TimedOut } else { Fault::CutBody };
    Trouble::Passing(fault, chain(error))
}

/// The causes of a network fault, without the URL.
fn chain(error: reqwest::Error) -> Detail {
    refusal::masked(&format!("{:#}", anyhow::Error::new(error.without_url())))
}

fn names_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json") || kind == "text/json"
}

fn is_valid_json(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}
