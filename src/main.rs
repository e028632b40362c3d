//! The `tieout` binary: parse, set up logging, call one command, leave with its exit code.

use std::process::ExitCode;

use clap::Parser;
use tieout::cli::Cli;
use tieout::{commands, logging, outcome};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::start(&cli.log);
    let outcome = outcome::guarded(|| commands::dispatch(cli.verb));
    outcome.unwrap_or_else(|failure| outcome::report(&failure)).into()
}
