//! Pushing to Oyster, one item after the other: read what is there, compare, write only what differs, read it back.
//! What moved since it was approved is withdrawn. A request of which nobody knows whether it arrived is never sent
//! again; the enrollments are read instead.

mod decide;
mod line;
pub(super) mod look;
mod stale;

use tokio::sync::watch;

pub(super) use self::stale::candidate;

use self::line::OysterPush;
use super::{Options, PushError, PushTarget, Summary, listed, prepare};
use crate::progress::Progress;
use tieout_model::correction::oyster::OysterChange;
use tieout_services::oyster::OysterWriter;
use tieout_store::{Item, ItemState, Store};

/// Sends what is approved for Oyster, as far as the limits let it, and settles by reading what is in doubt. Only one
/// push of a job may run at a time.
pub async fn push_oyster(
    store: &mut Store,
    writer: &OysterWriter,
    options: &Options<'_>,
    cancel: &watch::Receiver<bool>,
    progress: &Progress,
) -> Result<Summary, PushError> {
    let recovered = store.recover((options.clock)()).map_err(PushError::Store)?;
    let summary = Summary { recovered, ..Summary::default() };
    let canary = options.settings.canary;
    let mut line = OysterPush { store, writer, options, cancel, progress, summary, failures_in_a_row: 0, canary };
    line.settle_doubts(doubtful(line.store)?).await?;
    let (planned, closed) = prepare(line.store, PushTarget::Oyster, options)?;
    line.summary.join(closed);
    line.send_all(planned.to_send).await?;
    Ok(line.summary)
}

/// Whether a push has anything to do at Oyster.
pub fn waits(store: &Store) -> Result<bool, PushError> {
    for state in [ItemState::Approved, ItemState::Sending, ItemState::InDoubt] {
        if listed(store, state)?.iter().any(|item| PushTarget::Oyster.has(item)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// In doubt at Oyster.
pub(super) fn doubtful(store: &Store) -> Result<Vec<Item>, PushError> {
    let items = listed(store, ItemState::InDoubt)?;
    Ok(items.into_iter().filter(|item| PushTarget::Oyster.has(item)).collect())
}

/// What a dry run shows of an item.
pub(super) fn request_text(item: &Item) -> String {
    match OysterChange::read(item.kind, &item.payload) {
        Some(change) => change.preview(),
        None => super::stale::NO_CHANGE.to_owned(),
    }
}
