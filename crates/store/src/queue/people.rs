//! What people decide: approve, reject, void an approval, withdraw what went stale, resolve what is in doubt. Who may
//! approve up to which amount is the job's business (`review`); that it is not the preparer is enforced here and in the
//! database.

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use rusqlite::Connection;

use crate::Store;
use crate::queue::ItemState;
use crate::queue::life::Command;
use crate::queue::life::journal::{Journal, Step};
use crate::queue::life::ticket::{Moved, Refusal, Ticket};

/// One person's decision on one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    pub ticket: Ticket,
    pub approve: bool,
    /// Who decided.
    pub by: String,
    pub reason: String,
}

impl Store {
    /// proposed → approved, bound to the content that the ticket names and to the policy. `policy_hash`: of the job
    /// (`Job::policy_hash`).
    pub fn approve(
        &mut self,
        ticket: &Ticket,
        by: &str,
        reason: &str,
        now: DateTime<Utc>,
        policy_hash: &str,
    ) -> anyhow::Result<Moved> {
        self.step(ticket, Step { policy_hash, ..Step::new(Command::Approve, by, reason) }, now)
    }

    /// proposed → rejected: not proposed again until it changes.
    pub fn reject(&mut self, ticket: &Ticket, by: &str, reason: &str, now: DateTime<Utc>) -> anyhow::Result<Moved> {
        self.step(ticket, Step::new(Command::Reject, by, reason), now)
    }

    /// approved → proposed: the approval no longer counts.
    pub fn void(&mut self, ticket: &Ticket, by: &str, reason: &str, now: DateTime<Utc>) -> anyhow::Result<Moved> {
        self.step(ticket, Step::new(Command::Void, by, reason), now)
    }

    /// proposed or approved → withdrawn, because payroll or evidence moved, or because it waited too long.
    pub fn withdraw_stale(
        &mut self,
        ticket: &Ticket,
        by: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Moved> {
        self.step(ticket, Step::new(Command::Withdraw, by, reason), now)
    }

    /// in doubt → sent (the ledger takes it over), or back to approved; what has no approval, back to proposed.
    pub fn resolve(
        &mut self,
        ticket: &Ticket,
        sent: bool,
        by: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Moved> {
        let command = match sent {
            true => Command::ResolveSent,
            false if self.is_approved(ticket.id)? => Command::ResolveNotSent,
            false => Command::Reopen,
        };
        self.step(ticket, Step::new(command, by, reason), now)
    }

    fn is_approved(&self, id: i64) -> anyhow::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM queue WHERE id = ?1 AND approved_by IS NOT NULL)";
        self.connection().query_row(sql, [id], |row| row.get(0)).context("read a queue item")
    }

    /// A failed item stays failed; the next night may propose the same change again.
    pub fn retry(&mut self, ticket: &Ticket, by: &str, reason: &str, now: DateTime<Utc>) -> anyhow::Result<Moved> {
        let mut journal = self.journal(now)?;
        let moved = journal.allow_retry(ticket, by, reason)?;
        if moved.is_done() {
            journal.commit()?;
            self.anchor()?;
        }
        Ok(moved)
    }

    /// Many decisions in one transaction: all are done, or none and each refused one is named by its place. A rejection
    /// of an approved item voids the approval first. `note` goes into each audit row, such as who imported them;
    /// `seen`: the entries of the audit when the decisions were held against the limits. Errors: more has been decided
    /// since.
    pub fn decide_all(
        &mut self,
        rulings: &[Ruling],
        (note, seen): (&str, i64),
        now: DateTime<Utc>,
        policy_hash: &str,
    ) -> anyhow::Result<Vec<(usize, Refusal)>> {
        let mut journal = self.journal(now)?;
        ensure!(
            entries(journal.transaction())? == seen,
            "something else was decided at the same moment, which counts against the same limits: nothing was decided, so \
             decide again"
        );
        let mut refused = Vec::new();
        for (place, ruling) in rulings.iter().enumerate() {
            let Ruling { ticket, approve, by, reason } = ruling;
            let command = if *approve { Command::Approve } else { Command::Reject };
            let said: Vec<_> = [reason.as_str(), note].into_iter().filter(|text| !text.is_empty()).collect();
            let detail = said.join("; ");
            let step = Step { detail: &detail, policy_hash, ..Step::new(command, by, reason) };
            let moved = match (command, ticket.state) {
                (Command::Reject, ItemState::Approved) => journal.void_and(ticket, step)?,
                _ => journal.step(ticket, step)?,
            };
            if let Moved::Refused(refusal) = moved {
                refused.push((place, refusal));
            }
        }
        if refused.is_empty() {
            journal.commit()?;
            self.anchor()?;
        }
        Ok(refused)
    }
}

fn entries(db: &Connection) -> anyhow::Result<i64> {
    Ok(db.query_row("SELECT entries FROM audit_head", [], |row| row.get(0))?)
}

impl Journal<'_> {
    /// Voids an approval, then takes the step.
    fn void_and(&mut self, ticket: &Ticket, step: Step<'_>) -> anyhow::Result<Moved> {
        match self.step(ticket, Step { command: Command::Void, ..step })? {
            Moved::Done => self.step(&Ticket { state: ItemState::Proposed, ..ticket.clone() }, step),
            refused => Ok(refused),
        }
    }
}
