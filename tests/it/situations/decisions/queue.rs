//! The queue over the nights: what is proposed while the sources follow one another, what becomes of it, and what is
//! told of somebody whom Benbase holds otherwise.

use serde_json::{Value, json};

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY, Outcome,
    Person,
};

const SALARY: &str = "/employment/salaryDetails/salary";
const EFFECTIVE: &str = "/employment/salaryDetails/salaryEffectiveDate";

/// Five people after an ordinary January.
pub fn since_january(job: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(job);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company
}

pub fn on_payroll(person: &mut Person, salary: &str, since: &str) {
    person.pays("Salary", salary).pays("Salary Effective", since);
}

pub fn in_benifex(person: &mut Person, salary: f64, since: &str) {
    person.user(SALARY, json!(salary)).user(EFFECTIVE, json!(since));
}

fn works_a_share(person: &mut Person, share: f64) {
    person
        .user("/employment/workingHours/contractedHours", json!(40.0 * share))
        .user("/employment/workingHours/fullTimeEquivalentFraction", json!(share));
}

/// The states of all items, in the order in which they were proposed.
#[track_caller]
pub fn states(outcome: &Outcome, expected: &[&str]) {
    let mut items: Vec<(i64, &str)> = outcome.queue.iter().map(|item| (number(item), word(item))).collect();
    items.sort_unstable();
    let found: Vec<&str> = items.into_iter().map(|(_, state)| state).collect();
    assert_eq!(found, expected, "{}", outcome.told());
}

fn number(item: &Value) -> i64 {
    item["item"].as_i64().expect("a number")
}

fn word(item: &Value) -> &str {
    item["state"].as_str().expect("a text")
}

#[test]
fn a_cut_that_equals_the_new_share_of_full_time_is_proposed_where_both_sources_have_it() {
    let mut company = since_january("");
    let person = company.person("1001");
    on_payroll(person, "48000.00", "2026-02-01");
    in_benifex(person, 48_000.0, "2026-02-01");
    works_a_share(person, 0.8);
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.only(&["CO07 1001 - any"]);
    outcome.queued("1001 base_salary 48000.00 annually 2026-02-01");
    // Without a later date it is the full-time pay that Benbase has held all along.
    let mut company = since_january("");
    let person = company.person("1001");
    person.pays("Salary", "48000.00").user(SALARY, json!(48_000.0));
    works_a_share(person, 0.8);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_cut_that_payroll_told_first_stays_proposed_when_benifex_follows_with_the_share() {
    let mut company = since_january("");
    on_payroll(company.person("1001"), "54000.00", "2026-02-01");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.only(&["CO01 1001 - any", "CO07 1001 - any"]);
    outcome.queued("1001 base_salary 54000.00 annually 2026-02-01");
    let person = company.person("1001");
    in_benifex(person, 54_000.0, "2026-02-01");
    works_a_share(person, 0.9);
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.only(&["CO07 1001 - any"]);
    assert_eq!(outcome.queue.iter().filter(|item| word(item) == "proposed").count(), 1, "{}", outcome.told());
}

pub const TERMINATIONS: &str = "[terminations]\nenabled = true\nper_run_max = 3";

pub fn leaves(person: &mut Person, day: Option<&str>) {
    person.pays("Leave Date", day.unwrap_or_default()).user("/employment/leaveDate", json!(day));
}

pub fn decide(company: &Company, item: &str, decision: &str, reason: &[&str]) {
    company.site().expect(0, &[&["queue", decision, "job.toml", item, "--by", "maria"], reason].concat());
}

#[test]
fn an_approval_lasts_while_benifex_follows_and_the_period_ends() {
    let mut company = since_january("");
    on_payroll(company.person("1001"), "63000.00", "2026-02-10");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["CO01 1001 - any", "CO07 1001 - any"]);
    decide(&company, "1", "approve", &[]);
    in_benifex(company.person("1001"), 63_000.0, "2026-02-10");
    let outcome = company.night("2026-03-04", FEBRUARY);
    outcome.only(&["CO07 1001 - any"]);
    states(&outcome, &["approved"]);
    states(&company.night(APRIL_NIGHT, MARCH), &["approved"]);
    company.site().expect(0, &["push", "job.toml"]);
    let outcome = company.night("2026-04-03", MARCH);
    states(&outcome, &["sent"]);
    assert!(outcome.findings.is_empty(), "{}", outcome.told());
}

#[test]
fn an_approved_raise_waits_while_payroll_cannot_be_read() {
    let mut company = since_january("[payroll]\nmax_rejected_share = \"50 %\"");
    let person = company.person("1001");
    on_payroll(person, "63000.00", "2026-02-01");
    in_benifex(person, 63_000.0, "2026-02-01");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["CO07 1001 - any"]);
    decide(&company, "1", "approve", &[]);
    for (night, column, unreadable, before) in
        [("2026-03-04", "Rate Basis", "a shift", "annually"), ("2026-03-05", "MED EE", "a lot", "100.00")]
    {
        company.person("1001").pays(column, unreadable);
        company.night(night, FEBRUARY);
        company.site().expect(6, &["push", "job.toml"]);
        company.person("1001").pays(column, before);
    }
    states(&company.night("2026-03-06", FEBRUARY), &["approved"]);
    company.site().expect(0, &["push", "job.toml"]);
    states(&company.night("2026-03-07", FEBRUARY), &["sent"]);
}

#[test]
fn what_a_person_rejected_stays_rejected_when_the_period_ends() {
    let mut company = since_january("");
    let person = company.person("1001");
    on_payroll(person, "63000.00", "2026-02-10");
    in_benifex(person, 63_000.0, "2026-02-10");
    company.night(MARCH_NIGHT, FEBRUARY);
    decide(&company, "1", "reject", &["--reason", "wrong"]);
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.only(&["CO07 1001 - any"]);
    states(&outcome, &["rejected"]);
    let person = company.person("1001");
    on_payroll(person, "64000.00", "2026-04-01");
    in_benifex(person, 64_000.0, "2026-04-01");
    states(&company.night(MAY_NIGHT, APRIL), &["rejected", "proposed"]);
}

#[test]
fn a_raise_that_payroll_shows_before_it_begins_accuses_nobody() {
    let mut company = since_january("");
    on_payroll(company.person("1001"), "63000.00", "2026-04-01");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.nothing();
    outcome.unverified("1001", "");
    // Told by both it is proposed with its own day.
    in_benifex(company.person("1001"), 63_000.0, "2026-04-01");
    let outcome = company.night("2026-03-04", FEBRUARY);
    outcome.only(&["CO07 1001 - any"]);
    outcome.queued("1001 base_salary 63000.00 annually 2026-04-01");
    let told = &outcome.finding("CO07 1001 - any")["sentence"];
    assert!(told.contains("has 63000.00 USD from 2026-04-01."), "{told}");
}

#[test]
fn a_raise_of_a_monthly_pay_is_proposed_as_that_of_the_year() {
    let mut company = Company::new(MONTHLY);
    company.all(|person| {
        person.pays("Salary", "5000.00").pays("Rate Basis", "monthly");
    });
    // 50,000.00 a year, divided by 12 and rounded.
    let person = company.person("1002");
    person.pays("Salary", "4166.67").user(SALARY, json!(50_000.0)).benbase("/pay_rate/amount", json!("50000.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    for (id, month, year) in [("1001", "5250.00", 63_000.0), ("1002", "4333.33", 52_000.0)] {
        let person = company.person(id);
        on_payroll(person, month, "2026-02-01");
        in_benifex(person, year, "2026-02-01");
    }
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.only(&["CO07 1001 - any", "CO07 1002 - any"]);
    outcome.queued("1001 base_salary 63000.00 annually 2026-02-01");
    outcome.queued("1002 base_salary 52000.00 annually 2026-02-01");
}

#[test]
fn a_first_day_that_both_sources_correct_after_the_raise_was_sent_is_proposed() {
    let mut company = since_january("");
    let to = |company: &mut Company, since: &str| {
        let person = company.person("1001");
        on_payroll(person, "63000.00", since);
        in_benifex(person, 63_000.0, since);
    };
    to(&mut company, "2026-02-16");
    company.night(MARCH_NIGHT, FEBRUARY);
    decide(&company, "1", "approve", &[]);
    company.site().expect(0, &["push", "job.toml"]);
    to(&mut company, "2026-01-01");
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.only(&["CO07 1001 - any"]);
    outcome.queued("1001 salary_effective 2026-01-01 2026-01-01");
    // The yearly review leaves the pay as it is.
    to(&mut company, "2027-01-01");
    let outcome = company.night("2027-02-02", ["2027-01-01", "2027-01-31", "2027-01-29"]);
    assert!(outcome.findings.iter().all(|finding| finding["code"] != "CO07"), "{}", outcome.told());
}

#[test]
fn somebody_whose_termination_was_sent_and_who_works_on_is_told_and_gets_a_raise_once_put_back() {
    let mut company = since_january(TERMINATIONS);
    let person = company.person("1001");
    leaves(person, Some("2026-01-20"));
    person.pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).queued("1001 term_date 2026-01-20 2026-01-20");
    decide(&company, "1", "approve", &[]);
    company.site().expect(0, &["push", "job.toml"]);
    let person = company.person("1001");
    leaves(person, None);
    // February's is made up.
    person.pays("MED EE", "200.00").pays("MED ER", "0.00");
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.only(&["CO07 1001 - any"]);
    assert!(outcome.finding("CO07 1001 - any")["sentence"].contains("no way back"), "{}", outcome.told());
    let person = company.person("1001");
    person.pays("MED EE", "100.00");
    on_payroll(person, "63000.00", "2026-04-01");
    let outcome = company.night(MAY_NIGHT, APRIL);
    outcome.only(&["CO01 1001 - any", "CO07 1001 - any"]);
    states(&outcome, &["sent"]);
    // Somebody put the person back in Benbase and says so.
    company.person("1001").benbase("", json!({"employee_id": "bb_1001", "reinstated_on": "2026-03-02"}));
    let outcome = company.night("2026-05-05", APRIL);
    outcome.only(&["CO01 1001 - any", "CO07 1001 - any"]);
    outcome.queued("1001 base_salary 63000.00 annually 2026-04-01");
}

#[test]
fn a_termination_on_a_leave_date_that_payroll_alone_has_is_marked() {
    let mut company = since_january(TERMINATIONS);
    company.person("1001").pays("Leave Date", "2026-02-20");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.finding("DE07 1001 - any");
    outcome.queued("1001 term_date 2026-02-20 2026-02-20");
    let mark = "Benifex gives another leave date, or none";
    assert!(outcome.corrections.iter().all(|row| row["second_look"] == mark), "{}", outcome.told());
    company.person("1001").pays("Leave Date", "");
    states(&company.night(APRIL_NIGHT, MARCH), &["withdrawn"]);
}

#[test]
fn a_termination_waits_while_the_leaver_goes_off_payroll_and_the_benefits_end() {
    let mut company = since_january(TERMINATIONS);
    let person = company.person("1001");
    leaves(person, Some("2026-01-20"));
    person.pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).queued("1001 term_date 2026-01-20 2026-01-20");
    company.person("1001").on_payroll(false);
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.finding("EN04 1001 _Medical any");
    states(&outcome, &["proposed"]);
    decide(&company, "1", "approve", &[]);
    company.person("1001").covers(&[]);
    let outcome = company.night("2026-04-03", MARCH);
    assert!(outcome.findings.is_empty(), "{}", outcome.told());
    states(&outcome, &["approved"]);
    company.site().expect(0, &["push", "job.toml"]);
    states(&company.night("2026-04-04", MARCH), &["sent"]);
}
