//! A percentage of pay that is taken of a bonus or commission which somebody gets after leaving.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY,
};

/// 5 % of 60,000.00 a year, 250.00 a month, of whatever is paid; 1001 leaves at the end of February, and Benifex shows
/// the pension still.
fn left(in_february: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\npercent_of_pay = true\n[payroll.columns]\ngross_pay = \"Gross\"");
    let covers = [("_Medical", Cover::yearly(3000.0, 0.0))];
    company.all(|p| _ = p.covers(&covers).pays("MED EE", "250.00").pays("Gross", "5000.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").leaves("2026-02-28").pays("MED EE", in_february);
    company
}

fn pays(company: &mut Company, gross: &str, taken: &str) {
    company.person("1001").pays("Gross", gross).pays("MED EE", taken);
}

#[test]
fn a_percentage_of_a_bonus_after_leaving_is_right_and_more_is_too_much() {
    for (gross, taken, too_much) in
        [("1000.00", "50.00", None), ("10000.00", "500.00", None), ("1000.00", "80.00", Some("-30.00"))]
    {
        let mut company = left("250.00");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        pays(&mut company, gross, taken);
        let still_shown = "EN04 1001 _Medical any".to_owned();
        let of = |code: &str| too_much.map(|amount| format!("{code} 1001 _Medical {amount}"));
        let told = [Some(still_shown), of("EN05")];
        company.night(APRIL_NIGHT, MARCH).only(&told.iter().flatten().map(String::as_str).collect::<Vec<_>>());
        company.person("1001").on_payroll(false).covers(&[]);
        company.night(MAY_NIGHT, APRIL).only(&of("*").iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn a_percentage_of_a_salary_that_goes_on_after_leaving_stays_to_be_paid_back() {
    let mut company = left("250.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).only(&["EN04 1001 _Medical any", "EN05 1001 _Medical -250.00"]);
    company.person("1001").on_payroll(false).covers(&[]);
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -250.00"]);
    company.person("1001").on_payroll(true);
    pays(&mut company, "0.00", "-250.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_bonus_after_leaving_may_take_its_percentage_and_a_month_that_was_missed() {
    let mut company = left("");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN01 1001 _Medical 250.00"]);
    pays(&mut company, "1000.00", "300.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN04 1001 _Medical any"]);
}

#[test]
fn a_percentage_after_leaving_that_nobody_can_tell_is_unverified() {
    let mut company = left("250.00");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[]);
    pays(&mut company, "1000.00", "50.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
}
