//! One finding's state from one night to the next: pure, without the database.

use chrono::NaiveDate;

use tieout_model::history::Status;

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

/// The state after a night that saw it. `before` is the state before that night; `None` = the history never heard of
/// it.
pub(super) fn seen_again(before: Option<&State>, as_of: NaiveDate) -> State {
    let (nights, reopened) = before.map_or((0, 0), |b| (b.nights_open, b.reopened + u32::from(!b.is_open())));
    State { last_seen: as_of, cleared_on: None, nights_open: nights + 1, reopened }
}

/// The state after a night that looked and did not see it. What was gone already stays gone since then.
pub(super) fn gone(last: &State, as_of: NaiveDate) -> State {
    State { cleared_on: last.cleared_on.or(Some(as_of)), ..last.clone() }
}

/// How the report calls a finding that is there tonight.
pub(super) fn status(before: Option<&State>) -> Status {
    match before {
        None => Status::New,
        Some(state) if state.is_open() => Status::Open,
        Some(_) => Status::Reopened,
    }
}
