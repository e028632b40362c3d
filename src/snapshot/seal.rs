//! Sealing: three tables and a description go into a new folder beside the others, which gets its name only when every
//! byte is on the disk. A snapshot is never changed afterwards.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use super::{Outcome, Snapshot, open, parquet};
use crate::store::private_dir;

/// Version of tables and description; it rises when a column is added, moved, renamed or means something else.
const SNAPSHOT_VERSION: u32 = 1;

/// Folder of all snapshots in the state folder.
pub(super) const SNAPSHOTS_DIR: &str = "snapshots";

pub(super) const DESCRIPTION_FILE: &str = "snapshot.json";

/// Begin of the name of a folder that is not complete yet.
const UNFINISHED_PREFIX: &str = ".unfinished-";

/// Hex digits of the hash in an id.
const ID_HASH_DIGITS: usize = 12;

/// Whether snapshots can be sealed in this state folder, which can be written: if theirs is there, it is tried.
pub fn prepare(state: &Path) -> anyhow::Result<()> {
    let snapshots = state.join(SNAPSHOTS_DIR);
    if !snapshots.exists() {
        return Ok(());
    }
    let probe = snapshots.join(format!("{UNFINISHED_PREFIX}probe"));
    private_dir(&probe)?;
    fs::remove_dir_all(&probe).with_context(|| format!("remove the folder {}", probe.display()))
}

/// Names of the tables, in the order in which they are written and hashed.
pub(super) const TABLES: [&str; 3] = ["population", "users", "benefits"];

/// Where the answers of a snapshot came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The service itself.
    Benifex,
    /// Recorded answers.
    World,
}

/// What is known of a snapshot beside its tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub taken_at: DateTime<Utc>,
    /// The day that it speaks of.
    pub as_of: NaiveDate,
    pub source: Origin,
}

/// The three tables, each sorted as its column list says.
#[derive(Clone, Debug)]
pub struct Tables {
    pub population: DataFrame,
    pub users: DataFrame,
    pub benefits: DataFrame,
}

/// `snapshot.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    pub version: u32,
    pub id: String,
    pub taken_at: DateTime<Utc>,
    pub as_of: NaiveDate,
    pub source: Origin,
    /// Nobody is unverified.
    pub complete: bool,
    pub tables: BTreeMap<String, TableDescription>,
    /// SHA-256 over everything above but the id.
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableDescription {
    pub rows: usize,
    pub sha256: String,
}

impl Description {
    fn new(head: Head, complete: bool, tables: BTreeMap<String, TableDescription>) -> Description {
        let Head { taken_at, as_of, source } = head;
        let (id, sha256) = (String::new(), String::new());
        let mut new = Description { version: SNAPSHOT_VERSION, id, taken_at, as_of, source, complete, tables, sha256 };
        (new.id, new.sha256) = new.identity();
        new
    }

    /// Id and hash as they follow from the rest; a description that says otherwise was changed.
    pub fn identity(&self) -> (String, String) {
        let Description { version, id: _, taken_at, as_of, source, complete, tables, sha256: _ } = self;
        let mut text = format!("{version}\n{}\n{as_of}\n{source:?}\n{complete}\n", taken_at.to_rfc3339());
        for (name, table) in tables {
            text.push_str(&format!("{name} {} {}\n", table.rows, table.sha256));
        }
        let sha256 = parquet::hash(text.as_bytes());
        (format!("{as_of}-{}", &sha256[..ID_HASH_DIGITS]), sha256)
    }
}

/// Writes `<state>/snapshots/<id>/` and returns the snapshot with its tables. The same tables and head give the same id;
/// when it is there already, the one that is there is checked and kept. The caller holds the run lock.
pub fn seal(state: &Path, head: Head, tables: Tables) -> anyhow::Result<Snapshot> {
    let snapshots = state.join(SNAPSHOTS_DIR);
    private_dir(&snapshots)?;
    discard_unfinished(&snapshots)?;
    let unfinished = snapshots.join(format!("{UNFINISHED_PREFIX}{}", std::process::id()));
    private_dir(&unfinished)?;
    let complete = complete(&tables.population)?;
    let Tables { mut population, mut users, mut benefits } = tables;
    let mut described = BTreeMap::new();
    for (name, frame) in TABLES.into_iter().zip([&mut population, &mut users, &mut benefits]) {
        let sha256 = parquet::write(&table_path(&unfinished, name), frame)?;
        described.insert(name.to_owned(), TableDescription { rows: frame.height(), sha256 });
    }
    let description = Description::new(head, complete, described);
    describe(&unfinished, &description)?;
    publish(&unfinished, &snapshots, &description)?;
    Ok(Snapshot::new(&description, Tables { population, users, benefits }))
}

pub(super) fn table_path(dir: &Path, table: &str) -> PathBuf {
    dir.join(format!("{table}.parquet"))
}

fn complete(population: &DataFrame) -> anyhow::Result<bool> {
    let outcomes = population.column("outcome")?.str()?;
    Ok(outcomes.iter().all(|outcome| outcome != Some(Outcome::Unverified.name())))
}

fn describe(dir: &Path, description: &Description) -> anyhow::Result<()> {
    let path = dir.join(DESCRIPTION_FILE);
    let doing = || format!("write {}", path.display());
    let mut json = serde_json::to_vec_pretty(description).with_context(doing)?;
    json.push(b'\n');
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(&path).with_context(doing)?;
    file.write_all(&json).and_then(|()| file.sync_all()).with_context(doing)
}

fn publish(unfinished: &Path, snapshots: &Path, description: &Description) -> anyhow::Result<()> {
    let target = snapshots.join(&description.id);
    if target.exists() {
        open::verify(&target)?;
        return fs::remove_dir_all(unfinished).with_context(|| format!("remove {}", unfinished.display()));
    }
    let doing = || format!("put the snapshot {} in its place", target.display());
    File::open(unfinished).and_then(|dir| dir.sync_all()).with_context(doing)?;
    fs::rename(unfinished, &target).with_context(doing)?;
    File::open(snapshots).and_then(|dir| dir.sync_all()).with_context(doing)
}

/// What a killed run left behind.
fn discard_unfinished(snapshots: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(snapshots).with_context(|| format!("read the folder {}", snapshots.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED_PREFIX) {
            fs::remove_dir_all(entry.path()).with_context(|| format!("remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}
