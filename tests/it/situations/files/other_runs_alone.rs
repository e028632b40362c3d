//! People of whom the file of a month has rows of off-cycle or correction runs alone, and corrections of months that no
//! night has read.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY_NIGHT, MONTHLY,
};

#[test]
fn whoever_has_a_row_of_another_run_alone_owes_what_it_did_not_take() {
    let mut company = Company::new(MONTHLY);
    company.person("1003").pays("MED EE", "120.00").leaves("2026-01-31");
    company.night(FEBRUARY_NIGHT, JANUARY).only(&["AM01 1003 _Medical -20.00"]);
    for (id, run, taken) in [("1001", "off_cycle", "60.00"), ("1002", "off_cycle", "100.00")] {
        company.person(id).pays("Run Type", run).pays("MED EE", taken);
    }
    company.person("1003").covers(&[]).pays("Run Type", "correction").pays("MED EE", "-20.00");
    let away = company.person("1004").user("/employment/employmentStatus", json!("On leave"));
    away.pays("Run Type", "off_cycle").pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 40.00", "TM11 1004 _Medical 100.00"]);
    for (id, taken) in [("1001", "140.00"), ("1002", "100.00"), ("1004", "200.00")] {
        company.person(id).pays("Run Type", "regular").pays("MED EE", taken);
    }
    company.person("1003").on_payroll(false);
    company.person("1004").user("/employment/employmentStatus", json!("Active"));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn a_row_of_another_run_alone_of_somebody_who_was_never_on_this_payroll_is_unverified() {
    let mut company = Company::after_january();
    company.hire("2001").pays("Run Type", "off_cycle").pays("MED EE", "60.00");
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    o.unverified("2001", "_Medical");
}

#[test]
fn the_final_pay_in_a_run_beside_the_regular_one_says_the_leave_date() {
    let mut company = Company::after_january();
    company.person("1001").pays("Run Type", "off_cycle").pays("Leave Date", "2026-02-10");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").leaves("2026-02-10").covers(&[]).on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

/// 1005 joins on 2 March, and a cheque of 20 March, in a file of its own, takes her first deduction.
fn paid_by_cheque(taken: &str) -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let day = "2026-03-02";
    let joiner = company.hire("1005").joins(day).pays("Salary Effective", day);
    joiner.user("/employment/salaryDetails/salaryEffectiveDate", json!(day));
    joiner.benbase("/pay_rate/effective_start", json!(day));
    joiner.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-03-01"))]);
    joiner.pays("Run Type", "off_cycle").pays("MED EE", taken);
    for id in ["1000", "1001", "1002", "1003", "1004"] {
        company.person(id).on_payroll(false);
    }
    let o = company.night("2026-03-21", ["2026-03-01", "2026-03-31", "2026-03-20"]);
    o.nothing();
    o.unverified("1005", "_Medical");
    company.all(|person| _ = person.on_payroll(true));
    company
}

#[test]
fn the_first_deduction_of_a_joiner_may_be_taken_by_a_cheque_before_the_regular_file() {
    // What the cheque took, what the regular run takes, and what is found.
    for (cheque, regular, found) in [
        ("100.00", "", &[][..]),
        ("50.00", "50.00", &[]),
        ("50.00", "", &["EN01 1005 _Medical 50.00"]),
        ("100.00", "100.00", &["AM01 1005 _Medical -100.00"]),
    ] {
        let mut company = paid_by_cheque(cheque);
        company.person("1005").pays("Run Type", "regular").pays("MED EE", regular);
        company.night(APRIL_NIGHT, MARCH).only(found);
        company.person("1005").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).only(found);
    }
}

#[test]
fn a_correction_of_a_month_before_the_first_night_says_nothing_of_the_month_of_its_file() {
    let january = [("Run Type", "correction"), ("Period Start", JANUARY[0]), ("Period End", JANUARY[1])];
    let corrected = |company: &mut Company, id: &str, taken: &str| {
        let cells: Vec<_> = january.into_iter().chain([("MED EE", taken), ("MED ER", "")]).collect();
        company.person(id).further_row(&cells);
    };
    let mut company = Company::new(MONTHLY);
    // What the month of the file itself has too little is told all the same.
    company.person("1003").pays("MED EE", "80.00");
    for _ in 0..2 {
        corrected(&mut company, "1001", "100.00");
        corrected(&mut company, "1002", "-10.00");
        corrected(&mut company, "1003", "20.00");
        company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1003 _Medical 20.00"]);
    }
    // Still of a month before all that are known; of one that is known, it settles.
    company.person("1003").pays("MED EE", "100.00");
    corrected(&mut company, "1002", "-10.00");
    let february = [("Run Type", "correction"), ("Period Start", FEBRUARY[0]), ("Period End", FEBRUARY[1])];
    let cells: Vec<_> = february.into_iter().chain([("MED EE", "20.00"), ("MED ER", "")]).collect();
    company.person("1003").further_row(&cells);
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn what_is_taken_before_the_regular_file_of_its_month_is_unverified_until_that_is_there() {
    // What the regular run takes of 1001, whom an advance before it took 100.00 of.
    for (regular, found) in [("", &[][..]), ("100.00", &["* 1001 _Medical -100.00"])] {
        let mut company = Company::new(MONTHLY);
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.all(|person| _ = person.on_payroll(false));
        company.person("1001").on_payroll(true).pays("Run Type", "off_cycle");
        for night in ["2026-03-17", "2026-03-18"] {
            let o = company.night(night, ["2026-03-01", "2026-03-31", "2026-03-16"]);
            o.nothing();
            o.unverified("1001", "_Medical");
        }
        company.all(|person| _ = person.on_payroll(true));
        company.person("1001").pays("Run Type", "regular").pays("MED EE", regular);
        company.night(APRIL_NIGHT, MARCH).only(found);
        company.person("1001").pays("MED EE", "100.00");
        company.night(MAY_NIGHT, APRIL).only(found);
    }
}
