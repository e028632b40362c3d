//! How the services are reached: addresses, credentials by reference, limits, and the unknowns of their contracts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{BenefitStatus, DateLayout, RateBasis};
use crate::money::Currency;

/// The Benifex connection and the unknowns of its contract (contracts, section 1.3).
#[derive(Clone, Debug)]
pub struct Benifex {
    pub base_url: String,
    pub token_url: String,
    pub client_id: SecretRef,
    pub client_secret: SecretRef,
    pub scope: Option<String>,
    /// `""` or `/v2`.
    pub benefits_prefix: String,
    pub employee_ids_style: EmployeeIdsStyle,
    pub users_batch: usize,
    pub page_size: usize,
    pub first_page: u32,
    pub http: HttpLimits,
    /// Benefit status as the service writes it (trimmed, lower case) → its class.
    pub benefit_status: BTreeMap<String, BenefitStatus>,
    /// Accepted `datesFormat` texts → the layout; others leave the field not comparable.
    pub date_layouts: BTreeMap<String, DateLayout>,
    /// Salary currency by pay group, then by country of work, in upper case (CU02).
    pub salary_currency_by_pay_group: BTreeMap<String, Currency>,
    pub salary_currency_by_country: BTreeMap<String, Currency>,
    /// The service states no basis of a salary; by pay group, else `salary_basis` (CO06).
    pub salary_basis_by_pay_group: BTreeMap<String, RateBasis>,
    pub salary_basis: RateBasis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmployeeIdsStyle {
    Comma,
    Repeat,
}

/// Limits of one service and credential. Windows: at most `calls` in any `per`, as the server sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    pub windows: Vec<RateWindow>,
    pub concurrency: usize,
    pub connect_timeout: Duration,
    pub read_timeout: Duration,
    pub total_timeout: Duration,
    pub body_bytes_max: usize,
    /// Sends of one call, the first included.
    pub attempts_max: u32,
    /// Time that one call may take with all its waits.
    pub retry_time_max: Duration,
    /// Retries that the whole run may spend.
    pub retry_budget: u32,
    /// A certificate authority beside those of the system, PEM.
    pub ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateWindow {
    pub calls: usize,
    pub per: Duration,
}

/// A secret by reference; the value never stands in a job file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    Env(String),
    /// Relative paths resolve in `$CREDENTIALS_DIRECTORY` when it is set.
    File(PathBuf),
    /// The sandbox's own, well-known, worthless credential; only for jobs with `[sandbox]`.
    Sandbox,
}

#[derive(Clone, Debug)]
pub struct Benbase {
    pub base_url: String,
    pub api_key: SecretRef,
    pub employer_id: String,
    /// As new hires carry it.
    pub employer_name: Option<String>,
    /// ISO country codes (as payroll writes them, upper case) of the people that Benbase covers.
    pub countries: BTreeSet<String>,
    /// What Benbase held before the first push, one JSON object a line, in the shape of
    /// `world/benbase/employees.ndjson`: the opening balance of the ledger (the service has no read).
    pub opening_ledger: Option<PathBuf>,
    /// Header that carries the key of a change, which is the same whenever the same change is sent. `None`: the service
    /// documents no such header, so none is sent.
    pub idempotency_header: Option<String>,
    pub http: HttpLimits,
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
