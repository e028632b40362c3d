use std::collections::BTreeSet;

use rusqlite::types::Value;

use super::*;
use crate::queue::testing::{OTHER, all_judged, compensation, drive, item_of, plan};
use crate::queue::tests::{enqueue, store};
use crate::tests::at;
use crate::{Break, ChainVerdict, ItemState, NewRun, PUSH, RunMode};

const COLUMNS: [&str; 11] =
    ["id", "at", "\"by\"", "item", "event", "from_state", "to_state", "payload_hash", "detail", "prev", "hash"];

/// A store with a chain of nine entries over two items, whose triggers an intruder has taken away.
fn opened() -> Store {
    let mut store = store();
    enqueue(&mut store, &plan(["1", "2"].map(|id| compensation(id, "part_time"))), &all_judged());
    drive(&mut store, 1, ItemState::Approved);
    drive(&mut store, 1, ItemState::Proposed);
    drive(&mut store, 1, ItemState::Sent);
    drive(&mut store, 2, ItemState::Rejected);
    let sql = "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'";
    let mut statement = store.connection().prepare(sql).expect("prepares");
    let drops: Vec<String> =
        statement.query_map([], |row| row.get(0)).expect("queries").collect::<Result<_, _>>().expect("reads");
    drop(statement);
    store.connection().execute_batch(&drops.join(";")).expect("drops");
    store
}

fn execute(store: &Store, sql: &str) {
    store.connection().execute_batch(sql).expect(sql);
}

#[track_caller]
fn broken(store: &Store, edit: &str) -> Break {
    match store.audit_verify().expect("verifies") {
        ChainVerdict::Broken(found) => found,
        ChainVerdict::Whole { .. } => panic!("not noticed: {edit}"),
    }
}

/// Runs an edit that must be noticed, and takes it back.
#[track_caller]
fn check_noticed(store: &Store, edit: &str) -> Break {
    execute(store, "SAVEPOINT edit");
    execute(store, edit);
    let found = broken(store, edit);
    execute(store, "ROLLBACK TO edit; RELEASE edit");
    found
}

fn entries(store: &Store) -> i64 {
    match store.audit_verify().expect("verifies") {
        ChainVerdict::Whole { entries, .. } => entries,
        ChainVerdict::Broken(found) => panic!("{found:?}"),
    }
}

fn value(store: &Store, id: i64, column: &str) -> Value {
    let sql = format!("SELECT {column} FROM audit WHERE id = {id}");
    store.connection().query_row(&sql, [], |row| row.get(0)).expect("reads")
}

#[test]
fn an_untouched_chain_is_whole_and_its_head_is_the_last_hash() {
    let store = opened();
    assert_eq!(entries(&store), 8);
    let head = store.audit_head().expect("reads").expect("has one");
    assert_eq!(value(&store, 8, "hash"), Value::Text(head.clone()));
    assert_eq!(store.audit_verify().expect("verifies"), ChainVerdict::Whole { entries: 8, head: Some(head.clone()) });
    assert_eq!(store.audit_position(&head).expect("reads"), Some(8));
    assert_eq!(store.audit_position("0").expect("reads"), None);
    let fresh = Store::in_memory().expect("opens");
    assert_eq!(fresh.audit_head().expect("reads"), None);
    assert_eq!(fresh.audit_verify().expect("verifies"), ChainVerdict::Whole { entries: 0, head: None });
}

#[test]
fn a_hash_is_over_the_length_and_the_text_of_every_field() {
    // Worked out by hand: 1 and eight bytes of length before each text, 0 for NULL.
    let mut text: Vec<u8> = Vec::new();
    for field in ["1", "t", "b", "2", "e", "", "s", "p", "d", ""] {
        text.push(1);
        text.extend((field.len() as u64).to_le_bytes());
        text.extend(field.as_bytes());
    }
    let field = |text: &'static str| Some(text.as_bytes());
    let mut fields = ["1", "t", "b", "2", "e", "", "s", "p", "d", ""].map(field);
    assert_eq!(link_hash(&fields), tieout_model::hash::sha256_hex(&text));
    fields[5] = None;
    assert_ne!(link_hash(&fields), tieout_model::hash::sha256_hex(&text), "NULL is not blank");
}

#[test]
fn every_change_of_a_single_byte_is_noticed() {
    let store = opened();
    let mut edits = 0;
    for id in 1..=entries(&store) {
        for column in COLUMNS {
            let Value::Text(text) = value(&store, id, column) else { continue };
            for place in 0..text.len() {
                // One bit, the case of a letter, and a byte that leaves no valid text.
                for flip in [0x01, 0x20, 0x80] {
                    let mut bytes = text.clone().into_bytes();
                    bytes[place] ^= flip;
                    let hex = tieout_model::hash::hex(&bytes);
                    let edit = format!("UPDATE audit SET {column} = CAST(x'{hex}' AS TEXT) WHERE id = {id}");
                    // The next entry still names the hash before: then it is the one that does not follow.
                    assert_eq!(check_noticed(&store, &edit).id, id, "{column} {place}");
                    edits += 1;
                }
            }
            for edit in ["''", "x'00'", "NULL"].map(|text| format!("CAST({text} AS TEXT)")) {
                let sql =
                    format!("UPDATE OR IGNORE audit SET {column} = {edit} WHERE id = {id} AND {column} <> {edit}");
                if store.connection().execute(&sql, []).expect(&sql) > 0 {
                    broken(&store, &sql);
                    let back = format!("UPDATE audit SET {column} = ?1 WHERE id = {id}");
                    store.connection().execute(&back, [&text]).expect("restores");
                }
            }
        }
        for (column, number) in [("item", 3), ("item", 0), ("id", 99), ("id", -1)] {
            check_noticed(&store, &format!("UPDATE audit SET {column} = {number} WHERE id = {id}"));
        }
    }
    assert!(edits > 3 * 8 * 200, "{edits}");
    assert_eq!(entries(&store), 8);
}

#[test]
fn a_from_state_that_comes_or_goes_is_noticed() {
    let store = opened();
    check_noticed(&store, "UPDATE audit SET from_state = '' WHERE id = 1");
    check_noticed(&store, "UPDATE audit SET from_state = NULL WHERE id = 3");
}

#[test]
fn every_deletion_is_noticed_the_last_entry_too() {
    let store = opened();
    for id in 1..=8 {
        let found = check_noticed(&store, &format!("DELETE FROM audit WHERE id = {id}"));
        assert_eq!(found.id, id, "{}", found.wrong);
        // The numbers closed up again.
        let closed_up = format!(
            "DELETE FROM audit WHERE id = {id}; UPDATE audit SET id = -id WHERE id > {id};
             UPDATE audit SET id = -id - 1 WHERE id < 0;"
        );
        check_noticed(&store, &closed_up);
    }
    check_noticed(&store, "DELETE FROM audit");
}

#[test]
fn every_insertion_is_noticed() {
    let store = opened();
    let copy = |from: i64, to: i64| {
        format!(
            "INSERT INTO audit SELECT {to}, at, \"by\", item, event, from_state, to_state, payload_hash, detail, prev,
                 hash FROM audit WHERE id = {from};"
        )
    };
    for from in 1..=8 {
        for place in 1..=9 {
            let source = if from >= place { from + 1 } else { from };
            let shift =
                format!("UPDATE audit SET id = -id WHERE id >= {place}; UPDATE audit SET id = -id + 1 WHERE id < 0;");
            check_noticed(&store, &(shift + &copy(source, place)));
        }
    }
    // One that follows rightly from the last, while the record of the end stays.
    let head = store.audit_head().expect("reads").expect("has one");
    let fields = ["9", "t", "Eve", "1", "approve", "x", "sent", "p", "d", head.as_str()];
    let hash = link_hash(&fields.map(|field| Some(field.as_bytes())));
    let insert =
        format!("INSERT INTO audit VALUES (9, 't', 'Eve', 1, 'approve', 'x', 'sent', 'p', 'd', '{head}', '{hash}')");
    assert_eq!(check_noticed(&store, &insert).id, 9);
}

#[test]
fn every_swap_is_noticed() {
    let store = opened();
    for one in 1..=8 {
        for other in one + 1..=8 {
            let swap = format!(
                "UPDATE audit SET id = 0 WHERE id = {one}; UPDATE audit SET id = {one} WHERE id = {other};
                 UPDATE audit SET id = {other} WHERE id = 0;"
            );
            assert_eq!(check_noticed(&store, &swap).id, one);
        }
    }
}

#[test]
fn a_record_of_the_end_that_moves_is_noticed_and_stops_writing() {
    let mut store = opened();
    check_noticed(&store, "UPDATE audit_head SET entries = 9");
    check_noticed(&store, "UPDATE audit_head SET hash = 'x'");
    // The last entry and the record taken back together: the queue still tells.
    let back = "DELETE FROM audit WHERE id = 8;
                UPDATE audit_head SET entries = 7, hash = (SELECT hash FROM audit WHERE id = 7);";
    assert!(check_noticed(&store, back).wrong.contains("queue item 2 is rejected"));
    execute(&store, "DELETE FROM audit WHERE id = 8");
    let error = store.enqueue_plan(&plan([]), &all_judged(), crate::tests::at(5), PUSH).expect_err("stops");
    assert!(error.is::<BrokenAudit>(), "{error:#}");
}

#[test]
fn a_queue_that_was_edited_beside_the_chain_is_noticed() {
    let store = opened();
    let found = check_noticed(&store, "UPDATE queue SET state = 'withdrawn' WHERE id = 2");
    assert_eq!(found.wrong, "queue item 2 is withdrawn, the chain says rejected");
    check_noticed(&store, "UPDATE queue SET payload_hash = 'x' WHERE id = 2");
    let slipped_in =
        "INSERT INTO queue (employee_id, kind, state, payload, payload_hash, evidence, created_at, created_by,
                      changed_at) VALUES ('9', 'demographic', 'proposed', '{}', 'x', '{}', 'T', 'Eve', 'T')";
    assert!(check_noticed(&store, slipped_in).wrong.contains("does not know it"));
}

#[test]
fn an_item_that_is_gone_or_holds_something_else_is_noticed() {
    let store = opened();
    let gone = check_noticed(&store, "DELETE FROM queue WHERE id = 2");
    assert_eq!((gone.id, gone.wrong.as_str()), (2, "queue item 2 is gone: it was deleted"));
    for edit in [
        "yearly_difference = 1",
        "currency = 'GBP'",
        "effective = '2026-01-01'",
        "employee_id = '9'",
        "kind = 'demographic'",
        "created_by = 'Eve'",
        "created_at = '2026-03-31T02:00:00.000001Z'",
    ] {
        let found = check_noticed(&store, &format!("UPDATE queue SET {edit} WHERE id = 1"));
        assert!(found.id == 1 && found.wrong.contains("was changed"), "{edit}: {}", found.wrong);
    }
    for edit in ["payload = json_set(payload, '$.employee_id', 'emp_9')", "evidence = '{}'"] {
        let found = check_noticed(&store, &format!("UPDATE queue SET {edit} WHERE id = 1"));
        assert_eq!(found.wrong, "the payload or evidence of queue item 1 was changed");
    }
}

#[test]
fn an_approval_that_another_hand_gave_moved_or_took_is_noticed() {
    let mut store = opened();
    enqueue(&mut store, &plan([compensation("3", "part_time")]), &all_judged());
    drive(&mut store, 3, ItemState::Approved);
    for item in [1, 3] {
        for edit in ["approved_by = 'Eve'", "approved_at = '2026-03-31T02:00:00.000001Z'", "policy_hash = 'lax'"] {
            let found = check_noticed(&store, &format!("UPDATE queue SET {edit} WHERE id = {item}"));
            assert!(found.id == item && found.wrong.contains("approval"), "{edit}: {}", found.wrong);
        }
    }
    let taken = "UPDATE queue SET approved_by = NULL, approved_at = NULL, policy_hash = NULL WHERE id = 1";
    assert!(check_noticed(&store, taken).wrong.contains("approval"));
    let voided = item_of(&store, 3).ticket();
    assert!(store.void(&voided, PUSH, "policy moved", at(1)).expect("voids").is_done());
    let stale = item_of(&store, 3).ticket();
    assert!(store.withdraw_stale(&stale, PUSH, "stale", at(2)).expect("withdraws").is_done());
    let given = "UPDATE queue SET approved_by = 'Eve', approved_at = 'T', policy_hash = 'p' WHERE id = 3";
    assert!(check_noticed(&store, given).wrong.contains("approval"));
    assert!(entries(&store) > 8);
}

#[test]
fn a_record_of_the_end_that_is_gone_is_damage() {
    let mut store = opened();
    execute(&store, "DELETE FROM audit_head");
    let error = store.enqueue_plan(&plan([]), &all_judged(), crate::tests::at(5), PUSH).expect_err("stops");
    assert!(error.is::<BrokenAudit>(), "{error:#}");
    assert!(store.audit_head().expect_err("stops").is::<BrokenAudit>());
}

/// What no chain in the same file can show: the head printed in a report does.
#[test]
fn a_chain_rebuilt_from_the_start_no_longer_holds_the_head_of_a_report() {
    let printed = opened().audit_head().expect("reads").expect("has one");
    let mut rebuilt = store();
    enqueue(&mut rebuilt, &plan(["1", "2"].map(|id| compensation(id, "part_time"))), &all_judged());
    drive(&mut rebuilt, 1, ItemState::Sent);
    assert!(matches!(rebuilt.audit_verify().expect("verifies"), ChainVerdict::Whole { .. }));
    assert_eq!(rebuilt.audit_position(&printed).expect("reads"), None);
}

#[test]
fn the_database_refuses_to_change_or_delete_entries() {
    let mut store = store();
    enqueue(&mut store, &plan([compensation("1", "part_time")]), &all_judged());
    for sql in [
        "UPDATE audit SET detail = 'x'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit",
        "INSERT INTO audit SELECT 7, at, \"by\", item, event, from_state, to_state, payload_hash, detail, prev, hash FROM audit",
        "UPDATE audit_head SET hash = 'x'",
        "DELETE FROM audit_head",
        "INSERT OR REPLACE INTO audit_head VALUES (1, 0, '', 0)",
    ] {
        let error = store.connection().execute(sql, []).expect_err(sql).to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
    assert_eq!(entries(&store), 1);
}

#[test]
fn the_story_of_an_item_is_told_in_order_with_who_and_why() {
    let store = opened();
    let story = store.audit_of(1).expect("reads");
    let told: Vec<_> = story.iter().map(|row| (row.event.as_str(), row.to_state.as_str())).collect();
    let expected = [
        ("propose", "proposed"),
        ("approve", "approved"),
        ("void", "proposed"),
        ("approve", "approved"),
        ("claim", "sending"),
        ("accept", "sent"),
    ];
    assert_eq!(told, expected);
    assert_eq!((story[1].by.as_str(), story[4].by.as_str()), (OTHER, PUSH));
    assert_eq!(story[5].detail, "attempt 1; status 202");
    assert_eq!(story.iter().map(|row| &row.hash).collect::<BTreeSet<_>>().len(), 6);
}

#[test]
fn an_edit_of_what_stands_beside_the_chain_is_noticed() {
    let mut store = opened();
    let run = NewRun { run_id: "r", as_of: at(0).date_naive(), mode: RunMode::Live, started_at: at(0) };
    store.begin_run(&run).expect("begins");
    for edit in [
        "UPDATE ledger SET employment_status = 'full_time'",
        "UPDATE ledger SET benbase_id = 'emp_9'",
        "DELETE FROM ledger",
        "INSERT INTO ledger (benbase_id, accepted_at, source) VALUES ('emp_8', 'T', 'opening')",
        "INSERT INTO finding VALUES ('f', 'AM01', '1', '', '', '2026-03-31', 'open', '2026-03-31', NULL, 1, 0,
             '2026-03-31', NULL, NULL, NULL, NULL, NULL)",
        "UPDATE run SET good = 1",
        "DELETE FROM run",
        "INSERT INTO roster VALUES ('9', '2026-03-31', 'payroll')",
        "INSERT INTO imported VALUES ('opening ledger', 'h', 'T')",
        "INSERT INTO owner VALUES (1, 'acme', '')",
        "INSERT INTO anchored VALUES (1)",
        "INSERT INTO stand VALUES ('f', '', 'c', NULL, NULL)",
        "INSERT INTO waived_night VALUES ('f', '2026-03-31', 1, NULL, NULL, 0, NULL, NULL)",
        "INSERT INTO engagement_seen VALUES ('e', '2026-03-31')",
        "INSERT INTO enrollment_state VALUES ('e', 'n', '2026-03-31', 'enrolled', 1)",
        "INSERT INTO extraction (id, started_at, plan_hash) VALUES (1, 'T', 'h');
         INSERT INTO fetched VALUES (1, 'user', 'u', 'ok', '{}', 'T')",
        "INSERT INTO posting VALUES (1, '2026-03-31', 'T', 'Eve', '')",
        "INSERT INTO benefit VALUES (1, '_Dental')",
        "INSERT INTO posting VALUES (1, '2026-03-31', 'T', 'Eve', ''); INSERT INTO pay_period VALUES (1, '', '2026-03-31');
         INSERT INTO benefit_entry VALUES ('1', 1, 1, NULL, '[]')",
        "UPDATE queue SET attempt = attempt + 1 WHERE id = 1",
        "UPDATE queue SET changed_at = 'T' WHERE id = 1",
        "UPDATE audit_head SET items_before = 9",
        "UPDATE proof SET digest = 'x' WHERE part = 'history'",
        "DELETE FROM proof",
    ] {
        let found = check_noticed(&store, edit);
        assert!(found.wrong.ends_with("was changed by another program than tieout"), "{edit}: {found:?}");
    }
}
