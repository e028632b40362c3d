//! Records that begin with the next period and are entered in the last days of this one, after payroll's cut-off: they
//! change nothing of this period, whose record an earlier snapshot knows.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, AUGUST, BIWEEKLY, Company, Cover, FEBRUARY, JANUARY, JULY, JUNE, JUNE_NIGHT, MARCH,
    MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
};

/// January and February are right; in March, after its cut-off, 1001 is renewed from April on.
fn renewed(yearly: f64) -> Company {
    let mut company = Company::until_february();
    let renewed = Cover::yearly(yearly, 0.0).from("2026-04-01").changed("2026-03-30");
    company.person("1001").covers(&[("_Medical", renewed)]);
    company
}

#[test]
fn a_dearer_and_a_cheaper_renewal_accuse_nobody() {
    for (yearly, monthly) in [(1560.0, "130.00"), (900.0, "75.00")] {
        let mut company = renewed(yearly);
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").pays("MED EE", monthly);
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn renewals_of_everybody_on_the_first_of_january_accuse_nobody() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0).from("2025-01-01"))]));
    company.all(|p| _ = p.pays("MED ER", "200.00"));
    company.night("2025-12-02", ["2025-11-01", "2025-11-30", "2025-11-28"]).nothing();
    let renewed = || Cover::yearly(1440.0, 2520.0).from("2026-01-01").changed("2025-12-29");
    company.all(|p| _ = p.covers(&[("_Medical", renewed())]));
    company.night("2026-01-05", ["2025-12-01", "2025-12-31", "2025-12-31"]).nothing();
    company.all(|p| _ = p.pays("MED EE", "120.00").pays("MED ER", "210.00"));
    company.night("2026-02-03", JANUARY).nothing();
}

#[test]
fn a_month_that_was_not_taken_is_owed_by_the_old_price_until_it_is_caught_up() {
    let mut company = renewed(1440.0);
    company.person("1001").pays("MED EE", "");
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "220.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_wrong_amount_of_the_month_is_found_by_the_old_price_and_given_back_by_the_new_one() {
    let mut company = renewed(1440.0);
    company.person("1001").pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn on_a_first_night_nobody_knows_what_was_before() {
    let mut company = Company::new(MONTHLY);
    let renewed = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-27");
    company.person("1001").covers(&[("_Medical", renewed)]);
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.only(&[]);
    o.unverified("1001", "_Medical");
}

#[test]
fn a_late_price_may_be_caught_up_of_each_pay_date_since_it_holds_and_of_no_other() {
    // 50.00 of 24 deductions, 55.00 since 1 April; the pay of 3 April is for the days up to 29 March.
    for (first_of_may, told) in [("60.00", &[][..]), ("65.00", &[]), ("70.00", &["TM03 1001 _Medical -10.00"])] {
        let mut company = Company::new(BIWEEKLY);
        company.job("[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 24 }]");
        company.all(|p| _ = p.pays("MED EE", "50.00"));
        company.night("2026-04-05", ["2026-03-16", "2026-03-29", "2026-04-03"]).nothing();
        company.night("2026-04-19", ["2026-03-30", "2026-04-12", "2026-04-17"]).nothing();
        let dearer = Cover::yearly(1320.0, 0.0).from("2026-04-01").changed("2026-04-20");
        company.person("1001").covers(&[("_Medical", dearer)]).pays("MED EE", first_of_may);
        company.night("2026-05-03", ["2026-04-13", "2026-04-26", "2026-05-01"]).only(told);
        if first_of_may == "65.00" {
            // Once.
            company.person("1001").pays("MED EE", "60.00");
            let o = company.night("2026-05-17", ["2026-04-27", "2026-05-10", "2026-05-15"]);
            o.only(&["* 1001 _Medical -5.00"]);
        }
    }
}

#[test]
fn a_later_record_may_add_to_the_one_before_it_month_after_month() {
    let mut company = Company::until_february();
    let spouse = Cover::yearly(600.0, 0.0).from("2026-03-01").changed("2026-02-20");
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Medical", spouse)]);
    for (night, period, taken) in
        [(APRIL_NIGHT, MARCH, "150.00"), (MAY_NIGHT, APRIL, "100.00"), (JUNE_NIGHT, MAY, "200.00")]
    {
        company.person("1001").pays("MED EE", taken);
        let o = company.night(night, period);
        o.nothing();
        o.unverified("1001", "_Medical");
        assert!(o.unverified[0]["reason"].contains("whether they add up"), "{}", o.told());
    }
    // Neither one of them, nor both.
    let mut company = Company::until_february();
    let dearer = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-20");
    let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Medical", dearer)];
    company.person("1001").covers(&covers).pays("MED EE", "150.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical -30.00"]);
}

#[test]
fn a_month_that_was_missed_in_advance_of_a_renewal_is_caught_up_with_the_next() {
    for (taken, found) in [("240.00", None), ("250.00", Some("* 1001 _Medical -10.00"))] {
        let mut company = Company::new(MONTHLY);
        company.job("[[schemes]]\npay_group = \"G1\"\nfirst_deduction = \"in advance\"");
        company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-06-01"))]));
        company.night("2026-05-04", APRIL).nothing();
        company.night("2026-06-02", MAY).nothing();
        let renewed = Cover::yearly(1440.0, 0.0).from("2026-07-01").changed("2026-06-10");
        company.all(|p| _ = p.covers(&[("_Medical", renewed.clone())]).pays("MED EE", "120.00"));
        company.person("1001").pays("MED EE", "");
        company.night("2026-07-02", JUNE).only(&["EN01 1001 _Medical 120.00"]);
        company.person("1001").pays("MED EE", taken);
        let o = company.night("2026-08-03", JULY);
        o.only(found.as_slice());
        assert!(o.unverified.is_empty(), "{}", o.told());
        company.person("1001").pays("MED EE", "120.00");
        company.night("2026-09-02", AUGUST).only(found.as_slice());
    }
}
