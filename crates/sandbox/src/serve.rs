//! One request from arrival to answer: count it, see which faults it meets, check its credential and its place in the
//! window, answer, wait, send.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::watch;

use crate::Settings;
use crate::answer::Answer;
use crate::benbase;
use crate::benbase::Entry;
use crate::benifex::{Reads, Slip};
use crate::connection::Connection;
use crate::counts::Counts;
use crate::faults::{Effects, FaultKind};
use crate::incoming::Incoming;
use crate::oyster;
use crate::recorded::Recorded;
use crate::route::{Call, Service};
use crate::send::{is_set, send};
use crate::state::{Changing, oyster_answer};

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

impl Shared {
    /// Reads the world and opens the journal.
    pub fn open(settings: Settings, stopped: watch::Receiver<bool>) -> anyhow::Result<Shared> {
        let state = Changing::open(&settings)?;
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
        counts.oyster.windows = state.oyster_windows.busiest();
        counts
    }

    pub fn journal(&self) -> Vec<Entry> {
        self.state().journal.entries()
    }

    pub fn benbase_employee(&self, id: &str) -> Option<String> {
        self.state().benbase.employee(id).map(str::to_owned)
    }

    pub fn oyster_provisioning(&self, engagement: &str) -> Option<String> {
        self.state().oyster.provisioning(engagement).map(str::to_owned)
    }

    pub fn oyster_enrollments(&self, engagement: &str) -> Option<String> {
        self.state().oyster.enrollments(engagement).map(str::to_owned)
    }

    /// A panic while the lock was held leaves counts that are off by one at worst.
    fn state(&self) -> MutexGuard<'_, Changing> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn timestamp(&self) -> String {
        let elapsed = TimeDelta::from_std(self.started.elapsed()).unwrap_or(TimeDelta::zero());
        (self.epoch + elapsed).to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// The answer, and what faults still do to it on its way.
    fn handle(&self, incoming: &Incoming) -> (Answer, Effects) {
        let timestamp = self.timestamp();
        let mut state = self.state();
        // Read under the lock, so that the window sees arrivals in the order of their times.
        let now = Instant::now();
        let effects = state.arrive(incoming);
        if let Err(refusal) = state.admit(incoming, &timestamp, now) {
            return (refusal, Effects::default());
        }
        state.counts.faulted += u64::from(effects != Effects::default());
        let failure = match effects.kind {
            Some(FaultKind::Status { code, retry_after }) => {
                Some(Answer::failure(incoming.call.service(), code, retry_after, &timestamp))
            }
            // Never sent; it stands for an answer that there was none.
            Some(FaultKind::Hang | FaultKind::Reset) => Some(Answer::json(500, String::new())),
            _ => None,
        };
        let answer = match (&incoming.call, failure) {
            (Call::Change(operation), failure) => state.change(*operation, &incoming.body, failure, effects.kind),
            (Call::Oyster(act), failure) if act.write().is_some() => {
                state.oyster_write(act, incoming, failure, effects.kind, &timestamp)
            }
            (_, Some(failure)) => failure,
            (Call::Token, None) => state.tokens.grant(&incoming.body, now),
            (Call::OysterToken, None) => state.oyster_tokens.grant(&incoming.body, now),
            (Call::Employer(id), None) => state.benbase.status(id),
            (Call::Oyster(act), None) => oyster_answer(state.oyster.read(act, effects.slip)),
            (Call::Advance(query), None) => oyster_answer(state.oyster.advance(query, &timestamp)),
            (call, None) => {
                drop(state);
                self.read(call, effects.slip, &timestamp)
            }
        };
        (answer, effects)
    }

    fn read(&self, call: &Call, slip: Slip, timestamp: &str) -> Answer {
        let reads = Reads { recorded: &self.recorded, timestamp };
        let answer = match call {
            Call::Users(query) => reads.users(query, slip),
            Call::User(id) => reads.user(id),
            Call::Summary(id) => reads.summary(id),
            Call::Details(id) => reads.details(id),
            Call::Benefit { user, benefit } => reads.benefit(user, benefit),
            _ => Ok(unknown(call, timestamp)),
        };
        answer.unwrap_or_else(|error| {
            tracing::error!("{error:#}");
            Answer::failure(Service::Benifex, 500, None, timestamp)
        })
    }
}

/// Takes every request of every path.
pub async fn arrive(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Connection>,
    request: Request,
) -> Response {
    let incoming = Incoming::read(request, &shared.benefits_prefix).await;
    let (answer, effects) = shared.handle(&incoming);
    let delay = shared.latency + effects.delay;
    if !delay.is_zero() {
        tokio::select! {
            () = tokio::time::sleep(delay) => {}
            () = is_set(shared.stopped.clone()) => {}
        }
    }
    if effects.kind.is_none() && !incoming.call.is_token() {
        shared.state().counts.answer(incoming.name(), answer.status);
    }
    send(answer, effects.kind, &line, shared.stopped.clone()).await
}

fn unknown(call: &Call, timestamp: &str) -> Answer {
    match call.service() {
        Service::Benbase => benbase::error(404, "Not found", &json!({})),
        Service::Oyster => oyster::failure(404),
        Service::OAuth | Service::Benifex => Answer::benifex_error(404, "NOT_FOUND", "Resource not found", timestamp),
    }
}
