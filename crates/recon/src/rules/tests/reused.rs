//! One id, two people (ID06), and what is no sign of it.

use crate::rules::tests::world::{User, World, user};
use crate::rules::tests::{check_rule, only, unverified};
use tieout_model::correction::BenbaseLedger;

/// Benifex has somebody else, or the same person as somebody else writes it, under the id.
fn known_as(edit: impl Fn(&mut User)) -> World {
    let mut world = World::clean();
    let mut other = user("1001");
    edit(&mut other);
    world.users[0] = other;
    world
}

#[test]
fn one_id_of_two_people_is_id06_and_nothing_else_is_said_or_corrected() {
    let mut world = known_as(|user| {
        (user.first, user.last, user.born) = ("Peter", "Okafor", Some("1991-11-30"));
        user.salary = Some("41000.00");
    });
    world.ledger = BenbaseLedger::default();
    let judgement = check_rule(&world, &[("ID06", "1001", "")]);
    let finding = only(&judgement, "ID06");
    assert!(!finding.sentence.contains("Okafor") && !finding.system_value.contains("Okafor"));
    assert_eq!(unverified(&judgement), [("1001", "the id is another person's in Benifex (ID06)")]);
    assert!(!judgement.person_values.contains_key("1001"), "nothing may be derived");
    // The same family, another child: the surname alone does not make them one.
    world.users[0].born = Some("1980-03-04");
    check_rule(&world, &[("CO01", "1001", ""), ("DE04", "1001", "")]);
}

#[test]
fn a_marriage_or_a_typing_error_is_no_other_person() {
    let married = known_as(|user| user.last = "Wood");
    check_rule(&married, &[("DE04", "1001", "")]);
    let mistyped = known_as(|user| (user.last, user.born) = ("Stonne", Some("1980-03-14")));
    check_rule(&mistyped, &[("DE05", "1001", "")]);
    let both = known_as(|user| (user.last, user.born) = ("Wood", Some("1980-04-03")));
    check_rule(&both, &[("DE04", "1001", ""), ("DE05", "1001", "")]);
    let double = known_as(|user| (user.last, user.born) = ("Stone-Wood", Some("1981-03-04")));
    check_rule(&double, &[("DE05", "1001", "")]);
    let unknown = known_as(|user| (user.first, user.last, user.born) = ("Peter", "Okafor", None));
    check_rule(&unknown, &[("DE04", "1001", "")]);
}

#[test]
fn how_a_name_is_written_is_no_difference() {
    for (first, last) in [
        ("Mary Gertrude", "Stone"),
        ("Mary G.", "Stone"),
        ("Molly", "Stone"),
        ("Mary", "Stone Wood"),
        ("Mrs. Mary", "Stone, Ph.D."),
        ("MARY", "STONE"),
    ] {
        check_rule(&known_as(|user| (user.first, user.last) = (first, last)), &[]);
    }
}
