//! The demo: the whole night on the sample world over real HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::support::{Site, files, repo, rows};

/// Nothing reached the alarm, and everything was read.
const DONE: i32 = 0;
/// Done, but one employee and one engagement never answer.
const UNVERIFIED: i32 = 3;
const PACK: &str = "reports/demo/2026-04-02";

#[test]
fn the_demo_writes_exactly_the_committed_sample_report() {
    let site = Site::new();
    site.expect(DONE, &["run", "jobs/demo.toml"]);
    let (written, committed) = (files(&site.path(PACK)), files(&repo().join("reports/sample")));
    assert_eq!(written.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (name, bytes) in &written {
        assert!(committed[name] == *bytes, "{name} differs from reports/sample/{name}");
    }
}

#[test]
fn a_second_run_of_the_same_day_adds_nothing_and_writes_the_same_findings() {
    let site = Site::new();
    site.expect(DONE, &["run", "jobs/demo.toml"]);
    let first = files(&site.path(PACK));
    let queue = site.expect(0, &["queue", "list", "jobs/demo.toml", "--json"]);
    site.expect(DONE, &["run", "jobs/demo.toml"]);
    let second = files(&site.path(PACK));
    assert_eq!(site.expect(0, &["queue", "list", "jobs/demo.toml", "--json"]), queue);
    for name in ["exceptions.csv", "control_totals.csv", "variances.csv", "cleared.csv", "unverified.csv"] {
        assert!(first[name] == second[name], "{name} differs in the second run");
    }
}

#[test]
fn a_dry_run_plans_exactly_what_the_live_run_then_queues_and_leaves_no_trace() {
    let site = Site::new();
    site.expect(DONE, &["run", "jobs/demo.toml", "--dry-run"]);
    assert_eq!(site.expect(0, &["queue", "list", "jobs/demo.toml", "--json"]).trim(), "[]");
    let remembered = tieout_store::Store::open(&site.path("state/demo")).expect("opens").roster_ids().expect("reads");
    assert_eq!(remembered, Vec::<String>::new(), "a dry run remembers nobody");
    site.expect(DONE, &["run", "jobs/demo.toml"]);
    let dry = files(&site.path("reports/demo/2026-04-02-dry"));
    let live = files(&site.path(PACK));
    assert!(dry["corrections.csv"] == live["corrections.csv"], "the dry run's plan differs from the live one");
    assert!(dry["exceptions.csv"] == live["exceptions.csv"], "the dry run's findings differ from the live ones");
    let queued: serde_json::Value =
        serde_json::from_str(&site.expect(0, &["queue", "list", "jobs/demo.toml", "--json"])).expect("JSON");
    let queued: BTreeSet<String> = queued
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["hash"].as_str().expect("a hash").to_owned())
        .collect();
    let planned: BTreeSet<String> = rows(&site.path("reports/demo/2026-04-02-dry/corrections.csv"))
        .iter()
        .map(|r| r["payload_hash"].clone())
        .collect();
    assert!(!planned.is_empty());
    assert_eq!(queued, planned);
}

#[test]
fn the_findings_of_the_demo_are_those_that_were_planted() {
    let site = Site::new();
    site.expect(DONE, &["run", "jobs/demo.toml"]);
    let truth = crate::support::expected(&repo().join("sample_data/truth.json"), false);
    assert_eq!(crate::support::found(&site.path(PACK)), truth);
}

#[test]
fn where_services_fail_the_demo_judges_what_it_could_read_and_says_what_it_could_not() {
    let site = Site::new();
    site.expect(UNVERIFIED, &["run", "jobs/demo_faults.toml"]);
    let truth = crate::support::expected(&repo().join("sample_data/truth.json"), true);
    assert_eq!(crate::support::found(&site.path("reports/demo-faults/2026-04-02")), truth);
}

#[test]
fn the_demo_makes_fewer_than_a_hundred_calls_to_each_service() {
    let site = Site::new();
    site.expect(DONE, &["run", "jobs/demo.toml"]);
    let text = fs::read_to_string(site.path(PACK).join("run.json")).expect("readable");
    let run: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for service in ["calls", "oyster"] {
        let calls = run[service]["calls"].as_u64().expect("a count");
        assert!((1..100).contains(&calls), "{service}: {calls}");
    }
}

#[test]
fn both_layouts_of_the_payroll_file_give_the_same_findings() {
    let site = Site::new();
    site.expect(DONE, &["run", "jobs/demo.toml"]);
    site.expect(DONE, &["run", "jobs/demo_long.toml"]);
    assert_eq!(
        crate::support::found(&site.path(PACK)),
        crate::support::found(&site.path("reports/demo-long/2026-04-02"))
    );
}

#[test]
fn the_variances_add_up_to_the_control_totals() {
    let site = Site::new();
    site.expect(DONE, &["run", "jobs/demo.toml"]);
    let mut sums: BTreeMap<(String, String, String, String), i128> = BTreeMap::new();
    for row in rows(&site.path(PACK).join("variances.csv")) {
        let family = row["code"][..2].to_ascii_lowercase();
        let key = (row["benefit"].clone(), row["currency"].clone(), row["side"].clone(), family);
        *sums.entry(key).or_default() += counts(&row["difference"]);
    }
    let totals = rows(&site.path(PACK).join("control_totals.csv"));
    assert!(totals.len() >= 10, "five benefits with two sides each: {}", totals.len());
    for row in totals {
        for (header, cell) in row.iter().filter(|(h, _)| h.as_bytes().get(2) == Some(&b'_')) {
            let key = (row["benefit"].clone(), row["currency"].clone(), row["side"].clone(), header[..2].to_owned());
            assert_eq!(counts(cell), sums.get(&key).copied().unwrap_or(0), "{key:?}");
        }
        assert_eq!(counts(&row["residual"]), 0, "{row:?}");
        assert_eq!(counts(&row["expected"]) - counts(&row["payroll"]), counts(&row["difference"]));
    }
}

/// An amount of the pack in counts of 1/10,000.
fn counts(text: &str) -> i128 {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all: i128 = format!("{whole}{fraction:0<4}").parse().expect("an amount");
    if negative { -all } else { all }
}
