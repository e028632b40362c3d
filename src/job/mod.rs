//! The valid job: every value checked and ready to use. Each section has a file with what a person wrote (`Raw…`) and
//! what turns it into the valid form or lists every problem at once; `file` puts them together. Nothing past this
//! folder sees the raw form.

mod approval;
mod benbase;
mod benifex;
mod crosswalk;
mod deductions;
mod file;
mod guards;
mod http;
mod oyster;
mod payroll;
mod policy;
mod problems;
mod push;
mod report;
mod rules;
mod sandbox;
mod schema;
mod schemes;
mod starters_leavers;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;

pub use approval::{Approval, Approver};
pub use benbase::BenbaseSection;
pub use crosswalk::CrosswalkSection;
pub use file::read::{load, parse};
pub use oyster::OysterSection;
pub use problems::{JobError, Problem};
pub use push::{Push, RetryUncertain};
pub use report::ReportSettings;
pub use sandbox::Sandbox;
pub use schema::schema;

use tieout_corrections::settings::{Guards, NewHires, Terminations};
use tieout_model::zone::Zone;
use tieout_payroll::settings::{Deductions, Payroll};
use tieout_recon::scheme::SchemeEntry;
use tieout_recon::settings::{BenifexTerms, Rules};
use tieout_services::settings::BenifexAccess;

/// One employer's nightly reconciliation. Paths stand as written; relative ones count from the working directory.
#[derive(Clone, Debug)]
pub struct Job {
    /// Where it was read from.
    pub file: PathBuf,
    /// Short name: names the state and report folders; letters, digits, `-` and `_`.
    pub name: String,
    /// The zone of "today" and of dates that services give without one.
    pub zone: Zone,
    pub payroll: Payroll,
    pub deductions: Deductions,
    /// The rules by which benefits are deducted.
    pub schemes: Vec<SchemeEntry>,
    pub benifex: BenifexAccess,
    /// How Benifex's words and salaries are read.
    pub benifex_terms: BenifexTerms,
    /// `None`: nobody of this job is employed through Oyster.
    pub oyster: Option<OysterSection>,
    /// `None`: no Benbase corrections are derived for this job.
    pub benbase: Option<BenbaseSection>,
    pub crosswalk: Option<CrosswalkSection>,
    pub rules: Rules,
    pub guards: Guards,
    /// Who may approve corrections; nobody unless the job says so.
    pub approval: Approval,
    pub push: Push,
    pub new_hires: NewHires,
    pub terminations: Terminations,
    pub report: ReportSettings,
    /// Folder of the SQLite database, the lock and the snapshots.
    pub state_dir: PathBuf,
    /// Folder of the log of calls that all jobs share, so that a credential's limit holds for them together. `None`:
    /// under the user's state folder.
    pub limits_dir: Option<PathBuf>,
    /// A second place for the anchor of the audit chain, beside the one with the reports.
    pub anchor: Option<PathBuf>,
    /// `Some`: the services are served in process from a recorded world instead of the network. URLs are then empty and
    /// credentials [`tieout_services::settings::SecretRef::Sandbox`], whatever the job file says: a sandbox run reaches
    /// no real service.
    pub sandbox: Option<Sandbox>,
    /// SHA-256 of the job file's bytes, lower-case hex.
    pub fingerprint: String,
}
