//! What is asked after the list, and how each engagement ends.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::*;
use crate::progress::Progress;
use tieout_model::records::oyster::{
    Contribution, EmbeddedEnrollment, EnrollmentRecord, OfferedPlan, OfferingsRecord, Price, ProvisioningRecord,
};
use tieout_recon::deducted::DeductedEngagements;
use tieout_recon::snapshot::Kept;
use tieout_recon::snapshot::testing::{moment, oyster_settings};
use tieout_services::install_tls;
use tieout_services::oyster::{OysterClient, OysterCredential};
use tieout_services::settings;

/// Everything that a night borrows.
struct Around {
    client: OysterClient,
    settings: settings::OysterAccess,
    known: BTreeSet<String>,
    kept: BTreeMap<String, Kept>,
    wanted: BTreeMap<String, Vec<String>>,
    charged: DeductedEngagements,
    progress: Progress,
}

impl Around {
    fn new() -> Around {
        install_tls();
        let settings = oyster_settings("http://localhost:1", "http://localhost:1/token");
        let credential = OysterCredential::Bearer("t".to_owned().into());
        let (_, cancel) = tokio::sync::watch::channel(false);
        let client = OysterClient::connect(
            &settings,
            credential,
            std::sync::Arc::new(|_| {}),
            std::sync::Arc::new(|| moment(0)),
            cancel,
        );
        Around {
            client: client.expect("connects"),
            settings,
            known: BTreeSet::new(),
            kept: BTreeMap::new(),
            wanted: BTreeMap::new(),
            charged: DeductedEngagements::default(),
            progress: Progress::silent(),
        }
    }

    fn engagements(&self, fresh: bool) -> Engagements<'_> {
        let Around { client, settings, known, kept, wanted, charged, progress } = self;
        let night = OysterNight { client, settings, known, kept, wanted, charged, progress };
        Engagements::new(&night, fresh, moment(0))
    }

    /// Tonight's details of `record`, kept from a night so many days ago.
    fn keep(&mut self, record: &EngagementRecord, days: i64) {
        self.keep_with(record, days, vec![enrollment(record.engagement_id.as_str())]);
    }

    fn keep_with(&mut self, record: &EngagementRecord, days: i64, enrollments: Vec<EnrollmentRecord>) {
        let fingerprint = fingerprint(&connection(&self.settings), record, &[]).expect("a time of change");
        let detail = Detail { at: moment(0) - TimeDelta::days(days), enrollments };
        self.kept.insert(record.engagement_id.to_string(), Kept { fingerprint, detail });
    }
}

fn listed(id: &str, states: &[&str]) -> EngagementRecord {
    let embedded =
        |(n, state): (i32, &&str)| EmbeddedEnrollment { enrollment_id: format!("{id}-{n}"), state: (*state).into() };
    EngagementRecord {
        engagement_id: id.into(),
        modified_at: Some(moment(-1000)),
        enrollments: (1..).zip(states).map(embedded).collect(),
        ..EngagementRecord::default()
    }
}

fn enrollment(id: &str) -> EnrollmentRecord {
    EnrollmentRecord {
        enrollment_id: Some(format!("{id}-1")),
        plan_id: Some("p".into()),
        state: Some("ENROLLED".into()),
        contribution: Some(Contribution { team_member: Some(0), ..Contribution::default() }),
        ..EnrollmentRecord::default()
    }
}

fn walk(engagements: Vec<EngagementRecord>, inconsistencies: &[&str]) -> Final {
    let inconsistencies = inconsistencies.iter().map(|text| (*text).to_owned()).collect();
    Final::List(EngagementWalk { engagements, inconsistencies })
}

fn list(engagements: &mut Engagements<'_>, answer: Final) -> Vec<(Position, Question)> {
    engagements.settle((0, 0), &Question::List, answer, moment(1))
}

/// `e1 enrollments` of each question.
fn asked(questions: &[(Position, Question)]) -> Vec<String> {
    let text = |(_, question): &(Position, Question)| match question {
        Question::List => "list".to_owned(),
        Question::Part { engagement_id, part } => format!("{engagement_id} {}", part.name()),
    };
    questions.iter().map(text).collect()
}

/// The answer that leaves nothing open.
fn fine(question: &Question) -> Result<Final, &'static str> {
    let price = Some(Price { amount: 1, currency: None });
    Ok(match question {
        Question::Part { engagement_id, part: Part::Enrollments } => {
            Final::Enrollments(vec![enrollment(engagement_id.as_str())])
        }
        Question::Part { part: Part::Offerings, .. } => {
            let plan = OfferedPlan { plan_id: "p".into(), price, ..OfferedPlan::default() };
            Final::Offerings(OfferingsRecord { plans: vec![plan], packages: Vec::new() })
        }
        _ => Final::Provisioning(ProvisioningRecord::default()),
    })
}

/// Answers everything that is asked; what became of each engagement, as text.
fn check(
    mut engagements: Engagements<'_>,
    answer: Final,
    part: impl Fn(&Question) -> Result<Final, &'static str>,
    expected: &[(&str, &str)],
) {
    let mut questions = list(&mut engagements, answer);
    while let Some((place, question)) = questions.pop() {
        questions.extend(match part(&question) {
            Ok(answer) => engagements.settle(place, &question, answer, moment(2)),
            Err(reason) => engagements.fail(place, &question, reason),
        });
    }
    let ended = engagements.finish().0.into_iter().map(|engagement| {
        let outcome = match engagement.detail {
            Ok(None) => "nothing".to_owned(),
            Ok(Some(detail)) if detail.at == moment(2) => "read".to_owned(),
            Ok(Some(_)) => "kept".to_owned(),
            Err(reason) => reason,
        };
        (engagement.engagement_id, outcome)
    });
    let expected = expected.iter().map(|(id, outcome)| ((*id).into(), (*outcome).to_owned()));
    assert_eq!(ended.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn only_what_moved_is_read_and_the_plan_says_what_that_saves() {
    let mut around = Around::new();
    let [same, moved, old, none] =
        ["e1", "e2", "e3", "e4"].map(|id| listed(id, if id == "e4" { &[] } else { &["ENROLLED"] }));
    around.keep(&same, 0);
    around.keep(&moved, 0);
    around.keep(&old, 7);
    let moved = EngagementRecord { modified_at: Some(moment(-1)), ..moved };
    let all = || walk(vec![same.clone(), moved.clone(), old.clone(), none.clone()], &[]);
    let mut engagements = around.engagements(false);
    let questions = list(&mut engagements, all());
    assert_eq!(asked(&questions), ["e2 enrollments", "e2 offerings", "e3 enrollments", "e3 offerings"]);
    let plan = CallPlan { engagements: 4, changed: 2, calls_planned: 1 + 4, calls_spared: 4 };
    assert_eq!(engagements.plan(), plan);
    let expected = [("e1", "kept"), ("e2", "read"), ("e3", "read"), ("e4", "nothing")];
    check(around.engagements(false), all(), fine, &expected);
    let fresh = [("e1", "read"), ("e2", "read"), ("e3", "read"), ("e4", "nothing")];
    check(around.engagements(true), all(), fine, &fresh);
}

/// No enrollments, where there would be one.
fn none(question: &Question) -> Result<Final, &'static str> {
    match question {
        Question::Part { part: Part::Enrollments, .. } => Ok(Final::Enrollments(Vec::new())),
        _ => Err("nothing else is needed"),
    }
}

#[test]
fn where_the_list_shows_no_enrollment_of_somebody_who_is_charged_one_call_makes_sure() {
    let mut around = Around::new();
    around.charged = DeductedEngagements::of(&["e1"]);
    let all = || walk(vec![listed("e1", &[]), listed("e2", &[]), listed("e3", &["ENROLLED"])], &[]);
    let mut engagements = around.engagements(false);
    let questions = list(&mut engagements, all());
    assert_eq!(asked(&questions), ["e1 enrollments", "e3 enrollments", "e3 offerings"]);
    assert_eq!(engagements.plan(), CallPlan { engagements: 3, changed: 2, calls_planned: 1 + 3, calls_spared: 3 });
    let of = |part: fn(&Question) -> Result<Final, &'static str>| {
        move |question: &Question| match question {
            Question::Part { engagement_id, .. } if engagement_id == "e1" => part(question),
            _ => fine(question),
        }
    };
    let expected = |e1| [("e1", e1), ("e2", "nothing"), ("e3", "read")];
    check(around.engagements(false), all(), of(none), &expected("read"));
    // There is one after all: what is on offer is asked for then.
    check(around.engagements(false), all(), of(fine), &expected("read"));
    check(around.engagements(false), all(), of(|_| Err("a time-out")), &expected("enrollments: a time-out"));
    let (place, question) = &questions[0];
    let more = engagements.settle(*place, question, fine(question).expect("an answer"), moment(1));
    assert_eq!(asked(&more), ["e1 offerings"]);
    assert_eq!(engagements.plan(), CallPlan { engagements: 3, changed: 2, calls_planned: 1 + 4, calls_spared: 2 });
}

#[test]
fn that_there_is_no_enrollment_is_remembered_until_something_moves() {
    let mut around = Around::new();
    let record = listed("e1", &[]);
    around.keep_with(&record, 0, Vec::new());
    check(around.engagements(false), walk(vec![record.clone()], &[]), none, &[("e1", "kept")]);
    around.charged = DeductedEngagements::of(&["e1"]);
    check(around.engagements(false), walk(vec![record.clone()], &[]), none, &[("e1", "kept")]);
    check(around.engagements(true), walk(vec![record.clone()], &[]), none, &[("e1", "read")]);
    let moved = EngagementRecord { modified_at: Some(moment(-1)), ..record };
    check(around.engagements(false), walk(vec![moved.clone()], &[]), none, &[("e1", "read")]);
    around.charged = DeductedEngagements::default();
    check(around.engagements(false), walk(vec![moved], &[]), none, &[("e1", "nothing")]);
}

#[test]
fn enrollments_that_an_earlier_night_read_are_not_gone_because_the_list_shows_none_any_more() {
    let mut around = Around::new();
    around.keep(&listed("e1", &["ENROLLED"]), 0);
    check(around.engagements(false), walk(vec![listed("e1", &[])], &[]), fine, &[("e1", "read")]);
    check(around.engagements(false), walk(vec![listed("e1", &[])], &[]), none, &[("e1", "read")]);
    // Read in spite of the list, and the same list again.
    around.keep(&listed("e1", &[]), 0);
    check(around.engagements(false), walk(vec![listed("e1", &[])], &[]), none, &[("e1", "kept")]);
}

#[test]
fn a_wanted_contribution_that_moved_is_read_again() {
    let mut around = Around::new();
    let record = listed("e1", &["PROVISIONED"]);
    around.keep(&record, 0);
    around.wanted.insert("e1".into(), vec!["sent h".into()]);
    check(around.engagements(false), walk(vec![record], &[]), fine, &[("e1", "read")]);
}

#[test]
fn an_engagement_that_does_not_say_when_it_changed_is_read_every_night() {
    let mut around = Around::new();
    let record = listed("e1", &["ENROLLED"]);
    around.keep(&record, 0);
    let silent = EngagementRecord { modified_at: None, ..record };
    check(around.engagements(false), walk(vec![silent], &[]), fine, &[("e1", "read")]);
}

#[test]
fn the_third_part_is_asked_for_once_when_the_first_two_leave_something_open() {
    let around = Around::new();
    let mut engagements = around.engagements(false);
    let questions = list(&mut engagements, walk(vec![listed("e1", &["ENROLLED"])], &[]));
    let [(first, enrollments), (second, offerings)] = &questions[..] else { panic!("{questions:?}") };
    let read = fine(enrollments).expect("an answer");
    assert_eq!(engagements.settle(*first, enrollments, read, moment(1)), []);
    let empty = Final::Offerings(OfferingsRecord::default());
    let third = engagements.settle(*second, offerings, empty, moment(1));
    assert_eq!(asked(&third), ["e1 provisioning"]);
    assert_eq!(engagements.plan().calls_planned, 1 + 3);
    // Never answered: nobody may judge.
    let (ended, _) = engagements.finish();
    assert_eq!(ended[0].detail, Err("provisioning: not asked for".to_owned()));
}

#[test]
fn a_part_that_failed_spoils_its_engagement_only_and_the_enrollments_are_named_first() {
    let around = Around::new();
    let part = |question: &Question| match question {
        Question::Part { engagement_id, part: Part::Offerings } if engagement_id == "e1" => Err("a time-out"),
        Question::Part { engagement_id, .. } if engagement_id == "e2" => Ok(Final::Absent(FinalAnswer::NotFound)),
        Question::Part { engagement_id, part: Part::Enrollments } if engagement_id == "e3" => {
            Ok(Final::Enrollments(Vec::new()))
        }
        _ => fine(question),
    };
    let all = ["e1", "e2", "e3", "e4"].map(|id| listed(id, &["ENROLLED"]));
    let expected = [
        ("e1", "offerings: a time-out"),
        ("e2", "enrollments: not found, or no permission to read it (404)"),
        ("e3", "the list shows an enrollment that its enrollments lack"),
        ("e4", "read"),
    ];
    check(around.engagements(false), walk(all.to_vec(), &[]), part, &expected);
}

#[test]
fn details_that_contradict_the_list_are_not_kept() {
    let around = Around::new();
    for (state, kept) in [("ENROLLED", true), (" enrolled", true), ("CANCELED", false), ("APPLIED", false)] {
        let mut engagements = around.engagements(false);
        for (place, question) in list(&mut engagements, walk(vec![listed("e1", &[state])], &[])) {
            engagements.settle(place, &question, fine(&question).expect("an answer"), moment(2));
        }
        let (ended, _) = engagements.finish();
        assert!(ended[0].detail.is_ok());
        assert_eq!(ended[0].fingerprint.is_some(), kept, "{state}");
    }
}

#[test]
fn an_enrollment_that_is_over_may_be_gone_from_the_details() {
    let around = Around::new();
    let record = listed("e1", &["ENROLLED", "CANCELED"]);
    check(around.engagements(false), walk(vec![record], &[]), fine, &[("e1", "read")]);
}

#[test]
fn what_a_contradictory_list_lacks_is_unverified_and_what_a_whole_one_lacks_is_left_out() {
    let mut around = Around::new();
    around.known = ["e1", "e9"].map(str::to_owned).into();
    let all = || vec![listed("e1", &[])];
    check(around.engagements(false), walk(all(), &[]), fine, &[("e1", "nothing")]);
    let expected = [("e1", "nothing"), ("e9", INCONSISTENT)];
    check(around.engagements(false), walk(all(), &["page 2 came twice"]), fine, &expected);
    check(around.engagements(false), walk(Vec::new(), &[]), fine, &[("e1", NOBODY_LISTED), ("e9", NOBODY_LISTED)]);
}

#[test]
fn a_failed_list_leaves_everything_known_unverified() {
    let mut around = Around::new();
    around.known = BTreeSet::from(["e1".to_owned()]);
    let mut engagements = around.engagements(false);
    assert_eq!(engagements.fail((0, 0), &Question::List, "a time-out"), []);
    let (ended, fault) = engagements.finish();
    let reason = "list of engagements: a time-out".to_owned();
    assert_eq!((ended[0].detail.clone(), fault), (Err(reason.clone()), Some(reason)));
}

#[test]
fn when_none_of_the_first_engagements_can_be_read_no_other_is_asked_for() {
    let around = Around::new();
    let all = |n: usize| (0..n).map(|n| listed(&format!("e{n:02}"), &["ENROLLED"])).collect::<Vec<_>>();
    for (there, absent, readable, expected) in [
        (20, 10, None, Some(10)),
        (20, 9, None, None),
        (3, 3, None, Some(3)),
        (1, 1, None, None),
        (20, 10, Some(0), None),
    ] {
        let mut engagements = around.engagements(false);
        let questions = list(&mut engagements, walk(all(there), &[]));
        if let Some(at) = readable {
            let (place, question) = &questions[at];
            engagements.settle(*place, question, fine(question).expect("an answer"), moment(1));
        }
        let enrollments = questions.iter().filter(|(_, q)| matches!(q, Question::Part { part: Part::Enrollments, .. }));
        for (place, question) in enrollments.rev().take(absent) {
            engagements.settle(*place, question, Final::Absent(FinalAnswer::NotFound), moment(1));
        }
        assert_eq!(engagements.none_readable(), expected, "{there} {absent} {readable:?}");
    }
}

#[test]
fn what_is_not_found_of_engagements_without_enrollments_says_nothing_of_the_others() {
    let mut around = Around::new();
    around.charged = DeductedEngagements::of(&["e1", "e2", "e3"]);
    let all = ["e1", "e2", "e3", "e4", "e5"].map(|id| listed(id, if id > "e3" { &["ENROLLED"] } else { &[] }));
    let mut engagements = around.engagements(false);
    let questions = list(&mut engagements, walk(all.to_vec(), &[]));
    for (place, question) in &questions[..3] {
        assert_eq!(engagements.settle(*place, question, Final::Absent(FinalAnswer::NotFound), moment(1)), []);
        assert_eq!(engagements.none_readable(), None);
    }
    // Both of those with enrollments: then nothing can be read here.
    for (place, question) in &questions[3..] {
        engagements.settle(*place, question, Final::Absent(FinalAnswer::NotFound), moment(1));
    }
    assert_eq!(engagements.none_readable(), Some(2));
    let (ended, _) = engagements.finish();
    let reason = "enrollments: not found, or no permission to read it (404)";
    assert_eq!(ended[0].detail, Err(reason.to_owned()));
}

#[test]
fn when_a_part_of_none_of_the_first_engagements_may_be_read_no_other_is_asked_for() {
    let around = Around::new();
    let all = |n: usize| (0..n).map(|n| listed(&format!("e{n:02}"), &["ENROLLED"])).collect::<Vec<_>>();
    // Engagements, of them forbidden, not found, and read, all of one part.
    for (there, forbidden, absent, read, expected) in [
        (20, 10, 0, 0, Some(10)),
        (20, 9, 0, 0, None),
        (3, 3, 0, 0, Some(3)),
        (3, 2, 1, 0, Some(3)),
        (3, 2, 0, 1, None),
        (1, 1, 0, 0, None),
    ] {
        for one in FIRST_PARTS {
            let mut engagements = around.engagements(false);
            let questions = list(&mut engagements, walk(all(there), &[]));
            let mut of_part =
                questions.iter().filter(|(_, q)| matches!(q, Question::Part { part, .. } if *part == one));
            for (place, question) in of_part.by_ref().take(read) {
                engagements.settle(*place, question, fine(question).expect("an answer"), moment(1));
            }
            for (place, question) in of_part.by_ref().take(absent) {
                engagements.settle(*place, question, Final::Absent(FinalAnswer::NotFound), moment(1));
            }
            for (place, question) in of_part.take(forbidden) {
                engagements.forbidden(question);
                engagements.fail(*place, question, "refused");
            }
            // An absence counts once an engagement, with its enrollments.
            let expected = if absent > 0 && one == Part::Offerings { None } else { expected };
            assert_eq!(engagements.none_allowed(), expected, "{there} {forbidden} {absent} {read} {}", one.name());
        }
    }
}
