//! A month whose payroll was read and that could not be judged: the service's answer was wrong, the id, the status, the
//! currency or how often somebody is paid. What payroll took in it counts all the same, once it is known what was due.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY, Outcome,
    Person,
};

/// A finding, and what makes a source say wrongly of somebody for a month.
type Fault = (&'static str, fn(&mut Person));

const FAULTS: [Fault; 5] = [
    ("CO03 1001 - -", |person| _ = person.pays("Pay Frequency", "biweekly")),
    ("CT11 1001 _Medical any", |person| _ = person.covers(&[("_Medical", Cover::yearly(1_200.0, 0.0).status("SUSP"))])),
    ("CU01 1001 _Medical any", |person| _ = person.currency("EUR")),
    ("ID01 1001 - any", |person| _ = person.unknown_to_benifex()),
    ("ID06 1001 - any", |person| {
        _ = person.user("/surname", json!("Whitaker")).user("/dateOfBirth", json!("1991-10-11"))
    }),
];

/// February is unjudged of 1001 and takes `february`, March is in order and takes `march`: `told` is what is open from
/// then on.
#[track_caller]
fn check(february: &str, march: &str, told: &[&str]) {
    for (found, go_wrong) in FAULTS {
        // Where nothing is taken, no other currency stands against the record's.
        if february.is_empty() && found.starts_with("CU01") {
            continue;
        }
        let mut company = Company::after_january();
        let right = company.person("1001").clone();
        go_wrong(company.person("1001").pays("MED EE", february));
        company.night(MARCH_NIGHT, FEBRUARY).finding(found);
        *company.person("1001") = right;
        company.person("1001").pays("MED EE", march);
        company.night(APRIL_NIGHT, MARCH).only(told);
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).only(told);
    }
}

#[test]
fn what_was_missed_in_it_is_owed_once_it_is_known_what_was_due() {
    check("", "100.00", &["* 1001 _Medical 100.00"]);
}

#[test]
fn what_was_taken_too_little_or_too_much_in_it_is_settled_by_the_next_month() {
    check("80.00", "120.00", &[]);
    check("120.00", "80.00", &[]);
}

#[test]
fn what_was_taken_too_much_in_it_is_owed_to_the_employee() {
    check("120.00", "100.00", &["* 1001 _Medical -20.00"]);
}

#[test]
fn a_row_that_stands_twice_is_given_back_by_the_next_month_or_owed() {
    for (march, told) in [("", &[][..]), ("100.00", &["AM01 1001 _Medical -100.00"])] {
        let mut company = Company::after_january();
        company.person("1001").further_row(&[]);
        company.night(MARCH_NIGHT, FEBRUARY).only(&["ID04 1001 _Medical -100.00"]);
        company.person("1001").pays("MED EE", march);
        company.night(APRIL_NIGHT, MARCH).only(told);
    }
}

#[test]
fn what_was_taken_while_two_records_stood_there_may_be_given_back_and_is_not_forgotten() {
    let both = [("_Medical", Cover::yearly(1_200.0, 0.0)), ("_Medical", Cover::yearly(1_320.0, 0.0))];
    for (march, is_told) in [("", false), ("100.00", true)] {
        let mut company = Company::after_january();
        company.person("1001").covers(&both).pays("MED EE", "200.00");
        company.night(MARCH_NIGHT, FEBRUARY).unverified("1001", "_Medical");
        company.person("1001").covers(&both[..1]).pays("MED EE", march);
        company.night(APRIL_NIGHT, MARCH).nothing();
        company.person("1001").pays("MED EE", "100.00");
        let o = company.night(MAY_NIGHT, APRIL);
        o.nothing();
        let said =
            o.unverified.iter().any(|aside| aside["reason"].contains("whether the 200.00 USD that payroll took"));
        assert_eq!(said, is_told, "{march}: {}", o.told());
    }
}

#[test]
fn a_record_that_was_out_of_force_for_a_month_by_mistake_makes_that_month_due_again() {
    let pending = Cover::yearly(1_200.0, 0.0).status("PENDING");
    for (march, told) in [("200.00", &[][..]), ("100.00", &["EN01 1001 _Medical 100.00"])] {
        let mut company = Company::after_january();
        company.person("1001").covers(&[("_Medical", pending.clone())]).pays("MED EE", "");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.person("1001").covers(&[("_Medical", Cover::yearly(1_200.0, 0.0))]).pays("MED EE", march);
        company.night(APRIL_NIGHT, MARCH).only(told);
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).only(told);
    }
}

#[test]
fn one_side_that_paid_for_both_in_a_single_month_may_be_made_good_and_is_not_forgotten() {
    for (march, is_told) in [(["20.00", "80.00"], false), (["60.00", "40.00"], true)] {
        let mut company = Company::new(MONTHLY);
        company.all(|p| {
            _ = p.covers(&[("_Medical", Cover::yearly(720.0, 480.0))]).pays("MED EE", "60.00").pays("MED ER", "40.00")
        });
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.person("1001").pays("MED EE", "100.00").pays("MED ER", "0.00");
        company.night(APRIL_NIGHT, MARCH).unverified("1001", "_Medical");
        company.person("1001").pays("MED EE", march[0]).pays("MED ER", march[1]);
        company.night(MAY_NIGHT, APRIL).nothing();
        company.person("1001").pays("MED EE", "60.00").pays("MED ER", "40.00");
        let o = company.night(JUNE_NIGHT, MAY);
        o.nothing();
        let said = ["100.00 USD that payroll took of the employee", "0.00 USD that payroll took of the employer"];
        let is_said = |said: &str| o.unverified.iter().any(|aside| aside["reason"].contains(said));
        assert_eq!(said.map(is_said), [is_told; 2], "{}", o.told());
    }
}

/// The last month before a renewal on the day on which it is paid: by the days of the period the old price is due, by
/// the pay date the new one. 1001 misses it; the next month takes `next`.
fn missed_before_a_renewal(next: &str) -> [Outcome; 2] {
    let mut company = Company::after_january();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let renewed = Cover::yearly(1_440.0, 0.0).from("2026-04-01").changed("2026-03-10");
    company.all(|p| _ = p.covers(&[("_Medical", renewed.clone())]));
    company.person("1001").pays("MED EE", "");
    let o = company.night("2026-04-02", ["2026-03-01", "2026-03-31", "2026-04-01"]);
    o.nothing();
    o.unverified("1001", "_Medical");
    company.all(|p| _ = p.pays("MED EE", "120.00"));
    company.person("1001").pays("MED EE", next);
    let april = company.night("2026-05-02", ["2026-04-01", "2026-04-30", "2026-05-01"]);
    company.person("1001").pays("MED EE", "120.00");
    [april, company.night("2026-06-02", ["2026-05-01", "2026-05-31", "2026-06-01"])]
}

#[test]
fn what_nobody_can_say_was_due_may_be_caught_up_with_and_is_not_forgotten() {
    for (next, is_told) in [("220.00", [true, false]), ("120.00", [true, true])] {
        for (o, is_told) in missed_before_a_renewal(next).iter().zip(is_told) {
            o.nothing();
            let said = o.unverified.iter().any(|aside| {
                let reason = &aside["reason"];
                reason.contains("the 0.00 USD that payroll took of the employee for 2026-03-01")
            });
            assert_eq!(said, is_told, "{next}: {}", o.told());
        }
    }
}

#[test]
fn the_month_is_judged_anew_when_its_file_is_run_again() {
    let mut company = Company::after_january();
    let right = company.person("1001").clone();
    company.person("1001").pays("MED EE", "").unknown_to_benifex();
    company.night(MARCH_NIGHT, FEBRUARY).finding("ID01 1001 - any");
    *company.person("1001") = right;
    company.person("1001").pays("MED EE", "");
    company.night("2026-03-04", FEBRUARY).only(&["EN01 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn an_answer_that_fails_later_takes_nothing_back_of_what_was_judged() {
    let mut company = Company::missed_february();
    let right = company.person("1001").clone();
    company.person("1001").covers(&[("_Medical", Cover::yearly(1_200.0, 0.0).status("SUSP"))]);
    company.night("2026-03-04", FEBRUARY).finding("CT11 1001 _Medical any");
    *company.person("1001") = right;
    company.person("1001").pays("MED EE", "100.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn what_no_record_explains_later_stays_unverified_with_its_amount() {
    let mut company = Company::after_january();
    let right = company.hire("1005").clone();
    company.person("1005").unknown_to_benifex();
    company.night(MARCH_NIGHT, FEBRUARY).finding("ID01 1005 - any");
    // Benifex knows 1005 from March on, with cover since then.
    *company.person("1005") = right;
    company.person("1005").covers(&[("_Medical", Cover::yearly(1_200.0, 0.0).from("2026-03-01"))]);
    for (night, period) in [(APRIL_NIGHT, MARCH), (MAY_NIGHT, APRIL)] {
        let o = company.night(night, period);
        assert!(!o.accuses("1005"), "{}", o.told());
        let said = o.unverified.iter().any(|aside| {
            let reason = &aside["reason"];
            reason.contains("100.00 USD that payroll took of the employee for 2026-02-01 to 2026-02-28")
        });
        assert!(said, "{}", o.told());
    }
}

#[test]
fn a_month_whose_row_could_not_be_used_is_told_until_its_file_is_right() {
    for (march, told) in [("70.00", &[][..]), ("100.00", &["* 1001 _Medical -30.00"])] {
        let mut company = Company::after_january();
        company.job("[payroll]\nmax_rejected_share = \"50 %\"");
        company.person("1001").pays("MED EE", "13O.00");
        company.night(MARCH_NIGHT, FEBRUARY).unverified("1001", "_Medical");
        company.person("1001").pays("MED EE", march);
        let outcome = company.night(APRIL_NIGHT, MARCH);
        outcome.nothing();
        assert!(outcome.reason("1001", "").contains("2026-02-01 to 2026-02-28 is not known"), "{}", outcome.told());
        company.person("1001").pays("MED EE", "130.00");
        company.night("2026-04-20", FEBRUARY).only(told);
        company.person("1001").pays("MED EE", "100.00");
        let outcome = company.night(MAY_NIGHT, APRIL);
        outcome.only(told);
        assert!(outcome.unverified.is_empty(), "{}", outcome.told());
    }
}

#[test]
fn a_deduction_that_is_missing_after_a_row_that_could_not_be_used_is_a_finding() {
    let mut company = Company::after_january();
    company.job("[payroll]\nmax_rejected_share = \"50 %\"");
    company.person("1001").pays("MED EE", "1OO.00");
    company.night(MARCH_NIGHT, FEBRUARY).unverified("1001", "_Medical");
    company.person("1001").pays("MED EE", "");
    company.night(APRIL_NIGHT, MARCH).only(&["EN01 1001 _Medical 100.00"]);
}
