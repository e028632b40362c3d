use std::path::Path;

use chrono::NaiveDate;

use super::*;
use crate::findings::waivers::tests::accepted;
use crate::queue::testing::{all_judged, compensation, drive, plan};
use crate::queue::tests::enqueue;
use crate::tests::at;
use crate::{ChainVerdict, DATABASE_FILE, ItemState, NewRun, RunMode, SignOff, Store, WrittenReport};
use tieout_model::note::Note;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).expect("a day")
}

fn waive(store: &mut Store) {
    store.waive(&[accepted()], "login ana", at(1)).expect("written");
}

fn note(store: &mut Store) {
    let note = Note { text: "asked".to_owned(), assignee: None, due: None, by: "maria".to_owned(), at: at(1) };
    store.add_note(&["f1".to_owned()], &note, "login m").expect("written");
}

/// Each of another day.
fn report(store: &mut Store) {
    let known = store.sign_offs().expect("reads").len();
    let (sha256, as_of) = (format!("hash {known}"), day(1 + known as u32));
    let report = WrittenReport { sha256: sha256.clone(), as_of, run_id: "r".to_owned(), exit_code: 1 };
    store.note_report(&report, at(0)).expect("written");
    let signed = SignOff { report: sha256, sha256: "cc".to_owned(), by: "maria".to_owned(), at: at(2) };
    store.sign(as_of, &signed, "login ana").expect("written");
}

fn run(store: &mut Store) {
    let new = NewRun { run_id: "r", as_of: day(31), mode: RunMode::Live, started_at: at(0) };
    store.begin_run(&new).expect("begins");
}

/// Each of another employee.
fn send(store: &mut Store) {
    let known = store.queue_end().expect("reads");
    enqueue(store, &plan([compensation(&known.to_string(), "part_time")]), &all_judged());
    assert!(drive(store, known + 1, ItemState::Sent));
}

/// Another program on the same file, which takes away what stands in its way.
fn edit_beside(dir: &Path, sql: &str) {
    let other = Connection::open(dir.join(DATABASE_FILE)).expect("opens");
    let drops = "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_master WHERE type = 'trigger'";
    let drops: String = other.query_row(drops, [], |row| row.get(0)).expect("reads");
    other.execute_batch(&drops).expect("drops");
    other.execute_batch(sql).expect(sql);
}

#[track_caller]
fn stays_noticed(write: fn(&mut Store), edit: &str, words: &str) {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(dir.path()).expect("opens");
    write(&mut store);
    assert!(matches!(store.audit_verify().expect("reads"), ChainVerdict::Whole { .. }), "{edit}");
    edit_beside(dir.path(), edit);
    for again in [false, true] {
        if again {
            write(&mut store);
        }
        let ChainVerdict::Broken(found) = store.audit_verify().expect("reads") else {
            panic!("{edit}, written on: {again}")
        };
        assert!(found.wrong.starts_with(words), "{edit}: {}", found.wrong);
    }
}

#[test]
fn what_another_program_edited_stays_noticed_whatever_is_written_after_it() {
    stays_noticed(waive, "UPDATE waiver SET until = '2099-01-01'", "what was waived");
    stays_noticed(waive, "DELETE FROM waiver_finding WHERE finding_id = 'f1'", "what was waived");
    stays_noticed(note, "UPDATE note SET assignee = 'eve'", "what was noted");
    stays_noticed(report, "UPDATE report SET written_at = 'T'", "the hashes of the reports");
    stays_noticed(report, "UPDATE sign_off SET by = 'eve'", "the hashes of the reports");
    stays_noticed(run, "UPDATE run SET started_at = '2000-01-01T00:00:00.000000Z'", "the past runs");
    stays_noticed(send, "UPDATE ledger SET employment_status = 'full_time'", "the ledger");
    stays_noticed(send, "INSERT INTO ledger (benbase_id, accepted_at, source) VALUES ('x', 'T', 'push')", "the ledger");
}

/// A state of schema 12 with one run, whose digests another program computed: SHA-256 over the columns in order, each
/// after a mark (0 NULL, 1 an integer of eight bytes, 3 text after its length), little-endian; of no row it is zero.
#[test]
fn what_was_edited_before_a_state_is_brought_up_to_date_is_noticed() {
    for (edit, whole) in [("", true), ("UPDATE run SET good = 1", false), ("DELETE FROM proof", false)] {
        let mut connection = Connection::open_in_memory().expect("opens");
        crate::database::migrations::of_schema(&connection, 12).expect("an earlier schema");
        let row = "INSERT INTO run (id, run_id, as_of, mode, started_at) VALUES (1, 'r', '2026-03-31', 'live', 'T')";
        connection.execute(row, []).expect("written");
        for part in ["ledger", "history", "runs", "waivers", "reports", "notes"] {
            let digest = if part == "runs" { RUN_OF_SCHEMA_12 } else { NO_ROWS };
            connection.execute("INSERT INTO proof VALUES (?1, ?2)", [part, digest]).expect("written");
        }
        connection.execute_batch(edit).expect(edit);
        let migrated = crate::database::migrations::migrate(&mut connection);
        assert_eq!(migrated.is_ok(), whole, "{edit}");
        assert!(migrated.err().is_none_or(|error| error.is::<crate::BrokenChain>()), "{edit}");
    }
}

const NO_ROWS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const RUN_OF_SCHEMA_12: &str = "211efb2ac26515bb4995c9cb8969eb5456ff20dc5afe02bcf0b617050c60e577";

/// Tables that no digest covers, and why.
const UNPROVED: [(&str, &str); 3] = [
    ("audit", "each row proves itself and the one before it"),
    ("proof", "the digests"),
    ("call", "a log of times, from which nothing follows"),
];

#[test]
fn every_table_is_proved_or_known_to_decide_nothing() {
    let store = Store::in_memory().expect("opens");
    let mut known: Vec<&str> = Part::ALL.into_iter().flat_map(Part::tables).copied().collect();
    known.extend(UNPROVED.map(|(table, _)| table));
    known.sort_unstable();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut statement = store.connection().prepare(sql).expect("prepares");
    let tables = statement.query_map([], |row| row.get(0)).expect("queries");
    assert_eq!(tables.collect::<Result<Vec<String>, _>>().expect("reads"), known);
}

#[test]
fn what_is_rolled_back_is_in_no_digest() {
    let mut store = Store::in_memory().expect("opens");
    report(&mut store);
    let again = SignOff { report: "hash 0".to_owned(), sha256: "dd".to_owned(), by: "jo".to_owned(), at: at(3) };
    store.sign(day(1), &again, "login jo").expect_err("signed already");
    let transaction = store.transaction().expect("begins");
    transaction.execute("UPDATE report SET exit_code = 9", []).expect("updates");
    drop(transaction);
    report(&mut store);
    assert_eq!(edited(store.connection()).expect("reads"), None);
}

#[test]
fn a_row_that_is_replaced_is_exchanged_in_the_digest() {
    let mut store = Store::in_memory().expect("opens");
    for source in ["opening", "push"] {
        let transaction = store.transaction().expect("begins");
        let sql = "INSERT OR REPLACE INTO ledger (benbase_id, accepted_at, source) VALUES ('emp_1', 'T', ?1)";
        transaction.execute(sql, [source]).expect("writes");
        transaction.commit().expect("commits");
    }
    assert_eq!(edited(store.connection()).expect("reads"), None);
}

#[test]
fn a_sum_is_read_back_and_a_row_taken_out_leaves_the_others() {
    let (one, two) = (Sum([1, u64::MAX, 3, 4]), Sum([u64::MAX, 2, 0, 9]));
    let mut both = one;
    both.add(two);
    assert_eq!(Sum::parse(&both.text()), Some(both));
    both.subtract(one);
    assert_eq!(both, two);
    assert_eq!((Sum::parse(""), Sum::parse("zz")), (None, None));
}
