//! Existence, timing and currency of lines.

use crate::rules::tests::world::{World, amount, benefit, date, deduction, person, user};
use crate::rules::tests::{check_rule, only, out_of_scope, unverified, variances};
use crate::scheme::{FirstDeduction, Proration, Scheme, SchemeEntry};
use crate::settings::CoverageEnd;
use tieout_model::finding::Payer::{Employee, Employer};
use tieout_model::money::Money;

#[test]
fn who_agrees_in_everything_has_no_finding() {
    let judgement = check_rule(&World::clean(), &[]);
    assert!(judgement.unverified.is_empty() && judgement.out_of_scope.is_empty(), "{judgement:?}");
    let sums: Vec<_> = judgement.control_totals.iter().map(|t| (t.payer, t.payroll, t.expected, t.tolerated)).collect();
    assert_eq!(sums, [(Employee, 1_000_000, 1_000_000, 0), (Employer, 2_000_000, 2_000_000, 0)]);
}

#[test]
fn a_deduction_without_cover_is_en02_and_a_written_zero_is_not() {
    let mut world = World::clean();
    world.prior = Some((world.users.clone(), world.benefits.clone()));
    world.deductions.push(deduction("1001", "DEN", "25.00", ""));
    let judgement = check_rule(&world, &[("EN02", "1001", "_Dental")]);
    let finding = only(&judgement, "EN02");
    assert_eq!(variances(finding), [("_Dental", Employee, 250_000, 0)]);
    assert_eq!(finding.period_exposure.map(|e| e.0), Some(Money(-250_000)));
    assert_eq!(finding.run_rate.map(|e| e.0), Some(Money(-250_000 * 24)));
    assert!(
        finding.sentence.contains("Payroll took 25.00 USD of the employee for _Dental in 2026-03-16 to 2026-03-31")
    );
    world.deductions[1].ee = Some("0.00");
    check_rule(&world, &[]);
}

#[test]
fn what_an_older_snapshot_alone_could_tell_of_cover_is_unverified_without_one() {
    let mut world = World::clean();
    world.deductions.push(deduction("1001", "DEN", "25.00", ""));
    let judgement = check_rule(&world, &[]);
    assert!(judgement.unverified.iter().any(|aside| aside.benefit == "_Dental" && aside.reason.contains("cut-off")));
    // Whom the older snapshot does not know either, it says nothing of.
    world.prior = Some((Vec::new(), Vec::new()));
    check_rule(&world, &[]);
}

#[test]
fn a_pending_or_ended_benefit_is_no_cover() {
    for status in ["PENDING", "Ended"] {
        let mut world = World::clean();
        world.benefits[0].status = Some(status);
        check_rule(&world, &[("EN02", "1001", "_Medical")]);
        world.deductions.clear();
        check_rule(&world, &[]);
    }
}

#[test]
fn a_live_benefit_without_a_line_is_en01_but_a_written_zero_is_a_wrong_amount() {
    let mut world = World::clean();
    world.deductions.clear();
    let judgement = check_rule(&world, &[("EN01", "1001", "_Medical")]);
    let finding = only(&judgement, "EN01");
    // Nobody has a line of it, so the layout of the file says that employer amounts exist.
    assert_eq!(variances(finding), [("_Medical", Employee, 0, 1_000_000), ("_Medical", Employer, 0, 2_000_000)]);
    assert_eq!(finding.period_exposure.map(|e| e.0), Some(Money(3_000_000)));
    assert!(finding.sentence.contains("with 100.00 USD of the employee and 200.00 USD of the employer due"));
    assert!(finding.sentence.contains("start both"), "{}", finding.sentence);
    world.deductions.push(deduction("1001", "MED", "0.00", ""));
    world.people.push(person("1002"));
    world.users.push(user("1002"));
    world.deductions.push(deduction("1002", "MED", "100.00", "200.00"));
    world.benefits.push(benefit("1002", "_Medical", "2400.00", "4800.00"));
    check_rule(&world, &[("AM01", "1001", "_Medical"), ("AM02", "1001", "_Medical")]);
}

#[test]
fn a_benefit_with_nothing_due_needs_no_line() {
    let mut world = World::clean();
    world.benefits.push(benefit("1001", "_LifeInsurance", "", ""));
    check_rule(&world, &[]);
}

#[test]
fn a_leaver_on_both_sides_has_both_findings_and_the_deduction_holds_the_money() {
    let mut world = World::clean();
    world.users[0].left = Some("2026-02-10");
    world.people[0].left = Some("2026-02-10");
    let judgement = check_rule(&world, &[("EN05", "1001", "_Medical"), ("EN04", "1001", "_Medical")]);
    let [enrolled, deducted] = ["EN04", "EN05"].map(|code| only(&judgement, code));
    assert!(enrolled.variances.is_empty());
    // Payroll took 100 and 200: nothing is under-collected, and all of it is owed back.
    assert_eq!(enrolled.period_exposure, None);
    assert_eq!(deducted.period_exposure.map(|e| e.0), Some(Money(-3_000_000)));
    assert_eq!(deducted.variances.len(), 2);
    world.deductions.clear();
    let judgement = check_rule(&world, &[("EN04", "1001", "_Medical")]);
    assert_eq!(only(&judgement, "EN04").variances.len(), 2);
    world.benefits[0].status = Some("ENDED");
    check_rule(&world, &[]);
}

#[test]
fn cover_ends_by_the_rule_of_the_job() {
    let mut world = World::clean();
    (world.users[0].left, world.people[0].left) = (Some("2026-03-02"), Some("2026-03-02"));
    check_rule(&world, &[]);
    world.job.rules.coverage_end = Some(CoverageEnd::LeaveDate);
    check_rule(&world, &[("EN05", "1001", "_Medical"), ("EN04", "1001", "_Medical")]);
    world.job.rules.coverage_end = Some(CoverageEnd::DaysAfter(14));
    check_rule(&world, &[]);
}

#[test]
fn a_leaver_off_payroll_is_still_enrolled() {
    let mut world = World::clean();
    (world.people, world.deductions) = (Vec::new(), Vec::new());
    world.users[0].left = Some("2026-01-15");
    check_rule(&world, &[("EN04", "1001", "_Medical")]);
}

#[test]
fn codes_and_keys_without_a_mapping_are_one_finding_each_over_everybody() {
    let mut world = World::clean();
    for id in ["1002", "1003"] {
        world.people.push(person(id));
        world.users.push(user(id));
        world.deductions.push(deduction(id, "GYM", "10.00", ""));
        world.benefits.push(benefit(id, "_Travel", "240.00", "120.00"));
    }
    let judgement = check_rule(&world, &[("EN13", "", "(GYM)"), ("EN13", "", "_Travel")]);
    let of = |benefit| judgement.findings.iter().find(|f| f.benefit == benefit).expect("one each");
    assert_eq!(variances(of("(GYM)")), [("(GYM)", Employee, 200_000, 0)]);
    assert_eq!(variances(of("_Travel")), [("_Travel", Employee, 0, 200_000), ("_Travel", Employer, 0, 100_000)]);
}

#[test]
fn a_code_of_the_job_in_another_case_is_one_finding_and_nobody_is_accused() {
    for code in ["med", "M ED"] {
        let mut world = World::clean();
        world.deductions[0].code = code;
        let label = format!("({code})");
        let judgement = check_rule(&world, &[("EN13", "", &label)]);
        let sentence = &only(&judgement, "EN13").sentence;
        assert!(sentence.contains("The job maps MED, which differs only in case or blanks"), "{sentence}");
        assert!(judgement.unverified.iter().any(|aside| aside.benefit == "_Medical"), "{judgement:?}");
        // Of whom that code has nothing, the deduction is missing all the same.
        world.people.push(person("1002"));
        world.users.push(user("1002"));
        world.benefits.push(benefit("1002", "_Medical", "2400.00", "4800.00"));
        check_rule(&world, &[("EN13", "", &label), ("EN01", "1002", "_Medical")]);
    }
}

#[test]
fn a_part_of_a_deduction_under_its_code_in_another_case_is_not_too_little() {
    let mut world = World::clean();
    world.deductions[0].ee = Some("60.00");
    world.deductions.push(deduction("1001", "Med", "40.00", ""));
    let judgement = check_rule(&world, &[("EN13", "", "(Med)")]);
    assert!(judgement.unverified.iter().any(|aside| aside.benefit == "_Medical"), "{judgement:?}");
    // Whoever paid in full has no part of it there.
    world.deductions[0].ee = Some("100.00");
    let judgement = check_rule(&world, &[("EN13", "", "(Med)")]);
    assert!(judgement.unverified.is_empty(), "{judgement:?}");
}

#[test]
fn what_the_job_leaves_out_is_out_of_scope_with_its_reason() {
    let mut world = World::clean();
    world.deductions.push(deduction("1001", "401K", "500.00", ""));
    world.benefits.push(benefit("1001", "_Wellbeing", "120.00", ""));
    let judgement = check_rule(&world, &[]);
    let reasons = out_of_scope(&judgement);
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons.contains(&("", "(401K)", "left out by the job: not a benefit of Benifex (1 line)")));
}

#[test]
fn a_late_change_is_tm07_when_payroll_has_what_was_right_before() {
    let mut world = World::clean();
    let before = (world.users.clone(), world.benefits.clone());
    world.benefits[0].ee = Some("3600.00");
    world.benefits[0].changed = Some("2026-04-02");
    let judgement = check_rule(&world, &[]);
    assert_eq!(unverified(&judgement), [("1001", "changed after the cut-off; no snapshot from before it")]);
    world.prior = Some(before);
    let judgement = check_rule(&world, &[("TM07", "1001", "_Medical")]);
    let finding = only(&judgement, "TM07");
    assert_eq!(variances(finding)[0], ("_Medical", Employee, 1_000_000, 1_500_000));
    assert_eq!(finding.also, [tieout_model::finding::Code::AM01]);
    assert_eq!(finding.period_exposure.map(|e| e.0), Some(Money::units(50)));
    assert_eq!(finding.run_rate, None, "it clears with the next period");
    world.deductions[0].ee = Some("110.00");
    check_rule(&world, &[("AM01", "1001", "_Medical")]);
    world.benefits[0].changed = Some("2026-03-31");
    world.deductions[0].ee = Some("100.00");
    check_rule(&world, &[("AM01", "1001", "_Medical")]);
}

#[test]
fn what_the_employer_alone_paid_is_no_refund_to_the_employee() {
    let mut world = World::clean();
    world.benefits.clear();
    world.prior = Some((world.users.clone(), Vec::new()));
    let said = |world: &World| only(&check_rule(world, &[("EN02", "1001", "_Medical")]), "EN02").sentence.clone();
    let both = "Payroll took 100.00 USD of the employee and 200.00 USD of the employer for _Medical";
    assert!(said(&world).starts_with(both) && said(&world).contains("stop both and pay them back"));
    world.deductions[0].ee = None;
    let alone = "Payroll took 200.00 USD of the employer for _Medical";
    assert!(said(&world).starts_with(alone) && said(&world).contains("stop the contribution and take it back"));
}

#[test]
fn an_election_or_an_end_after_the_cutoff_is_late_as_well() {
    let mut world = World::clean();
    world.prior = Some((world.users.clone(), Vec::new()));
    world.benefits[0].changed = Some("2026-04-01");
    world.deductions.clear();
    check_rule(&world, &[("TM07", "1001", "_Medical")]);
    let mut world = World::clean();
    world.prior = Some((world.users.clone(), world.benefits.clone()));
    world.benefits.clear();
    check_rule(&world, &[("TM07", "1001", "_Medical")]);
    world.prior = Some((world.users.clone(), Vec::new()));
    check_rule(&world, &[("EN02", "1001", "_Medical")]);
}

#[test]
fn a_late_change_of_somebody_whom_the_prior_snapshot_does_not_know_is_unverified() {
    let mut world = World::clean();
    world.prior = Some((vec![user("0999")], Vec::new()));
    world.benefits[0].ee = Some("3600.00");
    world.benefits[0].changed = Some("2026-04-02");
    let judgement = check_rule(&world, &[]);
    assert_eq!(unverified(&judgement).len(), 1);
}

#[test]
fn of_a_part_of_a_period_what_any_practice_takes_is_right() {
    let mut world = World::clean();
    // Twelve of sixteen days.
    world.benefits[0].since = Some("2026-03-20");
    world.deductions[0].ee = Some("75.00");
    check_rule(&world, &[]);
    // Nobody takes 30.00; but other cover of somebody who is not new may have ended that day.
    world.deductions[0].ee = Some("30.00");
    assert_eq!(unverified(&check_rule(&world, &[])).len(), 1);
    (world.people[0].hired, world.users[0].started) = (Some("2026-03-20"), Some("2026-03-20"));
    let judgement = check_rule(&world, &[("AM08", "1001", "_Medical")]);
    let finding = only(&judgement, "AM08");
    assert_eq!(finding.period_exposure.map(|e| e.0), Some(Money(-300_000)));
    assert!(finding.sentence.contains("75.00 USD by calendar days"), "{}", finding.sentence);
    world.benefits[0].since = Some("2026-03-16");
    check_rule(&world, &[("AM01", "1001", "_Medical")]);
    world.benefits[0].since = Some("2026-03-20");
    world.deductions.clear();
    check_rule(&world, &[]);
}

#[test]
fn of_a_part_of_a_period_a_stated_rule_is_exact() {
    let mut world = World::clean();
    world.benefits[0].since = Some("2026-03-20");
    let rule = |proration| Scheme { proration: Some(proration), ..Scheme::default() };
    let entry =
        |scheme| SchemeEntry { pay_group: None, benefit: Some("_Medical".to_owned()), scheme, dates_file: None };
    world.job.schemes = vec![entry(rule(Proration::CalendarDays))];
    (world.deductions[0].ee, world.deductions[0].er) = (Some("75.00"), Some("150.00"));
    check_rule(&world, &[]);
    // Other cover of somebody who is not new may have cost the rest.
    world.deductions[0].ee = Some("100.00");
    assert_eq!(unverified(&check_rule(&world, &[])).len(), 1);
    (world.people[0].hired, world.users[0].started) = (Some("2026-03-20"), Some("2026-03-20"));
    let judgement = check_rule(&world, &[("AM08", "1001", "_Medical")]);
    assert_eq!(only(&judgement, "AM08").period_exposure.map(|e| e.0), Some(Money(-250_000)));
    let next = Scheme { first_deduction: Some(FirstDeduction::NextPay), ..Scheme::default() };
    world.job.schemes = vec![entry(next)];
    world.deductions.clear();
    check_rule(&world, &[]);
}

#[test]
fn a_benefit_that_begins_after_the_period_is_due_nothing_yet() {
    let mut world = World::clean();
    world.benefits[0].since = Some("2026-04-01");
    // What was in force before it, nobody knows.
    assert_eq!(unverified(&check_rule(&world, &[])).len(), 1);
    world.prior = Some((world.users.clone(), world.benefits.clone()));
    let judgement = check_rule(&world, &[("EN11", "1001", "_Medical")]);
    let money = variances(only(&judgement, "EN11"));
    assert_eq!(money, [("_Medical", Employee, 1_000_000, 0), ("_Medical", Employer, 2_000_000, 0)]);
    world.deductions.clear();
    check_rule(&world, &[]);
}

#[test]
fn somebody_on_leave_without_a_deduction_owes_arrears() {
    let mut world = World::clean();
    world.deductions.clear();
    world.people[0].hours = Some("0");
    let judgement = check_rule(&world, &[("TM11", "1001", "_Medical")]);
    assert_eq!(only(&judgement, "TM11").period_exposure.map(|e| e.0), Some(Money(3_000_000)));
    world.people[0].hours = Some("40");
    check_rule(&world, &[("EN01", "1001", "_Medical")]);
}

#[test]
fn amounts_of_two_currencies_are_never_compared() {
    let mut world = World::clean();
    world.benefits[0].currencies = [Some("GBP"); 3];
    let judgement = check_rule(&world, &[("CU01", "1001", "_Medical")]);
    assert!(only(&judgement, "CU01").variances.is_empty());
    let totals: Vec<_> =
        judgement.control_totals.iter().map(|t| (t.currency.code(), t.payer, t.difference(), t.unverified)).collect();
    assert_eq!(totals.len(), 4);
    for (_, _, difference, unverified) in totals {
        assert_eq!(difference, unverified);
    }
    world.benefits[0].currencies = [Some("USD"), Some("USD"), Some("EUR")];
    check_rule(&world, &[("CU01", "1001", "_Medical")]);
    world.benefits[0].currencies = [Some("USD"), Some("US$"), None];
    let judgement = check_rule(&world, &[]);
    assert_eq!(unverified(&judgement), [("1001", "currency unknown")]);
}

#[test]
fn a_benefit_that_payroll_takes_in_two_currencies_is_one_finding() {
    let mut world = World::clean();
    let mut second = deduction("1001", "MED", "90.00", "");
    second.currency = "EUR";
    world.deductions.push(second);
    let judgement = check_rule(&world, &[("CU01", "1001", "_Medical")]);
    let finding = only(&judgement, "CU01");
    assert_eq!((&*finding.payroll_value, &*finding.system_value), ("EUR, USD", "USD"));
}

#[test]
fn several_codes_and_several_elections_of_one_benefit_are_added_up() {
    let mut world = World::clean();
    world.job.deductions.benefit_by_code.insert("GYM".to_owned(), "_Medical".to_owned());
    world.deductions.push(deduction("1001", "GYM", "5.00", "0.00"));
    world.benefits.push(benefit("1001", "_Medical", "120.00", ""));
    let mut ended = benefit("1001", "_Medical", "9999.00", "");
    ended.status = Some("ENDED");
    world.benefits.push(ended);
    let judgement = check_rule(&world, &[]);
    let benefits = judgement.dispositions.iter().find(|d| d.source == "benefits").expect("always there");
    assert_eq!((benefits.rows, benefits.matched), (3, 3));
    assert_eq!(judgement.control_totals[0].payroll, i128::from(amount("105.00")));
    assert_eq!(world.as_of, date("2026-03-31"));
}
