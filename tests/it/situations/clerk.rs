//! A month of a payroll clerk: small things that look odd in one system and are right, or that are wrong in one plain
//! way.

use serde_json::json;

use super::company::{Company, Cover, FEBRUARY, MARCH, MONTHLY, Outcome, Pays, march};

#[test]
fn hyphens_apostrophes_and_blanks_in_names_are_no_difference() {
    for (payroll, benifex) in [
        ("Smith-Jones", "Smith Jones"),
        ("OBrien", "O'Brien"),
        ("Mc Donald", "McDonald"),
        ("VAN DER BERG", "van der Berg"),
    ] {
        march(|person| {
            person.pays("Last Name", payroll).user("/surname", json!(benifex));
        })
        .nothing();
    }
}

/// Payroll, Benifex and Benbase of somebody in Cambridge, by ZIP code.
fn cambridge(payroll: &str, benifex: &str, benbase: &str) -> Outcome {
    march(|person| {
        person.pays("ZIP", payroll).pays("State", "MA").pays("City", "Cambridge");
        person.user("/address/postcodeZipCode", json!(benifex)).user("/address/line3", json!("Cambridge"));
        person.benbase("/address/zip_code", json!(benbase)).benbase("/address/state", json!("MA"));
        person.benbase("/address/city", json!("Cambridge"));
    })
}

#[test]
fn a_zip_with_four_digits_more_is_the_same() {
    cambridge("02139-1234", "02139", "02139").nothing();
    cambridge("021391234", "02139-1234", "02139").nothing();
}

#[test]
fn a_zip_that_lost_its_zero_is_no_difference_and_another_one_is() {
    cambridge("2139", "02139", "02139").nothing();
    cambridge("21394307", "02139-4307", "2139").nothing();
    cambridge("2139", "02140", "02139").only(&["DE01 1001 - -"]);
}

#[test]
fn somebody_who_has_given_notice_is_still_covered_and_deducted() {
    march(|person| {
        person.user("/employment/leaveDate", json!("2026-06-30")).pays("Leave Date", "2026-06-30");
    })
    .nothing();
}

#[test]
fn who_leaves_on_the_last_day_of_the_month_pays_for_the_month() {
    march(|person| {
        person.user("/employment/leaveDate", json!("2026-03-31")).pays("Leave Date", "2026-03-31");
    })
    .nothing();
}

#[test]
fn a_day_between_the_leave_dates_is_no_difference() {
    march(|person| {
        person.user("/employment/leaveDate", json!("2026-06-30")).pays("Leave Date", "2026-06-29");
    })
    .nothing();
}

#[test]
fn cover_that_costs_nobody_anything_needs_no_line() {
    march(|person| {
        person.covers(&[("_Medical", Cover::yearly(0.0, 0.0))]).pays("MED EE", "").pays("MED ER", "");
    })
    .nothing();
}

#[test]
fn a_year_that_does_not_divide_evenly_is_rounded_by_somebody() {
    for paid in ["83.33", "83.34"] {
        march(|person| {
            person.covers(&[("_Medical", Cover::yearly(1000.0, 0.0))]).pays("MED EE", paid);
        })
        .nothing();
    }
}

#[test]
fn what_a_correction_gives_back_counts_with_what_was_taken() {
    march(|person| {
        person.pays("MED EE", "120.00").further_row(&[("Run Type", "correction"), ("MED EE", "-20.00")]);
    })
    .nothing();
}

#[test]
fn somebody_with_two_jobs_in_one_file_is_not_accused() {
    let outcome = march(|person| {
        person.pays("MED EE", "60.00").further_row(&[("MED EE", "40.00")]);
    });
    assert!(outcome.findings.iter().all(|f| !["EN01", "AM01", "EN02"].contains(&f["code"].as_str())));
}

#[test]
fn twins_who_work_here_both_are_two_people() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("Last Name", "Stone").pays("Birth Date", "1974-02-03");
    company.person("1001").user("/surname", json!("Stone")).user("/dateOfBirth", json!("1974-02-03"));
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn a_hire_that_benifex_does_not_know_yet_has_time() {
    let mut company = Company::new(MONTHLY);
    let hired = company.hire("1005");
    hired.pays("Hire Date", "2026-03-16").pays("MED EE", "").pays("MED ER", "").covers(&[]);
    hired.unknown_to_benifex();
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn twice_a_month_is_twice_a_month() {
    let mut company = Company::new(Pays { word: "semimonthly", a_year: 24 });
    company.all(|person| {
        person.pays("MED EE", "50.00");
    });
    company.night("2026-03-16", ["2026-03-01", "2026-03-15", "2026-03-13"]).nothing();
    company.night("2026-04-02", ["2026-03-16", "2026-03-31", "2026-03-31"]).nothing();
}

#[test]
fn words_that_payrolls_use_for_an_ordinary_run_are_known() {
    for word in ["Regular", "REG", "Normal", "Standard", "Scheduled"] {
        let mut company = Company::new(MONTHLY);
        company.all(|person| {
            person.pays("Run Type", word);
        });
        company.night("2026-03-03", FEBRUARY).nothing();
    }
}

#[test]
fn a_cent_of_salary_is_nothing_to_benifex_but_benbase_is_to_hold_what_payroll_has() {
    march(|person| {
        person.pays("Salary", "60000.01");
    })
    .only(&["CO07 1001 - any"]);
}

#[test]
fn a_benefit_under_appeal_for_next_month_is_not_due_yet() {
    march(|person| {
        person
            .covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01"))])
            .pays("MED EE", "")
            .pays("MED ER", "");
    })
    .nothing();
}
