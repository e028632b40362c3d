//! One run of a job at a time: a lock on `<state>/lock`. The kernel drops it when the process ends, however it ends;
//! the file stays and tells who held it last. Not in here: waiting. A second run says who is at work and leaves.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::time_text;
use tieout_private as private;

/// Name of the lock file in the state folder.
const LOCK_FILE: &str = "lock";

/// Longest text read back from the lock file, in bytes.
const HOLDER_BYTES_MAX: u64 = 200;

/// How the text of whoever held the lock begins.
const SIGNATURE: &str = "process ";

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run of this job is under way; a command exits 5.
    #[error("another run of this job is under way: {path} is held by {holder}; wait for it to end")]
    Busy { path: PathBuf, holder: String },
    #[error("could not lock {path}; check that the state folder can be written and supports locks")]
    Failed { path: PathBuf, source: std::io::Error },
    #[error(
        "{path} is not a lock of tieout: expected a file that is empty or says which process held it; move it away"
    )]
    NoLock { path: PathBuf },
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
        private::folder(dir).map_err(LockError::Folder)?;
        let path = dir.join(LOCK_FILE);
        let failed = |source| LockError::Failed { path: path.clone(), source };
        let mut file = private::open(&path).map_err(LockError::Folder)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Busy { holder: holder(&mut file), path }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // What another put here is not emptied.
        if !is_lock(&mut file).map_err(failed)? {
            return Err(LockError::NoLock { path });
        }
        sign(&mut file, now).map_err(failed)?;
        Ok(RunLock { _file: file })
    }
}

/// A full disk may have cut the text short, and a power cut may have left zeros in its place.
fn is_lock(file: &mut File) -> std::io::Result<bool> {
    let mut begin = Vec::new();
    file.take(SIGNATURE.len() as u64).read_to_end(&mut begin)?;
    Ok(SIGNATURE.as_bytes().starts_with(&begin) || begin.iter().all(|byte| *byte == 0))
}

fn sign(file: &mut File, now: DateTime<Utc>) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{SIGNATURE}{} since {}", std::process::id(), time_text(now))?;
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

    #[test]
    fn a_file_that_is_no_lock_is_refused_and_kept() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join(LOCK_FILE);
        std::fs::write(&path, "pay of March").expect("written");
        let error = RunLock::acquire(dir.path(), at(0)).expect_err("no lock");
        assert!(matches!(error, LockError::NoLock { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "pay of March");
    }

    #[test]
    fn a_lock_whose_text_was_lost_or_cut_short_is_taken() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for text in ["", "proc", "\0\0\0\0\0\0\0\0\0\0\0\0"] {
            std::fs::write(dir.path().join(LOCK_FILE), text).expect("written");
            RunLock::acquire(dir.path(), at(0)).expect("free");
        }
    }

    #[test]
    fn a_link_is_refused_and_what_it_leads_to_is_kept() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let victim = dir.path().join("victim.txt");
        std::fs::write(&victim, "").expect("written");
        std::os::unix::fs::symlink(&victim, dir.path().join(LOCK_FILE)).expect("linked");
        let error = RunLock::acquire(dir.path(), at(0)).expect_err("a link");
        assert!(matches!(error, LockError::Folder(_)), "{error}");
        assert_eq!(std::fs::read_to_string(&victim).expect("there"), "");
    }
}
