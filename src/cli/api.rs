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
        /// Job file
        job: PathBuf,
        /// Employee ids
        #[arg(required = true)]
        employee_ids: Vec<String>,
        /// As the service counts pages (default: the first)
        #[arg(long)]
        page: Option<u32>,
    },
    /// One user
    User {
        /// Job file
        job: PathBuf,
        /// Id of the user at Benifex
        user_id: String,
    },
    /// Current and eligible benefits of a user, short form
    Summary {
        /// Job file
        job: PathBuf,
        /// Id of the user at Benifex
        user_id: String,
    },
    /// Current and eligible benefits of a user, long form
    Details {
        /// Job file
        job: PathBuf,
        /// Id of the user at Benifex
        user_id: String,
    },
    /// One benefit of a user
    Benefit {
        /// Job file
        job: PathBuf,
        /// Id of the user at Benifex
        user_id: String,
        /// Key of the benefit
        benefit_key: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum OysterReadVerb {
    /// All engagements, one page
    Engagements {
        /// Job file
        job: PathBuf,
        /// From 1
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        page: Option<u32>,
    },
    /// One engagement
    Engagement {
        /// Job file
        job: PathBuf,
        /// Id of the engagement
        engagement_id: String,
    },
    /// Plans and packages on offer for an engagement
    Offerings {
        /// Job file
        job: PathBuf,
        /// Id of the engagement
        engagement_id: String,
    },
    /// What an engagement is provisioned with
    Provisioning {
        /// Job file
        job: PathBuf,
        /// Id of the engagement
        engagement_id: String,
    },
    /// All enrollments of an engagement
    Enrollments {
        /// Job file
        job: PathBuf,
        /// Id of the engagement
        engagement_id: String,
    },
    /// What a provisioning may hold; needs oyster.paths.ruleset
    Ruleset {
        /// Job file
        job: PathBuf,
        /// Id of the engagement
        engagement_id: String,
    },
}
