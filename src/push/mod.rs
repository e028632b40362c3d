//! Pushing: what is approved goes to Benbase or Oyster, once. Oyster, which can be read, has a folder of its own. Each
//! item is claimed (its intent committed), sent, and settled (its outcome committed). An outcome that nobody knows is
//! in doubt and stays so until a person resolves it or the job's `retry_uncertain` lets it go again. Not in here:
//! approving, and the rules of the contract.

mod batch;
mod lanes;
mod order;
mod outcome;
pub mod oyster;
mod plan;
mod stale;
mod summary;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

pub use self::plan::{Candidate, KindLimits, Limits, Planned, Ssns, plan_push};
pub use self::summary::{HeldBack, Noted, Stop, Summary, Why};

use self::batch::Batch;
use self::lanes::Lanes;
use self::order::request;
use self::stale::candidate;
use crate::job;
use crate::progress::Progress;
use tieout_services::benbase::{BenbaseReader, BenbaseWriter};
use tieout_services::{ApiError, Clock};
use tieout_store::{Item, ItemFilter, ItemState, Moved, PUSH, Store};

/// The status of an employer that Benbase does not know, or not yet.
const INACTIVE: &str = "INACTIVE";

/// How far the queue may be ahead of the clock.
const CLOCK_SLACK: TimeDelta = TimeDelta::minutes(5);

/// How to push.
#[derive(Clone)]
pub struct Options<'a> {
    pub settings: &'a job::Push,
    /// Sends under way at a time, of different employees.
    pub concurrency: usize,
    /// Hash of the policy that holds now.
    pub policy_hash: &'a str,
    /// When today began in the job's zone.
    pub day_start: DateTime<Utc>,
    /// Most items of this push; `None`: the day's.
    pub items_max: Option<u64>,
    /// Most items of the kinds with a cap of their own: new hires and terminations.
    pub kinds: KindLimits,
    /// Of the new hires that wait; read for this push only.
    pub ssns: &'a Ssns,
    pub clock: Clock,
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// A command exits 4.
    #[error("Benbase refused the API key; check benbase.api_key of the job. Nothing was sent")]
    Credentials(#[source] ApiError),
    #[error(
        "Benbase says that the employer is INACTIVE, which is also its word for an employer that it does not know: check \
         benbase.employer_id of the job. Nothing was sent"
    )]
    Inactive,
    #[error("Benbase could not be asked for the status of the employer. Nothing was sent; try again later")]
    Unreachable(#[source] ApiError),
    #[error("the push was stopped before anything was sent")]
    Cancelled,
    #[error(
        "the clock says {now}, but queue item {item} was moved at {moved_at}: ages and daily caps would be wrong. Set the \
         clock right; nothing was sent"
    )]
    Clock { now: DateTime<Utc>, item: i64, moved_at: DateTime<Utc> },
    /// What is under way was waited for; items whose outcome could not be noted are in doubt at the next push.
    #[error("the queue could not be read or written")]
    Store(#[source] anyhow::Error),
}

/// What a push would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Item and request, personal values hidden; in order.
    pub requests: Vec<(i64, String)>,
    pub held: Vec<HeldBack>,
    /// To be closed unsent.
    pub stale: Vec<Noted>,
    /// To be proposed again.
    pub voided: Vec<Noted>,
}

/// One connection to Benbase, to read and to write.
#[derive(Clone, Copy)]
pub struct BenbaseConnection<'a> {
    pub reader: &'a BenbaseReader,
    pub writer: &'a BenbaseWriter,
}

/// Sends what is approved, as far as the limits let it. Only one push of a job may run at a time (`store::lock`): items
/// found in `sending` are taken for those of a push that was killed.
pub async fn push(
    store: &mut Store,
    service: BenbaseConnection<'_>,
    options: &Options<'_>,
    cancel: &watch::Receiver<bool>,
    progress: &Progress,
) -> Result<Summary, PushError> {
    let (planned, mut summary) = prepare(store, PushTarget::Benbase, options)?;
    if planned.to_send.is_empty() {
        return Ok(summary);
    }
    check_employer(service.reader).await?;
    let waiting = planned.to_send.len() as u64;
    if *cancel.borrow() {
        (summary.stop, summary.left) = (Some(Stop::Cancelled), waiting);
        return Ok(summary);
    }
    let batch = Batch {
        store,
        settings: options.settings,
        concurrency: options.concurrency,
        clock: &options.clock,
        cancel,
        progress,
        line: Lanes::new(planned.to_send),
        ssns: options.ssns,
        summary,
        failures_in_a_row: 0,
        canary: options.settings.canary,
        unsettled: Vec::new(),
        broken: None,
    };
    batch.run(service.writer).await.map_err(PushError::Store)
}

impl Preview {
    /// Adds what the same push would do at another service.
    pub fn join(&mut self, other: Preview) {
        self.requests.extend(other.requests);
        self.held.extend(other.held);
        self.stale.extend(other.stale);
        self.voided.extend(other.voided);
    }
}

/// Where an item goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushTarget {
    Benbase,
    Oyster,
}

impl PushTarget {
    fn has(self, item: &Item) -> bool {
        item.kind.is_oyster() == (self == PushTarget::Oyster)
    }
}

/// What a push would send now, without asking the service or writing anything. What goes to Oyster is decided by what
/// Oyster shows then.
pub fn preview(store: &Store, target: PushTarget, options: &Options<'_>) -> Result<Preview, PushError> {
    let mut items = candidates(store, target)?;
    // What a killed push left would be in doubt first.
    let left = listed(store, ItemState::Sending)?.into_iter().filter(|item| target.has(item));
    let left = left.map(|item| Item { state: ItemState::InDoubt, ..item });
    let mut doubts = Vec::new();
    match target {
        PushTarget::Benbase => items.extend(left),
        PushTarget::Oyster => doubts.extend(oyster::doubtful(store)?.into_iter().chain(left)),
    }
    let mut planned = plan(store, items, options)?;
    planned.held.extend(doubts.iter().map(|item| HeldBack {
        item: item.id,
        why: Why::InDoubt,
        reason: "in doubt: what Oyster shows will settle it, if it can".to_owned(),
    }));
    let noted = |items: Vec<(Item, String)>| items.into_iter().map(note).collect();
    let preview = |item: &Item| match target {
        PushTarget::Benbase => request(item, options.ssns).map(|request| (item.id, request.preview())),
        PushTarget::Oyster => Ok((item.id, oyster::request_text(item))),
    };
    Ok(Preview {
        requests: planned.to_send.iter().map(preview).collect::<Result<_, _>>().map_err(PushError::Store)?,
        held: planned.held,
        stale: noted(planned.stale),
        voided: noted(planned.voided),
    })
}

/// What waits for a service that the job does not have, held.
pub fn unserved(store: &Store, target: PushTarget) -> Result<Summary, PushError> {
    let section = if target == PushTarget::Oyster { "[oyster]" } else { "[benbase]" };
    let mut summary = Summary::default();
    for state in [ItemState::Approved, ItemState::Sending, ItemState::InDoubt] {
        summary.held.extend(listed(store, state)?.into_iter().filter(|item| target.has(item)).map(|item| HeldBack {
            item: item.id,
            why: Why::NoService,
            reason: format!("the job has no {section}, so there is nothing to send it to"),
        }));
    }
    Ok(summary)
}

/// Labels what a killed push left, decides on every item of a target, and closes those that are over.
fn prepare(store: &mut Store, target: PushTarget, options: &Options<'_>) -> Result<(Planned, Summary), PushError> {
    let now = (options.clock)();
    let recovered = store.recover(now).map_err(PushError::Store)?;
    let items = candidates(store, target)?;
    let mut planned = plan(store, items, options)?;
    let mut summary = Summary { recovered, held: std::mem::take(&mut planned.held), ..Summary::default() };
    for (item, reason) in std::mem::take(&mut planned.stale) {
        let moved = store.withdraw_stale(&item.ticket(), PUSH, &reason, now).map_err(PushError::Store)?;
        summary.closed(item.id, reason, moved, |summary| &mut summary.stale);
    }
    for (item, reason) in std::mem::take(&mut planned.voided) {
        let moved = store.void(&item.ticket(), PUSH, &reason, now).map_err(PushError::Store)?;
        summary.closed(item.id, reason, moved, |summary| &mut summary.voided);
    }
    Ok((planned, summary))
}

impl Summary {
    fn closed(&mut self, item: i64, reason: String, moved: Moved, place: impl FnOnce(&mut Summary) -> &mut Vec<Noted>) {
        match moved {
            Moved::Done => place(self).push(Noted { item, reason }),
            Moved::Refused(refusal) => {
                self.held.push(HeldBack { item, why: Why::Changed, reason: refusal.to_string() });
            }
        }
    }
}

fn note((item, reason): (Item, String)) -> Noted {
    Noted { item: item.id, reason }
}

/// What is decided on: what is approved, and what is in doubt at Benbase. At Oyster, reading settles doubts.
fn candidates(store: &Store, target: PushTarget) -> Result<Vec<Item>, PushError> {
    let mut items = store.sendable().map_err(PushError::Store)?;
    if target == PushTarget::Benbase {
        items.extend(listed(store, ItemState::InDoubt)?);
    }
    items.retain(|item| target.has(item));
    Ok(items)
}

fn listed(store: &Store, state: ItemState) -> Result<Vec<Item>, PushError> {
    store.list_items(&ItemFilter { state: Some(state), ..ItemFilter::default() }).map_err(PushError::Store)
}

fn plan(store: &Store, items: Vec<Item>, options: &Options<'_>) -> Result<Planned, PushError> {
    let now = (options.clock)();
    if let Some(ahead) = items.iter().find(|item| item.changed_at > now + CLOCK_SLACK) {
        return Err(PushError::Clock { now, item: ahead.id, moved_at: ahead.changed_at });
    }
    let gather = || -> anyhow::Result<Planned> {
        let (ledger, sent_today) = (store.benbase_ledger()?, store.sent_since(options.day_start)?);
        let blocked = store.blocked_people()?;
        let of_item = |item| candidate(item, store, &ledger, &blocked);
        let candidates = items.into_iter().map(of_item).collect::<Result<_, _>>()?;
        let limits = Limits {
            settings: options.settings,
            policy_hash: options.policy_hash,
            now,
            day_start: options.day_start,
            items_max: options.items_max,
            sent_today,
            kinds: options.kinds,
            ssns: options.ssns,
        };
        Ok(plan_push(candidates, &limits))
    };
    gather().map_err(PushError::Store)
}

async fn check_employer(reader: &BenbaseReader) -> Result<(), PushError> {
    match reader.employer_status().await {
        Ok(employer) if employer.status.eq_ignore_ascii_case(INACTIVE) => Err(PushError::Inactive),
        Ok(_) => Ok(()),
        Err(error @ ApiError::Credentials { .. }) => Err(PushError::Credentials(error)),
        Err(ApiError::Cancelled) => Err(PushError::Cancelled),
        Err(error) => Err(PushError::Unreachable(error)),
    }
}

#[cfg(test)]
mod tests;
