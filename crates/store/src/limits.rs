//! The calls of each credential that still count against the limit of its service, in one small database that all jobs
//! and processes of a machine share. It is no memory of a job: its own file, without personal data, rebuilt when it is
//! lost. Times come in as arguments, in microseconds since 1970: the one clock that processes have in common.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::database::fault::Fault;
use super::database::open::{damage, private_file};

/// Name of the file in its folder.
const LIMITS_FILE: &str = "limits.db";
/// The schema; a file of another one is begun anew.
const SCHEMA: i64 = 1;
/// How long a statement waits for another process: its transactions take microseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// While others settle the file, it is tried this often.
const TRY_EVERY: Duration = Duration::from_millis(10);
/// A call in flight counts as answered after so long at the latest. It has reached the service long before, and a
/// killed process shall not hold its slots for longer.
const LEASE_US: i64 = 10_000_000;
/// Credentials that nobody used for so long are forgotten.
const KEPT_US: i64 = 24 * 60 * 60 * 1_000_000;
/// Times that are ahead by less come from another process, which asked the clock while this one waited for its turn.
const STEP_US: i64 = 6_000_000;
/// No pause is believed beyond this: the clock may have been set back since.
const PAUSE_MAX_US: i64 = KEPT_US;

/// At most `calls` calls, each of which counts until `rest_us` after its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedWindow {
    pub calls: u64,
    pub rest_us: i64,
}

/// What came of asking for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A slot in every window is taken, under this number.
    Taken(i64),
    /// One may be free at this time.
    At(i64),
    /// Each is held by a call in flight, perhaps of another process.
    InFlight,
}

/// How one window stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub in_flight: u64,
    /// How long each resting slot rests on, in microseconds, shortest first.
    pub resting_us: Vec<i64>,
    /// Of all these calls those of this process.
    pub own: u64,
}

/// The limit of one credential.
#[derive(Debug)]
pub struct SharedLimit {
    connection: Connection,
    credential: String,
    owner: i64,
    windows: Vec<SharedWindow>,
}

impl SharedLimit {
    /// Opens `<dir>/limits.db`, or creates folder and file for their owner alone. A file that cannot be read is begun
    /// anew. `credential` is a hash, `owner` any number that no other process has.
    pub fn open(dir: &Path, credential: &str, owner: i64, windows: &[SharedWindow]) -> anyhow::Result<SharedLimit> {
        tieout_private::folder(dir)?;
        let path = dir.join(LIMITS_FILE);
        let connection = match connect_in_turn(&path) {
            Err(error) if damage(&error).is_some() => {
                tracing::warn!(file = %path.display(), "the log of calls is damaged and is begun anew");
                for ending in ["", "-wal", "-shm"] {
                    // Whoever else saw the damage may have removed it.
                    let _ = fs::remove_file(dir.join(format!("{LIMITS_FILE}{ending}")));
                }
                connect_in_turn(&path)
            }
            opened => opened,
        };
        let connection = connection.with_context(|| format!("open the log of calls {}", path.display()))?;
        Ok(SharedLimit { connection, credential: credential.to_owned(), owner, windows: windows.to_vec() })
    }

    /// Takes a slot of each window, or says what to wait for.
    pub fn reserve(&mut self, now_us: i64) -> anyhow::Result<Turn> {
        let (credential, owner, windows) = (self.credential.clone(), self.owner, self.windows.clone());
        self.change(|transaction| {
            let paused_until = settle(transaction, &credential, &windows, now_us)?;
            if paused_until > now_us {
                return Ok(Turn::At(paused_until));
            }
            for window in &windows {
                if let Some(turn) = blocked(transaction, &credential, window, now_us)? {
                    return Ok(turn);
                }
            }
            let sql = "INSERT INTO call (credential, owner, lease_until) VALUES (?1, ?2, ?3)";
            transaction.prepare_cached(sql)?.execute(params![credential, owner, now_us.saturating_add(LEASE_US)])?;
            Ok(Turn::Taken(transaction.last_insert_rowid()))
        })
    }

    /// The call that holds a slot was answered, or given up.
    pub fn answered(&mut self, slot: i64, now_us: i64) -> anyhow::Result<()> {
        let sql = "UPDATE call SET answered_us = ?2 WHERE id = ?1";
        self.connection.prepare_cached(sql)?.execute(params![slot, now_us]).context("note the end of a call")?;
        Ok(())
    }

    /// The call that would have held a slot was not sent.
    pub fn unused(&mut self, slot: i64) -> anyhow::Result<()> {
        let sql = "DELETE FROM call WHERE id = ?1";
        self.connection.prepare_cached(sql)?.execute([slot]).context("give a slot back")?;
        Ok(())
    }

    /// Nobody calls before `until_us`; a longer pause stays. Says whether nobody had to wait before.
    pub fn pause(&mut self, now_us: i64, until_us: i64) -> anyhow::Result<bool> {
        let (credential, windows) = (self.credential.clone(), self.windows.clone());
        self.change(|transaction| {
            let before = settle(transaction, &credential, &windows, now_us)?;
            let sql = "UPDATE credential SET paused_until = max(paused_until, ?2) WHERE key = ?1";
            transaction.execute(sql, params![credential, until_us])?;
            Ok(before <= now_us)
        })
    }

    /// How each window stands, and how long the pause goes on, in microseconds.
    pub fn standing(&mut self, now_us: i64) -> anyhow::Result<(Vec<Standing>, i64)> {
        let (credential, owner, windows) = (self.credential.clone(), self.owner, self.windows.clone());
        self.change(|transaction| {
            let paused_until = settle(transaction, &credential, &windows, now_us)?;
            let mut standings = Vec::with_capacity(windows.len());
            for window in &windows {
                standings.push(standing(transaction, &credential, owner, window, now_us)?);
            }
            Ok((standings, (paused_until - now_us).max(0)))
        })
    }

    fn change<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .context("begin a change of the log of calls")?;
        let done = work(&transaction).context("read the log of calls")?;
        transaction.commit().context("commit the log of calls")?;
        Ok(done)
    }
}

/// SQLite does not wait for others while it settles how a file is journalled, and six jobs may begin at once.
fn connect_in_turn(path: &Path) -> anyhow::Result<Connection> {
    let tries = BUSY_TIMEOUT.as_millis() / TRY_EVERY.as_millis();
    for _ in 1..tries {
        match connect(path) {
            Err(error) if Fault::of(&error) == Some(Fault::Busy) => std::thread::sleep(TRY_EVERY),
            opened => return opened,
        }
    }
    connect(path)
}

fn connect(path: &Path) -> anyhow::Result<Connection> {
    private_file(path)?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A power cut ends all calls; the file need not survive it, and each call would wait for the disk.
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found != SCHEMA {
        transaction.execute_batch("DROP TABLE IF EXISTS call; DROP TABLE IF EXISTS credential;")?;
        transaction.execute_batch(include_str!("limits.sql"))?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    transaction.commit()?;
    Ok(connection)
}

/// Brings the calls of a credential up to now, forgets what no longer counts, and gives the end of its pause.
fn settle(
    transaction: &Transaction<'_>,
    credential: &str,
    windows: &[SharedWindow],
    now_us: i64,
) -> anyhow::Result<i64> {
    let longest = windows.iter().map(|window| window.rest_us).max().unwrap_or_default();
    let sql = "INSERT INTO credential VALUES (?1, ?2, 0, ?3)
               ON CONFLICT (key) DO UPDATE SET longest_us = max(longest_us, ?2), used_us = ?3,
                   paused_until = iif(paused_until > ?4, 0, paused_until)
               RETURNING longest_us, paused_until";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let believed = now_us.saturating_add(PAUSE_MAX_US);
    let (longest, paused_until) =
        transaction.prepare_cached(sql)?.query_row(params![credential, longest, now_us, believed], row)?;
    // The process that sent it may be gone.
    let sql = "UPDATE call SET answered_us = lease_until
               WHERE credential = ?1 AND answered_us IS NULL AND lease_until <= ?2";
    transaction.prepare_cached(sql)?.execute(params![credential, now_us])?;
    // The clock was set back: as if it had been answered now.
    let sql = "UPDATE call SET answered_us = ?2 WHERE credential = ?1 AND answered_us > ?3";
    transaction.prepare_cached(sql)?.execute(params![credential, now_us, now_us.saturating_add(STEP_US)])?;
    let sql = "UPDATE call SET lease_until = ?2 WHERE credential = ?1 AND answered_us IS NULL AND lease_until > ?2";
    transaction.prepare_cached(sql)?.execute(params![credential, now_us.saturating_add(LEASE_US)])?;
    let sql = "DELETE FROM call WHERE credential = ?1 AND answered_us <= ?2";
    transaction.prepare_cached(sql)?.execute(params![credential, now_us.saturating_sub(longest)])?;
    let sql = "DELETE FROM credential WHERE used_us < ?1";
    transaction.prepare_cached(sql)?.execute([now_us.saturating_sub(KEPT_US)])?;
    Ok(paused_until)
}

/// What a window without a free slot waits for.
fn blocked(
    transaction: &Transaction<'_>,
    credential: &str,
    window: &SharedWindow,
    now_us: i64,
) -> anyhow::Result<Option<Turn>> {
    let since = now_us.saturating_sub(window.rest_us);
    let slots = i64::try_from(window.calls.max(1)).unwrap_or(i64::MAX);
    // With all slots taken this is the one whose end makes room.
    let sql = "SELECT answered_us FROM call WHERE credential = ?1 AND (answered_us IS NULL OR answered_us > ?2)
               ORDER BY answered_us IS NOT NULL, answered_us DESC LIMIT 1 OFFSET ?3";
    let row = |row: &rusqlite::Row<'_>| row.get::<_, Option<i64>>(0);
    let nth = transaction.prepare_cached(sql)?.query_row(params![credential, since, slots - 1], row).optional()?;
    Ok(nth.map(|answered| answered.map_or(Turn::InFlight, |at| Turn::At(at.saturating_add(window.rest_us)))))
}

fn standing(
    transaction: &Transaction<'_>,
    credential: &str,
    owner: i64,
    window: &SharedWindow,
    now_us: i64,
) -> anyhow::Result<Standing> {
    let since = now_us.saturating_sub(window.rest_us);
    let sql = "SELECT answered_us, owner = ?3 FROM call
               WHERE credential = ?1 AND (answered_us IS NULL OR answered_us > ?2) ORDER BY answered_us";
    let mut statement = transaction.prepare_cached(sql)?;
    let rows = statement.query_map(params![credential, since, owner], |row| {
        Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, bool>(1)?))
    })?;
    let mut standing = Standing { in_flight: 0, resting_us: Vec::new(), own: 0 };
    for row in rows {
        let (answered, own) = row?;
        match answered {
            None => standing.in_flight += 1,
            Some(at) => standing.resting_us.push(at.saturating_add(window.rest_us).saturating_sub(now_us)),
        }
        standing.own += u64::from(own);
    }
    Ok(standing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;
    const THREE_IN_TEN: SharedWindow = SharedWindow { calls: 3, rest_us: 10 * SECOND };

    fn open(dir: &Path, credential: &str, owner: i64) -> SharedLimit {
        SharedLimit::open(dir, credential, owner, &[THREE_IN_TEN]).expect("opens")
    }

    #[track_caller]
    fn taken(limit: &mut SharedLimit, now_us: i64) -> i64 {
        match limit.reserve(now_us).expect("reads") {
            Turn::Taken(slot) => slot,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn processes_share_the_slots_of_a_credential_and_of_no_other() {
        let dir = tempfile::tempdir().expect("a folder");
        let (mut one, mut two, mut other) =
            (open(dir.path(), "a", 1), open(dir.path(), "a", 2), open(dir.path(), "b", 3));
        let first = taken(&mut one, 0);
        taken(&mut two, 0);
        let third = taken(&mut two, SECOND);
        assert_eq!(one.reserve(SECOND).expect("reads"), Turn::InFlight);
        taken(&mut other, SECOND);
        one.answered(first, 2 * SECOND).expect("writes");
        // The slot rests for a window after the answer.
        assert_eq!(two.reserve(3 * SECOND).expect("reads"), Turn::At(12 * SECOND));
        two.unused(third).expect("writes");
        taken(&mut two, 3 * SECOND);
        let (standings, pause) = two.standing(4 * SECOND).expect("reads");
        assert_eq!(standings, [Standing { in_flight: 2, resting_us: vec![8 * SECOND], own: 2 }]);
        assert_eq!(pause, 0);
    }

    #[test]
    fn a_slot_is_free_again_one_window_after_its_answer() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut limit = open(dir.path(), "a", 1);
        let slots = [0, 0, 0].map(|now| taken(&mut limit, now));
        for (slot, answered) in slots.into_iter().zip([SECOND, 2 * SECOND, 3 * SECOND]) {
            limit.answered(slot, answered).expect("writes");
        }
        assert_eq!(limit.reserve(4 * SECOND).expect("reads"), Turn::At(11 * SECOND));
        assert_eq!(limit.reserve(11 * SECOND - 1).expect("reads"), Turn::At(11 * SECOND));
        taken(&mut limit, 11 * SECOND);
    }

    #[test]
    fn calls_of_a_killed_process_end_with_their_lease() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut killed = open(dir.path(), "a", 1);
        for _ in 0..3 {
            taken(&mut killed, 0);
        }
        drop(killed);
        let mut next = open(dir.path(), "a", 2);
        assert_eq!(next.reserve(LEASE_US - 1).expect("reads"), Turn::InFlight);
        assert_eq!(next.reserve(LEASE_US).expect("reads"), Turn::At(LEASE_US + 10 * SECOND));
        taken(&mut next, LEASE_US + 10 * SECOND);
    }

    #[test]
    fn a_clock_that_was_set_back_costs_one_window_at_most() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut limit = open(dir.path(), "a", 1);
        let (now, ahead) = (1_000 * SECOND, 1_000_000 * SECOND);
        for _ in 0..2 {
            let slot = taken(&mut limit, ahead);
            limit.answered(slot, ahead).expect("writes");
        }
        taken(&mut limit, ahead);
        limit.pause(ahead, ahead + 60 * SECOND).expect("writes");
        assert_eq!(limit.reserve(now).expect("reads"), Turn::At(now + 10 * SECOND));
        taken(&mut limit, now + 10 * SECOND);
    }

    #[test]
    fn a_pause_holds_every_process_and_is_news_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let (mut one, mut two) = (open(dir.path(), "a", 1), open(dir.path(), "a", 2));
        assert!(one.pause(0, 5 * SECOND).expect("writes"));
        assert!(!two.pause(SECOND, 4 * SECOND).expect("writes"));
        assert_eq!(two.reserve(SECOND).expect("reads"), Turn::At(5 * SECOND));
        taken(&mut two, 5 * SECOND);
    }

    #[test]
    fn what_no_longer_counts_is_forgotten() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut limit = open(dir.path(), "a", 1);
        for now in (0..1_000).map(|n| n * 4 * SECOND) {
            let slot = taken(&mut limit, now);
            limit.answered(slot, now).expect("writes");
        }
        let rows = |limit: &SharedLimit, table: &str| {
            let sql = format!("SELECT count(*) FROM {table}");
            limit.connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("counts")
        };
        assert_eq!(rows(&limit, "call"), 3);
        let mut later = open(dir.path(), "b", 1);
        taken(&mut later, 4_000 * SECOND + KEPT_US);
        assert_eq!((rows(&later, "call"), rows(&later, "credential")), (1, 1));
    }

    #[test]
    fn a_damaged_log_is_begun_anew_and_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("limits");
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join(LIMITS_FILE), "nothing of the kind ".repeat(500)).expect("writes");
        taken(&mut open(&folder, "a", 1), 0);
        let mode = |path: &Path| fs::metadata(path).expect("is there").permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(LIMITS_FILE))), (0o700, 0o600));
    }
}
