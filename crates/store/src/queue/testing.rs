//! Corrections in every shape, and the steps that drive an item to a state: what tests of the queue start from.

use chrono::{DateTime, Utc};
use tieout_model::correction::{
    Address, Change, CompensationChange, Correction, CorrectionKind, CorrectionPlan, DemographicChange, NewHire,
    PayRate, Payload, Termination,
};
use tieout_model::finding::Code;

use std::collections::BTreeSet;
use std::path::Path;

use crate::database::migrations;
use crate::queue::life::Command;
use crate::queue::life::journal::Step;
use crate::queue::{Item, ItemState, Moved, PUSH, Settled};
use crate::{DATABASE_FILE, Judged, Store};

pub const BY: &str = "tieout run";
pub const OTHER: &str = "Ana Approver";
/// 2026-03-31T02:00:00Z.
pub const START: DateTime<Utc> = DateTime::from_timestamp(1_774_922_400, 0).expect("a valid moment");

pub fn compensation(employee_id: &str, status: &str) -> Correction {
    let change = CompensationChange {
        employee_id: format!("emp_{employee_id}").into(),
        pay_frequency: None,
        pay_rate: None,
        employment_status: Some(status.to_owned()),
    };
    correction(employee_id, Payload::Compensation(change), Code::CO04)
}

pub fn demographic(employee_id: &str, city: &str) -> Correction {
    let address = Address {
        line1: "1 Main St".to_owned(),
        line2: None,
        city: city.to_owned(),
        state: "TX".to_owned(),
        zip_code: "73301".to_owned(),
    };
    let change = DemographicChange { employee_id: format!("emp_{employee_id}").into(), address };
    correction(employee_id, Payload::Demographic(change), Code::DE01)
}

pub fn hire(employee_id: &str) -> Correction {
    let hire = NewHire {
        employer_id: "acme".into(),
        employee_id: format!("emp_{employee_id}").into(),
        first_name: "Ada".to_owned(),
        last_name: "Lane".to_owned(),
        dob: "1990-01-15".to_owned(),
        employer: "Acme".to_owned(),
        address: Address {
            line1: "1 Main St".to_owned(),
            line2: None,
            city: "Austin".to_owned(),
            state: "TX".to_owned(),
            zip_code: "73301".to_owned(),
        },
        hire_date: "2026-02-02".to_owned(),
        email: "ada@example.com".to_owned(),
        phone_number: None,
        termination_date: None,
        biological_sex: None,
        hours_worked: "40".to_owned(),
        pay_frequency: Some("biweekly".to_owned()),
        pay_rate: [PayRate {
            amount: "52000.00".to_owned(),
            period: "annually".to_owned(),
            effective_start: "2026-02-02".to_owned(),
        }],
        employment_status: "full_time".to_owned(),
        job_title: None,
    };
    correction(employee_id, Payload::NewHire(Box::new(hire)), Code::ID01)
}

pub fn termination(employee_id: &str) -> Correction {
    let change =
        Termination { employee_id: format!("emp_{employee_id}").into(), termination_date: "2026-03-20".to_owned() };
    correction(employee_id, Payload::Termination(change), Code::DE07)
}

fn correction(employee_id: &str, payload: Payload, code: Code) -> Correction {
    let kind = payload.kind();
    Correction {
        employee_id: employee_id.into(),
        payload,
        changes: vec![Change { field: "f".to_owned(), from: "a".to_owned(), to: "b".to_owned() }],
        effective: None,
        yearly_difference: None,
        findings: vec![(finding_id(employee_id, kind), code)],
        authority: "payroll".to_owned(),
        second_look: Default::default(),
    }
}

pub fn finding_id(employee_id: &str, kind: CorrectionKind) -> String {
    format!("{employee_id}-{}", kind.name())
}

pub fn plan(corrections: impl IntoIterator<Item = Correction>) -> CorrectionPlan {
    CorrectionPlan { corrections: corrections.into_iter().collect(), ..CorrectionPlan::default() }
}

pub fn all_judged() -> Judged {
    Judged::new(true, BTreeSet::new(), &[])
}

pub fn item_of(store: &Store, id: i64) -> Item {
    store.items_by_id([id]).expect("reads").remove(&id).expect("is there")
}

/// Moves an item along the graph to a state; says whether a way leads there.
pub fn drive(store: &mut Store, id: i64, to: ItemState) -> bool {
    use ItemState::{Approved, Failed, InDoubt, Proposed, Rejected, Sending, Sent, Superseded, Withdrawn};
    let item = item_of(store, id);
    let ticket = item.ticket();
    let settled = match to {
        Sent => Some(Settled::Sent { status: 202, excerpt: String::new() }),
        Failed => Some(Settled::Failed { reason: String::new() }),
        InDoubt => Some(Settled::InDoubt { reason: String::new() }),
        _ => None,
    };
    let moved = match (item.state, to) {
        (from, to) if from == to => return true,
        (Proposed, Rejected) => store.reject(&ticket, OTHER, "no", START),
        (Proposed | Approved, Withdrawn) => store.withdraw_stale(&ticket, OTHER, "stale", START),
        (Proposed | Approved, Superseded) => store.step(&ticket, Step::new(Command::Supersede, BY, "moved"), START),
        (Proposed, _) => store.approve(&ticket, OTHER, "", START, "policy"),
        (Approved, Proposed) => store.void(&ticket, PUSH, "policy moved", START),
        (Approved, Sending | Sent | Failed | InDoubt) => store.claim(&ticket, START, "request"),
        (Sending, Sent | Failed | InDoubt) => store.settle(&ticket, &settled.expect("one of the three"), START),
        (InDoubt, Sent) => store.resolve(&ticket, true, OTHER, "seen", START),
        _ => return false,
    };
    assert_eq!(moved.expect("moves"), Moved::Done);
    drive(store, id, to)
}

/// Writes a database of schema 5 with one approved item of each kind: of employees 000001 to 000005, and of one
/// engagement that is linked to nobody.
pub fn write_approved_of_schema_5(dir: &Path) {
    let connection = rusqlite::Connection::open(dir.join(DATABASE_FILE)).expect("opens");
    migrations::of_schema(&connection, 5).expect("makes the schema");
    connection.execute_batch(include_str!("approved.sql")).expect("takes the rows");
}

/// The database itself, for what no command does: damage, and rows of other programs.
pub fn connection(store: &Store) -> &rusqlite::Connection {
    store.connection()
}
