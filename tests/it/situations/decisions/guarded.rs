//! Guards of corrections: one pay that moves far waits for a decision of its own, and many changes stop the queue, and
//! nothing else of the night.

use crate::situations::company::{
    APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MONTHLY, Outcome, Period, Person,
};
use crate::situations::decisions::queue::{decide, in_benifex, on_payroll, states};
use crate::support::{exceptions, rows, shown};

const GUARDED: i32 = 8;

/// Payroll and Benifex say that a person earns 75,000.00 for 60,000.00 from 1 February on; Benbase does not know it
/// yet.
fn promote(person: &mut Person) {
    on_payroll(person, "75000.00", "2026-02-01");
    in_benifex(person, 75_000.0, "2026-02-01");
}

fn promoted(ids: &[&str]) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[guards]\nsalary_change_max = \"20 %\"\npeople_min = 2");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    ids.iter().for_each(|id| promote(company.person(id)));
    company
}

/// Codes, employees and amounts of a night that a guard stopped.
#[track_caller]
fn stopped(company: &mut Company, as_of: &str, period: Period) -> Vec<String> {
    let output = company.attempt(as_of, period);
    assert_eq!(output.status.code(), Some(GUARDED), "{}", shown(&output));
    let pack = company.site().path(&format!("reports/situation/{as_of}"));
    assert!(rows(&pack.join("corrections.csv")).iter().all(|row| row["queue"] == "stopped by a guard"));
    exceptions(&pack)
        .iter()
        .map(|f| format!("{} {} {} {}", f["code"], f["employee_id"], f["exposure_to_date"], f["nights_open"]))
        .collect()
}

#[test]
fn promotions_beyond_the_guard_keep_no_night_from_history_and_ledger() {
    let mut company = promoted(&["1001", "1003"]);
    company.person("1002").pays("MED EE", "80.00");
    let expected = ["AM01 1002 20.00 1", "CO07 1001  1", "CO07 1003  1"];
    assert_eq!(stopped(&mut company, MARCH_NIGHT, FEBRUARY), expected);
    // What 1002 owes of February is taken with March's.
    company.person("1002").pays("MED EE", "120.00");
    assert_eq!(stopped(&mut company, APRIL_NIGHT, MARCH), ["CO07 1001  2", "CO07 1003  2"]);
    let statement = company.site().expect(0, &["ledger", "job.toml", "1002", "--json"]);
    assert!(statement.contains("caught up"), "{statement}");
    assert_eq!(company.site().expect(0, &["queue", "list", "job.toml", "--json"]).trim(), "[]");
}

fn marks(outcome: &Outcome, id: &str) -> Vec<String> {
    let of = outcome.corrections.iter().filter(|row| row["employee_id"] == id);
    of.map(|row| row["second_look"].clone()).collect()
}

const FAR: &str = "the pay moves by more than guards.salary_change_max, or by nobody knows how much";

#[test]
fn one_pay_that_moves_far_waits_for_its_own_decision_and_keeps_nobody_elses_change() {
    let mut company = promoted(&["1001"]);
    on_payroll(company.person("1002"), "63000.00", "2026-02-01");
    in_benifex(company.person("1002"), 63_000.0, "2026-02-01");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.only(&["CO07 1001 - any", "CO07 1002 - any"]);
    outcome.queued("1001 base_salary 75000.00 annually 2026-02-01");
    assert!(marks(&outcome, "1001").iter().all(|mark| mark == FAR), "{}", outcome.told());
    assert!(marks(&outcome, "1002").iter().all(String::is_empty), "{}", outcome.told());
    decide(&company, "1", "approve", &[]);
    company.site().expect(0, &["push", "job.toml"]);
    states(&company.night("2026-03-04", FEBRUARY), &["sent", "proposed"]);
}

#[test]
fn a_review_of_many_is_queued_once_a_person_accepts_the_night_and_stops_no_later_one() {
    let mut company = promoted(&["1001", "1003"]);
    company.job("[guards]\nheadcount_min = 2\ncorrected_share_max = \"10 %\"");
    assert_eq!(stopped(&mut company, MARCH_NIGHT, FEBRUARY), ["CO07 1001  1", "CO07 1003  1"]);
    states(&company.accepted_night(MARCH_NIGHT, FEBRUARY), &["proposed", "proposed"]);
    states(&company.night("2026-03-04", FEBRUARY), &["proposed", "proposed"]);
}
