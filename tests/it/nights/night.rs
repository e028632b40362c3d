//! What a night does when something is wrong: with the job, the payroll file, the lock, the database, or by signal.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Site, files, rows, shown};

const DONE: i32 = 0;
/// Done, but somebody is unverified.
const UNVERIFIED: i32 = 3;
const PACK: &str = "reports/demo/2026-04-02";

/// Runs the demo job after a change of the site and expects an exit code; gives stderr.
#[track_caller]
fn check_night(site: &Site, exit: i32, args: &[&str]) -> String {
    let mut all = vec!["run", "jobs/demo.toml"];
    all.extend(args);
    let output = site.run(&all);
    assert_eq!(output.status.code(), Some(exit), "{}", shown(&output));
    String::from_utf8(output.stderr).expect("stderr is UTF-8")
}

/// The sample payroll as a file of its own that a test may change.
fn own_payroll(site: &Site) -> String {
    let text = fs::read_to_string(site.path("sample_data/payroll.csv")).expect("the sample");
    site.edit("jobs/demo.toml", "sample_data/payroll.csv", "payroll.csv");
    text
}

/// Writes the payroll with a date that is none in every third row.
fn write_broken(site: &Site, text: &str) -> Vec<String> {
    let month =
        |(n, line): (usize, &str)| if n % 3 == 1 { line.replacen("2026-03", "2026-13", 1) } else { line.to_owned() };
    let broken: Vec<String> = text.lines().enumerate().map(month).collect();
    fs::write(site.path("payroll.csv"), broken.join("\n")).expect("written");
    broken
}

/// Overwrites the first page of the roster, which a night without calls does not read.
fn damage_roster(site: &Site) {
    const PAGE_BYTES: usize = 4096;
    let path = site.path("state/demo/tieout.db");
    let page: i64 = {
        let connection = rusqlite::Connection::open(&path).expect("opens");
        let sql = "SELECT rootpage FROM sqlite_master WHERE name = 'roster'";
        connection.query_row(sql, [], |row| row.get(0)).expect("is there")
    };
    let mut bytes = fs::read(&path).expect("the database");
    let end = usize::try_from(page).expect("a page") * PAGE_BYTES;
    bytes[end - PAGE_BYTES..end].fill(0xab);
    fs::write(&path, bytes).expect("written");
}

#[test]
fn a_wrong_job_file_tells_all_its_problems_and_calls_nobody() {
    let site = Site::new();
    site.edit("jobs/demo.toml", "zone = \"UTC\"", "zon = \"UTC\"");
    site.edit("jobs/demo.toml", "delimiter = \",\"", "delimiter = \"comma\"");
    let said = check_night(&site, 2, &[]);
    for part in ["zon", "did you mean", "zone", "payroll.delimiter", "jobs/demo.toml:"] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(!site.path("state").exists(), "a wrong job must leave no state");
}

#[test]
fn too_many_rejected_rows_end_the_night_before_any_call_and_list_them() {
    let site = Site::new();
    let text = own_payroll(&site);
    let broken = write_broken(&site, &text);
    let said = check_night(&site, 2, &[]);
    assert!(said.contains("rejects.csv"), "{said}");
    let rejects = rows(&site.path("reports/demo/2026-04-02-refused/rejects.csv"));
    let bad = broken.iter().filter(|l| l.contains("2026-13")).count();
    assert_eq!(rejects.len(), bad);
    assert!(rejects.iter().all(|r| r["found"] == "9999-99-99"), "cells are masked: {rejects:?}");
    assert!(!site.path(PACK).exists());
    assert!(!site.path("state/demo/snapshots").exists(), "nothing may be fetched");
}

/// A demo job with one thing wrong that is to be noticed before the first call.
#[track_caller]
fn check_early(spoil: impl FnOnce(&Site), args: &[&str], parts: &[&str]) -> String {
    let site = Site::new();
    spoil(&site);
    let said = check_night(&site, 2, args);
    for part in parts {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(!site.path("state/demo/snapshots").is_dir(), "nothing may be fetched");
    said
}

#[test]
fn folders_that_cannot_be_used_end_the_night_before_any_call() {
    let file = |path: &'static str| {
        move |site: &Site| {
            let path = site.path(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
    };
    check_early(file("reports"), &[], &["reports/demo"]);
    check_early(file("reports/demo"), &[], &["reports/demo"]);
    check_early(file("state/demo/snapshots"), &[], &["state/demo/snapshots"]);
    check_early(file("state"), &[], &["state/demo"]);
}

#[test]
fn a_day_that_the_payroll_file_says_nothing_of_ends_the_night_before_any_call() {
    let summer = |site: &Site| site.edit("jobs/demo.toml", "2026-04-02T02", "2026-07-01T12");
    check_early(summer, &[], &["2026-03-31", "more than 62 days", "period_age_max_days"]);
    check_early(|_| {}, &["--as-of", "2026-04-03"], &["2026-04-03 is in the future"]);
    check_early(|_| {}, &["--as-of", "2026-02-28"], &["has not begun by then"]);
    let older = |site: &Site| site.edit("jobs/demo.toml", "[payroll]\n", "[payroll]\nperiod_age_max_days = 1\n");
    check_early(older, &[], &["more than 1 days"]);
}

#[test]
fn what_is_missing_is_called_by_its_name_in_the_job_and_once() {
    let control = |site: &Site| site.edit("jobs/demo.toml", "[payroll]\n", "[payroll]\ncontrol_file = \"none.csv\"\n");
    check_early(control, &[], &["no control file", "none.csv", "`payroll.control_file`"]);
    let crosswalk = |site: &Site| site.edit("jobs/demo.toml", "sample_data/crosswalk.csv", "none.csv");
    let said = check_early(crosswalk, &[], &["`crosswalk.file`", "none.csv"]);
    assert_eq!(said.matches("none.csv").count(), 1, "{said}");
    let folder = |site: &Site| site.edit("jobs/demo.toml", "sample_data/payroll.csv", "sample_data");
    check_early(folder, &[], &["sample_data is a folder", "`payroll.file`"]);
}

#[test]
fn an_opening_ledger_that_cannot_be_used_ends_the_night_before_any_call() {
    const OPENING: &str = "sample_data/world/benbase/employees.ndjson";
    let absent = |site: &Site| site.edit("jobs/demo.toml", OPENING, "none.ndjson");
    check_early(absent, &[], &["opening ledger", "none.ndjson"]);
    let bad = |site: &Site| {
        site.edit("jobs/demo.toml", OPENING, "bad.ndjson");
        fs::write(site.path("bad.ndjson"), "{}\n").expect("written");
    };
    check_early(bad, &[], &["opening ledger", "bad.ndjson", "line 1: employee_id"]);
}

#[test]
fn a_check_reads_the_opening_ledger_and_calls_no_folder_damage() {
    let site = Site::new();
    let said = site.expect(0, &["check", "jobs/demo.toml"]);
    assert!(said.contains("opening ledger"), "{said}");
    fs::write(site.path("bad.csv"), "benbase_id\n").expect("written");
    site.edit("jobs/demo.toml", "sample_data/world/benbase/employees.ndjson", "bad.csv");
    let said = site.expect(2, &["check", "jobs/demo.toml"]);
    assert!(said.lines().any(|l| l.contains("WRONG") && l.contains("opening ledger")), "{said}");
    let site = Site::new();
    fs::write(site.path("state"), "").expect("written");
    site.expect(2, &["check", "jobs/demo.toml"]);
}

#[test]
fn a_wrong_delimiter_names_the_one_that_would_work() {
    let site = Site::new();
    let text = own_payroll(&site);
    fs::write(site.path("payroll.csv"), text.replace(',', ";")).expect("written");
    assert!(check_night(&site, 2, &[]).contains("';'") || check_night(&site, 2, &[]).contains("`;`"));
}

#[test]
fn an_empty_file_has_an_error_of_its_own() {
    let site = Site::new();
    own_payroll(&site);
    fs::write(site.path("payroll.csv"), "").expect("written");
    assert!(check_night(&site, 2, &[]).contains("is empty"));
}

#[test]
fn a_truncated_payroll_file_stops_the_queue_and_not_the_report() {
    let site = Site::new();
    check_night(&site, DONE, &[]);
    let queue = site.expect(0, &["queue", "list", "jobs/demo.toml", "--json"]);
    let text = own_payroll(&site);
    let guards = "headcount_min = 5\ncorrected_share_max = \"100 %\"";
    site.edit("jobs/demo.toml", "headcount_min = 100", guards);
    let lines: Vec<&str> = text.lines().collect();
    fs::write(site.path("payroll.csv"), lines[..lines.len() * 2 / 3].join("\n")).expect("written");
    site.edit("jobs/demo.toml", "2026-04-02T02", "2026-04-03T12");
    check_night(&site, 8, &[]);
    let pack = site.path("reports/demo/2026-04-03");
    let codes: Vec<String> = rows(&pack.join("exceptions.csv")).into_iter().map(|r| r["code"].clone()).collect();
    assert!(codes.contains(&"CT06".to_owned()), "{codes:?}");
    assert_eq!(site.expect(0, &["queue", "list", "jobs/demo.toml", "--json"]), queue, "the queue is as it was");
    assert!(rows(&pack.join("cleared.csv")).is_empty() || !queue.is_empty());

    // Somebody looked: it is right. From then on that night is what others are compared with.
    check_night(&site, 2, &["--accept-swing", " "]);
    check_night(&site, DONE, &["--accept-swing", "the Leeds office left"]);
    let summary = fs::read_to_string(pack.join("summary.csv")).expect("a summary");
    assert!(summary.contains("the Leeds office left"), "{summary}");
    check_night(&site, DONE, &[]);
    site.edit("jobs/demo.toml", "2026-04-03T12", "2026-04-04T12");
    check_night(&site, DONE, &[]);
    let story = site.expect(0, &["audit", "show", "jobs/demo.toml", "0"]);
    assert!(story.contains("accept swing") && story.contains("the Leeds office left"), "{story}");
    site.expect(0, &["audit", "verify", "jobs/demo.toml"]);
}

#[test]
fn a_control_file_that_does_not_match_to_the_cent_stops_the_queue() {
    let site = Site::new();
    fs::write(site.path("control.csv"), "code,currency,row_count,sum_ee,sum_er\nMED,USD,,0.01,\n").expect("written");
    site.edit("jobs/demo.toml", "[payroll]\n", "[payroll]\ncontrol_file = \"control.csv\"\n");
    check_night(&site, 8, &[]);
    let codes: Vec<String> =
        rows(&site.path(PACK).join("exceptions.csv")).into_iter().map(|r| r["code"].clone()).collect();
    assert!(codes.contains(&"CT01".to_owned()), "{codes:?}");
    assert_eq!(site.expect(0, &["queue", "list", "jobs/demo.toml", "--json"]).trim(), "[]");
}

#[test]
fn offline_gives_the_same_findings_from_the_sealed_snapshot() {
    let site = Site::new();
    check_night(&site, DONE, &[]);
    let first = files(&site.path(PACK));
    check_night(&site, DONE, &["--offline"]);
    let second = files(&site.path(PACK));
    for name in ["exceptions.csv", "control_totals.csv", "unverified.csv", "out_of_scope.csv"] {
        assert!(first[name] == second[name], "{name} differs offline");
    }
    // Nobody was asked, and nothing is said of calls to Oyster.
    for (name, said) in [("summary.csv", "calls to Oyster"), ("run.json", "calls_planned")] {
        let says =
            |pack: &std::collections::BTreeMap<String, Vec<u8>>| String::from_utf8_lossy(&pack[name]).contains(said);
        assert_eq!((says(&first), says(&second)), (true, false), "{name}");
    }
}

#[test]
fn offline_without_a_snapshot_says_how_to_get_one() {
    assert!(check_night(&Site::new(), 2, &["--offline"]).contains("tieout snapshot import"));
}

#[test]
fn a_second_run_at_the_same_time_leaves_at_once() {
    let site = Site::new();
    site.edit("jobs/demo.toml", "[sandbox]\n", "[sandbox]\nlatency = \"300 ms\"\n");
    let mut first =
        site.command(&["run", "jobs/demo.toml"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    wait_for(|| site.path("state/demo/tieout.db").exists());
    let said = check_night(&site, 5, &[]);
    assert!(said.contains("another run of this job is under way"), "{said}");
    first.kill().expect("killed");
    first.wait().expect("ended");
}

#[test]
fn sigterm_ends_the_night_and_keeps_what_was_answered() {
    a_signal_ends_the_night_and_keeps_what_was_answered(&[Signal::TERM]);
}

/// The shell of a closed terminal sends it, and the system once more.
#[test]
fn a_terminal_that_is_closed_ends_the_night_as_sigterm_does() {
    let status = fs::read_to_string("/proc/self/status").expect("a status");
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).expect("what is ignored");
    // Under nohup the night is to outlive the terminal.
    if ignored.trim().ends_with(['0', '2', '4', '6', '8', 'a', 'c', 'e']) {
        a_signal_ends_the_night_and_keeps_what_was_answered(&[Signal::HUP, Signal::HUP]);
    }
}

#[track_caller]
fn a_signal_ends_the_night_and_keeps_what_was_answered(signals: &[Signal]) {
    let site = Site::new();
    site.edit("jobs/demo.toml", "[sandbox]\n", "[sandbox]\nlatency = \"100 ms\"\n");
    let mut night =
        site.command(&["run", "jobs/demo.toml"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    wait_for(|| site.path("state/demo/snapshots").exists() && answers_kept(&site) > 0);
    let pid = i32::try_from(night.id()).ok().and_then(Pid::from_raw).expect("a pid");
    for signal in signals {
        kill_process(pid, *signal).expect("signalled");
    }
    assert_eq!(night.wait().expect("ended").code(), Some(143));
    assert!(!site.path(PACK).exists(), "a stopped night has no report");
    assert!(answers_kept(&site) > 0, "answers are kept");
}

/// None as long as there is no database.
fn answers_kept(site: &Site) -> i64 {
    let path = site.path("state/demo/tieout.db");
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let Ok(connection) = rusqlite::Connection::open_with_flags(path, flags) else { return 0 };
    connection.query_row("SELECT count(*) FROM fetched", [], |row| row.get(0)).unwrap_or(0)
}

#[test]
fn a_damaged_database_is_told_apart() {
    let site = Site::new();
    check_night(&site, DONE, &[]);
    let path = site.path("state/demo/tieout.db");
    let mut bytes = fs::read(&path).expect("the database");
    let middle = bytes.len() / 2;
    bytes[100..middle].fill(0xff);
    fs::write(&path, bytes).expect("written");
    let _ = fs::remove_file(site.path("state/demo/tieout.db-wal"));
    assert!(check_night(&site, 7, &[]).contains("damaged"));
}

#[test]
fn a_night_over_a_database_that_is_damaged_where_nobody_looks_writes_nothing() {
    let site = Site::new();
    check_night(&site, DONE, &[]);
    fs::remove_dir_all(site.path("reports/demo")).expect("removed");
    damage_roster(&site);
    assert!(check_night(&site, 7, &["--offline"]).contains("damaged"));
    assert!(!site.path(PACK).exists(), "a report was written");
    let text = own_payroll(&site);
    write_broken(&site, &text);
    assert!(check_night(&site, 7, &["--offline"]).contains("damaged"));
    assert!(!site.path("reports/demo/2026-04-02-refused").exists(), "rejected rows were written");
}

#[test]
fn a_damaged_snapshot_is_told_apart() {
    let site = Site::new();
    check_night(&site, DONE, &[]);
    for entry in fs::read_dir(site.path("state/demo/snapshots")).expect("snapshots") {
        let table = entry.expect("an entry").path().join("benefits.parquet");
        let mut bytes = fs::read(&table).expect("a table");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::remove_file(&table).expect("removed");
        fs::write(&table, bytes).expect("written");
    }
    assert!(check_night(&site, 7, &["--offline"]).contains("benefits"));
}

#[test]
fn state_and_reports_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    check_night(&site, DONE, &[]);
    let mode = |p: &str| fs::metadata(site.path(p)).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode("state/demo"), 0o700);
    assert_eq!(mode("state/demo/tieout.db"), 0o600);
    assert_eq!(mode(PACK), 0o700);
    assert_eq!(mode("reports/demo/2026-04-02/exceptions.csv"), 0o600);
}

#[test]
fn check_tells_what_is_wrong_without_fetching_anybody() {
    let site = Site::new();
    let said = site.expect(0, &["check", "jobs/demo.toml"]);
    assert!(!said.contains("WRONG"), "{said}");
    site.edit("jobs/demo.toml", "zip = \"zip\"", "zip = \"zipp\"");
    let said = site.expect(2, &["check", "jobs/demo.toml"]);
    assert!(said.contains("WRONG") && said.contains("zipp"), "{said}");
}

/// The lines of a log and what is told beside it; `:42.04` in a time of the day may well be somebody's hourly rate.
fn without_times(log: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("needs a person: ") {
            return line.to_owned();
        }
        let mut entry: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        assert!(entry.as_object_mut().expect("an object").remove("timestamp").is_some());
        entry.to_string()
    };
    log.lines().map(line).collect::<Vec<String>>().join("\n")
}

#[test]
fn nothing_personal_reaches_the_log() {
    let site = Site::new();
    let output = site.run(&["run", "jobs/demo.toml", "-vv", "--log-format", "json"]);
    let log = without_times(&String::from_utf8(output.stderr).expect("UTF-8"));
    let people = rows(&site.path("sample_data/payroll.csv"));
    assert!(people.len() > 30 && !log.is_empty());
    for person in &people {
        for field in ["last_name", "dob", "addr_line1", "employee_id", "base_salary"] {
            let value = person[field].trim();
            assert!(value.len() < 5 || !log.contains(value), "{field} of line {person:?} is in the log");
        }
    }
    assert!(!log.contains("sandbox-secret"));
}

#[track_caller]
fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(30), "waited too long");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn an_employee_whose_payroll_row_was_rejected_is_unverified_and_never_missing() {
    let site = Site::new();
    let text = own_payroll(&site);
    site.edit("jobs/demo.toml", "[payroll]\n", "[payroll]\nmax_rejected_share = \"50 %\"\n");
    // Known through the crosswalk, with live benefits in Benifex: without the row they would look off payroll.
    let known = fs::read_to_string(site.path("sample_data/crosswalk.csv")).expect("the crosswalk");
    let broken: Vec<String> = text
        .lines()
        .map(|line| {
            let id = line.split(',').next().unwrap_or_default();
            let linked = !id.is_empty() && known.lines().any(|row| row.starts_with(&format!("{id},")));
            if linked && id.starts_with('0') { line.replacen("2026-03", "2026-13", 1) } else { line.to_owned() }
        })
        .collect();
    fs::write(site.path("payroll.csv"), broken.join("\n")).expect("written");
    check_night(&site, UNVERIFIED, &[]);
    let rejected: Vec<String> =
        rows(&site.path(PACK).join("rejects.csv")).into_iter().map(|r| r["employee_id"].clone()).collect();
    assert!(rejected.len() > 10, "{rejected:?}");
    for row in rows(&site.path(PACK).join("exceptions.csv")) {
        // EN07 compares the services with each other; payroll has no part in it.
        let accused =
            rejected.contains(&row["employee_id"]) && !["CT02", "CT11", "EN07", "ID04"].contains(&row["code"].as_str());
        assert!(!accused, "{} on {}, whose payroll row was rejected", row["code"], row["employee_id"]);
    }
    let unverified: Vec<String> =
        rows(&site.path(PACK).join("unverified.csv")).into_iter().map(|r| r["employee_id"].clone()).collect();
    assert!(rejected.iter().filter(|id| unverified.contains(id)).count() > 10, "{unverified:?}");
}
