use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::ChainVerdict;
use crate::queue::testing::{
    BY, OTHER, all_judged, compensation, demographic, drive, finding_id, hire, plan, termination,
};
use crate::tests::at;
use tieout_model::correction::{Change, Payload, SecondLook};
use tieout_model::finding::{Code, Finding, Severity};
use tieout_model::ids::PayrollId;
use tieout_model::money::{Currency, Money};

pub(crate) fn store() -> Store {
    Store::in_memory().expect("opens")
}

/// Enqueues; the dry run must have said the same.
#[track_caller]
pub(crate) fn enqueue(store: &mut Store, plan: &CorrectionPlan, judged: &Judged) -> Queued {
    let dry = store.preview_plan(plan, judged, at(0)).expect("previews");
    let live = store.enqueue_plan(plan, judged, at(0), BY).expect("enqueues");
    assert_eq!(dry, live, "the dry run says what the live run does");
    live
}

fn set_state(store: &mut Store, id: i64, state: ItemState) {
    assert!(drive(store, id, state), "no way leads to {state:?}");
}

fn states(store: &Store) -> Vec<ItemState> {
    store.list_items(&ItemFilter::default()).expect("lists").into_iter().map(|item| item.state).collect()
}

/// One item in `state` for employee 1; then another or the same correction is wanted.
#[track_caller]
fn check_wanted(state: ItemState, wanted: Correction, expected: Action, after: &[ItemState]) -> String {
    let mut store = store();
    enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
    set_state(&mut store, 1, state);
    let queued = enqueue(&mut store, &plan([wanted]), &all_judged());
    assert_eq!(queued.dispositions.len(), 1);
    assert_eq!(queued.dispositions[0].action, expected, "{state:?}");
    assert_eq!(states(&store), after, "{state:?}");
    queued.dispositions[0].reason.clone()
}

#[test]
fn a_correction_is_proposed_with_its_body_evidence_and_hash() {
    let mut store = store();
    let usd = Currency::parse("USD").expect("listed");
    let wanted = Correction {
        effective: NaiveDate::from_ymd_opt(2026, 3, 16),
        yearly_difference: Some((Money::units(2_000), usd)),
        ..compensation("00123", "part_time")
    };
    let queued = enqueue(&mut store, &plan([wanted.clone()]), &all_judged());
    assert_eq!(queued.dispositions[0].action, Action::Propose);
    let items = store.list_items(&ItemFilter::default()).expect("lists");
    let [item] = &items[..] else { panic!("expected one item") };
    assert_eq!(
        (item.employee_id.as_str(), item.kind, item.state),
        ("00123", CorrectionKind::Compensation, ItemState::Proposed)
    );
    assert_eq!(item.payload_hash, tieout_model::correction::hash(&wanted));
    assert_eq!(item.payload_hash, queued.dispositions[0].payload_hash);
    assert_eq!(hash_texts(&item.payload, &item.evidence), item.payload_hash, "an item proves its own hash");
    assert_eq!(serde_json::from_str::<Payload>(&item.payload).expect("our own JSON"), wanted.payload);
    assert_eq!((item.effective, item.yearly_difference), (wanted.effective, wanted.yearly_difference));
    assert_eq!((item.created_at, item.created_by.as_str(), item.attempt), (at(0), BY, 0));
}

#[test]
fn a_second_identical_run_adds_nothing() {
    let mut store = store();
    let plan = plan([compensation("1", "part_time"), demographic("1", "Austin"), compensation("2", "full_time")]);
    assert_eq!(enqueue(&mut store, &plan, &all_judged()).count(Action::Propose), 3);
    let before = store.list_items(&ItemFilter::default()).expect("lists");
    let again = enqueue(&mut store, &plan, &all_judged());
    assert_eq!(again.count(Action::AlreadyQueued), 3);
    assert_eq!(again.withdrawn, []);
    assert_eq!(store.list_items(&ItemFilter::default()).expect("lists"), before);
}

#[test]
fn the_same_correction_is_already_queued_in_every_live_state() {
    for state in [ItemState::Proposed, ItemState::Approved, ItemState::Sending, ItemState::InDoubt] {
        let reason = check_wanted(state, compensation("1", "part_time"), Action::AlreadyQueued, &[state]);
        assert!(reason.contains(state.words()), "{reason}");
    }
}

#[test]
fn a_moved_value_supersedes_what_has_not_left_the_house() {
    for state in [ItemState::Proposed, ItemState::Approved] {
        let wanted = compensation("1", "full_time");
        check_wanted(state, wanted, Action::Supersede, &[ItemState::Superseded, ItemState::Proposed]);
    }
    let other_evidence = Correction { authority: "benifex".to_owned(), ..compensation("1", "part_time") };
    check_wanted(ItemState::Approved, other_evidence, Action::Supersede, &[ItemState::Superseded, ItemState::Proposed]);
}

#[test]
fn what_is_on_its_way_or_in_doubt_is_left_alone() {
    for state in [ItemState::Sending, ItemState::InDoubt] {
        let reason = check_wanted(state, compensation("1", "full_time"), Action::LeftAlone, &[state]);
        assert!(reason.contains("item 1") && reason.contains(state.words()), "{reason}");
    }
}

#[test]
fn what_a_person_rejected_is_not_proposed_again_until_it_changes() {
    let same = compensation("1", "part_time");
    let reason = check_wanted(ItemState::Rejected, same, Action::RejectedEarlier, &[ItemState::Rejected]);
    assert_eq!(reason, "rejected earlier on 2026-03-31 as item 1; unchanged");
    let moved = compensation("1", "full_time");
    check_wanted(ItemState::Rejected, moved, Action::Propose, &[ItemState::Rejected, ItemState::Proposed]);
    let other_kind = demographic("1", "Austin");
    check_wanted(ItemState::Rejected, other_kind, Action::Propose, &[ItemState::Rejected, ItemState::Proposed]);
}

/// A move that a person rejects, in other words: what moves is told by other fields too.
fn moved(line1: &str, fields: &[&str]) -> Correction {
    let mut moved = demographic("1", "Austin");
    if let Payload::Demographic(change) = &mut moved.payload {
        line1.clone_into(&mut change.address.line1);
    }
    let part =
        |field: &&str| Change { field: (*field).to_owned(), from: "differs".to_owned(), to: "differs".to_owned() };
    moved.changes = fields.iter().map(part).collect();
    moved
}

#[test]
fn an_address_that_a_person_rejected_stays_rejected_in_another_spelling() {
    let mut store = store();
    enqueue(&mut store, &plan([moved("9 Oak Ave Apt 4", &["addr_line1"])]), &all_judged());
    set_state(&mut store, 1, ItemState::Rejected);
    let respelt = moved("9 OAK AVENUE # 4", &["addr_line1", "addr_line2"]);
    let queued = enqueue(&mut store, &plan([respelt.clone()]), &all_judged());
    assert_eq!(queued.dispositions[0].action, Action::RejectedEarlier);
    let another_reason = Correction { findings: vec![("f2".to_owned(), Code::DE02)], ..respelt };
    for wanted in [another_reason, moved("9 Oak Ave Apt 5", &["addr_line1"])] {
        let queued = enqueue(&mut store, &plan([wanted]), &all_judged());
        assert!(queued.dispositions[0].action.is_open(), "{queued:?}");
    }
}

#[test]
fn an_address_that_waits_or_is_approved_stays_so_in_another_spelling() {
    for state in [ItemState::Proposed, ItemState::Approved] {
        let mut store = store();
        enqueue(&mut store, &plan([moved("9 Oak Ave Apt 4", &["addr_line1"])]), &all_judged());
        if state == ItemState::Approved {
            set_state(&mut store, 1, state);
        }
        let respelt = moved("9 OAK AVENUE # 4", &["addr_line1", "addr_line2"]);
        let queued = enqueue(&mut store, &plan([respelt]), &all_judged());
        assert_eq!(queued.dispositions[0].action, Action::AlreadyQueued);
        let queued = enqueue(&mut store, &plan([moved("9 Oak Ave Apt 5", &["addr_line1"])]), &all_judged());
        assert_eq!(queued.dispositions[0].action, Action::Supersede);
    }
}

fn marked(marks: &[SecondLook]) -> Correction {
    Correction { second_look: marks.iter().copied().collect(), ..compensation("1", "part_time") }
}

#[test]
fn time_alone_ends_no_decision_and_what_a_person_must_see_does() {
    use ItemState::{Approved, Proposed, Rejected, Superseded};
    for state in [Proposed, Approved] {
        check_wanted(state, marked(&[SecondLook::EarlierPeriod]), Action::AlreadyQueued, &[state]);
        for mark in [SecondLook::LongAgo, SecondLook::OnlyAuthority] {
            check_wanted(state, marked(&[mark]), Action::Supersede, &[Superseded, Proposed]);
        }
    }
    for mark in [SecondLook::EarlierPeriod, SecondLook::LongAgo] {
        check_wanted(Rejected, marked(&[mark]), Action::RejectedEarlier, &[Rejected]);
    }
    check_wanted(Rejected, marked(&[SecondLook::OnlyAuthority]), Action::Propose, &[Rejected, Proposed]);
    let found = ("1-another".to_owned(), Code::CO02);
    let contradicted = Correction { findings: vec![found], ..marked(&[]) };
    for state in [Proposed, Approved] {
        check_wanted(state, contradicted.clone(), Action::Supersede, &[Superseded, Proposed]);
    }
}

#[test]
fn an_approval_stands_when_a_finding_and_a_mark_are_gone_and_is_shown_by_its_own_hash() {
    let alone = marked(&[SecondLook::OnlyAuthority]);
    let mut findings = alone.findings.clone();
    findings.push(("1-other".to_owned(), Code::CO01));
    let alone = Correction { findings, ..alone };
    for (state, action) in [
        (ItemState::Approved, Action::AlreadyQueued),
        // Whoever has not decided decides on what is so tonight, and whoever said no may say yes now.
        (ItemState::Proposed, Action::Supersede),
        (ItemState::Rejected, Action::Propose),
    ] {
        let mut store = store();
        enqueue(&mut store, &plan([alone.clone()]), &all_judged());
        set_state(&mut store, 1, state);
        let queued = enqueue(&mut store, &plan([marked(&[])]), &all_judged());
        assert_eq!(queued.dispositions[0].action, action, "{state:?}");
        let stands = queued.dispositions[0].payload_hash == tieout_model::correction::hash(&alone);
        assert_eq!(stands, state == ItemState::Approved, "{state:?}");
    }
}

#[test]
fn what_was_sent_last_is_not_sent_again_whatever_the_evidence() {
    let same = Correction { authority: "benifex".to_owned(), ..compensation("1", "part_time") };
    check_wanted(ItemState::Sent, same, Action::AlreadySent, &[ItemState::Sent]);
    let moved = compensation("1", "full_time");
    check_wanted(ItemState::Sent, moved, Action::Propose, &[ItemState::Sent, ItemState::Proposed]);
}

#[test]
fn a_superseded_or_withdrawn_item_does_not_stand_in_the_way() {
    for state in [ItemState::Superseded, ItemState::Withdrawn] {
        check_wanted(state, compensation("1", "part_time"), Action::Propose, &[state, ItemState::Proposed]);
    }
}

#[test]
fn what_benbase_refused_is_not_proposed_again_until_it_changes_or_a_person_wants_it() {
    let same = Correction { authority: "benifex".to_owned(), ..compensation("1", "part_time") };
    let reason = check_wanted(ItemState::Failed, same.clone(), Action::FailedEarlier, &[ItemState::Failed]);
    assert!(reason.starts_with("Benbase refused it on 2026-03-31 as item 1; unchanged"), "{reason}");
    let moved = compensation("1", "full_time");
    let reason = check_wanted(ItemState::Failed, moved, Action::Propose, &[ItemState::Failed, ItemState::Proposed]);
    assert_eq!(reason, "item 1 failed on 2026-03-31");

    let mut store = store();
    enqueue(&mut store, &plan([same.clone()]), &all_judged());
    let waiting = store.items_by_id([1]).expect("reads")[&1].ticket();
    let early = store.retry(&waiting, OTHER, "", at(1)).expect("asks");
    assert_eq!(early, Moved::Refused(Refusal::WrongState { found: ItemState::Proposed }));
    for again in [1, 2] {
        set_state(&mut store, again, ItemState::Failed);
        let failed = store.items_by_id([again]).expect("reads")[&again].ticket();
        assert_eq!(store.retry(&failed, " ", "", at(1)).expect("asks"), Moved::Refused(Refusal::Nameless));
        let refused = enqueue(&mut store, &plan([same.clone()]), &all_judged());
        assert_eq!(refused.dispositions[0].action, Action::FailedEarlier);
        assert!(store.retry(&failed, OTHER, "the id is known now", at(1)).expect("asks").is_done());
        let queued = enqueue(&mut store, &plan([same.clone()]), &all_judged());
        assert_eq!(queued.dispositions[0].action, Action::Propose, "once a retry");
    }
    assert!(matches!(store.audit_verify().expect("verifies"), ChainVerdict::Whole { .. }));
}

#[test]
fn a_value_that_moves_back_to_the_rejected_one_only_withdraws_the_live_item() {
    let mut store = store();
    enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
    set_state(&mut store, 1, ItemState::Rejected);
    enqueue(&mut store, &plan([compensation("1", "full_time")]), &all_judged());
    let queued = enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
    assert_eq!(queued.dispositions[0].action, Action::RejectedEarlier);
    assert_eq!(states(&store), [ItemState::Rejected, ItemState::Withdrawn]);
}

#[test]
fn a_value_sent_before_another_one_was_sent_is_proposed_again() {
    let mut store = store();
    for (id, status) in [(1, "part_time"), (2, "full_time")] {
        enqueue(&mut store, &plan([compensation("1", status)]), &all_judged());
        set_state(&mut store, id, ItemState::Sent);
    }
    let queued = enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
    assert_eq!(queued.dispositions[0].action, Action::Propose);
}

#[test]
fn an_item_is_withdrawn_when_its_finding_clears() {
    for state in [ItemState::Proposed, ItemState::Approved] {
        let mut store = store();
        enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
        set_state(&mut store, 1, state);
        let queued = enqueue(&mut store, &plan([]), &all_judged());
        assert_eq!(queued.withdrawn.len(), 1);
        assert_eq!(queued.withdrawn[0].reason, "its findings are gone");
        assert_eq!(states(&store), [ItemState::Withdrawn]);
        assert_eq!(enqueue(&mut store, &plan([]), &all_judged()), Queued::default());
    }
}

#[test]
fn an_item_that_can_no_longer_be_derived_is_withdrawn_with_that_reason() {
    let mut store = store();
    enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
    let not_derived = vec![(finding_id("1", CorrectionKind::Compensation), "Benbase already holds it".to_owned())];
    let queued = enqueue(&mut store, &CorrectionPlan { not_derived, ..CorrectionPlan::default() }, &all_judged());
    assert_eq!(queued.withdrawn[0].reason, "no longer derived: Benbase already holds it");
}

#[test]
fn an_item_on_its_way_is_never_withdrawn() {
    for state in [ItemState::Sending, ItemState::InDoubt] {
        let mut store = store();
        enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
        set_state(&mut store, 1, state);
        assert_eq!(enqueue(&mut store, &plan([]), &all_judged()), Queued::default());
        assert_eq!(states(&store), [state]);
    }
}

pub(crate) fn blocking(employee_id: &str) -> Finding {
    Finding { severity: Severity::S1, employee_id: employee_id.into(), ..Finding::blank(Code::ID04) }
}

#[test]
fn an_item_of_a_person_who_was_not_judged_or_is_blocked_stays() {
    for judged in [
        Judged::new(true, BTreeSet::from(["1".into()]), &[]),
        Judged::new(true, BTreeSet::new(), &[blocking("1")]),
        Judged::new(true, BTreeSet::new(), &[Finding { code: Code::CT01, ..blocking("") }]),
    ] {
        let mut store = store();
        enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
        assert_eq!(enqueue(&mut store, &plan([]), &judged), Queued::default());
        assert_eq!(states(&store), [ItemState::Proposed]);
    }
}

#[test]
fn a_termination_that_stands_stays_and_one_that_nothing_asks_for_goes() {
    let left = termination("1");
    let moved = Payload::Termination(tieout_model::correction::Termination {
        employee_id: "emp_1".into(),
        termination_date: "2026-03-27".to_owned(),
    });
    let standing = |payload| Standing { employee_id: "1".into(), payload, kind: CorrectionKind::Termination };
    let blocked = Judged::new(true, BTreeSet::new(), &[blocking("1")]);
    for (stands, judged, after) in [
        (vec![standing(None)], all_judged(), ItemState::Proposed),
        (vec![standing(Some(left.payload.clone()))], all_judged(), ItemState::Proposed),
        (vec![standing(Some(moved))], all_judged(), ItemState::Withdrawn),
        (vec![], all_judged(), ItemState::Withdrawn),
        (vec![], blocked, ItemState::Withdrawn),
        (vec![], Judged::new(true, BTreeSet::from(["1".into()]), &[]), ItemState::Proposed),
    ] {
        let mut store = store();
        enqueue(&mut store, &plan([left.clone()]), &all_judged());
        enqueue(&mut store, &CorrectionPlan { standing: stands.clone(), ..CorrectionPlan::default() }, &judged);
        assert_eq!(states(&store), [after], "{stands:?} {judged:?}");
    }
}

#[test]
fn what_tonight_contradicts_goes_whatever_was_not_judged_unless_the_night_itself_is_in_doubt() {
    let against = Contradicted {
        employee_id: "1".into(),
        kind: CorrectionKind::Termination,
        reason: "the date was taken back".to_owned(),
    };
    let against = CorrectionPlan { contradicted: vec![against], ..CorrectionPlan::default() };
    for (judged, after) in [
        (Judged::new(true, BTreeSet::from(["1".into()]), &[]), ItemState::Withdrawn),
        (Judged::new(true, BTreeSet::new(), &[blocking("1")]), ItemState::Withdrawn),
        (Judged::new(true, BTreeSet::new(), &[Finding { code: Code::CT01, ..blocking("") }]), ItemState::Approved),
    ] {
        let mut store = store();
        enqueue(&mut store, &plan([termination("1")]), &all_judged());
        assert!(drive(&mut store, 1, ItemState::Approved));
        enqueue(&mut store, &plan([termination("1"), compensation("2", "part_time")]), &all_judged());
        store.end_contradicted(&against, &judged, at(0), BY).expect("withdraws");
        assert_eq!(states(&store), [after, ItemState::Proposed], "a guard stopped the night: {judged:?}");
        enqueue(&mut store, &against, &judged);
        assert_eq!(states(&store)[0], after, "{judged:?}");
    }
}

#[test]
fn what_happens_once_stays_approved_whichever_finding_asks_for_it() {
    for once in [termination("1"), hire("1")] {
        let mut store = store();
        enqueue(&mut store, &plan([once.clone()]), &all_judged());
        assert!(drive(&mut store, 1, ItemState::Approved));
        for findings in [vec![], vec![("another".to_owned(), Code::EN04)]] {
            enqueue(&mut store, &plan([Correction { findings, ..once.clone() }]), &all_judged());
            assert_eq!(states(&store), [ItemState::Approved]);
        }
        let marked = Correction { second_look: [SecondLook::LeaveDate].into(), ..once };
        enqueue(&mut store, &plan([marked]), &all_judged());
        assert_eq!(states(&store), [ItemState::Superseded, ItemState::Proposed]);
    }
}

#[test]
fn a_plan_with_two_corrections_for_one_employee_and_kind_is_refused_whole() {
    let mut store = store();
    let twice = plan([compensation("1", "part_time"), compensation("1", "full_time")]);
    assert!(store.preview_plan(&twice, &all_judged(), at(0)).is_err());
    assert!(store.enqueue_plan(&twice, &all_judged(), at(0), BY).is_err());
    assert_eq!(states(&store), []);
}

#[test]
fn a_listing_is_filtered() {
    let mut store = store();
    enqueue(&mut store, &plan([compensation("1", "part_time"), demographic("1", "Austin")]), &all_judged());
    enqueue(&mut store, &plan([compensation("1", "full_time"), demographic("1", "Austin")]), &all_judged());
    let ids = |filter: ItemFilter| -> Vec<i64> {
        store.list_items(&filter).expect("lists").into_iter().map(|item| item.id).collect()
    };
    assert_eq!(ids(ItemFilter::default()), [1, 2, 3]);
    assert_eq!(ids(ItemFilter { state: Some(ItemState::Proposed), ..ItemFilter::default() }), [2, 3]);
    assert_eq!(ids(ItemFilter { kind: Some(CorrectionKind::Demographic), ..ItemFilter::default() }), [2]);
    assert_eq!(ids(ItemFilter { employee_id: Some("2".to_owned()), ..ItemFilter::default() }), Vec::<i64>::new());
    assert_eq!(ids(ItemFilter { items_max: Some(1), ..ItemFilter::default() }), [1]);
}

#[test]
fn every_state_is_read_back_from_its_name() {
    for state in ItemState::ALL {
        assert_eq!(ItemState::parse(state.name()), Some(state));
    }
    assert_eq!(ItemState::parse("sent "), None);
}

fn any_plan() -> impl Strategy<Value = CorrectionPlan> {
    let one = (0..5_u8, prop::bool::ANY, 0..3_usize);
    prop::collection::vec(one, 0..8).prop_map(|wanted| {
        let by_key: BTreeMap<_, _> =
            wanted.into_iter().map(|(employee, pay, value)| ((employee, pay), value)).collect();
        plan(by_key.into_iter().map(|((employee, pay), value)| match pay {
            true => compensation(&employee.to_string(), ["full_time", "part_time", "variable_hours"][value]),
            false => demographic(&employee.to_string(), ["Austin", "Dallas", "Waco"][value]),
        }))
    })
}

/// What people and pushes did since the last night: the n-th item is now in this state, if it was live.
fn any_moves() -> impl Strategy<Value = Vec<(prop::sample::Index, ItemState)>> {
    let settled = [
        ItemState::Approved,
        ItemState::Rejected,
        ItemState::Sending,
        ItemState::Sent,
        ItemState::Failed,
        ItemState::InDoubt,
    ];
    prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(settled.to_vec())), 0..4)
}

fn move_items(store: &mut Store, moves: &[(prop::sample::Index, ItemState)]) {
    let items = store.list_items(&ItemFilter::default()).expect("lists");
    let mut live: Vec<_> = items.into_iter().filter(|item| item.state.is_live()).map(|item| item.id).collect();
    for (index, state) in moves {
        if !live.is_empty() {
            let id = live.remove(index.index(live.len()));
            drive(store, id, *state);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_happens_one_item_is_live_a_second_run_adds_nothing_and_the_dry_run_was_right(
        nights in prop::collection::vec((any_plan(), prop::collection::btree_set(0..5_u8, 0..3), any_moves()), 1..6),
    ) {
        let mut store = store();
        for (plan, unverified, moves) in &nights {
            let unverified: BTreeSet<_> = unverified.iter().map(|id| PayrollId::new(id.to_string())).collect();
            let judged = Judged::new(true, unverified.clone(), &[]);
            let queued = enqueue(&mut store, plan, &judged);
            prop_assert_eq!(queued.dispositions.len(), plan.corrections.len());

            let items = store.list_items(&ItemFilter::default()).expect("lists");
            let live: Vec<_> = items.iter().filter(|item| item.state.is_live()).collect();
            let keys: BTreeSet<_> = live.iter().map(|item| (&item.employee_id, item.kind)).collect();
            prop_assert_eq!(keys.len(), live.len(), "one live item an employee and kind");
            let wanted: BTreeMap<_, _> =
                plan.corrections.iter().map(|c| (key(c), tieout_model::correction::hash(c))).collect();
            for item in live.iter().filter(|item| item.state.may_close() && !unverified.contains(item.employee_id.as_str())) {
                let hash = wanted.get(&(item.employee_id.clone(), item.kind));
                prop_assert_eq!(hash, Some(&item.payload_hash), "what is live and free to move is what is wanted");
            }

            enqueue(&mut store, plan, &judged);
            prop_assert_eq!(&store.list_items(&ItemFilter::default()).expect("lists"), &items);
            move_items(&mut store, moves);
        }
    }
}
