//! The Oyster connection, the unknowns of its contract (contracts, section 3.3), and what its plans are to payroll.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;

use super::{HttpLimits, SecretRef};
use crate::money::Money;

/// How Oyster is reached and read.
#[derive(Clone, Debug)]
pub struct Oyster {
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
    /// Engagement states that mean engaged (upper case): such an engagement takes no provisioning. Empty: not gated on the state.
    pub engaged_states: BTreeSet<String>,
    pub http: HttpLimits,
    /// Plan id → the benefit that payroll codes are mapped to. A benefit belongs to Oyster or to Benifex, never to both.
    pub plans: BTreeMap<String, String>,
    /// Plan ids that payroll never deducts, with the reason (EN13).
    pub ignored_plans: BTreeMap<String, String>,
    /// Engagements that the crosswalk does not name are matched by payroll's e-mail.
    pub match_email: bool,
    /// What a price is for; the service does not say.
    pub price_period: PricePeriod,
    /// Benefit (Benifex's or Oyster's) → category, in upper case (EN07). An Oyster benefit without an entry has the category of its plan.
    pub categories: BTreeMap<String, String>,
    /// Benefits that contractors may be charged for (EN15).
    pub contractor_benefits: BTreeSet<String>,
    /// Days in one state that is not final until it counts as stuck (EN10).
    pub stuck_after_days: i64,
    /// The same for REQUESTED.
    pub requested_stuck_after_days: i64,
    /// AM15: a charge may be off its estimate by the greater of the two; the share in 1/10,000.
    pub estimate_tolerance_share: u32,
    pub estimate_tolerance: Money,
    /// Contributions and prices are read again within so many days, changed or not, spread over the nights. 0: only when
    /// something moved.
    pub detail_days_max: i64,
    /// Enrollment states with the day since which they are known, one JSON object a line, in the shape of
    /// `world/oyster/states.ndjson`: the opening balance of our history (the service gives no dates).
    pub opening_states: Option<PathBuf>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareUnit {
    /// 0.55
    Fraction,
    /// 55
    Percent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PricePeriod {
    Month,
    Year,
}

impl PricePeriod {
    /// Prices a year.
    pub fn per_year(self) -> i64 {
        match self {
            PricePeriod::Month => 12,
            PricePeriod::Year => 1,
        }
    }
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
