//! What became of a push, item by item, as plain values: ids and reasons, nothing personal. The command prints it and
//! takes the exit code from it.

use std::fmt;

/// An item and what there is to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub item: i64,
    pub reason: String,
}

/// An item that was not begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    pub item: i64,
    pub why: Why,
    pub reason: String,
}

/// What holds an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It may have been applied already.
    InDoubt,
    /// `--max`: whoever stated it knows that more is waiting.
    RunLimit,
    DailyItems,
    DailyAmount,
    /// New hires or terminations are switched off, or enough of them go out with this push.
    KindLimit,
    /// The payroll file no longer gives the social security number that the job wants sent.
    Ssn,
    /// The job has no section for its service.
    NoService,
    /// A finding of the last night blocks its employee.
    Blocked,
    /// An earlier item of the same employee was not accepted.
    Waits,
    /// Somebody moved it while the push was under way.
    Changed,
}

/// Why a push ended before its last item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The first item was not accepted.
    Canary,
    /// So many items in a row were not accepted.
    Failures(u32),
    /// The service refused the key; a command exits 4.
    Credentials(u16),
    /// The same of Oyster.
    OysterCredentials(u16),
    /// The push was told to end.
    Cancelled,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Canary => f.write_str("the first item was not accepted, so nothing else was sent"),
            Stop::Failures(1) => f.write_str("an item was not accepted, so nothing more was sent"),
            Stop::Failures(count) => write!(f, "{count} items in a row were not accepted, so nothing more was sent"),
            Stop::Credentials(status) => {
                write!(f, "Benbase refused the API key (status {status}): check benbase.api_key of the job")
            }
            Stop::OysterCredentials(status) => {
                write!(f, "Oyster refused the credentials (status {status}): check the [oyster] section of the job")
            }
            Stop::Cancelled => f.write_str("the push was stopped; what was on its way was waited for"),
        }
    }
}

/// Every item of a push, each in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Items that a push before this one left on their way; they are in doubt now.
    pub recovered: Vec<i64>,
    pub sent: Vec<i64>,
    /// Refused for good, with the service's reason.
    pub failed: Vec<Noted>,
    /// Sent, and nobody knows whether they were applied.
    pub in_doubt: Vec<Noted>,
    /// Proved not to have been applied; approved still.
    pub not_sent: Vec<Noted>,
    pub held: Vec<HeldBack>,
    /// Closed unsent.
    pub stale: Vec<Noted>,
    /// Proposed again: the approval no longer counts.
    pub voided: Vec<Noted>,
    /// Closed unsent, because Oyster is no longer as it was approved: to be prepared again.
    pub moved: Vec<Noted>,
    pub stop: Option<Stop>,
    /// Approved still, because the push stopped before them.
    pub left: u64,
}

impl Summary {
    /// Adds what another part of the same push did; the first reason to stop stands.
    pub fn join(&mut self, other: Summary) {
        self.recovered.extend(other.recovered);
        self.sent.extend(other.sent);
        self.failed.extend(other.failed);
        self.in_doubt.extend(other.in_doubt);
        self.not_sent.extend(other.not_sent);
        self.held.extend(other.held);
        self.stale.extend(other.stale);
        self.voided.extend(other.voided);
        self.moved.extend(other.moved);
        self.stop = self.stop.or(other.stop);
        self.left += other.left;
    }

    /// Something is in doubt or undone that the next push will not settle by itself.
    pub fn needs_person(&self) -> bool {
        let stopped = self.stop.is_some_and(|stop| stop != Stop::Cancelled);
        let noted = [&self.failed, &self.in_doubt, &self.not_sent, &self.voided, &self.moved];
        stopped || noted.iter().any(|items| !items.is_empty()) || self.held.iter().any(|held| held.why != Why::RunLimit)
    }
}
