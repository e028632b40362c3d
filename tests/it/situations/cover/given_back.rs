//! A month in which cover ended, of which nobody knows what was due: it is no less than nothing, so that what the month
//! gives back settles another one, and all that it took may be given back with the next deduction.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, AUGUST_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY, JULY_NIGHT, JUNE,
    JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
};

/// What January and February took of 1001, whose cover ended on 5 February and begins anew on 1 May.
fn back_in_may(january: &str, february: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", january);
    company.night(FEBRUARY_NIGHT, JANUARY);
    let ended = Cover::yearly(1200.0, 0.0).changed("2026-02-05").status("ENDED");
    company.person("1001").covers(&[("_Medical", ended)]).pays("MED EE", february);
    let night = company.night(MARCH_NIGHT, FEBRUARY);
    night.unverified("1001", "_Medical");
    company.person("1001").pays("MED EE", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
    let again = Cover::yearly(1200.0, 0.0).from("2026-05-01").changed("2026-04-20");
    company.person("1001").covers(&[("_Medical", again)]).pays("MED EE", "100.00");
    company
}

#[test]
fn what_it_gives_back_settles_a_month_that_took_too_much_and_no_later_one() {
    let mut company = back_in_may("150.00", "-50.00");
    company.night(JUNE_NIGHT, MAY).nothing();
    company.night(JULY_NIGHT, JUNE).nothing();
    company.person("1001").pays("MED EE", "50.00");
    company.night(AUGUST_NIGHT, JULY).only(&["AM01 1001 _Medical 50.00"]);
}

#[test]
fn all_that_it_took_is_given_back_with_the_next_deduction_and_with_no_later_one() {
    let mut company = back_in_may("100.00", "50.00");
    company.person("1001").pays("MED EE", "50.00");
    company.night(JUNE_NIGHT, MAY).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(JULY_NIGHT, JUNE).nothing();
    let mut company = back_in_may("100.00", "50.00");
    company.night(JUNE_NIGHT, MAY).nothing();
    company.person("1001").pays("MED EE", "50.00");
    company.night(JULY_NIGHT, JUNE).only(&["AM01 1001 _Medical 50.00"]);
}
