//! Cover that ended with a month and is gone from Benifex when that month is judged: what was due till then is what
//! was due before, and what was not taken of it is told.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY, Outcome,
};

/// Of February 1001 paid so much; the cover ends with March, and its night sees no more of it.
fn ended(february: &str, found: &[&str], march: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED EE", february);
    company.night(MARCH_NIGHT, FEBRUARY).only(found);
    company.person("1001").pays("MED EE", march).covers(&[]);
    company
}

#[test]
fn more_than_the_last_deduction_is_too_much_by_the_rest_and_its_refund_settles_that() {
    let mut company = ended("100.00", &[], "120.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN02 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "-20.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_last_deduction_may_take_what_an_earlier_period_owes() {
    let mut company = ended("60.00", &["AM01 1001 _Medical 40.00"], "140.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn the_last_deduction_may_be_taken_a_month_late_and_no_more_than_that() {
    for (taken, found) in [("100.00", &[][..]), ("130.00", &["EN02 1001 _Medical -130.00"])] {
        let mut company = ended("100.00", &[], "");
        let o = company.night(APRIL_NIGHT, MARCH);
        o.nothing();
        let reason = o.reason("1001", "_Medical");
        assert!(reason.contains("payroll took nothing of the employee in 2026-03-01 to 2026-03-31"), "{reason}");
        assert!(reason.contains("up to 100.00 USD were due until it ended"), "{reason}");
        company.person("1001").pays("MED EE", taken);
        let o = company.night(MAY_NIGHT, APRIL);
        o.only(found);
        if found.is_empty() {
            o.unverified("1001", "_Medical");
        }
    }
}

#[test]
fn the_rest_of_the_last_deduction_may_be_taken_in_the_months_after_it_and_no_more_than_that() {
    let mut company = ended("100.00", &[], "60.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).nothing();
    // 60.00 and these 50.00 are more than one deduction.
    for (taken, found) in [("50.00", &["EN02 1001 _Medical -50.00"][..]), ("40.00", &[])] {
        company.person("1001").pays("MED EE", taken);
        company.night(JUNE_NIGHT, MAY).only(found);
    }
}

#[test]
fn a_month_without_a_deduction_is_right_where_another_plan_began_with_it() {
    let mut company = Company::of_two_plans();
    let plus = Cover::yearly(1440.0, 0.0).from("2026-03-01").changed("2026-02-26");
    company.person("1001").covers(&[("_MedicalPlus", plus)]).pays("MED EE", "").pays("PLUS EE", "120.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    assert!(o.unverified.is_empty(), "{}", o.told());
}

/// One code holds three benefits, 130.00 a month together; Benifex shows 1001's dental of 20.00 no more when February
/// is judged, and February took so much of it.
fn a_part_ended(february: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[deductions]\ncodes = { MED = [\"_Medical\", \"_Dental\", \"_Vision\"] }");
    let [medical, vision] = [1200.0, 120.0].map(|price| Cover::yearly(price, 0.0).from("2025-01-01"));
    // It began last.
    let dental = Cover::yearly(240.0, 0.0);
    let all = [("_Medical", medical), ("_Vision", vision), ("_Dental", dental)];
    company.all(|person| _ = person.covers(&all).pays("MED EE", "130.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").covers(&all[..2]).pays("MED EE", february);
    company
}

/// The one finding of the night is this one of 1001.
#[track_caller]
fn only(o: &Outcome, code: &str, exposure: &str) {
    let [finding] = &o.findings[..] else { panic!("one finding, please:\n{}", o.told()) };
    let of = ["employee_id", "benefit", "code", "exposure_to_date"].map(|column| &*finding[column]);
    assert_eq!(of, ["1001", "_Dental + _Medical + _Vision", code, exposure], "{}", o.told());
}

#[test]
fn what_one_of_the_benefits_of_a_code_cost_till_it_ended_is_right_and_the_others_go_on() {
    let mut company = a_part_ended("130.00");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    only(&o, "TM07", "-20.00");
    let told = &o.findings[0]["sentence"];
    assert!(told.contains("a part of it has ended since"), "{told}");
    company.person("1001").pays("MED EE", "110.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn more_than_all_benefits_of_a_code_cost_before_one_ended_is_too_much_by_the_rest() {
    let mut company = a_part_ended("145.00");
    only(&company.night(MARCH_NIGHT, FEBRUARY), "AM01", "-15.00");
}

#[test]
fn a_part_of_a_benefit_of_a_code_that_has_ended_accuses_nobody() {
    let mut company = a_part_ended("117.00");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    o.unverified("1001", "_Dental + _Medical + _Vision");
}

/// The night of 25 March saw the cover still, that of 26 March, the cut-off, did not.
fn ended_before_the_cutoff(march: &str) -> Company {
    let mut company = Company::until_february();
    company.night("2026-03-25", FEBRUARY).nothing();
    company.person("1001").covers(&[]);
    company.night("2026-03-26", FEBRUARY).only(&["TM07 1001 _Medical -100.00"]);
    company.person("1001").pays("MED EE", march);
    company
}

#[test]
fn cover_that_was_seen_in_the_period_and_is_gone_at_the_cutoff_owes_what_a_practice_takes() {
    for march in ["100.00", "80.65", "12.00"] {
        let mut company = ended_before_the_cutoff(march);
        let o = company.night(APRIL_NIGHT, MARCH);
        o.nothing();
        o.unverified("1001", "_Medical");
        company.person("1001").pays("MED EE", "");
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn more_than_a_whole_deduction_of_cover_that_was_seen_in_the_period_was_for_nothing() {
    let mut company = ended_before_the_cutoff("130.00");
    company.night(APRIL_NIGHT, MARCH).only(&["EN02 1001 _Medical -30.00"]);
    company.person("1001").pays("MED EE", "-30.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_first_night_of_the_period_that_saw_the_cover_tells_as_much() {
    let mut company = Company::until_february();
    company.person("1001").covers(&[]);
    company.night("2026-03-20", FEBRUARY);
    let o = company.night(APRIL_NIGHT, MARCH);
    o.nothing();
    o.unverified("1001", "_Medical");
}

#[test]
fn what_goes_on_after_the_period_in_which_cover_ended_is_for_nothing() {
    let mut company = ended_before_the_cutoff("100.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.night(MAY_NIGHT, APRIL).only(&["EN02 1001 _Medical -100.00"]);
}
