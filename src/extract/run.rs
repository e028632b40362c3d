//! The extraction itself: a line of questions, a bounded number of them asked at a time, answers committed as they come.
//! The details of a batch are asked for before the next batch, so a night that ends early knows some people in full. One
//! task owns the database; only calls overlap.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::answers::{Final, Question, Reply, ask};
use super::employees::{Employees, Extracted};
use super::{CallBuffer, calls_planned, plan};
use crate::api::benifex::Benifex;
use crate::api::{ApiError, Clock};
use crate::job;
use crate::progress::Progress;
use crate::store::{Begun, Store};

/// After so many failures without an answer between them nothing more is asked: the service is down, and each further
/// call would only wait for its time-out.
const FAILURES_IN_A_ROW_MAX: u32 = 50;

/// How often the progress is told that time goes by.
const TICK: Duration = Duration::from_secs(1);

/// Version of what checkpoints hold; it rises when a record gets a field.
const CHECKPOINT_VERSION: &str = "1";

/// Why an extraction has no result. What was answered is kept, and the next run takes it up.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    /// A command exits 4.
    #[error("Benifex refused the credentials; check client_id and client_secret of the job and what they may read")]
    Credentials(#[source] ApiError),
    #[error(
        "no user of the first batch has benefits at this path (404 or 410 for each): set benefits_prefix in [benifex] to \
         \"/v2\", or to \"\" where it is \"/v2\" already"
    )]
    WrongPrefix,
    #[error("the extraction was stopped; {answers} answers are kept for the next run")]
    Interrupted { answers: u64 },
    #[error("the answers could not be kept")]
    Store(#[source] anyhow::Error),
}

/// How to extract.
#[derive(Clone)]
pub struct Options {
    /// Answers of an interrupted run are not taken up.
    pub fresh: bool,
    /// Questions under way at a time.
    pub concurrency: usize,
    /// Upper and lower case of an employee id are the same.
    pub fold_id_case: bool,
    /// Employee ids to ask for first: open findings, then payroll.
    pub riskiest: BTreeSet<String>,
    /// Identity of the connection: answers of another one are not taken up. See [`Options::connection`].
    pub connection: String,
    /// Records of the client's calls, to be committed with the answers.
    pub calls: CallBuffer,
    pub clock: Clock,
}

impl Options {
    /// What makes answers of one connection useless for another.
    pub fn connection(settings: &job::Benifex) -> String {
        let style = format!("{:?}", settings.employee_ids_style);
        let layouts = settings.date_layouts.iter().flat_map(|(written, layout)| [written.as_str(), &layout.strftime]);
        let fixed = [CHECKPOINT_VERSION, &settings.base_url, &settings.benefits_prefix, &style];
        plan::hash(fixed.into_iter().chain(layouts))
    }
}

/// Fetches everybody of `population` (sorted, each once). One failed employee does not keep the others.
pub async fn extract(
    client: &Benifex,
    store: &mut Store,
    population: &[String],
    options: &Options,
    progress: &Progress,
) -> Result<Extracted, ExtractError> {
    let begun =
        store.begin_extraction(&options.connection, (options.clock)(), options.fresh).map_err(ExtractError::Store)?;
    let batches = client.batches(&plan::riskiest_first(population, &options.riskiest));
    progress.planned(calls_planned(batches.len(), population.len(), 1) as u64);
    let mut run = Run {
        store,
        options,
        progress,
        begun,
        employees: Employees::new(population, options.fold_id_case),
        waiting: (0..).zip(batches).map(|(batch, ids)| ((batch, 0), Question::Users(ids))).collect(),
        answers: begun.answers,
        failures_in_a_row: 0,
        stop: None,
    };
    let asked = run.ask_all(client).await.and_then(|()| run.keep_calls());
    progress.finish();
    asked.map_err(ExtractError::Store)?;
    match run.stop {
        Some(reason) => Err(reason.into_error(run.answers)),
        None => {
            Ok(Extracted { extraction: begun.extraction, employees: run.employees.finish(), resumed: begun.answers })
        }
    }
}

/// Why nothing more is asked.
enum Stop {
    Credentials(ApiError),
    WrongPrefix,
    Cancelled,
}

impl Stop {
    fn into_error(self, answers: u64) -> ExtractError {
        match self {
            Stop::Credentials(error) => ExtractError::Credentials(error),
            Stop::WrongPrefix => ExtractError::WrongPrefix,
            Stop::Cancelled => ExtractError::Interrupted { answers },
        }
    }
}

/// A question's place in the line: number of its batch, number within it.
type Place = (usize, usize);

struct Run<'a> {
    store: &'a mut Store,
    options: &'a Options,
    progress: &'a Progress,
    begun: Begun,
    employees: Employees,
    /// By batch, and within it the list before the parts: the people of an earlier batch are known in full before a later
    /// list is asked for.
    waiting: BTreeMap<Place, Question>,
    /// Answers in the store.
    answers: u64,
    failures_in_a_row: u32,
    stop: Option<Stop>,
}

impl Run<'_> {
    async fn ask_all(&mut self, client: &Benifex) -> anyhow::Result<()> {
        let mut in_flight = FuturesUnordered::new();
        let mut ticks = tokio::time::interval(TICK);
        loop {
            while in_flight.len() < self.options.concurrency.max(1) {
                let Some((place, question)) = self.next_question()? else { break };
                in_flight.push(ask(client, question, &self.options.clock).map(move |reply| (place, reply)));
            }
            // Told to stop, it still waits for what was sent: those answers count.
            let first = tokio::select! {
                biased;
                reply = in_flight.next() => reply,
                _ = ticks.tick() => { self.progress.tick(); continue }
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
    fn next_question(&mut self) -> anyhow::Result<Option<(Place, Question)>> {
        while self.stop.is_none() {
            let Some((place, question)) = self.waiting.pop_first() else { return Ok(None) };
            if let Some(kept) = self.store.checkpointed(self.begun.extraction, &question.key())? {
                self.count(place, &question, Final::from_checkpoint(&kept)?, kept.fetched_at);
            } else if self.failures_in_a_row >= FAILURES_IN_A_ROW_MAX {
                self.fail(&question, "not asked for: the service failed too often in a row");
            } else {
                return Ok(Some((place, question)));
            }
        }
        Ok(None)
    }

    /// Commits what is final of the replies that came together; only then they count.
    fn take(&mut self, replies: Vec<(Place, Reply)>) -> anyhow::Result<()> {
        let mut checkpoints = Vec::with_capacity(replies.len());
        for (_, reply) in &replies {
            if let Ok(answer) = &reply.result {
                checkpoints.push(answer.to_checkpoint(reply.question.key(), reply.at)?);
            }
        }
        self.store.checkpoint(self.begun.extraction, &checkpoints, &self.options.calls.drain())?;
        self.answers += checkpoints.len() as u64;
        for (place, Reply { question, result, at }) in replies {
            match result {
                Ok(answer) => {
                    self.failures_in_a_row = 0;
                    self.count(place, &question, answer, at);
                }
                Err(error) => self.refused(&question, error),
            }
        }
        Ok(())
    }

    fn count(&mut self, (batch, _): Place, question: &Question, answer: Final, at: DateTime<Utc>) {
        self.progress.answered();
        let next = self.employees.settle(question, answer, at);
        if let Question::Users(ids) = question {
            self.progress.spared((2 * ids.len()).saturating_sub(next.len()) as u64);
        }
        self.waiting.extend((1..).zip(next).map(|(number, question)| ((batch, number), question)));
        if self.stop.is_none() && self.employees.wrong_prefix() {
            self.stop = Some(Stop::WrongPrefix);
        }
    }

    fn refused(&mut self, question: &Question, error: ApiError) {
        match error {
            // The first reason stands: what is in flight fails for the same one.
            ApiError::Credentials { .. } => drop(self.stop.get_or_insert(Stop::Credentials(error))),
            ApiError::Cancelled => drop(self.stop.get_or_insert(Stop::Cancelled)),
            error => {
                // A service that answers, however oddly, costs no waiting.
                let silent = matches!(error, ApiError::Exhausted { .. } | ApiError::Budget { .. });
                self.failures_in_a_row = if silent { self.failures_in_a_row + 1 } else { 0 };
                self.fail(question, &error.to_string());
            }
        }
    }

    fn fail(&mut self, question: &Question, reason: &str) {
        self.progress.failed();
        if let Question::Users(ids) = question {
            self.progress.spared(2 * ids.len() as u64);
        }
        self.employees.fail(question, reason);
    }

    /// Calls whose answers were not final are in the log too.
    fn keep_calls(&mut self) -> anyhow::Result<()> {
        self.store.log_calls(self.begun.extraction, &self.options.calls.drain())
    }
}
