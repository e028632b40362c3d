//! What becomes of one wanted correction beside what the queue already holds: pure, and the same function for the dry
//! run and the live one.

use crate::queue::ItemState;
use crate::queue::life::Command;
use tieout_model::correction::evidence::{self, Stored};
use tieout_model::correction::{CorrectionKind, Payload, SecondLook};

/// What is wanted, as the queue compares it.
#[derive(Clone, Copy, Debug)]
pub(in crate::queue) struct Wanted<'a> {
    pub payload: &'a str,
    pub payload_hash: &'a str,
    pub evidence: &'a str,
    /// Why it is taken for a ping-pong (CO08).
    pub back_and_forth: Option<&'a str>,
}

/// A queue row as far as the decision needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::queue) struct QueueRow {
    pub id: i64,
    pub employee_id: String,
    pub kind: CorrectionKind,
    pub state: ItemState,
    pub attempt: i64,
    pub payload: String,
    pub payload_hash: String,
    pub evidence: String,
    /// Date of the newest change of state, YYYY-MM-DD.
    pub changed_on: String,
    /// Of a failed item: a person asked for another try.
    pub retried: bool,
}

/// What the plan does to the queue for one employee and kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Nothing live: a new item.
    Propose,
    /// The live item gives way to a new one.
    Supersede,
    /// The live item is the same.
    AlreadyQueued,
    /// The live item is on its way or in doubt: no second one until that is settled.
    LeftAlone,
    /// A person said no to exactly this.
    RejectedEarlier,
    /// Benbase refused exactly this for good, and nobody asked for another try.
    FailedEarlier,
    /// Benbase accepted exactly this, and nothing since.
    AlreadySent,
    /// The same field goes back and forth (CO08): two sources fight, a person must settle it.
    PingPong,
    /// A new item, in doubt at once: it may have been sent before the state was recovered.
    Suspect,
    /// The live item is no longer wanted.
    Withdraw,
}

impl Action {
    /// An item is proposed or approved, and may go out once it is.
    pub fn is_open(self) -> bool {
        matches!(self, Action::Propose | Action::Supersede | Action::AlreadyQueued)
    }

    /// As the report shows it.
    pub fn name(self) -> &'static str {
        match self {
            Action::Propose => "propose",
            Action::Supersede => "supersede",
            Action::AlreadyQueued => "already queued",
            Action::LeftAlone => "left alone",
            Action::RejectedEarlier => "rejected earlier",
            Action::FailedEarlier => "failed earlier",
            Action::AlreadySent => "already sent",
            Action::PingPong => "corrected back and forth",
            Action::Suspect => "in doubt",
            Action::Withdraw => "withdraw",
        }
    }
}

/// Action, reason, and the command that closes the live item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::queue) struct ItemDecision {
    pub action: Action,
    pub reason: String,
    pub close: Option<Command>,
}

/// Decides on a wanted correction. `live`: the item that is not yet settled; `last`: the newest one on which a person
/// or the service had the last word (rejected, sent, failed).
pub(in crate::queue) fn decide(wanted: Wanted<'_>, live: Option<&QueueRow>, last: Option<&QueueRow>) -> ItemDecision {
    let Some(live) = live else {
        return match settled_before(wanted, last) {
            Some((action, reason)) => ItemDecision { action, reason, close: None },
            None => ItemDecision { action: Action::Propose, reason: failed_before(last), close: None },
        };
    };
    if live.payload_hash == wanted.payload_hash || was_seen(wanted, live) {
        let reason = format!("item {} is {}", live.id, live.state.words());
        return ItemDecision { action: Action::AlreadyQueued, reason, close: None };
    }
    if !live.state.may_close() {
        let reason = format!("item {} is {}: settle it first", live.id, live.state.words());
        return ItemDecision { action: Action::LeftAlone, reason, close: None };
    }
    // The world may have moved back to what was refused or sent before: then only the live item goes.
    match settled_before(wanted, last) {
        Some((action, reason)) => {
            let reason = format!("{reason}; item {} is withdrawn", live.id);
            ItemDecision { action, reason, close: Some(Command::Withdraw) }
        }
        None => {
            let reason = format!("item {} held other values or other evidence", live.id);
            ItemDecision { action: Action::Supersede, reason, close: Some(Command::Supersede) }
        }
    }
}

/// How an item is closed that tonight's plan does not want; `None`: it stays. `reason`: why nothing came of its
/// finding, when that is still there.
pub(in crate::queue) fn withdrawal(live: &QueueRow, reason: Option<&str>) -> Option<ItemDecision> {
    let reason = match reason {
        Some(reason) => format!("no longer derived: {reason}"),
        None => "its findings are gone".to_owned(),
    };
    live.state.may_close().then_some(ItemDecision { action: Action::Withdraw, reason, close: Some(Command::Withdraw) })
}

/// Why nothing new is proposed, whatever is live.
fn settled_before(wanted: Wanted<'_>, last: Option<&QueueRow>) -> Option<(Action, String)> {
    last.and_then(|last| same_as_last(wanted, last))
        .or_else(|| wanted.back_and_forth.map(|reason| (Action::PingPong, reason.to_owned())))
}

/// Whether a person who decides, or has decided, on the live item knows all that tonight says of the change.
fn was_seen(wanted: Wanted<'_>, live: &QueueRow) -> bool {
    let same = live.payload == wanted.payload;
    // Pay goes out to the cent; an address or a name is right in either spelling.
    let respelled = !same && live.kind != CorrectionKind::Compensation && is_alike(wanted, live);
    (same || respelled)
        && both(live, wanted).is_some_and(|(seen, tonight)| match live.state {
            _ if !live.state.may_close() => false,
            // Which finding asks for what happens once is no matter: the dates of both sources stand in the change.
            _ if happens_once(live.kind) => seen.is_same_change(&tonight),
            // What waits is marked as it was told: a change told in time is not late because nobody decided.
            ItemState::Proposed if respelled => seen.is_same_in_other_words(&tonight, &[SecondLook::EarlierPeriod]),
            ItemState::Proposed => seen.is_same_at_another_time(&tonight, &[SecondLook::EarlierPeriod]),
            _ if respelled => seen.covers_in_other_words(&tonight),
            _ => seen.covers(&tonight),
        })
}

fn happens_once(kind: CorrectionKind) -> bool {
    matches!(kind, CorrectionKind::NewHire | CorrectionKind::Termination)
}

/// Whether a person said no to this, in whatever words. Time alone is no new reason.
fn was_rejected(wanted: Wanted<'_>, last: &QueueRow) -> bool {
    let of_time = [SecondLook::EarlierPeriod, SecondLook::LongAgo];
    let same = last.payload == wanted.payload;
    let same_reasons = || {
        both(last, wanted).is_some_and(|(seen, tonight)| match (happens_once(last.kind), same) {
            (true, _) => seen.is_same_change(&tonight),
            (false, true) => seen.is_same_at_another_time(&tonight, &of_time),
            (false, false) => seen.is_same_in_other_words(&tonight, &of_time),
        })
    };
    last.payload_hash == wanted.payload_hash || ((same || is_alike(wanted, last)) && same_reasons())
}

/// Bodies that can't be read are like no other.
fn is_alike(wanted: Wanted<'_>, last: &QueueRow) -> bool {
    let body = |text: &str| Payload::read(last.kind, text);
    body(wanted.payload).zip(body(&last.payload)).is_some_and(|(wanted, last)| wanted.is_alike(&last))
}

/// Evidence that can't be read is like no other.
fn both(row: &QueueRow, wanted: Wanted<'_>) -> Option<(Stored, Stored)> {
    evidence::read(&row.evidence).ok().zip(evidence::read(wanted.evidence).ok())
}

fn same_as_last(wanted: Wanted<'_>, last: &QueueRow) -> Option<(Action, String)> {
    match last.state {
        ItemState::Rejected if was_rejected(wanted, last) => {
            let reason = format!("rejected earlier on {} as item {}; unchanged", last.changed_on, last.id);
            Some((Action::RejectedEarlier, reason))
        }
        // Benbase would refuse the same body for the same reason, whatever the evidence for it.
        ItemState::Failed if last.payload == wanted.payload && !last.retried => {
            let reason = format!(
                "Benbase refused it on {} as item {}; unchanged; `tieout queue retry` once the cause is gone",
                last.changed_on, last.id
            );
            Some((Action::FailedEarlier, reason))
        }
        // What is sent counts, not why: other evidence for the same body changes nothing at Benbase.
        ItemState::Sent if last.payload == wanted.payload => {
            let reason = format!("already sent on {} as item {}", last.changed_on, last.id);
            Some((Action::AlreadySent, reason))
        }
        _ => None,
    }
}

fn failed_before(last: Option<&QueueRow>) -> String {
    match last {
        Some(last) if last.state == ItemState::Failed => format!("item {} failed on {}", last.id, last.changed_on),
        _ => String::new(),
    }
}
