//! How far a long stage is: a bar on a terminal, a log line now and then without one. Stages tell it things; nothing
//! reads it back. Not in here: results.

use std::cell::Cell;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::secrets::is_dumb_terminal;

/// Without a terminal, one log line this often.
const LOG_EVERY: Duration = Duration::from_secs(30);

const TEMPLATE: &str = "{prefix} {wide_bar} {pos}/{len} calls{msg}";

/// Progress of a stage that makes calls. For one task: it is told things from one thread.
#[derive(Debug)]
pub struct Progress {
    /// The bars that share the terminal.
    bars: MultiProgress,
    bar: ProgressBar,
    limit: String,
    failed: Cell<u64>,
    /// As told with the latest tick.
    time_left: Cell<Option<Duration>>,
    logged: Cell<Instant>,
    /// Neither bar nor log.
    silent: bool,
}

impl Progress {
    /// A stage named `label` under a limit of so many calls in so long.
    pub fn new(label: &'static str, limit: Option<(usize, Duration)>) -> Progress {
        let target = if is_dumb_terminal() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        Progress::among(MultiProgress::with_draw_target(target), label, limit)
    }

    /// Another stage that goes on at the same time.
    pub fn beside(&self, label: &'static str, limit: Option<(usize, Duration)>) -> Progress {
        Progress::among(self.bars.clone(), label, limit)
    }

    fn among(bars: MultiProgress, label: &'static str, limit: Option<(usize, Duration)>) -> Progress {
        let bar = bars.add(ProgressBar::new(0).with_prefix(label));
        bar.set_style(ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar()));
        let limit =
            limit.map_or_else(String::new, |(calls, per)| format!(", at most {calls} in {} s", per.as_secs_f32()));
        let (failed, time_left, logged) = (Cell::new(0), Cell::new(None), Cell::new(Instant::now()));
        let progress = Progress { bars, bar, limit, failed, time_left, logged, silent: false };
        progress.message();
        progress
    }

    /// Says nothing, for tests and scripts.
    pub fn silent() -> Progress {
        Progress {
            bars: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
            bar: ProgressBar::hidden(),
            limit: String::new(),
            failed: Cell::new(0),
            time_left: Cell::new(None),
            logged: Cell::new(Instant::now()),
            silent: true,
        }
    }

    /// So many calls are planned.
    pub fn planned(&self, calls: u64) {
        self.bar.set_length(calls);
    }

    /// So many of the planned calls turned out not to be needed.
    pub fn spared(&self, calls: u64) {
        self.bar.dec_length(calls);
    }

    /// A call has its answer.
    pub fn answered(&self) {
        self.bar.inc(1);
        self.log_now_and_then();
    }

    /// A call is given up.
    pub fn failed(&self) {
        self.failed.set(self.failed.get() + 1);
        self.message();
        self.answered();
    }

    /// Calls that are planned and have neither an answer nor an end.
    pub fn left(&self) -> u64 {
        self.bar.length().unwrap_or_default().saturating_sub(self.bar.position())
    }

    /// Time goes by; to be told every second or so, with the time that the calls left will take.
    pub fn tick(&self, time_left: Duration) {
        self.time_left.set(Some(time_left));
        self.message();
        self.bar.tick();
        self.log_now_and_then();
    }

    fn log_now_and_then(&self) {
        if !self.silent && self.bar.is_hidden() && self.logged.get().elapsed() >= LOG_EVERY {
            self.logged.set(Instant::now());
            self.log();
        }
    }

    /// The stage is over.
    pub fn finish(&self) {
        if !self.silent && self.bar.is_hidden() {
            self.log();
        }
        self.bar.finish_and_clear();
    }

    fn log(&self) {
        let left = if self.left() == 0 { Some(Duration::ZERO) } else { self.time_left.get() };
        tracing::info!(
            stage = self.bar.prefix(),
            done = self.bar.position(),
            planned = self.bar.length(),
            failed = self.failed.get(),
            seconds_left = left.map(|left| left.as_secs()),
            "calls"
        );
    }

    fn message(&self) {
        let failed = match self.failed.get() {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        let left = match self.time_left.get() {
            Some(left) if self.left() > 0 => format!(", {} left", in_words(left)),
            _ => String::new(),
        };
        self.bar.set_message(format!("{}{failed}{left}", self.limit));
    }
}

/// To the second below ten minutes, then to the minute: nobody waits by the second for hours.
pub fn in_words(time: Duration) -> String {
    let seconds = time.as_secs().max(1);
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes @ ..10, seconds) => format!("{minutes} min {seconds} s"),
        (0, minutes, _) => format!("{minutes} min"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_told_as_people_say_it() {
        for (seconds, words) in [
            (0, "1 s"),
            (59, "59 s"),
            (60, "1 min 0 s"),
            (599, "9 min 59 s"),
            (600, "10 min"),
            (3_599, "59 min"),
            (7_260, "2 h 1 min"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn what_is_left_is_what_is_planned_without_answers_and_failures() {
        let progress = Progress::silent();
        progress.planned(10);
        progress.answered();
        progress.failed();
        progress.spared(3);
        assert_eq!(progress.left(), 5);
    }
}
