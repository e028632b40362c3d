//! How long a call takes, as far as the latest ones tell: the other half, beside the limit, of the time that is left.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Share of the latest call in the mean, as a divisor.
const SHARE_DIVISOR: u64 = 8;

/// The mean time of the latest calls, in microseconds; 0 before the first.
#[derive(Debug, Default)]
pub(crate) struct Pace(AtomicU64);

impl Pace {
    pub fn note(&self, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX / SHARE_DIVISOR).max(1);
        let mean = |mean: u64| match mean {
            0 => took_us,
            mean => (mean * (SHARE_DIVISOR - 1) + took_us) / SHARE_DIVISOR,
        };
        // Two calls that end at once may lose one of them here, which tells as much.
        self.0.store(mean(self.0.load(Ordering::Relaxed)), Ordering::Relaxed);
    }

    /// The time that so many calls take, so many at once, when `limited` is the earliest that the last may be sent.
    pub fn time_for(&self, calls: u64, at_once: usize, limited: Duration) -> Duration {
        let one = Duration::from_micros(self.0.load(Ordering::Relaxed));
        let rounds = calls.div_ceil(at_once.max(1) as u64);
        if calls == 0 {
            return Duration::ZERO;
        }
        (limited + one).max(one.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slower_of_limit_and_service_counts() {
        let pace = Pace::default();
        assert_eq!(pace.time_for(100, 8, Duration::from_secs(60)), Duration::from_secs(60));
        pace.note(Duration::from_secs(2));
        for _ in 0..50 {
            pace.note(Duration::from_secs(2));
        }
        for (calls, limited, expected) in [(0, 60, 0), (8, 60, 62), (8, 0, 2), (800, 60, 200)] {
            let expected = Duration::from_secs(expected);
            assert_eq!(pace.time_for(calls, 8, Duration::from_secs(limited)), expected, "{calls} {limited}");
        }
    }
}
