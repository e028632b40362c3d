//! A job folder that was copied: only one of the two sends what is approved, and a job that moved goes on.

use std::fs;
use std::process::Output;

use tieout_sandbox::{API_KEY, Running};
use tokio::runtime::Runtime;

use crate::support::{Site, copy_folder, made, point_at, sandbox, shown};

const JOB: &str = "made/http.toml";
const STATE: &str = "made/state";
const REPORTS: &str = "made/reports/generated";
const COPY: &str = "copy";
const HTTP: &str = "windows = [{ calls = 100000, per = \"1 s\" }]\nconcurrency = 4";
const SENT: &str = "sent                     1\n";

/// A job whose services are asked over the network. The runtime keeps them up.
fn over_the_network(employees: &str) -> (Site, Runtime, Running) {
    let site = made(employees, "11");
    let (runtime, running) = sandbox(&site, |_| {});
    point_at(&site, &running, JOB, HTTP);
    fs::write(site.path("api_key"), API_KEY).expect("written");
    let secret = |name: &str| format!("api_key = {{ file = \"{}\" }}", site.path(name).display());
    site.edit(JOB, &secret("client_secret"), &secret("api_key"));
    (site, runtime, running)
}

/// A night with an approved correction, and a copy of all that the job has.
fn copied() -> (Site, Runtime, Running) {
    let (site, runtime, running) = over_the_network("200");
    site.edit(JOB, "name = \"generated\"", "name = \"generated\"\napproval = { approvers = [{ name = \"maria\" }] }");
    site.run(&["run", JOB, "--as-of", "2026-04-02"]);
    site.expect(0, &["queue", "approve", JOB, "1", "--by", "maria"]);
    copy_folder(&site.path("made"), &site.path(COPY).join("made"));
    (site, runtime, running)
}

/// Runs in the copy; gives both streams.
fn in_copy_any(site: &Site, args: &[&str]) -> String {
    shown(&site.command(args).current_dir(site.path(COPY)).output().expect("the binary starts"))
}

/// The same, with the exit code that is expected.
#[track_caller]
fn in_copy(site: &Site, exit: i32, args: &[&str]) -> String {
    let output: Output = site.command(args).current_dir(site.path(COPY)).output().expect("the binary starts");
    let said = shown(&output);
    assert_eq!(output.status.code(), Some(exit), "{args:?}: {said}");
    said
}

#[test]
fn a_copied_folder_sends_nothing_while_the_job_lives_in_its_old_one() {
    let (site, _runtime, _running) = copied();
    for verb in ["push", "run", "check"] {
        let said = in_copy(&site, 7, &[verb, JOB]);
        assert!(said.contains("is a copy") && said.contains("recover JOB --moved"), "{said}");
    }
    let said = in_copy(&site, 2, &["recover", JOB, "--moved", "--reason", "to another disk"]);
    assert!(said.contains("is still there"), "{said}");
    assert!(site.expect(0, &["push", JOB]).contains(SENT));
}

#[test]
fn a_job_that_moved_to_another_disk_goes_on_after_one_word_with_its_approvals() {
    let (site, _runtime, _running) = copied();
    fs::rename(site.path(STATE), site.path("old")).expect("put away");
    in_copy(&site, 7, &["push", JOB]);
    in_copy(&site, 0, &["recover", JOB, "--moved", "--reason", "to another disk"]);
    assert!(in_copy(&site, 0, &["recover", JOB, "--moved", "--reason", "again"]).contains("nothing to do"));
    assert!(in_copy(&site, 0, &["push", JOB]).contains(SENT));
    in_copy(&site, 0, &["audit", "verify", JOB]);
    // The old one is told from it, wherever its reports went along.
    fs::rename(site.path("old"), site.path(STATE)).expect("back again");
    fs::copy(site.path(COPY).join(REPORTS).join("anchor.json"), site.path(REPORTS).join("anchor.json"))
        .expect("copied");
    assert_eq!(site.run(&["push", JOB]).status.code(), Some(7));
}

#[test]
fn a_state_that_moved_on_its_disk_or_came_back_from_a_backup_asks_nobody() {
    let (site, _runtime, _running) = copied();
    fs::rename(site.path(STATE), site.path("moved")).expect("moved");
    site.edit(JOB, "state_dir = \"made/state\"", "state_dir = \"moved\"");
    site.expect(0, &["push", JOB, "--dry-run"]);
    copy_folder(&site.path("moved"), &site.path("backup"));
    fs::remove_dir_all(site.path("moved")).expect("removed");
    copy_folder(&site.path("backup"), &site.path("moved"));
    assert!(site.expect(0, &["push", JOB]).contains(SENT));
    assert!(!site.path(STATE).exists());
}

#[test]
fn a_job_file_that_was_copied_alone_begins_nothing_anew_until_a_person_says_so() {
    let (site, _runtime, _running) = over_the_network("40");
    let text = fs::read_to_string(site.path("made/http.toml")).expect("the job");
    let own = text.replace("made/state", "second/state").replace("made/reports", "second/reports");
    let other = own.replacen("name = \"", "name = \"other-", 1);
    for (file, text) in [("second.toml", own), ("other.toml", other)] {
        fs::write(site.path(file), text).expect("written");
    }
    let night = |job: &str| site.run(&["run", job, "--as-of", "2026-04-02"]);
    for _ in 0..2 {
        let output = night("made/http.toml");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", shown(&output));
    }
    let output = night("second.toml");
    let said = shown(&output);
    assert!(output.status.code() == Some(7) && said.contains("has no state here"), "{said}");
    let output = night("other.toml");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", shown(&output));
}

#[test]
fn a_copy_of_a_job_with_a_sandbox_of_its_own_is_a_job_to_play_with() {
    let site = made("40", "11");
    let night = |site: &Site| site.run(&["run", "made/job.toml", "--as-of", "2026-04-02"]);
    assert!(matches!(night(&site).status.code(), Some(0 | 1)));
    copy_folder(&site.path("made"), &site.path(COPY).join("made"));
    let said = in_copy_any(&site, &["run", "made/job.toml", "--as-of", "2026-04-02"]);
    assert!(!said.contains("is a copy"), "{said}");
}
