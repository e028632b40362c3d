//! Findings as the nights have seen them: one with all that is remembered, for `tieout explain`, and the pay periods of
//! some, for the page of a report.

use anyhow::Context as _;
use rusqlite::{OptionalExtension as _, Row, params};

use chrono::NaiveDate;

use crate::Store;
use crate::database::days::Days;
use tieout_model::ids::PayrollId;
use tieout_model::money::Currency;

/// A finding's life so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastFinding {
    pub code: String,
    pub employee_id: PayrollId,
    pub benefit: String,
    pub field: String,
    /// `open`, `cleared`.
    pub status: String,
    /// Days as text, `YYYY-MM-DD`.
    pub first_seen: String,
    pub last_seen: String,
    pub cleared_on: Option<String>,
    /// Nights on which it was seen.
    pub nights_open: u32,
    /// Times that it came back.
    pub reopened: u32,
    /// Payroll periods in which it was seen, oldest first: last day, exposure in counts of 1/10,000, currency (blank:
    /// not computed).
    pub periods: Vec<(String, i64, String)>,
}

/// A pay period in which a finding was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenPeriod {
    /// Its last day.
    pub end: NaiveDate,
    /// Counts of 1/10,000; `None`: not computed.
    pub exposure: Option<(i64, Currency)>,
}

impl Store {
    /// Calls `visit` with the pay periods of each of these findings, oldest first, as the nights before `night` saw
    /// them.
    pub fn each_seen_periods<'i>(
        &self,
        night: NaiveDate,
        finding_ids: impl IntoIterator<Item = &'i str>,
        mut visit: impl FnMut(&'i str, Vec<SeenPeriod>),
    ) -> anyhow::Result<()> {
        let sql = "SELECT period_end, currency, exposure FROM (
                       SELECT period_end, currency, CASE WHEN night >= ?2 THEN before_exposure ELSE exposure END exposure
                       FROM finding_period WHERE finding_id = ?1)
                   WHERE exposure IS NOT NULL ORDER BY period_end, currency";
        let mut statement = self.connection().prepare_cached(sql)?;
        let (night, mut days) = (night.to_string(), Days::default());
        for id in finding_ids {
            let mut rows = statement.query(params![id, night])?;
            let mut periods = Vec::new();
            while let Some(row) = rows.next().context("read the periods of a finding")? {
                let end = days.read(row.get_ref(0)?.as_str()?).context("read the periods of a finding")?;
                let exposure: i64 = row.get(2)?;
                let currency = Currency::parse(row.get_ref(1)?.as_str()?);
                periods.push(SeenPeriod { end, exposure: currency.map(|currency| (exposure, currency)) });
            }
            visit(id, periods);
        }
        Ok(())
    }

    /// The finding with this id; `None` when no night recorded one.
    pub fn past_finding(&self, id: &str) -> anyhow::Result<Option<PastFinding>> {
        let sql =
            "SELECT code, employee_id, benefit, field, status, first_seen, last_seen, cleared_on, nights_open, reopened
                   FROM finding WHERE id = ?1";
        let found = self.connection().query_row(sql, params![id], past).optional().context("read the finding")?;
        let Some(mut finding) = found else { return Ok(None) };
        let sql = "SELECT period_end, exposure, currency FROM finding_period WHERE finding_id = ?1
                   ORDER BY period_end, currency";
        let mut statement = self.connection().prepare(sql)?;
        let periods = statement.query_map(params![id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        finding.periods = periods.collect::<Result<_, _>>().context("read the periods of the finding")?;
        Ok(Some(finding))
    }
}

fn past(row: &Row<'_>) -> rusqlite::Result<PastFinding> {
    Ok(PastFinding {
        code: row.get("code")?,
        employee_id: PayrollId::new(row.get::<_, String>("employee_id")?),
        benefit: row.get("benefit")?,
        field: row.get("field")?,
        status: row.get("status")?,
        first_seen: row.get("first_seen")?,
        last_seen: row.get("last_seen")?,
        cleared_on: row.get("cleared_on")?,
        nights_open: row.get("nights_open")?,
        reopened: row.get("reopened")?,
        periods: Vec::new(),
    })
}
