//! People of other payroll files.

use serde_json::json;

use super::company::{Company, FEBRUARY, JANUARY, MARCH, MONTHLY, Person};

const GROUP: &str = "/employment/salaryDetails/payGroup";

/// Is in this pay group in both sources.
fn belongs(person: &mut Person, group: &str) {
    person.user(GROUP, json!(group)).pays("Pay Group", group);
}

#[test]
fn somebody_of_another_payroll_file_is_out_of_scope() {
    let mut company = Company::new(MONTHLY);
    company.hire("2001").on_payroll(false).user(GROUP, json!("SEMI"));
    company.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn somebody_of_a_group_of_this_file_who_is_not_in_it_is_missing() {
    let mut company = Company::new(MONTHLY);
    company.hire("2001").on_payroll(false);
    company.night("2026-03-03", FEBRUARY).only(&["ID02 2001 - 100.00"]);
    // The job names the groups: an empty one is missing as a whole.
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\npay_groups = [\"G1\", \"SEMI\"]");
    company.hire("2001").on_payroll(false).user(GROUP, json!("SEMI"));
    company.night("2026-03-03", FEBRUARY).only(&["ID02 2001 - 100.00"]);
}

#[test]
fn groups_that_benifex_writes_in_other_words_are_still_those_of_the_file() {
    let mut company = Company::new(MONTHLY);
    company.all(|person| _ = person.user(GROUP, json!("Monthly US")));
    company.hire("2001").on_payroll(false).user(GROUP, json!("Monthly US"));
    company.hire("2002").on_payroll(false).user(GROUP, json!("Weekly US"));
    company.night("2026-03-03", FEBRUARY).only(&["ID02 2001 - 100.00"]);
}

#[test]
fn files_by_pay_group_in_turn_accuse_nobody_and_forget_nothing() {
    let mut company = Company::new(MONTHLY);
    for id in ["1003", "1004"] {
        belongs(company.person(id), "G2");
    }
    let only = |company: &mut Company, ours: &[&str]| {
        for id in ["1000", "1001", "1002", "1003", "1004"] {
            company.person(id).on_payroll(ours.contains(&id));
        }
    };
    company.person("1001").pays("MED EE", "120.00");
    only(&mut company, &["1000", "1001", "1002"]);
    company.night("2026-02-03", JANUARY).only(&["AM01 1001 _Medical -20.00"]);
    only(&mut company, &["1003", "1004"]);
    company.night("2026-02-04", JANUARY).nothing();
    only(&mut company, &["1000", "1001", "1002"]);
    company.night("2026-02-05", JANUARY).only(&["AM01 1001 _Medical -20.00"]);
}

#[test]
fn somebody_who_moved_to_another_payroll_is_a_mover_and_no_ghost() {
    let mut company = Company::new(MONTHLY);
    company.night("2026-02-20", JANUARY).nothing();
    company.person("1004").on_payroll(false).user(GROUP, json!("SEMI"));
    company.night("2026-03-03", FEBRUARY).only(&["ID09 1004 - any"]);
    company.night("2026-03-25", FEBRUARY).only(&["ID09 1004 - any"]);
    company.night("2026-04-02", MARCH).nothing();
}

/// 1003 and 1004 are paid by the week in W, the others by the month in G1; all pay 1,200.00 a year.
fn weekly_and_monthly() -> Company {
    let mut company = Company::new(MONTHLY);
    for id in ["1003", "1004"] {
        let p = company.person(id);
        belongs(p, "W");
        p.user("/employment/salaryDetails/payPeriods", json!(52)).benbase("/pay_frequency", json!("weekly"));
        p.pays("Pay Frequency", "weekly").pays("MED EE", "23.08");
        p.pays("Period Start", "2026-02-23").pays("Period End", "2026-03-01").pays("Pay Date", "2026-03-02");
    }
    company
}

#[test]
fn a_pay_group_of_this_payroll_that_the_other_source_does_not_say_is_told_and_no_amount_of_its_calendar_is() {
    let night = |taken: &str| {
        let mut company = weekly_and_monthly();
        company.person("1004").user(GROUP, json!("G1")).pays("MED EE", taken);
        company.night("2026-03-03", FEBRUARY)
    };
    let o = night("23.08");
    o.only(&["ID09 1004 - -"]);
    let said = &o.findings[0]["sentence"];
    assert!(said.contains("Payroll pays this employee in pay group W, and Benifex says G1"), "{said}");
    // What a month costs, or nothing until the month's last pay.
    for taken in ["100.00", ""] {
        let o = night(taken);
        o.only(&["ID09 1004 - -"]);
        o.unverified("1004", "_Medical");
    }
}

#[test]
fn amounts_of_two_pay_groups_with_one_calendar_are_judged_whichever_is_right() {
    let mut company = Company::new(MONTHLY);
    for id in ["1003", "1004"] {
        belongs(company.person(id), "G2");
    }
    company.person("1004").user(GROUP, json!("G1")).pays("MED EE", "120.00");
    company.night("2026-03-03", FEBRUARY).only(&["ID09 1004 - -", "AM01 1004 _Medical -20.00"]);
}

#[test]
fn who_was_moved_to_another_group_of_this_payroll_since_the_cut_off_is_told_once_payroll_had_time_to_follow() {
    let mut company = Company::new(MONTHLY);
    belongs(company.person("1003"), "G2");
    belongs(company.person("1002"), "G2");
    company.night("2026-02-20", JANUARY).nothing();
    company.person("1004").user(GROUP, json!("G2"));
    company.night("2026-03-03", FEBRUARY).nothing();
    company.night("2026-04-02", MARCH).only(&["ID09 1004 - -"]);
}

#[test]
fn the_job_may_say_other_deductions_of_two_groups() {
    let mut company = Company::new(MONTHLY);
    company.job("[deductions]\nper_year = [{ pay_group = \"G2\", deductions = 10 }]");
    for id in ["1003", "1004"] {
        belongs(company.person(id), "G2");
    }
    company.person("1003").pays("MED EE", "120.00");
    company.person("1004").user(GROUP, json!("G1")).pays("MED EE", "100.00");
    let o = company.night("2026-03-03", FEBRUARY);
    o.only(&["ID09 1004 - -"]);
    o.unverified("1004", "_Medical");
}

const ENTITY: &str = "/employment/legalEmployerCompany";

#[test]
fn somebody_of_another_legal_entity_is_out_of_scope() {
    // The file has the entity, or Benifex tells it of those who are in the file.
    for with_column in [true, false] {
        let mut company = Company::new(MONTHLY);
        if with_column {
            company.job("[payroll.columns]\nlegal_entity = \"Company\"");
            company.all(|person| _ = person.pays("Company", "Acme"));
        }
        company.hire("2001").on_payroll(false).user(ENTITY, json!("Beta"));
        company.hire("2002").on_payroll(false);
        company.night("2026-03-03", FEBRUARY).only(&["ID02 2002 - 100.00"]);
    }
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\nlegal_entities = [\"Acme\", \"Beta\"]");
    company.hire("2001").on_payroll(false).user(ENTITY, json!("Beta"));
    company.night("2026-03-03", FEBRUARY).only(&["ID02 2001 - 100.00"]);
}

#[test]
fn somebody_who_moved_to_another_legal_entity_is_a_mover_and_no_ghost() {
    let mut company = Company::new(MONTHLY);
    company.night("2026-02-20", JANUARY).nothing();
    company.person("1004").on_payroll(false).user(ENTITY, json!("Beta"));
    let outcome = company.night("2026-03-03", FEBRUARY);
    outcome.only(&["ID09 1004 - any"]);
    assert!(outcome.finding("ID09 1004 - any")["sentence"].contains("legal entity Acme to Beta"));
    company.night("2026-04-02", MARCH).nothing();
}
