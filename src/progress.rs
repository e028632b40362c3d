//! How far a long stage is: a bar on a terminal, a log line now and then without one. Stages tell it things; nothing
//! reads it back. Not in here: results.

use std::cell::Cell;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Without a terminal, one log line this often.
const LOG_EVERY: Duration = Duration::from_secs(30);

const TEMPLATE: &str = "{prefix} {wide_bar} {pos}/{len} calls, {rate}{msg}, {eta} left";

/// Progress of a stage that makes calls. For one task: it is told things from one thread.
#[derive(Debug)]
pub struct Progress {
    /// The bars that share the terminal.
    bars: MultiProgress,
    bar: ProgressBar,
    limit: String,
    failed: Cell<u64>,
    logged: Cell<Instant>,
    /// Neither bar nor log.
    silent: bool,
}

impl Progress {
    /// A stage named `label` under a limit of so many calls in so long.
    pub fn new(label: &'static str, limit: Option<(usize, Duration)>) -> Progress {
        Progress::among(MultiProgress::with_draw_target(ProgressDrawTarget::stderr()), label, limit)
    }

    /// Another stage that goes on at the same time.
    pub fn beside(&self, label: &'static str, limit: Option<(usize, Duration)>) -> Progress {
        Progress::among(self.bars.clone(), label, limit)
    }

    fn among(bars: MultiProgress, label: &'static str, limit: Option<(usize, Duration)>) -> Progress {
        let bar = bars.add(ProgressBar::new(0).with_prefix(label));
        let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("rate", rate));
        let limit = limit.map_or_else(String::new, |(calls, per)| format!(" of {calls} in {} s", per.as_secs_f32()));
        let (failed, logged) = (Cell::new(0), Cell::new(Instant::now()));
        let progress = Progress { bars, bar, limit, failed, logged, silent: false };
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
        self.tick();
    }

    /// A call is given up.
    pub fn failed(&self) {
        self.failed.set(self.failed.get() + 1);
        self.message();
        self.answered();
    }

    /// Time goes by; to be told every second or so.
    pub fn tick(&self) {
        self.bar.tick();
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
        tracing::info!(
            stage = self.bar.prefix(),
            done = self.bar.position(),
            planned = self.bar.length(),
            failed = self.failed.get(),
            seconds_left = self.bar.eta().as_secs(),
            "calls"
        );
    }

    fn message(&self) {
        let failed = match self.failed.get() {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        self.bar.set_message(format!("{}{failed}", self.limit));
    }
}

/// Calls a minute, the unit of the limits.
fn rate(state: &ProgressState, text: &mut dyn std::fmt::Write) {
    // A bar that can't be drawn is no reason to end a run.
    let _ = write!(text, "{:.0}/min", state.per_sec() * 60.0);
}
