//! The files under `jobs/schedules/` work as they are: what they start is started here, and what only their hosts could
//! show is held to what the program says of itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use clap::Parser as _;
use tieout::cli::{Cli, Verb};

use crate::support::{Site, repo, shown};

/// Years in which the hours of the schedules are looked at.
const YEARS: std::ops::Range<i16> = 2026..2037;

fn schedule(name: &str) -> String {
    read(&format!("jobs/schedules/{name}"))
}

fn read(name: &str) -> String {
    fs::read_to_string(repo().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The settings of a unit, comments left out and continued lines joined; a key may come several times.
fn unit(name: &str) -> BTreeMap<String, Vec<String>> {
    let mut settings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let text = schedule(name).replace("\\\n", "");
    for line in text.lines().filter(|line| !line.starts_with(['#', '[']) && !line.is_empty()) {
        let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{name}: {line}"));
        settings.entry(key.to_owned()).or_default().push(value.to_owned());
    }
    settings
}

/// Value of a key of the manifest that comes once.
fn manifest(key: &str) -> String {
    let text = schedule("cronjob.yaml");
    let begin = format!("{key}: ");
    let values: Vec<&str> =
        text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix(&begin)).collect();
    let [value] = values.as_slice() else { panic!("{key}: {values:?}") };
    value.split(" #").next().unwrap_or_default().trim_matches('"').to_owned()
}

/// A list in the manifest, written on one line.
fn listed(key: &str) -> Vec<String> {
    serde_json::from_str(&manifest(key)).unwrap_or_else(|e| panic!("{key}: {e}"))
}

/// Checks that the arguments run the job.
#[track_caller]
fn check_runs(args: &[&str], job: &str) {
    match Cli::try_parse_from(args).unwrap_or_else(|e| panic!("{args:?}: {e}")).verb {
        Verb::Run(run) => assert_eq!(run.job, Path::new(job)),
        _ => panic!("{args:?} is no night"),
    }
}

/// The environment of the crontab and its one line: minute, hour, the days, and the command.
fn crontab() -> (BTreeMap<String, String>, Vec<String>) {
    let text = schedule("cron");
    let (entries, settings): (Vec<&str>, Vec<&str>) = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .partition(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let settings = settings.iter().map(|line| line.split_once('=').expect("a setting"));
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    (
        settings.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        entry.splitn(6, ' ').map(str::to_owned).collect(),
    )
}

/// The command of the cron line as cron runs it, with the folder and the job of a site, and its copy of the binary.
fn by_cron(site: &Site, job: &str) -> Output {
    let (settings, entry) = crontab();
    let here = site.path("").display().to_string();
    let command = entry[5].replace("/srv/tieout", &here).replace("jobs/acme.toml", job);
    let bin = site.path("bin");
    fs::create_dir_all(&bin).expect("made");
    if !bin.join("tieout").exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_tieout"), bin.join("tieout")).expect("linked");
    }
    let path = settings["PATH"].replace("/usr/local/bin", &bin.display().to_string());
    Command::new(&settings["SHELL"])
        .args(["-c", &command])
        .env_clear()
        .env("PATH", path)
        .output()
        .expect("the shell starts")
}

/// The lines on stderr that are no log.
fn told(output: &Output) -> Vec<String> {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    stderr.lines().filter(|line| !line.starts_with('{')).map(str::to_owned).collect()
}

#[test]
fn the_cron_line_runs_the_night_and_mails_why_it_needs_a_person() {
    let site = Site::new();
    let output = by_cron(&site, "jobs/demo_faults.toml");
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    let log = fs::read_to_string(site.path("logs/acme.txt")).expect("the log");
    assert!(log.ends_with("Exit 3: not every source could be read in full, or the job lacks a key\n"), "{log}");
    let folder = fs::read_dir(site.path("reports/demo-faults"))
        .expect("reports")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.is_dir())
        .expect("one");
    let told = told(&output);
    let [line] = told.as_slice() else { panic!("{told:#?}") };
    assert!(line.starts_with("needs a person: demo-faults as of 2026-"), "{line}");
    for part in ["exit 3: ", "employees not verified in full: ", "unverified.csv", &folder.display().to_string()] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
}

#[test]
fn the_cron_line_says_which_exit_stopped_it_when_the_night_could_not_begin() {
    let site = Site::new();
    let output = by_cron(&site, "jobs/none.toml");
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    // JSON, as the log lines where nobody looks on.
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let error: serde_json::Value = serde_json::from_str(stderr.lines().last().expect("a line")).expect("JSON");
    assert!(error.to_string().contains("jobs/none.toml"), "{}", shown(&output));
}

#[test]
fn the_hours_of_the_schedules_come_once_on_each_day_in_every_zone() {
    let (_, entry) = crontab();
    assert_eq!(manifest("schedule"), entry[..5].join(" "));
    let number = |text: &str| text.parse::<u32>().expect("a number");
    let (minute, hour) = (number(&entry[0]), number(&entry[1]));
    assert_eq!(unit("tieout@.timer")["OnCalendar"], [format!("*-*-* {hour:02}:{minute:02}:00")]);
    assert!(jiff::tz::db().get(&manifest("timeZone")).is_ok());
    let time = jiff::civil::time(i8::try_from(hour).expect("an hour"), i8::try_from(minute).expect("a minute"), 0, 0);
    for name in jiff::tz::db().available() {
        let zone = jiff::tz::db().get(name.as_str()).expect("a zone");
        let first = jiff::civil::date(YEARS.start, 1, 1);
        for day in first.series(jiff::Span::new().days(1)).take_while(|day| YEARS.contains(&day.year())) {
            let once = !zone.to_ambiguous_timestamp(day.to_datetime(time)).is_ambiguous();
            assert!(once, "{day} {time} in {}", name.as_str());
        }
    }
}

#[test]
fn the_unit_runs_a_job_and_tells_when_it_fails() {
    let service = unit("tieout@.service");
    let [start] = service["ExecStart"].as_slice() else { panic!("{service:?}") };
    check_runs(&start.replace("%i", "acme").split(' ').collect::<Vec<_>>(), "jobs/acme.toml");
    assert!(!service.contains_key("SuccessExitStatus"), "an alarm must not look like success");
    assert_eq!(service["OnFailure"], ["tieout-failed@%i.service"]);
    for key in ["TimeoutStartSec", "TimeoutStopSec"] {
        assert!(service.contains_key(key), "{key}");
    }
    let hardened = [("LimitCORE", "0"), ("UMask", "0077"), ("NoNewPrivileges", "yes"), ("CapabilityBoundingSet", "")];
    for (key, value) in hardened {
        assert_eq!(service[key], [value], "{key}");
    }
    let shared = ["XDG_STATE_HOME=/srv/tieout/state"];
    assert_eq!(service["Environment"], shared, "jobs must count their calls together");
    assert!(shared[0].starts_with(&format!("XDG_STATE_HOME={}/", service["ReadWritePaths"][0])));
    let credentials = service["LoadCredential"].iter().map(|line| line.split(':').next().unwrap_or_default());
    for name in credentials {
        assert!(read("jobs/example.toml").contains(&format!("file = \"{name}\"")), "jobs/example.toml names no {name}");
    }
}

/// The shell of the unit that tells, with what systemd would pass, and stand-ins for journal and mail.
#[test]
fn the_unit_that_tells_names_job_and_exit_in_journal_and_mail() {
    let dir = tempfile::tempdir().expect("a folder");
    let tool = |name: &str, script: &str| {
        let path = dir.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("ours");
    };
    tool("systemd-cat", "echo \"$@\"; cat");
    tool("journalctl", "echo \"$@\"");
    tool("sendmail", "echo sendmail \"$@\"; cat");
    let start = &unit("tieout-failed@.service")["ExecStart"][0];
    let script = start.strip_prefix("/bin/sh -c '").and_then(|rest| rest.strip_suffix("' sh %i")).expect("a script");
    let output = Command::new("/bin/sh")
        .args(["-c", &script.replace("$$", "$"), "sh", "acme"])
        .env("PATH", format!("{}:/usr/bin:/bin", dir.path().display()))
        .env("MONITOR_SERVICE_RESULT", "exit-code")
        .env("MONITOR_EXIT_STATUS", "8")
        .output()
        .expect("the shell starts");
    let said = "tieout: the night of acme ended with exit-code, exit 8";
    let expected = format!(
        "--identifier=tieout --priority=alert\n{said}\nsendmail -t\nTo: root\nSubject: {said}\n\n\
         --unit=tieout@acme --lines=20 --output=cat --no-pager\n"
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{}", shown(&output));
}

#[test]
fn the_manifest_runs_the_job_in_the_image_that_the_dockerfile_builds() {
    let image = format!("tieout:{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest("image"), image);
    let dockerfile = read("Dockerfile");
    assert!(dockerfile.contains(&format!("docker build -t {image} .")), "{dockerfile}");
    let command = listed("command");
    let [program] = command.as_slice() else { panic!("a shell would keep SIGTERM to itself: {command:?}") };
    assert!(
        dockerfile.contains(&format!("ENTRYPOINT [\"{program}\"]")) && dockerfile.contains(&format!(" {program}\n"))
    );
    let args = listed("args");
    check_runs(&[&command[..], &args[..]].concat().iter().map(String::as_str).collect::<Vec<_>>(), "jobs/acme.toml");
    let user = manifest("runAsUser");
    assert!(dockerfile.contains(&format!("USER {user}:{user}\n")));
    assert_eq!([manifest("runAsGroup"), manifest("fsGroup")], [user.clone(), user]);
    for (key, value) in [
        ("restartPolicy", "Never"),
        ("backoffLimit", "0"),
        ("runAsNonRoot", "true"),
        ("allowPrivilegeEscalation", "false"),
        ("readOnlyRootFilesystem", "true"),
        ("fsGroupChangePolicy", "OnRootMismatch"),
    ] {
        assert_eq!(manifest(key), value, "{key}");
    }
    assert_eq!(listed("drop"), ["ALL"]);
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(dockerfile.contains(&format!("FROM rust:{rust}-")), "the image is built with another Rust than {rust}");
}
