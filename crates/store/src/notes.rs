//! Notes: what people say of a finding, and who is to see to it until when. They are carried from night to night by the id
//! of the finding, and only ever added to.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Row, params};

use crate::{Store, parse_time, time_text};
use tieout_model::note::Note;

impl Store {
    /// Adds a note to each of the findings, in one transaction. Assignee and due day that are `None` stay as they were.
    pub fn add_note(&mut self, finding_ids: &[String], note: &Note) -> anyhow::Result<()> {
        let transaction = self.transaction()?;
        let sql = "INSERT INTO note (finding_id, text, assignee, due, by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut put = transaction.prepare_cached(sql)?;
        let (due, at) = (note.due.map(|day| day.to_string()), time_text(note.at));
        for id in finding_ids {
            put.execute(params![id, note.text, note.assignee, due, note.by, at]).context("write a note")?;
        }
        drop(put);
        transaction.commit().context("commit the notes")
    }

    /// How each finding with a note stands: its newest note, the newest assignee and the newest due day.
    pub fn notes(&self) -> anyhow::Result<BTreeMap<String, Note>> {
        let mut newest: BTreeMap<String, Note> = BTreeMap::new();
        self.scan_notes("", |id, note| {
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

fn note(row: &Row<'_>) -> anyhow::Result<Note> {
    let due: Option<String> = row.get("due")?;
    let due = due.map(|day| day.parse::<NaiveDate>().with_context(|| format!("the database holds the day {day:?}")));
    let at: DateTime<Utc> = parse_time(&row.get::<_, String>("at")?)?;
    Ok(Note { text: row.get("text")?, assignee: row.get("assignee")?, due: due.transpose()?, by: row.get("by")?, at })
}

#[cfg(test)]
mod tests {
    use super::*;
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
        store.add_note(&["f1".to_owned(), "f2".to_owned()], &first).expect("written");
        store.add_note(&["f1".to_owned()], &second).expect("written");
        let notes = store.notes().expect("reads");
        assert_eq!(notes["f1"], Note { assignee: first.assignee.clone(), due, ..second.clone() });
        assert_eq!(notes["f2"], first);
        assert_eq!(store.notes_of("f1").expect("reads"), [first, second]);
        store.connection().execute("DELETE FROM note", []).expect_err("kept");
    }
}
