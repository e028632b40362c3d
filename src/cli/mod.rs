//! The command line: types only.

mod api;
mod init;
mod oyster;
mod queue;
mod report;
mod waive;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum as _};

pub use api::{ApiVerb, BenifexVerb, OysterReadVerb};
pub use init::InitArgs;
pub use oyster::{OysterVerb, ProvisionArgs, RequestArgs, WishArgs};
pub use queue::{AuditVerb, BulkArgs, DecideArgs, ItemFilterArgs, PushArgs, QueueVerb, ResolvedAs};
pub use report::{DiffArgs, NoteArgs, ShowArgs, SignOffArgs};
pub use waive::WaiveArgs;

/// The nightly job that proves payroll and benefits agree.
#[derive(Debug, Parser)]
#[command(name = "tieout", version, about, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub verb: Verb,
    #[command(flatten)]
    pub log: LogArgs,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 findings at or above alarm_at; 2 command line, job file or payroll file wrong; 3 done, but some \
employees are unverified; 4 credentials refused; 5 another run of this job is under way; 6 push needs a person; \
7 totals or database damaged; 8 a guard stopped the queue; 70 a bug of tieout; 74 disk full or machine failed; 130 or \
143 stopped by Ctrl-C or SIGTERM. Of several that fit a run the gravest counts: 7, then 8, 3, 1.";

#[derive(Debug, Args)]
pub struct LogArgs {
    /// More log lines on stderr (-v: info, -vv: debug)
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
    /// Errors only, no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Log lines as text or as JSON (default: text on a terminal, JSON elsewhere)
    #[arg(long, value_name = "FORMAT", global = true)]
    pub log_format: Option<LogFormat>,
}

impl LogArgs {
    /// The format that a command line asks for which says nothing else that is understood.
    pub fn of_text(args: impl Iterator<Item = OsString>) -> LogArgs {
        let args: Vec<OsString> = args.collect();
        let said = args.iter().enumerate().find_map(|(at, arg)| match arg.to_str()?.strip_prefix(LOG_FORMAT)? {
            "" => args.get(at + 1)?.to_str(),
            rest => rest.strip_prefix('='),
        });
        let log_format = said.and_then(|format| LogFormat::from_str(format, false).ok());
        LogArgs { verbose: 0, quiet: false, log_format }
    }
}

const LOG_FORMAT: &str = "--log-format";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Propose a job file for a payroll export: each key with how sure it is
    Init(Box<InitArgs>),
    /// Extract, reconcile, report and queue corrections
    Run(RunArgs),
    /// Check job file, payroll columns, folders, credentials, and make one harmless call to each service
    Check(JobArgs),
    /// What may stand in a job file
    #[command(subcommand)]
    Job(JobVerb),
    /// Past runs of a job
    Runs(JobArgs),
    /// What a rule compares, or one finding with its history
    Explain {
        /// A rule code such as EN02, or the id of a finding
        what: String,
        /// The job that a finding belongs to
        #[arg(long, value_name = "JOB")]
        job: Option<PathBuf>,
    },
    /// The benefit ledger of one employee, like a bank statement
    Ledger(LedgerArgs),
    /// Give up what is open on an employee's account, with a reason
    WriteOff(WriteOffArgs),
    /// One finding with its values, evidence, nights, ledger, waiver and correction; without one, those of the newest
    /// night
    Show(ShowArgs),
    /// What appeared, went and moved between the reports of two nights
    Diff(DiffArgs),
    /// Say something of a finding or a group, and who is to see to it until when
    Note(NoteArgs),
    /// The correction queue: review, approve, reject, resolve
    #[command(subcommand)]
    Queue(QueueVerb),
    /// Accept a finding or a group for a time: it leaves the exceptions, and its money stays in sight
    Waive(WaiveArgs),
    /// Prepare a change of Oyster benefits for approval
    #[command(subcommand)]
    Oyster(OysterVerb),
    /// Send what is approved to Benbase and Oyster
    Push(PushArgs),
    /// After a restore or a lost state folder: put in doubt what may have been sent
    Recover(RecoverArgs),
    /// Answer for the report of a night: its totals and every file of it
    SignOff(SignOffArgs),
    /// Hold a report folder against the hashes of its files, and against its signature
    Verify(VerifyArgs),
    /// The audit chain
    #[command(subcommand)]
    Audit(AuditVerb),
    /// Sealed snapshots of what the services answered
    #[command(subcommand)]
    Snapshot(SnapshotVerb),
    /// One documented operation of a service, its answer as JSON
    #[command(subcommand)]
    Api(ApiVerb),
    /// Serve the services from a folder of recorded answers
    #[cfg(feature = "sandbox")]
    Sandbox(SandboxArgs),
    /// Make worlds of any size with planted discrepancies
    #[cfg(feature = "sandbox")]
    #[command(subcommand)]
    World(WorldVerb),
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// Job file
    pub job: PathBuf,
    /// Write the report and show the plan; leave queue and history as they are
    #[arg(long)]
    pub dry_run: bool,
    /// Day to reconcile for (default: today in the job's zone)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    /// Call no service; use the newest sealed snapshot
    #[arg(long, conflicts_with = "fresh")]
    pub offline: bool,
    /// Do not take up an interrupted extraction
    #[arg(long)]
    pub fresh: bool,
    /// Take tonight as the new base line of the guards although headcount or totals swung, and queue its corrections
    /// however many they are: for one run, after somebody looked; with the reason
    #[arg(long, value_name = "REASON")]
    pub accept_swing: Option<String>,
    /// Who prepared the corrections, by their payroll file or this run: they may not approve them (default: tieout, for
    /// a run by schedule)
    #[arg(long, value_name = "NAME")]
    pub prepared_by: Option<String>,
    /// The summary as JSON
    #[arg(long)]
    pub json: bool,
    /// Everything on the screen: control totals, each code, the queue
    #[arg(long, conflicts_with = "json")]
    pub full: bool,
}

#[derive(Debug, Args)]
pub struct JobArgs {
    /// Job file
    pub job: PathBuf,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum JobVerb {
    /// The JSON schema of a job file, for editors
    Schema,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Folder of one report, such as reports/acme/2026-03-31
    pub folder: PathBuf,
    /// The job whose report it is: its state knows what was written and signed, so that a run.json edited together with
    /// a file is noticed
    #[arg(long, value_name = "JOB")]
    pub job: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// Job file
    pub job: PathBuf,
    /// Employee id, as payroll writes it
    pub employee: String,
    /// Only this benefit
    #[arg(long, value_name = "BENEFIT")]
    pub benefit: Option<String>,
    /// As CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct WriteOffArgs {
    /// Job file
    pub job: PathBuf,
    /// Employee id, as payroll writes it
    pub employee: String,
    /// The benefit, where several have something open
    #[arg(long, value_name = "BENEFIT")]
    pub benefit: Option<String>,
    /// Whose account, where both have something open
    #[arg(long, value_name = "PAYER")]
    pub payer: Option<Payer>,
    /// What the person left open who had the id before somebody else got it
    #[arg(long)]
    pub former: bool,
    /// Why nobody makes it good
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who decides (default: the login name)
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Payer {
    Employee,
    Employer,
}

#[derive(Debug, Args)]
pub struct RecoverArgs {
    /// Job file
    pub job: PathBuf,
    /// What happened to the state folder
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who says so (default: the login name)
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The job moved here with its state, and nothing runs it at its old place any more: nothing is in doubt
    #[arg(long)]
    pub moved: bool,
}

#[derive(Debug, Subcommand)]
pub enum SnapshotVerb {
    /// Sealed snapshots, newest last
    List(JobArgs),
    /// Load recorded answers instead of calling the services
    Import {
        /// Job file
        job: PathBuf,
        /// Folder of recorded answers
        #[arg(long, value_name = "DIR")]
        world: PathBuf,
        /// Day that the answers are of (default: today in the job's zone)
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Option<NaiveDate>,
    },
}

#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Folder of recorded answers
    #[arg(long, value_name = "DIR")]
    pub world: PathBuf,
    /// Address on loopback (default: a free port)
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Faults on demand, e.g. "status:503@5; 2% reset"
    #[arg(long, value_name = "SPEC")]
    pub faults: Option<String>,
    /// Benifex calls per window
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub calls: usize,
    /// Length of the window
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub per: u64,
    /// Oyster calls in any so many seconds, in place of its two windows; may be repeated
    #[arg(long, value_name = "N/SECONDS", value_parser = window)]
    pub oyster_limit: Vec<(usize, u64)>,
    /// File that each change which arrives at Benbase or Oyster is appended to
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
}

/// Calls and seconds, such as `300/300`.
fn window(text: &str) -> Result<(usize, u64), String> {
    let parts = text.split_once('/').and_then(|(calls, per)| Some((calls.parse().ok()?, per.parse().ok()?)));
    let (calls, per) = parts.ok_or("expected calls and seconds, such as 300/300")?;
    if calls == 0 || per == 0 {
        Err("expected at least one call in at least one second".to_owned())
    } else {
        Ok((calls, per))
    }
}

#[derive(Debug, Subcommand)]
pub enum WorldVerb {
    /// A world with planted discrepancies and a truth.json that lists them
    Generate {
        /// People of Benifex and payroll
        #[arg(long, value_name = "N")]
        employees: usize,
        /// Oyster engagements on top (default: 9 from 40 employees on, else none)
        #[arg(long, value_name = "M")]
        engagements: Option<usize>,
        /// Pay periods, 3 to 24: a folder a night, with what happens over them (default: one night, of Oyster too)
        #[arg(long, value_name = "P", conflicts_with = "engagements")]
        periods: Option<usize>,
        /// Any number; the same arguments give the same bytes
        #[arg(long, value_name = "S")]
        seed: u64,
        /// Folder to write it into
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
