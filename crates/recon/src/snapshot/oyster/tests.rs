//! Oyster's tables: there and back, sealed with the others, and a snapshot without them as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::*;
use crate::snapshot::testing::{day, moment};
use crate::snapshot::{Builder, Origin, SnapshotHead, Tables, kept_oyster, list, open, open_oyster, seal};
use tieout_model::records::oyster::{Contribution, EmbeddedEnrollment, EngagementRecord, EnrollmentRecord, Price};

fn enrollment(id: &str, state: &str) -> EnrollmentRecord {
    EnrollmentRecord { enrollment_id: Some(id.into()), state: Some(state.into()), ..EnrollmentRecord::default() }
}

/// An enrollment with every field, money, anomalies and faults included.
fn full(id: &str) -> EnrollmentRecord {
    EnrollmentRecord {
        plan_id: Some("Je54b1c4".into()),
        package_id: Some("B9965d2e".into()),
        category: Some("HEALTH".into()),
        contribution: Some(Contribution {
            team_member: Some(555_000),
            dependents: None,
            max_dependents: Some(4),
            anomalies: vec!["dependents 0.55 where percents are due".into(), "another".into()],
        }),
        price: Some(Price { amount: 450_000, currency: Some("EUR".into()) }),
        faults: vec!["max_dependents".into(), "price".into()],
        ..enrollment(id, "ENROLLED")
    }
}

fn engagement(id: &str, detail: Result<Option<Detail>, String>) -> Engagement {
    Engagement {
        engagement_id: id.into(),
        listed: Some(EngagementRecord { engagement_id: id.into(), ..EngagementRecord::default() }),
        listed_at: Some(moment(0)),
        fingerprint: Some(format!("f-{id}")),
        detail,
    }
}

fn detail(second: i64, enrollments: Vec<EnrollmentRecord>) -> Result<Option<Detail>, String> {
    Ok(Some(Detail { at: moment(second), enrollments }))
}

fn engagements() -> Vec<Engagement> {
    vec![
        engagement("e3", Err("enrollments: a time-out".into())),
        engagement("e1", detail(7, vec![enrollment("b", "APPLIED"), full("a")])),
        engagement("e2", Ok(None)),
    ]
}

fn seal_with(state: &std::path::Path, oyster: Option<OysterSnapshot>) -> crate::snapshot::Snapshot {
    let tables = Tables { oyster, ..Builder::new(0).finish().expect("tables") };
    let head = SnapshotHead { taken_at: moment(5), as_of: day(31), source: Origin::Benifex };
    seal(state, head, tables).expect("seals")
}

#[test]
fn details_come_back_from_the_tables_as_they_went_in() {
    let oyster = OysterSnapshot::of(engagements(), None).expect("tables");
    assert_eq!(oyster.engagements.get_column_names(), Engagements::NAMES);
    assert_eq!(oyster.enrollments.get_column_names(), Enrollments::NAMES);
    let enrollments = vec![full("a"), enrollment("b", "APPLIED")];
    let kept = Kept { fingerprint: "f-e1".into(), detail: Detail { at: moment(7), enrollments } };
    // e2 has nothing to keep, e3 was not read.
    assert_eq!(oyster.kept().expect("reads"), BTreeMap::from([("e1".to_owned(), kept)]));
}

/// Seals a night of calls.
fn seal_night(state: &std::path::Path, day_of_march: u32, engagements: Vec<Engagement>, fault: Option<&str>) {
    let oyster = Some(OysterSnapshot::of(engagements, fault.map(str::to_owned)).expect("tables"));
    let tables = Tables { oyster, ..Builder::new(0).finish().expect("tables") };
    let head = SnapshotHead { taken_at: moment(5), as_of: day(day_of_march), source: Origin::Benifex };
    seal(state, head, tables).expect("seals");
}

#[test]
fn a_night_that_failed_leaves_the_details_of_the_nights_before_it() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let unread = |id: &str| Engagement { listed: None, fingerprint: None, ..engagement(id, Err("a time-out".into())) };
    let read = |id: &str, second| engagement(id, detail(second, vec![enrollment("a", "ENROLLED")]));
    let kept = || {
        let kept = kept_oyster(state.path()).expect("reads").into_iter();
        kept.map(|(id, kept)| (id, kept.detail.at)).collect::<Vec<_>>()
    };
    assert_eq!(kept(), []);
    // Older than a whole night: never looked at.
    seal_night(state.path(), 1, vec![read("e4", 1)], None);
    seal_night(state.path(), 2, vec![read("e1", 2), read("e2", 2), read("e3", 2)], None);
    let e1_to_e3 = |second| vec![("e1".to_owned(), second), ("e2".into(), second), ("e3".into(), second)];
    assert_eq!(kept(), e1_to_e3(moment(2)));
    // The list failed.
    seal_night(state.path(), 3, vec![unread("e1"), unread("e2"), unread("e3")], Some("a time-out"));
    assert_eq!(kept(), e1_to_e3(moment(2)));
    // One could not be read, one was read anew, one has nothing any more.
    seal_night(state.path(), 4, vec![unread("e1"), read("e2", 4), engagement("e3", Ok(None))], None);
    assert_eq!(kept(), [("e1".to_owned(), moment(2)), ("e2".into(), moment(4))]);
}

#[test]
fn no_more_than_a_weeks_failed_nights_are_looked_behind() {
    let state = tempfile::tempdir().expect("a temporary folder");
    seal_night(state.path(), 1, engagements(), None);
    for day_of_march in 2..=8 {
        assert_eq!(kept_oyster(state.path()).expect("reads").len(), 1, "{day_of_march}");
        seal_night(state.path(), day_of_march, Vec::new(), Some("a time-out"));
    }
    assert_eq!(kept_oyster(state.path()).expect("reads").len(), 1);
    seal_night(state.path(), 9, Vec::new(), Some("a time-out"));
    assert_eq!(kept_oyster(state.path()).expect("reads").len(), 0);
}

#[test]
fn the_states_of_the_night_are_those_of_found_engagements() {
    let (found, states) = OysterSnapshot::of(engagements(), None).expect("tables").states().expect("reads");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["e1", "e2"]);
    let state = |enrollment: &str, state: &str| ("e1".to_owned(), enrollment.to_owned(), state.to_owned());
    assert_eq!(states, [state("a", "ENROLLED"), state("b", "APPLIED")]);
}

#[test]
fn enrollments_of_an_engagement_that_was_not_read_are_counted_and_say_nothing() {
    let mut unread = engagement("e1", Err("offerings: a time-out".into()));
    let embedded = |id: &str| EmbeddedEnrollment { enrollment_id: id.into(), state: "ENROLLED".into() };
    unread.listed.as_mut().expect("listed").enrollments = vec![embedded("b"), embedded("a")];
    let unlisted = Engagement { listed: None, listed_at: None, ..engagement("e2", Err("a time-out".into())) };
    let oyster = OysterSnapshot::of(vec![unread, unlisted], None).expect("tables");
    let ids = oyster.enrollments.column("enrollment_id").expect("there").str().expect("texts").iter();
    assert_eq!(ids.collect::<Vec<_>>(), [Some("a"), Some("b")]);
    assert_eq!(oyster.states().expect("reads"), (BTreeSet::new(), Vec::new()));
    assert_eq!(oyster.kept().expect("reads"), BTreeMap::new());
}

#[test]
fn a_sealed_snapshot_gives_its_oyster_tables_back() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let fault = Some("page 2 came twice".to_owned());
    let sealed = seal_with(state.path(), Some(OysterSnapshot::of(engagements(), fault.clone()).expect("tables")));
    let listed = list(state.path()).expect("lists").pop().expect("one");
    assert_eq!((listed.engagements, listed.enrollments, listed.complete), (Some(3), Some(2), false));
    let whole = open(&listed.dir, true).expect("opens").oyster.expect("has Oyster");
    let alone = open_oyster(&listed.dir).expect("opens").expect("has Oyster");
    let sealed = sealed.oyster.expect("has Oyster");
    for opened in [whole, alone] {
        assert!(opened.engagements.equals_missing(&sealed.engagements));
        assert!(opened.enrollments.equals_missing(&sealed.enrollments));
        assert_eq!(opened.list_fault, fault);
    }
}

#[test]
fn only_a_whole_list_of_found_engagements_is_complete() {
    let found = || vec![engagement("e1", Ok(None))];
    for (engagements, fault, complete) in [
        (found(), None, true),
        (found(), Some("a time-out".to_owned()), false),
        (engagements(), None, false),
        (Vec::new(), None, true),
    ] {
        let state = tempfile::tempdir().expect("a temporary folder");
        let oyster = OysterSnapshot::of(engagements, fault).expect("tables");
        assert_eq!(seal_with(state.path(), Some(oyster)).complete, complete);
    }
}

#[test]
fn a_changed_table_or_fault_is_damage() {
    for file in ["engagements.parquet", "enrollments.parquet", "snapshot.json"] {
        let state = tempfile::tempdir().expect("a temporary folder");
        let oyster = OysterSnapshot::of(engagements(), Some("page 2 came twice".into())).expect("tables");
        let dir = state.path().join("snapshots").join(seal_with(state.path(), Some(oyster)).id);
        let mut bytes = fs::read(dir.join(file)).expect("reads");
        let at = bytes.windows(6).position(|six| six == b"page 2").map_or(bytes.len() / 2, |at| at + 5);
        bytes[at] ^= 1;
        fs::remove_file(dir.join(file)).expect("removes");
        fs::write(dir.join(file), bytes).expect("writes");
        let error = open_oyster(&dir).expect_err("refuses");
        assert!(error.is::<crate::snapshot::Damaged>(), "{file}: {error:#}");
    }
}

#[test]
fn a_snapshot_without_oyster_is_the_one_that_it_was_before_there_was_oyster() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let sealed = seal_with(state.path(), None);
    let dir = state.path().join("snapshots").join(&sealed.id);
    let text = fs::read_to_string(dir.join("snapshot.json")).expect("reads");
    assert!(!text.contains("oyster") && !text.contains("engagements"), "{text}");
    assert!(open(&dir, true).expect("opens").oyster.is_none());
    assert!(open_oyster(&dir).expect("opens").is_none());
    let with = seal_with(state.path(), Some(OysterSnapshot::of(Vec::new(), None).expect("tables")));
    assert_ne!(with.sha256, sealed.sha256);
}

#[test]
fn a_service_that_was_not_asked_proves_nothing() {
    let oyster = OysterSnapshot::not_asked().expect("tables");
    assert!(oyster.list_fault.is_some() && !oyster.complete().expect("reads"));
    assert_eq!(oyster.engagement_ids().expect("reads").count(), 0);
}
