//! The last deduction of somebody who left, where nobody stated how long cover lasts or when its last price is taken.

use crate::situations::company::{
    APRIL_NIGHT, BIWEEKLY, Company, Cover, MARCH, MAY_NIGHT, MONTHLY, Pays, Period, SEMIMONTHLY, WEEKLY,
};

/// How somebody is paid: the price of a period, three periods with their nights, and the last day of the second one.
struct Case {
    pays: Pays,
    price: &'static str,
    nights: [(&'static str, Period); 4],
    last_day: &'static str,
}

const FORTNIGHTS: Case = Case {
    pays: BIWEEKLY,
    price: "46.15",
    nights: [
        ("2026-02-17", ["2026-02-02", "2026-02-15", "2026-02-20"]),
        ("2026-03-03", ["2026-02-16", "2026-03-01", "2026-03-06"]),
        ("2026-03-17", ["2026-03-02", "2026-03-15", "2026-03-20"]),
        ("2026-03-31", ["2026-03-16", "2026-03-29", "2026-04-03"]),
    ],
    last_day: "2026-03-01",
};

const WEEKS: Case = Case {
    pays: WEEKLY,
    price: "23.08",
    nights: [
        ("2026-03-03", ["2026-02-23", "2026-03-01", "2026-03-06"]),
        ("2026-03-10", ["2026-03-02", "2026-03-08", "2026-03-13"]),
        ("2026-03-17", ["2026-03-09", "2026-03-15", "2026-03-20"]),
        ("2026-03-24", ["2026-03-16", "2026-03-22", "2026-03-27"]),
    ],
    last_day: "2026-03-08",
};

const HALF_MONTHS: Case = Case {
    pays: SEMIMONTHLY,
    price: "50.00",
    nights: [
        ("2026-03-03", ["2026-02-16", "2026-02-28", "2026-02-27"]),
        ("2026-03-17", ["2026-03-01", "2026-03-15", "2026-03-13"]),
        ("2026-04-02", ["2026-03-16", "2026-03-31", "2026-03-31"]),
        ("2026-04-17", ["2026-04-01", "2026-04-15", "2026-04-15"]),
    ],
    last_day: "2026-03-15",
};

/// After the second period, whose file forgot the leaver; cover is gone in the third one.
fn forgotten(case: &Case) -> Company {
    let mut company = Company::new(case.pays);
    company.all(|p| _ = p.pays("MED EE", case.price).pays("MED ER", ""));
    let [(first, before), (second, last), ..] = case.nights;
    company.night(first, before).nothing();
    company.person("1001").leaves(case.last_day).on_payroll(false);
    company.night(second, last);
    company.person("1001").covers(&[]).on_payroll(true);
    company
}

#[test]
fn the_last_deduction_in_the_next_file_pays_for_the_period_that_ended_with_the_leave_date() {
    for case in [FORTNIGHTS, WEEKS, HALF_MONTHS] {
        let mut company = forgotten(&case);
        let [.., (third, next), (fourth, later)] = case.nights;
        company.night(third, next).nothing();
        company.person("1001").on_payroll(false);
        company.night(fourth, later).nothing();
    }
}

#[test]
fn the_last_deduction_may_have_dates_of_its_own_and_cover_be_there_still() {
    let mut company = forgotten(&FORTNIGHTS);
    let [_, (_, [start, end, _]), (third, next), _] = FORTNIGHTS.nights;
    company.person("1001").covers(&[("_Medical", Cover::yearly(1200.0, 0.0))]);
    company.person("1001").pays("Period Start", start).pays("Period End", end).pays("Pay Date", "2026-03-20");
    company.night(third, next).nothing();
}

#[test]
fn a_last_deduction_of_less_or_of_more_than_any_cover_costs_is_told() {
    // 50.00 of the first half of March, and cover to its end costs 50.00 more at most.
    for (taken, told) in
        [("20.00", &["TM12 1001 _Medical 30.00"][..]), ("100.00", &[]), ("130.00", &["EN05 1001 _Medical -30.00"])]
    {
        let mut company = forgotten(&HALF_MONTHS);
        let [.., (third, next), _] = HALF_MONTHS.nights;
        company.person("1001").pays("MED EE", taken);
        company.night(third, next).only(told);
    }
}

#[test]
fn a_last_deduction_in_the_month_of_the_leave_date_takes_arrears_beside_its_part() {
    // February's 100.00, and 13 of 31 days of March.
    let mut company = Company::missed_february();
    company.person("1001").leaves("2026-03-13").covers(&[]).pays("MED EE", "141.94");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").on_payroll(false);
    company.night(MAY_NIGHT, crate::situations::company::APRIL).nothing();
}

#[test]
fn a_last_deduction_on_a_first_night_is_unverified_where_cover_that_is_gone_may_have_stood() {
    let first_night = |left: &'static str| {
        let mut company = Company::new(MONTHLY);
        company.person("1001").leaves(left).covers(&[]);
        company.night(APRIL_NIGHT, MARCH)
    };
    let o = first_night("2026-02-20");
    o.nothing();
    o.unverified("1001", "_Medical");
    first_night("2025-12-20").only(&["EN05 1001 _Medical -100.00"]);
}

#[test]
fn a_last_deduction_of_a_period_that_ends_with_the_leave_date_takes_arrears_and_no_rest_of_the_month() {
    for case in [FORTNIGHTS, WEEKS, HALF_MONTHS] {
        let mut company = Company::new(case.pays);
        company.all(|p| _ = p.pays("MED EE", case.price).pays("MED ER", ""));
        let [(first, before), (second, last), (third, next), _] = case.nights;
        company.person("1001").pays("MED EE", "");
        company.night(first, before).only(&[&format!("EN01 1001 _Medical {}", case.price)]);
        let twice = 2.0 * case.price.parse::<f64>().expect("a price");
        company.person("1001").leaves(case.last_day).pays("MED EE", &format!("{twice:.2}"));
        company.night(second, last).nothing();
        company.person("1001").covers(&[]).on_payroll(false);
        company.night(third, next).nothing();
    }
}

#[test]
fn a_last_deduction_of_more_than_arrears_and_the_rest_of_the_month_is_too_much_by_what_is_beyond() {
    // 50.00 of the half itself, and of the other half of March at most; 50.00 of February.
    for (missed, taken, found) in
        [(false, "130.00", "AM01 1001 _Medical -30.00"), (true, "200.00", "* 1001 _Medical -50.00")]
    {
        let mut company = Company::new(SEMIMONTHLY);
        company.all(|p| _ = p.pays("MED EE", "50.00").pays("MED ER", ""));
        let [(first, before), (second, last), ..] = HALF_MONTHS.nights;
        if missed {
            company.person("1001").pays("MED EE", "");
        }
        company.night(first, before);
        company.person("1001").leaves("2026-03-15").pays("MED EE", taken);
        company.night(second, last).only(&[found]);
    }
}
