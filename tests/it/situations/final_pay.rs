//! The last pay of somebody who left, a month later: what the file of July takes of a leaver of 10 June. June's 100.00
//! may have been due in full, by days or not at all; nobody says.

use super::company::{AUGUST, Cover};
use super::company::{
    AUGUST_NIGHT, Company, JULY, JULY_NIGHT, JUNE, JUNE_NIGHT, MAY, MONTHLY, Outcome, SEPTEMBER_NIGHT,
};

/// After June, whose file took `june` of the leaver, or did not name her; in July Benifex lists nothing of her.
fn after_june(june: Option<&str>) -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(JUNE_NIGHT, MAY).nothing();
    company.person("1001").leaves("2026-06-10");
    company.person("1001").pays("MED EE", june.unwrap_or_default()).on_payroll(june.is_some());
    company.night(JULY_NIGHT, JUNE).nothing();
    company.person("1001").covers(&[]).on_payroll(true);
    company
}

fn july(company: &mut Company, taken: &str) -> Outcome {
    company.person("1001").pays("MED EE", taken);
    company.night(AUGUST_NIGHT, JULY)
}

#[test]
fn a_final_pay_of_the_next_month_takes_what_june_still_cost() {
    for (june, taken) in [(None, "100.00"), (None, "33.33"), (Some(""), "100.00"), (Some("33.33"), "66.67")] {
        let mut company = after_june(june);
        july(&mut company, taken).nothing();
        company.person("1001").on_payroll(false);
        company.night(SEPTEMBER_NIGHT, AUGUST).nothing();
    }
}

#[test]
fn a_final_pay_that_takes_more_than_june_still_cost_is_told_with_the_rest() {
    for (june, taken, told) in
        [(None, "133.33", "-33.33"), (Some("33.33"), "100.00", "-33.33"), (Some("100.00"), "100.00", "-100.00")]
    {
        let mut company = after_june(june);
        let finding = format!("EN05 1001 _Medical {told}");
        july(&mut company, taken).only(&[&finding]);
    }
    let mut company = after_june(None);
    let o = july(&mut company, "133.33");
    let said = &o.finding("EN05 1001 _Medical -33.33")["sentence"];
    assert!(said.contains("The rest pays for cover until then: 33.33 USD is too much."), "{said}");
    company.person("1001").on_payroll(false);
    company.night(SEPTEMBER_NIGHT, AUGUST).only(&["TM12 1001 _Medical -33.33"]);
}

#[test]
fn a_final_pay_takes_arrears_and_june_together() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "");
    company.night(JUNE_NIGHT, MAY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").leaves("2026-06-10").on_payroll(false);
    company.night(JULY_NIGHT, JUNE).only(&["TM12 1001 _Medical 100.00"]);
    company.person("1001").covers(&[]).on_payroll(true);
    july(&mut company, "200.00").nothing();
}

#[test]
fn a_final_pay_may_stand_in_two_rows_of_one_file() {
    for (first, second) in [
        ("50.00", &[("MED EE", "50.00")][..]),
        ("100.00", &[("MED EE", "")]),
        ("66.67", &[("Run Type", "final"), ("MED EE", "33.33")]),
    ] {
        let mut company = after_june(None);
        company.person("1001").pays("MED EE", first).further_row(second);
        company.night(AUGUST_NIGHT, JULY).nothing();
    }
}

#[test]
fn a_final_pay_says_nothing_against_a_benefit_that_was_never_ended() {
    let mut company = after_june(None);
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0))]);
    july(&mut company, "100.00").only(&["EN04 1001 _Medical -"]);
}

#[test]
fn a_final_pay_is_exact_by_the_rule_of_the_scheme() {
    for (taken, told) in [("33.33", &[][..]), ("100.00", &["EN05 1001 _Medical -66.67"])] {
        let mut company = after_june(None);
        company.scheme("coverage_end = \"leave_date\"\nproration = \"thirtieths\"");
        july(&mut company, taken).only(told);
    }
}
