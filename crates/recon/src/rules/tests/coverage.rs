//! How much each rule compared.

use crate::rules::tests::world::{World, benefit, deduction, person, user};
use crate::rules::tests::{check_rule, coverage};

/// Two people who agree in everything.
fn two() -> World {
    let mut world = World::clean();
    world.people.push(person("1002"));
    world.users.push(user("1002"));
    world.deductions.push(deduction("1002", "MED", "100.00", "200.00"));
    world.benefits.push(benefit("1002", "_Medical", "2400.00", "4800.00"));
    world
}

#[test]
fn every_rule_says_whom_it_compared_and_why_not_the_others() {
    let mut world = two();
    world.people[1].zip = None;
    world.people[1].salary = None;
    world.users[0].born = None;
    let judgement = check_rule(&world, &[]);
    assert_eq!(coverage(&judgement, "AM01"), (2, vec![]));
    assert_eq!(coverage(&judgement, "CO01"), (1, vec![("payroll has no value", 1)]));
    assert_eq!(coverage(&judgement, "DE01"), (1, vec![("payroll has no value", 1)]));
    assert_eq!(coverage(&judgement, "DE05"), (1, vec![("Benifex has no value", 1)]));
    assert_eq!(coverage(&judgement, "CO07"), (1, vec![("the ledger does not know the Benbase id", 1)]));
}

#[test]
fn lines_of_which_nobody_says_how_often_they_are_deducted_are_for_the_job_to_mend() {
    let mut world = two();
    world.users[1].pay_periods = None;
    let judgement = check_rule(&world, &[]);
    assert_eq!(judgement.mendable, 1);
    assert_eq!(coverage(&judgement, "EN01"), (1, vec![("number of deductions a year unknown", 1)]));
    assert_eq!(check_rule(&two(), &[]).mendable, 0);
}

#[test]
fn salaries_that_could_not_be_compared_count_with_their_reason() {
    let mut world = two();
    (world.people[1].basis, world.people[1].salary) = ("hourly", Some("30.00"));
    let judgement = check_rule(&world, &[]);
    assert_eq!(coverage(&judgement, "CO01"), (1, vec![("contracted hours unknown; the salary is not compared", 1)]));
}

#[test]
fn every_rule_that_compares_says_how_much() {
    let judgement = check_rule(&two(), &[]);
    for code in ["ID01", "ID02", "ID04", "CU01", "EN04", "EN05", "EN06", "EN11", "AM06", "AM08", "AM09", "CO02", "ID06"]
    {
        assert_eq!(coverage(&judgement, code), (2, vec![]), "{code}");
    }
    assert_eq!(coverage(&judgement, "TM07"), (0, vec![("no snapshot from before the cut-off", 2)]));
    assert_eq!(coverage(&judgement, "EN16"), (0, vec![("no scheme of the job says who may have the benefit", 2)]));
    assert_eq!(coverage(&judgement, "TM01"), (0, vec![("no earlier period is known", 2)]));
}
