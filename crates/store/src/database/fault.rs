//! What an error says of the machine or of the state, whatever was attempted when it came: a full disk is no bug, and a
//! database that another process holds is no wrong command line.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use rusqlite::ErrorCode;
use rustix::io::Errno;

use crate::{BadAnchor, BrokenAudit, BrokenChain, Damaged, Newer};

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The database, its anchor or its audit chain cannot be trusted. A command exits 7.
    Damaged,
    /// Another process held the database for longer than a statement waits. A command exits 5.
    Busy,
    /// Disk full, input/output error, no memory, too few open files. A command exits 74.
    Machine,
    /// A file or database could not be used for another reason: a wrong path or owner, or, where tieout itself made the
    /// file a moment ago, the machine.
    Unusable,
}

impl Fault {
    /// Looks at the error and its causes; the gravest counts.
    pub fn of(error: &anyhow::Error) -> Option<Fault> {
        error.chain().filter_map(of_one).min_by_key(|fault| *fault as u8)
    }
}

fn of_one(error: &(dyn Error + 'static)) -> Option<Fault> {
    let of_state = error.is::<Damaged>() || error.is::<Newer>() || error.is::<BadAnchor>();
    if of_state || error.is::<BrokenAudit>() || error.is::<BrokenChain>() {
        return Some(Fault::Damaged);
    }
    if let Some(error) = error.downcast_ref::<rusqlite::Error>() {
        return if is_of_content(error) { Some(Fault::Damaged) } else { of_sqlite(error.sqlite_error_code()?) };
    }
    // Frames share theirs.
    let shared = || error.downcast_ref::<Arc<io::Error>>().map(|error| &**error);
    error.downcast_ref::<io::Error>().or_else(shared).map(of_io)
}

/// A cell that holds what tieout never writes there.
fn is_of_content(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
    )
}

fn of_sqlite(code: ErrorCode) -> Option<Fault> {
    match code {
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Fault::Damaged),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Some(Fault::Busy),
        // A file that cannot be used is told as such when it is opened.
        ErrorCode::CannotOpen
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::OutOfMemory
        | ErrorCode::FileLockingProtocolFailed => Some(Fault::Machine),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Some(Fault::Unusable),
        _ => None,
    }
}

fn of_io(error: &io::Error) -> Fault {
    let of_disk = [Errno::IO, Errno::NOSPC, Errno::DQUOT, Errno::MFILE, Errno::NFILE, Errno::NOMEM];
    let by_number = Errno::from_io_error(error).is_some_and(|number| of_disk.contains(&number));
    let by_kind = matches!(
        error.kind(),
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::OutOfMemory
            | ErrorKind::StaleNetworkFileHandle
    );
    if by_number || by_kind { Fault::Machine } else { Fault::Unusable }
}

#[cfg(test)]
mod tests {
    use anyhow::{Context as _, anyhow};
    use rusqlite::ffi;

    use super::*;

    fn of_code(code: i32) -> Option<Fault> {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        Fault::of(&anyhow::Error::new(error).context("remember the night").context("tonight"))
    }

    #[test]
    fn a_fault_is_known_by_what_sqlite_says_however_deep_it_lies() {
        for (code, expected) in [
            (ffi::SQLITE_FULL, Some(Fault::Machine)),
            (ffi::SQLITE_IOERR_FSYNC, Some(Fault::Machine)),
            (ffi::SQLITE_BUSY, Some(Fault::Busy)),
            (ffi::SQLITE_LOCKED, Some(Fault::Busy)),
            (ffi::SQLITE_CORRUPT, Some(Fault::Damaged)),
            (ffi::SQLITE_NOTADB, Some(Fault::Damaged)),
            (ffi::SQLITE_CANTOPEN, Some(Fault::Machine)),
            (ffi::SQLITE_READONLY, Some(Fault::Unusable)),
            (ffi::SQLITE_CONSTRAINT, None),
        ] {
            assert_eq!(of_code(code), expected, "{code}");
        }
    }

    #[test]
    fn a_full_disk_is_the_machines_fault_and_a_wrong_path_is_not() {
        let of = |error: io::Error| Fault::of(&anyhow::Error::new(error).context("write the report"));
        for number in [Errno::NOSPC, Errno::IO, Errno::DQUOT, Errno::ROFS, Errno::MFILE] {
            assert_eq!(of(number.into()), Some(Fault::Machine), "{number}");
        }
        assert_eq!(of(Errno::NOENT.into()), Some(Fault::Unusable));
        assert_eq!(of(Errno::ACCESS.into()), Some(Fault::Unusable));
        let shared: Result<(), _> = Err(Arc::new(io::Error::from(Errno::NOSPC)));
        assert_eq!(Fault::of(&shared.context("seal").expect_err("an error")), Some(Fault::Machine));
        assert_eq!(Fault::of(&anyhow!("a rule went wrong")), None);
    }
}
