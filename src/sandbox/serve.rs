//! One request from arrival to answer: count it, check its credential, its place in the window, answer, wait.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use tokio::sync::watch;

use super::Settings;
use super::answer::Answer;
use super::benifex::{Reads, Slip};
use super::counts::Counts;
use super::line::Line;
use super::recorded::Recorded;
use super::route::{Call, Service};
use super::token::Tokens;
use super::window::Window;

/// Greatest request body, in bytes.
const BODY_BYTES_MAX: usize = 1 << 20;

/// What all requests share.
#[derive(Debug)]
pub struct Shared {
    recorded: Recorded,
    latency: Duration,
    benefits_prefix: String,
    epoch: DateTime<Utc>,
    started: Instant,
    stopped: watch::Receiver<bool>,
    state: Mutex<Changing>,
}

/// What requests change.
#[derive(Debug)]
struct Changing {
    tokens: Tokens,
    window: Window,
    counts: Counts,
}

impl Shared {
    /// Reads the world.
    pub fn open(settings: Settings, stopped: watch::Receiver<bool>) -> anyhow::Result<Shared> {
        let state = Changing {
            tokens: Tokens::new(settings.token_lifetime, settings.seed),
            window: Window::new(settings.limit),
            counts: Counts::default(),
        };
        Ok(Shared {
            recorded: Recorded::open(&settings.world)?,
            latency: settings.latency,
            benefits_prefix: settings.benefits_prefix,
            epoch: settings.epoch,
            started: Instant::now(),
            stopped,
            state: Mutex::new(state),
        })
    }

    pub fn counts(&self) -> Counts {
        let state = self.state();
        let mut counts = state.counts.clone();
        counts.most_accepted = state.window.most_accepted();
        counts.most_arrived = state.window.most_arrived();
        counts
    }

    /// A panic while the lock was held leaves counts that are off by one at worst.
    fn state(&self) -> MutexGuard<'_, Changing> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn timestamp(&self) -> String {
        let elapsed = TimeDelta::from_std(self.started.elapsed()).unwrap_or(TimeDelta::MAX);
        (self.epoch + elapsed).to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    fn read(&self, call: &Call, timestamp: &str) -> Answer {
        let reads = Reads { recorded: &self.recorded, timestamp };
        let answer = match call {
            Call::Users(query) => reads.users(query, Slip::default()),
            Call::User(id) => reads.user(id),
            Call::Summary(id) => reads.summary(id),
            Call::Details(id) => reads.details(id),
            Call::Benefit { user, benefit } => reads.benefit(user, benefit),
            Call::Token | Call::Unknown => Ok(Answer::benifex_error(404, "NOT_FOUND", "Resource not found", timestamp)),
        };
        answer.unwrap_or_else(|_| Answer::benifex_error(500, "INTERNAL_SERVER_ERROR", "Unexpected error", timestamp))
    }

    /// Refusals before any answer: no token, no room.
    fn admit(&self, authorization: Option<&str>, timestamp: &str, now: Instant) -> Result<(), Answer> {
        let mut state = self.state();
        if !state.tokens.admits(authorization, now) {
            state.counts.unauthorized += 1;
            let title = "Access token is missing or invalid";
            return Err(Answer::benifex_error(401, "UNAUTHORIZED", title, timestamp));
        }
        state.window.arrive(now).map_err(|wait| {
            state.counts.limited += 1;
            let refusal = Answer::benifex_error(429, "TOO_MANY_REQUESTS", "Rate limit exceeded", timestamp);
            Answer { retry_after: Some(whole_seconds(wait)), ..refusal }
        })
    }
}

/// Takes every request of every path.
pub async fn arrive(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(_line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let now = Instant::now();
    let (parts, body) = request.into_parts();
    let call = Call::of(&parts.method, parts.uri.path(), parts.uri.query().unwrap_or(""), &shared.benefits_prefix);
    let authorization = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let answer = match call.service() {
        Service::OAuth => {
            let body = to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default();
            let mut state = shared.state();
            state.counts.tokens += 1;
            state.tokens.grant(&String::from_utf8_lossy(&body), now)
        }
        Service::Benifex => {
            shared.state().counts.arrived(call.template());
            let timestamp = shared.timestamp();
            match shared.admit(authorization, &timestamp, now) {
                Ok(()) => shared.read(&call, &timestamp),
                Err(refusal) => refusal,
            }
        }
    };
    if !shared.latency.is_zero() {
        tokio::time::sleep(shared.latency).await;
    }
    if call != Call::Token {
        shared.state().counts.answer(call.template(), &call.key(), answer.status);
    }
    answer.into_response()
}

/// Waits until the sandbox is told to stop.
pub async fn is_set(mut stopped: watch::Receiver<bool>) {
    // An error means that the sandbox itself is gone.
    drop(stopped.wait_for(|stop| *stop).await);
}

/// A client that comes back earlier would be refused again.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
