//! Where somebody lives: payroll, Benbase's ledger and Benifex's postcode.

use crate::rules::tests::world::{World, held};
use crate::rules::tests::{check_rule, only};
use tieout_model::correction::Held;

/// Payroll has these two lines, Benbase those.
fn lives(payroll: (&'static str, &'static str), benbase: (&'static str, &'static str)) -> World {
    let line = |text: &'static str| Some(text).filter(|t| !t.is_empty());
    let mut world = World::clean();
    (world.people[0].line1, world.people[0].line2) = (line(payroll.0), line(payroll.1));
    world.ledger.insert("bb_1", &Held { line1: line(benbase.0), line2: line(benbase.1), ..held() });
    world
}

#[test]
fn how_an_address_is_written_is_no_difference() {
    for (payroll, benbase) in [
        (("1 Main St", "Apt 4"), ("1 Main Street", "# 4")),
        (("1 Main St Apt 4", ""), ("1 Main St", "Apt 4")),
        (("1 Saint Paul Trail", ""), ("1 St. Paul Trl", "")),
        (("1 Fort Hill Crossing", "Suite 200"), ("1 Ft Hill Xing Ste 200", "")),
    ] {
        check_rule(&lives(payroll, benbase), &[]);
    }
    check_rule(&lives(("1 Main St", "Apt 4"), ("1 Main St", "Apt 5")), &[("DE01", "1001", "")]);
}

#[test]
fn a_second_line_is_compared_only_where_payroll_has_the_column() {
    let mut world = lives(("1 Main St", ""), ("1 Main St", "Apt 4"));
    check_rule(&world, &[("DE01", "1001", "")]);
    world.job.payroll.columns.addr_line2 = None;
    check_rule(&world, &[]);
    world.people[0].line1 = Some("2 Main St");
    check_rule(&world, &[("DE01", "1001", "")]);
}

#[test]
fn a_state_is_the_same_by_its_name() {
    let mut world = World::clean();
    world.people[0].state = Some("Massachusetts");
    check_rule(&world, &[]);
    world.people[0].state = Some("Maine");
    check_rule(&world, &[("DE02", "1001", "")]);
}

#[test]
fn zip_codes_are_compared_without_benbase_and_in_the_united_states_only() {
    let mut world = World::clean();
    world.job.benbase = None;
    world.users[0].postcode = Some("10001");
    check_rule(&world, &[("DE01", "1001", "")]);
    world.people[0].country = "GB";
    check_rule(&world, &[]);
    // Payroll has no such column: what Benifex says counts.
    world.people[0].country = "";
    check_rule(&world, &[("DE01", "1001", "")]);
    world.users[0].country_of_work = Some("GB");
    world.job.benifex.salary_currency_by_country.clear();
    check_rule(&world, &[]);
}

#[test]
fn no_value_is_shown_and_yet_another_one_is_another_cause() {
    let finding = |world: &World| only(&check_rule(world, &[("DE01", "1001", "")]), "DE01").clone();
    let told = |payroll: &'static str, benbase: &'static str| finding(&lives((payroll, ""), (benbase, "")));
    let first = told("1 Main St", "2 Elm Ave");
    assert!(!first.masked.is_empty() && !first.sentence.contains("Main"), "{first:?}");
    assert_eq!(first, told("1 Main Street", "2 Elm Avenue"), "written otherwise");
    assert_ne!(first.masked, told("3 Main St", "2 Elm Ave").masked);
    assert_ne!(first.masked, told("1 Main St", "3 Elm Ave").masked);
}
