//! Completeness, identity, pay and personal data.

use std::collections::BTreeSet;

use crate::rules::tests::world::{World, amount, benefit, deduction, held, person, user};
use crate::rules::tests::{check_rule, only, out_of_scope, unverified, variances};
use crate::snapshot::Outcome;
use tieout_model::control::BaseLine;
use tieout_model::correction::{BenbaseLedger, Held};
use tieout_model::finding::Payer::{Employee, Employer};
use tieout_model::money::{Currency, Money};
use tieout_model::terms::{Authority, RateBasis};
use tieout_payroll::ControlCheck;
use tieout_payroll::crosswalk::{Linked, Links};

#[test]
fn a_payroll_person_without_a_user_is_id01_unless_new() {
    let mut world = World::clean();
    (world.users, world.benefits) = (Vec::new(), Vec::new());
    world.deductions.push(deduction("1001", "GYM", "5.00", ""));
    let judgement = check_rule(&world, &[("ID01", "1001", "")]);
    let expected =
        [("(GYM)", Employee, 50_000, 0), ("_Medical", Employee, 1_000_000, 0), ("_Medical", Employer, 2_000_000, 0)];
    assert_eq!(variances(only(&judgement, "ID01")), expected);
    world.people[0].hired = Some("2026-03-01");
    let judgement = check_rule(&world, &[]);
    assert_eq!(out_of_scope(&judgement).len(), 2);
    world.people[0].hired = Some("2026-02-28");
    check_rule(&world, &[("ID01", "1001", "")]);
    world.deductions.clear();
    assert!(only(&check_rule(&world, &[("ID01", "1001", "")]), "ID01").variances.is_empty());
}

#[test]
fn a_user_with_a_live_benefit_and_no_payroll_row_is_id02_unless_new() {
    let mut world = World::clean();
    (world.people, world.deductions) = (Vec::new(), Vec::new());
    let judgement = check_rule(&world, &[("ID02", "1001", "")]);
    assert_eq!(
        variances(only(&judgement, "ID02")),
        [("_Medical", Employee, 0, 1_000_000), ("_Medical", Employer, 0, 2_000_000)]
    );
    world.users[0].started = Some("2026-03-16");
    check_rule(&world, &[]);
    world.users[0].started = Some("2020-01-01");
    world.benefits[0].status = Some("PENDING");
    let judgement = check_rule(&world, &[]);
    assert_eq!(out_of_scope(&judgement), [("1001", "_Medical", "not on payroll, and has left or has no live benefit")]);
}

#[test]
fn nobody_is_called_missing_who_could_not_be_read() {
    let mut world = World::clean();
    (world.users, world.benefits) = (Vec::new(), Vec::new());
    let reason = "benefits not fetched: 3 attempts failed, last 503";
    world.outcomes.insert("1001".to_owned(), (Outcome::Unverified, Some(reason), false));
    let judgement = check_rule(&world, &[("CT02", "1001", "")]);
    assert_eq!(unverified(&judgement), [("1001", reason)]);
    assert_eq!(only(&judgement, "CT02").payroll_value, "100.00 USD");
    assert!(!judgement.verified.clears("1001", "_Medical") && !judgement.verified.clears("", "_Medical"));
    assert!(judgement.verified.clears("1002", "_Medical"));
    world.outcomes.insert("1001".to_owned(), (Outcome::NotFound, None, true));
    let judgement = world.judge();
    assert!(judgement.findings.iter().all(|f| ["CT02", "CT03"].contains(&f.code.name())), "{:?}", judgement.findings);
    assert_eq!(judgement.findings.len(), 2);
}

#[test]
fn a_payroll_id_that_the_snapshot_does_not_hold_is_unverified() {
    let mut world = World::clean();
    world.people.push(person("2002"));
    world.deductions.push(deduction("2002", "MED", "100.00", "200.00"));
    world.strangers.push("2002");
    let judgement = check_rule(&world, &[]);
    assert_eq!(unverified(&judgement), [("2002", "not in the snapshot")]);
}

#[test]
fn an_inconsistent_page_walk_is_one_finding_and_blocks_its_people() {
    let mut world = World::clean();
    world.outcomes.insert("1001".to_owned(), (Outcome::Found, None, true));
    world.people[0].salary = Some("61000.00");
    world.ledger = BenbaseLedger::default();
    let judgement = check_rule(&world, &[("CT03", "", ""), ("CO01", "1001", "")]);
    assert!(judgement.person_values["1001"].blocked);
}

#[test]
fn ids_that_differ_only_in_writing_are_id05_and_never_joined() {
    let mut world = World::clean();
    world.people[0].id = "01001".to_owned();
    world.deductions[0].id = "01001".to_owned();
    let judgement = check_rule(&world, &[("ID05", "01001", "")]);
    let finding = only(&judgement, "ID05");
    assert_eq!((finding.payroll_value.as_str(), finding.system_value.as_str()), ("01001", "1001"));
    assert_eq!(variances(finding)[0], ("_Medical", Employee, 1_000_000, 1_000_000));
    // A second candidate: nobody knows which, so none of the three is called missing.
    world.users.push(user("001001"));
    world.benefits.push(benefit("001001", "_Medical", "2400.00", "4800.00"));
    let judgement = check_rule(&world, &[]);
    let unverified: BTreeSet<&str> = judgement.unverified.iter().map(|aside| aside.employee_id.as_str()).collect();
    assert_eq!(unverified, ["01001", "1001", "001001"].into());
}

#[test]
fn somebody_linked_twice_is_blocked_and_not_compared() {
    let mut world = World::clean();
    world.crosswalk.rows = Links::default();
    world.crosswalk.ambiguous.push("1001".to_owned());
    world.people[0].salary = Some("61000.00");
    let judgement = check_rule(&world, &[("ID04", "1001", "")]);
    assert_eq!(only(&judgement, "ID04").field, "benbase_id");
}

#[test]
fn a_correction_without_a_usable_benbase_id_is_id08() {
    let mut world = World::clean();
    world.people[0].salary = Some("61000.00");
    world.crosswalk.rows = Links::default();
    let judgement = check_rule(&world, &[("CO01", "1001", ""), ("ID08", "1001", "")]);
    assert!(judgement.person_values["1001"].blocked);
    let employer = Linked { benbase_id: Some("er_1"), oyster_engagement_id: None, ..Linked::default() };
    world.crosswalk.rows = Links::from_iter([("1001", employer)]);
    check_rule(&world, &[("CO01", "1001", ""), ("ID08", "1001", "")]);
    world.people[0].country = "GB";
    check_rule(&world, &[("CO01", "1001", "")]);
}

#[test]
fn a_broken_control_total_is_ct01_and_blocks_everybody() {
    let mut world = World::clean();
    world.people[0].salary = Some("61000.00");
    world.ledger = BenbaseLedger::default();
    let usd = Currency::parse("USD");
    let check = |what: &str, stated, found, currency| ControlCheck {
        source: "control file".to_owned(),
        what: what.to_owned(),
        stated,
        found,
        currency,
    };
    world.controls = vec![check("ee_amount MED USD", 2_000_000, 1_000_000, usd), check("rows", 1, 1, None)];
    let judgement = check_rule(&world, &[("CT01", "", "(MED)"), ("CO01", "1001", "")]);
    let finding = only(&judgement, "CT01");
    assert_eq!((finding.field.as_str(), finding.system_value.as_str()), ("ee_amount_MED_USD", "200.00 USD"));
    assert!(judgement.person_values["1001"].blocked);
}

#[test]
fn a_swing_of_headcount_or_totals_is_ct06_only_above_the_least_headcount() {
    let mut world = World::clean();
    let mut last = BaseLine::of(1, &world.judge().control_totals);
    assert_eq!(last.totals.get("_Medical USD").map(String::as_str), Some("3000000"));
    last.population = 20;
    world.last_good = Some(last.clone());
    check_rule(&world, &[("CT06", "", "")]);
    last.totals.insert("_Medical USD".to_owned(), "9000000".to_owned());
    world.last_good = Some(last.clone());
    // However far it moved, it is what is due.
    check_rule(&world, &[("CT06", "", "")]);
    last.due = None;
    world.last_good = Some(last.clone());
    // Nobody's line differs.
    check_rule(&world, &[("CT06", "", "")]);
    world.deductions[0].ee = Some("7.00");
    check_rule(&world, &[("AM01", "1001", "_Medical"), ("CT06", "", ""), ("CT06", "", "_Medical")]);
    world.last_good = Some(BaseLine { population: 9, ..last });
    check_rule(&world, &[("AM01", "1001", "_Medical")]);
}

#[test]
fn a_field_that_cannot_be_read_is_ct11_and_stops_its_line() {
    let mut world = World::clean();
    world.benefits[0].status = Some("LAPSED");
    world.deductions[0].ee = Some("7.00");
    let judgement = check_rule(&world, &[("CT11", "1001", "_Medical")]);
    assert_eq!(only(&judgement, "CT11").field, "status");
    assert_eq!(unverified(&judgement).len(), 1);
    assert!(!judgement.verified.clears("1001", "_Medical") && judgement.verified.clears("1001", "_Dental"));
    world.benefits[0].status = Some("ACTIVE");
    world.benefits[0].faults = Some("ee_annual,effective_from");
    let judgement = world.judge();
    let fields: Vec<&str> = judgement.findings.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["ee_annual", "effective_from"]);
}

#[test]
fn an_unreadable_field_of_a_person_stops_only_the_rules_that_need_it() {
    let mut world = World::clean();
    (world.users[0].born, world.users[0].faults) = (None, Some("dob"));
    world.people[0].salary = Some("61000.00");
    world.ledger = BenbaseLedger::default();
    let judgement = check_rule(&world, &[("CT11", "1001", ""), ("CO01", "1001", "")]);
    assert!(judgement.person_values["1001"].unverified);
    let mut world = World::clean();
    (world.people[0].status, world.people[0].unmapped) = (None, Some("employment_status"));
    world.users[0].fte = Some("0.5");
    check_rule(&world, &[("CT11", "1001", "")]);
}

#[test]
fn an_unreadable_leave_date_accuses_nobody_of_missing_on_payroll() {
    let mut world = World::clean();
    (world.people, world.deductions) = (Vec::new(), Vec::new());
    world.users[0].faults = Some("leave_date");
    let judgement = check_rule(&world, &[("CT11", "1001", "")]);
    assert!(unverified(&judgement).contains(&("1001", "leave or start date not readable")));
}

#[test]
fn salaries_differ_beyond_the_greater_tolerance() {
    // 0.01 % of 60,006 is 6.00; 1.00 is less.
    let mut world = World::clean();
    world.ledger = BenbaseLedger::default();
    world.people[0].salary = Some("60006.00");
    check_rule(&world, &[]);
    world.people[0].salary = Some("60006.01");
    let judgement = check_rule(&world, &[("CO01", "1001", "")]);
    let finding = only(&judgement, "CO01");
    assert_eq!(finding.pay_difference.map(|d| d.0), Some(Money(amount("6.01"))));
    assert!(finding.variances.is_empty() && finding.sentence.contains("correct Benifex"));
    let facts = &judgement.person_values["1001"];
    assert_eq!((facts.base_salary, facts.benifex_salary), (Some(Money(600_060_100)), Some(Money(600_000_000))));
    assert!(!facts.blocked && !facts.unverified && facts.benbase_id == Some("bb_1".into()));
}

#[test]
fn an_hourly_rate_is_compared_by_the_year() {
    let mut world = World::clean();
    world.ledger = BenbaseLedger::default();
    world.people[0].basis = "hourly";
    world.people[0].salary = Some("30.00");
    world.people[0].hours = Some("40");
    world.users[0].salary = Some("62400.00");
    check_rule(&world, &[]);
    world.people[0].hours = Some("37.5");
    // Hours that nobody contracted may be those worked: they explain, and accuse nobody.
    assert_eq!(unverified(&check_rule(&world, &[])).len(), 1);
    world.users[0].contracted = Some("37.5");
    check_rule(&world, &[("CO01", "1001", "")]);
    world.users[0].contracted = None;
    world.people[0].hours = None;
    let judgement = check_rule(&world, &[]);
    assert_eq!(unverified(&judgement), [("1001", "contracted hours unknown; the salary is not compared")]);
    world.job.benifex.salary_basis = Some(RateBasis::Hourly);
    world.users[0].salary = Some("30.00");
    check_rule(&world, &[]);
}

#[test]
fn a_salary_without_a_known_currency_is_cu02_and_one_in_another_is_unverified() {
    let mut world = World::clean();
    world.job.benifex.salary_currency_by_pay_group.clear();
    check_rule(&world, &[("CU02", "1001", "")]);
    world.users[0].country_of_work = Some("GB");
    let judgement = check_rule(&world, &[]);
    assert_eq!(unverified(&judgement), [("1001", "salary in another currency")]);
    world.users[0].salary = None;
    check_rule(&world, &[]);
}

#[test]
fn an_equal_salary_since_another_period_is_co02() {
    let mut world = World::clean();
    world.users[0].effective = Some("2026-01-16");
    check_rule(&world, &[]);
    world.users[0].effective = Some("2026-01-17");
    check_rule(&world, &[("CO02", "1001", "")]);
    world.users[0].salary = Some("50000.00");
    check_rule(&world, &[("CO01", "1001", "")]);
}

#[test]
fn frequency_and_status_are_compared_where_both_can_be_said() {
    let mut world = World::clean();
    world.people[0].frequency = Some("monthly");
    world.people[0].status = Some("part_time");
    world.ledger = BenbaseLedger::default();
    check_rule(&world, &[("CO03", "1001", ""), ("CO04", "1001", "")]);
    world.people[0].status = Some("variable_hours");
    world.users[0].pay_periods = Some(13);
    world.deductions[0] = deduction("1001", "MED", "184.62", "369.23");
    check_rule(&world, &[]);
}

#[test]
fn a_leaver_is_not_compared_in_pay() {
    let mut world = World::clean();
    world.people[0].salary = Some("61000.00");
    (world.people[0].left, world.users[0].left) = (Some("2026-01-01"), Some("2026-01-01"));
    (world.deductions, world.benefits) = (Vec::new(), Vec::new());
    check_rule(&world, &[]);
}

#[test]
fn what_benbase_holds_drifts_from_the_authority() {
    let mut world = World::clean();
    world.ledger.insert("bb_1", &Held { pay_amount: Some(Money(1)), ..held() });
    check_rule(&world, &[("CO07", "1001", "")]);
    world.ledger.insert("bb_1", &Held { pay_period: Some("hourly"), pay_amount: Some(Money(1)), ..held() });
    check_rule(&world, &[("CO07", "1001", "")]);
    // Another basis in one source alone is no news.
    world.users[0].salary = None;
    check_rule(&world, &[]);
    world.users[0].salary = Some("60000.00");
    world.ledger.insert("bb_1", &held());
    world.users[0].fte = Some("0.5");
    world.job.rules.compensation_authority = Authority::Benifex;
    check_rule(&world, &[("CO04", "1001", ""), ("CO07", "1001", "")]);
}

#[test]
fn addresses_differ_by_place_and_not_by_writing() {
    let mut world = World::clean();
    world.people[0].line2 = Some("Apt 4");
    let judgement = check_rule(&world, &[("DE01", "1001", "")]);
    let finding = only(&judgement, "DE01");
    assert_eq!((finding.field.as_str(), finding.payroll_value.as_str()), ("address", "****"));
    assert_eq!(judgement.person_values["1001"].line2.as_deref(), Some("Apt 4"));
    world.people[0].line2 = None;
    world.people[0].state = Some("NH");
    check_rule(&world, &[("DE02", "1001", "")]);
    world.people[0].country = "GB";
    check_rule(&world, &[]);
    let mut world = World::clean();
    world.users[0].postcode = Some("02140");
    assert_eq!(only(&check_rule(&world, &[("DE01", "1001", "")]), "DE01").field, "zip");
}

#[test]
fn names_and_birth_dates_differ_without_being_shown() {
    let mut world = World::clean();
    (world.users[0].first, world.users[0].last) = ("STONE,", "mary");
    check_rule(&world, &[]);
    world.users[0].first = "Gertrude";
    world.users[0].last = "Stone";
    let judgement = check_rule(&world, &[("DE04", "1001", "")]);
    let finding = only(&judgement, "DE04");
    assert!(finding.system_value.starts_with("similarity 0.") && finding.payroll_value == "****");
    assert!(!finding.sentence.contains("Stone"));
    world.users[0].preferred = Some("Mary");
    world.users[0].born = Some("1980-04-03");
    let judgement = check_rule(&world, &[("DE05", "1001", "")]);
    assert_eq!(only(&judgement, "DE05").system_value, "day and month swapped");
}

#[test]
fn leave_dates_differ_by_days_or_by_being_there() {
    let mut world = World::clean();
    (world.people[0].left, world.users[0].left) = (Some("2026-06-30"), Some("2026-07-01"));
    check_rule(&world, &[]);
    world.users[0].left = Some("2026-07-02");
    check_rule(&world, &[("DE07", "1001", "")]);
    world.users[0].left = None;
    check_rule(&world, &[]);
    world.people[0].left = Some("2026-03-30");
    check_rule(&world, &[("DE07", "1001", "")]);
}
