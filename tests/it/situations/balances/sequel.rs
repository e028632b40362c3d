//! What follows on an ordinary event over the periods after it: leave and return, a plan changed for another, a
//! dependant added, a mistake put right by another run.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

#[test]
fn arrears_of_leave_are_collected_in_two_parts_after_the_return() {
    let mut company = Company::after_january();
    let away = company.person("1001");
    away.user("/employment/employmentStatus", json!("Unpaid leave")).pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["TM11 1001 _Medical 100.00"]);
    let back = company.person("1001");
    back.user("/employment/employmentStatus", json!("Active")).pays("MED EE", "150.00").pays("MED ER", "0.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 50.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_plan_that_was_changed_for_another_leaves_nothing() {
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, { code = \"PLUS\", employee = \
         \"PLUS EE\" }]\n[deductions]\ncodes = { MED = \"_Medical\", PLUS = \"_MedicalPlus\" }",
    );
    company.all(|person| {
        person.pays("PLUS EE", "");
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let plus = Cover::yearly(1800.0, 0.0).from("2026-03-01").changed("2026-02-20");
    company
        .person("1001")
        .covers(&[("_MedicalPlus", plus)])
        .pays("MED EE", "")
        .pays("MED ER", "")
        .pays("PLUS EE", "150.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    // Payroll goes on with the old one as well.
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).only(&["EN02 1001 _Medical -100.00"]);
}

#[test]
fn a_dependant_added_in_time_raises_the_deduction_from_its_month_on() {
    let mut company = Company::after_january();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let family = Cover::yearly(1800.0, 0.0).from("2026-03-01").changed("2026-02-20");
    company.person("1001").covers(&[("_Medical", family)]).pays("MED EE", "150.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn what_was_taken_twice_is_given_back_by_an_off_cycle_run_of_the_next_period() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -100.00"]);
    company.person("1001").pays("MED EE", "100.00").further_row(&[("Run Type", "off_cycle"), ("MED EE", "-100.00")]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn what_the_employer_left_out_stays_open_until_the_employer_pays_it() {
    let mut company = Company::new(MONTHLY);
    company.all(|person| {
        person.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00");
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED ER", "150.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM02 1001 _Medical 50.00"]);
    company.person("1001").pays("MED ER", "200.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 50.00"]);
    company.person("1001").pays("MED ER", "250.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}
