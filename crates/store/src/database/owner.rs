//! The job that a state belongs to. Another one would send what was approved for this one, or void it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rusqlite::{OptionalExtension as _, params};

use crate::Store;

/// Whose state it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateOwner {
    pub job: String,
    /// At Benbase; blank: the job has none.
    pub employer: String,
}

/// The state is another job's. A command exits 2.
#[derive(Debug, thiserror::Error)]
#[error(
    "the state folder {dir} belongs to {}, and this is {}: name another `state_dir` in the job, or give it back its name \
     and employer",
    words(.found), words(.asked)
)]
pub struct OwnedByAnother {
    pub dir: PathBuf,
    pub found: StateOwner,
    pub asked: StateOwner,
}

fn words(StateOwner { job, employer }: &StateOwner) -> String {
    match employer.as_str() {
        "" => format!("job {job}"),
        employer => format!("job {job} of employer {employer}"),
    }
}

impl Store {
    /// Errors: [`OwnedByAnother`]. Says whether the state belongs to the job already.
    pub fn check_owner(&self, dir: &Path, asked: &StateOwner) -> anyhow::Result<bool> {
        let Some(found) = self.owner()? else { return Ok(false) };
        let other_employer =
            !found.employer.is_empty() && !asked.employer.is_empty() && found.employer != asked.employer;
        if found.job != asked.job || other_employer {
            return Err(OwnedByAnother { dir: dir.to_owned(), found, asked: asked.clone() }.into());
        }
        Ok(true)
    }

    /// Binds the state to the job; one that is bound stays so.
    pub fn bind(&mut self, owner: &StateOwner) -> anyhow::Result<()> {
        if self.owner()?.is_some_and(|found| !found.employer.is_empty() || owner.employer.is_empty()) {
            return Ok(());
        }
        let sql = "INSERT INTO owner (only, job, employer) VALUES (1, ?1, ?2)
                   ON CONFLICT (only) DO UPDATE SET employer = excluded.employer WHERE owner.employer = ''";
        let transaction = self.transaction()?;
        transaction.execute(sql, params![owner.job, owner.employer])?;
        transaction.commit().context("bind the state to its job")
    }

    /// Whether no night and no command has left anything in it.
    pub fn is_new(&self) -> anyhow::Result<bool> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM owner) AND NOT EXISTS (SELECT 1 FROM run)
                      AND NOT EXISTS (SELECT 1 FROM audit) AND NOT EXISTS (SELECT 1 FROM queue)";
        self.connection().query_row(sql, [], |row| row.get(0)).context("read the state of the job")
    }

    fn owner(&self) -> anyhow::Result<Option<StateOwner>> {
        let sql = "SELECT job, employer FROM owner";
        let read = |row: &rusqlite::Row<'_>| Ok(StateOwner { job: row.get(0)?, employer: row.get(1)? });
        self.connection().query_row(sql, [], read).optional().context("read whose state it is")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(job: &str, employer: &str) -> StateOwner {
        StateOwner { job: job.to_owned(), employer: employer.to_owned() }
    }

    #[test]
    fn a_state_belongs_to_its_first_job_and_to_the_first_employer_that_it_names() {
        let mut store = Store::in_memory().expect("opens");
        let dir = Path::new("state/acme");
        assert!(store.is_new().expect("reads") && !store.check_owner(dir, &owner("acme", "")).expect("nobody's"));
        store.bind(&owner("acme", "")).expect("binds");
        assert!(!store.is_new().expect("reads"));
        assert!(store.check_owner(dir, &owner("acme", "e_1")).expect("the same job"));
        store.bind(&owner("acme", "e_1")).expect("names the employer");
        store.bind(&owner("acme", "e_2")).expect("stays");
        for (asked, same) in [
            (owner("acme", "e_1"), true),
            (owner("acme", ""), true),
            (owner("acme", "e_2"), false),
            (owner("other", "e_1"), false),
        ] {
            let found = store.check_owner(dir, &asked);
            assert_eq!(found.is_ok(), same, "{asked:?}");
            assert!(found.err().is_none_or(|error| error.is::<OwnedByAnother>()), "{asked:?}");
        }
    }
}
