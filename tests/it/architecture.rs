//! The module rules of the design, kept by reading the source: who may use whom, where money may not meet a float,
//! and how long a file may be.

use std::fs;
use std::path::{Path, PathBuf};

const FILE_LINES_MAX: usize = 300;
const MAIN_LINES_MAX: usize = 60;

/// Module (file or folder below `src/`) and what its `use` lines and paths may not name.
const MUST_NOT_USE: &[(&str, &[&str])] = &[
    ("main.rs", &["polars", "reqwest", "rusqlite", "crate::rules", "tieout::rules", "tieout::store", "tieout::api"]),
    ("cli", &["crate::api", "crate::extract", "crate::rules", "crate::store", "crate::report", "crate::payroll"]),
    ("outcome.rs", &["crate::"]),
    ("commands", &["polars", "reqwest", "rusqlite"]),
    ("job", &["reqwest", "rusqlite", "polars", "tokio", "Utc::now", "Local::now"]),
    ("money.rs", &["polars", "reqwest", "rusqlite", "crate::"]),
    ("api", &["polars", "crate::store", "rusqlite", "crate::rules", "crate::report"]),
    ("payroll", &["reqwest", "rusqlite", "tokio", "crate::api", "crate::store"]),
    ("extract", &["crate::rules", "crate::report::Report", "polars"]),
    ("store", &["polars", "tokio", "reqwest", "async fn"]),
    ("snapshot", &["reqwest", "rusqlite", "crate::rules", "crate::report"]),
    (
        "rules",
        &["std::fs", "std::io", "tokio", "reqwest", "rusqlite", "crate::store", "crate::api", "Utc::now", "async fn"],
    ),
    ("charged.rs", &["polars", "rusqlite", "reqwest", "crate::store", "crate::rules"]),
    ("enrollment.rs", &["polars", "rusqlite", "reqwest", "crate::"]),
    ("finding.rs", &["polars", "rusqlite", "reqwest"]),
    ("control.rs", &["polars", "rusqlite", "reqwest"]),
    ("correction", &["polars", "rusqlite", "reqwest", "crate::store"]),
    ("guards.rs", &["polars", "rusqlite", "reqwest", "crate::store"]),
    ("report", &["polars", "rusqlite", "crate::store", "reqwest"]),
    ("sandbox", &["crate::api", "rusqlite", "polars"]),
    ("world", &["crate::api", "crate::rules", "crate::sandbox", "rusqlite", "polars"]),
];

fn source_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a source folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The lines of a file before its tests, comments left out.
fn production_lines(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a readable source file");
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    before_tests.lines().filter(|l| !l.trim_start().starts_with("//")).map(str::to_owned).collect()
}

/// Files that hold tests only: declared by `#[cfg(test)] mod tests;` beside them.
fn is_test_file(path: &Path) -> bool {
    path.components().any(|c| c.as_os_str() == "tests" || c.as_os_str() == "testing")
        || path.file_stem().map(|s| s.to_string_lossy()).is_some_and(|s| s.starts_with("test") || s.ends_with("tests"))
}

#[test]
fn modules_use_only_what_the_design_allows() {
    let mut broken = Vec::new();
    for (module, forbidden) in MUST_NOT_USE {
        let root = src().join(module);
        let files = if root.is_dir() { source_files(&root) } else { vec![root] };
        for file in files.iter().filter(|f| !is_test_file(f)) {
            for line in production_lines(file) {
                for name in forbidden.iter().filter(|name| line.contains(**name)) {
                    broken.push(format!("{}: {name} in `{}`", file.display(), line.trim()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn no_float_stands_on_a_money_path() {
    // A rate on a progress bar, and a macro of serde that wants the name of every type.
    const MAY: [&str; 2] = ["progress.rs", "sections.rs"];
    let mut broken = Vec::new();
    for file in source_files(&src()) {
        if MAY.iter().any(|name| file.ends_with(name)) || is_test_file(&file) {
            continue;
        }
        for line in production_lines(&file) {
            let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            if words.iter().any(|w| ["f64", "f32", "as_f64", "Float64", "Float32"].contains(w)) {
                broken.push(format!("{}: `{}`", file.display(), line.trim()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_stay_short_enough_to_read() {
    let mut broken = Vec::new();
    for file in source_files(&src()).iter().filter(|f| !is_test_file(f)) {
        let text = fs::read_to_string(file).expect("a readable source file");
        let lines = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().count();
        let lines_max = if file.ends_with("src/main.rs") { MAIN_LINES_MAX } else { FILE_LINES_MAX };
        if lines > lines_max {
            broken.push(format!("{}: {lines} lines, at most {lines_max}", file.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
