//! The reports that were written, and who signed them. A report names the hash of each of its files in run.json; the
//! hash of that one is kept here, out of the reach of whoever edits a folder.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{OptionalExtension as _, params};

use crate::chain::audit::{Entry, NO_ITEM, Tail};
use crate::{Store, parse_time, time_text};

/// A report as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenReport {
    /// Of run.json, hex.
    pub sha256: String,
    pub as_of: NaiveDate,
    pub run_id: String,
    /// Of the run.
    pub exit_code: u8,
}

/// Who answers for a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOff {
    /// Of the report's run.json, hex.
    pub report: String,
    /// Of the signature's file, hex.
    pub sha256: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

impl Store {
    /// Notes a report that was written; once, however often the same one is.
    pub fn note_report(&mut self, report: &WrittenReport, now: DateTime<Utc>) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        let sql =
            "INSERT OR IGNORE INTO report (sha256, as_of, run_id, exit_code, written_at) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = params![report.sha256, report.as_of.to_string(), report.run_id, report.exit_code, time_text(now)];
        transaction.execute(sql, row).context("note the report")?;
        transaction.commit().context("commit the hash of the report")
    }

    /// The report whose run.json has this hash; `None`: no live run of this state wrote it.
    pub fn written_report(&self, sha256: &str) -> anyhow::Result<Option<WrittenReport>> {
        let sql = "SELECT as_of, run_id, exit_code FROM report WHERE sha256 = ?1";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?));
        let found = self.connection().query_row(sql, [sha256], row).optional().context("look for the report")?;
        let Some((as_of, run_id, exit_code)) = found else { return Ok(None) };
        let as_of = as_of.parse().with_context(|| format!("the database holds the day {as_of:?}"))?;
        Ok(Some(WrittenReport { sha256: sha256.to_owned(), as_of, run_id, exit_code }))
    }

    /// Who signed the report of a day.
    pub fn sign_off(&self, as_of: NaiveDate) -> anyhow::Result<Option<SignOff>> {
        let sql = "SELECT report, sha256, by, at FROM sign_off WHERE as_of = ?1";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?));
        let day = as_of.to_string();
        let found = self.connection().query_row(sql, [day], row).optional().context("look for the signature")?;
        found.map(|(report, sha256, by, at)| Ok(SignOff { report, sha256, by, at: parse_time(&at)? })).transpose()
    }

    /// Who signed which days.
    pub fn sign_offs(&self) -> anyhow::Result<BTreeMap<NaiveDate, SignOff>> {
        let mut statement = self.connection().prepare("SELECT as_of, report, sha256, by, at FROM sign_off")?;
        let mut rows = statement.query([])?;
        let mut signed = BTreeMap::new();
        while let Some(row) = rows.next().context("read the signatures")? {
            let (day, at): (String, String) = (row.get("as_of")?, row.get("at")?);
            let day = day.parse().with_context(|| format!("the database holds the day {day:?}"))?;
            let sign_off = SignOff {
                report: row.get("report")?,
                sha256: row.get("sha256")?,
                by: row.get("by")?,
                at: parse_time(&at)?,
            };
            signed.insert(day, sign_off);
        }
        Ok(signed)
    }

    /// Writes a signature, and its entry in the audit chain. `note`: who typed it. Errors: the day is signed.
    pub fn sign(&mut self, as_of: NaiveDate, signed: &SignOff, note: &str) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        let (day, at) = (as_of.to_string(), time_text(signed.at));
        let sql = "INSERT INTO sign_off (as_of, report, sha256, by, at) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row = params![day, signed.report, signed.sha256, signed.by, at];
        transaction.execute(sql, row).context("write the signature")?;
        let mut tail = Tail::open(&transaction)?;
        let detail = format!("the report of {day}, run.json {}; {note}", signed.report);
        let entry = Entry {
            at: &at,
            by: &signed.by,
            item: NO_ITEM,
            event: "sign off",
            from_state: None,
            to_state: "signed",
            payload_hash: &signed.sha256,
            detail: &detail,
        };
        tail.append(&transaction, &entry)?;
        tail.close(&transaction)?;
        transaction.commit().context("commit the signature")?;
        self.anchor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::at;

    #[test]
    fn a_report_is_known_by_its_hash_and_its_day_is_signed_once() {
        let mut store = Store::in_memory().expect("opens");
        let as_of = NaiveDate::from_ymd_opt(2026, 3, 31).expect("a day");
        let report = WrittenReport { sha256: "aa".to_owned(), as_of, run_id: "r".to_owned(), exit_code: 1 };
        store.note_report(&report, at(0)).expect("written");
        store.note_report(&report, at(1)).expect("the same again");
        assert_eq!(store.written_report("aa").expect("reads"), Some(report));
        assert_eq!(store.written_report("bb").expect("reads"), None);

        let signed = SignOff { report: "aa".to_owned(), sha256: "cc".to_owned(), by: "maria".to_owned(), at: at(2) };
        assert_eq!(store.sign_off(as_of).expect("reads"), None);
        store.sign(as_of, &signed, "login ana").expect("written");
        assert_eq!(store.sign_off(as_of).expect("reads"), Some(signed.clone()));
        assert_eq!(store.sign_offs().expect("reads"), BTreeMap::from([(as_of, signed.clone())]));
        store.sign(as_of, &SignOff { by: "jo".to_owned(), ..signed.clone() }, "login jo").expect_err("signed");
        assert_eq!(store.sign_off(as_of).expect("reads"), Some(signed));
        store.connection().execute("DELETE FROM sign_off", []).expect_err("kept");
    }
}
