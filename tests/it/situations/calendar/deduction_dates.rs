//! The pay calendar: on which pay dates a benefit is deducted.

use crate::situations::company::{BIWEEKLY, Company, MONTHLY, Period, WEEKLY};

/// The third biweekly pay date of January 2026, after those of the 2nd and the 16th.
const THIRD: Period = ["2026-01-11", "2026-01-24", "2026-01-30"];
const SECOND: Period = ["2025-12-28", "2026-01-10", "2026-01-16"];
/// The fifth Friday of January 2026.
const FIFTH: Period = ["2026-01-17", "2026-01-23", "2026-01-30"];
/// 2026 begins on a Thursday and has 53 of them.
const LAST_THURSDAY: Period = ["2026-12-18", "2026-12-24", "2026-12-31"];

fn stated(company: &mut Company, dates: &str) {
    company.job(&format!("[[schemes]]\nbenefit = \"_Medical\"\ndeduction_dates = \"{dates}\""));
}

#[test]
fn bw24_holiday() {
    Company::deducting(BIWEEKLY, 24, "").night("2026-01-31", THIRD).nothing();
}

#[test]
fn bw24_holiday_taken() {
    let mut company = Company::deducting(BIWEEKLY, 24, "");
    company.person("1001").pays("MED EE", "50.00");
    company.night("2026-01-31", THIRD).only(&["AM06 1001 _Medical -50.00"]);
}

#[test]
fn a_written_zero_on_a_third_pay_date_is_no_deduction_either() {
    Company::deducting(BIWEEKLY, 24, "0.00").night("2026-01-31", THIRD).nothing();
}

#[test]
fn on_the_second_pay_date_of_a_month_who_was_not_deducted_is_missing() {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    company.person("1002").pays("MED EE", "");
    company.night("2026-01-17", SECOND).only(&["EN01 1002 _Medical 50.00"]);
}

#[test]
fn on_the_third_pay_date_of_a_month_who_pays_with_every_pay_is_deducted() {
    let mut company = Company::deducting(BIWEEKLY, 26, "46.15");
    company.person("1002").pays("MED EE", "");
    company.night("2026-01-31", THIRD).only(&["EN01 1002 _Medical 46.15"]);
}

#[test]
fn a_job_can_say_that_the_first_two_pay_dates_are_not_the_ones() {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    stated(&mut company, "every pay");
    company.night("2026-01-31", THIRD).nothing();
}

#[test]
fn the_fifth_weekly_pay_date_of_a_month_is_free_with_four_deductions_a_month() {
    let mut company = Company::deducting(WEEKLY, 48, "");
    company.night("2026-01-31", FIFTH).nothing();
    company.person("1003").pays("MED EE", "25.00");
    company.night("2026-02-01", FIFTH).only(&["AM06 1003 _Medical -25.00"]);
}

#[test]
fn what_is_deducted_once_a_month_is_deducted_on_the_first_of_two_pay_dates() {
    let mut company = Company::deducting(BIWEEKLY, 12, "");
    company.night("2026-01-17", SECOND).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-01-18", SECOND).only(&["AM06 1001 _Medical -100.00"]);
}

#[test]
fn the_53rd_weekly_pay_date_is_free_of_amounts_that_are_a_52nd() {
    let mut company = Company::deducting(WEEKLY, 52, "");
    company.night("2027-01-01", LAST_THURSDAY).nothing();
    company.person("1004").pays("MED EE", "23.08");
    company.night("2027-01-02", LAST_THURSDAY).only(&["TM09 1004 _Medical -23.08"]);
}

#[test]
fn amounts_that_are_built_on_53_pay_dates_are_deducted_on_the_last_one_too() {
    let mut company = Company::deducting(WEEKLY, 53, "22.64");
    company.person("1004").pays("MED EE", "");
    company.night("2027-01-01", LAST_THURSDAY).only(&["EN01 1004 _Medical 22.64"]);
}

#[test]
fn a_job_can_deduct_on_the_extra_pay_date() {
    let mut company = Company::deducting(WEEKLY, 52, "23.08");
    company.job("[[schemes]]\npay_group = \"G1\"\nextra_pay_date = \"deduction\"");
    company.night("2027-01-01", LAST_THURSDAY).nothing();
}

#[test]
fn a_quarterly_benefit_is_due_in_the_months_that_the_job_names() {
    let february: Period = ["2026-02-01", "2026-02-28", "2026-02-27"];
    let april: Period = ["2026-04-01", "2026-04-30", "2026-04-30"];
    let mut company = Company::deducting(MONTHLY, 4, "");
    stated(&mut company, "months 1, 4, 7, 10");
    company.night("2026-03-03", february).nothing();
    company.person("1001").pays("MED EE", "300.00");
    company.night("2026-03-04", february).only(&["AM06 1001 _Medical -300.00"]);
    company.all(|person| {
        person.pays("MED EE", "300.00");
    });
    company.person("1002").pays("MED EE", "");
    let told = company.night("2026-05-04", april);
    told.finding("EN01 1002 _Medical 300.00");
}

#[test]
fn nobody_is_accused_of_a_quarterly_benefit_whose_months_nobody_named() {
    let mut company = Company::deducting(MONTHLY, 4, "");
    let night = company.night("2026-03-03", ["2026-02-01", "2026-02-28", "2026-02-27"]);
    night.nothing();
    night.unverified("1001", "_Medical");
}

#[test]
fn a_school_deducts_in_ten_months_of_the_year() {
    let july: Period = ["2026-07-01", "2026-07-31", "2026-07-31"];
    let mut company = Company::deducting(MONTHLY, 10, "");
    stated(&mut company, "months 1, 2, 3, 4, 5, 6, 9, 10, 11, 12");
    company.night("2026-08-03", july).nothing();
}

#[test]
fn a_list_of_deduction_dates_is_exact_where_it_reaches() {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    std::fs::write(company.site().path("dates.csv"), "pay_date\n2026-01-02\n2026-01-30\n").expect("written");
    company.job("[[schemes]]\npay_group = \"G1\"\ndeduction_dates_file = \"dates.csv\"");
    company.night("2026-01-31", THIRD).nothing();
    company.night("2026-02-01", SECOND).finding("AM06 1003 _Medical -50.00");
}

#[test]
fn nobody_is_accused_on_a_pay_date_that_the_list_does_not_reach() {
    let mut company = Company::deducting(BIWEEKLY, 24, "");
    std::fs::write(company.site().path("dates.csv"), "pay_date\n2026-02-13\n").expect("written");
    company.job("[[schemes]]\npay_group = \"G1\"\ndeduction_dates_file = \"dates.csv\"");
    let night = company.night("2026-01-31", THIRD);
    night.nothing();
    night.unverified("1002", "_Medical");
}
