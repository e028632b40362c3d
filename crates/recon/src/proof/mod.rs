//! The proof for a stranger: what the night was judged from, and what it says, as tables that any reader of Parquet
//! opens, and [`PROOF_SQL`], which derives the one from the other without tieout. Rows come one by one and are written
//! as they come.

mod column;
mod file;
mod schema;
#[cfg(test)]
mod tests;

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use anyhow::Context as _;
use rayon::join;

use crate::rules::Compared;
use column::Table;
pub use column::{Column, Declared};
use file::TableFile;
use schema::{Cover, Entries, Findings, Lines, People, Totals, Variances};
pub(crate) use schema::{CoverRow, EntryRow, LineRow, OfPayer, PersonRow, Price};
pub use schema::{FindingRow, TotalRow, VarianceRow};
use tieout_model::balance::Page;
use tieout_private::FOLDER_MODE;

/// Folder of the tables in the pack.
pub const FOLDER: &str = "tables";

/// The file that derives and compares, and its text.
pub const PROOF_FILE: &str = "proof.sql";
pub const PROOF_SQL: &str = include_str!("proof.sql");

/// What stands on each row.
#[derive(Clone, Copy, Debug)]
pub struct Run<'r> {
    pub id: &'r str,
    /// The version of the program.
    pub rule_version: &'r str,
}

/// A table that is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Within the pack: `tables/lines.parquet`.
    pub name: String,
    pub rows: u64,
    /// Of its bytes, hex.
    pub sha256: String,
}

/// All tables with their columns, in the order of the documentation.
pub fn declared() -> [Declared; 7] {
    [
        People::DECLARED,
        Lines::DECLARED,
        Cover::DECLARED,
        Entries::DECLARED,
        Findings::DECLARED,
        Variances::DECLARED,
        Totals::DECLARED,
    ]
}

/// The columns that stand behind those of each table.
pub fn of_run() -> &'static [Column] {
    &file::OF_RUN
}

/// Writes what the night was judged from, and where each row of it ended, into the pack under construction at `dir`.
/// `pages` are what the night posts. Errors: the folder can't be written.
pub fn write_judged(compared: &Compared<'_>, pages: &[Page], dir: &Path, run: Run<'_>) -> anyhow::Result<Vec<Written>> {
    let folder = dir.join(FOLDER);
    let doing = || format!("creating the folder {}", folder.display());
    DirBuilder::new().mode(FOLDER_MODE).create(&folder).with_context(doing)?;
    // The longest first.
    let ((ledger, people), (lines, cover)) = join(
        || {
            join(
                || written::<Entries>(dir, run, |file| compared.entries(pages, |row| file.push(row))),
                || written::<People>(dir, run, |file| compared.people(|row| file.push(row))),
            )
        },
        || {
            join(
                || written::<Lines>(dir, run, |file| compared.lines(|row| file.push(row))),
                || written::<Cover>(dir, run, |file| compared.cover(|row| file.push(row))),
            )
        },
    );
    Ok(vec![people?, lines?, cover?, ledger?])
}

/// Writes what the night says: findings, the money that they explain, and the totals. Errors: as of [`write_judged`].
pub fn write_said<'f>(
    dir: &Path,
    run: Run<'_>,
    mut findings: impl Iterator<Item = FindingRow<'f>>,
    mut variances: impl Iterator<Item = VarianceRow<'f>>,
    mut totals: impl Iterator<Item = TotalRow<'f>>,
) -> anyhow::Result<Vec<Written>> {
    let written = vec![
        written::<Findings>(dir, run, |file| findings.try_for_each(|row| file.push(&row)))?,
        written::<Variances>(dir, run, |file| variances.try_for_each(|row| file.push(&row)))?,
        written::<Totals>(dir, run, |file| totals.try_for_each(|row| file.push(&row)))?,
    ];
    let folder = dir.join(FOLDER);
    File::open(&folder).and_then(|dir| dir.sync_all()).with_context(|| format!("syncing {}", folder.display()))?;
    Ok(written)
}

/// A table of the rows that `give` pushes.
fn written<T: Table>(
    dir: &Path,
    run: Run<'_>,
    give: impl FnOnce(&mut TableFile<'_, T>) -> anyhow::Result<()>,
) -> anyhow::Result<Written> {
    let mut file = TableFile::create(dir, run)?;
    give(&mut file)?;
    file.finish()
}
