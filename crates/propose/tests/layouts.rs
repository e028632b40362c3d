//! Thirteen layouts of payroll exports, made after real vendors' with invented people. Beside each stands the job that
//! a person would write for it; what is proposed with confidence must be that, and what is not known must be asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tieout_propose::{Certainty, Hints, JobFile, Services, Site, propose, write};
use toml::{Table, Value};

/// Keys that a person has to fill in or correct before the job is right.
const EDITS_MAX: usize = 3;

/// The benefits of an invented employer, as Benifex names them.
const BENEFITS: [&str; 10] = [
    "_Medical",
    "_Dental",
    "_Vision",
    "_Retirement",
    "_LifeInsurance",
    "_IncomeProtection",
    "_HealthSavings",
    "_Cycle",
    "_Lunch",
    "_Gym",
];

/// Sections of a job whose keys are compared one by one; a key that is not expected there is a wrong one.
const COMPARED: [&str; 6] = [
    "payroll.columns",
    "payroll.long",
    "payroll.period",
    "deductions.codes",
    "deductions.ignored_codes",
    "payroll.record_type",
];

fn layouts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the layouts").map(|entry| entry.expect("one").path()).collect();
    paths.sort();
    paths
}

fn proposed(folder: &Path) -> JobFile {
    let bytes = fs::read(folder.join("payroll.csv")).expect("an export");
    let hints = Hints {
        file_name: "payroll.csv".to_owned(),
        benefits: BENEFITS.map(str::to_owned).to_vec(),
        ..Hints::default()
    };
    let proposal = propose(&bytes, &hints).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let site = Site { name: "acme".to_owned(), files: vec!["payroll.csv".to_owned()], services: Services::Network };
    write(&[proposal], &hints, &site)
}

/// Key path → value of what a job says of a payroll file. A deduction with columns of its own is keyed by its columns,
/// as the code is anybody's choice, and carries its benefit.
fn flat(job: &Table) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    let section = |path: &str| {
        let mut table = job;
        for part in path.split('.') {
            table = table.get(part)?.as_table()?;
        }
        Some(table)
    };
    for path in COMPARED {
        for (key, value) in section(path).into_iter().flatten() {
            flat.insert(format!("{path}.{key}"), value.to_string());
        }
    }
    let payroll = section("payroll").expect("a payroll section");
    for (key, value) in payroll
        .iter()
        .filter(|(key, value)| *key != "file" && (key.ends_with("_map") || !value.is_table() && !value.is_array()))
    {
        flat.insert(format!("payroll.{key}"), value.to_string());
    }
    let codes = section("deductions.codes");
    for deduction in payroll.get("wide").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| deduction.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let of_code = codes.and_then(|codes| codes.get(&text("code"))).and_then(Value::as_str).unwrap_or_default();
        let benefit = if of_code.is_empty() { text("benefit") } else { of_code.to_owned() };
        flat.insert(format!("payroll.wide.{}", text("employee") + &text("employer")), benefit);
        flat.retain(|key, _| *key != format!("deductions.codes.{}", text("code")));
    }
    flat
}

#[derive(Debug, Default)]
struct Score {
    right: usize,
    asked: Vec<String>,
    wrong: Vec<String>,
}

/// The certainty of a key; of a deduction with columns of its own, the lesser of columns and benefit.
fn least_certainty(file: &JobFile, key: &str) -> Certainty {
    let of_key = |key: &str| file.notes.iter().filter(|note| note.key == key).map(|note| note.certainty).min();
    let Some(columns) = key.strip_prefix("payroll.wide.") else {
        return of_key(key).unwrap_or(Certainty::Unknown);
    };
    let parsed = |value: &str| toml::from_str::<Table>(&format!("value = {value}")).ok();
    for note in file.notes.iter().filter(|note| note.key.starts_with("payroll.wide.")) {
        let Some(table) = parsed(&note.value) else { continue };
        let text = |key: &str| table["value"].get(key).and_then(Value::as_str).unwrap_or_default();
        if format!("{}{}", text("employee"), text("employer")) == columns {
            let benefit = of_key(&format!("deductions.codes.{}", text("code")));
            return note.certainty.min(benefit.unwrap_or(Certainty::Unknown));
        }
    }
    Certainty::Unknown
}

/// How the proposal of a layout compares with the job that a person would write.
fn score(folder: &Path) -> Score {
    let file = proposed(folder);
    let found = flat(
        &toml::from_str(&file.text).unwrap_or_else(|error| panic!("{}: {error}\n{}", folder.display(), file.text)),
    );
    let text = fs::read_to_string(folder.join("expected.toml")).expect("an expectation");
    let expected = flat(&toml::from_str(&text).expect("TOML"));
    let mut score = Score::default();
    let least = |key: &str| least_certainty(&file, key);
    for (key, value) in &expected {
        match found.get(key) {
            Some(proposed) if proposed == value => score.right += 1,
            Some(proposed) if least(key) > Certainty::Asked => {
                score.wrong.push(format!("{key} = {proposed}, expected {value}"))
            }
            None if least(key) > Certainty::Asked => score.wrong.push(format!("{key} is missing, expected {value}")),
            _ => score.asked.push(key.clone()),
        }
    }
    for (key, value) in found.iter().filter(|(key, _)| !expected.contains_key(*key)) {
        match least(key) > Certainty::Asked {
            true => score.wrong.push(format!("{key} = {value}, expected nothing")),
            false => score.asked.push(key.clone()),
        }
    }
    score
}

#[test]
fn nothing_is_proposed_with_confidence_that_a_person_would_not_write() {
    let mut told = String::new();
    let mut failed = false;
    for folder in layouts() {
        let score = score(&folder);
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        failed |= !score.wrong.is_empty() || score.asked.len() > EDITS_MAX;
        told += &format!("{name}: {} right, asked {:?}, wrong {:#?}\n", score.right, score.asked, score.wrong);
    }
    assert!(!failed, "{told}");
}
