//! Helpers for the binary: a working folder with the jobs and the sample data, `tieout` run in it, a sandbox beside it,
//! and what a generated world holds. Shared with the benchmarks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use assert_cmd::cargo::CommandCargoExt;
use serde_json::Value;
use tempfile::TempDir;
use tieout_sandbox::RateWindow;
use tieout_sandbox::{Running, Settings};

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
        // What jobs of one user share is the site's own as well.
        command.current_dir(self.dir.path()).env("XDG_STATE_HOME", self.dir.path().join("user")).args(args);
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

/// Copies a folder with all that is in it, as a backup does, file by file while they are written to: what is gone by
/// the time is left out.
pub fn copy_folder(from: &Path, to: &Path) {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        entries => entries.expect("a readable folder"),
    };
    fs::create_dir_all(to).expect("a folder");
    for entry in entries {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else if let Err(error) = fs::copy(&path, &target) {
            assert_eq!(error.kind(), ErrorKind::NotFound, "{}: {error}", path.display());
        }
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

/// Every file of a folder by name; those of its folders as `tables/lines.parquet`.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(dir.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("an entry").path();
            let name = format!("{prefix}{}", path.file_name().expect("a name").to_string_lossy());
            match path.is_dir() {
                true => folders.push((path, format!("{name}/"))),
                false => _ = files.insert(name, fs::read(&path).expect("a readable file")),
            }
        }
    }
    files
}

/// Rows of a CSV of the pack, whatever the job's delimiter, as maps from header to cell.
pub fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let top = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if top.contains(&b';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text);
    let headers = reader.headers().expect("headers").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            headers.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
        })
        .collect()
}

/// A sandbox in this process: it outlives the nights that are killed, and its counts can be read.
pub fn sandbox(site: &Site, settle: impl FnOnce(&mut Settings)) -> (tokio::runtime::Runtime, Running) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let mut settings = Settings::for_world(site.path("made/world"));
    settings.limit = RateWindow { calls: 100_000, per: Duration::from_secs(1) };
    settings.oyster_limits = vec![settings.limit];
    settle(&mut settings);
    let running = runtime.block_on(tieout_sandbox::start(settings)).expect("the sandbox starts");
    (runtime, running)
}

/// A generated world whose job calls a service at `base_url` instead of serving one itself.
pub fn made(employees: &str, seed: &str) -> Site {
    let site = Site::new();
    site.expect(0, &["world", "generate", "--employees", employees, "--seed", seed, "--out", "made"]);
    site
}

/// Points the generated job at a running sandbox; gives the job's path.
pub fn point_at(site: &Site, running: &Running, job: &str, http: &str) {
    let text = std::fs::read_to_string(site.path("made/job.toml")).expect("the generated job");
    let (before, _) = text.split_once("[sandbox]").expect("a sandbox section");
    let benifex = format!(
        "[benifex]\nbase_url = \"{}\"\ntoken_url = \"{}\"\nclient_id = {{ file = \"{}\" }}\nclient_secret = {{ file = \"{}\" }}\n",
        running.base_url(),
        running.token_url(),
        site.path("client_id").display(),
        site.path("client_secret").display(),
    );
    let benbase = format!(
        "[benbase]\nbase_url = \"{}\"\napi_key = {{ file = \"{}\" }}\n",
        running.benbase_url(),
        site.path("client_secret").display()
    );
    let oyster = format!(
        "[oyster]\nbase_url = \"{}\"\ntoken_url = \"{}\"\nclient_id = {{ file = \"{}\" }}\nclient_secret = {{ file = \"{}\" }}\n",
        running.oyster_url(),
        running.oyster_token_url(),
        site.path("client_id").display(),
        site.path("client_secret").display(),
    );
    let text = before.replace("[benifex]\n", &benifex).replace("[benbase]\n", &benbase).replace("[oyster]\n", &oyster);
    std::fs::write(site.path("client_id"), tieout_sandbox::CLIENT_ID).expect("written");
    std::fs::write(site.path("client_secret"), tieout_sandbox::CLIENT_SECRET).expect("written");
    std::fs::write(site.path(job), format!("{text}\n[benifex.http]\n{http}\n\n[oyster.http]\n{http}\n"))
        .expect("written");
}

/// Code, employee, benefit and field of a finding.
pub type Key = (String, String, String, String);

/// What the truth expects; over HTTP some answers are broken on purpose.
pub fn expected(truth: &Path, over_http: bool) -> BTreeSet<Key> {
    let text = fs::read_to_string(truth).unwrap_or_else(|e| panic!("{}: {e}", truth.display()));
    let truth: Value = serde_json::from_str(&text).expect("truth.json is JSON");
    let mut keys = keys(&truth["findings"]);
    if over_http {
        let hidden: BTreeSet<&str> =
            truth["over_http"]["instead_of"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        keys.retain(|(_, employee, _, _)| !hidden.contains(employee.as_str()));
        keys.extend(self::keys(&truth["over_http"]["findings"]));
    }
    keys
}

fn keys(findings: &Value) -> BTreeSet<Key> {
    let text = |finding: &Value, field: &str| finding[field].as_str().expect("a text").to_owned();
    findings
        .as_array()
        .expect("a list of findings")
        .iter()
        .map(|f| (text(f, "code"), text(f, "employee_id"), text(f, "benefit"), text(f, "field")))
        .collect()
}

/// The exceptions of a report, whose owners are those that their sentences name.
#[track_caller]
pub fn exceptions(pack: &Path) -> Vec<BTreeMap<String, String>> {
    let exceptions = rows(&pack.join("exceptions.csv"));
    for row in &exceptions {
        let named = match row["owner"].as_str() {
            "payroll" => "Payroll's move.",
            "benefits" => "The benefits team's move.",
            "operator" => "The operator's move.",
            "approver" => "The approver's move.",
            owner => {
                assert!(owner.is_empty() && row["severity"] == "S5", "without an owner: {row:?}");
                "Nobody's move."
            }
        };
        assert!(row["sentence"].contains(named) && row["sentence"].matches("move.").count() == 1, "{row:?}");
    }
    exceptions
}

/// What a report shows.
pub fn found(pack: &Path) -> BTreeSet<Key> {
    exceptions(pack)
        .into_iter()
        .map(|row| (row["code"].clone(), row["employee_id"].clone(), row["benefit"].clone(), row["field"].clone()))
        .collect()
}
