//! The anchor of the audit chain is written between the intent and the send: where it cannot be, nothing goes out.

use super::desk::Desk;
use super::*;
use tieout_store::{Anchors, DATABASE_FILE, StateOwner};

#[tokio::test]
async fn an_anchor_that_cannot_be_written_lets_nothing_out_and_nothing_is_sent_twice_later() {
    let desk = Desk::new(3, "").await;
    let mut store = desk.store();
    // Its folder is a file.
    let path = desk.state.path().join(DATABASE_FILE).join("anchor.json");
    let owner = StateOwner { job: "acme".to_owned(), employer: String::new() };
    store.keep_anchors(Anchors { owner, places: None, paths: vec![path] });
    let service = BenbaseConnection { reader: &desk.reader, writer: &desk.writer };
    let pushed = push(&mut store, service, &desk.options(), &desk.cancel, &Progress::silent()).await;
    let error = pushed.expect_err("the anchor is not written");
    assert!(matches!(error, PushError::Store(_)), "{error}");
    assert!(desk.running.journal().is_empty(), "nothing went out");
    assert!(!desk.states().contains(&ItemState::Sent));
    drop(store);
    desk.push().await;
    for item in desk.items() {
        let arrived = desk.arrived_of(&item).len();
        // What was claimed is in doubt although nothing went out: nobody can know.
        let expected = usize::from(item.state == ItemState::Sent);
        assert_eq!(arrived, expected, "item {} is {}", item.id, item.state.words());
    }
    desk.check_audit();
}
