//! `tieout init`: from an export to a job that a night can read, without a word of anybody in what it prints.

use std::fs;

use serde_json::Value;

use crate::support::{Site, repo, shown};

/// The benefits of the invented employer behind the layouts.
const BENEFITS: &str =
    "_Medical,_Dental,_Vision,_Retirement,_LifeInsurance,_IncomeProtection,_HealthSavings,_Cycle,_Lunch,_Gym";

#[test]
fn the_proposed_job_of_every_layout_reads_every_row() {
    let layouts = fs::read_dir(repo().join("crates/propose/tests/layouts")).expect("the layouts");
    for folder in layouts.map(|entry| entry.expect("a layout").path()) {
        let site = Site::new();
        fs::copy(folder.join("payroll.csv"), site.path("payroll.csv")).expect("copied");
        let output = site.run(&["init", "payroll.csv", "--out", "job.toml", "--benefits", BENEFITS, "--json"]);
        assert_eq!(output.status.code(), Some(0), "{}\n{}", folder.display(), shown(&output));
        let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((said["rows_rejected"].as_u64(), &said["lacks"]), (Some(0), &serde_json::json!([])), "{said}");
    }
}

#[test]
fn a_world_proves_columns_benefits_and_deductions_a_year_and_the_job_passes_the_check() {
    let site = Site::new();
    site.expect(0, &["init", "sample_data/payroll.csv", "--world", "sample_data/world", "--out", "job.toml"]);
    let text = fs::read_to_string(site.path("job.toml")).expect("a job");
    for line in [
        "employee_id = \"employee_id\" # sure: the services know 38 of its 49 ids",
        "MED = \"_Medical\" # sure: 28 of 31 people pay its price",
        "{ pay_group = \"US-BW\", deductions = 24 }, # sure: 34 of 34 amounts are a year's price by 24",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    site.expect(0, &["check", "job.toml"]);
}

#[test]
fn a_job_file_is_never_overwritten_and_an_unknown_vendor_or_column_is_told() {
    let site = Site::new();
    fs::write(site.path("job.toml"), "mine").expect("written");
    let again = site.run(&["init", "sample_data/payroll.csv", "--out", "job.toml"]);
    assert_eq!(again.status.code(), Some(2), "{}", shown(&again));
    assert_eq!(fs::read_to_string(site.path("job.toml")).expect("there"), "mine");
    site.expect(2, &["init", "sample_data/payroll.csv", "--out", "a.toml", "--from", "nobody"]);
    site.expect(2, &["init", "sample_data/payroll.csv", "--out", "b.toml", "--column", "dob=Born"]);
    assert!(!site.path("a.toml").exists() && !site.path("b.toml").exists());
}

#[test]
fn nothing_of_a_person_is_printed_or_written() {
    let site = Site::new();
    let bytes = fs::read_to_string(site.path("sample_data/payroll.csv")).expect("the sample");
    let said =
        site.expect(0, &["init", "sample_data/payroll.csv", "--world", "sample_data/world", "--out", "job.toml"]);
    let all = said + &fs::read_to_string(site.path("job.toml")).expect("a job");
    let mut reader = csv::Reader::from_reader(bytes.as_bytes());
    let headers = reader.headers().expect("a header").clone();
    for record in reader.records().map(|record| record.expect("a row")) {
        for (name, cell) in headers.iter().zip(&record) {
            let personal =
                ["first_name", "last_name", "dob", "addr_line1", "base_salary", "email", "employee_id"].contains(&name);
            assert!(!personal || cell.len() < 5 || !all.contains(cell), "{name} of somebody is in it");
        }
    }
}

#[test]
fn what_only_a_person_can_know_is_taken_from_flags() {
    let site = Site::new();
    fs::write(site.path("p.csv"), "Employee ID,Hire Date,Zeta EE\n1,01/02/2020,5.00\n2,03/04/2021,5.00\n")
        .expect("written");
    let flags =
        ["--dates", "dd/MM/yyyy", "--currency", "GBP", "--period", "2026-03-01..2026-03-31", "--code", "ZETA=_Gym"];
    let said = site.expect(0, &[["init", "p.csv", "--out", "job.toml"].as_slice(), &flags].concat());
    assert!(said.contains("rows: 2 read, 0 rejected"), "{said}");
    let text = fs::read_to_string(site.path("job.toml")).expect("a job");
    for line in [
        "dates = \"dd/MM/yyyy\" # sure: stated on the command line",
        "ZETA = \"_Gym\" # sure: stated on the command line",
        "start = \"2026-03-01\" # sure: stated on the command line",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn of_several_files_each_takes_the_stated_columns_that_it_has_and_one_that_none_has_is_told_with_what_is_near() {
    let site = Site::new();
    fs::write(site.path("a.csv"), "Worker,Hire Date,Dental EE\n1,03/15/2020,5.00\n2,03/16/2021,5.00\n")
        .expect("written");
    fs::write(site.path("b.csv"), "Employee ID,Hire Date,Dental EE\n3,03/15/2020,5.00\n4,03/16/2021,5.00\n")
        .expect("written");
    let known = ["--currency", "USD", "--period", "2026-03-01..2026-03-31", "--benefits", "_Dental"];
    let init = |more: &[&str]| {
        let first = ["init", "a.csv", "b.csv"].as_slice();
        site.run(&[first, &known, more].concat())
    };
    let output = init(&["--column", "employee_id=Worker", "--out", "job.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let text = fs::read_to_string(site.path("job.toml")).expect("a job");
    assert!(text.contains("\"Worker\" # sure: stated") && text.contains("\"Employee ID\""), "{text}");
    let output = init(&["--column", "employee_id=Workr", "--out", "none.toml"]);
    let said = shown(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in ["`Workr`", "a.csv has `Worker`", "b.csv has `Employee ID`, `Hire Date`, `Dental EE`"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let output = init(&["--sheet", "March", "--out", "none.toml"]);
    let said = shown(&output);
    assert!(output.status.code() == Some(2) && said.contains("a.csv: it is no workbook"), "{said}");
    assert!(!site.path("none.toml").exists());
}
