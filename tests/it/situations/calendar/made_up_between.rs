//! A benefit that is deducted once a month in advance: what became known after the month's deduction is made up, or
//! given back, on the pay date between two deductions.

use crate::situations::calendar::once_a_month::HALVES;
use crate::situations::company::{Company, Cover, Outcome, SEMIMONTHLY, WEEKLY};

/// A half month, in which 1001 is deducted so much.
fn half(company: &mut Company, at: usize, of_1001: &str) -> Outcome {
    let (night, period) = HALVES[at];
    let is_date = period[2].ends_with("-13") || period[2].ends_with("-15");
    company.all(|person| _ = person.pays("MED EE", if is_date { "100.00" } else { "" }));
    company.person("1001").pays("MED EE", of_1001);
    company.night(night, period)
}

/// Right until the deduction of March, which pays for April.
fn until_march() -> Company {
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    company.job("[rules]\ncoverage_end = \"leave_date\"");
    company.scheme("first_deduction = \"in advance\"\nproration = \"calendar days\"");
    half(&mut company, 0, "").nothing();
    half(&mut company, 1, "100.00").nothing();
    company
}

#[test]
fn a_price_told_after_the_deduction_is_made_up_before_the_next_one() {
    // Twice as much is too much by once.
    let of_more = ["20.00", "120.00", "40.00", "* 1001 _Medical -20.00"];
    let of_less = ["-30.00", "70.00", "-60.00", "* 1001 _Medical 30.00"];
    for (yearly, [makes_up, next, twice, left]) in [(1440.0, of_more), (840.0, of_less)] {
        for listed in [false, true] {
            let new = Cover::yearly(yearly, 0.0).from("2026-04-01").changed("2026-03-20");
            let old = listed.then(|| Cover::yearly(1200.0, 0.0).from("2025-04-01"));
            let covers: Vec<_> = old.into_iter().chain([new]).map(|cover| ("_Medical", cover)).collect();
            let mut company = until_march();
            company.person("1001").covers(&covers);
            half(&mut company, 2, makes_up).nothing();
            half(&mut company, 3, next).nothing();
            let mut company = until_march();
            company.person("1001").covers(&covers);
            half(&mut company, 2, twice).only(&[left]);
        }
    }
}

#[test]
fn a_month_after_a_leave_date_to_come_is_given_back_once() {
    let mut company = Company::deducting(WEEKLY, 12, "100.00");
    company.job("[rules]\ncoverage_end = \"leave_date\"");
    company.scheme("first_deduction = \"in advance\"\ndeduction_dates = \"first 1 of a month\"");
    company.night("2026-03-10", ["2026-03-02", "2026-03-08", "2026-03-06"]).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    company.night("2026-03-17", ["2026-03-09", "2026-03-15", "2026-03-13"]).nothing();
    // Known in the week before that of the leave date.
    company.person("1001").leaves("2026-03-29").pays("MED EE", "-100.00");
    company.night("2026-03-24", ["2026-03-16", "2026-03-22", "2026-03-20"]).nothing();
    company.person("1001").pays("MED EE", "");
    company.night("2026-03-31", ["2026-03-23", "2026-03-29", "2026-03-27"]).nothing();
    company.person("1001").on_payroll(false).covers(&[]);
    company.all(|person| _ = person.pays("MED EE", "100.00"));
    company.night("2026-04-07", ["2026-03-30", "2026-04-05", "2026-04-03"]).nothing();
}

#[test]
fn two_months_of_a_joiner_are_made_up_before_the_next_deduction() {
    // Hired in February, enrolled after March's deduction: March and April, and six of 28 days of February.
    for (taken, found) in [("221.43", &[][..]), ("200.00", &[]), ("250.00", &["* 1005 _Medical -28.57"])] {
        let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
        company.scheme("first_deduction = \"in advance\"\nproration = \"calendar days\"");
        let day = "2026-02-23";
        let joiner = company.hire("1005").joins(day).pays("Salary Effective", day).pays("MED ER", "").covers(&[]);
        joiner.benbase("/pay_rate/effective_start", day.into());
        joiner.user("/employment/salaryDetails/salaryEffectiveDate", day.into());
        for (at, taken) in [(0, ""), (1, "100.00")] {
            let (night, period) = HALVES[at];
            company.all(|person| _ = person.pays("MED EE", taken));
            company.person("1005").pays("MED EE", "");
            company.night(night, period).nothing();
        }
        let cover = Cover::yearly(1200.0, 0.0).from(day).changed("2026-03-20");
        company.person("1005").covers(&[("_Medical", cover)]);
        let (night, period) = HALVES[2];
        company.all(|person| _ = person.pays("MED EE", ""));
        company.person("1005").pays("MED EE", taken);
        company.night(night, period).only(found);
    }
}

#[test]
fn a_first_part_that_is_made_up_between_two_deductions_is_right_on_each_night() {
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    company.scheme("deduction_dates = \"first 1 of a month\"\nproration = \"thirtieths\"");
    half(&mut company, 0, "").nothing();
    half(&mut company, 1, "100.00").nothing();
    // Joined on 13 March, known after the cut-off of its first half: 18 of 30 days.
    let joiner = company.hire("1005");
    joiner.joins("2026-03-13").covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-13"))]);
    let (night, period) = HALVES[2];
    for night in [night, "2026-04-04"] {
        company.all(|person| _ = person.pays("MED EE", ""));
        company.person("1005").pays("MED EE", "60.00");
        let o = company.night(night, period);
        assert!(!o.accuses("1005"), "{}", o.told());
    }
    let o = half(&mut company, 3, "100.00");
    assert!(!o.accuses("1005"), "{}", o.told());
}
