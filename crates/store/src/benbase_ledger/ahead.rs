//! The ledger, read on a connection and a thread of its own: of many employees it takes long, and little waits for it.

use std::panic::resume_unwind;
use std::path::Path;
use std::thread::{self, JoinHandle};

use crate::chain::proof::Watch;
use crate::database::open;
use crate::{DATABASE_FILE, Store};
use tieout_model::correction::BenbaseLedger;

/// A ledger that is being read.
#[derive(Debug)]
pub struct LedgerAhead(JoinHandle<anyhow::Result<Option<BenbaseLedger>>>);

impl LedgerAhead {
    /// Begins. `dir` is a state folder whose database is there; the ledger is of no use while the content of `opening`
    /// is not in it.
    pub fn begin(dir: &Path, opening: Option<&Path>) -> LedgerAhead {
        let (path, opening) = (dir.join(DATABASE_FILE), opening.map(Path::to_owned));
        LedgerAhead(thread::spawn(move || {
            let store = Store { connection: open::connect_to_read(&path)?, watch: Watch::default(), anchors: None };
            match opening {
                Some(opening) if !store.knows_opening_ledger(&opening)? => Ok(None),
                _ => store.benbase_ledger().map(Some),
            }
        }))
    }

    /// Waits for the end. `None`: the opening ledger must be imported first, or reading failed; reading again on the
    /// store tells why.
    pub fn wait(self) -> Option<BenbaseLedger> {
        let read = self.0.join().unwrap_or_else(|panic| resume_unwind(panic));
        read.unwrap_or_else(|error| {
            tracing::debug!(error = format!("{error:#}"), "the ledger was not read ahead");
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::tests::at;
    use tieout_model::placeholder::PlaceholderDates;

    #[test]
    fn the_ledger_is_read_ahead_unless_its_opening_is_not_imported() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let opening = dir.path().join("employees.ndjson");
        fs::write(&opening, r#"{"employee_id":"bb_1","pay_frequency":"weekly"}"#).expect("writes");
        let mut store = Store::open(dir.path()).expect("opens");
        let ahead = || LedgerAhead::begin(dir.path(), Some(&opening)).wait();
        assert_eq!(ahead(), None);
        store.import_opening_ledger(&opening, &PlaceholderDates::default(), at(0)).expect("imports");
        let read = ahead().expect("was read");
        assert_eq!(read, store.benbase_ledger().expect("reads"));
        assert_eq!(read.len(), 1);
        fs::remove_file(&opening).expect("removes");
        assert_eq!(ahead(), None, "why is told by the store");
        assert_eq!(LedgerAhead::begin(dir.path(), None).wait(), Some(read));
    }
}
