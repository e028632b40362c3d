//! How a command ends: the exit codes, and the one place that prints a failure.

use std::fmt;
use std::io::{self, IsTerminal as _, stdout};
use std::process::ExitCode;
use std::sync::atomic::{AtomicI32, Ordering};

use tieout_model::control::EXIT_OF_A_GUARD;
use tieout_store::Fault;

/// Exit codes; schedulers and runbooks rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done; nothing reached the job's `alarm_at` severity.
    Done = 0,
    /// Done; findings at or above `alarm_at`.
    Findings = 1,
    /// The command line, the job file or the payroll file is wrong; nothing was fetched.
    Input = 2,
    /// Done, but not every source could be read in full, or the job does not say what lines need to be compared: some
    /// employees are unverified.
    Unverified = 3,
    /// A service refused the credentials.
    Credentials = 4,
    /// Another run of this job is under way.
    Busy = 5,
    /// Push left something in doubt or undone: a person is needed.
    InDoubt = 6,
    /// Totals do not tie out, the audit chain is broken, the database is damaged, or the state was restored or lost.
    Integrity = 7,
    /// A guard stopped the queue.
    Guarded = 8,
    /// A bug of tieout.
    Bug = 70,
    /// The machine: disk full, input or output error, no memory, too few open files, no room for the result.
    Machine = 74,
    /// Stopped by Ctrl-C; what was answered is kept.
    Interrupted = 130,
    /// Stopped by SIGTERM or the end of its terminal; what was answered is kept.
    Terminated = 143,
}

// What is stored of a run is the number that it left with.
const _: () = assert!(Exit::Guarded as u8 == EXIT_OF_A_GUARD);

impl Exit {
    /// Why a command leaves with this code, in short.
    pub fn meaning(self) -> &'static str {
        match self {
            Exit::Done => "done",
            Exit::Findings => "findings reach the job's alarm_at",
            Exit::Input => "the command line, the job file or the payroll file is wrong",
            Exit::Unverified => "not every source could be read in full, or the job lacks a key",
            Exit::Credentials => "a service refused the credentials",
            Exit::Busy => "another run of this job is under way",
            Exit::InDoubt => "push left something in doubt or undone",
            Exit::Integrity => "totals do not tie out, or the state is damaged, restored or lost",
            Exit::Guarded => "a guard stopped the queue",
            Exit::Bug => "a bug of tieout",
            Exit::Machine => "the disk is full or the machine failed",
            Exit::Interrupted => "stopped by Ctrl-C",
            Exit::Terminated => "stopped by SIGTERM",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// A command that could not do its work: what was attempted, and the code to leave with.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub error: anyhow::Error,
}

impl Failure {
    /// Whatever was attempted, a damaged state, a database in use and a machine that fails have codes of their own.
    pub fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        let error = error.into();
        let exit = match (exit, Fault::of(&error)) {
            (Exit::Input | Exit::Bug | Exit::Machine, Some(Fault::Damaged)) => Exit::Integrity,
            (Exit::Input | Exit::Bug | Exit::Machine, Some(Fault::Busy)) => Exit::Busy,
            (Exit::Input | Exit::Bug, Some(Fault::Machine)) | (Exit::Bug, Some(Fault::Unusable)) => Exit::Machine,
            _ => exit,
        };
        Failure { exit, error }
    }

    /// Wrong command line, job file or payroll file.
    pub fn input(error: impl Into<anyhow::Error>) -> Self {
        Failure::new(Exit::Input, error)
    }

    /// A fault that only a mistake of ours can cause.
    pub fn bug(error: impl Into<anyhow::Error>) -> Self {
        Failure::new(Exit::Bug, error)
    }
}

impl fmt::Display for Failure {
    /// The attempt first, then each cause on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.error)?;
        for cause in self.error.chain().skip(1) {
            write!(f, "\n  because: {cause}")?;
        }
        match (self.exit, Fault::of(&self.error)) {
            (Exit::Bug, _) => write!(f, "\n  this is a bug of tieout: report it with the lines above"),
            (Exit::Machine, _) => {
                write!(
                    f,
                    "\n  this is the machine's fault: look at free space, the disk and the limits of the process, then run the command again"
                )
            }
            (Exit::Busy, Some(Fault::Busy)) => {
                write!(f, "\n  another process is using the database of this job: try again once it has ended")
            }
            _ => Ok(()),
        }
    }
}

/// What a command returns.
pub type Outcome = Result<Exit, Failure>;

/// Number of the system's error in the panic of a library that could not go on without what the system refused (a
/// thread, a pipe); 0: there was none.
static REFUSED: AtomicI32 = AtomicI32::new(0);

/// Runs a command; a panic in it becomes a [`Failure`], with the code of a bug unless it tells of what the system
/// refused. The panic's own message is left out of the output: a value in it might be personal.
pub fn guarded(command: impl FnOnce() -> Outcome) -> Outcome {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        match info.payload_as_str().and_then(system_error) {
            Some(number) => REFUSED.store(number, Ordering::SeqCst),
            None => tracing::error!("panic{place}"),
        }
    }));
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(command)).unwrap_or_else(|_| {
        Err(Failure::bug(match REFUSED.swap(0, Ordering::SeqCst) {
            0 => anyhow::anyhow!("tieout stopped in an unexpected state"),
            number => {
                anyhow::Error::new(io::Error::from_raw_os_error(number)).context("the system refused what tieout needs")
            }
        }))
    })
}

/// The number in an error as [`io::Error`] writes it.
fn system_error(message: &str) -> Option<i32> {
    let (_, rest) = message.split_once("Os { code: ").or_else(|| message.split_once("(os error "))?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Tells whoever scheduled a command, in one line on stderr, why it needs a person although it came to its end. On a
/// terminal the result itself says so.
#[expect(clippy::print_stderr, reason = "it is told whatever the log level is")]
pub fn tell(notice: &str) {
    if !stdout().is_terminal() {
        eprintln!("needs a person: {notice}");
    }
}

/// The one place that prints a failure, as JSON where the log is; gives the code to leave with.
#[expect(clippy::print_stderr, reason = "a failure is shown whatever the log level is")]
pub fn report(failure: &Failure, as_json: bool) -> Exit {
    if as_json {
        // Errors pass every level of the log.
        tracing::error!(exit = failure.exit as u8, "{failure}");
    } else {
        eprintln!("{failure}");
    }
    failure.exit
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_full_disk_is_no_bug_and_no_wrong_command_whatever_was_attempted() {
        let full = || anyhow::Error::new(std::io::Error::from(std::io::ErrorKind::StorageFull)).context("write");
        assert_eq!(Failure::bug(full()).exit, Exit::Machine);
        assert_eq!(Failure::input(full()).exit, Exit::Machine);
        assert_eq!(Failure::new(Exit::InDoubt, full()).exit, Exit::InDoubt, "a person is needed all the same");
        assert!(Failure::bug(full()).to_string().ends_with("then run the command again"));
        let gone = || anyhow::Error::new(std::io::Error::from(std::io::ErrorKind::NotFound)).context("read");
        assert_eq!((Failure::input(gone()).exit, Failure::bug(gone()).exit), (Exit::Input, Exit::Machine));
        assert_eq!(Failure::bug(anyhow!("a mistake")).exit, Exit::Bug);
    }

    #[test]
    fn a_library_that_panics_for_what_the_system_refused_is_no_bug() {
        let refused = |number| io::Error::from_raw_os_error(number);
        let debug = guarded(|| panic!("failed to create a pipe: {:?}", refused(24))).expect_err("a panic");
        let display = guarded(|| panic!("can't spawn a thread: {}", refused(11))).expect_err("a panic");
        assert_eq!((debug.exit, display.exit), (Exit::Machine, Exit::Machine));
        let ours = guarded(|| panic!("a mistake")).expect_err("a panic");
        assert_eq!(ours.exit, Exit::Bug);
    }
}
