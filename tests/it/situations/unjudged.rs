//! A month whose payroll was read and that could not be judged: the service's answer was wrong, the id, the status or
//! the currency. What payroll took in it counts all the same, once it is known what was due.

use serde_json::json;

use super::company::{APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, Person};

/// A finding, and what makes Benifex say wrongly of somebody for a month.
type Fault = (&'static str, fn(&mut Person));

const FAULTS: [Fault; 4] = [
    ("CT11 1001 _Medical any", |person| _ = person.covers(&[("_Medical", Cover::yearly(1_200.0, 0.0).status("SUSP"))])),
    ("CU01 1001 _Medical any", |person| _ = person.currency("EUR")),
    ("ID01 1001 - any", |person| _ = person.unknown_to_benifex()),
    ("ID06 1001 - any", |person| {
        _ = person.user("/surname", json!("Whitaker")).user("/dateOfBirth", json!("1991-10-11"))
    }),
];

/// February is unjudged of 1001 and takes `february`, March is in order and takes `march`: `told` is what is open from
/// then on.
#[track_caller]
fn check(february: &str, march: &str, told: &[&str]) {
    for (found, go_wrong) in FAULTS {
        // Where nothing is taken, no other currency stands against the record's.
        if february.is_empty() && found.starts_with("CU01") {
            continue;
        }
        let mut company = Company::after_january();
        let right = company.person("1001").clone();
        go_wrong(company.person("1001").pays("MED EE", february));
        company.night(MARCH_NIGHT, FEBRUARY).finding(found);
        *company.person("1001") = right;
        company.person("1001").pays("MED EE", march);
        company.night(APRIL_NIGHT, MARCH).only(told);
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).only(told);
    }
}

#[test]
fn what_was_missed_in_it_is_owed_once_it_is_known_what_was_due() {
    check("", "100.00", &["* 1001 _Medical 100.00"]);
}

#[test]
fn what_was_taken_too_little_or_too_much_in_it_is_settled_by_the_next_month() {
    check("80.00", "120.00", &[]);
    check("120.00", "80.00", &[]);
}

#[test]
fn what_was_taken_too_much_in_it_is_owed_to_the_employee() {
    check("120.00", "100.00", &["* 1001 _Medical -20.00"]);
}

#[test]
fn a_row_that_stands_twice_is_given_back_by_the_next_month_or_owed() {
    for (march, told) in [("", &[][..]), ("100.00", &["AM01 1001 _Medical -100.00"])] {
        let mut company = Company::after_january();
        company.person("1001").further_row(&[]);
        company.night(MARCH_NIGHT, FEBRUARY).only(&["ID04 1001 _Medical -100.00"]);
        company.person("1001").pays("MED EE", march);
        company.night(APRIL_NIGHT, MARCH).only(told);
    }
}

#[test]
fn the_month_is_judged_anew_when_its_file_is_run_again() {
    let mut company = Company::after_january();
    let right = company.person("1001").clone();
    company.person("1001").pays("MED EE", "").unknown_to_benifex();
    company.night(MARCH_NIGHT, FEBRUARY).finding("ID01 1001 - any");
    *company.person("1001") = right;
    company.person("1001").pays("MED EE", "");
    company.night("2026-03-04", FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn an_answer_that_fails_later_takes_nothing_back_of_what_was_judged() {
    let mut company = Company::missed_february();
    let right = company.person("1001").clone();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1_200.0, 0.0).status("SUSP"))]);
    company.night("2026-03-04", FEBRUARY).finding("CT11 1001 _Medical any");
    *company.person("1001") = right;
    company.person("1001").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn what_no_record_explains_later_stays_unverified_with_its_amount() {
    let mut company = Company::after_january();
    let right = company.hire("1005").clone();
    company.person("1005").unknown_to_benifex();
    company.night(MARCH_NIGHT, FEBRUARY).finding("ID01 1005 - any");
    // Benifex knows 1005 from March on, with cover since then.
    *company.person("1005") = right;
    company.person("1005").covers(&[("_Medical", Cover::yearly(1_200.0, 0.0).from("2026-03-01"))]);
    for (night, period) in [(APRIL_NIGHT, MARCH), (MAY_NIGHT, APRIL)] {
        let o = company.night(night, period);
        assert!(!o.accuses("1005"), "{}", o.told());
        let said = o.unverified.iter().any(|aside| {
            let reason = &aside["reason"];
            reason.contains("100.00 USD that payroll took of the employee for 2026-02-01 to 2026-02-28")
        });
        assert!(said, "{}", o.told());
    }
}
