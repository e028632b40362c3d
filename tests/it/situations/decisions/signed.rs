//! A person answers for the report of a night.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::situations::company::{Company, FEBRUARY, MONTHLY};
use crate::support::{rows, shown};

const NIGHT: &str = "2026-03-02";
const SIGN: [&str; 6] = ["sign-off", "job.toml", "--as-of", NIGHT, "--by", "maria"];
const FOLDER: &str = "reports/situation/2026-03-02";
const VERIFY: [&str; 4] = ["verify", FOLDER, "--job", "job.toml"];

fn night() -> Company {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "90.00");
    company.night(NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 10.00"]);
    company
}

fn path(company: &Company, file: &str) -> PathBuf {
    company.site().path(&format!("{FOLDER}/{file}"))
}

#[track_caller]
fn refused(company: &Company, exit: i32, args: &[&str], why: &str) {
    let output = company.site().run(args);
    assert_eq!(output.status.code(), Some(exit), "{}", shown(&output));
    assert!(shown(&output).contains(why), "{why}:\n{}", shown(&output));
}

/// Writes 91.00 for 90.00 into the exceptions, and the new hash into `run.json`.
fn forge(company: &Company) {
    let (exceptions, run) = (path(company, "exceptions.csv"), path(company, "run.json"));
    let hash = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let old = fs::read_to_string(&exceptions).expect("reads");
    let new = old.replace("90.00", "91.00");
    let listed = fs::read_to_string(&run).expect("reads").replace(&hash(&old), &hash(&new));
    fs::write(exceptions, new).expect("written");
    fs::write(run, listed).expect("written");
}

#[test]
fn a_signature_names_who_answers_for_which_totals_and_files() {
    let company = night();
    refused(&company, 2, &["sign-off", "job.toml", "--as-of", NIGHT, "--by", "eve"], "does not list this approver");
    refused(&company, 2, &["sign-off", "job.toml", "--as-of", "2026-03-01", "--by", "maria"], "no night of 2026-03-01");
    company.site().expect(0, &[&SIGN[..], &["--note", "agreed with payroll"]].concat());
    let signature: Value =
        serde_json::from_slice(&fs::read(path(&company, "sign_off.json")).expect("written")).expect("JSON");
    assert_eq!((&signature["by"], &signature["note"]), (&"maria".into(), &"agreed with payroll".into()));
    assert_eq!(signature["signed_for"]["exposure_to_date"]["USD"]["under_collected"], "10.00");
    let files = signature["files"].as_array().expect("a list");
    let is_listed = |name: &str| files.iter().any(|file| file["name"] == name);
    assert!(is_listed("run.json") && is_listed("exceptions.csv") && is_listed("index.html"), "{signature:#}");
    let said = company.site().expect(0, &VERIFY);
    assert!(said.contains("signed by maria at 2026-03-02T02:00:00Z"), "{said}");
    refused(&company, 2, &SIGN, "maria signed the report of 2026-03-02 before");
    company.site().expect(0, &["audit", "verify", "job.toml"]);
}

#[test]
fn a_later_run_of_a_signed_day_stands_beside() {
    let mut company = night();
    company.site().expect(0, &SIGN);
    company.person("1001").pays("MED EE", "80.00");
    company.night(NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 10.00"]);
    let later = rows(&company.site().path("reports/situation/2026-03-02-unsigned/exceptions.csv"));
    assert_eq!(later[0]["exposure_to_date"], "20.00");
    company.site().expect(0, &VERIFY);
}

#[test]
fn a_signed_day_stays_signed_when_its_signature_is_taken_away() {
    let mut company = night();
    company.site().expect(0, &SIGN);
    let before = fs::read(path(&company, "exceptions.csv")).expect("reads");
    fs::remove_file(path(&company, "sign_off.json")).expect("removed");
    company.person("1001").pays("MED EE", "80.00");
    company.night(NIGHT, FEBRUARY);
    assert_eq!(fs::read(path(&company, "exceptions.csv")).expect("reads"), before);
    let unsigned = format!("{FOLDER}-unsigned");
    company.site().expect(0, &["verify", &unsigned, "--job", "job.toml"]);
    // Somebody puts the later report in the place of the signed one.
    fs::remove_dir_all(company.site().path(FOLDER)).expect("removed");
    fs::rename(company.site().path(&unsigned), company.site().path(FOLDER)).expect("moved");
    refused(&company, 7, &VERIFY, "this day was signed for another report");
}

#[test]
fn a_run_json_that_was_edited_together_with_a_file_is_noticed_and_never_signed() {
    let company = night();
    company.site().expect(0, &VERIFY);
    forge(&company);
    let said = company.site().expect(0, &["verify", FOLDER]);
    assert!(said.contains("add --job JOB"), "{said}");
    refused(&company, 7, &VERIFY, "run.json is not the one that a live run of this job wrote");
    refused(&company, 7, &SIGN, "run.json is not the one that a live run of this job wrote");
}

#[test]
fn what_is_changed_after_the_signature_is_noticed_without_the_job() {
    let company = night();
    company.site().expect(0, &SIGN);
    forge(&company);
    refused(&company, 7, &["verify", FOLDER], "run.json was changed after it was written");
}

#[test]
fn a_signature_that_was_edited_or_taken_away_is_noticed_by_the_job() {
    let company = night();
    company.site().expect(0, &SIGN);
    let file = path(&company, "sign_off.json");
    let signed = fs::read_to_string(&file).expect("reads");
    fs::write(&file, signed.replace("maria", "eve")).expect("written");
    refused(&company, 7, &VERIFY, "sign_off.json was changed");
    fs::remove_file(&file).expect("removed");
    refused(&company, 7, &VERIFY, "sign_off.json of maria is missing");
}
