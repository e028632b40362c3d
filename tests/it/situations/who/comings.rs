//! People who come, go, move, are away or have two of something.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT,
    MAY, MAY_NIGHT, MONTHLY, Period, march, march_with,
};

const EOM: &str = "[rules]\ncoverage_end = \"end_of_month\"";

#[test]
fn a_leaver_pays_the_whole_fortnight_where_cover_lasts_to_the_end_of_the_month() {
    let mut company = Company::new(BIWEEKLY);
    company.job(EOM);
    company.all(|p| _ = p.pays("MED EE", "46.15"));
    company.night("2026-03-16", ["2026-03-02", "2026-03-15", "2026-03-20"]).nothing();
    company.person("1001").leaves("2026-03-18");
    company.person("1001").covers(&[]);
    company.night("2026-03-31", ["2026-03-16", "2026-03-29", "2026-04-03"]).nothing();
    company.person("1001").on_payroll(false);
    company.night("2026-04-14", ["2026-03-30", "2026-04-12", "2026-04-17"]).nothing();
}

#[test]
fn a_leaver_whose_cover_lasts_thirty_days_is_not_missed_on_payroll() {
    let mut company = Company::after_january();
    company.job("[rules]\ncoverage_end = \"30 days after\"");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").leaves("2026-03-20");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").on_payroll(false);
    company.night(MAY_NIGHT, APRIL).nothing();
    company.night(JUNE_NIGHT, MAY).only(&["EN04 1001 _Medical any"]);
}

#[test]
fn the_final_pay_settles_what_was_left_out() {
    let mut company = Company::missed_february();
    company.person("1001").leaves("2026-03-31");
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_final_pay_after_the_last_day_settles_what_was_left_out() {
    let mut company = Company::missed_february();
    company.person("1001").leaves("2026-02-28");
    company.person("1001").covers(&[]).pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_leaver_is_refunded_by_another_run_alone() {
    let mut company = Company::until_february();
    company.person("1001").leaves("2026-02-20");
    company.person("1001").covers(&[]).pays("Run Type", "off_cycle").pays("MED EE", "-28.57");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn cover_to_the_day_of_leaving_is_prorated_by_the_rule() {
    march_with(
        "[rules]\ncoverage_end = \"leave_date\"\n[[schemes]]\nbenefit = \"_Medical\"\nproration = \"calendar days\"",
        |p| _ = p.leaves("2026-03-20").pays("MED EE", "64.52"),
    )
    .nothing();
    march_with(
        "[rules]\ncoverage_end = \"leave_date\"\n[[schemes]]\nbenefit = \"_Medical\"\nproration = \"calendar days\"",
        |p| _ = p.leaves("2026-03-20").pays("MED EE", "100.00"),
    )
    .only(&["AM08 1001 _Medical -35.48"]);
}

#[test]
fn a_leaver_who_was_paid_out_before_is_not_missed() {
    // Left 5 March, paid out in February; March is owed by the rule, but who is off payroll pays nothing.
    let mut company = Company::after_january();
    company.job(EOM);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").leaves("2026-03-05");
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn somebody_rehired_under_a_new_id_is_not_accused_under_either() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").leaves("2025-06-30");
    company.person("1001").covers(&[]).on_payroll(false);
    let again = company.hire("1005");
    again.user("/forename", json!("Ben")).user("/surname", json!("Larsen")).user("/dateOfBirth", json!("1971-02-03"));
    again.user("/employment/startDate", json!("2026-03-02")).user("/employment/originalStartDate", json!("2020-01-06"));
    again.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-02"))]);
    again
        .pays("First Name", "Ben")
        .pays("Last Name", "Larsen")
        .pays("Birth Date", "1971-02-03")
        .pays("Hire Date", "2026-03-02");
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(!o.accuses("1005") && !o.accuses("1001"), "{}", o.told());
}

#[test]
fn the_adjusted_hire_date_of_a_rehire_is_no_difference() {
    // payroll keeps the adjusted service date, Benifex the original.
    march(|p| {
        p.pays("Hire Date", "2026-01-05");
        p.user("/employment/startDate", json!("2026-01-05")).user("/employment/originalStartDate", json!("2020-01-06"));
        p.user("/employment/leaveDate", json!("2024-06-30"));
    })
    .nothing();
}

#[test]
fn somebody_who_left_and_came_back_within_a_month_has_not_left() {
    march(|p| {
        p.pays("Leave Date", "2026-03-06").pays("Hire Date", "2026-03-20");
        p.user("/employment/startDate", json!("2026-03-20")).user("/employment/originalStartDate", json!("2020-01-06"));
        p.user("/employment/leaveDate", json!("2026-03-06"));
    })
    .nothing();
}

#[test]
fn a_pay_group_that_benifex_does_not_know_yet_accuses_nobody() {
    let mut company = Company::after_january();
    company.person("1004").pays("Pay Group", "G2");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    assert!(!o.accuses("1004"), "{}", o.told());
}

#[test]
fn somebody_who_moved_from_monthly_to_biweekly_pay_is_compared_by_the_new_one() {
    let mut company = Company::after_january();
    let p = company.person("1004");
    p.pays("Pay Group", "G2").user("/employment/salaryDetails/payGroup", json!("G2"));
    p.user("/employment/salaryDetails/payPeriods", json!(26))
        .pays("Pay Frequency", "biweekly")
        .benbase("/pay_frequency", json!("biweekly"));
    p.pays("Period Start", "2026-02-02")
        .pays("Period End", "2026-02-15")
        .pays("Pay Date", "2026-02-20")
        .pays("MED EE", "46.15");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    assert!(!o.accuses("1004"), "{}", o.told());
}

#[test]
fn unpaid_leave_inside_the_month_leaves_the_rest_owing() {
    let mut company = Company::after_january();
    company.person("1001").user("/employment/employmentStatus", json!("Unpaid leave")).pays("MED EE", "50.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Medical 50.00"]);
}

#[test]
fn an_employer_who_pays_for_parental_leave_is_not_accused() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").user("/employment/employmentStatus", json!("Parental leave"));
    company.person("1001").pays("MED EE", "").pays("MED ER", "300.00");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    assert!(o.findings.iter().all(|f| f["code"] == "TM11"), "{}", o.told());
    company.person("1001").user("/employment/employmentStatus", json!("Active"));
    company.person("1001").pays("MED EE", "100.00").pays("MED ER", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn arrears_of_two_months_of_leave_are_collected_month_by_month() {
    let mut company = Company::after_january();
    company
        .person("1001")
        .user("/employment/employmentStatus", json!("Unpaid leave"))
        .pays("MED EE", "")
        .pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["TM11 1001 _Medical 100.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM11 1001 _Medical 200.00"]);
    company.person("1001").user("/employment/employmentStatus", json!("Active")).pays("MED EE", "200.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn two_jobs_that_share_a_deduction_are_added_up() {
    let o = march_with(
        "[payroll]\nseveral_rows = { home_column = \"Home\", home_words = [\"Y\"], sum = [\"base_salary\"] }",
        |p| {
            p.pays("Home", "Y").pays("Salary", "40000.00").pays("MED EE", "60.00");
            p.further_row(&[("Home", "N"), ("Salary", "20000.00"), ("MED EE", "40.00")]);
        },
    );
    o.nothing();
}

#[test]
fn two_jobs_in_two_pay_groups_are_one_person() {
    let o = march_with(
        "[payroll]\nseveral_rows = { home_column = \"Home\", home_words = [\"Y\"], sum = [\"base_salary\"] }",
        |p| {
            p.pays("Home", "Y").pays("Salary", "40000.00").pays("MED EE", "100.00");
            p.further_row(&[("Home", "N"), ("Pay Group", "G2"), ("Salary", "20000.00"), ("MED EE", "")]);
        },
    );
    o.nothing();
}

#[test]
fn a_dependant_added_inside_the_month_accuses_nobody_of_any_practice() {
    for taken in ["150.00", "100.00", "125.81"] {
        let mut company = Company::after_january();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let family = Cover::yearly(1800.0, 0.0).from("2026-03-16").changed("2026-03-12");
        company.person("1001").covers(&[("_Medical", family)]).pays("MED EE", taken);
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
        company.person("1001").pays("MED EE", "150.00");
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn a_dependant_who_left_inside_the_month_accuses_nobody_of_any_practice() {
    for taken in ["150.00", "100.00", "124.19"] {
        let mut company = Company::new(MONTHLY);
        company.person("1001").covers(&[("_Medical", Cover::yearly(1800.0, 0.0))]).pays("MED EE", "150.00");
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let single = Cover::yearly(1200.0, 0.0).from("2026-03-16").changed("2026-03-12");
        company.person("1001").covers(&[("_Medical", single)]).pays("MED EE", taken);
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn a_plan_exchanged_inside_the_month_accuses_nobody_of_any_practice() {
    for (old, new) in [("100.00", ""), ("48.39", "77.42"), ("", "150.00"), ("50.00", "75.00")] {
        let mut company = Company::of_two_plans();
        let plus = Cover::yearly(1800.0, 0.0).from("2026-03-16").changed("2026-03-12");
        company
            .person("1001")
            .covers(&[("_MedicalPlus", plus)])
            .pays("MED EE", old)
            .pays("MED ER", "")
            .pays("PLUS EE", new);
        // Whether the old plan ended before the cut-off, no night between has seen.
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(o.findings.iter().all(|f| f["code"] == "TM07"), "{old} {new} {}", o.told());
    }
}

#[test]
fn of_two_records_the_one_in_force_counts() {
    let mut company = Company::new(MONTHLY);
    let old = Cover::yearly(1200.0, 0.0);
    let new = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", old), ("_Medical", new)]).pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn of_two_records_that_of_next_month_counts_next_month() {
    let mut company = Company::new(MONTHLY);
    let old = Cover::yearly(1200.0, 0.0);
    let new = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-10");
    company.person("1001").covers(&[("_Medical", old), ("_Medical", new)]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_record_that_stands_twice_counts_once() {
    let mut company = Company::new(MONTHLY);
    let one = Cover::yearly(1200.0, 0.0);
    company.person("1001").covers(&[("_Medical", one.clone()), ("_Medical", one)]);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn two_equal_records_that_are_both_deducted_accuse_nobody() {
    let mut company = Company::new(MONTHLY);
    let one = Cover::yearly(1200.0, 0.0);
    company.person("1001").covers(&[("_Medical", one.clone()), ("_Medical", one)]).pays("MED EE", "200.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
}

#[test]
fn a_rate_that_changed_inside_the_month_accuses_nobody_where_both_records_stand() {
    for rule in ["first_deduction = \"next pay\"", "proration = \"calendar days\""] {
        for taken in ["100.00", "110.32", "120.00"] {
            let mut company = Company::new(MONTHLY);
            company.job(&format!("[[schemes]]\nbenefit = \"_Medical\"\n{rule}"));
            let (old, new) = (Cover::yearly(1200.0, 0.0), Cover::yearly(1440.0, 0.0));
            let new = new.from("2026-03-16").changed("2026-03-10");
            company.person("1001").covers(&[("_Medical", old), ("_Medical", new)]).pays("MED EE", taken);
            let o = company.night(APRIL_NIGHT, MARCH);
            assert!(o.findings.is_empty(), "{rule} {taken} {}", o.told());
        }
    }
}

#[test]
fn two_records_of_one_day_with_different_amounts_accuse_nobody() {
    for taken in ["100.00", "50.00", "150.00"] {
        let mut company = Company::new(MONTHLY);
        let (one, other) = (Cover::yearly(1200.0, 0.0), Cover::yearly(600.0, 0.0));
        company.person("1001").covers(&[("_Medical", one), ("_Medical", other)]).pays("MED EE", taken);
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
    }
}

#[test]
fn cover_that_is_not_there_on_a_first_night_is_unverified() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[]);
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
    // The next month nothing is new about it any more.
    company.night(MAY_NIGHT, APRIL).only(&["EN02 1001 _Medical -100.00"]);
}

#[test]
fn cover_that_the_record_itself_calls_ended_is_over_on_a_first_night_too() {
    let mut company = Company::new(MONTHLY);
    let ended = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", ended)]);
    company.night(APRIL_NIGHT, MARCH).only(&["EN02 1001 _Medical -100.00"]);
}

#[test]
fn a_waiver_is_no_cover() {
    let o = march_with("[benifex]\nbenefit_status = { ACTIVE = \"live\", WAIVED = \"ended\" }", |p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).status("WAIVED"))]).pays("MED EE", "").pays("MED ER", "");
    });
    o.nothing();
    let o = march_with("[benifex]\nbenefit_status = { ACTIVE = \"live\", WAIVED = \"ended\" }", |p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).status("WAIVED"))]);
    });
    o.only(&["EN02 1001 _Medical -100.00"]);
}

#[test]
fn a_leave_date_that_benifex_does_not_know_of_is_a_conflict_to_be_settled() {
    let o = march(|p| {
        p.pays("Leave Date", "2026-02-10").pays("MED EE", "").pays("MED ER", "");
    });
    o.only(&["EN06 1001 - any"]);
    o.unverified("1001", "_Medical");
}

#[test]
fn somebody_gone_on_both_sides_and_off_payroll_is_still_enrolled() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").leaves("2026-02-10");
    company.person("1001").on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).only(&["EN04 1001 _Medical any"]);
}

#[test]
fn a_joiner_of_a_fortnight_pays_what_any_practice_takes() {
    for taken in ["", "46.15", "23.08", "16.48"] {
        let mut company = Company::new(BIWEEKLY);
        company.all(|p| _ = p.pays("MED EE", "46.15"));
        let j = company.person("1001");
        j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-09").changed("2026-03-09"))]);
        j.user("/employment/startDate", json!("2026-03-09")).user("/employment/originalStartDate", json!("2026-03-09"));
        j.pays("Hire Date", "2026-03-09").pays("MED EE", taken);
        let p: Period = ["2026-03-02", "2026-03-15", "2026-03-20"];
        let o = company.night("2026-03-21", p);
        assert!(taken == "16.48" || o.findings.is_empty(), "{taken} {}", o.told());
    }
}

#[test]
fn a_waiting_period_is_free() {
    // Hired 2 March, cover from 1 May by a waiting period; nothing taken until then.
    let mut company = Company::new(MONTHLY);
    let j = company.person("1001");
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-05-01").changed("2026-03-02"))]);
    j.user("/employment/startDate", json!("2026-03-02")).user("/employment/originalStartDate", json!("2026-03-02"));
    j.pays("Hire Date", "2026-03-02").pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_joiner_catches_up_a_month_in_the_next() {
    let mut company = Company::new(MONTHLY);
    let j = company.hire("1005");
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-01-12").changed("2026-01-20"))]);
    j.user("/employment/startDate", json!("2026-01-12")).user("/employment/originalStartDate", json!("2026-01-12"));
    j.pays("Hire Date", "2026-01-12").pays("MED EE", "").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1005 _Medical 100.00"]);
    company.person("1005").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_joiner_catches_up_the_part_of_the_first_month_with_the_second() {
    let mut company = Company::new(MONTHLY);
    let j = company.hire("1005");
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-01-12").changed("2026-01-20"))]);
    j.user("/employment/startDate", json!("2026-01-12")).user("/employment/originalStartDate", json!("2026-01-12"));
    j.pays("Hire Date", "2026-01-12").pays("MED EE", "").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1005").pays("MED EE", "164.52");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1005").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_leave_date_told_late_is_refunded_to_its_day() {
    // Left 15 January, told in March; February and January rest refunded.
    let mut company = Company::until_february();
    company.person("1001").leaves("2026-01-15");
    company.person("1001").covers(&[]).pays("MED EE", "-151.61");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_leave_date_told_late_makes_what_was_taken_since_owing() {
    // Left 31 January, told in March: February's 100 was for nothing.
    let mut company = Company::until_february();
    company.person("1001").leaves("2026-01-31");
    company.person("1001").covers(&[]).pays("MED EE", "").pays("MED ER", "");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["* 1001 _Medical -100.00"]);
}

#[test]
fn amounts_of_two_people_that_were_exchanged_are_put_right() {
    // Two people's amounts were exchanged and put right next month.
    let mut company = Company::after_january();
    company.person("1002").covers(&[("_Medical", Cover::yearly(1800.0, 0.0))]);
    company.person("1001").pays("MED EE", "150.00");
    company.night(MARCH_NIGHT, FEBRUARY).finding("AM01 1001 _Medical -50.00");
    company.person("1001").pays("MED EE", "50.00");
    company.person("1002").pays("MED EE", "200.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(!o.accuses("1001"), "{}", o.told());
}

#[test]
fn somebody_terminated_in_benifex_whom_payroll_pays_on_is_a_conflict_to_be_settled() {
    let o = march(|p| {
        p.user("/employment/employmentStatus", json!("Terminated")).user("/employment/leaveDate", json!("2026-02-10"));
    });
    o.only(&["EN06 1001 - any"]);
    o.unverified("1001", "_Medical");
    march(|p| _ = p.user("/employment/employmentStatus", json!("Inactive"))).only(&["EN06 1001 - any"]);
    for unclear in ["Probation ended", "Retired", "Maternity leave ended", "Grade 7"] {
        march(|p| _ = p.user("/employment/employmentStatus", json!(unclear))).nothing();
    }
    // A few days are what it takes.
    let mut company = Company::new(MONTHLY);
    company.person("1001").leaves("2026-03-29");
    company.person("1001").user("/employment/leaveDate", json!(null)).covers(&[]).pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).only(&["DE07 1001 - any"]);
}
