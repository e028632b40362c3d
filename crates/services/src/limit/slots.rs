//! Where the slots of a credential are kept: in this process alone, or by all processes of the machine together.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::limit::limiter::{Wait, Windows};
use crate::settings::RateWindow;

/// The slots of one credential. Times are the caller's own.
pub trait Slots: fmt::Debug + Send + Sync {
    /// Takes a slot of each window, under a number of its own, or says what has to happen first.
    fn reserve(&self, now: Instant) -> Result<SlotNumber, Wait>;
    /// The call that holds a slot was answered, or given up.
    fn answered(&self, slot: SlotNumber, now: Instant);
    /// The call that would have held a slot was not sent.
    fn unused(&self, slot: SlotNumber);
    /// Nobody calls for `pause`; a longer pause under way stays. Says whether nobody had to wait before.
    fn pause(&self, now: Instant, pause: Duration) -> bool;
    /// How long until the last of so many further calls may be sent at the earliest.
    fn time_for(&self, now: Instant, calls: u64) -> Duration;
}

/// Has to be handed back with [`Slots::answered`] or [`Slots::unused`].
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a slot that is not handed back is lost for long"]
pub struct SlotNumber(pub i64);

/// The slots of this process alone.
#[derive(Debug)]
pub struct OwnSlots(Mutex<State>);

#[derive(Debug)]
struct State {
    windows: Windows,
    paused_until: Option<Instant>,
}

impl OwnSlots {
    /// All of them free.
    pub fn new(limits: &[RateWindow]) -> OwnSlots {
        OwnSlots(Mutex::new(State { windows: Windows::new(limits), paused_until: None }))
    }

    /// Nothing under the lock can panic half-way, so a poisoned lock still guards sound values.
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots for OwnSlots {
    fn reserve(&self, now: Instant) -> Result<SlotNumber, Wait> {
        let mut state = self.state();
        match state.paused_until {
            Some(until) if until > now => Err(Wait::Until(until)),
            // One slot is as good as the other.
            _ => state.windows.reserve(now).map(|()| SlotNumber(0)),
        }
    }

    fn answered(&self, _: SlotNumber, now: Instant) {
        self.state().windows.answered(now);
    }

    fn unused(&self, _: SlotNumber) {
        self.state().windows.unused();
    }

    fn pause(&self, now: Instant, pause: Duration) -> bool {
        let mut state = self.state();
        let (before, until) = (state.paused_until, now + pause);
        state.paused_until = Some(before.map_or(until, |before| before.max(until)));
        before.is_none_or(|before| before <= now)
    }

    fn time_for(&self, now: Instant, calls: u64) -> Duration {
        let state = self.state();
        let pause = state.paused_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        if calls == 0 { Duration::ZERO } else { pause.max(state.windows.time_for(now, calls)) }
    }
}
