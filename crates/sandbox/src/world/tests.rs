//! The world as a whole: same bytes, every code, counts that agree, and the committed sample.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;

const SMALL: usize = 44;
const SAMPLE_SEED: u64 = 20_260_331;
/// Every code that one clean night can show.
const PLANTABLE: [&str; 27] = [
    "AM01", "AM02", "CO01", "CO02", "CO03", "CO04", "CO07", "CT11", "CU01", "CU02", "DE01", "DE02", "DE04", "DE05",
    "DE07", "EN01", "EN02", "EN04", "EN05", "EN11", "EN13", "ID01", "ID02", "ID04", "ID05", "ID08", "TM07",
];

/// What Oyster adds.
const OYSTER: [&str; 9] = ["AM14", "AM15", "AM16", "EN07", "EN08", "EN09", "EN10", "EN15", "ID03"];

fn world(employees: usize, seed: u64) -> (tempfile::TempDir, Summary) {
    made(Wanted { employees, engagements: 0, seed })
}

fn made(wanted: Wanted) -> (tempfile::TempDir, Summary) {
    let dir = tempfile::tempdir().expect("a folder for the world");
    let summary = generate(wanted, dir.path()).expect("the world is written");
    (dir, summary)
}

fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let bytes = std::fs::read(&path).expect("a readable file");
                    found.insert(path.strip_prefix(dir).expect("inside").to_owned(), bytes);
                }
            }
        }
    }
    found
}

/// Everything but the job file, which names its folder.
fn content(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(dir);
    files.remove(Path::new("job.toml"));
    files
}

fn truth(dir: &Path) -> Value {
    serde_json::from_str(&read_to_string(dir.join("truth.json")).expect("truth.json")).expect("JSON")
}

fn json_lines(path: &Path) -> Vec<Value> {
    let text = read_to_string(path).expect("a readable file");
    text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
}

fn csv_rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).expect("a CSV").deserialize().map(|row| row.expect("a row")).collect()
}

fn codes(list: &Value) -> BTreeSet<String> {
    list.as_array().expect("a list").iter().map(|e| e["code"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let [(first, _), (again, _), (other, _)] = [(SMALL, 1), (SMALL, 1), (SMALL, 2)].map(|(n, seed)| world(n, seed));
    assert!(content(first.path()) == content(again.path()));
    assert!(content(first.path()) != content(other.path()));
}

#[test]
fn the_truth_of_a_small_and_of_a_large_world_has_every_plantable_code() {
    for employees in [SMALL, 1_500] {
        let (dir, _) = world(employees, 5);
        let truth = truth(dir.path());
        assert_eq!(codes(&truth["findings"]), PLANTABLE.map(str::to_owned).into(), "{employees} employees");
        assert_eq!(codes(&truth["over_http"]["findings"]), ["CT02", "CT03"].map(str::to_owned).into());
    }
}

#[test]
fn the_truth_of_a_world_with_oyster_has_every_code_of_it_too() {
    for engagements in [oyster::DEFAULT_COUNT, 20] {
        let (dir, summary) = made(Wanted { employees: SMALL, engagements, seed: 5 });
        let truth = truth(dir.path());
        let mut wanted: BTreeSet<String> = PLANTABLE.map(str::to_owned).into();
        wanted.extend(OYSTER.map(str::to_owned));

        assert_eq!(codes(&truth["findings"]), wanted, "{engagements} engagements");
        assert_eq!(summary.engagements, engagements);
        let counted = truth["planted_employees"].as_u64().zip(truth["clean_employees"].as_u64());
        assert_eq!(counted.map(|(planted, clean)| planted + clean), Some(summary.employees as u64));
        assert!(truth["over_http"]["faults"].as_str().is_some_and(|faults| faults.contains("@engagement:")));
    }
}

#[test]
fn the_usual_engagements_show_every_state_and_one_that_nobody_documents() {
    let (dir, _) = made(Wanted { employees: SMALL, engagements: oyster::DEFAULT_COUNT, seed: 3 });
    let mut states = BTreeSet::new();
    for engagement in json_lines(&dir.path().join("world/oyster/engagements.ndjson")) {
        for enrollment in engagement["benefitEnrollments"].as_array().expect("a list") {
            states.insert(enrollment["state"].as_str().expect("a state").to_owned());
        }
    }
    let documented =
        ["APPLIED", "CANCELED", "ENROLLED", "FINISHED", "IN_PROGRESS", "OPTED_OUT", "PROVISIONED", "REQUESTED"];
    let wanted: BTreeSet<String> = documented.into_iter().chain(["PAUSED"]).map(str::to_owned).collect();
    assert_eq!(states, wanted);
}

#[test]
fn the_people_of_benifex_are_the_same_with_and_without_oyster() {
    let (without, _) = world(SMALL, 4);
    let (with, _) = made(Wanted { employees: SMALL, engagements: oyster::DEFAULT_COUNT, seed: 4 });
    let [without, with] = [without, with].map(|dir| json_lines(&dir.path().join("world/benifex/users.ndjson")));
    assert_eq!(without[..], with[..without.len()]);
    assert_eq!(with.len(), without.len() + 1, "one of Oyster's people is in both");
}

#[test]
fn the_files_of_oyster_agree_on_engagements_enrollments_and_known_states() {
    let (dir, _) = made(Wanted { employees: SMALL, engagements: 30, seed: 6 });
    for folder in ["world", "world_at_cutoff"] {
        let lines = |name: &str| json_lines(&dir.path().join(folder).join("oyster").join(name));
        let engagements = lines("engagements.ndjson");
        for (engagement, enrollments) in engagements.iter().zip(lines("enrollments.ndjson")) {
            assert_eq!(engagement["engagementId"], enrollments["engagementId"]);
            let listed = engagement["benefitEnrollments"].as_array().expect("a list");
            for (listed, enrolled) in listed.iter().zip(enrollments["data"].as_array().expect("a list")) {
                let both = |a: &str, b: &str| assert_eq!(listed[a], enrolled[b]);
                both("benefitEnrollmentId", "id");
                both("state", "state");
            }
        }
        for name in ["offerings.ndjson", "provisioning.ndjson"] {
            assert_eq!(lines(name).len(), engagements.len(), "{folder} {name}");
        }
    }
    let mut known = BTreeMap::new();
    for line in json_lines(&dir.path().join("world/oyster/states.ndjson")) {
        known.insert(line["enrollmentId"].to_string(), line["state"].clone());
    }
    for enrollments in json_lines(&dir.path().join("world_at_cutoff/oyster/enrollments.ndjson")) {
        for enrolled in enrollments["data"].as_array().expect("a list") {
            assert_eq!(known[&enrolled["id"].to_string()], enrolled["state"]);
        }
    }
}

#[test]
fn most_people_of_a_small_world_are_clean_and_everybody_is_counted_once() {
    for employees in [1, 2, 20, SMALL, 300, 1_000] {
        let (dir, summary) = world(employees, 9);
        let truth = truth(dir.path());
        let count = |key: &str| truth[key].as_u64().expect("a count");
        assert_eq!(count("planted_employees") + count("clean_employees"), employees as u64);
        assert!(count("planted_employees") <= count("clean_employees"), "{employees} employees");
        assert_eq!(count("planted_employees"), summary.planted_employees);
        assert_eq!(truth["findings"].as_array().map(Vec::len), Some(summary.findings));
    }
}

#[test]
fn every_scenario_yields_the_codes_that_it_names() {
    let maker = Maker { seed: 3, employees: 1_000 };
    for (index, scenario) in scenarios::ALL.iter().enumerate() {
        for seed in 0..8 {
            let maker = Maker { seed, ..maker };
            let group = scenarios::group(&[*scenario], &mut fastrand::Rng::with_seed(seed));
            let mut subject = maker.person(Profile { index, group, planted: true });
            (scenario.apply)(&mut subject);
            let caused: BTreeSet<&str> = subject.findings.iter().map(|e| e.code).collect();
            let named: BTreeSet<&str> = scenario.codes.iter().copied().filter(|c| *c != "CT02").collect();
            assert_eq!(caused, named, "{}", scenario.name);
        }
    }
}

#[test]
fn files_of_a_world_agree_on_who_there_is() {
    let (dir, summary) = world(200, 11);
    let [world, cutoff] = ["world", "world_at_cutoff"].map(|w| dir.path().join(w).join("benifex"));
    let users = json_lines(&world.join("users.ndjson"));
    let ids: BTreeSet<&str> = users.iter().map(|u| u["employment"]["employeeId"].as_str().expect("an id")).collect();
    assert_eq!(ids.len(), users.len(), "one user an employee id");
    let benefits = json_lines(&world.join("benefits.ndjson"));
    for (user, benefits) in users.iter().zip(&benefits) {
        assert_eq!(user["id"], benefits["userId"]);
    }
    let current = benefits.iter().map(|b| b["data"]["currentBenefits"].as_array().expect("a list").len() as u64);
    assert_eq!(current.sum::<u64>(), summary.benefits);
    let before: Vec<Value> = json_lines(&cutoff.join("users.ndjson"));
    assert!(!before.is_empty() && before.iter().all(|user| users.contains(user)));

    let wide = csv_rows(&dir.path().join("payroll.csv"));
    assert_eq!(wide.len() as u64, summary.payroll_rows);
    let paid: BTreeSet<&str> = wide.iter().map(|row| row["employee_id"].trim()).collect();
    let linked: BTreeSet<String> =
        csv_rows(&dir.path().join("crosswalk.csv")).iter().map(|row| row["employee_id"].clone()).collect();
    for id in ids {
        assert!(paid.contains(id) || linked.contains(id), "{id} would never be asked for");
    }
}

#[test]
fn both_payroll_layouts_hold_the_same_deductions() {
    let (dir, _) = world(200, 12);
    let mut wide = BTreeSet::new();
    for row in csv_rows(&dir.path().join("payroll.csv")) {
        for code in ["med", "den", "pen", "life", "cyc", "gym"] {
            let cell = |side: &str| row.get(&format!("{code}_{side}")).cloned().unwrap_or_default();
            if !(cell("ee").is_empty() && cell("er").is_empty()) {
                wide.insert((row["employee_id"].clone(), code.to_uppercase(), cell("ee"), cell("er")));
            }
        }
    }
    let rows = csv_rows(&dir.path().join("payroll_long_deductions.csv"));
    let long: BTreeSet<_> = rows
        .iter()
        .map(|r| ["employee_id", "deduction_code", "ee_amount", "er_amount"].map(|name| r[name].clone()).into())
        .collect();
    assert_eq!(wide, long);
}

#[test]
fn a_large_world_has_a_thousandth_of_each_scenario_and_no_texts() {
    let (dir, summary) = world(10_001, 13);
    assert!(!dir.path().join("payroll_long.csv").exists());
    let once = scenarios::ALL.iter().filter(|s| s.once).count();
    assert_eq!(summary.planted_employees as usize, 10 * scenarios::ALL.len() - 9 * once);
    let benefits = read_to_string(dir.path().join("world/benifex/benefits.ndjson")).expect("benefits");
    assert!(!benefits.contains("sections"));
    let share = summary.benefits * 100 / 10_001;
    assert!((235..=265).contains(&share), "{share} benefits for a hundred people");
}

#[test]
fn a_world_without_people_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let refused = generate(Wanted { employees: 0, engagements: 0, seed: 1 }, dir.path()).expect_err("nobody");
    assert!(refused.to_string().contains("--employees"));
}

#[test]
fn the_committed_sample_is_what_the_generator_writes() {
    let (dir, _) = made(Wanted { employees: SMALL, engagements: usual_engagements(SMALL), seed: SAMPLE_SEED });
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample_data");
    let (fresh, committed) = (content(dir.path()), content(&committed));
    assert_eq!(fresh.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (name, bytes) in &fresh {
        assert!(committed[name] == *bytes, "{} differs: generate the sample again", name.display());
    }
}
