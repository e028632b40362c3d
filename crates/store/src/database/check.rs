//! The integrity check of a database beside other work: of a large one it takes as long as reading it.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use crate::chain::audit;
use crate::database::open;

/// A check that is under way. Until [`Check::wait`] has returned, nothing may be written that follows from the database
/// and that anybody sees.
#[derive(Debug)]
pub struct Check(Option<JoinHandle<anyhow::Result<()>>>);

impl Check {
    /// Begins on a connection and a thread of its own; `proving`: the audit chain too.
    pub(crate) fn begin(path: PathBuf, proving: bool) -> Check {
        Check(Some(thread::spawn(move || {
            let mut connection = open::connect_to_read(&path)?;
            open::check(&connection, &path)?;
            if proving {
                // One moment of the database: the chain and what hangs on it are read one after the other.
                let moment = connection.transaction()?;
                audit::prove(&moment)?;
            }
            Ok(())
        })))
    }

    /// Waits for the end. Errors: [`crate::Damaged`], [`crate::BrokenChain`], or a file that can't be read;
    /// they are told once.
    pub fn wait(&mut self) -> anyhow::Result<()> {
        self.0.take().map_or(Ok(()), |check| check.join().unwrap_or_else(|panic| resume_unwind(panic)))
    }
}
