//! Waivers: what people accept for a time, never changed and never deleted, and an entry of the audit chain for each;
//! and how the findings of the newest night stand, which is what is accepted. Whether a waiver holds is the model's
//! business.

mod nights;

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use rusqlite::{Row, Transaction, params};

use crate::chain::audit::{Entry, NO_ITEM, Tail};
use crate::{Store, parse_time, time_text};
use tieout_model::hash::sha256_hex;
use tieout_model::money::{Currency, Money};
use tieout_model::waiver::{Grant, Stand, Waiver, governing};

pub use nights::StandingFinding;

/// Why a waiver no longer counts before it has expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    pub by: String,
    pub at: DateTime<Utc>,
    pub reason: String,
}

impl Store {
    /// Takes up what is accepted in one transaction, and gives the numbers of the waivers. `note`: who typed it, for
    /// the audit chain.
    pub fn waive(&mut self, grants: &[Grant], note: &str, now: DateTime<Utc>) -> anyhow::Result<Vec<i64>> {
        let transaction = self.transaction()?;
        let mut tail = Tail::open(&transaction)?;
        let at = time_text(now);
        let mut ids = Vec::new();
        for grant in grants {
            let id = insert(&transaction, grant, &at)?;
            let (detail, hash) = (detail(id, grant, note), content_hash(id, grant));
            let entry = Entry {
                at: &at,
                by: &grant.by,
                item: NO_ITEM,
                event: "waive",
                from_state: None,
                to_state: "waived",
                payload_hash: &hash,
                detail: &detail,
            };
            tail.append(&transaction, &entry)?;
            ids.push(id);
        }
        tail.close(&transaction)?;
        transaction.commit().context("commit the waivers")?;
        self.anchor()?;
        Ok(ids)
    }

    /// Takes a waiver back: from the next night on it does not count. `false`: there is none of this number, or it was
    /// taken back before.
    pub fn revoke_waiver(
        &mut self,
        id: i64,
        by: &str,
        reason: &str,
        note: &str,
        now: DateTime<Utc>,
    ) -> anyhow::Result<bool> {
        let transaction = self.transaction()?;
        let at = time_text(now);
        let sql = "UPDATE waiver SET revoked_by = ?2, revoked_at = ?3, revoked_reason = ?4
                   WHERE id = ?1 AND revoked_by IS NULL";
        if transaction.execute(sql, params![id, by, at, reason]).context("take back the waiver")? == 0 {
            return Ok(false);
        }
        let mut tail = Tail::open(&transaction)?;
        let (detail, hash) = (format!("waiver {id}: {reason}; {note}"), sha256_hex(format!("revoke waiver {id}")));
        let entry = Entry {
            at: &at,
            by,
            item: NO_ITEM,
            event: "revoke waiver",
            from_state: Some("waived"),
            to_state: "revoked",
            payload_hash: &hash,
            detail: &detail,
        };
        tail.append(&transaction, &entry)?;
        tail.close(&transaction)?;
        transaction.commit().context("commit the end of the waiver")?;
        self.anchor()?;
        Ok(true)
    }

    /// The waivers that were not taken back, expired ones among them, by number, each with those of its findings that
    /// no newer waiver speaks of: one that was replaced never comes back, whatever becomes of the newer.
    pub fn waivers(&self) -> anyhow::Result<Vec<Waiver>> {
        let all = self.all_waivers()?;
        let governing = governing(all.iter().map(|(waiver, _)| waiver));
        let standing = all.iter().filter(|(_, revoked)| revoked.is_none()).map(|(waiver, _)| {
            let mut waiver = waiver.clone();
            waiver.grant.findings.retain(|id, _| governing[id.as_str()].id == waiver.id);
            waiver
        });
        Ok(standing.filter(|waiver| !waiver.grant.findings.is_empty()).collect())
    }

    /// Every waiver that there ever was, by number.
    pub fn all_waivers(&self) -> anyhow::Result<Vec<(Waiver, Option<Revoked>)>> {
        let sql = "SELECT id, group_id, reason, until, cap, currency, by, at, revoked_by, revoked_at, revoked_reason
                   FROM waiver ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut waivers = BTreeMap::new();
        while let Some(row) = rows.next().context("read the waivers")? {
            let (waiver, revoked) = read(row).context("read a waiver")?;
            waivers.insert(waiver.id, (waiver, revoked));
        }
        let mut statement = self
            .connection()
            .prepare_cached("SELECT waiver, finding_id, cause, amount, currency FROM waiver_finding")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next().context("read the findings of the waivers")? {
            if let Some((waiver, _)) = waivers.get_mut(&row.get::<_, i64>(0)?) {
                let stand =
                    Stand { cause: row.get(2)?, amount: amount(row.get(3)?, row.get(4)?)?, is_left_over: false };
                waiver.grant.findings.insert(row.get(1)?, stand);
            }
        }
        Ok(waivers.into_values().collect())
    }
}

fn insert(transaction: &Transaction<'_>, grant: &Grant, at: &str) -> anyhow::Result<i64> {
    let sql = "INSERT INTO waiver (group_id, reason, until, cap, currency, by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (cap, currency) = (grant.cap.map(|(cap, _)| cap.0), grant.cap.as_ref().map(|(_, currency)| currency.code()));
    let until = grant.until.to_string();
    let columns = params![grant.group_id, grant.reason, until, cap, currency, grant.by, at];
    transaction.execute(sql, columns).context("write a waiver")?;
    let id = transaction.last_insert_rowid();
    let sql = "INSERT INTO waiver_finding (waiver, finding_id, cause, amount, currency) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut put = transaction.prepare_cached(sql)?;
    for (finding_id, stand) in &grant.findings {
        let (counts, currency) = columns_of(stand.amount.as_ref());
        put.execute(params![id, finding_id, stand.cause, counts, currency]).context("write a finding of a waiver")?;
    }
    Ok(id)
}

/// An amount as the tables hold it: counts of 1/10,000 as text, for a sum may be greater than their integers, and its
/// currency.
fn columns_of(amount: Option<&(i128, Currency)>) -> (Option<String>, Option<&str>) {
    (amount.map(|(counts, _)| counts.to_string()), amount.map(|(_, currency)| currency.code()))
}

/// The reverse of [`columns_of`].
fn amount(counts: Option<String>, currency: Option<String>) -> anyhow::Result<Option<(i128, Currency)>> {
    let counts = counts.map(|text| text.parse().context("the database holds an amount that is none")).transpose()?;
    Ok(counts.zip(currency.as_deref().and_then(Currency::parse)))
}

fn detail(id: i64, grant: &Grant, note: &str) -> String {
    let cap = grant.cap.map(|(cap, currency)| format!(", cap {} {currency}", cap.to_text(currency.decimals())));
    let subject = match grant.finding_alone() {
        Some(finding) => finding.to_owned(),
        None => format!("{} with {} findings", grant.group_id, grant.findings.len()),
    };
    let (until, reason) = (grant.until, &grant.reason);
    format!("waiver {id} of {subject} until {until}{}: {reason}; {note}", cap.unwrap_or_default())
}

/// Over all that is fixed of a waiver.
fn content_hash(id: i64, grant: &Grant) -> String {
    let cap = grant.cap.map(|(cap, currency)| format!("{} {currency}", cap.0)).unwrap_or_default();
    let mut parts = vec![id.to_string(), grant.group_id.clone(), grant.until.to_string(), cap, grant.reason.clone()];
    parts.extend(grant.findings.iter().map(|(finding_id, stand)| format!("{finding_id} {}", stand.cause)));
    sha256_hex(parts.join("\u{1f}"))
}

fn read(row: &Row<'_>) -> anyhow::Result<(Waiver, Option<Revoked>)> {
    let (until, currency): (String, Option<String>) = (row.get("until")?, row.get("currency")?);
    let currency = currency
        .map(|code| Currency::parse(&code).with_context(|| format!("the database holds the currency {code:?}")))
        .transpose()?;
    let cap: Option<i64> = row.get("cap")?;
    let grant = Grant {
        group_id: row.get("group_id")?,
        findings: BTreeMap::new(),
        reason: row.get("reason")?,
        until: until.parse().with_context(|| format!("the database holds the day {until:?}"))?,
        cap: cap.map(Money).zip(currency),
        by: row.get("by")?,
    };
    let waiver = Waiver { id: row.get("id")?, grant, at: parse_time(&row.get::<_, String>("at")?)? };
    let revoked_by: Option<String> = row.get("revoked_by")?;
    let revoked = revoked_by.map(|by| -> anyhow::Result<Revoked> {
        Ok(Revoked { by, at: parse_time(&row.get::<_, String>("revoked_at")?)?, reason: row.get("revoked_reason")? })
    });
    Ok((waiver, revoked.transpose()?))
}

#[cfg(test)]
pub(crate) mod tests;
