//! Leave dates in dispute that are settled later: what was taken while nobody knew counts once it is known.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT,
    MONTHLY, Person,
};

/// By Benifex 1001 left on 20 February, by payroll nobody left, and March is deducted.
fn in_march() -> Company {
    let mut company = Company::until_february();
    company.person("1001").user("/employment/leaveDate", json!("2026-02-20"));
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["DE07 1001 - any"]);
    o.unverified("1001", "_Medical");
    company
}

fn no_deduction(person: &mut Person) -> &mut Person {
    person.pays("MED EE", "").pays("MED ER", "")
}

#[test]
fn settled_as_left_owes_back_all_that_was_taken_since() {
    let mut company = in_march();
    no_deduction(company.person("1001").leaves("2026-02-20")).covers(&[]);
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -100.00"]);
    company.person("1001").pays("MED EE", "-100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn settled_as_left_of_somebody_off_payroll_owes_it_back_all_the_same() {
    let mut company = in_march();
    company.night(MAY_NIGHT, APRIL).only(&["DE07 1001 - any"]);
    company.person("1001").leaves("2026-02-20");
    company.person("1001").covers(&[]).on_payroll(false);
    // March and April.
    company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical -200.00"]);
}

#[test]
fn settled_as_left_and_refunded_at_once_is_right() {
    let mut company = in_march();
    company.person("1001").leaves("2026-02-20");
    company.person("1001").covers(&[]).pays("MED EE", "-100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn settled_as_left_while_payroll_deducts_on_owes_all_of_it() {
    let mut company = in_march();
    company.person("1001").leaves("2026-02-20");
    company.person("1001").covers(&[]);
    company.night(MAY_NIGHT, APRIL).only(&["EN05 1001 _Medical -200.00"]);
}

#[test]
fn settled_as_stayed_owes_what_was_not_taken_and_no_more() {
    for (taken, found) in [("100.00", None), ("80.00", Some("* 1001 _Medical 20.00"))] {
        let mut company = Company::until_february();
        company.person("1001").user("/employment/leaveDate", json!("2026-02-20")).pays("MED EE", taken);
        company.night(APRIL_NIGHT, MARCH).only(&["DE07 1001 - any"]);
        company.person("1001").user("/employment/leaveDate", json!(null)).pays("MED EE", "100.00");
        let o = company.night(MAY_NIGHT, APRIL);
        match found {
            None => o.nothing(),
            Some(found) => o.only(&[found]),
        }
    }
}

#[test]
fn a_conflict_on_employment_settled_as_stayed_owes_the_month_that_was_left_out() {
    let mut company = Company::until_february();
    no_deduction(company.person("1001")).pays("Leave Date", "2026-02-10");
    company.night(APRIL_NIGHT, MARCH).only(&["EN06 1001 - any"]);
    company.person("1001").pays("Leave Date", "").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_conflict_on_employment_settled_as_left_owes_back_what_each_payer_paid() {
    let mut company = Company::new(MONTHLY);
    let cover = crate::situations::company::Cover::yearly(1200.0, 2400.0);
    company.all(|p| _ = p.covers(&[("_Medical", cover.clone())]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let p = company.person("1001");
    p.user("/employment/employmentStatus", json!("Terminated")).user("/employment/leaveDate", json!("2026-02-28"));
    company.night(APRIL_NIGHT, MARCH).only(&["EN06 1001 - any"]);
    no_deduction(company.person("1001")).pays("Leave Date", "2026-02-28").covers(&[]);
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -100.00", "* 1001 _Medical -200.00"]);
}
