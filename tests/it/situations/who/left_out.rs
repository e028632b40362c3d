//! Somebody whom one payroll file forgot: enrolled all the time, and on payroll before and after.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY_NIGHT, JUNE, JUNE_NIGHT,
    MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
};

/// February's file has no row of 1001, and March's has one again.
fn without_february() -> Company {
    let mut company = Company::after_january();
    company.person("1001").on_payroll(false);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID02 1001 - 100.00"]);
    company.person("1001").on_payroll(true);
    company
}

#[test]
fn the_next_file_takes_both_months() {
    let mut company = without_february();
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_next_file_takes_its_own_month_alone() {
    let mut company = without_february();
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_corrected_file_of_the_month_has_the_row_after_all() {
    let mut company = without_february();
    company.night("2026-03-05", FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn two_months_are_forgotten_and_the_rate_rises_between_them() {
    let mut company = without_february();
    let p = company.person("1001");
    p.on_payroll(false).covers(&[("_Medical", Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-10"))]);
    company.night(APRIL_NIGHT, MARCH).only(&["ID02 1001 - any"]);
    // 100.00 of February and 120.00 each of March and April.
    company.person("1001").on_payroll(true).pays("MED EE", "240.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "220.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_run_beside_the_regular_one_takes_the_forgotten_month() {
    let mut company = without_february();
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "off_cycle");
    company.night("2026-03-12", ["2026-03-10", "2026-03-10", "2026-03-10"]).nothing();
    company.all(|p| _ = p.on_payroll(true).pays("Run Type", "regular"));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn of_two_deductions_a_month_the_forgotten_one_is_owed_and_a_free_pay_date_is_not() {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    company.night("2026-01-03", ["2025-12-14", "2025-12-27", "2026-01-02"]).nothing();
    company.person("1001").on_payroll(false);
    company.night("2026-01-17", ["2025-12-28", "2026-01-10", "2026-01-16"]).only(&["ID02 1001 - any"]);
    company.person("1001").on_payroll(true);
    company.person("1002").on_payroll(false);
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-01-31", ["2026-01-11", "2026-01-24", "2026-01-30"]).finding("* 1001 _Medical 50.00");
    company.person("1002").on_payroll(true);
    company.all(|p| _ = p.pays("MED EE", "50.00"));
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-02-14", ["2026-01-25", "2026-02-07", "2026-02-13"]).nothing();
}

#[test]
fn the_employers_share_of_a_forgotten_month_is_owed_too() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").on_payroll(false);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID02 1001 - 300.00"]);
    company.person("1001").on_payroll(true).pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 200.00"]);
    company.person("1001").pays("MED EE", "100.00").pays("MED ER", "400.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn who_leaves_after_a_forgotten_month_still_owes_it() {
    let mut company = without_february();
    company.person("1001").leaves("2026-03-15");
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical 100.00"]);
}

#[test]
fn who_was_not_employed_in_the_month_owes_nothing_for_it() {
    let mut company = without_february();
    let p = company.person("1001");
    p.pays("Hire Date", "2026-03-02").user("/employment/startDate", json!("2026-03-02"));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn the_very_first_file_forgot_somebody_whom_the_next_one_catches_up_with() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").on_payroll(false);
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["ID02 1001 - 100.00"]);
    company.person("1001").on_payroll(true).pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical -100.00"]);
}

#[test]
fn a_file_of_which_the_row_could_not_be_read_may_be_caught_up_with_and_accuses_nobody() {
    let mut company = Company::after_january();
    company.job("[payroll]\nmax_rejected_share = \"50 %\"");
    company.person("1001").pays("MED EE", "one hundred");
    company.night(MARCH_NIGHT, FEBRUARY).unverified("1001", "_Medical");
    company.person("1001").pays("MED EE", "200.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
    // As much as that is in no month's deduction.
    company.person("1001").pays("MED EE", "400.00");
    company.night("2026-04-03", MARCH).only(&["AM01 1001 _Medical -300.00"]);
}

#[test]
fn a_forgotten_joiner_catches_up_with_the_first_month() {
    let mut company = Company::after_january();
    let j = company.hire("1005");
    j.user("/employment/startDate", json!("2026-02-01")).user("/employment/originalStartDate", json!("2026-02-01"));
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01").changed("2026-01-20"))]);
    j.pays("Hire Date", "2026-02-01").on_payroll(false);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1005").on_payroll(true).pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1005").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn cover_that_ended_with_the_forgotten_month_is_paid_for_all_the_same() {
    for (taken, found) in [("100.00", None), ("", Some("* 1001 _Medical 100.00"))] {
        let mut company = without_february();
        let ended = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-02-28");
        company.person("1001").covers(&[("_Medical", ended)]).pays("MED EE", taken).pays("MED ER", "");
        let o = company.night(APRIL_NIGHT, MARCH);
        match found {
            None => o.nothing(),
            Some(found) => o.only(&[found]),
        }
    }
}

/// March's file has March's row of 1001 and a late one of February, as `late` says.
fn with_a_late_row(late: &[(&str, &str)]) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\nseveral_rows = { sum = [\"hours\"] }");
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").on_payroll(false);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID02 1001 - 300.00"]);
    let of_february = [("Period Start", FEBRUARY[0]), ("Period End", FEBRUARY[1]), ("Pay Date", MARCH[2])];
    company.person("1001").on_payroll(true).further_row(&[&of_february, late].concat());
    company
}

#[test]
fn a_late_row_of_the_forgotten_month_takes_what_it_cost() {
    let mut company = with_a_late_row(&[]);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_late_row_of_the_forgotten_month_takes_more_than_it_cost() {
    // 100.00 and 200.00 were due of February: 30.00 of the employee and 50.00 of the employer are too much.
    let mut company = with_a_late_row(&[("MED EE", "130.00")]);
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical -30.00"]);
    let mut company = with_a_late_row(&[("MED ER", "250.00")]);
    company.night(APRIL_NIGHT, MARCH).only(&["AM02 1001 _Medical -50.00"]);
}

#[test]
fn the_final_pay_takes_more_than_the_forgotten_month_cost() {
    for (cover, taken, expected) in [
        (true, "130.00", &["EN05 1001 _Medical -30.00", "EN04 1001 _Medical any"][..]),
        (false, "130.00", &["EN05 1001 _Medical -30.00"][..]),
        (false, "100.00", &[][..]),
    ] {
        let mut company = Company::after_january();
        company.person("1001").leaves("2026-02-28").on_payroll(false);
        company.night(MARCH_NIGHT, FEBRUARY);
        let p = company.person("1001").on_payroll(true).pays("MED EE", taken);
        if !cover {
            p.covers(&[]);
        }
        company.night(APRIL_NIGHT, MARCH).only(expected);
    }
}

/// By both sources 1001 left in February, and March's file has no row; in April that was never so.
fn taken_back(leave: &'static str, until_april: &[(&'static str, Cover)]) -> Company {
    let mut company = Company::after_january();
    let covers = [("_Medical", Cover::yearly(1200.0, 0.0))];
    company.person("1001").covers(&covers).leaves(leave);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").on_payroll(false).covers(until_april);
    company.night(APRIL_NIGHT, MARCH);
    let p = company.person("1001").on_payroll(true).covers(&covers);
    p.user("/employment/leaveDate", json!(null)).pays("Leave Date", "");
    company
}

#[test]
fn a_leave_date_that_is_taken_back_leaves_the_month_without_a_row_owing() {
    let listed = [("_Medical", Cover::yearly(1200.0, 0.0))];
    for (leave, until_april) in [("2026-02-20", &[][..]), ("2026-02-28", &[]), ("2026-02-20", &listed)] {
        let mut company = taken_back(leave, until_april);
        company.night(MAY_NIGHT, APRIL).only(&["EN01 1001 _Medical 100.00"]);
        company.night(JUNE_NIGHT, MAY).only(&["EN01 1001 _Medical 100.00"]);
        company.person("1001").pays("MED EE", "200.00");
        company.night(JULY_NIGHT, JUNE).nothing();
    }
}

#[test]
fn a_leave_date_that_is_taken_back_may_be_made_up_for_in_two_halves() {
    let mut company = taken_back("2026-02-20", &[]);
    company.person("1001").pays("MED EE", "150.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 50.00"]);
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn who_is_hired_again_owes_nothing_of_the_months_between() {
    let mut company = taken_back("2026-02-20", &[]);
    let covers = [("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01"))];
    company.person("1001").joins("2026-04-01").covers(&covers);
    company.night(MAY_NIGHT, APRIL).nothing();
}
