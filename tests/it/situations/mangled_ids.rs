//! Employee ids that a spreadsheet took for numbers in one month, and the month after they are right again.

use super::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

#[test]
fn an_id_as_a_power_of_ten_is_a_near_match_and_owes_nothing_later() {
    let mut company = Company::new(MONTHLY);
    company.hire("1E05");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1E05").pays("Employee ID", "1.00E+05");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID05 1.00E+05 - any"]);
    company.person("1E05").pays("Employee ID", "1E05");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn an_id_that_was_shortened_is_unverified_and_owes_nothing_later() {
    let mut company = Company::new(MONTHLY);
    company.hire("123456789012");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("123456789012").pays("Employee ID", "1.23457E+11");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    o.unverified("123456789012", "_Medical");
    company.person("123456789012").pays("Employee ID", "123456789012");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("123456789012").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).only(&["EN01 123456789012 _Medical 100.00"]);
}
