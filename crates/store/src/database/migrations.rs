//! The schema as an append-only list of steps. The position is kept in the file's `user_version`; what is missing runs
//! in one exclusive transaction, so that two processes never migrate at once and a crash leaves the old schema.

use anyhow::Context as _;
use rusqlite::{Connection, TransactionBehavior};

use crate::chain::audit::{Break, BrokenChain};
use crate::chain::proof;
use crate::database::open::Newer;

/// Steps in order. Never edit or remove one that was released: add another.
const MIGRATIONS: [&str; 15] = [
    include_str!("steps/schema.sql"),
    include_str!("steps/decisions.sql"),
    include_str!("steps/terminations.sql"),
    include_str!("steps/enrollments.sql"),
    include_str!("steps/oyster_items.sql"),
    include_str!("steps/recovery.sql"),
    include_str!("steps/proof.sql"),
    include_str!("steps/balances.sql"),
    include_str!("steps/waivers.sql"),
    include_str!("steps/reports.sql"),
    include_str!("steps/notes.sql"),
    include_str!("steps/notes_proved.sql"),
    include_str!("steps/whole_rows.sql"),
    include_str!("steps/anchored.sql"),
    include_str!("steps/all_proved.sql"),
];

/// Brings the schema up to date; refuses a file that a newer tieout wrote ([`Newer`]), or that another program changed
/// ([`BrokenChain`]).
pub(crate) fn migrate(connection: &mut Connection) -> anyhow::Result<()> {
    if !pending(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    let from = version(&transaction)?;
    if from > known() {
        return Err(Newer { found: from, known: known() }.into());
    }
    if let Some(wrong) = proof::edited_before(&transaction, from)? {
        return Err(BrokenChain(Break { id: 0, wrong }).into());
    }
    for (step, sql) in (1..).zip(MIGRATIONS).skip(from as usize) {
        transaction.execute_batch(sql).with_context(|| format!("bring the database to schema {step}"))?;
    }
    proof::begin(&transaction)?;
    transaction.pragma_update(None, "user_version", known())?;
    transaction.commit().context("commit the new database schema")
}

/// Whether the schema is not the newest one.
pub(crate) fn pending(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(version(connection)? != known())
}

/// The newest schema that this program knows.
fn known() -> u32 {
    MIGRATIONS.len() as u32
}

/// An empty database of a schema; `None`: this program does not know it.
pub(crate) fn made(schema: u32) -> anyhow::Result<Option<Connection>> {
    let Some(steps) = MIGRATIONS.get(..schema as usize) else { return Ok(None) };
    let connection = Connection::open_in_memory()?;
    steps.iter().try_for_each(|sql| connection.execute_batch(sql)).context("make an empty database")?;
    Ok(Some(connection))
}

pub(crate) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// A database of an earlier schema, to be brought up to date.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn of_schema(connection: &Connection, schema: usize) -> rusqlite::Result<()> {
    MIGRATIONS[..schema].iter().try_for_each(|sql| connection.execute_batch(sql))?;
    connection.pragma_update(None, "user_version", schema as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_from_before_the_decisions_are_kept_and_known_as_such() {
        let mut connection = Connection::open_in_memory().expect("opens");
        connection.execute_batch(MIGRATIONS[0]).expect("makes the first schema");
        connection.pragma_update(None, "user_version", 1).expect("writes");
        let insert = "INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, created_at, created_by,
                      changed_at, reason) VALUES ('007', 'demographic', 'proposed', '{}', 'h', '{}', 'T', 'run', 'T', 'r')";
        connection.execute(insert, []).expect("inserts");
        migrate(&mut connection).expect("migrates");
        let sql = "SELECT employee_id || state || payload_hash || reason || items_before FROM queue, audit_head";
        let row: String = connection.query_row(sql, [], |row| row.get(0)).expect("is there");
        assert_eq!(row, "007proposedhr1");
        let second = insert.replace("demographic", "compensation");
        connection.execute(&second, []).expect("takes more");
        connection.execute(insert, []).expect_err("one live item an employee and kind");
    }

    #[test]
    fn a_state_from_before_the_recovery_keeps_its_items_and_takes_its_first_job() {
        let mut connection = Connection::open_in_memory().expect("opens");
        for sql in &MIGRATIONS[..5] {
            connection.execute_batch(sql).expect("makes the fifth schema");
        }
        connection.pragma_update(None, "user_version", 5).expect("writes");
        let insert =
            "INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, created_at, created_by,
                      changed_at) VALUES ('007', 'new_hire', 'proposed', '{}', 'h', '{}', 'T', 'run', 'T')";
        connection.execute(insert, []).expect("inserts");
        let approve = "UPDATE queue SET state = 'approved', approved_by = 'Ana', approved_at = 'T', policy_hash = 'p'";
        connection.execute(approve, []).expect("approves");
        migrate(&mut connection).expect("migrates");
        let sql = "SELECT state || approved_by || (SELECT count(*) FROM owner) FROM queue";
        let row: String = connection.query_row(sql, [], |row| row.get(0)).expect("is there");
        assert_eq!(row, "approvedAna0");
    }
}
