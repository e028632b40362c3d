//! Deductions in advance whose cover ended, began or changed between the cut-off and the days that they pay for.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT,
    MONTHLY,
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

#[test]
fn a_price_of_a_later_month_changes_nothing_of_the_one_that_was_paid_for() {
    // Benifex shows the new record alone, told before March's cut-off or after it.
    for told in ["2026-03-10", "2026-03-29"] {
        let mut company = in_advance();
        let dearer = Cover::yearly(1440.0, 0.0).from("2026-06-01").changed(told);
        company.person("1001").covers(&[("_Medical", dearer)]);
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.night(MAY_NIGHT, APRIL).nothing();
        company.night(JUNE_NIGHT, MAY).only(&["AM01 1001 _Medical 20.00"]);
    }
}

#[test]
fn the_first_deduction_of_a_sacrifice_is_of_two_months() {
    for (april, found) in [("200.00", &[][..]), ("230.00", &["AM01 1005 _Medical -30.00"])] {
        let mut company = in_advance();
        company.job("[deductions]\nsacrifice_codes = [\"MED\"]");
        company.night(APRIL_NIGHT, MARCH).nothing();
        let day = "2026-04-01";
        let joiner = company.hire("1005").joins(day).pays("Salary Effective", day);
        joiner.benbase("/pay_rate/effective_start", day.into()).pays("MED EE", "").pays("MED ER", april);
        joiner.user("/employment/salaryDetails/salaryEffectiveDate", day.into());
        joiner.covers(&[("_Medical", Cover::yearly(900.0, 300.0).from(day))]);
        company.night(MAY_NIGHT, APRIL).only(found);
    }
}

#[test]
fn who_joins_and_is_enrolled_later_owes_the_first_month_too() {
    // April to July; or without the month of April, which some payrolls never ask for.
    for (june, found) in [("400.00", &[][..]), ("300.00", &[]), ("450.00", &["TM03 1005 _Medical -50.00"])] {
        let mut company = in_advance();
        company.night(APRIL_NIGHT, MARCH).nothing();
        let day = "2026-04-01";
        let joiner = company.hire("1005").joins(day).pays("Salary Effective", day).covers(&[]);
        joiner.benbase("/pay_rate/effective_start", day.into()).pays("MED EE", "");
        joiner.user("/employment/salaryDetails/salaryEffectiveDate", day.into());
        company.night(MAY_NIGHT, APRIL).nothing();
        company.night(JUNE_NIGHT, MAY).nothing();
        let cover = Cover::yearly(1200.0, 0.0).from(day).changed("2026-06-10");
        company.person("1005").covers(&[("_Medical", cover)]).pays("MED EE", june);
        company.night(JULY_NIGHT, JUNE).only(found);
    }
}
