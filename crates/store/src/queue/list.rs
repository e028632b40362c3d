//! The queue as a listing shows it.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Params, Row, params};

use crate::queue::ItemState;
use crate::{Store, parse_time, time_text};
use tieout_model::correction::CorrectionKind;
use tieout_model::money::{Currency, Money};

/// Which items to list; `None` = any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    pub state: Option<ItemState>,
    pub kind: Option<CorrectionKind>,
    pub employee_id: Option<String>,
    /// Most items; `None` = all.
    pub items_max: Option<u32>,
}

/// One queue item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: i64,
    pub employee_id: String,
    pub kind: CorrectionKind,
    pub state: ItemState,
    /// Sends begun.
    pub attempt: i64,
    /// Body as it is sent, JSON; personal.
    pub payload: String,
    /// SHA-256 of payload and evidence, hex.
    pub payload_hash: String,
    /// Changes, findings and authority, JSON.
    pub evidence: String,
    pub effective: Option<NaiveDate>,
    /// Wanted − held pay a year, where it is known.
    pub yearly_difference: Option<(Money, Currency)>,
    pub created_at: DateTime<Utc>,
    pub created_by: String,
    pub changed_at: DateTime<Utc>,
    /// Why it is in its state; blank when the state says it all.
    pub reason: String,
    /// `None` unless it is approved or was.
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTime<Utc>>,
    /// SHA-256 of the rules under which it was approved, hex.
    pub policy_hash: Option<String>,
}

/// Before the id of an engagement that is linked to no employee, in the place of an employee id.
pub const UNLINKED: &str = "oyster:";

impl Item {
    /// Whom it is about, in words: an employee, or an engagement that is linked to none.
    pub fn subject(&self) -> String {
        match self.employee_id.strip_prefix(UNLINKED) {
            Some(engagement) => format!("engagement {engagement}"),
            None => format!("employee {}", self.employee_id),
        }
    }
}

impl Store {
    /// Items that were claimed and whose outcome is not noted.
    pub fn under_way(&self) -> anyhow::Result<u64> {
        let sql = "SELECT count(*) FROM queue WHERE state = 'sending'";
        let count: i64 = self.connection().query_row(sql, [], |row| row.get(0)).context("count what is on its way")?;
        Ok(count.unsigned_abs())
    }

    /// Items that somebody approved at `since` or later and whose approval stands, in order.
    pub fn approved_since(&self, by: &str, since: DateTime<Utc>) -> anyhow::Result<Vec<Item>> {
        let sql = "SELECT id FROM queue WHERE approved_by = ?1 AND approved_at >= ?2 ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement.query_map(params![by, time_text(since)], |row| row.get(0))?;
        let ids: Vec<i64> = ids.collect::<Result<_, _>>().context("read what was approved")?;
        Ok(self.items_by_id(ids)?.into_values().collect())
    }

    /// Number of the newest item; 0: there is none.
    pub fn queue_end(&self) -> anyhow::Result<i64> {
        let sql = "SELECT coalesce(max(id), 0) FROM queue";
        self.connection().query_row(sql, [], |row| row.get(0)).context("read the end of the queue")
    }

    /// The items that a filter lets through, oldest first.
    pub fn list_items(&self, filter: &ItemFilter) -> anyhow::Result<Vec<Item>> {
        let items_max = filter.items_max.map_or(-1, i64::from);
        let (state, kind) = (filter.state.map(ItemState::name), filter.kind.map(CorrectionKind::name));
        let rest = "WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR employee_id = ?3)
                    ORDER BY id LIMIT ?4";
        items(self.connection(), rest, params![state, kind, filter.employee_id, items_max])
    }

    /// The items with these ids; ids of no item are left out.
    pub fn items_by_id(&self, ids: impl IntoIterator<Item = i64>) -> anyhow::Result<BTreeMap<i64, Item>> {
        let mut statement = self.connection().prepare_cached(&select("WHERE id = ?1"))?;
        let mut found = BTreeMap::new();
        for id in ids {
            let mut rows = statement.query([id])?;
            if let Some(row) = rows.next().context("read the queue")? {
                found.insert(id, item(row).with_context(|| format!("read queue item {id}"))?);
            }
        }
        Ok(found)
    }
}

fn select(rest: &str) -> String {
    format!(
        "SELECT id, employee_id, kind, state, attempt, payload, payload_hash, evidence, effective, yearly_difference,
                currency, created_at, created_by, changed_at, reason, approved_by, approved_at, policy_hash
         FROM queue {rest}"
    )
}

/// Items by a condition and an order.
pub(super) fn items(connection: &Connection, rest: &str, params: impl Params) -> anyhow::Result<Vec<Item>> {
    let mut statement = connection.prepare_cached(&select(rest))?;
    let mut rows = statement.query(params)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next().context("read the queue")? {
        items.push(item(row).context("read a queue item")?);
    }
    Ok(items)
}

fn item(row: &Row<'_>) -> anyhow::Result<Item> {
    let effective: Option<String> = row.get("effective")?;
    let amount: Option<i64> = row.get("yearly_difference")?;
    let currency: Option<String> = row.get("currency")?;
    let (created_at, changed_at): (String, String) = (row.get("created_at")?, row.get("changed_at")?);
    let approved_at: Option<String> = row.get("approved_at")?;
    Ok(Item {
        id: row.get("id")?,
        employee_id: row.get("employee_id")?,
        kind: kind(row)?,
        state: state(row)?,
        attempt: row.get("attempt")?,
        payload: row.get("payload")?,
        payload_hash: row.get("payload_hash")?,
        evidence: row.get("evidence")?,
        effective: effective.map(|d| d.parse()).transpose().context("the database holds an effective date")?,
        yearly_difference: amount.map(Money).zip(currency.as_deref().and_then(Currency::parse)),
        created_at: parse_time(&created_at)?,
        created_by: row.get("created_by")?,
        changed_at: parse_time(&changed_at)?,
        reason: row.get("reason")?,
        approved_by: row.get("approved_by")?,
        approved_at: approved_at.as_deref().map(parse_time).transpose()?,
        policy_hash: row.get("policy_hash")?,
    })
}

pub(super) fn state(row: &Row<'_>) -> anyhow::Result<ItemState> {
    let text: String = row.get("state")?;
    ItemState::parse(&text)
        .with_context(|| format!("the queue holds the state {text:?}, which this tieout does not know"))
}

pub(super) fn kind(row: &Row<'_>) -> anyhow::Result<CorrectionKind> {
    let text: String = row.get("kind")?;
    CorrectionKind::parse(&text)
        .with_context(|| format!("the queue holds the kind {text:?}, which this tieout does not know"))
}
