//! How much the report of an earlier run of the same day says, so that a worse one does not take its place.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::Report;
use super::verify::SIGN_OFF_FILE;

const UNVERIFIED_FILE: &str = "unverified.csv";

/// What is known of an earlier report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Every source was read in full.
    complete: bool,
    /// Parts that could not be judged.
    unverified: u64,
    /// A guard stopped the night's queue.
    stopped: bool,
    /// Somebody signed it: it stays.
    pub is_signed: bool,
}

#[derive(Deserialize)]
struct Run {
    #[serde(default)]
    guards: Vec<String>,
    snapshot: Snapshot,
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Snapshot {
    complete: bool,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    rows: Option<u64>,
}

impl Earlier {
    pub(super) fn read(folder: &Path) -> Option<Earlier> {
        let run: Run = serde_json::from_slice(&fs::read(folder.join("run.json")).ok()?).ok()?;
        let unverified = run.files.iter().find(|file| file.name == UNVERIFIED_FILE)?.rows?;
        let stopped = !run.guards.is_empty();
        let is_signed = folder.join(SIGN_OFF_FILE).exists();
        Some(Earlier { complete: run.snapshot.complete, unverified, stopped, is_signed })
    }

    /// Whether it says more than `report`: less could be read for that one, as when the service was away, or a guard
    /// stopped it, as when the file holds half of the people.
    pub fn says_more_than(&self, report: &Report) -> bool {
        let guarded = !report.guards.is_empty() && !self.stopped;
        guarded || !report.head.complete && (self.complete || self.unverified < report.unverified.len() as u64)
    }
}
