//! A job whose spreadsheets write 12,50, and one that wants to see names.

use std::fs;

use serde_json::{Value, json};

use crate::situations::company::{Company, FEBRUARY, MONTHLY};
use crate::support::{rows, shown};

const FIRST: &str = "2026-03-02";
const SECOND: &str = "2026-03-03";
const THIRD: &str = "2026-03-04";

/// Payroll takes 90.00 of 1001 where 100.00 is due.
fn german() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[report]\nprofile = \"excel-de\"\nnames = \"full\"").person("1001").pays("MED EE", "90.00");
    company
}

fn read(company: &Company, file: &str) -> String {
    fs::read_to_string(company.site().path(file)).expect("written")
}

#[test]
fn what_was_written_for_a_german_excel_is_read_back_by_every_command() {
    let mut company = german();
    let first = company.night(FIRST, FEBRUARY);
    let finding = first.finding("AM01 1001 _Medical 10,00");
    assert_eq!(
        ["employee_ref", "employee_name", "difference"].map(|column| finding[column].as_str()),
        ["id:1001", "Ben Larsen", "10,00"]
    );
    let id = finding["exception_id"].clone();
    company.person("1001").pays("MED EE", "80.00");
    company.night(SECOND, FEBRUARY).only(&["AM01 1001 _Medical 20,00"]);
    let site = company.site();
    let diff: Value =
        serde_json::from_str(&site.expect(0, &["diff", "job.toml", FIRST, SECOND, "--json"])).expect("JSON");
    let moved = &diff["changes"]["moved"][0];
    assert_eq!((&moved["exposure_before"], &moved["exposure_after"]), (&json!("10.00"), &json!("20.00")));
    let told = site.expect(0, &["show", "job.toml", &id]);
    assert!(told.contains("20.00 USD") && told.contains("Ben Larsen"), "{told}");

    let sheet = |cap: &str| {
        let sheet =
            format!("exception_id;waive_until;waive_cap;waived_by;waive_reason\r\n{id};30.04.2026;{cap};maria;ok");
        fs::write(site.path("waive.csv"), sheet).expect("written");
    };
    sheet("25.00");
    let refused = shown(&site.run(&["waive", "job.toml", "--import", "waive.csv"]));
    let place = "row 2, waive_cap: expected an amount in USD such as 50,00, found";
    assert!(refused.contains("waive.csv has 1 problem") && refused.contains(place), "{refused}");
    sheet("25,00");
    site.expect(0, &["waive", "job.toml", "--import", "waive.csv"]);
    company.night(THIRD, FEBRUARY).nothing();
    let waived = &rows(&company.site().path("reports/situation/2026-03-04/waived.csv"))[0];
    let told = ["waived_until", "waiver_cap", "employee_name"].map(|column| waived[column].as_str());
    assert_eq!(told, ["2026-04-30", "25,00", "Ben Larsen"]);

    let site = company.site();
    site.expect(0, &["sign-off", "job.toml", "--as-of", THIRD, "--by", "maria"]);
    site.expect(0, &["verify", "reports/situation/2026-03-04", "--job", "job.toml"]);
}

#[test]
fn nights_of_different_profiles_are_compared_as_what_they_say() {
    let mut company = german();
    company.night(FIRST, FEBRUARY);
    company.job("[report]\nprofile = \"plain\"\nnames = \"none\"");
    company.night(SECOND, FEBRUARY).only(&["AM01 1001 _Medical 10.00"]);
    let diff = company.site().expect(0, &["diff", "job.toml", FIRST, SECOND, "--json"]);
    let diff: Value = serde_json::from_str(&diff).expect("JSON");
    assert_eq!(diff["changes"].as_object().expect("an object").keys().collect::<Vec<_>>(), ["the same"]);
}

#[test]
fn a_queue_exported_for_a_german_excel_is_decided_in_it() {
    let mut company = german();
    company.night(FIRST, FEBRUARY);
    company.person("1001").pays("Salary", "61000.00").pays("Salary Effective", "2026-03-01");
    company.person("1001").user("/employment/salaryDetails/salary", json!(61000.0));
    let night = company.night(SECOND, FEBRUARY);
    assert_eq!(night.corrections[0]["employee_name"], "Ben Larsen");
    let site = company.site();
    site.expect(0, &["queue", "export", "job.toml", "--out", "queue.csv"]);
    let sheet = read(&company, "queue.csv");
    assert!(sheet.contains(";1000,00;USD;"), "{sheet}");
    fs::write(site.path("queue.csv"), sheet.replace(";proposed;;;", ";proposed;approve;maria;")).expect("written");
    let said = site.expect(0, &["queue", "import", "job.toml", "queue.csv", "--by", "ima"]);
    assert!(said.starts_with("1 item is approved"), "{said}");
}

#[test]
fn names_stand_in_the_report_only_where_the_job_wants_them() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "90.00");
    for (names, expected) in [("", None), ("initials", Some("B. L.")), ("full", Some("Ben Larsen"))] {
        if !names.is_empty() {
            company.job(&format!("[report]\nnames = \"{names}\""));
        }
        let night = company.night(FIRST, FEBRUARY);
        let finding = night.finding("AM01 1001 _Medical 10.00");
        assert_eq!(finding.get("employee_name").map(String::as_str), expected);
        for shown in ["Larsen", "B. L."] {
            let is_there = read(&company, "reports/situation/2026-03-02/index.html").contains(shown);
            let is_wanted = expected.is_some_and(|name| name.contains(shown));
            assert_eq!(is_there, is_wanted, "{shown} with {names:?}");
        }
    }
}

#[test]
fn a_report_can_be_of_csv_files_alone() {
    let mut company = Company::new(MONTHLY);
    company.job("[report]\nformats = [\"csv\"]").person("1001").pays("MED EE", "90.00");
    company.night(FIRST, FEBRUARY).only(&["AM01 1001 _Medical 10.00"]);
    let site = company.site();
    let files = fs::read_dir(site.path("reports/situation/2026-03-02")).expect("written");
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"));
    let others: Vec<String> = names.filter(|name| !name.ends_with(".csv")).collect();
    assert_eq!(others, ["run.json"]);
    assert!(!site.path("reports/situation/index.html").exists());
    site.expect(0, &["verify", "reports/situation/2026-03-02", "--job", "job.toml"]);
}
