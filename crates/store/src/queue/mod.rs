//! The queue of corrections: what the nightly plan proposes, supersedes and withdraws, and a listing. One live item an
//! employee and kind, kept by a unique index. The dry run asks the same function what it would do. What moves an item
//! from state to state is in `life`, by whom in `people` and `sending`, and how it is written in `journal`. What people
//! prepare themselves comes in through `by_hand`, and no night touches it.

mod by_hand;
mod life;
mod list;
mod people;
mod sending;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use rusqlite::Connection;

use self::life::Command;
use self::life::journal::{Journal, Step};
use self::sending::recovery::{SUSPECT, proposed_since_recovery};
use self::wanted::decide::{ItemDecision, QueueRow, Wanted, decide, withdrawal};
use self::wanted::ping_pong::{back_and_forth, sent_since};
use self::wanted::propose::NewItem;
use crate::{Judged, Store};
use tieout_model::correction::evidence::{evidence_json, finding_ids, hash_texts, payload_json};
use tieout_model::correction::{Contradicted, Correction, CorrectionKind, CorrectionPlan, Standing};

pub use self::by_hand::{ByHand, Prepared};
pub use self::life::state::ItemState;
pub use self::life::ticket::{Moved, Refusal, Ticket};
pub use self::list::{Item, ItemFilter, UNLINKED};
pub use self::people::Ruling;
pub use self::sending::sent::{Remembered, SentToday};
pub use self::sending::{Intent, PUSH, Settled};
pub use self::wanted::blocked::{BlockedPeople, Unread};
pub use self::wanted::decide::Action;
pub use self::wanted::ping_pong::{PING_PONG_DAYS, PING_PONG_TIMES};

/// Length of the date in a time as the tables hold it.
const DATE_CHARS: usize = 10;

/// What a plan does to the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// One a correction, in the plan's order.
    pub dispositions: Vec<QueueOutcome>,
    /// Live items that are no longer wanted, by employee and kind.
    pub withdrawn: Vec<QueueOutcome>,
}

/// What becomes of one correction or live item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueOutcome {
    pub employee_id: String,
    pub kind: CorrectionKind,
    pub action: Action,
    /// Blank when the action says it all.
    pub reason: String,
    /// SHA-256 of payload and evidence, hex: of the correction, or of the item that is queued already or withdrawn.
    pub payload_hash: String,
}

impl Queued {
    /// How many of the dispositions are this action.
    pub fn count(&self, action: Action) -> usize {
        self.dispositions.iter().chain(&self.withdrawn).filter(|d| d.action == action).count()
    }
}

impl Store {
    /// What [`Store::enqueue_plan`] would do at `now`, without doing it.
    pub fn preview_plan(&self, plan: &CorrectionPlan, judged: &Judged, now: DateTime<Utc>) -> anyhow::Result<Queued> {
        Ok(decide_all(self.connection(), plan, judged, now)?.queued)
    }

    /// Brings the queue in line with tonight's plan in one transaction: proposes, supersedes, withdraws, each with its
    /// audit row. The same plan again changes nothing. `now` and `by` go into the rows.
    pub fn enqueue_plan(
        &mut self,
        plan: &CorrectionPlan,
        judged: &Judged,
        now: DateTime<Utc>,
        by: &str,
    ) -> anyhow::Result<Queued> {
        let mut journal = self.journal(now)?;
        let Decided { queued, closings, proposals } = decide_all(journal.transaction(), plan, judged, now)?;
        // A live item goes before its successor comes: the unique index allows no moment with both.
        for closing in &closings {
            close(&mut journal, closing, by)?;
        }
        for proposal in &proposals {
            propose(&mut journal, proposal, by)?;
        }
        journal.commit().context("commit the night's corrections")?;
        self.anchor()?;
        Ok(queued)
    }

    /// Withdraws what tonight's evidence contradicts, and touches nothing else: for a night whose plan a guard stopped.
    pub fn end_contradicted(
        &mut self,
        plan: &CorrectionPlan,
        judged: &Judged,
        now: DateTime<Utc>,
        by: &str,
    ) -> anyhow::Result<()> {
        let contradicted = contradicted(plan, judged);
        if contradicted.is_empty() {
            return Ok(());
        }
        let mut journal = self.journal(now)?;
        for (key, row) in live_rows(journal.transaction())? {
            let decision = contradicted.get(&key).and_then(|reason| withdrawal(&row, Some(reason)));
            if let Some(closing) = decision.and_then(|decision| closing(row, &decision)) {
                close(&mut journal, &closing, by)?;
            }
        }
        journal.commit().context("commit what tonight contradicts")?;
        self.anchor()
    }
}

/// Dispositions and the writes that they stand for.
struct Decided<'a> {
    queued: Queued,
    closings: Vec<Closing>,
    proposals: Vec<Proposal<'a>>,
}

struct Closing {
    row: QueueRow,
    command: Command,
    reason: String,
}

struct Proposal<'a> {
    correction: &'a Correction,
    payload: String,
    evidence: String,
    payload_hash: String,
    reason: String,
    /// It may have been sent before the state was recovered.
    suspect: bool,
}

type Key = (String, CorrectionKind);

fn decide_all<'a>(
    connection: &Connection,
    plan: &'a CorrectionPlan,
    judged: &Judged,
    now: DateTime<Utc>,
) -> anyhow::Result<Decided<'a>> {
    let mut live = live_rows(connection)?;
    let wanted: BTreeSet<Key> = plan.corrections.iter().map(key).collect();
    ensure!(wanted.len() == plan.corrections.len(), "the plan has two corrections for one employee and kind");
    let last = last_words(connection, &wanted)?;
    let sent = sent_since(connection, &wanted, now)?;
    let known = proposed_since_recovery(connection)?;
    let mut decided = Decided { queued: Queued::default(), closings: Vec::new(), proposals: Vec::new() };
    for correction in &plan.corrections {
        let key = key(correction);
        let back_and_forth = sent.get(&key).and_then(|sent| back_and_forth(sent, &correction.payload));
        let suspect = known.as_ref().is_some_and(|known| !known.contains(&key));
        decided.take(correction, live.remove(&key), last.get(&key), back_and_forth, suspect);
    }
    let reasons: BTreeMap<_, _> = plan.not_derived.iter().map(|(id, reason)| (id.as_str(), reason.as_str())).collect();
    let standing: BTreeMap<Key, _> = plan.standing.iter().map(standing_key).collect();
    let contradicted = contradicted(plan, judged);
    for (key, row) in live {
        let ids = finding_ids(&row.evidence).with_context(|| format!("read the evidence of queue item {}", row.id))?;
        let reason = ids.iter().find_map(|id| reasons.get(id.as_str()).copied());
        // Nobody takes a termination back: one that nothing asks for any more goes, whatever blocks its person.
        let goes = row.kind == CorrectionKind::Termination && reason.is_none() && judged.looked_at(&row.employee_id);
        let untrue = contradicted.get(&key).copied();
        let reason = untrue.or(reason);
        let stands = standing.get(&key).is_some_and(|body| body.as_ref().is_none_or(|body| *body == row.payload));
        if untrue.is_none() && (stands || !(goes || judged.withdraws(&row.employee_id))) {
            continue;
        }
        if let Some(decision) = withdrawal(&row, reason) {
            decided.queued.withdrawn.push(disposition(&row.employee_id, row.kind, &decision, row.payload_hash.clone()));
            decided.closings.extend(closing(row, &decision));
        }
    }
    Ok(decided)
}

impl<'a> Decided<'a> {
    fn take(
        &mut self,
        correction: &'a Correction,
        live: Option<QueueRow>,
        last: Option<&QueueRow>,
        back_and_forth: Option<String>,
        suspect: bool,
    ) {
        let (payload, evidence) = (payload_json(&correction.payload), evidence_json(correction));
        let payload_hash = hash_texts(&payload, &evidence);
        let back_and_forth = back_and_forth.as_deref();
        let wanted = Wanted { payload: &payload, payload_hash: &payload_hash, evidence: &evidence, back_and_forth };
        let mut decision = decide(wanted, live.as_ref(), last);
        let proposes = matches!(decision.action, Action::Propose | Action::Supersede);
        if proposes && suspect {
            (decision.action, decision.reason) = (Action::Suspect, SUSPECT.to_owned());
        }
        // The item that stands is decided by its own hash.
        let stands = live.as_ref().filter(|_| decision.action == Action::AlreadyQueued);
        let hash = stands.map_or_else(|| payload_hash.clone(), |row| row.payload_hash.clone());
        self.queued.dispositions.push(disposition(correction.employee_id.as_str(), correction.kind(), &decision, hash));
        self.closings.extend(live.and_then(|row| closing(row, &decision)));
        if proposes {
            let reason = decision.reason;
            self.proposals.push(Proposal { correction, payload, evidence, payload_hash, reason, suspect });
        }
    }
}

fn key(correction: &Correction) -> Key {
    (correction.employee_id.to_string(), correction.kind())
}

/// With the body that it would have tonight; `None`: whatever it has.
fn standing_key(standing: &Standing) -> (Key, Option<String>) {
    ((standing.employee_id.to_string(), standing.kind), standing.payload.as_ref().map(payload_json))
}

/// What tonight contradicts, unless its sources are in doubt as a whole, and why.
fn contradicted<'p>(plan: &'p CorrectionPlan, judged: &Judged) -> BTreeMap<Key, &'p str> {
    let change = |change: &'p Contradicted| ((change.employee_id.to_string(), change.kind), change.reason.as_str());
    plan.contradicted.iter().filter(|_| !judged.stops_everybody()).map(change).collect()
}

fn disposition(employee_id: &str, kind: CorrectionKind, decision: &ItemDecision, payload_hash: String) -> QueueOutcome {
    let (employee_id, reason) = (employee_id.to_owned(), decision.reason.clone());
    QueueOutcome { employee_id, kind, action: decision.action, reason, payload_hash }
}

fn closing(row: QueueRow, decision: &ItemDecision) -> Option<Closing> {
    Some(Closing { row, command: decision.close?, reason: decision.reason.clone() })
}

/// What people prepared by hand is not in here: no night proposed it, so none may supersede or withdraw it.
fn live_rows(connection: &Connection) -> anyhow::Result<BTreeMap<Key, QueueRow>> {
    let sql = "SELECT id, employee_id, kind, state, attempt, payload, payload_hash, evidence, changed_at, 0 AS retried
               FROM queue WHERE state IN ('proposed', 'approved', 'sending', 'in_doubt')";
    let mut live = BTreeMap::new();
    read_rows(connection, sql, |row| {
        if !row.kind.is_oyster() {
            live.insert((row.employee_id.clone(), row.kind), row);
        }
    })?;
    Ok(live)
}

/// The newest item, of each employee and kind wanted, on which a person or the service had the last word.
fn last_words(connection: &Connection, wanted: &BTreeSet<Key>) -> anyhow::Result<BTreeMap<Key, QueueRow>> {
    let sql = "SELECT id, employee_id, kind, state, attempt, payload, payload_hash, evidence, changed_at,
                      EXISTS (SELECT 1 FROM audit WHERE item = queue.id AND event = 'retry') AS retried
               FROM queue WHERE state IN ('rejected', 'sent', 'failed') ORDER BY id";
    let mut last = BTreeMap::new();
    read_rows(connection, sql, |row| {
        let key = (row.employee_id.clone(), row.kind);
        if wanted.contains(&key) {
            last.insert(key, row);
        }
    })?;
    Ok(last)
}

fn read_rows(connection: &Connection, sql: &str, mut visit: impl FnMut(QueueRow)) -> anyhow::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next().context("read the queue")? {
        let changed_at: String = row.get("changed_at")?;
        visit(QueueRow {
            id: row.get("id")?,
            employee_id: row.get("employee_id")?,
            kind: list::kind(row)?,
            state: list::state(row)?,
            attempt: row.get("attempt")?,
            payload: row.get("payload")?,
            payload_hash: row.get("payload_hash")?,
            evidence: row.get("evidence")?,
            changed_on: changed_at.chars().take(DATE_CHARS).collect(),
            retried: row.get("retried")?,
        });
    }
    Ok(())
}

fn close(journal: &mut Journal<'_>, closing: &Closing, by: &str) -> anyhow::Result<()> {
    let QueueRow { id, state, attempt, payload_hash, .. } = &closing.row;
    let ticket = Ticket { id: *id, state: *state, attempt: *attempt, payload_hash: payload_hash.clone() };
    let moved = journal.step(&ticket, Step::new(closing.command, by, &closing.reason))?;
    let words = state.words();
    ensure!(moved.is_done(), "queue item {id} is no longer {words}: it changed while the night was queued");
    Ok(())
}

fn propose(journal: &mut Journal<'_>, proposal: &Proposal<'_>, by: &str) -> anyhow::Result<()> {
    let Proposal { correction, payload, evidence, payload_hash, reason, suspect } = proposal;
    let item = NewItem {
        employee_id: correction.employee_id.as_str(),
        kind: correction.kind(),
        payload,
        payload_hash,
        evidence,
        effective: correction.effective,
        yearly_difference: correction.yearly_difference,
        reason,
    };
    let id = journal.propose(&item, by)?;
    if *suspect {
        let ticket = Ticket { id, state: ItemState::Proposed, attempt: 0, payload_hash: payload_hash.clone() };
        let moved = journal.step(&ticket, Step::new(Command::Suspect, by, reason))?;
        ensure!(moved.is_done(), "queue item {id} could not be put in doubt");
    }
    Ok(())
}

#[cfg(test)]
mod stored_tests;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
pub(crate) mod tests;
