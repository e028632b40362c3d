//! Deductions in advance whose cover ended, began or changed between the cut-off and the days that they pay for.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

/// Cover since last year, each month deducted in the one before it, up to February's file.
fn in_advance() -> Company {
    let mut company = Company::new(MONTHLY);
    company.scheme("first_deduction = \"in advance\"");
    company.all(|p| _ = p.covers(&[("_Medical", since_last_year())]));
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

fn since_last_year() -> Cover {
    Cover::yearly(1200.0, 0.0).from("2025-06-01")
}

#[test]
fn what_paid_for_a_month_before_which_cover_ended_is_owed_until_it_is_given_back() {
    // March's file took April's deduction, as was right at its cut-off.
    for (april, left) in
        [("-100.00", &[][..]), ("-60.00", &["* 1001 _Medical -40.00"]), ("", &["* 1001 _Medical -100.00"])]
    {
        let mut company = in_advance();
        company.person("1001").covers(&[]);
        company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Medical -100.00"]);
        company.person("1001").pays("MED EE", april);
        company.night(MAY_NIGHT, APRIL).only(left);
    }
}

#[test]
fn a_deduction_for_a_month_before_which_a_record_was_ended_is_for_nothing() {
    let mut company = in_advance();
    let ended = since_last_year().changed("2026-03-10").status("ENDED");
    company.person("1001").covers(&[("_Medical", ended)]);
    company.night(APRIL_NIGHT, MARCH).only(&["EN02 1001 _Medical -100.00"]);
    company.person("1001").covers(&[]).pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -100.00"]);
}

#[test]
fn a_price_that_was_told_after_the_cut_off_is_owed_for_the_month_that_was_paid_for() {
    for (april, left) in [("140.00", &[][..]), ("120.00", &["* 1001 _Medical 20.00"])] {
        let mut company = in_advance();
        let dearer = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-29");
        company.person("1001").covers(&[("_Medical", dearer)]);
        company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Medical 20.00"]);
        company.person("1001").pays("MED EE", april);
        company.night(MAY_NIGHT, APRIL).only(left);
    }
}
