//! Months that are not as the calendar has them: pay dates in the month after the period's, amounts that each run
//! rounds the other way, a month of two employments, words that payrolls use.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT,
    MONTHLY, Period,
};

const CHRISTMAS: Period = ["2025-12-15", "2025-12-28", "2026-01-02"];
const ADVENT: Period = ["2025-12-01", "2025-12-14", "2025-12-19"];
const NEW_YEAR: Period = ["2025-12-29", "2026-01-11", "2026-01-16"];

/// Paid every two weeks, some days after the period, and deducted twice a month: 50.00 of 100.00 a month.
fn paid_later() -> Company {
    let mut company = Company::new(BIWEEKLY);
    company.job("[[deductions.per_year]]\npay_group = \"G1\"\ndeductions = 24");
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]).pays("MED EE", "50.00");
    });
    company.night("2025-12-16", ADVENT).nothing();
    company
}

#[test]
fn a_pay_date_in_the_month_of_a_new_rate_may_take_it_or_the_old_one() {
    let renewed = || Cover::yearly(1440.0, 0.0).from("2026-01-01").changed("2025-11-15");
    for taken in ["60.00", "50.00"] {
        let mut company = paid_later();
        company.all(|p| _ = p.covers(&[("_Medical", renewed())]).pays("MED EE", taken));
        let o = company.night("2025-12-30", CHRISTMAS);
        o.nothing();
        if taken == "60.00" {
            o.unverified("1000", "_Medical");
        }
        company.all(|p| _ = p.pays("MED EE", "60.00"));
        company.night("2026-01-13", NEW_YEAR).nothing();
    }
}

#[test]
fn a_rule_says_which_of_the_two_rates_such_a_pay_date_takes() {
    let mut company = paid_later();
    company.scheme("first_deduction = \"same pay\"");
    let renewed = Cover::yearly(1440.0, 0.0).from("2026-01-01").changed("2025-11-15");
    company.person("1001").covers(&[("_Medical", renewed)]).pays("MED EE", "60.00");
    company.night("2025-12-30", CHRISTMAS).only(&["AM01 1001 _Medical -10.00"]);
}

#[test]
fn a_pay_date_in_the_first_month_of_cover_may_take_its_first_deduction() {
    let mut company = paid_later();
    company.person("1001").covers(&[]).pays("MED EE", "");
    company.night("2025-12-16", ADVENT).only(&[]);
    let new = Cover::yearly(1200.0, 0.0).from("2026-01-01").changed("2025-12-18");
    company.person("1001").covers(&[("_Medical", new)]).pays("MED EE", "50.00");
    let o = company.night("2025-12-30", CHRISTMAS);
    o.nothing();
    o.unverified("1001", "_Medical");
    company.night("2026-01-13", NEW_YEAR).nothing();
}

/// 1,000.00 a year are 83.33 a month; payroll takes a cent more.
fn rounded_up() -> Company {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1000.0, 0.0))]).pays("MED EE", "83.34"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 83.33"]);
    company
}

#[test]
fn a_catch_up_of_two_months_is_rounded_twice() {
    let mut company = rounded_up();
    company.person("1001").pays("MED EE", "166.68");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "83.34");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_catch_up_of_three_months_is_rounded_thrice_and_a_cent_more_is_told() {
    for (taken, right) in [("250.02", true), ("249.98", true), ("250.06", false)] {
        let mut company = rounded_up();
        company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Medical 166.66"]);
        company.person("1001").pays("MED EE", taken);
        let o = company.night(MAY_NIGHT, APRIL);
        match right {
            true => o.nothing(),
            false => o.only(&["TM03 1001 _Medical -0.07"]),
        }
    }
}

#[test]
fn a_month_of_two_employments_is_one_month() {
    let first = [("Period End", "2026-03-15")];
    let second = [("Period Start", "2026-03-16"), ("Period End", "2026-03-31")];
    for (taken, found) in [(["50.00", "50.00"], None), (["0.00", "100.00"], None), (["50.00", "0.00"], Some("50.00"))] {
        let mut company = Company::new(MONTHLY);
        company.job("[payroll]\nseveral_rows = { sum = [\"hours\"] }");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let of_second = [&second[..], &[("MED EE", taken[1]), ("Pay Group", "G1")]].concat();
        company.person("1001").pays(first[0].0, first[0].1).pays("MED EE", taken[0]).further_row(&of_second);
        let o = company.night(APRIL_NIGHT, MARCH);
        match found {
            None => o.nothing(),
            Some(missing) => o.only(&[&format!("AM01 1001 _Medical {missing}")]),
        }
    }
}

#[test]
fn words_that_mean_one_frequency_alone_need_no_map() {
    let mut company = Company::new(BIWEEKLY);
    company.all(|p| _ = p.pays("MED EE", "46.15"));
    for (id, word) in
        [("1000", "Bi-Weekly"), ("1001", "fortnightly"), ("1002", "Every two weeks"), ("1003", "biweekly")]
    {
        company.person(id).pays("Pay Frequency", word);
    }
    company.night(MARCH_NIGHT, ["2026-02-09", "2026-02-22", "2026-02-27"]).nothing();
}

#[test]
fn an_hours_pay_of_four_decimals_is_what_benbase_holds_in_cents() {
    let mut company = Company::new(MONTHLY);
    let person = company.person("1001").pays("Salary", "28.8462").pays("Rate Basis", "hourly");
    person.benbase("/pay_rate", json!({"amount": "28.85", "period": "hourly", "effective_start": "2025-01-01"}));
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

/// Two pay groups of one job whose files come in turn: 1003 and 1004 are of the second one.
fn in_turn() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\npay_groups = [\"G1\", \"G2\"]");
    for id in ["1003", "1004"] {
        company.person(id).pays("Pay Group", "G2").user("/employment/salaryDetails/payGroup", json!("G2"));
    }
    company
}

fn file_of(company: &mut Company, group: &[&str], ids: &[&str]) {
    company.all(|p| _ = p.on_payroll(false));
    for id in ids {
        company.person(id).on_payroll(true).pays("Pay Group", group[0]);
    }
}

#[test]
fn nobody_is_missing_of_a_named_group_whose_file_comes_on_another_night() {
    let mut company = in_turn();
    file_of(&mut company, &["G1"], &["1000", "1001", "1002"]);
    // The job says that the group is of this payroll, and no file ever held it.
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["ID02 1003 - 100.00", "ID02 1004 - 100.00"]);
    file_of(&mut company, &["G2"], &["1003", "1004"]);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    for (night, month) in [(FEBRUARY_NIGHT, JANUARY), (MARCH_NIGHT, FEBRUARY)] {
        file_of(&mut company, &["G1"], &["1000", "1001", "1002"]);
        company.night(night, month).nothing();
        file_of(&mut company, &["G2"], &["1003", "1004"]);
        company.night(night, month).nothing();
    }
    file_of(&mut company, &["G1"], &["1000", "1001"]);
    company.night(APRIL_NIGHT, MARCH).only(&["ID02 1002 - 100.00"]);
}

#[test]
fn who_moves_to_another_named_group_has_left_no_payroll() {
    let mut company = in_turn();
    file_of(&mut company, &["G2"], &["1003", "1004"]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID02 1000 - 100.00", "ID02 1001 - 100.00", "ID02 1002 - 100.00"]);
    file_of(&mut company, &["G1"], &["1000", "1001", "1002"]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1002").user("/employment/salaryDetails/payGroup", json!("G2"));
    file_of(&mut company, &["G1"], &["1000", "1001"]);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_doubled_deduction_on_the_first_night_is_told_where_cover_was_stamped_anew() {
    let mut company = Company::new(MONTHLY);
    let renewed = || Cover::yearly(1200.0, 0.0).from("2026-01-01").changed("2026-01-01");
    company.all(|p| _ = p.covers(&[("_Medical", renewed())]));
    company.person("1001").pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -100.00"]);
}

#[test]
fn who_elected_after_the_first_day_of_cover_pays_for_the_months_before() {
    let mut company = Company::new(MONTHLY);
    let late = Cover::yearly(1200.0, 0.0).from("2026-01-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", late)]).pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}
