//! The reads of the services that a person may ask for.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum ApiVerb {
    /// Benifex reads
    #[command(subcommand)]
    Benifex(BenifexVerb),
    /// Oyster reads
    #[command(subcommand)]
    Oyster(OysterReadVerb),
}

#[derive(Debug, Subcommand)]
pub enum BenifexVerb {
    /// Users by employee id, one page
    Users {
        job: PathBuf,
        /// Employee ids
        #[arg(required = true)]
        employee_ids: Vec<String>,
        #[arg(long)]
        page: Option<u32>,
    },
    /// One user
    User { job: PathBuf, user_id: String },
    /// Current and eligible benefits of a user, short form
    Summary { job: PathBuf, user_id: String },
    /// Current and eligible benefits of a user, long form
    Details { job: PathBuf, user_id: String },
    /// One benefit of a user
    Benefit { job: PathBuf, user_id: String, benefit_key: String },
}

#[derive(Debug, Subcommand)]
pub enum OysterReadVerb {
    /// All engagements, one page
    Engagements {
        job: PathBuf,
        /// From 1
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        page: Option<u32>,
    },
    /// One engagement
    Engagement { job: PathBuf, engagement_id: String },
    /// Plans and packages on offer for an engagement
    Offerings { job: PathBuf, engagement_id: String },
    /// What an engagement is provisioned with
    Provisioning { job: PathBuf, engagement_id: String },
    /// All enrollments of an engagement
    Enrollments { job: PathBuf, engagement_id: String },
    /// What a provisioning may hold; needs oyster.paths.ruleset
    Ruleset { job: PathBuf, engagement_id: String },
}
