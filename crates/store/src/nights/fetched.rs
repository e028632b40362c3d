//! Checkpoints of an extraction: each final answer, committed before it counts, so that a killed run is taken up
//! without repeating an answered call. One extraction is open at a time; its answers are deleted once a snapshot holds
//! them.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::nights::calls;
use crate::{LoggedCall, Store, parse_time, time_text};

/// An interrupted extraction older than this is not taken up: its answers are too old to judge anybody by.
pub const EXTRACTION_AGE_MAX: TimeDelta = TimeDelta::hours(24);

/// Extractions whose calls stay in the log.
const LOGGED_EXTRACTIONS_MAX: i64 = 60;

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// The list, for one batch of employee ids; its key is the hash of the ids.
    Users,
    /// One record; its key is the user id.
    User,
    /// The benefits of one user; its key is the user id.
    Benefits,
    /// All pages of Oyster's list of engagements.
    OysterList,
    /// One engagement's enrollments; its key is the engagement id, as that of the next two.
    OysterEnrollments,
    OysterOfferings,
    OysterProvisioning,
}

/// A final answer: asking again would not change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinalAnswer {
    Ok,
    NotFound,
    Gone,
}

/// Which question within one extraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallKey {
    pub kind: CallKind,
    pub key: String,
}

/// An answered call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub key: CallKey,
    pub answer: FinalAnswer,
    /// JSON of the fields that a rule needs; `null` where there is nothing.
    pub body: String,
    pub fetched_at: DateTime<Utc>,
}

/// An extraction to work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    pub extraction: i64,
    /// Answers that an interrupted run left.
    pub answers: u64,
}

impl Store {
    /// Takes up the interrupted extraction of the same connection, unless it is too old or `fresh`; else begins one.
    /// Answers of any other are deleted.
    pub fn begin_extraction(&mut self, connection: &str, now: DateTime<Utc>, fresh: bool) -> anyhow::Result<Begun> {
        let transaction = self.transaction()?;
        let taken_up = if fresh { None } else { interrupted(&transaction, connection, now)? };
        transaction.execute("DELETE FROM fetched WHERE extraction IS NOT ?1", params![taken_up])?;
        let extraction = match taken_up {
            Some(id) => id,
            None => {
                let sql = "INSERT INTO extraction (started_at, plan_hash) VALUES (?1, ?2)";
                transaction.execute(sql, params![time_text(now), connection])?;
                transaction.last_insert_rowid()
            }
        };
        transaction.execute(
            "DELETE FROM call WHERE extraction BETWEEN 1 AND ?1",
            params![extraction - LOGGED_EXTRACTIONS_MAX],
        )?;
        let answers: i64 = transaction.query_row(
            "SELECT count(*) FROM fetched WHERE extraction = ?1",
            params![extraction],
            |row| row.get(0),
        )?;
        transaction.commit().context("commit the beginning of an extraction")?;
        Ok(Begun { extraction, answers: answers.unsigned_abs() })
    }

    /// Commits answers that arrived together, and the calls that were made for them.
    pub fn checkpoint(&mut self, extraction: i64, answers: &[Checkpoint], calls: &[LoggedCall]) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        calls::insert_calls(&transaction, extraction, calls)?;
        {
            let sql = "INSERT OR REPLACE INTO fetched (extraction, kind, key, outcome, body, fetched_at)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let mut insert = transaction.prepare_cached(sql)?;
            for answer in answers {
                let (kind, outcome) = (answer.key.kind.name(), answer.answer.name());
                let at = time_text(answer.fetched_at);
                insert.execute(params![extraction, kind, answer.key.key, outcome, answer.body, at])?;
            }
        }
        transaction.commit().context("commit answers of the extraction")
    }

    /// The answer to a question, when there is one already.
    pub fn checkpointed(&self, extraction: i64, key: &CallKey) -> anyhow::Result<Option<Checkpoint>> {
        let sql = "SELECT outcome, body, fetched_at FROM fetched WHERE extraction = ?1 AND kind = ?2 AND key = ?3";
        let mut statement = self.connection().prepare_cached(sql)?;
        let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let found: Option<(String, String, String)> =
            statement.query_row(params![extraction, key.kind.name(), key.key], columns).optional()?;
        let Some((outcome, body, fetched_at)) = found else { return Ok(None) };
        let answer = FinalAnswer::parse(&outcome)
            .with_context(|| format!("the database holds an answer of the unknown outcome {outcome:?}"))?;
        Ok(Some(Checkpoint { key: key.clone(), answer, body, fetched_at: parse_time(&fetched_at)? }))
    }

    /// Ends an extraction whose answers are sealed in `snapshot`, and deletes them.
    pub fn finish_extraction(&mut self, extraction: i64, snapshot: &str, now: DateTime<Utc>) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        let sql = "UPDATE extraction SET sealed_at = ?2, snapshot = ?3 WHERE id = ?1";
        transaction.execute(sql, params![extraction, time_text(now), snapshot])?;
        transaction.execute("DELETE FROM fetched WHERE extraction = ?1", params![extraction])?;
        transaction.commit().context("commit the end of the extraction")
    }
}

fn interrupted(transaction: &Transaction<'_>, connection: &str, now: DateTime<Utc>) -> anyhow::Result<Option<i64>> {
    let sql = "SELECT id FROM extraction WHERE sealed_at IS NULL AND plan_hash = ?1 AND started_at > ?2
               ORDER BY id DESC LIMIT 1";
    let oldest = time_text(now - EXTRACTION_AGE_MAX);
    transaction
        .query_row(sql, params![connection, oldest], |row| row.get(0))
        .optional()
        .context("look for an interrupted extraction")
}

impl CallKind {
    fn name(self) -> &'static str {
        match self {
            CallKind::Users => "users",
            CallKind::User => "user",
            CallKind::Benefits => "benefits",
            CallKind::OysterList => "oyster_list",
            CallKind::OysterEnrollments => "oyster_enrollments",
            CallKind::OysterOfferings => "oyster_offerings",
            CallKind::OysterProvisioning => "oyster_provisioning",
        }
    }
}

impl FinalAnswer {
    fn name(self) -> &'static str {
        match self {
            FinalAnswer::Ok => "ok",
            FinalAnswer::NotFound => "not_found",
            FinalAnswer::Gone => "gone",
        }
    }

    fn parse(name: &str) -> Option<FinalAnswer> {
        [FinalAnswer::Ok, FinalAnswer::NotFound, FinalAnswer::Gone].into_iter().find(|answer| answer.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::at;

    fn answer(key: &str) -> Checkpoint {
        let key = CallKey { kind: CallKind::User, key: key.into() };
        Checkpoint { key, answer: FinalAnswer::Gone, body: "null".into(), fetched_at: at(5) }
    }

    /// A store whose first extraction, begun at second 0 over connection `a`, holds one answer.
    fn interrupted_once() -> (Store, Begun) {
        let mut store = Store::in_memory().expect("opens");
        let begun = store.begin_extraction("a", at(0), false).expect("begins");
        store.checkpoint(begun.extraction, &[answer("u1")], &[]).expect("commits");
        (store, begun)
    }

    #[test]
    fn an_interrupted_extraction_is_taken_up_with_its_answers() {
        let (mut store, first) = interrupted_once();
        let second = store.begin_extraction("a", at(60), false).expect("begins");
        assert_eq!(second, Begun { extraction: first.extraction, answers: 1 });
        let found = store.checkpointed(second.extraction, &answer("u1").key).expect("reads");
        assert_eq!(found, Some(answer("u1")));
        let other_kind = CallKey { kind: CallKind::Benefits, key: "u1".into() };
        assert_eq!(store.checkpointed(second.extraction, &other_kind).expect("reads"), None);
    }

    #[test]
    fn fresh_old_sealed_and_other_connections_begin_anew_and_leave_no_answer_behind() {
        let day = 24 * 60 * 60;
        for (connection, second, fresh, sealed) in
            [("a", 60, true, false), ("a", day, false, false), ("b", 60, false, false), ("a", 60, false, true)]
        {
            let (mut store, first) = interrupted_once();
            if sealed {
                store.finish_extraction(first.extraction, "2026-03-31-abc", at(30)).expect("ends");
            }
            let begun = store.begin_extraction(connection, at(second), fresh).expect("begins");
            assert!(
                begun.extraction > first.extraction && begun.answers == 0,
                "{connection} {second} {fresh} {sealed}"
            );
            assert_eq!(store.checkpointed(first.extraction, &answer("u1").key).expect("reads"), None);
        }
        let (mut store, first) = interrupted_once();
        assert_eq!(store.begin_extraction("a", at(day - 1), false).expect("begins").extraction, first.extraction);
    }
}
