//! Sealing: the tables and a description go into a new folder beside the others, which gets its name only when every
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

use super::{Outcome, OysterSnapshot, POPULATION, Snapshot, open, parquet};
use tieout_model::hash::sha256_hex;
use tieout_private as private;

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
    private::folder(&probe)?;
    fs::remove_dir_all(&probe).with_context(|| format!("remove the folder {}", probe.display()))
}

/// Names of the tables, in the order in which they are written.
pub(super) const TABLES: [&str; 3] = ["population", "users", "benefits"];

/// The tables of a job with Oyster.
pub(super) const OYSTER_TABLES: [&str; 2] = ["engagements", "enrollments"];

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
pub struct SnapshotHead {
    pub taken_at: DateTime<Utc>,
    /// The day that it speaks of.
    pub as_of: NaiveDate,
    pub source: Origin,
}

/// The tables, each sorted as its column list says.
#[derive(Clone, Debug)]
pub struct Tables {
    pub population: DataFrame,
    pub users: DataFrame,
    pub benefits: DataFrame,
    /// `None`: the job has no Oyster.
    pub oyster: Option<OysterSnapshot>,
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
    /// Absent without Oyster: such a description is the same as before there was Oyster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oyster: Option<OysterDescription>,
    /// SHA-256 over everything above but the id.
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableDescription {
    pub rows: usize,
    pub sha256: String,
}

/// What is known of Oyster beside its tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OysterDescription {
    pub list_fault: Option<String>,
}

impl Description {
    fn new(
        head: SnapshotHead,
        complete: bool,
        tables: BTreeMap<String, TableDescription>,
        oyster: Option<OysterDescription>,
    ) -> Description {
        let SnapshotHead { taken_at, as_of, source } = head;
        let (version, id, sha256) = (SNAPSHOT_VERSION, String::new(), String::new());
        let mut new = Description { version, id, taken_at, as_of, source, complete, tables, oyster, sha256 };
        (new.id, new.sha256) = new.identity();
        new
    }

    /// Id and hash as they follow from the rest; a description that says otherwise was changed.
    pub fn identity(&self) -> (String, String) {
        let Description { version, id: _, taken_at, as_of, source, complete, tables, oyster, sha256: _ } = self;
        let mut text = format!("{version}\n{}\n{as_of}\n{source:?}\n{complete}\n", taken_at.to_rfc3339());
        for (name, table) in tables {
            text.push_str(&format!("{name} {} {}\n", table.rows, table.sha256));
        }
        if let Some(oyster) = oyster {
            text.push_str(&format!("oyster {:?}\n", oyster.list_fault));
        }
        let sha256 = sha256_hex(&text);
        (format!("{as_of}-{}", &sha256[..ID_HASH_DIGITS]), sha256)
    }
}

/// Writes `<state>/snapshots/<id>/` and returns the snapshot with its tables. The same tables and head give the same
/// id; when it is there already, the one that is there is checked and kept. The caller holds the run lock.
pub fn seal(state: &Path, head: SnapshotHead, tables: Tables) -> anyhow::Result<Snapshot> {
    let snapshots = state.join(SNAPSHOTS_DIR);
    private::folder(&snapshots)?;
    discard_unfinished(&snapshots)?;
    let unfinished = snapshots.join(format!("{UNFINISHED_PREFIX}{}", std::process::id()));
    private::folder(&unfinished)?;
    let complete =
        complete(&tables.population)? && tables.oyster.as_ref().map_or(Ok(true), OysterSnapshot::complete)?;
    let Tables { mut population, mut users, mut benefits, mut oyster } = tables;
    let mut described = write(&unfinished, TABLES.into_iter().zip([&mut population, &mut users, &mut benefits]))?;
    if let Some(oyster) = &mut oyster {
        let frames = [&mut oyster.engagements, &mut oyster.enrollments];
        described.extend(write(&unfinished, OYSTER_TABLES.into_iter().zip(frames))?);
    }
    let about_oyster = oyster.as_ref().map(|oyster| OysterDescription { list_fault: oyster.list_fault.clone() });
    let description = Description::new(head, complete, described, about_oyster);
    describe(&unfinished, &description)?;
    publish(&unfinished, &snapshots, &description)?;
    Ok(Snapshot::new(&description, Tables { population, users, benefits, oyster }))
}

fn write<'a>(
    dir: &Path,
    tables: impl Iterator<Item = (&'static str, &'a mut DataFrame)>,
) -> anyhow::Result<BTreeMap<String, TableDescription>> {
    let describe = |(name, frame): (&str, &mut DataFrame)| {
        let sha256 = parquet::write(&table_path(dir, name), frame)?;
        Ok((name.to_owned(), TableDescription { rows: frame.height(), sha256 }))
    };
    tables.map(describe).collect()
}

pub(super) fn table_path(dir: &Path, table: &str) -> PathBuf {
    dir.join(format!("{table}.parquet"))
}

fn complete(population: &DataFrame) -> anyhow::Result<bool> {
    let outcomes = POPULATION.outcome.of(population)?;
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
