//! A benefit that is deducted once a month of people who are paid more often: the deduction pays for the month of its
//! pay date, and a part of it is a part of that month.

use crate::situations::company::{BIWEEKLY, Company, Cover, Outcome, Period, SEMIMONTHLY};

/// Nights with the half months before them. The deduction is taken on the 15th, 100.00 of everybody.
pub(super) const HALVES: [(&str, Period); 6] = [
    ("2026-03-02", ["2026-02-16", "2026-02-28", "2026-02-27"]),
    ("2026-03-17", ["2026-03-01", "2026-03-15", "2026-03-13"]),
    ("2026-04-02", ["2026-03-16", "2026-03-31", "2026-03-31"]),
    ("2026-04-17", ["2026-04-01", "2026-04-15", "2026-04-15"]),
    ("2026-05-02", ["2026-04-16", "2026-04-30", "2026-04-30"]),
    ("2026-05-18", ["2026-05-01", "2026-05-15", "2026-05-15"]),
];

/// Halves of the company, with what 1005 is deducted and what is found; she joins before the half of `joins`.
fn halves(rules: &str, (joins, day): (usize, &'static str), of_1005: &[(&str, &[&str])]) {
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    if !rules.is_empty() {
        company.scheme(rules);
    }
    let before = HALVES[..joins].iter().map(|half| (half, ("", &[][..])));
    let since = HALVES[joins..].iter().zip(of_1005.iter().copied());
    for (at, ((night, period), (taken, found))) in before.chain(since).enumerate() {
        if at == joins {
            let joiner = company.hire("1005").joins(day);
            joiner.pays("Salary Effective", day).pays("MED ER", "").benbase("/pay_rate/effective_start", day.into());
            joiner.user("/employment/salaryDetails/salaryEffectiveDate", day.into());
            joiner.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from(day))]);
        }
        let deducted = period[2].ends_with("-13") || period[2].ends_with("-15");
        company.all(|person| _ = person.pays("MED EE", if deducted { "100.00" } else { "" }));
        if at >= joins {
            company.person("1005").pays("MED EE", taken);
        }
        company.night(night, *period).only(found);
    }
}

#[test]
fn the_first_deduction_is_a_part_of_the_month_and_not_of_the_half() {
    // 27 of 31 days of March.
    for rules in ["", "proration = \"calendar days\""] {
        halves(rules, (1, "2026-03-05"), &[("87.10", &[]), ("", &[]), ("100.00", &[])]);
    }
    halves("proration = \"calendar days\"", (1, "2026-03-05"), &[("73.33", &["AM08 1005 _Medical 13.77"])]);
}

#[test]
fn who_joins_after_the_pay_date_of_the_month_pays_its_part_with_the_next_one_once() {
    // 16 of 31 days of March.
    for rules in ["", "proration = \"calendar days\""] {
        let too_much: &[&str] = &["AM01 1005 _Medical -51.61"];
        halves(rules, (2, "2026-03-16"), &[("", &[]), ("151.61", &[]), ("", &[]), ("151.61", too_much)]);
    }
}

#[test]
fn a_part_of_the_month_is_not_taken_again_with_the_next_one() {
    halves("", (1, "2026-03-05"), &[("87.10", &[]), ("", &[]), ("187.10", &["AM01 1005 _Medical -87.10"])]);
}

#[test]
fn who_leaves_after_the_pay_date_gets_back_the_rest_of_the_month() {
    // Of April, 20 of 30 days are due.
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    company.job("[rules]\ncoverage_end = \"leave_date\"").scheme("proration = \"calendar days\"");
    let [.., (middle, first), (end, second), (later, next)] = HALVES;
    company.night(middle, first).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    company.person("1001").leaves("2026-04-20").pays("MED EE", "-33.33");
    company.night(end, second).nothing();
    company.all(|person| _ = person.pays("MED EE", "100.00"));
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(later, next).nothing();
}

/// Paid every two weeks and deducted on the first pay date of a month, of which the period has no day. From 1 April all
/// pay 120.00 and 1004 the old 100.00; 1001 has cover from then on, and 1002 and 1003 left the day before.
fn from_april(rules: &str) -> Outcome {
    let mut company = Company::deducting(BIWEEKLY, 12, "100.00");
    if !rules.is_empty() {
        company.scheme(rules);
    }
    company.person("1001").covers(&[]).pays("MED EE", "");
    company.night("2026-03-08", ["2026-02-16", "2026-03-01", "2026-03-06"]).only(&[]);
    let renewed = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-05");
    company.all(|p| _ = p.covers(&[("_Medical", renewed.clone())]).pays("MED EE", ""));
    company.night("2026-03-22", ["2026-03-02", "2026-03-15", "2026-03-20"]).only(&[]);
    company.all(|p| _ = p.pays("MED EE", "120.00"));
    company.person("1002").leaves("2026-03-31").pays("MED EE", "");
    company.person("1003").leaves("2026-03-31");
    company.person("1004").pays("MED EE", "100.00");
    company.night("2026-04-05", ["2026-03-16", "2026-03-29", "2026-04-03"])
}

#[test]
fn a_pay_date_pays_for_its_month_also_where_the_period_ends_before_it() {
    from_april("first_deduction = \"same pay\"").only(&["AM01 1004 _Medical 20.00", "EN05 1003 _Medical -120.00"]);
}

#[test]
fn without_a_rule_nobody_is_accused_of_a_month_of_which_the_period_has_no_day() {
    let o = from_april("");
    o.only(&[]);
    for employee in ["1000", "1001", "1002", "1003"] {
        o.unverified(employee, "_Medical");
    }
}

/// The half months with what everybody is deducted on the 15th, and what 1001 is.
fn deducted(company: &mut Company, at: usize, everybody: &str, of_1001: &str) -> Outcome {
    let (night, period) = HALVES[at];
    let is_date = period[2].ends_with("-13") || period[2].ends_with("-15");
    company.all(|person| _ = person.pays("MED EE", if is_date { everybody } else { "" }));
    company.person("1001").pays("MED EE", of_1001);
    company.night(night, period)
}

#[test]
fn in_advance_it_pays_for_the_month_after_that_of_the_pay_date() {
    for (march, found) in [("120.00", &[][..]), ("100.00", &["AM01 1001 _Medical 20.00"])] {
        let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
        company.scheme("first_deduction = \"in advance\"");
        deducted(&mut company, 0, "100.00", "").nothing();
        let dearer = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-03");
        company.person("1001").covers(&[("_Medical", dearer)]);
        deducted(&mut company, 1, "100.00", march).only(found);
    }
}

#[test]
fn in_arrears_it_pays_for_the_month_before_that_of_the_pay_date() {
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    company.scheme("first_deduction = \"in arrears\"");
    for at in 0..3 {
        deducted(&mut company, at, "100.00", if at == 1 { "100.00" } else { "" }).nothing();
    }
    let dearer = Cover::yearly(1440.0, 0.0).from("2026-04-01").changed("2026-03-20");
    company.person("1001").covers(&[("_Medical", dearer)]);
    deducted(&mut company, 3, "100.00", "100.00").nothing();
    deducted(&mut company, 4, "100.00", "").nothing();
    deducted(&mut company, 5, "100.00", "100.00").only(&["AM01 1001 _Medical 20.00"]);
}

#[test]
fn a_month_paid_for_in_advance_is_given_back_once_to_who_leaves_before_it() {
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    company.job("[rules]\ncoverage_end = \"leave_date\"").scheme("first_deduction = \"in advance\"");
    deducted(&mut company, 0, "100.00", "").nothing();
    deducted(&mut company, 1, "100.00", "100.00").nothing();
    company.person("1001").leaves("2026-03-31").covers(&[]);
    deducted(&mut company, 2, "100.00", "-100.00").nothing();
    company.person("1001").on_payroll(false);
    deducted(&mut company, 3, "100.00", "").nothing();
}

#[test]
fn a_half_month_without_a_deduction_leaves_a_leaver_nothing_to_pay() {
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    company.job("[rules]\ncoverage_end = \"leave_date\"").scheme("first_deduction = \"same pay\"");
    deducted(&mut company, 1, "100.00", "100.00").nothing();
    company.person("1001").leaves("2026-03-31").covers(&[]);
    deducted(&mut company, 2, "100.00", "").nothing();
    deducted(&mut company, 3, "100.00", "100.00").only(&["EN05 1001 _Medical -100.00"]);
    deducted(&mut company, 4, "100.00", "-100.00").nothing();
}

#[test]
fn the_rest_of_the_last_month_may_come_back_in_a_period_that_begins_in_it() {
    let stated = "first_deduction = \"next pay\"\nproration = \"calendar days\"\ncoverage_end = \"leave_date\"";
    // The record is there still, which is told where it is known that cover is over.
    for (rules, found) in [("", &[][..]), (stated, &["EN04 1001 _Medical any"])] {
        let mut company = Company::deducting(BIWEEKLY, 12, "100.00");
        if !rules.is_empty() {
            company.scheme(rules);
        }
        company.night("2026-07-14", ["2026-06-29", "2026-07-12", "2026-07-10"]).nothing();
        company.all(|person| _ = person.pays("MED EE", ""));
        company.night("2026-07-28", ["2026-07-13", "2026-07-26", "2026-07-24"]).nothing();
        // 25 of 31 days of July are due.
        company.all(|person| _ = person.pays("MED EE", "100.00"));
        company.person("1001").leaves("2026-07-25").pays("MED EE", "-19.35");
        company.night("2026-08-11", ["2026-07-27", "2026-08-09", "2026-08-07"]).only(found);
    }
}

#[test]
fn refunds_alone_on_a_pay_date_without_deductions_are_no_other_sign() {
    let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
    company.job("[rules]\ncoverage_end = \"leave_date\"");
    company.scheme("first_deduction = \"same pay\"\nproration = \"calendar days\"");
    deducted(&mut company, 0, "100.00", "").nothing();
    // 21 of 31 days of March were not due.
    deducted(&mut company, 1, "100.00", "120.00").only(&["AM01 1001 _Medical -20.00"]);
    let (night, period) = HALVES[2];
    company.all(|person| _ = person.pays("MED EE", ""));
    company.person("1001").pays("MED EE", "-20.00");
    company.person("1003").leaves("2026-03-10").pays("MED EE", "-67.74");
    company.night(night, period).nothing();
    company.person("1003").on_payroll(false).covers(&[]);
    deducted(&mut company, 3, "100.00", "100.00").nothing();
}

#[test]
fn who_joins_after_the_pay_date_of_the_month_pays_for_it_and_two_more_in_advance() {
    // 16 of 31 days of March, April and May.
    for (april, found) in [("251.61", &[][..]), ("200.00", &[]), ("300.00", &["AM01 1005 _Medical -48.39"])] {
        let rules = "first_deduction = \"in advance\"\nproration = \"calendar days\"";
        halves(rules, (2, "2026-03-16"), &[("", &[]), (april, found)]);
    }
}

#[test]
fn what_is_given_back_for_nothing_is_owed_also_on_a_pay_date_without_a_deduction() {
    for rules in ["", "first_deduction = \"same pay\"", "first_deduction = \"in advance\""] {
        let mut company = Company::deducting(SEMIMONTHLY, 12, "100.00");
        if !rules.is_empty() {
            company.scheme(rules);
        }
        deducted(&mut company, 0, "100.00", "").nothing();
        deducted(&mut company, 1, "100.00", "100.00").nothing();
        deducted(&mut company, 2, "100.00", "-40.00").only(&["* 1001 _Medical 40.00"]);
        deducted(&mut company, 3, "100.00", "140.00").nothing();
    }
}
