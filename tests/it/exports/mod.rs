//! Payroll exports as vendors write them, each with the people of an invented employer: `init` proposes the job, `check` is
//! green with it, and a night finds the one amount that is wrong and accuses nobody else. An export is a file of
//! `tests/it/exports`; what a clerk answers stands in it as flags and edits, what `init` must ask as keys.

mod bytes;
mod people;

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;
use serde_json::Value;

use crate::support::{Site, repo, rows, shown};

/// Exit codes of a night that judged everything: nothing to alarm, or findings.
const JUDGED: [i32; 2] = [0, 1];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    /// A label of the WHATWG encodings, or `gzip`; UTF-8 by default.
    encode: Option<String>,
    /// What the clerk tells `init`.
    #[serde(default)]
    flags: Vec<String>,
    /// Texts of the proposed job and what the clerk writes in their place, as `init` asked for.
    #[serde(default)]
    edits: Vec<[String; 2]>,
    /// Keys that `init` asks to confirm or fill in.
    #[serde(default)]
    asks: Vec<String>,
    /// Without an answer to what `init` asks there is no job.
    #[serde(default)]
    stops: bool,
    /// `CODE EMPLOYEE BENEFIT` of each finding of the night.
    findings: Vec<String>,
    /// Rows of people, as [`people::write`] reads them.
    people: String,
    /// The export as text …
    payroll: Option<String>,
    /// … or the sheets of a workbook.
    #[serde(default)]
    sheets: Vec<bytes::Sheet>,
}

#[track_caller]
fn check(name: &str) {
    let text = fs::read_to_string(repo().join(format!("tests/it/exports/{name}.toml"))).expect("an export");
    let export: Export = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let site = Site::new();
    let file = bytes::write(&site, export.payroll.as_deref(), export.encode.as_deref(), &export.sheets);
    people::write(&site, &export.people);

    let init = ["init", &file, "--world", "world", "--name", "export", "--out", "job.toml", "--json"];
    let flags: Vec<&str> = export.flags.iter().map(String::as_str).collect();
    let said = site.run(&[init.as_slice(), &flags].concat());
    let job = fs::read_to_string(site.path("job.toml")).unwrap_or_default();
    let told: Value = serde_json::from_slice(&said.stdout).unwrap_or_else(|_| panic!("{name}\n{}", shown(&said)));
    let asked: BTreeSet<&str> = told["keys"].as_array().expect("keys").iter().filter_map(open).collect();
    let asks: BTreeSet<&str> = export.asks.iter().map(String::as_str).collect();
    assert_eq!(asked, asks, "{name}: what init asks\n{}\n{job}", shown(&said));
    assert_eq!(said.status.code(), Some(if export.stops { 2 } else { 0 }), "{name}\n{}\n{job}", shown(&said));
    if export.stops {
        return;
    }
    for [from, to] in &export.edits {
        site.edit("job.toml", from, to);
    }

    let job = fs::read_to_string(site.path("job.toml")).expect("a job");
    let checked = site.run(&["check", "job.toml"]);
    assert_eq!(checked.status.code(), Some(0), "{name}\n{}\n{job}", shown(&checked));
    let night = site.run(&["run", "job.toml", "--dry-run"]);
    let judged = night.status.code().is_some_and(|code| JUDGED.contains(&code));
    assert!(judged, "{name}\n{}\n{job}", shown(&night));
    let reports = fs::read_dir(site.path("reports/export")).expect("reports").map(|entry| entry.expect("one").path());
    let pack = reports.filter(|path| path.is_dir()).max().expect("a report");
    let found = rows(&pack.join("exceptions.csv"));
    let found: BTreeSet<String> =
        found.iter().map(|row| format!("{} {} {}", row["code"], row["employee_id"], row["benefit"])).collect();
    let expected: BTreeSet<String> = export.findings.iter().cloned().collect();
    assert_eq!(found, expected, "{name}\n{}\n{job}", shown(&night));
    let rejected = rows(&pack.join("rejects.csv"));
    assert!(rejected.is_empty(), "{name}: {rejected:?}");
}

/// The key of a note that is to be confirmed or filled in.
fn open(note: &Value) -> Option<&str> {
    matches!(note["certainty"].as_str(), Some("asked" | "unknown")).then(|| note["key"].as_str()).flatten()
}

#[test]
fn a_row_a_week() {
    check("a-row-a-week");
}

#[test]
fn a_row_an_earning() {
    check("a-row-an-earning");
}

#[test]
fn apostrophe_ids() {
    check("apostrophe-ids");
}

#[test]
fn arrears() {
    check("arrears");
}

#[test]
fn biweekly_with_24_deductions() {
    check("biweekly-with-24-deductions");
}

#[test]
fn codes_side_by_side() {
    check("codes-side-by-side");
}

#[test]
fn currency_codes_in_cells() {
    check("currency-codes-in-cells");
}

#[test]
fn current_and_year_groups() {
    check("current-and-year-groups");
}

#[test]
fn days_that_prove_nothing() {
    check("days-that-prove-nothing");
}

#[test]
fn debit_and_credit() {
    check("debit-and-credit");
}

#[test]
fn dutch_register() {
    check("dutch-register");
}

#[test]
fn employer_lines_by_code() {
    check("employer-lines-by-code");
}

#[test]
fn excel_unicode_text() {
    check("excel-unicode-text");
}

#[test]
fn french_lines() {
    check("french-lines");
}

#[test]
fn german_trailing_minus() {
    check("german-trailing-minus");
}

#[test]
fn hourly_and_salaried() {
    check("hourly-and-salaried");
}

#[test]
fn hours_and_rates() {
    check("hours-and-rates");
}

#[test]
fn id_inside_the_name() {
    check("id-inside-the-name");
}

#[test]
fn id_once_an_employee() {
    check("id-once-an-employee");
}

#[test]
fn lines_with_both_sides_and_year() {
    check("lines-with-both-sides-and-year");
}

#[test]
fn merged_headers() {
    check("merged-headers");
}

#[test]
fn minus_in_front() {
    check("minus-in-front");
}

#[test]
fn month_names() {
    check("month-names");
}

#[test]
fn names_of_plans() {
    check("names-of-plans");
}

#[test]
fn packed() {
    check("packed");
}

#[test]
fn pages_of_lines() {
    check("pages-of-lines");
}

#[test]
fn parentheses() {
    check("parentheses");
}

#[test]
fn pipes_with_trailer() {
    check("pipes-with-trailer");
}

#[test]
fn pre_and_post_tax() {
    check("pre-and-post-tax");
}

#[test]
fn quoted_with_mark() {
    check("quoted-with-mark");
}

#[test]
fn register_with_year_to_date() {
    check("register-with-year-to-date");
}

#[test]
fn regular_and_bonus_runs() {
    check("regular-and-bonus-runs");
}

#[test]
fn serial_dates() {
    check("serial-dates");
}

#[test]
fn short_years() {
    check("short-years");
}

#[test]
fn soll_und_haben() {
    check("soll-und-haben");
}

#[test]
fn spanish_lines() {
    check("spanish-lines");
}

#[test]
fn stated_delimiter() {
    check("stated-delimiter");
}

#[test]
fn subtotals() {
    check("subtotals");
}

#[test]
fn swiss_register() {
    check("swiss-register");
}

#[test]
fn totals_beside_sides() {
    check("totals-beside-sides");
}

#[test]
fn two_pay_groups() {
    check("two-pay-groups");
}

#[test]
fn words_for_nothing() {
    check("words-for-nothing");
}

#[test]
fn workbook_of_sheets() {
    check("workbook-of-sheets");
}

#[test]
fn workbook_with_banner() {
    check("workbook-with-banner");
}

#[test]
fn prefixed_ids() {
    check("prefixed-ids");
}

#[test]
fn premium_and_share() {
    check("premium-and-share");
}

#[test]
fn year_in_lines() {
    check("year-in-lines");
}

#[test]
fn employer_only_columns() {
    check("employer-only-columns");
}
