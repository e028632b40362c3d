//! Moves the digests with the rows: triggers of this connection alone tell of each row that comes, goes or changes, and
//! the end of the transaction writes what that adds up to. Another program has no such triggers, so what it changes is
//! in no digest, now or later.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Null;
use rusqlite::{Connection, Transaction};

use super::{Part, Sum, noted, put};

/// The function that the triggers call: place of the part in [`Part::ALL`], [`COMES`] or [`GOES`], then what is hashed.
const FUNCTION: &str = "tieout_row_moved";
const COMES: i64 = 1;
const GOES: i64 = -1;
/// Arguments before what is hashed.
const LEADING: usize = 2;
/// As many arguments as the trigger gives.
const ANY_ARGUMENTS: i32 = -1;

/// What the rows of a transaction that is under way add to each digest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch(Arc<Mutex<[Sum; Part::ALL.len()]>>);

impl Watch {
    /// Watches the rows of all parts, from now on and through this connection.
    pub fn begin(connection: &Connection) -> anyhow::Result<Watch> {
        let watch = Watch::default();
        let told = watch.clone();
        // Else a row that is replaced would go unseen.
        connection.pragma_update(None, "recursive_triggers", true)?;
        let flags = FunctionFlags::SQLITE_UTF8;
        connection.create_scalar_function(FUNCTION, ANY_ARGUMENTS, flags, move |row| told.take(row))?;
        for (place, part) in Part::ALL.into_iter().enumerate() {
            for table in part.tables() {
                connection
                    .execute_batch(&triggers(connection, place, table)?)
                    .with_context(|| format!("watch {table}"))?;
            }
        }
        Ok(watch)
    }

    fn take(&self, row: &Context<'_>) -> rusqlite::Result<Null> {
        let (place, direction): (u8, i64) = (row.get(0)?, row.get(1)?);
        let place = usize::from(place);
        let sum = Sum::of_row((LEADING..row.len()).map(|at| row.get_raw(at)));
        let mut sums = self.sums();
        let part = sums.get_mut(place).ok_or(rusqlite::Error::InvalidParameterCount(place, Part::ALL.len()))?;
        match direction {
            GOES => part.subtract(sum),
            _ => part.add(sum),
        }
        Ok(Null)
    }

    fn sums(&self) -> MutexGuard<'_, [Sum; Part::ALL.len()]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, transaction: &Transaction<'_>) -> anyhow::Result<()> {
        for (part, moved) in Part::ALL.into_iter().zip(*self.sums()) {
            if moved == Sum::default() {
                continue;
            }
            // A digest that is none stays so: a later proof tells.
            let Some(mut sum) = noted(transaction, part)?.as_deref().and_then(Sum::parse) else { continue };
            sum.add(moved);
            put(transaction, part, sum)?;
        }
        Ok(())
    }
}

fn triggers(connection: &Connection, place: usize, table: &str) -> anyhow::Result<String> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    let columns: Vec<String> = statement.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let call = |row: &str, direction: i64| {
        let values: String = columns.iter().map(|column| format!(", {row}.\"{column}\"")).collect();
        format!("SELECT {FUNCTION}({place}, {direction}, '{table}'{values});")
    };
    let (comes, goes) = (call("NEW", COMES), call("OLD", GOES));
    let trigger = |event: &str, calls: &str| {
        format!("CREATE TEMP TRIGGER {table}_after_{event} AFTER {event} ON main.{table} BEGIN {calls} END;\n")
    };
    Ok(trigger("insert", &comes) + &trigger("update", &format!("{goes} {comes}")) + &trigger("delete", &goes))
}

/// A transaction at whose end the digests say what it changed.
#[derive(Debug)]
pub(crate) struct Writing<'s> {
    transaction: Transaction<'s>,
    watch: Watch,
}

impl<'s> Writing<'s> {
    /// `watch`: of the same connection.
    pub fn begin(transaction: Transaction<'s>, watch: Watch) -> Writing<'s> {
        // What was rolled back, or written outside, is in no digest.
        *watch.sums() = Default::default();
        Writing { transaction, watch }
    }

    pub fn commit(self) -> anyhow::Result<()> {
        self.watch.write(&self.transaction)?;
        Ok(self.transaction.commit()?)
    }
}

impl<'s> Deref for Writing<'s> {
    type Target = Transaction<'s>;

    fn deref(&self) -> &Transaction<'s> {
        &self.transaction
    }
}
