//! Cover that begins, ends or pauses around a pay period, with the scheme's rule in the job and without one.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};
use crate::support::shown;

/// Somebody who joined on 16 March, with cover from that day.
fn joiner(company: &mut Company) {
    let joiner = company.person("1001");
    joiner.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-16"))]);
    joiner.user("/employment/startDate", json!("2026-03-16"));
    joiner.user("/employment/originalStartDate", json!("2026-03-16"));
    joiner.pays("Hire Date", "2026-03-16").pays("MED EE", "").pays("MED ER", "");
}

/// Somebody who left on 20 March; both sides know it.
fn leaver(company: &mut Company) {
    let leaver = company.person("1001");
    leaver.user("/employment/leaveDate", json!("2026-03-20")).pays("Leave Date", "2026-03-20");
}

#[test]
fn joiner_first_deduction_next_month() {
    let mut company = Company::new(MONTHLY);
    joiner(&mut company);
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn a_joiner_pays_what_any_practice_makes_of_half_a_month() {
    // 16 of 31 days, 12 of 22 working days, 15 of 30, all.
    for taken in ["51.61", "54.55", "50.00", "100.00"] {
        let mut company = Company::new(MONTHLY);
        joiner(&mut company);
        company.person("1001").pays("MED EE", taken);
        company.night("2026-04-02", MARCH).nothing();
    }
}

#[test]
fn a_joiner_who_pays_what_no_practice_takes_is_told_with_the_least_that_is_wrong() {
    let mut company = Company::new(MONTHLY);
    joiner(&mut company);
    company.person("1001").pays("MED EE", "130.00");
    let night = company.night("2026-04-02", MARCH);
    night.only(&["AM08 1001 _Medical -30.00"]);
    assert!(night.finding("AM08 1001 _Medical -30.00")["sentence"].contains("51.61 USD by calendar days"));
}

#[test]
fn a_stated_proration_is_exact() {
    let mut company = Company::new(MONTHLY);
    joiner(&mut company);
    company.scheme("proration = \"calendar days\"");
    company.person("1001").pays("MED EE", "51.61");
    company.night("2026-04-02", MARCH).nothing();
    company.person("1001").pays("MED EE", "50.00");
    company.night("2026-04-03", MARCH).only(&["AM08 1001 _Medical 1.61"]);
}

#[test]
fn a_wash_day_takes_all_or_nothing() {
    let mut company = Company::new(MONTHLY);
    joiner(&mut company);
    company.scheme("proration = \"wash day 15\"");
    company.night("2026-04-02", MARCH).nothing();
    company.person("1001").pays("MED EE", "51.61");
    company.night("2026-04-03", MARCH).only(&["AM08 1001 _Medical -51.61"]);
}

#[test]
fn the_first_deduction_in_arrears_is_that_of_the_month_before() {
    let mut company = Company::new(MONTHLY);
    joiner(&mut company);
    company.person("1001").pays("MED EE", "51.61");
    company.night("2026-05-04", APRIL).nothing();
}

#[test]
fn leaver_eom_gone() {
    let mut company = Company::new(MONTHLY);
    company.job("[rules]\ncoverage_end = \"end_of_month\"");
    leaver(&mut company);
    company.person("1001").covers(&[]);
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn a_leaver_may_pay_for_the_days_or_for_the_whole_month() {
    // 20 of 31 days, 15 of 22 working days, 20 of 30, all, nothing.
    for taken in ["64.52", "68.18", "66.67", "100.00", ""] {
        let mut company = Company::new(MONTHLY);
        leaver(&mut company);
        company.person("1001").pays("MED EE", taken).pays("MED ER", "");
        company.night("2026-04-02", MARCH).nothing();
    }
}

#[test]
fn with_cover_to_the_end_of_the_month_half_a_deduction_is_too_little() {
    let mut company = Company::new(MONTHLY);
    company.job("[rules]\ncoverage_end = \"end_of_month\"");
    leaver(&mut company);
    company.person("1001").pays("MED EE", "50.00");
    company.night("2026-04-02", MARCH).only(&["AM01 1001 _Medical 50.00"]);
}

#[test]
fn a_leaver_of_last_month_who_is_deducted_again_is_told() {
    // January and February were taken; on a first night nobody knows.
    let mut company = Company::until_february();
    let leaver = company.person("1001");
    leaver.user("/employment/leaveDate", json!("2026-02-20")).pays("Leave Date", "2026-02-20").covers(&[]);
    company.night("2026-04-02", MARCH).only(&["EN05 1001 _Medical -100.00"]);
}

#[test]
fn who_opts_out_inside_the_month_is_not_accused_of_the_days_before() {
    let mut company = Company::new(MONTHLY);
    let ended = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-03-10");
    company.person("1001").covers(&[("_Medical", ended)]).pays("MED EE", "32.26");
    let night = company.night("2026-04-02", MARCH);
    night.nothing();
    night.unverified("1001", "_Medical");
}

#[test]
fn in_advance() {
    let mut company = Company::new(MONTHLY);
    company.scheme("first_deduction = \"in advance\"");
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-02"))]);
    company.night("2026-04-02", MARCH).nothing();
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night("2026-04-03", MARCH).only(&["EN01 1001 _Medical 100.00"]);
}

#[test]
fn a_deduction_before_cover_is_not_judged_while_nobody_said_whether_it_is_in_advance() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-02"))]);
    let night = company.night("2026-04-02", MARCH);
    night.nothing();
    night.unverified("1001", "_Medical");
    assert!(night.unverified[0]["reason"].contains("first_deduction"), "{:?}", night.unverified);
}

#[test]
fn a_deduction_before_cover_is_told_where_the_scheme_deducts_with_the_same_pay() {
    let mut company = Company::new(MONTHLY);
    company.scheme("first_deduction = \"same pay\"");
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-02"))]);
    company.night("2026-04-02", MARCH).only(&["EN11 1001 _Medical -100.00"]);
}

#[test]
fn unpaid_leave() {
    let mut company = Company::new(MONTHLY);
    let away = company.person("1001");
    away.user("/employment/employmentStatus", json!("Unpaid leave")).pays("MED EE", "").pays("MED ER", "");
    company.night("2026-03-03", FEBRUARY).only(&["TM11 1001 _Medical 100.00"]);
}

#[test]
fn hours_of_nothing_are_unpaid_leave_too() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll.columns]\nhours = \"Hours\"");
    company.all(|person| {
        person.pays("Hours", "40");
    });
    company.person("1001").pays("Hours", "0.00").pays("MED EE", "").pays("MED ER", "");
    let night = company.night("2026-03-03", FEBRUARY);
    night.finding("TM11 1001 _Medical 100.00");
}

#[test]
fn who_is_on_leave_and_pays_all_the_same_is_right() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").user("/employment/employmentStatus", json!("On leave"));
    company.night("2026-03-03", FEBRUARY).nothing();
}

/// A row of these days of March, while the others have the whole month.
fn row_of(company: &mut Company, days: [&str; 2]) {
    company.person("1001").pays("Period Start", days[0]).pays("Period End", days[1]);
}

#[test]
fn a_joiner_with_a_row_of_the_last_days_is_judged_within_the_month() {
    for (taken, told) in [("", &[][..]), ("51.61", &[]), ("100.00", &[]), ("130.00", &["AM08 1001 _Medical -30.00"])] {
        let mut company = Company::new(MONTHLY);
        joiner(&mut company);
        row_of(&mut company, ["2026-03-16", "2026-03-31"]);
        company.person("1001").pays("MED EE", taken);
        company.night("2026-04-02", MARCH).only(told);
        row_of(&mut company, ["2026-04-01", "2026-04-30"]);
        company.person("1001").pays("MED EE", "100.00");
        company.night("2026-05-04", APRIL).only(told);
    }
}

#[test]
fn a_leaver_with_a_row_of_the_first_days_is_judged_within_the_month() {
    // 20 of 31 days, all, nothing; and more than all.
    for (taken, told) in [("64.52", &[][..]), ("100.00", &[]), ("", &[]), ("120.00", &["AM08 1001 _Medical -20.00"])] {
        let mut company = Company::until_february();
        leaver(&mut company);
        row_of(&mut company, ["2026-03-01", "2026-03-20"]);
        company.person("1001").pays("MED EE", taken);
        company.night("2026-04-02", MARCH).only(told);
    }
}

#[test]
fn joiners_and_leavers_without_the_word_of_a_frequency_are_known_by_their_dates() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.pays("Pay Frequency", ""));
    leaver(&mut company);
    row_of(&mut company, ["2026-03-01", "2026-03-20"]);
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn a_row_of_a_part_without_the_word_of_the_others_is_judged_within_the_month() {
    let mut company = Company::new(MONTHLY);
    leaver(&mut company);
    row_of(&mut company, ["2026-03-01", "2026-03-20"]);
    company.person("1001").pays("Pay Frequency", "").pays("MED EE", "64.52");
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn a_joiner_alone_in_a_pay_group_is_judged_within_the_month() {
    let mut company = Company::new(MONTHLY);
    joiner(&mut company);
    row_of(&mut company, ["2026-03-16", "2026-03-31"]);
    company.person("1001").pays("Pay Group", "G2").pays("MED EE", "51.61");
    company.person("1001").user("/employment/salaryDetails/payGroup", json!("G2"));
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn the_late_row_of_a_leaver_does_not_keep_the_others_from_their_night() {
    let mut company = Company::until_february();
    company.person("1001").leaves("2026-03-20").on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").covers(&[]).on_payroll(true).pays("MED EE", "64.52");
    row_of(&mut company, ["2026-03-01", "2026-03-20"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_file_of_two_months_is_refused_as_before() {
    let mut company = Company::new(MONTHLY);
    company.night("2026-03-03", FEBRUARY).nothing();
    for id in ["1001", "1002"] {
        company.person(id).pays("Period Start", "2026-02-01").pays("Period End", "2026-02-28");
    }
    let output = company.attempt("2026-04-02", MARCH);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(shown(&output).contains("mixes pay periods of one pay group"), "{}", shown(&output));
}

#[test]
fn the_part_of_a_leavers_last_month_that_nobody_took_is_owed() {
    let mut company = Company::new(MONTHLY);
    company.job("[rules]\ncoverage_end = \"leave_date\"").scheme("proration = \"calendar days\"");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").leaves("2026-02-14").pays("MED EE", "").pays("MED ER", "");
    // 14 of the 28 days of February; that a part is less than a month's deduction is no change of the price.
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 50.00"]);
}

#[test]
fn a_last_part_month_is_right_with_an_older_debt_and_less_an_older_credit() {
    // February was missed; with it 13 of the 31 days of March, or all of March.
    for taken in ["141.94", "200.00"] {
        let mut company = Company::missed_february();
        company.person("1001").leaves("2026-03-13").pays("MED EE", taken);
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").on_payroll(false).covers(&[]);
        company.night(MAY_NIGHT, APRIL).nothing();
    }
    // 50.00 too much in February; 41.94 of March less that.
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "150.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -50.00"]);
    company.person("1001").leaves("2026-03-13").pays("MED EE", "-8.06");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn more_than_an_older_debt_and_the_whole_month_is_too_much() {
    let mut company = Company::missed_february();
    company.person("1001").leaves("2026-03-13").pays("MED EE", "230.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical -30.00"]);
}

#[test]
fn a_part_of_a_sacrifice_that_payroll_shows_as_the_employers_is_no_drift() {
    let mut company = Company::new(MONTHLY);
    company.job("[deductions]\nsacrifice_codes = [\"MED\"]");
    company.all(|person| _ = person.pays("MED EE", "").pays("MED ER", "100.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    // 14 of the 28 days of February.
    company.person("1001").leaves("2026-02-14").pays("MED ER", "50.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}
