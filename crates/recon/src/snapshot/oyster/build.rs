//! Oyster's two tables from engagements as a night ended with them.

use chrono::{DateTime, Utc};

use crate::snapshot::oyster::OysterSnapshot;
use crate::snapshot::oyster::schema::{EngagementsBuilder, EnrollmentRow, EnrollmentsBuilder};
use tieout_model::ids::EngagementId;
use tieout_model::records::oyster::{EmbeddedEnrollment, EngagementRecord, EnrollmentRecord};

/// One engagement at the end of a night.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    pub engagement_id: EngagementId,
    /// `None`: the list does not show it; it is known from the crosswalk or an earlier night.
    pub listed: Option<EngagementRecord>,
    pub listed_at: Option<DateTime<Utc>>,
    /// Hash of what the details depend on; `None`: they can't be taken over by a later night.
    pub fingerprint: Option<String>,
    /// The details, `None` where the list shows no enrollment and nobody asked for them, or the reason why nobody may
    /// judge.
    pub detail: Result<Option<Detail>, String>,
}

/// What was read of one engagement beside the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// When the service answered, in this night or an earlier one.
    pub at: DateTime<Utc>,
    /// With plan, contribution and price as far as any answer gives them.
    pub enrollments: Vec<EnrollmentRecord>,
}

impl OysterSnapshot {
    /// The tables of these engagements, each once. Errors are polars' own.
    pub fn of(mut engagements: Vec<Engagement>, list_fault: Option<String>) -> anyhow::Result<OysterSnapshot> {
        engagements.sort_by(|a, b| a.engagement_id.cmp(&b.engagement_id));
        let mut engagement_rows = EngagementsBuilder::new(engagements.len());
        let mut enrollment_rows = EnrollmentsBuilder::new(engagements.len());
        for (row, engagement) in (0..).zip(engagements) {
            engagement_rows.push(&engagement);
            let Some(Detail { at, mut enrollments }) = shown(engagement) else { continue };
            // Stable: what has no id keeps the order of the answer.
            enrollments.sort_by(|a, b| a.enrollment_id.cmp(&b.enrollment_id));
            for enrollment in &enrollments {
                let anomalies = joined_anomalies(enrollment);
                enrollment_rows.push(&EnrollmentRow {
                    engagement: row,
                    enrollment,
                    anomalies: anomalies.as_deref(),
                    fetched_us: at.timestamp_micros(),
                });
            }
        }
        Ok(OysterSnapshot {
            engagements: engagement_rows.finish()?,
            enrollments: enrollment_rows.finish()?,
            list_fault,
        })
    }
}

/// The details; of an engagement that could not be read, the ids and states that the list shows: they are counted, and
/// judged by nobody.
fn shown(engagement: Engagement) -> Option<Detail> {
    let Err(_) = engagement.detail else { return engagement.detail.ok().flatten() };
    let (listed, at) = engagement.listed.zip(engagement.listed_at)?;
    let alone = |embedded: EmbeddedEnrollment| EnrollmentRecord {
        enrollment_id: Some(embedded.enrollment_id),
        state: Some(embedded.state),
        ..EnrollmentRecord::default()
    };
    Some(Detail { at, enrollments: listed.enrollments.into_iter().map(alone).collect() })
}

/// Between the anomalies of one contribution.
pub(super) const ANOMALIES_SEPARATOR: &str = "; ";

fn joined_anomalies(enrollment: &EnrollmentRecord) -> Option<String> {
    let anomalies = &enrollment.contribution.as_ref()?.anomalies;
    (!anomalies.is_empty()).then(|| anomalies.join(ANOMALIES_SEPARATOR))
}
