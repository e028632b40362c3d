//! The life of a queue item: which command moves it from which state to which. Nothing else moves one: the same edges
//! stand in the database as a trigger. Who may give a command, and what goes with it, is not in here.
//!
//! ```text
//!                          void
//!                 ┌───────────────────────┐
//!                 ▼        approve        │        claim             accept
//!   (propose) ─► proposed ───────────► approved ───────────► sending ────────► sent
//!                 │  │  │                 │ │ ▲  ▲            │ │ │ ▲            ▲
//!          reject │  │  └─── supersede ◄──┘ │ │  └── unsent ──┘ │ │ │ resend     │
//!                 ▼  │          │           │ │                 │ │ │ (policy)   │
//!         rejected   │          ▼           │ │            fail │ │ │            │
//!                    │      superseded      │ │                 ▼ │ │            │
//!                    └──── withdraw ◄───────┘ │            failed │ │            │
//!                             │               │   doubt, recover  ▼ │            │
//!                             ▼               └────────────────── in doubt ──────┘
//!                         withdrawn           resolve as not sent        resolve as sent
//! ```
//!
//! After a recovery (`tieout recover`) whatever is not final is in doubt without an approval (suspect); resolved as not
//! sent, it is proposed again (reopen).
//!
//! rejected, sent, failed, superseded and withdrawn are final. A new hire or a request of a benefit in doubt is never
//! resent.

pub(super) mod journal;
pub(super) mod state;
#[cfg(test)]
mod tests;
pub(super) mod ticket;

use crate::queue::ItemState;

/// What moves an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    Approve,
    Reject,
    /// The approval no longer counts: payload, evidence or policy moved.
    Void,
    /// Tonight's plan wants other values.
    Supersede,
    /// Nobody wants it any more, or it went stale.
    Withdraw,
    /// The intent to send.
    Claim,
    /// The same from in doubt, where the job's policy allows it.
    Resend,
    Accept,
    Fail,
    Doubt,
    /// Proved that nothing left the house.
    Unsent,
    /// A push ended between intent and outcome.
    Recover,
    ResolveSent,
    ResolveNotSent,
    /// The same of what has no approval: it is proposed again.
    Reopen,
    /// The state was restored or lost: it may have been sent since, and its approval is void.
    Suspect,
}

impl Command {
    #[cfg(test)]
    pub const ALL: [Command; 16] = [
        Command::Approve,
        Command::Reject,
        Command::Void,
        Command::Supersede,
        Command::Withdraw,
        Command::Claim,
        Command::Resend,
        Command::Accept,
        Command::Fail,
        Command::Doubt,
        Command::Unsent,
        Command::Recover,
        Command::ResolveSent,
        Command::ResolveNotSent,
        Command::Reopen,
        Command::Suspect,
    ];

    /// `audit.event`.
    pub fn name(self) -> &'static str {
        match self {
            Command::Approve => "approve",
            Command::Reject => "reject",
            Command::Void => "void",
            Command::Supersede => "supersede",
            Command::Withdraw => "withdraw",
            Command::Claim => "claim",
            Command::Resend => "resend",
            Command::Accept => "accept",
            Command::Fail => "fail",
            Command::Doubt => "doubt",
            Command::Unsent => "unsent",
            Command::Recover => "recover",
            Command::ResolveSent => "resolve as sent",
            Command::ResolveNotSent | Command::Reopen => "resolve as not sent",
            Command::Suspect => "suspect",
        }
    }

    /// Where the command leads from `state`; `None`: it is refused there.
    pub fn next(self, state: ItemState) -> Option<ItemState> {
        use ItemState::{Approved, Failed, InDoubt, Proposed, Rejected, Sending, Sent, Superseded, Withdrawn};
        match (state, self) {
            (Proposed, Command::Approve) => Some(Approved),
            (Proposed, Command::Reject) => Some(Rejected),
            (Approved, Command::Void) => Some(Proposed),
            (Proposed | Approved, Command::Supersede) => Some(Superseded),
            (Proposed | Approved, Command::Withdraw) => Some(Withdrawn),
            (Approved, Command::Claim) | (InDoubt, Command::Resend) => Some(Sending),
            (Sending, Command::Accept) | (InDoubt, Command::ResolveSent) => Some(Sent),
            (Sending, Command::Fail) => Some(Failed),
            (Sending, Command::Doubt | Command::Recover) => Some(InDoubt),
            (Sending, Command::Unsent) | (InDoubt, Command::ResolveNotSent) => Some(Approved),
            (InDoubt, Command::Reopen) => Some(Proposed),
            (Proposed | Approved | Sending | InDoubt, Command::Suspect) => Some(InDoubt),
            _ => None,
        }
    }
}
