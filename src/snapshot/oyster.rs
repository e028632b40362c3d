//! Oyster's part of a snapshot: engagements and their enrollments, and whether the list of them is whole.

use polars::prelude::DataFrame;

/// What Oyster answered in one night.
#[derive(Clone, Debug)]
pub struct Oyster {
    /// Columns: [`ENGAGEMENTS`].
    pub engagements: DataFrame,
    /// Columns: [`ENROLLMENTS`].
    pub enrollments: DataFrame,
    /// Why the list of engagements is not whole: then what it lacks proves nothing. `None`: it is.
    pub list_fault: Option<String>,
}

/// Columns of `engagements`, one row an engagement, sorted by `engagement_id`: `engagement_id` `String` (unique),
/// `outcome` `String` (`found` or `unverified`), `reason` `String` (null unless unverified), `kind`, `state` `String`
/// (upper case), `email_key` `String` (see [`crate::api::oyster::record::EngagementRecord`]), `start_date`, `last_day`
/// `Date`, `modified_at` `Int64` (microseconds since 1970), `fingerprint` `String` (hash of what the details depend on),
/// `listed_at` `Int64`, `detail_at` `Int64` (when the details were fetched, in this night or an earlier one; null where
/// there is nothing to fetch), `faults` `String` as in [`super::USERS`].
pub const ENGAGEMENTS: [&str; 13] = [
    "engagement_id",
    "outcome",
    "reason",
    "kind",
    "state",
    "email_key",
    "start_date",
    "last_day",
    "modified_at",
    "fingerprint",
    "listed_at",
    "detail_at",
    "faults",
];

/// Columns of `enrollments`, one row an enrollment of a found engagement, sorted by `engagement`, then `enrollment_id`:
/// `engagement` `UInt32` (row of the engagement), `enrollment_id`, `plan_id`, `package_id`, `category` (upper case),
/// `state` `String` (as written, trimmed); `share`, `share_dependents` `Int64` (what the employer pays, percents in
/// 1/10,000), `max_dependents` `Int64`, `share_anomalies` `String` (AM14: values that do not fit their unit, joined by
/// `; `, null when none), `price` `Int64` (1/10,000 of `price_currency`), `price_currency` `String`, `fetched_at`
/// `Int64`, `faults` `String` as in [`super::USERS`].
pub const ENROLLMENTS: [&str; 14] = [
    "engagement",
    "enrollment_id",
    "plan_id",
    "package_id",
    "category",
    "state",
    "share",
    "share_dependents",
    "max_dependents",
    "share_anomalies",
    "price",
    "price_currency",
    "fetched_at",
    "faults",
];
