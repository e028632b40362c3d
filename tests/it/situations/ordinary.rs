//! Nothing odd: the company agrees, and a plain difference is told with its money.

use serde_json::json;

use super::company::{APRIL, BIWEEKLY, Company, Cover, FEBRUARY, JANUARY, MARCH, MONTHLY, WEEKLY};
use crate::support::rows;

#[test]
fn a_company_that_agrees_shows_nothing_night_after_night() {
    let mut company = Company::new(MONTHLY);
    company.night("2026-02-03", JANUARY).nothing();
    company.night("2026-03-03", FEBRUARY).nothing();
    company.night("2026-04-02", MARCH).nothing();
    company.night("2026-05-04", APRIL).nothing();
}

#[test]
fn people_paid_every_week_or_every_other_week_agree_too() {
    for (pays, deduction, period) in [
        (WEEKLY, "25.00", ["2026-03-02", "2026-03-08", "2026-03-13"]),
        (BIWEEKLY, "50.00", ["2026-03-02", "2026-03-15", "2026-03-20"]),
    ] {
        let mut company = Company::new(pays);
        let yearly = Cover::yearly(deduction.parse::<f64>().expect("a number") * f64::from(pays.a_year), 0.0);
        company.all(|person| {
            person.pays("MED EE", deduction).covers(&[("_Medical", yearly.clone())]);
        });
        company.night("2026-03-21", period).nothing();
    }
}

#[test]
fn a_deduction_too_high_is_a_finding_with_what_is_owed_back() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "120.00");
    company.night("2026-03-03", FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
}

#[test]
fn cover_without_a_deduction_is_a_finding_that_says_what_to_start() {
    let mut company = Company::new(MONTHLY);
    company.person("1002").pays("MED EE", "").pays("MED ER", "");
    let outcome = company.night("2026-03-03", FEBRUARY);
    outcome.only(&["EN01 1002 _Medical 100.00"]);
    assert!(outcome.finding("EN01 1002 _Medical 100.00")["sentence"].contains("Payroll's move"));
}

#[test]
fn cover_that_has_ended_and_is_deducted_no_more_is_nothing() {
    let mut company = Company::new(MONTHLY);
    company.person("1003").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).status("ENDED"))]).pays("MED EE", "");
    company.person("1004").covers(&[]).pays("MED EE", "").pays("MED ER", "");
    company.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn a_leaver_who_is_gone_everywhere_is_nothing() {
    let mut company = Company::new(MONTHLY);
    company.person("1004").user("/employment/leaveDate", json!("2026-01-31")).covers(&[]).on_payroll(false);
    company.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn a_bonus_paid_off_cycle_without_deductions_is_nothing() {
    let mut company = Company::new(MONTHLY);
    company.person("1000").further_row(&[("Run Type", "off_cycle"), ("MED EE", ""), ("MED ER", "")]);
    company.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn a_second_benefit_counts_for_itself() {
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]
         wide = [{ code = \"MED\", employee = \"MED EE\" }, { code = \"DEN\", employee = \"DEN EE\" }]
         [deductions]
         codes = { MED = \"_Medical\", DEN = \"_Dental\" }",
    );
    let dental = Cover::yearly(240.0, 0.0).from("2026-02-01").changed("2026-01-20");
    company
        .person("1001")
        .covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Dental", dental)])
        .pays("DEN EE", "15.00");
    company.night("2026-03-03", FEBRUARY).only(&["AM01 1001 _Dental 5.00"]);
}

#[test]
fn cover_whose_first_day_cannot_be_read_is_unverified() {
    let mut company = Company::new(MONTHLY);
    company.person("1002").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("soon"))]);
    company.night("2026-03-03", FEBRUARY).unverified("1002", "_Medical");
    let runs = company.site().expect(0, &["runs", "job.toml"]);
    assert!(runs.contains("2026-03-03"), "{runs}");
}

#[test]
fn a_raise_that_only_benbase_does_not_know_is_queued() {
    let mut company = Company::new(MONTHLY);
    let raised = company.person("1001");
    raised.pays("Salary", "66000.00").pays("Salary Effective", "2026-02-10");
    raised.user("/employment/salaryDetails/salary", json!(66000.0));
    raised.user("/employment/salaryDetails/salaryEffectiveDate", json!("2026-02-10"));
    let outcome = company.night("2026-03-03", FEBRUARY);
    outcome.only(&["CO07 1001 - -"]);
    outcome.queued("1001 base_salary 66000.00 annually 2026-02-10");
}

#[test]
fn an_address_that_benbase_does_not_know_is_queued() {
    let mut company = Company::new(MONTHLY);
    company.person("1002").benbase("/address/line1", json!("9 Former Road"));
    let outcome = company.night("2026-03-03", FEBRUARY);
    outcome.only(&["DE01 1002 - -"]);
    outcome.queued("1002 addr_line1 differs -");
}

#[test]
fn amounts_of_a_row_that_was_rejected_stand_in_the_control_totals_as_not_judged() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\nmax_rejected_share = \"50 %\"");
    let everybody = company.night("2026-03-03", FEBRUARY);
    let total = |company: &Company, night: &str, column: &str| {
        let all = rows(&company.site().path(&format!("reports/situation/{night}/control_totals.csv")));
        let row = all.iter().find(|row| row["benefit"] == "_Medical" && row["side"] == "employee");
        row.expect("a total")[column].clone()
    };
    everybody.nothing();
    let file = total(&company, "2026-03-03", "payroll");
    company.person("1001").pays("Salary", "about 60000");
    company.night("2026-03-04", FEBRUARY).nothing();
    let total = |column| total(&company, "2026-03-04", column);
    assert_eq!(total("payroll"), file, "all that the file says");
    assert_eq!(total("rejected"), "-100.00");
    assert_eq!(total("unverified"), "100.00", "what is due to nobody's row");
    assert_eq!(total("residual"), "0.00");
}
