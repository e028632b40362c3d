//! Whether a report folder still holds what was written: each file against its hash in `run.json`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::sign_off::Signature;
use tieout_model::hash::{sha256_hex, sha256_hex_of};

pub const RUN: &str = "run.json";
/// Who answers for the report, in its folder.
pub const SIGN_OFF_FILE: &str = "sign_off.json";
/// Far more than any `run.json` has.
pub(crate) const RUN_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What a report folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Files that are as they were written.
    pub whole: Vec<String>,
    /// What is wrong with others, in sentences that begin with the file's name.
    pub wrong: Vec<String>,
    /// Files that the report did not write: somebody's notes, or a decision sheet.
    pub others: Vec<String>,
    /// SHA-256 of run.json, hex: what the state of the job knows the report by.
    pub sha256: String,
    /// Who signed it.
    pub signature: Option<Signature>,
}

/// A folder that is no report. A command exits 2.
#[derive(Debug, thiserror::Error)]
#[error("{folder} is no report of tieout: expected a folder with a run.json that lists its files ({problem})")]
pub struct NoReport {
    pub folder: PathBuf,
    pub problem: String,
}

#[derive(Deserialize)]
struct Run {
    files: Vec<Listed>,
}

/// A file of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub name: String,
    /// Hex.
    pub sha256: String,
}

/// Reads every file of the folder. Errors: [`NoReport`], or a file that can't be read.
pub fn verify(folder: &Path) -> anyhow::Result<Verified> {
    let no_report = |problem: String| NoReport { folder: folder.to_owned(), problem };
    let path = folder.join(RUN);
    let about = fs::metadata(&path).map_err(|error| no_report(error.to_string()))?;
    anyhow::ensure!(about.len() <= RUN_BYTES_MAX, no_report(format!("run.json has {} bytes", about.len())));
    let bytes = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
    let run: Run = serde_json::from_slice(&bytes).map_err(|error| no_report(error.to_string()))?;
    let mut verified = Verified { sha256: sha256_hex(&bytes), ..Verified::default() };
    verified.signature = Signature::read(folder)?;
    let signed = verified.signature.iter().flat_map(|signature| signature.files.clone());
    let mut known = BTreeSet::from([RUN.to_owned(), SIGN_OFF_FILE.to_owned()]);
    let mut told = BTreeSet::new();
    for Listed { name, sha256 } in run.files.into_iter().chain(signed) {
        if !told.insert((name.clone(), sha256.clone())) {
            continue;
        }
        match is_within(&name).then(|| File::open(folder.join(&name))) {
            Some(Ok(file)) => match sha256_hex_of(file).with_context(|| format!("read {name}"))? == sha256 {
                true => verified.whole.push(name.clone()),
                false => verified.wrong.push(format!("{name} was changed after it was written")),
            },
            Some(Err(_)) => verified.wrong.push(format!("{name} is missing or cannot be opened")),
            None => verified.wrong.push(format!("{name:?} in run.json is no file of a report")),
        }
        known.insert(name);
    }
    verified.others = others(folder, &known)?;
    Ok(verified)
}

/// A name that leads elsewhere is no file of the folder; one may stand in a folder of it.
fn is_within(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let plain = parts.all(|part| matches!(part, Component::Normal(_)));
    plain && !name.is_empty() && name.split('/').count() <= 2
}

/// What is in the folder, and in those of its folders that hold known files, and is not known.
fn others(folder: &Path, known: &BTreeSet<String>) -> anyhow::Result<Vec<String>> {
    let mut others = Vec::new();
    let mut within = vec![String::new()];
    while let Some(prefix) = within.pop() {
        let listing = folder.join(&prefix);
        for entry in fs::read_dir(&listing).with_context(|| format!("list {}", listing.display()))? {
            let name = format!("{prefix}{}", entry?.file_name().to_string_lossy());
            let inner = format!("{name}/");
            if known.iter().any(|known| known.starts_with(&inner)) {
                within.push(inner);
            } else if !known.contains(&name) {
                others.push(name);
            }
        }
    }
    others.sort();
    Ok(others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_a_missing_and_a_foreign_file_are_told_apart() {
        let dir = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).expect("written");
        let listed = ["a.csv", "b.csv", "c.csv"]
            .map(|name| format!(r#"{{"name":"{name}","rows":1,"sha256":"{}"}}"#, sha256_hex(name)));
        write(RUN, &format!(r#"{{"job":"acme","files":[{}]}}"#, listed.join(",")));
        write("a.csv", "a.csv");
        write("b.csv", "edited");
        write("notes.txt", "");
        let expected = Verified {
            whole: vec!["a.csv".to_owned()],
            wrong: vec![
                "b.csv was changed after it was written".to_owned(),
                "c.csv is missing or cannot be opened".to_owned(),
            ],
            others: vec!["notes.txt".to_owned()],
            sha256: sha256_hex(fs::read(dir.path().join(RUN)).expect("read")),
            signature: None,
        };
        assert_eq!(verify(dir.path()).expect("a report"), expected);
        write(RUN, r#"{"files":[{"name":"../a.csv","sha256":""}]}"#);
        assert_eq!(verify(dir.path()).expect("read").wrong.len(), 1);
    }

    #[test]
    fn a_folder_without_a_list_is_no_report() {
        let dir = tempfile::tempdir().expect("a folder");
        assert!(verify(dir.path()).expect_err("nothing there").is::<NoReport>());
        fs::write(dir.path().join(RUN), "{}").expect("written");
        assert!(verify(dir.path()).expect_err("no list").is::<NoReport>());
    }
}
