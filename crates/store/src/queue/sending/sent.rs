//! What pushes have sent since a moment, for the caps of a day.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row};

use crate::{Store, time_text};
use tieout_model::money::Currency;

/// Items that went out, or may have, and the sums of their yearly differences, each without its sign, in counts of
/// 1/10,000.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentToday {
    pub items: u64,
    pub differences: BTreeMap<Currency, i128>,
}

/// A finding of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub field: String,
    /// It is gone.
    pub is_cleared: bool,
}

impl Store {
    /// What was sent since `since`, with what is on its way or in doubt. An item in doubt that was resolved counts on
    /// the day of its resolution, too.
    pub fn sent_since(&self, since: DateTime<Utc>) -> anyhow::Result<SentToday> {
        let mut statement = self.connection().prepare_cached(
            "SELECT currency, count(*) AS items, sum(abs(coalesce(yearly_difference, 0))) AS difference FROM queue
             WHERE state IN ('sending', 'sent', 'in_doubt') AND changed_at >= ?1 GROUP BY currency",
        )?;
        let mut rows = statement.query([time_text(since)])?;
        let mut sent_today = SentToday::default();
        while let Some(row) = rows.next().context("add up what was sent today")? {
            let (currency, items, difference): (Option<String>, i64, i64) =
                (row.get("currency")?, row.get("items")?, row.get("difference")?);
            sent_today.items += items.unsigned_abs();
            if let Some(currency) = currency.as_deref().and_then(Currency::parse) {
                *sent_today.differences.entry(currency).or_default() += i128::from(difference);
            }
        }
        Ok(sent_today)
    }

    /// What the history says of a finding; `None`: it never heard of it.
    pub fn remembered(&self, finding_id: &str) -> anyhow::Result<Option<Remembered>> {
        let sql = "SELECT field, status = 'cleared' FROM finding WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let read = |row: &Row<'_>| Ok(Remembered { field: row.get(0)?, is_cleared: row.get(1)? });
        statement.query_row([finding_id], read).optional().context("look up a finding in the history")
    }
}
