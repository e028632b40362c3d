//! What waits in the queue while the sources change their mind, fall silent for a night, or tell of another person; and
//! whom nobody told Benbase of.

use serde_json::json;

use crate::situations::company::{
    APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MONTHLY, Outcome, Person,
};
use crate::situations::decisions::queue::{
    TERMINATIONS, decide, in_benifex, leaves, on_payroll, since_january, states,
};

/// A night that reads February's file once more.
const NEXT_NIGHT: &str = "2026-03-04";
const THIRD_NIGHT: &str = "2026-03-05";

fn no_deduction(person: &mut Person) {
    person.pays("MED EE", "").pays("MED ER", "");
}

fn raise(person: &mut Person) {
    on_payroll(person, "63000.00", "2026-02-01");
    in_benifex(person, 63_000.0, "2026-02-01");
}

fn moves_to_boise(person: &mut Person) {
    person.pays("Address 1", "9 Oak Ave").pays("City", "Boise").pays("State", "ID").pays("ZIP", "83702");
    person.user("/address/line1", json!("9 Oak Ave")).user("/address/line3", json!("Boise"));
    person.user("/address/postcodeZipCode", json!("83702"));
}

fn approve_all(company: &Company, outcome: &Outcome) {
    for item in &outcome.queue {
        decide(company, &item["item"].to_string(), "approve", &[]);
    }
}

/// How many were sent, which leaves with this code.
#[track_caller]
fn pushed(company: &Company, exit: i32, count: u32) {
    let said = company.site().expect(exit, &["push", "job.toml"]);
    assert!(said.lines().any(|line| line.split_whitespace().eq(["sent", &count.to_string()])), "{said}");
}

#[test]
fn an_approved_termination_ends_when_its_date_is_taken_back_moved_or_in_dispute() {
    let mut company = since_january(TERMINATIONS);
    for id in ["1001", "1002", "1003"] {
        let person = company.person(id);
        leaves(person, Some("2026-01-30"));
        no_deduction(person);
    }
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    states(&outcome, &["proposed"; 3]);
    decide(&company, "1", "approve", &[]);
    decide(&company, "2", "approve", &[]);
    company.person("1001").pays("Leave Date", "");
    company.person("1002").pays("Leave Date", "2026-03-31");
    company.person("1003").user("/employment/leaveDate", json!(null));
    let outcome = company.night(NEXT_NIGHT, FEBRUARY);
    states(&outcome, &["withdrawn"; 3]);
    outcome.unverified("1001", "_Medical");
    pushed(&company, 0, 0);
    // Both say so again: a new item for a new look.
    leaves(company.person("1001"), Some("2026-01-30"));
    states(&company.night(THIRD_NIGHT, FEBRUARY), &["withdrawn", "withdrawn", "withdrawn", "proposed"]);
}

#[test]
fn what_waits_for_a_blocked_person_is_neither_approved_nor_sent_until_a_night_finds_it_gone() {
    let mut company = since_january(TERMINATIONS);
    raise(company.person("1001"));
    raise(company.person("1002"));
    let person = company.person("1003");
    leaves(person, Some("2026-01-30"));
    no_deduction(person);
    company.night(MARCH_NIGHT, FEBRUARY);
    decide(&company, "1", "approve", &[]);
    decide(&company, "3", "approve", &[]);
    let born = ["1001", "1003"].map(|id| {
        let person = company.person(id);
        person.user("/surname", json!("Whitaker")).user("/dateOfBirth", json!("1991-10-11"));
        id
    });
    company.person("1002").further_row(&[]);
    let outcome = company.night(NEXT_NIGHT, FEBRUARY);
    for blocked in ["ID06 1001 - any", "ID04 1002 _Medical any", "ID06 1003 - any"] {
        outcome.finding(blocked);
    }
    states(&outcome, &["approved", "proposed", "approved"]);
    assert!(outcome.queue.iter().all(|item| item["blocked"].as_str().is_some_and(|why| why.starts_with("ID0"))));
    company.site().expect(2, &["queue", "approve", "job.toml", "2", "--by", "maria"]);
    let bulk = ["queue", "approve", "job.toml", "--by", "maria", "--max-count", "9", "--max-exposure", "9000"];
    assert!(company.site().expect(0, &bulk).contains("left out, for their employees are blocked"));
    pushed(&company, 6, 0);
    for (id, last, day) in born.iter().zip(["Larsen", "Iyer"]).zip(["1971-02-03", "1973-02-03"]).map(flat) {
        company.person(id).user("/surname", json!(last)).user("/dateOfBirth", json!(day));
    }
    states(&company.night(THIRD_NIGHT, FEBRUARY), &["approved", "proposed", "approved"]);
    pushed(&company, 0, 2);
}

fn flat<A, B, C>(((a, b), c): ((A, B), C)) -> (A, B, C) {
    (a, b, c)
}

#[test]
fn a_night_on_which_a_source_says_nothing_ends_no_approval_and_clears_nothing() {
    let mut company = since_january("");
    raise(company.person("1001"));
    moves_to_boise(company.person("1002"));
    raise(company.person("1003"));
    raise(company.person("1004"));
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    states(&outcome, &["proposed"; 4]);
    approve_all(&company, &outcome);
    let told = outcome.findings;
    company.person("1001").pays("Salary", "").pays("Salary Effective", "");
    company.person("1002").pays("City", "").pays("State", "").pays("ZIP", "");
    company.person("1003").on_payroll(false);
    company.person("1004").unknown_to_benifex();
    let outcome = company.night(NEXT_NIGHT, FEBRUARY);
    states(&outcome, &["approved"; 4]);
    for id in ["1001", "1002", "1003", "1004"] {
        outcome.unverified(id, "");
    }
    raise(company.person("1001"));
    moves_to_boise(company.person("1002"));
    company.person("1003").on_payroll(true);
    company.person("1004").known_to_benifex();
    let outcome = company.night(THIRD_NIGHT, FEBRUARY);
    states(&outcome, &["approved"; 4]);
    assert_eq!(outcome.findings.len(), told.len(), "{}", outcome.told());
    assert!(outcome.findings.iter().all(|finding| finding["status"] == "open"), "{}", outcome.told());
    pushed(&company, 0, 4);
}

#[test]
fn a_blank_address_of_somebody_of_whom_nothing_was_found_accuses_nobody() {
    let mut company = since_january("");
    company.person("1001").pays("City", "");
    company.person("1002").pays("Salary", "");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.nothing();
    assert!(outcome.unverified.is_empty(), "{}", outcome.told());
}

const HIRES: &str = r#"
[benbase]
employer_name = "Acme"
[payroll.columns]
email = "Email"
hours = "Hours"
[new_hires]
enabled = true
per_run_max = 3
"#;

/// Five people after an ordinary January, and one whom payroll has since 2 February and Benbase does not know.
fn with_joiner() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(HIRES);
    company.all(|person| _ = person.pays("Email", "a@example.com").pays("Hours", "40"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let joiner = company.hire("1005");
    let began = "2026-02-02";
    joiner.pays("Hire Date", began).pays("Salary Effective", began).pays("Email", "b@example.com").pays("Hours", "40");
    for field in ["startDate", "originalStartDate", "salaryDetails/salaryEffectiveDate"] {
        joiner.user(&format!("/employment/{field}"), json!(began));
    }
    joiner.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from(began))]);
    joiner.benbase("/employee_id", json!("bb_other"));
    no_deduction(joiner);
    company
}

#[test]
fn a_hire_that_was_approved_goes_out_although_benifex_has_got_to_know_the_person() {
    let mut company = with_joiner();
    company.person("1005").unknown_to_benifex();
    let outcome = company.night("2026-03-10", FEBRUARY);
    outcome.queued("1005 hire_date 2026-02-02 2026-02-02");
    approve_all(&company, &outcome);
    company.person("1005").known_to_benifex().pays("Email", "");
    states(&company.night("2026-03-11", FEBRUARY), &["approved"]);
    company.person("1005").pays("Email", "b@example.com");
    states(&company.night("2026-03-12", FEBRUARY), &["approved"]);
    pushed(&company, 0, 1);
}

#[test]
fn a_joiner_whom_both_sources_have_and_benbase_was_never_told_of_is_told_and_hired() {
    let mut company = with_joiner();
    company.person("1005").pays("Email", "");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    let told = &outcome.finding("CO07 1005 - any")["sentence"];
    assert!(told.contains("hired on 2026-02-02") && told.contains("payroll gives no email"), "{told}");
    company.person("1005").pays("Email", "b@example.com");
    let outcome = company.night(NEXT_NIGHT, FEBRUARY);
    assert!(outcome.finding("CO07 1005 - any")["sentence"].contains("Approve the correction"), "{}", outcome.told());
    outcome.queued("1005 hire_date 2026-02-02 2026-02-02");
    approve_all(&company, &outcome);
    pushed(&company, 0, 1);
    let outcome = company.night(THIRD_NIGHT, FEBRUARY);
    assert!(outcome.findings.iter().all(|finding| finding["code"] != "CO07"), "{}", outcome.told());
}

#[test]
fn an_ordinary_leaver_of_both_sources_is_proposed_for_termination_in_the_month_of_leaving() {
    let mut company = since_january(TERMINATIONS);
    leaves(company.person("1001"), Some("2026-02-27"));
    leaves(company.person("1002"), Some("2026-03-13"));
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    assert!(outcome.findings.is_empty(), "{}", outcome.told());
    outcome.queued("1001 term_date 2026-02-27 2026-02-27");
    states(&outcome, &["proposed"]);
    decide(&company, "1", "approve", &[]);
    company.person("1001").on_payroll(false).covers(&[]);
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.queued("1002 term_date 2026-03-13 2026-03-13");
    states(&outcome, &["approved", "proposed"]);
    pushed(&company, 0, 1);
    // By Benifex the person of whom payroll has nothing any more left on another day.
    company.person("1001").user("/employment/leaveDate", json!("2026-02-13"));
    let told = company.night("2026-04-03", MARCH).finding("CO07 1001 - any")["sentence"].clone();
    assert!(told.contains("2026-02-27") && told.contains("2026-02-13 in Benifex"), "{told}");
}

#[test]
fn an_approval_of_a_leaver_off_payroll_ends_when_benifex_takes_the_leave_date_back() {
    let mut company = since_january(TERMINATIONS);
    leaves(company.person("1001"), Some("2026-02-27"));
    company.night(MARCH_NIGHT, FEBRUARY);
    decide(&company, "1", "approve", &[]);
    company.person("1001").on_payroll(false).user("/employment/leaveDate", json!(null));
    states(&company.night(APRIL_NIGHT, MARCH), &["withdrawn"]);
}

#[test]
fn a_leave_date_corrected_after_the_termination_was_sent_is_told_with_both_dates() {
    let mut company = since_january(TERMINATIONS);
    let person = company.person("1001");
    leaves(person, Some("2026-01-20"));
    no_deduction(person);
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    approve_all(&company, &outcome);
    pushed(&company, 0, 1);
    // A day is no difference.
    leaves(company.person("1001"), Some("2026-01-21"));
    let outcome = company.night(NEXT_NIGHT, FEBRUARY);
    assert!(outcome.findings.iter().all(|finding| finding["code"] != "CO07"), "{}", outcome.told());
    leaves(company.person("1001"), Some("2026-01-30"));
    let outcome = company.night(THIRD_NIGHT, FEBRUARY);
    let told = &outcome.finding("CO07 1001 - any")["sentence"];
    assert!(told.contains("2026-01-20") && told.contains("2026-01-30 on payroll and in Benifex"), "{told}");
    assert!(told.contains("no way to change a termination"), "{told}");
}

#[test]
fn nobody_is_asked_to_approve_what_was_rejected() {
    let mut company = since_january("");
    raise(company.person("1001"));
    company.night(MARCH_NIGHT, FEBRUARY);
    decide(&company, "1", "reject", &["--reason", "not agreed"]);
    let told = company.night(NEXT_NIGHT, FEBRUARY).finding("CO07 1001 - any")["sentence"].clone();
    assert!(told.contains("There is no correction: rejected earlier on 2026-03-03 as item 1"), "{told}");
}

#[test]
fn a_rate_of_four_decimals_says_why_it_is_not_sent() {
    let mut company = Company::new(MONTHLY);
    let person = company.person("1001");
    person
        .pays("Salary", "25.5000")
        .pays("Rate Basis", "hourly")
        .user("/employment/salaryDetails/salary", json!(53040.0));
    person.benbase("/pay_rate/amount", json!("25.50")).benbase("/pay_rate/period", json!("hourly"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    on_payroll(company.person("1001"), "26.2650", "2026-02-01");
    in_benifex(company.person("1001"), 54_631.2, "2026-02-01");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    let told = &outcome.finding("CO07 1001 - any")["sentence"];
    assert!(told.contains("more than the two decimals that Benbase takes"), "{told}");
    outcome.nothing_queued();
}
