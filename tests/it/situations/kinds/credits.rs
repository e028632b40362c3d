//! Benefits of a negative price: a credit for whoever waives cover, a discount of a wellness plan. Payroll gives what
//! is due, and takes back what was given for nothing.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT,
    MONTHLY,
};

const CREDIT: &str = "[payroll]
wide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"WEL\", employee = \"WEL EE\" }]
[deductions]
codes = { MED = \"_Medical\", WEL = \"_Wellness\" }";

/// Everybody has a credit of 20 a month, and got it in January and February.
fn with_credit() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(CREDIT);
    company.all(|person| _ = person.covers(&both(Cover::yearly(-240.0, 0.0))).pays("WEL EE", "-20.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

fn both(credit: Cover) -> [(&'static str, Cover); 2] {
    [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Wellness", credit)]
}

fn medical() -> [(&'static str, Cover); 1] {
    [("_Medical", Cover::yearly(1200.0, 0.0))]
}

#[test]
fn a_credit_given_after_it_ended_is_owed_until_it_is_taken_back() {
    let mut company = with_credit();
    company.person("1001").covers(&medical());
    // Which March's file could not know.
    company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Wellness 20.00"]);
    let o = company.night(MAY_NIGHT, APRIL);
    o.only(&["EN02 1001 _Wellness 20.00"]);
    let told = &o.findings[0]["sentence"];
    assert!(told.contains("stop the credit and take it back"), "{told}");
    company.night("2026-06-02", MAY).only(&["EN02 1001 _Wellness 40.00"]);
    company.person("1001").pays("WEL EE", "40.00");
    company.night("2026-07-02", JUNE).nothing();
}

#[test]
fn a_credit_that_was_right_until_its_end_was_told_is_taken_back_in_the_next_month() {
    let mut company = with_credit();
    company.person("1001").covers(&medical());
    company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Wellness 20.00"]);
    company.person("1001").pays("WEL EE", "20.00");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").pays("WEL EE", "");
    company.night("2026-06-02", MAY).nothing();
}

#[test]
fn a_credit_that_begins_in_an_earlier_month_owes_from_then_on() {
    let mut company = Company::new(MONTHLY);
    company.job(CREDIT);
    company.all(|person| _ = person.pays("WEL EE", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // From 1 February, told in March; March gives its own alone.
    let credit = Cover::yearly(-240.0, 0.0).from("2026-02-01").changed("2026-03-05");
    company.person("1001").covers(&both(credit)).pays("WEL EE", "-20.00");
    company.night(APRIL_NIGHT, MARCH).only(&["TM01 1001 _Wellness -20.00"]);
    company.person("1001").pays("WEL EE", "-40.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_greater_credit_of_earlier_months_is_made_good() {
    let mut company = with_credit();
    let credit = Cover::yearly(-360.0, 0.0).from("2026-02-01").changed("2026-03-05");
    company.person("1001").covers(&both(credit)).pays("WEL EE", "-40.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("WEL EE", "-30.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_credit_that_was_not_given_is_given_later() {
    let mut company = with_credit();
    company.person("1001").pays("WEL EE", "");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Wellness -20.00"]);
    company.person("1001").pays("WEL EE", "-40.00");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").pays("WEL EE", "-20.00");
    company.night("2026-06-02", MAY).nothing();
}
