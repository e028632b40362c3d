//! Pushes that end at a random moment, thousands of them, over queues that are worked off in the end; what the queue
//! says then, held against the journal of the sandbox.

use std::time::Duration;

use super::crash::{Drop, polled};
use super::desk::Desk;
use super::*;

/// People of one queue; every second one has two items.
const PEOPLE: usize = 40;
/// Applied and the answer cut off, not applied and no answer, refused.
const FAULTS: &str = "15% cut@post; 5% reset@post; 5% status:422@post";
/// A push of the queue is polled more often than this.
const POLLS_MAX: usize = 40;
/// Kills in a row, unless a push gets to its end before.
const KILLS_MAX: usize = 40;
/// What the sandbox needs to work off requests whose sender is gone.
const AFTERMATH: Duration = Duration::from_millis(4);
/// Pushes left in peace until nothing is approved; more is a push that settles nothing.
const PEACE_MAX: usize = 6;

/// What was counted, by items.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    kills: usize,
    items: usize,
    sent: usize,
    failed: usize,
    in_doubt: usize,
    arrived_twice: usize,
    /// Gone, or in a state that no push leads to.
    lost: usize,
    /// The queue says sent, refused or not begun, and the journal says otherwise.
    false_words: usize,
}

async fn rage(kills: usize, seed: u64) -> Tally {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut tally = Tally::default();
    while tally.kills < kills {
        let mut desk = Desk::new(PEOPLE, FAULTS).await;
        desk.settings.canary = false;
        desk.settings.consecutive_failures_max = u32::MAX;
        let items = desk.items().len();
        let mut ended = 0;
        while waits(&desk.items()) {
            assert!(ended < PEACE_MAX, "pushes end, and items stay approved: {:?}", desk.states());
            for _ in 0..KILLS_MAX {
                let drop = if random.bool() { Drop::AtOnce } else { Drop::WhenWoken };
                if let Some(pushed) = polled(desk.try_push(), random.usize(..POLLS_MAX), drop).await {
                    pushed.expect("pushes");
                    break;
                }
                tally.kills += 1;
                tokio::time::sleep(AFTERMATH).await;
            }
            desk.push().await;
            ended += 1;
        }
        tally.count(&desk, items);
        desk.check_audit();
    }
    tally
}

/// Whether something is approved and no doubt about the same person holds it.
fn waits(items: &[Item]) -> bool {
    let in_doubt = |employee: &str| {
        items
            .iter()
            .any(|item| item.employee_id == employee && matches!(item.state, ItemState::InDoubt | ItemState::Failed))
    };
    items.iter().any(|item| item.state == ItemState::Approved && !in_doubt(&item.employee_id))
}

impl Tally {
    fn count(&mut self, desk: &Desk, before: usize) {
        let items = desk.items();
        let arrived = desk.arrived();
        self.items += before;
        self.lost += before.abs_diff(items.len());
        for item in items {
            let body: serde_json::Value = serde_json::from_str(&item.payload).expect("JSON");
            let requests = arrived.get(&body.to_string()).map(Vec::as_slice).unwrap_or_default();
            self.arrived_twice += usize::from(requests.len() > 1);
            let told = match item.state {
                ItemState::Sent => {
                    self.sent += 1;
                    requests == [(true, Some(200))]
                }
                ItemState::Failed => {
                    self.failed += 1;
                    requests == [(false, Some(422))]
                }
                // Whatever became of it: its intent was noted.
                ItemState::InDoubt => {
                    self.in_doubt += 1;
                    item.attempt == 1
                }
                // Behind a doubt about the same person.
                ItemState::Approved => requests.is_empty(),
                _ => {
                    self.lost += 1;
                    true
                }
            };
            self.false_words += usize::from(!told);
        }
    }

    #[track_caller]
    fn check(&self) {
        assert_eq!((self.arrived_twice, self.lost, self.false_words), (0, 0, 0), "{self:?}");
        // Each outcome was met, or nothing was proved.
        assert!(self.sent > 0 && self.failed > 0 && self.in_doubt > 0, "{self:?}");
    }
}

#[tokio::test]
async fn pushes_that_end_at_random_moments_send_nothing_twice_lose_nothing_and_tell_no_lie() {
    rage(60, 1).await.check();
}

#[tokio::test]
#[ignore = "takes ten minutes: `cargo test --release -p tieout --lib -- --ignored ten_thousand_ended_pushes` runs it"]
async fn ten_thousand_ended_pushes_send_nothing_twice_lose_nothing_and_tell_no_lie() {
    rage(10_000, 2).await.check();
}
