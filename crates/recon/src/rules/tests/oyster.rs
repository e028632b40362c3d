//! Oyster: linking, the ladder of its lines, and its codes.

use crate::rules::Judgement;
use crate::rules::tests::oyster_world::{Engagement, Enrollment, engagement, enrollment, seen};
use crate::rules::tests::world::{World, benefit, date, deduction, person, user};
use crate::rules::tests::{check_rule, only, out_of_scope, unverified, variances};
use crate::settings::PricePeriod;
use tieout_model::finding::Payer::{Employee, Employer};
use tieout_model::finding::{Finding, Severity};
use tieout_model::money::Money;
use tieout_model::source::Reject;
use tieout_payroll::crosswalk::{Linked, Links};

const HEALTH: &str = "_OysterHealth";
const LATE_TERMS: &str = "changed after the cut-off; share and price may be younger than the period";

/// Employee 2001: on payroll, not in Benifex, engagement `e1`, health cover in force and charged right.
fn clean() -> World {
    let mut world = World::empty().with_oyster();
    world.people.push(person("2001"));
    world.link("2001", "e1");
    world.engagements.push(engagement("e1"));
    world.enrollments.push(enrollment("e1", "P1"));
    world.deductions.push(deduction("2001", "OYH", "30.00", "20.00"));
    world
}

/// The same, with another state of the enrollment.
fn in_state(state: &str, since: &str) -> World {
    let mut world = clean();
    world.enrollments[0] = enrollment("e1", "P1").now(state, since);
    world
}

fn rows(judgement: &Judgement, source: &str) -> [u64; 4] {
    let of = judgement.dispositions.iter().find(|d| d.source == source).expect("Oyster's rows are placed");
    [of.matched, of.finding, of.out_of_scope, of.unverified]
}

/// The one line is unverified for this reason, and nobody is accused.
#[track_caller]
fn check_unverified(world: &World, reason: &str) {
    let judgement = check_rule(world, &[]);
    assert_eq!(unverified(&judgement), [("2001", reason)]);
    assert!(!judgement.verified.clears("2001", HEALTH));
}

#[test]
fn who_is_charged_what_oyster_says_has_no_finding_though_benifex_does_not_know_them() {
    let judgement = check_rule(&clean(), &[]);
    assert!(judgement.unverified.is_empty() && judgement.out_of_scope.is_empty(), "{judgement:?}");
    let sums: Vec<_> = judgement.control_totals.iter().map(|t| (t.payer, t.payroll, t.expected)).collect();
    assert_eq!(sums, [(Employee, 300_000, 300_000), (Employer, 200_000, 200_000)]);
    assert_eq!((rows(&judgement, "engagements"), rows(&judgement, "enrollments")), ([1, 0, 0, 0], [1, 0, 0, 0]));
    assert_eq!(rows(&judgement, "benefits"), [0; 4]);
    assert!(judgement.verified.complete && judgement.verified.clears("2001", HEALTH));
}

#[test]
fn a_price_a_year_is_divided_by_the_deductions_alone() {
    let mut world = clean();
    world.oyster().price_period = PricePeriod::Year;
    world.enrollments[0].price = Some("1200.00");
    check_rule(&world, &[]);
}

#[test]
fn an_engagement_of_nobody_is_id03_with_what_the_employee_pays_a_year() {
    let mut world = clean();
    world.engagements.push(engagement("e2"));
    world.enrollments.push(enrollment("e2", "P1"));
    world.enrollments.push(enrollment("e2", "P3").now("APPLIED", "2026-03-20"));
    let judgement = check_rule(&world, &[("ID03", "", "")]);
    let finding = only(&judgement, "ID03");
    // 100.00 × 12 × 60 %.
    assert_eq!(finding.run_rate.map(|r| r.0), Some(Money(7_200_000)));
    assert_eq!((finding.field.as_str(), finding.severity), ("engagement e2", Severity::S2));
    assert_eq!((rows(&judgement, "engagements"), rows(&judgement, "enrollments")), ([1, 1, 0, 0], [1, 2, 0, 0]));
    world.enrollments[1].currency = Some("EUR");
    world.enrollments.push(enrollment("e2", "P2"));
    assert_eq!(only(&check_rule(&world, &[("ID03", "", "")]), "ID03").run_rate, None);
}

#[test]
fn an_engagement_of_nobody_that_ended_is_out_of_scope_unless_something_is_in_force() {
    let mut world = clean();
    world.engagements.push(engagement("e2"));
    world.engagements[1].last = Some("2026-03-30");
    let judgement = check_rule(&world, &[]);
    assert_eq!(out_of_scope(&judgement), [("", "", "engagement e2: linked to nobody; ended, nothing in force")]);
    assert_eq!(rows(&judgement, "engagements"), [1, 0, 1, 0]);
    world.enrollments.push(enrollment("e2", "P1"));
    check_rule(&world, &[("ID03", "", "")]);
}

#[test]
fn a_contract_of_nobody_that_its_state_says_is_over_is_out_of_scope_unless_something_is_in_force() {
    let mut world = clean();
    let contract = Engagement { kind: Some("CONTRACT"), state: "FINISHED", ..engagement("e9") };
    world.engagements.push(contract);
    let judgement = check_rule(&world, &[]);
    assert_eq!(rows(&judgement, "engagements"), [1, 0, 1, 0]);
    world.enrollments.push(enrollment("e9", "P1"));
    check_rule(&world, &[("ID03", "", "")]);
    world.enrollments.pop();
    world.engagements[1].state = "IN_PROGRESS";
    check_rule(&world, &[("ID03", "", "")]);
}

#[test]
fn a_link_to_an_engagement_that_a_whole_list_lacks_is_id03_on_the_employee() {
    let mut world = clean();
    world.link("2001", "e7");
    (world.engagements[0].last, world.enrollments) = (Some("2026-01-31"), Vec::new());
    let judgement = check_rule(&world, &[("ID03", "2001", "")]);
    assert!(unverified(&judgement)[0].1.starts_with("no engagement is linked"), "{judgement:?}");
    assert_eq!((only(&judgement, "ID03").field.as_str(), only(&judgement, "ID03").blocks()), ("engagement_id", true));
    world.list_fault = Some("page 3 failed");
    let judgement = check_rule(&world, &[("CT02", "", "")]);
    assert_eq!(unverified(&judgement), [("2001", "the list of engagements is not whole: page 3 failed")]);
    assert!(!judgement.verified.complete && !judgement.verified.clears("2001", ""));
}

#[test]
fn a_list_without_any_engagement_accuses_nobody_who_is_charged_or_linked() {
    let mut world = clean();
    (world.engagements, world.enrollments) = (Vec::new(), Vec::new());
    check_rule(&world, &[("CT02", "", "")]);
    world.crosswalk.rows = Links::default();
    let judgement = check_rule(&world, &[("CT02", "", "")]);
    assert!(unverified(&judgement)[0].1.contains("it shows no engagement at all"), "{judgement:?}");
    assert!(!judgement.verified.complete);
    // Without a charge or a link there is nothing to doubt.
    world.deductions[0] = deduction("2001", "OYH", "0.00", "");
    assert!(check_rule(&world, &[]).verified.complete);
}

#[test]
fn days_that_could_not_be_read_leave_out_what_depends_on_them() {
    let unread = "the first or last day of the engagement could not be read";
    for field in ["last_day", "start_date"] {
        let mut world = clean();
        (world.engagements[0].start, world.engagements[0].faults) = (None, Some(field));
        // What is charged right is right on any day.
        let aside = format!("engagement e1: {field} is not readable; rules that need it were left out");
        assert_eq!(unverified(&check_rule(&world, &[("CT11", "2001", "")])), [("2001", aside.as_str())]);
        world.deductions[0].ee = Some("12.00");
        let judgement = check_rule(&world, &[("CT11", "2001", "")]);
        assert!(unverified(&judgement).contains(&("2001", unread)), "{field}: AM15");
        world.deductions.clear();
        let judgement = check_rule(&world, &[("CT11", "2001", "")]);
        assert!(unverified(&judgement).contains(&("2001", unread)), "{field}: EN09");
    }
    // Of nobody, nothing in force: it may have ended.
    let mut world = clean();
    world.engagements.push(engagement("e2"));
    world.engagements[1].faults = Some("last_day");
    check_rule(&world, &[("CT11", "", "")]);
    world.enrollments.push(enrollment("e2", "P1"));
    check_rule(&world, &[("CT11", "", ""), ("ID03", "", "")]);
}

#[test]
fn an_engagement_that_is_neither_employment_nor_contract_is_ct11_and_its_charges_are_not_judged() {
    let unknown = "whether the engagement is an employment or a contract is not known";
    for (kind, shown) in [(None, "blank"), (Some("CONTRACTOR"), "CONTRACTOR")] {
        let mut world = clean();
        world.engagements[0].kind = kind;
        world.deductions.push(deduction("2001", "OYP", "12.00", ""));
        let judgement = check_rule(&world, &[("CT11", "2001", "")]);
        let finding = only(&judgement, "CT11");
        assert_eq!((finding.field.as_str(), finding.system_value.as_str()), ("engagement.kind", shown));
        assert_eq!(unverified(&judgement).iter().filter(|(_, reason)| *reason == unknown).count(), 2);
        assert!(!judgement.verified.clears("2001", HEALTH));
        // What contractors may have is compared.
        world.oyster().contractor_benefits.extend([HEALTH, "_OysterPension"].map(str::to_owned));
        check_rule(&world, &[("CT11", "2001", ""), ("EN02", "2001", "_OysterPension")]);
    }
}

#[test]
fn one_engagement_for_two_employees_is_compared_with_neither() {
    let mut world = clean();
    world.people.push(person("2002"));
    world.link("2002", "e1");
    let judgement = check_rule(&world, &[("ID04", "2001", ""), ("ID04", "2002", "")]);
    assert!(judgement.findings.iter().all(|f| f.field == "oyster_engagement_id" && f.blocks()));
    assert_eq!(unverified(&judgement), [("2001", "the crosswalk names the engagement for several employees")]);
    assert_eq!((rows(&judgement, "engagements"), rows(&judgement, "enrollments")), ([0, 1, 0, 0], [0, 1, 0, 0]));
}

#[test]
fn rows_of_the_crosswalk_that_contradict_each_other_link_nobody_and_accuse_no_engagement() {
    let mut world = clean();
    world.crosswalk.rows = Links::from_iter([("2001", Linked::default())]);
    let named = ["e1", "e2"].map(str::to_owned).into_iter().collect();
    world.crosswalk.contested.insert("2001".to_owned(), named);
    let judgement = check_rule(&world, &[("ID04", "2001", "")]);
    assert_eq!(only(&judgement, "ID04").field, "oyster_engagement_id");
    assert_eq!(unverified(&judgement), [("2001", "the crosswalk gives the employee several engagements")]);
}

#[test]
fn an_email_links_only_where_the_job_says_so_and_one_employee_and_one_engagement_have_it() {
    let mut world = clean();
    world.crosswalk.rows = Links::default();
    world.people[0].email = Some(" Ann@Example.com ");
    world.engagements[0].email = Some("ann@example.com".to_owned());
    let reason = "no engagement is linked to this employee, and 1 engagement is linked to nobody";
    let judgement = check_rule(&world, &[("ID03", "", "")]);
    assert_eq!(unverified(&judgement), [("2001", reason)]);
    world.oyster().match_email = true;
    check_rule(&world, &[]);
    world.people.push(person("2002"));
    world.users.push(user("2002"));
    world.people[1].email = Some("ANN@example.com");
    let judgement = check_rule(&world, &[("ID03", "", "")]);
    assert_eq!(unverified(&judgement), [("2001", reason)]);
    world.people[1].email = None;
    world.engagements.push(engagement("e2"));
    world.engagements[1].email = Some("ann@example.com".to_owned());
    check_rule(&world, &[("ID03", "", "")]);
}

#[test]
fn emails_that_nobody_saw_accuse_neither_engagement_nor_employee() {
    let mut world = clean();
    world.crosswalk.rows = Links::default();
    world.oyster().match_email = true;
    world.rejects.push(reject("2009"));
    let judgement = check_rule(&world, &[]);
    assert!(
        unverified(&judgement).contains(&("", "engagement e1: linked to nobody, but not all e-mails could be read"))
    );
    // Benifex does not know 2001, whose engagement may be the one that was not read.
    world.rejects.clear();
    world.deductions.push(deduction("2001", "DEN", "5.00", ""));
    world.engagements[0].unverified = Some("3 attempts failed, last 503");
    world.enrollments.clear();
    check_rule(&world, &[("CT02", "", "")]);
}

#[test]
fn a_list_that_is_not_whole_excuses_only_who_may_be_linked_by_an_email() {
    let mut world = clean();
    world.people.push(person("2003"));
    world.deductions.push(deduction("2003", "DEN", "5.00", ""));
    world.list_fault = Some("page 3 failed");
    world.oyster().match_email = true;
    check_rule(&world, &[("CT02", "", ""), ("ID01", "2003", "")]);
    world.people[1].email = Some("bob@example.com");
    let judgement = check_rule(&world, &[("CT02", "", "")]);
    let reason = "may be employed through Oyster, whose list of engagements is not whole";
    assert_eq!(unverified(&judgement), [("2003", reason)]);
    world.oyster().match_email = false;
    check_rule(&world, &[("CT02", "", ""), ("ID01", "2003", "")]);
}

fn reject(id: &str) -> Reject {
    Reject {
        file: "payroll.csv".to_owned(),
        line: 9,
        column: "OYH".to_owned(),
        masked: "aa".to_owned(),
        reason: "not an amount".to_owned(),
        employee_id: id.into(),
    }
}

#[test]
fn what_was_not_fetched_accuses_nobody() {
    let mut world = clean();
    world.engagements[0].unverified = Some("3 attempts failed, last 503");
    world.enrollments.clear();
    let judgement = check_rule(&world, &[("CT02", "2001", "")]);
    assert_eq!(unverified(&judgement), [("2001", "3 attempts failed, last 503")]);
    assert_eq!((only(&judgement, "CT02").field.as_str(), only(&judgement, "CT02").blocks()), ("oyster", true));
    assert!(!judgement.verified.complete && !judgement.verified.clears("2001", "_OysterPension"));
    assert_eq!(rows(&judgement, "engagements"), [0, 0, 0, 1]);
    // What the list shows of it is counted with it, and says nothing.
    let mut alone = enrollment("e1", "P1").now("PAUSED", "2026-01-05");
    (alone.plan, alone.category, alone.share, alone.price, alone.currency) = (None, None, None, None, None);
    world.enrollments.push(alone);
    let judgement = check_rule(&world, &[("CT02", "2001", "")]);
    assert_eq!(rows(&judgement, "enrollments"), [0, 0, 0, 1]);
    world.enrollments.clear();
    world.deductions.clear();
    let judgement = check_rule(&world, &[("CT02", "2001", "")]);
    assert_eq!(unverified(&judgement), [("2001", "the engagement could not be read")]);
    let mut world = clean();
    world.oyster_read = false;
    check_rule(&world, &[("CT02", "", "")]);
}

#[test]
fn a_list_with_a_fault_still_tells_of_the_engagements_that_it_has() {
    let mut world = clean();
    world.list_fault = Some("the count moved");
    world.deductions[0].ee = Some("10.00");
    let judgement = check_rule(&world, &[("CT02", "", ""), ("AM15", "2001", HEALTH)]);
    assert!(judgement.verified.clears("2001", HEALTH) && !judgement.verified.clears("", ""));
}

#[test]
fn a_rejected_payroll_row_is_no_missing_charge() {
    let mut world = clean();
    (world.deductions, world.people) = (Vec::new(), Vec::new());
    check_rule(&world, &[("EN09", "2001", HEALTH)]);
    let lost = "may stand in a rejected payroll row, in another run, or under an id that could not be read";
    for id in ["2001", ""] {
        world.rejects = vec![reject(id)];
        let judgement = check_rule(&world, &[]);
        assert_eq!(unverified(&judgement)[0], ("2001", lost));
        assert!(!judgement.verified.clears("2001", HEALTH));
    }
    // The same id but for its zeros is on payroll.
    world.rejects.clear();
    world.people.push(person("02001"));
    world.deductions.push(deduction("02001", "OYH", "30.00", "20.00"));
    let judgement = check_rule(&world, &[]);
    assert_eq!(unverified(&judgement), [("2001", lost), ("02001", lost)]);
    // Nor is that one missing in Benifex.
    world.deductions.push(deduction("02001", "DEN", "5.00", ""));
    check_rule(&world, &[]);
}

#[test]
fn an_unlinked_charge_is_en02_only_when_no_engagement_is_left_over() {
    let mut world = clean();
    world.people.push(person("2002"));
    world.deductions.push(deduction("2002", "OYP", "12.00", "3.00"));
    let judgement = check_rule(&world, &[("EN02", "2002", "_OysterPension")]);
    let finding = only(&judgement, "EN02");
    assert_eq!(variances(finding), [("_OysterPension", Employee, 120_000, 0), ("_OysterPension", Employer, 30_000, 0)]);
    assert_eq!(finding.run_rate.map(|r| r.0), Some(Money(-150_000 * 24)));
    assert!(finding.sentence.contains("none is left over"), "{}", finding.sentence);
    world.deductions[1].ee = Some("0.00");
    world.deductions[1].er = None;
    check_rule(&world, &[]);
}

#[test]
fn a_charge_without_an_enrollment_of_the_benefit_is_en02() {
    let mut world = clean();
    world.deductions.push(deduction("2001", "OYP", "12.00", ""));
    let judgement = check_rule(&world, &[("EN02", "2001", "_OysterPension")]);
    assert!(only(&judgement, "EN02").sentence.contains("engagement e1 in Oyster has no enrollment of it"));
    let mut nameless = enrollment("e1", "P3");
    nameless.plan = None;
    world.enrollments.push(nameless);
    let judgement = check_rule(&world, &[("CT11", "2001", "plan")]);
    assert!(unverified(&judgement).contains(&("2001", "an enrollment without a plan may be of this benefit")));
}

#[test]
fn a_charge_is_not_without_cover_because_the_list_alone_shows_no_enrollment() {
    let mut world = clean();
    world.enrollments.clear();
    world.engagements[0].read = false;
    check_unverified(&world, "the list shows no enrollment, and nobody asked for the enrollments themselves");
    world.engagements[0].read = true;
    check_rule(&world, &[("EN02", "2001", HEALTH)]);
}

#[test]
fn an_enrollment_that_history_knew_in_force_and_nobody_shows_any_more_is_no_missing_one() {
    let mut world = clean();
    world.deductions.push(deduction("2001", "OYP", "12.00", ""));
    let key = ("e1".to_owned(), "e1-P3".to_owned());
    world.gone.insert(key.clone(), vec![seen("2026-01-05", "ENROLLED", true)]);
    let judgement = check_rule(&world, &[]);
    let reason = "an enrollment that was in force at the cut-off is not shown any more";
    assert_eq!(unverified(&judgement), [("2001", reason)]);
    world.gone.insert(key, vec![seen("2026-01-05", "CANCELED", true)]);
    check_rule(&world, &[("EN02", "2001", "_OysterPension")]);
}

#[test]
fn only_enrolled_may_be_charged() {
    for state in ["REQUESTED", "APPLIED", "IN_PROGRESS", "PROVISIONED", "CANCELED", "FINISHED", "OPTED_OUT"] {
        let mut world = in_state(state, "2026-01-20");
        (world.oyster().stuck_after_days, world.oyster().requested_stuck_after_days) = (365, 365);
        let judgement = check_rule(&world, &[("EN08", "2001", HEALTH)]);
        let finding = only(&judgement, "EN08");
        assert_eq!(variances(finding), [(HEALTH, Employee, 300_000, 0), (HEALTH, Employer, 200_000, 0)]);
        assert_eq!((finding.system_value.as_str(), finding.field.as_str()), (state, "ee_amount"));
        assert!(finding.sentence.contains("seen so since 2026-01-20"), "{}", finding.sentence);
        world.deductions.clear();
        check_rule(&world, &[]);
    }
}

#[test]
fn cover_that_ended_within_one_trailing_period_may_still_be_charged() {
    // The period is 2026-03-16..2026-03-31, so the one before it began on 2026-03-01.
    for (state, since, fits) in
        [("CANCELED", "2026-03-01", true), ("FINISHED", "2026-03-01", true), ("CANCELED", "2026-02-28", false)]
    {
        let world = in_state(state, since);
        let expected: &[(&str, &str, &str)] = if fits { &[] } else { &[("EN08", "2001", HEALTH)] };
        let judgement = check_rule(&world, expected);
        let reasons = out_of_scope(&judgement);
        assert_eq!(reasons.contains(&("2001", HEALTH, "ended within one trailing period")), fits, "{since}");
    }
    check_rule(&in_state("OPTED_OUT", "2026-03-10"), &[("EN08", "2001", HEALTH)]);
}

#[test]
fn the_state_at_the_cut_off_counts() {
    let mut world = clean();
    world.as_of = date("2026-04-06");
    // In force then, ended since: charged right.
    world.enrollments[0].state = "CANCELED".to_owned();
    world.enrollments[0].seen = vec![seen("2026-01-05", "ENROLLED", false), seen("2026-04-03", "CANCELED", true)];
    check_rule(&world, &[]);
    // On the way then, in force since: charged too early, and not missing without a charge.
    world.enrollments[0].state = "ENROLLED".to_owned();
    world.enrollments[0].seen = vec![seen("2026-03-25", "APPLIED", false), seen("2026-04-03", "ENROLLED", true)];
    check_rule(&world, &[("EN08", "2001", HEALTH)]);
    world.deductions.clear();
    check_rule(&world, &[]);
}

#[test]
fn without_history_from_before_the_cut_off_a_late_change_is_not_judged() {
    let mut world = in_state("APPLIED", "2026-04-03");
    world.as_of = date("2026-04-06");
    world.enrollments[0].seen[0].witnessed = false;
    check_rule(&world, &[("EN08", "2001", HEALTH)]);
    world.engagements[0].modified = Some("2026-04-02");
    check_unverified(&world, "changed after the cut-off; no history from before it");
    world.engagements[0].modified = None;
    check_unverified(&world, "changed after the cut-off; no history from before it");
    // It was seen to appear after the cut-off.
    world.engagements[0].modified = Some("2026-01-10");
    world.enrollments[0].seen[0].witnessed = true;
    check_unverified(&world, "appeared after the cut-off");
    world.deductions.clear();
    check_rule(&world, &[]);
}

#[test]
fn the_day_of_a_change_is_the_jobs_day() {
    // Noon of 2026-03-31, UTC, is 2026-04-01 at Kiritimati.
    let mut world = clean();
    world.deductions[0].ee = Some("10.00");
    world.engagements[0].modified = Some("2026-03-31");
    check_rule(&world, &[("AM15", "2001", HEALTH)]);
    world.job.zone = tieout_model::zone::Zone::find("Pacific/Kiritimati").expect("a zone");
    check_unverified(&world, LATE_TERMS);
}

#[test]
fn in_force_without_a_charge_is_en09() {
    let mut world = clean();
    world.deductions.clear();
    let judgement = check_rule(&world, &[("EN09", "2001", HEALTH)]);
    let finding = only(&judgement, "EN09");
    assert_eq!(variances(finding), [(HEALTH, Employee, 0, 300_000), (HEALTH, Employer, 0, 200_000)]);
    assert_eq!(finding.period_exposure.map(|e| e.0), Some(Money(500_000)));
    assert_eq!(finding.payroll_value, "no line");
    // Without a number of deductions, or a price, it is one all the same, without money.
    world.job.deductions.per_year.clear();
    world.people[0].frequency = None;
    world.period.start = date("2026-03-11");
    assert!(only(&check_rule(&world, &[("EN09", "2001", HEALTH)]), "EN09").variances.is_empty());
    world.enrollments[0].price = None;
    check_rule(&world, &[("EN09", "2001", HEALTH)]);
    // A written nothing is a line.
    let mut world = clean();
    (world.deductions[0].ee, world.deductions[0].er) = (Some("0.00"), None);
    world.people.push(person("2002"));
    world.users.push(user("2002"));
    check_rule(&world, &[("AM15", "2001", HEALTH)]);
}

#[test]
fn nothing_is_missing_when_the_employer_pays_all_or_the_engagement_is_new() {
    let check = |change: &dyn Fn(&mut World), reason: &str| {
        let mut world = clean();
        world.deductions.clear();
        change(&mut world);
        let judgement = check_rule(&world, &[]);
        assert_eq!(out_of_scope(&judgement), [("2001", HEALTH, reason)]);
    };
    check(&|w| w.enrollments[0].share = Some("100"), "the employer pays all of it, and payroll has no line");
    let started = "the engagement started in this period or within the grace period";
    check(&|w| w.engagements[0].start = Some("2026-03-16"), started);
    check(&|w| (w.people, w.engagements[0].start) = (Vec::new(), Some("2026-03-01")), started);
}

#[test]
fn cover_of_somebody_who_left_is_en04_from_the_month_after_unless_it_has_ended_since() {
    let mut world = clean();
    world.deductions.clear();
    world.engagements[0].last = Some("2026-02-28");
    let judgement = check_rule(&world, &[("EN04", "2001", HEALTH)]);
    assert!(only(&judgement, "EN04").sentence.contains("still ENROLLED in Oyster"));
    // Cover may go on to the end of the month.
    world.engagements[0].last = Some("2026-03-15");
    assert_eq!(out_of_scope(&check_rule(&world, &[])).len(), 1);
    // The last day is payroll's alone, of this engagement or of one before it.
    world.engagements[0].last = None;
    world.people[0].left = Some("2026-02-28");
    check_rule(&world, &[("EN04", "2001", HEALTH)]);
    world.engagements[0].start = Some("2026-03-01");
    assert_eq!(out_of_scope(&check_rule(&world, &[])).len(), 1);
    // It ended after the cut-off.
    world.engagements[0].start = Some("2024-01-01");
    world.enrollments[0].state = "FINISHED".to_owned();
    world.enrollments[0].seen = vec![seen("2026-01-05", "ENROLLED", false), seen("2026-04-01", "FINISHED", true)];
    assert_eq!(out_of_scope(&check_rule(&world, &[])).len(), 1);
}

#[test]
fn an_estimate_may_be_off_by_the_greater_of_share_and_amount() {
    // 30.00 is due: ten percent are 3.00, so 5.00 decide.
    for (paid, fits) in [("35.00", true), ("35.01", false), ("25.00", true), ("24.99", false)] {
        let mut world = clean();
        world.deductions[0].ee = Some(paid);
        let expected: &[(&str, &str, &str)] = if fits { &[] } else { &[("AM15", "2001", HEALTH)] };
        check_rule(&world, expected);
    }
    // 300.00 is due: ten percent are 30.00.
    for (paid, fits) in [("330.00", true), ("330.01", false)] {
        let mut world = clean();
        world.enrollments[0].price = Some("1000.00");
        (world.deductions[0].ee, world.deductions[0].er) = (Some(paid), Some("200.00"));
        let expected: &[(&str, &str, &str)] = if fits { &[] } else { &[("AM15", "2001", HEALTH)] };
        check_rule(&world, expected);
    }
}

#[test]
fn each_side_is_off_its_estimate_for_itself() {
    let mut world = clean();
    (world.deductions[0].ee, world.deductions[0].er) = (Some("50.00"), Some("21.00"));
    let judgement = check_rule(&world, &[("AM15", "2001", HEALTH)]);
    let finding = only(&judgement, "AM15");
    assert_eq!(variances(finding), [(HEALTH, Employee, 500_000, 300_000)]);
    assert_eq!(judgement.control_totals[1].tolerated, 10_000);
    assert!(finding.sentence.contains("60 % of 100.00 USD a month, 24 deductions a year"), "{}", finding.sentence);
    world.deductions[0].er = Some("50.00");
    let judgement = check_rule(&world, &[("AM15", "2001", HEALTH)]);
    let fields: Vec<&str> = judgement.findings.iter().map(|f: &Finding| f.field.as_str()).collect();
    assert_eq!(fields, ["ee_amount", "er_amount"]);
    // Payroll never gives employer amounts.
    world.deductions[0].er = None;
    let judgement = check_rule(&world, &[("AM15", "2001", HEALTH)]);
    assert_eq!(out_of_scope(&judgement), [("", HEALTH, "payroll gives no employer amounts for this code")]);
}

#[test]
fn a_part_of_a_period_and_terms_of_after_the_cut_off_are_not_compared() {
    let mut world = clean();
    world.deductions[0].ee = Some("12.00");
    world.engagements[0].last = Some("2026-03-20");
    check_unverified(&world, "part period; proration is not compared");
    world.engagements[0].modified = Some("2026-04-01");
    check_unverified(&world, LATE_TERMS);
    world.deductions.clear();
    check_unverified(&world, LATE_TERMS);
}

#[test]
fn without_a_number_of_deductions_in_the_job_payroll_says_how_often_it_pays() {
    let mut world = clean();
    world.job.deductions.per_year.clear();
    assert!(check_rule(&world, &[]).unverified.is_empty());
    world.deductions[0].ee = Some("60.00");
    check_rule(&world, &[("AM15", "2001", HEALTH)]);
    // By neither a word nor the days of its period.
    world.people[0].frequency = None;
    world.period.start = date("2026-03-11");
    let unknown = "number of deductions a year unknown: payroll does not say how often it pays; state deductions.per_year in \
                   the job";
    check_unverified(&world, unknown);
}

#[test]
fn what_cannot_be_priced_is_never_a_difference() {
    let check = |change: fn(&mut Enrollment), reason: &str| {
        let mut world = clean();
        world.deductions[0].ee = Some("77.00");
        change(&mut world.enrollments[0]);
        let judgement = check_rule(&world, &[("AM16", "2001", HEALTH)]);
        let finding = only(&judgement, "AM16");
        assert!(finding.variances.is_empty() && finding.period_exposure.is_none());
        assert_eq!((finding.severity, finding.field.as_str()), (Severity::S5, "price"));
        assert_eq!(out_of_scope(&judgement), [("2001", HEALTH, reason)]);
    };
    let dependants = "not computed: dependants are covered, and how many is not told";
    check(|e| e.max_dependents = Some(2), dependants);
    check(|e| e.share_dependents = Some("30"), dependants);
    check(|e| (e.price, e.currency) = (None, None), "not computed: the plan has no price");
    check(|e| e.share = None, "not computed: the employer's share is not told");
    let mut world = clean();
    (world.enrollments[0].max_dependents, world.enrollments[0].share_dependents) = (Some(0), Some("30"));
    check_rule(&world, &[]);
}

#[test]
fn where_the_employer_pays_everything_a_charge_of_the_employee_is_a_finding_whatever_the_dependants() {
    let mut world = clean();
    let enrollment = &mut world.enrollments[0];
    (enrollment.share, enrollment.share_dependents) = (Some("100"), Some("100"));
    let reason = "not computed: dependants are covered, and how many is not told";
    let judgement = check_rule(&world, &[("AM15", "2001", HEALTH)]);
    assert_eq!(variances(only(&judgement, "AM15")), [(HEALTH, Employee, 300_000, 0)]);
    assert_eq!(out_of_scope(&judgement), [("2001", HEALTH, reason)]);
    assert!(only(&judgement, "AM15").sentence.contains("pay it back"));
    // Without a price as well.
    (world.enrollments[0].price, world.enrollments[0].currency) = (None, None);
    check_rule(&world, &[("AM15", "2001", HEALTH)]);
    // Nothing was taken of the employee, and the employer's part is not known.
    world.deductions[0].ee = Some("0.00");
    check_rule(&world, &[("AM16", "2001", HEALTH)]);
    // The employee may owe something for dependants.
    world.deductions[0].ee = Some("30.00");
    world.enrollments[0].share_dependents = Some("50");
    check_rule(&world, &[("AM16", "2001", HEALTH)]);
}

#[test]
fn a_share_that_does_not_fit_its_unit_is_shown_both_ways_and_taken_neither() {
    let mut world = clean();
    let anomaly = "teamMember 0.55 where percents are due";
    (world.enrollments[0].share, world.enrollments[0].anomalies) = (None, Some(anomaly));
    let judgement = check_rule(&world, &[("AM14", "2001", HEALTH)]);
    let finding = only(&judgement, "AM14");
    assert_eq!((finding.field.as_str(), finding.system_value.as_str()), ("share", anomaly));
    assert!(finding.variances.is_empty());
    assert!(finding.sentence.contains("as percents 0.55 %, as a fraction 55 %"), "{}", finding.sentence);
    assert_eq!(judgement.unverified[0].employee_amount, Some(Money(300_000)));
    assert_eq!(judgement.unverified[0].employee_expected, None);
    // Before it is in force it is told as well; after it ended it is not.
    world.deductions.clear();
    world.enrollments[0].seen = vec![seen("2026-03-20", "APPLIED", true)];
    world.enrollments[0].state = "APPLIED".to_owned();
    check_rule(&world, &[("AM14", "2001", HEALTH)]);
    world.enrollments[0].seen = vec![seen("2026-03-20", "FINISHED", true)];
    world.enrollments[0].state = "FINISHED".to_owned();
    check_rule(&world, &[]);
}

#[test]
fn a_price_in_another_currency_is_cu01() {
    let mut world = clean();
    world.enrollments[0].currency = Some("EUR");
    let judgement = check_rule(&world, &[("CU01", "2001", HEALTH)]);
    let finding = only(&judgement, "CU01");
    assert_eq!((finding.payroll_value.as_str(), finding.system_value.as_str()), ("USD", "EUR"));
    assert!(finding.variances.is_empty() && finding.blocks());
    world.enrollments[0].currency = None;
    check_unverified(&world, "currency unknown");
    // Two plans of one benefit in two currencies.
    world.enrollments[0].currency = Some("USD");
    world.enrollments.push(enrollment("e1", "P2"));
    world.enrollments[1].currency = Some("EUR");
    check_rule(&world, &[("CU01", "2001", HEALTH)]);
}

#[test]
fn two_plans_of_one_benefit_are_due_together_and_one_that_ended_is_not() {
    let mut world = clean();
    world.enrollments.push(enrollment("e1", "P2"));
    (world.deductions[0].ee, world.deductions[0].er) = (Some("60.00"), Some("40.00"));
    let judgement = check_rule(&world, &[]);
    assert_eq!(rows(&judgement, "enrollments"), [2, 0, 0, 0]);
    assert_eq!(judgement.control_totals[0].expected, 600_000);
    world.enrollments[1] = enrollment("e1", "P2").now("FINISHED", "2025-12-01");
    (world.deductions[0].ee, world.deductions[0].er) = (Some("30.00"), Some("20.00"));
    check_rule(&world, &[]);
}

#[test]
fn a_plan_without_a_mapping_is_one_en13_and_one_left_out_is_none() {
    let mut world = clean();
    world.enrollments.push(enrollment("e1", "P7"));
    world.enrollments.push(enrollment("e1", "P9"));
    let judgement = check_rule(&world, &[("EN13", "", "plan P7")]);
    let finding = only(&judgement, "EN13");
    assert_eq!((finding.system_value.as_str(), finding.sentence.contains("1 enrollment in")), ("1 enrollment", true));
    assert_eq!((finding.field.as_str(), finding.evidence[0].source.as_str()), ("plan_id", "oyster"));
    assert_eq!(judgement.out_of_scope[0].reason, "left out by the job: paid by the employer (1 enrollment)");
    world.enrollments[1] = enrollment("e1", "P7").now("FINISHED", "2025-12-01");
    check_rule(&world, &[]);
}

#[test]
fn an_oyster_benefit_that_no_code_charges_is_en13_too() {
    let mut world = clean();
    world.job.deductions.benefit_by_code.remove("OYP");
    world.enrollments.push(enrollment("e1", "P3"));
    assert_eq!(only(&check_rule(&world, &[("EN13", "", "_OysterPension")]), "EN13").field, "benefit_key");
}

#[test]
fn fields_and_states_that_cannot_be_read_are_ct11_and_stop_the_line() {
    for (state, faults, field) in [("PAUSED", None, "state"), ("ENROLLED", Some("price,share"), "price")] {
        let mut world = clean();
        world.enrollments[0] = enrollment("e1", "P1").now(state, "2026-01-20");
        world.enrollments[0].faults = faults;
        let judgement = check_rule(&world, &[("CT11", "2001", HEALTH)]);
        assert_eq!(judgement.findings[0].field, field);
        assert_eq!(judgement.findings[0].evidence[0].source, "oyster");
        assert_eq!(judgement.unverified.len(), 1);
    }
    let mut world = clean();
    world.engagements[0].faults = Some("last_day");
    let judgement = check_rule(&world, &[("CT11", "2001", "")]);
    assert_eq!(only(&judgement, "CT11").field, "engagement.last_day");
}

#[test]
fn a_contractor_who_is_charged_is_en15_on_both_services_unless_the_job_allows_it() {
    let mut world = clean();
    world.engagements[0].kind = Some("CONTRACT");
    world.users.push(user("2001"));
    world.benefits.push(benefit("2001", "_Dental", "240.00", ""));
    world.deductions.push(deduction("2001", "DEN", "10.00", ""));
    world.deductions.push(deduction("2001", "MED", "10.00", ""));
    world.job.benbase = None;
    let expected = [("EN15", "2001", HEALTH), ("EN15", "2001", "_Dental"), ("EN15", "2001", "_Medical")];
    let judgement = check_rule(&world, &expected);
    let health = judgement.findings.iter().find(|f| f.benefit == HEALTH).expect("checked");
    assert_eq!(variances(health)[0], (HEALTH, Employee, 300_000, 0));
    assert_eq!(health.period_exposure.map(|e| e.0), Some(Money(-500_000)));
    world.oyster().contractor_benefits.extend([HEALTH, "_Dental"].map(str::to_owned));
    check_rule(&world, &[("EN15", "2001", "_Medical")]);
}

/// A contractor whose medical cover is deducted as an employee's; what Oyster covers the employer pays.
fn converted() -> World {
    let mut world = clean();
    world.engagements[0].kind = Some("CONTRACT");
    world.users.push(user("2001"));
    world.benefits.push(benefit("2001", "_Medical", "240.00", ""));
    world.deductions[0] = deduction("2001", "MED", "10.00", "");
    world.enrollments[0].share = Some("100");
    world.job.benbase = None;
    world
}

#[test]
fn a_contractor_who_became_an_employee_is_deducted_like_one() {
    let converted = || {
        let mut world = converted();
        world.enrollments[0].category = None;
        world
    };
    check_rule(&converted(), &[("EN15", "2001", "_Medical")]);
    // The contract is over since January.
    let mut world = converted();
    world.engagements[0].state = "FINISHED";
    world.enrollments[0].state = "FINISHED".to_owned();
    check_rule(&world, &[]);
    // Oyster has not ended it yet, but payroll and Benifex hired the person after its first day.
    let mut world = converted();
    (world.people[0].hired, world.users[0].started) = (Some("2026-03-01"), Some("2026-03-01"));
    world.engagements[0].last = None;
    check_rule(&world, &[]);
    world.users[0].started = Some("2024-01-01");
    check_rule(&world, &[("EN15", "2001", "_Medical")]);
}

#[test]
fn cover_that_ended_with_its_engagement_is_no_double_cover_when_it_is_seen_late() {
    let mut world = converted();
    world
        .oyster()
        .categories
        .extend([(HEALTH, "HEALTH"), ("_Medical", "HEALTH")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    (world.people[0].hired, world.users[0].started) = (Some("2026-03-01"), Some("2026-03-01"));
    check_rule(&world, &[("EN07", "2001", HEALTH)]);
    world.engagements[0].state = "FINISHED";
    world.enrollments[0].state = "FINISHED".to_owned();
    check_rule(&world, &[]);
}

#[test]
fn a_state_that_does_not_move_is_en10_from_the_day_after_the_limit() {
    // as_of is 2026-03-31: thirty and fourteen days before are 2026-03-01 and 2026-03-17.
    for (state, since, stuck) in [
        ("APPLIED", "2026-03-01", false),
        ("APPLIED", "2026-02-28", true),
        ("REQUESTED", "2026-03-17", false),
        ("REQUESTED", "2026-03-16", true),
        ("CANCELED", "2025-01-01", false),
    ] {
        let mut world = in_state(state, since);
        world.deductions.clear();
        let expected: &[(&str, &str, &str)] = if stuck { &[("EN10", "2001", HEALTH)] } else { &[] };
        let judgement = check_rule(&world, expected);
        assert_eq!(judgement.findings.first().map(|f| f.field.as_str()), stuck.then_some("state"), "{state} {since}");
    }
}

#[test]
fn cover_of_one_category_on_both_sides_is_en07_with_the_smaller_cost() {
    let mut world = clean();
    world.job.benbase = None;
    world.users.push(user("2001"));
    world.benefits.push(benefit("2001", "_Medical", "240.00", "480.00"));
    world.deductions.push(deduction("2001", "MED", "10.00", "20.00"));
    let judgement = check_rule(&world, &[("EN07", "2001", HEALTH)]);
    let finding = only(&judgement, "EN07");
    // 30.00 in Benifex, 50.00 in Oyster.
    assert_eq!(finding.period_exposure.map(|e| e.0), Some(Money(300_000)));
    assert_eq!(finding.run_rate.map(|e| e.0), Some(Money(7_200_000)));
    assert!(finding.variances.is_empty());
    assert_eq!((finding.field.as_str(), finding.system_value.as_str()), ("category", "HEALTH"));
    world.benefits[0].status = Some("PENDING");
    world.deductions.pop();
    check_rule(&world, &[]);
    world.benefits[0].status = Some("ACTIVE");
    world.deductions.push(deduction("2001", "MED", "10.00", "20.00"));
    world.oyster().categories.insert(HEALTH.to_owned(), "DENTAL".to_owned());
    check_rule(&world, &[]);
}

#[test]
fn cover_that_came_after_the_cut_off_is_no_double_cover_of_the_period_and_cover_that_ended_after_it_is() {
    let mut world = clean();
    world.as_of = date("2026-04-06");
    world.users.push(user("2001"));
    world.benefits.push(benefit("2001", "_Medical", "240.00", "480.00"));
    world.deductions.push(deduction("2001", "MED", "10.00", "20.00"));
    // On the way at the cut-off, in force since: charged too early, and paid for once.
    world.enrollments[0].seen = vec![seen("2026-03-25", "IN_PROGRESS", false), seen("2026-04-02", "ENROLLED", true)];
    check_rule(&world, &[("EN08", "2001", HEALTH)]);
    // In force at the cut-off, over since.
    world.enrollments[0].state = "FINISHED".to_owned();
    world.enrollments[0].seen = vec![seen("2026-01-05", "ENROLLED", false), seen("2026-04-02", "FINISHED", true)];
    let judgement = check_rule(&world, &[("EN07", "2001", HEALTH)]);
    let finding = only(&judgement, "EN07");
    assert_eq!(finding.period_exposure.map(|e| e.0), Some(Money(300_000)));
    assert!(finding.sentence.contains("has ended since"), "{}", finding.sentence);
    // Changed since, and nothing known from before: nobody knows when it came into force.
    world.enrollments[0].state = "ENROLLED".to_owned();
    world.enrollments[0].seen = vec![seen("2026-04-02", "ENROLLED", false)];
    check_rule(&world, &[("EN07", "2001", HEALTH)]);
    world.engagements[0].modified = Some("2026-04-02");
    check_rule(&world, &[]);
}

#[test]
fn people_of_oyster_are_missed_by_nobody_in_benifex() {
    // Linked, with a deduction of Benifex's: that is without cover; the person is not missing.
    let mut world = clean();
    world.deductions.push(deduction("2001", "DEN", "5.00", ""));
    world.job.deductions.per_year[0].pay_group = None;
    check_rule(&world, &[("EN02", "2001", "_Dental")]);
    // Not linked, and charged for Oyster's benefits alone.
    let mut world = clean();
    world.crosswalk.rows = Links::default();
    check_rule(&world, &[("ID03", "", "")]);
    // Without any tie to Oyster the person is missing.
    world.people.push(person("2003"));
    world.deductions.push(deduction("2003", "DEN", "5.00", ""));
    let judgement = check_rule(&world, &[("ID03", "", ""), ("ID01", "2003", "")]);
    assert!(!judgement.person_values["2003"].blocked, "an engagement of nobody holds back nobody");
    // An id that is near another one is its own when it is linked.
    let mut world = clean();
    world.users.push(user("02001"));
    world.benefits.push(benefit("02001", "_Medical", "2400.00", "4800.00"));
    check_rule(&world, &[("ID02", "02001", "")]);
}

#[test]
fn who_stands_in_no_other_source_is_in_the_population() {
    let mut world = clean();
    (world.people, world.deductions) = (Vec::new(), Vec::new());
    let judgement = check_rule(&world, &[("EN09", "2001", HEALTH)]);
    assert_eq!(variances(only(&judgement, "EN09")).len(), 2);
    assert_eq!(rows(&judgement, "employees"), [0, 1, 0, 0]);
}

#[test]
fn a_benefit_of_oysters_in_benifex_is_a_key_without_mapping() {
    let mut world = clean();
    world.job.benbase = None;
    world.users.push(user("2001"));
    world.benefits.push(benefit("2001", HEALTH, "240.00", ""));
    check_rule(&world, &[("EN13", "", "_OysterHealth (Benifex)")]);
}

#[test]
fn a_repeated_row_is_id04_before_anything_of_oyster_is_compared() {
    let mut world = in_state("APPLIED", "2026-03-20");
    world.deductions[0].duplicate = true;
    let judgement = check_rule(&world, &[("ID04", "2001", HEALTH)]);
    assert_eq!(only(&judgement, "ID04").evidence[1].source, "oyster");
}

#[test]
fn the_order_of_explanation_holds_from_completeness_down_to_the_amount() {
    // Everything is wrong at once; each cause that is put right uncovers the next.
    let mut world = in_state("PAUSED", "2026-01-20");
    world.engagements[0].kind = Some("CONTRACT");
    world.engagements[0].unverified = Some("403");
    world.enrollments[0].currency = Some("EUR");
    (world.deductions[0].ee, world.deductions[0].duplicate) = (Some("90.00"), true);
    let enrollments = std::mem::take(&mut world.enrollments);
    check_rule(&world, &[("CT02", "2001", "")]);
    (world.engagements[0].unverified, world.enrollments) = (None, enrollments);
    check_rule(&world, &[("CT11", "2001", HEALTH)]);
    (world.enrollments[0].state, world.enrollments[0].seen[0].state) = ("OPTED_OUT".to_owned(), "OPTED_OUT".to_owned());
    check_rule(&world, &[("ID04", "2001", HEALTH)]);
    world.deductions[0].duplicate = false;
    check_rule(&world, &[("CU01", "2001", HEALTH)]);
    world.enrollments[0].currency = Some("USD");
    check_rule(&world, &[("EN15", "2001", HEALTH)]);
    world.engagements[0].kind = Some("EMPLOYMENT");
    check_rule(&world, &[("EN08", "2001", HEALTH)]);
    world.enrollments[0] = enrollment("e1", "P1");
    check_rule(&world, &[("AM15", "2001", HEALTH)]);
}

#[test]
fn without_oyster_its_benefits_are_as_any_other() {
    let mut world = clean();
    world.job.oyster = None;
    let judgement = check_rule(&world, &[("ID01", "2001", "")]);
    assert!(judgement.dispositions.iter().all(|d| d.source != "engagements"));
}
