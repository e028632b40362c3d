//! People of whom the file of a month has rows of off-cycle or correction runs alone.

use serde_json::json;

use super::company::{APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MONTHLY};

#[test]
fn whoever_has_a_row_of_another_run_alone_owes_what_it_did_not_take() {
    let mut company = Company::new(MONTHLY);
    company.person("1003").pays("MED EE", "120.00").leaves("2026-01-31");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1003 _Medical -20.00"]);
    for (id, run, taken) in [("1001", "off_cycle", "60.00"), ("1002", "off_cycle", "100.00")] {
        company.person(id).pays("Run Type", run).pays("MED EE", taken);
    }
    company.person("1003").covers(&[]).pays("Run Type", "correction").pays("MED EE", "-20.00");
    let away = company.person("1004").user("/employment/employmentStatus", json!("On leave"));
    away.pays("Run Type", "off_cycle").pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 40.00", "TM11 1004 _Medical 100.00"]);
    for (id, taken) in [("1001", "140.00"), ("1002", "100.00"), ("1004", "200.00")] {
        company.person(id).pays("Run Type", "regular").pays("MED EE", taken);
    }
    company.person("1003").on_payroll(false);
    company.person("1004").user("/employment/employmentStatus", json!("Active"));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_row_of_another_run_alone_of_somebody_who_was_never_on_this_payroll_is_unverified() {
    let mut company = Company::after_january();
    company.hire("2001").pays("Run Type", "off_cycle").pays("MED EE", "60.00");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    o.unverified("2001", "_Medical");
}

#[test]
fn the_final_pay_in_a_run_beside_the_regular_one_says_the_leave_date() {
    let mut company = Company::after_january();
    company.person("1001").pays("Run Type", "off_cycle").pays("Leave Date", "2026-02-10");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").leaves("2026-02-10").covers(&[]).on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).nothing();
}
