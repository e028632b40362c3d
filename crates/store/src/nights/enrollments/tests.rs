//! The history of states: nights in order, repeated, out of order; the opening balance; the bound.

use std::fs;

use super::*;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
}

/// A night that found `e1` with these enrollments.
fn preview(store: &Store, as_of: u32, states: &[(&str, &str)], opening: Option<&Path>) -> anyhow::Result<States> {
    store.sightings(&[seen(as_of, states)], opening)
}

fn seen(as_of: u32, states: &[(&str, &str)]) -> EnrollmentNight {
    let state = |(enrollment, state): &(&str, &str)| ("e1".to_owned(), (*enrollment).to_owned(), (*state).to_owned());
    let found = BTreeSet::from(["e1".to_owned()]);
    EnrollmentNight { as_of: day(as_of), found, states: states.iter().map(state).collect() }
}

fn night(store: &mut Store, as_of: u32, states: &[(&str, &str)]) -> States {
    let night = preview(store, as_of, states, None).expect("previews");
    store.record_sightings(&night).expect("records");
    night
}

/// `enrollment: day STATE[!], …` of everything known; `!`: witnessed.
fn shown(sightings: &Sightings) -> Vec<String> {
    let one = |sighting: &Sighting| {
        let mark = if sighting.witnessed { "!" } else { "" };
        format!("{} {}{mark}", sighting.since.format("%d"), sighting.state)
    };
    let line = |states: &Vec<Sighting>| states.iter().map(one).collect::<Vec<_>>().join(", ");
    sightings.iter().map(|((_, enrollment), states)| format!("{enrollment}: {}", line(states))).collect()
}

/// Nights one after the other, each recorded; then what is known.
fn check(nights: &[(u32, &[(&str, &str)])], expected: &[&str]) {
    let mut store = Store::in_memory().expect("opens");
    let mut last = States::default();
    for (as_of, states) in nights {
        last = night(&mut store, *as_of, states);
    }
    assert_eq!(shown(&last.sightings), expected, "previewed");
    assert_eq!(shown(&store.known_sightings().expect("reads")), expected, "recorded");
}

#[test]
fn the_first_sight_of_an_engagement_is_no_witness_and_every_change_after_it_is_one() {
    check(
        &[(1, &[("a", "APPLIED")]), (2, &[("a", "APPLIED")]), (5, &[("a", "ENROLLED"), ("b", "REQUESTED")])],
        &["a: 01 APPLIED, 05 ENROLLED!", "b: 05 REQUESTED!"],
    );
}

#[test]
fn an_engagement_seen_without_enrollments_is_known_when_one_turns_up() {
    check(&[(1, &[]), (2, &[("a", "REQUESTED")])], &["a: 02 REQUESTED!"]);
}

#[test]
fn a_repeated_night_replaces_its_own_day_only() {
    check(&[(1, &[("a", "APPLIED")]), (1, &[("a", "IN_PROGRESS")])], &["a: 01 IN_PROGRESS"]);
    check(
        &[(1, &[("a", "APPLIED")]), (2, &[("a", "ENROLLED")]), (2, &[("a", "ENROLLED")])],
        &["a: 01 APPLIED, 02 ENROLLED!"],
    );
    // The day's second look found it where it had been before.
    check(&[(1, &[("a", "APPLIED")]), (2, &[("a", "ENROLLED")]), (2, &[("a", "APPLIED")])], &["a: 01 APPLIED"]);
    // The engagement was first seen on that day, however often.
    check(
        &[(1, &[("a", "APPLIED")]), (1, &[("a", "APPLIED"), ("b", "REQUESTED")])],
        &["a: 01 APPLIED", "b: 01 REQUESTED"],
    );
}

#[test]
fn a_state_is_the_same_whatever_its_case() {
    check(&[(1, &[("a", "ENROLLED")]), (2, &[("a", "Enrolled")])], &["a: 01 ENROLLED"]);
}

#[test]
fn an_earlier_night_moves_the_begin_or_goes_before_it() {
    check(&[(9, &[("a", "ENROLLED")]), (5, &[("a", "ENROLLED")])], &["a: 05 ENROLLED"]);
    check(&[(9, &[("a", "ENROLLED")]), (5, &[("a", "APPLIED")])], &["a: 05 APPLIED, 09 ENROLLED!"]);
}

#[test]
fn a_preview_writes_nothing() {
    let store = Store::in_memory().expect("opens");
    let states = preview(&store, 1, &[("a", "APPLIED")], None).expect("previews");
    assert_eq!(shown(&states.sightings), ["a: 01 APPLIED"]);
    assert!(store.known_sightings().expect("reads").is_empty() && store.engagements_seen().expect("reads").is_empty());
}

#[test]
fn nights_together_are_nights_one_after_the_other() {
    let mut store = Store::in_memory().expect("opens");
    let nights = [seen(1, &[]), seen(9, &[("a", "ENROLLED")])];
    let states = store.sightings(&nights, None).expect("previews");
    assert_eq!(shown(&states.sightings), ["a: 09 ENROLLED!"]);
    store.record_sightings(&states).expect("records");
    // Known already, the same nights add nothing.
    assert_eq!(store.sightings(&nights, None).expect("previews").sightings, states.sightings);
    assert_eq!(shown(&store.known_sightings().expect("reads")), ["a: 09 ENROLLED!"]);
}

#[test]
fn only_the_newest_eight_states_are_kept() {
    let mut store = Store::in_memory().expect("opens");
    for as_of in 1..=20 {
        night(&mut store, as_of, &[("a", if as_of % 2 == 0 { "ENROLLED" } else { "APPLIED" })]);
    }
    let known = store.known_sightings().expect("reads");
    let days: Vec<_> = known.values().flatten().map(|sighting| sighting.since).collect();
    assert_eq!(days, (13..=20).map(day).collect::<Vec<_>>());
}

#[test]
fn a_step_outside_the_chart_is_told_and_one_over_several_states_is_none() {
    let mut store = Store::in_memory().expect("opens");
    night(&mut store, 1, &[("a", "FINISHED"), ("b", "REQUESTED"), ("c", "ENROLLED"), ("d", "PAUSED")]);
    let states = night(
        &mut store,
        2,
        &[("a", "ENROLLED"), ("b", "ENROLLED"), ("c", "PAUSED"), ("d", "APPLIED"), ("e", "FINISHED")],
    );
    let text = |text: &str| text.to_owned();
    let step = Step {
        engagement_id: text("e1").into(),
        enrollment_id: text("a"),
        from: text("FINISHED"),
        to: text("ENROLLED"),
    };
    assert_eq!(states.unexpected, [step]);
    // The repeated night tells it again, the next one does not.
    assert_eq!(night(&mut store, 2, &[("a", "ENROLLED")]).unexpected, states.unexpected);
    assert_eq!(night(&mut store, 3, &[("a", "ENROLLED")]).unexpected, []);
}

#[test]
fn the_opening_balance_counts_for_enrollments_that_no_night_has_seen() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("states.ndjson");
    let line = |enrollment: &str, state: &str, since: &str, witnessed: bool| {
        format!(
            r#"{{"engagementId":"e1","enrollmentId":"{enrollment}","state":"{state}","since":"{since}","witnessed":{witnessed}}}"#
        )
    };
    let lines = [
        line("b", "ENROLLED", "2026-03-08", true),
        line("b", " APPLIED ", "2026-03-02", false),
        String::new(),
        line("a", "REQUESTED", "2026-03-01", true),
    ];
    fs::write(&path, lines.join("\n")).expect("writes");
    let mut store = Store::in_memory().expect("opens");
    night(&mut store, 10, &[("a", "APPLIED")]);
    let states = preview(&store, 11, &[("a", "APPLIED"), ("b", "ENROLLED")], Some(&path)).expect("previews");
    let expected = ["a: 10 APPLIED", "b: 02 APPLIED, 08 ENROLLED!"];
    assert_eq!(shown(&states.sightings), expected);
    store.record_sightings(&states).expect("records");
    assert_eq!(shown(&store.known_sightings().expect("reads")), expected);
}

#[test]
fn a_bad_opening_balance_is_refused_with_its_line() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("states.ndjson");
    let good = r#"{"engagementId":"e1","enrollmentId":"a","state":"APPLIED","since":"2026-03-02"}"#;
    let store = Store::in_memory().expect("opens");
    let refused = |text: &str| {
        fs::write(&path, text).expect("writes");
        format!("{:#}", preview(&store, 1, &[], Some(&path)).expect_err("refuses"))
    };
    assert!(refused(&format!("{good}\n{good}")).contains("line 2: this enrollment has another line"));
    assert!(refused(r#"{"engagementId":"e1"}"#).contains("line 1"));
    assert!(refused(&good.replace("e1", " ")).contains("one of them is blank"));
    assert!(refused(&good.replace("e1", &"e".repeat(20_000))).contains("expected at most 16384 bytes"));
    fs::remove_file(&path).expect("removes");
    let missing = preview(&store, 1, &[], Some(&path)).expect_err("refuses");
    assert!(format!("{missing:#}").contains("states.ndjson"));
}

#[test]
fn what_is_wanted_at_oyster_is_what_was_approved_last() {
    let store = Store::in_memory().expect("opens");
    let wanted = || store.wanted_at_oyster().expect("reads");
    let run = |sql: &str| store.connection().execute(sql, []).expect("runs");
    let propose = |hash: &str| {
        run(&format!(
            "INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, created_at, created_by, changed_at)
             VALUES ('oyster:e1', 'oyster_provisioning', 'proposed', '{{\"engagement_id\":\"e1\"}}', '{hash}', '{{}}', 'T', 'a', 'T')"
        ));
    };
    let approve = |hash: &str| {
        run(&format!(
            "UPDATE queue SET state = 'approved', approved_by = 'b', approved_at = 'T', policy_hash = 'p'
             WHERE payload_hash = '{hash}'"
        ));
    };
    let expected = |text: &str| BTreeMap::from([("e1".to_owned(), vec![text.to_owned()])]);
    propose("h1");
    assert_eq!(wanted(), BTreeMap::new());
    approve("h1");
    assert_eq!(wanted(), expected("oyster_provisioning approved h1"));
    run("UPDATE queue SET state = 'sending', attempt = 1");
    run("UPDATE queue SET state = 'sent'");
    assert_eq!(wanted(), expected("oyster_provisioning sent h1"));
    propose("h2");
    assert_eq!(wanted(), expected("oyster_provisioning sent h1"));
    approve("h2");
    assert_eq!(wanted(), expected("oyster_provisioning approved h2"));
}
