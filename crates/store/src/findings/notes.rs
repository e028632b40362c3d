//! Notes: what people say of a finding, and who is to see to it until when. They are carried from night to night by the
//! id of the finding, and only ever added to; each is an entry of the audit chain.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveDate, Utc};
use rusqlite::{Row, params};

use crate::chain::audit::{Entry, NO_ITEM, Tail};
use crate::{Store, parse_time, time_text};
use tieout_model::hash::sha256_hex;
use tieout_model::note::Note;

impl Store {
    /// Adds a note to each of the findings, in one transaction. Assignee and due day that are `None` stay as they were.
    /// `operator`: who typed it, for the audit chain.
    pub fn add_note(&mut self, finding_ids: &[String], note: &Note, operator: &str) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        let sql = "INSERT INTO note (finding_id, text, assignee, due, by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut put = transaction.prepare_cached(sql)?;
        let (due, at) = (note.due.map(|day| day.to_string()), time_text(note.at));
        for id in finding_ids {
            put.execute(params![id, note.text, note.assignee, due, note.by, at]).context("write a note")?;
        }
        drop(put);
        let mut tail = Tail::open(&transaction)?;
        let (detail, hash) = (detail(finding_ids, note, operator), content_hash(finding_ids, note));
        let entry = Entry {
            at: &at,
            by: &note.by,
            item: NO_ITEM,
            event: "note",
            from_state: None,
            to_state: "noted",
            payload_hash: &hash,
            detail: &detail,
        };
        tail.append(&transaction, &entry)?;
        tail.close(&transaction)?;
        transaction.commit().context("commit the notes")?;
        self.anchor()
    }

    /// How each finding with a note stands: its newest note, the newest assignee and the newest due day. `since`: of
    /// some findings, the night that found them anew: notes before it do not count.
    pub fn notes(&self, since: &BTreeMap<&str, NaiveDate>) -> anyhow::Result<BTreeMap<String, Note>> {
        let mut newest: BTreeMap<String, Note> = BTreeMap::new();
        self.scan_notes("", |id, note| {
            if since.get(id.as_str()).is_some_and(|day| note.at.date_naive() + Days::new(1) < *day) {
                return;
            }
            let before = newest.remove(&id);
            let (assignee, due) = before.map_or((None, None), |before| (before.assignee, before.due));
            newest.insert(id, Note { assignee: note.assignee.or(assignee), due: note.due.or(due), ..note });
        })?;
        Ok(newest)
    }

    /// All notes of a finding, oldest first.
    pub fn notes_of(&self, finding_id: &str) -> anyhow::Result<Vec<Note>> {
        let mut notes = Vec::new();
        self.scan_notes(finding_id, |_, note| notes.push(note))?;
        Ok(notes)
    }

    /// In the order in which they were written; of one finding, or of all for a blank.
    fn scan_notes(&self, finding_id: &str, mut visit: impl FnMut(String, Note)) -> anyhow::Result<()> {
        let sql = "SELECT finding_id, text, assignee, due, by, at FROM note WHERE ?1 IN ('', finding_id) ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query([finding_id])?;
        while let Some(row) = rows.next().context("read the notes")? {
            visit(row.get("finding_id")?, note(row).context("read a note")?);
        }
        Ok(())
    }
}

fn detail(finding_ids: &[String], note: &Note, operator: &str) -> String {
    let subject = match finding_ids {
        [one] => one.clone(),
        several => format!("{} findings", several.len()),
    };
    let assignee = note.assignee.as_ref().map(|name| format!(", for {name}")).unwrap_or_default();
    let due = note.due.map(|day| format!(", until {day}")).unwrap_or_default();
    format!("on {subject}{assignee}{due}: {}; {operator}", note.text)
}

/// Over all of a note, and the findings that it is on.
fn content_hash(finding_ids: &[String], note: &Note) -> String {
    let due = note.due.map(|day| day.to_string()).unwrap_or_default();
    let assignee = note.assignee.as_deref().unwrap_or_default();
    let mut parts = vec![note.text.as_str(), assignee, due.as_str()];
    parts.extend(finding_ids.iter().map(String::as_str));
    sha256_hex(parts.join("\u{1f}"))
}

fn note(row: &Row<'_>) -> anyhow::Result<Note> {
    let due: Option<String> = row.get("due")?;
    let due = due.map(|day| day.parse::<NaiveDate>().with_context(|| format!("the database holds the day {day:?}")));
    let at: DateTime<Utc> = parse_time(&row.get::<_, String>("at")?)?;
    Ok(Note { text: row.get("text")?, assignee: row.get("assignee")?, due: due.transpose()?, by: row.get("by")?, at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::audit::ChainVerdict;
    use crate::chain::proof;
    use crate::tests::at;

    #[test]
    fn the_newest_note_counts_and_keeps_the_assignee_until_another_is_named() {
        let mut store = Store::in_memory().expect("opens");
        let due = NaiveDate::from_ymd_opt(2026, 4, 30);
        let first = Note {
            text: "asked the carrier".to_owned(),
            assignee: Some("jo".to_owned()),
            due,
            by: "maria".to_owned(),
            at: at(1),
        };
        let second = Note { text: "they answered".to_owned(), assignee: None, due: None, at: at(2), ..first.clone() };
        store.add_note(&["f1".to_owned(), "f2".to_owned()], &first, "login m").expect("written");
        store.add_note(&["f1".to_owned()], &second, "login m").expect("written");
        let notes = store.notes(&BTreeMap::new()).expect("reads");
        assert_eq!(notes["f1"], Note { assignee: first.assignee.clone(), due, ..second.clone() });
        assert_eq!(notes["f2"], first);
        let anew = BTreeMap::from([("f1", at(2).date_naive()), ("f2", at(2).date_naive() + Days::new(2))]);
        assert_eq!(store.notes(&anew).expect("reads").into_keys().collect::<Vec<_>>(), ["f1"]);
        assert_eq!(store.notes_of("f1").expect("reads"), [first, second]);
        store.connection().execute("DELETE FROM note", []).expect_err("kept");
    }

    fn said(text: &str) -> Note {
        Note { text: text.to_owned(), assignee: None, due: None, by: "maria".to_owned(), at: at(1) }
    }

    #[test]
    fn a_note_is_an_entry_of_the_audit_chain_and_an_edit_of_it_is_noticed() {
        let mut store = Store::in_memory().expect("opens");
        store.add_note(&["f1".to_owned()], &said("asked the carrier"), "login m").expect("written");
        let entries = store.audit_of(NO_ITEM).expect("reads");
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!((entry.by.as_str(), entry.event.as_str()), ("maria", "note"));
        assert_eq!(entry.detail, "on f1: asked the carrier; login m");
        assert!(matches!(store.audit_verify().expect("reads"), ChainVerdict::Whole { entries: 1, .. }));
        let edit = "DROP TRIGGER note_stays; UPDATE note SET text = 'they agreed'";
        store.connection().execute_batch(edit).expect("edited");
        let ChainVerdict::Broken(found) = store.audit_verify().expect("reads") else { panic!("it is not noticed") };
        assert_eq!(found.wrong, "what was noted on findings was changed by another program than tieout");
    }

    #[test]
    fn notes_of_an_earlier_version_are_proved_from_the_migration_on() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("state.db");
        let connection = rusqlite::Connection::open(&path).expect("opens");
        crate::database::migrations::of_schema(&connection, 11).expect("an earlier schema");
        let old = "INSERT INTO note (finding_id, text, by, at) VALUES ('f1', 'old', 'jo', '2026-03-01T00:00:00Z')";
        connection.execute(old, []).expect("written");
        drop(connection);
        let mut connection = rusqlite::Connection::open(&path).expect("opens");
        crate::database::migrations::migrate(&mut connection).expect("migrates");
        let proved = |connection: &rusqlite::Connection| proof::edited(connection).expect("reads");
        assert_eq!(proved(&connection), None);
        connection.execute_batch("DROP TRIGGER note_stays; UPDATE note SET text = 'new'").expect("edited");
        assert!(proved(&connection).is_some());
    }
}
