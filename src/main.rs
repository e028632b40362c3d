//! The `tieout` binary: parse, set up logging, call one command, leave with its exit code.

use std::process::ExitCode;

use clap::Parser;
#[cfg(target_os = "linux")]
use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use rustix::process::{Resource, Rlimit, setrlimit};
use tieout::cli::{Cli, LogArgs};
use tieout::{commands, logging, outcome, usage};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Asks the kernel for small pages only. Frames come and go in pieces of a few megabytes; with huge pages each piece
/// costs the clearing of up to 2 MiB more than it uses, which is a third of a large night. A kernel that can't is no
/// failure.
#[cfg(target_os = "linux")]
fn decline_huge_pages() {
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "huge pages stay on");
    }
}

#[cfg(not(target_os = "linux"))]
fn decline_huge_pages() {}

/// Memory holds pay, addresses and secrets, so it never becomes a core file, and no other process of the same user
/// reads it. A collector of cores may ignore the size limit, but not that the process is not dumpable.
fn forbid_core_dumps() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let limited = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let limited = limited.and(set_dumpable_behavior(DumpableBehavior::NotDumpable));
    if let Err(error) = limited {
        tracing::warn!(%error, "a crash may leave a core file, which would hold personal data");
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::not_understood(&error, &LogArgs::of_text(std::env::args_os())),
    };
    logging::start(&cli.log);
    decline_huge_pages();
    forbid_core_dumps();
    let outcome = outcome::guarded(|| commands::dispatch(cli.verb));
    outcome.unwrap_or_else(|failure| outcome::report(&failure, logging::is_json(&cli.log))).into()
}
