//! Months in which payroll's only line of a benefit in force is below 0: it gives back what was too much, if anything
//! was, and the month's own deduction is missing beside it.

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
    Period, WEEKLY,
};

#[test]
fn a_refund_alone_leaves_the_months_own_deduction_missing() {
    // 20 too much in February. March gives back 20, 10 or 30 and takes nothing: 100 is missing, 10 less or 10 more.
    for (line, missing) in [("-20.00", "100.00"), ("-10.00", "90.00"), ("-30.00", "110.00")] {
        let mut company = Company::after_january();
        company.person("1001").pays("MED EE", "120.00");
        company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
        company.person("1001").pays("MED EE", line);
        let open = format!("* 1001 _Medical {missing}");
        company.night(APRIL_NIGHT, MARCH).only(&[&open]);
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).only(&[&open]);
    }
}

#[test]
fn a_correction_row_alone_leaves_the_months_own_deduction_missing() {
    let mut company = Company::after_january();
    company.person("1001").pays("MED EE", "120.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical -20.00"]);
    company.person("1001").pays("MED EE", "").pays("MED ER", "");
    company.person("1001").further_row(&[("Run Type", "correction"), ("MED EE", "-20.00")]);
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 100.00"]);
}

#[test]
fn the_employers_refund_alone_leaves_the_employers_share_missing() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").pays("MED ER", "250.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM02 1001 _Medical -50.00"]);
    company.person("1001").pays("MED ER", "-50.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 200.00"]);
}

#[test]
fn a_wrong_sign_owes_the_deduction_twice() {
    // Cheaper from 1 March: 40 is due, and 40 was given.
    let mut company = Company::until_february();
    let cheaper = Cover::yearly(480.0, 0.0).from("2026-03-01").changed("2026-02-10");
    company.person("1001").covers(&[("_Medical", cheaper)]).pays("MED EE", "-40.00");
    company.night(APRIL_NIGHT, MARCH).only(&["* 1001 _Medical 80.00"]);
    company.person("1001").pays("MED EE", "40.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 80.00"]);
}

#[test]
fn a_wrong_sign_after_a_catch_up_gives_the_catch_up_back() {
    // January missed, and taken in February with its own. March's -50 owes 100 and the 50 that it gave.
    let mut company = Company::missed_february();
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
    company.person("1001").pays("MED EE", "-50.00");
    company.night(MAY_NIGHT, APRIL).only(&["* 1001 _Medical 150.00"]);
    company.person("1001").pays("MED EE", "100.00");
    company.night("2026-06-02", MAY).only(&["* 1001 _Medical 150.00"]);
}

#[test]
fn a_weeks_refund_alone_leaves_the_weeks_own_deduction_missing() {
    const WEEKS: [(&str, Period); 3] = [
        ("2026-02-17", ["2026-02-02", "2026-02-08", "2026-02-13"]),
        ("2026-02-24", ["2026-02-09", "2026-02-15", "2026-02-20"]),
        ("2026-03-03", ["2026-02-16", "2026-02-22", "2026-02-27"]),
    ];
    let mut company = Company::new(WEEKLY);
    company.all(|p| _ = p.pays("MED EE", "23.08"));
    company.night(WEEKS[0].0, WEEKS[0].1).nothing();
    company.person("1001").pays("MED EE", "30.00");
    company.night(WEEKS[1].0, WEEKS[1].1).only(&["AM01 1001 _Medical -6.92"]);
    company.person("1001").pays("MED EE", "-6.92");
    company.night(WEEKS[2].0, WEEKS[2].1).only(&["* 1001 _Medical 23.08"]);
}

#[test]
fn what_the_first_month_gives_back_may_settle_one_before_and_its_own_deduction_is_missing_all_the_same() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").pays("MED EE", "-20.00");
    let o = company.night(FEBRUARY_NIGHT, JANUARY);
    o.only(&["AM01 1001 _Medical 100.00"]);
    let said = &o.findings[0]["sentence"];
    assert!(
        said.contains("The 20.00 USD that payroll gave back to the employee may settle a period before")
            && said.contains("100.00 USD is owed beside it"),
        "{said}"
    );
    company.person("1001").pays("MED EE", "100.00");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 100.00"]);
    company.person("1001").pays("MED EE", "200.00");
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn what_the_employer_takes_back_in_the_first_month_leaves_the_employers_share_missing() {
    let mut company = Company::new(MONTHLY);
    company.all(|p| _ = p.covers(&[("_Medical", Cover::yearly(1200.0, 2400.0))]).pays("MED ER", "200.00"));
    company.person("1001").pays("MED ER", "-50.00");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM02 1001 _Medical 200.00"]);
}

const CAR: &str = "[payroll]\nwide = [{ code = \"MED\", employee = \"MED EE\", employer = \"MED ER\" }, \
                   { code = \"CAR\", employee = \"CAR EE\" }]\n\
                   [deductions]\ncodes = { MED = \"_Medical\", CAR = \"_Car\" }";

/// 1001 to 1003 alone have a car, 40.00 a month, and payroll takes this of them in February.
fn three_cars(february: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.job(CAR);
    company.all(|person| _ = person.pays("CAR EE", ""));
    for id in ["1001", "1002", "1003"] {
        let covers = [("_Medical", Cover::yearly(1200.0, 0.0)), ("_Car", Cover::yearly(480.0, 0.0))];
        company.person(id).covers(&covers).pays("CAR EE", "40.00");
    }
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    for id in ["1001", "1002", "1003"] {
        company.person(id).pays("CAR EE", february);
    }
    company
}

const CARS: [&str; 3] = ["1001", "1002", "1003"];

#[test]
fn refunds_of_all_who_have_a_benefit_are_no_other_sign_where_as_much_was_owed() {
    let mut company = three_cars("120.00");
    let open = CARS.map(|id| format!("AM01 {id} _Car -80.00"));
    company.night(MARCH_NIGHT, FEBRUARY).only(&open.each_ref().map(String::as_str));
    for id in CARS {
        company.person(id).pays("CAR EE", "-40.00");
    }
    // 40 of March is kept of the 80.
    company.night(APRIL_NIGHT, MARCH).nothing();
    for id in CARS {
        company.person(id).pays("CAR EE", "40.00");
    }
    company.night(MAY_NIGHT, APRIL).nothing();
}

#[test]
fn refunds_of_three_on_a_free_pay_date_are_no_other_sign() {
    let mut company = Company::new(WEEKLY);
    company.job("[deductions]\nper_year = [{ pay_group = \"G1\", deductions = 48 }]");
    for id in ["1005", "1006", "1007", "1008", "1009"] {
        company.hire(id);
    }
    let three = ["1001", "1002", "1003"];
    let weeks = [
        ("25.00", ["2025-12-29", "2026-01-04", "2026-01-02"], "2026-01-06"),
        ("25.00", ["2026-01-05", "2026-01-11", "2026-01-09"], "2026-01-13"),
        ("25.00", ["2026-01-12", "2026-01-18", "2026-01-16"], "2026-01-20"),
        ("50.00", ["2026-01-19", "2026-01-25", "2026-01-23"], "2026-01-27"),
        // The fifth pay date of the month, on which nothing is deducted.
        ("-25.00", ["2026-01-26", "2026-02-01", "2026-01-30"], "2026-02-03"),
        ("25.00", ["2026-02-02", "2026-02-08", "2026-02-06"], "2026-02-10"),
    ];
    for (amount, week, night) in weeks {
        company.all(|person| _ = person.pays("MED EE", if amount == "-25.00" { "" } else { "25.00" }));
        for id in three {
            company.person(id).pays("MED EE", amount);
        }
        let open = three.map(|id| format!("AM01 {id} _Medical -25.00"));
        let open = open.each_ref().map(String::as_str);
        company.night(night, week).only(if amount == "50.00" { &open } else { &[] });
    }
}

#[test]
fn amounts_below_zero_of_all_who_have_a_benefit_may_be_of_the_other_sign_where_less_was_owed() {
    for february in ["40.00", "60.00"] {
        let mut company = three_cars(february);
        company.night(MARCH_NIGHT, FEBRUARY);
        for id in CARS {
            company.person(id).pays("CAR EE", "-40.00");
        }
        company.night(APRIL_NIGHT, MARCH).only(&["AM10 - _Car -"]);
    }
}

#[test]
fn a_refund_of_the_first_month_of_somebody_without_cover_is_not_judged() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").covers(&[]).pays("MED EE", "-20.00");
    let o = company.night(FEBRUARY_NIGHT, JANUARY);
    o.nothing();
    o.unverified("1001", "_Medical");
}
