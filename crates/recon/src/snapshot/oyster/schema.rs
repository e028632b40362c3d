//! The tables of Oyster: engagements and their enrollments.

use polars::prelude::{DataFrame, PolarsResult};

use crate::snapshot::Outcome;
use crate::snapshot::oyster::build::Engagement;
use crate::tables::column::{Cells, Column, Day, Names, Number, Row, Text, table};
use tieout_model::records::oyster::{EngagementRecord, EnrollmentRecord};

/// One enrollment of an engagement.
#[derive(Clone, Copy, Debug)]
pub struct EnrollmentRow<'a> {
    pub engagement: u32,
    pub enrollment: &'a EnrollmentRecord,
    pub anomalies: Option<&'a str>,
    /// Microseconds since 1970.
    pub fetched_us: i64,
}

pub const ENGAGEMENTS: Engagements = Engagements::COLUMNS;
pub const ENROLLMENTS: Enrollments = Enrollments::COLUMNS;

table! {
    /// One row an engagement, sorted by `engagement_id`.
    Engagements, EngagementsBuilder of |row: &Engagement| {
        /// Unique.
        engagement_id: Text = Some(row.engagement_id.as_str()),
        /// `found` or `unverified`.
        outcome: Text = Some(outcome(row).name()),
        /// Null unless unverified.
        reason: Text = row.detail.as_ref().err().map(String::as_str),
        kind: Text = listed(row, |listed| listed.kind.as_deref()),
        /// Upper case.
        state: Text = listed(row, |listed| listed.state.as_deref()),
        /// See [`EngagementRecord`].
        email_key: Text = listed(row, |listed| listed.email_key.as_deref()),
        start_date: Day = listed(row, |listed| listed.start_date),
        last_day: Day = listed(row, |listed| listed.last_day),
        /// Microseconds since 1970.
        modified_at: Number = listed(row, |listed| listed.modified_at).map(|at| at.timestamp_micros()),
        /// Hash of what the details depend on.
        fingerprint: Text = row.fingerprint.as_deref(),
        /// Microseconds since 1970.
        listed_at: Number = row.listed_at.map(|at| at.timestamp_micros()),
        /// When the details were fetched, in this night or an earlier one; null where nobody asked for them, because
        /// the list shows no enrollment.
        detail_at: Number = row.detail.as_ref().ok().and_then(|detail| Some(detail.as_ref()?.at.timestamp_micros())),
        /// Fields that were there and could not be read.
        faults: Names = row.listed.as_ref().map_or(&[], |listed| &listed.faults),
    }
}

table! {
    /// One row an enrollment, sorted by `engagement`, then `enrollment_id`; of an unverified engagement those that the
    /// list shows, with id and state alone.
    Enrollments, EnrollmentsBuilder of |row: &EnrollmentRow<'_>| {
        /// Row of the engagement.
        engagement: Row = row.engagement,
        enrollment_id: Text = row.enrollment.enrollment_id.as_deref(),
        plan_id: Text = row.enrollment.plan_id.as_deref(),
        package_id: Text = row.enrollment.package_id.as_deref(),
        /// Upper case.
        category: Text = row.enrollment.category.as_deref(),
        /// As written, trimmed.
        state: Text = row.enrollment.state.as_deref(),
        /// What the employer pays of the employee's cover, percents in 1/10,000.
        share: Number = row.enrollment.contribution.as_ref().and_then(|contribution| contribution.team_member),
        /// The same of dependants.
        share_dependents: Number = row.enrollment.contribution.as_ref().and_then(|contribution| contribution.dependents),
        max_dependents: Number = row.enrollment.contribution.as_ref().and_then(|contribution| contribution.max_dependents),
        /// AM14: values that do not fit their unit, joined by `; `; null when none.
        share_anomalies: Text = row.anomalies,
        /// 1/10,000 of `price_currency`.
        price: Number = row.enrollment.price.as_ref().map(|price| price.amount),
        price_currency: Text = row.enrollment.price.as_ref().and_then(|price| price.currency.as_deref()),
        /// Microseconds since 1970.
        fetched_at: Number = Some(row.fetched_us),
        /// Fields that were there and could not be read.
        faults: Names = &row.enrollment.faults,
    }
}

fn outcome(engagement: &Engagement) -> Outcome {
    if engagement.detail.is_ok() { Outcome::Found } else { Outcome::Unverified }
}

/// A field of the list's record, which an engagement may not have.
fn listed<'a, T>(engagement: &'a Engagement, field: impl Fn(&'a EngagementRecord) -> Option<T>) -> Option<T> {
    engagement.listed.as_ref().and_then(field)
}
