//! The verbs of the correction queue: review, push, audit.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct ItemFilterArgs {
    /// Only items in this state, such as proposed or in_doubt
    #[arg(long)]
    pub state: Option<String>,
    /// Only items of this kind, such as compensation
    #[arg(long)]
    pub kind: Option<String>,
    /// Only items of this employee
    #[arg(long, value_name = "ID")]
    pub employee: Option<String>,
}

#[derive(Debug, Args)]
pub struct DecideArgs {
    /// Job file
    pub job: PathBuf,
    /// Items; none: all proposed ones that the filter lets through
    pub items: Vec<i64>,
    #[command(flatten)]
    pub filter: ItemFilterArgs,
    /// Who decides (default: your login name)
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Why
    #[arg(long, default_value = "")]
    pub reason: String,
}

#[derive(Debug, Args)]
pub struct BulkArgs {
    /// Most items to approve at once
    #[arg(long, value_name = "N", requires = "max_exposure")]
    pub max_count: Option<usize>,
    /// Greatest sum of yearly differences, each up or down
    #[arg(long, value_name = "AMOUNT", requires = "max_count")]
    pub max_exposure: Option<String>,
    /// Also items that are marked for a second look
    #[arg(long, requires = "max_count")]
    pub with_marked: bool,
}

#[derive(Debug, Subcommand)]
pub enum QueueVerb {
    /// Corrections and their states
    List {
        /// Job file
        job: PathBuf,
        #[command(flatten)]
        filter: ItemFilterArgs,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// One item: before and after, evidence, history
    Show {
        /// Job file
        job: PathBuf,
        /// Number of the item, as `tieout queue list` shows it
        item: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Approve what another prepared
    Approve {
        #[command(flatten)]
        decide: DecideArgs,
        #[command(flatten)]
        bulk: BulkArgs,
    },
    /// Reject, with a reason
    Reject(DecideArgs),
    /// Say what became of an item in doubt
    Resolve {
        /// Job file
        job: PathBuf,
        /// Number of the item, as `tieout queue list` shows it
        item: i64,
        /// Whether the change arrived
        #[arg(long = "as", value_name = "OUTCOME")]
        outcome: ResolvedAs,
        /// What was seen, and where
        #[arg(long)]
        reason: String,
        /// Who says so (default: your login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Let the next run propose again what Benbase refused, once the cause is gone
    Retry {
        /// Job file
        job: PathBuf,
        /// Number of the item, as `tieout queue list` shows it
        item: i64,
        /// What was put right, and where
        #[arg(long)]
        reason: String,
        /// Who says so (default: your login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Write a CSV in which to decide
    Export {
        /// Job file
        job: PathBuf,
        /// New file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        filter: ItemFilterArgs,
    },
    /// Take the decisions of such a CSV back, all or none
    Import {
        /// Job file
        job: PathBuf,
        /// The CSV or the report's workbook with the decisions filled in
        file: PathBuf,
        /// Who imports (default: your login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        #[command(flatten)]
        bulk: BulkArgs,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ResolvedAs {
    Sent,
    NotSent,
}

#[derive(Debug, Args)]
pub struct PushArgs {
    /// Job file
    pub job: PathBuf,
    /// Show the requests that would go out, personal values hidden; send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Most items to send
    #[arg(long, value_name = "N")]
    pub max: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    /// Prove the hash chain over every decision and send
    Verify {
        /// Job file
        job: PathBuf,
        /// A head hash kept elsewhere, such as in an old run.json; it must still be in the chain
        #[arg(long, value_name = "HASH")]
        head: Vec<String>,
    },
    /// The whole story of one item
    Show {
        /// Job file
        job: PathBuf,
        /// Number of the item, as `tieout queue list` shows it
        item: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}
