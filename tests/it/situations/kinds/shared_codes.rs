//! One payroll code that takes for two benefits of some people, of which the job does not say so.

use crate::situations::company::{
    APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MONTHLY,
};

/// Medical cover of 100.00 and dental cover of 20.00, each with a code of its own.
fn two_codes() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"DEN\", employee = \"DEN EE\" }]\n\
         [deductions]\ncodes = { DEN = \"_Dental\" }",
    );
    let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Dental", Cover::yearly(240.0, 0.0))];
    company.all(|person| _ = person.covers(&covers).pays("DEN EE", "20.00"));
    company
}

#[test]
fn a_code_that_takes_for_a_benefit_of_another_code_too_accuses_nobody() {
    let mut company = two_codes();
    company.person("1001").pays("MED EE", "120.00").pays("DEN EE", "");
    let night = company.night(FEBRUARY_NIGHT, JANUARY);
    night.nothing();
    assert!(night.reason("1001", "_Dental").contains("deductions.codes"), "{}", night.told());
    night.unverified("1001", "_Medical");
    // A sum that is not that of both is wrong.
    company.person("1001").pays("MED EE", "130.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Dental 20.00", "AM01 1001 _Medical -30.00"]);
}

#[test]
fn the_job_can_say_that_a_code_holds_a_benefit_that_has_another_code_too() {
    let mut company = two_codes();
    company.person("1001").pays("MED EE", "120.00").pays("DEN EE", "");
    company.job("[deductions]\ncodes = { MED = [\"_Medical\", \"_Dental\"] }");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "100.00").pays("DEN EE", "20.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_catch_up_beside_a_deduction_that_is_missing_is_no_code_of_two_benefits() {
    let mut company = two_codes();
    company.person("1001").pays("MED EE", "80.00");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "120.00").pays("DEN EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Dental 20.00"]);
    company.person("1001").pays("MED EE", "100.00").pays("DEN EE", "40.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_code_that_takes_for_everybodys_other_benefit_from_a_month_on_accuses_nobody() {
    let mut company = two_codes();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.all(|person| _ = person.pays("MED EE", "120.00").pays("DEN EE", ""));
    let night = company.night(MARCH_NIGHT, FEBRUARY);
    night.nothing();
    night.unverified("1001", "_Medical");
}

#[test]
fn who_is_taken_one_benefit_under_the_code_of_another_once_is_told() {
    let mut company = two_codes();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "120.00").pays("DEN EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Dental 20.00", "AM01 1001 _Medical -20.00"]);
}
