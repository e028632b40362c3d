//! What a push does to the queue: claim before a byte is sent, settle after, recover what a killed push left behind.
//! Every function commits with `synchronous = FULL` before it returns. Not in here: the sending.

pub(super) mod recovery;
pub(super) mod sent;

use anyhow::Context as _;
use chrono::{DateTime, Utc};

use crate::Store;
use crate::queue::life::Command;
use crate::queue::life::journal::Step;
use crate::queue::life::ticket::{Moved, Ticket};
use crate::queue::list::{Item, items};
use crate::queue::{ItemFilter, ItemState};

/// Who stands in the audit for what a push does.
pub const PUSH: &str = "push";

const INTERRUPTED: &str = "a push ended between sending it and noting the outcome: whether it arrived is not known";

const NO_ANCHOR: &str = "not sent: the anchor of the audit chain could not be written";

/// What came of a send. Texts are redacted by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Accepted; the ledger takes over what was sent.
    Sent { status: u16, excerpt: String },
    /// Seen in the service as it was wanted (Oyster); `note` says what was seen.
    Confirmed { note: String },
    /// Refused for good.
    Failed { reason: String },
    /// It may or may not have been applied.
    InDoubt { reason: String },
    /// Proved that it was not applied: it is approved again and may be claimed again.
    NotSent { reason: String },
}

/// The intent to send an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Approved or in doubt.
    pub ticket: Ticket,
    /// Goes into the audit.
    pub request_hash: String,
}

fn intent_detail(ticket: &Ticket, request_hash: &str) -> String {
    format!("attempt {}; request {request_hash}", ticket.attempt + 1)
}

/// Command, reason and audit detail of an outcome.
fn outcome_texts<'a>(ticket: &Ticket, outcome: &'a Settled) -> (Command, &'a str, String) {
    let attempt = ticket.attempt;
    match outcome {
        Settled::Sent { status, excerpt } => {
            let said = if excerpt.is_empty() { String::new() } else { format!("; {excerpt}") };
            (Command::Accept, "", format!("attempt {attempt}; status {status}{said}"))
        }
        Settled::Confirmed { note } => (Command::Accept, "", format!("attempt {attempt}; {note}")),
        Settled::Failed { reason } => (Command::Fail, reason, String::new()),
        Settled::InDoubt { reason } => (Command::Doubt, reason, String::new()),
        Settled::NotSent { reason } => (Command::Unsent, reason, String::new()),
    }
}

impl Store {
    /// approved → sending, one attempt more: the intent, on disk before a byte is sent. `request_hash` goes into the
    /// audit.
    pub fn claim(&mut self, ticket: &Ticket, now: DateTime<Utc>, request_hash: &str) -> anyhow::Result<Moved> {
        self.begin_send(Command::Claim, ticket, now, request_hash)
    }

    /// in doubt → sending, where the job's policy allows it; never a new hire.
    pub fn resend(&mut self, ticket: &Ticket, now: DateTime<Utc>, request_hash: &str) -> anyhow::Result<Moved> {
        self.begin_send(Command::Resend, ticket, now, request_hash)
    }

    fn begin_send(
        &mut self,
        command: Command,
        ticket: &Ticket,
        now: DateTime<Utc>,
        request_hash: &str,
    ) -> anyhow::Result<Moved> {
        let detail = intent_detail(ticket, request_hash);
        let mut journal = self.journal(now)?;
        let moved = journal.step(ticket, Step { detail: &detail, ..Step::new(command, PUSH, "") })?;
        if moved.is_done() {
            journal.commit()?;
            self.anchor_or_withhold([ticket].into_iter(), now)?;
        }
        Ok(moved)
    }

    /// A send that no anchor knows of would go out again from a restored state: without an anchor nothing is sent, and
    /// the intents are taken back. `tickets`: from before the claim.
    fn anchor_or_withhold<'t>(
        &mut self,
        tickets: impl Iterator<Item = &'t Ticket>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let Err(error) = self.anchor() else { return Ok(()) };
        let mut journal = self.journal(now)?;
        for ticket in tickets {
            let command = if ticket.state == ItemState::InDoubt { Command::Doubt } else { Command::Unsent };
            let _ = journal.step(&ticket.sending(), Step::new(command, PUSH, NO_ANCHOR))?;
        }
        journal.commit()?;
        Err(error)
    }

    /// Notes the outcome of a send. `ticket`: in state sending ([`Ticket::sending`]).
    pub fn settle(&mut self, ticket: &Ticket, outcome: &Settled, now: DateTime<Utc>) -> anyhow::Result<Moved> {
        let (command, reason, detail) = outcome_texts(ticket, outcome);
        self.step(ticket, Step { detail: &detail, ..Step::new(command, PUSH, reason) }, now)
    }

    /// [`Store::settle`], then [`Store::claim`] (of what is in doubt: [`Store::resend`]), of many items with one
    /// commit. What came of each, in the order given. Errors: nothing of it was written.
    pub fn settle_and_claim(
        &mut self,
        outcomes: &[(Ticket, Settled)],
        intents: &[Intent],
        now: DateTime<Utc>,
    ) -> anyhow::Result<(Vec<Moved>, Vec<Moved>)> {
        let mut journal = self.journal(now)?;
        let (mut settled, mut claimed) = (Vec::with_capacity(outcomes.len()), Vec::with_capacity(intents.len()));
        for (ticket, outcome) in outcomes {
            let (command, reason, detail) = outcome_texts(ticket, outcome);
            settled.push(journal.step(ticket, Step { detail: &detail, ..Step::new(command, PUSH, reason) })?);
        }
        for Intent { ticket, request_hash } in intents {
            let command = if ticket.state == ItemState::InDoubt { Command::Resend } else { Command::Claim };
            let detail = intent_detail(ticket, request_hash);
            claimed.push(journal.step(ticket, Step { detail: &detail, ..Step::new(command, PUSH, "") })?);
        }
        if settled.iter().chain(&claimed).any(Moved::is_done) {
            journal.commit()?;
            let begun = intents.iter().zip(&claimed).filter(|(_, moved)| moved.is_done());
            self.anchor_or_withhold(begun.map(|(intent, _)| &intent.ticket), now)?;
        }
        Ok((settled, claimed))
    }

    /// sending → in doubt for every item that a killed push left behind; their ids. Only while no other push runs.
    pub fn recover(&mut self, now: DateTime<Utc>) -> anyhow::Result<Vec<i64>> {
        let left = self.list_items(&ItemFilter { state: Some(ItemState::Sending), ..ItemFilter::default() })?;
        if left.is_empty() {
            return Ok(Vec::new());
        }
        let mut journal = self.journal(now)?;
        let mut ids = Vec::with_capacity(left.len());
        for item in left {
            if journal.step(&item.ticket(), Step::new(Command::Recover, PUSH, INTERRUPTED))?.is_done() {
                ids.push(item.id);
            }
        }
        journal.commit()?;
        self.anchor()?;
        Ok(ids)
    }

    /// Approved items in the order of sending: by employee; of one employee new hire, demographic, compensation,
    /// termination, what goes to Oyster; then by id.
    pub fn sendable(&self) -> anyhow::Result<Vec<Item>> {
        let order = "WHERE state = 'approved' ORDER BY employee_id, CASE kind WHEN 'new_hire' THEN 0
                         WHEN 'demographic' THEN 1 WHEN 'compensation' THEN 2 WHEN 'termination' THEN 3 ELSE 4 END, id";
        items(self.connection(), order, []).context("read the approved corrections")
    }
}
