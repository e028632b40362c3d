//! The strict sliding-window limiter, as arithmetic on instants that the caller passes in: no clock, no task, no
//! network. A window has N slots; a call holds one, and the slot is free again one window length after that call was
//! *answered*. Whatever the delays on the way, the server then never sees more than N calls in any window, and a busy
//! caller keeps the window full. A call that was given up counts as answered at that moment, the one approximation.
//! Waiting in line is `turnstile`.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::settings::RateWindow;

/// Share of the window length that a slot rests longer, as a divisor: two clocks never run at quite the same speed.
const MARGIN_DIVISOR: u32 = 1_000;
/// The least margin: services count in milliseconds.
const MARGIN_MIN: Duration = Duration::from_millis(1);

/// What has to happen before a slot can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// At this instant one is free, unless somebody else takes it.
    Until(Instant),
    /// Each slot is held by a call in flight.
    ForAnswer,
}

/// At most `calls` calls in any `per`, as the server sees it.
#[derive(Debug)]
struct Window {
    slots: usize,
    rest: Duration,
    in_flight: usize,
    /// When each resting slot is free again, soonest first.
    free_at: VecDeque<Instant>,
}

impl Window {
    /// A limit of no calls counts as one of one call: the job refuses zero, and a limiter must not hang.
    fn new(limit: RateWindow) -> Self {
        Window { slots: limit.calls.max(1), rest: rest(limit), in_flight: 0, free_at: VecDeque::new() }
    }

    /// Whether a slot is free at `now`, or what to wait for.
    fn ready(&mut self, now: Instant) -> Result<(), Wait> {
        while self.free_at.front().is_some_and(|at| *at <= now) {
            self.free_at.pop_front();
        }
        if self.in_flight + self.free_at.len() < self.slots {
            return Ok(());
        }
        Err(self.free_at.front().map_or(Wait::ForAnswer, |at| Wait::Until(*at)))
    }

    fn time_for(&self, now: Instant, calls: u64) -> Duration {
        let resting = self.free_at.iter().map(|at| at.saturating_duration_since(now)).filter(|left| !left.is_zero());
        time_for(calls, self.slots as u64, self.rest, self.in_flight as u64, &resting.collect::<Vec<_>>())
    }

    /// A call was answered, or given up, at `now`; its slot rests from then on.
    fn release(&mut self, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        // Two answers may be stamped in one order and handed in in the other; the line has to stay sorted.
        let latest = self.free_at.back().copied().unwrap_or(now);
        self.free_at.push_back((now + self.rest).max(latest));
    }
}

/// How long a slot of a window rests after its call was answered.
pub fn rest(limit: RateWindow) -> Duration {
    limit.per + (limit.per / MARGIN_DIVISOR).max(MARGIN_MIN)
}

/// Several windows at once: 300 in five minutes and, say, 10 in a second. A call takes a slot of each or of none.
#[derive(Debug)]
pub struct Windows(Vec<Window>);

impl Windows {
    /// No window at all means no limit.
    pub fn new(limits: &[RateWindow]) -> Self {
        Windows(limits.iter().copied().map(Window::new).collect())
    }

    /// How long until the last of so many further calls may be sent at the earliest.
    pub fn time_for(&self, now: Instant, calls: u64) -> Duration {
        self.0.iter().map(|window| window.time_for(now, calls)).max().unwrap_or_default()
    }

    /// Takes a slot of each window at `now`, to be handed back with [`Windows::answered`], or says what the slowest of
    /// them waits for.
    pub fn reserve(&mut self, now: Instant) -> Result<(), Wait> {
        let mut longest = None;
        for window in &mut self.0 {
            longest = match (longest, window.ready(now)) {
                (longest, Ok(())) => longest,
                (Some(Wait::ForAnswer), Err(_)) | (_, Err(Wait::ForAnswer)) => Some(Wait::ForAnswer),
                (Some(Wait::Until(a)), Err(Wait::Until(b))) => Some(Wait::Until(a.max(b))),
                (None, Err(wait)) => Some(wait),
            };
        }
        match longest {
            Some(wait) => Err(wait),
            None => {
                self.0.iter_mut().for_each(|window| window.in_flight += 1);
                Ok(())
            }
        }
    }

    /// A call that had taken a slot was not sent.
    pub fn unused(&mut self) {
        self.0.iter_mut().for_each(|window| window.in_flight = window.in_flight.saturating_sub(1));
    }

    /// A call that held a slot was answered, or given up, at `now`.
    pub fn answered(&mut self, now: Instant) {
        self.0.iter_mut().for_each(|window| window.release(now));
    }
}

/// The same of one window: slots that are free serve at once, those that rest (soonest first) after their rest, those
/// in flight a whole rest after an answer that may come any moment; then the round begins again.
pub fn time_for(calls: u64, slots: u64, rest: Duration, in_flight: u64, resting: &[Duration]) -> Duration {
    let Some(last) = calls.checked_sub(1) else { return Duration::ZERO };
    let (slots, held) = (slots.max(1), in_flight + resting.len() as u64);
    let (round, place) = (last / slots, last % slots);
    // More may be held than there are slots, where another process knows of more of them.
    let nth = (place + held.saturating_sub(slots)).checked_sub(slots.saturating_sub(held));
    let first = match nth {
        None => Duration::ZERO,
        Some(nth) => usize::try_from(nth).ok().and_then(|nth| resting.get(nth)).copied().unwrap_or(rest),
    };
    first + rest.saturating_mul(u32::try_from(round).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use proptest::prelude::*;

    use super::*;

    fn window(calls: usize, per_ms: u64) -> RateWindow {
        RateWindow { calls, per: Duration::from_millis(per_ms) }
    }

    /// What a simulated server saw.
    struct Seen {
        /// Sorted, since the start.
        arrivals: Vec<Duration>,
        /// When the last call was answered, since the start.
        end: Duration,
    }

    /// Lets `workers` make `calls` calls as fast as the limiter lets them. Each takes `latency.0..latency.1` ms in all,
    /// and reaches the server somewhere on the way.
    fn simulate(limits: &[RateWindow], workers: usize, calls: usize, latency: (u64, u64), seed: u64) -> Seen {
        let start = Instant::now();
        let mut random = fastrand::Rng::with_seed(seed);
        let mut windows = Windows::new(limits);
        let mut in_flight: BinaryHeap<Reverse<Instant>> = BinaryHeap::new();
        let (mut now, mut arrivals) = (start, Vec::new());
        while arrivals.len() < calls {
            let wait = match in_flight.len() < workers {
                true => windows.reserve(now),
                false => Err(Wait::ForAnswer),
            };
            match wait {
                Ok(()) => {
                    let total = random.u64(latency.0..=latency.1);
                    let on_the_way = random.u64(0..=total);
                    arrivals.push(now.duration_since(start) + Duration::from_millis(on_the_way));
                    in_flight.push(Reverse(now + Duration::from_millis(total)));
                }
                Err(wait) => {
                    let answer = in_flight.peek().map(|Reverse(at)| *at);
                    let slot_free = match wait {
                        Wait::Until(at) => Some(at),
                        Wait::ForAnswer => None,
                    };
                    now = answer.into_iter().chain(slot_free).min().expect("something is under way").max(now);
                    if answer == Some(now) {
                        in_flight.pop();
                        windows.answered(now);
                    }
                }
            }
        }
        arrivals.sort_unstable();
        let end = in_flight.into_iter().map(|Reverse(at)| at).max().unwrap_or(now).duration_since(start);
        Seen { arrivals, end }
    }

    /// Any N + 1 calls in a row must span more than the window, whether its ends count or not.
    #[track_caller]
    fn check_never_over(seen: &Seen, limit: RateWindow) {
        for pair in seen.arrivals.windows(limit.calls + 1) {
            let span = pair[limit.calls] - pair[0];
            assert!(span > limit.per, "{} calls in {span:?}", limit.calls + 1);
        }
    }

    #[test]
    fn the_server_never_sees_more_than_the_limit_in_any_window() {
        for seed in 0..40 {
            let limit = window(100, 60_000);
            check_never_over(&simulate(&[limit], 8, 1_000, (20, 1_520), seed), limit);
            let tight = window(3, 200);
            check_never_over(&simulate(&[tight], 5, 300, (0, 900), seed), tight);
        }
    }

    #[test]
    fn the_window_is_kept_full() {
        for seed in 0..40 {
            let seen = simulate(&[window(100, 60_000)], 8, 1_000, (20, 1_520), seed);
            let ideal = Duration::from_secs(10 * 60);
            assert!(seen.end <= ideal * 105 / 100, "{:?}", seen.end);
            // The first hundred need no wait, so the tenth hundred goes out nine windows later at the earliest.
            assert!(seen.end >= Duration::from_secs(9 * 60));
        }
    }

    #[test]
    fn several_windows_hold_at_once() {
        for seed in 0..20 {
            let (long, short) = (window(60, 60_000), window(5, 1_000));
            let seen = simulate(&[long, short], 8, 300, (5, 700), seed);
            check_never_over(&seen, long);
            check_never_over(&seen, short);
        }
    }

    #[test]
    fn a_slot_rests_from_the_answer_on_not_from_the_send() {
        let start = Instant::now();
        let mut one = Windows::new(&[window(1, 1_000)]);
        one.reserve(start).expect("the window is empty");
        let answered = start + Duration::from_millis(700);
        assert_eq!(one.reserve(answered), Err(Wait::ForAnswer));
        one.answered(answered);
        let free = answered + Duration::from_millis(1_001);
        assert_eq!(one.reserve(free - Duration::from_nanos(1)), Err(Wait::Until(free)));
        assert_eq!(one.reserve(free), Ok(()));
    }

    #[test]
    fn the_time_for_calls_follows_from_the_slots() {
        let second = Duration::from_secs;
        let resting = [second(10), second(20)];
        for (calls, in_flight, expected) in [
            (0, 0, 0),
            // Of five slots two rest: three calls go at once.
            (3, 0, 0),
            (4, 0, 10),
            (5, 0, 20),
            (6, 0, 60),
            (9, 0, 70),
            // With one in flight only two go at once, and its slot is free last.
            (3, 1, 10),
            (5, 1, 60),
            (6, 1, 60),
        ] {
            assert_eq!(time_for(calls, 5, second(60), in_flight, &resting), second(expected), "{calls} calls");
        }
        assert_eq!(time_for(1, 1, second(60), 0, &resting), second(20), "a limit that another process exceeded");
        assert_eq!(Windows::new(&[]).time_for(Instant::now(), 1_000), Duration::ZERO);
    }

    #[test]
    fn the_time_for_a_night_is_the_one_that_it_takes() {
        for seed in 0..20 {
            let limit = window(100, 60_000);
            let took = simulate(&[limit], 8, 636, (20, 200), seed).end;
            let said = Windows::new(&[limit]).time_for(Instant::now(), 636);
            let error = took.abs_diff(said);
            assert!(error <= took / 50, "said {said:?}, took {took:?}");
        }
    }

    #[test]
    fn no_window_is_no_limit() {
        let seen = simulate(&[], 4, 100, (10, 10), 1);
        assert_eq!(seen.end, Duration::from_millis(250));
    }

    proptest! {
        #[test]
        fn no_mixture_of_limit_latency_and_workers_breaks_the_limit(
            calls in 1_usize..30, per_ms in 1_u64..5_000, workers in 1_usize..40, least in 0_u64..50, spread in 0_u64..3_000, seed: u64,
        ) {
            let limit = window(calls, per_ms);
            let seen = simulate(&[limit], workers, calls * 4 + 1, (least, least + spread), seed);
            check_never_over(&seen, limit);
        }
    }
}
