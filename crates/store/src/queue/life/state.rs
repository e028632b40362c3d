//! The states of a queue item. Which transitions a person or a push may make is decided where they are made; here only
//! what the nightly plan may touch.

/// State of a queue item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemState {
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

impl ItemState {
    pub const ALL: [ItemState; 9] = [
        ItemState::Proposed,
        ItemState::Approved,
        ItemState::Rejected,
        ItemState::Sending,
        ItemState::Sent,
        ItemState::Failed,
        ItemState::InDoubt,
        ItemState::Superseded,
        ItemState::Withdrawn,
    ];

    /// As the table holds it.
    pub fn name(self) -> &'static str {
        match self {
            ItemState::Proposed => "proposed",
            ItemState::Approved => "approved",
            ItemState::Rejected => "rejected",
            ItemState::Sending => "sending",
            ItemState::Sent => "sent",
            ItemState::Failed => "failed",
            ItemState::InDoubt => "in_doubt",
            ItemState::Superseded => "superseded",
            ItemState::Withdrawn => "withdrawn",
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            ItemState::InDoubt => "in doubt",
            other => other.name(),
        }
    }

    pub fn parse(text: &str) -> Option<ItemState> {
        ItemState::ALL.into_iter().find(|state| state.name() == text)
    }

    /// Not settled yet: at most one such item an employee and kind.
    pub fn is_live(self) -> bool {
        matches!(self, ItemState::Proposed | ItemState::Approved | ItemState::Sending | ItemState::InDoubt)
    }

    /// The nightly plan may supersede or withdraw it: nothing of it has left the house.
    pub fn may_close(self) -> bool {
        matches!(self, ItemState::Proposed | ItemState::Approved)
    }
}
