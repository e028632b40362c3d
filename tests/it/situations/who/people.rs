//! Who somebody is, what they are called and where they live.

use serde_json::json;

use crate::situations::company::{Company, FEBRUARY, MONTHLY, Outcome, march};

/// The night after March of a company in which something about 1001 is odd.
/// 1001 lives at these lines on payroll and at those in Benbase.
fn lives(payroll: [&'static str; 2], benbase: &'static str) -> Outcome {
    march(|person| {
        person.pays("Address 1", payroll[0]).pays("Address 2", payroll[1]).benbase("/address/line1", json!(benbase));
    })
}

#[test]
fn payroll_carries_the_middle_name() {
    march(|person| _ = person.pays("First Name", "Ben Albert")).nothing();
    march(|person| _ = person.pays("First Name", "Ben A.")).nothing();
}

#[test]
fn one_source_carries_a_second_surname_a_suffix_or_the_name_somebody_goes_by() {
    march(|person| _ = person.pays("Last Name", "Larsen Ibarra")).nothing();
    march(|person| _ = person.pays("Last Name", "LARSEN JR")).nothing();
    march(|person| _ = person.pays("First Name", "Benjamin")).nothing();
    march(|person| _ = person.pays("First Name", "").pays("Last Name", "Larsen, Ben K.")).nothing();
}

#[test]
fn another_surname_is_told_and_stops_nothing() {
    march(|person| _ = person.pays("Last Name", "Whitaker")).only(&["DE04 1001 - -"]);
}

#[test]
fn one_id_of_two_people_is_told_and_nothing_is_queued() {
    let outcome = march(|person| {
        person.pays("First Name", "Gerard").pays("Last Name", "Whitaker").pays("Birth Date", "1990-10-11");
        person.pays("Salary", "66000.00").pays("Salary Effective", "2026-03-20");
    });
    outcome.only(&["ID06 1001 - any"]);
    outcome.nothing_queued();
    outcome.unverified("1001", "_Medical");
}

#[test]
fn the_flat_is_the_same_however_it_is_written() {
    lives(["101 Maple Street", "Apt 4"], "101 Maple Street # 4").nothing();
    lives(["101 Maple St Apt 4", ""], "101 Maple Street, Unit 4").nothing();
    lives(["101 Maple St", "#4"], "101 Maple Street Apartment 4").nothing();
    march(|person| {
        person.pays("Address 1", "101 Maple Street # 4");
        person.benbase(
            "/address",
            json!({"line1": "101 Maple Street", "line2": "Apt 4", "city": "Reno",
            "state": "NV", "zip_code": "89501"}),
        );
    })
    .nothing();
}

#[test]
fn the_street_town_and_state_are_the_same_by_postal_words() {
    lives(["7 Saint Paul Trail North West", ""], "7 ST. PAUL TRL NW").nothing();
    lives(["350 Fifth Avenue", ""], "350 5th Ave").nothing();
    lives(["P.O. Box 12", ""], "PO BOX 12").nothing();
    march(|person| _ = person.pays("State", "Nevada")).nothing();
    march(|person| {
        person.pays("City", "Ft. Churchill").benbase("/address/city", json!("Fort Churchill"));
    })
    .nothing();
}

#[test]
fn another_flat_is_another_address_and_goes_to_benbase() {
    let outcome = lives(["101 Maple Street", "Apt 5"], "101 Maple Street # 4");
    outcome.only(&["DE01 1001 - -"]);
    outcome.queued("1001 addr_line2 differs -");
}

#[test]
fn a_second_line_that_payroll_has_no_column_for_is_not_compared() {
    let mut company = Company::new(MONTHLY);
    company.person("1001").benbase(
        "/address",
        json!({"line1": "101 Maple Street", "line2": "Apt 4", "city": "Reno",
        "state": "NV", "zip_code": "89501"}),
    );
    let outcome = company.night("2026-03-03", FEBRUARY);
    outcome.only(&["DE01 1001 - -"]);
    assert!(!outcome.finding("DE01 1001 - -")["sentence"].contains("pprove"), "a person decides about the flat");
    let mut unmapped = Company::new(MONTHLY);
    unmapped.without("payroll", "columns", "addr_line2");
    unmapped.person("1001").benbase(
        "/address",
        json!({"line1": "101 Maple Street", "line2": "Apt 4", "city": "Reno",
        "state": "NV", "zip_code": "89501"}),
    );
    unmapped.night("2026-03-03", FEBRUARY).nothing();
}

#[test]
fn somebody_who_moved_goes_to_benbase_though_benifex_is_old() {
    let outcome = march(|person| {
        person.pays("Address 1", "9 Bay Road").pays("City", "Austin").pays("State", "TX").pays("ZIP", "78701");
    });
    outcome.only(&["DE01 1001 - -", "DE01 1001 - -", "DE02 1001 - -"]);
    outcome.queued("1001 state differs -");
    outcome.queued("1001 zip differs -");
}
