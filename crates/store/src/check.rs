//! The integrity check of a database beside other work: of a large one it takes as long as reading it.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use crate::open;

/// A check that is under way. Until [`Check::wait`] has returned, nothing may be written that follows from the database and
/// that anybody sees.
#[derive(Debug)]
pub struct Check(Option<JoinHandle<anyhow::Result<()>>>);

impl Check {
    /// Begins on a connection and a thread of its own.
    pub(super) fn begin(path: PathBuf) -> Check {
        Check(Some(thread::spawn(move || open::check(&open::connect_to_read(&path)?, &path))))
    }

    /// Waits for the end. Errors: [`super::Damaged`], or a file that can't be read; they are told once.
    pub fn wait(&mut self) -> anyhow::Result<()> {
        self.0.take().map_or(Ok(()), |check| check.join().unwrap_or_else(|panic| resume_unwind(panic)))
    }
}
