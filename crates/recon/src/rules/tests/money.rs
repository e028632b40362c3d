//! Amounts, tolerance and employer amounts.

use crate::rules::tests::world::{World, benefit, deduction, person, user};
use crate::rules::tests::{check_rule, only, out_of_scope, unverified, variances};
use tieout_model::correction::BenbaseLedger;
use tieout_model::finding::Payer::{Employee, Employer};
use tieout_model::finding::Severity;
use tieout_model::money::Money;

/// What payroll may take for an annual amount of 1,000.00 without a finding.
#[track_caller]
fn check_tolerance(per_year: i64, within: &[&'static str], beyond: &[&'static str]) {
    let mut world = World::clean();
    world.users[0].pay_periods = Some(per_year);
    world.people[0].frequency = None;
    world.benefits[0].ee = Some("1000.00");
    (world.benefits[0].er, world.deductions[0].er) = (None, None);
    for amount in within {
        world.deductions[0].ee = Some(amount);
        check_rule(&world, &[]);
    }
    for amount in beyond {
        world.deductions[0].ee = Some(amount);
        check_rule(&world, &[("AM01", "1001", "_Medical")]);
    }
}

#[test]
fn the_tolerance_is_what_two_correct_roundings_may_differ_by() {
    // 1000 / 24 = 41.67, τ 1; 1000 / 4 = 250.00, τ 2; 1000 / 1, τ 7.
    check_tolerance(24, &["41.66", "41.67", "41.68"], &["41.65", "41.69"]);
    check_tolerance(4, &["249.98", "250.02"], &["249.97", "250.03"]);
    check_tolerance(1, &["999.93", "1000.07"], &["999.92", "1000.08"]);
}

#[test]
fn the_tolerance_of_the_job_wins() {
    let mut world = World::clean();
    world.job.rules.amount_tolerance_minor_units = Some(0);
    world.deductions[0].ee = Some("100.01");
    check_rule(&world, &[("AM01", "1001", "_Medical")]);
    world.job.rules.amount_tolerance_minor_units = Some(1);
    let judgement = check_rule(&world, &[]);
    assert_eq!(judgement.control_totals[0].tolerated, 100);
}

#[test]
fn each_side_differs_for_itself_and_the_other_is_drift() {
    let mut world = World::clean();
    (world.deductions[0].ee, world.deductions[0].er) = (Some("99.99"), Some("190.00"));
    let judgement = check_rule(&world, &[("AM02", "1001", "_Medical")]);
    let finding = only(&judgement, "AM02");
    assert_eq!(variances(finding), [("_Medical", Employer, 1_900_000, 2_000_000)]);
    assert_eq!((finding.severity, finding.period_exposure.map(|e| e.0)), (Severity::S3, Some(Money(100_000))));
    assert_eq!(judgement.control_totals[0].tolerated, -100);
}

#[test]
fn a_small_difference_is_less_urgent_than_a_material_one() {
    let mut world = World::clean();
    world.benefits[0].ee = Some("24000.00");
    world.deductions[0].ee = Some("1000.50");
    assert_eq!(only(&check_rule(&world, &[("AM01", "1001", "_Medical")]), "AM01").severity, Severity::S3);
    world.deductions[0].ee = Some("1001.00");
    assert_eq!(only(&check_rule(&world, &[("AM01", "1001", "_Medical")]), "AM01").severity, Severity::S2);
}

#[test]
fn the_monthly_amount_counts_for_twelve_deductions_and_stands_in_for_an_absent_annual_one() {
    let mut world = World::clean();
    (world.benefits[0].ee, world.benefits[0].ee_monthly) = (Some("1000.00"), Some("84.00"));
    world.users[0].pay_periods = Some(12);
    world.people[0].frequency = None;
    (world.deductions[0].ee, world.deductions[0].er) = (Some("84.00"), Some("400.00"));
    check_rule(&world, &[]);
    world.benefits[0].ee = None;
    world.users[0].pay_periods = Some(24);
    (world.deductions[0].ee, world.deductions[0].er) = (Some("42.00"), Some("200.00"));
    check_rule(&world, &[]);
}

#[test]
fn without_the_number_of_deductions_a_year_nothing_is_priced() {
    let mut world = World::clean();
    world.users[0].pay_periods = None;
    let judgement = check_rule(&world, &[]);
    assert_eq!(unverified(&judgement), [("1001", "number of deductions a year unknown")]);
    world.people[0].group = "US-BW";
    world.users[0].pay_periods = Some(26);
    world.people[0].frequency = Some("biweekly");
    world.ledger = BenbaseLedger::default();
    check_rule(&world, &[]);
}

#[test]
fn employer_amounts_that_payroll_never_gives_are_out_of_scope() {
    let mut world = World::clean();
    world.deductions[0].er = None;
    let judgement = check_rule(&world, &[]);
    assert_eq!(out_of_scope(&judgement), [("", "_Medical", "payroll gives no employer amounts for this code")]);
    assert_eq!(judgement.out_of_scope[0].employer_expected, Some(Money(2_000_000)));
    world.deductions[0].ee = Some("90.00");
    check_rule(&world, &[("AM01", "1001", "_Medical")]);
    // Somebody else's cell is filled: the blank one counts as 0.
    world.people.push(person("1002"));
    world.users.push(user("1002"));
    world.benefits.push(benefit("1002", "_Medical", "2400.00", "4800.00"));
    world.deductions.push(deduction("1002", "MED", "100.00", "200.00"));
    check_rule(&world, &[("AM01", "1001", "_Medical"), ("AM02", "1001", "_Medical")]);
}

#[test]
fn a_code_without_an_employer_column_misses_the_employee_side_only() {
    let mut world = World::clean();
    world.benefits.push(benefit("1001", "_CycleToWork", "240.00", "120.00"));
    let judgement = check_rule(&world, &[("EN01", "1001", "_CycleToWork")]);
    assert_eq!(variances(only(&judgement, "EN01")), [("_CycleToWork", Employee, 0, 100_000)]);
    world.benefits[1].ee = None;
    check_rule(&world, &[]);
}

#[test]
fn a_duplicate_row_is_not_compared_and_holds_the_difference() {
    let mut world = World::clean();
    world.deductions[0].ee = Some("200.00");
    world.deductions[0].duplicate = true;
    world.people[0].duplicate = true;
    let judgement = check_rule(&world, &[("ID04", "1001", "_Medical")]);
    let finding = only(&judgement, "ID04");
    assert_eq!((variances(finding)[0], finding.blocks()), (("_Medical", Employee, 2_000_000, 1_000_000), true));
    (world.deductions[0].ee, world.deductions[0].duplicate) = (Some("100.00"), false);
    let judgement = check_rule(&world, &[("ID04", "1001", "")]);
    assert_eq!(only(&judgement, "ID04").field, "employee_id");
}
