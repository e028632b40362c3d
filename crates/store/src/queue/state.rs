//! The states of a queue item. Which transitions a person or a push may make is decided where they are made; here only
//! what the nightly plan may touch.

/// State of a queue item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Proposed,
    Approved,
    Rejected,
    /// The intent to send is committed; what came of it is not.
    Sending,
    Sent,
    Failed,
    InDoubt,
    Superseded,
    Withdrawn,
}

impl State {
    pub const ALL: [State; 9] = [
        State::Proposed,
        State::Approved,
        State::Rejected,
        State::Sending,
        State::Sent,
        State::Failed,
        State::InDoubt,
        State::Superseded,
        State::Withdrawn,
    ];

    /// As the table holds it.
    pub fn name(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Approved => "approved",
            State::Rejected => "rejected",
            State::Sending => "sending",
            State::Sent => "sent",
            State::Failed => "failed",
            State::InDoubt => "in_doubt",
            State::Superseded => "superseded",
            State::Withdrawn => "withdrawn",
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            State::InDoubt => "in doubt",
            other => other.name(),
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == text)
    }

    /// Not settled yet: at most one such item an employee and kind.
    pub fn is_live(self) -> bool {
        matches!(self, State::Proposed | State::Approved | State::Sending | State::InDoubt)
    }

    /// The nightly plan may supersede or withdraw it: nothing of it has left the house.
    pub fn may_close(self) -> bool {
        matches!(self, State::Proposed | State::Approved)
    }
}
