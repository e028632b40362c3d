//! Codes that the job maps to the wrong benefit at first, and mends: what was judged by the wrong map accuses nobody
//! once it is mended, and the files of then judge it anew.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
    Outcome,
};

const COLUMNS: &str = r#"[payroll]
wide = [
    { code = "MED", employee = "MED EE", employer = "MED ER" },
    { code = "DEN", employee = "DEN EE", employer = "DEN ER" },
]"#;

/// Everybody pays 100 for medical cover and 20 for dental; `map` says under which codes.
fn company(map: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(COLUMNS).job(map).all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0)), ("_Dental", Cover::yearly(240.0, 0.0))]);
        p.pays("DEN EE", "20.00").pays("DEN ER", "0.00");
    });
    company
}

const RIGHT: &str = "[deductions]\ncodes = { MED = \"_Medical\", DEN = \"_Dental\" }";
const EXCHANGED: &str = "[deductions]\ncodes = { MED = \"_Dental\", DEN = \"_Medical\" }";

fn says_why(outcome: &Outcome) {
    for benefit in ["_Medical", "_Dental"] {
        outcome.unverified("1001", benefit);
    }
    let reason = "while the job mapped codes of the benefit otherwise: run the files of those periods again";
    assert!(outcome.unverified.iter().all(|row| row["reason"].contains(reason)), "{}", outcome.told());
}

#[test]
fn what_was_judged_while_two_codes_were_exchanged_accuses_nobody_until_its_file_is_run_again() {
    let mut company = company(EXCHANGED);
    let o = company.night(FEBRUARY_NIGHT, JANUARY);
    o.finding("AM01 1001 _Medical 80.00");
    o.finding("AM01 1001 _Dental -80.00");
    company.job(RIGHT);
    for night in [MARCH_NIGHT, "2026-03-04"] {
        let o = company.night(night, FEBRUARY);
        o.nothing();
        says_why(&o);
    }
    // The file of January, and nothing is left of it.
    let o = company.night("2026-03-05", JANUARY);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
}

#[test]
fn what_is_wrong_since_the_codes_were_mended_is_told_beside_what_was_judged_before() {
    let mut company = company(EXCHANGED);
    company.night(FEBRUARY_NIGHT, JANUARY);
    company.job(RIGHT);
    company.person("1001").pays("MED EE", "70.00");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.only(&["AM01 1001 _Medical 30.00"]);
    o.unverified("1001", "_Dental");
    company.person("1001").pays("MED EE", "100.00");
    let o = company.night("2026-03-04", JANUARY);
    o.only(&["* 1001 _Medical 30.00"]);
}

#[test]
fn an_exchange_that_was_mended_before_anything_else_was_read_leaves_nothing() {
    let mut company = company(EXCHANGED);
    company.night(FEBRUARY_NIGHT, JANUARY);
    company.job(RIGHT);
    let o = company.night("2026-02-04", JANUARY);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}

#[test]
fn a_code_that_another_one_joins_makes_nothing_of_before_unsure() {
    let mut company = company(RIGHT);
    company.person("1001").pays("MED EE", "90.00");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1001 _Medical 10.00"]);
    company.job("[deductions]\ncodes = { MED2 = \"_Medical\" }");
    company.person("1001").pays("MED EE", "100.00");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.only(&["AM01 1001 _Medical 10.00"]);
    assert!(o.unverified.is_empty(), "{}", o.told());
}

#[test]
fn a_code_that_stands_for_the_new_plan_says_nothing_of_the_old_plan_that_nobody_has_any_more() {
    let mut company = company("[deductions]\ncodes = { MED = \"_Medical\" }");
    company.all(|p| {
        p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0))]);
        p.pays("DEN EE", "");
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.job("[deductions]\ncodes = { MED = \"_Health\" }").all(|p| {
        p.covers(&[("_Health", Cover::yearly(1440.0, 0.0).from("2026-02-01"))]);
        p.pays("MED EE", "120.00");
    });
    // Payroll takes the old price still, and there is no new cover.
    company.person("1001").covers(&[]).pays("MED EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["EN02 1001 _Health -100.00"]);
}

#[test]
fn a_code_that_holds_two_benefits_from_now_on_owes_nothing_of_the_months_that_each_had_its_own() {
    let mut company = company(RIGHT);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.job("[deductions]\ncodes = { MED = [\"_Medical\", \"_Dental\"] }").without("deductions", "codes", "DEN");
    company.all(|p| _ = p.pays("MED EE", "120.00").pays("DEN EE", ""));
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
}

#[test]
fn what_somebody_owes_of_a_plan_that_ended_stays_open_once_its_code_is_gone_or_the_new_plans() {
    for codes in ["{ MED2 = \"_Health\" }", "{ MED = \"_Health\" }"] {
        let mut company = Company::new(MONTHLY);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1001").pays("MED EE", "60.00");
        company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 40.00"]);
        let code = if codes.contains("MED2") { "MED2" } else { "MED" };
        let wide = format!("wide = [{{ code = \"{code}\", employee = \"MED EE\", employer = \"MED ER\" }}]");
        company.without("deductions", "codes", "MED").job(&format!("[payroll]\n{wide}\n[deductions]\ncodes = {codes}"));
        company.all(|p| {
            p.covers(&[("_Health", Cover::yearly(1440.0, 0.0).from("2026-03-01"))]).pays("MED EE", "120.00");
        });
        let o = company.night(APRIL_NIGHT, MARCH);
        o.only(&["AM01 1001 _Medical 40.00"]);
        assert!(o.unverified.is_empty(), "{}", o.told());
        company.night(MAY_NIGHT, APRIL).only(&["AM01 1001 _Medical 40.00"]);
    }
}

#[test]
fn a_benefit_that_never_was_says_nothing_of_what_was_judged_by_its_code() {
    let mut company = Company::new(MONTHLY);
    company.job("[deductions]\ncodes = { MED = \"_Medicl\" }");
    company.night(FEBRUARY_NIGHT, JANUARY);
    company.night(MARCH_NIGHT, FEBRUARY).finding("EN02 1001 _Medicl -100.00");
    company.job("[deductions]\ncodes = { MED = \"_Medical\" }");
    let o = company.night(APRIL_NIGHT, MARCH);
    assert!(o.findings.iter().all(|finding| finding["benefit"] != "_Medicl"), "{}", o.told());
}
