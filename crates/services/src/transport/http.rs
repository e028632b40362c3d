//! The one transport: what every call to a service goes through. It puts together the HTTP client, the line in front
//! of the service, the token, the retries and the call log, and turns final answers into values or errors. What the
//! calls are and mean is in the folder of each service.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::Context;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::{Semaphore, watch};

use crate::address;
use crate::answer::deprecation::Deprecations;
use crate::answer::error::{ApiError, Detail, RefusedBy};
use crate::answer::verdict;
use crate::limit::pace::Pace;
use crate::limit::retry::{Budget, RetryPolicy, Tries};
use crate::limit::slots::Slots;
use crate::limit::turnstile::Turnstile;
use crate::settings::HttpLimits;
use crate::transport::call_log::{CallSink, Clock};
use crate::transport::cancel::Cancel;
use crate::transport::connect::{Connections, client};
use crate::transport::link::{Answer, Authorization, Content, Link, Outgoing};
use crate::transport::token::{Credentials, TokenSource};
use crate::transport::write::Written;

/// The one status that says: here is all of it.
const OK: u16 = 200;
/// The service wants another token.
const UNAUTHORIZED: u16 = 401;

/// What the rest of the program gives to every transport.
pub(crate) struct Wiring {
    pub sink: CallSink,
    pub clock: Clock,
    /// `true` ends the work after the call in flight.
    pub cancel: watch::Receiver<bool>,
}

/// What a service is asked with.
pub(crate) enum Credential<'a> {
    /// A fixed key, sent as bearer.
    Key(&'a SecretString),
    ClientCredentials {
        token_url: &'a str,
        credentials: Credentials,
        scope: Option<String>,
    },
}

enum Auth {
    Key(HeaderValue),
    Tokens(Box<TokenSource>),
}

/// The transport of one service and credential.
pub(crate) struct Transport {
    link: Link,
    base: Url,
    auth: Auth,
}

impl Transport {
    /// Checks the URLs and builds the client; sends nothing.
    pub fn new(
        service: &'static str,
        base_url: &str,
        credential: Credential<'_>,
        limits: &HttpLimits,
        wiring: Wiring,
    ) -> anyhow::Result<Self> {
        Transport::with_connections(Connections::Kept, service, base_url, credential, limits, wiring)
    }

    /// The same for a service that is written to, with [`Connections::Single`].
    pub fn for_changes(
        service: &'static str,
        base_url: &str,
        credential: Credential<'_>,
        limits: &HttpLimits,
        wiring: Wiring,
    ) -> anyhow::Result<Self> {
        Transport::with_connections(Connections::Single, service, base_url, credential, limits, wiring)
    }

    fn with_connections(
        connections: Connections,
        service: &'static str,
        base_url: &str,
        credential: Credential<'_>,
        limits: &HttpLimits,
        wiring: Wiring,
    ) -> anyhow::Result<Self> {
        let base = address::checked(&format!("{service}.base_url"), base_url)?;
        let mut urls = vec![base.clone()];
        let auth = match credential {
            Credential::Key(key) => Auth::Key(key_header(service, key)?),
            Credential::ClientCredentials { token_url, credentials, scope } => {
                let url = address::checked(&format!("{service}.token_url"), token_url)?;
                urls.push(url.clone());
                let limited = address::same_server(&url, &base);
                Auth::Tokens(Box::new(TokenSource::new(url, credentials, scope, limited)))
            }
        };
        let policy = RetryPolicy::new(limits);
        // Jitter has no bearing on any result; a seed from the clock keeps two jobs of one minute apart.
        let seed = (wiring.clock)().timestamp_micros().unsigned_abs();
        let link = Link {
            service,
            client: client(limits, &urls, connections)
                .with_context(|| format!("preparing the connection to {service}"))?,
            turnstile: Turnstile::new(&limits.windows),
            seats: Semaphore::new(limits.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            at_once: limits.concurrency,
            pace: Pace::default(),
            budget: Budget::new(policy.budget),
            policy,
            body_bytes_max: limits.body_bytes_max,
            sink: wiring.sink,
            clock: wiring.clock,
            cancel: Cancel::new(wiring.cancel),
            headers: HeaderMap::new(),
            deprecations: Deprecations::default(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            is_beyond_told: AtomicBool::new(false),
        };
        Ok(Transport { link, base, auth })
    }

    /// Takes its slots from those that the whole machine has for this credential. Call it before the first call.
    pub fn share_slots(&mut self, slots: Arc<dyn Slots>) {
        self.link.turnstile = Turnstile::with(slots);
    }

    /// Replaces the patience that the job's limits give, retries left included.
    pub fn set_policy(&mut self, policy: RetryPolicy) {
        self.link.budget = Budget::new(policy.budget);
        self.link.policy = policy;
    }

    /// Sends a header with every call to the service; not with those for a token.
    pub fn set_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.link.headers.insert(name, value);
    }

    /// Waits before a caller repeats a call that ended in its `faults`-th fault; `false`: the limits allow no more.
    pub async fn rest_between(&self, faults: u32) -> bool {
        self.link.rest_between(faults).await
    }

    /// The time that so many further calls take under the limit and at the pace of the latest ones, without faults.
    pub fn time_for(&self, calls: u64) -> Duration {
        let limited = self.link.turnstile.time_for(Instant::now(), calls);
        self.link.pace.time_for(calls, self.link.at_once, limited)
    }

    /// Bytes of the longest URL that `path` (with its query) makes with the base URL.
    pub fn url_len(&self, path: &str) -> usize {
        self.base.as_str().trim_end_matches('/').len() + path.len()
    }

    /// Reads one resource. `path` is encoded, with its query; `template` is the same for the call log, without ids.
    /// Where the answer tells of errors, what is beside them may be a part of it only, and a part proves no absence.
    pub async fn get<T: DeserializeOwned>(&self, template: &str, path: &str) -> Result<T, ApiError> {
        let answer = self.fetch(template, path).await?;
        // Another success is of a part, of a copy or of nothing yet.
        if answer.is_success() && answer.status != OK {
            return Err(ApiError::Broken { what: "its status is no 200", detail: answer.detail() });
        }
        if answer.is_success() && verdict::tells_errors(&answer.body) {
            return Err(ApiError::Broken { what: "it tells of errors", detail: answer.detail() });
        }
        serde_json::from_slice(&success(answer)?).map_err(|error| misfit::<T>(&error))
    }

    /// The answer as it came, for a person to look at.
    pub async fn raw(&self, template: &str, path: &str) -> Result<Box<RawValue>, ApiError> {
        let answer = self.fetch(template, path).await?;
        serde_json::from_slice(&success(answer)?).map_err(|error| misfit::<Box<RawValue>>(&error))
    }

    /// A token that is refused is renewed once, and the call repeated once.
    async fn fetch(&self, template: &str, path: &str) -> Result<Answer, ApiError> {
        let mut request = self.request(Method::GET, template, path, Content::None)?;
        let mut tries = Tries::default();
        let answer = self.link.deliver(&request, &mut tries).await?;
        match self.renewal(&answer) {
            None => Ok(answer),
            Some(authorization) => {
                request.authorization = authorization;
                self.link.deliver(&request, &mut tries).await
            }
        }
    }

    /// Sends one change, with a body, as [`Transport::get`] does: a PUT once, a POST again when it was not applied.
    /// A token that is refused proves that nothing was applied.
    pub async fn change(&self, method: Method, template: &str, path: &str, content: Content<'_>) -> Written {
        let mut request = match self.request(method, template, path, content) {
            Ok(request) => request,
            Err(error) => return Written::NotSent { error, retry_after: None },
        };
        let written = self.link.deliver_change(&request).await;
        let Written::Answered(answer) = &written else { return written };
        match self.renewal(answer) {
            None => written,
            Some(authorization) => {
                request.authorization = authorization;
                self.link.deliver_change(&request).await
            }
        }
    }

    fn request<'a>(
        &'a self,
        method: Method,
        template: &'a str,
        path: &str,
        content: Content<'a>,
    ) -> Result<Outgoing<'a>, ApiError> {
        let unsendable = |_| ApiError::Unsendable { why: "base URL and path make no URL" };
        let url = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let authorization = match &self.auth {
            Auth::Key(header) => Authorization::Key(header.clone()),
            Auth::Tokens(source) => Authorization::Token { source, refused: None },
        };
        let url = Url::parse(&url).map_err(unsendable)?;
        Ok(Outgoing { method, url, template, authorization, content, limited: true })
    }

    /// With what to repeat a call whose token was refused.
    fn renewal(&self, answer: &Answer) -> Option<Authorization<'_>> {
        match (&self.auth, answer.token) {
            (Auth::Tokens(source), Some(refused)) if answer.status == UNAUTHORIZED => {
                tracing::debug!(service = self.link.service, "the token was refused and is renewed");
                Some(Authorization::Token { source, refused: Some(refused) })
            }
            _ => None,
        }
    }
}

/// The body of a success, or the error that the status stands for.
fn success(answer: Answer) -> Result<Vec<u8>, ApiError> {
    if answer.is_success() {
        return Ok(answer.body);
    }
    let (status, detail) = (answer.status, answer.detail());
    Err(match status {
        300..=399 => ApiError::Redirect { status },
        401 | 403 => ApiError::Credentials { place: RefusedBy::Call, status, detail },
        404 => ApiError::NotFound { detail },
        410 => ApiError::Gone { detail },
        _ => ApiError::Refused { status, detail },
    })
}

/// Places a type error without its text, which quotes the value that did not fit.
fn misfit<T>(error: &serde_json::Error) -> ApiError {
    let (name, line, column) = (std::any::type_name::<T>(), error.line(), error.column());
    let place = format!("read as {name}, it does not fit at line {line}, column {column}");
    ApiError::Broken { what: "its shape is not the one of the contract", detail: Detail(Some(place)) }
}

fn key_header(service: &str, key: &SecretString) -> anyhow::Result<HeaderValue> {
    let text = format!("Bearer {}", key.expose_secret().trim());
    let mut header = HeaderValue::from_str(&text)
        .ok()
        .with_context(|| format!("the API key of {service} holds characters that fit into no HTTP header"))?;
    header.set_sensitive(true);
    Ok(header)
}
