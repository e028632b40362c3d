//! One connection to a service: takes a place in the line, sends, reads the whole answer, logs it, and repeats what a
//! repetition may mend. What an answer means is `http`'s business, where a token comes from is `token`'s.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::DateTime;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response};
use tokio::sync::{Semaphore, SemaphorePermit};

pub(crate) use super::message::{Answer, Authorization, Content, Outgoing};
use crate::answer::deprecation::Deprecations;
use crate::answer::error::{ApiError, AttemptFault, Detail};
use crate::limit::pace::Pace;
use crate::limit::retry::{Budget, RetryPolicy, TOO_MANY_CALLS, Tries, is_passing, retry_after};
use crate::limit::turnstile::{Permit, Turnstile};
use crate::transport::body::{broken_send, is_valid_json, names_json, read_body};
use crate::transport::call_log::{CallSink, Clock, OpenRecord};
use crate::transport::cancel::Cancel;
use crate::transport::token::Token;

/// Of the body of an error this much is looked at.
const ERROR_BODY_BYTES_MAX: usize = 16 * 1024;
/// Some servers put it before their JSON, where JSON does not allow it.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// A token that ends before each slot comes is sent as it is after so many new ones.
const RENEWALS_MAX: u32 = 5;

/// The connection of one service and credential.
pub(crate) struct Link {
    pub service: &'static str,
    pub client: Client,
    pub turnstile: Turnstile,
    /// Bounds what is in flight.
    pub seats: Semaphore,
    /// Most that is in flight.
    pub at_once: usize,
    pub pace: Pace,
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
    /// That the service asks for a longer wait than a call may take was told.
    pub is_beyond_told: AtomicBool,
}

/// Why one attempt brought no answer.
pub(crate) enum Trouble {
    Passing(AttemptFault, Detail),
    Final(ApiError),
}

impl Link {
    /// Sends until the answer is one that a repetition would not change, or a limit is reached.
    pub async fn deliver(&self, request: &Outgoing<'_>, tries: &mut Tries) -> Result<Answer, ApiError> {
        loop {
            let (fault, asked, detail) = match self.attempt(request, tries).await? {
                Ok(answer) if !is_passing(answer.status) => return Ok(answer),
                Ok(answer) => (AttemptFault::Status(answer.status), answer.retry_after, answer.detail()),
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
        fault: AttemptFault,
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
        last: AttemptFault,
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
            self.policy.backoff(faults, &mut random)
        };
        self.cancel.sleep(wait).await.is_ok()
    }

    /// Decides the wait; too many calls make everyone wait, whether or not this call goes on.
    fn wait_after(
        &self,
        request: &Outgoing<'_>,
        faults: u32,
        fault: AttemptFault,
        asked: Option<Duration>,
    ) -> Duration {
        let wait = {
            let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
            self.policy.wait(faults, fault, asked, &mut random)
        };
        if let Some(beyond) = self.policy.beyond(asked)
            && !self.is_beyond_told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(service = self.service, "{beyond}");
        }
        let limited = fault == AttemptFault::Status(TOO_MANY_CALLS) && request.limited;
        // All calls in flight are refused together; that is one thing to tell.
        if limited && self.turnstile.pause(Instant::now(), wait) {
            tracing::warn!(service = self.service, ?wait, "the service asks for fewer calls; all calls wait");
        }
        wait
    }

    /// One send, from its place in the line to its record in the call log. The outer error: nothing was sent.
    pub async fn attempt(
        &self,
        request: &Outgoing<'_>,
        tries: &mut Tries,
    ) -> Result<Result<Answer, Trouble>, ApiError> {
        let (_seat, _permit, token) = self.turn(&request.authorization, request.limited).await?;
        let sent = Instant::now();
        let number = tries.count_send(sent);
        let method = method_name(&request.method);
        let record = OpenRecord::begin(&self.sink, &self.clock, self.service, method, request.template, number);
        let header = match &request.authorization {
            Authorization::None => None,
            Authorization::Key(header) => Some(header.clone()),
            Authorization::Token { .. } => token.as_ref().map(|token| token.header.clone()),
        };
        let (status, mut outcome) = self.send(request, header).await;
        if let Ok(answer) = &mut outcome {
            answer.token = token.map(|token| token.number);
        }
        self.pace.note(sent.elapsed());
        let dated = outcome.as_ref().ok().and_then(|answer| answer.dated);
        record.end(status, dated, outcome.as_ref().err().and_then(Trouble::name));
        Ok(outcome)
    }

    /// Takes a place among those in flight and a slot of the limit, and only then the token: one that was taken before
    /// could end while the line is waited in.
    async fn turn(
        &self,
        authorization: &Authorization<'_>,
        limited: bool,
    ) -> Result<(SemaphorePermit<'_>, Option<Permit<'_>>, Option<Token>), ApiError> {
        let mut renewals = 0;
        loop {
            let seat = self.cancel.unless(self.seats.acquire()).await?;
            let Ok(seat) = seat else { return Err(ApiError::Cancelled) };
            let permit = match limited {
                true => Some(self.cancel.unless(self.turnstile.pass()).await?),
                false => None,
            };
            let Authorization::Token { source, refused } = authorization else { return Ok((seat, permit, None)) };
            let token = if renewals < RENEWALS_MAX { source.ready(*refused) } else { source.newest(*refused) };
            if token.is_some() {
                return Ok((seat, permit, token));
            }
            // Place and slot go to the call for the token.
            drop(seat);
            permit.into_iter().for_each(Permit::give_back);
            source.renewed(self, *refused).await?;
            renewals += 1;
        }
    }

    async fn send(
        &self,
        request: &Outgoing<'_>,
        authorization: Option<HeaderValue>,
    ) -> (Option<u16>, Result<Answer, Trouble>) {
        match self.prepared(request, authorization).send().await {
            Ok(response) => (Some(response.status().as_u16()), self.receive(request, response).await),
            Err(error) => (None, Err(broken_send(error))),
        }
    }

    fn prepared(&self, request: &Outgoing<'_>, authorization: Option<HeaderValue>) -> RequestBuilder {
        let mut builder = self.client.request(request.method.clone(), request.url.clone());
        builder = builder.header(ACCEPT, "application/json");
        if let Some(value) = authorization {
            builder = builder.header(AUTHORIZATION, value);
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
        let retry_after = header(RETRY_AFTER).and_then(|text| retry_after(text, header(DATE), (self.clock)()));
        let is_json = header(CONTENT_TYPE).is_none_or(names_json);
        self.deprecations.look_at_head(self.service, request.template, response.headers());
        let dated = header(DATE).and_then(|text| httpdate::parse_http_date(text.trim()).ok()).map(DateTime::from);
        let mut answer = Answer { status, retry_after, dated, body: Vec::new(), cut: false, token: None };
        if !answer.is_success() || matches!(request.content, Content::Change { .. }) {
            let limit = if answer.is_success() { self.body_bytes_max } else { ERROR_BODY_BYTES_MAX };
            answer.cut = read_body(response, limit, &mut answer.body).await.is_err();
            self.deprecations.look_at_body(self.service, request.template, &answer.body);
            return Ok(answer);
        }
        let foreign = |_| Trouble::Passing(AttemptFault::ContentType, Detail::default());
        let read = read_body(response, self.body_bytes_max, &mut answer.body).await;
        read.map_err(|trouble| if matches!(trouble, Trouble::Final(_)) && !is_json { foreign(()) } else { trouble })?;
        if let Some(rest) = answer.body.strip_prefix(BYTE_ORDER_MARK) {
            answer.body = rest.to_vec();
        }
        match is_valid_json(&answer.body) {
            // What it is counts, not how it is labelled; but a lone word under another label is no answer.
            true if is_json || answer.body.trim_ascii_start().starts_with(b"{") => {
                self.deprecations.look_at_body(self.service, request.template, &answer.body);
                Ok(answer)
            }
            _ if !is_json => Err(foreign(())),
            _ => Err(Trouble::Passing(AttemptFault::InvalidJson, Detail::default())),
        }
    }
}

impl Trouble {
    fn name(&self) -> Option<&'static str> {
        match self {
            Trouble::Passing(fault, _) => fault.name(),
            Trouble::Final(ApiError::Untrusted { .. }) => Some("certificate"),
            Trouble::Final(_) => Some("too large"),
        }
    }
}

/// As the call log holds it.
fn method_name(method: &Method) -> &'static str {
    match method {
        method if method == Method::GET => "GET",
        method if method == Method::PUT => "PUT",
        _ => "POST",
    }
}
