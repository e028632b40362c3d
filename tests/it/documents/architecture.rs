//! The rules of the design that crates can't say, kept by reading the source: which stage may use what, where money may
//! not meet a float, how long a file may be, and how wide a comment or a page.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::pages::{page, pages};

/// One idea a file is the rule; a file of so many lines holds several.
const FILE_LINES_MAX: usize = 400;
const MAIN_LINES_MAX: usize = 60;

/// What the formatter gives code, it gives neither comments nor pages.
const COMMENT_COLUMNS_MAX: usize = 120;

/// What the compiler can't keep: inside the program, stages know nothing of each other's means. Borders between crates
/// are kept by their manifests.
const MUST_NOT_USE: &[(&str, &[&str])] = &[
    ("main.rs", &["polars", "reqwest", "rusqlite", "tieout_recon", "tieout_store", "tieout_services"]),
    ("cli", &["tieout_services", "crate::extract", "tieout_recon", "tieout_store", "tieout_report", "tieout_payroll"]),
    ("outcome.rs", &["crate::", "tieout_recon", "tieout_services", "tieout_payroll", "tieout_report"]),
    ("job", &["tokio", "Utc::now", "Local::now"]),
    ("extract", &["crate::push", "crate::review", "tieout_report"]),
    ("push", &["crate::extract", "crate::review", "tieout_recon", "tieout_report"]),
    ("review", &["crate::extract", "crate::push", "tieout_services", "tieout_recon"]),
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

/// The source folders of the program and of every crate.
fn all_sources() -> Vec<PathBuf> {
    let crates = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("crates")).expect("the folder of crates");
    let of_crates = crates.map(|entry| entry.expect("an entry").path().join("src"));
    of_crates.chain([src()]).flat_map(|folder| source_files(&folder)).collect()
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
    // A rate on a progress bar, a macro of serde that wants the name of every type, and the numbers of a spreadsheet.
    const MAY: [&str; 4] = ["progress.rs", "sections.rs", "workbook/number.rs", "trace.rs"];
    let mut broken = Vec::new();
    for file in all_sources() {
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
    for file in all_sources().iter().filter(|f| !is_test_file(f)) {
        let text = fs::read_to_string(file).expect("a readable source file");
        let lines = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().count();
        let lines_max = if file.ends_with("src/main.rs") { MAIN_LINES_MAX } else { FILE_LINES_MAX };
        if lines > lines_max {
            broken.push(format!("{}: {lines} lines, at most {lines_max}", file.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn comments_and_pages_end_where_code_ends() {
    let pages = pages().into_iter().chain([page("ARCHITECTURE.md")]);
    let mut broken: Vec<String> = pages
        .flat_map(|page| {
            let wide = page.wrapped().into_iter().filter(|(_, line)| line.chars().count() > COMMENT_COLUMNS_MAX);
            wide.map(|(n, line)| format!("{}:{n}: {} columns", page.name, line.chars().count())).collect::<Vec<_>>()
        })
        .collect();
    for file in all_sources() {
        let text = fs::read_to_string(&file).expect("a readable source file");
        for (n, line) in text.lines().enumerate().filter(|(_, l)| l.trim_start().starts_with("//")) {
            let columns = line.chars().count();
            if columns > COMMENT_COLUMNS_MAX {
                broken.push(format!("{}:{}: {columns} columns", file.display(), n + 1));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
