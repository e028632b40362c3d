//! The anchor: where the audit chain ended, noted outside the state folder. A state that was put back from a backup,
//! or that was lost, does not hold it, and so is told from the one that the job last used. It is at least as new as
//! the last send: a claim is anchored after its commit and before a byte goes out. The state notes that it has an
//! anchor, so that one whose anchors are gone is told from one of a version that wrote none.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rusqlite::OptionalExtension as _;
use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};

use crate::chain::audit::recorded;
use crate::{StateOwner, Store};
use tieout_private as private;

/// Its name in the folder of a job's reports.
pub const ANCHOR_FILE: &str = "anchor.json";

/// What is appended to its name while it is written.
const UNFINISHED: &str = ".new";

/// Far more than an anchor needs: three paths as long as the system takes them.
const ANCHOR_BYTES_MAX: u64 = 1 << 16;

/// An end of a job's audit chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    pub job: String,
    /// At Benbase; blank: the job has none, or the anchor is of a version that did not note it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub employer: String,
    /// `None`: of a version that did not note them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Places>,
    /// Length of the chain.
    pub entries: i64,
    /// Hash of its last entry, hex.
    pub head: String,
    /// Where the job has it noted besides. A place without it was not there: a disk that is not mounted, or an older
    /// copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<PathBuf>,
}

/// Where the parts of a job are, from the root on: whether they are still there tells a job that was renamed from one
/// that lives on beside another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    pub job_file: PathBuf,
    pub state: PathBuf,
    /// `None`: of a version that did not note it, or of a state that has no database yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseFile>,
}

/// Which file a database is: a copy is another one, whatever its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseFile {
    pub inode: u64,
    /// Of the system's `machine-id`, hashed; blank: it has none, as in most containers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub machine: String,
}

/// Where a store notes the end of its chain, and as whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchors {
    pub owner: StateOwner,
    /// `None`: not to be noted.
    pub places: Option<Places>,
    pub paths: Vec<PathBuf>,
}

/// A file in the place of an anchor that can't be read as one. A command exits 7.
#[derive(Debug, thiserror::Error)]
#[error("{path} is no anchor of the audit chain ({problem})")]
pub struct BadAnchor {
    pub path: PathBuf,
    pub problem: String,
}

impl Places {
    /// Whether a state that was noted there is in this place now: moved on its disk, mounted elsewhere, or put back
    /// where it was. Else it is a copy, or was moved to another disk or machine. What an older version noted says
    /// nothing.
    pub fn still(&self, now: &Places) -> bool {
        let (Some(then), Some(found)) = (&self.database, &now.database) else { return true };
        let machines = [&then.machine, &found.machine];
        let elsewhere = machines.iter().all(|machine| !machine.is_empty()) && then.machine != found.machine;
        then.inode == found.inode || (self.state == now.state && !elsewhere)
    }
}

impl Anchor {
    /// `None`: there is no such file. Errors: [`BadAnchor`], or a file that can't be opened.
    pub fn read(path: &Path) -> anyhow::Result<Option<Anchor>> {
        // What waits for a writer, such as a pipe, would be waited for without end.
        let at_once = i32::try_from(OFlags::NONBLOCK.bits()).context("a flag that no system call takes")?;
        let file = match OpenOptions::new().read(true).custom_flags(at_once).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("read the anchor {}", path.display())),
        };
        let bad = |problem: String| BadAnchor { path: path.to_owned(), problem };
        let is_file = file.metadata().with_context(|| format!("look at {}", path.display()))?.is_file();
        if !is_file {
            return Err(bad("it is no file: move it away".to_owned()).into());
        }
        let mut text = Vec::new();
        file.take(ANCHOR_BYTES_MAX).read_to_end(&mut text).with_context(|| format!("read {}", path.display()))?;
        Ok(Some(serde_json::from_slice(&text).map_err(|error| bad(error.to_string()))?))
    }

    /// Whole or not at all, and on disk when this returns.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.exists() {
            private::folder(folder)?;
        }
        private::existing(path)?;
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(UNFINISHED);
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        let mut file = private::open(Path::new(&unfinished))?;
        file.set_len(0)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

impl Store {
    /// From now on whatever lengthens the audit chain writes these anchors before it returns.
    pub fn keep_anchors(&mut self, anchors: Anchors) {
        self.anchors = Some(anchors);
    }

    /// Writes the anchors as the chain ends now; none while it is empty.
    pub fn anchor(&mut self) -> anyhow::Result<()> {
        let Some(Anchors { owner, places, paths }) = self.anchors.clone() else { return Ok(()) };
        // Held while the files are written: an end that is older than another process's must not come after it.
        let transaction = self.transaction()?;
        let (entries, head) = recorded(&transaction)?;
        if entries == 0 {
            return Ok(());
        }
        let also = paths.iter().skip(1).cloned().collect();
        let anchor = Anchor { job: owner.job, employer: owner.employer, places, entries, head, also };
        for path in &paths {
            anchor.write(path).with_context(|| format!("write the anchor of the audit chain {}", path.display()))?;
        }
        // Not before the files: a state without them would be refused for a kill in between.
        transaction.execute("INSERT INTO anchored (only) VALUES (1) ON CONFLICT DO NOTHING", [])?;
        transaction.commit().context("note that the audit chain has an anchor")
    }

    /// Whether an anchor of this state was ever written.
    pub fn was_anchored(&self) -> anyhow::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM anchored)";
        self.connection().query_row(sql, [], |row| row.get(0)).context("read whether the state has an anchor")
    }

    /// Whether the chain was once as the anchor says.
    pub fn holds(&self, anchor: &Anchor) -> anyhow::Result<bool> {
        let sql = "SELECT hash FROM audit WHERE id = ?1";
        let hash: Option<String> = self
            .connection()
            .query_row(sql, [anchor.entries], |row| row.get(0))
            .optional()
            .context("look for the anchor in the audit chain")?;
        Ok(hash.as_deref() == Some(anchor.head.as_str()))
    }

    /// Entries of the audit chain.
    pub fn audit_entries(&self) -> anyhow::Result<i64> {
        recorded(self.connection()).map(|(entries, _)| entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_of_before_employers_and_places_were_noted_still_opens() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join(ANCHOR_FILE);
        fs::write(&path, r#"{"job":"acme","entries":7,"head":"ab"}"#).expect("written");
        let anchor = Anchor::read(&path).expect("reads").expect("is there");
        assert_eq!((anchor.entries, anchor.employer.as_str(), anchor.places), (7, "", None));
    }

    #[test]
    fn a_pipe_in_the_place_of_an_anchor_is_told_and_not_waited_for() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join(ANCHOR_FILE);
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).expect("a pipe");
        let error = Anchor::read(&path).expect_err("no anchor");
        assert!(error.is::<BadAnchor>() && error.to_string().contains("it is no file"), "{error:#}");
    }
}
