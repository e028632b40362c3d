//! Which file is meant, and whether it has stopped changing.

use std::cmp::Reverse;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::PayrollError;

/// Size and change time of a file; when either moves, somebody still writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub bytes: u64,
    pub changed: SystemTime,
}

/// A file that the job names: what it is called, and its key there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    what: &'static str,
    key: &'static str,
}

pub(super) const PAYROLL: Named = Named { what: "payroll file", key: "payroll.file" };
pub(super) const DEDUCTIONS: Named = Named { what: "deduction file", key: "payroll.long.file" };
pub(super) const CONTROL: Named = Named { what: "control file", key: "payroll.control_file" };

/// A file that the job may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub path: PathBuf,
    pub changed: SystemTime,
}

/// The file itself, or the one that was changed last of those that match when its name holds a `*`.
pub(super) fn pick(pattern: &Path, named: Named) -> Result<PathBuf, PayrollError> {
    Ok(candidates(pattern, named)?.swap_remove(0).path)
}

/// The file itself, or all that match when its name holds a `*`, whichever was changed last first: never empty. Of
/// those changed at one moment the name decides, its numbers compared as numbers.
pub(super) fn candidates(pattern: &Path, Named { what, key }: Named) -> Result<Vec<Candidate>, PayrollError> {
    let name = pattern.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = match pattern.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !name.contains('*') && pattern.is_file() {
        return Ok(vec![Candidate { path: pattern.to_owned(), changed: SystemTime::UNIX_EPOCH }]);
    }
    if pattern.is_dir() {
        return Err(PayrollError::Folder { what, key, path: pattern.to_owned() });
    }
    let mut files = files_in(folder);
    let files_there = files.len();
    files.retain(|file| name.contains('*') && matches(&name, &file.0));
    if files.is_empty() {
        return Err(PayrollError::NotFound { what, key, pattern: pattern.to_owned(), files_there });
    }
    files.sort_by_cached_key(|(name, changed)| Reverse((*changed, numbered(name), name.clone())));
    Ok(files.into_iter().map(|(name, changed)| Candidate { path: pattern.with_file_name(name), changed }).collect())
}

/// The runs of digits and of other characters; digits as numbers.
fn numbered(name: &str) -> Vec<(u64, String)> {
    let mut parts: Vec<(u64, String)> = Vec::new();
    for c in name.chars() {
        match (c.to_digit(10), parts.last_mut()) {
            (Some(digit), Some((number, text))) if text.is_empty() => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
            }
            (Some(digit), _) => parts.push((u64::from(digit), String::new())),
            (None, Some((_, text))) if !text.is_empty() => text.push(c),
            (None, _) => parts.push((0, c.to_string())),
        }
    }
    parts
}

/// Names and change times; a folder that cannot be listed has none.
fn files_in(folder: &Path) -> Vec<(String, SystemTime)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let about = fs::metadata(entry.path()).ok().filter(fs::Metadata::is_file)?;
            Some((entry.file_name().into_string().ok()?, about.modified().ok()?))
        })
        .collect()
}

/// `*` stands for any run of characters. Hidden files only match a pattern that begins with a point.
fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// Reads size and change time.
fn stamp(path: &Path) -> Result<Stamp, PayrollError> {
    let read = || -> io::Result<Stamp> {
        let about = fs::metadata(path)?;
        Ok(Stamp { bytes: about.len(), changed: about.modified()? })
    };
    read().map_err(|source| PayrollError::Unreadable { path: path.to_owned(), source })
}

/// A file that must hold still while it is read, and for a time at least.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    path: PathBuf,
    pub before: Stamp,
    since: Instant,
    settle: Duration,
}

impl Watch {
    pub fn new(path: &Path, settle: Duration) -> Result<Watch, PayrollError> {
        Ok(Watch { path: path.to_owned(), before: stamp(path)?, since: Instant::now(), settle })
    }

    /// Waits until the time is over, and fails when the file is no longer what it was.
    pub fn check(&self) -> Result<(), PayrollError> {
        thread::sleep(self.settle.saturating_sub(self.since.elapsed()));
        match stamp(&self.path) {
            Ok(now) if now == self.before => Ok(()),
            _ => Err(PayrollError::StillWritten { path: self.path.clone() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        for (pattern, name, expected) in [
            ("payroll_*.csv", "payroll_2026-03.csv", true),
            ("payroll_*.csv", "payroll_.csv", true),
            ("payroll_*.csv", "payroll_2026-03.csv.part", false),
            ("*", ".hidden", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    /// The order of files changed so many seconds after a fixed moment.
    #[track_caller]
    fn check_order(files: &[(&str, u64)], expected: &[&str]) {
        let dir = tempfile::tempdir().expect("a folder");
        for (name, changed_s) in files {
            let file = fs::File::create(dir.path().join(name)).expect("created");
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_774_922_400 + changed_s)).expect("set");
        }
        let found = candidates(&dir.path().join("pay_*.csv"), PAYROLL).expect("a match");
        let names: Vec<_> = found.iter().filter_map(|file| file.path.file_name()?.to_str()).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn the_file_that_was_changed_last_comes_first_whatever_its_name() {
        let files =
            [("pay_2026-02.csv", 20), ("pay_2026-03.csv", 10), ("pay_2026-03 (1).csv", 30), ("other_2027.csv", 90)];
        check_order(&files, &["pay_2026-03 (1).csv", "pay_2026-02.csv", "pay_2026-03.csv"]);
        check_order(&[("pay_9-30.csv", 0), ("pay_10-15.csv", 0)], &["pay_10-15.csv", "pay_9-30.csv"]);
    }

    #[test]
    fn nothing_that_matches_is_an_error_that_counts_what_is_there() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("other.csv"), "x").expect("written");
        for name in ["pay_*.csv", "pay.csv"] {
            let error = pick(&dir.path().join(name), CONTROL).expect_err("no such file");
            assert!(matches!(error, PayrollError::NotFound { files_there: 1, .. }), "{error}");
            assert!(error.to_string().starts_with("no control file: "), "{error}");
            assert!(error.to_string().contains("`payroll.control_file`"), "{error}");
        }
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_is_told_as_such() {
        let dir = tempfile::tempdir().expect("a folder");
        let error = pick(dir.path(), PAYROLL).expect_err("no file").to_string();
        assert!(error.starts_with("the payroll file ") && error.contains(" is a folder: "), "{error}");
    }
}
