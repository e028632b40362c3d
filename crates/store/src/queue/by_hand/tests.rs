use super::*;
use crate::ChainVerdict;
use crate::queue::testing::{BY, OTHER, all_judged, compensation, drive, hire, item_of, plan};
use crate::queue::tests::{enqueue, store};
use crate::tests::at;

const ENGAGEMENT: &str = "2ug3WBT0";
const EVIDENCE: &str = r#"{"authority":"the preparer","changes":[],"findings":[],"state":"h"}"#;

fn provisioning(engagement: &str, package: &str) -> String {
    format!(
        r#"{{"engagement_id":"{engagement}","supplementary":[],"package":{{"package_id":"{package}","plans":[]}}}}"#
    )
}

fn request(plan_id: &str) -> String {
    format!(r#"{{"engagement_id":"{ENGAGEMENT}","plan_id":"{plan_id}","shares":{{"team_member":500000}}}}"#)
}

fn prepare(store: &mut Store, kind: CorrectionKind, payload: &str, plan_id: Option<&str>) -> Prepared {
    let wanted =
        ByHand { employee_id: "0042", kind, engagement_id: ENGAGEMENT, plan_id, payload, evidence: EVIDENCE, by: BY };
    store.prepare_by_hand(&wanted, at(0)).expect("prepares")
}

fn provision(store: &mut Store, package: &str) -> Prepared {
    prepare(store, CorrectionKind::OysterProvisioning, &provisioning(ENGAGEMENT, package), None)
}

fn ask(store: &mut Store, plan_id: &str) -> Prepared {
    prepare(store, CorrectionKind::OysterRequest, &request(plan_id), Some(plan_id))
}

fn queued(item: i64) -> Prepared {
    Prepared::Queued { item, superseded: None }
}

#[track_caller]
fn check_audit(store: &Store) {
    let verdict = store.audit_verify().expect("reads");
    assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
}

#[test]
fn a_wish_begins_as_proposed_with_its_entry_in_the_chain() {
    let mut store = store();
    assert_eq!(provision(&mut store, "P"), queued(1));
    let item = item_of(&store, 1);
    assert_eq!((item.state, item.employee_id.as_str(), item.created_by.as_str()), (ItemState::Proposed, "0042", BY));
    let story = store.audit_of(1).expect("reads");
    assert_eq!(story.iter().map(|row| row.event.as_str()).collect::<Vec<_>>(), ["propose"]);
    check_audit(&store);
}

#[test]
fn one_live_item_an_engagement_and_of_requests_one_a_plan() {
    let mut store = store();
    assert_eq!(provision(&mut store, "P"), queued(1));
    assert_eq!(provision(&mut store, "P"), Prepared::AlreadyQueued { item: 1, state: ItemState::Proposed });
    assert_eq!(provision(&mut store, "Q"), Prepared::Queued { item: 2, superseded: Some(1) });
    assert_eq!((ask(&mut store, "S"), ask(&mut store, "T")), (queued(3), queued(4)));
    assert_eq!(item_of(&store, 1).state, ItemState::Superseded);
    check_audit(&store);
}

#[test]
fn the_database_holds_one_live_item_an_engagement_whoever_it_is_linked_to() {
    let mut store = store();
    provision(&mut store, "P");
    let insert = |payload: &str| {
        let sql =
            "INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, created_at, created_by,
                       changed_at) VALUES ('other', 'oyster_provisioning', 'proposed', ?1, 'h', '{}', 'T', 'b', 'T')";
        store.connection().execute(sql, [payload]).map_err(|error| error.to_string())
    };
    insert(&provisioning(ENGAGEMENT, "Q")).expect_err("a second live item");
    insert("{}").expect_err("no engagement");
    insert(&provisioning("another", "Q")).expect("another engagement");
}

#[test]
fn what_is_on_its_way_or_in_doubt_is_not_replaced() {
    for state in [ItemState::Sending, ItemState::InDoubt] {
        let mut store = store();
        provision(&mut store, "P");
        assert!(drive(&mut store, 1, state), "{state:?}");
        assert_eq!(provision(&mut store, "Q"), Prepared::Busy { item: 1, state });
        check_audit(&store);
    }
    for state in [ItemState::Approved, ItemState::Sent, ItemState::Failed, ItemState::Rejected, ItemState::Withdrawn] {
        let mut store = store();
        provision(&mut store, "P");
        assert!(drive(&mut store, 1, state), "{state:?}");
        let superseded = (state == ItemState::Approved).then_some(1);
        assert_eq!(provision(&mut store, "Q"), Prepared::Queued { item: 2, superseded }, "{state:?}");
    }
}

#[test]
fn a_night_neither_withdraws_nor_supersedes_what_a_person_prepared() {
    for state in [ItemState::Proposed, ItemState::Approved] {
        let mut store = store();
        provision(&mut store, "P");
        ask(&mut store, "S");
        assert!(drive(&mut store, 1, state), "{state:?}");
        let before = (item_of(&store, 1), item_of(&store, 2));
        // A night that judged everybody and wants nothing, and one that corrects the same employee.
        let nothing = enqueue(&mut store, &plan([]), &all_judged());
        assert_eq!(nothing, crate::Queued::default());
        enqueue(&mut store, &plan([compensation("0042", "part_time")]), &all_judged());
        assert_eq!((item_of(&store, 1), item_of(&store, 2)), before, "{state:?}");
        assert_eq!(item_of(&store, 3).kind, CorrectionKind::Compensation);
        check_audit(&store);
    }
}

#[test]
fn a_change_at_oyster_makes_nobody_known_to_benbase_and_asks_nothing_of_the_night() {
    let mut store = store();
    provision(&mut store, "P");
    let seen = store.seen().expect("reads");
    assert!(seen.employees.is_empty() && seen.benbase_ids.is_empty(), "{seen:?}");
    assert!(store.remembered_employees().expect("reads").is_empty());
    enqueue(&mut store, &plan([hire("0042")]), &all_judged());
    assert_eq!(item_of(&store, 2).state, ItemState::Proposed);
}

#[test]
fn what_oyster_accepted_is_counted_for_the_day_and_leaves_the_ledger_alone() {
    let mut store = store();
    provision(&mut store, "P");
    ask(&mut store, "S");
    assert!(drive(&mut store, 1, ItemState::Sent) && drive(&mut store, 2, ItemState::InDoubt));
    assert!(store.benbase_ledger().expect("reads").is_empty());
    assert_eq!(store.sent_since(at(-1)).expect("reads").items, 2);
}

#[test]
fn a_request_in_doubt_is_never_sent_again_and_a_provisioning_may_be() {
    let mut store = store();
    provision(&mut store, "P");
    ask(&mut store, "S");
    assert!(drive(&mut store, 1, ItemState::InDoubt) && drive(&mut store, 2, ItemState::InDoubt));
    let resent = |store: &mut Store, id| {
        let ticket = item_of(store, id).ticket();
        store.resend(&ticket, at(1), "request").expect("answers")
    };
    assert_eq!(resent(&mut store, 1), Moved::Done);
    assert_eq!(resent(&mut store, 2), Moved::Refused(crate::Refusal::NeverTwice));
    let sql = "UPDATE queue SET state = 'sending', attempt = attempt + 1 WHERE id = 2";
    store.connection().execute(sql, []).expect_err("the database refuses it, too");
}

#[test]
fn whoever_prepared_it_cannot_approve_it_and_nobody_prepares_without_a_name() {
    let mut store = store();
    provision(&mut store, "P");
    let ticket = item_of(&store, 1).ticket();
    let same = store.approve(&ticket, BY, "", at(1), "policy").expect("answers");
    assert_eq!(same, Moved::Refused(crate::Refusal::SameHands));
    assert_eq!(store.approve(&ticket, OTHER, "", at(1), "policy").expect("answers"), Moved::Done);
    let payload = request("S");
    let nameless = ByHand {
        employee_id: "0042",
        kind: CorrectionKind::OysterRequest,
        engagement_id: ENGAGEMENT,
        plan_id: Some("S"),
        payload: &payload,
        evidence: EVIDENCE,
        by: " ",
    };
    store.prepare_by_hand(&nameless, at(0)).expect_err("no name");
    store
        .prepare_by_hand(&ByHand { kind: CorrectionKind::Compensation, by: BY, ..nameless }, at(0))
        .expect_err("the night's");
}
