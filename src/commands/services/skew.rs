//! How far this machine's clock is from those of the services, by the `Date` of their answers. A clock that is wrong
//! makes a night one of another day, and tokens end unseen.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta};

use tieout_services::{CallRecord, CallSink};

/// Minutes that clocks may be apart before a night or a push tells of it.
const SKEW_MINUTES_MAX: i64 = 5;

/// Seconds by which each service's clock is ahead of this one. Clones share what they note.
#[derive(Clone, Debug, Default)]
pub struct Skews(Arc<Mutex<Noted>>);

#[derive(Debug, Default)]
struct Noted {
    by_service: BTreeMap<&'static str, i64>,
    is_told: bool,
}

impl Skews {
    /// Notes the clocks in what passes by on its way to `sink`.
    pub fn noting(&self, sink: CallSink) -> CallSink {
        let skews = self.clone();
        Arc::new(move |call| {
            skews.note(&call);
            sink(call);
        })
    }

    /// The same, and tells once of a clock that is wrong.
    pub fn telling(&self, sink: CallSink) -> CallSink {
        let (skews, noting) = (self.clone(), self.noting(sink));
        Arc::new(move |call| {
            noting(call);
            if let Some(wrong) = skews.untold() {
                tracing::warn!("{wrong}");
            }
        })
    }

    /// By service.
    pub fn by_service(&self) -> BTreeMap<&'static str, i64> {
        self.noted(|noted| noted.by_service.clone())
    }

    /// Every service that told its time is ahead by more than clocks may be apart.
    pub fn is_behind(&self) -> bool {
        self.least().is_some_and(|skew| skew > TimeDelta::minutes(SKEW_MINUTES_MAX))
    }

    /// What to tell of a clock that no service agrees with, unless it was told.
    fn untold(&self) -> Option<String> {
        let skew = self.least().filter(|skew| skew.abs() > TimeDelta::minutes(SKEW_MINUTES_MAX))?;
        let was_told = self.noted(|noted| std::mem::replace(&mut noted.is_told, true));
        let side = if skew > TimeDelta::zero() { "behind" } else { "ahead of" };
        (!was_told).then(|| {
            format!(
                "the clock of this machine is {} min {side} those of the services: set it (`timedatectl set-ntp true`) and run \
                 again. With a wrong clock a night is of another day, and tokens end before they are renewed",
                skew.num_minutes().abs()
            )
        })
    }

    /// Of the service that agrees best: one whose own clock is wrong makes this one no more so.
    fn least(&self) -> Option<TimeDelta> {
        let seconds = self.noted(|noted| noted.by_service.values().copied().min_by_key(|skew| skew.abs()));
        seconds.map(TimeDelta::seconds)
    }

    fn note(&self, call: &CallRecord) {
        if let Some(skew) = skew(call) {
            self.noted(|noted| noted.by_service.insert(call.service, skew));
        }
    }

    fn noted<T>(&self, work: impl FnOnce(&mut Noted) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Seconds by which the service's clock is ahead of this one, as far as whole seconds and the time of the call tell.
fn skew(call: &CallRecord) -> Option<i64> {
    let dated = call.dated?;
    let moment = |us| DateTime::from_timestamp_micros(us).map(|moment| moment.timestamp());
    let (sent, answered) = (moment(call.sent_us)?, moment(call.answered_us)?);
    let dated = dated.timestamp();
    Some(if dated < sent { dated - sent } else { (dated - answered).max(0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A call that was sent at 100.4 s and answered at 103.2 s.
    fn call(service: &'static str, dated: i64) -> CallRecord {
        CallRecord {
            service,
            method: "GET",
            path_template: String::new(),
            attempt: 1,
            status: Some(200),
            fault: None,
            sent_us: 100_400_000,
            answered_us: 103_200_000,
            dated: DateTime::from_timestamp(dated, 0),
        }
    }

    #[test]
    fn a_clock_is_off_by_what_the_time_of_the_call_does_not_explain() {
        for (dated, expected) in [(100, 0), (103, 0), (99, -1), (3_703, 3_600), (0, -100)] {
            assert_eq!(skew(&call("benifex", dated)), Some(expected), "{dated}");
        }
    }

    #[test]
    fn a_clock_that_no_service_agrees_with_is_told_once_with_its_minutes() {
        let skews = Skews::default();
        let sink = skews.noting(Arc::new(|_| ()));
        sink(call("benifex", 103 + 300));
        assert_eq!((skews.untold(), skews.is_behind()), (None, false), "as far apart as clocks may be");
        sink(call("benifex", 103 + 7_200));
        assert!(skews.is_behind());
        assert!(skews.untold().is_some_and(|told| told.contains("is 120 min behind") && told.contains("timedatectl")));
        assert_eq!(skews.untold(), None, "told already");
        sink(call("oyster", 103));
        assert!(!skews.is_behind(), "one of the services has a wrong clock of its own");
        let ahead = Skews::default();
        ahead.noting(Arc::new(|_| ()))(call("benbase", 100 - 600));
        assert!(ahead.untold().is_some_and(|told| told.contains("is 10 min ahead of")) && !ahead.is_behind());
    }
}
