//! What a person accepts for a time.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::situations::company::{APRIL, Company, FEBRUARY, JULY, JUNE, MARCH, MAY, MONTHLY, Outcome};
use crate::support::{rows, shown};

const NIGHT: &str = "2026-03-02";
const NEXT_NIGHT: &str = "2026-03-03";

/// Payroll takes 90.00 of 1001 where 100.00 is due; nobody else differs.
fn company() -> Company {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "90.00");
    company
}

fn id_of(night: &Outcome) -> String {
    night.finding("AM01 1001 _Medical any")["exception_id"].clone()
}

/// `tieout waive job.toml …` that leaves with 0.
#[track_caller]
fn waive(company: &Company, args: &[&str]) -> String {
    company.site().expect(0, &[&["waive", "job.toml"], args].concat())
}

/// `tieout waive job.toml …` that is refused with this in its message.
#[track_caller]
fn refused(company: &Company, args: &[&str], why: &str) {
    let output = company.site().run(&[&["waive", "job.toml"], args].concat());
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains(why), "{why}:\n{}", shown(&output));
}

fn pack(company: &Company, night: &str, file: &str) -> PathBuf {
    company.site().path(&format!("reports/situation/{night}/{file}"))
}

fn waived(company: &Company, night: &str) -> Vec<BTreeMap<String, String>> {
    rows(&pack(company, night, "waived.csv"))
}

fn run_json(company: &Company, night: &str) -> Value {
    serde_json::from_slice(&fs::read(pack(company, night, "run.json")).expect("written")).expect("JSON")
}

/// The row of the employee side of a benefit in the control totals.
fn total(company: &Company, night: &str) -> BTreeMap<String, String> {
    let totals = rows(&pack(company, night, "control_totals.csv"));
    totals.into_iter().find(|row| row["side"] == "employee").expect("a row")
}

const AGREED: [&str; 6] = ["--until", "2026-04-30", "--by", "maria", "--reason", "agreed with the carrier"];

#[test]
fn what_is_waived_is_no_exception_and_its_money_stays_in_sight() {
    let mut company = company();
    let id = id_of(&company.night(NIGHT, FEBRUARY));
    waive(&company, &[&[id.as_str()], &AGREED[..]].concat());
    let night = company.night(NEXT_NIGHT, FEBRUARY);
    night.nothing();
    let rows = waived(&company, NEXT_NIGHT);
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    for (column, expected) in [
        ("exception_id", id.as_str()),
        ("exposure_to_date", "10.00"),
        ("currency", "USD"),
        ("waived_by", "maria"),
        ("waiver_reason", "agreed with the carrier"),
        ("waived_until", "2026-04-30"),
        ("days_left", "58"),
        ("status", "open"),
        ("waiver", "1"),
    ] {
        assert_eq!(row[column], expected, "{column}");
    }
    let total = total(&company, NEXT_NIGHT);
    let columns = ["difference", "am_amount", "waived", "residual"].map(|column| total[column].as_str());
    assert_eq!(columns, ["10.00", "0.00", "10.00", "0.00"]);
    let run = run_json(&company, NEXT_NIGHT);
    assert_eq!(run["waived"]["exposure_to_date"]["USD"]["under_collected"], "10.00");
    assert_eq!(run["findings"], 0);
    let roll_forward = self::rows(&pack(&company, NEXT_NIGHT, "roll_forward.csv"));
    let columns = ["opening", "new", "reopened", "cleared", "waived", "closing"];
    assert_eq!(columns.map(|column| roll_forward[0][column].as_str()), ["1", "0", "0", "0", "1", "0"]);
    let said = night.told();
    assert!(said.lines().any(|line| line.split_whitespace().eq(["waived", "1", "10.00"])), "{said}");
}

#[test]
fn a_waived_row_ends_as_waived_and_in_one_place() {
    let mut company = company();
    let id = id_of(&company.night(NIGHT, FEBRUARY));
    waive(&company, &[&[id.as_str()], &AGREED[..]].concat());
    company.night(NEXT_NIGHT, FEBRUARY);
    let run = run_json(&company, NEXT_NIGHT);
    for rows in run["dispositions"].as_array().expect("a list") {
        let counts = ["rows", "matched", "finding", "waived"].map(|place| rows[place].as_u64().expect("a count"));
        assert_eq!(counts, [5, 4, 0, 1], "{rows}");
    }
}

#[test]
fn a_waiver_ends_with_its_cause_its_cap_and_its_last_day() {
    let mut company = company();
    let id = id_of(&company.night(NIGHT, FEBRUARY));
    waive(&company, &[&[id.as_str(), "--cap", "25"], &AGREED[..]].concat());

    // 20.00 to date: within the cap.
    company.night("2026-04-02", MARCH).nothing();
    // 30.00 to date.
    let passed = company.night("2026-04-29", APRIL);
    assert_eq!(passed.finding("AM01 1001 _Medical 30.00")["status"], "re-opened");

    waive(&company, &[&[id.as_str()], &AGREED[..]].concat());
    company.night("2026-04-30", APRIL).nothing();
    company.person("1001").pays("MED EE", "89.00");
    company.night("2026-04-30", APRIL).only(&["AM01 1001 _Medical 31.00"]);
    company.person("1001").pays("MED EE", "90.00");
    let expired = company.night("2026-05-01", APRIL);
    expired.only(&["AM01 1001 _Medical 30.00", "CT12 1001 _Medical -"]);
    let said = &expired.finding("CT12 1001 _Medical -")["sentence"];
    assert!(said.starts_with("maria waived AM01 (employee amount differs) until 2026-04-30"), "{said}");

    // What is made good needs no waiver, and an expired one says nothing.
    company.person("1001").pays("MED EE", "130.00");
    company.night("2026-06-02", MAY).nothing();
    // Nor does it of what is wrong only since.
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-07-02", JUNE).nothing();
    company.person("1001").pays("MED EE", "115.00");
    company.night("2026-08-03", JULY).only(&["AM01 1001 _Medical -15.00"]);
}

#[test]
fn a_waiver_that_was_replaced_never_comes_back() {
    let mut company = company();
    let id = id_of(&company.night(NIGHT, FEBRUARY));
    waive(&company, &[&[id.as_str()], &AGREED[..]].concat());
    waive(&company, &[&[id.as_str(), "--cap", "25"], &AGREED[..]].concat());
    let list = waive(&company, &["--list"]);
    assert!(list.contains("replaced by 2") && list.contains("in force"), "{list}");
    let revoke = |number: &str| waive(&company, &["--revoke", number, "--by", "maria", "--reason", "no longer agreed"]);
    let said = revoke("2");
    assert!(said.contains("what it held is an exception again from the next run on"), "{said}");
    let said = revoke("1");
    assert!(said.contains("waiver 2 had replaced it"), "{said}");
    company.night(NEXT_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 10.00"]);
}

#[test]
fn what_is_left_of_an_accepted_difference_stays_accepted_when_payroll_is_right_again() {
    let mut company = company();
    let id = id_of(&company.night(NIGHT, FEBRUARY));
    waive(&company, &[&[id.as_str()], &AGREED[..]].concat());
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-04-02", MARCH).nothing();
    assert_eq!(waived(&company, "2026-04-02")[0]["exposure_to_date"], "10.00");
    company.person("1001").pays("MED EE", "99.00");
    company.night("2026-04-29", APRIL).only(&["AM01 1001 _Medical 11.00"]);
}

#[test]
fn a_waiver_that_is_taken_back_holds_nothing_from_the_next_night_on() {
    let mut company = company();
    let id = id_of(&company.night(NIGHT, FEBRUARY));
    waive(&company, &[&[id.as_str()], &AGREED[..]].concat());
    company.night(NEXT_NIGHT, FEBRUARY).nothing();
    refused(&company, &["--revoke", "1", "--by", "eve", "--reason", "no"], "does not list this approver");
    waive(&company, &["--revoke", "1", "--by", "maria", "--reason", "the carrier changed its mind"]);
    refused(&company, &["--revoke", "1", "--by", "maria", "--reason", "again"], "taken back before");
    let night = company.night("2026-03-04", FEBRUARY);
    night.only(&["AM01 1001 _Medical 10.00"]);
    assert_eq!(id_of(&night), id);
    let listed: Value = serde_json::from_str(&waive(&company, &["--list", "--json"])).expect("JSON");
    assert_eq!((&listed[0]["state"], &listed[0]["revoked"]["by"]), (&"taken back".into(), &"maria".into()));
    company.site().expect(0, &["audit", "verify", "job.toml"]);
}

#[test]
fn only_listed_people_waive_and_only_what_a_night_found() {
    let mut company = company();
    let id = id_of(&company.night(NIGHT, FEBRUARY));
    refused(&company, &[&["f0123456789abcdef"], &AGREED[..]].concat(), "has no finding or group");
    let id = id.as_str();
    refused(&company, &[id, "--until", "2026-04-30", "--by", "eve", "--reason", "x"], "does not list this approver");
    refused(&company, &[id, "--until", "2026-03-01", "--by", "maria", "--reason", "x"], "would have expired");
    refused(&company, &[id, "--until", "2026-04-30", "--by", "maria", "--reason", " "], "--reason: expected a reason");
    refused(&company, &[&[id, "--cap", "9.99"], &AGREED[..]].concat(), "--cap: it costs more than that already");
    refused(&company, &[&[id, "--cap", "ten"], &AGREED[..]].concat(), "expected an amount in USD");
    assert_eq!(waive(&company, &["--list"]).trim(), "nothing is waived");
    company.job("[approval]\napprovers = [{ name = \"maria\", yearly_max = \"9.99\" }]");
    company.night(NIGHT, FEBRUARY);
    refused(&company, &[&[id], &AGREED[..]].concat(), "more than the limit of maria");
}

#[test]
fn a_group_is_waived_as_one_and_who_joins_it_later_is_not() {
    let mut company = Company::new(MONTHLY);
    for id in ["1001", "1002", "1003"] {
        company.person(id).pays("MED EE", "90.00");
    }
    let group = company.night(NIGHT, FEBRUARY).finding("AM01 1001 _Medical any")["group_id"].clone();
    assert!(group.starts_with('g'), "{group}");
    refused(&company, &[&[group.as_str(), "--cap", "29.99"], &AGREED[..]].concat(), "more than that already");
    waive(&company, &[&[group.as_str(), "--cap", "30"], &AGREED[..]].concat());
    company.person("1004").pays("MED EE", "90.00");
    company.night(NEXT_NIGHT, FEBRUARY).only(&["AM01 1004 _Medical 10.00"]);
    let rows = waived(&company, NEXT_NIGHT);
    assert!(rows.len() == 3 && rows.iter().all(|row| row["waived_group"] == group), "{rows:?}");
    // Another period: 60.00 together.
    company.night("2026-04-02", MARCH).only(&[
        "AM01 1001 _Medical 20.00",
        "AM01 1002 _Medical 20.00",
        "AM01 1003 _Medical 20.00",
        "AM01 1004 _Medical 20.00",
    ]);
}

#[test]
fn a_waiver_neither_hides_nor_repeats_a_correction() {
    let mut company = Company::new(MONTHLY);
    company.night(NIGHT, FEBRUARY).nothing();
    company.person("1001").pays("Salary", "61000.00").pays("Salary Effective", "2026-03-01");
    company.person("1001").user("/employment/salaryDetails/salary", serde_json::json!(61000.0));
    let night = company.night(NEXT_NIGHT, FEBRUARY);
    let queued = night.queue.clone();
    assert_eq!(queued.len(), 1, "{}", night.told());
    let id = night.finding("CO07 1001 - any")["exception_id"].clone();
    waive(&company, &[&[id.as_str()], &AGREED[..]].concat());
    let after = company.night("2026-03-04", FEBRUARY);
    assert!(after.findings.iter().all(|finding| finding["exception_id"] != id), "{}", after.told());
    assert_eq!(after.queue, queued, "neither withdrawn nor proposed again");
    assert!(after.corrections.iter().all(|row| row["queue"].starts_with("already queued")), "{}", after.told());
    assert_eq!(waived(&company, "2026-03-04")[0]["correction"], "compensation change planned");
}

#[test]
fn waivers_come_by_spreadsheet_all_of_them_or_none() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "90.00");
    company.person("1002").pays("MED EE", "80.00");
    let night = company.night(NIGHT, FEBRUARY);
    let ids = ["1001", "1002"].map(|id| night.finding(&format!("AM01 {id} _Medical any"))["exception_id"].clone());
    let sheet = |second: &str| {
        let lines = [
            "exception_id;sentence;waive_until;waive_cap;waived_by;waive_reason".to_owned(),
            format!("{};x;2026-04-30;10.00;maria;agreed", ids[0]),
            format!("{};x;2026-04-30;;{second};agreed", ids[1]),
        ];
        fs::write(company.site().path("waive.csv"), lines.join("\r\n")).expect("written");
    };
    sheet("eve");
    refused(&company, &["--import", "waive.csv"], "row 3, waived_by: the job does not list this approver");
    assert_eq!(waive(&company, &["--list"]).trim(), "nothing is waived");
    sheet("maria");
    waive(&company, &["--import", "waive.csv"]);
    company.night(NEXT_NIGHT, FEBRUARY).nothing();
    assert_eq!(waived(&company, NEXT_NIGHT).len(), 2);
}

#[test]
fn a_waiver_lasts_no_longer_than_the_job_allows_typed_or_by_spreadsheet() {
    let mut company = company();
    company.job("[approval]\nwaive_days_max = 60");
    let id = id_of(&company.night(NIGHT, FEBRUARY));
    let why = "2027-01-31 is later than the job allows (approval.waive_days_max = 60): expected 2026";
    let typed = [&id, "--until", "2027-01-31", "--by", "maria", "--reason", "agreed"];
    refused(&company, &typed, &format!("--until: {why}"));
    let sheet = format!("exception_id;waive_until;waived_by;waive_reason\r\n{id};2027-01-31;maria;agreed");
    fs::write(company.site().path("waive.csv"), sheet).expect("written");
    refused(&company, &["--import", "waive.csv"], &format!("row 2, waive_until: {why}"));
    waive(&company, &[&[id.as_str()], &AGREED[..]].concat());
}

#[test]
fn a_waiver_ends_with_the_money_that_was_made_good() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "");
    let night = company.night("2026-03-03", FEBRUARY);
    let id = night.finding("EN01 1001 _Medical 100.00")["exception_id"].clone();
    let until = ["--until", "2026-12-31", "--by", "maria", "--reason", "agreed"];
    waive(&company, &[&[id.as_str()], &until[..]].concat());
    company.night("2026-03-04", FEBRUARY).nothing();
    company.person("1001").pays("MED EE", "200.00");
    company.night("2026-04-02", MARCH).nothing();
    company.person("1001").pays("MED EE", "");
    for night in ["2026-05-04", "2026-05-05"] {
        company.night(night, APRIL).only(&["EN01 1001 _Medical 100.00"]);
        assert!(waived(&company, night).is_empty());
    }
}

#[test]
fn a_note_ends_with_the_money_that_was_made_good() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "");
    let id = company.night("2026-03-03", FEBRUARY).finding("EN01 1001 _Medical 100.00")["exception_id"].clone();
    let note = ["note", "job.toml", &id, "asked payroll", "--by", "sam", "--assignee", "lou", "--due", "2026-03-20"];
    company.site().expect(0, &note);
    let said = |night: &Outcome| {
        let finding = night.finding("EN01 1001 _Medical any");
        ["note", "assignee", "due"].map(|column| finding[column].clone())
    };
    // While it is open, the note is of it.
    let two_months = company.night("2026-04-02", MARCH);
    assert_eq!(said(&two_months), ["asked payroll", "lou", "2026-03-20"]);
    company.person("1001").pays("MED EE", "300.00");
    company.night("2026-05-04", APRIL).nothing();
    company.person("1001").pays("MED EE", "");
    assert_eq!(said(&company.night("2026-06-02", MAY)), ["", "", ""]);
}
