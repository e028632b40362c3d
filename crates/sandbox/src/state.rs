//! What requests change, and the part of a request's way that changes it: counting, admission, writes.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::answer::Answer;
use crate::benbase;
use crate::benbase::{Arrival, Benbase, Journal, Operation};
use crate::counts::Counts;
use crate::faults::{Effects, FaultKind, FaultPlan, Request};
use crate::incoming::Incoming;
use crate::oyster;
use crate::oyster::{Act, Oyster};
use crate::route::{Call, Service};
use crate::token::{Tokens, bearer};
use crate::window::{Window, Windows};
use crate::{CLIENT_SECRET, Settings};

/// What Oyster's tokens are good for.
const OYSTER_SCOPE: &str = "read manage";

/// What requests change. One lock for all of it: the order of arrival is the same to every part.
#[derive(Debug)]
pub struct Changing {
    pub tokens: Tokens,
    pub window: Window,
    pub oyster_tokens: Tokens,
    pub oyster_windows: Windows,
    pub oyster_customer: Option<String>,
    pub oyster: Oyster,
    pub counts: Counts,
    pub plan: FaultPlan,
    pub benbase: Benbase,
    pub journal: Journal,
    /// Benbase changes that arrived.
    pub posts: u64,
}

impl Changing {
    /// Reads the world's Benbase and Oyster, and opens the journal.
    pub fn open(settings: &Settings) -> anyhow::Result<Changing> {
        Ok(Changing {
            tokens: Tokens::new(settings.token_lifetime, None, settings.seed),
            window: Window::new(settings.limit),
            oyster_tokens: Tokens::new(settings.token_lifetime, Some(OYSTER_SCOPE), !settings.seed),
            oyster_windows: Windows::new(&settings.oyster_limits),
            oyster_customer: settings.oyster_customer.clone(),
            oyster: Oyster::open(&settings.world)?,
            counts: Counts::default(),
            plan: FaultPlan::new(settings.faults.clone(), settings.seed),
            benbase: Benbase::open(&settings.world)?,
            journal: Journal::open(settings.journal.as_deref())?,
            posts: 0,
        })
    }

    /// Counts the request and finds its faults.
    pub fn arrive(&mut self, incoming: &Incoming) -> Effects {
        let call = &incoming.call;
        // Time passes at the service without anybody calling it.
        if let Call::Advance(_) = call {
            return Effects::default();
        }
        let number = if call.is_token() {
            self.counts.tokens += 1;
            self.counts.tokens
        } else {
            self.counts.arrived(call.template());
            self.counts.calls
        };
        let oyster = call.service() == Service::Oyster;
        self.counts.oyster.calls += u64::from(oyster);
        self.counts.oyster.writes += u64::from(call.oyster_write().is_some());
        let changes = matches!(call, Call::Change(_));
        self.posts += u64::from(changes);
        let effects = self.plan.pick(&Request {
            call,
            number,
            post: if changes { self.posts } else { 0 },
            oyster: if oyster { self.counts.oyster.calls } else { 0 },
            write: if call.oyster_write().is_some() { self.counts.oyster.writes } else { 0 },
            employees: &incoming.employees,
            name: &incoming.name(),
            page: incoming.page,
        });
        if effects.expire {
            self.tokens.revoke();
            self.oyster_tokens.revoke();
        }
        effects
    }

    /// Refusals before any work: no credential, no room in the window.
    pub fn admit(&mut self, incoming: &Incoming, timestamp: &str, now: Instant) -> Result<(), Answer> {
        let authorization = incoming.authorization.as_deref();
        match incoming.call.service() {
            Service::OAuth => Ok(()),
            Service::Oyster => self.admit_to_oyster(incoming, timestamp, now),
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
                    return Err(self.note(benbase_write(*operation, &incoming.body), false, Some(401), refusal));
                }
                Err(refusal)
            }
        }
    }

    fn admit_to_oyster(&mut self, incoming: &Incoming, timestamp: &str, now: Instant) -> Result<(), Answer> {
        let Call::Oyster(act) = &incoming.call else { return Ok(()) };
        let authorization = incoming.authorization.as_deref();
        let known = authorization.and_then(bearer) == Some(CLIENT_SECRET);
        let (status, wait) = if !known && !self.oyster_tokens.admits(authorization, now) {
            (401, None)
        } else if self.oyster_customer.is_some() && self.oyster_customer != incoming.customer {
            (403, None)
        } else {
            match self.oyster_windows.arrive(now) {
                Ok(()) => return Ok(()),
                Err(wait) => (429, Some(whole_seconds(wait))),
            }
        };
        self.counts.limited += u64::from(wait.is_some());
        self.counts.oyster.limited += u64::from(wait.is_some());
        self.counts.unauthorized += u64::from(status == 401);
        self.counts.oyster.unauthorized += u64::from(wait.is_none());
        let refusal = Answer::failure(Service::Oyster, status, wait, timestamp);
        Err(match act.write() {
            Some(operation) => self.note(oyster_write(operation, act, incoming), false, Some(status), refusal),
            None => refusal,
        })
    }

    /// Carries an Oyster write out unless it failed before, and writes down what came of it.
    pub fn oyster_write(
        &mut self,
        act: &Act,
        incoming: &Incoming,
        failure: Option<Answer>,
        fault: Option<FaultKind>,
        now: &str,
    ) -> Answer {
        let (answer, applied) = match failure {
            Some(failure) => (failure, false),
            None => match self.oyster.write(act, &incoming.body, now) {
                Ok(outcome) => outcome,
                Err(error) => (oyster_answer(Err(error)), false),
            },
        };
        let write = oyster_write(act.write().unwrap_or_default(), act, incoming);
        self.note(write, applied, sent(&answer, fault), answer)
    }

    /// Carries a change out unless it failed before, and writes down what came of it.
    pub fn change(
        &mut self,
        operation: Operation,
        body: &str,
        failure: Option<Answer>,
        fault: Option<FaultKind>,
    ) -> Answer {
        let (answer, applied) = match failure {
            Some(failure) => (failure, false),
            None => self.benbase.change(operation, body),
        };
        self.note(benbase_write(operation, body), applied, sent(&answer, fault), answer)
    }

    /// A change that could not be journalled is answered as a failure of the service.
    fn note(&mut self, write: Arrival, applied: bool, sent: Option<u16>, answer: Answer) -> Answer {
        match self.journal.add(write, applied, sent) {
            Ok(()) => answer,
            Err(error) => {
                tracing::error!("{error:#}");
                benbase::error(500, "Journal cannot be written", &json!({}))
            }
        }
    }
}

fn benbase_write(operation: Operation, body: &str) -> Arrival<'_> {
    Arrival { operation: operation.name(), body, engagement: None, actor: None }
}

fn oyster_write<'a>(operation: &'a str, act: &'a Act, incoming: &'a Incoming) -> Arrival<'a> {
    Arrival { operation, body: &incoming.body, engagement: act.engagement(), actor: incoming.actor.as_deref() }
}

/// The status that goes out; `None`: none does.
fn sent(answer: &Answer, fault: Option<FaultKind>) -> Option<u16> {
    match fault {
        Some(FaultKind::Hang | FaultKind::Reset | FaultKind::Lost) => None,
        Some(FaultKind::Html) => Some(200),
        _ => Some(answer.status),
    }
}

/// A failure of ours as one of the service.
pub fn oyster_answer(answer: anyhow::Result<Answer>) -> Answer {
    answer.unwrap_or_else(|error| {
        tracing::error!("{error:#}");
        oyster::failure(500)
    })
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
