//! Opening the database file: private folder and file, settings that survive a power cut, schema, integrity. What a
//! command must tell apart (a damaged file, a file of a newer tieout) has a type of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use rustix::fs::{Access, AtFlags, CWD};

use crate::Store;
use crate::chain::proof::Watch;
use crate::database::check::Check;
use crate::database::migrations;
use crate::database::schema;
use tieout_private as private;

/// Name of the database file in the state folder.
pub const DATABASE_FILE: &str = "tieout.db";

/// What SQLite appends to it for the files that it keeps beside.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// How long a statement waits for another process's transaction: a backup or somebody's query, which end.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);

/// Prepared statements kept: more than all statements of this folder.
const STATEMENTS_MAX: usize = 64;

/// Problems of the integrity check that the error shows.
const PROBLEMS_SHOWN_MAX: u32 = 3;

/// The database is damaged; nothing in it may be trusted. A command exits 7.
#[derive(Debug, thiserror::Error)]
#[error(
    "the database {path} is damaged: {problem}; put back the newest backup of the state folder, or, without one, move \
     the folder away; then `tieout recover JOB --reason …` puts in doubt what may have been sent since"
)]
pub struct Damaged {
    pub path: PathBuf,
    pub problem: String,
}

/// The database was written by a newer tieout.
#[derive(Debug, thiserror::Error)]
#[error(
    "the database has schema {found}, this tieout knows schemas up to {known}: a newer tieout wrote it; run that one, or \
     restore the backup from before the upgrade and run `tieout recover JOB --reason …`"
)]
pub struct Newer {
    pub found: u32,
    pub known: u32,
}

impl Store {
    /// Opens `<dir>/tieout.db`, or creates folder and file for their owner alone. Errors: [`Damaged`], [`Newer`], or a
    /// file that can't be opened.
    pub fn open(dir: &Path) -> anyhow::Result<Store> {
        let (store, path) = Store::open_unchecked(dir)?;
        Check::begin(path, false).wait()?;
        Ok(store)
    }

    /// The same, and the check of the file goes on, of its audit chain too: [`Check::wait`] tells its end. A file of an
    /// older schema is checked before it is brought up to date.
    pub fn open_while_checked(dir: &Path) -> anyhow::Result<(Store, Check)> {
        let (store, path) = Store::open_unchecked(dir)?;
        Ok((store, Check::begin(path, true)))
    }

    fn open_unchecked(dir: &Path) -> anyhow::Result<(Store, PathBuf)> {
        private::folder(dir)?;
        let path = dir.join(DATABASE_FILE);
        private_file(&path)?;
        let store = connect(&path).map_err(|error| match damage(&error) {
            Some(problem) => Damaged { path: path.clone(), problem }.into(),
            None => refusal(error, &path).context(format!("open the database {}", path.display())),
        })?;
        Ok((store, path))
    }

    /// An empty database that lives as long as the value, for tests.
    pub fn in_memory() -> anyhow::Result<Store> {
        let mut connection = Connection::open_in_memory()?;
        settle(&connection)?;
        migrations::migrate(&mut connection)?;
        let watch = Watch::begin(&connection)?;
        Ok(Store { connection, watch, anchors: None })
    }
}

fn connect(path: &Path) -> anyhow::Result<Store> {
    let mut connection = Connection::open(path)?;
    settle(&connection)?;
    schema::check(&mut connection, path)?;
    if migrations::pending(&connection)? {
        check(&connection, path)?;
    }
    migrations::migrate(&mut connection)?;
    let watch = Watch::begin(&connection)?;
    Ok(Store { connection, watch, anchors: None })
}

/// A further connection to a database that is open already.
pub(crate) fn connect_to_read(path: &Path) -> anyhow::Result<Connection> {
    let attempt = || -> anyhow::Result<Connection> {
        let connection =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(connection)
    };
    let opened = attempt().map_err(|error| refusal(error, path));
    opened.with_context(|| format!("open the database {} to read it", path.display()))
}

/// Why SQLite did not open a file that is there: it keeps the system's word to itself, so what it needs is asked for
/// without it. The database is not opened here: to close it would end the locks of other connections.
fn refusal(error: anyhow::Error, path: &Path) -> anyhow::Error {
    let code = error.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
    if !matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)) {
        return error;
    }
    match usable(path) {
        Ok(()) => error,
        Err(found) => found.context(error.to_string()),
    }
}

/// Whether the file can be written, and others be created beside it.
fn usable(path: &Path) -> anyhow::Result<()> {
    let access = rustix::fs::accessat(CWD, path, Access::READ_OK | Access::WRITE_OK, AtFlags::EACCESS);
    access.map_err(io::Error::from)?;
    let beside = path.with_extension("probe");
    drop(private::open(&beside)?);
    Ok(fs::remove_file(&beside)?)
}

fn settle(connection: &Connection) -> anyhow::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL could lose the last commits in a power cut: an answered call, or worse, a sent change.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Nothing of a job lies in a folder for all.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Answers hold personal data until they are sealed; a deleted row leaves none behind.
    connection.pragma_update(None, "secure_delete", true)?;
    Ok(())
}

/// Errors: [`Damaged`].
pub(crate) fn check(connection: &Connection, path: &Path) -> anyhow::Result<()> {
    integrity_check(connection, path).map_err(|error| match damage(&error) {
        Some(problem) => Damaged { path: path.to_owned(), problem }.into(),
        None => error.context(format!("check the database {}", path.display())),
    })
}

/// Not `quick_check`, which does not hold the indexes against their tables: an approved item whose index entry was
/// damaged would be passed over in silence.
fn integrity_check(connection: &Connection, path: &Path) -> anyhow::Result<()> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({PROBLEMS_SHOWN_MAX})"))?;
    let problems = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    if problems == ["ok"] {
        return Ok(());
    }
    Err(Damaged { path: path.to_owned(), problem: problems.join("; ") }.into())
}

/// What SQLite says when the file itself is wrong.
pub(crate) fn damage(error: &anyhow::Error) -> Option<String> {
    if let Some(damaged) = error.downcast_ref::<Damaged>() {
        return Some(damaged.problem.clone());
    }
    let code = error.downcast_ref::<rusqlite::Error>()?.sqlite_error_code()?;
    match code {
        ErrorCode::DatabaseCorrupt => Some("its pages contradict each other".into()),
        ErrorCode::NotADatabase => Some("it is not an SQLite database".into()),
        _ => None,
    }
}

/// SQLite gives the files beside the database the mode of the database, when it creates them.
pub(crate) fn private_file(path: &Path) -> anyhow::Result<()> {
    if !private::existing(path)? {
        drop(private::open(path)?);
    }
    for suffix in BESIDE {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        private::existing(Path::new(&beside))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::{Fault, testing};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("is there").permissions().mode() & 0o777
    }

    #[test]
    fn folder_and_file_are_for_their_owner_alone() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let state = dir.path().join("state/acme");
        let store = Store::open(&state).expect("opens");
        assert_eq!(mode(&state), 0o700);
        assert_eq!(mode(&state.join(DATABASE_FILE)), 0o600);
        let settings = |name| store.connection().pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        assert_eq!(settings("synchronous").expect("reads"), 2);
        assert_eq!(settings("foreign_keys").expect("reads"), 1);
        assert_eq!(settings("trusted_schema").expect("reads"), 0);
    }

    #[test]
    fn a_database_and_the_files_beside_it_are_closed_to_others() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join(DATABASE_FILE);
        let open = Store::open(dir.path()).expect("opens");
        let all = ["tieout.db", "tieout.db-wal", "tieout.db-shm"].map(|name| dir.path().join(name));
        for path in &all {
            fs::set_permissions(path, Permissions::from_mode(0o666)).expect("is there");
        }
        private_file(&path).expect("ours");
        assert_eq!(all.each_ref().map(|path| mode(path)), [0o600; 3]);
        drop(open);
    }

    #[test]
    fn a_second_opening_finds_what_the_first_wrote() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let insert = "INSERT INTO roster VALUES ('007', '2026-03-31', 'payroll')";
        Store::open(dir.path()).expect("opens").connection().execute(insert, []).expect("inserts");
        assert_eq!(Store::open(dir.path()).expect("opens again").roster_ids().expect("reads"), ["007"]);
    }

    #[test]
    fn a_file_of_a_newer_tieout_is_refused_in_plain_words() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        Store::open(dir.path()).expect("opens").connection().pragma_update(None, "user_version", 99).expect("writes");
        let error = Store::open(dir.path()).expect_err("refuses");
        assert!(error.downcast_ref::<Newer>().is_some_and(|newer| newer.found == 99), "{error:#}");
        assert!(format!("{error:#}").contains("a newer tieout wrote it"));
    }

    #[test]
    fn a_file_that_is_no_database_is_damaged() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::write(
            dir.path().join(DATABASE_FILE),
            "nothing of the kind, but long enough to be read as a page".repeat(40),
        )
        .expect("writes");
        let error = Store::open(dir.path()).expect_err("refuses");
        assert!(error.downcast_ref::<Damaged>().is_some(), "{error:#}");
    }

    #[test]
    fn what_the_system_refuses_is_told_from_a_place_that_cannot_be_used() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join(DATABASE_FILE);
        fs::write(&path, "").expect("written");
        let refused = |path: &Path| {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
            refusal(rusqlite::Error::SqliteFailure(code, None).into(), path)
        };
        assert_eq!(Fault::of(&refused(&path)), Some(Fault::Machine));
        assert_eq!(fs::read_dir(dir.path()).expect("lists").count(), 1, "nothing is left behind");
        let gone = refused(&dir.path().join("gone").join(DATABASE_FILE));
        assert_eq!(Fault::of(&gone), Some(Fault::Unusable), "{gone:#}");
    }

    #[test]
    fn a_flipped_bit_in_an_index_never_hides_an_item() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut store = Store::open(dir.path()).expect("opens");
        let plan = testing::plan(vec![testing::compensation("007", "part_time")]);
        store.enqueue_plan(&plan, &testing::all_judged(), testing::START, testing::BY).expect("queues");
        testing::drive(&mut store, 1, crate::ItemState::Approved);
        store.connection().pragma_update(None, "wal_checkpoint", "TRUNCATE").expect("all is in the file");
        drop(store);
        let path = dir.path().join(DATABASE_FILE);
        let bytes = fs::read(&path).expect("reads");
        let words = b"approved".len();
        let places = (0..bytes.len() - words).filter(|at| bytes[*at..].starts_with(b"approved")).collect::<Vec<_>>();
        let mut damaged = 0;
        for at in places {
            let mut flipped = bytes.clone();
            flipped[at + 2] ^= 0b10;
            fs::write(&path, flipped).expect("writes");
            match Store::open(dir.path()) {
                Err(_) => damaged += 1,
                // Elsewhere than in the queue and its indexes.
                Ok(store) => assert_eq!(store.sendable().expect("reads").len(), 1, "byte {at}"),
            }
        }
        assert!(damaged > 1, "the state stands in the table and in its index");
    }

    #[test]
    fn a_file_with_an_overwritten_page_is_damaged() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        drop(Store::open(dir.path()).expect("opens"));
        let path = dir.path().join(DATABASE_FILE);
        let mut bytes = fs::read(&path).expect("reads");
        // Past the schema's own page: the tables' pages.
        bytes[8192..12288].fill(0xAB);
        fs::write(&path, bytes).expect("writes");
        let error = Store::open(dir.path()).expect_err("refuses");
        assert!(error.downcast_ref::<Damaged>().is_some(), "{error:#}");
    }
}
