//! Employee ids that a spreadsheet took for numbers in one month, and the month after they are right again.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

#[test]
fn an_id_as_a_power_of_ten_is_a_near_match_and_owes_nothing_later() {
    let mut company = Company::new(MONTHLY);
    company.hire("1E05");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1E05").pays("Employee ID", "1.00E+05");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID05 1.00E+05 - any"]);
    company.person("1E05").pays("Employee ID", "1E05");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn an_id_that_was_shortened_is_unverified_and_owes_nothing_later() {
    let mut company = Company::new(MONTHLY);
    company.hire("123456789012");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("123456789012").pays("Employee ID", "1.23457E+11");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    o.unverified("123456789012", "_Medical");
    company.person("123456789012").pays("Employee ID", "123456789012");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("123456789012").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).only(&["EN01 123456789012 _Medical 100.00"]);
}

/// Ids lost their zeros in February, when payroll took these amounts under them.
fn without_zeros(taken: &[(&'static str, &str)]) -> Company {
    let mut company = Company::new(MONTHLY);
    taken.iter().for_each(|(id, _)| _ = company.hire(id));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    for (id, amount) in taken {
        company.person(id).pays("Employee ID", id.trim_start_matches('0')).pays("MED EE", amount);
    }
    let near: Vec<String> = taken.iter().map(|(id, _)| format!("ID05 {} - any", id.trim_start_matches('0'))).collect();
    company.night(MARCH_NIGHT, FEBRUARY).only(&near.iter().map(String::as_str).collect::<Vec<_>>());
    taken.iter().for_each(|(id, _)| _ = company.person(id).pays("Employee ID", id).pays("MED EE", "100.00"));
    company
}

#[test]
fn what_was_taken_under_an_id_without_its_zeros_is_the_right_ones_once_payroll_writes_it() {
    let mut company = without_zeros(&[("0042", ""), ("0043", "60.00"), ("0044", "100.00"), ("0045", "120.00")]);
    let owed = ["EN01 0042 _Medical 100.00", "AM01 0043 _Medical 40.00", "AM01 0045 _Medical -20.00"];
    company.night(APRIL_NIGHT, MARCH).only(&owed);
    company.person("0042").pays("MED EE", "200.00");
    company.person("0043").pays("MED EE", "140.00");
    company.person("0045").pays("MED EE", "80.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_file_with_the_right_id_is_no_second_deduction_beside_the_one_with_the_wrong_id() {
    let mut company = without_zeros(&[("0042", "60.00")]);
    company.night("2026-03-04", FEBRUARY).nothing();
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    assert!(o.unverified.is_empty(), "{:?}", o.unverified);
}

#[test]
fn the_first_part_of_a_joiner_under_an_id_without_its_zeros_is_as_right_as_under_the_right_one() {
    let mut company = Company::after_january();
    let joiner =
        company.hire("0042").joins("2026-02-10").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-10"))]);
    joiner.pays("Employee ID", "42").pays("MED EE", "67.86");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID05 42 - any"]);
    company.person("0042").pays("Employee ID", "0042").pays("MED EE", "100.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    assert!(o.unverified.is_empty(), "{:?}", o.unverified);
}

#[test]
fn an_id_that_two_others_may_be_accuses_none_of_the_three() {
    let mut company = Company::new(MONTHLY);
    company.hire("0042");
    company.hire("042");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("0042").pays("Employee ID", "42");
    company.person("042").on_payroll(false);
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    o.unverified("0042", "_Medical");
    o.unverified("042", "_Medical");
    company.person("0042").pays("Employee ID", "0042");
    company.person("042").on_payroll(true);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn what_a_leaver_owes_is_unverified_where_a_last_row_under_the_wrong_id_may_have_paid_it() {
    let mut company = Company::new(MONTHLY);
    company.hire("0042");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("0042").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 0042 _Medical 100.00"]);
    let leaver = company.person("0042").pays("Employee ID", "42").pays("MED EE", "200.00");
    leaver.pays("Leave Date", "2026-03-31").user("/employment/leaveDate", json!("2026-03-31"));
    company.night(APRIL_NIGHT, MARCH).only(&["ID05 42 - any"]);
    company.person("0042").on_payroll(false).covers(&[]);
    let o = company.night(MAY_NIGHT, APRIL);
    o.nothing();
    o.unverified("0042", "_Medical");
    o.unverified("42", "_Medical");
}

#[test]
fn an_id_that_turns_out_to_be_another_persons_leaves_the_near_one_owing_what_was_forgotten() {
    let mut company = Company::new(MONTHLY);
    company.hire("0042");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.hire("42").joins("2026-02-01").unknown_to_benifex();
    company.person("0042").on_payroll(false);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID05 42 - any"]);
    company.person("0042").on_payroll(true);
    company.person("42").known_to_benifex();
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 0042 _Medical 100.00"]);
}

#[test]
fn a_catch_up_after_a_month_under_a_shortened_id_stays_unverified() {
    let mut company = Company::new(MONTHLY);
    company.hire("123456789012");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("123456789012").pays("Employee ID", "1.23457E+11").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("123456789012").pays("Employee ID", "123456789012").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("123456789012").pays("MED EE", "100.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.nothing();
    o.unverified("123456789012", "_Medical");
}
