//! One page over all nights of a job, beside their folders. It is made anew each time, from what the folders hold and
//! what the state knows; a folder that can't be read is told and stands in nobody's way.

mod read;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use askama::Template as _;
use chrono::NaiveDate;

use crate::page::PAGE;
use tieout_private::FILE_MODE;
use view::View;

/// What it is called until it is whole.
const UNFINISHED: &str = ".index.html.new";

/// What the state of a job knows of its nights beside the folders.
#[derive(Clone, Debug, Default)]
pub struct KnownNights {
    /// Days whose last run did not get to its end, and how it ended, in words.
    pub unfinished: BTreeMap<NaiveDate, String>,
    /// SHA-256 of each signature that was written, hex.
    pub signatures: BTreeMap<NaiveDate, String>,
}

/// Takes the page away, where there is one.
pub fn remove_index(dir: &Path) -> anyhow::Result<()> {
    match fs::remove_file(dir.join(PAGE)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).with_context(|| format!("remove {PAGE}")),
        _ => Ok(()),
    }
}

/// Writes `index.html` into the folder of a job's reports, whole or not at all. Errors: the folder can't be listed or
/// written to.
pub fn write_index(dir: &Path, job: &str, known: &KnownNights) -> anyhow::Result<()> {
    let nights = read::nights(dir, known)?;
    let page = View::of(job, &nights).render().context("render the index of the nights")?;
    let (unfinished, target) = (dir.join(UNFINISHED), dir.join(PAGE));
    let attempt = || -> std::io::Result<()> {
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&unfinished)?;
        file.write_all(page.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &target)?;
        File::open(dir)?.sync_all()
    };
    attempt().with_context(|| format!("writing {}", target.display()))
}
