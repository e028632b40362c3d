//! One finding's state from one night to the next: pure, without the database.

use chrono::NaiveDate;

use crate::report::Status;

/// What the history says of a finding after some night.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub last_seen: NaiveDate,
    /// `None` while it is open.
    pub cleared_on: Option<NaiveDate>,
    /// Nights on which it was seen.
    pub nights_open: u32,
    /// Times that it came back after it was cleared.
    pub reopened: u32,
}

impl State {
    pub fn is_open(&self) -> bool {
        self.cleared_on.is_none()
    }
}

/// The state after the night `as_of`; `None` = the history never heard of it. `before` is the state before that night.
pub(super) fn step(before: Option<&State>, seen: bool, clears: bool, as_of: NaiveDate) -> Option<State> {
    let Some(state) = before else {
        return seen.then_some(State { last_seen: as_of, cleared_on: None, nights_open: 1, reopened: 0 });
    };
    if seen {
        let reopened = state.reopened + u32::from(!state.is_open());
        return Some(State { last_seen: as_of, cleared_on: None, nights_open: state.nights_open + 1, reopened });
    }
    let gone = state.is_open() && clears;
    Some(State { cleared_on: if gone { Some(as_of) } else { state.cleared_on }, ..state.clone() })
}

/// How the report calls a finding that is there tonight.
pub(super) fn status(before: Option<&State>) -> Status {
    match before {
        None => Status::New,
        Some(state) if state.is_open() => Status::Open,
        Some(_) => Status::Reopened,
    }
}
