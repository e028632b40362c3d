//! The verb of waivers.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgGroup, Args};

const USAGE: &str = "\
tieout waive <JOB> <FINDING|GROUP> --until <YYYY-MM-DD> --reason <TEXT> [OPTIONS]
       tieout waive <JOB> --import <FILE> [OPTIONS]
       tieout waive <JOB> --revoke <NUMBER> --reason <TEXT> [OPTIONS]
       tieout waive <JOB> --list [--json]";

#[derive(Debug, Args)]
#[command(override_usage = USAGE)]
#[command(group = ArgGroup::new("act").required(true).args(["what", "list", "revoke", "import"]))]
pub struct WaiveArgs {
    /// Job file
    pub job: PathBuf,
    /// A finding (exception_id) or a group (group_id) of the newest night
    #[arg(value_name = "FINDING|GROUP", requires = "until", requires = "reason")]
    pub what: Option<String>,
    /// Why it is accepted, or why a waiver is taken back
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The last day on which the waiver holds
    #[arg(long, value_name = "YYYY-MM-DD", requires = "what")]
    pub until: Option<NaiveDate>,
    /// It re-opens when it costs more than this, in the currency of the finding; a group counts as one
    #[arg(long, value_name = "AMOUNT", requires = "what")]
    pub cap: Option<String>,
    /// Who decides: one of the job's approvers (default: your login name)
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The waivers that there are
    #[arg(long)]
    pub list: bool,
    /// As JSON
    #[arg(long, requires = "list")]
    pub json: bool,
    /// Take a waiver back, by its number
    #[arg(long, value_name = "NUMBER", requires = "reason")]
    pub revoke: Option<i64>,
    /// Waive what a CSV or workbook lists, all or nothing
    #[arg(long, value_name = "FILE")]
    pub import: Option<PathBuf>,
}
