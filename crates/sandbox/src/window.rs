//! A strict sliding window: of the calls let in, no more than N fall in any span of W.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::counts::Busiest;

/// At most so many calls in any window of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateWindow {
    pub calls: usize,
    pub per: Duration,
}

/// Arrivals that the busiest-window count looks back on, in limits: a client that ignores every 429 is counted up to
/// here.
const ARRIVALS_KEPT_LIMITS: usize = 100;

/// The window and what it saw.
#[derive(Debug)]
pub struct Window {
    limit: RateWindow,
    accepted: VecDeque<Instant>,
    arrived: VecDeque<Instant>,
    most_accepted: usize,
    most_arrived: usize,
}

impl Window {
    pub fn new(limit: RateWindow) -> Window {
        Window { limit, accepted: VecDeque::new(), arrived: VecDeque::new(), most_accepted: 0, most_arrived: 0 }
    }

    /// Lets a call in, or says how long until the next one may come. A refused call takes no room.
    pub fn arrive(&mut self, now: Instant) -> Result<(), Duration> {
        match self.ask(now) {
            None => {
                self.take(now);
                Ok(())
            }
            Some(wait) => Err(wait),
        }
    }

    /// Notes an arrival; how long it would have to wait, `None`: there is room.
    fn ask(&mut self, now: Instant) -> Option<Duration> {
        forget(&mut self.arrived, now, self.limit.per);
        if self.arrived.len() < self.limit.calls.saturating_mul(ARRIVALS_KEPT_LIMITS) {
            self.arrived.push_back(now);
        }
        self.most_arrived = self.most_arrived.max(self.arrived.len());
        forget(&mut self.accepted, now, self.limit.per);
        if self.accepted.len() >= self.limit.calls {
            let oldest = self.accepted.front().copied().unwrap_or(now);
            return Some((oldest + self.limit.per).saturating_duration_since(now));
        }
        None
    }

    fn take(&mut self, now: Instant) {
        self.accepted.push_back(now);
        self.most_accepted = self.most_accepted.max(self.accepted.len());
    }

    /// What was busiest so far.
    pub fn busiest(&self) -> Busiest {
        Busiest { limit: self.limit, accepted: self.most_accepted, arrived: self.most_arrived }
    }

    /// The most calls let in within any window so far.
    pub fn most_accepted(&self) -> usize {
        self.most_accepted
    }

    /// The most calls that came within any window so far, refused ones included.
    pub fn most_arrived(&self) -> usize {
        self.most_arrived
    }
}

/// Several windows over the same calls: a call needs room in each, and one that is refused takes room in none.
#[derive(Debug)]
pub struct Windows(Vec<Window>);

impl Windows {
    pub fn new(limits: &[RateWindow]) -> Windows {
        Windows(limits.iter().copied().map(Window::new).collect())
    }

    /// Lets a call in, or says how long until the next one may come.
    pub fn arrive(&mut self, now: Instant) -> Result<(), Duration> {
        // Every window is asked: each counts its arrivals.
        let waits: Vec<Duration> = self.0.iter_mut().filter_map(|window| window.ask(now)).collect();
        if let Some(longest) = waits.into_iter().max() {
            return Err(longest);
        }
        self.0.iter_mut().for_each(|window| window.take(now));
        Ok(())
    }

    /// What was busiest in each so far.
    pub fn busiest(&self) -> Vec<Busiest> {
        self.0.iter().map(Window::busiest).collect()
    }
}

/// Drops what lies a whole window back: two calls exactly W apart never share a window.
fn forget(times: &mut VecDeque<Instant>, now: Instant, per: Duration) {
    while times.front().is_some_and(|t| now.saturating_duration_since(*t) >= per) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: RateWindow = RateWindow { calls: 3, per: Duration::from_millis(100) };

    fn after(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn the_call_over_the_limit_is_told_when_the_oldest_leaves() {
        let (start, mut window) = (Instant::now(), Window::new(LIMIT));
        for ms in [0, 10, 20] {
            assert_eq!(window.arrive(after(start, ms)), Ok(()));
        }
        assert_eq!(window.arrive(after(start, 40)), Err(Duration::from_millis(60)));
        assert_eq!(window.arrive(after(start, 99)), Err(Duration::from_millis(1)));
        assert_eq!(window.arrive(after(start, 100)), Ok(()));
        assert_eq!(window.arrive(after(start, 109)), Err(Duration::from_millis(1)));
    }

    #[test]
    fn a_call_needs_room_in_every_window_and_takes_none_where_one_refuses() {
        let burst = RateWindow { calls: 2, per: Duration::from_millis(10) };
        let (start, mut windows) = (Instant::now(), Windows::new(&[LIMIT, burst]));
        let mut arrive = |ms| windows.arrive(after(start, ms));
        assert_eq!((arrive(0), arrive(1)), (Ok(()), Ok(())));
        assert_eq!(arrive(2), Err(Duration::from_millis(8)));
        assert_eq!(arrive(10), Ok(()));
        assert_eq!(arrive(12), Err(Duration::from_millis(88)));
        let busiest: Vec<_> = windows.busiest().iter().map(|b| (b.accepted, b.arrived)).collect();
        assert_eq!(busiest, [(3, 5), (2, 3)]);
    }

    #[test]
    fn refused_calls_are_counted_but_take_no_room() {
        let (start, mut window) = (Instant::now(), Window::new(LIMIT));
        for ms in [0, 1, 2, 3, 4] {
            let _ = window.arrive(after(start, ms));
        }
        assert_eq!((window.most_accepted(), window.most_arrived()), (3, 5));
        assert_eq!(window.arrive(after(start, 100)), Ok(()));
    }

    #[test]
    fn no_span_of_the_window_holds_more_than_the_limit_whatever_comes() {
        let (start, mut window) = (Instant::now(), Window::new(LIMIT));
        let mut random = fastrand::Rng::with_seed(7);
        let (mut now, mut accepted) = (0, Vec::new());
        for _ in 0..2_000 {
            now += random.u64(0..40);
            if window.arrive(after(start, now)).is_ok() {
                accepted.push(now);
            }
        }
        for four in accepted.windows(4) {
            assert!(four[3] - four[0] >= 100, "{four:?}");
        }
        assert!(accepted.len() > 500);
    }
}
