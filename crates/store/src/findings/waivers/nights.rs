//! What a night leaves behind for waivers: how its findings stand, and which of them were waived.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::NaiveDate;
use rusqlite::{Row, params};

use super::{amount, columns_of};
use crate::Store;
use tieout_model::ids::PayrollId;
use tieout_model::waiver::{Accepted, Stand};

/// A finding of the newest night, as somebody may waive it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingFinding {
    pub id: String,
    /// Blank: it stands alone.
    pub group_id: String,
    pub code: String,
    pub employee_id: PayrollId,
    pub benefit: String,
    pub stand: Stand,
}

impl Store {
    /// The finding of the newest recorded night with this id, or those of the group.
    pub fn standing(&self, finding_or_group: &str) -> anyhow::Result<Vec<StandingFinding>> {
        let sql = "SELECT finding_id, group_id, code, employee_id, benefit, cause, amount, stand.currency AS currency
                   FROM stand JOIN finding ON finding.id = finding_id
                   WHERE ?1 <> '' AND (finding_id = ?1 OR group_id = ?1) ORDER BY finding_id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([finding_or_group])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().context("read the findings of the newest night")? {
            found.push(standing(row).context("read a finding of the newest night")?);
        }
        Ok(found)
    }

    /// The findings that were waived in the newest recorded night before `as_of`, and what they cost then.
    pub fn waived_before(&self, as_of: NaiveDate) -> anyhow::Result<Accepted> {
        let sql =
            "SELECT finding_id, iif(night < ?1, amount, before_amount), iif(night < ?1, currency, before_currency)
                   FROM waived_night WHERE iif(night < ?1, held, before_held) = 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([as_of.to_string()])?;
        let mut accepted = Accepted::new();
        while let Some(row) = rows.next().context("read what was waived in earlier nights")? {
            accepted.insert(row.get(0)?, amount(row.get(1)?, row.get(2)?)?);
        }
        Ok(accepted)
    }

    /// Remembers how the findings of a night stand, by id with their groups, and which of them are waived.
    pub fn record_stands(
        &mut self,
        as_of: NaiveDate,
        stands: &BTreeMap<&str, (Stand, &str)>,
        waived: &BTreeSet<&str>,
    ) -> anyhow::Result<()> {
        let known = self.ever_waived()?;
        let transaction = self.transaction()?;
        transaction.execute("DELETE FROM stand", []).context("forget the findings of the last night")?;
        let sql = "INSERT INTO stand (finding_id, group_id, cause, amount, currency) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut put = transaction.prepare_cached(sql)?;
        let sql = "INSERT INTO waived_night (finding_id, night, held, amount, currency, before_held)
                   VALUES (?1, ?2, ?3, ?4, ?5, 0)
                   ON CONFLICT DO UPDATE SET
                       before_held = iif(night < excluded.night, held, before_held),
                       before_amount = iif(night < excluded.night, amount, before_amount),
                       before_currency = iif(night < excluded.night, currency, before_currency),
                       night = excluded.night, held = excluded.held, amount = excluded.amount,
                       currency = excluded.currency";
        let mut note = transaction.prepare_cached(sql)?;
        let night = as_of.to_string();
        for (id, (stand, group_id)) in stands {
            let (counts, currency) = columns_of(stand.amount.as_ref());
            put.execute(params![id, group_id, stand.cause, counts, currency]).context("write how a finding stands")?;
            if waived.contains(id) || known.contains(*id) {
                note.execute(params![id, night, waived.contains(id), counts, currency])
                    .context("note what is waived")?;
            }
        }
        drop((put, note));
        transaction.commit().context("commit how the findings stand")
    }

    fn ever_waived(&self) -> anyhow::Result<BTreeSet<String>> {
        let mut statement = self.connection().prepare_cached("SELECT finding_id FROM waived_night")?;
        let ids = statement.query_map([], |row| row.get(0))?;
        ids.collect::<Result<_, _>>().context("read what was ever waived")
    }
}

fn standing(row: &Row<'_>) -> anyhow::Result<StandingFinding> {
    let amount = amount(row.get("amount")?, row.get("currency")?)?;
    Ok(StandingFinding {
        id: row.get("finding_id")?,
        group_id: row.get("group_id")?,
        code: row.get("code")?,
        employee_id: PayrollId::new(row.get::<_, String>("employee_id")?),
        benefit: row.get("benefit")?,
        stand: Stand { cause: row.get("cause")?, amount, is_left_over: false },
    })
}
