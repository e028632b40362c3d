//! What arrived at Benbase by POST and at Oyster by PUT or POST, in order: the witness against which a push is judged.
//! Each entry is one JSON line in a file, flushed at once, or kept in memory when no file was named.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Entries kept in memory, the newest ones.
const KEPT_MAX: usize = 200_000;
/// Bodies hold personal data.
const OWNER_ONLY: u32 = 0o600;

/// One write that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1; goes on where an earlier session ended.
    pub order: u64,
    /// Last part of the path, e.g. `demographic`, `provisioning`.
    pub operation: String,
    /// As it came; a text when it was no JSON.
    pub body: Value,
    /// Whether it changed what the service holds.
    pub applied: bool,
    /// The status that the client was sent; `None`: no answer went out.
    pub status: Option<u16>,
    /// Oyster's engagement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engagement: Option<String>,
    /// `X-Oyster-Actor-Email`, where one was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// What the journal needs of a write.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub operation: &'a str,
    pub body: &'a str,
    pub engagement: Option<&'a str>,
    pub actor: Option<&'a str>,
}

/// The entries so far.
#[derive(Debug, Default)]
pub struct Journal {
    file: Option<File>,
    kept: VecDeque<Entry>,
    last: u64,
}

impl Journal {
    /// Appends to the file, or keeps entries in memory.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Journal> {
        let Some(path) = path else { return Ok(Journal::default()) };
        let last = last_order(path)?;
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(OWNER_ONLY)
            .open(path)
            .with_context(|| format!("sandbox: cannot open the journal {}", path.display()))?;
        Ok(Journal { file: Some(file), kept: VecDeque::new(), last })
    }

    /// Adds an entry. An error means that the journal can no longer be trusted.
    pub fn add(&mut self, write: Arrival, applied: bool, status: Option<u16>) -> anyhow::Result<()> {
        self.last += 1;
        let entry = Entry {
            order: self.last,
            operation: write.operation.to_owned(),
            body: serde_json::from_str(write.body).unwrap_or_else(|_| Value::String(write.body.to_owned())),
            applied,
            status,
            engagement: write.engagement.map(str::to_owned),
            actor: write.actor.map(str::to_owned),
        };
        if let Some(file) = &mut self.file {
            let line = format!("{}\n", serde_json::to_string(&entry)?);
            return file.write_all(line.as_bytes()).context("sandbox: cannot write to the journal");
        }
        if self.kept.len() >= KEPT_MAX {
            self.kept.pop_front();
        }
        self.kept.push_back(entry);
        Ok(())
    }

    /// What is in memory, oldest first; nothing when a file was named.
    pub fn entries(&self) -> Vec<Entry> {
        self.kept.iter().cloned().collect()
    }
}

fn last_order(path: &Path) -> anyhow::Result<u64> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => {
            return Err(error).with_context(|| format!("sandbox: cannot read the journal {}", path.display()));
        }
    };
    let lines = BufReader::new(file).split(b'\n').try_fold(0, |count, line| line.map(|_| count + 1));
    lines.with_context(|| format!("sandbox: cannot read the journal {}", path.display()))
}
