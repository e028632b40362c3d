//! How an item begins: one row, with its audit row, in the transaction of whoever wants it.

use anyhow::Context as _;
use chrono::NaiveDate;
use rusqlite::params;

use crate::chain::audit::Content;
use crate::queue::life::journal::Journal;
use tieout_model::correction::CorrectionKind;
use tieout_model::money::{Currency, Money};

/// An item that is not there yet.
pub(in crate::queue) struct NewItem<'a> {
    pub employee_id: &'a str,
    pub kind: CorrectionKind,
    pub payload: &'a str,
    /// SHA-256 of payload and evidence, hex.
    pub payload_hash: &'a str,
    pub evidence: &'a str,
    pub effective: Option<NaiveDate>,
    pub yearly_difference: Option<(Money, Currency)>,
    pub reason: &'a str,
}

impl Journal<'_> {
    /// Writes the item as proposed; gives its id. Errors: a live item in its place.
    pub fn propose(&mut self, item: &NewItem<'_>, by: &str) -> anyhow::Result<i64> {
        let transaction = self.transaction();
        let mut insert = transaction.prepare_cached(
            "INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, effective, yearly_difference,
                 currency, created_at, created_by, changed_at, reason)
             VALUES (?1, ?2, 'proposed', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9, ?11)",
        )?;
        let effective = item.effective.map(|d| d.to_string());
        let content = Content {
            employee_id: item.employee_id,
            kind: item.kind.name(),
            effective: effective.as_deref(),
            yearly_difference: item.yearly_difference.map(|(amount, _)| amount.0),
            currency: item.yearly_difference.as_ref().map(|(_, currency)| currency.code()),
            created_at: self.now(),
            created_by: by,
        };
        let columns = params![
            content.employee_id,
            content.kind,
            item.payload,
            item.payload_hash,
            item.evidence,
            content.effective,
            content.yearly_difference,
            content.currency,
            content.created_at,
            content.created_by,
            item.reason,
        ];
        insert.execute(columns).context("write a queue item")?;
        drop(insert);
        let (id, detail) = (transaction.last_insert_rowid(), content.detail(item.reason));
        self.proposed(id, by, item.payload_hash, &detail)?;
        Ok(id)
    }
}
