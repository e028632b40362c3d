//! Schemes in arrears: the deduction of a month pays for the month before, so that the last month is due after the
//! leave date, or after the benefit has ended.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, AUGUST, AUGUST_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY,
    JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY, SEPTEMBER_NIGHT,
};

/// Deducted in arrears, with cover to the end of the month; 1001 left at the end of February, and Benifex has ended the
/// benefit. February's pay took January's deduction.
fn after_february() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[rules]\ncoverage_end = \"end_of_month\"").scheme("first_deduction = \"in arrears\"");
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]);
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").leaves("2026-02-28");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[]);
    company
}

#[test]
fn the_last_month_is_deducted_after_the_leave_date() {
    let mut company = after_february();
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").on_payroll(false);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_last_month_is_not_deducted_though_there_is_a_final_pay() {
    let mut company = after_february();
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
    company.person("1001").on_payroll(false);
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
    // A late pay makes it good.
    company.person("1001").on_payroll(true).pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn the_last_month_is_never_deducted_for_there_is_no_further_pay() {
    let mut company = after_february();
    company.person("1001").on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical 100.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical 100.00"]);
    company.night(MAY_NIGHT, APRIL).only(&["TM12 1001 _Medical 100.00"]);
    company.site().expect(0, &["write-off", "job.toml", "1001", "--reason", "not worth a letter"]);
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_final_pay_that_took_the_last_month_beside_its_own_leaves_nothing() {
    let mut company = Company::new(MONTHLY);
    company.job("[rules]\ncoverage_end = \"end_of_month\"").scheme("first_deduction = \"in arrears\"");
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]);
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").leaves("2026-02-28");
    company.person("1001").pays("MED EE", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn the_pay_of_the_last_month_makes_good_what_the_one_before_missed() {
    let mut company = Company::new(MONTHLY);
    company.scheme("first_deduction = \"in arrears\"");
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]));
    company.person("1001").pays("MED EE", "97.00");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical 3.00"]);
    company.person("1001").leaves("2026-02-28").pays("MED EE", "103.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[]).pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_last_month_of_which_no_rule_says_what_it_costs_accuses_nobody() {
    let mut company = Company::new(MONTHLY);
    company.scheme("first_deduction = \"in arrears\"");
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]);
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").leaves("2026-02-12");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn without_cover_in_the_last_month_nothing_is_due_for_it() {
    let mut company = Company::new(MONTHLY);
    company.job("[rules]\ncoverage_end = \"end_of_month\"").scheme("first_deduction = \"in arrears\"");
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]);
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    // The benefit ended with January; the employment with March.
    company.person("1001").covers(&[]);
    company.night(MARCH_NIGHT, FEBRUARY);
    company.person("1001").leaves("2026-03-31");
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").on_payroll(false);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_fortnight_before_the_leave_date_is_right_though_benifex_lists_the_benefit_no_more() {
    let mut company = Company::new(BIWEEKLY);
    company.job("[rules]\ncoverage_end = \"end_of_month\"").scheme("first_deduction = \"in arrears\"");
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]).pays("MED EE", "46.15");
    });
    company.night("2026-03-16", ["2026-03-02", "2026-03-15", "2026-03-20"]).nothing();
    company.person("1001").leaves("2026-03-18");
    company.person("1001").covers(&[]);
    company.night("2026-03-31", ["2026-03-16", "2026-03-29", "2026-04-03"]).nothing();
    company.person("1001").on_payroll(false);
    company.night("2026-04-14", ["2026-03-30", "2026-04-12", "2026-04-17"]).only(&["TM12 1001 _Medical 46.15"]);
}

#[test]
fn a_part_of_the_last_month_is_due_by_the_rule_whether_or_not_there_is_a_final_pay() {
    for final_pay in [true, false] {
        let mut company = Company::new(MONTHLY);
        company.job("[rules]\ncoverage_end = \"leave_date\"");
        company.scheme("first_deduction = \"in arrears\"\nproration = \"calendar days\"");
        company.all(|p| {
            p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]);
        });
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1001").leaves("2026-02-14");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.person("1001").pays("MED EE", "").pays("MED ER", "").on_payroll(final_pay);
        // 14 of the 28 days of February.
        company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 50.00"]);
    }
}

/// Deducted in arrears; 1001 opted out with June, and Benifex shows `june` of the benefit. June's pay took May's
/// deduction.
fn opted_out(june: &[(&'static str, Cover)]) -> Company {
    let mut company = Company::new(MONTHLY);
    company.scheme("first_deduction = \"in arrears\"");
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]));
    company.night(MAY_NIGHT, APRIL).nothing();
    company.night(JUNE_NIGHT, MAY).nothing();
    company.person("1001").covers(june);
    company.night(JULY_NIGHT, JUNE).nothing();
    company
}

#[test]
fn the_last_deduction_of_a_benefit_that_has_ended_pays_for_the_month_before_and_is_the_last() {
    let mut company = opted_out(&[("_Medical", Cover::yearly(1200.0, 0.0).status("ENDED").changed("2026-06-30"))]);
    company.night(AUGUST_NIGHT, JULY).nothing();
    company.night(SEPTEMBER_NIGHT, AUGUST).only(&["EN02 1001 _Medical -100.00"]);
}

#[test]
fn the_last_deduction_of_a_benefit_that_nobody_says_the_end_of_is_told_and_accuses_nobody() {
    // It was there on 2 June, and gone on 2 July.
    let mut company = opted_out(&[]);
    let o = company.night(AUGUST_NIGHT, JULY);
    o.only(&["TM07 1001 _Medical -100.00"]);
    let told = &o.finding("TM07 1001 _Medical -100.00")["sentence"];
    let said = "ended after the cut-off of 2026-06-25: payroll took 100.00 USD of the employee in 2026-07-01 to \
                2026-07-31, which pays for 2026-06-01 to 2026-06-30 by the scheme, which was right before";
    assert!(told.contains(said), "{told}");
    company.night(SEPTEMBER_NIGHT, AUGUST).only(&["EN02 1001 _Medical -100.00"]);
}

#[test]
fn more_than_the_last_month_of_a_benefit_that_has_ended_is_too_much_by_the_rest() {
    let mut company = opted_out(&[]);
    company.person("1001").pays("MED EE", "130.00");
    company.night(AUGUST_NIGHT, JULY).only(&["EN02 1001 _Medical -30.00"]);
    company.person("1001").pays("MED EE", "-30.00");
    company.night(SEPTEMBER_NIGHT, AUGUST).nothing();
}

#[test]
fn a_part_of_the_last_month_of_a_benefit_that_has_ended_accuses_nobody() {
    let mut company = opted_out(&[]);
    company.person("1001").pays("MED EE", "40.00");
    let o = company.night(AUGUST_NIGHT, JULY);
    o.nothing();
    o.unverified("1001", "_Medical");
}
