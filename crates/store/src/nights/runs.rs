//! Past runs: when, how they ended, what they found, and the figures that the next night's guards compare with.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::chain::audit::{Entry, NO_ITEM, Tail};
use crate::queue::Unread;
use crate::{Store, parse_time, time_text};
use tieout_model::control::{BaseLine, PeriodsByGroup};
use tieout_model::hash::sha256_hex;

/// Who stands in the audit for the end of a run.
const RUN: &str = "run";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMode {
    Live,
    Dry,
}

/// A run as it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun<'a> {
    /// Blank until the inputs are known.
    pub run_id: &'a str,
    pub as_of: NaiveDate,
    pub mode: RunMode,
    pub started_at: DateTime<Utc>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEnd {
    /// From the inputs: the same inputs give the same id.
    pub run_id: String,
    pub ended_at: DateTime<Utc>,
    pub exit_code: u8,
    /// Every source was read in full.
    pub complete: bool,
    /// Totals tie out and no guard stopped it.
    pub good: bool,
    pub snapshot: Option<String>,
    pub payroll_hash: Option<String>,
    pub findings: u64,
    pub calls: u64,
    pub corrections: u64,
    pub summary: RunSummary,
}

/// The figures of a run that later nights look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    pub baseline: BaseLine,
    /// The pay period of each pay group; what earlier versions noted has none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub periods: PeriodsByGroup,
    /// Exposure to date by currency code and direction (`USD under-collected`), decimal text of counts of 1/10,000.
    #[serde(default)]
    pub exposure: BTreeMap<String, String>,
    /// Why a person took this night as the new base line of the guards although it swung.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_swing: Option<String>,
    /// What could not be read of people whose changes wait, by employee id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unread: BTreeMap<String, Unread>,
    /// Benbase ids that the crosswalk gave to another person than it did → the snapshot that shows whose they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub foreign_links: BTreeMap<String, String>,
}

/// What earlier nights say of whose Benbase ids are whose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastLinks {
    /// Of the last night that judged another snapshot than tonight's.
    pub snapshot: Option<String>,
    /// See [`RunSummary::foreign_links`].
    pub foreign: BTreeMap<String, String>,
}

/// A run as `tieout runs` lists it. What only an ended run knows is `None` before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunRow {
    pub id: i64,
    pub run_id: String,
    pub as_of: NaiveDate,
    /// `live`, `dry`.
    pub mode: String,
    pub started_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub exit_code: Option<u8>,
    pub complete: Option<bool>,
    pub good: Option<bool>,
    pub snapshot: Option<String>,
    pub findings: Option<i64>,
    pub calls: Option<i64>,
    pub corrections: Option<i64>,
    pub summary: Option<RunSummary>,
}

impl Store {
    /// Notes that a run began; returns its row id.
    pub fn begin_run(&mut self, run: &NewRun<'_>) -> anyhow::Result<i64> {
        let transaction = self.transaction()?;
        let id: i64 = transaction.query_row("SELECT coalesce(max(id), 0) + 1 FROM run", [], |row| row.get(0))?;
        let sql = "INSERT INTO run (id, run_id, as_of, mode, started_at) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = params![id, run.run_id, run.as_of.to_string(), run.mode.name(), time_text(run.started_at)];
        transaction.execute(sql, row)?;
        transaction.commit().context("commit the beginning of the run")?;
        Ok(id)
    }

    /// Notes how the run `id` ended; of a live one in the audit chain too, so that its head and length move with each
    /// night, also where nothing was queued.
    pub fn finish_run(&mut self, id: i64, end: &RunEnd) -> anyhow::Result<()> {
        let summary = serde_json::to_string(&end.summary).context("write the summary of the run")?;
        let count = |n: u64| i64::try_from(n).context("a count of the run is too great for the database");
        let sql = "UPDATE run SET ended_at = ?2, exit_code = ?3, complete = ?4, good = ?5, snapshot = ?6,
                       payroll_hash = ?7, population = ?8, findings = ?9, calls = ?10, corrections = ?11, summary = ?12,
                       run_id = ?13
                   WHERE id = ?1";
        let transaction = self.transaction()?;
        transaction.execute(
            sql,
            params![
                id,
                time_text(end.ended_at),
                end.exit_code,
                end.complete,
                end.good,
                end.snapshot,
                end.payroll_hash,
                count(end.summary.baseline.population)?,
                count(end.findings)?,
                count(end.calls)?,
                count(end.corrections)?,
                summary,
                end.run_id
            ],
        )?;
        chain(&transaction, id, &time_text(end.ended_at))?;
        transaction.commit().context("commit the end of the run")?;
        self.anchor()
    }

    /// Notes that the run `id` ended without a result: refused, stopped or failed; of a live one in the audit chain
    /// too.
    pub fn fail_run(&mut self, id: i64, exit_code: u8, ended_at: DateTime<Utc>) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        let sql = "UPDATE run SET ended_at = ?2, exit_code = ?3 WHERE id = ?1";
        transaction.execute(sql, params![id, time_text(ended_at), exit_code])?;
        chain(&transaction, id, &time_text(ended_at))?;
        transaction.commit().context("commit the end of the run")?;
        self.anchor()
    }

    /// When the newest run began, by its own clock; `None`: there was none.
    pub fn last_start(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let sql = "SELECT max(started_at) FROM run";
        let started_at: Option<String> = self.connection().query_row(sql, [], |row| row.get(0))?;
        started_at.as_deref().map(parse_time).transpose()
    }

    /// The newest runs, newest first.
    pub fn runs(&self, rows_max: u32) -> anyhow::Result<Vec<RunRow>> {
        let sql = "SELECT id, run_id, as_of, mode, started_at, ended_at, exit_code, complete, good, snapshot, findings,
                          calls, corrections, summary
                   FROM run ORDER BY id DESC LIMIT ?1";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query(params![rows_max])?;
        let mut runs = Vec::new();
        while let Some(row) = rows.next().context("read the past runs")? {
            runs.push(run_row(row)?);
        }
        Ok(runs)
    }
}

/// Appends the end of a live run to the audit chain, with the hash of its row.
fn chain(transaction: &Transaction<'_>, id: i64, at: &str) -> anyhow::Result<()> {
    let sql = "SELECT run_id, as_of, exit_code, json_array(id, run_id, as_of, mode, started_at, ended_at, exit_code, complete,
                      good, snapshot, payroll_hash, population, findings, calls, corrections, summary)
               FROM run WHERE id = ?1 AND mode = ?2";
    let read = |row: &rusqlite::Row<'_>| {
        let (run_id, as_of, exit_code): (String, String, u8) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let run_id = if run_id.is_empty() { "without a result".to_owned() } else { run_id };
        Ok((format!("run {id} ({run_id}) for {as_of}, exit {exit_code}"), sha256_hex(row.get_ref(3)?.as_str()?)))
    };
    let found = transaction.query_row(sql, params![id, RunMode::Live.name()], read).optional();
    let Some((detail, payload_hash)) = found.context("read the run that ended")? else { return Ok(()) };
    let mut tail = Tail::open(transaction)?;
    let (by, item, event) = (RUN, NO_ITEM, "run");
    let (payload_hash, detail) = (payload_hash.as_str(), detail.as_str());
    tail.append(
        transaction,
        &Entry { at, by, item, event, from_state: None, to_state: "ended", payload_hash, detail },
    )?;
    tail.close(transaction)
}

fn run_row(row: &rusqlite::Row<'_>) -> anyhow::Result<RunRow> {
    let as_of: String = row.get("as_of")?;
    let (started_at, ended_at): (String, Option<String>) = (row.get("started_at")?, row.get("ended_at")?);
    let summary: Option<String> = row.get("summary")?;
    Ok(RunRow {
        id: row.get("id")?,
        run_id: row.get("run_id")?,
        as_of: as_of.parse().with_context(|| format!("the database holds the day {as_of:?}"))?,
        mode: row.get("mode")?,
        started_at: parse_time(&started_at)?,
        ended_at: ended_at.as_deref().map(parse_time).transpose()?,
        exit_code: row.get("exit_code")?,
        complete: row.get("complete")?,
        good: row.get("good")?,
        snapshot: row.get("snapshot")?,
        findings: row.get("findings")?,
        calls: row.get("calls")?,
        corrections: row.get("corrections")?,
        summary: summary.as_deref().map(parse_summary).transpose()?,
    })
}

pub(crate) fn parse_summary(text: &str) -> anyhow::Result<RunSummary> {
    serde_json::from_str(text).context("read the summary of a past run from the database")
}

impl RunMode {
    pub fn name(self) -> &'static str {
        match self {
            RunMode::Live => "live",
            RunMode::Dry => "dry",
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::ChainVerdict;
    use crate::tests::at;
    use tieout_model::balance::PayPeriod;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
    }

    pub(crate) fn end(population: u64, good: bool) -> RunEnd {
        RunEnd {
            run_id: "r".to_owned(),
            ended_at: at(90),
            exit_code: 1,
            complete: true,
            good,
            snapshot: Some("2026-03-30-aa".into()),
            payroll_hash: None,
            findings: 3,
            calls: 7,
            corrections: 2,
            summary: RunSummary { baseline: BaseLine { population, ..BaseLine::default() }, ..RunSummary::default() },
        }
    }

    fn run(store: &mut Store, as_of: NaiveDate, mode: RunMode, population: u64, good: bool) {
        let started_at = as_of.and_time(chrono::NaiveTime::MIN).and_utc();
        let id = store.begin_run(&NewRun { run_id: "r", as_of, mode, started_at }).expect("begins");
        store.finish_run(id, &end(population, good)).expect("ends");
    }

    #[test]
    fn the_base_line_is_the_newest_good_live_run_of_an_earlier_day() {
        let mut store = Store::in_memory().expect("opens");
        assert_eq!(store.last_good(day(31), &PeriodsByGroup::new()).expect("reads"), None);
        run(&mut store, day(28), RunMode::Live, 28, true);
        run(&mut store, day(29), RunMode::Live, 29, false);
        run(&mut store, day(30), RunMode::Dry, 30, true);
        run(&mut store, day(31), RunMode::Live, 31, true);
        let population = |store: &Store, as_of| {
            store.last_good(as_of, &PeriodsByGroup::new()).expect("reads").map(|good| good.population)
        };
        assert_eq!(population(&store, day(31)), Some(28));
        assert_eq!(population(&store, day(28)), None);
        let new = NewRun { run_id: "r", as_of: day(31), mode: RunMode::Live, started_at: at(0) };
        let id = store.begin_run(&new).expect("begins");
        let mut accepted = end(99, true);
        accepted.summary.accepted_swing = Some("the Leeds office joined".to_owned());
        store.finish_run(id, &accepted).expect("ends");
        assert_eq!(population(&store, day(31)), Some(99), "a repetition need not be accepted again");
        assert_eq!(population(&store, day(30)), Some(28));
    }

    #[test]
    fn files_of_pay_groups_in_turn_are_compared_each_with_its_own() {
        let mut store = Store::in_memory().expect("opens");
        let of = |group: &str, end: u32| {
            let period = PayPeriod { start: Some(day(end - 6)), end: day(end) };
            PeriodsByGroup::from([(group.to_owned(), period)])
        };
        for (as_of, group, end, people) in [(8, "weekly", 7, 70), (9, "monthly", 8, 12), (15, "weekly", 14, 71)] {
            let started_at = day(as_of).and_time(chrono::NaiveTime::MIN).and_utc();
            let new = NewRun { run_id: "r", as_of: day(as_of), mode: RunMode::Live, started_at };
            let id = store.begin_run(&new).expect("begins");
            let mut end_of_run = end_of(people, of(group, end));
            end_of_run.payroll_hash = Some(format!("hash of {as_of}"));
            store.finish_run(id, &end_of_run).expect("ends");
        }
        let tonight = of("weekly", 21);
        let population =
            |groups: &PeriodsByGroup| store.last_good(day(22), groups).expect("reads").map(|good| good.population);
        assert_eq!(population(&tonight), Some(71));
        assert_eq!(population(&of("monthly", 21)), Some(12));
        assert_eq!(population(&of("daily", 21)), None, "nothing of that group was read before");
        let past = store.past_periods(day(22), Some("hash of 8"), &tonight).expect("reads");
        let ends: Vec<_> = past.earlier["weekly"].iter().map(|period| period.end).collect();
        assert_eq!(ends, [day(14), day(7)]);
        assert_eq!(past.same_file["weekly"].end, day(7));
    }

    fn end_of(population: u64, periods: PeriodsByGroup) -> RunEnd {
        let mut end = end(population, true);
        end.summary.periods = periods;
        end
    }

    #[test]
    fn each_live_run_lengthens_the_audit_chain_however_it_ends_and_a_dry_one_does_not() {
        let mut store = Store::in_memory().expect("opens");
        run(&mut store, day(28), RunMode::Live, 28, true);
        run(&mut store, day(29), RunMode::Dry, 29, true);
        let new = NewRun { run_id: "", as_of: day(30), mode: RunMode::Live, started_at: at(0) };
        let id = store.begin_run(&new).expect("begins");
        store.fail_run(id, 2, at(1)).expect("ends");
        let story = store.audit_of(NO_ITEM).expect("reads");
        let told: Vec<_> = story.iter().map(|row| (row.event.as_str(), row.detail.as_str())).collect();
        let expected = ["run 1 (r) for 2026-03-28, exit 1", "run 3 (without a result) for 2026-03-30, exit 2"];
        assert_eq!(told, expected.map(|detail| ("run", detail)));
        assert_ne!(story[0].payload_hash, story[1].payload_hash);
        assert!(matches!(store.audit_verify().expect("reads"), ChainVerdict::Whole { entries: 2, .. }));
    }

    #[test]
    fn runs_are_listed_newest_first_and_an_unfinished_one_says_so() {
        let mut store = Store::in_memory().expect("opens");
        run(&mut store, day(30), RunMode::Live, 40, true);
        let new = NewRun { run_id: "second", as_of: day(31), mode: RunMode::Live, started_at: at(0) };
        store.begin_run(&new).expect("begins");
        let runs = store.runs(10).expect("reads");
        let shown: Vec<_> = runs.iter().map(|run| (run.run_id.as_str(), run.exit_code, run.findings)).collect();
        assert_eq!(shown, [("second", None, None), ("r", Some(1), Some(3))]);
    }

    #[test]
    fn a_run_that_was_refused_is_listed_and_one_for_a_day_long_past_is_no_base_line() {
        let mut store = Store::in_memory().expect("opens");
        let new = NewRun { run_id: "", as_of: day(31), mode: RunMode::Live, started_at: at(0) };
        let id = store.begin_run(&new).expect("begins");
        store.fail_run(id, 2, at(1)).expect("ends");
        assert_eq!(store.runs(10).expect("reads")[0].exit_code, Some(2));
        assert_eq!(store.last_start().expect("reads"), Some(at(0)));
        let past = NewRun { as_of: day(20), ..new };
        let id = store.begin_run(&past).expect("begins");
        store.finish_run(id, &end(20, true)).expect("ends");
        assert_eq!(store.last_good(day(31), &PeriodsByGroup::new()).expect("reads"), None);
    }
}
