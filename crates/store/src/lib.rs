//! SQLite: everything tieout remembers between nights. One database a job, one connection, plain functions with short
//! transactions. Each other file in this folder adds one part of the memory to [`Store`]; `limits` is a database of its
//! own, which the jobs of a credential share. Not in here: network, async, data frames, the clock (times come in as
//! arguments).

mod benbase_ids;
mod benbase_ledger;
mod benefit_ledger;
mod chain;
mod database;
mod findings;
mod limits;
pub mod lock;
mod nights;
mod queue;

pub use benbase_ids::SentFor;
pub use benbase_ledger::{BadLedger, LedgerAhead, LedgerImport};
pub use benefit_ledger::{NewPosting, PostedPage, PostingHead};
pub use chain::anchor::{ANCHOR_FILE, Anchor, Anchors, BadAnchor, DatabaseFile, Places};
pub use chain::audit::{AuditRow, Break, BrokenAudit, BrokenChain, ChainVerdict};
pub use database::check::Check;
pub use database::fault::Fault;
pub use database::open::{DATABASE_FILE, Damaged, Newer};
pub use database::owner::{OwnedByAnother, StateOwner};
pub use findings::history::{FindingHistory, SeenFinding};
pub use findings::judged::Judged;
pub use findings::past::{PastFinding, SeenPeriod};
pub use findings::waivers::{Revoked, StandingFinding};
pub use limits::{SharedLimit, SharedWindow, Standing, Turn};
pub use nights::calls::{Limit, LoggedCall};
pub use nights::enrollments::{EnrollmentNight, States, Step};
pub use nights::fetched::{Begun, CallKey, CallKind, Checkpoint, EXTRACTION_AGE_MAX, FinalAnswer};
pub use nights::reports::{SignOff, WrittenReport};
pub use nights::roster::IdSource;
pub use nights::runs::{LastLinks, NewRun, RunEnd, RunMode, RunRow, RunSummary};
#[cfg(any(test, feature = "testing"))]
pub use queue::testing;
pub use queue::{
    Action, BlockedPeople, ByHand, Intent, Item, ItemFilter, ItemState, Moved, PING_PONG_DAYS, PING_PONG_TIMES, PUSH,
    Prepared, QueueOutcome, Queued, Refusal, Remembered, Ruling, SentToday, Settled, Ticket, UNLINKED, Unread,
};

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, TransactionBehavior};

use self::chain::proof::{Watch, Writing};

/// The database of one job, open for reading and writing.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// What the transaction under way adds to the digests.
    watch: Watch,
    /// Where the end of the audit chain is noted outside; `None`: nowhere.
    anchors: Option<Anchors>,
}

impl Store {
    /// For reads.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// For anything that may write. IMMEDIATE: a transaction that reads first and writes later would fail at once
    /// beside another writer, whatever the busy time-out.
    pub(crate) fn transaction(&mut self) -> anyhow::Result<Writing<'_>> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        Ok(Writing::begin(transaction.context("begin a database transaction")?, self.watch.clone()))
    }
}

/// A time as the tables hold it: RFC 3339, UTC, microseconds; sorts as text.
pub(crate) fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The reverse of [`time_text`].
pub(crate) fn parse_time(text: &str) -> anyhow::Result<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).with_context(|| format!("the database holds the time {text:?}"))?;
    Ok(time.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fixed moment, `second` seconds after 2026-03-31T02:00:00Z.
    pub(crate) fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_774_922_400 + second, 0).expect("a valid moment")
    }

    #[test]
    fn a_time_survives_its_text_to_the_microsecond() {
        let time = DateTime::from_timestamp_micros(1_774_922_400_000_001).expect("a valid moment");
        assert_eq!(time_text(time), "2026-03-31T02:00:00.000001Z");
        assert_eq!(parse_time(&time_text(time)).expect("parses"), time);
    }
}
