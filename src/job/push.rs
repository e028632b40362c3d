//! The section `[push]`: how approved corrections are sent, with careful defaults: nothing goes twice and nothing goes
//! in masses unless the job says so.

use serde::Deserialize;

use super::problems::Problems;
use super::text::Quoted;
use super::text::checks::within;
use super::text::key::Key;
use tieout_model::money::Money;

const CONSECUTIVE_FAILURES: u32 = 5;
const CONSECUTIVE_FAILURES_MAX: u32 = 1_000;
const DAILY_ITEMS: u32 = 500;
const DAILY_ITEMS_MAX: u32 = 10_000_000;
const STALE_DAYS: i64 = 30;
const STALE_DAYS_MAX: i64 = 366;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPush {
    pub retry_uncertain: Option<RetryUncertain>,
    pub canary: Option<bool>,
    pub consecutive_failures_max: Option<u32>,
    pub daily_items_max: Option<u32>,
    pub daily_yearly_difference_max: Option<Quoted<Money>>,
    pub stale_after_days: Option<i64>,
}

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

/// Limits of a push.
pub fn push(raw: RawPush, p: &mut Problems<'_>) -> Push {
    let key = |name: &str| Key::of("push").then(name);
    Push {
        retry_uncertain: raw.retry_uncertain.unwrap_or(RetryUncertain::Never),
        canary: raw.canary.unwrap_or(true),
        consecutive_failures_max: within(
            raw.consecutive_failures_max,
            CONSECUTIVE_FAILURES,
            1..=CONSECUTIVE_FAILURES_MAX,
            &key("consecutive_failures_max"),
            p,
        ),
        daily_items_max: within(raw.daily_items_max, DAILY_ITEMS, 0..=DAILY_ITEMS_MAX, &key("daily_items_max"), p),
        daily_yearly_difference_max: raw.daily_yearly_difference_max.map(|amount| amount.0),
        stale_after_days: within(raw.stale_after_days, STALE_DAYS, 1..=STALE_DAYS_MAX, &key("stale_after_days"), p),
    }
}
