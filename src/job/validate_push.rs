//! How approved corrections are sent, with careful defaults: nothing goes twice and nothing goes in masses unless the
//! job says so.

use super::key::Key;
use super::problems::Problems;
use super::raw::RawPush;
use super::validate::within;
use super::{Push, RetryUncertain};

const CONSECUTIVE_FAILURES: u32 = 5;
const CONSECUTIVE_FAILURES_MAX: u32 = 1_000;
const DAILY_ITEMS: u32 = 500;
const DAILY_ITEMS_MAX: u32 = 10_000_000;
const STALE_DAYS: i64 = 30;
const STALE_DAYS_MAX: i64 = 366;

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
