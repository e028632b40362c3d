//! Sheets that people filled in: their bytes, and all that is wrong with one.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use crate::outcome::Failure;
use crate::review::DecisionProblem;
use tieout_model::counted::counted;

/// Largest sheet that is read: some hundred thousand items.
const SHEET_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Problems that the error names; more would hide the first ones.
const PROBLEMS_SHOWN_MAX: usize = 100;

pub fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let doing = || format!("read {}", file.display());
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(file).with_context(doing).map_err(Failure::input)?;
    opened.take(SHEET_BYTES_MAX + 1).read_to_end(&mut bytes).with_context(doing).map_err(Failure::input)?;
    if bytes.len() as u64 > SHEET_BYTES_MAX {
        let why = format!("{}: larger than {SHEET_BYTES_MAX} bytes: import it in parts", file.display());
        return Err(Failure::input(anyhow!(why)));
    }
    Ok(bytes)
}

pub fn refused(path: &std::path::Display<'_>, problems: &[DecisionProblem]) -> Failure {
    let count = counted(problems.len(), "problem", "problems");
    let mut text = format!("{path} has {count}, and nothing of it was imported: correct it");
    for problem in problems.iter().take(PROBLEMS_SHOWN_MAX) {
        text.push_str(&format!("\n  {problem}"));
    }
    if problems.len() > PROBLEMS_SHOWN_MAX {
        text.push_str(&format!("\n  … and {} more", problems.len() - PROBLEMS_SHOWN_MAX));
    }
    Failure::input(anyhow!(text))
}
