//! A Benbase id that the crosswalk gives to another person than it did: nothing may be sent to it.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, MARCH, MARCH_NIGHT, MAY, MAY_NIGHT, MONTHLY,
};
use crate::situations::decisions::queue::{decide, in_benifex, on_payroll, since_january, states};

/// 1002 earns 72,000.00 a year, in all systems; the others 60,000.00.
fn two_pays() -> Company {
    two_pays_of(Company::new(MONTHLY))
}

fn two_pays_of(mut company: Company) -> Company {
    let ben = company.person("1002");
    on_payroll(ben, "72000.00", "2025-01-01");
    in_benifex(ben, 72_000.0, "2025-01-01");
    ben.benbase("/pay_rate/amount", json!("72000.00"));
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company
}

const BOTH: [&str; 2] = ["ID08 1001 - -", "ID08 1002 - -"];

#[test]
fn nothing_goes_to_the_record_of_a_leaver_whose_id_somebody_else_has() {
    let mut company = since_january("");
    company.person("1001").leaves("2026-02-28");
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    let zoe = company.person("1001");
    zoe.user("/forename", json!("Zoe")).user("/surname", json!("Quill")).user("/dateOfBirth", json!("1994-09-17"));
    zoe.pays("First Name", "Zoe").pays("Last Name", "Quill").pays("Birth Date", "1994-09-17");
    zoe.user("/employment/leaveDate", json!(null)).pays("Leave Date", "").pays("Hire Date", "2026-03-01");
    zoe.user("/employment/startDate", json!("2026-03-01")).user("/employment/originalStartDate", json!("2026-03-01"));
    on_payroll(zoe, "55000.00", "2026-03-01");
    in_benifex(zoe, 55_000.0, "2026-03-01");
    zoe.pays("Address 1", "7 Elm Street").user("/address/line1", json!("7 Elm Street"));
    for (night, period) in [(APRIL_NIGHT, MARCH), ("2026-04-03", MARCH), (MAY_NIGHT, APRIL), ("2026-06-03", MAY)] {
        let outcome = company.night(night, period);
        outcome.only(&["ID08 1001 - -"]);
        outcome.nothing_queued();
    }
    company.person("1001").linked_to("bb_9001");
    company.night("2026-06-04", MAY).nothing();
}

#[test]
fn a_record_that_somebody_saw_to_be_the_new_persons_is_corrected_again() {
    let mut company = two_pays();
    company.exchange_ids("1001", "1002");
    company.person("1002").linked_to("bb_1002");
    company.person("1001").linked_to("bb_1001");
    company.night(MARCH_NIGHT, FEBRUARY).only(&BOTH);
    // A day before the ids were exchanged says nothing.
    company.person("1001").checked_on("2026-02-02");
    company.night("2026-03-04", FEBRUARY).only(&BOTH);
    company.person("1001").checked_on("2026-03-05");
    let outcome = company.night("2026-03-05", FEBRUARY);
    outcome.finding("ID08 1002 - -");
    outcome.queued("1001 base_salary 72000.00 annually 2025-01-01");
    let outcome = company.night(APRIL_NIGHT, MARCH);
    assert!(!outcome.findings.iter().any(|f| f["code"] == "ID08" && f["employee_id"] == "1001"), "{}", outcome.told());
}

#[test]
fn two_people_with_the_ids_of_each_other_are_corrected_once_the_crosswalk_follows() {
    let mut company = two_pays();
    company.exchange_ids("1001", "1002");
    company.person("1002").linked_to("bb_1002");
    company.person("1001").linked_to("bb_1001");
    for (night, period) in [(MARCH_NIGHT, FEBRUARY), (APRIL_NIGHT, MARCH), (MAY_NIGHT, APRIL)] {
        let outcome = company.night(night, period);
        outcome.only(&BOTH);
        outcome.nothing_queued();
    }
    company.person("1002").linked_to("bb_1001");
    company.person("1001").linked_to("bb_1002");
    let outcome = company.night("2026-05-05", APRIL);
    outcome.nothing();
    outcome.nothing_queued();
}

#[test]
fn a_crosswalk_that_follows_two_exchanged_ids_at_once_is_right() {
    let mut company = two_pays();
    company.exchange_ids("1001", "1002");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.nothing();
    outcome.nothing_queued();
}

#[test]
fn rows_of_the_crosswalk_that_slipped_for_a_night_change_nobody() {
    let mut company = two_pays();
    company.person("1001").linked_to("bb_1002");
    company.person("1002").linked_to("bb_1001");
    for (night, period) in [(MARCH_NIGHT, FEBRUARY), ("2026-03-27", FEBRUARY)] {
        let outcome = company.night(night, period);
        outcome.only(&BOTH);
        outcome.nothing_queued();
    }
    company.person("1001").linked_to("bb_1001");
    company.person("1002").linked_to("bb_1002");
    for (night, period) in [("2026-03-28", FEBRUARY), (APRIL_NIGHT, MARCH)] {
        company.night(night, period).nothing();
    }
}

#[test]
fn rows_that_slipped_between_twins_or_namesakes_change_nobody() {
    for (given, born) in [("Rosalind", "1971-02-03"), ("Ben", "1994-09-17")] {
        let mut company = Company::new(MONTHLY);
        let [ben_given, surname, ben_born] = company.person("1001").identity();
        assert_eq!([&ben_given, &ben_born], [&json!("Ben"), &json!("1971-02-03")]);
        let relative = company.person("1002");
        relative.user("/forename", json!(given)).user("/dateOfBirth", json!(born)).user("/surname", surname.clone());
        relative.pays("First Name", given).pays("Birth Date", born);
        relative.pays("Last Name", surname.as_str().expect("a text"));
        let mut company = two_pays_of(company);
        company.person("1001").linked_to("bb_1002");
        company.person("1002").linked_to("bb_1001").leaves("2026-02-28");
        for (night, period) in [(MARCH_NIGHT, FEBRUARY), ("2026-03-27", FEBRUARY)] {
            let outcome = company.night(night, period);
            outcome.only(&BOTH);
            outcome.nothing_queued();
        }
    }
}

#[test]
fn a_record_of_somebody_long_gone_is_changed_for_nobody_else_who_gets_its_id() {
    for comes_back in [false, true] {
        let mut company = since_january("");
        let ben = company.person("1001").leaves("2026-02-28").identity();
        company.night(MARCH_NIGHT, FEBRUARY).nothing();
        company.person("1001").covers(&[]).on_payroll(false).unknown_to_benifex().linked_to("");
        company.night(APRIL_NIGHT, MARCH).nothing();
        let joiner = company.hire("2001").joins("2026-04-01").linked_to("bb_1001");
        joiner.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01"))]);
        if comes_back {
            for ((field, header), value) in
                [("/forename", "First Name"), ("/surname", "Last Name"), ("/dateOfBirth", "Birth Date")]
                    .into_iter()
                    .zip(ben)
            {
                joiner.pays(header, value.as_str().expect("a text")).user(field, value);
            }
        }
        on_payroll(joiner, "66000.00", "2026-04-01");
        in_benifex(joiner, 66_000.0, "2026-04-01");
        let outcome = company.night(MAY_NIGHT, APRIL);
        if comes_back {
            outcome.queued("2001 base_salary 66000.00 annually 2026-04-01");
        } else {
            outcome.only(&["ID08 2001 - -"]);
            outcome.nothing_queued();
            company.night("2026-05-05", APRIL).only(&["ID08 2001 - -"]);
        }
    }
}

#[test]
fn a_birth_date_and_name_that_benifex_had_wrong_for_a_night_block_nobody_afterwards() {
    let mut company = since_january("");
    let ben = company.person("1001");
    let right = ben.identity();
    ben.user("/forename", json!("Zoe")).user("/surname", json!("Quill")).user("/dateOfBirth", json!("1994-09-17"));
    company.night(MARCH_NIGHT, FEBRUARY).only(&["ID06 1001 - any"]);
    let [given, surname, born] = right;
    let ben = company.person("1001");
    ben.user("/forename", given).user("/surname", surname).user("/dateOfBirth", born);
    on_payroll(ben, "63000.00", "2026-03-01");
    in_benifex(ben, 63_000.0, "2026-03-01");
    let outcome = company.night(APRIL_NIGHT, MARCH);
    outcome.only(&["CO07 1001 - any"]);
    outcome.queued("1001 base_salary 63000.00 annually 2026-03-01");
}

/// Benbase has a record that is nobody's by the crosswalk: 80,000.00 a year, at an address of its own or this one.
fn with_spare_record(line1: Option<&str>) -> Company {
    let mut company = Company::new(MONTHLY);
    let gone = company.hire("2001").on_payroll(false).unknown_to_benifex().covers(&[]).linked_to("");
    gone.benbase("/pay_rate/amount", json!("80000.00"));
    if let Some(line1) = line1 {
        gone.benbase("/address/line1", json!(line1));
    }
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company
}

#[test]
fn a_record_that_nobody_had_and_is_unlike_the_one_before_is_changed_for_nobody() {
    let mut company = with_spare_record(None);
    company.person("1001").linked_to("bb_2001");
    for (night, period) in [(MARCH_NIGHT, FEBRUARY), ("2026-03-04", FEBRUARY), (APRIL_NIGHT, MARCH)] {
        let outcome = company.night(night, period);
        outcome.only(&["ID08 1001 - -"]);
        outcome.nothing_queued();
    }
    company.person("1001").linked_to("bb_1001");
    company.night("2026-04-04", MARCH).nothing();
    company.person("1001").linked_to("bb_2001").checked_on("2026-04-05");
    let outcome = company.night("2026-04-05", MARCH);
    outcome.queued("1001 base_salary 60000.00 annually 2025-01-01");
}

#[test]
fn a_wrong_link_that_is_put_right_wrongly_changes_nobody_either() {
    let mut company = with_spare_record(None);
    company.person("1001").linked_to("bb_1002");
    company.person("1002").linked_to("bb_1001");
    company.night(MARCH_NIGHT, FEBRUARY).only(&BOTH);
    company.person("1001").linked_to("bb_2001");
    company.person("1002").linked_to("bb_1002");
    for night in ["2026-03-04", "2026-03-05"] {
        let outcome = company.night(night, FEBRUARY);
        outcome.only(&["ID08 1001 - -"]);
        outcome.nothing_queued();
    }
}

#[test]
fn a_new_record_of_the_same_home_takes_the_changes_of_the_one_before() {
    let mut company = with_spare_record(Some("101 Maple Street"));
    company.person("1001").linked_to("bb_2001");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.only(&["CO07 1001 - any"]);
    outcome.queued("1001 base_salary 60000.00 annually 2025-01-01");
}

#[test]
fn a_benbase_id_that_lost_its_letters_takes_no_change() {
    let mut company = since_january("");
    let ben = company.person("1001").linked_to("1001");
    on_payroll(ben, "63000.00", "2026-02-01");
    for night in [MARCH_NIGHT, "2026-03-04"] {
        let outcome = company.night(night, FEBRUARY);
        outcome.finding("ID08 1001 - -");
        outcome.nothing_queued();
    }
    company.person("1001").linked_to("bb_1001");
    let outcome = company.night("2026-03-05", FEBRUARY);
    outcome.queued("1001 base_salary 63000.00 annually 2026-02-01");
}

#[test]
fn an_old_crosswalk_takes_no_change_once_changes_went_to_the_new_record() {
    let mut company = with_spare_record(Some("101 Maple Street"));
    company.person("1001").linked_to("bb_2001");
    company.night(MARCH_NIGHT, FEBRUARY).queued("1001 base_salary 60000.00 annually 2025-01-01");
    decide(&company, "1", "approve", &[]);
    company.site().expect(0, &["push", "job.toml"]);
    company.night(APRIL_NIGHT, MARCH).only(&[]);
    let ben = company.person("1001").linked_to("bb_1001");
    on_payroll(ben, "63000.00", "2026-04-01");
    in_benifex(ben, 63_000.0, "2026-04-01");
    for night in [MAY_NIGHT, "2026-05-04"] {
        let outcome = company.night(night, APRIL);
        outcome.only(&["ID08 1001 - -"]);
        states(&outcome, &["sent"]);
    }
    company.person("1001").linked_to("bb_2001");
    company.night("2026-05-05", APRIL).queued("1001 base_salary 63000.00 annually 2026-04-01");
}
