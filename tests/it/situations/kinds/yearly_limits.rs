//! Percentages of pay that stop at a yearly limit, which no service states: its last part is taken once, and then
//! nothing till the year ends.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY, Period,
};
use crate::situations::kinds::codes;

/// Everybody pays 2 % of 5,000.00 a month.
fn percentage() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\npercent_of_pay = true\n[payroll.columns]\ngross_pay = \"Gross\"");
    company.all(|person| _ = person.pays("Gross", "5000.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company
}

/// 1001 pays so much in a month, and these are the findings.
#[track_caller]
fn month(company: &mut Company, (night, period): (&str, Period), taken: &str, findings: &[&str]) {
    company.person("1001").pays("MED EE", taken);
    company.night(night, period).only(findings);
}

#[test]
fn nothing_after_the_last_part_of_a_yearly_limit_is_no_accusation() {
    let mut company = percentage();
    month(&mut company, (MARCH_NIGHT, FEBRUARY), "40.00", &[]);
    for night in [(APRIL_NIGHT, MARCH), (MAY_NIGHT, APRIL)] {
        month(&mut company, night, "", &[]);
    }
}

#[test]
fn what_is_taken_again_in_the_same_year_shows_that_no_limit_was_reached() {
    let mut company = percentage();
    month(&mut company, (MARCH_NIGHT, FEBRUARY), "40.00", &[]);
    month(&mut company, (APRIL_NIGHT, MARCH), "", &[]);
    month(&mut company, (MAY_NIGHT, APRIL), "100.00", &["EN01 1001 _Medical 100.00"]);
}

#[test]
fn the_next_year_owes_again_what_the_limit_of_the_last_one_ended() {
    let mut company = Company::new(MONTHLY);
    company.job("[[schemes]]\nbenefit = \"_Medical\"\npercent_of_pay = true\n[payroll.columns]\ngross_pay = \"Gross\"");
    company.all(|person| {
        let cover = Cover::yearly(1200.0, 0.0).from("2025-01-01");
        _ = person.pays("Gross", "5000.00").covers(&[("_Medical", cover)]);
    });
    let autumn = [
        ("2025-11-03", ["2025-10-01", "2025-10-31", "2025-10-31"], "100.00"),
        ("2025-12-02", ["2025-11-01", "2025-11-30", "2025-11-28"], "40.00"),
        ("2026-01-05", ["2025-12-01", "2025-12-31", "2025-12-31"], ""),
    ];
    for (night, period, taken) in autumn {
        month(&mut company, (night, period), taken, &[]);
    }
    month(&mut company, (FEBRUARY_NIGHT, JANUARY), "", &["EN01 1001 _Medical 100.00"]);
}

#[test]
fn the_same_too_low_amount_twice_is_no_limit_and_owes_what_both_periods_missed() {
    let mut company = percentage();
    month(&mut company, (MARCH_NIGHT, FEBRUARY), "60.00", &[]);
    month(&mut company, (APRIL_NIGHT, MARCH), "60.00", &["AM01 1001 _Medical 80.00"]);
    month(&mut company, (MAY_NIGHT, APRIL), "100.00", &["AM01 1001 _Medical 80.00"]);
    month(&mut company, (JUNE_NIGHT, MAY), "180.00", &[]);
}

/// 1001 and the employer pay so much each in a month.
fn both(company: &mut Company, [employee, employer]: [&str; 2]) {
    company.person("1001").pays("PEN EE", employee).pays("PEN ER", employer);
}

#[test]
fn an_employer_who_matches_what_the_employee_pays_stops_with_the_limit_too() {
    let mut company = codes::percentage(true);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    for (night, period, taken) in [(MARCH_NIGHT, FEBRUARY, "100.00"), (APRIL_NIGHT, MARCH, "")] {
        both(&mut company, [taken, taken]);
        company.night(night, period).nothing();
    }
    both(&mut company, ["250.00", "250.00"]);
    company.night(MAY_NIGHT, APRIL).only(&["EN01 1001 _Pension 500.00"]);
    both(&mut company, ["500.00", "500.00"]);
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn the_same_too_low_amount_of_one_payer_is_that_payers_alone() {
    let mut company = codes::percentage(true);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    both(&mut company, ["250.00", "150.00"]);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).only(&["AM02 1001 _Pension 200.00"]);
    both(&mut company, ["250.00", "450.00"]);
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn what_was_too_much_is_given_back_by_a_part_and_is_no_limit() {
    let mut company = codes::percentage(true);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    both(&mut company, ["400.00", "250.00"]);
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM13 1001 _Pension -150.00"]);
    both(&mut company, ["100.00", "250.00"]);
    company.night(APRIL_NIGHT, MARCH).nothing();
    both(&mut company, ["", ""]);
    company.night(MAY_NIGHT, APRIL).only(&["EN01 1001 _Pension 500.00"]);
}

#[test]
fn a_refund_of_a_percentage_whose_cover_is_gone_is_unverified_beyond_what_was_taken_wrongly() {
    let medical = ("_Medical", Cover::yearly(1200.0, 0.0));
    let mut company = codes::percentage(true);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").covers(std::slice::from_ref(&medical));
    both(&mut company, ["-250.00", "-250.00"]);
    let night = company.night(MARCH_NIGHT, FEBRUARY);
    night.nothing();
    night.unverified("1001", "_Pension");
    both(&mut company, ["250.00", "250.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["EN02 1001 _Pension -500.00"]);
    both(&mut company, ["-250.00", "-200.00"]);
    company.night(MAY_NIGHT, APRIL).only(&["EN02 1001 _Pension -50.00"]);
    both(&mut company, ["-250.00", "-50.00"]);
    let night = company.night(JUNE_NIGHT, MAY);
    night.nothing();
    night.unverified("1001", "_Pension");
}

#[test]
fn a_first_part_that_was_never_taken_is_not_owed_once_the_percentage_is() {
    let mut company = codes::percentage(true);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    codes::joins_in_march(&mut company);
    assert!(!company.night(APRIL_NIGHT, MARCH).accuses("1060"));
    company.person("1060").pays("MED EE", "100.00").pays("Gross", "5000.00");
    company.person("1060").pays("PEN EE", "250.00").pays("PEN ER", "250.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}
