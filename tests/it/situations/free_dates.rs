//! What is owed, taken on a pay date on which nothing is due: the third of a month, with 24 deductions a year.

use super::company::{BIWEEKLY, Company, Cover, Period};

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
