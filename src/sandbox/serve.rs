//! One request from arrival to answer: count it, see which faults it meets, check its credential and its place in the
//! window, answer, wait, send.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::watch;

use super::Settings;
use super::answer::Answer;
use super::benbase::{self, Benbase, Entry, Journal, Operation};
use super::benifex::{Reads, Slip};
use super::counts::Counts;
use super::faults::{Effects, Kind, Plan, Seen};
use super::incoming::Incoming;
use super::line::Line;
use super::recorded::Recorded;
use super::route::{Call, Service};
use super::send::{is_set, send};
use super::token::{Tokens, bearer};
use super::window::Window;

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

/// What requests change. One lock for all of it: the order of arrival is the same to every part.
#[derive(Debug)]
struct Changing {
    tokens: Tokens,
    window: Window,
    counts: Counts,
    plan: Plan,
    benbase: Benbase,
    journal: Journal,
    /// Benbase changes that arrived.
    posts: u64,
}

impl Shared {
    /// Reads the world and opens the journal.
    pub fn open(settings: Settings, stopped: watch::Receiver<bool>) -> anyhow::Result<Shared> {
        let state = Changing {
            tokens: Tokens::new(settings.token_lifetime, settings.seed),
            window: Window::new(settings.limit),
            counts: Counts::default(),
            plan: Plan::new(settings.faults, settings.seed),
            benbase: Benbase::open(&settings.world)?,
            journal: Journal::open(settings.journal.as_deref())?,
            posts: 0,
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

    pub fn journal(&self) -> Vec<Entry> {
        self.state().journal.entries()
    }

    pub fn benbase_employee(&self, id: &str) -> Option<String> {
        self.state().benbase.employee(id).map(str::to_owned)
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
            Some(Kind::Status { code, retry_after }) => {
                Some(Answer::failure(incoming.call.service(), code, retry_after, &timestamp))
            }
            // Never sent; it stands for an answer that there was none.
            Some(Kind::Hang | Kind::Reset) => Some(Answer::json(500, String::new())),
            _ => None,
        };
        let answer = match (&incoming.call, failure) {
            (Call::Change(operation), failure) => state.change(*operation, &incoming.body, failure, effects.kind),
            (_, Some(failure)) => failure,
            (Call::Token, None) => state.tokens.grant(&incoming.body, now),
            (Call::Employer(id), None) => state.benbase.status(id),
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
            Call::Token | Call::Change(_) | Call::Employer(_) | Call::Unknown(_) => Ok(unknown(call, timestamp)),
        };
        answer.unwrap_or_else(|error| {
            tracing::error!("{error:#}");
            Answer::failure(Service::Benifex, 500, None, timestamp)
        })
    }
}

impl Changing {
    /// Counts the request and finds its faults.
    fn arrive(&mut self, incoming: &Incoming) -> Effects {
        let call = &incoming.call;
        let number = if *call == Call::Token {
            self.counts.tokens += 1;
            self.counts.tokens
        } else {
            self.counts.arrived(call.template());
            self.counts.calls
        };
        let changes = matches!(call, Call::Change(_));
        self.posts += u64::from(changes);
        let effects = self.plan.pick(&Seen {
            call,
            number,
            post: if changes { self.posts } else { 0 },
            employees: &incoming.employees,
            name: &incoming.name(),
            page: incoming.page,
        });
        if effects.expire {
            self.tokens.revoke();
        }
        effects
    }

    /// Refusals before any work: no credential, no room in the window.
    fn admit(&mut self, incoming: &Incoming, timestamp: &str, now: Instant) -> Result<(), Answer> {
        let authorization = incoming.authorization.as_deref();
        match incoming.call.service() {
            Service::OAuth => Ok(()),
            Service::Benifex if !self.tokens.admits(authorization, now) => {
                self.counts.unauthorized += 1;
                Err(Answer::failure(Service::Benifex, 401, None, timestamp))
            }
            Service::Benifex => self.window.arrive(now).map_err(|wait| {
                self.counts.limited += 1;
                Answer::failure(Service::Benifex, 429, Some(whole_seconds(wait)), timestamp)
            }),
            Service::Benbase if authorization.and_then(bearer) == Some(benbase::API_KEY) => Ok(()),
            Service::Benbase => {
                self.counts.unauthorized += 1;
                let refusal = benbase::error(401, "Unauthorized", &json!({}));
                if let Call::Change(operation) = &incoming.call {
                    return Err(self.note(*operation, &incoming.body, false, Some(401), refusal));
                }
                Err(refusal)
            }
        }
    }

    /// Carries a change out unless it failed before, and writes down what came of it.
    fn change(&mut self, operation: Operation, body: &str, failure: Option<Answer>, fault: Option<Kind>) -> Answer {
        let (answer, applied) = match failure {
            Some(failure) => (failure, false),
            None => self.benbase.change(operation, body),
        };
        let sent = match fault {
            Some(Kind::Hang | Kind::Reset | Kind::Lost) => None,
            Some(Kind::Html) => Some(200),
            _ => Some(answer.status),
        };
        self.note(operation, body, applied, sent, answer)
    }

    /// A change that could not be journalled is answered as a failure of the service.
    fn note(&mut self, operation: Operation, body: &str, applied: bool, sent: Option<u16>, answer: Answer) -> Answer {
        match self.journal.add(operation.name(), body, applied, sent) {
            Ok(()) => answer,
            Err(error) => {
                tracing::error!("{error:#}");
                benbase::error(500, "Journal cannot be written", &json!({}))
            }
        }
    }
}

/// Takes every request of every path.
pub async fn arrive(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(line): ConnectInfo<Line>,
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
    if effects.kind.is_none() && incoming.call != Call::Token {
        shared.state().counts.answer(incoming.name(), answer.status);
    }
    send(answer, effects.kind, &line, shared.stopped.clone()).await
}

fn unknown(call: &Call, timestamp: &str) -> Answer {
    match call.service() {
        Service::Benbase => benbase::error(404, "Not found", &json!({})),
        Service::OAuth | Service::Benifex => Answer::benifex_error(404, "NOT_FOUND", "Resource not found", timestamp),
    }
}

/// A client that comes back earlier would be refused again.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_rounded_up_to_seconds() {
        for (ms, seconds) in [(1, 1), (1_000, 1), (1_001, 2), (60_000, 60)] {
            assert_eq!(whole_seconds(Duration::from_millis(ms)), seconds);
        }
    }
}
