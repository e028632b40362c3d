use super::desk::Desk;
use super::*;
use tieout_sandbox::API_KEY;

use ItemState::{Approved, Failed, InDoubt, Sending, Sent};

fn ids(noted: &[Noted]) -> Vec<i64> {
    noted.iter().map(|noted| noted.item).collect()
}

#[tokio::test]
async fn what_is_approved_arrives_once_and_in_order_and_a_second_push_sends_nothing() {
    let desk = Desk::new(20, "").await;
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), summary.needs_person(), summary.left), (30, false, 0));
    assert!(desk.states().iter().all(|state| *state == Sent));
    assert!(desk.items().iter().all(|item| desk.arrived_of(item) == [(true, Some(200))]));
    let journal = desk.running.journal();
    let place = |operation: &str, id: &str| {
        journal.iter().position(|entry| entry.operation == operation && entry.body["employee_id"] == id).expect("there")
    };
    for id in ["emp_2", "emp_4", "emp_20"] {
        assert!(place("demographic", id) < place("compensation-change", id), "{id}");
    }
    let ledger = desk.store().benbase_ledger().expect("reads");
    assert_eq!(ledger.get(&"emp_2".into()).expect("is there").line1, Some("2 Main St"));
    assert_eq!(desk.push().await, Summary::default());
    assert_eq!(desk.running.journal().len(), 30);
    desk.check_audit();
}

#[tokio::test]
async fn the_first_item_goes_alone_and_nothing_follows_unless_it_is_accepted() {
    let desk = Desk::new(3, "lost@post:1").await;
    let summary = desk.push().await;
    assert_eq!((summary.stop, ids(&summary.in_doubt), summary.left), (Some(Stop::Canary), vec![1], 3));
    assert!(summary.needs_person());
    assert_eq!(desk.states(), [InDoubt, Approved, Approved, Approved]);
    assert_eq!(desk.running.journal().len(), 1);
}

#[tokio::test]
async fn a_batch_stops_after_failures_in_a_row_and_an_acceptance_starts_the_count_again() {
    let mut desk = Desk::new(9, "status:422@employee:emp_1; status:422@employee:emp_3 ; status:422@employee:emp_5; status:422@employee:emp_7; status:422@employee:emp_8").await;
    (desk.settings.canary, desk.settings.consecutive_failures_max, desk.concurrency) = (false, 3, 1);
    let summary = desk.push().await;
    // 7, and both items of 8, are three in a row; 9 is left.
    assert_eq!((summary.stop, summary.failed.len(), summary.left), (Some(Stop::Failures(3)), 6, 1));
    assert!(summary.failed[0].reason.starts_with("refused with status 422"), "{:?}", summary.failed[0]);
    assert_eq!(desk.states().iter().filter(|state| **state == Failed).count(), 6);
    assert!(summary.needs_person());
}

#[tokio::test]
async fn a_refused_key_ends_the_push_before_anything_is_claimed() {
    let desk = Desk::with(2, "", |_| (), "sandbox_sk_other").await;
    let before = desk.items();
    // The status of an employer needs the key, too.
    let error = desk.try_push().await.expect_err("refused");
    assert!(matches!(error, PushError::Credentials(_)), "{error}");
    assert_eq!((desk.items(), desk.running.journal().len()), (before, 0));
}

#[tokio::test]
async fn a_key_refused_in_the_middle_ends_the_batch_and_the_item_stays_approved() {
    let mut desk = Desk::new(4, "status:401@post:2").await;
    desk.concurrency = 1;
    let summary = desk.push().await;
    // The second to go is the new address of the second employee, before the pay.
    assert_eq!((summary.stop, summary.sent.len(), ids(&summary.not_sent)), (Some(Stop::Credentials(401)), 1, vec![3]));
    assert_eq!(desk.states(), [Sent, Approved, Approved, Approved, Approved, Approved]);
}

#[tokio::test]
async fn an_inactive_employer_is_refused_before_anything_is_claimed() {
    let desk = Desk::with(2, "", |benbase| benbase.employer_id = "other".into(), API_KEY).await;
    let before = desk.items();
    let error = desk.try_push().await.expect_err("refused");
    assert!(matches!(error, PushError::Inactive), "{error}");
    assert_eq!((desk.items(), desk.running.journal().len()), (before, 0));
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_costs_nothing() {
    let desk = Desk::with(2, "", |benbase| benbase.base_url = "http://127.0.0.1:9".to_owned(), API_KEY).await;
    let before = desk.items();
    let error = desk.try_push().await.expect_err("not there");
    assert!(matches!(error, PushError::Unreachable(_)), "{error}");
    assert_eq!(desk.items(), before);
}

#[tokio::test]
async fn an_item_in_doubt_waits_for_a_person_unless_the_job_lets_it_go_again() {
    let mut desk = Desk::new(1, "lost@post:1").await;
    assert_eq!(ids(&desk.push().await.in_doubt), [1]);
    let second = desk.push().await;
    assert_eq!((second.held.len(), second.held[0].why, second.needs_person()), (1, Why::InDoubt, true));
    assert_eq!(desk.running.journal().len(), 1);
    desk.settings.retry_uncertain = RetryUncertain::StateSettingOnly;
    assert_eq!(desk.push().await.sent, [1]);
    assert_eq!(desk.arrived_of(&desk.items()[0]), [(true, None), (true, Some(200))]);
    desk.check_audit();
}

#[tokio::test]
async fn a_refused_repetition_does_not_settle_what_is_in_doubt() {
    for fault in ["status:422@post:2", "status:401@post:2"] {
        let mut desk = Desk::new(1, &format!("lost@post:1; {fault}")).await;
        desk.settings.retry_uncertain = RetryUncertain::StateSettingOnly;
        desk.push().await;
        assert_eq!(ids(&desk.push().await.in_doubt), [1], "{fault}");
        assert_eq!(desk.states(), [InDoubt], "{fault}");
    }
}

#[tokio::test]
async fn what_follows_an_item_in_doubt_of_the_same_employee_waits() {
    let mut desk = Desk::new(2, "lost@employee:emp_2 times=1").await;
    desk.concurrency = 8;
    let summary = desk.push().await;
    let waits = summary.held.iter().map(|held| (held.item, held.why)).collect::<Vec<_>>();
    let items = desk.items();
    let of = |kind| items.iter().find(|item| item.employee_id == "002" && item.kind == kind).expect("there");
    assert_eq!(waits, [(of(CorrectionKind::Compensation).id, Why::Waits)]);
    assert_eq!(of(CorrectionKind::Demographic).state, InDoubt);
    assert_eq!(of(CorrectionKind::Compensation).state, Approved);
}

#[tokio::test]
async fn what_is_stale_or_approved_under_another_policy_is_closed_unsent() {
    let desk = Desk::new(3, "").await;
    let store = desk.store();
    let insert =
        "INSERT INTO finding (id, code, employee_id, benefit, field, first_seen, status, last_seen, cleared_on,
                      nights_open, reopened, night)
                  VALUES ('1-compensation', 'CO04', '001', '', '', '2026-03-01', 'cleared', '2026-03-29', '2026-03-30',
                      1, 0, '2026-03-30')";
    tieout_store::testing::connection(&store).execute(insert, []).expect("writes");
    let summary = desk.push().await;
    assert_eq!((ids(&summary.stale), summary.sent.len()), (vec![1], 3));
    assert!(summary.stale[0].reason.contains("1-compensation is gone"), "{:?}", summary.stale);
    assert_eq!(desk.items()[0].state, ItemState::Withdrawn);

    let desk = Desk::new(1, "").await;
    let options = Options { policy_hash: "another", ..desk.options() };
    let service = BenbaseConnection { reader: &desk.reader, writer: &desk.writer };
    let summary = push(&mut desk.store(), service, &options, &desk.cancel, &Progress::silent()).await.expect("pushes");
    assert_eq!((ids(&summary.voided), summary.needs_person()), (vec![1], true));
    assert_eq!((desk.states(), desk.running.journal().len()), (vec![ItemState::Proposed], 0));
}

#[tokio::test]
async fn the_number_of_a_push_holds_the_rest_without_an_alarm() {
    let mut desk = Desk::new(4, "").await;
    desk.items_max = Some(2);
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), summary.held.len(), summary.needs_person()), (2, 4, false));
    desk.settings.daily_items_max = 3;
    desk.items_max = None;
    let summary = desk.push().await;
    assert_eq!((summary.sent.len(), summary.held.len(), summary.needs_person()), (1, 3, true));
}

#[tokio::test]
async fn told_to_end_it_waits_for_what_is_on_its_way_and_begins_nothing_more() {
    let desk = Desk::new(10, "slow:50ms@post").await;
    let stop = async {
        while desk.running.journal().len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        desk.stop.send_replace(true);
    };
    let (summary, ()) = tokio::join!(desk.push(), stop);
    assert_eq!(summary.stop, Some(Stop::Cancelled));
    assert_eq!((summary.sent.len(), summary.in_doubt.len()), (desk.running.journal().len(), 0));
    assert!(summary.left > 0 && !summary.needs_person(), "{summary:?}");
    assert!(desk.states().iter().all(|state| matches!(state, Sent | Approved)));
}

#[tokio::test]
async fn an_approval_taken_back_while_the_push_is_under_way_still_counts() {
    let mut desk = Desk::new(3, "slow:60ms@post").await;
    desk.concurrency = 1;
    let take_back = async {
        while desk.running.journal().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let mut store = desk.store();
        let items = store.list_items(&ItemFilter::default()).expect("lists");
        let next = items.iter().find(|item| item.kind == CorrectionKind::Demographic).expect("an item");
        assert!(store.void(&next.ticket(), "Ada", "on second thoughts", at(0)).expect("voids").is_done());
    };
    let (summary, ()) = tokio::join!(desk.push(), take_back);
    // What stands behind it for the same employee waits; the others go.
    assert_eq!(
        summary.held.iter().map(|held| (held.item, held.why)).collect::<Vec<_>>(),
        [(3, Why::Changed), (2, Why::Waits)]
    );
    assert_eq!((summary.stop, summary.left), (None, 0));
    assert_eq!(desk.states(), [Sent, Approved, ItemState::Proposed, Sent]);
    assert_eq!(desk.running.journal().len(), 2);
}

#[tokio::test]
async fn a_dry_run_shows_the_very_requests_masked_and_writes_nothing() {
    let mut desk = Desk::new(2, "").await;
    let (before, head) = (desk.items(), desk.store().audit_head().expect("reads"));
    let shown = preview(&desk.store(), PushTarget::Benbase, &desk.options()).expect("previews");
    assert_eq!((desk.items(), desk.store().audit_head().expect("reads")), (before, head));
    let texts: Vec<&str> = shown.requests.iter().map(|(_, text)| text.as_str()).collect();
    let address = concat!(
        "POST /employee-changes/demographic\n",
        r#"{"employee_id":"emp_2","address":{"line1":"…","city":"…","state":"TX","zip_code":"…"}}"#,
    );
    assert_eq!(texts[1], address);
    assert_eq!((texts.len(), desk.running.counts().calls), (3, 0));
    desk.concurrency = 1;
    desk.push().await;
    let sent: Vec<String> = desk
        .running
        .journal()
        .iter()
        .map(|entry| format!("{} {}", entry.operation, entry.body["employee_id"]))
        .collect();
    assert_eq!(sent, [r#"compensation-change "emp_1""#, r#"demographic "emp_2""#, r#"compensation-change "emp_2""#]);
}

#[tokio::test]
async fn an_outcome_that_cannot_be_written_stays_on_its_way_and_is_in_doubt_at_the_next_push() {
    let mut desk = Desk::new(5, "").await;
    desk.settings.canary = false;
    let trigger = "CREATE TEMP TRIGGER full BEFORE UPDATE ON queue WHEN NEW.state = 'sent' AND NEW.id = 2
                   BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    let mut store = desk.store();
    tieout_store::testing::connection(&store).execute_batch(trigger).expect("creates");
    let error = desk.try_push_from(&mut store).await.expect_err("cannot write");
    drop(store);
    assert!(matches!(error, PushError::Store(_)), "{error}");
    assert_eq!(desk.states()[1], Sending);
    // What was under way beside it is settled, what was not begun is approved.
    assert!(desk.items().iter().all(|item| item.id == 2 || matches!(item.state, Sent | Approved)));
    let arrived = |item: &Item| desk.arrived_of(item).len();
    assert!(desk.items().iter().all(|item| arrived(item) == usize::from(matches!(item.state, Sent | Sending))));
    let summary = desk.push().await;
    assert_eq!(summary.recovered, [2]);
    assert_eq!(desk.states()[1], InDoubt);
    assert!(desk.items().iter().all(|item| arrived(item) == 1 || item.employee_id == "002"));
}

#[tokio::test]
async fn a_clock_that_jumped_back_is_refused() {
    let desk = Desk::new(1, "").await;
    let options = Options { clock: std::sync::Arc::new(|| at(-3600)), ..desk.options() };
    let service = BenbaseConnection { reader: &desk.reader, writer: &desk.writer };
    let error =
        push(&mut desk.store(), service, &options, &desk.cancel, &Progress::silent()).await.expect_err("refuses");
    assert!(matches!(error, PushError::Clock { item: 1, .. }), "{error}");
    assert_eq!(desk.states(), [Approved]);
}
