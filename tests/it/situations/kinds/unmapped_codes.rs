//! A second code of one benefit that the job does not know at first, and maps later: what it took counts for the
//! periods in which it stood, without a second run of their files.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

const COLUMNS: &str = r#"[payroll]
wide = [
    { code = "MED", employee = "MED EE", employer = "MED ER" },
    { code = "MED2", employee = "MED2 EE", employer = "MED2 ER" },
]"#;

/// January is right. In February `first` is taken of 1001 under the known code, and `second` under the unknown one.
fn company(first: &str, second: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(COLUMNS).all(|p| _ = p.pays("MED2 EE", "").pays("MED2 ER", ""));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", first).pays("MED2 EE", second);
    company
}

fn mapped(company: &mut Company) {
    company.job("[deductions]\ncodes = { MED2 = \"_Medical\" }");
}

#[test]
fn a_code_that_is_mapped_later_counts_for_the_periods_before() {
    for (first, second, found) in
        [("60.00", "40.00", "AM01 1001 _Medical 40.00"), ("", "100.00", "EN01 1001 _Medical 100.00")]
    {
        let mut company = company(first, second);
        let night = company.night(MARCH_NIGHT, FEBRUARY);
        night.only(&[found, "EN13 - (MED2) any"]);
        assert!(night.finding(found)["sentence"].contains(&format!("the {second} USD under (MED2), a code")));
        mapped(&mut company);
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn what_a_mapped_code_does_not_explain_stays_open() {
    let mut company = company("30.00", "40.00");
    company.person("1002").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY);
    mapped(&mut company);
    company.person("1001").pays("MED EE", "100.00").pays("MED2 EE", "");
    company.person("1002").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 30.00", "* 1002 _Medical 100.00"]);
}

#[test]
fn what_payroll_collected_again_before_the_code_was_mapped_is_owed_back() {
    let mut company = company("", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY);
    company.person("1001").pays("MED EE", "200.00").pays("MED2 EE", "");
    company.night(APRIL_NIGHT, MARCH).nothing();
    mapped(&mut company);
    company.person("1001").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -100.00"]);
}

#[test]
fn a_code_that_is_mapped_after_somebody_left_explains_their_last_month() {
    let mut company = company("", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY);
    mapped(&mut company);
    let leaver = company.person("1001").on_payroll(false).covers(&[]).pays("Leave Date", "2026-02-28");
    leaver.user("/employment/leaveDate", json!("2026-02-28"));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

/// Everybody has dental cover of 20.00, of which the job knows neither the code nor the benefit.
fn without_dental() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(COLUMNS.replace("MED2", "DEN").as_str()).all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Dental", Cover::yearly(240.0, 0.0))]);
        p.pays("DEN EE", "20.00").pays("DEN ER", "");
    });
    company
}

#[test]
fn a_code_that_is_mapped_late_has_taken_of_its_benefit_what_it_took_before() {
    let mut company = without_dental();
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["EN13 - (DEN) any", "EN13 - _Dental any"]);
    company.person("1001").pays("DEN EE", "10.00");
    company.person("1002").pays("DEN EE", "50.00");
    company.person("1003").pays("DEN EE", "10.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN13 - (DEN) any", "EN13 - _Dental any"]);
    company.job("[deductions]\ncodes = { DEN = \"_Dental\" }");
    company.all(|p| _ = p.pays("DEN EE", "20.00"));
    company.person("1003").pays("DEN EE", "30.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Dental 10.00", "* 1002 _Dental -30.00"]);
    company.all(|p| _ = p.pays("DEN EE", "20.00"));
    company.person("1002").pays("DEN EE", "-10.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Dental 10.00"]);
}

#[test]
fn a_month_whose_code_was_not_mapped_and_that_took_nothing_may_be_made_up() {
    let mut company = without_dental();
    company.job("[deductions]\ncodes = { DEN = \"_Dental\" }");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.without("deductions", "codes", "DEN").person("1001").pays("DEN EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN13 - (DEN) any", "EN13 - _Dental any"]);
    company.job("[deductions]\ncodes = { DEN = \"_Dental\" }").person("1001").pays("DEN EE", "20.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("DEN EE", "40.00");
    let o = company.night(MAY_NIGHT, APRIL);
    o.nothing();
    o.unverified("1001", "_Dental");
}
