//! The generator's `truth.json` against the findings: nothing missed, nothing extra.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;

use crate::nights::proof::prove_if_asked;
use crate::support::{Key, Site, expected, found, rows, shown};

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

/// Worlds over several periods, of an even seed monthly and of an odd one biweekly.
const SEEDS_OF_PERIODS: u64 = 6;
/// Employees of each, a third of whom have a story.
const EMPLOYEES_OF_PERIODS: &str = "51";
const PERIODS: &str = "6";
const MOST_PERIODS: &str = "24";

/// What is told of an employee's benefit: the codes, and the exposure of all of them together.
type Told = BTreeMap<(String, String), (BTreeSet<String>, i64)>;

fn cents(amount: &str) -> i64 {
    if amount.is_empty() {
        return 0;
    }
    amount.replace('.', "").parse().unwrap_or_else(|_| panic!("an amount: {amount}"))
}

fn told_on(pack: &Path) -> Told {
    let mut told = Told::new();
    for row in rows(&pack.join("exceptions.csv")) {
        let entry = told.entry((row["employee_id"].clone(), row["benefit"].clone())).or_default();
        entry.0.insert(row["code"].clone());
        entry.1 += cents(&row["exposure_to_date"]);
    }
    told
}

#[track_caller]
fn check_periods(seed: u64, periods: &str) {
    let site = Site::new();
    let seed_text = seed.to_string();
    let many = ["--employees", EMPLOYEES_OF_PERIODS, "--periods", periods, "--seed", &seed_text, "--out", "made"];
    site.expect(0, &[&["world", "generate"][..], &many].concat());
    let truth: Value =
        serde_json::from_str(&fs::read_to_string(site.path("made/truth.json")).expect("readable")).expect("JSON");
    for night in truth["nights"].as_array().expect("a list") {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let (folder, as_of) = (text(&night["folder"]), text(&night["as_of"]));
        let job = format!("made/{folder}/job.toml");
        site.expect(0, &["snapshot", "import", &job, "--world", &format!("made/{folder}/world"), "--as-of", &as_of]);
        let output = site.run(&["run", &job, "--offline", "--as-of", &as_of]);
        assert!(matches!(output.status.code(), Some(0 | 3)), "seed {seed}, {folder}: {}", shown(&output));
        let found = told_on(&site.path(&format!("made/reports/generated/{as_of}")));
        let told = night["findings"].as_array().expect("a list");
        let expected: Told = told
            .iter()
            .map(|told| {
                let codes = told["codes"].as_array().expect("a list").iter().map(text).collect();
                ((text(&told["employee_id"]), text(&told["benefit"])), (codes, cents(&text(&told["exposure"]))))
            })
            .collect();
        assert_eq!(found, expected, "seed {seed}, {folder}: {:#}", night["findings"]);
    }
}

#[test]
fn worlds_over_several_periods_show_each_night_what_was_planted_and_nothing_else() {
    (0..SEEDS_OF_PERIODS).into_par_iter().for_each(|seed| check_periods(seed, PERIODS));
}

#[test]
fn a_world_over_two_years_shows_each_night_what_was_planted_and_nothing_else() {
    check_periods(1, MOST_PERIODS);
}

#[test]
fn a_hundred_worlds_show_what_was_planted_and_nothing_else() {
    // They are the last of the tests to begin: one after the other they would leave cores idle.
    (0..SEEDS).into_par_iter().for_each(check_seed);
}
