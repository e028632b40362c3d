//! The graph, held against the contract, the code and the database.

use proptest::prelude::*;
use rusqlite::params;

use crate::queue::life::Command;
use crate::queue::testing::{
    BY, OTHER, all_judged, compensation, demographic, drive, hire, item_of, plan, termination,
};
use crate::queue::tests::{blocking, enqueue, store};
use crate::queue::*;
use crate::tests::at;
use crate::{Break, ChainVerdict};
use tieout_model::finding::{Code, Finding};
use tieout_model::money::Money;

/// The edges as the contract lists them.
const EDGES: [(ItemState, ItemState); 19] = [
    (ItemState::Proposed, ItemState::Approved),
    (ItemState::Proposed, ItemState::Rejected),
    (ItemState::Proposed, ItemState::Superseded),
    (ItemState::Proposed, ItemState::Withdrawn),
    (ItemState::Approved, ItemState::Proposed),
    (ItemState::Approved, ItemState::Superseded),
    (ItemState::Approved, ItemState::Withdrawn),
    (ItemState::Approved, ItemState::Sending),
    (ItemState::Sending, ItemState::Sent),
    (ItemState::Sending, ItemState::Failed),
    (ItemState::Sending, ItemState::InDoubt),
    (ItemState::Sending, ItemState::Approved),
    (ItemState::InDoubt, ItemState::Sent),
    (ItemState::InDoubt, ItemState::Approved),
    (ItemState::InDoubt, ItemState::Sending),
    // After a recovery of the state.
    (ItemState::Proposed, ItemState::InDoubt),
    (ItemState::Approved, ItemState::InDoubt),
    (ItemState::InDoubt, ItemState::InDoubt),
    (ItemState::InDoubt, ItemState::Proposed),
];

/// A store whose only item is in `state`.
fn store_in(state: ItemState) -> Store {
    let mut store = store();
    enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
    assert!(drive(&mut store, 1, state), "no way leads to {state:?}");
    store
}

fn entries(store: &Store) -> i64 {
    match store.audit_verify().expect("verifies") {
        ChainVerdict::Whole { entries, .. } => entries,
        ChainVerdict::Broken(Break { id, wrong }) => panic!("broken at {id}: {wrong}"),
    }
}

fn give(store: &mut Store, ticket: &Ticket, command: Command) -> Moved {
    let step = Step { policy_hash: "policy", ..Step::new(command, OTHER, "because") };
    store.step(ticket, step, at(1)).expect("gives an answer")
}

#[test]
fn every_state_and_command_leads_where_the_graph_says_and_nowhere_else() {
    let mut edges = BTreeSet::new();
    for state in ItemState::ALL {
        for command in Command::ALL {
            let mut store = store_in(state);
            let before = (item_of(&store, 1), entries(&store));
            let moved = give(&mut store, &before.0.ticket(), command);
            let after = item_of(&store, 1);
            match command.next(state) {
                Some(to) => {
                    assert_eq!((moved, after.state), (Moved::Done, to), "{state:?} {command:?}");
                    assert_eq!(entries(&store), before.1 + 1, "one entry a move");
                    assert_eq!(after.attempt - before.0.attempt, i64::from(to == ItemState::Sending));
                    edges.insert((state, to));
                }
                None => {
                    let refusal = Refusal::WrongState { found: state };
                    assert_eq!(moved, Moved::Refused(refusal), "{state:?} {command:?}");
                    assert_eq!((after, entries(&store)), before, "{state:?} {command:?}");
                }
            }
        }
    }
    assert_eq!(edges, BTreeSet::from(EDGES));
}

#[test]
fn the_database_refuses_every_other_transition() {
    for from in ItemState::ALL {
        for to in ItemState::ALL {
            let store = store_in(from);
            // All that goes with the transition is right, so that only the transition itself can be refused.
            let sql = "UPDATE queue SET state = ?1, attempt = attempt + (?1 = 'sending'),
                           approved_by = CASE WHEN ?1 = 'proposed' THEN NULL WHEN ?2 THEN 'A' ELSE approved_by END,
                           approved_at = CASE WHEN ?1 = 'proposed' THEN NULL WHEN ?2 THEN 'T' ELSE approved_at END,
                           policy_hash = CASE WHEN ?1 = 'proposed' THEN NULL WHEN ?2 THEN 'P' ELSE policy_hash END";
            let approves = (from, to) == (ItemState::Proposed, ItemState::Approved);
            let done = store.connection().execute(sql, params![to.name(), approves]).is_ok();
            assert_eq!(done, EDGES.contains(&(from, to)), "{from:?} to {to:?}");
        }
    }
}

#[track_caller]
fn check_refused_by_database(store: &Store, sql: &str, why: &str) {
    let error = store.connection().execute(sql, []).expect_err(sql).to_string();
    assert!(error.contains(why), "{sql}: {error}");
}

#[test]
fn the_preparer_never_approves_whatever_the_spelling() {
    for name in [BY, "  TIEOUT Run ", "tieout\u{a0}run"] {
        let mut store = store_in(ItemState::Proposed);
        let ticket = item_of(&store, 1).ticket();
        let moved = store.approve(&ticket, name, "", at(1), "policy").expect("answers");
        assert_eq!(moved, Moved::Refused(Refusal::SameHands), "{name}");
        assert_eq!((item_of(&store, 1).state, entries(&store)), (ItemState::Proposed, 1));
    }
    let mut store = store_in(ItemState::Proposed);
    let ticket = item_of(&store, 1).ticket();
    assert_eq!(give(&mut store, &ticket, Command::Approve), Moved::Done);
    let moved = store.approve(&ticket, " ", "", at(1), "policy").expect("answers");
    assert_eq!(moved, Moved::Refused(Refusal::Nameless));
}

#[test]
fn the_database_keeps_four_eyes_content_and_attempts() {
    let approve = |by: &str| {
        format!("UPDATE queue SET state = 'approved', approved_by = {by}, approved_at = 'T', policy_hash = 'P'")
    };
    let proposed = store_in(ItemState::Proposed);
    for by in ["created_by", "upper(created_by)", "' ' || created_by", "' '"] {
        check_refused_by_database(&proposed, &approve(by), "four_eyes");
    }
    check_refused_by_database(&proposed, "UPDATE queue SET state = 'approved'", "approved_before_sent");
    check_refused_by_database(&proposed, "DELETE FROM queue", "never deleted");
    for column in ["payload = '{}'", "payload_hash = 'x'", "evidence = '{}'", "created_by = 'x'", "employee_id = '2'"] {
        check_refused_by_database(
            &proposed,
            &format!("UPDATE queue SET state = 'rejected', {column}"),
            "never changes",
        );
    }
    check_refused_by_database(&proposed, "INSERT OR REPLACE INTO queue SELECT * FROM queue", "begins as proposed");
    let approved = store_in(ItemState::Approved);
    check_refused_by_database(&approved, "UPDATE queue SET state = 'sending'", "no such transition");
    let handed_on = "UPDATE queue SET state = 'sending', attempt = 1, approved_by = 'Eve'";
    check_refused_by_database(&approved, handed_on, "by approving only");
}

#[test]
fn an_old_ticket_moves_nothing() {
    let mut store = store_in(ItemState::Approved);
    let ticket = item_of(&store, 1).ticket();
    let refused = |store: &mut Store, ticket: &Ticket| match give(store, ticket, Command::Claim) {
        Moved::Refused(refusal) => refusal,
        Moved::Done => panic!("it moved"),
    };
    let other = Ticket { payload_hash: "0".repeat(64), ..ticket.clone() };
    assert_eq!(refused(&mut store, &other), Refusal::Changed);
    assert_eq!(refused(&mut store, &Ticket { attempt: 1, ..ticket.clone() }), Refusal::Changed);
    assert_eq!(refused(&mut store, &Ticket { id: 2, ..ticket.clone() }), Refusal::Unknown);
    assert!(give(&mut store, &ticket, Command::Claim).is_done());
    assert_eq!(refused(&mut store, &ticket), Refusal::WrongState { found: ItemState::Sending }, "claimed once");
    let unsent = Settled::NotSent { reason: "refused connection".to_owned() };
    assert!(store.settle(&ticket.sending(), &unsent, at(2)).expect("settles").is_done());
    assert_eq!(refused(&mut store, &ticket), Refusal::Changed, "the attempt moved");
}

#[test]
fn of_two_pushes_that_saw_the_same_item_one_claims_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(dir.path()).expect("opens");
    enqueue(&mut store, &plan((1..=20).map(|id| compensation(&id.to_string(), "part_time"))), &all_judged());
    (1..=20).for_each(|id| assert!(drive(&mut store, id, ItemState::Approved)));
    let tickets: Vec<_> = store.sendable().expect("lists").iter().map(Item::ticket).collect();
    let claim_all = || {
        let mut store = Store::open(dir.path()).expect("opens");
        let claimed = tickets.iter().filter(|t| store.claim(t, at(1), "request").expect("answers").is_done());
        claimed.map(|ticket| ticket.id).collect::<Vec<_>>()
    };
    let (mut one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(claim_all), scope.spawn(claim_all));
        (one.join().expect("ends"), other.join().expect("ends"))
    });
    one.extend(other);
    one.sort_unstable();
    assert_eq!(one, (1..=20).collect::<Vec<_>>(), "each once");
    assert_eq!(entries(&store), 60);
}

#[test]
fn an_edited_body_is_not_sent() {
    let mut store = store_in(ItemState::Approved);
    let edit = "DROP TRIGGER queue_content_is_fixed; UPDATE queue SET evidence = '{}';";
    // The transition trigger refuses an update that is no transition.
    store.connection().execute_batch("DROP TRIGGER queue_transition").expect("drops");
    store.connection().execute_batch(edit).expect("edits");
    let ticket = item_of(&store, 1).ticket();
    assert_eq!(store.claim(&ticket, at(1), "request").expect("answers"), Moved::Refused(Refusal::Tampered));
}

#[test]
fn a_voided_approval_leaves_no_name_behind() {
    let mut store = store_in(ItemState::Approved);
    let item = item_of(&store, 1);
    assert_eq!((item.approved_by.as_deref(), item.approved_at), (Some(OTHER), Some(at(0))));
    assert_eq!(item.policy_hash.as_deref(), Some("policy"));
    assert!(store.void(&item.ticket(), PUSH, "the rules changed", at(1)).expect("voids").is_done());
    let item = item_of(&store, 1);
    assert_eq!((item.state, item.approved_by, item.policy_hash), (ItemState::Proposed, None, None));
    assert_eq!(item.reason, "the rules changed");
}

#[test]
fn what_benbase_accepted_or_a_person_saw_there_is_in_the_ledger() {
    for way in [ItemState::Sending, ItemState::InDoubt] {
        let mut store = store_in(way);
        let ticket = item_of(&store, 1).ticket();
        assert_eq!(store.benbase_ledger().expect("reads").len(), 0);
        let moved = match way {
            ItemState::Sending => store.settle(&ticket, &Settled::Sent { status: 202, excerpt: "ok".into() }, at(1)),
            _ => store.resolve(&ticket, true, OTHER, "seen in Benbase", at(1)),
        };
        assert!(moved.expect("moves").is_done());
        let ledger = store.benbase_ledger().expect("reads");
        assert_eq!(ledger.get(&"emp_1".into()).expect("is there").employment_status, Some("part_time"));
    }
}

#[test]
fn an_accepted_body_replaces_what_it_sets_and_leaves_the_rest() {
    let mut store = store();
    let opening = "INSERT INTO ledger (benbase_id, pay_frequency, pay_amount, line1, line2, accepted_at, source)
                   VALUES ('emp_1', 'weekly', 10000, '9 Old Rd', 'Apt 1', 'T', 'opening')";
    store.connection().execute(opening, []).expect("inserts");
    enqueue(&mut store, &plan([compensation("1", "part_time"), demographic("1", "Austin")]), &all_judged());
    assert!(drive(&mut store, 1, ItemState::Sent) && drive(&mut store, 2, ItemState::Sent));
    let ledger = store.benbase_ledger().expect("reads");
    let held = ledger.get(&"emp_1".into()).expect("is there");
    assert_eq!((held.pay_frequency, held.pay_amount), (Some("weekly"), Some(Money::units(1))));
    assert_eq!(held.employment_status, Some("part_time"));
    assert_eq!((held.line1, held.line2, held.city), (Some("1 Main St"), None, Some("Austin")));
}

#[test]
fn what_a_killed_push_left_is_in_doubt_and_never_ready() {
    let mut store = store();
    enqueue(&mut store, &plan(["1", "2", "3"].map(|id| compensation(id, "part_time"))), &all_judged());
    assert!(drive(&mut store, 1, ItemState::Sending) && drive(&mut store, 2, ItemState::Approved));
    assert!(drive(&mut store, 3, ItemState::Sending));
    assert_eq!(store.recover(at(1)).expect("recovers"), [1, 3]);
    assert_eq!(item_of(&store, 1).state, ItemState::InDoubt);
    let ready: Vec<_> = store.sendable().expect("lists").into_iter().map(|item| item.id).collect();
    assert_eq!(ready, [2]);
    assert_eq!(store.recover(at(2)).expect("recovers"), Vec::<i64>::new());
}

#[test]
fn a_new_hire_in_doubt_is_never_sent_again() {
    let mut store = store();
    let hash = hash_texts("{}", "{}");
    let insert = "INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, created_at, created_by,
                  changed_at) VALUES ('1', 'new_hire', 'proposed', '{}', ?1, '{}', 'T', 'run', 'T')";
    store.connection().execute(insert, [&hash]).expect("inserts");
    for state in ["approved", "sending", "in_doubt"] {
        let sql = "UPDATE queue SET state = ?1, attempt = attempt + (?1 = 'sending'), approved_by = 'A',
                   approved_at = 'T', policy_hash = 'P'";
        store.connection().execute(sql, [state]).expect("moves");
    }
    let ticket = Ticket { id: 1, state: ItemState::InDoubt, attempt: 1, payload_hash: hash };
    assert_eq!(store.resend(&ticket, at(1), "request").expect("answers"), Moved::Refused(Refusal::NeverTwice));
    check_refused_by_database(&store, "UPDATE queue SET state = 'sending', attempt = 2", "never sent again");
}

#[test]
fn sending_goes_employee_by_employee_with_the_address_before_the_pay() {
    let mut store = store();
    let wanted = [compensation("2", "part_time"), demographic("2", "Austin"), compensation("1", "part_time")];
    enqueue(&mut store, &plan(wanted), &all_judged());
    for id in [1, 2, 3] {
        drive(&mut store, id, ItemState::Approved);
    }
    let order: Vec<_> = store.sendable().expect("lists").into_iter().map(|i| (i.employee_id, i.kind)).collect();
    let expected =
        [("1", CorrectionKind::Compensation), ("2", CorrectionKind::Demographic), ("2", CorrectionKind::Compensation)];
    assert_eq!(order, expected.map(|(id, kind)| (id.to_owned(), kind)));
}

#[test]
fn decisions_in_bulk_are_all_taken_or_none() {
    let mut store = store();
    enqueue(&mut store, &plan(["1", "2"].map(|id| compensation(id, "part_time"))), &all_judged());
    let ruling = |store: &Store, id: i64, approve: bool, by: &str| Ruling {
        ticket: item_of(store, id).ticket(),
        approve,
        by: by.to_owned(),
        reason: "as agreed".to_owned(),
    };
    let bad = [ruling(&store, 1, true, OTHER), ruling(&store, 2, true, BY)];
    let seen = store.audit_entries().expect("a count");
    let refused = store.decide_all(&bad, ("", seen), at(1), "policy").expect("answers");
    assert_eq!(refused, [(1, Refusal::SameHands)]);
    assert_eq!((item_of(&store, 1).state, entries(&store)), (ItemState::Proposed, 2));
    let good = [ruling(&store, 1, true, OTHER), ruling(&store, 2, false, BY)];
    assert_eq!(store.decide_all(&good, ("imported by Bo", seen), at(1), "policy").expect("answers"), []);
    let late = store.decide_all(&[], ("", seen), at(1), "policy").expect_err("refused");
    assert!(late.to_string().contains("decide again"), "{late:#}");
    assert_eq!((item_of(&store, 1).state, item_of(&store, 2).state), (ItemState::Approved, ItemState::Rejected));
    let story = store.audit_of(1).expect("reads");
    assert_eq!(story[1].detail, "policy policy; as agreed; imported by Bo");
    assert_eq!((story[1].by.as_str(), story[1].event.as_str()), (OTHER, "approve"));
}

#[test]
fn a_field_that_turns_twice_in_the_days_that_count_is_blocked() {
    let mut store = store();
    let statuses = ["part_time", "full_time", "part_time", "full_time"];
    for (night, status) in statuses.iter().enumerate() {
        let queued = enqueue(&mut store, &plan([compensation("1", status)]), &all_judged());
        let expected = if night < 3 { Action::Propose } else { Action::PingPong };
        // part → full → part is the first turn; full again would be the second.
        assert_eq!(queued.dispositions[0].action, expected, "night {night}: {:?}", queued.dispositions);
        if night < 3 {
            drive(&mut store, night as i64 + 1, ItemState::Sent);
        } else {
            let reason = &queued.dispositions[0].reason;
            assert!(reason.starts_with("corrected back and forth 2 times in 90 days (employment_status)"), "{reason}");
        }
    }
    let new = enqueue(&mut store, &plan([compensation("1", "variable_hours")]), &all_judged());
    assert_eq!(new.dispositions[0].action, Action::Propose, "a new value is no turn");
    let wanted = compensation("1", "full_time").payload;
    let in_days = |days| at(days * 24 * 3600);
    let ping_pong = |now| store.ping_pong("1", CorrectionKind::Compensation, &wanted, now).expect("reads");
    assert!(ping_pong(in_days(PING_PONG_DAYS)).is_some());
    assert!(ping_pong(in_days(PING_PONG_DAYS + 1)).is_none());
}

#[test]
fn a_live_item_goes_when_its_successor_would_be_a_ping_pong() {
    let mut store = store();
    for (night, status) in ["part_time", "full_time", "part_time"].iter().enumerate() {
        enqueue(&mut store, &plan([compensation("1", status)]), &all_judged());
        drive(&mut store, night as i64 + 1, ItemState::Sent);
    }
    enqueue(&mut store, &plan([compensation("1", "variable_hours")]), &all_judged());
    let queued = enqueue(&mut store, &plan([compensation("1", "full_time")]), &all_judged());
    assert_eq!(queued.dispositions[0].action, Action::PingPong);
    assert_eq!(item_of(&store, 4).state, ItemState::Withdrawn);
}

/// A ticket as the walk spoils it.
#[derive(Clone, Copy, Debug)]
enum Seen {
    Fresh,
    OldAttempt,
    OtherContent,
}

fn any_walk() -> impl Strategy<Value = Vec<(i64, Command, Seen)>> {
    let seen = prop_oneof![8 => Just(Seen::Fresh), 1 => Just(Seen::OldAttempt), 1 => Just(Seen::OtherContent)];
    // What a recovery does to an approval is tested with it.
    let recovery = [Command::Suspect, Command::Reopen];
    let commands: Vec<Command> = Command::ALL.into_iter().filter(|command| !recovery.contains(command)).collect();
    prop::collection::vec((1..=3_i64, prop::sample::select(commands), seen), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn a_random_walk_stays_on_the_graph_and_its_story_is_whole(walk in any_walk()) {
        let mut store = store();
        enqueue(&mut store, &plan(["1", "2", "3"].map(|id| compensation(id, "part_time"))), &all_judged());
        let mut model = BTreeMap::from([1, 2, 3].map(|id| (id, ItemState::Proposed)));
        let mut moves = 3;
        for (id, command, seen) in walk {
            let fresh = item_of(&store, id).ticket();
            let ticket = match seen {
                Seen::Fresh => fresh,
                Seen::OldAttempt => Ticket { attempt: fresh.attempt - 1, ..fresh },
                Seen::OtherContent => Ticket { payload_hash: String::new(), ..fresh },
            };
            let to = command.next(model[&id]).filter(|_| matches!(seen, Seen::Fresh));
            prop_assert_eq!(give(&mut store, &ticket, command).is_done(), to.is_some());
            if let Some(to) = to {
                model.insert(id, to);
                moves += 1;
            }
        }
        prop_assert_eq!(entries(&store), moves);
        for (id, state) in model {
            let item = item_of(&store, id);
            prop_assert_eq!(item.state, state);
            let story = store.audit_of(id).expect("reads");
            let sends = story.iter().filter(|row| row.to_state == "sending").count();
            prop_assert_eq!(sends as i64, item.attempt);
            for pair in story.windows(2) {
                prop_assert_eq!(Some(&pair[0].to_state), pair[1].from_state.as_ref(), "no gap in the story");
            }
            prop_assert_eq!(&story[story.len() - 1].to_state, state.name());
            let approved = matches!(
                state,
                ItemState::Approved | ItemState::Sending | ItemState::Sent | ItemState::Failed | ItemState::InDoubt
            );
            prop_assert!(!approved || item.approved_by.as_deref() == Some(OTHER));
        }
    }
}

#[test]
fn an_accepted_hire_makes_a_row_of_the_ledger_and_an_accepted_termination_marks_it() {
    let mut store = store();
    enqueue(&mut store, &plan([hire("1"), termination("1"), termination("2")]), &all_judged());
    assert!(drive(&mut store, 1, ItemState::Sent));
    let ledger = store.benbase_ledger().expect("reads");
    let held = ledger.get(&"emp_1".into()).expect("is there");
    assert_eq!((held.pay_amount, held.pay_period), (Some(Money::units(52_000)), Some("annually")));
    assert_eq!((held.pay_frequency, held.employment_status), (Some("biweekly"), Some("full_time")));
    assert_eq!((held.effective_start, held.terminated_on), ("2026-02-02".parse().ok(), None));
    assert_eq!((held.line1, held.zip_code), (Some("1 Main St"), Some("73301")));
    assert!(drive(&mut store, 2, ItemState::Sent) && drive(&mut store, 3, ItemState::Sent));
    let ledger = store.benbase_ledger().expect("reads");
    let left = tieout_model::correction::Held { terminated_on: "2026-03-20".parse().ok(), ..held };
    assert_eq!(ledger.get(&"emp_1".into()), Some(left), "the rest of the row stays");
    assert_eq!(ledger.get(&"emp_2".into()).expect("is there").terminated_on, left.terminated_on);
}

#[test]
fn a_hire_that_is_not_derived_any_more_is_withdrawn_unless_the_person_or_everybody_is_blocked() {
    let of = |employee_id: &str, code| Finding { code, ..blocking(employee_id) };
    for (finding, of_hire, of_termination) in [
        (of("1", Code::ID01), true, true),
        (of("", Code::ID03), true, true),
        // A termination that nothing asks for and that does not stand was taken back.
        (of("1", Code::ID04), false, true),
        (of("", Code::CT01), false, false),
    ] {
        for (correction, withdrawn) in [(hire("1"), of_hire), (termination("1"), of_termination)] {
            let mut store = store();
            enqueue(&mut store, &plan([correction]), &all_judged());
            enqueue(&mut store, &plan([]), &Judged::new(true, Default::default(), std::slice::from_ref(&finding)));
            let expected = if withdrawn { ItemState::Withdrawn } else { ItemState::Proposed };
            assert_eq!(item_of(&store, 1).state, expected, "{finding:?}");
        }
    }
}

#[test]
fn a_hire_that_was_sent_or_rejected_is_not_proposed_again() {
    for (state, action) in [(ItemState::Sent, Action::AlreadySent), (ItemState::Rejected, Action::RejectedEarlier)] {
        let mut store = store();
        enqueue(&mut store, &plan([hire("1")]), &all_judged());
        assert!(drive(&mut store, 1, state));
        assert_eq!(enqueue(&mut store, &plan([hire("1")]), &all_judged()).dispositions[0].action, action);
    }
}
