//! One run of a job at a time: a lock on `<state>/lock`. The kernel drops it when the process ends, however it ends; the
//! file stays and tells who held it last. Not in here: waiting. A second run says who is at work and leaves.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::open::private_dir;
use crate::time_text;

/// Name of the lock file in the state folder.
const LOCK_FILE: &str = "lock";

/// Longest text read back from the lock file, in bytes.
const HOLDER_BYTES_MAX: u64 = 200;

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run of this job is under way; a command exits 5.
    #[error("another run of this job is under way: {path} is held by {holder}; wait for it to end")]
    Busy { path: PathBuf, holder: String },
    #[error("could not lock {path}; check that the state folder can be written and supports locks")]
    Failed { path: PathBuf, source: std::io::Error },
    #[error("could not prepare the state folder for its lock")]
    Folder(#[source] anyhow::Error),
}

/// The right to run this job; given back when dropped.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock of the state folder `dir`, or says at once who has it. `now` is told to whoever comes second.
    pub fn acquire(dir: &Path, now: DateTime<Utc>) -> Result<RunLock, LockError> {
        private_dir(dir).map_err(LockError::Folder)?;
        let path = dir.join(LOCK_FILE);
        let failed = |source| LockError::Failed { path: path.clone(), source };
        let mut options = OpenOptions::new();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Busy { holder: holder(&mut file), path }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        sign(&mut file, now).map_err(failed)?;
        Ok(RunLock { _file: file })
    }
}

fn sign(file: &mut File, now: DateTime<Utc>) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "process {} since {}", std::process::id(), time_text(now))?;
    file.flush()
}

/// The holder may not have signed yet.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.take(HOLDER_BYTES_MAX).read_to_string(&mut text) {
        Ok(length) if length > 0 => text,
        _ => "another process".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::at;

    #[test]
    fn the_second_run_is_told_who_holds_the_lock() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let held = RunLock::acquire(dir.path(), at(0)).expect("free");
        let error = RunLock::acquire(dir.path(), at(9)).expect_err("held");
        let expected = format!("held by process {} since 2026-03-31T02:00:00.000000Z", std::process::id());
        assert!(matches!(error, LockError::Busy { .. }) && error.to_string().contains(&expected), "{error}");
        drop(held);
        RunLock::acquire(dir.path(), at(10)).expect("free again");
    }
}
