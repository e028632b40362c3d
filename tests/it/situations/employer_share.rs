//! The employer's share of a benefit that is paid on other pay dates than the employee's deductions are taken.

use serde_json::json;

use super::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH,
    MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
};

/// 1,200.00 a year of the employee, monthly, and 2,400.00 of the employer, at the end of each quarter.
fn quarterly() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\nemployer_deduction_dates = \"months 3, 6, 9, 12\"");
    company.all(|person| {
        person.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]);
    });
    company
}

fn employer_pays(company: &mut Company, amount: &str) {
    company.all(|person| {
        person.pays("MED ER", amount);
    });
}

#[test]
fn a_share_that_is_paid_each_quarter_beside_monthly_deductions_is_right() {
    let mut company = quarterly();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    employer_pays(&mut company, "600.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    employer_pays(&mut company, "0.00");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.night(JUNE_NIGHT, MAY).nothing();
    employer_pays(&mut company, "600.00");
    company.night(JULY_NIGHT, JUNE).nothing();
}

#[test]
fn a_share_that_is_missing_in_the_month_that_it_is_due_is_the_employers_and_stays_open() {
    let mut company = quarterly();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    employer_pays(&mut company, "600.00");
    company.person("1001").pays("MED ER", "0.00");
    let told = company.night(APRIL_NIGHT, MARCH);
    told.only(&["AM02 1001 _Medical 600.00"]);
    employer_pays(&mut company, "0.00");
    company.night(MAY_NIGHT, APRIL).only(&["AM02 1001 _Medical 600.00"]);
    // Paid a month later: made good, though that is none of its dates.
    company.person("1001").pays("MED ER", "600.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn neither_side_taken_in_the_month_of_the_share_is_both_missing() {
    let mut company = quarterly();
    employer_pays(&mut company, "600.00");
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Medical 700.00"]);
}

#[test]
fn a_share_paid_in_a_month_that_is_none_of_its_own_is_too_much() {
    let mut company = quarterly();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED ER", "200.00");
    let told = company.night(MARCH_NIGHT, FEBRUARY);
    told.only(&["AM06 1001 _Medical -200.00"]);
    let said = &told.finding("AM06 1001 _Medical -200.00")["sentence"];
    // The employee's own deduction is none of it.
    assert!(said.contains("took 200.00 USD of the employer for") && said.contains("(4 a year)"), "{said}");
}

#[test]
fn both_sides_wrong_in_a_month_without_a_share_are_two_findings() {
    let mut company = quarterly();
    company.person("1001").pays("MED EE", "90.00").pays("MED ER", "200.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 10.00", "AM02 1001 _Medical -200.00"]);
}

#[test]
fn of_somebody_who_joins_inside_a_quarter_any_accepted_part_of_the_share_is_right() {
    // From 16 February, 44 of 90 days, and two of three months.
    for (share, right) in [("600.00", true), ("0.00", true), ("293.33", true), ("650.00", false)] {
        let mut company = quarterly();
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        let cover = Cover::yearly(1200.0, 2400.0).from("2026-02-16");
        let joiner = company.hire("1005");
        joiner.covers(&[("_Medical", cover)]);
        joiner.user("/employment/startDate", json!("2026-02-16"));
        joiner.user("/employment/originalStartDate", json!("2026-02-16"));
        joiner.pays("Hire Date", "2026-02-16").pays("MED EE", "46.43");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        employer_pays(&mut company, "600.00");
        company.person("1005").pays("MED EE", "100.00").pays("MED ER", share);
        let told = company.night(APRIL_NIGHT, MARCH);
        if right {
            told.nothing();
        } else {
            told.only(&["AM02 1005 _Medical -50.00"]);
        }
    }
}

#[test]
fn a_rule_for_parts_makes_the_share_of_a_joiner_exact() {
    let joined = |share: &str| {
        let mut company = quarterly();
        let rules = "[[schemes]]\nbenefit = \"_Medical\"\nemployer_deduction_dates = \"months 3, 6, 9, 12\"\n\
                     proration = \"calendar days\"";
        company.job(rules);
        employer_pays(&mut company, "600.00");
        let cover = Cover::yearly(1200.0, 2400.0).from("2026-02-16");
        let joiner = company.person("1001");
        joiner.covers(&[("_Medical", cover)]).pays("MED ER", share).pays("Hire Date", "2026-02-16");
        joiner.user("/employment/startDate", json!("2026-02-16"));
        joiner.user("/employment/originalStartDate", json!("2026-02-16"));
        company.night(APRIL_NIGHT, MARCH)
    };
    // 44 of 90 days of 600.00.
    joined("293.33").nothing();
    joined("600.00").only(&["AM02 1001 _Medical -306.67"]);
}

#[test]
fn the_last_share_of_somebody_who_left_inside_a_quarter_is_right() {
    let mut company = quarterly();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let leaver = company.person("1001");
    leaver.user("/employment/leaveDate", json!("2026-02-20")).pays("Leave Date", "2026-02-20");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    employer_pays(&mut company, "600.00");
    company.person("1001").pays("MED EE", "0.00").pays("MED ER", "400.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_share_paid_with_the_first_of_two_pays_a_month_is_none_of_the_second() {
    let mut company = Company::deducting(super::company::BIWEEKLY, 26, "46.15");
    company.job("[[schemes]]\nbenefit = \"_Medical\"\nemployer_deduction_dates = \"first 1 of a month\"");
    company.all(|person| {
        let cover = Cover::yearly(1200.0, 2400.0).from("2025-01-01");
        person.covers(&[("_Medical", cover)]).pays("MED ER", "200.00");
    });
    company.night("2026-01-03", ["2025-12-14", "2025-12-27", "2026-01-02"]).nothing();
    employer_pays(&mut company, "0.00");
    company.person("1002").pays("MED ER", "200.00");
    company.night("2026-01-17", ["2025-12-28", "2026-01-10", "2026-01-16"]).only(&["AM06 1002 _Medical -200.00"]);
}
