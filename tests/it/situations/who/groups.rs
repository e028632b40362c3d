//! People of other payroll files.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
    Person,
};

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

#[test]
fn a_mover_is_told_with_what_is_open_also_where_the_last_file_was_read_again_after_the_move() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1004").pays("MED EE", "80.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1004 _Medical 20.00"]);
    ["1003", "1004"].iter().for_each(|id| _ = company.person(id).user(GROUP, json!("SEMI")));
    company.night("2026-03-11", FEBRUARY).only(&["AM01 1004 _Medical 20.00"]);
    ["1003", "1004"].iter().for_each(|id| _ = company.person(id).on_payroll(false));
    for night in [APRIL_NIGHT, "2026-04-12"] {
        company.night(night, MARCH).only(&["ID09 1003 - any", "ID09 1004 - any", "AM01 1004 _Medical 20.00"]);
    }
    company.night(MAY_NIGHT, APRIL).only(&["AM01 1004 _Medical 20.00"]);
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

/// 1003 and 1004 are in A, whose deductions are `first_deduction`; the others in G1, whose deductions pay for their own
/// month. January and February are judged.
fn with_other_days_in_a(first_deduction: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(&format!("[[schemes]]\npay_group = \"A\"\nfirst_deduction = \"{first_deduction}\""));
    company.all(|person| {
        person.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-06-01"))]);
    });
    belongs(company.person("1003"), "A");
    belongs(company.person("1004"), "A");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

/// Moves, and takes so much in March and then 100.00 again.
fn moves(company: &mut Company, id: &str, group: &str, march: &str) {
    let person = company.person(id);
    belongs(person, group);
    person.pays("MED EE", march);
}

#[test]
fn a_month_that_the_former_group_took_in_advance_is_not_due_again() {
    let mut company = with_other_days_in_a("in advance");
    moves(&mut company, "1003", "G1", "");
    moves(&mut company, "1004", "G1", "100.00");
    for _ in 0..2 {
        company.night(APRIL_NIGHT, MARCH).only(&["AM01 1004 _Medical -100.00"]);
    }
    company.person("1003").pays("MED EE", "100.00");
    company.person("1004").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_month_between_is_due_beside_the_one_that_the_new_group_takes_in_advance() {
    let mut company = with_other_days_in_a("in advance");
    moves(&mut company, "1001", "A", "200.00");
    moves(&mut company, "1002", "A", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1002 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "100.00");
    company.person("1002").pays("MED EE", "200.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_last_month_of_a_group_in_arrears_is_due_with_the_first_one_of_the_new_group() {
    let mut company = with_other_days_in_a("in arrears");
    moves(&mut company, "1003", "G1", "220.00");
    // February by the old price, March by the new one.
    company.person("1003").covers(&[("_Medical", Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-10"))]);
    moves(&mut company, "1004", "G1", "100.00");
    moves(&mut company, "1001", "A", "");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1004 _Medical 100.00"]);
    company.person("1003").pays("MED EE", "120.00");
    company.person("1004").pays("MED EE", "200.00");
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_move_that_benifex_follows_later_is_judged_once_it_does() {
    let mut company = with_other_days_in_a("in arrears");
    belongs(company.person("1002"), "A");
    company.person("1002").pays("MED EE", "");
    for (id, march) in [("1003", "200.00"), ("1004", "100.00")] {
        company.person(id).pays("Pay Group", "G1").pays("MED EE", march);
    }
    company.night(APRIL_NIGHT, MARCH).only(&["ID09 1003 - -", "ID09 1004 - -"]);
    for id in ["1002", "1003", "1004"] {
        let group = if id == "1002" { "A" } else { "G1" };
        moves(&mut company, id, group, "100.00");
    }
    company.night(MAY_NIGHT, APRIL).only(&["* 1004 _Medical 100.00"]);
}

#[test]
fn a_new_price_in_a_group_is_judged_by_its_own_rule_beside_one_in_arrears() {
    let mut company = with_other_days_in_a("in arrears");
    let new_price = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-10");
    // Of March's price, G1 takes March's deduction, and A takes February's by the old one.
    company.person("1001").covers(&[("_Medical", new_price.clone())]).pays("MED EE", "120.00");
    company.person("1003").covers(&[("_Medical", new_price)]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1003").pays("MED EE", "120.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}
