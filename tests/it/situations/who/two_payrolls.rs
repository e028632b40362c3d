//! Somebody whom the files of two payrolls hold in one period: after a move in mid-month, or with two jobs.

use std::collections::BTreeMap;

use serde_json::json;

use crate::situations::company::{APRIL, Company, Cover, FEBRUARY, JANUARY, MARCH, MONTHLY, Outcome, Period};

const GROUP: &str = "/employment/salaryDetails/payGroup";
const FIRST: [&str; 3] = ["1000", "1001", "1002"];
const SECOND: [&str; 2] = ["1003", "1004"];

/// Three people of G1 and two of G2, whose files come in turn.
fn company() -> Company {
    let mut company = Company::new(MONTHLY);
    for id in SECOND {
        company.person(id).user(GROUP, json!("G2")).pays("Pay Group", "G2");
    }
    company
}

/// The same, with G2 paid by the week.
fn monthly_and_weekly() -> Company {
    let mut company = company();
    for id in SECOND {
        let p = company.person(id);
        p.user("/employment/salaryDetails/payPeriods", json!(52)).benbase("/pay_frequency", json!("weekly"));
        p.pays("Pay Frequency", "weekly").pays("MED EE", "23.08");
    }
    company
}

/// A night with the file of these people.
fn file_of(company: &mut Company, ids: &[&str], night: &str, period: Period) -> Outcome {
    company.all(|person| _ = person.on_payroll(false));
    ids.iter().for_each(|id| _ = company.person(id).on_payroll(true));
    company.night(night, period)
}

/// January of both payrolls. Then 1002 moves to G2 in the middle of February, which G1's file takes an amount for, and
/// G2's another. Gives what the night of the latter says.
fn moved(company: &mut Company, [of_first, of_second]: [&str; 2]) -> Outcome {
    file_of(company, &FIRST, "2026-02-03", JANUARY).nothing();
    file_of(company, &SECOND, "2026-02-04", JANUARY).nothing();
    company.person("1002").user(GROUP, json!("G2")).pays("MED EE", of_first);
    file_of(company, &FIRST, "2026-03-03", FEBRUARY);
    company.person("1002").pays("Pay Group", "G2").pays("MED EE", of_second);
    file_of(company, &["1002", "1003", "1004"], "2026-03-04", FEBRUARY)
}

fn next_month(company: &mut Company, taken: &str, night: &str, period: Period) -> Outcome {
    company.person("1002").pays("MED EE", taken);
    file_of(company, &["1002", "1003", "1004"], night, period)
}

#[test]
fn what_two_payrolls_take_of_one_month_counts_together() {
    for parts in [["46.43", "53.57"], ["100.00", ""], ["100.00", "0.00"], ["0.00", "100.00"]] {
        let mut company = company();
        moved(&mut company, parts).nothing();
        // The same file again, and the other one: each takes the place of its own.
        file_of(&mut company, &["1002", "1003", "1004"], "2026-03-05", FEBRUARY).nothing();
        next_month(&mut company, "100.00", "2026-04-02", MARCH).nothing();
    }
}

#[test]
fn files_of_both_payrolls_may_be_read_for_one_night() {
    let mut company = company();
    file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
    file_of(&mut company, &SECOND, "2026-02-03", JANUARY).nothing();
    company.person("1002").user(GROUP, json!("G2")).pays("MED EE", "46.43");
    file_of(&mut company, &FIRST, "2026-03-03", FEBRUARY);
    company.person("1002").pays("Pay Group", "G2").pays("MED EE", "43.57");
    for night in ["2026-03-03", "2026-03-04"] {
        file_of(&mut company, &["1002", "1003", "1004"], night, FEBRUARY).only(&["AM01 1002 _Medical 10.00"]);
    }
}

#[test]
fn a_corrected_file_takes_the_place_of_what_its_own_payroll_took() {
    let mut company = company();
    moved(&mut company, ["46.43", "43.57"]).only(&["AM01 1002 _Medical 10.00"]);
    company.person("1002").pays("MED EE", "53.57");
    file_of(&mut company, &["1002", "1003", "1004"], "2026-03-05", FEBRUARY).nothing();
    // The first payroll's once more, which took another 5.00.
    company.person("1002").pays("Pay Group", "G1").pays("MED EE", "51.43");
    file_of(&mut company, &FIRST, "2026-03-06", FEBRUARY).only(&["AM01 1002 _Medical -5.00"]);
}

#[test]
fn a_month_that_both_payrolls_took_whole_is_owed_back_once() {
    let mut company = company();
    let o = moved(&mut company, ["100.00", "100.00"]);
    o.only(&["AM01 1002 _Medical -100.00"]);
    let said = &o.findings[0]["sentence"];
    assert!(said.starts_with("100.00 USD of _Medical is owed to the employee"), "{said}");
    next_month(&mut company, "0.00", "2026-04-02", MARCH).nothing();
    next_month(&mut company, "100.00", "2026-05-04", APRIL).nothing();
}

#[test]
fn a_second_job_without_deductions_accuses_nobody_and_says_nothing_of_the_first_ones_pay() {
    let mut company = company();
    file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
    for (own, other, period) in [("2026-02-03", "2026-02-04", JANUARY), ("2026-03-03", "2026-03-04", FEBRUARY)] {
        company.person("1002").pays("Pay Group", "G1").pays("MED EE", "100.00").pays("Salary", "60000.00");
        file_of(&mut company, &FIRST, own, period).nothing();
        company.person("1002").pays("Pay Group", "G2").pays("MED EE", "").pays("Salary", "12000.00");
        let o = file_of(&mut company, &["1002", "1003", "1004"], other, period);
        o.nothing();
        o.nothing_queued();
        o.unverified("1002", "");
    }
}

#[test]
fn the_same_people_under_another_name_of_their_group_are_no_second_payroll() {
    let mut company = company();
    file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
    FIRST.iter().for_each(|id| _ = company.person(id).user(GROUP, json!("M")).pays("Pay Group", "M"));
    company.person("1001").pays("MED EE", "80.00");
    file_of(&mut company, &FIRST, "2026-02-04", JANUARY).only(&["AM01 1001 _Medical 20.00"]);
}

#[test]
fn a_second_job_that_is_paid_by_the_week_says_nothing_of_the_pay_of_the_first() {
    let mut company = monthly_and_weekly();
    file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
    company.person("1002").pays("Pay Group", "G2").pays("Pay Frequency", "weekly").pays("MED EE", "");
    let weeks = [
        ("2026-02-07", ["2026-01-26", "2026-02-01", "2026-02-06"]),
        ("2026-02-14", ["2026-02-02", "2026-02-08", "2026-02-13"]),
    ];
    for (night, week) in weeks {
        let o = file_of(&mut company, &["1002", "1003", "1004"], night, week);
        assert!(o.findings.iter().all(|finding| !finding["code"].starts_with("CO")), "{}", o.told());
        o.nothing_queued();
        o.unverified("1002", "");
    }
}

#[test]
fn a_move_to_another_pay_frequency_whose_periods_have_no_days_in_common_is_told() {
    let mut company = monthly_and_weekly();
    file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
    company.person("1002").pays("Pay Group", "G2").pays("Pay Frequency", "weekly").pays("MED EE", "23.08");
    let week = ["2026-02-02", "2026-02-08", "2026-02-13"];
    let o = file_of(&mut company, &["1002", "1003", "1004"], "2026-02-14", week);
    o.finding("CO03 1002 - -");
}

/// In February 1003 is paid by the week until the 15th, and by the month, by `taken`, from the 16th.
fn moved_to_months(taken: &str) -> (Company, Outcome) {
    let mut company = monthly_and_weekly();
    file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
    for (night, week) in [("2026-02-14", WEEKS[0]), ("2026-02-21", WEEKS[1])] {
        file_of(&mut company, &SECOND, night, week).nothing();
    }
    let p = company.person("1003");
    p.user(GROUP, json!("G1"))
        .user("/employment/salaryDetails/payPeriods", json!(12))
        .benbase("/pay_frequency", json!("monthly"));
    p.pays("Pay Group", "G1").pays("Pay Frequency", "monthly").pays("MED EE", taken);
    let o = file_of(&mut company, &MONTHLY_NOW, "2026-03-03", FEBRUARY);
    (company, o)
}

const MONTHLY_NOW: [&str; 4] = ["1000", "1001", "1002", "1003"];
const WEEKS: [Period; 2] = [["2026-02-02", "2026-02-08", "2026-02-13"], ["2026-02-09", "2026-02-15", "2026-02-20"]];

#[test]
fn the_month_in_which_somebody_moved_from_weeks_owes_the_rest_that_the_weeks_left() {
    // 13 days of 28 are 46.43, half of the working days 50.00, and 100.00 less two weeks of 23.08 are 53.84.
    for (taken, open) in [
        ("53.84", None),
        ("46.43", None),
        ("", Some("* 1003 _Medical 46.43")),
        ("100.00", Some("* 1003 _Medical -46.16")),
    ] {
        let (mut company, o) = moved_to_months(taken);
        o.only(open.as_slice());
        assert!(o.unverified.is_empty(), "{}", o.told());
        company.person("1003").pays("MED EE", "100.00");
        file_of(&mut company, &MONTHLY_NOW, "2026-04-02", MARCH).only(open.as_slice());
        if let Some(open) = open {
            let made_good = if open.ends_with("-46.16") { "53.84" } else { "146.43" };
            company.person("1003").pays("MED EE", made_good);
            file_of(&mut company, &MONTHLY_NOW, "2026-05-04", APRIL).nothing();
        }
    }
}

#[test]
fn whoever_left_one_payroll_and_is_hired_by_the_other_in_one_month_pays_both_parts() {
    // Of February, ten days at the first and nine at the second.
    let rehired = |of_second: &str| {
        let mut company = company();
        file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
        file_of(&mut company, &SECOND, "2026-02-04", JANUARY).nothing();
        company.person("1002").leaves("2026-02-10").pays("MED EE", "35.71");
        file_of(&mut company, &FIRST, "2026-03-03", FEBRUARY).nothing();
        let p = company.person("1002");
        p.user("/employment/leaveDate", json!(null)).pays("Leave Date", "").joins("2026-02-20");
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-20"))]);
        p.user(GROUP, json!("G2")).pays("Pay Group", "G2").pays("MED EE", of_second);
        file_of(&mut company, &["1002", "1003", "1004"], "2026-03-04", FEBRUARY)
    };
    rehired("32.14").nothing();
    rehired("100.00").only(&["* 1002 _Medical -35.71"]);
}

#[test]
fn whom_another_file_of_the_month_has_already_is_not_told_to_be_missing_there() {
    let mut company = company();
    file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
    file_of(&mut company, &SECOND, "2026-02-04", JANUARY).nothing();
    company.person("1003").user(GROUP, json!("G1")).pays("Pay Group", "G1");
    file_of(&mut company, &["1000", "1001", "1002", "1003"], "2026-03-03", FEBRUARY).nothing();
    file_of(&mut company, &["1004"], "2026-03-04", FEBRUARY).nothing();
}

#[test]
fn the_first_week_after_a_move_that_took_nothing_is_told_until_a_later_one_makes_it_up() {
    let weekly = ["1002", "1003", "1004"];
    for (next, is_told) in [("46.16", false), ("23.08", true)] {
        let mut company = monthly_and_weekly();
        file_of(&mut company, &FIRST, "2026-02-03", JANUARY).nothing();
        file_of(&mut company, &SECOND, "2026-02-24", ["2026-02-16", "2026-02-22", "2026-02-27"]).nothing();
        file_of(&mut company, &FIRST, "2026-03-03", FEBRUARY).nothing();
        let mover = company.person("1002").user(GROUP, json!("G2")).pays("Pay Group", "G2").pays("MED EE", "");
        mover.user("/employment/salaryDetails/payPeriods", json!(52)).pays("Pay Frequency", "weekly");
        let o = file_of(&mut company, &weekly, "2026-03-04", ["2026-02-23", "2026-03-01", "2026-03-06"]);
        o.unverified("1002", "_Medical");
        company.person("1002").pays("MED EE", next);
        for (night, week) in [
            ("2026-03-11", ["2026-03-02", "2026-03-08", "2026-03-13"]),
            ("2026-03-18", ["2026-03-09", "2026-03-15", "2026-03-20"]),
        ] {
            let o = file_of(&mut company, &weekly, night, week);
            assert!(!o.accuses("1002"), "{}", o.told());
            let is_of =
                |aside: &BTreeMap<String, String>| aside["employee_id"] == "1002" && !aside["benefit"].is_empty();
            assert_eq!(o.unverified.iter().any(is_of), is_told, "{}", o.told());
            company.person("1002").pays("MED EE", "23.08");
        }
    }
}
