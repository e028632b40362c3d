//! The verbs that read reports that were written earlier.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Job file
    pub job: PathBuf,
    /// A finding, by its exception_id
    pub finding: Option<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Job file
    pub job: PathBuf,
    /// The earlier night
    #[arg(value_name = "DATE1")]
    pub from: NaiveDate,
    /// The later night
    #[arg(value_name = "DATE2")]
    pub to: NaiveDate,
    /// As JSON, with every finding
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct SignOffArgs {
    /// Job file
    pub job: PathBuf,
    /// The night whose report is signed
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: NaiveDate,
    /// Who answers for it: one of the job's approvers (default: your login name)
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// What is to be said beside it
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
}

#[derive(Debug, Args)]
pub struct NoteArgs {
    /// Job file
    pub job: PathBuf,
    /// A finding (exception_id), or a group (group_id) of the newest night
    #[arg(value_name = "FINDING|GROUP")]
    pub what: String,
    /// What is to be said
    pub text: String,
    /// Who says so (default: your login name)
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Who is to see to it
    #[arg(long, value_name = "NAME")]
    pub assignee: Option<String>,
    /// Until when
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub due: Option<NaiveDate>,
}
