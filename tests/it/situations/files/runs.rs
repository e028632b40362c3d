//! Runs, files and periods: reversals, voids, corrections of earlier periods, files of corrections alone, months that
//! were never read.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY_NIGHT, JUNE, JUNE_NIGHT,
    MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY, WEEKLY,
};

const OF_FEBRUARY: [(&str, &str); 3] =
    [("Period Start", "2026-02-01"), ("Period End", "2026-02-28"), ("Pay Date", "2026-02-27")];

fn cells<'c>(more: &[(&'c str, &'c str)], of: &[(&'c str, &'c str)]) -> Vec<(&'c str, &'c str)> {
    [more, of].concat()
}

#[test]
fn a_reversal_and_a_new_payment_count_together() {
    let mut company = Company::new(MONTHLY);
    let p = company.person("1001");
    p.pays("MED EE", "80.00");
    p.further_row(&[("Run Type", "correction"), ("MED EE", "-80.00")]);
    p.further_row(&[("Run Type", "correction"), ("MED EE", "100.00")]);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_void_check_and_its_new_issue_count_together() {
    for words in [["void", "reissue"], ["Reversal", "Manual"], ["VOID CHECK", "manual check"]] {
        let mut company = Company::new(MONTHLY);
        company.job("[payroll]\nrun_type_map = { void = \"correction\", reissue = \"correction\", \"void check\" = \"correction\" }");
        let p = company.person("1001");
        p.further_row(&[("Run Type", words[0]), ("MED EE", "-100.00")]);
        p.further_row(&[("Run Type", words[1]), ("MED EE", "100.00")]);
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(o.findings.iter().all(|f| f["benefit"].is_empty()), "{words:?} {}", o.told());
    }
}

#[test]
fn a_run_that_the_job_leaves_out_took_nothing() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\nrun_type_map = { trial = \"left_out\" }");
    company.person("1001").further_row(&[("Run Type", "Trial"), ("MED EE", "100.00")]);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_void_check_without_a_new_one_leaves_the_month_owing() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").further_row(&[("Run Type", "correction"), ("MED EE", "-100.00")]);
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn a_correction_of_last_month_in_this_months_file_settles_last_month() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    let p = company.person("1001");
    p.pays("MED EE", "100.00");
    p.further_row(&cells(&[("Run Type", "correction"), ("MED EE", "-20.00")], &OF_FEBRUARY));
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_file_of_corrections_alone_settles_and_accuses_nobody_who_is_not_in_it() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "correction").pays("MED EE", "-20.00");
    company.night("2026-03-10", FEBRUARY).nothing();
    // The same file again counts once, and so does the regular one.
    company.night("2026-03-11", FEBRUARY).nothing();
    company.all(|p| _ = p.on_payroll(true).pays("Run Type", "regular").pays("MED EE", "100.00"));
    company.person("1001").pays("MED EE", "120.00");
    company.night("2026-03-12", FEBRUARY).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_file_of_corrections_alone_leaves_what_it_does_not_settle() {
    let mut company = Company::missed_february();
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "off_cycle").pays("MED EE", "60.00");
    company.night("2026-03-10", FEBRUARY).only(&["* 1001 _Medical 40.00"]);
    company.all(|p| _ = p.on_payroll(true).pays("Run Type", "regular").pays("MED EE", "100.00"));
    company.person("1001").pays("MED EE", "140.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

/// Payroll of February left out 1001, and the file of tonight holds what other runs took alone.
fn after_a_missed_february() -> Company {
    let mut company = Company::missed_february();
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "off_cycle");
    company
}

#[test]
fn a_catch_up_paid_on_the_last_day_of_the_next_month_is_not_forgotten() {
    let mut company = after_a_missed_february();
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-04-01", ["2026-02-01", "2026-02-28", "2026-03-31"]).nothing();
    company.all(|p| _ = p.on_payroll(true).pays("Run Type", "regular").pays("MED EE", "100.00"));
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn two_off_cycle_files_of_one_day_do_not_replace_each_other() {
    let day = ["2026-02-01", "2026-02-28", "2026-03-09"];
    let mut company = after_a_missed_february();
    company.person("1001").pays("MED EE", "60.00");
    company.night("2026-03-10", day).only(&["* 1001 _Medical 40.00"]);
    company.person("1001").pays("MED EE", "40.00");
    let o = company.night("2026-03-11", day);
    o.nothing();
    o.unverified("1001", "_Medical");
}

#[test]
fn a_correction_that_gives_back_what_was_right_is_told() {
    let mut company = Company::until_february();
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "correction").pays("MED EE", "-100.00");
    company.night("2026-03-10", ["2026-02-01", "2026-02-28", "2026-03-09"]).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn nothing_is_corrected_by_the_pay_of_an_off_cycle_run() {
    let mut company = Company::until_february();
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "off_cycle").pays("MED EE", "").pays("MED ER", "");
    company.person("1001").pays("Salary", "72000.00").pays("Salary Effective", "2026-03-01");
    company.night("2026-03-10", ["2026-02-01", "2026-02-28", "2026-03-09"]).nothing_queued();
}

#[test]
fn a_file_of_corrections_on_a_first_night_accuses_nobody() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "correction").pays("MED EE", "-20.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|f| f["benefit"].is_empty()), "{}", o.told());
}

#[test]
fn a_bonus_run_in_a_file_of_its_own_accuses_nobody() {
    let mut company = Company::after_january();
    company.all(|p| _ = p.pays("Run Type", "bonus").pays("MED EE", "").pays("MED ER", ""));
    company.person("1004").on_payroll(false);
    company.night("2026-02-12", ["2026-02-10", "2026-02-10", "2026-02-10"]).nothing();
    company.all(|p| _ = p.pays("Run Type", "regular").pays("MED EE", "100.00").on_payroll(true));
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn an_off_cycle_row_with_days_of_its_own_counts_with_the_month() {
    let mut company = Company::after_january();
    let p = company.person("1001");
    p.pays("MED EE", "");
    p.further_row(&[
        ("Run Type", "off_cycle"),
        ("Period Start", "2026-02-20"),
        ("Period End", "2026-02-20"),
        ("Pay Date", "2026-02-20"),
        ("MED EE", "100.00"),
    ]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn two_weeks_in_one_file_are_two_weeks() {
    let mut company = Company::new(WEEKLY);
    company.job("[payroll]\nseveral_rows = { sum = [\"hours\"] }");
    company.all(|p| {
        p.pays("MED EE", "23.08").pays("MED ER", "");
        p.further_row(&[("Period Start", "2026-03-09"), ("Period End", "2026-03-15"), ("Pay Date", "2026-03-20")]);
    });
    company.night("2026-03-21", ["2026-03-02", "2026-03-08", "2026-03-13"]).nothing();
}

#[test]
fn two_fortnights_in_one_file_accuse_nobody() {
    let mut company = Company::new(BIWEEKLY);
    company.all(|p| {
        p.pays("MED EE", "46.15").pays("MED ER", "");
        p.further_row(&[("Period Start", "2026-03-16"), ("Period End", "2026-03-29"), ("Pay Date", "2026-04-03")]);
    });
    let o = company.night("2026-04-04", ["2026-03-02", "2026-03-15", "2026-03-20"]);
    assert!(o.findings.iter().all(|f| f["benefit"].is_empty() || f["code"] == "ID04"), "{}", o.told());
    o.unverified("1001", "_Medical");
    let said = o.unverified.iter().filter(|row| row["reason"].contains("several_rows")).count();
    assert!(said > 0, "{}", o.told());
}

#[test]
fn a_late_time_sheet_of_last_month_in_this_months_file_accuses_nobody() {
    let mut company = Company::after_january();
    company.person("1001").on_payroll(false);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID02 1001 - 100.00"]);
    let p = company.person("1001");
    p.on_payroll(true);
    p.further_row(&OF_FEBRUARY);
    let o = company.night(APRIL_NIGHT, MARCH);
    // 100.00 of each month was taken, in one file.
    assert!(!o.findings.iter().any(|f| f["exposure_to_date"] == "-100.00"), "{}", o.told());
}

#[test]
fn a_catch_up_of_a_month_whose_file_was_never_read_is_not_too_much() {
    let mut company = Company::until_february();
    // March's file, never read, took nothing.
    company.person("1001").pays("MED EE", "200.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.finding("CT08 - - -");
    assert!(o.findings.iter().all(|f| f["benefit"].is_empty()), "{}", o.told());
    o.unverified("1001", "_Medical");
    // Once March is read, April settles it.
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night("2026-05-05", MARCH).nothing();
    company.person("1001").pays("MED EE", "200.00");
    company.night("2026-05-06", APRIL).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_refund_for_a_month_whose_file_was_never_read_is_not_too_little() {
    let mut company = Company::until_february();
    company.person("1001").pays("MED EE", "60.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.finding("CT08 - - -");
    assert!(o.findings.iter().all(|f| f["benefit"].is_empty()), "{}", o.told());
}

#[test]
fn what_the_month_after_an_unread_one_was_short_or_over_is_made_good_by_the_next() {
    for (april, may, june) in [
        ("90.00", "110.00", "100.00"),
        ("110.00", "90.00", "100.00"),
        ("90.00", "105.00", "105.00"),
        ("90.00", "100.00", "110.00"),
    ] {
        let mut company = Company::until_february();
        company.person("1001").pays("MED EE", april);
        let o = company.night(MAY_NIGHT, APRIL);
        o.unverified("1001", "_Medical");
        company.person("1001").pays("MED EE", may);
        company.night(JUNE_NIGHT, MAY).nothing();
        company.person("1001").pays("MED EE", june);
        let o = company.night(JULY_NIGHT, JUNE);
        o.nothing();
        assert!(o.unverified.is_empty(), "{}", o.told());
    }
}

#[test]
fn what_is_more_than_the_month_after_an_unread_one_was_short_may_be_of_the_unread_one() {
    let mut company = Company::until_february();
    company.person("1001").pays("MED EE", "90.00");
    company.night(MAY_NIGHT, APRIL).unverified("1001", "_Medical");
    company.person("1001").pays("MED EE", "130.00");
    let o = company.night(JUNE_NIGHT, MAY);
    o.nothing();
    o.unverified("1001", "_Medical");
}

#[test]
fn files_that_come_in_the_wrong_order_come_out_right_in_the_end() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "180.00");
    company.night(APRIL_NIGHT, MARCH);
    company.person("1001").pays("MED EE", "20.00");
    company.night("2026-04-03", FEBRUARY).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_same_file_on_many_nights_counts_once() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "90.00").further_row(&[("Run Type", "off_cycle"), ("MED EE", "4.00")]);
    for night in ["2026-03-03", "2026-03-04", "2026-03-05"] {
        if night != "2026-03-03" {
            company.person("1001").further_row(&[("Run Type", "off_cycle"), ("MED EE", "4.00")]);
        }
        company.night(night, FEBRUARY).only(&["AM01 1001 _Medical 6.00"]);
    }
}

#[test]
fn codes_that_a_new_payroll_provider_writes_go_on_with_the_balance() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    company.job("[payroll]\nwide = [{ code = \"H1\", employee = \"Health EE\", employer = \"Health ER\" }]\n[deductions]\ncodes = { H1 = \"_Medical\" }");
    company.all(|p| _ = p.pays("Health EE", "100.00").pays("Health ER", "0.00"));
    company.person("1001").pays("Health EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_word_for_continued_cover_that_the_job_does_not_know_accuses_nobody() {
    let mut company = Company::until_february();
    let p = company.person("1001");
    p.user("/employment/leaveDate", json!("2026-02-28")).pays("Leave Date", "2026-02-28").on_payroll(false);
    p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).status("COBRA").changed("2026-03-02"))]);
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|f| f["code"] == "CT11"), "{}", o.told());
    company.job("[benifex]\nbenefit_status = { COBRA = \"ended\" }");
    company.night("2026-04-03", MARCH).nothing();
}

#[test]
fn a_leave_date_a_day_apart_over_the_end_of_the_month_accuses_nobody() {
    for (payroll, benifex) in [("2026-02-28", "2026-03-01"), ("2026-03-01", "2026-02-28")] {
        let mut company = Company::after_january();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let p = company.person("1001");
        p.pays("Leave Date", payroll).user("/employment/leaveDate", json!(benifex)).covers(&[]).pays("MED EE", "");
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").on_payroll(false);
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn a_last_pay_of_unused_holiday_without_deductions_is_right() {
    let mut company = Company::until_february();
    let p = company.person("1001");
    p.user("/employment/leaveDate", json!("2026-02-28")).pays("Leave Date", "2026-02-28").covers(&[]);
    p.pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn pay_that_does_not_cover_the_deduction_leaves_the_rest_owing_until_it_is_collected() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll.columns]\ngross_pay = \"Gross\"\nnet_pay = \"Net\"");
    company.all(|p| _ = p.pays("Gross", "5000.00").pays("Net", "3500.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("Gross", "80.00").pays("Net", "0.00").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Medical 20.00"]);
    company.person("1001").pays("Gross", "5000.00").pays("Net", "3500.00").pays("MED EE", "110.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 10.00"]);
    company.person("1001").pays("MED EE", "110.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn no_pay_at_all_is_leave_and_no_neglect() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll.columns]\ngross_pay = \"Gross\"\nnet_pay = \"Net\"");
    company.all(|p| _ = p.pays("Gross", "5000.00").pays("Net", "3500.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("Gross", "0.00").pays("Net", "-12.00").pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["TM11 1001 _Medical 100.00"]);
    company.person("1001").pays("Gross", "5000.00").pays("Net", "3500.00").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn two_jobs_in_two_pay_groups_share_one_balance() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\nseveral_rows = { home_column = \"Home\", home_words = [\"Y\"], sum = [\"base_salary\"] }");
    company.all(|p| _ = p.pays("Home", "Y"));
    let second = [("Home", "N"), ("Pay Group", "G2"), ("Salary", "20000.00"), ("MED EE", "30.00")];
    company.person("1001").pays("Salary", "40000.00").pays("MED EE", "40.00").further_row(&second);
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical 30.00"]);
    company.person("1001").pays("MED EE", "100.00").further_row(&second);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn an_id_given_to_somebody_else_on_both_sides_accuses_nobody() {
    let mut company = Company::after_january();
    company.person("1001").user("/employment/leaveDate", json!("2026-01-31")).on_payroll(false).covers(&[]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let p = company.person("1001");
    p.user("/forename", json!("Nils")).user("/surname", json!("Abara")).user("/dateOfBirth", json!("1990-05-06"));
    p.user("/employment/leaveDate", json!(null)).user("/employment/startDate", json!("2026-03-02"));
    p.user("/employment/originalStartDate", json!("2026-03-02"));
    p.on_payroll(true).pays("First Name", "Nils").pays("Last Name", "Abara").pays("Birth Date", "1990-05-06");
    p.pays("Hire Date", "2026-03-02").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-02"))]);
    p.linked_to("bb_9001");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_start_that_payroll_and_benifex_date_differently_is_not_missed() {
    // Benifex from Monday, 30 March; payroll's first pay is April's.
    let mut company = Company::after_january();
    let j = company.hire("1005");
    j.on_payroll(false).user("/employment/startDate", json!("2026-03-30"));
    j.user("/employment/originalStartDate", json!("2026-03-30"));
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-30"))]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
    // The two days of March with April's, or not.
    company.person("1005").on_payroll(true).pays("Hire Date", "2026-04-01").pays("MED EE", "106.45");
    company.night(MAY_NIGHT, APRIL).nothing();
}
