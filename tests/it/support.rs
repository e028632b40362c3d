//! One helper for the binary: a working folder with the jobs and the sample data, and `tieout` run in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt;
use tempfile::TempDir;

/// The repository.
pub fn repo() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A working folder of its own: state and reports of one test never meet those of another.
pub struct Site {
    dir: TempDir,
}

impl Site {
    /// With the job files and the sample data of the repository.
    pub fn new() -> Site {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(dir.path().join("jobs")).expect("a folder for jobs");
        for entry in fs::read_dir(repo().join("jobs")).expect("the jobs") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                fs::copy(&path, dir.path().join("jobs").join(path.file_name().expect("a name"))).expect("copied");
            }
        }
        symlink(repo().join("sample_data"), dir.path().join("sample_data")).expect("linked");
        Site { dir }
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.dir.path().join(relative)
    }

    /// The binary, to be run in this folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("tieout").expect("the binary is built");
        command.current_dir(self.dir.path()).args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the binary starts")
    }

    /// Runs and expects an exit code; gives stdout.
    #[track_caller]
    pub fn expect(&self, exit: i32, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(exit), "tieout {}\n{}", args.join(" "), shown(&output));
        String::from_utf8(output.stdout).expect("stdout is UTF-8")
    }

    /// Replaces text in a file of this folder; the text must be there.
    #[track_caller]
    pub fn edit(&self, relative: &str, from: &str, to: &str) {
        let path = self.path(relative);
        let text = fs::read_to_string(&path).expect("a readable file");
        assert!(text.contains(from), "{relative} holds no {from:?}");
        fs::write(&path, text.replace(from, to)).expect("a writable file");
    }
}

/// Both streams of a finished command, for messages.
pub fn shown(output: &Output) -> String {
    format!(
        "--- stdout\n{}\n--- stderr\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Every file of a folder by name.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir)
        .unwrap_or_else(|e| panic!("{}: {e}", dir.display()))
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("a readable file"))
        })
        .collect()
}

/// Rows of a CSV of the pack as maps from header to cell.
pub fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(text);
    let headers = reader.headers().expect("headers").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            headers.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
        })
        .collect()
}
