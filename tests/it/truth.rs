//! The generator's `truth.json` against the findings: nothing missed, nothing extra.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::proof::prove_if_asked;
use crate::support::{Key, Site, expected, found};

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
    prove_if_asked(&pack);
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
        // A night that could read less would stand beside the report of the one before.
        fs::remove_dir_all(&pack).expect("removed");
        site.expect(3, &["run", "made/job.toml", "--fresh"]);
        prove_if_asked(&pack);
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
