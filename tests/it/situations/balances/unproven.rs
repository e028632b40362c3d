//! What an earlier month left open, and a month after it of which nobody knows what payroll took: its file never came,
//! or the line could not be judged. It may have been made good there; nobody is accused until that is known.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT,
    MONTHLY, Outcome, Period,
};

const DECEMBER: Period = ["2025-12-01", "2025-12-31", "2025-12-31"];

/// February's 100.00 is said to be unverified, for the sake of March.
fn in_doubt(o: &Outcome) {
    assert!(!o.accuses("1001"), "{}", o.told());
    o.unverified("1001", "_Medical");
    let said = o.unverified.iter().any(|aside| {
        let reason = &aside["reason"];
        reason.contains("since 2026-02-01 to 2026-02-28 may have been settled in 2026-03-01 to 2026-03-31")
    });
    assert!(said, "{}", o.told());
}

#[test]
fn a_debt_before_a_rejected_row_is_told_again_once_the_row_is_right_and_did_not_pay_it() {
    for (taken, told) in [("140.00", &["* 1001 _Medical 60.00"][..]), ("200.00", &[])] {
        let mut company = Company::missed_february();
        company.job("[payroll]\nmax_rejected_share = \"50 %\"");
        company.person("1001").pays("MED EE", "2O0.00");
        let o = company.night(APRIL_NIGHT, MARCH);
        assert!(!o.accuses("1001"), "{}", o.told());
        company.person("1001").pays("MED EE", "100.00");
        in_doubt(&company.night(MAY_NIGHT, APRIL));
        company.person("1001").pays("MED EE", taken);
        company.night("2026-05-05", MARCH).only(told);
        company.person("1001").pays("MED EE", "100.00");
        company.night("2026-05-06", APRIL).only(told);
    }
}

#[test]
fn a_debt_before_a_month_that_was_never_read_is_told_again_once_its_file_is_here() {
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "100.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.finding("CT08 - - -");
    in_doubt(&o);
    company.night("2026-05-05", MARCH).only(&["* 1001 _Medical 100.00"]);
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn what_was_missed_after_the_unread_month_is_told_without_what_was_missed_before_it() {
    let mut company = Company::missed_february();
    let o = company.night(MAY_NIGHT, APRIL);
    let said = &o.finding("EN01 1001 _Medical 100.00")["sentence"];
    assert!(
        said.contains("Beside it, 100.00 USD owed by the employee since 2026-02-01 to 2026-02-28 may have"),
        "{said}"
    );
    company.person("1001").pays("MED EE", "100.00");
    let o = company.night(JUNE_NIGHT, MAY);
    let said = &o.finding("* 1001 _Medical 100.00")["sentence"];
    assert!(said.contains("is owed by the employee since 2026-04-01 to 2026-04-30"), "{said}");
}

#[test]
fn what_a_month_in_dispute_gave_back_counts_once_the_dispute_is_over() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "150.00");
    company.night(MARCH_NIGHT, crate::situations::company::FEBRUARY).only(&["AM01 1001 _Medical -50.00"]);
    // How often she is paid, payroll and Benifex say otherwise since before the cut-off of March: what was due of 70.00
    // nobody knows.
    company.person("1001").user("/employment/salaryDetails/payPeriods", json!(26));
    company.night("2026-03-20", crate::situations::company::FEBRUARY).only(&["AM01 1001 _Medical -50.00"]);
    company.person("1001").pays("MED EE", "70.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.unverified("1001", "_Medical");
    company.person("1001").pays("MED EE", "100.00").user("/employment/salaryDetails/payPeriods", json!(12));
    // Settled as monthly: March gave back 30.00.
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -20.00"]);
}

#[test]
fn files_that_were_read_after_somebody_left_leave_no_doubt_of_what_is_owed() {
    let mut company = Company::missed_february();
    company.person("1001").leaves("2026-02-28").covers(&[]).on_payroll(false);
    for (night, period) in [(APRIL_NIGHT, MARCH), (MAY_NIGHT, APRIL), (JUNE_NIGHT, MAY)] {
        company.night(night, period).only(&["TM12 1001 _Medical 100.00"]);
    }
}

#[test]
fn what_was_taken_after_a_month_that_was_never_read_is_judged_once_that_month_is_here() {
    // March owed 100.00 or nothing, or took 80.00 of it; April takes 200.00, 180.00 or 120.00.
    for (march, april, told) in [
        ("100.00", "200.00", &["* 1001 _Medical -100.00"][..]),
        ("", "200.00", &[]),
        ("", "180.00", &["* 1001 _Medical 20.00"]),
        ("80.00", "120.00", &[]),
    ] {
        let mut company = Company::until_february();
        company.person("1001").pays("MED EE", april);
        let o = company.night(MAY_NIGHT, APRIL);
        assert!(!o.accuses("1001"), "{}", o.told());
        o.unverified("1001", "_Medical");
        company.person("1001").pays("MED EE", march);
        company.night("2026-05-05", MARCH).only(told);
        company.person("1001").pays("MED EE", "100.00");
        company.night(JUNE_NIGHT, MAY).only(told);
    }
}

#[test]
fn what_was_taken_after_a_month_that_is_never_read_stays_unverified_with_its_amount() {
    let mut company = Company::until_february();
    company.person("1001").pays("MED EE", "200.00");
    company.night(MAY_NIGHT, APRIL).unverified("1001", "_Medical");
    company.person("1001").pays("MED EE", "100.00");
    let o = company.night(JUNE_NIGHT, MAY);
    assert!(!o.accuses("1001"), "{}", o.told());
    let said = o.unverified.iter().any(|aside| {
        let reason = &aside["reason"];
        reason.contains("200.00 USD that payroll took of the employee for 2026-04-01 to 2026-04-30")
            && reason.contains("a period before it was never read")
    });
    assert!(said, "{}", o.told());
}

#[test]
fn two_months_that_are_read_late_leave_the_one_after_them_read() {
    let mut company = Company::new(MONTHLY);
    company.night("2026-01-03", DECEMBER);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MAY_NIGHT, APRIL).finding("CT08 - - -");
    company.job("[payroll]\nperiod_age_max_days = 300");
    company.night("2026-05-05", FEBRUARY);
    company.night("2026-05-06", MARCH);
    company.night(JUNE_NIGHT, MAY).nothing();
}
