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
