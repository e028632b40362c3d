//! A plan that was exchanged for one of another benefit on the first of a month, and payroll takes the old one a month
//! longer: each has its own balance.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY,
};

/// 1001 has the new plan since March in place of the old one, which Benifex shows as ended or not at all, and payroll
/// took the old one in March.
fn exchanged(changed: &'static str, ended: bool) -> Company {
    let mut company = Company::of_two_plans();
    let new = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed(changed);
    let old = Cover::yearly(1200.0, 0.0).changed(changed).status("ENDED");
    let covers = [("_MedicalPlus", new), ("_Medical", old)];
    company.person("1001").covers(if ended { &covers } else { &covers[..1] });
    company
}

/// A change that payroll could know of by its cut-off, and one after it.
const CHANGED: [&str; 2] = ["2026-03-10", "2026-03-28"];

#[test]
fn the_old_plan_is_owed_back_and_the_new_one_owed_until_both_are_put_right() {
    for changed in CHANGED {
        for ended in [false, true] {
            let mut company = exchanged(changed, ended);
            let both = ["* 1001 _Medical -100.00", "* 1001 _MedicalPlus 120.00"];
            company.night(APRIL_NIGHT, MARCH).only(&both);
            company.night("2026-04-03", MARCH).only(&both);
            company.person("1001").pays("MED EE", "").pays("PLUS EE", "120.00");
            company.night(MAY_NIGHT, APRIL).only(&both);
            company.person("1001").pays("MED EE", "-100.00").pays("PLUS EE", "240.00");
            company.night(JUNE_NIGHT, MAY).nothing();
        }
    }
}

#[test]
fn a_new_plan_that_takes_what_both_cost_over_two_months_leaves_each_with_its_own_balance() {
    for ended in [false, true] {
        let mut company = exchanged("2026-03-10", ended);
        company.night(APRIL_NIGHT, MARCH);
        company.person("1001").pays("MED EE", "").pays("PLUS EE", "140.00");
        company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -100.00", "* 1001 _MedicalPlus 100.00"]);
        company.person("1001").pays("PLUS EE", "120.00");
        company.night(JUNE_NIGHT, MAY).only(&["* 1001 _Medical -100.00", "* 1001 _MedicalPlus 100.00"]);
    }
}

#[test]
fn two_months_of_the_old_plan_are_owed_back() {
    let mut company = exchanged("2026-03-28", false);
    company.night(APRIL_NIGHT, MARCH);
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical -200.00", "* 1001 _MedicalPlus 240.00"]);
}

#[test]
fn an_employers_share_of_both_plans_is_owed_as_well() {
    let mut company = Company::new(MONTHLY);
    company.job(
        "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
         { code = \"PLUS\", employee = \"PLUS EE\", employer = \"PLUS ER\" }]\n\
         [deductions]\ncodes = { MED = \"_Medical\", PLUS = \"_MedicalPlus\" }",
    );
    company.all(|person| {
        let old = Cover::yearly(1200.0, 600.0);
        person.covers(&[("_Medical", old)]).pays("MED ER", "50.00").pays("PLUS EE", "").pays("PLUS ER", "");
    });
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let new = Cover::yearly(1440.0, 720.0).from("2026-03-01").changed("2026-03-28");
    company.person("1001").covers(&[("_MedicalPlus", new)]);
    company.night(APRIL_NIGHT, MARCH);
    company.person("1001").pays("MED EE", "").pays("MED ER", "").pays("PLUS EE", "120.00").pays("PLUS ER", "60.00");
    let both = ["EN02 1001 _Medical -150.00", "EN01 1001 _MedicalPlus 180.00"];
    company.night(MAY_NIGHT, APRIL).only(&both);
    company.person("1001").pays("MED EE", "-100.00").pays("MED ER", "-50.00");
    company.person("1001").pays("PLUS EE", "240.00").pays("PLUS ER", "120.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_plan_that_stood_beside_the_one_that_ended_took_nobodys_place() {
    let mut company = Company::of_two_plans();
    let plus = ("_MedicalPlus", Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-03-02"));
    let old = ("_Medical", Cover::yearly(1200.0, 0.0));
    company.person("1001").covers(&[old, plus.clone()]);
    company.night("2026-03-20", FEBRUARY).nothing();
    // The old one ended after the cut-off, and was due until then.
    company.person("1001").covers(&[plus]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM07 1001 _Medical -100.00", "EN01 1001 _MedicalPlus 120.00"]);
    company.person("1001").pays("MED EE", "").pays("PLUS EE", "240.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_benefit_that_was_elected_long_ago_takes_nobodys_place() {
    // Somebody drops medical after the cut-off, and another benefit shows up that was to begin in January.
    let mut company = Company::of_two_plans();
    let plus = Cover::yearly(1440.0, 0.0).from("2026-01-01").changed("2026-03-28");
    company.person("1001").covers(&[("_MedicalPlus", plus)]);
    company.night(APRIL_NIGHT, MARCH).finding("TM07 1001 _Medical -100.00");
    company.person("1001").pays("MED EE", "");
    let o = company.night(MAY_NIGHT, APRIL);
    assert!(o.findings.iter().all(|finding| finding["benefit"] != "_Medical"), "{}", o.told());
}
