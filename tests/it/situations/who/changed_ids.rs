//! Employee ids that payroll or Benifex changed a month before the other one did: for a month the person stands under
//! two ids, and afterwards under the new one.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT,
    MONTHLY, Outcome, Person,
};

impl Person {
    fn payroll_calls(&mut self, id: &str) -> &mut Person {
        self.pays("Employee ID", id)
    }
}

#[track_caller]
fn nothing_waits(outcome: &Outcome) {
    outcome.nothing();
    assert!(outcome.unverified.is_empty(), "{}", outcome.told());
}

/// January was right, and in February 20.00 were missing of 1001 and of 1003.
fn two_short() -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    for id in ["1001", "1003"] {
        company.person(id).pays("MED EE", "80.00");
    }
    company.night(MARCH_NIGHT, FEBRUARY).only(&["AM01 1001 _Medical 20.00", "AM01 1003 _Medical 20.00"]);
    company
}

#[test]
fn an_id_that_payroll_changed_first_is_one_finding_and_what_was_owed_goes_along() {
    let mut company = two_short();
    company.person("1001").payroll_calls("E1001").pays("MED EE", "100.00");
    company.person("1002").payroll_calls("E1002");
    company.person("1003").pays("MED EE", "100.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["ID05 E1001 - 0.00", "ID05 E1002 - 0.00", "AM01 1003 _Medical 20.00"]);
    o.nothing_queued();
    let said = &o.finding("ID05 E1002 - 0.00")["sentence"];
    assert!(said.contains("E1002 and Benifex's 1002 are one person's by name and birth date"), "{said}");
    // It may have been made good under the other id.
    o.unverified("1001", "_Medical");
    company.person("1001").benifex_calls("E1001");
    company.person("1002").benifex_calls("E1002");
    let o = company.night(MAY_NIGHT, APRIL);
    o.only(&["AM01 E1001 _Medical 20.00", "AM01 1003 _Medical 20.00"]);
    assert!(o.unverified.is_empty(), "{}", o.told());
    ["E1001", "1003"].iter().for_each(|id| _ = company.person(id).pays("MED EE", "120.00"));
    nothing_waits(&company.night(JUNE_NIGHT, MAY));
}

#[test]
fn an_id_that_benifex_changed_first_owes_what_was_taken_too_little_under_the_old_one() {
    let mut company = two_short();
    company.person("1001").benifex_calls("2001");
    company.person("1002").benifex_calls("2002");
    company.person("1003").pays("MED EE", "120.00");
    let o = company.night(APRIL_NIGHT, MARCH);
    o.only(&["ID05 1001 - 20.00", "ID05 1002 - 0.00"]);
    o.unverified("1001", "_Medical");
    company.person("2001").payroll_calls("2001").pays("MED EE", "100.00");
    company.person("2002").payroll_calls("2002");
    company.person("1003").pays("MED EE", "100.00");
    company.night(MAY_NIGHT, APRIL).only(&["AM01 2001 _Medical 40.00"]);
    company.person("2001").pays("MED EE", "140.00");
    nothing_waits(&company.night(JUNE_NIGHT, MAY));
}

#[test]
fn a_period_that_was_read_with_the_old_id_and_again_with_the_new_one_is_owed_once() {
    let mut company = two_short();
    company.person("1001").payroll_calls("E1001");
    company.night("2026-03-04", FEBRUARY).only(&["ID05 E1001 - 20.00", "AM01 1003 _Medical 20.00"]);
    company.person("1001").benifex_calls("E1001").pays("MED EE", "120.00");
    company.person("1003").pays("MED EE", "120.00");
    nothing_waits(&company.night(APRIL_NIGHT, MARCH));
}

#[test]
fn what_a_wrong_id_took_for_a_month_is_the_right_ones_though_a_surname_changed_with_it() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1001").payroll_calls("1001-2").pays("MED EE", "60.00");
    company.person("1002").payroll_calls("9002").pays("Last Name", "Whitcombe");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID05 1001-2 - 40.00", "ID05 9002 - 0.00"]);
    company.person("1001").payroll_calls("1001").pays("MED EE", "140.00");
    company.person("1002").benifex_calls("9002").user("/surname", json!("Whitcombe"));
    nothing_waits(&company.night(APRIL_NIGHT, MARCH));
}

#[test]
fn namesakes_of_one_birth_date_whose_ids_changed_are_paired_by_no_guess() {
    let mut company = Company::new(MONTHLY);
    let [given, surname, born] = company.person("1001").identity();
    let namesake = company.person("1002");
    for (field, header, value) in
        [("/forename", "First Name", given), ("/surname", "Last Name", surname), ("/dateOfBirth", "Birth Date", born)]
    {
        namesake.pays(header, value.as_str().expect("a text")).user(field, value);
    }
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    ["1001", "1002"].iter().zip(["9001", "9002"]).for_each(|(id, new)| _ = company.person(id).payroll_calls(new));
    let o = company.night(MARCH_NIGHT, FEBRUARY);
    o.nothing();
    ["1001", "1002"].iter().for_each(|id| o.unverified(id, "_Medical"));
    ["1001", "1002"].iter().for_each(|id| _ = company.person(id).payroll_calls(id));
    company.night(APRIL_NIGHT, MARCH).nothing();
}

#[test]
fn who_left_and_is_back_under_another_id_is_not_the_former_employee() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let identity = company.person("1001").leaves("2026-02-28").identity();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    company.person("1001").covers(&[]).on_payroll(false);
    let back = company.hire("2001").pays("Hire Date", "2026-01-05").unknown_to_benifex();
    for (header, value) in ["First Name", "Last Name", "Birth Date"].into_iter().zip(&identity) {
        back.pays(header, value.as_str().expect("a text"));
    }
    company.night(APRIL_NIGHT, MARCH).only(&["ID01 2001 - any"]);
}

#[test]
fn what_is_open_under_an_id_that_both_systems_changed_at_once_is_the_new_ones() {
    let mut company = two_short();
    company.person("1001").payroll_calls("2001").pays("MED EE", "120.00").benifex_calls("2001");
    company.person("1003").payroll_calls("2003").pays("MED EE", "100.00").benifex_calls("2003");
    company.night(APRIL_NIGHT, MARCH).only(&["AM01 2003 _Medical 20.00"]);
    company.night("2026-04-04", MARCH).only(&["AM01 2003 _Medical 20.00"]);
    company.person("2001").pays("MED EE", "100.00");
    company.person("2003").pays("MED EE", "120.00");
    nothing_waits(&company.night(MAY_NIGHT, APRIL));
}

#[test]
fn an_id_that_benifex_has_first_for_nights_that_read_the_last_file_again_takes_along_what_is_open() {
    let mut company = two_short();
    ["1001", "1003"].iter().zip(["2001", "2003"]).for_each(|(id, new)| _ = company.person(id).benifex_calls(new));
    for night in ["2026-03-11", "2026-03-26"] {
        let o = company.night(night, FEBRUARY);
        o.only(&["ID05 1001 - 20.00", "ID05 1003 - 20.00"]);
        ["1001", "1003"].iter().for_each(|id| o.unverified(id, "_Medical"));
    }
    company.person("2001").payroll_calls("2001").pays("MED EE", "120.00");
    company.person("2003").payroll_calls("2003").pays("MED EE", "100.00");
    for night in [APRIL_NIGHT, "2026-04-12"] {
        company.night(night, MARCH).only(&["AM01 2003 _Medical 20.00"]);
    }
    company.person("2001").pays("MED EE", "100.00");
    company.person("2003").pays("MED EE", "120.00");
    nothing_waits(&company.night(MAY_NIGHT, APRIL));
}
