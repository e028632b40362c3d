//! How approved corrections are sent.

use serde::Deserialize;

use tieout_model::money::Money;

/// How approved corrections are sent, and what stops them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    pub retry_uncertain: RetryUncertain,
    /// The first item of a batch goes alone, and nothing follows unless it is accepted.
    pub canary: bool,
    /// A batch stops after so many items in a row that were not accepted.
    pub consecutive_failures_max: u32,
    /// Items that may be sent on one day of the job's zone.
    pub daily_items_max: u32,
    /// Sum of the yearly pay differences, each without its sign, that may be sent on one day, a currency; `None`: any.
    pub daily_yearly_difference_max: Option<Money>,
    /// Days after which an approval no longer counts.
    pub stale_after_days: i64,
}

/// Which items in doubt are sent again without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryUncertain {
    Never,
    /// Those that set a state, so that a second time changes nothing: all but new hires, which are never sent again.
    StateSettingOnly,
}
