//! The call log of the nights: every attempt with its times, no ids and no bodies. It proves that the limit was kept.

use std::time::Duration;

use anyhow::Context as _;
use rusqlite::{Transaction, params};

use crate::Store;
use tieout_model::calls::CallStatistics;

/// One attempt of one call. Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCall {
    pub service: String,
    pub method: String,
    /// With placeholders in the place of ids.
    pub path_template: String,
    /// From 1.
    pub attempt: u32,
    /// `None`: no answer.
    pub status: Option<u16>,
    /// Time-out, reset, cut body, …
    pub fault: Option<String>,
    pub sent_us: i64,
    pub answered_us: i64,
}

/// A limit that the log is held against.
#[derive(Clone, Copy, Debug)]
pub struct Limit<'a> {
    pub service: &'a str,
    pub calls: u64,
    pub window: Duration,
    /// Path template of token calls, when the token comes from another server and they do not count.
    pub exempt: Option<&'a str>,
}

impl Store {
    /// Adds attempts to the log of one extraction.
    pub fn log_calls(&mut self, extraction: i64, calls: &[LoggedCall]) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        insert_calls(&transaction, extraction, calls)?;
        transaction.commit().context("commit the call log")
    }

    /// Most calls of one extraction that the service can have seen in any window of this length. A call reached the
    /// service at some moment between sent and answered, so each counts in every window that this span touches; windows
    /// are half-open. At most the limit, therefore, proves that the limit was kept at any latency.
    pub fn busiest_window(&self, extraction: i64, limit: &Limit<'_>) -> anyhow::Result<u64> {
        let column = |name: &str| -> anyhow::Result<Vec<i64>> {
            let sql = format!(
                "SELECT {name} FROM call WHERE extraction = ?1 AND service = ?2 AND path_template IS NOT ?3 ORDER BY {name}"
            );
            let mut statement = self.connection().prepare_cached(&sql)?;
            let rows = statement.query_map(params![extraction, limit.service, limit.exempt], |row| row.get(0))?;
            rows.collect::<Result<_, _>>().context("read the call log")
        };
        let window_us = i64::try_from(limit.window.as_micros()).context("the window of a limit is too long")?;
        Ok(busiest(&column("sent_us")?, &column("answered_us")?, window_us))
    }

    /// What one extraction cost. `resumed`: answers taken over from an interrupted run.
    pub fn call_statistics(&self, extraction: i64, limit: &Limit<'_>, resumed: u64) -> anyhow::Result<CallStatistics> {
        // 404 and 410 are answers.
        let sql = "SELECT count(*), coalesce(sum(attempt > 1), 0),
                          coalesce(sum(fault IS NOT NULL OR status IS NULL
                                       OR (status NOT BETWEEN 200 AND 299 AND status NOT IN (404, 410))), 0)
                   FROM call WHERE extraction = ?1 AND service = ?2";
        let counts = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let (calls, retries, failures): (i64, i64, i64) =
            self.connection().query_row(sql, params![extraction, limit.service], counts).context("count the calls")?;
        Ok(CallStatistics {
            calls: calls.unsigned_abs(),
            retries: retries.unsigned_abs(),
            failures: failures.unsigned_abs(),
            busiest_window: self.busiest_window(extraction, limit)?,
            limit: limit.calls,
            window_seconds: limit.window.as_secs(),
            resumed,
        })
    }
}

pub(crate) fn insert_calls(transaction: &Transaction<'_>, extraction: i64, calls: &[LoggedCall]) -> anyhow::Result<()> {
    let sql = "INSERT INTO call
                   (extraction, service, method, path_template, attempt, status, fault, sent_us, answered_us)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let mut insert = transaction.prepare_cached(sql)?;
    for call in calls {
        insert
            .execute(params![
                extraction,
                call.service,
                call.method,
                call.path_template,
                call.attempt,
                call.status,
                call.fault,
                call.sent_us,
                call.answered_us
            ])
            .context("add a call to the log")?;
    }
    Ok(())
}

/// Greatest number of spans that touch `[t, t + window)` over all `t`, given sorted ends of the spans. The greatest is
/// reached by a window that begins at an answer: moving its start on to the next answer loses nobody.
fn busiest(sent: &[i64], answered: &[i64], window: i64) -> u64 {
    let (mut begun, mut most) = (0, 0);
    for (over, start) in answered.iter().enumerate() {
        while sent.get(begun).is_some_and(|time| *time < start.saturating_add(window)) {
            begun += 1;
        }
        most = most.max(begun - over);
    }
    most as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit<'_> =
        Limit { service: "benifex", calls: 100, window: Duration::from_secs(60), exempt: Some("{token_url}") };

    fn call(sent_us: i64, answered_us: i64) -> LoggedCall {
        LoggedCall {
            service: "benifex".into(),
            method: "GET".into(),
            path_template: "/users".into(),
            attempt: 1,
            status: Some(200),
            fault: None,
            sent_us,
            answered_us,
        }
    }

    fn check_busiest(calls: &[(i64, i64)], window_us: u64, expected: u64) {
        let mut store = Store::in_memory().expect("opens");
        let calls: Vec<_> = calls.iter().map(|(sent, answered)| call(*sent, *answered)).collect();
        store.log_calls(1, &calls).expect("logs");
        store.log_calls(2, &calls).expect("logs another extraction");
        let limit = Limit { window: Duration::from_micros(window_us), ..LIMIT };
        let busiest = store.busiest_window(1, &limit).expect("counts");
        assert_eq!(busiest, expected, "{calls:?}");
    }

    #[test]
    fn a_window_counts_every_call_that_may_have_arrived_in_it() {
        check_busiest(&[], 10, 0);
        check_busiest(&[(0, 1)], 10, 1);
        // The second was sent exactly a window after the first was answered: never both.
        check_busiest(&[(0, 5), (15, 16)], 10, 1);
        check_busiest(&[(0, 5), (14, 16)], 10, 2);
        // Sent long before, but it may have arrived just before its answer.
        check_busiest(&[(0, 100), (105, 106)], 10, 2);
        // Three begun before the first answer, of which a window beginning there sees all.
        check_busiest(&[(0, 9), (1, 8), (2, 7), (30, 31)], 10, 3);
    }

    #[test]
    fn two_slots_that_rest_a_window_after_each_answer_never_show_three_calls() {
        let mut slots = [0_i64, 0];
        let calls: Vec<(i64, i64)> = (0..200)
            .map(|n| {
                let slot = &mut slots[n % 2];
                let span = (*slot, *slot + 3 + (n as i64 * 7) % 11);
                *slot = span.1 + 60;
                span
            })
            .collect();
        check_busiest(&calls, 60, 2);
    }

    #[test]
    fn statistics_count_attempts_retries_and_failures_apart() {
        let mut store = Store::in_memory().expect("opens");
        let retried = LoggedCall { attempt: 2, ..call(20, 30) };
        let refused = LoggedCall { status: Some(503), ..call(0, 10) };
        let silent = LoggedCall { status: None, fault: Some("time-out".into()), ..call(40, 50) };
        let gone = LoggedCall { status: Some(410), ..call(60, 61) };
        let token = LoggedCall { path_template: "{token_url}".into(), ..call(62, 63) };
        store.log_calls(7, &[refused, retried, silent, gone, token]).expect("logs");
        let statistics = store.call_statistics(7, &LIMIT, 5).expect("counts");
        let expected = CallStatistics {
            calls: 5,
            retries: 1,
            failures: 2,
            busiest_window: 4,
            limit: 100,
            window_seconds: 60,
            resumed: 5,
        };
        assert_eq!(statistics, expected);
    }
}
