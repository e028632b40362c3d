//! Looking back: one finding over its nights, and two nights side by side.

use std::fs;

use serde_json::Value;

use crate::situations::company::{Company, FEBRUARY, MONTHLY};
use crate::support::shown;

const FIRST: &str = "2026-03-02";
const SECOND: &str = "2026-03-03";

/// Payroll takes 90.00 of 1001 and 80.00 of 1002 where 100.00 is due; in the second night 1001 is put right, 1002 has
/// 70.00 and 1003 has 95.00. Gives the ids of the findings on 1001 and 1002.
fn two_nights() -> (Company, [String; 2]) {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "90.00");
    company.person("1002").pays("MED EE", "80.00");
    let night = company.night(FIRST, FEBRUARY);
    let ids = ["1001", "1002"].map(|id| night.finding(&format!("AM01 {id} _Medical any"))["exception_id"].clone());
    company.person("1001").pays("MED EE", "100.00");
    company.person("1002").pays("MED EE", "70.00");
    company.person("1003").pays("MED EE", "95.00");
    company.night(SECOND, FEBRUARY);
    (company, ids)
}

fn json(company: &Company, args: &[&str]) -> Value {
    serde_json::from_str(&company.site().expect(0, args)).expect("JSON")
}

/// Employees, and what their findings cost before and after.
fn told(changes: &Value, what: &str) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all = changes["changes"][what].as_array().cloned().unwrap_or_default();
    let cells = ["employee_id", "exposure_before", "exposure_after"];
    all.iter().map(|change| cells.map(|cell| text(&change[cell]))).collect()
}

#[test]
fn two_nights_side_by_side_say_what_appeared_what_went_and_what_moved() {
    let (mut company, [_, second]) = two_nights();
    let changes = json(&company, &["diff", "job.toml", FIRST, SECOND, "--json"]);
    let line = |parts: [&str; 3]| parts.map(str::to_owned);
    assert_eq!(told(&changes, "appeared"), [line(["1003", "-", "5.00"])]);
    assert_eq!(told(&changes, "went"), [line(["1001", "10.00", "-"])]);
    assert_eq!(told(&changes, "moved"), [line(["1002", "20.00", "30.00"])]);

    let said = company.site().expect(0, &["diff", "job.toml", FIRST, SECOND]);
    let moved = said.lines().find(|line| line.trim_start().starts_with("moved")).expect("a line");
    assert!(moved.split_whitespace().eq(["moved", "1", "USD", "20.00", "30.00"]), "{said}");

    let waive = ["waive", "job.toml", &second, "--until", "2026-04-30", "--by", "maria", "--reason", "agreed"];
    company.site().expect(0, &waive);
    company.night("2026-03-04", FEBRUARY);
    let changes = json(&company, &["diff", "job.toml", SECOND, "2026-03-04", "--json"]);
    assert_eq!(told(&changes, "waived since"), [line(["1002", "30.00", "30.00"])]);
    assert_eq!(told(&changes, "the same"), [line(["1003", "5.00", "5.00"])]);
}

#[test]
fn a_night_that_is_not_there_or_was_changed_is_not_compared() {
    let (company, _) = two_nights();
    for (args, exit, why) in [
        (["diff", "job.toml", SECOND, FIRST], 2, "the earlier night first"),
        (["diff", "job.toml", "2026-03-01", SECOND], 2, "no night of 2026-03-01"),
    ] {
        let output = company.site().run(&args);
        assert!(output.status.code() == Some(exit) && shown(&output).contains(why), "{}", shown(&output));
    }
    let path = company.site().path(&format!("reports/situation/{FIRST}/exceptions.csv"));
    fs::write(&path, fs::read_to_string(&path).expect("reads").replace("80.00", "81.00")).expect("written");
    let output = company.site().run(&["diff", "job.toml", FIRST, SECOND]);
    assert!(output.status.code() == Some(7) && shown(&output).contains("was changed"), "{}", shown(&output));
}

#[test]
fn a_finding_is_shown_with_its_values_its_nights_and_its_waiver() {
    let (company, [gone, open]) = two_nights();
    let waive = ["waive", "job.toml", &open, "--until", "2026-04-30", "--by", "maria", "--reason", "agreed"];
    company.site().expect(0, &waive);
    let said = company.site().expect(0, &["show", "job.toml", &open]);
    for part in [
        "AM01 employee amount differs",
        "employee        1002",
        "benefit         _Medical",
        "payroll         70.00 USD",
        "expected        100.00 USD",
        "exposure        30.00 USD",
        "seen            2026-03-02 to 2026-03-03, in 2 nights",
        "waiver          1, until 2026-04-30, by maria: agreed",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let (_, ledger) = said.split_once("employee 1002, _Medical, employee, USD").expect("the ledger of the benefit");
    let ledger = ledger.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        ledger,
        "Posted Period Entry Against Debit Credit Balance Reason \
         2026-03-02 2026-02-01 to 2026-02-28 expected benefits due 100.00 100.00 \
         2026-03-02 2026-02-01 to 2026-02-28 taken payroll 80.00 20.00 \
         2026-03-03 2026-02-01 to 2026-02-28 taken payroll 10.00 30.00"
    );
    let known = json(&company, &["show", "job.toml", &open, "--json"]);
    let exposures = [0, 1].map(|night: usize| known["nights"][night]["rows"][0]["exposure_to_date"].clone());
    assert_eq!(exposures, ["20.00", "30.00"]);
    let balances = known["ledger"].as_array().expect("a list").iter().map(|entry| entry["balance"].clone());
    assert_eq!(balances.collect::<Vec<_>>(), ["100.00", "20.00", "30.00"], "the second night took 10.00 back");

    let said = company.site().expect(0, &["show", "job.toml", &gone]);
    assert!(said.contains("in 1 nights, cleared on 2026-03-03"), "{said}");
    let all = json(&company, &["show", "job.toml", "--json"]);
    assert_eq!(all["findings"].as_array().expect("a list").len(), 2);
    let output = company.site().run(&["show", "job.toml", "f0123456789abcdef"]);
    assert!(output.status.code() == Some(2) && shown(&output).contains("no night"), "{}", shown(&output));
}

#[test]
fn the_page_has_the_periods_and_the_ledger_behind_a_finding() {
    let (company, [_, open]) = two_nights();
    let page =
        fs::read_to_string(company.site().path(&format!("reports/situation/{SECOND}/index.html"))).expect("reads");
    let (_, rest) = page.split_once("id=\"behind\">").expect("it is there");
    let behind: Value = serde_json::from_str(rest.split_once("</script>").expect("it ends").0).expect("JSON");
    let account = &behind[&open]["accounts"][0];
    assert_eq!(account["name"], "_Medical, employee, USD");
    let entries = account["entries"].as_array().expect("a list");
    assert_eq!(entries.last().expect("one")[4], "30.00", "the balance is the exposure to date");
    assert_eq!(behind[&open]["periods"].as_array().expect("a list").len(), 1, "one pay period in two nights");
}

#[test]
fn a_note_goes_with_its_finding_from_night_to_night() {
    let (mut company, [_, open]) = two_nights();
    let note = |args: &[&str]| company.site().run(&[&["note", "job.toml"], args].concat());
    let written = note(&[&open, "=asked the carrier", "--by", "maria", "--assignee", "jo", "--due", "2026-04-30"]);
    assert!(written.status.success(), "{}", shown(&written));
    assert!(note(&[&open, "they answered", "--by", "sam"]).status.success());
    for (args, why) in [(["f0123456789abcdef", "x"], "no night"), ([open.as_str(), " "], "found a blank")] {
        let output = note(&args);
        assert!(output.status.code() == Some(2) && shown(&output).contains(why), "{}", shown(&output));
    }
    let night = company.night("2026-03-04", FEBRUARY);
    let finding = night.finding("AM01 1002 _Medical any");
    let cells = ["note", "note_by", "assignee", "due"].map(|column| finding[column].as_str());
    assert_eq!(cells, ["they answered", "sam", "jo", "2026-04-30"]);
    assert_eq!(night.finding("AM01 1003 _Medical any")["note"], "");
    let known = json(&company, &["show", "job.toml", &open, "--json"]);
    assert_eq!(known["notes"][0]["text"], "=asked the carrier");
    assert_eq!(known["notes"][1]["assignee"], Value::Null);
}
