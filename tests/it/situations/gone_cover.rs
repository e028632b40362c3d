//! Cover that ended with a month and is gone from Benifex when that month is judged: what was due till then is what
//! was due before.

use super::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

/// Of February 1001 paid so much; the cover ends with March, and its night sees no more of it.
fn ended(february: &str, found: &[&str], march: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", february);
    company.night(MARCH_NIGHT, FEBRUARY).only(found);
    company.person("1001").pays("MED EE", march).covers(&[]);
    company
}

#[test]
fn more_than_the_last_deduction_is_too_much_by_the_rest_and_its_refund_settles_that() {
    let mut company = ended("100.00", &[], "120.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN02 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "-20.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_last_deduction_may_take_what_an_earlier_period_owes() {
    let mut company = ended("60.00", &["AM01 1001 _Medical 40.00"], "140.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_last_deduction_may_be_taken_a_month_late_and_no_more_than_that() {
    for (taken, found) in [("100.00", &[][..]), ("130.00", &["EN02 1001 _Medical -130.00"])] {
        let mut company = ended("100.00", &[], "");
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").pays("MED EE", taken);
        let o = company.night(MAY_NIGHT, APRIL);
        o.only(found);
        if found.is_empty() {
            o.unverified("1001", "_Medical");
        }
    }
}
