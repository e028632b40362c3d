//! The line in front of a service: everyone who wants to send passes here, first come first served, and goes on only
//! with a slot of every window. `Retry-After` stops the line for all. Dropping a waiting future leaves the line;
//! dropping a permit hands its slot back. The arithmetic is in `limiter`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::limit::limiter::Wait;
use crate::limit::slots::{OwnSlots, SlotNumber, Slots};
use crate::settings::RateWindow;

/// How often a slot is looked for that a call in flight holds: its process need not be this one.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// One per service and credential, shared by all workers.
#[derive(Debug)]
pub struct Turnstile {
    /// Held by the one whose turn it is. Tokio hands the lock on in order of arrival.
    turn: tokio::sync::Mutex<()>,
    slots: Arc<dyn Slots>,
    /// Wakes the one whose turn it is; there is never a second waiter.
    answered: Notify,
}

/// The right to send one request. Drop it when the answer is there.
#[derive(Debug)]
pub struct Permit<'a> {
    turnstile: &'a Turnstile,
    slot: Option<SlotNumber>,
}

impl Turnstile {
    /// With slots that no other process knows of.
    pub fn new(limits: &[RateWindow]) -> Self {
        Turnstile::with(Arc::new(OwnSlots::new(limits)))
    }

    /// With slots that others may share.
    pub fn with(slots: Arc<dyn Slots>) -> Self {
        Turnstile { turn: tokio::sync::Mutex::new(()), slots, answered: Notify::new() }
    }

    /// Waits for the pause to end and for a slot of every window.
    pub async fn pass(&self) -> Permit<'_> {
        let _turn = self.turn.lock().await;
        loop {
            // A pause may begin or grow while we sleep, so each awakening looks again.
            match self.slots.reserve(Instant::now()) {
                Ok(slot) => return Permit { turnstile: self, slot: Some(slot) },
                Err(Wait::Until(at)) => tokio::time::sleep_until(at.into()).await,
                // Its end is the same whether it was told or found.
                Err(Wait::ForAnswer) => drop(tokio::time::timeout(LOOK_EVERY, self.answered.notified()).await),
            }
        }
    }

    /// Nobody passes for `pause`; a longer pause under way stays. Says whether nobody had to wait before.
    pub fn pause(&self, now: Instant, pause: Duration) -> bool {
        self.slots.pause(now, pause)
    }

    /// How long until the last of so many further calls may be sent at the earliest.
    pub fn time_for(&self, now: Instant, calls: u64) -> Duration {
        self.slots.time_for(now, calls)
    }
}

impl Permit<'_> {
    /// Nothing was sent: the slot is free at once.
    pub fn give_back(mut self) {
        if let Some(slot) = self.slot.take() {
            self.turnstile.slots.unused(slot);
            self.turnstile.answered.notify_one();
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            self.turnstile.slots.answered(slot, Instant::now());
            self.turnstile.answered.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn turnstile(calls: usize, per_ms: u64) -> Arc<Turnstile> {
        Arc::new(Turnstile::new(&[RateWindow { calls, per: Duration::from_millis(per_ms) }]))
    }

    #[tokio::test]
    async fn those_who_wait_pass_in_order_of_arrival() {
        let turnstile = turnstile(1, 20);
        let order = Arc::new(Mutex::new(Vec::new()));
        let first = turnstile.pass().await;
        let mut workers = Vec::new();
        for number in 0..5 {
            let (turnstile, order) = (turnstile.clone(), order.clone());
            workers.push(tokio::spawn(async move {
                let _permit = turnstile.pass().await;
                order.lock().expect("unpoisoned").push(number);
            }));
            tokio::task::yield_now().await;
        }
        drop(first);
        for worker in workers {
            worker.await.expect("no panic");
        }
        assert_eq!(*order.lock().expect("unpoisoned"), [0, 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_waiter_that_gives_up_takes_no_slot_and_blocks_nobody() {
        let turnstile = turnstile(1, 30);
        let first = turnstile.pass().await;
        let gave_up = tokio::time::timeout(Duration::from_millis(10), turnstile.pass()).await;
        assert!(gave_up.is_err());
        let answered = Instant::now();
        drop(first);
        let second = tokio::time::timeout(Duration::from_secs(5), turnstile.pass()).await;
        assert!(second.is_ok());
        assert!(answered.elapsed() >= Duration::from_millis(30));
    }

    #[tokio::test]
    async fn a_slot_that_was_not_used_is_free_at_once() {
        let turnstile = turnstile(1, 60_000);
        turnstile.pass().await.give_back();
        let next = tokio::time::timeout(Duration::from_secs(5), turnstile.pass()).await;
        assert!(next.is_ok());
    }

    #[tokio::test]
    async fn a_pause_holds_everyone_and_the_longest_counts() {
        let turnstile = turnstile(10, 1_000);
        let start = Instant::now();
        assert!(turnstile.pause(start, Duration::from_millis(80)));
        assert!(!turnstile.pause(start, Duration::from_millis(10)), "told already");
        for _ in 0..2 {
            let permit = turnstile.pass().await;
            assert!(start.elapsed() >= Duration::from_millis(80));
            drop(permit);
        }
    }

    #[tokio::test]
    async fn a_pause_that_begins_while_somebody_waits_for_a_slot_holds_that_one_too() {
        let turnstile = turnstile(1, 20);
        drop(turnstile.pass().await);
        let start = Instant::now();
        let waiter = tokio::spawn({
            let turnstile = turnstile.clone();
            async move { drop(turnstile.pass().await) }
        });
        tokio::task::yield_now().await;
        assert!(turnstile.pause(start, Duration::from_millis(120)));
        waiter.await.expect("no panic");
        assert!(start.elapsed() >= Duration::from_millis(120));
    }
}
