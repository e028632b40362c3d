//! A command line that is not understood.

use std::io;
use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::cli::LogArgs;
use crate::logging;
use crate::outcome::{Exit, Failure, report};

/// Tells why a command line was not understood, as the log is told, or shows the help that it asks for.
pub fn not_understood(error: &clap::Error, log: &LogArgs) -> ExitCode {
    let is_help = !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if !is_help && logging::is_json(log) {
        logging::start(log);
        let told = error.to_string();
        let told = told.trim_end();
        let told = told.strip_prefix("error: ").unwrap_or(told).to_owned();
        return report(&Failure::input(anyhow::Error::msg(told)), true).into();
    }
    match error.print() {
        // A reader that is gone needs no help.
        Err(lost) if !error.use_stderr() && lost.kind() != io::ErrorKind::BrokenPipe => {
            report(&Failure::new(Exit::Machine, anyhow::Error::new(lost).context("writing to stdout")), false).into()
        }
        _ if error.use_stderr() => Exit::Input.into(),
        _ => ExitCode::SUCCESS,
    }
}
