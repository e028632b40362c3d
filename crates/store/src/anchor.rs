//! The anchor: where the audit chain ended, noted outside the state folder. A state that was put back from a backup,
//! or that was lost, does not hold it, and so is told from the one that the job last used. It is at least as new as
//! the last send: a claim is anchored after its commit and before a byte goes out. The state notes that it has an
//! anchor, so that one whose anchors are gone is told from one of a version that wrote none.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rusqlite::OptionalExtension as _;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::audit::recorded;
use tieout_private as private;

/// Its name in the folder of a job's reports.
pub const ANCHOR_FILE: &str = "anchor.json";

/// What is appended to its name while it is written.
const UNFINISHED: &str = ".new";

/// Far more than an anchor needs.
const ANCHOR_BYTES_MAX: u64 = 4096;

/// An end of a job's audit chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    pub job: String,
    /// Length of the chain.
    pub entries: i64,
    /// Hash of its last entry, hex.
    pub head: String,
    /// Where the job has it noted besides. A place without it was not there: a disk that is not mounted, or an older
    /// copy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<PathBuf>,
}

/// Where a store notes the end of its chain, and as whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchors {
    pub job: String,
    pub paths: Vec<PathBuf>,
}

/// A file in the place of an anchor that can't be read as one. A command exits 7.
#[derive(Debug, thiserror::Error)]
#[error("{path} is no anchor of the audit chain ({problem})")]
pub struct BadAnchor {
    pub path: PathBuf,
    pub problem: String,
}

impl Anchor {
    /// `None`: there is no such file. Errors: [`BadAnchor`], or a file that can't be opened.
    pub fn read(path: &Path) -> anyhow::Result<Option<Anchor>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("read the anchor {}", path.display())),
        };
        let mut text = Vec::new();
        file.take(ANCHOR_BYTES_MAX).read_to_end(&mut text).with_context(|| format!("read {}", path.display()))?;
        let bad = |error: serde_json::Error| BadAnchor { path: path.to_owned(), problem: error.to_string() };
        Ok(Some(serde_json::from_slice(&text).map_err(bad)?))
    }

    /// Whole or not at all, and on disk when this returns.
    fn write(&self, path: &Path) -> anyhow::Result<()> {
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
        let Some(Anchors { job, paths }) = self.anchors.clone() else { return Ok(()) };
        // Held while the files are written: an end that is older than another process's must not come after it.
        let transaction = self.transaction()?;
        let (entries, head) = recorded(&transaction)?;
        if entries == 0 {
            return Ok(());
        }
        let anchor = Anchor { job, entries, head, also: paths.iter().skip(1).cloned().collect() };
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
