//! Calendars, refunds and catch-ups of a payroll clerk: what settles what, and on which pay date.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, AUGUST, AUGUST_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY,
    JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY, Pays, Period, SEPTEMBER_NIGHT, WEEKLY,
};

#[test]
fn what_a_week_left_out_is_caught_up_on_the_free_fifth_pay_date() {
    let mut company = Company::deducting(WEEKLY, 48, "25.00");
    company.night("2026-01-17", ["2026-01-03", "2026-01-09", "2026-01-16"]).nothing();
    company.person("1001").pays("MED EE", "");
    company.night("2026-01-24", ["2026-01-10", "2026-01-16", "2026-01-23"]).only(&["EN01 1001 _Medical 25.00"]);
    company.all(|p| _ = p.pays("MED EE", ""));
    company.person("1001").pays("MED EE", "25.00");
    company.night("2026-01-31", ["2026-01-17", "2026-01-23", "2026-01-30"]).nothing();
}

#[test]
fn what_is_deducted_once_a_month_is_free_on_the_second_half_month() {
    let mut company = Company::deducting(Pays { word: "semimonthly", a_year: 24 }, 12, "100.00");
    company.night("2026-03-16", ["2026-03-01", "2026-03-15", "2026-03-13"]).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-04-02", ["2026-03-16", "2026-03-31", "2026-03-31"]).nothing();
}

#[test]
fn pay_every_four_weeks_is_compared_by_its_thirteen_deductions() {
    for word in ["four_weekly", "4-weekly", "Four-Weekly", "lunar"] {
        let mut company = Company::new(Pays { word, a_year: 13 });
        company.all(|p| {
            p.pays("MED EE", "92.31").pays("MED ER", "").benbase("/pay_frequency", serde_json::json!("monthly"));
        });
        let o = company.night("2026-03-30", ["2026-03-01", "2026-03-28", "2026-03-27"]);
        assert!(o.findings.iter().all(|f| f["benefit"].is_empty()), "{}", o.told());
    }
}

#[test]
fn of_two_four_weekly_pay_dates_of_a_month_the_second_is_free() {
    let mut company = Company::deducting(Pays { word: "monthly", a_year: 13 }, 12, "100.00");
    company.all(|p| _ = p.pays("Pay Frequency", ""));
    company.night("2026-01-03", ["2025-12-06", "2026-01-02", "2026-01-02"]).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-01-31", ["2026-01-03", "2026-01-30", "2026-01-30"]).nothing();
}

#[test]
fn the_27th_pay_date_is_free_of_amounts_that_are_a_26th() {
    let last: Period = ["2026-12-12", "2026-12-25", "2026-12-31"];
    let mut company = Company::deducting(BIWEEKLY, 26, "");
    company.night("2027-01-01", last).nothing();
    company.person("1001").pays("MED EE", "46.15");
    company.night("2027-01-02", last).only(&["TM09 1001 _Medical -46.15"]);
}

#[test]
fn a_quarterly_premium_that_was_left_out_stays_open_until_the_next_quarter_takes_both() {
    let mut company = Company::deducting(MONTHLY, 4, "300.00");
    company.scheme("deduction_dates = \"months 3, 6, 9, 12\"");
    company.person("1001").pays("MED EE", "");
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Medical 300.00"]);
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 300.00"]);
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical 300.00"]);
    company.all(|p| _ = p.pays("MED EE", "300.00"));
    company.person("1001").pays("MED EE", "600.00");
    company.night(JULY_NIGHT, JUNE).nothing();
}

#[test]
fn a_school_that_deducted_in_july_refunds_in_august() {
    let mut company = Company::deducting(MONTHLY, 10, "120.00");
    company.scheme("deduction_dates = \"months 1, 2, 3, 4, 5, 6, 9, 10, 11, 12\"");
    company.night(JULY_NIGHT, JUNE).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.person("1001").pays("MED EE", "120.00");
    company.night(AUGUST_NIGHT, JULY).only(&["AM06 1001 _Medical -120.00"]);
    company.person("1001").pays("MED EE", "-120.00");
    company.night(SEPTEMBER_NIGHT, AUGUST).nothing();
}

#[test]
fn what_was_left_out_is_caught_up_on_the_third_pay_date() {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    company.night("2026-01-03", ["2025-12-14", "2025-12-27", "2026-01-02"]).nothing();
    company.person("1001").pays("MED EE", "");
    company.night("2026-01-17", ["2025-12-28", "2026-01-10", "2026-01-16"]).only(&["EN01 1001 _Medical 50.00"]);
    company.all(|p| _ = p.pays("MED EE", ""));
    company.person("1001").pays("MED EE", "50.00");
    company.night("2026-01-31", ["2026-01-11", "2026-01-24", "2026-01-30"]).nothing();
}

#[test]
fn what_was_too_much_is_refunded_on_the_third_pay_date() {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    company.night("2026-01-03", ["2025-12-14", "2025-12-27", "2026-01-02"]).nothing();
    company.person("1001").pays("MED EE", "75.00");
    company.night("2026-01-17", ["2025-12-28", "2026-01-10", "2026-01-16"]).only(&["AM01 1001 _Medical -25.00"]);
    company.all(|p| _ = p.pays("MED EE", ""));
    company.person("1001").pays("MED EE", "-25.00");
    company.night("2026-01-31", ["2026-01-11", "2026-01-24", "2026-01-30"]).nothing();
}

#[test]
fn a_deduction_on_the_third_pay_date_is_settled_by_leaving_out_the_next() {
    let mut company = Company::deducting(BIWEEKLY, 24, "");
    company.person("1001").pays("MED EE", "50.00");
    company.night("2026-01-31", ["2026-01-11", "2026-01-24", "2026-01-30"]).only(&["AM06 1001 _Medical -50.00"]);
    company.all(|p| _ = p.pays("MED EE", "50.00"));
    company.person("1001").pays("MED EE", "");
    company.night("2026-02-14", ["2026-01-25", "2026-02-07", "2026-02-13"]).nothing();
}

#[test]
fn a_catch_up_by_another_run_and_the_rest_by_the_next_month() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "100.00").further_row(&[("Run Type", "off_cycle"), ("MED EE", "40.00")]);
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 60.00"]);
    company.person("1001").pays("MED EE", "160.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_catch_up_that_goes_on_after_cover_ended_is_too_much() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    let ended = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-03-31");
    company.person("1001").covers(&[("_Medical", ended)]).pays("MED EE", "100.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.only(&["* 1001 _Medical -100.00"]);
}

#[test]
fn the_last_part_of_a_catch_up_may_come_after_cover_ended() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "150.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 50.00"]);
    let ended = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-03-31");
    company.person("1001").covers(&[("_Medical", ended)]).pays("MED EE", "50.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn an_election_that_was_cancelled_from_its_start_is_refunded_in_full() {
    let mut company = Company::until_february();
    let ended = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", ended)]).pays("MED EE", "-200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn an_election_that_vanished_is_refunded_in_full() {
    let mut company = Company::until_february();
    company.person("1001").covers(&[]).pays("MED EE", "-200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_refund_greater_than_the_deduction_makes_the_month_negative() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "250.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -150.00"]);
    company.person("1001").pays("MED EE", "-50.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

const TWO: &str = "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, { code = \"ARR\", \
                   employee = \"ARR EE\" }]\n[deductions]\ncodes = { MED = \"_Medical\", ARR = \"_Medical\" }\n";

#[test]
fn a_refund_by_a_code_of_its_own_settles() {
    let mut company = Company::new(MONTHLY);
    company.job(TWO);
    company.all(|p| _ = p.pays("ARR EE", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "100.00").pays("ARR EE", "-20.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("ARR EE", "");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn arrears_by_a_code_of_their_own_settle_in_parts() {
    let mut company = Company::new(MONTHLY);
    company.job(TWO);
    company.all(|p| _ = p.pays("ARR EE", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "100.00").pays("ARR EE", "60.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 40.00"]);
    company.person("1001").pays("ARR EE", "40.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_arrears_code_alone_is_a_deduction_too() {
    let mut company = Company::new(MONTHLY);
    company.job(TWO);
    company.all(|p| _ = p.pays("ARR EE", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "").pays("ARR EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_retroactive_start_is_caught_up_in_two_parts() {
    let mut company = Company::without_cover();
    let elected = Cover::yearly(1200.0, 0.0).changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", elected)]).pays("MED EE", "200.00").pays("MED ER", "0.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_price_that_fell_from_the_first_day_of_its_record_on_is_refunded() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1800.0, 0.0))]).pays("MED EE", "150.00");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).changed("2026-03-05"))]).pays("MED EE", "");
    company.person("1001").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_price_that_fell_under_the_same_first_day_accuses_nobody() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1800.0, 0.0))]).pays("MED EE", "150.00");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // Since when it is less, the record does not say.
    let single = Cover::yearly(1200.0, 0.0).changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", single)]).pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "50.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_first_day_that_was_put_back_a_month_owes_that_month() {
    // The first day was put back from 1 February to 1 January.
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01"))]).pays("MED EE", "");
    company.person("1001").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).changed("2026-03-05"))]);
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn what_was_paid_ahead_of_unpaid_leave_settles_the_leave() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -100.00"]);
    company.person("1001").user("/employment/employmentStatus", serde_json::json!("Unpaid leave"));
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn an_employer_takes_back_what_it_paid_too_much() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED ER", "240.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM02 1001 _Medical -40.00"]);
    company.person("1001").pays("MED ER", "160.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn two_payers_are_put_right_one_after_the_other() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "110.00").pays("MED ER", "230.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -10.00", "AM02 1001 _Medical -30.00"]);
    company.person("1001").pays("MED EE", "90.00").pays("MED ER", "200.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical -30.00"]);
    company.person("1001").pays("MED EE", "100.00").pays("MED ER", "170.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_corrected_file_that_comes_after_the_next_period_settles_it_too() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00"]);
    company.person("1001").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 20.00"]);
    company.night("2026-04-03", FEBRUARY).nothing();
    company.night("2026-04-04", MARCH).nothing();
}

#[test]
fn a_price_that_rose_under_the_same_first_day_is_caught_up_in_parts() {
    let mut company = Company::until_february();
    let dearer = Cover::yearly(1440.0, 0.0).changed("2026-03-05");
    company.person("1001").covers(&[("_Medical", dearer)]).pays("MED EE", "140.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
    // Once all of it is taken, more is too much.
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical -20.00"]);
}

#[test]
fn payers_whose_amounts_were_exchanged_are_put_right_by_one_that_pays_for_both() {
    // 100.00 of the employee and 200.00 of the employer, taken the other way round in February.
    for (employer, told) in [("300.00", &[][..]), ("280.00", &["* 1001 _Medical 20.00"])] {
        let mut company = Company::new(MONTHLY);
        company
            .all(|person| _ = person.covers(&[("_Medical", Cover::yearly(1_200.0, 2_400.0))]).pays("MED ER", "200.00"));
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1001").pays("MED EE", "200.00").pays("MED ER", "100.00");
        company.night(MARCH_NIGHT, FEBRUARY).finding("AM09 1001 _Medical any");
        company.person("1001").pays("MED EE", "").pays("MED ER", employer);
        company.night(APRIL_NIGHT, MARCH).only(told);
        company.person("1001").pays("MED EE", "100.00").pays("MED ER", "200.00");
        company.night(MAY_NIGHT, APRIL).only(told);
    }
}
