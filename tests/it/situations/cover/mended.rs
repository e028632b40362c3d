//! Records and job files that were wrong on one night and are corrected on another: what the earlier period owed is
//! stated anew, and what payroll did right is accused no longer.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT,
    MONTHLY,
};

#[test]
fn an_amount_that_was_wrong_in_benifex_is_forgotten_once_it_is_corrected() {
    for (wrong, found) in [(1440.0, "AM01 1001 _Medical 20.00"), (960.0, "AM01 1001 _Medical -20.00")] {
        let mut company = Company::new(MONTHLY);
        company.person("1001").covers(&[("_Medical", Cover::yearly(wrong, 0.0))]);
        company.night(FEBRUARY_NIGHT, JANUARY).only(&[found]);
        company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).changed("2026-02-10"))]);
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.night(APRIL_NIGHT, MARCH).nothing();
    }
}

#[test]
fn what_is_wrong_still_by_the_corrected_amount_stays_open() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1440.0, 0.0))]).pays("MED EE", "80.00");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical 40.00"]);
    let corrected = Cover::yearly(1200.0, 0.0).changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", corrected)]).pays("MED EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Medical 20.00"]);
}

#[test]
fn an_amount_that_payroll_had_once_taken_changed_and_was_not_wrong() {
    // January takes 150.00 as due and February too little; 100.00 are due from March on.
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1800.0, 0.0))]).pays("MED EE", "150.00");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 50.00"]);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).changed("2026-03-05"))]);
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 50.00"]);
}

#[test]
fn an_employers_amount_that_was_wrong_in_benifex_is_forgotten() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 3000.0))]);
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM02 1001 _Medical 50.00"]);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 2400.0).changed("2026-02-10"))]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn an_election_that_was_called_ended_by_mistake_makes_the_deduction_right() {
    let mut company = Company::new(MONTHLY);
    let ended = Cover::yearly(1200.0, 0.0).status("ENDED").changed("2025-12-20");
    company.person("1001").covers(&[("_Medical", ended)]);
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["EN02 1001 _Medical -100.00"]);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).changed("2026-02-10"))]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_first_day_that_was_entered_too_early_owes_nothing_before_the_right_one() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["EN01 1001 _Medical 100.00"]);
    let corrected = Cover::yearly(1200.0, 0.0).from("2026-02-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", corrected)]).pays("MED EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn an_amount_of_nothing_for_the_employee_makes_a_missing_deduction_right() {
    let mut company = Company::new(MONTHLY);
    company
        .all(|p| _ = p.covers(&[("_Medical", Cover::yearly(0.0, 2400.0))]).pays("MED EE", "").pays("MED ER", "200.00"));
    company.person("1001").covers(&[("_Medical", Cover::yearly(600.0, 2400.0))]);
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["* 1001 _Medical 50.00"]);
    company.person("1001").covers(&[("_Medical", Cover::yearly(0.0, 2400.0).changed("2026-02-10"))]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn deductions_a_year_that_were_wrong_in_the_job_are_forgotten_once_they_are_corrected() {
    let mut company = Company::new(MONTHLY);
    company.job("[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 10 }]");
    company.scheme("deduction_dates = \"every pay\"");
    assert_eq!(company.night(FEBRUARY_NIGHT, JANUARY).findings.len(), 5);
    company.job("[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 12 }]");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_calendar_that_was_wrong_in_the_job_is_forgotten_once_it_is_corrected() {
    let mut company = Company::deducting(BIWEEKLY, 26, "50.00");
    company.night("2026-01-17", ["2025-12-28", "2026-01-10", "2026-01-16"]);
    company.all(|p| _ = p.pays("MED EE", ""));
    company.night("2026-01-31", ["2026-01-11", "2026-01-24", "2026-01-30"]).finding("EN01 1001 _Medical any");
    company.job("[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 24 }]");
    company.all(|p| _ = p.pays("MED EE", "50.00"));
    company.night("2026-02-14", ["2026-01-25", "2026-02-07", "2026-02-13"]).nothing();
}

#[test]
fn a_pay_group_that_the_job_called_not_eligible_by_mistake_may_have_the_benefit() {
    let mut company = Company::new(MONTHLY);
    company.scheme("eligible = false");
    company.night(FEBRUARY_NIGHT, JANUARY).finding("EN16 1001 _Medical -100.00");
    company.scheme("eligible = true");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_proration_that_the_job_had_wrong_is_forgotten_once_it_is_corrected() {
    let mut company = Company::new(MONTHLY);
    company.scheme("proration = \"calendar days\"");
    // 16 of 31 days of January are 51.61; payroll takes thirtieths, 50.00.
    let half = Cover::yearly(1200.0, 0.0).from("2026-01-16").changed("2026-01-10");
    company.person("1001").covers(&[("_Medical", half)]).pays("MED EE", "50.00");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM08 1001 _Medical 1.61"]);
    company.scheme("proration = \"thirtieths\"");
    company.person("1001").pays("MED EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_code_that_the_job_maps_only_later_owes_nothing_for_the_month_before() {
    let mut company = Company::new(MONTHLY);
    company.job("[deductions]\ncodes = { OTHER = \"_Other\" }").without("deductions", "codes", "MED");
    company.night(FEBRUARY_NIGHT, JANUARY).finding("EN13 - _Medical any");
    company.job("[deductions]\ncodes = { MED = \"_Medical\" }");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_percentage_of_actual_pay_that_the_job_names_later_is_accused_no_longer() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "112.50");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical -12.50"]);
    company.scheme("percent_of_pay = true");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_rule_of_the_end_of_cover_that_the_job_had_wrong_is_forgotten_once_it_is_corrected() {
    let mut company = Company::new(BIWEEKLY);
    company.job("[rules]\ncoverage_end = \"leave_date\"").all(|p| _ = p.pays("MED EE", "46.15"));
    // What a whole period costs is known from this one.
    company.night("2026-03-02", ["2026-02-16", "2026-03-01", "2026-03-06"]).nothing();
    company.night("2026-03-16", ["2026-03-02", "2026-03-15", "2026-03-20"]).nothing();
    company.person("1001").leaves("2026-03-13");
    company.person("1001").covers(&[]);
    company.night("2026-03-31", ["2026-03-16", "2026-03-29", "2026-04-03"]).only(&["EN05 1001 _Medical -46.15"]);
    company.job("[rules]\ncoverage_end = \"end_of_month\"");
    company.person("1001").on_payroll(false);
    company.night("2026-04-14", ["2026-03-30", "2026-04-12", "2026-04-17"]).nothing();
}

#[test]
fn a_sacrifice_that_the_job_names_only_later_is_one_amount_of_both_payers() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.person("1001").pays("MED EE", "50.00").pays("MED ER", "250.00");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical 50.00", "AM02 1001 _Medical -50.00"]);
    company.job("[deductions]\nsacrifice_codes = [\"MED\"]");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // Together they are 50.00 short in March.
    company.person("1001").pays("MED ER", "200.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 50.00"]);
}

#[test]
fn a_record_that_was_an_error_and_is_gone_is_in_doubt_and_accuses_nobody() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").covers(&[]);
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    o.unverified("1001", "_Medical");
    company.site().expect(0, &["write-off", "job.toml", "1001", "--reason", "entered by mistake"]);
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
}

#[test]
fn what_was_taken_while_a_record_was_pending_counts_once_it_is_live_since_the_same_day() {
    for (february, told) in
        [("100.00", &[][..]), ("80.00", &["* 1001 _Medical 20.00"]), ("120.00", &["* 1001 _Medical -20.00"])]
    {
        let mut company = Company::new(MONTHLY);
        let record = |status, changed| {
            [("_Medical", Cover::yearly(1200.0, 0.0).from("2026-02-01").status(status).changed(changed))]
        };
        company.person("1001").covers(&record("PENDING", "2026-01-20")).pays("MED EE", "");
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1001").pays("MED EE", february);
        company.night(MARCH_NIGHT, FEBRUARY).finding(&format!("EN02 1001 _Medical -{february}"));
        company.person("1001").covers(&record("ACTIVE", "2026-03-05")).pays("MED EE", "100.00");
        company.night(APRIL_NIGHT, MARCH).only(told);
        company.night(MAY_NIGHT, APRIL).only(told);
    }
}
