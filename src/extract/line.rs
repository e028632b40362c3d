//! The line of questions to one service: a bounded number of them asked at a time, answers committed as they come. One
//! task owns the database; only calls overlap. What to ask and what follows from an answer is each service's own
//! matter.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::{CallBuffer, ExtractError};
use crate::progress::Progress;
use tieout_services::{ApiError, Clock, RefusedBy as Refuser};
use tieout_store::{CallKey, Checkpoint, FinalAnswer, Store};

/// After so many failures without an answer between them nothing more is asked: the service is down, and each further
/// call would only wait for its time-out.
const FAILURES_IN_A_ROW_MAX: u32 = 50;

/// So many, and none ever answered, mean that it never was there.
const FAILURES_FROM_THE_START_MAX: u32 = 8;

/// The status of a call that was understood and not allowed.
const FORBIDDEN: u16 = 403;

/// So few records that may not be read are no sign of a missing right.
pub(super) const FORBIDDEN_MIN: usize = 2;

/// How often the progress is told that time goes by.
const TICK: Duration = Duration::from_secs(1);

/// A question's place in the line: number of its group, number within it. An earlier group is known in full before a
/// later one is asked for, so a night that ends early knows some people in full.
pub(super) type Position = (usize, usize);

/// What one service is asked, and what follows from its answers.
pub(super) trait Inquiry {
    /// As people name it.
    const SERVICE: &'static str;
    type Client;
    type Question;
    /// An answer that asking again would not change.
    type Final;

    /// Asks, with all the waiting and repeating that the client does.
    async fn ask(client: &Self::Client, question: &Self::Question) -> Result<Self::Final, ApiError>;
    /// How long so many further calls take.
    fn time_for(client: &Self::Client, calls: u64) -> Duration;
    fn key(question: &Self::Question) -> CallKey;
    fn to_checkpoint(answer: &Self::Final, key: CallKey, fetched_at: DateTime<Utc>) -> anyhow::Result<Checkpoint>;
    fn from_checkpoint(checkpoint: &Checkpoint) -> anyhow::Result<Self::Final>;
    /// Takes in a final answer; returns what to ask next, each with a place of its own.
    fn settle(
        &mut self,
        place: Position,
        question: &Self::Question,
        answer: Self::Final,
        at: DateTime<Utc>,
    ) -> Vec<(Position, Self::Question)>;
    /// Takes in that a question has no answer tonight; returns what to ask next.
    fn fail(&mut self, place: Position, question: &Self::Question, reason: &str) -> Vec<(Position, Self::Question)>;
    /// Takes in that the service refuses to show what a question asks for (403); [`Inquiry::fail`] follows.
    fn forbidden(&mut self, question: &Self::Question);
    /// Calls of the whole night, as far as known.
    fn planned(&self) -> u64;
    /// Why asking on makes no sense.
    fn hopeless(&self) -> Option<ExtractError>;
    fn credentials(error: ApiError) -> ExtractError;
}

/// What all questions of one service share.
pub(super) struct Desk<'a> {
    pub store: &'a RefCell<&'a mut Store>,
    pub extraction: i64,
    pub calls: &'a CallBuffer,
    pub clock: &'a Clock,
    pub progress: &'a Progress,
    /// Questions under way at a time.
    pub concurrency: usize,
}

/// How the questions to one service ended.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Answers taken over from an interrupted run.
    pub resumed: u64,
    /// Answers committed by this one.
    pub answers: u64,
    pub stop: Option<Stop>,
}

/// Why nothing more is asked.
#[derive(Debug)]
pub(super) enum Stop {
    Failed(ExtractError),
    Cancelled,
}

/// Asks `first` and all that follows. Errors are the database's.
pub(super) async fn ask_all<I: Inquiry>(
    inquiry: &mut I,
    client: &I::Client,
    desk: &Desk<'_>,
    first: impl IntoIterator<Item = (Position, I::Question)>,
) -> anyhow::Result<Asked> {
    let waiting = first.into_iter().collect();
    let mut run = Run { inquiry, desk, waiting, failures_in_a_row: 0, given_up: None, asked: Asked::default() };
    desk.progress.planned(run.inquiry.planned());
    let ended = run.ask_all(client).await;
    // Calls whose answers were not final are in the log too.
    let logged = desk.store.borrow_mut().log_calls(desk.extraction, &desk.calls.drain());
    desk.progress.finish();
    ended.and(logged).map(|()| run.asked)
}

/// A question with what came of it.
struct Reply<I: Inquiry> {
    place: Position,
    question: I::Question,
    result: Result<I::Final, ApiError>,
    at: DateTime<Utc>,
}

struct Run<'a, 'd, I: Inquiry> {
    inquiry: &'a mut I,
    desk: &'a Desk<'d>,
    waiting: BTreeMap<Position, I::Question>,
    failures_in_a_row: u32,
    /// Why nothing more is asked although the rest of the night goes on.
    given_up: Option<String>,
    asked: Asked,
}

impl<I: Inquiry> Run<'_, '_, I> {
    async fn ask_all(&mut self, client: &I::Client) -> anyhow::Result<()> {
        let desk = self.desk;
        let mut in_flight = FuturesUnordered::new();
        let mut ticks = tokio::time::interval(TICK);
        loop {
            while in_flight.len() < desk.concurrency.max(1) {
                let Some((place, question)) = self.next_question()? else { break };
                in_flight.push(async move {
                    let result = I::ask(client, &question).await;
                    Reply::<I> { place, question, result, at: (desk.clock)() }
                });
            }
            // Told to stop, it still waits for what was sent: those answers count.
            let first = tokio::select! {
                biased;
                reply = in_flight.next() => reply,
                _ = ticks.tick() => {
                    desk.progress.tick(I::time_for(client, desk.progress.left()));
                    continue;
                }
            };
            let Some(first) = first else { return Ok(()) };
            let mut together = vec![first];
            while let Some(Some(reply)) = in_flight.next().now_or_never() {
                together.push(reply);
            }
            self.take(together)?;
        }
    }

    /// The next question that no checkpoint answers.
    fn next_question(&mut self) -> anyhow::Result<Option<(Position, I::Question)>> {
        while self.asked.stop.is_none() {
            let Some((place, question)) = self.waiting.pop_first() else { return Ok(None) };
            let kept = self.desk.store.borrow().checkpointed(self.desk.extraction, &I::key(&question))?;
            if let Some(kept) = kept {
                self.asked.resumed += 1;
                self.count(place, &question, I::from_checkpoint(&kept)?, kept.fetched_at);
            } else if let Some(reason) = self.given_up.clone() {
                self.fail(place, &question, &reason);
            } else {
                return Ok(Some((place, question)));
            }
        }
        Ok(None)
    }

    /// Commits what is final of the replies that came together; only then they count.
    fn take(&mut self, replies: Vec<Reply<I>>) -> anyhow::Result<()> {
        let mut checkpoints = Vec::with_capacity(replies.len());
        for reply in &replies {
            if let Ok(answer) = &reply.result {
                checkpoints.push(I::to_checkpoint(answer, I::key(&reply.question), reply.at)?);
            }
        }
        let calls = self.desk.calls.drain();
        self.desk.store.borrow_mut().checkpoint(self.desk.extraction, &checkpoints, &calls)?;
        self.asked.answers += checkpoints.len() as u64;
        for Reply { place, question, result, at } in replies {
            match result {
                Ok(answer) => {
                    self.failures_in_a_row = 0;
                    self.count(place, &question, answer, at);
                }
                Err(error) => self.refused(place, &question, error),
            }
        }
        Ok(())
    }

    fn count(&mut self, place: Position, question: &I::Question, answer: I::Final, at: DateTime<Utc>) {
        self.desk.progress.answered();
        let next = self.inquiry.settle(place, question, answer, at);
        self.follow(next);
    }

    fn refused(&mut self, place: Position, question: &I::Question, error: ApiError) {
        match error {
            // The first reason stands: what is in flight fails for the same one.
            ApiError::Credentials { .. } => {
                self.asked.stop.get_or_insert_with(|| Stop::Failed(I::credentials(error)));
            }
            ApiError::Cancelled => drop(self.asked.stop.get_or_insert(Stop::Cancelled)),
            error => {
                if matches!(error, ApiError::Refused { status: FORBIDDEN, .. }) {
                    self.inquiry.forbidden(question);
                }
                self.count_failure(&error);
                self.fail(place, question, &error.to_string());
            }
        }
    }

    /// Gives the service up when it is away, or has failed for too long: each further call would only cost waiting.
    fn count_failure(&mut self, error: &ApiError) {
        let is_away = error.is_away();
        // A service that answers, however oddly, costs no waiting.
        let silent = is_away || matches!(error, ApiError::Exhausted { .. } | ApiError::Budget { .. });
        self.failures_in_a_row = if silent { self.failures_in_a_row + 1 } else { 0 };
        if self.given_up.is_some() {
            return;
        }
        let away = is_away || self.failures_in_a_row >= FAILURES_FROM_THE_START_MAX;
        let reason = if away && self.asked.answers == 0 {
            format!("not asked for: the service cannot be reached: {error}")
        } else if self.failures_in_a_row >= FAILURES_IN_A_ROW_MAX {
            format!("not asked for: the service failed {FAILURES_IN_A_ROW_MAX} times in a row, the last time: {error}")
        } else {
            return;
        };
        let service = I::SERVICE;
        tracing::error!(service, "{service} is asked nothing more tonight, and who is missing is unverified: {error}");
        self.given_up = Some(reason);
    }

    fn fail(&mut self, place: Position, question: &I::Question, reason: &str) {
        self.desk.progress.failed();
        let next = self.inquiry.fail(place, question, reason);
        self.follow(next);
    }

    fn follow(&mut self, next: Vec<(Position, I::Question)>) {
        self.waiting.extend(next);
        self.desk.progress.planned(self.inquiry.planned());
        if self.asked.stop.is_none() {
            self.asked.stop = self.inquiry.hopeless().map(Stop::Failed);
        }
    }
}

/// The answer at rest of a question about one record: 404 and 410 are final. 403 is the refusal of this record and not
/// of the credentials, and none that the next run should take over: somebody may have granted the right by then.
pub(super) fn absence<F>(result: Result<F, ApiError>, absent: impl FnOnce(FinalAnswer) -> F) -> Result<F, ApiError> {
    match result {
        Err(ApiError::NotFound { .. }) => Ok(absent(FinalAnswer::NotFound)),
        Err(ApiError::Gone { .. }) => Ok(absent(FinalAnswer::Gone)),
        Err(ApiError::Credentials { place: Refuser::Call, status: FORBIDDEN, detail }) => {
            Err(ApiError::Refused { status: FORBIDDEN, detail })
        }
        other => other,
    }
}
