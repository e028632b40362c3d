//! New hires and terminations against the sandbox.

use std::collections::BTreeMap;

use super::desk::{Desk, approve_hire_and_termination};
use super::*;
use tieout_model::correction::Held as LedgerRow;
use tieout_services::benbase::Ssn;

use ItemState::{Approved, InDoubt, Sent};

const SSN: &str = "123-45-6789";

/// A desk with one hire and one termination, both let through.
async fn desk(faults: &str) -> Desk {
    let mut desk = Desk::new(0, faults).await;
    approve_hire_and_termination(&mut desk.store(), 7);
    desk.kinds = KindLimits { new_hires: 1, terminations: 1, ..KindLimits::default() };
    desk
}

fn ssn_of(employee_id: &str) -> Ssns {
    let ssn = Ssn::parse(SSN).expect("nine digits");
    Ssns::Sent(BTreeMap::from([(employee_id.to_owned(), ssn)]))
}

/// Operation and Benbase id of each request, in order.
fn requests(desk: &Desk) -> Vec<(String, String)> {
    let entries = desk.running.journal().into_iter();
    entries.map(|entry| (entry.operation, entry.body["employee_id"].as_str().unwrap_or_default().to_owned())).collect()
}

/// Whether any file of the state holds the digits.
fn state_holds_number(desk: &Desk) -> bool {
    let holds = |bytes: &[u8]| {
        ["123-45-6789", "123456789"].iter().any(|text| bytes.windows(text.len()).any(|w| w == text.as_bytes()))
    };
    let files = std::fs::read_dir(desk.state.path()).expect("the folder");
    files.map(|file| std::fs::read(file.expect("a file").path()).expect("reads")).any(|bytes| holds(&bytes))
}

#[tokio::test]
async fn a_hire_and_a_termination_arrive_and_the_ledger_knows() {
    let desk = desk("").await;
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), summary.needs_person()), (2, false), "{summary:?}");
    let expected = [("termination", "emp_7"), ("new-hire", "joiner_7")].map(|(o, id)| (o.to_owned(), id.to_owned()));
    let mut arrived = requests(&desk);
    arrived.sort_by(|a, b| b.cmp(a));
    assert_eq!(arrived, expected);
    let ledger = desk.store().benbase_ledger().expect("reads");
    assert_eq!(ledger.get(&"emp_7".into()).expect("is there").terminated_on, "2026-03-20".parse().ok());
    assert_eq!(ledger.get(&"joiner_7".into()).expect("is there").line1, Some("123 Main Street"));
    assert_ne!(ledger.get(&"joiner_7".into()), Some(LedgerRow::default()));
    assert_eq!(desk.push().await, Summary::default());
    desk.check_audit();
}

#[tokio::test]
async fn a_kind_that_is_switched_off_stays_even_if_it_was_approved() {
    let mut desk = desk("").await;
    desk.kinds = KindLimits::default();
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), summary.held.len(), desk.running.journal().len()), (0, 2, 0));
    assert!(summary.held.iter().all(|held| held.why == Why::KindLimit));
    assert_eq!(desk.states(), [Approved, Approved]);
}

#[tokio::test]
async fn the_social_security_number_arrives_and_is_kept_nowhere() {
    let mut desk = desk("").await;
    desk.ssns = ssn_of("107");
    let preview = preview(&desk.store(), PushTarget::Benbase, &desk.options()).expect("previews");
    let shown = format!("{preview:?}");
    assert!(shown.contains("ssn") && !shown.contains("6789"), "{shown}");
    let summary = desk.push().await;
    assert_eq!(summary.sent.len(), 2, "{summary:?}");
    let sent: Vec<_> =
        desk.running.journal().into_iter().filter_map(|e| e.body["ssn"].as_str().map(str::to_owned)).collect();
    assert_eq!(sent, [SSN]);
    assert!(!state_holds_number(&desk));
    assert!(!format!("{summary:?} {:?}", desk.items()).contains("6789"));
}

#[tokio::test]
async fn a_hire_without_its_number_is_held_and_the_rest_goes() {
    let mut desk = desk("").await;
    desk.ssns = ssn_of("somebody else");
    let summary = desk.push().await;
    assert_eq!(requests(&desk), [("termination".to_owned(), "emp_7".to_owned())]);
    let [held] = summary.held.as_slice() else { panic!("one is held: {summary:?}") };
    assert_eq!(held.why, Why::Ssn);
    assert!(summary.needs_person());
}

#[tokio::test]
async fn a_hire_whose_answer_is_lost_is_never_sent_again() {
    let mut desk = desk("lost@post").await;
    desk.settings.retry_uncertain = RetryUncertain::StateSettingOnly;
    desk.settings.canary = false;
    let first = desk.push().await;
    assert_eq!(first.in_doubt.len(), 2, "{first:?}");
    let hires = |desk: &Desk| requests(desk).iter().filter(|(operation, _)| operation == "new-hire").count();
    assert_eq!(hires(&desk), 1);
    let second = desk.push().await;
    assert_eq!((hires(&desk), second.held.len()), (1, 1), "{second:?}");
    let states: BTreeMap<CorrectionKind, ItemState> =
        desk.items().into_iter().map(|item| (item.kind, item.state)).collect();
    assert_eq!(states[&CorrectionKind::NewHire], InDoubt);
    assert_ne!(states[&CorrectionKind::NewHire], Sent);
}

#[tokio::test]
async fn what_was_approved_in_the_state_file_of_an_earlier_tieout_is_sent() {
    let mut desk = Desk::new(0, "").await;
    desk.state = tempfile::tempdir().expect("a folder");
    tieout_store::testing::write_approved_of_schema_5(desk.state.path());
    desk.kinds = KindLimits { new_hires: 1, terminations: 1, ..KindLimits::default() };
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), summary.needs_person()), (4, false), "{summary:?}");
    let mut arrived = requests(&desk);
    arrived.sort();
    let expected = [
        ("compensation-change", "emp_1"),
        ("demographic", "emp_2"),
        ("new-hire", "joiner_4"),
        ("termination", "emp_3"),
    ];
    assert_eq!(arrived, expected.map(|(operation, id)| (operation.to_owned(), id.to_owned())));
    assert_eq!(desk.states(), [Sent, Sent, Sent, Sent, Approved, Approved]);
    for item in desk.items().iter().filter(|item| item.state == Sent) {
        assert_eq!(desk.arrived_of(item).len(), 1, "byte for byte: item {}", item.id);
    }
    desk.check_audit();
}
