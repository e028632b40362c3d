//! People of whom a payroll row could not be read.

use crate::rules::tests::world::{World, benefit, user};
use crate::rules::tests::{check_rule, unverified};
use tieout_model::source::Reject;

fn reject(id: &str, line: u64, column: &str) -> Reject {
    Reject {
        file: "payroll.csv".to_owned(),
        line,
        column: column.to_owned(),
        masked: "99.99 AA".to_owned(),
        reason: "not an amount".to_owned(),
        employee_id: id.into(),
    }
}

const REJECTED: &str = "the payroll row was rejected, see rejects.csv";

/// Nobody is accused, and the night did not read payroll in full.
#[track_caller]
fn check_unread(world: &World, expected: &[(&str, &str)]) {
    let judgement = check_rule(world, &[]);
    assert_eq!(unverified(&judgement), expected);
    assert!(!judgement.verified.complete);
    for (id, _) in expected {
        assert!(!judgement.verified.clears(id, ""), "{id}");
    }
}

#[test]
fn whoever_stands_in_a_rejected_row_is_unverified_whether_a_service_knows_them_or_not() {
    let mut world = World::clean();
    world.rejects.extend([reject("1002", 3, "Medical EE"), reject("1002", 3, "Medical ER")]);
    check_unread(&world, &[("1002", REJECTED)]);
    world.users.push(user("1002"));
    check_unread(&world, &[("1002", REJECTED)]);
    world.benefits.push(benefit("1002", "_Medical", "2400.00", "4800.00"));
    let line = "may stand in a rejected payroll row, in another run, or under an id that could not be read";
    check_unread(&world, &[("1002", line)]);
}

#[test]
fn each_rejected_row_without_an_id_is_listed_once() {
    let mut world = World::clean();
    world.rejects.extend([reject("", 3, "Employee ID"), reject("", 3, "Medical EE"), reject("", 4, "")]);
    let nobodys = "a payroll row without a readable employee id was rejected, see rejects.csv";
    check_unread(&world, &[("", nobodys), ("", nobodys)]);
}
