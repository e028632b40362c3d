//! Logs: always to stderr, so that stdout stays for results. Text on a terminal, JSON elsewhere, unless told.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::filter::LevelFilter;

use crate::cli::{LogArgs, LogFormat};
use crate::secrets;

/// Whether log lines are JSON.
pub fn is_json(args: &LogArgs) -> bool {
    format(args) == LogFormat::Json
}

fn format(args: &LogArgs) -> LogFormat {
    args.log_format.unwrap_or(if stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json })
}

/// Starts logging for the process; once, at the start of `main`.
pub fn start(args: &LogArgs) {
    let level = match (args.quiet, args.verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, _) => LevelFilter::DEBUG,
    };
    let terminal = stderr().is_terminal();
    let format = format(args);
    let builder = tracing_subscriber::fmt().with_writer(stderr).with_max_level(level).with_target(false);
    match format {
        LogFormat::Text => builder.with_ansi(terminal && !secrets::no_color()).init(),
        LogFormat::Json => builder.json().init(),
    }
}
