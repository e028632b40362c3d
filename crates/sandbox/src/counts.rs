//! What the sandbox itself counted, so that a test need not trust a client's own books.

use std::collections::BTreeMap;

use crate::window::RateWindow;

/// Distinct calls that are told apart; further ones are counted together, so that a long session has an end.
const KEYS_MAX: usize = 5_000_000;
const OTHER_KEYS: &str = "(further calls)";

/// Counts since the start. API calls are all but token requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// API calls of all services that arrived, whatever became of them.
    pub calls: u64,
    /// Token requests that arrived, for Benifex and Oyster.
    pub tokens: u64,
    /// API calls by method and path template, e.g. `GET /users/{user-id}`.
    pub by_template: BTreeMap<String, u64>,
    /// 429s given because the window was full.
    pub limited: u64,
    /// 401s given for want of a valid token or key.
    pub unauthorized: u64,
    /// Requests that a fault changed.
    pub faulted: u64,
    /// The most Benifex calls let in within any sliding window, as they arrived.
    pub most_accepted: usize,
    /// The same with the refused ones: more than the limit means that the client broke it.
    pub most_arrived: usize,
    /// `template key` → times that the call got its final answer in full (2xx, 400, 403, 404, 409, 410, 422).
    pub answered: BTreeMap<String, u64>,
    /// What of the above is Oyster's.
    pub oyster: OysterCounts,
}

/// Counts of Oyster since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OysterCounts {
    /// API calls that arrived, whatever became of them.
    pub calls: u64,
    /// 429s given because a window was full.
    pub limited: u64,
    /// 401s and 403s given for want of a valid token or customer.
    pub unauthorized: u64,
    /// Writes that arrived.
    pub writes: u64,
    /// The windows and the busiest span of each.
    pub windows: Vec<Busiest>,
}

/// The busiest span of one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busiest {
    pub limit: RateWindow,
    /// The most calls let in.
    pub accepted: usize,
    /// The same with the refused ones.
    pub arrived: usize,
}

impl Counts {
    /// Notes an API call on arrival.
    pub fn arrived(&mut self, template: &str) {
        self.calls += 1;
        *self.by_template.entry(template.to_owned()).or_default() += 1;
    }

    /// Notes an answer that nothing spoiled.
    pub fn answer(&mut self, mut name: String, status: u16) {
        if !matches!(status, 200..=299 | 400 | 403 | 404 | 409 | 410 | 422) {
            return;
        }
        if self.answered.len() >= KEYS_MAX && !self.answered.contains_key(&name) {
            name = OTHER_KEYS.to_owned();
        }
        *self.answered.entry(name).or_default() += 1;
    }
}
