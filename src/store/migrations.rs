//! The schema as an append-only list of steps. The position is kept in the file's `user_version`; what is missing runs
//! in one exclusive transaction, so that two processes never migrate at once and a crash leaves the old schema.

use anyhow::Context as _;
use rusqlite::{Connection, TransactionBehavior};

use super::open::Newer;

/// Steps in order. Never edit or remove one that was released: add another.
const MIGRATIONS: [&str; 2] = [include_str!("schema.sql"), include_str!("decisions.sql")];

/// Brings the schema up to date; refuses a file that a newer tieout wrote ([`Newer`]).
pub(super) fn migrate(connection: &mut Connection) -> anyhow::Result<()> {
    if version(connection)? == known() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    let from = version(&transaction)?;
    if from > known() {
        return Err(Newer { found: from, known: known() }.into());
    }
    for (step, sql) in (1..).zip(MIGRATIONS).skip(from as usize) {
        transaction.execute_batch(sql).with_context(|| format!("bring the database to schema {step}"))?;
    }
    transaction.pragma_update(None, "user_version", known())?;
    transaction.commit().context("commit the new database schema")
}

/// The newest schema that this program knows.
fn known() -> u32 {
    MIGRATIONS.len() as u32
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
