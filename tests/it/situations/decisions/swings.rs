//! Companies large enough for the guards: a payroll total that moves is an alarm where what is due did not move
//! with it.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT,
    MAY, MAY_NIGHT, MONTHLY, Period,
};

/// The second biweekly pay date of January 2026, the third, and the first of February.
const SECOND: Period = ["2025-12-28", "2026-01-10", "2026-01-16"];
const THIRD: Period = ["2026-01-11", "2026-01-24", "2026-01-30"];
const FOURTH: Period = ["2026-01-25", "2026-02-07", "2026-02-13"];
const GUARDED: i32 = 8;

/// Five people are enough, and a share of them may be corrected.
fn guarded(mut company: Company) -> Company {
    company.job("[guards]\nheadcount_min = 1\npeople_min = 1\ncorrected_share_max = \"100 %\"");
    company
}

#[track_caller]
fn stopped(company: &mut Company, as_of: &str, period: Period, benefits: &[&str]) {
    let output = company.attempt(as_of, period);
    assert_eq!(output.status.code(), Some(GUARDED), "{}", crate::support::shown(&output));
    let pack = company.site().path(&format!("reports/situation/{as_of}"));
    let swung: Vec<String> = crate::support::exceptions(&pack)
        .into_iter()
        .filter(|finding| finding["code"] == "CT06")
        .map(|finding| finding["benefit"].clone())
        .collect();
    assert_eq!(swung, benefits);
}

#[test]
fn a_third_pay_date_on_which_nothing_is_due_is_no_swing_nor_is_the_one_after_it() {
    let mut company = guarded(Company::deducting(BIWEEKLY, 24, "50.00"));
    company.night("2026-01-17", SECOND).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    company.night("2026-01-31", THIRD).nothing();
    company.all(|person| _ = person.pays("MED EE", "50.00"));
    company.night("2026-02-14", FOURTH).nothing();
}

#[test]
fn somebody_deducted_on_a_pay_date_without_deductions_is_the_only_one_who_is_found() {
    let mut company = guarded(Company::deducting(BIWEEKLY, 24, "50.00"));
    // 2.00 of the 202.00 that are due in the two other pays: less than the guards' share.
    company.person("1001").pays("MED EE", "2.00").covers(&[("_Medical", Cover::yearly(48.0, 0.0))]);
    company.night("2026-01-17", SECOND).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    company.person("1001").pays("MED EE", "2.00");
    company.night("2026-01-31", THIRD).only(&["AM06 1001 _Medical -2.00"]);
    company.all(|person| _ = person.pays("MED EE", "50.00"));
    company.person("1001").pays("MED EE", "");
    company.night("2026-02-14", FOURTH).nothing();
}

#[test]
fn a_renewal_that_payroll_follows_is_no_swing() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    company.all(|person| {
        _ = person.pays("MED EE", "120.00").covers(&[("_Medical", Cover::yearly(1440.0, 0.0).from("2026-02-01"))])
    });
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_renewal_that_payroll_does_not_follow_is_found_with_each_and_is_no_swing() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    company.all(|person| _ = person.covers(&[("_Medical", Cover::yearly(1440.0, 0.0).from("2026-02-01"))]));
    let owed = ["1000", "1001", "1002", "1003", "1004"].map(|id| format!("AM01 {id} _Medical 20.00"));
    company.night(MARCH_NIGHT, FEBRUARY).only(&owed.each_ref().map(String::as_str));
}

#[test]
fn a_column_that_is_blank_in_a_month_that_owes_it_stops_the_queue() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    stopped(&mut company, MARCH_NIGHT, FEBRUARY, &["_Medical"]);
}

#[test]
fn a_file_of_twice_the_amounts_stops_the_queue_also_where_more_is_due_than_before() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.all(|person| {
        _ = person.pays("MED EE", "240.00").covers(&[("_Medical", Cover::yearly(1440.0, 0.0).from("2026-03-01"))])
    });
    stopped(&mut company, APRIL_NIGHT, MARCH, &["_Medical"]);
}

#[test]
fn codes_that_are_no_benefit_move_as_they_like() {
    let mut company = guarded(Company::new(MONTHLY));
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"GARN\", employee = \"Garnishment\" }]\n\
         [deductions]\nignored_codes = { GARN = \"not a benefit\" }",
    );
    company.all(|person| _ = person.pays("Garnishment", "100.00"));
    company.night("2026-02-03", JANUARY).nothing();
    company.all(|person| _ = person.pays("Garnishment", "310.00"));
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.all(|person| _ = person.pays("Garnishment", ""));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn the_pay_date_after_one_without_deductions_is_held_against_the_one_before_it() {
    let mut company = guarded(Company::deducting(BIWEEKLY, 24, "50.00"));
    company.night("2026-01-17", SECOND).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    company.night("2026-01-31", THIRD).nothing();
    stopped(&mut company, "2026-02-14", FOURTH, &["_Medical"]);
}

#[test]
fn people_on_unpaid_leave_are_no_swing_until_they_are_many() {
    for (away, swings) in [(1, false), (2, true)] {
        let mut company = guarded(Company::new(MONTHLY));
        company.job("[payroll.columns]\ngross_pay = \"Gross\"");
        company.all(|person| _ = person.pays("Gross", "5000.00"));
        company.night("2026-02-03", JANUARY).nothing();
        for id in &["1001", "1002"][..away] {
            company.person(id).pays("MED EE", "").pays("Gross", "0.00");
        }
        match swings {
            true => stopped(&mut company, MARCH_NIGHT, FEBRUARY, &["_Medical"]),
            false => company.night(MARCH_NIGHT, FEBRUARY).only(&["TM11 1001 _Medical 100.00"]),
        }
    }
}

#[test]
fn a_catch_up_that_the_books_explain_is_no_swing() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    // February moves by 2 % of what it was, and March, which gives it back, by 4 %.
    company.job("[guards]\ntotal_change_max = \"3 %\"");
    company.person("1001").pays("MED EE", "110.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -10.00"]);
    company.person("1001").pays("MED EE", "90.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn the_night_after_one_that_a_guard_stopped_names_it() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.all(|person| _ = person.pays("MED EE", "200.00"));
    stopped(&mut company, APRIL_NIGHT, MARCH, &["_Medical"]);
    company.all(|person| _ = person.pays("MED EE", "100.00"));
    let o = company.night(MAY_NIGHT, APRIL);
    let said = &o.finding("CT08 - - -")["sentence"];
    assert!(said.contains("a guard stopped the night of 2026-04-02, which read 2026-03-01 to 2026-03-31"), "{said}");
}

#[test]
fn one_who_is_missed_is_found_and_no_swing_where_a_swing_needs_two() {
    for (missed, swings) in [(1, false), (2, true)] {
        let mut company = guarded(Company::new(MONTHLY));
        company.job("[guards]\npeople_min = 2");
        company.night("2026-02-03", JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        for id in &["1001", "1002"][..missed] {
            company.person(id).pays("MED EE", "");
        }
        match swings {
            true => stopped(&mut company, APRIL_NIGHT, MARCH, &["_Medical"]),
            false => company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Medical 100.00"]),
        }
    }
}

#[test]
fn a_benefit_of_two_that_is_taken_of_neither_stops_the_queue_and_one_of_a_single_person_is_found() {
    for (owed_by, swings) in [(&["1001"][..], false), (&["1001", "1002"], true)] {
        let mut company = guarded(Company::new(MONTHLY));
        company.job(
            "[guards]\npeople_min = 5\n[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"CAR\", \
             employee = \"CAR EE\" }]\n[deductions]\ncodes = { CAR = \"_Car\" }",
        );
        let car = ("_Car", Cover::yearly(4800.0, 0.0));
        company.all(|person| _ = person.pays("CAR EE", ""));
        for id in owed_by {
            let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), car.clone()];
            company.person(id).pays("CAR EE", "400.00").covers(&covers);
        }
        company.night("2026-02-03", JANUARY).nothing();
        company.all(|person| _ = person.pays("CAR EE", ""));
        match swings {
            true => stopped(&mut company, MARCH_NIGHT, FEBRUARY, &["_Car"]),
            false => company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Car 400.00"]),
        }
    }
}

#[test]
fn people_who_join_by_both_sources_are_no_swing() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    for id in ["1005", "1006"] {
        let joiner = company.hire(id).covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01"))]);
        joiner.user("/employment/startDate", json!("2026-02-01"));
        joiner.user("/employment/originalStartDate", json!("2026-02-01")).pays("Hire Date", "2026-02-01");
        joiner.user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-02-01"));
        joiner.pays("Salary Effective", "2026-02-01").benbase("/pay_rate/effective_start", json!("2026-02-01"));
    }
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_pay_group_that_comes_in_every_other_file_is_compared_with_its_own_last_one() {
    let mut company = guarded(Company::new(BIWEEKLY));
    company.job(
        "[deductions]\nper_year = [{ pay_group = \"M\", deductions = 12 }, { pay_group = \"G1\", deductions = 26 }]",
    );
    company.all(|person| _ = person.pays("MED EE", "46.15"));
    for id in ["1003", "1004"] {
        let monthly =
            company.person(id).pays("Pay Group", "M").pays("Pay Frequency", "monthly").pays("MED EE", "100.00");
        monthly.user("/employment/salaryDetails/payGroup", json!("M"));
        monthly.user("/employment/salaryDetails/payPeriods", json!(12)).benbase("/pay_frequency", json!("monthly"));
    }
    let fortnights: [(&str, Period, Option<Period>); 4] = [
        ("2026-02-03", ["2026-01-18", "2026-01-31", "2026-01-30"], Some(JANUARY)),
        ("2026-02-17", ["2026-02-01", "2026-02-14", "2026-02-13"], None),
        ("2026-03-03", ["2026-02-15", "2026-02-28", "2026-02-27"], Some(FEBRUARY)),
        ("2026-03-17", ["2026-03-01", "2026-03-14", "2026-03-13"], None),
    ];
    for (night, fortnight, month) in fortnights {
        for id in ["1003", "1004"] {
            let [start, end, date] = month.unwrap_or(fortnight);
            let monthly = company.person(id).on_payroll(month.is_some());
            monthly.pays("Period Start", start).pays("Period End", end).pays("Pay Date", date);
        }
        company.night(night, fortnight).nothing();
    }
}

#[test]
fn a_pay_group_that_is_merged_split_off_or_renamed_is_no_swing_and_people_who_are_lost_by_it_are() {
    let mut company = guarded(Company::new(MONTHLY));
    let east = |company: &mut Company, group: &str| {
        for id in ["1003", "1004"] {
            company.person(id).pays("Pay Group", group);
        }
    };
    east(&mut company, "EAST");
    for id in ["1003", "1004"] {
        company.person(id).user("/employment/salaryDetails/payGroup", json!("EAST"));
    }
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    for (night, period, group) in
        [(MARCH_NIGHT, FEBRUARY, "G1"), (APRIL_NIGHT, MARCH, "EAST"), (MAY_NIGHT, APRIL, "ORIENT")]
    {
        east(&mut company, group);
        company.night(night, period).nothing();
    }
    east(&mut company, "G1");
    company.person("1001").on_payroll(false);
    stopped(&mut company, JUNE_NIGHT, MAY, &["", "_Medical"]);
}

/// Five people, and three more whom nobody announced: the night of March is stopped.
fn stopped_by_three_more(misses: &str, overpays: &str) -> Company {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.job("[guards]\npeople_min = 3");
    for id in ["1005", "1006", "1007"] {
        company.hire(id);
    }
    company.person("1001").pays("MED EE", misses);
    company.person("1002").pays("MED EE", overpays);
    stopped(&mut company, APRIL_NIGHT, MARCH, &[""]);
    company
}

#[test]
fn what_a_stopped_night_left_open_is_found_once_the_next_file_is_accepted() {
    let mut company = stopped_by_three_more("", "110.00");
    company.all(|person| _ = person.pays("MED EE", "100.00"));
    let open = ["EN01 1001 _Medical 100.00", "AM01 1002 _Medical -10.00"];
    company.accepted_night(MAY_NIGHT, APRIL).only(&open);
    company.night(JUNE_NIGHT, MAY).only(&open);
}

#[test]
fn what_the_accepted_file_puts_right_of_a_stopped_night_is_no_finding() {
    let mut company = stopped_by_three_more("", "110.00");
    company.person("1001").pays("MED EE", "200.00");
    company.person("1002").pays("MED EE", "90.00");
    company.accepted_night(MAY_NIGHT, APRIL).only(&[]);
    company.all(|person| _ = person.pays("MED EE", "100.00"));
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn amounts_of_a_stopped_night_that_no_later_one_bears_out_are_unverified_until_the_file_is_run_again() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.all(|person| _ = person.pays("MED EE", "200.00"));
    stopped(&mut company, APRIL_NIGHT, MARCH, &["_Medical"]);
    company.all(|person| _ = person.pays("MED EE", "100.00"));
    company.night(MAY_NIGHT, APRIL);
    let later = company.night("2026-05-12", APRIL);
    later.only(&["CT08 - - -"]);
    let doubted = "the 200.00 USD that payroll took of the employee for 2026-03-01";
    assert_eq!(later.unverified.iter().filter(|row| row["reason"].contains(doubted)).count(), 5, "{}", later.told());
    company.accepted_night("2026-05-14", MARCH).only(&[]);
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_catch_up_in_an_accepted_file_may_be_of_the_period_that_was_never_read() {
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").pays("MED EE", "200.00");
    let accepted = company.accepted_night(MAY_NIGHT, APRIL);
    accepted.only(&[]);
    accepted.unverified("1001", "_Medical");
}

#[test]
fn of_whoever_a_stopped_file_has_no_row_it_stays_in_doubt_what_it_took_until_the_file_is_whole() {
    let halve = |company: &mut Company, is: bool| {
        ["1002", "1003", "1004"].iter().for_each(|id| _ = company.person(id).on_payroll(!is));
    };
    let mut company = guarded(Company::new(MONTHLY));
    company.night("2026-02-03", JANUARY).nothing();
    halve(&mut company, true);
    stopped(&mut company, MARCH_NIGHT, FEBRUARY, &["", "_Medical"]);
    halve(&mut company, false);
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["CT08 - - -"]);
    ["1002", "1003", "1004"].iter().for_each(|id| o.unverified(id, "_Medical"));
    assert_eq!(o.unverified.len(), 3, "{}", o.told());
    company.night(MAY_NIGHT, APRIL).unverified("1004", "_Medical");
    // The whole file, in which 10.00 of 1004 are missing.
    company.job("[payroll]\nperiod_age_max_days = 300");
    company.person("1004").pays("MED EE", "90.00");
    company.night("2026-05-05", FEBRUARY).only(&["AM01 1004 _Medical 10.00"]);
    company.person("1004").pays("MED EE", "100.00");
    let o = company.night("2026-05-06", APRIL);
    o.only(&["AM01 1004 _Medical 10.00"]);
    assert!(o.unverified.is_empty(), "{}", o.told());
}
