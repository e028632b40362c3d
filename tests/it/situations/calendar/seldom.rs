//! Benefits that are deducted less often than once a month: what new cover, or somebody who leaves, pays for a part of
//! the months between two deductions.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, AUGUST, AUGUST_NIGHT, Company, Cover, JULY, JULY_NIGHT, JUNE, JUNE_NIGHT, MARCH, MAY,
    MAY_NIGHT, MONTHLY,
};

/// Everybody pays 1,200.00 a year in so many parts, in these months; 1005 joins on a day and pays so much.
fn joins(per_year: u32, months: &str, day: &'static str, pays: &str) -> Company {
    let mut company = Company::deducting(MONTHLY, per_year, "");
    company.job(&format!("[[schemes]]\nbenefit = \"_Medical\"\ndeduction_dates = \"months {months}\""));
    let cover = Cover::yearly(1200.0, 0.0).from(day);
    company.hire("1005").joins(day).covers(&[("_Medical", cover)]).pays("MED EE", pays);
    company
}

#[test]
fn whoever_joins_between_two_deductions_pays_for_the_months_or_days_that_are_left() {
    // Of 1 June, seven months of twelve, or 214 days of 365; of 16 June, six months, or six and a half.
    for (day, pays) in
        [("2026-06-01", "700.00"), ("2026-06-01", "703.56"), ("2026-06-16", "600.00"), ("2026-06-16", "650.00")]
    {
        let mut company = joins(1, "1", day, pays);
        company.night(JULY_NIGHT, JUNE).nothing();
        company.person("1005").pays("MED EE", "");
        company.night("2026-08-03", JULY).nothing();
    }
    // Two months of a quarter of 300.00.
    joins(4, "1, 4, 7, 10", "2026-05-01", "200.00").night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn more_than_the_months_that_are_left_is_no_first_part() {
    joins(1, "1", "2026-06-01", "900.00").night(JULY_NIGHT, JUNE).only(&["AM06 1005 _Medical -900.00"]);
    let mut company = joins(1, "1", "2026-06-01", "700.00");
    company.night(JULY_NIGHT, JUNE).nothing();
    company.night("2026-08-03", JULY).only(&["AM06 1005 _Medical -700.00"]);
}

#[test]
fn the_first_deduction_in_arrears_pays_for_the_months_since_cover_began() {
    let mut company = joins(4, "3, 6, 9, 12", "2026-02-01", "200.00");
    company.all(|person| _ = person.pays("MED EE", "300.00"));
    company.person("1005").pays("MED EE", "200.00");
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 1001 _Medical 100.00"]);
    company.all(|person| _ = person.pays("MED EE", ""));
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-05-04", APRIL).nothing();
}

#[test]
fn a_leavers_final_pay_takes_the_months_since_the_last_deduction() {
    let mut company = joins(1, "12", "2026-01-01", "");
    company.all(|person| _ = person.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2025-01-01"))]));
    company.night(JUNE_NIGHT, MAY).nothing();
    // January to June.
    company.person("1001").leaves("2026-06-30").pays("MED EE", "600.00");
    company.night(JULY_NIGHT, JUNE).nothing();
    company.person("1001").covers(&[]).on_payroll(false);
    company.night("2026-08-03", JULY).nothing();
}

#[test]
fn a_renewal_on_the_first_of_a_month_of_deduction_is_no_new_cover() {
    let mut company = Company::deducting(MONTHLY, 4, "");
    company.job("[[schemes]]\nbenefit = \"_Medical\"\ndeduction_dates = \"months 1, 4, 7, 10\"");
    company.all(|person| _ = person.pays("MED EE", "300.00"));
    company.night(MAY_NIGHT, APRIL).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    company.night(JUNE_NIGHT, MAY).nothing();
    let renewed = Cover::yearly(1440.0, 0.0).from("2026-07-01").changed("2026-06-01");
    company.all(|person| _ = person.covers(&[("_Medical", renewed.clone())]));
    company.night(JULY_NIGHT, JUNE).nothing();
    // 360.00 is due: the old amount, a third of it, and a part of the new one are too little.
    company.all(|person| _ = person.pays("MED EE", "360.00"));
    for (id, pays) in [("1001", "300.00"), ("1002", "100.00"), ("1003", "340.00")] {
        company.person(id).pays("MED EE", pays);
    }
    let short = ["AM01 1001 _Medical 60.00", "AM01 1002 _Medical 260.00", "AM01 1003 _Medical 20.00"];
    company.night(AUGUST_NIGHT, JULY).only(&short);
}

/// Everybody pays 300.00 in March, and the third month of each quarter after it.
fn quarterly() -> Company {
    let mut company = Company::deducting(MONTHLY, 4, "");
    company.job("[[schemes]]\nbenefit = \"_Medical\"\ndeduction_dates = \"months 3, 6, 9, 12\"");
    company.all(|person| _ = person.pays("MED EE", "300.00"));
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    company.night(MAY_NIGHT, APRIL).nothing();
    company
}

#[test]
fn a_price_that_changed_between_two_deductions_makes_any_amount_between_the_two_right() {
    let mut company = quarterly();
    // From May on 120.00 a month: 340.00, or the whole price, or the old one and the rest in September.
    let dearer = Cover::yearly(1440.0, 0.0).from("2026-05-01").changed("2026-04-10");
    company.all(|person| _ = person.covers(&[("_Medical", dearer.clone())]));
    company.night(JUNE_NIGHT, MAY).nothing();
    company.all(|person| _ = person.pays("MED EE", "360.00"));
    for (id, pays) in [("1001", "340.00"), ("1002", "300.00"), ("1003", "280.00")] {
        company.person(id).pays("MED EE", pays);
    }
    company.night(JULY_NIGHT, JUNE).only(&["AM01 1003 _Medical 20.00"]);
    company.all(|person| _ = person.pays("MED EE", ""));
    company.night(AUGUST_NIGHT, JULY).only(&["AM01 1003 _Medical 20.00"]);
    company.night("2026-09-02", AUGUST).only(&["AM01 1003 _Medical 20.00"]);
    company.all(|person| _ = person.pays("MED EE", "360.00"));
    company.person("1002").pays("MED EE", "420.00");
    company.person("1003").pays("MED EE", "380.00");
    company.night("2026-10-02", ["2026-09-01", "2026-09-30", "2026-09-30"]).nothing();
}

#[test]
fn a_leavers_final_pay_takes_the_months_since_the_last_deduction_also_where_that_one_was_read() {
    let mut company = quarterly();
    for (id, pays) in [("1001", "200.00"), ("1002", "250.00")] {
        company.person(id).leaves("2026-05-15").pays("MED EE", pays);
    }
    company.night(JUNE_NIGHT, MAY).only(&["AM06 1002 _Medical -250.00"]);
}

#[test]
fn the_first_quarter_that_was_missed_is_made_up_by_the_months_that_it_had_cover() {
    for (july, september, left) in
        [("", "500.00", None), ("200.00", "300.00", None), ("200.00", "500.00", Some("-200.00"))]
    {
        let mut company = joins(4, "3, 6, 9, 12", "2026-05-01", "");
        company.all(|person| _ = person.pays("MED EE", "300.00"));
        company.person("1005").pays("MED EE", "").covers(&[]);
        company.night(JULY_NIGHT, JUNE).nothing();
        company.all(|person| _ = person.pays("MED EE", ""));
        let late = Cover::yearly(1200.0, 0.0).from("2026-05-01").changed("2026-07-05");
        company.person("1005").covers(&[("_Medical", late)]).pays("MED EE", july);
        company.night(AUGUST_NIGHT, JULY);
        company.person("1005").pays("MED EE", "");
        company.night("2026-09-02", AUGUST);
        company.all(|person| _ = person.pays("MED EE", "300.00"));
        company.person("1005").pays("MED EE", september);
        let o = company.night("2026-10-02", ["2026-09-01", "2026-09-30", "2026-09-30"]);
        let found = left.map(|left| format!("* 1005 _Medical {left}"));
        o.only(&found.iter().map(String::as_str).collect::<Vec<_>>());
    }
}
