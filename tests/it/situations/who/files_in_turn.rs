//! Files of several payrolls in turn, where Benifex does not tell whose file has whom: one pay group for people of two
//! frequencies, a move that Benifex follows late or never.

use serde_json::json;

use crate::situations::company::{APRIL, Company, FEBRUARY, JANUARY, MARCH, MAY, MONTHLY, Outcome, Period};

const GROUP: &str = "/employment/salaryDetails/payGroup";
const PAY_PERIODS: &str = "/employment/salaryDetails/payPeriods";
const MONTHS: [&str; 3] = ["1000", "1001", "1002"];
const WEEKS: [&str; 2] = ["1003", "1004"];

/// A night with the file of these people.
fn file_of(company: &mut Company, ids: &[&str], night: &str, period: Period) -> Outcome {
    company.all(|person| _ = person.on_payroll(false));
    ids.iter().for_each(|id| _ = company.person(id).on_payroll(true));
    company.night(night, period)
}

/// Two of five people are paid every two weeks, in the pay group of the others.
fn two_frequencies() -> Company {
    let mut company = Company::new(MONTHLY);
    for id in WEEKS {
        let p = company.person(id);
        p.user(PAY_PERIODS, json!(26)).benbase("/pay_frequency", json!("biweekly"));
        p.pays("Pay Frequency", "biweekly").pays("MED EE", "46.15");
    }
    company
}

const NIGHTS: [(&[&str], &str, Period); 7] = [
    (&WEEKS, "2026-01-18", ["2026-01-03", "2026-01-16", "2026-01-16"]),
    (&WEEKS, "2026-02-01", ["2026-01-17", "2026-01-30", "2026-01-30"]),
    (&MONTHS, "2026-02-03", JANUARY),
    (&WEEKS, "2026-02-15", ["2026-01-31", "2026-02-13", "2026-02-13"]),
    (&WEEKS, "2026-03-01", ["2026-02-14", "2026-02-27", "2026-02-27"]),
    (&MONTHS, "2026-03-03", FEBRUARY),
    (&WEEKS, "2026-03-15", ["2026-02-28", "2026-03-13", "2026-03-13"]),
];

#[test]
fn people_of_two_frequencies_in_one_pay_group_or_none_are_missing_in_neither_file() {
    for with_group in [true, false] {
        let mut company = two_frequencies();
        if !with_group {
            company.without("payroll", "columns", "pay_group");
        }
        for (ids, night, period) in NIGHTS {
            file_of(&mut company, ids, night, period).nothing();
        }
    }
}

#[test]
fn whoever_is_in_no_file_of_the_own_frequency_is_missing() {
    let mut company = two_frequencies();
    for (ids, night, period) in &NIGHTS[..6] {
        file_of(&mut company, ids, night, *period).nothing();
    }
    let (_, night, period) = NIGHTS[6];
    file_of(&mut company, &["1003"], night, period).finding("ID02 1004 - any");
}

#[test]
fn who_is_paid_by_another_payrolls_file_is_not_missing_in_that_of_the_group_in_benifex() {
    let mut company = Company::new(MONTHLY);
    for id in WEEKS {
        company.person(id).user(GROUP, json!("G2")).pays("Pay Group", "G2");
    }
    let second = ["1002", "1003", "1004"];
    file_of(&mut company, &WEEKS, "2026-02-02", JANUARY).nothing();
    file_of(&mut company, &MONTHS, "2026-02-03", JANUARY).nothing();
    company.person("1002").pays("Pay Group", "G2");
    for (first, next, month) in [
        ("2026-03-02", "2026-03-03", FEBRUARY),
        ("2026-04-02", "2026-04-03", MARCH),
        ("2026-05-03", "2026-05-04", APRIL),
    ] {
        file_of(&mut company, &second, first, month).nothing();
        file_of(&mut company, &MONTHS[..2], next, month).nothing();
    }
    // No file has them any more.
    file_of(&mut company, &WEEKS, "2026-06-02", MAY);
    file_of(&mut company, &MONTHS[..2], "2026-06-03", MAY);
    let june = ["2026-06-01", "2026-06-30", "2026-06-30"];
    file_of(&mut company, &MONTHS[..2], "2026-07-03", june).finding("ID02 1002 - any");
}

#[test]
fn what_somebody_owed_who_moved_to_a_payroll_of_another_job_is_told_each_night() {
    let mut company = Company::new(MONTHLY);
    company.person("1004").pays("MED EE", "70.00");
    company.night("2026-02-03", JANUARY).only(&["AM01 1004 _Medical 30.00"]);
    company.person("1004").on_payroll(false).user(GROUP, json!("G3"));
    company.night("2026-03-03", FEBRUARY).only(&["AM01 1004 _Medical 30.00", "ID09 1004 - any"]);
    for (night, month) in [("2026-04-02", MARCH), ("2026-05-04", APRIL), ("2026-06-02", MAY)] {
        company.night(night, month).only(&["AM01 1004 _Medical 30.00"]);
    }
}

#[test]
fn one_person_of_another_frequency_in_benifex_whom_no_file_ever_had_is_missing() {
    let mut company = Company::new(MONTHLY);
    company.night("2026-02-03", JANUARY).nothing();
    company.hire("1009").on_payroll(false).user(PAY_PERIODS, json!(52));
    company.night("2026-03-03", FEBRUARY).finding("ID02 1009 - any");
}
