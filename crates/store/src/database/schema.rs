//! Whether the tables, indexes and triggers of a file are those that tieout made. A trigger that is gone keeps nothing,
//! and a flipped bit in its text would look like a bug of tieout.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::database::migrations;
use crate::database::open::Damaged;

/// Kind and name of each object → how it was made; those that SQLite makes for itself are not in it.
type Objects = BTreeMap<(String, String), String>;

/// Errors: [`Damaged`]. A file of a schema that this program does not know passes: it is refused elsewhere.
pub(crate) fn check(connection: &mut Connection, path: &Path) -> anyhow::Result<()> {
    // One moment: another process may be bringing the file up to date.
    let moment = connection.transaction()?;
    let Some(expected) = migrations::made(migrations::version(&moment)?)? else { return Ok(()) };
    match difference(&objects(&expected)?, &objects(&moment)?) {
        Some(problem) => Err(Damaged { path: path.to_owned(), problem }.into()),
        None => Ok(()),
    }
}

fn objects(connection: &Connection) -> anyhow::Result<Objects> {
    let sql = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut objects = Objects::new();
    while let Some(row) = rows.next().context("read the schema of the database")? {
        objects.insert((text(row, 0)?, text(row, 1)?), plain(&text(row, 2)?));
    }
    Ok(objects)
}

/// A flipped bit may leave bytes that are no UTF-8.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => String::new(),
    })
}

/// Without comments, and with one blank for several: those of a step may have been worded otherwise in another version.
fn plain(sql: &str) -> String {
    let mut plain = String::with_capacity(sql.len());
    let mut quote = None;
    let mut rest = sql.chars().peekable();
    while let Some(char) = rest.next() {
        match quote {
            Some(open) => quote = Some(open).filter(|open| *open != char),
            None if char == '-' && rest.peek() == Some(&'-') => {
                while rest.next_if(|next| *next != '\n').is_some() {}
                continue;
            }
            None if char.is_ascii_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
                continue;
            }
            None => quote = Some(char).filter(|char| matches!(char, '\'' | '"')),
        }
        plain.push(char);
    }
    plain
}

/// The first object that is not as it was made, in words.
fn difference(expected: &Objects, found: &Objects) -> Option<String> {
    let altered = expected.iter().find_map(|(object @ (kind, name), made)| match found.get(object) {
        None => Some(format!("its {kind} {name} is gone")),
        Some(sql) if sql != made => Some(format!("its {kind} {name} is not as tieout made it")),
        Some(_) => None,
    });
    let foreign = || found.keys().find(|object| !expected.contains_key(*object));
    altered.or_else(|| foreign().map(|(kind, name)| format!("its {kind} {name} is none of tieout's")))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{DATABASE_FILE, Fault, Store};

    /// A database whose whole content is in its file.
    fn made(dir: &Path) -> Vec<u8> {
        let store = Store::open(dir).expect("opens");
        store.connection().pragma_update(None, "wal_checkpoint", "TRUNCATE").expect("all is in the file");
        drop(store);
        fs::read(dir.join(DATABASE_FILE)).expect("reads")
    }

    #[test]
    fn whatever_another_program_does_to_the_schema_is_damage() {
        for edit in [
            "DROP TRIGGER queue_is_kept",
            "DROP INDEX audit_by_item",
            "CREATE TABLE more (id INTEGER)",
            "CREATE TRIGGER more AFTER INSERT ON run BEGIN UPDATE queue SET state = 'approved'; END",
            "ALTER TABLE roster RENAME COLUMN source TO origin",
            "PRAGMA user_version = 3",
            "PRAGMA user_version = 0",
        ] {
            let dir = tempfile::tempdir().expect("a folder");
            made(dir.path());
            let other = Connection::open(dir.path().join(DATABASE_FILE)).expect("opens");
            other.execute_batch(edit).expect(edit);
            let error = Store::open(dir.path()).expect_err(edit);
            assert!(error.is::<Damaged>(), "{edit}: {error:#}");
        }
    }

    #[test]
    fn a_flipped_bit_in_a_trigger_is_damage_and_never_a_bug() {
        let dir = tempfile::tempdir().expect("a folder");
        let bytes = made(dir.path());
        let trigger = b"NEW.items_before <> OLD.items_before";
        let place = bytes.windows(trigger.len()).position(|window| window == trigger).expect("its text is in the file");
        for at in place..place + trigger.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            fs::write(dir.path().join(DATABASE_FILE), flipped).expect("writes");
            let error = Store::open(dir.path()).expect_err("refuses");
            assert_eq!(Fault::of(&error), Some(Fault::Damaged), "byte {at}: {error:#}");
        }
    }

    #[test]
    fn comments_and_line_breaks_do_not_count_and_texts_do() {
        assert_eq!(plain("a -- b 'c\n  d"), "a d");
        assert_eq!(plain("a ' -- \n  b' \"c  d\""), "a ' -- \n  b' \"c  d\"");
        assert_ne!(plain("a b"), plain("ab"));
    }
}
