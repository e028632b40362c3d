//! How the services are reached: addresses, credentials by reference, limits, and the unknowns of their contracts. A
//! job file says all of it; nothing here is a secret.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use tieout_model::dates::DateLayout;
use tieout_model::ids::EmployerId;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::terms::ShareUnit;

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

/// The Benifex connection and the unknowns of its contract (contracts, section 1.3).
#[derive(Clone, Debug)]
pub struct BenifexAccess {
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
    /// Accepted `datesFormat` texts → the layout; others leave the field not comparable.
    pub date_layouts: BTreeMap<String, DateLayout>,
    /// Dates that mean "none".
    pub placeholder_dates: PlaceholderDates,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmployeeIdsStyle {
    Comma,
    Repeat,
}

/// The Benbase connection.
#[derive(Clone, Debug)]
pub struct BenbaseAccess {
    pub base_url: String,
    pub api_key: SecretRef,
    pub employer_id: EmployerId,
    /// Header that carries the key of a change, which is the same whenever the same change is sent. `None`: the service
    /// documents no such header, so none is sent.
    pub idempotency_header: Option<String>,
    pub http: HttpLimits,
}

/// The Oyster connection and the unknowns of its contract (contracts, section 3.3).
#[derive(Clone, Debug)]
pub struct OysterAccess {
    /// Without a trailing slash.
    pub base_url: String,
    pub auth: OysterAuth,
    /// `X-Oyster-Customer-Id`, on every call of a reseller.
    pub customer_id: Option<String>,
    /// `X-Oyster-Actor-Email`: an administrator, on writes.
    pub actor_email: Option<String>,
    pub paths: OysterPaths,
    /// Engagements of one page of the list.
    pub per_page: usize,
    pub units: OysterUnits,
    /// Engagement states that mean engaged (upper case): such an engagement takes no provisioning. Empty: not gated on
    /// the state.
    pub engaged_states: BTreeSet<String>,
    pub http: HttpLimits,
    /// Contributions and prices are read again within so many days, changed or not, spread over the nights. 0: only
    /// when something moved.
    pub detail_days_max: i64,
    /// Dates that mean "none".
    pub placeholder_dates: PlaceholderDates,
    pub writes: OysterWrites,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OysterAuth {
    ClientCredentials {
        token_url: String,
        client_id: SecretRef,
        client_secret: SecretRef,
        scope: Option<String>,
    },
    /// A token that somebody else renews.
    Bearer(SecretRef),
}

/// Paths under the base URL; `{engagement_id}` stands for the id. `None`: the operation is off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OysterPaths {
    pub engagements: String,
    pub engagement: String,
    pub offerings: String,
    pub provisioning: String,
    pub enrollments: String,
    pub requests: Option<String>,
    pub ruleset: Option<String>,
}

/// The unit of contributions, by endpoint (contracts, O1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OysterUnits {
    pub provisioning: ShareUnit,
    pub enrollments: ShareUnit,
    pub request: ShareUnit,
    pub request_answer: ShareUnit,
}

/// What may be written, each with its own switch and cap; all off unless the job says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OysterWrites {
    pub provision: bool,
    pub request: bool,
    /// Most of each kind in one push.
    pub provision_max: u32,
    pub request_max: u32,
}
