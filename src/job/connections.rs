//! The services of a job: their connections, and what the job says beside them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tieout_recon::settings::OysterPlans;
use tieout_services::settings::{self, RateWindow};

/// Benbase: its connection, whom it covers and what it held at the start.
#[derive(Clone, Debug)]
pub struct Benbase {
    pub connection: settings::Benbase,
    /// As new hires carry it.
    pub employer_name: Option<String>,
    /// ISO country codes (as payroll writes them, upper case) of the people that Benbase covers.
    pub countries: BTreeSet<String>,
    /// What Benbase held before the first push, one JSON object a line, in the shape of
    /// `world/benbase/employees.ndjson`: the opening balance of the ledger (the service has no read).
    pub opening_ledger: Option<PathBuf>,
}

/// Oyster: its connection, and what its plans are to payroll.
#[derive(Clone, Debug)]
pub struct Oyster {
    pub connection: settings::Oyster,
    pub plans: OysterPlans,
    /// Enrollment states with the day since which they are known, one JSON object a line, in the shape of
    /// `world/oyster/states.ndjson`: the opening balance of our history (the service gives no dates).
    pub opening_states: Option<PathBuf>,
}

/// Services in process, for the demo and tests.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub world: PathBuf,
    /// A world of the past: imported as the snapshot taken on the cut-off day when the job has no snapshot yet.
    pub baseline: Option<PathBuf>,
    /// Fault specification, see `sandbox::faults`.
    pub faults: Option<String>,
    /// The window that the sandbox enforces on Benifex.
    pub limit: RateWindow,
    /// Delay of each answer.
    pub latency: Duration,
    /// What a run takes for now. A recorded world has a time of its own: with a clock, the same world gives the same
    /// report, byte for byte, on any day. `None`: the machine's clock.
    pub clock: Option<DateTime<Utc>>,
}
