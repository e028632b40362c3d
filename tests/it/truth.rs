//! The generator's `truth.json` against the findings: nothing missed, nothing extra.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Site, rows};

/// Worlds of different seeds that are generated and judged.
const SEEDS: u64 = 100;
/// Employees of each: enough for every code to be planted, small enough for a hundred of them.
const EMPLOYEES: &str = "60";
/// The real limit would make each of them wait a minute.
const FAST: &str = "windows = [{ calls = 100000, per = \"1 s\" }]\nattempts_max = 2";
const FAST_LIMIT: &str = "limit = { calls = 100000, per = \"1 s\" }";
/// The night stays far below Oyster's real limit.
const OYSTER_FAST: &str = "attempts_max = 2";
/// Every n-th seed also runs over HTTP, with the faults that the truth names.
const HTTP_EVERY: u64 = 10;

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

/// What a report shows.
pub fn found(pack: &Path) -> BTreeSet<Key> {
    rows(&pack.join("exceptions.csv"))
        .into_iter()
        .map(|row| (row["code"].clone(), row["employee_id"].clone(), row["benefit"].clone(), row["field"].clone()))
        .collect()
}

#[track_caller]
fn check_seed(seed: u64) {
    let site = Site::new();
    let seed_text = seed.to_string();
    site.expect(0, &["world", "generate", "--employees", EMPLOYEES, "--seed", &seed_text, "--out", "made"]);
    site.expect(
        0,
        &["snapshot", "import", "made/job.toml", "--world", "made/world_at_cutoff", "--as-of", "2026-03-31"],
    );
    site.expect(0, &["snapshot", "import", "made/job.toml", "--world", "made/world"]);
    site.expect(0, &["run", "made/job.toml", "--offline"]);
    let pack = site.path("made/reports/generated/2026-04-02");
    assert_same(seed, "imported", &found(&pack), &expected(&site.path("made/truth.json"), false));
    if seed.is_multiple_of(HTTP_EVERY) {
        let truth = fs::read_to_string(site.path("made/truth.json")).expect("readable");
        let truth: Value = serde_json::from_str(&truth).expect("JSON");
        let faults = truth["over_http"]["faults"].as_str().expect("a text");
        site.edit("made/job.toml", "\nfaults = \"\"", &format!("\nfaults = \"{faults}\""));
        site.edit(
            "made/job.toml",
            "\n[sandbox]\n",
            &format!("\n[benifex.http]\n{FAST}\n\n[oyster.http]\n{OYSTER_FAST}\n\n[sandbox]\n{FAST_LIMIT}\n"),
        );
        site.expect(3, &["run", "made/job.toml", "--fresh"]);
        assert_same(seed, "over HTTP", &found(&pack), &expected(&site.path("made/truth.json"), true));
    }
}

#[track_caller]
fn assert_same(seed: u64, how: &str, found: &BTreeSet<Key>, expected: &BTreeSet<Key>) {
    let missed: Vec<_> = expected.difference(found).collect();
    let extra: Vec<_> = found.difference(expected).collect();
    assert!(missed.is_empty() && extra.is_empty(), "seed {seed}, {how}\nmissed: {missed:#?}\nextra: {extra:#?}");
}

#[test]
fn a_hundred_worlds_show_what_was_planted_and_nothing_else() {
    for seed in 0..SEEDS {
        check_seed(seed);
    }
}
