//! What a caller saw of an item before it gives a command, and the answer: done, or refused because of what is there
//! now.

use std::fmt;

use crate::queue::{Item, ItemState};

/// An item as the caller saw it. A command counts only while the item is still so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub id: i64,
    pub state: ItemState,
    pub attempt: i64,
    /// SHA-256 of payload and evidence, hex.
    pub payload_hash: String,
}

impl Ticket {
    /// The same item after [`crate::queue::Store::claim`] or [`crate::queue::Store::resend`] was done.
    pub fn sending(&self) -> Ticket {
        Ticket { state: ItemState::Sending, attempt: self.attempt + 1, ..self.clone() }
    }
}

impl Item {
    pub fn ticket(&self) -> Ticket {
        Ticket { id: self.id, state: self.state, attempt: self.attempt, payload_hash: self.payload_hash.clone() }
    }
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Moved {
    Done,
    /// Nothing was written.
    Refused(Refusal),
}

impl Moved {
    pub fn is_done(&self) -> bool {
        *self == Moved::Done
    }
}

/// Why a command was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Whoever prepared an item may not approve it.
    SameHands,
    /// No name was given for a decision.
    Nameless,
    /// The same state, but another attempt or another content than the caller saw.
    Changed,
    /// No such command from the state that the item is in.
    WrongState { found: ItemState },
    /// There is no such item.
    Unknown,
    /// The stored payload or evidence no longer gives the stored hash: the database was edited.
    Tampered,
    /// A new hire or a request in doubt may have been applied; a second one would hire, or ask, twice.
    NeverTwice,
}

impl fmt::Display for Refusal {
    /// What is wrong and what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::SameHands => f.write_str("whoever prepared it may not approve it: ask another approver"),
            Refusal::Nameless => f.write_str("a decision needs the name of the person who takes it"),
            Refusal::Changed => f.write_str("it changed since it was looked at: look again, then decide"),
            Refusal::WrongState { found: ItemState::Failed } => f.write_str(
                "it is failed: Benbase refused it for good; once the cause is gone, `tieout queue retry` lets the next run \
                 propose it again",
            ),
            Refusal::WrongState { found } => write!(f, "it is {}: this can't be done from there", found.words()),
            Refusal::Unknown => f.write_str("there is no such item in this job's queue"),
            Refusal::Tampered => f.write_str(
                "its stored content does not give its stored hash: the database was edited; run `tieout audit verify`",
            ),
            Refusal::NeverTwice => f.write_str(
                "a new hire or a request in doubt is never sent again: find out whether it arrived, then resolve it",
            ),
        }
    }
}
