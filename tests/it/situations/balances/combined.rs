//! Two things at once: what settles an earlier month while cover, rate, pay group or employment changes.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH,
    MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
};

const EOM: &str = "[rules]\ncoverage_end = \"end_of_month\"";
const GROUP: &str = "/employment/salaryDetails/payGroup";

#[test]
fn a_prorated_retroactive_start_is_caught_up_and_then_renewed() {
    // From 16 January: 16 of 31 days, 15 thirtieths or 11 of 22 working days, all, none by "next pay".
    for taken in ["251.61", "250.00", "300.00", "200.00"] {
        let mut company = Company::without_cover();
        let elected = Cover::yearly(1200.0, 0.0).from("2026-01-16").changed("2026-03-05");
        company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", taken);
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
        let renewed = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-20");
        company.person("1001").covers(&[("_Medical", renewed)]).pays("MED EE", "120.00");
        let o = company.night(MAY_NIGHT, APRIL);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
    }
}

#[test]
fn a_prorated_retroactive_start_is_exact_by_the_schemes_rule() {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\nproration = \"calendar days\"\nfirst_deduction = \"same pay\"");
    company.person("1001").covers(&[]).pays("MED EE", "").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let elected = Cover::yearly(1200.0, 0.0).from("2026-01-16").changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", "251.61");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn of_a_prorated_retroactive_start_at_least_the_whole_month_is_owed() {
    // February's 100 is missing whatever January is worth.
    let mut company = Company::without_cover();
    let elected = Cover::yearly(1200.0, 0.0).from("2026-01-16").changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn a_retroactive_start_with_a_new_rate_in_between_is_caught_up_by_both() {
    // Elected in March from January at 100, and at 120 from March on.
    let mut company = Company::without_cover();
    let old = Cover::yearly(1200.0, 0.0).changed("2026-03-05");
    let new = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", old), ("_Medical", new)]).pays("MED EE", "320.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_rest_of_a_refund_in_parts_is_owed_to_who_left_until_another_run_pays_it() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -100.00"]);
    company.person("1001").leaves("2026-03-31");
    company.person("1001").pays("MED EE", "60.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical -60.00"]);
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(MAY_NIGHT, APRIL).only(&["TM12 1001 _Medical -60.00"]);
    company.person("1001").on_payroll(true).pays("Run Type", "off_cycle").pays("MED EE", "-60.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn somebody_who_moves_within_the_file_catches_up_in_the_new_pay_group() {
    let mut company = Company::missed_february();
    company.person("1001").pays("Pay Group", "G2").user(GROUP, json!("G2")).pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn what_a_mover_owes_stays_open_while_another_payroll_goes_on() {
    let mut company = Company::missed_february();
    company.person("1001").on_payroll(false).user(GROUP, json!("SEMI"));
    company.night(APRIL_NIGHT, MARCH).only(&["ID09 1001 - any", "* 1001 _Medical 100.00"]);
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn a_corrected_file_leaves_a_rest_that_an_off_cycle_run_takes() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "90.00");
    company.night("2026-03-04", FEBRUARY).only(&["AM01 1001 _Medical 10.00"]);
    company.person("1001").pays("MED EE", "100.00").further_row(&[("Run Type", "off_cycle"), ("MED EE", "10.00")]);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_deduction_past_the_leave_date_is_refunded_in_the_next_month() {
    for rule in ["", EOM, "[rules]\ncoverage_end = \"leave_date\""] {
        let mut company = Company::after_january();
        company.job(rule);
        company.person("1001").leaves("2026-02-28");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.person("1001").covers(&[]);
        company.night(APRIL_NIGHT, MARCH).only(&["EN05 1001 _Medical -100.00"]);
        company.person("1001").pays("MED EE", "-100.00");
        company.night(MAY_NIGHT, APRIL).nothing();
        company.person("1001").on_payroll(false);
        company.night(JUNE_NIGHT, MAY).nothing();
    }
}

#[test]
fn a_deduction_past_the_leave_date_is_refunded_by_a_correction_of_the_same_month() {
    let mut company = Company::after_january();
    company.job(EOM);
    company.person("1001").leaves("2026-02-28");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[]).further_row(&[("Run Type", "correction"), ("MED EE", "-100.00")]);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_catch_up_in_three_parts_goes_through_a_renewal() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "130.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 70.00"]);
    let renewed = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-10");
    company.person("1001").covers(&[("_Medical", renewed)]).pays("MED EE", "150.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 40.00"]);
    company.person("1001").pays("MED EE", "160.00");
    company.night(JUNE_NIGHT, MAY).nothing();
    company.person("1001").pays("MED EE", "120.00");
    company.night(JULY_NIGHT, JUNE).nothing();
}

#[test]
fn two_months_of_too_much_are_refunded_at_once() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "120.00");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "140.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Medical -60.00"]);
    company.person("1001").pays("MED EE", "40.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_renewal_missed_for_two_months_is_caught_up_with_the_third() {
    let mut company = Company::after_january();
    let renewed = Cover::yearly(1440.0, 0.0).from("2026-02-01").changed("2026-01-10");
    company.person("1001").covers(&[("_Medical", renewed)]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Medical 20.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 40.00"]);
    company.person("1001").pays("MED EE", "160.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_waived_cover_that_is_elected_again_owes_nothing_in_between() {
    let mut company = Company::after_january();
    let waived = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-01-28");
    company.person("1001").covers(&[("_Medical", waived)]).pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let again = Cover::yearly(1320.0, 0.0).from("2026-03-01").changed("2026-02-20");
    company.person("1001").covers(&[("_Medical", again)]).pays("MED EE", "110.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).only(&["EN01 1001 _Medical 110.00"]);
}

#[test]
fn who_was_rehired_within_thirty_days_may_pay_the_month_between() {
    for taken in ["200.00", "100.00"] {
        let mut company = Company::after_january();
        company.person("1001").leaves("2026-01-31");
        company.person("1001").covers(&[]).on_payroll(false);
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let p = company.person("1001");
        p.on_payroll(true).pays("Leave Date", "").pays("Hire Date", "2026-02-23").pays("MED EE", taken);
        p.user("/employment/leaveDate", json!(null)).user("/employment/startDate", json!("2026-02-23"));
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01").changed("2026-02-24"))]);
        // Of February, in which 1001 was not on payroll, nobody knows what was taken.
        company.night(APRIL_NIGHT, MARCH).nothing();
    }
}

#[test]
fn who_was_rehired_after_thirty_days_begins_anew() {
    let mut company = Company::after_january();
    company.person("1001").leaves("2026-01-31");
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
    let p = company.person("1001");
    // Payroll keeps the first hire date, and clears the leave date; Benifex keeps the leave date.
    p.on_payroll(true).pays("Leave Date", "");
    p.user("/employment/startDate", json!("2026-04-06"));
    p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-05-01").changed("2026-04-06"))]);
    p.pays("MED EE", "").pays("MED ER", "");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn what_was_owed_before_leaving_is_taken_after_the_rehire() {
    let mut company = Company::missed_february();
    company.person("1001").leaves("2026-02-28");
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical 100.00"]);
    let p = company.person("1001");
    p.on_payroll(true).pays("Leave Date", "").pays("Hire Date", "2026-04-01").pays("MED EE", "200.00");
    p.user("/employment/leaveDate", json!(null)).user("/employment/startDate", json!("2026-04-01"));
    p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01"))]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn cover_that_ended_after_the_cut_off_is_refunded_with_the_next_month() {
    let mut company = Company::until_february();
    let ended = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-03-29");
    company.person("1001").covers(&[("_Medical", ended)]);
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|f| f["code"] == "TM07"), "{}", o.told());
    // What of March is refunded, the agreement says: all, two of 31 days, nothing.
    for (night, taken) in [("2026-05-04", "-100.00"), ("2026-05-05", "-6.45"), ("2026-05-06", "")] {
        company.person("1001").pays("MED EE", taken).pays("MED ER", "");
        let o = company.night(night, APRIL);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
    }
}

#[test]
fn a_leaver_whose_month_was_missed_pays_it_with_the_final_pay_at_a_prorated_amount() {
    // Left 15 March: 100 of February and 15 of 31 days of March.
    let mut company = Company::after_january();
    company.job(
        "[rules]\ncoverage_end = \"leave_date\"\n[[schemes]]\nbenefit = \"_Medical\"\nproration = \"calendar days\"",
    );
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").leaves("2026-03-15");
    company.person("1001").pays("MED EE", "148.39");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn too_much_of_a_leavers_last_month_is_refunded_by_an_off_cycle_run() {
    // Left 10 March by thirtieths: 33.33 was due, 100 was taken.
    let mut company = Company::until_february();
    company
        .job("[rules]\ncoverage_end = \"leave_date\"\n[[schemes]]\nbenefit = \"_Medical\"\nproration = \"thirtieths\"");
    company.person("1001").leaves("2026-03-10");
    company.night(APRIL_NIGHT, MARCH).only(&["AM08 1001 _Medical -66.67"]);
    company.person("1001").covers(&[]).pays("Run Type", "off_cycle").pays("MED EE", "-66.67");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_final_pay_takes_what_cover_after_the_last_day_costs() {
    // Left 20 March with cover to 30 April by law or agreement: the final pay takes April too, for there is no later
    // one.
    let mut company = Company::until_february();
    company.job("[rules]\ncoverage_end = \"41 days after\"");
    company.person("1001").leaves("2026-03-20");
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").on_payroll(false);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn both_plans_of_a_month_in_which_one_replaced_the_other_may_be_taken_in_full() {
    let mut company = Company::of_two_plans();
    let plus = Cover::yearly(1800.0, 0.0).from("2026-03-16").changed("2026-03-12");
    company.person("1001").covers(&[("_MedicalPlus", plus)]).pays("PLUS EE", "150.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|f| f["code"] == "TM07"), "{}", o.told());
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_raise_inside_the_month_moves_a_percentage_with_it() {
    for (gross, taken) in [("", "250.00"), ("", "262.50"), ("", "275.00"), ("5250.00", "262.50"), ("5500.00", "275.00")]
    {
        let mut company = Company::new(MONTHLY);
        company.job(
            "[[schemes]]\nbenefit = \"_Medical\"\npercent_of_pay = true\n[payroll.columns]\ngross_pay = \"Gross\"",
        );
        company.all(|p| _ = p.pays("Gross", "5000.00"));
        company.person("1001").covers(&[("_Medical", Cover::yearly(3000.0, 0.0))]).pays("MED EE", "250.00");
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let p = company.person("1001");
        p.covers(&[("_Medical", Cover::yearly(3300.0, 0.0).from("2026-03-16").changed("2026-03-10"))]);
        p.pays("Salary", "66000.00").pays("Salary Effective", "2026-03-16").pays("Gross", gross).pays("MED EE", taken);
        p.user("/employment/salaryDetails/salary", json!(66000.0));
        p.user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-03-16"));
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(!o.accuses("1001"), "{gross} {taken} {}", o.told());
        o.queued("1001 base_salary 66000.00 annually 2026-03-16");
    }
}

const PENSION: &str = "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
                       { code = \"PEN\", employee = \"PEN EE\", employer = \"PEN ER\" }]\n\
                       [deductions]\ncodes = { MED = \"_Medical\", PEN = \"_Pension\" }\nsacrifice_codes = [\"PEN\"]";

/// Everybody sacrifices 200.00 a month of pay beside the employer's 300.00.
fn sacrifice() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(PENSION);
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Pension", Cover::yearly(2400.0, 3600.0))]);
        p.pays("PEN EE", "").pays("PEN ER", "500.00");
    });
    company
}

#[test]
fn nothing_is_sacrificed_of_unpaid_leave() {
    let mut company = sacrifice();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    // Without pay there is nothing to give up; the employer pays its own part, or all.
    for (night, employer, told) in [("2026-03-03", "300.00", true), ("2026-03-04", "500.00", false)] {
        company.person("1001").user("/employment/employmentStatus", json!("Maternity leave")).pays("PEN ER", employer);
        let o = company.night(night, FEBRUARY);
        match told {
            true => o.only(&["TM11 1001 _Pension 200.00"]),
            false => o.nothing(),
        }
    }
}

#[test]
fn a_sacrifice_that_was_missed_is_made_up_with_the_next() {
    let mut company = sacrifice();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("PEN ER", "300.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Pension 200.00"]);
    company.person("1001").pays("PEN ER", "700.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_sacrifice_of_cover_that_is_gone_since_the_cut_off_was_right_before() {
    let mut company = sacrifice();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0))]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Pension any"]);
}

#[test]
fn the_saving_that_an_employer_adds_to_a_sacrifice_is_told_once() {
    let mut company = sacrifice();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("PEN ER", "527.60");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Pension -27.60"]);
}

#[test]
fn a_late_benefit_for_everybody_is_told_and_made_good_together() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[]).pays("MED EE", "").pays("MED ER", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01").changed("2026-01-20"))]));
    let missed = ["1000", "1001", "1002", "1003", "1004"].map(|id| format!("EN01 {id} _Medical 100.00"));
    company.night(MARCH_NIGHT, FEBRUARY).only(&missed.each_ref().map(String::as_str));
    company.all(|p| _ = p.pays("MED EE", "200.00"));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn an_increase_of_the_employers_part_and_a_decrease_of_the_employees_leave_nothing() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(960.0, 2640.0).from("2026-02-01").changed("2026-01-15"))]);
        p.pays("MED EE", "80.00").pays("MED ER", "220.00");
    });
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1003").pays("MED EE", "100.00").pays("MED ER", "200.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["* 1003 _Medical -20.00", "* 1003 _Medical 20.00"]);
}

#[test]
fn a_deduction_before_cover_pays_for_its_first_month() {
    // Whether 1001 had other cover in March, a first night does not know; April is paid for.
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-02"))]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    let o = company.night(MAY_NIGHT, APRIL);
    o.nothing();
    o.unverified("1001", "_Medical");
    company.person("1001").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_deduction_a_period_too_early_is_settled_by_leaving_out_the_first() {
    let mut company = Company::without_cover();
    let elected = Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN11 1001 _Medical -100.00"]);
    company.person("1001").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_pending_election_that_becomes_active_from_its_first_day_is_caught_up() {
    let mut company = Company::without_cover();
    let pending = Cover::yearly(1200.0, 0.0).from("2026-03-01").changed("2026-02-20").status("PENDING");
    company.person("1001").covers(&[("_Medical", pending)]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    let active = Cover::yearly(1200.0, 0.0).from("2026-03-01").changed("2026-04-10");
    company.person("1001").covers(&[("_Medical", active)]).pays("MED EE", "200.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn cover_that_costs_nothing_any_more_is_deducted_no_more() {
    let mut company = Company::until_february();
    let free = Cover::yearly(0.0, 1200.0).from("2026-03-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", free)]).pays("MED EE", "").pays("MED ER", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -100.00"]);
}

#[test]
fn a_flexible_allowance_pays_somebody_who_chose_less_than_it() {
    // The plan costs less than the allowance: the employee's contribution is below 0, and payroll pays it out.
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[("_Medical", Cover::yearly(-360.0, 1200.0))]).pays("MED EE", "-30.00");
    company.person("1001").pays("MED ER", "100.00");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "30.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Medical -60.00"]);
}
