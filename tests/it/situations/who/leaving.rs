//! Leave dates: of people who came back, who stayed after all, and of whom the sources tell different things.

use serde_json::json;

use crate::situations::company::{APRIL, Company, FEBRUARY, MARCH, MONTHLY, Person, march};

/// Benifex's start date, and the first one there ever was.
fn started(person: &mut Person, start: &str, original: &str) {
    person.user("/employment/startDate", json!(start)).user("/employment/originalStartDate", json!(original));
}

#[test]
fn a_resignation_that_was_taken_back_puts_the_date_in_dispute() {
    let outcome = march(|person| _ = person.user("/employment/leaveDate", json!("2026-02-20")));
    outcome.only(&["DE07 1001 - any"]);
    outcome.unverified("1001", "_Medical");
    outcome.nothing_queued();
}

#[test]
fn whoever_leaves_after_the_files_period_is_no_finding_of_it_on_any_night() {
    for gone in [false, true] {
        let mut company = Company::new(MONTHLY);
        company.night("2026-03-03", FEBRUARY).nothing();
        company.night("2026-04-02", MARCH).nothing();
        company.person("1001").user("/employment/leaveDate", json!("2026-04-10"));
        if gone {
            company.person("1001").covers(&[]);
        }
        for night in ["2026-04-08", "2026-04-15", "2026-04-29"] {
            company.night(night, MARCH).nothing();
        }
        company.person("1001").pays("Leave Date", "2026-04-10");
        company.night("2026-05-04", APRIL).nothing();
    }
}

#[test]
fn somebody_rehired_under_the_old_id_has_not_left() {
    march(|person| {
        person.pays("Leave Date", "2024-06-30");
        started(person, "2026-01-05", "2020-01-06");
    })
    .nothing();
    march(|person| {
        person.user("/employment/leaveDate", json!("2024-06-30")).pays("Hire Date", "2026-01-05");
    })
    .nothing();
    march(|person| {
        person.user("/employment/leaveDate", json!("2024-06-30")).pays("Leave Date", "2024-06-30");
        started(person, "2026-01-05", "2026-01-05");
    })
    .nothing();
    // The first start date alone says so.
    march(|person| {
        person.pays("Leave Date", "2024-06-30");
        started(person, "2020-01-06", "2026-01-05");
    })
    .nothing();
}

#[test]
fn payroll_that_pays_on_after_its_own_leave_date_puts_it_in_dispute() {
    let outcome = march(|person| _ = person.pays("Leave Date", "2026-02-10"));
    outcome.only(&["DE07 1001 - any"]);
    outcome.unverified("1001", "_Medical");
}

#[test]
fn a_leaver_of_both_sources_is_told_as_before() {
    let both = |person: &mut Person| {
        person.pays("Leave Date", "2026-02-10").user("/employment/leaveDate", json!("2026-02-10"));
    };
    march(both).only(&["EN04 1001 _Medical any", "EN05 1001 _Medical -100.00"]);
    march(|person| {
        both(person);
        person.pays("MED EE", "").pays("MED ER", "");
    })
    .only(&["EN04 1001 _Medical 100.00"]);
    // Left a second time.
    march(|person| {
        both(person);
        started(person, "2025-06-01", "2020-01-06");
    })
    .only(&["EN04 1001 _Medical any", "EN05 1001 _Medical -100.00"]);
}

#[test]
fn dates_that_the_period_does_not_reach_are_told_apart_without_a_dispute() {
    let outcome = march(|person| {
        person.pays("Leave Date", "2026-06-30").user("/employment/leaveDate", json!("2026-05-31"));
    });
    outcome.only(&["DE07 1001 - any"]);
    assert!(outcome.unverified.is_empty());
}

/// A job that proposes terminations.
fn terminating() -> Company {
    let mut company = Company::new(MONTHLY);
    company.job("[terminations]\nenabled = true\nper_run_max = 5");
    company
}

#[test]
fn nobody_is_terminated_on_a_date_that_a_later_start_made_void() {
    let mut company = terminating();
    let person = company.person("1001");
    person.pays("Leave Date", "2024-06-30");
    started(person, "2026-01-05", "2020-01-06");
    company.night("2026-04-02", MARCH).nothing();
}

#[test]
fn nobody_is_terminated_on_a_date_long_past() {
    let mut company = terminating();
    company
        .person("1001")
        .pays("Leave Date", "2025-06-30")
        .user("/employment/leaveDate", json!("2025-06-30"))
        .pays("MED EE", "")
        .pays("MED ER", "");
    let outcome = company.night("2026-03-03", FEBRUARY);
    outcome.only(&["EN04 1001 _Medical any"]);
    outcome.nothing_queued();
}

#[test]
fn a_leaver_of_both_sources_is_proposed_for_termination() {
    let mut company = terminating();
    company
        .person("1001")
        .pays("Leave Date", "2026-02-10")
        .user("/employment/leaveDate", json!("2026-02-10"))
        .pays("MED EE", "")
        .pays("MED ER", "");
    company.night("2026-04-02", MARCH).queued("1001 term_date 2026-02-10 2026-02-10");
}
