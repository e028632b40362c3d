//! The employer's share of a benefit that is paid on other pay dates than the employee's deductions are taken.

use serde_json::json;

use crate::situations::company::{
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
    let mut company = Company::deducting(crate::situations::company::BIWEEKLY, 26, "46.15");
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

/// The first quarter was right by a record since `first`; in April the price is 3,600.00 a year of the employer's since
/// January.
fn dearer_since_january(first: &'static str) -> Company {
    let mut company = quarterly();
    company.all(|person| _ = person.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0).from(first))]));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    employer_pays(&mut company, "600.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    employer_pays(&mut company, "0.00");
    let dearer = Cover::yearly(1200.0, 3600.0).changed("2026-04-10");
    company.person("1001").covers(&[("_Medical", dearer)]);
    company
}

#[test]
fn a_late_price_of_the_share_is_owed_of_the_quarter_before_and_paid_with_the_next() {
    let owed = &["AM02 1001 _Medical 300.00"][..];
    for (first, paid, told) in
        [("2025-01-01", "1200.00", &[][..]), ("2025-01-01", "900.00", owed), ("2026-01-01", "1200.00", &[])]
    {
        let mut company = dearer_since_january(first);
        company.night(MAY_NIGHT, APRIL).nothing();
        company.night(JUNE_NIGHT, MAY).nothing();
        employer_pays(&mut company, "600.00");
        company.person("1001").pays("MED ER", paid);
        company.night(JULY_NIGHT, JUNE).only(told);
    }
}

#[test]
fn a_late_price_of_the_share_may_be_made_up_on_a_pay_date_between() {
    let mut company = dearer_since_january("2025-01-01");
    company.person("1001").pays("MED ER", "300.00");
    company.night(MAY_NIGHT, APRIL).nothing();
    employer_pays(&mut company, "0.00");
    company.night(JUNE_NIGHT, MAY).nothing();
    employer_pays(&mut company, "600.00");
    company.person("1001").pays("MED ER", "900.00");
    company.night(JULY_NIGHT, JUNE).nothing();
}

#[test]
fn a_price_or_cover_that_began_inside_the_quarter_before_is_made_up_with_the_next_payment() {
    // Two of three months: of 300.00 more, or of 600.00.
    for (before, annual, paid) in [(true, 3600.0, "1100.00"), (false, 2400.0, "1000.00")] {
        let mut company = dearer_since_january("2025-01-01");
        let since = Cover::yearly(1200.0, annual).from("2026-02-01").changed("2026-04-10");
        if !before {
            company = quarterly();
            company.person("1001").covers(&[]).pays("MED EE", "");
            company.night(FEBRUARY_NIGHT, JANUARY).nothing();
            company.night(MARCH_NIGHT, FEBRUARY).nothing();
            employer_pays(&mut company, "600.00");
            company.person("1001").pays("MED ER", "");
            company.night(APRIL_NIGHT, MARCH).nothing();
            employer_pays(&mut company, "0.00");
        }
        company.person("1001").covers(&[("_Medical", since)]).pays("MED EE", if before { "100.00" } else { "300.00" });
        company.night(MAY_NIGHT, APRIL).nothing();
        company.person("1001").pays("MED EE", "100.00");
        company.night(JUNE_NIGHT, MAY).nothing();
        employer_pays(&mut company, "600.00");
        company.person("1001").pays("MED ER", paid);
        company.night(JULY_NIGHT, JUNE).nothing();
    }
}

#[test]
fn a_share_whose_column_is_mapped_later_is_judged_from_then_on() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(720.0, 480.0))]).pays("MED EE", "60.00"));
    employer_pays(&mut company, "40.00");
    company.job("[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\" }]");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.job("[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }]");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED ER", "0.00");
    company.night(MAY_NIGHT, APRIL).only(&["AM02 1001 _Medical 40.00"]);
    company.person("1001").pays("MED ER", "80.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn what_is_held_of_an_employee_on_unpaid_leave_is_arrears_though_the_employer_pays_on() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll.columns]\ngross_pay = \"Gross\"");
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 600.0))]).pays("Gross", "5000.00"));
    employer_pays(&mut company, "50.00");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let ada = company.person("1001");
    ada.user("/employment/employmentStatus", json!("Unpaid leave")).pays("Gross", "0.00").pays("MED EE", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["TM11 1001 _Medical 100.00"]);
    company.night(APRIL_NIGHT, MARCH).only(&["TM11 1001 _Medical 200.00"]);
    // Payroll books the arrears to the employer by mistake.
    let ada = company.person("1001");
    ada.user("/employment/employmentStatus", json!("Active")).pays("Gross", "5000.00");
    ada.pays("MED EE", "100.00").pays("MED ER", "250.00");
    company.night(MAY_NIGHT, APRIL).only(&["TM11 1001 _Medical 200.00", "AM02 1001 _Medical -200.00"]);
    company.person("1001").pays("MED EE", "300.00").pays("MED ER", "-150.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

/// 100.00 a month of the employee, 200.00 of the employer.
fn both_monthly() -> Company {
    let mut company = Company::new(MONTHLY);
    company.all(|person| {
        person.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00");
    });
    company
}

#[test]
fn a_month_with_a_blank_share_for_everybody_is_missing_where_earlier_months_had_it() {
    let mut company = both_monthly();
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    employer_pays(&mut company, "");
    let told = company.night(MARCH_NIGHT, FEBRUARY);
    told.finding("AM02 1001 _Medical 200.00");
    employer_pays(&mut company, "200.00");
    company.night(APRIL_NIGHT, MARCH).finding("AM02 1001 _Medical 200.00");
    employer_pays(&mut company, "400.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn a_missing_share_stays_open_in_months_in_which_nobody_has_one() {
    let mut company = quarterly();
    employer_pays(&mut company, "600.00");
    company.person("1001").pays("MED ER", "");
    company.night(APRIL_NIGHT, MARCH).only(&["AM02 1001 _Medical 600.00"]);
    employer_pays(&mut company, "");
    company.night(MAY_NIGHT, APRIL).only(&["AM02 1001 _Medical 600.00"]);
    company.person("1001").pays("MED ER", "600.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_code_that_never_had_a_share_is_held_to_none() {
    let mut company = both_monthly();
    employer_pays(&mut company, "");
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
}
