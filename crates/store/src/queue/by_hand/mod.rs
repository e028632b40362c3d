//! Items that people prepare themselves: changes of Oyster benefits. A new one takes the place of the one before it, as
//! long as nothing of that has left the house.

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use crate::Store;
use crate::queue::life::Command;
use crate::queue::life::journal::Step;
use crate::queue::list::{Item, items};
use crate::queue::wanted::propose::NewItem;
use crate::queue::{ItemState, Moved};
use tieout_model::correction::CorrectionKind;
use tieout_model::correction::evidence::hash_texts;

/// What somebody wants changed at Oyster.
#[derive(Clone, Copy, Debug)]
pub struct ByHand<'a> {
    /// Whom it is about, as the lists name them.
    pub employee_id: &'a str,
    /// One of Oyster's.
    pub kind: CorrectionKind,
    pub engagement_id: &'a str,
    /// Of a request.
    pub plan_id: Option<&'a str>,
    /// JSON.
    pub payload: &'a str,
    pub evidence: &'a str,
    /// Who prepares it; they may not approve it.
    pub by: &'a str,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    Queued {
        item: i64,
        /// The item whose place it took.
        superseded: Option<i64>,
    },
    /// A live item says exactly this.
    AlreadyQueued { item: i64, state: ItemState },
    /// A live item is on its way or in doubt: no second one until that is settled.
    Busy { item: i64, state: ItemState },
}

impl Store {
    /// Proposes a change at Oyster in one transaction with its audit row; a live item of the same engagement (and plan)
    /// that nobody has begun to send gives way to it.
    pub fn prepare_by_hand(&mut self, wanted: &ByHand<'_>, now: DateTime<Utc>) -> anyhow::Result<Prepared> {
        ensure!(wanted.kind.is_oyster(), "a {} is derived by the night, not prepared by hand", wanted.kind.name());
        ensure!(!wanted.by.trim().is_empty(), "a change needs the name of whoever prepares it");
        let payload_hash = hash_texts(wanted.payload, wanted.evidence);
        let mut journal = self.journal(now)?;
        let live = live_item(journal.transaction(), wanted)?;
        let mut reason = String::new();
        if let Some(live) = &live {
            let (item, state) = (live.id, live.state);
            match () {
                () if live.payload_hash == payload_hash => return Ok(Prepared::AlreadyQueued { item, state }),
                () if !state.may_close() => return Ok(Prepared::Busy { item, state }),
                () => {}
            }
            reason = format!("in place of item {item}, which held other values or was prepared for another state");
            let gone = "another change of the engagement was prepared in its place";
            let moved = journal.step(&live.ticket(), Step::new(Command::Supersede, wanted.by, gone))?;
            ensure!(moved == Moved::Done, "queue item {item} changed while it was looked at: try again");
        }
        let new = NewItem {
            employee_id: wanted.employee_id,
            kind: wanted.kind,
            payload: wanted.payload,
            payload_hash: &payload_hash,
            evidence: wanted.evidence,
            effective: None,
            yearly_difference: None,
            reason: &reason,
        };
        let item = journal.propose(&new, wanted.by)?;
        journal.commit()?;
        self.anchor()?;
        Ok(Prepared::Queued { item, superseded: live.map(|live| live.id) })
    }
}

fn live_item(connection: &Connection, wanted: &ByHand<'_>) -> anyhow::Result<Option<Item>> {
    let rest = "WHERE kind = ?1 AND payload ->> '$.engagement_id' = ?2 AND coalesce(payload ->> '$.plan_id', '') = ?3
                AND state IN ('proposed', 'approved', 'sending', 'in_doubt')";
    let place = params![wanted.kind.name(), wanted.engagement_id, wanted.plan_id.unwrap_or_default()];
    let found = items(connection, rest, place).context("look for a live change of the engagement")?;
    Ok(found.into_iter().next())
}

#[cfg(test)]
mod tests;
