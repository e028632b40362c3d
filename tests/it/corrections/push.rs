//! The push: killed at any moment it sends nothing twice and forgets nothing; and the way of a correction from the
//! night through the spreadsheet to Benbase, by the commands alone.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;

use chrono::{DateTime, Utc};

use crate::harness::storm::{Storm, Wrong};
use crate::support::{Site, rows, shown};

/// Enough to hit each part of a push many times; the benchmark has thirty times as many.
const KILLS: u32 = 60;

#[expect(clippy::disallowed_methods, reason = "the binary asks the same clock for the age of an approval")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[test]
fn pushes_killed_at_random_send_nothing_twice_and_lose_nothing() {
    let storm = Storm { kills: KILLS, items: 200, seed: 3 };
    let tally = storm.rage(env!("CARGO_BIN_EXE_tieout"), now());
    assert_eq!(tally.wrong, Wrong::default(), "\n{tally}");
    assert_eq!((tally.kills, tally.approved), (KILLS, 0), "\n{tally}");
    // Kills and faults must have met sends, or nothing was proved.
    assert!(tally.recovered > 0 && tally.in_doubt_and_applied > 0 && tally.failed > 0, "\n{tally}");
}

const JOB: &str = "jobs/demo.toml";

/// Benbase's row of the person whose correction is the first of the demo's queue: the id and nothing else.
const ONLY_ID: &str = "{\"employee_id\":\"bb_000000161\"}\n";

/// The demo job with these approvers; its night has run.
fn reviewed(approvers: &str) -> Site {
    reviewed_at(Site::new(), approvers)
}

fn reviewed_at(site: Site, approvers: &str) -> Site {
    let text = fs::read_to_string(site.path(JOB)).expect("the job");
    let lines = text.lines().map(|line| match line.starts_with("approvers = ") {
        true => format!("approvers = [{approvers}]\n"),
        false => format!("{line}\n"),
    });
    let text: String = lines.collect();
    fs::write(site.path(JOB), text).expect("written");
    site.run(&["run", JOB]);
    site
}

/// The demo with a Benbase that does not know the person of the first correction.
fn forgetful() -> Site {
    let site = Site::new();
    let (made, own) = (site.path("sample_data/world"), site.path("world"));
    fs::create_dir_all(own.join("benbase")).expect("a folder");
    for service in ["benifex", "oyster"] {
        symlink(made.join(service), own.join(service)).expect("linked");
    }
    let held = fs::read_to_string(made.join("benbase/employees.ndjson")).expect("the ledger");
    assert!(held.contains(ONLY_ID), "the person is known by the id alone");
    fs::write(own.join("benbase/employees.ndjson"), held.replace(ONLY_ID, "")).expect("written");
    site.edit(JOB, "world = \"sample_data/world\"", "world = \"world\"");
    site
}

/// Fills in an exported sheet: `by` approves each row; gives the number of rows.
fn fill_in(site: &Site, from: &str, to: &str, by: &str) -> usize {
    let bytes = fs::read(site.path(from)).expect("the sheet");
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(text);
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|column| column == name).expect("the column");
    let (decision, decided_by) = (place("decision"), place("decided_by"));
    let mut writer = csv::Writer::from_path(site.path(to)).expect("a new file");
    writer.write_record(&header).expect("written");
    let mut rows = 0;
    for record in reader.records() {
        let mut cells: Vec<String> = record.expect("a row").iter().map(str::to_owned).collect();
        (cells[decision], cells[decided_by]) = ("approve".to_owned(), by.to_owned());
        writer.write_record(&cells).expect("written");
        rows += 1;
    }
    writer.flush().expect("written");
    rows
}

#[test]
fn a_correction_goes_from_the_night_through_the_spreadsheet_to_benbase() {
    let site = reviewed_at(forgetful(), r#"{ name = "maria" }"#);
    site.expect(0, &["queue", "export", JOB, "--out", "out.csv"]);
    // What is there may hold decisions.
    site.expect(2, &["queue", "export", JOB, "--out", "out.csv"]);
    let items = fill_in(&site, "out.csv", "back.csv", "maria");
    assert!(items > 2, "{items} items");
    let imported = site.expect(0, &["queue", "import", JOB, "back.csv", "--by", "maria"]);
    assert!(imported.contains(&format!("{items} items are approved")), "{imported}");

    let dry = site.expect(0, &["push", JOB, "--dry-run"]);
    assert!(dry.contains(&format!("requests that would go out: {items}; nothing was sent")), "{dry}");
    assert_eq!(dry.matches("POST /employee-changes/").count(), items, "{dry}");

    // The first item is about somebody whom the sandbox does not know: the canary ends the push.
    let output = site.run(&["push", JOB]);
    assert_eq!(output.status.code(), Some(6), "{}", shown(&output));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("needs a person: push of demo, exit 6: 0 sent, 1 failed, "), "{told}");
    let first = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(first.contains("item 1 failed: refused with status 404"), "{first}");
    assert!(first.contains("nothing else was sent"), "{first}");
    let second = site.expect(0, &["push", JOB]);
    assert_eq!(second.trim(), format!("{:<18}{:>8}", "sent", items - 1));
    let third = site.expect(0, &["push", JOB]);
    assert_eq!(third.trim(), format!("{:<18}{:>8}", "sent", 0));
    site.expect(0, &["audit", "verify", JOB]);
    let story = site.expect(0, &["audit", "show", JOB, "2"]);
    let places = ["propose", "approve", "claim", "accept"].map(|event| story.find(event));
    assert!(places.is_sorted() && places[0].is_some(), "{story}");

    // What Benbase refused is not proposed again by itself.
    let proposed = || site.expect(0, &["queue", "list", JOB, "--state", "proposed", "--json"]);
    site.expect(0, &["run", JOB]);
    assert_eq!(proposed().trim(), "[]");
    let refused = site.run(&["queue", "approve", JOB, "1", "--by", "maria"]);
    assert!(refused.status.code() == Some(2) && shown(&refused).contains("queue retry"), "{}", shown(&refused));
    site.expect(0, &["queue", "retry", JOB, "1", "--by", "maria", "--reason", "Benbase knows the id now"]);
    site.expect(0, &["run", JOB]);
    assert_ne!(proposed().trim(), "[]");
    site.expect(0, &["audit", "verify", JOB]);
}

#[test]
fn benbase_takes_every_correction_of_the_demo_and_what_they_settle_is_cleared_the_same_day() {
    let site = reviewed(r#"{ name = "maria" }"#);
    site.expect(0, &["queue", "export", JOB, "--out", "out.csv"]);
    let items = fill_in(&site, "out.csv", "back.csv", "maria");
    site.expect(0, &["queue", "import", JOB, "back.csv", "--by", "maria"]);
    let pushed = site.expect(0, &["push", JOB]);
    assert_eq!(pushed.trim(), format!("{:<18}{:>8}", "sent", items));

    let ids = |file: &str| -> BTreeSet<String> {
        let rows = rows(&site.path("reports/demo/2026-04-02").join(file));
        rows.iter().map(|row| row["exception_id"].clone()).collect()
    };
    let (before, cleared_before) = (ids("exceptions.csv"), ids("cleared.csv"));
    assert!(cleared_before.is_empty());
    site.expect(0, &["run", JOB]);
    let (after, cleared) = (ids("exceptions.csv"), ids("cleared.csv"));
    let gone: BTreeSet<String> = before.difference(&after).cloned().collect();
    assert!(!gone.is_empty(), "Benbase holds today's pay now");
    assert_eq!(cleared, gone);
    for id in &gone {
        let told = site.expect(0, &["explain", id, "--job", JOB]);
        assert!(told.contains("cleared on 2026-04-02"), "{told}");
    }
    site.expect(0, &["run", JOB]);
    assert_eq!((ids("exceptions.csv"), ids("cleared.csv")), (after, cleared), "the same run changes nothing");
}

#[test]
fn a_preparer_cannot_approve_what_the_night_prepared_even_where_the_job_lists_them() {
    let site = reviewed(r#"{ name = "maria" }, { name = "tieout" }"#);
    for (by, why) in [("tieout", "whoever prepared it"), ("Tieout ", "whoever prepared it"), ("sam", "does not list")] {
        let output = site.run(&["queue", "approve", JOB, "2", "--by", by]);
        let said = shown(&output);
        assert_eq!(output.status.code(), Some(2), "{by}: {said}");
        assert!(said.contains(why), "{by}: {said}");
    }
    site.expect(0, &["queue", "export", JOB, "--out", "out.csv"]);
    fill_in(&site, "out.csv", "back.csv", "tieout");
    site.expect(2, &["queue", "import", JOB, "back.csv", "--by", "maria"]);
    let left = site.expect(0, &["push", JOB, "--dry-run"]);
    assert!(left.contains("requests that would go out: 0; nothing was sent"), "{left}");
}
