//! Wishes, what is on offer, and what Oyster shows.

use tieout_model::correction::oyster::*;

use super::*;
use tieout_model::correction::Change;
use tieout_model::correction::CorrectionKind;
use tieout_model::records::oyster::{Contribution, EnrollmentRecord, OfferedPlan, OfferingsRecord, ProvisioningRecord};

const ENGAGEMENT: &str = "2ug3WBT0";

fn shares(team_member: i64, dependents: Option<i64>, max_dependents: Option<i64>) -> Shares {
    Shares { team_member: Some(team_member), dependents, max_dependents }
}

fn plan(plan_id: &str, shares: Shares) -> WantedPlan {
    WantedPlan { plan_id: plan_id.to_owned(), shares }
}

/// Package P with plan A at 55 %, and supplementary plan S at 50 %.
fn wanted() -> ProvisioningChange {
    ProvisioningChange {
        engagement_id: ENGAGEMENT.into(),
        supplementary: vec![plan("S", shares(500_000, None, None))],
        package: Some(WantedPackage {
            package_id: "P".to_owned(),
            plans: vec![plan("A", shares(550_000, Some(350_000), Some(6)))],
        }),
    }
}

fn shown(plan_id: &str, package_id: Option<&str>, state: &str, shares: Shares) -> EnrollmentRecord {
    EnrollmentRecord {
        enrollment_id: Some(format!("e-{plan_id}")),
        plan_id: Some(plan_id.to_owned()),
        package_id: package_id.map(str::to_owned),
        state: Some(state.to_owned()),
        contribution: Some(Contribution {
            team_member: shares.team_member,
            dependents: shares.dependents,
            max_dependents: shares.max_dependents,
            anomalies: Vec::new(),
        }),
        ..EnrollmentRecord::default()
    }
}

/// Oyster shows what [`wanted`] wants.
fn provisioned() -> ProvisioningRecord {
    ProvisioningRecord {
        supplementary: vec![shown("S", None, "PROVISIONED", shares(500_000, None, None))],
        packaged: vec![shown("A", Some("P"), "PROVISIONED", shares(550_000, Some(350_000), Some(6)))],
    }
}

fn current(record: &ProvisioningRecord) -> Current {
    Current::of_provisioning(record).expect("readable")
}

fn compared(record: &ProvisioningRecord, change: ProvisioningChange) -> Comparison {
    compare(&current(record), &OysterChange::Provisioning(change))
}

fn change(field: &str, from: &str, to: &str) -> Change {
    Change { field: field.to_owned(), from: from.to_owned(), to: to.to_owned() }
}

#[test]
fn the_file_is_read_to_the_last_decimal_and_in_any_order() {
    let text = r#"
        [package]
        id = " P "
        plans = [{ plan = "A", team_member = "55", dependents = "35.0000 %", max_dependents = 6 }]
        [[supplementary]]
        plan = "Z"
        team_member = "33.3333"
        [[supplementary]]
        plan = "S"
        team_member = "50"
    "#;
    let mut expected = wanted();
    expected.supplementary.push(plan("Z", shares(333_333, None, None)));
    assert_eq!(parse(text, ENGAGEMENT), Ok(expected));
}

#[test]
fn a_file_that_is_not_exact_or_not_understood_is_refused() {
    for (text, said) in [
        ("[[supplementary]]\nplan = \"S\"\nteam_member = 0.55", "expected a string"),
        ("[[supplementary]]\nplan = \"S\"\nteam_member = \"half\"", "such as \"55.5\""),
        ("[[supplementary]]\nplan = \"S\"\nteam_member = \"50.00001\"", "such as \"55.5\""),
        ("[[supplementary]]\nplan = \"S\"\nshare = \"50\"", "unknown field"),
        ("[[supplementary]]\nplan = \"S\"\nmax_dependents = -1", "expected u32"),
        ("packages = []", "unknown field"),
    ] {
        let error = parse(text, ENGAGEMENT).expect_err(text);
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn what_is_shown_as_it_is_wanted_is_the_same_whatever_its_order_and_names() {
    assert!(compared(&provisioned(), wanted()).is_same());
    let mut renamed = provisioned();
    renamed.packaged[0].enrollment_id = Some("another".to_owned());
    renamed.packaged[0].faults = vec!["price".to_owned()];
    assert!(compared(&renamed, wanted()).is_same());
    assert_eq!(current(&renamed).hash(), current(&provisioned()).hash());
}

#[test]
fn each_thing_that_is_not_as_wanted_is_named() {
    let mut other = provisioned();
    other.packaged[0].contribution = Some(Contribution { team_member: Some(500_000), ..Contribution::default() });
    other.supplementary = vec![shown("T", None, "PROVISIONED", shares(1_000_000, None, None))];
    let comparison = compared(&other, wanted());
    let expected = [
        change("package plan A, team_member", "50 %", "55 %"),
        change("supplementary plan S", "absent", "team_member 50 %"),
        change("supplementary plan T", "team_member 100 %", "withdrawn"),
    ];
    assert_eq!(comparison.differences, expected);
    // The other parts of the contribution are not shown, which is no difference.
    assert_eq!(comparison.unclear.len(), 2, "{comparison:?}");
}

#[test]
fn another_package_and_no_package_are_differences() {
    let nothing = ProvisioningRecord::default();
    let differences = compared(&nothing, wanted()).differences;
    assert_eq!(differences[0], change("package", "none", "P"));
    let mut other = provisioned();
    other.packaged[0].package_id = Some("Q".to_owned());
    assert_eq!(compared(&other, wanted()).differences[0], change("package", "Q", "P"));
    let without = ProvisioningChange { package: None, ..wanted() };
    assert_eq!(compared(&provisioned(), without).differences, [change("package", "P", "none")]);
}

#[test]
fn what_is_over_is_not_there_and_does_not_differ() {
    let mut ended = provisioned();
    ended.supplementary[0].state = Some("CANCELED".to_owned());
    assert_eq!(compared(&ended, wanted()).differences, [change("supplementary plan S", "absent", "team_member 50 %")]);
}

#[test]
fn a_contribution_that_is_not_shown_is_unclear_and_one_with_the_wrong_unit_differs() {
    let mut silent = provisioned();
    silent.supplementary[0].contribution = None;
    let comparison = compared(&silent, wanted());
    assert_eq!((comparison.differences.len(), comparison.unclear.len()), (0, 1), "{comparison:?}");
    assert!(!comparison.is_same());
    let mut odd = provisioned();
    let anomalies = vec!["teamMember 55 where fractions are due".to_owned()];
    odd.supplementary[0].contribution = Some(Contribution { anomalies, ..Contribution::default() });
    assert_eq!(compared(&odd, wanted()).differences.len(), 1);
}

#[test]
fn dependants_that_nobody_mentions_and_oyster_covers_are_unclear() {
    let mut covering = provisioned();
    covering.supplementary[0] = shown("S", None, "PROVISIONED", shares(500_000, Some(250_000), Some(0)));
    let comparison = compared(&covering, wanted());
    assert_eq!((comparison.differences.len(), comparison.unclear.len()), (0, 1), "{comparison:?}");
}

#[test]
fn any_movement_of_the_state_moves_its_hash() {
    let before = current(&provisioned()).hash();
    let edits: [fn(&mut EnrollmentRecord); 4] = [
        |one| one.state = Some("APPLIED".to_owned()),
        |one| one.plan_id = Some("B".to_owned()),
        |one| one.contribution = None,
        |one| one.package_id = Some("Q".to_owned()),
    ];
    for edit in edits {
        let mut record = provisioned();
        edit(&mut record.packaged[0]);
        assert_ne!(current(&record).hash(), before, "{record:?}");
    }
}

#[test]
fn what_cannot_be_read_leads_to_no_conclusion() {
    let edits: [fn(&mut EnrollmentRecord); 4] = [
        |one| one.plan_id = None,
        |one| one.state = None,
        |one| one.package_id = None,
        |one| one.faults = vec!["share".to_owned()],
    ];
    for edit in edits {
        let mut record = provisioned();
        edit(&mut record.packaged[0]);
        Current::of_provisioning(&record).expect_err("unreadable");
    }
}

fn request(plan_id: &str) -> OysterChange {
    OysterChange::Request(RequestChange {
        engagement_id: ENGAGEMENT.into(),
        plan_id: plan_id.to_owned(),
        shares: shares(555_000, None, None),
    })
}

fn enrolled(records: &[EnrollmentRecord]) -> Current {
    Current::of_enrollments(records).expect("readable")
}

#[test]
fn a_request_is_met_by_one_enrollment_that_is_not_over() {
    let met = |state: &str| compare(&enrolled(&[shown("S", None, state, shares(555_000, None, None))]), &request("S"));
    for state in ["REQUESTED", "APPLIED", "IN_PROGRESS", "ENROLLED"] {
        assert!(met(state).is_same(), "{state}");
    }
    for state in ["CANCELED", "FINISHED", "OPTED_OUT"] {
        assert_eq!(met(state).differences, [change("plan S", "no enrollment", "team_member 55.5 %")], "{state}");
    }
    assert!(!met("PAUSED").is_same());
    let twice =
        [shown("S", None, "ENROLLED", shares(1, None, None)), shown("S", None, "APPLIED", shares(2, None, None))];
    assert_eq!(compare(&enrolled(&twice), &request("S")).differences.len(), 1);
}

fn offerings() -> OfferingsRecord {
    let offered = |plan_id: &str, package_id: Option<&str>| OfferedPlan {
        plan_id: plan_id.to_owned(),
        package_id: package_id.map(str::to_owned),
        ..OfferedPlan::default()
    };
    OfferingsRecord {
        plans: vec![offered("A", Some("P")), offered("B", Some("P")), offered("S", None), offered("T", None)],
        packages: vec!["P".to_owned(), "Q".to_owned()],
    }
}

#[track_caller]
fn check_problem(change: &OysterChange, current: &Current, engaged: Option<bool>, expected: &str) {
    let checked = check(change, &offerings(), current, engaged);
    assert!(checked.problems.iter().any(|problem| problem.contains(expected)), "{expected}: {checked:?}");
}

#[test]
fn what_is_on_offer_and_allowed_has_no_problem_and_notes_say_what_is_left_to_oyster() {
    let change = OysterChange::Provisioning(wanted());
    let checked = check(&change, &offerings(), &current(&provisioned()), None);
    assert_eq!(checked.problems, Vec::<String>::new());
    assert_eq!(checked.notes, ["nothing is said of plan B of package P: Oyster decides its contribution"]);
    assert_eq!(check(&request("S"), &offerings(), &Current::default(), Some(true)), Checked::default());
}

type Edit = fn(&mut ProvisioningChange);

#[test]
fn each_wish_that_oyster_would_refuse_is_refused_here() {
    let edits: [(Edit, &str); 8] = [
        (|c| (c.supplementary, c.package) = (Vec::new(), None), "nothing is wanted"),
        (|c| c.supplementary[0].plan_id = "A".to_owned(), "supplementary plan A is not on offer; on offer: S, T"),
        (|c| c.package.as_mut().expect("there").package_id = "R".to_owned(), "package R is not on offer"),
        (|c| c.package.as_mut().expect("there").plans[0].plan_id = "S".to_owned(), "not part of package P"),
        (|c| c.package.as_mut().expect("there").plans[0].plan_id = "S".to_owned(), "plan S is named twice"),
        (|c| c.supplementary[0].shares.team_member = Some(SHARE_MAX + 1), "taken for a fraction), found 100.0001 %"),
        (|c| c.supplementary[0].shares.dependents = Some(-1), "dependents: expected 0 percent, or 1 to 100"),
        // 0.5 stands for a half more often than for half a percent.
        (|c| c.supplementary[0].shares.team_member = Some(5_000), "taken for a fraction), found 0.5 %"),
    ];
    for (edit, expected) in edits {
        let mut change = wanted();
        edit(&mut change);
        check_problem(&OysterChange::Provisioning(change), &Current::default(), None, expected);
    }
}

#[test]
fn provisioning_is_over_for_whoever_is_engaged() {
    let change = OysterChange::Provisioning(wanted());
    for state in ["APPLIED", "ENROLLED", "FINISHED", "PAUSED"] {
        let current = enrolled(&[shown("A", Some("P"), state, Shares::default())]);
        check_problem(&change, &current, Some(false), "provisioning is over");
    }
    check_problem(&change, &Current::default(), Some(true), "oyster.engaged_states");
}

#[test]
fn a_request_needs_an_offered_plan_a_share_and_no_enrollment_of_it() {
    let there = enrolled(&[shown("S", None, "APPLIED", Shares::default())]);
    check_problem(&request("S"), &there, None, "there is an enrollment of plan S already, it is APPLIED");
    check_problem(&request("A"), &Current::default(), None, "not on offer as a supplementary plan; on offer: S, T");
    let silent = RequestChange { engagement_id: ENGAGEMENT.into(), plan_id: "S".into(), shares: Shares::default() };
    check_problem(&OysterChange::Request(silent), &Current::default(), None, "--team-member");
    let half =
        RequestChange { engagement_id: ENGAGEMENT.into(), plan_id: "S".into(), shares: shares(5_000, None, None) };
    check_problem(&OysterChange::Request(half), &Current::default(), None, "taken for a fraction), found 0.5 %");
    let over = enrolled(&[shown("S", None, "FINISHED", Shares::default())]);
    assert_eq!(check(&request("S"), &offerings(), &over, None).problems, Vec::<String>::new());
}

#[test]
fn nothing_is_written_over_values_whose_unit_is_in_doubt() {
    let mut odd = provisioned();
    let anomalies = vec!["teamMember 55 where fractions are due".to_owned()];
    odd.packaged[0].contribution = Some(Contribution { anomalies, ..Contribution::default() });
    check_problem(&OysterChange::Provisioning(wanted()), &current(&odd), None, "does not fit its unit");
}

#[test]
fn a_body_is_read_back_as_it_was_written() {
    for change in [OysterChange::Provisioning(wanted()), request("S")] {
        assert_eq!(OysterChange::read(change.kind(), &change.payload_json()), Some(change.clone()));
    }
    // Neither kind takes the other's body.
    assert_eq!(
        OysterChange::read(CorrectionKind::OysterRequest, &OysterChange::Provisioning(wanted()).payload_json()),
        None
    );
    assert_eq!(OysterChange::read(CorrectionKind::Compensation, &request("S").payload_json()), None);
}

fn holding(state: &str, team_member: i64) -> Current {
    let shares = Shares { team_member: Some(team_member), ..Shares::default() };
    let plan_id = "P2".to_owned();
    let held = HeldPlan { plan_id, package_id: None, state: state.to_owned(), shares, anomalies: Vec::new() };
    Current { plans: vec![held], stage: None }
}

#[test]
fn the_evidence_holds_the_state_that_was_seen_and_its_hash_covers_how_far_the_engagement_has_come() {
    let change = tieout_model::correction::Change { field: "f".into(), from: "a".into(), to: "b".into() };
    let enrolled = Current::default;
    let current = holding("PROVISIONED", 550_000).at_stage(Some("DRAFT".to_owned()), enrolled());
    let evidence = evidence_json(&[change], &current);
    assert_eq!((seen_state(&evidence), seen(&evidence).as_ref()), (Some(current.hash()), Some(&current)));
    let engaged = holding("PROVISIONED", 550_000).at_stage(Some("ACTIVE".to_owned()), enrolled());
    let enrolling = holding("PROVISIONED", 550_000).at_stage(Some("DRAFT".to_owned()), holding("IN_PROGRESS", 550_000));
    for (moved_on, told) in [
        (&engaged, "engagement state: DRAFT -> ACTIVE"),
        (&enrolling, "enrollment of plan P2: absent -> IN_PROGRESS, team_member 55 %"),
    ] {
        assert_ne!(moved_on.hash(), current.hash());
        assert_eq!(changes_text(&moved(&current, moved_on)), told);
    }
    assert_eq!(moved(&current, &current), []);
    // The lists and the sheet read it like the night's.
    let stored = tieout_model::correction::evidence::read(&evidence).expect("reads");
    assert_eq!((stored.changes.len(), stored.findings.len()), (1, 0));
    assert_eq!(seen_state(r#"{"authority":"payroll","changes":[],"findings":[]}"#), None);
    // What was written before the state was kept still holds its hash.
    let older = r#"{"authority":"the preparer","changes":[],"findings":[],"state":"h"}"#;
    assert_eq!((seen_state(older).as_deref(), seen(older)), (Some("h"), None));
}

#[test]
fn a_share_takes_one_percent_sign_and_no_more() {
    assert_eq!(parse_share(" 55.5 % "), Ok(555_000));
    assert_eq!(parse_share("55"), Ok(550_000));
    assert!(parse_share("50%%").is_err());
}
