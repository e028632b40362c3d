//! Earlier periods that are stated anew: by the pay calendar, by the rule of the scheme for a part of a period, by any
//! amount between two prices where it says none, and by a leave date that was moved or withdrawn.

use serde_json::{Value, json};

use crate::situations::company::{
    APRIL, APRIL_NIGHT, BIWEEKLY, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT,
    MAY, MAY_NIGHT, MONTHLY, Pays, Period, Person,
};

/// A part of a month costs its calendar days, and cover ends with the day of leaving.
const BY_DAYS: &str = "proration = \"calendar days\"
                       coverage_end = \"leave_date\"
                       first_deduction = \"same pay\"";

/// Told in the days before the night.
fn told_late(yearly: f64, from: &'static str, changed: &'static str) -> Cover {
    Cover::yearly(yearly, 0.0).from(from).changed(changed)
}

fn stays(person: &mut Person) -> &mut Person {
    person.user("/employment/leaveDate", Value::Null).pays("Leave Date", "")
}

/// With these rules, if any.
fn monthly(rules: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    if !rules.is_empty() {
        company.scheme(rules);
    }
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company
}

/// January to March were right.
fn until_march(rules: &str) -> Company {
    let mut company = monthly(rules);
    company.night(APRIL_NIGHT, MARCH).nothing();
    company
}

/// People who leave on 20 March by both sources, and of whom March takes this.
fn leaving(rules: &str, people: &[(&str, &str)]) -> Company {
    let mut company = monthly(rules);
    for (id, taken) in people {
        company.person(id).leaves("2026-03-20").pays("MED EE", taken);
    }
    company.night(APRIL_NIGHT, MARCH).nothing();
    company
}

#[test]
fn a_late_price_is_owed_for_the_pay_dates_on_which_something_is_deducted() {
    // 30 January is the third pay date of its month: 10.00 more is due for 13 February alone.
    const PERIODS: [(&str, Period); 4] = [
        ("2026-01-17", ["2025-12-29", "2026-01-11", "2026-01-16"]),
        ("2026-01-31", ["2026-01-12", "2026-01-25", "2026-01-30"]),
        ("2026-02-14", ["2026-01-26", "2026-02-08", "2026-02-13"]),
        ("2026-02-28", ["2026-02-09", "2026-02-22", "2026-02-27"]),
    ];
    let mut company = Company::deducting(BIWEEKLY, 24, "50.00");
    for (at, (night, period)) in PERIODS[..3].iter().enumerate() {
        company.all(|person| _ = person.pays("MED EE", if at == 1 { "" } else { "50.00" }));
        company.night(night, *period).nothing();
    }
    for (id, taken) in [("1001", "70.00"), ("1002", "60.00"), ("1003", "80.00")] {
        company.person(id).covers(&[("_Medical", told_late(1440.0, "2026-01-12", "2026-02-10"))]).pays("MED EE", taken);
    }
    company.night(PERIODS[3].0, PERIODS[3].1).only(&["AM01 1002 _Medical 10.00", "TM03 1003 _Medical -10.00"]);
}

#[test]
fn a_quarter_of_which_cover_was_told_late_is_owed_with_the_next() {
    let mut company = Company::deducting(MONTHLY, 4, "300.00");
    company.scheme("deduction_dates = \"months 1, 4, 7, 10\"");
    for id in ["1001", "1002"] {
        company.person(id).covers(&[]).pays("MED EE", "");
    }
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.all(|person| _ = person.pays("MED EE", ""));
    for id in ["1001", "1002"] {
        company.person(id).covers(&[("_Medical", told_late(1200.0, "2026-01-01", "2026-02-05"))]);
    }
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.all(|person| _ = person.pays("MED EE", "300.00"));
    company.person("1001").pays("MED EE", "600.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1002 _Medical 300.00"]);
}

#[test]
fn the_rule_says_what_of_an_earlier_month_is_owed_when_cover_was_told_late() {
    // Of March 16 of 31 days: 51.61.
    let mut company = Company::without_cover();
    company.scheme(BY_DAYS);
    company.night(APRIL_NIGHT, MARCH).nothing();
    let late = company.person("1001").covers(&[("_Medical", told_late(1200.0, "2026-03-16", "2026-04-08"))]);
    late.pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 51.61"]);
    company.person("1001").pays("MED EE", "151.61");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn the_rule_says_what_of_an_earlier_month_is_too_much_when_leaving_was_told_late() {
    // Of February 20 of 28 days, 71.43, and nothing of March.
    let mut company = until_march(BY_DAYS);
    company.person("1001").leaves("2026-02-20").covers(&[]).pays("MED EE", "");
    company.night(MAY_NIGHT, APRIL).only(&["TM12 1001 _Medical -128.57"]);
    company.person("1001").pays("MED EE", "-128.57");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn a_price_that_changed_inside_an_earlier_month_is_caught_up_or_refunded_by_any_practice() {
    // Of March up to 20.00 more, or less, beside April's own.
    for (yearly, right, beyond, told) in [
        (1440.0, ["120.00", "130.32", "140.00"], "150.00", "-10.00"),
        (960.0, ["80.00", "69.68", "60.00"], "50.00", "10.00"),
    ] {
        let mut company = until_march("");
        for (id, taken) in ["1001", "1002", "1003", "1004"].into_iter().zip(right.into_iter().chain([beyond])) {
            let person = company.person(id).covers(&[("_Medical", told_late(yearly, "2026-03-16", "2026-04-05"))]);
            person.pays("MED EE", taken);
        }
        company.night(MAY_NIGHT, APRIL).only(&[&format!("* 1004 _Medical {told}")]);
    }
}

#[test]
fn by_the_rule_a_price_that_changed_inside_an_earlier_month_is_due_of_its_days() {
    let mut company = until_march(BY_DAYS);
    for (id, taken) in [("1001", "130.32"), ("1002", "120.00"), ("1003", "140.00")] {
        company.person(id).covers(&[("_Medical", told_late(1440.0, "2026-03-16", "2026-04-05"))]).pays("MED EE", taken);
    }
    company.night(MAY_NIGHT, APRIL).only(&["* 1002 _Medical 10.32", "* 1003 _Medical -9.68"]);
}

#[test]
fn a_leave_date_that_is_withdrawn_leaves_owing_what_it_took_off() {
    let of_march = [("1001", ""), ("1002", ""), ("1003", "64.52"), ("1004", "64.52")];
    let mut company = leaving("", &of_march);
    for (id, taken) in [("1001", "200.00"), ("1002", "100.00"), ("1003", "135.48"), ("1004", "150.00")] {
        stays(company.person(id)).pays("MED EE", taken);
    }
    company.night(MAY_NIGHT, APRIL).only(&["* 1002 _Medical 100.00", "* 1004 _Medical -14.52"]);
}

#[test]
fn a_leave_date_that_moves_on_leaves_owing_the_days_between() {
    // March costs 20 of its 31 days, and then all of it; April 20 of 30.
    let mut company = leaving(BY_DAYS, &[("1001", "64.52"), ("1002", "64.52")]);
    for (id, taken) in [("1001", "102.15"), ("1002", "66.67")] {
        company.person(id).leaves("2026-04-20").pays("MED EE", taken);
    }
    company.night(MAY_NIGHT, APRIL).only(&["* 1002 _Medical 35.48"]);
}

#[test]
fn somebody_who_comes_back_under_the_record_of_before_owes_nothing_of_the_days_away() {
    let mut company = leaving("", &[("1001", "64.52")]);
    company.person("1001").on_payroll(false).covers(&[]);
    company.night(MAY_NIGHT, APRIL).nothing();
    let again = stays(company.person("1001")).on_payroll(true).pays("Hire Date", "2026-05-01");
    again.user("/employment/startDate", json!("2026-05-01")).pays("MED EE", "100.00");
    again.covers(&[("_Medical", Cover::yearly(1200.0, 0.0))]);
    assert!(!company.night(JUNE_NIGHT, MAY).accuses("1001"));
}

#[test]
fn a_leaver_whose_cover_is_listed_no_more_owes_the_days_until_then() {
    // 15 of 31 days, or the month. Of 1002 cover had ended before, when nobody had left.
    for (rules, owed) in [(BY_DAYS, "48.39"), ("coverage_end = \"end_of_month\"", "100.00")] {
        let mut company = Company::new(MONTHLY);
        company.scheme(rules);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1002").covers(&[]).pays("MED EE", "");
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        for id in ["1001", "1002"] {
            company.person(id).leaves("2026-03-15").covers(&[]).pays("MED EE", "");
        }
        company.night(APRIL_NIGHT, MARCH).only(&[&format!("TM12 1001 _Medical {owed}")]);
        company.person("1001").on_payroll(false);
        company.night(MAY_NIGHT, APRIL).only(&[&format!("TM12 1001 _Medical {owed}")]);
    }
}

#[test]
fn a_final_pay_may_take_the_rest_of_the_month_where_nobody_says_when_cover_ends() {
    const FIRST_HALF: Period = ["2026-03-01", "2026-03-15", "2026-03-13"];
    let mut company = Company::deducting(Pays { word: "semimonthly", a_year: 24 }, 24, "50.00");
    company.night("2026-03-02", ["2026-02-16", "2026-02-28", "2026-02-27"]).nothing();
    // No more than two halves of March.
    for (id, taken) in [("1001", "100.00"), ("1002", "130.00")] {
        company.person(id).leaves("2026-03-10").pays("MED EE", taken);
    }
    company.night("2026-03-17", FIRST_HALF).only(&["AM08 1002 _Medical -30.00"]);
    company.person("1001").on_payroll(false).covers(&[]);
    let after = company.night("2026-04-01", ["2026-03-16", "2026-03-31", "2026-03-31"]);
    assert!(!after.accuses("1001"), "{}", after.told());
}

#[test]
fn what_was_taken_in_advance_is_refunded_once_the_price_is_corrected() {
    // March took 120.00 for April; 110.00 was right. April takes May's 110.00, and gives 10.00 back.
    let mut company = monthly("first_deduction = \"in advance\"");
    company
        .person("1001")
        .covers(&[("_Medical", told_late(1440.0, "2026-04-01", "2026-03-10"))])
        .pays("MED EE", "120.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company
        .person("1001")
        .covers(&[("_Medical", told_late(1320.0, "2026-04-01", "2026-04-10"))])
        .pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn one_of_several_benefits_of_a_code_is_priced_anew_for_a_month_in_which_another_had_not_ended() {
    let mut company = Company::new(MONTHLY);
    company.job("[deductions]\ncodes = { MED = [\"_Medical\", \"_Dental\", \"_Vision\"] }");
    let [medical, dental, vision] = [("_Medical", 1200.0), ("_Dental", 240.0), ("_Vision", 96.0)]
        .map(|(benefit, yearly)| (benefit, Cover::yearly(yearly, 0.0)));
    company.all(|p| _ = p.covers(&[medical.clone(), dental.clone(), vision.clone()]).pays("MED EE", "128.00"));
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // Dental has ended with February, as Benifex shows before March's cut-off.
    for id in ["1001", "1002"] {
        company.person(id).covers(&[medical.clone(), vision.clone()]).pays("MED EE", "108.00");
    }
    company.attempt("2026-03-10", FEBRUARY);
    company.night(APRIL_NIGHT, MARCH).nothing();
    // From 8 to 5 a month since February: 3 each of February and March are given back, or are not.
    let cheaper = ("_Vision", Cover::yearly(60.0, 0.0).from("2026-02-01").changed("2026-04-10"));
    company.person("1001").covers(&[medical.clone(), cheaper.clone()]).pays("MED EE", "99.00");
    company.person("1002").covers(&[medical, cheaper]).pays("MED EE", "105.00");
    let o = company.night(MAY_NIGHT, APRIL);
    assert_eq!(o.findings.len(), 1, "{}", o.told());
    let found = &o.findings[0];
    assert_eq!((&*found["employee_id"], &*found["exposure_to_date"]), ("1002", "-6.00"), "{}", o.told());
}
