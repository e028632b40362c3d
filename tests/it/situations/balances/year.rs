//! A clerk's year: runs beside the regular one, records that replace others, dates that are corrected, and what is due
//! of two months at once.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT,
    MAY, MAY_NIGHT, MONTHLY, Pays, WEEKLY,
};

const EOM: &str = "[rules]\ncoverage_end = \"end_of_month\"";
const TWO_PLANS: &str = "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
                         { code = \"PLUS\", employee = \"PLUS EE\" }]\n\
                         [deductions]\ncodes = { MED = \"_Medical\", PLUS = \"_MedicalPlus\" }";

/// Only this person is in tonight's file, in a run of this kind.
fn alone(company: &mut Company, id: &str, run: &str, taken: &str) {
    company.all(|p| _ = p.on_payroll(false));
    company.person(id).on_payroll(true).pays("Run Type", run).pays("MED EE", taken);
}

/// All are in the file again.
fn together(company: &mut Company) {
    company.all(|p| _ = p.on_payroll(true).pays("Run Type", "regular").pays("MED EE", "100.00"));
}

#[test]
fn a_file_of_corrections_refunds_somebody_who_left() {
    let mut company = Company::after_january();
    company.person("1001").leaves("2026-02-28");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[]);
    company.night(APRIL_NIGHT, MARCH).only(&["EN05 1001 _Medical -100.00"]);
    alone(&mut company, "1001", "off_cycle", "-100.00");
    company.night("2026-04-10", ["2026-04-08", "2026-04-08", "2026-04-08"]).nothing();
    together(&mut company);
    company.person("1001").on_payroll(false);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn two_files_of_corrections_of_one_month_both_count() {
    let mut company = Company::missed_february();
    alone(&mut company, "1001", "correction", "60.00");
    company.night("2026-03-10", ["2026-02-01", "2026-02-28", "2026-03-09"]).only(&["* 1001 _Medical 40.00"]);
    alone(&mut company, "1001", "correction", "40.00");
    company.night("2026-03-17", ["2026-02-01", "2026-02-28", "2026-03-16"]).nothing();
    together(&mut company);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_correction_that_takes_what_nobody_owes_is_told() {
    let mut company = Company::until_february();
    alone(&mut company, "1001", "off_cycle", "100.00");
    let o = company.night("2026-03-10", FEBRUARY);
    o.only(&["AM06 1001 _Medical -100.00"]);
    let sentence = &o.finding("AM06 1001 _Medical -100.00")["sentence"];
    assert!(sentence.contains("a run beside the regular one"), "{sentence}");
    together(&mut company);
    company.person("1001").pays("MED EE", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn what_is_open_of_others_stays_open_in_a_night_of_corrections() {
    let mut company = Company::after_january();
    for id in ["1001", "1002"] {
        company.person(id).pays("MED EE", "90.00");
    }
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 10.00", "AM01 1002 _Medical 10.00"]);
    alone(&mut company, "1001", "correction", "10.00");
    company.night("2026-03-10", FEBRUARY).nothing();
    together(&mut company);
    company.night(APRIL_NIGHT, MARCH).only(&["* 1002 _Medical 10.00"]);
}

#[test]
fn a_bonus_run_of_its_own_takes_its_percentage() {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\npercent_of_pay = true");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    alone(&mut company, "1001", "bonus", "40.00");
    company.night("2026-02-12", ["2026-02-10", "2026-02-10", "2026-02-10"]).nothing();
}

#[test]
fn records_that_stand_side_by_side_month_after_month_owe_nothing() {
    let mut company = Company::until_february();
    let old = Cover::yearly(1200.0, 0.0);
    let new = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", old), ("_Medical", new)]).pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical 20.00"]);
}

#[test]
fn a_retroactive_election_of_two_records_that_is_not_caught_up_is_owed() {
    let mut company = Company::without_cover();
    let old = Cover::yearly(1200.0, 0.0).changed("2026-03-05");
    let new = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", old), ("_Medical", new)]).pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 200.00"]);
}

#[test]
fn a_plan_that_was_exchanged_from_last_month_on_is_charged_and_refunded() {
    let mut company = Company::new(MONTHLY);
    company.job(TWO_PLANS).all(|p| _ = p.pays("PLUS EE", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let plus = Cover::yearly(1800.0, 0.0).from("2026-02-01").changed("2026-03-05");
    company.person("1001").covers(&[("_MedicalPlus", plus)]).pays("MED EE", "-100.00").pays("PLUS EE", "300.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "").pays("MED ER", "").pays("PLUS EE", "150.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_dependant_added_from_last_month_on_is_caught_up_or_owed() {
    for (taken, right) in [("200.00", true), ("150.00", false)] {
        let mut company = Company::until_february();
        let family = Cover::yearly(1800.0, 0.0).from("2026-02-01").changed("2026-03-05");
        company.person("1001").covers(&[("_Medical", family)]).pays("MED EE", taken);
        let o = company.night(APRIL_NIGHT, MARCH);
        match right {
            true => o.nothing(),
            false => o.only(&["* 1001 _Medical 50.00"]),
        }
    }
}

#[test]
fn leave_a_renewal_and_arrears_in_two_parts() {
    let mut company = Company::after_january();
    company.person("1001").user("/employment/employmentStatus", json!("LOA")).pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["TM11 1001 _Medical 100.00"]);
    let renewed = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-10");
    let p = company.person("1001");
    p.user("/employment/employmentStatus", json!("Active")).covers(&[("_Medical", renewed)]).pays("MED EE", "170.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 50.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_leave_date_that_was_wrong_is_forgotten_once_it_is_corrected() {
    let mut company = Company::after_january();
    company.person("1001").leaves("2026-01-15");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.finding("EN05 1001 _Medical any");
    let p = company.person("1001");
    p.user("/employment/leaveDate", json!(null)).pays("Leave Date", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_leave_date_that_moved_a_month_on_keeps_the_month() {
    let mut company = Company::after_january();
    company.person("1001").leaves("2026-02-28");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").leaves("2026-03-31");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_half_month_of_a_leaver_may_pay_for_the_whole() {
    // Left on the 10th with cover to the end of the month: the last pay takes one half, or both.
    for taken in ["50.00", "100.00"] {
        let mut company = Company::new(Pays { word: "semimonthly", a_year: 24 });
        company.job(EOM).all(|p| _ = p.pays("MED EE", "50.00"));
        company.night("2026-03-02", ["2026-02-16", "2026-02-28", "2026-02-27"]).nothing();
        company.person("1001").leaves("2026-03-10");
        company.person("1001").pays("MED EE", taken);
        company.night("2026-03-17", ["2026-03-01", "2026-03-15", "2026-03-16"]).nothing();
        company.person("1001").covers(&[]).on_payroll(false);
        company.night("2026-04-02", ["2026-03-16", "2026-03-31", "2026-03-31"]).nothing();
    }
}

#[test]
fn a_final_pay_of_a_fortnight_may_take_the_rest_of_the_month() {
    for (taken, right) in [("46.15", true), ("92.30", true), ("300.00", false)] {
        let mut company = Company::new(BIWEEKLY);
        company.job(EOM).all(|p| _ = p.pays("MED EE", "46.15"));
        company.night("2026-03-07", ["2026-02-16", "2026-03-01", "2026-03-06"]).nothing();
        company.person("1001").leaves("2026-03-04");
        company.person("1001").pays("MED EE", taken);
        let o = company.night("2026-03-21", ["2026-03-02", "2026-03-15", "2026-03-20"]);
        assert_eq!(o.findings.is_empty(), right, "{taken} {}", o.told());
    }
}

#[test]
fn two_weeks_in_one_file_of_somebody_who_joined_in_the_second() {
    for taken in [["", "23.08"], ["23.08", "23.08"], ["", ""]] {
        let mut company = Company::new(WEEKLY);
        company.job("[payroll]\nseveral_rows = { sum = [\"hours\"] }");
        let second = [("Period Start", "2026-03-09"), ("Period End", "2026-03-15"), ("Pay Date", "2026-03-20")];
        company.all(|p| {
            p.pays("MED EE", "23.08").pays("MED ER", "");
            p.further_row(&second);
        });
        let j = company.hire("1005");
        j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-09").changed("2026-03-05"))]);
        j.user("/employment/startDate", json!("2026-03-09")).user("/employment/originalStartDate", json!("2026-03-09"));
        j.pays("Hire Date", "2026-03-09").pays("MED EE", taken[0]).pays("MED ER", "");
        j.further_row(&[&second[..], &[("MED EE", taken[1])]].concat());
        let o = company.night("2026-03-21", ["2026-03-02", "2026-03-08", "2026-03-13"]);
        assert!(o.findings.is_empty(), "{taken:?} {}", o.told());
    }
}

#[test]
fn two_weeks_of_which_one_was_left_out_owe_it() {
    let mut company = Company::new(WEEKLY);
    company.job("[payroll]\nseveral_rows = { sum = [\"hours\"] }");
    company.all(|p| {
        p.pays("MED EE", "23.08").pays("MED ER", "");
        p.further_row(&[("Period Start", "2026-03-09"), ("Period End", "2026-03-15"), ("Pay Date", "2026-03-20")]);
    });
    company.person("1002").pays("MED EE", "");
    company.night("2026-03-21", ["2026-03-02", "2026-03-08", "2026-03-13"]).only(&["AM01 1002 _Medical any"]);
}

#[test]
fn two_fortnights_of_which_not_all_have_deductions_accuse_nobody() {
    let mut company = Company::new(BIWEEKLY);
    company.job("[payroll]\nseveral_rows = { sum = [\"hours\"] }\n[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 24 }]");
    company.all(|p| {
        p.pays("MED EE", "50.00").pays("MED ER", "");
        p.further_row(&[("Period Start", "2026-03-16"), ("Period End", "2026-03-29"), ("Pay Date", "2026-04-03")]);
    });
    company.person("1001").pays("MED EE", "");
    let o = company.night("2026-04-04", ["2026-03-02", "2026-03-15", "2026-03-20"]);
    o.nothing();
    o.unverified("1001", "_Medical");
}

#[test]
fn a_pay_group_that_was_renamed_in_payroll_is_the_same_people() {
    let mut company = Company::until_february();
    company.person("1001").pays("MED EE", "80.00");
    company.all(|p| _ = p.pays("Pay Group", "US Monthly"));
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_deduction_while_the_election_is_pending_is_right_once_it_is_active() {
    let mut company = Company::after_january();
    let pending = Cover::yearly(1200.0, 0.0).from("2026-02-01").changed("2026-01-20");
    company.person("1001").covers(&[("_Medical", pending.clone().status("PENDING"))]);
    company.night(MARCH_NIGHT, FEBRUARY);
    company.person("1001").covers(&[("_Medical", pending)]);
    company.night("2026-03-04", FEBRUARY).nothing();
}

#[test]
fn what_an_employer_left_out_and_the_employee_paid_is_settled_between_them() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "150.00").pays("MED ER", "150.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -50.00", "AM02 1001 _Medical 50.00"]);
    company.person("1001").pays("MED EE", "50.00").pays("MED ER", "250.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_month_that_was_corrected_after_it_was_refunded_owes_again() {
    // February 120 was refunded in March; then February's file comes once more, with 100.
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "80.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-04-03", FEBRUARY).only(&["* 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn who_went_from_weekly_to_biweekly_pay_is_told_to_benbase_and_nothing_else() {
    let mut company = Company::new(BIWEEKLY);
    company.all(|p| _ = p.pays("MED EE", "46.15"));
    company.person("1001").benbase("/pay_frequency", json!("weekly"));
    let o = company.night("2026-03-21", ["2026-03-02", "2026-03-15", "2026-03-20"]);
    o.only(&["CO07 1001 - any"]);
    o.queued("1001 pay_frequency biweekly -");
}

/// 1,200.00 a year in so few deductions, in the months named.
fn in_months(deductions: u32, months: &str, taken: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(&format!(
        "[deductions]\nper_year = [{{ pay_group = \"G1\", deductions = {deductions} }}]\n\
         [[schemes]]\nbenefit = \"_Medical\"\ndeduction_dates = \"months {months}\""
    ));
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))])
            .pays("MED EE", taken)
            .pays("MED ER", "");
    });
    company
}

#[test]
fn what_june_left_out_is_open_over_the_summer_and_taken_in_september() {
    let mut company = in_months(10, "1, 2, 3, 4, 5, 6, 9, 10, 11, 12", "120.00");
    company.person("1001").pays("MED EE", "");
    company.night("2026-07-02", ["2026-06-01", "2026-06-30", "2026-06-30"]).only(&["EN01 1001 _Medical 120.00"]);
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-08-03", ["2026-07-01", "2026-07-31", "2026-07-31"]).only(&["* 1001 _Medical 120.00"]);
    company.night("2026-09-02", ["2026-08-01", "2026-08-31", "2026-08-31"]).only(&["* 1001 _Medical 120.00"]);
    company.all(|p| _ = p.pays("MED EE", "120.00"));
    company.person("1001").pays("MED EE", "240.00");
    company.night("2026-10-02", ["2026-09-01", "2026-09-30", "2026-09-30"]).nothing();
}

#[test]
fn a_leaver_gets_back_the_rest_of_a_quarter() {
    let mut company = in_months(4, "1, 4, 7, 10", "300.00");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").leaves("2026-02-28");
    company.person("1001").covers(&[]).pays("MED EE", "-100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_yearly_premium_is_not_due_of_somebody_who_joined_after_it() {
    let mut company = in_months(1, "1", "1200.00");
    let j = company.hire("1005");
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01"))]).pays("MED EE", "").pays("MED ER", "");
    j.user("/employment/startDate", json!("2026-02-01")).user("/employment/originalStartDate", json!("2026-02-01"));
    j.pays("Hire Date", "2026-02-01");
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn one_benefit_is_refunded_and_another_caught_up_in_one_month() {
    let mut company = Company::new(MONTHLY);
    company.job(TWO_PLANS);
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_MedicalPlus", Cover::yearly(240.0, 0.0))]);
        p.pays("PLUS EE", "20.00");
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "120.00").pays("PLUS EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00", "EN01 1001 _MedicalPlus 20.00"]);
    company.person("1001").pays("MED EE", "80.00").pays("PLUS EE", "40.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn who_is_called_a_leaver_before_the_last_day_is_still_here() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").leaves("2026-06-30");
    company.person("1001").user("/employment/employmentStatus", json!("Leaver"));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_raise_by_the_hour_goes_to_benbase_by_the_hour() {
    let mut company = Company::new(MONTHLY);
    let p = company.person("1001");
    p.pays("Salary", "21.00").pays("Rate Basis", "hourly").pays("Salary Effective", "2026-03-16");
    p.user("/employment/salaryDetails/salary", json!(43_680.0));
    p.user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-03-16"));
    p.benbase("/pay_rate", json!({"amount": "20.00", "period": "hourly", "effective_start": "2025-01-01"}));
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["CO07 1001 - any"]);
    o.queued("1001 base_salary 21.00 hourly 2026-03-16");
}
