//! People who left and are hired again, of whom Benifex shows the new employment before the period of the old one's last
//! pay, or the gap between the two, is judged.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT,
    MAY, MAY_NIGHT, MONTHLY, Person,
};

/// Both sources have the new employment alone.
fn again(person: &mut Person, day: &'static str) {
    person.pays("Leave Date", "").pays("Hire Date", day).covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from(day))]);
    person.user("/employment/leaveDate", json!(null)).user("/employment/startDate", json!(day));
}

/// Left on the last of February, `listed` until then or longer.
fn left_in_february(rules: &str, listed: bool) -> Company {
    let mut company = Company::new(MONTHLY);
    company.scheme(rules);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").leaves("2026-02-28");
    if !listed {
        company.person("1001").covers(&[]);
    }
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

const IN_ARREARS: &str = "first_deduction = \"in arrears\"\ncoverage_end = \"leave_date\"";

#[test]
fn a_last_deduction_in_arrears_is_right_of_who_is_hired_again_by_then() {
    for listed in [true, false] {
        let mut company = left_in_february(IN_ARREARS, listed);
        // March takes what February cost; April has nothing to pay for.
        again(company.person("1001"), "2026-04-01");
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").pays("MED EE", "").pays("MED ER", "");
        company.night(MAY_NIGHT, APRIL).nothing();
        company.person("1001").pays("MED EE", "100.00");
        company.night(JUNE_NIGHT, MAY).nothing();
    }
}

#[test]
fn a_last_deduction_in_arrears_that_was_left_out_is_owed_by_who_is_hired_again() {
    for listed in [true, false] {
        let mut company = left_in_february(IN_ARREARS, listed);
        again(company.person("1001"), "2026-04-01");
        company.person("1001").pays("MED EE", "").pays("MED ER", "");
        company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
        company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
        company.person("1001").pays("MED EE", "200.00");
        company.night(JUNE_NIGHT, MAY).nothing();
    }
}

#[test]
fn who_is_hired_again_owes_nothing_of_the_time_between() {
    for listed in [true, false] {
        let mut company = left_in_february("coverage_end = \"leave_date\"", listed);
        again(company.person("1001"), "2026-04-01");
        company.person("1001").pays("MED EE", "").pays("MED ER", "");
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).nothing();
        // What is taken of it all the same is too much.
        let mut company = left_in_february("coverage_end = \"leave_date\"", listed);
        again(company.person("1001"), "2026-04-01");
        company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical -100.00"]);
    }
}

#[test]
fn a_leave_date_before_the_day_on_which_benifex_has_somebody_begin_anew_is_no_dispute() {
    let mut company = left_in_february(IN_ARREARS, true);
    again(company.person("1001"), "2026-04-01");
    company.person("1001").pays("Leave Date", "2026-02-28").pays("Hire Date", "2020-01-06");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn the_first_pay_in_advance_of_who_is_hired_again_takes_its_own_month_too() {
    let rules = "first_deduction = \"in advance\"\ncoverage_end = \"leave_date\"";
    for (taken, open) in [("200.00", vec![]), ("100.00", vec!["* 1001 _Medical 100.00"])] {
        let mut company = Company::new(MONTHLY);
        company.scheme(rules);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1001").leaves("2026-02-28").pays("MED EE", "").pays("MED ER", "");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        again(company.person("1001"), "2026-04-01");
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").pays("MED EE", taken);
        company.night(MAY_NIGHT, APRIL).only(&open);
        company.person("1001").pays("MED EE", "100.00");
        company.night(JUNE_NIGHT, MAY).only(&open);
    }
}

#[test]
fn who_is_hired_again_after_the_months_deduction_owes_nothing_of_that_month() {
    let mut company = Company::deducting(BIWEEKLY, 12, "100.00");
    company.scheme("deduction_dates = \"first 1 of a month\"\nfirst_deduction = \"same pay\"\nproration = \"calendar days\"\ncoverage_end = \"leave_date\"");
    company.night("2026-02-10", ["2026-01-26", "2026-02-08", "2026-02-06"]).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-02-24", ["2026-02-09", "2026-02-22", "2026-02-20"]).nothing();
    company.person("1001").leaves("2026-02-28");
    company.all(|p| _ = p.pays("MED EE", "100.00"));
    company.person("1001").pays("MED EE", "");
    company.night("2026-03-10", ["2026-02-23", "2026-03-08", "2026-03-06"]).nothing();
    again(company.person("1001"), "2026-03-09");
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-03-24", ["2026-03-09", "2026-03-22", "2026-03-20"]).nothing();
    company.all(|p| _ = p.pays("MED EE", "100.00"));
    company.night("2026-04-07", ["2026-03-23", "2026-04-05", "2026-04-03"]).nothing();
}
