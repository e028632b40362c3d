//! A push that ends at any moment: its future is dropped at each point where it waits, the database is opened again,
//! and the sandbox's journal tells whether anything went twice or was forgotten.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::desk::Desk;
use super::*;

/// Employees of the small batch: four items, two of one person.
const PEOPLE: usize = 3;
/// What the sandbox needs to work off a request that was on the wire when its sender was gone.
const AFTERMATH: Duration = Duration::from_millis(15);
/// No batch of four needs as many; more is a push that never ends.
const POLLS_MAX: usize = 2_000;
/// Pushes after the crash until nothing more can be done.
const PUSHES_MAX: usize = 8;

/// When the future goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drop {
    /// As soon as it waits: what it wrote may not have left.
    AtOnce,
    /// When it would go on: what it wrote has arrived.
    WhenWoken,
}

/// Polls `future` so many times and drops it; `None`: it had not ended.
pub(super) async fn polled<T>(future: impl Future<Output = T>, polls: usize, drop: Drop) -> Option<T> {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if polled == polls && drop == Drop::AtOnce => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// What a sweep met.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    crashes: usize,
    /// Items on their way at a crash, by whether they had arrived.
    arrived: usize,
    not_arrived: usize,
}

/// Crashes a push of the small batch after each number of polls, and hands the desk to `check`.
async fn sweep(faults: &str, drop: Drop, edit: fn(&mut Desk), check: impl AsyncFn(&Desk, &str)) -> Met {
    let mut met = Met::default();
    for polls in 0..POLLS_MAX {
        let mut desk = Desk::new(PEOPLE, faults).await;
        edit(&mut desk);
        let ended = polled(desk.try_push(), polls, drop).await;
        if let Some(ended) = ended {
            ended.expect("pushes");
            return met;
        }
        tokio::time::sleep(AFTERMATH).await;
        met.crashes += 1;
        for item in desk.items().iter().filter(|item| item.state == ItemState::Sending) {
            let arrived = !desk.arrived_of(item).is_empty();
            *(if arrived { &mut met.arrived } else { &mut met.not_arrived }) += 1;
        }
        check(&desk, &format!("{faults:?}, {drop:?} after {polls} polls")).await;
    }
    panic!("the push does not end");
}

fn careful(desk: &mut Desk) {
    desk.settings.canary = false;
}

fn repeating(desk: &mut Desk) {
    desk.settings.canary = false;
    desk.settings.retry_uncertain = RetryUncertain::StateSettingOnly;
}

/// With `never`: each request arrives at most once, and whatever may have been applied is sent or in doubt.
async fn check_never_twice(desk: &Desk, when: &str) {
    let summary = desk.push().await;
    let on_its_way = desk.states().contains(&ItemState::Sending);
    assert!(!on_its_way, "{when}: {summary:?}");
    for item in desk.items() {
        let (id, arrived) = (item.id, desk.arrived_of(&item));
        assert!(arrived.len() <= 1, "{when}: item {id} arrived as {arrived:?}");
        match item.state {
            ItemState::Sent => assert_eq!(arrived, [(true, Some(200))], "{when}: item {id}"),
            // Every ambiguous send, and nothing that was never begun.
            ItemState::InDoubt => assert_eq!(item.attempt, 1, "{when}: item {id}"),
            // Only behind an item in doubt of the same person does anything wait.
            ItemState::Approved => {
                assert_eq!((arrived.len(), item.employee_id.as_str()), (0, "002"), "{when}: item {id}");
                assert_eq!(item.kind, CorrectionKind::Compensation, "{when}: item {id}");
            }
            state => panic!("{when}: item {id} is {}", state.words()),
        }
    }
    desk.check_audit();
}

/// With `state_setting_only`: all are sent in the end, and each repetition follows a doubt in the audit.
async fn check_repeated_by_policy(desk: &Desk, when: &str) {
    for _ in 0..PUSHES_MAX {
        if !desk.push().await.needs_person() {
            break;
        }
    }
    for item in desk.items() {
        let (id, arrived) = (item.id, desk.arrived_of(&item));
        assert_eq!(item.state, ItemState::Sent, "{when}: item {id}");
        let story = desk.store().audit_of(id).expect("reads");
        let events: Vec<&str> = story.iter().map(|row| row.event.as_str()).collect();
        let begun = events.iter().filter(|event| matches!(**event, "claim" | "resend")).count();
        let doubts = events.iter().filter(|event| matches!(**event, "doubt" | "recover")).count();
        // No send without an intent, and no second one without a doubt.
        assert!(arrived.len() <= begun && begun == doubts + 1, "{when}: item {id}: {events:?}, arrived {arrived:?}");
        assert!(arrived.iter().any(|(applied, _)| *applied), "{when}: item {id}");
    }
    desk.check_audit();
}

#[tokio::test]
async fn a_push_killed_at_any_point_sends_nothing_twice_and_loses_nothing() {
    for drop in [Drop::AtOnce, Drop::WhenWoken] {
        for faults in ["", "lost@post", "lost@post:2; cut@post:3"] {
            let met = sweep(faults, drop, careful, check_never_twice).await;
            // Points before and behind the moment of arrival, or the sweep proves nothing.
            assert!(
                met.crashes > 2 * PEOPLE && met.arrived > 0 && met.not_arrived > 0,
                "{faults:?}, {drop:?}: {met:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_push_killed_at_any_point_repeats_only_what_the_job_lets_it() {
    for drop in [Drop::AtOnce, Drop::WhenWoken] {
        for faults in ["", "lost@post:2 times=2", "reset@post:1; lost@post:4"] {
            sweep(faults, drop, repeating, check_repeated_by_policy).await;
        }
    }
}

#[tokio::test]
async fn a_canary_killed_at_any_point_is_in_doubt_and_nothing_followed_it() {
    let check = async |desk: &Desk, when: &str| {
        let first = &desk.items()[0];
        let (arrived, state) = (desk.running.journal().len(), first.state);
        assert!(arrived <= 1, "{when}");
        assert!(arrived == 0 || matches!(state, ItemState::Sending | ItemState::InDoubt), "{when}: {state:?}");
    };
    sweep("lost@post", Drop::WhenWoken, |_| (), check).await;
}
