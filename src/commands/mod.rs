//! The verbs, one a file, and what they share: the job opened with its state and clock (`open`), connections
//! (`services`), the folders of reports (`reports`), and results on stdout (`table`). Nothing else asks what day it is;
//! the night prints through `table`, and failures are printed by `outcome`.

pub mod api;
pub mod audit;
mod check;
mod diff;
pub mod explain;
mod init;
mod job;
mod ledger;
mod note;
pub(crate) mod open;
mod oyster;
pub mod push;
pub mod queue;
mod recover;
pub(crate) mod reports;
mod runs;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub(crate) mod services;
mod show;
mod sign_off;
pub mod snapshot;
pub(crate) mod table;
mod verify;
mod waive;
#[cfg(feature = "sandbox")]
pub mod world;
mod write_off;

use crate::cli::Verb;
use crate::night;
use crate::outcome::Outcome;

/// Runs the command that was asked for.
pub fn dispatch(verb: Verb) -> Outcome {
    crate::interrupt::outlive_file_size_limit();
    table::settled(called(verb))
}

fn called(verb: Verb) -> Outcome {
    match verb {
        Verb::Init(args) => init::run(&args),
        Verb::Run(args) => night::run(&args),
        Verb::Check(args) => check::run(&args),
        Verb::Job(verb) => job::run(&verb),
        Verb::Runs(args) => runs::run(&args),
        Verb::Explain { what, job } => explain::run(&what, job.as_deref()),
        Verb::Ledger(args) => ledger::run(&args),
        Verb::WriteOff(args) => write_off::run(&args),
        Verb::Show(args) => show::run(&args),
        Verb::Diff(args) => diff::run(&args),
        Verb::Note(args) => note::run(&args),
        Verb::Queue(verb) => queue::run(&verb),
        Verb::Waive(args) => waive::run(&args),
        Verb::Oyster(verb) => oyster::run(&verb),
        Verb::Push(args) => push::run(&args),
        Verb::Recover(args) => recover::run(&args),
        Verb::SignOff(args) => sign_off::run(&args),
        Verb::Verify(args) => verify::run(&args),
        Verb::Audit(verb) => audit::run(&verb),
        Verb::Snapshot(verb) => snapshot::run(&verb),
        Verb::Api(verb) => api::run(&verb),
        #[cfg(feature = "sandbox")]
        Verb::Sandbox(args) => sandbox::run(&args),
        #[cfg(feature = "sandbox")]
        Verb::World(verb) => world::run(&verb),
    }
}
