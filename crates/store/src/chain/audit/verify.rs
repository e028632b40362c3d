//! Walks the chain from its first row and names the first link that does not hold; then holds the queue against it.

use anyhow::Context as _;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::Store;
use crate::chain::audit::{
    CONTENT_MARK, Content, DETAIL_JOINT, HASHED_COLUMNS, NO_ITEM, POLICY_MARK, link_hash, recorded,
};
use crate::chain::proof;
use tieout_model::correction::evidence::hash_texts;

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainVerdict {
    /// Every link holds. `head`: hash of the last one; `None` while there is none.
    Whole {
        entries: i64,
        head: Option<String>,
    },
    Broken(Break),
}

/// The first broken link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Of the audit row; of the queue item when the queue contradicts the chain; 0 when another table was changed.
    pub id: i64,
    /// What is wrong, in a sentence.
    pub wrong: String,
}

/// The audit chain, or what hangs on it, is not as tieout left it. A command exits 7.
#[derive(Debug, thiserror::Error)]
#[error(
    "the audit chain breaks at {}: {}; put back the newest backup of the state folder and run `tieout recover JOB \
     --reason …`",
    .0.id, .0.wrong
)]
pub struct BrokenChain(pub Break);

impl Store {
    /// Proves the chain: numbering, links, hashes, recorded end, and that each queue item is there, as its last entry
    /// says, with the content of its first and the approval that was given; and that ledger, history and past runs are
    /// as tieout left them.
    pub fn audit_verify(&self) -> anyhow::Result<ChainVerdict> {
        verify(self.connection())
    }
}

/// Errors: [`BrokenChain`].
pub(crate) fn prove(connection: &Connection) -> anyhow::Result<()> {
    match verify(connection)? {
        ChainVerdict::Whole { .. } => Ok(()),
        ChainVerdict::Broken(found) => Err(BrokenChain(found).into()),
    }
}

fn verify(connection: &Connection) -> anyhow::Result<ChainVerdict> {
    let mut statement = connection.prepare_cached(
        "SELECT id, at, \"by\", item, event, from_state, to_state, payload_hash, detail, prev, hash FROM audit
             ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let (mut entries, mut last) = (0, Vec::new());
    while let Some(row) = rows.next().context("read the audit chain")? {
        match check_row(row, entries + 1, &last)? {
            Ok(hash) => last = hash,
            Err(wrong) => return Ok(ChainVerdict::Broken(wrong)),
        }
        entries += 1;
    }
    let checks = [
        |connection: &Connection| check_queue(connection),
        |connection: &Connection| check_contents(connection),
        |connection: &Connection| check_approvals(connection),
        |connection: &Connection| check_tables(connection),
    ];
    let mut broken = check_end(connection, entries, &last)?;
    for check in checks {
        if broken.is_none() {
            broken = check(connection)?;
        }
    }
    let head = (entries > 0).then(|| String::from_utf8_lossy(&last).into_owned());
    Ok(broken.map_or(ChainVerdict::Whole { entries, head }, ChainVerdict::Broken))
}

/// What the chain does not hold row by row.
fn check_tables(connection: &Connection) -> anyhow::Result<Option<Break>> {
    Ok(proof::edited(connection)?.map(|wrong| Break { id: 0, wrong }))
}

/// The row's hash, or what is wrong with it.
fn check_row(row: &Row<'_>, expected_id: i64, last: &[u8]) -> anyhow::Result<Result<Vec<u8>, Break>> {
    let id: i64 = row.get(0)?;
    if id != expected_id {
        let wrong = format!("expected entry {expected_id}, found entry {id}: entries were removed or renumbered");
        return Ok(Err(Break { id: expected_id, wrong }));
    }
    let mut fields: [Option<Vec<u8>>; HASHED_COLUMNS] = Default::default();
    for (column, field) in fields.iter_mut().enumerate() {
        *field = bytes(row.get_ref(column)?);
    }
    let hash = bytes(row.get_ref(HASHED_COLUMNS)?).unwrap_or_default();
    let wrong = |wrong: &str| Ok(Err(Break { id, wrong: wrong.to_owned() }));
    if fields[HASHED_COLUMNS - 1].as_deref() != Some(last) {
        return wrong("it does not follow from the entry before it: entries were changed, removed, added or swapped");
    }
    if link_hash(&fields.each_ref().map(Option::as_deref)).as_bytes() != hash {
        return wrong("its content does not give its hash: it was changed");
    }
    Ok(Ok(hash))
}

/// Text as its raw bytes: an edit may leave bytes that are no UTF-8.
fn bytes(value: ValueRef<'_>) -> Option<Vec<u8>> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string().into_bytes()),
        ValueRef::Real(number) => Some(number.to_string().into_bytes()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes.to_vec()),
    }
}

fn check_end(connection: &Connection, entries: i64, last: &[u8]) -> anyhow::Result<Option<Break>> {
    let (recorded, hash) = recorded(connection)?;
    if recorded != entries {
        let wrong =
            format!("the chain has {entries} entries, its record says {recorded}: entries at the end were removed");
        return Ok(Some(Break { id: entries.min(recorded) + 1, wrong }));
    }
    Ok((hash.as_bytes() != last).then(|| Break {
        id: entries,
        wrong: "the last entry is not the one recorded as the end of the chain".to_owned(),
    }))
}

/// Queue items that are gone, or that hold something else than when they were proposed.
fn check_contents(connection: &Connection) -> anyhow::Result<Option<Break>> {
    let gone = "SELECT min(item) FROM audit WHERE item <> ?1 AND item NOT IN (SELECT id FROM queue)";
    let gone: Option<i64> =
        connection.query_row(gone, [NO_ITEM], |row| row.get(0)).context("hold the audit chain against the queue")?;
    if let Some(id) = gone {
        return Ok(Some(Break { id, wrong: format!("queue item {id} is gone: it was deleted") }));
    }
    let mut statement = connection.prepare_cached(
        "SELECT queue.id, employee_id, kind, effective, yearly_difference, currency, created_at, created_by, payload,
                evidence, queue.payload_hash, detail
         FROM queue LEFT JOIN audit ON audit.item = queue.id AND audit.event = 'propose' ORDER BY queue.id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next().context("read the queue")? {
        if let Some(what) = changed(row).context("read a queue item")? {
            let id = row.get("id")?;
            return Ok(Some(Break { id, wrong: format!("the {what} of queue item {id} was changed") }));
        }
    }
    Ok(None)
}

/// What of an item is not as it was proposed. Entries of older versions say nothing of the other fields.
fn changed(row: &Row<'_>) -> rusqlite::Result<Option<&'static str>> {
    let text = |name: &str| row.get::<_, String>(name);
    let optional = |name: &str| row.get::<_, Option<String>>(name);
    if hash_texts(&text("payload")?, &text("evidence")?) != text("payload_hash")? {
        return Ok(Some("payload or evidence"));
    }
    let (employee_id, kind, created_at, created_by) =
        (text("employee_id")?, text("kind")?, text("created_at")?, text("created_by")?);
    let (effective, currency) = (optional("effective")?, optional("currency")?);
    let content = Content {
        employee_id: &employee_id,
        kind: &kind,
        effective: effective.as_deref(),
        yearly_difference: row.get("yearly_difference")?,
        currency: currency.as_deref(),
        created_at: &created_at,
        created_by: &created_by,
    };
    let detail = optional("detail")?.unwrap_or_default();
    let said = detail.rsplit(DETAIL_JOINT).next().and_then(|last| last.strip_prefix(CONTENT_MARK));
    Ok(said.filter(|said| *said != content.hash()).map(|_| "employee, kind, date, yearly difference or preparer"))
}

/// Who approved an item, when, and the hash of the policy under which; `None` thrice: nobody did.
type Approval = [Option<Vec<u8>>; 3];

/// Queue items whose approval is not the one that the chain holds. Where the newest entry that gives or takes an
/// approval takes it, there is none.
fn check_approvals(connection: &Connection) -> anyhow::Result<Option<Break>> {
    let mut statement = connection.prepare_cached(
        "SELECT queue.id, approved_by, approved_at, policy_hash, audit.\"by\", audit.at, audit.detail
         FROM queue LEFT JOIN audit ON audit.event = 'approve' AND audit.id =
             (SELECT max(id) FROM audit WHERE item = queue.id AND (event IN ('approve', 'void', 'suspect')
                  OR event = 'resolve as not sent' AND to_state = 'proposed'))
         ORDER BY queue.id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next().context("hold the approvals against the audit chain")? {
        if approval(row)? != given(row)? {
            let id = row.get(0)?;
            let wrong = format!("the approval of queue item {id} (who, when or under which policy) was changed");
            return Ok(Some(Break { id, wrong }));
        }
    }
    Ok(None)
}

fn approval(row: &Row<'_>) -> rusqlite::Result<Approval> {
    Ok([bytes(row.get_ref(1)?), bytes(row.get_ref(2)?), bytes(row.get_ref(3)?)])
}

/// The approval as its entry tells of it.
fn given(row: &Row<'_>) -> rusqlite::Result<Approval> {
    let Some(by) = row.get::<_, Option<String>>(4)? else { return Ok(Default::default()) };
    let detail: String = row.get(6)?;
    let policy = detail.split(DETAIL_JOINT).next().and_then(|first| first.strip_prefix(POLICY_MARK));
    Ok([Some(by.trim().into()), bytes(row.get_ref(5)?), Some(policy.unwrap_or_default().into())])
}

/// Queue items whose state or content is not what the chain last said of them, or of which it never spoke.
fn check_queue(connection: &Connection) -> anyhow::Result<Option<Break>> {
    use rusqlite::OptionalExtension as _;
    let sql = "SELECT queue.id, queue.state, audit.to_state
               FROM queue LEFT JOIN audit ON audit.id = (SELECT max(id) FROM audit WHERE item = queue.id)
               WHERE CASE WHEN audit.id IS NULL
                     THEN queue.id > (SELECT items_before FROM audit_head) OR queue.state IN
                          ('approved', 'sending', 'sent', 'failed', 'in_doubt')
                     ELSE queue.state <> audit.to_state OR queue.payload_hash <> audit.payload_hash END
               ORDER BY queue.id LIMIT 1";
    let found = connection.query_row(sql, [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
    });
    let found = found.optional().context("hold the queue against the audit chain")?;
    Ok(found.map(|(id, state, said)| {
        let wrong = match said {
            Some(said) if said != state => format!("queue item {id} is {state}, the chain says {said}"),
            Some(_) => format!("queue item {id} has another content than the chain says"),
            None => format!("queue item {id} is {state}, and the chain does not know it"),
        };
        Break { id, wrong }
    }))
}
