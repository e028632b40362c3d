//! When a read is sent again and after how long: jitter below a ceiling that doubles, `Retry-After` where the service
//! gives one, the window of the limit where it asks for fewer calls and does not say for how long, and three limits
//! (sends of a call, time of a call, retries of the run). Sending and waiting happen in `link`.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};

use crate::answer::error::{ApiError, AttemptFault, Detail};
use crate::settings::HttpLimits;

/// Ceiling of the first wait.
const BACKOFF_FIRST: Duration = Duration::from_secs(1);
/// Ceiling of every wait that the service did not ask for.
const BACKOFF_MAX: Duration = Duration::from_secs(60);
/// Waits do not double more often than this.
const DOUBLINGS_MAX: u32 = 16;
/// The service asks for fewer calls.
pub(crate) const TOO_MANY_CALLS: u16 = 429;
/// Server faults that a repetition does not mend: not implemented, version not supported.
const LASTING_SERVER_FAULTS: [u16; 2] = [501, 505];

/// How often and how patiently reads are sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Ceiling of the first wait; doubles with each fault up to `backoff_max`.
    pub backoff_first: Duration,
    pub backoff_max: Duration,
    /// Sends of one call that may end in a fault. One repetition after a renewed token comes on top.
    pub attempts_max: u32,
    /// From the first send of a call on: no further wait begins that would end later.
    pub time_max: Duration,
    /// Retries of the whole run.
    pub budget: u32,
    /// Longest window of the service's limit: so long may a service refuse calls without saying when it takes them
    /// again.
    pub window: Duration,
}

impl RetryPolicy {
    pub fn new(limits: &HttpLimits) -> Self {
        RetryPolicy {
            backoff_first: BACKOFF_FIRST,
            backoff_max: BACKOFF_MAX,
            attempts_max: limits.attempts_max.max(1),
            time_max: limits.retry_time_max,
            budget: limits.retry_budget,
            window: limits.windows.iter().map(|window| window.per).max().unwrap_or_default(),
        }
    }

    /// Longest jittered wait after so many faults of one call.
    fn ceiling(&self, faults: u32) -> Duration {
        let doublings = faults.saturating_sub(1).min(DOUBLINGS_MAX);
        self.backoff_first.saturating_mul(1 << doublings).min(self.backoff_max)
    }

    /// Between half the ceiling and the ceiling: never nothing, or all attempts would be gone in an instant.
    pub(crate) fn backoff(&self, faults: u32, random: &mut fastrand::Rng) -> Duration {
        let ceiling_us = u64::try_from(self.ceiling(faults).as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(random.u64(ceiling_us / 2..=ceiling_us))
    }

    /// A part of the window that doubles with each fault; the waits between all sends of a call add up to the window.
    fn part_of_window(&self, faults: u32) -> Duration {
        let waits = self.attempts_max.saturating_sub(1).clamp(1, DOUBLINGS_MAX);
        let doubled = 1 << faults.saturating_sub(1).min(waits - 1);
        self.window.saturating_mul(doubled) / ((1 << waits) - 1)
    }

    /// What to tell where a service asks for a longer wait than a call may take.
    pub(crate) fn beyond(&self, asked: Option<Duration>) -> Option<String> {
        let asked = asked.filter(|asked| *asked > self.time_max)?;
        Some(format!(
            "the service asks to wait {} s (Retry-After), and a call may take {} s (retry_time_max of the job): what it \
             refuses is given up. Ask whoever runs the service, or run again after that time",
            asked.as_secs(),
            self.time_max.as_secs()
        ))
    }

    /// The wait after the latest of `faults` faults: as the service asked, never less than our own. Of a service that
    /// asks for fewer calls without a time, or for none, nobody knows when its window is free again.
    pub(crate) fn wait(
        &self,
        faults: u32,
        last: AttemptFault,
        asked: Option<Duration>,
        random: &mut fastrand::Rng,
    ) -> Duration {
        let least = self.backoff(faults, random);
        let wait = match asked.filter(|asked| !asked.is_zero()) {
            Some(asked) => asked.max(least),
            None if last == AttemptFault::Status(TOO_MANY_CALLS) => self.part_of_window(faults).max(least),
            None => least,
        };
        wait.min(self.time_max)
    }
}

/// Whether a status calls for another attempt.
pub(crate) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429) || (status >= 500 && !LASTING_SERVER_FAULTS.contains(&status))
}

/// What one call has spent so far.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    /// Requests sent, for the call log.
    pub sent: u32,
    pub faults: u32,
    pub first_sent: Option<Instant>,
    pub last_sent: Option<Instant>,
}

impl Tries {
    /// Counts a send; gives its number.
    pub fn count_send(&mut self, now: Instant) -> u32 {
        self.first_sent.get_or_insert(now);
        self.last_sent = Some(now);
        self.sent += 1;
        self.sent
    }

    /// Fails when the call may not wait `wait` and be sent again.
    pub fn allow(
        &self,
        policy: &RetryPolicy,
        wait: Duration,
        now: Instant,
        last: AttemptFault,
        detail: Detail,
    ) -> Result<Detail, ApiError> {
        let spent = self.first_sent.map_or(Duration::ZERO, |first| now.saturating_duration_since(first));
        if self.faults >= policy.attempts_max || spent + wait > policy.time_max {
            return Err(ApiError::Exhausted { attempts: self.sent, last, detail });
        }
        Ok(detail)
    }
}

/// The retries that the run has left.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    pub fn new(retries: u32) -> Self {
        Budget(AtomicU32::new(retries))
    }

    /// Takes one retry; `false` when none is left.
    pub fn spend(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

/// Reads `Retry-After`: seconds, or a date against the answer's own `Date` (`dated`), since the service's clock need
/// not be ours; without one against `now`. A date in the past asks for no wait. Anything else is as if it were absent.
pub(crate) fn retry_after(header: &str, dated: Option<&str>, now: DateTime<Utc>) -> Option<Duration> {
    let text = header.trim();
    if let Some(seconds) = seconds(text) {
        return Some(seconds);
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let answered = dated.and_then(|date| httpdate::parse_http_date(date.trim()).ok());
    Some(at.duration_since(answered.unwrap_or_else(|| SystemTime::from(now))).unwrap_or(Duration::ZERO))
}

/// Whole seconds, as documented, or with decimals, which some services write; these are rounded up.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) {
        return None;
    }
    // More digits than fit are simply very long; the policy caps the wait.
    let whole: u64 = whole.parse().unwrap_or(u32::MAX.into());
    let more = decimals.bytes().any(|b| b != b'0');
    Some(Duration::from_secs(whole.saturating_add(more.into())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn policy() -> RetryPolicy {
        RetryPolicy {
            backoff_first: BACKOFF_FIRST,
            backoff_max: BACKOFF_MAX,
            attempts_max: 3,
            time_max: Duration::from_secs(300),
            budget: 2,
            window: Duration::from_secs(60),
        }
    }

    const LIMITED: AttemptFault = AttemptFault::Status(TOO_MANY_CALLS);

    #[test]
    fn the_ceiling_doubles_from_one_second_to_one_minute() {
        let seconds: Vec<u64> = (1..=8).map(|faults| policy().ceiling(faults).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(policy().ceiling(u32::MAX), BACKOFF_MAX);
    }

    #[test]
    fn waits_spread_over_the_upper_half_below_the_ceiling() {
        let mut random = fastrand::Rng::with_seed(7);
        let waits: Vec<Duration> =
            (0..1_000).map(|_| policy().wait(3, AttemptFault::Reset, None, &mut random)).collect();
        let ceiling = Duration::from_secs(4);
        assert!(waits.iter().all(|wait| *wait <= ceiling));
        for quarter in 0..4 {
            let (low, high) = (ceiling / 2 + ceiling * quarter / 8, ceiling / 2 + ceiling * (quarter + 1) / 8);
            let inside = waits.iter().filter(|wait| **wait >= low && **wait < high).count();
            assert!((150..350).contains(&inside), "{inside} of 1000 in quarter {quarter}");
        }
    }

    #[test]
    fn the_service_is_obeyed_up_to_the_time_of_a_call() {
        let mut random = fastrand::Rng::with_seed(7);
        for last in [LIMITED, AttemptFault::Status(503)] {
            for (asked, wait) in [(1, 1), (30, 30), (300, 300), (86_400, 300)] {
                let asked = Some(Duration::from_secs(asked));
                assert_eq!(policy().wait(1, last, asked, &mut random), Duration::from_secs(wait));
            }
        }
    }

    #[test]
    fn a_wait_that_no_call_has_time_for_is_told_with_its_length() {
        let told = |seconds| policy().beyond(Some(Duration::from_secs(seconds)));
        assert!(
            told(86_400).is_some_and(|told| told.contains("asks to wait 86400 s") && told.contains("may take 300 s"))
        );
        assert_eq!((told(300), policy().beyond(None)), (None, None));
    }

    #[test]
    fn a_wait_of_nothing_is_never_obeyed() {
        let mut random = fastrand::Rng::with_seed(7);
        let wait = policy().wait(1, AttemptFault::Status(503), Some(Duration::ZERO), &mut random);
        assert!(wait >= BACKOFF_FIRST / 2, "{wait:?}");
        // And one that proves too short is not obeyed again and again.
        let wait = policy().wait(4, LIMITED, Some(Duration::from_secs(1)), &mut random);
        assert!(wait >= Duration::from_secs(4), "{wait:?}");
    }

    #[test]
    fn calls_that_are_too_many_for_an_unknown_time_wait_for_the_window() {
        let mut random = fastrand::Rng::with_seed(7);
        for asked in [None, Some(Duration::ZERO)] {
            for (attempts_max, expected) in [(1, vec![60]), (2, vec![60]), (3, vec![20, 40]), (5, vec![4, 8, 16, 32])] {
                let policy = RetryPolicy { attempts_max, ..policy() };
                let waits: Vec<u64> = (1..=attempts_max.max(2) - 1)
                    .map(|faults| policy.wait(faults, LIMITED, asked, &mut random).as_secs())
                    .collect();
                assert_eq!(waits, expected);
            }
        }
        let brief = RetryPolicy { window: Duration::from_millis(200), ..policy() };
        assert!(brief.wait(1, LIMITED, None, &mut random) >= BACKOFF_FIRST / 2, "a floor under a short window");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = DateTime::from_timestamp(784_111_777, 0).expect("in range");
        for (header, seconds) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("4.5", Some(5)),
            ("4.0", Some(4)),
            ("99999999999999999999999", Some(u64::from(u32::MAX))),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-5", None),
            ("1.", None),
            (".5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(header, None, now), seconds.map(Duration::from_secs), "{header:?}");
        }
    }

    #[test]
    fn a_date_counts_from_the_clock_of_the_service() {
        let now = DateTime::from_timestamp(784_111_777, 0).expect("in range");
        let at = "Sun, 06 Nov 1994 08:00:05 GMT";
        for (dated, seconds) in [
            (Some("Sun, 06 Nov 1994 08:00:00 GMT"), 5),
            (Some("Sun, 06 Nov 1994 08:00:06 GMT"), 0),
            (Some("yesterday"), 0),
            (None, 0),
        ] {
            assert_eq!(retry_after(at, dated, now), Some(Duration::from_secs(seconds)), "{dated:?}");
        }
    }

    #[test]
    fn a_call_ends_with_its_sends_or_its_time() {
        let start = Instant::now();
        let after = |faults, spent_s, wait_s| {
            let tries = Tries { sent: faults, faults, first_sent: Some(start), last_sent: Some(start) };
            let now = start + Duration::from_secs(spent_s);
            tries.allow(&policy(), Duration::from_secs(wait_s), now, AttemptFault::Reset, Detail::default()).is_ok()
        };
        assert!(after(2, 10, 10));
        assert!(!after(3, 10, 10));
        assert!(after(1, 290, 10));
        assert!(!after(1, 291, 10));
    }

    #[test]
    fn the_budget_of_the_run_is_spent_once() {
        let budget = Budget::new(2);
        assert_eq!([budget.spend(), budget.spend(), budget.spend(), budget.spend()], [true, true, false, false]);
    }

    #[test]
    fn passing_faults_are_told_from_lasting_ones() {
        let passing: Vec<u16> = (100..600).filter(|status| is_passing(*status)).collect();
        let expected: Vec<u16> =
            [408, 425, 429].into_iter().chain((500..600).filter(|s| ![501, 505].contains(s))).collect();
        assert_eq!(passing, expected);
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_ignored(header in "\\PC{0,40}") {
            let _ = retry_after(&header, None, DateTime::UNIX_EPOCH);
        }
    }
}
