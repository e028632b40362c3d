//! Both proofs in any world.

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::rules::Judgement;
use crate::rules::tests::check_sound;
use crate::rules::tests::oyster_world::{engagement, enrollment, seen};
use crate::rules::tests::world::{Benefit, Deduction, World, benefit, deduction, person, user};
use crate::snapshot::Outcome;
use tieout_model::control::ControlTotal;
use tieout_payroll::settings::DeductionLayout;

/// What happens to one employee of a random world, by small numbers.
type Fate = (u8, u8, u8, u8, u8, u8);

const CODES: [&str; 7] = ["MED", "DEN", "PEN", "LIFE", "CYC", "GYM", "401K"];
const KEYS: [&str; 7] = ["_Medical", "_Dental", "_Pension", "_LifeInsurance", "_CycleToWork", "_Travel", "_Wellbeing"];
const AMOUNTS: [&str; 6] = ["", "0.00", "10.00", "10.01", "25.00", "-3.10"];
const ANNUAL: [&str; 5] = ["", "240.00", "240.24", "600.00", "1000.00"];

fn a_line(id: &str, pick: u8, amount: u8) -> Option<Deduction> {
    let [ee, er] = [amount, amount / 6].map(|n| AMOUNTS[usize::from(n) % AMOUNTS.len()]);
    let mut line = deduction(id, CODES[usize::from(pick) % CODES.len()], ee, er);
    line.currency = if amount.is_multiple_of(23) { "GBP" } else { "USD" };
    line.duplicate = amount.is_multiple_of(13);
    (line.ee.is_some() || line.er.is_some()).then_some(line)
}

fn a_benefit(id: &str, pick: u8, amount: u8, state: u8) -> Benefit {
    let [ee, er] = [amount, amount / 5].map(|n| ANNUAL[usize::from(n) % ANNUAL.len()]);
    let mut benefit = benefit(id, KEYS[usize::from(pick) % KEYS.len()], ee, er);
    benefit.status = match state % 16 {
        0 => Some("LAPSED"),
        1 => None,
        2 | 3 => Some("PENDING"),
        _ => Some("ACTIVE"),
    };
    benefit.since =
        [Some("2025-01-01"), Some("2026-03-20"), Some("2026-05-01"), None, None][usize::from(state / 16) % 5];
    benefit.changed = [None, None, Some("2026-04-02")][usize::from(state / 4) % 3];
    benefit.faults = (state == 99).then_some("ee_annual");
    benefit.currencies[0] = match amount / 8 % 24 {
        0 => Some("GBP"),
        1 => None,
        2 => Some("US$"),
        _ => Some("USD"),
    };
    benefit
}

fn add_employee(world: &mut World, number: usize, fate: Fate) {
    let (kind, first, amount, second, state, third) = fate;
    let id = if kind % 17 == 0 { format!("0{}", 100 + number / 2) } else { format!("{}", 100 + number) };
    if world.people.iter().any(|p| p.id == id) || world.users.iter().any(|u| u.id == id) {
        return;
    }
    if kind % 5 != 1 {
        let mut row = person(&id);
        row.left = (kind % 7 == 3).then_some("2026-01-31");
        row.hired = (kind % 11 == 2).then_some("2026-03-25");
        row.salary = (kind % 3 != 0).then_some("60000.00");
        world.people.push(row);
        let lines = [(first, amount), (first.wrapping_add(1 + second % 5), third)];
        let lines = lines.into_iter().filter_map(|(pick, amount)| a_line(&id, pick, amount));
        let kept: Vec<_> = lines.collect();
        world.deductions.extend(kept);
    }
    if kind % 6 != 2 {
        let mut row = user(&id);
        row.left = (kind % 13 == 4).then_some("2026-02-15");
        row.pay_periods = [Some(24), Some(24), Some(12), Some(24), None][usize::from(kind / 50) % 5];
        row.faults = (kind == 200).then_some("leave_date");
        world.users.push(row);
        world.benefits.push(a_benefit(&id, first, amount, state));
        world.benefits.push(a_benefit(&id, second, third, state.wrapping_mul(3)));
    }
    match kind % 19 {
        0 => drop(world.outcomes.insert(id, (Outcome::Unverified, Some("not fetched"), kind % 2 == 0))),
        1 if kind % 6 == 2 => world.outcomes.insert(id, (Outcome::NotFound, None, true)).map_or((), drop),
        _ => {}
    }
}

fn a_world(fates: &[Fate], with_prior: bool) -> World {
    let mut world = World::empty();
    for (number, fate) in fates.iter().enumerate() {
        add_employee(&mut world, number, *fate);
    }
    if with_prior {
        let mut before = world.benefits.clone();
        before.retain(|b| b.key != "_Pension");
        for benefit in &mut before {
            (benefit.ee, benefit.er) = (Some("240.00"), None);
        }
        world.prior = Some((world.users.clone(), before));
    }
    world
}

/// What happens to one engagement of a random world, by small numbers.
type Engaged = (u8, u8, u8, u8, u8, u8);

const PLANS: [&str; 5] = ["P1", "P2", "P3", "P7", "P9"];
const STATES: [&str; 9] =
    ["ENROLLED", "REQUESTED", "APPLIED", "IN_PROGRESS", "PROVISIONED", "CANCELED", "FINISHED", "OPTED_OUT", "PAUSED"];
const DAYS: [&str; 6] = ["2026-01-05", "2026-02-27", "2026-03-01", "2026-03-20", "2026-04-02", "2026-04-05"];

fn pick<const N: usize>(all: [&'static str; N], number: u8) -> &'static str {
    all[usize::from(number) % N]
}

/// An engagement with up to three enrollments, tied to an employee of the world, a new one, nobody or several.
fn add_engagement(world: &mut World, number: usize, fate: Engaged) {
    let (kind, tie, plan, state, day, odd) = fate;
    let mut row = engagement(&format!("e{number}"));
    row.kind = (kind % 25 != 1).then_some(if kind % 5 == 0 { "CONTRACT" } else { "EMPLOYMENT" });
    row.unverified = (kind % 7 == 3).then_some("3 attempts failed, last 503");
    row.modified = [Some("2026-01-10"), Some("2026-01-11"), Some("2026-04-02"), None][usize::from(kind / 7) % 4];
    row.start = [Some("2024-01-01"), Some("2026-03-20"), None][usize::from(kind / 21) % 3];
    row.last = [None, None, Some("2026-03-10"), Some("2026-03-20")][usize::from(kind / 63) % 4];
    row.faults = (odd == 7).then_some("last_day");
    row.email = (tie % 6 == 5).then(|| format!("p{}@example.com", tie % 4));
    let employee = match tie % 6 {
        0 | 1 => world.people.get(usize::from(tie) % world.people.len().max(1)).map(|p| p.id.clone()),
        2 => Some(format!("{}", 100 + usize::from(tie) % 20)),
        3 => Some(format!("o{number}")),
        _ => None,
    };
    if let Some(employee) = employee {
        world.link(&employee, if odd % 31 == 5 { "e0" } else { &row.id });
        if tie % 4 == 0 && !world.people.iter().any(|p| p.id == employee) {
            world.people.push(person(&employee));
        }
        if world.people.iter().any(|p| p.id == employee) && odd % 3 != 0 {
            let mut line =
                deduction(&employee, ["OYH", "OYP"][usize::from(plan) % 2], AMOUNTS[usize::from(odd) % 6], "");
            line.er = [None, Some("20.00"), Some("3.00")][usize::from(odd / 6) % 3];
            line.currency = if odd % 19 == 4 { "EUR" } else { "USD" };
            line.duplicate = odd % 29 == 8;
            let there =
                world.deductions.iter().any(|d| (&d.id, d.code, d.currency) == (&line.id, line.code, line.currency));
            if !there && (line.ee.is_some() || line.er.is_some()) {
                world.deductions.push(line);
            }
        }
    }
    let readable = row.unverified.is_none();
    world.engagements.push(row);
    for at in 0..if readable { plan % 4 } else { 0 } {
        let mut row = enrollment(&format!("e{number}"), pick(PLANS, plan / 4 + at));
        row.id = format!("{}-{at}", row.id);
        row.state = pick(STATES, state.wrapping_add(at)).to_owned();
        row.plan = row.plan.filter(|_| odd != 77);
        row.share = [Some("40"), Some("40"), Some("100"), Some("0"), None][usize::from(state / 9) % 5];
        row.share_dependents = (day % 16 == 9).then_some("30");
        row.max_dependents = (day % 16 == 10).then_some(2);
        row.anomalies = (day % 16 == 11).then_some("teamMember 0.55 where percents are due");
        row.price = [Some("100.00"), Some("33.33"), Some("50.01"), None][usize::from(day / 16) % 4];
        row.currency = match odd / 16 {
            3 => Some("EUR"),
            7 => None,
            11 => Some("??"),
            _ => Some("USD"),
        };
        row.faults = (odd == 99).then_some("price");
        let before = seen(DAYS[usize::from(day) % 3], pick(STATES, day / 3), day % 2 == 0);
        let tonight = seen(DAYS[usize::from(state) % 6], &row.state, day % 3 == 0);
        row.seen = [before, tonight].into_iter().skip(usize::from(state % 2)).collect();
        world.enrollments.push(row);
    }
}

fn an_oyster_world(fates: &[Fate], engaged: &[Engaged], how: u8) -> World {
    let mut world = a_world(fates, false).with_oyster();
    world.as_of = super::world::date("2026-04-06");
    world.oyster().match_email = how.is_multiple_of(2);
    world.list_fault = (how % 5 == 4).then_some("page 3 failed");
    for (number, fate) in engaged.iter().enumerate() {
        add_engagement(&mut world, number, *fate);
    }
    for (number, person) in world.people.iter_mut().enumerate() {
        person.email = ["p0@example.com", "p1@example.com", "p2@example.com", ""].get(number % 7).copied();
    }
    world
}

/// Every cent of both sources is in the totals of its currency.
fn sums(judgement: &Judgement) -> i128 {
    judgement.control_totals.iter().map(|t: &ControlTotal| t.payroll).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_line_has_one_place_and_the_money_ties_out(
        fates in prop::collection::vec(any::<Fate>(), 0..24),
        with_prior in any::<bool>(),
    ) {
        let world = a_world(&fates, with_prior);
        let judgement = world.judge();
        check_sound(&world, &judgement);
        let taken = world.deductions.iter().flat_map(|d| [d.ee, d.er]).flatten().map(super::world::amount);
        prop_assert_eq!(sums(&judgement), taken.map(i128::from).sum::<i128>());
        let rows = |source: &str| judgement.dispositions.iter().find(|d| d.source == source).map(|d| d.rows);
        prop_assert_eq!(rows("payroll lines"), Some(world.deductions.len() as u64));
        prop_assert_eq!(rows("benefits"), Some(world.benefits.len() as u64));
        prop_assert_eq!(rows("payroll rows"), Some(world.people.len() as u64));
        prop_assert_eq!(&world.judge(), &judgement);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_line_and_engagement_has_one_place_beside_oyster_too(
        fates in prop::collection::vec(any::<Fate>(), 0..12),
        engaged in prop::collection::vec(any::<Engaged>(), 0..12),
        how in any::<u8>(),
    ) {
        let world = an_oyster_world(&fates, &engaged, how);
        let judgement = world.judge();
        check_sound(&world, &judgement);
        let taken = world.deductions.iter().flat_map(|d| [d.ee, d.er]).flatten().map(super::world::amount);
        prop_assert_eq!(sums(&judgement), taken.map(i128::from).sum::<i128>());
        let rows = |source: &str| judgement.dispositions.iter().find(|d| d.source == source).map(|d| d.rows);
        prop_assert_eq!(rows("payroll lines"), Some(world.deductions.len() as u64));
        prop_assert_eq!(rows("benefits"), Some(world.benefits.len() as u64));
        prop_assert_eq!(rows("engagements"), Some(world.engagements.len() as u64));
        prop_assert_eq!(rows("enrollments"), Some(world.enrollments.len() as u64));
        prop_assert_eq!(&world.judge(), &judgement);
    }

    #[test]
    fn nothing_of_oyster_is_said_on_a_night_that_did_not_read_it(
        fates in prop::collection::vec(any::<Fate>(), 0..12),
        engaged in prop::collection::vec(any::<Engaged>(), 0..12),
    ) {
        let mut world = an_oyster_world(&fates, &engaged, 1);
        world.oyster_read = false;
        let judgement = world.judge();
        check_sound(&world, &judgement);
        let oysters = |code: &str| ["ID03", "EN07", "EN08", "EN09", "EN10", "EN15", "AM14", "AM15", "AM16"].contains(&code);
        prop_assert!(judgement.findings.iter().all(|f| !oysters(f.code.name())), "{:?}", judgement.findings);
    }
}

#[test]
fn the_random_worlds_reach_every_code_of_oyster() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let fates = prop::collection::vec(any::<Fate>(), 4..12);
    let engaged = prop::collection::vec(any::<Engaged>(), 4..12);
    let mut missing = std::collections::BTreeSet::from([
        "ID03", "ID04", "CU01", "CT02", "CT11", "EN02", "EN07", "EN08", "EN09", "EN10", "EN13", "EN15", "AM14", "AM15",
        "AM16",
    ]);
    for how in 0..=u8::MAX {
        let fates = fates.new_tree(&mut runner).expect("no filter").current();
        let engaged = engaged.new_tree(&mut runner).expect("no filter").current();
        let judgement = an_oyster_world(&fates, &engaged, how).judge();
        let told = judgement.findings.iter().filter(|f| f.evidence.iter().any(|e| e.source == "oyster"));
        told.for_each(|f| _ = missing.remove(f.code.name()));
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn money_that_the_reader_summed_and_no_line_holds_breaks_the_run() {
    let mut world = World::clean();
    world.lost = 1;
    let judgement = world.judge();
    assert_eq!(judgement.broken, ["_Medical USD employee: the totals do not tie out"]);
    let finding = super::only(&judgement, "CT04");
    assert_eq!((finding.field.as_str(), finding.system_value.as_str()), ("residual", "0.0001 USD"));
}

#[test]
fn a_row_that_the_reader_counted_and_nobody_holds_breaks_the_run() {
    let mut world = World::clean();
    world.rows_read = 1;
    let judgement = world.judge();
    assert_eq!(judgement.broken, ["payroll rows: 1 rows ended nowhere or twice"]);
    assert_eq!(super::only(&judgement, "CT10").field, "rows");
    world.people[0].salary = Some("61000.00");
    assert!(world.judge().person_values["1001"].blocked);
}

#[test]
fn a_person_has_a_row_of_their_own_beside_a_second_file_of_deductions() {
    let mut world = World::clean();
    world.people.push(person("1002"));
    world.users.push(user("1002"));
    world.prior = Some((world.users.clone(), world.benefits.clone()));
    world.deductions.push(deduction("1001", "DEN", "25.00", ""));
    world.job.payroll.layout = DeductionLayout::Long {
        file: Some("deductions.csv".into()),
        employee_id: String::new(),
        code: String::new(),
        employee_amount: String::new(),
        employer_amount: Some(String::new()),
        currency: None,
        details: Default::default(),
    };
    let judgement = world.judge();
    check_sound(&world, &judgement);
    let rows = judgement.dispositions.iter().find(|d| d.source == "payroll rows").expect("always there");
    assert_eq!((rows.rows, rows.finding, rows.matched, rows.out_of_scope), (4, 3, 1, 0));
}

#[test]
fn an_ignored_code_is_ignored_in_the_totals_too() {
    let mut world = World::clean();
    world.job.deductions.ignored_codes.insert("MED".to_owned(), "another provider".to_owned());
    let judgement = world.judge();
    check_sound(&world, &judgement);
    let total = &judgement.control_totals[0];
    assert_eq!((total.benefit.as_str(), total.payroll, total.out_of_scope), ("(MED)", 1_000_000, 1_000_000));
}
