//! A yearly amount that does not divide into its deductions: one of the year, any one, carries what is left of it.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

/// Everybody elects 1,000.00 a year, and the employer gives 2,000.00.
fn elected() -> Company {
    let mut company = Company::new(MONTHLY);
    company.all(|person| _ = person.covers(&[("_Medical", Cover::yearly(1000.0, 2000.0))]));
    company
}

fn take(company: &mut Company, employee: &str, employer: &str) {
    company.all(|person| _ = person.pays("MED EE", employee).pays("MED ER", employer));
}

#[test]
fn one_deduction_of_a_year_carries_its_rounding_and_a_second_one_is_too_much() {
    let mut company = elected();
    // 11 x 83.33 and 83.37 are 1,000.00; 11 x 166.67 and 166.63 are 2,000.00.
    take(&mut company, "83.37", "166.63");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    take(&mut company, "83.33", "166.67");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").pays("MED EE", "83.37");
    company.person("1002").pays("MED ER", "166.63");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical -0.04", "AM02 1002 _Medical 0.04"]);
    company.person("1001").pays("MED EE", "83.29");
    company.person("1002").pays("MED ER", "166.71");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_deduction_that_carries_the_rounding_may_make_up_for_a_missed_one() {
    let mut company = elected();
    take(&mut company, "83.33", "166.67");
    company.person("1001").pays("MED EE", "");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical 83.33"]);
    take(&mut company, "83.37", "166.67");
    company.person("1001").pays("MED EE", "166.70");
    // Three cents more are not what 11 deductions of 83.33 leave.
    company.person("1002").pays("MED EE", "83.40");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1002 _Medical -0.07"]);
}
