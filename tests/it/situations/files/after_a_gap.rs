//! A month whose file was never read, and what a later file than the one right after it catches up.

use crate::situations::company::{
    APRIL, AUGUST_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH,
    MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
};

/// January and February were right; March's file is never read.
fn company() -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

fn doubts(company: &mut Company, night: &'static str, period: [&'static str; 3]) {
    let o = company.night(night, period);
    assert!(!o.accuses("1001"), "{}", o.told());
    o.unverified("1001", "_Medical");
}

#[test]
fn a_price_that_was_entered_late_is_caught_up_for_the_unread_month_too() {
    for (yearly, may, later) in [(1440.0, "160.00", "120.00"), (960.0, "40.00", "80.00")] {
        let mut company = company();
        company.night(MAY_NIGHT, APRIL).only(&["CT08 - - -"]);
        // Entered after April's cut-off, in force since 1 March: 20.00 of March, 20.00 of April.
        let cover = Cover::yearly(yearly, 0.0).from("2026-03-01").changed("2026-05-10");
        company.person("1001").covers(&[("_Medical", cover)]).pays("MED EE", may);
        doubts(&mut company, JUNE_NIGHT, MAY);
        company.person("1001").pays("MED EE", later);
        doubts(&mut company, JULY_NIGHT, JUNE);
        // Once March's file is here, all of it is settled with the next one.
        company.job("[payroll]\nperiod_age_max_days = 300");
        company.person("1001").pays("MED EE", "100.00");
        let o = company.night("2026-07-05", MARCH);
        assert!(o.findings.iter().all(|f| f["code"] == "TM07"), "{}", o.told());
        company.person("1001").pays("MED EE", later);
        company.night(AUGUST_NIGHT, JULY).nothing();
    }
}

#[test]
fn cover_that_was_entered_late_is_caught_up_for_the_unread_month_too() {
    let mut company = company();
    company.person("1001").covers(&[]).pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL);
    let cover = Cover::yearly(1200.0, 0.0).from("2026-03-01").changed("2026-05-10");
    company.person("1001").covers(&[("_Medical", cover)]).pays("MED EE", "300.00");
    let o = company.night(JUNE_NIGHT, MAY);
    assert!(!o.accuses("1001"), "{}", o.told());
}

#[test]
fn what_the_unread_month_missed_may_be_caught_up_in_two_parts() {
    let mut company = company();
    company.person("1001").pays("MED EE", "150.00");
    doubts(&mut company, MAY_NIGHT, APRIL);
    doubts(&mut company, JUNE_NIGHT, MAY);
    company.person("1001").pays("MED EE", "100.00");
    doubts(&mut company, JULY_NIGHT, JUNE);
}

#[test]
fn what_the_unread_month_and_the_one_after_it_missed_is_caught_up_together() {
    let mut company = company();
    company.person("1001").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).finding("EN01 1001 _Medical 100.00");
    company.person("1001").pays("MED EE", "300.00");
    doubts(&mut company, JUNE_NIGHT, MAY);
}

#[test]
fn who_paid_no_more_than_was_due_right_after_the_unread_month_owes_nothing_of_it_later() {
    let mut company = company();
    company.night(MAY_NIGHT, APRIL).only(&["CT08 - - -"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical -100.00"]);
    // Nor does a price in time for May, of which March knows nothing.
    let cover = Cover::yearly(1440.0, 0.0).from("2026-06-01").changed("2026-05-20");
    company.person("1001").covers(&[("_Medical", cover)]).pays("MED EE", "120.00");
    company.night(JULY_NIGHT, JUNE).only(&["* 1001 _Medical -100.00"]);
}
