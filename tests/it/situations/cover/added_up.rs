//! Several records of one benefit that are live at once: a spouse's cover beside one's own, or a price that replaced
//! another one. Which it is, Benifex does not say; nor until when a record was due that it lists no more.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, AUGUST_NIGHT, Company, Cover, JULY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY, Person,
};

/// 100.00 a month of one's own.
fn own() -> Cover {
    Cover::yearly(1200.0, 0.0)
}

/// 50.00 a month of a spouse's.
fn spouses() -> Cover {
    Cover::yearly(600.0, 0.0)
}

/// 1001 has both until May and pays the sum; the spouse's begins with April, or with one's own.
fn with_spouse(begins_later: bool) -> Company {
    let mut company = Company::new(MONTHLY);
    let spouses = if begins_later { spouses().from("2026-04-01").changed("2026-03-20") } else { spouses() };
    let both = move |person: &mut Person| {
        person.covers(&[("_Medical", own()), ("_Medical", spouses.clone())]).pays("MED EE", "150.00");
    };
    if !begins_later {
        both(company.person("1001"));
    }
    company.night(MARCH_NIGHT, crate::situations::company::FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
    both(company.person("1001"));
    company.night(MAY_NIGHT, APRIL).nothing();
    company.night(JUNE_NIGHT, MAY).nothing();
    company
}

#[test]
fn a_spouses_record_that_is_gone_when_its_last_month_is_judged_accuses_nobody_of_that_month() {
    for begins_later in [true, false] {
        // Of June the sum was due, where it ended with June; or payroll knew that it ended with May.
        for june in ["150.00", "100.00"] {
            let mut company = with_spouse(begins_later);
            company.person("1001").covers(&[("_Medical", own())]).pays("MED EE", june);
            company.night(JULY_NIGHT, JUNE).nothing();
            company.person("1001").pays("MED EE", "100.00");
            company.night(AUGUST_NIGHT, JULY).nothing();
        }
    }
}

#[test]
fn what_a_record_that_is_gone_may_owe_or_get_back_is_made_good_a_month_later_and_no_longer() {
    // June missed the spouse's last 50.00, which July takes; or June took it for nothing, and July gives it back.
    for (june, july) in [("100.00", "150.00"), ("150.00", "50.00")] {
        let mut company = with_spouse(true);
        company.person("1001").covers(&[("_Medical", own())]).pays("MED EE", june);
        company.night(JULY_NIGHT, JUNE).nothing();
        company.person("1001").pays("MED EE", july);
        let o = company.night(AUGUST_NIGHT, JULY);
        o.nothing();
        o.unverified("1001", "_Medical");
        company.person("1001").pays("MED EE", "150.00");
        company.night("2026-09-02", crate::situations::company::AUGUST).only(&["AM01 1001 _Medical -50.00"]);
    }
}

#[test]
fn more_than_all_records_came_to_is_too_much_all_the_same() {
    let mut company = with_spouse(true);
    company.person("1001").covers(&[("_Medical", own())]).pays("MED EE", "650.00");
    company.night(JULY_NIGHT, JUNE).finding("AM01 1001 _Medical -550.00");
}

#[test]
fn a_renewal_of_one_record_or_of_both_brings_back_all_that_were_in_force_before() {
    let renewed = |yearly: f64| ("_Medical", Cover::yearly(yearly, 0.0).from("2026-07-01").changed("2026-06-10"));
    for begins_later in [true, false] {
        for (records, july) in [(vec![renewed(1320.0), renewed(660.0)], "165.00"), (vec![renewed(1320.0)], "110.00")] {
            let mut company = with_spouse(begins_later);
            company.person("1001").covers(&records);
            company.night(JULY_NIGHT, JUNE).nothing();
            company.person("1001").pays("MED EE", july);
            company.night(AUGUST_NIGHT, JULY).nothing();
        }
    }
}

#[test]
fn records_of_one_day_whose_sum_payroll_took_before_are_judged_by_it() {
    let mut company = with_spouse(false);
    company.person("1001").pays("MED EE", "100.00");
    company.night(JULY_NIGHT, JUNE).only(&["AM01 1001 _Medical 50.00"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night(AUGUST_NIGHT, JULY).nothing();
}

#[test]
fn of_two_prices_that_nobody_ended_the_later_one_counts() {
    let mut company = Company::new(MONTHLY);
    company.night(JUNE_NIGHT, MAY).nothing();
    let new = Cover::yearly(1320.0, 0.0).from("2026-07-01").changed("2026-06-10");
    company.all(|person| _ = person.covers(&[("_Medical", own()), ("_Medical", new.clone())]));
    company.night(JULY_NIGHT, JUNE).nothing();
    company.all(|person| _ = person.pays("MED EE", "110.00"));
    company.person("1001").pays("MED EE", "100.00");
    company.night(AUGUST_NIGHT, JULY).only(&["AM01 1001 _Medical 10.00"]);
    company.person("1001").pays("MED EE", "120.00");
    company.night("2026-09-02", crate::situations::company::AUGUST).nothing();
}
