//! The verbs that prepare changes of Oyster benefits.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum OysterVerb {
    /// Replace what an engagement is to get, before the team member is engaged; what the file leaves out is withdrawn
    Provision(ProvisionArgs),
    /// Ask for one more benefit for a team member who is engaged
    Request(RequestArgs),
}

#[derive(Debug, Args)]
pub struct WishArgs {
    /// Job file
    pub job: PathBuf,
    /// Id of the engagement
    pub engagement: String,
    /// Who prepares it, and so may not approve it (default: your login name)
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Check it and show what it would change; queue nothing, switched on or not
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct ProvisionArgs {
    #[command(flatten)]
    pub wish: WishArgs,
    /// What is wanted, as TOML: a package and supplementary plans, percents in quotes
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct RequestArgs {
    #[command(flatten)]
    pub wish: WishArgs,
    /// Id of a supplementary plan on offer
    #[arg(long, value_name = "ID")]
    pub plan: String,
    /// What the employer pays for the team member, in percent
    #[arg(long, value_name = "PERCENT")]
    pub team_member: String,
    /// What the employer pays for dependants, in percent
    #[arg(long, value_name = "PERCENT")]
    pub dependents: Option<String>,
    /// Most dependants covered
    #[arg(long, value_name = "N")]
    pub max_dependents: Option<u32>,
}
