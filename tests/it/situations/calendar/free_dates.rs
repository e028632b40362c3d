//! What is owed, taken on a pay date on which nothing is due: the third of a month, with 24 deductions a year.

use crate::situations::company::{BIWEEKLY, Company, Cover, Period};

const FIRST_OF_APRIL: Period = ["2026-03-30", "2026-04-12", "2026-04-17"];
const LAST_OF_APRIL: Period = ["2026-04-13", "2026-04-26", "2026-05-01"];
const FIRST_OF_MAY: Period = ["2026-04-27", "2026-05-10", "2026-05-15"];
const FREE: Period = ["2026-05-11", "2026-05-24", "2026-05-29"];
const JUNE: Period = ["2026-05-25", "2026-06-07", "2026-06-12"];

fn until_may() -> Company {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    company.night("2026-04-18", FIRST_OF_APRIL).nothing();
    company.night("2026-05-02", LAST_OF_APRIL).nothing();
    company
}

/// On the free date 1001 alone is deducted.
fn takes_on_the_free_date(company: &mut Company, taken: &str) {
    company.all(|person| _ = person.pays("MED EE", ""));
    company.person("1001").pays("MED EE", taken);
}

fn in_june(company: &mut Company, taken: &str) {
    company.all(|person| _ = person.pays("MED EE", "50.00"));
    company.person("1001").pays("MED EE", taken);
    company.night("2026-06-13", JUNE).nothing();
}

#[test]
fn what_was_missed_is_caught_up_on_a_free_pay_date_whole_or_in_part() {
    for (taken, told, june) in [("50.00", &[][..], "50.00"), ("30.00", &["EN01 1001 _Medical 20.00"], "70.00")] {
        let mut company = until_may();
        company.person("1001").pays("MED EE", "");
        company.night("2026-05-16", FIRST_OF_MAY).only(&["EN01 1001 _Medical 50.00"]);
        takes_on_the_free_date(&mut company, taken);
        company.night("2026-05-30", FREE).only(told);
        in_june(&mut company, june);
    }
}

#[test]
fn a_late_price_is_made_up_on_a_free_pay_date() {
    let mut company = until_may();
    let dearer = Cover::yearly(1440.0, 0.0).from("2026-04-27").changed("2026-05-25");
    company.person("1001").covers(&[("_Medical", dearer)]);
    company.night("2026-05-16", FIRST_OF_MAY);
    takes_on_the_free_date(&mut company, "10.00");
    company.night("2026-05-30", FREE).nothing();
    in_june(&mut company, "60.00");
}

#[test]
fn a_period_that_was_never_read_may_be_caught_up_on_a_free_pay_date() {
    let mut company = until_may();
    takes_on_the_free_date(&mut company, "50.00");
    let o = company.night("2026-05-30", FREE);
    o.only(&["CT08 - - -"]);
    o.unverified("1001", "_Medical");
}

/// Fridays, two weeks apart. New Year's Day is paid with 18 December, before the shutdown.
const OVER_A_SHUTDOWN: [(&str, Period); 6] = [
    ("2026-11-21", ["2026-11-02", "2026-11-15", "2026-11-20"]),
    ("2026-12-05", ["2026-11-16", "2026-11-29", "2026-12-04"]),
    ("2026-12-19", ["2026-11-30", "2026-12-13", "2026-12-18"]),
    ("2026-12-20", ["2026-12-14", "2026-12-27", "2026-12-18"]),
    ("2027-01-16", ["2026-12-28", "2027-01-10", "2027-01-15"]),
    ("2027-01-30", ["2027-01-11", "2027-01-24", "2027-01-29"]),
];

/// What is found of 1001 on the last of them, where everybody's deductions of the fourth and the last are these.
fn over_a_shutdown(moved: &str, last: &str) -> Vec<String> {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    for (day, (night, period)) in OVER_A_SHUTDOWN.into_iter().enumerate() {
        let taken = if day == 3 { moved } else { "50.00" };
        company.all(|person| _ = person.pays("MED EE", if day == 5 { last } else { taken }));
        let o = company.night(night, period);
        if day == 5 {
            let own = o.findings.iter().filter(|finding| finding["employee_id"] == "1001");
            return own.map(|f| format!("{} {}", f["code"], f["exposure_to_date"])).collect();
        }
        o.nothing();
    }
    unreachable!("the last night returns")
}

#[test]
fn a_pay_date_moved_before_a_shutdown_is_of_the_month_that_payroll_takes_it_for_until_that_month_is_over() {
    // By the dates it is December's third, and 29 January the second of its month; by the rhythm January's first.
    assert_eq!(over_a_shutdown("", "50.00"), Vec::<String>::new());
    assert_eq!(over_a_shutdown("50.00", ""), Vec::<String>::new());
    // Of two readings one is right: five deductions of two months are one too many, and three one too few.
    assert_eq!(over_a_shutdown("50.00", "50.00"), ["AM06 -50.00"]);
    assert_eq!(over_a_shutdown("", ""), ["EN01 50.00"]);
}

#[test]
fn a_swing_that_a_person_accepts_leaves_a_moved_pay_date_what_it_was() {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    for (day, (night, period)) in OVER_A_SHUTDOWN.into_iter().enumerate() {
        company.all(|person| _ = person.pays("MED EE", if day == 3 { "" } else { "50.00" }));
        match day {
            3 | 5 => company.accepted_night(night, period).nothing(),
            _ => company.night(night, period).nothing(),
        }
    }
}

#[test]
fn what_is_missing_of_a_month_with_a_moved_pay_date_stays_open() {
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    for (day, (night, period)) in OVER_A_SHUTDOWN.into_iter().enumerate() {
        company.all(|person| _ = person.pays("MED EE", if day == 3 || day == 5 { "" } else { "50.00" }));
        company.night(night, period);
    }
    company.all(|person| _ = person.pays("MED EE", "50.00"));
    company.night("2027-02-13", ["2027-01-25", "2027-02-07", "2027-02-12"]).finding("EN01 1001 _Medical 50.00");
}
