//! Ctrl-C and SIGTERM: the first one asks the stages to end after the call in flight, the second one quits. A terminal
//! that is closed (SIGHUP) asks too, and is often heard twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use tokio::sync::watch;

use crate::outcome::{Exit, Failure};

/// Where the system tells what a process ignores.
const STATUS: &str = "/proc/self/status";

/// How often the flag is looked at while calls are under way.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A file that grows beyond the limit of the process (`ulimit -f`) is an error of the write from now on, and not the
/// end of tieout in the middle of it.
pub fn outlive_file_size_limit() {
    if let Err(error) = signal_hook::flag::register(SIGXFSZ, Arc::default()) {
        tracing::warn!(%error, "a file that grows beyond the limit ends tieout");
    }
}

/// Which signal has come, if any.
#[derive(Clone, Debug)]
pub struct Interrupt {
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Takes over the signals for the process.
    pub fn install() -> Result<Interrupt, Failure> {
        let signal = Arc::new(AtomicUsize::new(0));
        let seen = Arc::new(AtomicBool::new(false));
        let register = || -> std::io::Result<()> {
            for (number, exit) in [(SIGINT, Exit::Interrupted), (SIGTERM, Exit::Terminated)] {
                // Order matters: the shutdown comes first and does nothing until the flag behind it is set.
                signal_hook::flag::register_conditional_shutdown(number, exit as i32, Arc::clone(&seen))?;
                signal_hook::flag::register(number, Arc::clone(&seen))?;
                signal_hook::flag::register_usize(number, Arc::clone(&signal), exit as usize)?;
            }
            if !is_hangup_ignored() {
                signal_hook::flag::register(SIGHUP, Arc::clone(&seen))?;
                signal_hook::flag::register_usize(SIGHUP, Arc::clone(&signal), Exit::Terminated as usize)?;
            }
            Ok(())
        };
        register().context("registering for Ctrl-C, SIGTERM and SIGHUP").map_err(Failure::bug)?;
        Ok(Interrupt { signal })
    }

    /// The exit code to leave with when a signal has come.
    pub fn exit(&self) -> Option<Exit> {
        match self.signal.load(Ordering::SeqCst) {
            0 => None,
            code if code == Exit::Interrupted as usize => Some(Exit::Interrupted),
            _ => Some(Exit::Terminated),
        }
    }

    /// A failure when a signal has come: asked between stages.
    pub fn check(&self) -> Result<(), Failure> {
        match self.exit() {
            None => Ok(()),
            Some(exit) => Err(Failure::new(
                exit,
                anyhow::anyhow!("stopped by a signal; answered calls are kept, run again to go on from there"),
            )),
        }
    }

    /// Turns true when a signal comes; runs until then, so spawn it beside the work.
    pub async fn forward(self, cancel: watch::Sender<bool>) {
        while self.exit().is_none() {
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        // Nobody listening any more means that the work has ended.
        let _ = cancel.send(true);
    }
}

/// Whether whoever began the process wants it to outlive the terminal (`nohup`).
fn is_hangup_ignored() -> bool {
    std::fs::read_to_string(STATUS).is_ok_and(|status| ignores_hangup(&status))
}

fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask >> (SIGHUP - 1) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hangup_that_is_ignored_is_told_from_one_that_is_not() {
        for (mask, expected) in [("0000000000001001", true), ("0000000000001000", false), ("", false)] {
            assert_eq!(ignores_hangup(&format!("SigBlk:\t01\nSigIgn:\t{mask}\nSigCgt:\t01\n")), expected, "{mask}");
        }
    }
}
