//! The history of findings: since when each is there, on how many nights it was seen, what it has cost over the payroll
//! periods, and which are gone. A night is looked at without writing (`preview`) and then recorded exactly as looked at
//! (`record`); a night that is repeated starts from the state before its first run, but for people whom the repetition
//! could not judge: what the earlier run of that night said of them stands. What an earlier run of the night saw and a
//! later one, having looked, does not, was there that day and is cleared. What a finding is, is `rules`' business.

mod night;
mod state;
mod tables;

use anyhow::Context as _;
use chrono::NaiveDate;

use self::night::Night;
use self::tables::Changes;
use crate::benefit_ledger::{self, NewPosting};
use crate::{Judged, Store};
use tieout_model::finding::Finding;
use tieout_model::history::{Cleared, Status};
use tieout_model::money::Currency;

/// Tonight's findings against the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingHistory {
    pub as_of: NaiveDate,
    /// One a finding, in the order given.
    pub seen: Vec<SeenFinding>,
    /// Open before tonight or found by an earlier run of it, and not found although their people were judged; sorted.
    pub cleared: Vec<Cleared>,
    /// Why nothing of this is recorded: the night is older than one that already was.
    pub warning: Option<String>,
    /// The newest of the nights that this one is recorded over, for their days are yet to come.
    pub over: Option<NaiveDate>,
    changes: Changes,
}

/// What the history says of one of tonight's findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenFinding {
    pub id: String,
    pub status: Status,
    /// It was gone at some time, and is there again.
    pub came_back: bool,
    pub first_seen: NaiveDate,
    /// Nights on which it was seen, tonight included.
    pub nights_open: u32,
    /// Payroll periods in which it was seen, tonight's included.
    pub periods_open: u32,
    /// Sum over those periods, counts of 1/10,000; `None` = never computed, or in several currencies and not in one
    /// tonight.
    pub exposure_to_date: Option<(i128, Currency)>,
    /// What of it earlier nights saw in other periods than tonight's; 0 where it is a balance.
    pub exposure_earlier: i128,
}

impl Store {
    /// Puts tonight's findings, and their ids, beside the history without writing anything. Two findings with one id (a
    /// benefit in two currencies) share their history.
    pub fn preview(
        &self,
        as_of: NaiveDate,
        ids: &[String],
        findings: &[Finding],
        judged: &Judged,
    ) -> anyhow::Result<FindingHistory> {
        self.preview_on(as_of, None, ids, findings, judged)
    }

    /// The same on a day `today`: nights recorded for later days were recorded with a clock that was ahead, and do not
    /// stop the history until those days come.
    pub fn preview_on(
        &self,
        as_of: NaiveDate,
        today: Option<NaiveDate>,
        ids: &[String],
        findings: &[Finding],
        judged: &Judged,
    ) -> anyhow::Result<FindingHistory> {
        let later = tables::newest_night(self.connection())?.filter(|newest| as_of < *newest);
        let to_come = today == Some(as_of);
        let (newer, over) = if to_come { (None, later) } else { (later, None) };
        let mut night = Night::new(as_of, newer.is_some(), judged);
        for (id, finding) in ids.iter().zip(findings) {
            night.add(id, finding).with_context(|| format!("add up the exposure of finding {id}"))?;
        }
        tables::scan_findings(self.connection(), |row| night.meet(row))?;
        tables::scan_periods(self.connection(), |row| night.meet_period(row))?;
        let seen = ids.iter().zip(findings).map(|(id, finding)| night.seen(id, finding)).collect();
        let warning = newer.map(|newer| {
            format!("{newer} is recorded already, so the night of {as_of} is shown against it and not recorded")
        });
        let (cleared, changes) = night.finish();
        Ok(FindingHistory { as_of, seen, cleared, warning, over, changes })
    }

    /// Records a night exactly as [`Store::preview`] showed it, and what it posts to the benefit ledger, in one
    /// transaction; nothing when it carries a warning.
    pub fn record(&mut self, history: &FindingHistory, posting: &NewPosting<'_>) -> anyhow::Result<()> {
        if history.warning.is_some() || (history.changes == Changes::default() && posting.pages.is_empty()) {
            return Ok(());
        }
        let transaction = self.transaction()?;
        tables::write(&transaction, &history.changes).context("record the night's findings")?;
        benefit_ledger::write(&transaction, posting).context("post to the benefit ledger")?;
        transaction.commit().context("commit the night's findings")
    }

    /// Posts what payroll took in a night that a guard stopped, and records nothing else of it.
    pub fn hold(&mut self, posting: &NewPosting<'_>) -> anyhow::Result<()> {
        if posting.pages.is_empty() {
            return Ok(());
        }
        let transaction = self.transaction()?;
        benefit_ledger::write(&transaction, posting).context("post to the benefit ledger")?;
        transaction.commit().context("commit what payroll took")
    }
}

#[cfg(test)]
mod tests;
