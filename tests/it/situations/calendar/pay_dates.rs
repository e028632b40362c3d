//! Pay dates and rates: periods that are not months, schemes in advance and in arrears, dates that a holiday moved.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, AUGUST, AUGUST_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY,
    JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY, Pays, Period, SEPTEMBER_NIGHT, WEEKLY,
};

const SEMIMONTHLY: Pays = Pays { word: "semimonthly", a_year: 24 };
const FOUR_WEEKLY: Pays = Pays { word: "four_weekly", a_year: 13 };

/// 100.00 a month, deducted by a rule.
fn by_rule(rule: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.scheme(&format!("first_deduction = \"{rule}\""));
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-04-01"))]));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company
}

#[test]
fn in_advance_the_new_rate_is_taken_a_month_before() {
    for (taken, right) in [("120.00", true), ("100.00", false)] {
        let mut company = by_rule("in advance");
        let renewed = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-05");
        company.person("1001").covers(&[("_Medical", renewed)]).pays("MED EE", taken);
        let o = company.night(MARCH_NIGHT, FEBRUARY);
        match right {
            true => o.nothing(),
            false => o.only(&["* 1001 _Medical 20.00"]),
        }
        company.person("1001").pays("MED EE", if right { "120.00" } else { "140.00" });
        company.night(APRIL_NIGHT, MARCH).nothing();
    }
}

#[test]
fn in_advance_a_renewal_beside_the_record_before_it_accuses_nobody_on_any_night() {
    let mut company = by_rule("in advance");
    company.all(|p| {
        let old = Cover::yearly(1200.0, 0.0).from("2025-04-01");
        let renewed = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-05");
        p.covers(&[("_Medical", old), ("_Medical", renewed)]).pays("MED EE", "120.00");
    });
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night("2026-04-03", MARCH).nothing();
}

#[test]
fn in_advance_a_leaver_pays_nothing_in_the_last_month() {
    for (taken, right) in [("", true), ("100.00", false)] {
        let mut company = by_rule("in advance");
        company.job("[rules]\ncoverage_end = \"end_of_month\"");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.person("1001").leaves("2026-03-31");
        company.person("1001").pays("MED EE", taken).pays("MED ER", "");
        let o = company.night(APRIL_NIGHT, MARCH);
        match right {
            true => o.nothing(),
            false => o.only(&["* 1001 _Medical -100.00"]),
        }
    }
}

#[test]
fn in_advance_who_joins_pays_two_months_at_once() {
    let mut company = by_rule("in advance");
    let j = company.hire("1005");
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01").changed("2026-02-02"))]);
    j.user("/employment/startDate", json!("2026-02-01")).user("/employment/originalStartDate", json!("2026-02-01"));
    j.pays("Hire Date", "2026-02-01").pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1005").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn in_arrears_the_new_rate_is_taken_a_month_later() {
    let mut company = by_rule("in arrears");
    let renewed = Cover::yearly(1440.0, 0.0).from("2026-02-01").changed("2026-01-05");
    company.person("1001").covers(&[("_Medical", renewed)]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn in_arrears_a_leaver_pays_the_last_month_with_the_final_pay() {
    let mut company = by_rule("in arrears");
    company.job("[rules]\ncoverage_end = \"end_of_month\"");
    company.person("1001").leaves("2026-01-31");
    company.person("1001").covers(&[]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn with_the_next_pay_the_first_month_is_free_and_the_second_is_not_double() {
    let mut company = by_rule("next pay");
    let j = company.hire("1005");
    j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-16").changed("2026-02-17"))]);
    j.user("/employment/startDate", json!("2026-02-16")).user("/employment/originalStartDate", json!("2026-02-16"));
    j.pays("Hire Date", "2026-02-16").pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1005").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1005 _Medical -100.00"]);
    company.person("1005").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn cover_that_begins_between_the_periods_end_and_its_pay_date_accuses_nobody() {
    // Paid a week after the period: from 16 March, the pay date is the 20th.
    for taken in ["", "46.15"] {
        let mut company = Company::deducting(BIWEEKLY, 26, "46.15");
        company
            .person("1001")
            .covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-16").changed("2026-03-02"))]);
        company.person("1001").pays("MED EE", taken);
        company.night("2026-03-21", ["2026-03-02", "2026-03-15", "2026-03-20"]).nothing();
        company.person("1001").pays("MED EE", "46.15");
        company.night("2026-04-04", ["2026-03-16", "2026-03-29", "2026-04-03"]).nothing();
    }
}

#[test]
fn a_new_rate_from_the_first_of_a_month_inside_a_fortnight_accuses_nobody() {
    // 23 March to 5 April, paid on the 10th: the new rate by the pay date, the old one by the period, or a part of
    // each.
    for taken in ["46.15", "55.38", "49.45"] {
        let mut company = Company::deducting(BIWEEKLY, 26, "46.15");
        company.night("2026-03-28", ["2026-03-09", "2026-03-22", "2026-03-27"]).nothing();
        company
            .person("1001")
            .covers(&[("_Medical", Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-12"))]);
        company.person("1001").pays("MED EE", taken);
        let o = company.night("2026-04-11", ["2026-03-23", "2026-04-05", "2026-04-10"]);
        assert!(o.findings.is_empty(), "{taken} {}", o.told());
        company.person("1001").pays("MED EE", "55.38");
        company.night("2026-04-25", ["2026-04-06", "2026-04-19", "2026-04-24"]).nothing();
    }
}

#[test]
fn cover_that_ended_with_the_month_inside_a_fortnight_accuses_nobody() {
    for taken in ["", "46.15", "6.59"] {
        let mut company = Company::deducting(BIWEEKLY, 26, "46.15");
        company.night("2026-03-28", ["2026-03-16", "2026-03-29", "2026-03-27"]).nothing();
        let ended = Cover::yearly(1200.0, 0.0).from("2025-04-01").status("ENDED").changed("2026-03-31");
        company.person("1001").covers(&[("_Medical", ended)]).pays("MED EE", taken);
        let o = company.night("2026-04-14", ["2026-03-30", "2026-04-12", "2026-04-10"]);
        assert!(o.findings.iter().all(|f| f["code"] == "TM07"), "{taken} {}", o.told());
        let sentences: Vec<&String> = o.findings.iter().map(|f| &f["sentence"]).collect();
        assert!(sentences.iter().all(|told| told.contains("ended since")), "{sentences:?}");
    }
}

#[test]
fn a_pay_date_that_a_holiday_moved_into_the_month_before_may_be_the_first_of_its_own() {
    // Friday, 2 January is paid on Wednesday, 31 December. By its date it is December's third, by the calendar
    // January's first: payrolls do both.
    for december in ["50.00", ""] {
        let mut company = Company::deducting(BIWEEKLY, 24, december);
        company.night("2026-01-03", ["2025-12-14", "2025-12-27", "2025-12-31"]).nothing();
        company.all(|p| _ = p.pays("MED EE", "50.00"));
        company.night("2026-01-17", ["2025-12-28", "2026-01-10", "2026-01-16"]).nothing();
    }
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    company.night("2026-01-03", ["2025-12-14", "2025-12-27", "2025-12-31"]).nothing();
    company.night("2026-01-17", ["2025-12-28", "2026-01-10", "2026-01-16"]).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-01-31", ["2026-01-11", "2026-01-24", "2026-01-30"]).nothing();
}

#[test]
fn a_weekly_pay_date_moved_before_a_holiday_may_be_either_months() {
    // Friday, 1 May is paid on Thursday, 30 April: the fifth of April, or the first of May.
    for taken in ["25.00", ""] {
        let mut company = Company::deducting(WEEKLY, 48, taken);
        company.night("2026-05-01", ["2026-04-18", "2026-04-24", "2026-04-30"]).nothing();
    }
}

/// Fridays; New Year's Day 2027 is paid on Thursday, 31 December.
const OVER_NEW_YEAR: [(&str, Period); 4] = [
    ("2026-12-05", ["2026-11-16", "2026-11-29", "2026-12-04"]),
    ("2026-12-19", ["2026-11-30", "2026-12-13", "2026-12-18"]),
    ("2027-01-02", ["2026-12-14", "2026-12-27", "2026-12-31"]),
    ("2027-01-16", ["2026-12-28", "2027-01-10", "2027-01-15"]),
];

#[test]
fn a_pay_date_that_a_holiday_moved_into_the_year_before_is_no_27th_unless_payroll_leaves_it_out() {
    for taken in ["46.15", ""] {
        let mut company = Company::deducting(BIWEEKLY, 26, "46.15");
        company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]));
        let [.., last, next] = OVER_NEW_YEAR;
        let first = OVER_NEW_YEAR[1];
        company.night(first.0, first.1).nothing();
        company.all(|p| _ = p.pays("MED EE", taken));
        company.night(last.0, last.1).nothing();
        company.all(|p| _ = p.pays("MED EE", "46.15"));
        company.night(next.0, next.1).nothing();
    }
}

#[test]
fn who_is_left_out_on_a_moved_pay_date_on_which_all_others_are_deducted_owes_it() {
    let mut company = Company::deducting(BIWEEKLY, 26, "46.15");
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]));
    let [before, _, moved, after] = OVER_NEW_YEAR;
    company.night(before.0, before.1).nothing();
    company.person("1001").pays("MED EE", "");
    company.night(moved.0, moved.1).finding("EN01 1001 _Medical 46.15");
    company.person("1001").pays("MED EE", "92.30");
    company.night(after.0, after.1).nothing();
}

#[test]
fn thursdays_have_a_27th_that_is_free() {
    let mut company = Company::deducting(BIWEEKLY, 26, "46.15");
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]));
    company.night("2026-12-18", ["2026-11-30", "2026-12-13", "2026-12-17"]).nothing();
    let o = company.night("2027-01-01", ["2026-12-14", "2026-12-27", "2026-12-31"]);
    assert_eq!(o.findings.iter().filter(|f| f["code"] == "TM09").count(), 5, "{}", o.told());
}

#[test]
fn deductions_by_the_dates_of_a_month_that_lost_its_first_pay_date_are_as_right_as_by_the_calendar() {
    // Friday, 1 May is paid on 30 April. By their dates 15 and 29 May are the month's two.
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    company.job("[[schemes]]\nbenefit = \"_Medical\"\ndeduction_dates = \"first 2 of a month\"");
    company.night("2026-04-18", ["2026-03-30", "2026-04-12", "2026-04-17"]).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-05-01", ["2026-04-13", "2026-04-26", "2026-04-30"]).nothing();
    company.all(|p| _ = p.pays("MED EE", "50.00"));
    company.night("2026-05-16", ["2026-04-27", "2026-05-10", "2026-05-15"]).nothing();
    company.night("2026-05-30", ["2026-05-11", "2026-05-24", "2026-05-29"]).nothing();
}

#[test]
fn a_first_of_a_month_that_is_paid_on_the_last_of_the_one_before_is_still_the_first() {
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    company.night("2026-10-02", ["2026-09-16", "2026-09-30", "2026-10-01"]).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-10-17", ["2026-10-01", "2026-10-15", "2026-10-16"]).nothing();
    company.all(|p| _ = p.pays("MED EE", "100.00"));
    company.night("2026-10-31", ["2026-10-16", "2026-10-31", "2026-10-30"]).nothing();
}

#[test]
fn the_fourteenth_four_weekly_pay_date_is_free() {
    let mut company = Company::deducting(FOUR_WEEKLY, 13, "");
    company.all(|p| _ = p.pays("Pay Frequency", "").benbase("/pay_frequency", json!("monthly")));
    let last: Period = ["2026-11-30", "2026-12-27", "2026-12-31"];
    company.night("2027-01-02", last).nothing();
    company.person("1001").pays("MED EE", "92.31");
    company.night("2027-01-03", last).only(&["TM09 1001 _Medical -92.31"]);
    company.job("[[schemes]]\npay_group = \"G1\"\nextra_pay_date = \"deduction\"");
    company.all(|p| _ = p.pays("MED EE", "92.31"));
    company.night("2027-01-04", last).nothing();
}

#[test]
fn a_monthly_benefit_beside_a_semimonthly_one() {
    let two = "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
               { code = \"DEN\", employee = \"DEN EE\" }]\n[deductions]\ncodes = { MED = \"_Medical\", DEN = \"_Dental\" }\n\
               per_year = [{ pay_group = \"G1\", deductions = 24 }, { pay_group = \"G1\", benefit = \"_Dental\", deductions = 12 }]";
    let mut company = Company::deducting(SEMIMONTHLY, 24, "50.00");
    company.job(two);
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Dental", Cover::yearly(240.0, 0.0))]);
        p.pays("DEN EE", "20.00");
    });
    company.person("1002").pays("DEN EE", "");
    company.night("2026-03-16", ["2026-03-01", "2026-03-15", "2026-03-13"]).only(&["EN01 1002 _Dental 20.00"]);
    company.all(|p| _ = p.pays("DEN EE", ""));
    company.person("1002").pays("DEN EE", "20.00");
    company.night("2026-04-02", ["2026-03-16", "2026-03-31", "2026-03-31"]).nothing();
    company.all(|p| _ = p.pays("DEN EE", "20.00"));
    company.night("2026-04-16", ["2026-04-01", "2026-04-15", "2026-04-15"]).nothing();
    // And on both halves for somebody: once too often.
    company.all(|p| _ = p.pays("DEN EE", ""));
    company.person("1003").pays("DEN EE", "20.00");
    company.night("2026-05-02", ["2026-04-16", "2026-04-30", "2026-04-30"]).only(&["AM06 1003 _Dental -20.00"]);
}

#[test]
fn a_school_employee_who_joins_cover_in_the_summer_pays_from_september() {
    let mut company = Company::deducting(MONTHLY, 10, "120.00");
    company.scheme("deduction_dates = \"months 1, 2, 3, 4, 5, 6, 9, 10, 11, 12\"");
    company.person("1001").covers(&[]).pays("MED EE", "");
    company.night(JULY_NIGHT, JUNE).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    let elected = Cover::yearly(1200.0, 0.0).from("2026-07-01").changed("2026-06-15");
    company.person("1001").covers(&[("_Medical", elected)]);
    company.night(AUGUST_NIGHT, JULY).nothing();
    company.night(SEPTEMBER_NIGHT, AUGUST).nothing();
    company.all(|p| _ = p.pays("MED EE", "120.00"));
    company.night("2026-10-02", ["2026-09-01", "2026-09-30", "2026-09-30"]).nothing();
}

#[test]
fn a_school_employee_who_leaves_in_june_paid_for_the_summer() {
    let mut company = Company::deducting(MONTHLY, 10, "120.00");
    company.scheme("deduction_dates = \"months 1, 2, 3, 4, 5, 6, 9, 10, 11, 12\"");
    company.night(JULY_NIGHT, JUNE).nothing();
    company.all(|p| _ = p.pays("MED EE", ""));
    company.person("1001").leaves("2026-06-30");
    // A part of what was paid ahead may come back.
    company.person("1001").covers(&[]).pays("MED EE", "-20.00");
    let o = company.night(AUGUST_NIGHT, JULY);
    assert!(o.findings.is_empty(), "{}", o.told());
}

#[test]
fn a_company_that_goes_from_monthly_to_biweekly_pay_keeps_its_balances() {
    let mut company = Company::until_february();
    company.person("1001").pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical -20.00"]);
    company.all(|p| {
        p.pays("Pay Group", "BW").user("/employment/salaryDetails/payGroup", json!("BW"));
        p.pays("Pay Frequency", "biweekly")
            .user("/employment/salaryDetails/payPeriods", json!(26))
            .pays("MED EE", "46.15");
    });
    company.person("1001").pays("MED EE", "26.15");
    let o = company.night("2026-04-18", ["2026-04-01", "2026-04-14", "2026-04-17"]);
    assert!(o.findings.iter().all(|f| f["benefit"].is_empty()), "{}", o.told());
    company.person("1001").pays("MED EE", "46.15");
    let o = company.night("2026-05-02", ["2026-04-15", "2026-04-28", "2026-05-01"]);
    assert!(o.findings.iter().all(|f| f["benefit"].is_empty()), "{}", o.told());
}

#[test]
fn somebody_who_moves_from_weekly_to_monthly_pay_leaves_nothing() {
    let mut company = Company::deducting(WEEKLY, 52, "23.08");
    company.night("2026-03-28", ["2026-03-16", "2026-03-22", "2026-03-27"]).nothing();
    company.job(
        "[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 52 }, { pay_group = \"M\", deductions = 12 }]",
    );
    let p = company.person("1001");
    p.pays("Pay Group", "M").user("/employment/salaryDetails/payGroup", json!("M"));
    p.pays("Pay Frequency", "monthly").user("/employment/salaryDetails/payPeriods", json!(12));
    p.pays("Period Start", "2026-04-01").pays("Period End", "2026-04-30").pays("Pay Date", "2026-04-30");
    p.pays("MED EE", "100.00");
    let o = company.night("2026-05-02", ["2026-04-20", "2026-04-26", "2026-05-01"]);
    assert!(o.findings.iter().all(|f| f["employee_id"] != "1001" || f["benefit"].is_empty()), "{}", o.told());
}

#[test]
fn a_wash_day_takes_the_month_of_who_begins_on_it_and_frees_that_of_who_begins_after_it() {
    for (from, taken, right) in [
        ("2026-03-15", "100.00", true),
        ("2026-03-15", "", false),
        ("2026-03-16", "", true),
        ("2026-03-16", "100.00", false),
    ] {
        let mut company = Company::new(MONTHLY);
        company.scheme("proration = \"wash day 15\"");
        let j = company.person("1001");
        j.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from(from))]);
        j.user("/employment/startDate", json!(from)).user("/employment/originalStartDate", json!(from));
        j.pays("Hire Date", from).pays("MED EE", taken).pays("MED ER", "");
        let o = company.night(APRIL_NIGHT, MARCH);
        assert_eq!(o.findings.is_empty(), right, "{from} {taken} {}", o.told());
        company.person("1001").pays(
            "MED EE",
            if right {
                "100.00"
            } else if taken.is_empty() {
                "200.00"
            } else {
                ""
            },
        );
        company.night(MAY_NIGHT, APRIL).nothing();
        company.person("1001").pays("MED EE", "100.00");
        company.night(JUNE_NIGHT, MAY).nothing();
    }
}

#[test]
fn by_the_next_pay_a_rate_of_the_month_of_a_later_pay_date_leaves_either_one_right() {
    // Once a month: 16 to 31 March, paid on 3 April, is deducted for April, in which 120.00 begin.
    for (taken, is_right) in [("100.00", true), ("120.00", true), ("", false)] {
        let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
        company.scheme("first_deduction = \"next pay\"");
        company.night("2026-03-04", ["2026-02-16", "2026-02-28", "2026-03-03"]).nothing();
        company.all(|person| _ = person.pays("MED EE", ""));
        company.night("2026-03-19", ["2026-03-01", "2026-03-15", "2026-03-18"]).nothing();
        company.all(|person| _ = person.pays("MED EE", "100.00"));
        let renewed = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-23");
        company.person("1001").covers(&[("_Medical", renewed)]).pays("MED EE", taken);
        let outcome = company.night("2026-04-04", ["2026-03-16", "2026-03-31", "2026-04-03"]);
        match is_right {
            true => outcome.nothing(),
            false => _ = outcome.finding("EN01 1001 _Medical any"),
        }
    }
}
