//! What an earlier night read stands in tonight's file once more: late rows, periods of a file that goes over several,
//! runs that had a file of their own; and what a run takes whose regular file was never read.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT,
    MAY, MAY_NIGHT, MONTHLY, WEEKLY,
};

const OF_FEBRUARY: [(&str, &str); 3] =
    [("Period Start", "2026-02-01"), ("Period End", "2026-02-28"), ("Pay Date", "2026-02-27")];
const SEVERAL_ROWS: &str = "[payroll]\nseveral_rows = { sum = [\"hours\"] }";
/// A run of 9 March beside the regular one.
const BESIDE: [&str; 3] = ["2026-02-01", "2026-02-28", "2026-03-09"];

/// Of a company after these months, a file that holds runs beside the regular one of 1001 alone.
fn off_cycle(mut company: Company) -> Company {
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "off_cycle");
    company
}

/// The regular file again, everybody in it with the usual deduction.
fn regular(company: &mut Company) {
    company.all(|p| _ = p.on_payroll(true).pays("Run Type", "regular").pays("MED EE", "100.00"));
}

#[test]
fn a_late_row_of_a_missed_month_settles_it() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "100.00").further_row(&OF_FEBRUARY);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_late_row_without_a_deduction_owes_nothing_more() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").further_row(&[&OF_FEBRUARY[..], &[("MED EE", ""), ("MED ER", "")]].concat());
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_file_that_repeats_the_month_before_counts_it_once() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1002").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1002 _Medical 100.00"]);
    // February's row of 1002 has the deduction by now.
    company.person("1002").pays("MED EE", "100.00");
    company.all(|p| _ = p.further_row(&OF_FEBRUARY));
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_month_beside_a_repeated_one_that_is_wrong_accuses_nobody() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.all(|p| _ = p.further_row(&OF_FEBRUARY));
    company.person("1001").pays("MED EE", "80.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
}

#[test]
fn an_off_cycle_run_that_the_file_of_the_month_holds_again_counts_once() {
    for later in ["100.00", "80.00"] {
        let mut company = off_cycle(Company::missed_february());
        company.person("1001").pays("MED EE", "100.00");
        company.night("2026-03-10", BESIDE).nothing();
        regular(&mut company);
        let p = company.person("1001");
        p.pays("MED EE", later);
        p.further_row(&[("Run Type", "off_cycle"), ("Pay Date", "2026-03-09"), ("MED EE", "100.00")]);
        let o = company.night(APRIL_NIGHT, MARCH);
        o.nothing();
        if later == "80.00" {
            o.unverified("1001", "_Medical");
        } else {
            company.night(MAY_NIGHT, APRIL).nothing();
        }
    }
}

#[test]
fn an_off_cycle_run_before_a_biweekly_pay_date_counts_once() {
    let mut company = Company::new(BIWEEKLY);
    company.all(|p| _ = p.pays("MED EE", "46.15").pays("MED ER", ""));
    company.night("2026-03-07", ["2026-02-15", "2026-02-28", "2026-03-06"]).nothing();
    company.person("1001").pays("MED EE", "");
    company.night("2026-03-21", ["2026-03-01", "2026-03-14", "2026-03-20"]).only(&["EN01 1001 _Medical 46.15"]);
    company.all(|p| _ = p.on_payroll(false));
    company.person("1001").on_payroll(true).pays("Run Type", "off_cycle").pays("MED EE", "46.15");
    company.night("2026-03-26", ["2026-03-01", "2026-03-14", "2026-03-25"]).nothing();
    company.all(|p| _ = p.on_payroll(true).pays("Run Type", "regular").pays("MED EE", "46.15"));
    let again = [("Run Type", "off_cycle"), ("Pay Date", "2026-03-25"), ("MED EE", "46.15")];
    company.person("1001").further_row(&again);
    company.night("2026-04-04", ["2026-03-15", "2026-03-28", "2026-04-03"]).nothing();
    company.night("2026-04-18", ["2026-03-29", "2026-04-11", "2026-04-17"]).nothing();
}

#[test]
fn a_second_off_cycle_run_beside_the_first_counts_too() {
    // The first took half of what February missed, the one in March's file the other half.
    let mut company = off_cycle(Company::missed_february());
    company.person("1001").pays("MED EE", "50.00");
    company.night("2026-03-10", BESIDE).only(&["* 1001 _Medical 50.00"]);
    regular(&mut company);
    company.person("1001").further_row(&[("Run Type", "off_cycle"), ("Pay Date", "2026-03-25"), ("MED EE", "50.00")]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_last_pay_of_its_own_before_the_regular_file_accuses_nobody() {
    // March's deduction alone, or February's missed one with it.
    for (mut company, taken) in [(Company::until_february(), "100.00"), (Company::missed_february(), "200.00")] {
        company = off_cycle(company);
        company.person("1001").leaves("2026-03-06").pays("MED EE", taken);
        company.night("2026-03-10", BESIDE).nothing();
        regular(&mut company);
        company.person("1001").on_payroll(false).covers(&[]);
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn a_last_pay_of_its_own_that_takes_more_than_cover_costs_is_told() {
    for (leave, taken, told) in [("2026-03-06", "300.00", "-300.00"), ("2026-12-31", "100.00", "-100.00")] {
        let mut company = off_cycle(Company::until_february());
        company.person("1001").leaves(leave).pays("MED EE", taken);
        company.night("2026-03-10", BESIDE).only(&[&format!("* 1001 _Medical {told}")]);
    }
}

#[test]
fn a_row_that_stands_again_settles_no_older_month() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.all(|p| _ = p.further_row(&OF_FEBRUARY));
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Medical 100.00"]);
    let of_march = [("Period Start", "2026-03-01"), ("Period End", "2026-03-31"), ("Pay Date", "2026-03-31")];
    company.all(|p| _ = p.further_row(&of_march));
    company.night(MAY_NIGHT, APRIL).only(&["EN01 1001 _Medical 100.00"]);
}

#[test]
fn a_late_row_without_a_deduction_hides_nothing() {
    for (taken, told) in [("", "EN01 1001 _Medical 100.00"), ("200.00", "AM01 1001 _Medical -100.00")] {
        let mut company = Company::new(MONTHLY);
        company.job(SEVERAL_ROWS);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        let p = company.person("1001");
        p.pays("MED EE", taken).pays("MED ER", "");
        p.further_row(&[&OF_FEBRUARY[..], &[("MED EE", "")]].concat());
        company.night(APRIL_NIGHT, MARCH).only(&[told]);
    }
}

#[test]
fn a_month_that_could_not_be_judged_may_stand_in_the_next_file_again() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-04-01").status("on hold"))]);
    company.night(MARCH_NIGHT, FEBRUARY).unverified("1001", "_Medical");
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-04-01"))]);
    company.all(|p| _ = p.further_row(&OF_FEBRUARY));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn cover_that_ended_long_after_notice_was_given_accuses_nobody() {
    // Notice of 20 February to the end of March; Benifex keeps that day once cover is over.
    let mut company = Company::after_january();
    let cover = Cover::yearly(1200.0, 0.0).from("2025-04-01").changed("2026-02-20");
    company.person("1001").covers(&[("_Medical", cover.clone())]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[("_Medical", cover.status("ENDED"))]);
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|f| f["code"] == "TM07"), "{}", o.told());
}

#[test]
fn a_gap_explains_the_price_of_before_it() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1440.0, 0.0).from("2025-04-01"))]).pays("MED EE", "120.00");
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // March's file, never read, missed 1001.
    company.all(|p| {
        let cheaper = Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-10");
        p.covers(&[("_Medical", cheaper)]).pays("MED EE", "100.00");
    });
    company.person("1001").pays("MED EE", "220.00");
    let o = company.night(MAY_NIGHT, APRIL);
    assert!(!o.accuses("1001"), "{}", o.told());
}

#[test]
fn a_gap_explains_what_somebody_who_joined_in_it_catches_up() {
    let mut company = Company::until_february();
    let j = company.hire("1005");
    j.user("/employment/startDate", json!("2026-03-01")).user("/employment/originalStartDate", json!("2026-03-01"));
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01").changed("2026-03-20"))]);
    j.pays("Hire Date", "2026-03-01").pays("MED EE", "200.00").pays("MED ER", "");
    let o = company.night(MAY_NIGHT, APRIL);
    assert!(!o.accuses("1005"), "{}", o.told());
}

#[test]
fn a_regular_file_that_was_read_the_same_day_is_not_missing() {
    let mut company = Company::until_february();
    company.night("2026-04-12", MARCH).nothing();
    company = off_cycle(company);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night("2026-04-12", ["2026-03-01", "2026-03-31", "2026-04-10"]).nothing();
}

#[test]
fn a_catch_up_in_a_file_of_two_weeks_settles_the_weeks_before() {
    let mut company = Company::new(WEEKLY);
    company.job(SEVERAL_ROWS);
    company.all(|p| _ = p.pays("MED EE", "23.08").pays("MED ER", ""));
    company.person("1001").covers(&[]).pays("MED EE", "");
    company.night("2026-03-14", ["2026-03-02", "2026-03-08", "2026-03-13"]).nothing();
    company.night("2026-03-21", ["2026-03-09", "2026-03-15", "2026-03-20"]).nothing();
    // Elected on the 17th from the 2nd on; four weeks are taken in a file of two.
    let cover = Cover::yearly(1200.0, 0.0).from("2026-03-02").changed("2026-03-17");
    company.person("1001").covers(&[("_Medical", cover)]).pays("MED EE", "46.16");
    let second = [("Period Start", "2026-03-23"), ("Period End", "2026-03-29"), ("Pay Date", "2026-04-03")];
    company.all(|p| _ = p.further_row(&second));
    company.night("2026-04-04", ["2026-03-16", "2026-03-22", "2026-03-27"]).nothing();
}

#[test]
fn a_late_row_of_one_pay_group_hides_no_overlap_of_another() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    let p = company.person("1004");
    p.pays("Pay Group", "G2").user("/employment/salaryDetails/payGroup", json!("G2"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").further_row(&OF_FEBRUARY);
    company.person("1004").pays("Period Start", "2026-02-15");
    let o = company.night(APRIL_NIGHT, MARCH);
    let told = o.findings.iter().filter(|f| f["code"] == "CT08").count();
    assert_eq!(told, 1, "{}", o.told());
}

#[test]
fn a_regular_file_that_stays_away_behind_off_cycle_runs_is_told() {
    let mut company = off_cycle(Company::until_february());
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night("2026-03-10", BESIDE).nothing();
    // February's file is 43 days old, and March's is not there.
    let o = company.night("2026-04-12", ["2026-03-01", "2026-03-31", "2026-04-10"]);
    o.finding("CT07 - - -");
}

#[test]
fn a_gap_of_one_pay_group_hides_nothing_of_another() {
    let mut company = Company::new(MONTHLY);
    let p = company.person("1004");
    p.pays("Pay Group", "G2").user("/employment/salaryDetails/payGroup", json!("G2"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // March's file of G1 was never read.
    for id in ["1000", "1001", "1002", "1003"] {
        company.person(id).on_payroll(false);
    }
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.all(|p| _ = p.on_payroll(true));
    company.person("1001").pays("MED EE", "180.00");
    company.person("1004").pays("MED EE", "180.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.finding("CT08 - - -");
    o.finding("AM01 1004 _Medical -80.00");
    assert!(!o.accuses("1001"), "{}", o.told());
    o.unverified("1001", "_Medical");
}

#[test]
fn a_gap_explains_no_more_than_its_own_deductions() {
    let mut company = Company::until_february();
    company.person("1001").pays("MED EE", "450.00");
    company.person("1002").pays("MED EE", "200.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.finding("AM01 1001 _Medical -350.00");
    o.unverified("1002", "_Medical");
}

#[test]
fn cover_that_had_ended_by_the_cutoff_is_no_late_change() {
    // The snapshot of 3 February knows the cover; it ended on the 10th, and February's payroll took it all the same.
    let mut company = Company::after_january();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).changed("2026-01-31").status("ENDED"))]);
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    assert!(o.findings.iter().all(|f| f["code"] != "TM07"), "{}", o.told());
    o.finding("EN02 1001 _Medical -100.00");
}

#[test]
fn who_went_from_monthly_to_biweekly_pay_owes_earlier_months_by_the_month() {
    let mut company = Company::until_february();
    let p = company.person("1001");
    p.pays("Pay Frequency", "biweekly").pays("Pay Group", "BW").user("/employment/salaryDetails/payGroup", json!("BW"));
    p.user("/employment/salaryDetails/payPeriods", json!(26));
    // A new record of the same cover, as the move makes it.
    p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-01-01").changed("2026-03-02"))]);
    p.pays("MED EE", "46.15");
    for id in ["1000", "1002", "1003", "1004"] {
        company.person(id).on_payroll(false);
    }
    let o = company.night("2026-03-21", ["2026-03-01", "2026-03-14", "2026-03-20"]);
    assert!(!o.accuses("1001"), "{}", o.told());
    let o = company.night("2026-04-04", ["2026-03-15", "2026-03-28", "2026-04-03"]);
    assert!(!o.accuses("1001"), "{}", o.told());
}

#[test]
fn a_corrected_month_read_after_the_next_one_is_not_missed_twice() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_last_pay_that_came_first_is_what_the_regular_file_would_have_taken() {
    // The regular file names her once more: without a deduction, or with a second one.
    for (taken, told) in [("", &[][..]), ("100.00", &["* 1001 _Medical -100.00"])] {
        let mut company = Company::until_february();
        company.scheme("coverage_end = \"end_of_month\"");
        let mut company = off_cycle(company);
        company.person("1001").leaves("2026-03-06").pays("MED EE", "100.00");
        company.night("2026-03-10", BESIDE).nothing();
        regular(&mut company);
        company.person("1001").pays("MED EE", taken).pays("MED ER", "");
        company.night(APRIL_NIGHT, MARCH).only(told);
    }
}

#[test]
fn a_last_pay_on_a_day_of_the_next_month_stays_right() {
    let mut company = off_cycle(Company::until_february());
    company.person("1001").leaves("2026-03-20").pays("MED EE", "100.00");
    company.night("2026-04-03", ["2026-03-01", "2026-03-31", "2026-04-02"]).nothing();
    regular(&mut company);
    company.person("1001").on_payroll(false).covers(&[]);
    company.night("2026-04-04", MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_gap_and_a_missed_month_before_it_are_caught_up_together() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "300.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.finding("CT08 - - -");
    o.unverified("1001", "_Medical");
}

#[test]
fn a_late_row_does_not_stand_for_a_file_that_was_never_read() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").further_row(&[&OF_FEBRUARY[..], &[("MED EE", ""), ("MED ER", "")]].concat());
    company.person("1002").pays("MED EE", "200.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.finding("CT08 - - -");
    assert!(!o.accuses("1002"), "{}", o.told());
}

#[test]
fn the_other_half_of_a_month_that_comes_late_settles_it() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "50.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 50.00"]);
    company.person("1001").pays("MED EE", "100.00");
    company.person("1001").further_row(&[&OF_FEBRUARY[..], &[("MED EE", "50.00")]].concat());
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_month_that_is_run_again_for_one_person_is_not_taken_for_a_copy() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").further_row(&OF_FEBRUARY);
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
}

#[test]
fn an_off_cycle_run_that_two_files_date_differently_accuses_nobody() {
    let mut company = off_cycle(Company::missed_february());
    company.person("1001").pays("MED EE", "100.00");
    // No pay date of its own: the day after the period.
    company.night("2026-03-10", ["2026-02-01", "2026-02-28", "2026-02-28"]).nothing();
    regular(&mut company);
    company.person("1001").further_row(&[("Run Type", "off_cycle"), ("Pay Date", "2026-03-09"), ("MED EE", "100.00")]);
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(!o.accuses("1001"), "{}", o.told());
}

#[test]
fn back_pay_for_months_before_the_first_night_owes_nothing() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let of_january = [("Period Start", "2026-01-01"), ("Period End", "2026-01-31"), ("Pay Date", "2026-01-30")];
    company.person("1001").further_row(&[&of_january[..], &[("MED EE", ""), ("MED ER", "")]].concat());
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn weeks_that_every_file_holds_twice_count_once() {
    let mut company = Company::new(WEEKLY);
    company.job(SEVERAL_ROWS);
    let weeks = [
        ["2026-03-02", "2026-03-08", "2026-03-13"],
        ["2026-03-09", "2026-03-15", "2026-03-20"],
        ["2026-03-16", "2026-03-22", "2026-03-27"],
        ["2026-03-23", "2026-03-29", "2026-04-03"],
    ];
    company.all(|p| _ = p.pays("MED EE", "23.08").pays("MED ER", ""));
    for (pair, night) in weeks.windows(2).zip(["2026-03-21", "2026-03-28", "2026-04-04"]) {
        let [start, end, paid] = pair[1];
        company.all(|p| _ = p.further_row(&[("Period Start", start), ("Period End", end), ("Pay Date", paid)]));
        let o = company.night(night, pair[0]);
        o.nothing();
        assert!(o.unverified.iter().all(|row| row["benefit"].is_empty()), "{}", o.told());
    }
}

#[test]
fn a_refund_that_the_file_of_the_month_holds_again_counts_once() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    let mut company = off_cycle(company);
    company.person("1001").pays("MED EE", "-20.00");
    company.night("2026-03-10", BESIDE).nothing();
    regular(&mut company);
    company.person("1001").further_row(&[("Run Type", "off_cycle"), ("Pay Date", "2026-03-09"), ("MED EE", "-20.00")]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn late_rows_of_two_missed_months_settle_both() {
    let mut company = Company::new(MONTHLY);
    company.job(SEVERAL_ROWS);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 200.00"]);
    let of_january = [("Period Start", "2026-01-01"), ("Period End", "2026-01-31"), ("Pay Date", "2026-01-30")];
    company.person("1001").pays("MED EE", "100.00").further_row(&of_january).further_row(&OF_FEBRUARY);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}
