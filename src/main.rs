//! The `tieout` binary: parse, set up logging, call one command, leave with its exit code.

use std::process::ExitCode;

use clap::Parser;
use tieout::cli::Cli;
use tieout::{commands, logging, outcome};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Asks the kernel for small pages only. Frames come and go in pieces of a few megabytes; with huge pages each piece costs
/// the clearing of up to 2 MiB more than it uses, which is a third of a large night. A kernel that can't is no failure.
#[cfg(target_os = "linux")]
fn decline_huge_pages() {
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "huge pages stay on");
    }
}

#[cfg(not(target_os = "linux"))]
fn decline_huge_pages() {}

fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::start(&cli.log);
    decline_huge_pages();
    let outcome = outcome::guarded(|| commands::dispatch(cli.verb));
    outcome.unwrap_or_else(|failure| outcome::report(&failure)).into()
}
