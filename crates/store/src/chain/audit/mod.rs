//! The audit chain: one row for every proposal, decision, void, send, outcome and resolution, and for the end of each
//! live run. Triggers refuse update and delete; each row's hash is over all its fields and the hash before it, and the
//! end of the chain is recorded beside it.
//!
//! What this notices: any change, deletion, insertion or swap of rows by somebody who does not rebuild the rest.
//! Whoever can write the file can rebuild the whole chain and its recorded end; that is noticed only by a head kept
//! elsewhere: each report prints it, and a rebuilt chain no longer holds it ([`Store::audit_position`]). Rows behind
//! the newest head kept elsewhere stay unproved.

mod verify;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use sha2::{Digest as _, Sha256};

use crate::{Store, time_text};
use tieout_model::control::BaseLine;
use tieout_model::hash::{hex, sha256_hex};

pub(crate) use verify::prove;
pub use verify::{Break, BrokenChain, ChainVerdict};

/// The end of the chain is not what was recorded: rows were removed or added by another hand. A command exits 7.
#[derive(Debug, thiserror::Error)]
#[error(
    "the audit chain ends at entry {found}, its record says {recorded}: the database was edited; run `tieout audit verify`, \
     then put back the newest backup of the state folder and run `tieout recover`"
)]
pub struct BrokenAudit {
    pub found: i64,
    pub recorded: i64,
}

/// One row of the chain as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AuditRow {
    pub id: i64,
    /// RFC 3339, UTC.
    pub at: String,
    pub by: String,
    pub item: i64,
    pub event: String,
    /// `None`: the item began.
    pub from_state: Option<String>,
    pub to_state: String,
    pub payload_hash: String,
    pub detail: String,
    pub hash: String,
}

impl Store {
    /// Hash of the newest row, hex; `None` while there is none.
    pub fn audit_head(&self) -> anyhow::Result<Option<String>> {
        let (entries, hash) = recorded(self.connection())?;
        Ok((entries > 0).then_some(hash))
    }

    /// The place of the row with this hash; `None`: the chain holds no such row. A head printed earlier must still be
    /// there.
    pub fn audit_position(&self, hash: &str) -> anyhow::Result<Option<i64>> {
        use rusqlite::OptionalExtension as _;
        let sql = "SELECT id FROM audit WHERE hash = ?1";
        self.connection().query_row(sql, [hash], |row| row.get(0)).optional().context("read the audit chain")
    }

    /// The whole story of one item, oldest first.
    pub fn audit_of(&self, item: i64) -> anyhow::Result<Vec<AuditRow>> {
        let mut statement = self.connection().prepare_cached(
            "SELECT id, at, \"by\", item, event, from_state, to_state, payload_hash, detail, hash FROM audit
             WHERE item = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([item], audit_row)?;
        rows.collect::<Result<_, _>>().context("read the audit chain")
    }
}

fn audit_row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        id: row.get("id")?,
        at: row.get("at")?,
        by: row.get("by")?,
        item: row.get("item")?,
        event: row.get("event")?,
        from_state: row.get("from_state")?,
        to_state: row.get("to_state")?,
        payload_hash: row.get("payload_hash")?,
        detail: row.get("detail")?,
        hash: row.get("hash")?,
    })
}

/// Entries and hash of the chain's end as recorded beside it.
pub(crate) fn recorded(connection: &rusqlite::Connection) -> anyhow::Result<(i64, String)> {
    let sql = "SELECT entries, hash FROM audit_head";
    let head = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional();
    if let Some(head) = head.context("read the end of the audit chain")? {
        return Ok(head);
    }
    let found = connection.query_row("SELECT count(*) FROM audit", [], |row| row.get(0))?;
    Err(BrokenAudit { found, recorded: 0 }.into())
}

/// A row to append.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub at: &'a str,
    pub by: &'a str,
    pub item: i64,
    pub event: &'a str,
    pub from_state: Option<&'a str>,
    pub to_state: &'a str,
    pub payload_hash: &'a str,
    pub detail: &'a str,
}

/// Stands for the item of an entry that is about a whole run.
pub(crate) const NO_ITEM: i64 = 0;

impl Store {
    /// Notes that a person took a night as the new base line of the guards although it swung. The entry's hash of
    /// content is that of the base line.
    pub fn accept_swing(
        &mut self,
        by: &str,
        reason: &str,
        base_line: &BaseLine,
        now: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        let mut tail = Tail::open(&transaction)?;
        let payload_hash = sha256_hex(serde_json::to_string(base_line).context("write the base line")?);
        tail.append(
            &transaction,
            &Entry {
                at: &time_text(now),
                by,
                item: NO_ITEM,
                event: "accept swing",
                from_state: None,
                to_state: "accepted",
                payload_hash: &payload_hash,
                detail: reason,
            },
        )?;
        tail.close(&transaction)?;
        transaction.commit().context("commit the acceptance of the swing")?;
        self.anchor()
    }
}

/// Before the hash of a [`Content`], at the end of a proposal's detail.
const CONTENT_MARK: &str = "content ";
const DETAIL_JOINT: &str = "; ";
/// Before the hash of the policy, at the beginning of an approval's detail.
const POLICY_MARK: &str = "policy ";

/// The detail of an approval.
pub(crate) fn approval_detail(policy_hash: &str, reason: &str) -> String {
    let joint = if reason.is_empty() { "" } else { DETAIL_JOINT };
    format!("{POLICY_MARK}{policy_hash}{joint}{reason}")
}

/// What is fixed of a queue item beside its payload and evidence, which have a hash of their own. A proposal's entry
/// carries the hash of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'a> {
    pub employee_id: &'a str,
    pub kind: &'a str,
    pub effective: Option<&'a str>,
    /// Counts of 1/10,000.
    pub yearly_difference: Option<i64>,
    pub currency: Option<&'a str>,
    pub created_at: &'a str,
    pub created_by: &'a str,
}

impl Content<'_> {
    /// The detail of the proposal.
    pub fn detail(&self, reason: &str) -> String {
        let joint = if reason.is_empty() { "" } else { DETAIL_JOINT };
        format!("{reason}{joint}{CONTENT_MARK}{}", self.hash())
    }

    fn hash(&self) -> String {
        let difference = self.yearly_difference.map(|counts| counts.to_string());
        let bytes = |text: Option<&str>| text.map(|t| t.as_bytes().to_vec());
        let fields = [
            bytes(Some(self.employee_id)),
            bytes(Some(self.kind)),
            bytes(self.effective),
            bytes(difference.as_deref()),
            bytes(self.currency),
            bytes(Some(self.created_at)),
            bytes(Some(self.created_by)),
        ];
        hash_of(fields.iter().map(Option::as_deref))
    }
}

/// The end of the chain within one transaction: read once, written once.
#[derive(Debug)]
pub(crate) struct Tail {
    entries: i64,
    recorded: i64,
    hash: String,
}

impl Tail {
    /// Errors: [`BrokenAudit`] when the rows do not end where the record says.
    pub fn open(transaction: &Transaction<'_>) -> anyhow::Result<Tail> {
        let (recorded, hash) = recorded(transaction)?;
        let sql =
            "SELECT coalesce(max(id), 0), coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), '') FROM audit";
        let (found, last): (i64, String) = transaction.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if (found, &last) != (recorded, &hash) {
            return Err(BrokenAudit { found, recorded }.into());
        }
        Ok(Tail { entries: recorded, recorded, hash })
    }

    pub fn append(&mut self, transaction: &Transaction<'_>, entry: &Entry<'_>) -> anyhow::Result<()> {
        let mut insert = transaction.prepare_cached(
            "INSERT INTO audit (id, at, \"by\", item, event, from_state, to_state, payload_hash, detail, prev, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        let Entry { at, by, item, event, from_state, to_state, payload_hash, detail } = *entry;
        let id = self.entries + 1;
        let (id_text, item_text) = (id.to_string(), item.to_string());
        let hash = link_hash(&[
            Some(id_text.as_bytes()),
            Some(at.as_bytes()),
            Some(by.as_bytes()),
            Some(item_text.as_bytes()),
            Some(event.as_bytes()),
            from_state.map(str::as_bytes),
            Some(to_state.as_bytes()),
            Some(payload_hash.as_bytes()),
            Some(detail.as_bytes()),
            Some(self.hash.as_bytes()),
        ]);
        insert
            .execute(params![id, at, by, item, event, from_state, to_state, payload_hash, detail, self.hash, hash])
            .context("append to the audit chain")?;
        (self.entries, self.hash) = (id, hash);
        Ok(())
    }

    /// Records the end, in the transaction of the rows.
    pub fn close(self, transaction: &Transaction<'_>) -> anyhow::Result<()> {
        if self.entries > self.recorded {
            let sql = "UPDATE audit_head SET entries = ?1, hash = ?2";
            transaction.execute(sql, params![self.entries, self.hash]).context("record the end of the audit chain")?;
        }
        Ok(())
    }
}

/// Columns of a row that its hash covers, in this order: all but the hash itself.
const HASHED_COLUMNS: usize = 10;

/// SHA-256 over fields, each after a mark (0 = NULL, 1 = text) and its length, so that no two rows share a text.
fn link_hash(fields: &[Option<&[u8]>; HASHED_COLUMNS]) -> String {
    hash_of(fields.iter().copied())
}

fn hash_of<'f>(fields: impl Iterator<Item = Option<&'f [u8]>>) -> String {
    let mut digest = Sha256::new();
    for field in fields {
        match field {
            None => digest.update([0]),
            Some(bytes) => {
                digest.update([1]);
                digest.update((bytes.len() as u64).to_le_bytes());
                digest.update(bytes);
            }
        }
    }
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests;
