//! What runs of earlier nights say of tonight: the base line of the guards, and which periods and files were read.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use rusqlite::{OptionalExtension as _, params};

use crate::Store;
use crate::nights::runs::{LastLinks, RunSummary, parse_summary};
use tieout_model::balance::PayPeriod;
use tieout_model::control::{BaseLine, DoubtedRun, EXIT_OF_A_GUARD, PastPay, PastPeriods, PeriodsByGroup};

/// Good runs that are looked through for a pay group: two months of nights.
const GOOD_RUNS_MAX: u32 = 60;

/// Days in which other payrolls' files are looked for: two of the longest periods, and as much until they are read.
const OTHER_FILES_DAYS: u64 = 124;

struct GoodRun {
    night: NaiveDate,
    payroll_hash: Option<String>,
    summary: RunSummary,
}

/// Days by which months and the weeks of a year differ in length.
const LENGTHS_DIFFER_DAYS: i64 = 3;

/// What a run read of a pay group of tonight's. Whose frequency that run could not read stands in it under the name
/// without, and is told by the length of the period.
fn period_of(read: &PeriodsByGroup, group: &str, tonight: &PayPeriod) -> Option<PayPeriod> {
    let days = |period: &PayPeriod| Some(period.end.signed_duration_since(period.start?).num_days());
    let is_alike = |period: &&PayPeriod| {
        days(period).zip(days(tonight)).is_some_and(|(then, now)| (then - now).abs() <= LENGTHS_DIFFER_DAYS)
    };
    let without_frequency = || read.get(group.rsplit_once(", ")?.0).filter(is_alike);
    read.get(group).or_else(without_frequency).copied()
}

/// What a run says of the pay of a group.
fn past_pay(read: &PeriodsByGroup, run: &BaseLine, group: &str) -> Option<PastPay> {
    let (end, run) = (read.get(group)?.end, run.groups.get(group)?);
    let due = run.due.as_ref().unwrap_or(&run.totals).iter();
    // An earlier version noted by the people alone what was carried over.
    let is_own = |key: &String| run.apart.as_ref().is_none_or(|apart| apart.contains_key(key));
    let own = due.filter(|(key, _)| !run.carried_over.contains(*key) && is_own(key));
    let due = own.filter_map(|(key, amount)| Some((key.clone(), amount.parse().ok()?))).collect();
    Some(PastPay { end, date: run.pay_date?, due })
}

/// The first run of a period read its regular file; later ones may have read a correction of it alone.
fn add_pay(pays: &mut Vec<PastPay>, paid: PastPay) {
    match pays.iter().position(|known| known.end == paid.end) {
        Some(known) => pays[known] = paid,
        None if pays.len() < PastPeriods::KEPT_MAX => pays.push(paid),
        None => {}
    }
}

impl Store {
    /// The base line of the guards: the newest good live run for a day before `as_of` that read one of tonight's pay
    /// groups, so that files of groups in turn are compared each with its own. Where that run read other groups, each
    /// of tonight's is compared with the newest run that read it, beside them that run as a whole, and all groups'
    /// newest. A repeated night therefore compares with the same
    /// base line as its first run, unless a person accepted a swing that day. A run that was begun later than the day
    /// it was for says nothing of that day.
    pub fn last_good(&self, as_of: NaiveDate, groups: &PeriodsByGroup) -> anyhow::Result<Option<BaseLine>> {
        let shares = |run: &GoodRun| {
            let periods = &run.summary.periods;
            periods.is_empty() || groups.is_empty() || periods.keys().any(|group| groups.contains_key(group))
        };
        let runs = self.good_runs(as_of)?;
        let Some(newest) = runs.iter().find(|run| shares(run)).map(|run| &run.summary.baseline) else {
            return Ok(None);
        };
        if groups.is_empty() || newest.groups.is_empty() {
            return Ok(Some(newest.clone()));
        }
        let mut of_every: BTreeMap<String, BaseLine> = BTreeMap::new();
        for (name, group) in runs.iter().flat_map(|run| &run.summary.baseline.groups) {
            if !of_every.contains_key(name) {
                of_every.insert(name.clone(), group.clone());
            }
        }
        let of_tonight = of_every.iter().filter(|(name, _)| groups.contains_key(*name));
        let own = match newest.groups.keys().eq(groups.keys()) {
            true => newest.clone(),
            false => BaseLine::of_groups(of_tonight.map(|(name, run)| (name.clone(), run.clone())).collect()),
        };
        Ok(Some(BaseLine { wider: vec![newest.clone(), BaseLine::of_groups(of_every)], ..own }))
    }

    /// What the good live runs for days before `as_of` read of tonight's pay groups; a period that a person accepted
    /// stands for those before it.
    pub fn past_periods(
        &self,
        as_of: NaiveDate,
        payroll_hash: Option<&str>,
        groups: &PeriodsByGroup,
    ) -> anyhow::Result<PastPeriods> {
        let mut past = PastPeriods::default();
        for run in self.good_runs(as_of)? {
            let RunSummary { periods, accepted_swing, baseline, .. } = run.summary;
            for (group, tonight) in groups {
                if let Some(paid) = past_pay(&periods, &baseline, group).filter(|paid| paid.end != tonight.end) {
                    add_pay(past.pays.entry(group.clone()).or_default(), paid);
                }
                let Some(period) = period_of(&periods, group, tonight) else { continue };
                if run.payroll_hash.is_some() && run.payroll_hash.as_deref() == payroll_hash {
                    past.same_file.entry(group.clone()).or_insert(period);
                }
                if period.end != tonight.end || accepted_swing.is_some() {
                    let earlier = past.earlier.entry(group.clone()).or_default();
                    if earlier.len() < PastPeriods::KEPT_MAX && !earlier.contains(&period) {
                        earlier.push(period);
                    }
                }
            }
        }
        for (night, summary) in self.stopped_runs(as_of)? {
            for (group, period) in summary.periods.into_iter().filter(|(group, _)| groups.contains_key(group)) {
                past.stopped.entry(group).or_default().push((period, night));
            }
        }
        past.doubted = self.doubted_runs(as_of, groups)?;
        Ok(past)
    }

    /// The runs of tonight's pay groups that a guard stopped, newest first, and the good runs after each.
    fn doubted_runs(&self, as_of: NaiveDate, groups: &PeriodsByGroup) -> anyhow::Result<Vec<DoubtedRun>> {
        let stopped = self.stopped_runs(as_of)?;
        let good = if stopped.is_empty() { Vec::new() } else { self.good_runs(as_of)? };
        let of_groups = |summary: &RunSummary| summary.periods.keys().any(|group| groups.contains_key(group));
        let doubted = stopped.into_iter().filter(|(_, summary)| of_groups(summary)).map(|(night, summary)| {
            let since = good.iter().filter(|run| run.night >= night && of_groups(&run.summary));
            DoubtedRun {
                ends: summary.periods.values().map(|period| period.end).collect(),
                run: summary.baseline,
                since: since.map(|run| run.summary.baseline.clone()).collect(),
            }
        });
        Ok(doubted.collect())
    }

    /// Live runs for days before `as_of` that a guard stopped, newest night first, as many as [`GOOD_RUNS_MAX`].
    fn stopped_runs(&self, as_of: NaiveDate) -> anyhow::Result<Vec<(NaiveDate, RunSummary)>> {
        let sql = "SELECT as_of, summary FROM run WHERE good = 0 AND mode = 'live' AND summary IS NOT NULL
                       AND exit_code = ?2 AND as_of < ?1 ORDER BY as_of DESC, id DESC LIMIT ?3";
        let mut statement = self.connection().prepare(sql)?;
        let found = statement.query_map(params![as_of.to_string(), EXIT_OF_A_GUARD, GOOD_RUNS_MAX], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let runs = found.map(|row| {
            let (night, summary) = row?;
            let night = night.parse().with_context(|| format!("the database holds the day {night:?}"))?;
            Ok((night, parse_summary(&summary)?))
        });
        runs.collect()
    }

    /// [`PastPeriods::other_payrolls`] for a night with these groups.
    pub fn other_payrolls(&self, as_of: NaiveDate, groups: &PeriodsByGroup) -> anyhow::Result<BTreeSet<NaiveDate>> {
        let sql = "SELECT as_of, summary FROM run WHERE good = 1 AND mode = 'live' AND summary IS NOT NULL
                       AND as_of <= ?1 ORDER BY as_of DESC, id DESC LIMIT ?2";
        let mut statement = self.connection().prepare(sql)?;
        let found = statement.query_map(params![as_of.to_string(), GOOD_RUNS_MAX], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let ends: BTreeSet<NaiveDate> = groups.values().map(|period| period.end).collect();
        let (mut others, mut own) = (BTreeSet::new(), BTreeSet::new());
        for row in found {
            let (night, summary) = row?;
            let night = night.parse().with_context(|| format!("the database holds the day {night:?}"))?;
            let periods = parse_summary(&summary)?.periods;
            for (group, _) in periods.into_iter().filter(|(_, period)| ends.contains(&period.end)) {
                let of = if groups.contains_key(&group) { &mut own } else { &mut others };
                of.insert(night);
            }
        }
        Ok(if own.is_empty() { others } else { BTreeSet::new() })
    }

    /// [`PastPeriods::other_files`] for a night with these groups.
    pub fn other_files(
        &self,
        as_of: NaiveDate,
        groups: &PeriodsByGroup,
    ) -> anyhow::Result<BTreeSet<(NaiveDate, NaiveDate)>> {
        let sql = "SELECT DISTINCT as_of, json_extract(summary, '$.periods') FROM run
                   WHERE mode = 'live' AND summary IS NOT NULL AND as_of BETWEEN ?1 AND ?2";
        let since = as_of - Days::new(OTHER_FILES_DAYS);
        let mut statement = self.connection().prepare(sql)?;
        let found = statement.query_map(params![since.to_string(), as_of.to_string()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        })?;
        let (mut others, mut own) = (BTreeSet::new(), BTreeSet::new());
        for row in found {
            let (night, periods) = row?;
            let night: NaiveDate = night.parse().with_context(|| format!("the database holds the day {night:?}"))?;
            let periods = periods.map(|text| serde_json::from_str::<PeriodsByGroup>(&text)).transpose();
            for (group, period) in
                periods.context("read the periods of a past run from the database")?.unwrap_or_default()
            {
                let of = if groups.contains_key(&group) { &mut own } else { &mut others };
                of.insert((night, period.end));
            }
        }
        Ok(&others - &own)
    }

    /// The newest period of each of these pay groups that live runs read for days up to `as_of`, whatever their guards
    /// said.
    pub fn last_periods(
        &self,
        as_of: NaiveDate,
        groups: &[String],
    ) -> anyhow::Result<BTreeMap<String, Vec<PayPeriod>>> {
        let sql = "SELECT summary FROM run WHERE mode = 'live' AND summary IS NOT NULL AND as_of <= ?1
                   ORDER BY as_of DESC, id DESC LIMIT ?2";
        let mut statement = self.connection().prepare(sql)?;
        let summaries =
            statement.query_map(params![as_of.to_string(), GOOD_RUNS_MAX], |row| row.get::<_, String>(0))?;
        let mut last: BTreeMap<String, Vec<PayPeriod>> = BTreeMap::new();
        for summary in summaries {
            for (group, period) in parse_summary(&summary?)?.periods {
                let is_newest = last.get(&group).is_none_or(|known| known.iter().all(|known| known.end < period.end));
                if groups.contains(&group) && is_newest {
                    last.insert(group, vec![period]);
                }
            }
        }
        Ok(last)
    }

    /// By the live runs for days up to `as_of`, whatever their guards said. `tonight`: the snapshot that is judged.
    pub fn last_links(&self, as_of: NaiveDate, tonight: &str) -> anyhow::Result<LastLinks> {
        let of_runs = "FROM run WHERE mode = 'live' AND summary IS NOT NULL AND as_of <= ?1";
        let newest = "ORDER BY as_of DESC, id DESC LIMIT 1";
        let one = |sql: &str, tonight: &[&str]| {
            let values = std::iter::once(as_of.to_string()).chain(tonight.iter().map(|id| (*id).to_owned()));
            let read = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
            self.connection().query_row(sql, rusqlite::params_from_iter(values), read).optional()
        };
        let snapshot = one(&format!("SELECT snapshot {of_runs} AND snapshot <> ?2 {newest}"), &[tonight])?;
        let summary = one(&format!("SELECT summary {of_runs} {newest}"), &[])?;
        let foreign = summary.map(|summary| parse_summary(&summary)).transpose()?.unwrap_or_default().foreign_links;
        Ok(LastLinks { snapshot, foreign })
    }

    /// Newest first, as many as [`GOOD_RUNS_MAX`].
    fn good_runs(&self, as_of: NaiveDate) -> anyhow::Result<Vec<GoodRun>> {
        let sql =
            "SELECT payroll_hash, summary, as_of FROM run WHERE good = 1 AND mode = 'live' AND summary IS NOT NULL
                       AND julianday(started_at) < julianday(as_of) + 2
                       AND (as_of < ?1 OR as_of = ?1 AND summary ->> '$.accepted_swing' IS NOT NULL)
                   ORDER BY as_of DESC, id DESC LIMIT ?2";
        let mut statement = self.connection().prepare(sql)?;
        let found = statement.query_map(params![as_of.to_string(), GOOD_RUNS_MAX], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let runs = found.map(|row| {
            let (payroll_hash, summary, night) = row?;
            let night = night.parse().with_context(|| format!("the database holds the day {night:?}"))?;
            Ok(GoodRun { night, payroll_hash, summary: parse_summary(&summary)? })
        });
        runs.collect()
    }

    /// How many nights before `as_of` read the payroll file with this SHA-256, and the first of them; `None`: none did.
    pub fn nights_that_read(&self, payroll_hash: &str, as_of: NaiveDate) -> anyhow::Result<Option<(i64, NaiveDate)>> {
        let sql = "SELECT count(DISTINCT as_of), min(as_of) FROM run WHERE mode = 'live' AND payroll_hash = ?1 AND as_of < ?2";
        let (nights, first): (i64, Option<String>) =
            self.connection()
                .query_row(sql, params![payroll_hash, as_of.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some(first) = first else { return Ok(None) };
        Ok(Some((nights, first.parse().with_context(|| format!("the database holds the day {first:?}"))?)))
    }
}
