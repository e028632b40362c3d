//! An id that was given to somebody else once the person who had it had left.

use serde_json::json;

use crate::situations::company::{
    APRIL, APRIL_NIGHT, Company, Cover, FEBRUARY, FEBRUARY_NIGHT, JANUARY, JUNE_NIGHT, MARCH, MARCH_NIGHT, MAY,
    MAY_NIGHT, MONTHLY, Person,
};

const NAMED: [[&str; 2]; 3] = [["/forename", "First Name"], ["/surname", "Last Name"], ["/dateOfBirth", "Birth Date"]];

/// 1001 paid nothing of February, left on the last day of it, and is off payroll in March.
fn left_owing() -> Company {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    let p = company.person("1001");
    p.leaves("2026-02-28").pays("MED EE", "").pays("MED ER", "");
    company.night(MARCH_NIGHT, FEBRUARY).only(&["* 1001 _Medical 100.00"]);
    company.person("1001").covers(&[]).on_payroll(false);
    company.night(APRIL_NIGHT, MARCH).only(&["TM12 1001 _Medical 100.00"]);
    company
}

/// Somebody else begins on 1 April under the id, with cover of 100.00 a month from that day on.
fn somebody_else(p: &mut Person) {
    begins(p);
    p.linked_to("bb_9001");
    p.user("/id", json!("812095c1-8262-42d5-a6e8-000000009001"));
    p.user("/forename", json!("Zoe")).user("/surname", json!("Quill")).user("/dateOfBirth", json!("1994-09-17"));
    p.pays("First Name", "Zoe").pays("Last Name", "Quill").pays("Birth Date", "1994-09-17");
}

fn begins(p: &mut Person) {
    p.user("/employment/leaveDate", json!(null)).pays("Leave Date", "").on_payroll(true);
    p.user("/employment/startDate", json!("2026-04-01")).user("/employment/originalStartDate", json!("2026-04-01"));
    p.pays("Hire Date", "2026-04-01").pays("MED EE", "100.00").pays("MED ER", "0.00");
    p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-04-01"))]);
}

#[test]
fn what_a_leaver_owed_is_not_said_of_who_has_the_id_next_and_stays_open() {
    let mut company = left_owing();
    somebody_else(company.person("1001"));
    for (night, period) in [(MAY_NIGHT, APRIL), ("2026-05-05", APRIL), (JUNE_NIGHT, MAY)] {
        let o = company.night(night, period);
        o.only(&["TM12 1001 _Medical 100.00"]);
        let said = &o.findings[0]["sentence"];
        assert!(said.contains("by the person who had this id until 2026-03-31"), "{said}");
        o.nothing_queued();
    }
}

#[test]
fn two_holders_of_an_id_who_both_left_owing_are_two_findings_and_only_one_has_the_name() {
    let mut company = left_owing();
    company.job("[report]\nnames = \"full\"");
    somebody_else(company.person("1001"));
    company.person("1001").pays("MED EE", "").leaves("2026-04-30");
    company.night(MAY_NIGHT, APRIL);
    company.person("1001").covers(&[]).on_payroll(false);
    let o = company.night(JUNE_NIGHT, MAY);
    o.only(&["TM12 1001 _Medical 100.00", "TM12 1001 _Medical 100.00"]);
    let mut shown: Vec<_> = o.findings.iter().map(|f| [&f["field"], &f["employee_name"]]).collect();
    shown.sort();
    assert_eq!(shown, [["ee_amount", "Zoe Quill"], ["former_ee_amount", "(former holder of the id)"]]);
}

#[test]
fn what_the_next_holder_owes_is_neither_hidden_by_the_debt_nor_settled_with_it() {
    let mut company = left_owing();
    somebody_else(company.person("1001"));
    // As much too much as the other one owes.
    company.person("1001").pays("MED EE", "200.00");
    company.night(MAY_NIGHT, APRIL).only(&["TM12 1001 _Medical 100.00", "AM01 1001 _Medical -100.00"]);
    company.person("1001").pays("MED EE", "0.00");
    company.night(JUNE_NIGHT, MAY).only(&["TM12 1001 _Medical 100.00"]);
}

#[test]
fn who_came_back_under_the_old_id_owes_what_was_owed() {
    for marry in [false, true] {
        let mut company = left_owing();
        let p = company.person("1001");
        begins(p);
        p.user("/id", json!("812095c1-8262-42d5-a6e8-000000009001"));
        if marry {
            p.user("/surname", json!("Quill")).pays("Last Name", "Quill");
        }
        p.pays("MED EE", "200.00");
        company.night(MAY_NIGHT, APRIL).nothing();
    }
}

#[test]
fn a_birth_date_that_was_mistyped_makes_nobody_another_person() {
    let mut company = left_owing();
    let p = company.person("1001");
    begins(p);
    p.user("/dateOfBirth", json!("1971-02-08")).pays("Birth Date", "1971-02-08");
    let o = company.night(MAY_NIGHT, APRIL);
    let said = &o.finding("* 1001 _Medical 100.00")["sentence"];
    assert!(!said.contains("who had this id"), "{said}");
}

#[test]
fn what_a_former_holder_left_open_is_written_off_apart_from_what_the_present_one_owes() {
    let mut company = left_owing();
    somebody_else(company.person("1001"));
    company.person("1001").pays("MED EE", "70.00");
    company.night(MAY_NIGHT, APRIL).only(&["TM12 1001 _Medical 100.00", "AM01 1001 _Medical 30.00"]);
    let write_off = ["write-off", "job.toml", "1001", "--reason", "nobody knows where she lives", "--former"];
    company.site().expect(0, &write_off);
    company.person("1001").pays("MED EE", "130.00");
    company.night(JUNE_NIGHT, MAY).nothing();
    let refused = company.site().run(&write_off);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_cover_of_who_had_the_id_before_is_not_that_of_who_has_it_next() {
    let mut company = Company::new(MONTHLY);
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.night(MARCH_NIGHT, FEBRUARY).nothing();
    // Left on 31 March, with a record that stays in Benifex; the next one's cover begins a month after the first day.
    company.person("1001").leaves("2026-03-31");
    company.night(APRIL_NIGHT, MARCH).nothing();
    let p = company.person("1001");
    somebody_else(p);
    p.covers(&[("_Medical", Cover::yearly(1200.0, 0.0).from("2026-05-01"))]).pays("MED EE", "0.00");
    company.night(MAY_NIGHT, APRIL).nothing();
    company.person("1001").pays("MED EE", "100.00");
    company.night(JUNE_NIGHT, MAY).nothing();
}

#[test]
fn who_had_an_id_before_is_noted_for_when_the_snapshots_of_then_are_gone() {
    let mut company = left_owing();
    somebody_else(company.person("1001"));
    company.night(MAY_NIGHT, APRIL).only(&["TM12 1001 _Medical 100.00"]);
    // The snapshots of then are gone.
    let snapshots = company.site().path("state/situation/snapshots");
    for entry in std::fs::read_dir(snapshots).expect("a folder") {
        std::fs::remove_dir_all(entry.expect("read").path()).expect("removed");
    }
    company.night(JUNE_NIGHT, MAY).only(&["TM12 1001 _Medical 100.00"]);
}

#[test]
fn rows_of_a_file_under_the_ids_of_each_other_are_each_their_persons() {
    // Three strangers, twins, and a father and son of one name.
    let twin = ["Rosalind", "Larsen", "1971-02-03"];
    let son = ["Ben", "Larsen", "1994-09-17"];
    for (ids, second) in
        [(&["1001", "1002", "1003"][..], None), (&["1001", "1002"], Some(twin)), (&["1001", "1002"], Some(son))]
    {
        let mut company = Company::new(MONTHLY);
        let other = company.person("1002");
        other.covers(&[("_Medical", Cover::yearly(1920.0, 0.0))]).pays("MED EE", "160.00");
        for (given, [field, header]) in second.into_iter().flatten().zip(NAMED) {
            other.user(field, json!(given)).pays(header, given);
        }
        company.night(FEBRUARY_NIGHT, JANUARY).nothing();
        company.person("1002").pays("MED EE", "140.00");
        company.slip_rows(ids);
        let mut told: Vec<String> = ids.iter().map(|id| format!("ID06 {id} - any")).collect();
        told.push("AM01 1002 _Medical 20.00".to_owned());
        let outcome = company.night(MARCH_NIGHT, FEBRUARY);
        outcome.only(&told.iter().map(String::as_str).collect::<Vec<_>>());
        outcome.nothing_queued();
        assert!(outcome.unverified.is_empty(), "{}", outcome.told());
        (1..ids.len()).for_each(|_| company.slip_rows(ids));
        company.person("1002").pays("MED EE", "180.00");
        company.night(APRIL_NIGHT, MARCH).nothing();
    }
}

#[test]
fn a_row_under_the_id_of_a_twin_accuses_neither() {
    let mut company = Company::new(MONTHLY);
    company.job("[payroll]\nmax_rejected_share = \"50 %\"");
    let twin = company.person("1002");
    for (given, [field, header]) in ["Rosalind", "Larsen", "1971-02-03"].into_iter().zip(NAMED) {
        twin.user(field, json!(given)).pays(header, given);
    }
    company.night(FEBRUARY_NIGHT, JANUARY).nothing();
    company.person("1002").pays("Employee ID", "1001");
    let outcome = company.night(MARCH_NIGHT, FEBRUARY);
    outcome.nothing();
    outcome.unverified("1001", "_Medical");
    outcome.unverified("1002", "_Medical");
    company.person("1002").pays("Employee ID", "1002");
    company.night(APRIL_NIGHT, MARCH).nothing();
}
