//! One transaction in which items move: each move is one compare-and-set on what the caller saw, with its audit row.
//! All of it is committed, or nothing.

use std::borrow::Cow;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::chain::audit::{Entry, NO_ITEM, Tail, approval_detail};
use crate::chain::proof::Writing;
use crate::queue::life::Command;
use crate::queue::life::ticket::{Moved, Refusal, Ticket};
use crate::queue::{ItemState, list};
use crate::{Store, benbase_ledger, time_text};
use tieout_model::correction::CorrectionKind;
use tieout_model::correction::evidence::hash_texts;
use tieout_model::person::same_person;

const MOVE: &str = "UPDATE queue SET state = ?5, attempt = attempt + ?6, changed_at = ?7, reason = ?8
     WHERE id = ?1 AND state = ?2 AND attempt = ?3 AND payload_hash = ?4";
const APPROVE: &str = "UPDATE queue SET state = ?5, attempt = attempt + ?6, changed_at = ?7, reason = ?8,
         approved_by = ?9, approved_at = ?7, policy_hash = ?10
     WHERE id = ?1 AND state = ?2 AND attempt = ?3 AND payload_hash = ?4";
const VOID: &str = "UPDATE queue SET state = ?5, attempt = attempt + ?6, changed_at = ?7, reason = ?8,
         approved_by = NULL, approved_at = NULL, policy_hash = NULL
     WHERE id = ?1 AND state = ?2 AND attempt = ?3 AND payload_hash = ?4";

/// `audit.event` of a retry.
const RETRY: &str = "retry";
/// `audit.event` of a recovery.
pub(in crate::queue) const RECOVER: &str = "recover";
/// Of a state that goes on in another place.
const MOVED: &str = "move";

/// A transaction that writes states and their audit rows.
pub(in crate::queue) struct Journal<'s> {
    transaction: Writing<'s>,
    tail: Tail,
    now: String,
}

/// One move.
#[derive(Clone, Copy, Debug)]
pub(in crate::queue) struct Step<'a> {
    pub command: Command,
    /// Who causes it: a person, `push`, or whoever started the night's run.
    pub by: &'a str,
    /// Kept with the item.
    pub reason: &'a str,
    /// Kept in the audit, behind the policy of an approval; blank = the reason.
    pub detail: &'a str,
    /// Of an approval.
    pub policy_hash: &'a str,
}

impl<'a> Step<'a> {
    pub fn new(command: Command, by: &'a str, reason: &'a str) -> Step<'a> {
        Step { command, by, reason, detail: "", policy_hash: "" }
    }
}

impl Store {
    /// Begins a transaction of moves at `now`. Errors: a chain whose end is not what was recorded
    /// ([`crate::BrokenAudit`]).
    pub(in crate::queue) fn journal(&mut self, now: DateTime<Utc>) -> anyhow::Result<Journal<'_>> {
        let transaction = self.transaction()?;
        let tail = Tail::open(&transaction)?;
        Ok(Journal { transaction, tail, now: time_text(now) })
    }

    /// One move in a transaction of its own.
    pub(in crate::queue) fn step(
        &mut self,
        ticket: &Ticket,
        step: Step<'_>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Moved> {
        let mut journal = self.journal(now)?;
        let moved = journal.step(ticket, step)?;
        if moved.is_done() {
            journal.commit()?;
            self.anchor()?;
        }
        Ok(moved)
    }
}

impl Journal<'_> {
    pub fn transaction(&self) -> &Transaction<'_> {
        &self.transaction
    }

    pub fn now(&self) -> &str {
        &self.now
    }

    /// Moves an item, or says why not; then nothing of this step was written.
    pub fn step(&mut self, ticket: &Ticket, step: Step<'_>) -> anyhow::Result<Moved> {
        let Some(to) = step.command.next(ticket.state) else { return self.refuse(ticket) };
        if let Some(refusal) = self.forbidden(ticket, step)? {
            return Ok(Moved::Refused(refusal));
        }
        if self.update(ticket, to, step).with_context(|| format!("move queue item {}", ticket.id))? != 1 {
            return self.refuse(ticket);
        }
        if to == ItemState::Sent {
            self.accept(ticket.id)?;
        }
        let said = if step.detail.is_empty() { step.reason } else { step.detail };
        let detail = match step.command {
            Command::Approve => Cow::Owned(approval_detail(step.policy_hash, said)),
            _ => Cow::Borrowed(said),
        };
        let entry = Entry {
            at: &self.now,
            by: step.by,
            item: ticket.id,
            event: step.command.name(),
            from_state: Some(ticket.state.name()),
            to_state: to.name(),
            payload_hash: &ticket.payload_hash,
            detail: &detail,
        };
        self.tail.append(&self.transaction, &entry)?;
        Ok(Moved::Done)
    }

    /// Writes the audit row of an item that begins.
    pub fn proposed(&mut self, id: i64, by: &str, payload_hash: &str, detail: &str) -> anyhow::Result<()> {
        let (at, item, to_state) = (&self.now, id, ItemState::Proposed.name());
        let entry = Entry { at, by, item, event: "propose", from_state: None, to_state, payload_hash, detail };
        self.tail.append(&self.transaction, &entry)
    }

    /// The ledger takes over what Benbase accepted; Oyster can be read.
    fn accept(&self, id: i64) -> anyhow::Result<()> {
        let read = |row: &Row<'_>| Ok((list::kind(row), row.get::<_, String>("payload")?));
        let (kind, payload) =
            self.transaction.query_row("SELECT kind, payload FROM queue WHERE id = ?1", [id], read)?;
        let kind = kind?;
        if kind.is_oyster() { Ok(()) } else { benbase_ledger::accept(&self.transaction, kind, &payload, &self.now) }
    }

    /// Notes that a person wants what failed to be tried again. Nothing moves: failed is final.
    pub fn allow_retry(&mut self, ticket: &Ticket, by: &str, reason: &str) -> anyhow::Result<Moved> {
        if by.trim().is_empty() {
            return Ok(Moved::Refused(Refusal::Nameless));
        }
        if ticket.state != ItemState::Failed {
            return Ok(Moved::Refused(Refusal::WrongState { found: ticket.state }));
        }
        let (at, item, failed, payload_hash) = (&self.now, ticket.id, ItemState::Failed.name(), &ticket.payload_hash);
        let entry = Entry {
            at,
            by,
            item,
            event: RETRY,
            from_state: Some(failed),
            to_state: failed,
            payload_hash,
            detail: reason,
        };
        self.tail.append(&self.transaction, &entry)?;
        Ok(Moved::Done)
    }

    /// Writes the audit row of a recovery of the whole state.
    pub fn recovered(&mut self, by: &str, payload_hash: &str, detail: &str) -> anyhow::Result<()> {
        self.of_state(RECOVER, "recovered", by, payload_hash, detail)
    }

    /// Writes the audit row of a state that moved.
    pub fn moved(&mut self, by: &str, payload_hash: &str, detail: &str) -> anyhow::Result<()> {
        self.of_state(MOVED, "moved", by, payload_hash, detail)
    }

    fn of_state(
        &mut self,
        event: &str,
        to_state: &str,
        by: &str,
        payload_hash: &str,
        detail: &str,
    ) -> anyhow::Result<()> {
        let (at, item) = (&self.now, NO_ITEM);
        let entry = Entry { at, by, item, event, from_state: None, to_state, payload_hash, detail };
        self.tail.append(&self.transaction, &entry)
    }

    pub fn commit(self) -> anyhow::Result<()> {
        self.tail.close(&self.transaction)?;
        self.transaction.commit().context("commit the changes of the queue")
    }

    fn update(&self, ticket: &Ticket, to: ItemState, step: Step<'_>) -> rusqlite::Result<usize> {
        let Ticket { id, state, attempt, payload_hash } = ticket;
        let begun = i64::from(to == ItemState::Sending);
        let common = params![id, state.name(), attempt, payload_hash, to.name(), begun, self.now, step.reason];
        match step.command {
            Command::Approve => {
                let approval = params![step.by.trim(), step.policy_hash];
                let all: Vec<_> = common.iter().chain(approval).copied().collect();
                self.transaction.prepare_cached(APPROVE)?.execute(&all[..])
            }
            Command::Void | Command::Suspect | Command::Reopen => {
                self.transaction.prepare_cached(VOID)?.execute(common)
            }
            _ => self.transaction.prepare_cached(MOVE)?.execute(common),
        }
    }

    /// What the graph allows and the item itself does not.
    fn forbidden(&self, ticket: &Ticket, step: Step<'_>) -> anyhow::Result<Option<Refusal>> {
        if step.by.trim().is_empty() {
            return Ok(Some(Refusal::Nameless));
        }
        if !matches!(step.command, Command::Approve | Command::Claim | Command::Resend) {
            return Ok(None);
        }
        let mut select = self
            .transaction
            .prepare_cached("SELECT created_by, kind, payload, evidence, payload_hash FROM queue WHERE id = ?1")?;
        let found = select.query_row([ticket.id], |row| {
            let (payload, evidence, hash): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, hash_texts(&payload, &evidence) == hash))
        });
        let Some((created_by, kind, intact)) = found.optional().context("read a queue item")? else {
            return Ok(Some(Refusal::Unknown));
        };
        Ok(match step.command {
            _ if !intact => Some(Refusal::Tampered),
            Command::Approve if same_person(&created_by, step.by) => Some(Refusal::SameHands),
            Command::Resend if CorrectionKind::parse(&kind).is_none_or(|kind| !kind.sets_state()) => {
                Some(Refusal::NeverTwice)
            }
            _ => None,
        })
    }

    /// Why the compare-and-set found nothing to set.
    fn refuse(&self, ticket: &Ticket) -> anyhow::Result<Moved> {
        let mut select = self.transaction.prepare_cached("SELECT state FROM queue WHERE id = ?1")?;
        let mut rows = select.query([ticket.id])?;
        Ok(Moved::Refused(match rows.next().context("read a queue item")? {
            None => Refusal::Unknown,
            Some(row) => match list::state(row)? {
                // A command that the graph refuses from the very state that was seen.
                found if found != ticket.state => Refusal::WrongState { found },
                _ => self.same_state_refusal(ticket)?,
            },
        }))
    }

    fn same_state_refusal(&self, ticket: &Ticket) -> anyhow::Result<Refusal> {
        let sql = "SELECT attempt = ?2 AND payload_hash = ?3 FROM queue WHERE id = ?1";
        let params = params![ticket.id, ticket.attempt, ticket.payload_hash];
        let same: bool = self.transaction.query_row(sql, params, |row| row.get(0))?;
        Ok(if same { Refusal::WrongState { found: ticket.state } } else { Refusal::Changed })
    }
}
