//! Which file is read on which night: one that is missing, one that came twice, one of another pay group in turn.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY, Outcome,
    Period,
};

/// A company whose payroll of January and February was right.
fn company() -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

#[track_caller]
fn check_only(outcome: &Outcome, code: &str, word: &str) {
    outcome.only(&[&format!("{code} - - -")]);
    let sentence = &outcome.finding(&format!("{code} - - -"))["sentence"];
    assert!(sentence.contains(word), "{word}: {sentence}");
}

#[test]
fn a_month_whose_file_was_never_read_is_told_until_it_is_read() {
    let mut company = company();
    let april = company.night(MAY_NIGHT, APRIL);
    check_only(&april, "CT08", "nothing was read of 2026-03-01 to 2026-03-31");
    company.night("2026-05-05", MARCH).nothing();
    company.night("2026-05-06", APRIL).nothing();
}

#[test]
fn a_company_that_was_tried_once_has_no_gap() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_period_that_has_days_of_the_last_one_is_told() {
    const LONG: Period = ["2026-02-16", "2026-03-31", "2026-03-31"];
    let outcome = company().night(APRIL_NIGHT, LONG);
    check_only(&outcome, "CT08", "both have 2026-02-16 to 2026-02-28");
}

#[test]
fn a_file_that_did_not_follow_is_told_as_late_once_its_grace_is_over() {
    let mut company = company();
    // February has 28 days, and the grace is 7 more.
    company.night("2026-04-04", FEBRUARY).nothing();
    check_only(&company.night("2026-04-05", FEBRUARY), "CT07", "ended 36 days ago");
}

#[test]
fn a_corrected_file_of_an_earlier_month_is_not_late_where_newer_ones_were_read() {
    let mut company = company();
    company.night(APRIL_NIGHT, MARCH).nothing();
    // 37 days after its end; it lasted 28, and has 7 of grace.
    company.night("2026-04-06", FEBRUARY).nothing();
    company.job("[payroll]\nperiod_age_max_days = 90");
    // 39 days after the end of March, which lasted 31.
    let word = "newest payroll file that was read of G1, monthly is of 2026-03-01";
    check_only(&company.night("2026-05-09", FEBRUARY), "CT07", word);
}

#[test]
fn a_month_whose_word_for_the_frequency_meant_nothing_was_read_all_the_same() {
    let mut company = company();
    company.all(|person| _ = person.pays("Pay Frequency", "M"));
    company.night(APRIL_NIGHT, MARCH).finding("CT11 - - -");
    company.job("[payroll]\npay_frequency_map = { M = \"monthly\" }");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_file_of_an_earlier_month_says_nothing_of_the_pay_of_today() {
    let mut company = company();
    let raised = company.person("1001").pays("Salary", "63000.00").pays("Salary Effective", "2026-03-01");
    raised.user("/employment/salaryDetails/salary", json!(63000.0));
    raised.user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-03-01"));
    company.night(APRIL_NIGHT, MARCH).queued("1001 base_salary 63000.00 annually 2026-03-01");
    // February's file once more, with what was right in February.
    company.person("1001").pays("Salary", "60000.00").pays("Salary Effective", "2025-01-01");
    let o = company.night("2026-04-06", FEBRUARY);
    assert!(o.findings.iter().all(|f| !f["code"].starts_with("CO")), "{}", o.told());
    o.unverified("1001", "");
    assert!(o.queue.iter().all(|item| item["state"] == "proposed"), "{}", o.told());
    company.person("1001").pays("Salary", "63000.00").pays("Salary Effective", "2026-03-01");
    company.night("2026-04-07", MARCH).only(&["CO07 1001 - any"]);
}
