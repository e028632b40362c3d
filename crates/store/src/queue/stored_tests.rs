//! A state file of an earlier tieout: what was approved there is still approved, and goes out as it stands.

use tieout_model::correction::CorrectionKind;

use super::testing::{START, write_approved_of_schema_5};
use super::*;
use crate::ChainVerdict;

#[track_caller]
fn check_audit(store: &Store, entries: i64) {
    let verdict = store.audit_verify().expect("reads");
    assert!(matches!(verdict, ChainVerdict::Whole { entries: found, .. } if found == entries), "{verdict:?}");
}

#[test]
fn an_approved_item_of_each_kind_in_an_earlier_state_file_is_sent() {
    let dir = tempfile::tempdir().expect("a folder");
    write_approved_of_schema_5(dir.path());
    let mut store = Store::open(dir.path()).expect("opens");
    check_audit(&store, 12);
    let items = store.sendable().expect("reads");
    let kinds = [
        CorrectionKind::Compensation,
        CorrectionKind::Demographic,
        CorrectionKind::Termination,
        CorrectionKind::NewHire,
        CorrectionKind::OysterProvisioning,
        CorrectionKind::OysterRequest,
    ];
    assert_eq!(items.iter().map(|item| item.kind).collect::<Vec<_>>(), kinds);
    for item in &items {
        // A claim refuses a body or evidence that is not what was approved.
        assert_eq!(store.claim(&item.ticket(), START, "request").expect("claims"), Moved::Done, "{:?}", item.kind);
        let sent = Settled::Sent { status: 202, excerpt: String::new() };
        let moved = store.settle(&item.ticket().sending(), &sent, START).expect("settles");
        assert_eq!(moved, Moved::Done, "{:?}", item.kind);
    }
    check_audit(&store, 24);
    let ledger = store.benbase_ledger().expect("reads");
    let held = |id: &str| ledger.get(&id.into()).expect(id);
    assert_eq!(held("emp_1").pay_frequency, Some("weekly"));
    assert_eq!(held("emp_2").zip_code, Some("73301-1234"));
    assert_eq!(held("emp_3").terminated_on, "2026-03-20".parse().ok());
    assert_eq!(held("joiner_4").employment_status, Some("full_time"));
    assert_eq!(ledger.len(), 4);
}
