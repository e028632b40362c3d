//! Oyster's two tables from engagements as a night ended with them.

use chrono::{DateTime, Utc};

use crate::snapshot::Outcome;
use crate::snapshot::oyster::{ENGAGEMENTS, ENROLLMENTS, Oyster};
use crate::snapshot::sheet::{Cell, Sheet, text};
use tieout_model::records::oyster::{EmbeddedEnrollment, EngagementRecord, EnrollmentRecord};

/// One engagement at the end of a night.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    pub engagement_id: String,
    /// `None`: the list does not show it; it is known from the crosswalk or an earlier night.
    pub listed: Option<EngagementRecord>,
    pub listed_at: Option<DateTime<Utc>>,
    /// Hash of what the details depend on; `None`: they can't be taken over by a later night.
    pub fingerprint: Option<String>,
    /// The details, `None` where the list shows no enrollment and nobody asked for them, or the reason why nobody may judge.
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

impl Oyster {
    /// The tables of these engagements, each once. Errors are polars' own.
    pub fn of(mut engagements: Vec<Engagement>, list_fault: Option<String>) -> anyhow::Result<Oyster> {
        engagements.sort_by(|a, b| a.engagement_id.cmp(&b.engagement_id));
        let mut engagement_rows = engagement_sheet(engagements.len());
        let mut enrollment_rows = enrollment_sheet(engagements.len());
        for (row, engagement) in (0..).zip(engagements) {
            engagement_rows.push(engagement_cells(&engagement));
            let Some(Detail { at, mut enrollments }) = shown(engagement) else { continue };
            // Stable: what has no id keeps the order of the answer.
            enrollments.sort_by(|a, b| a.enrollment_id.cmp(&b.enrollment_id));
            for enrollment in &enrollments {
                let anomalies = joined_anomalies(enrollment);
                enrollment_rows.push(enrollment_cells(row, enrollment, anomalies.as_deref(), at.timestamp_micros()));
            }
        }
        Ok(Oyster { engagements: engagement_rows.finish()?, enrollments: enrollment_rows.finish()?, list_fault })
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

fn engagement_sheet(capacity: usize) -> Sheet<13> {
    let listed = Some(EngagementRecord::default());
    let (engagement_id, listed_at, fingerprint) = (String::new(), None, None);
    let blank = Engagement { engagement_id, listed, listed_at, fingerprint, detail: Ok(None) };
    Sheet::like(ENGAGEMENTS, &engagement_cells(&blank), capacity)
}

fn engagement_cells(engagement: &Engagement) -> [Cell<'_>; 13] {
    let listed = engagement.listed.as_ref();
    let listed_text =
        |field: fn(&EngagementRecord) -> &Option<String>| Cell::Text(listed.and_then(|l| field(l).as_deref()));
    let outcome = if engagement.detail.is_ok() { Outcome::Found } else { Outcome::Unverified };
    let detail_at = engagement.detail.as_ref().ok().and_then(|detail| Some(detail.as_ref()?.at));
    [
        Cell::Text(Some(&engagement.engagement_id)),
        Cell::Text(Some(outcome.name())),
        Cell::Text(engagement.detail.as_ref().err().map(String::as_str)),
        listed_text(|l| &l.kind),
        listed_text(|l| &l.state),
        listed_text(|l| &l.email_key),
        Cell::Date(listed.and_then(|l| l.start_date)),
        Cell::Date(listed.and_then(|l| l.last_day)),
        Cell::Number(listed.and_then(|l| l.modified_at).map(|at| at.timestamp_micros())),
        text(&engagement.fingerprint),
        Cell::Number(engagement.listed_at.map(|at| at.timestamp_micros())),
        Cell::Number(detail_at.map(|at| at.timestamp_micros())),
        Cell::Names(listed.map_or(&[], |l| &l.faults)),
    ]
}

fn enrollment_sheet(capacity: usize) -> Sheet<14> {
    Sheet::like(ENROLLMENTS, &enrollment_cells(0, &EnrollmentRecord::default(), None, 0), capacity)
}

fn enrollment_cells<'a>(
    engagement: u32,
    enrollment: &'a EnrollmentRecord,
    anomalies: Option<&'a str>,
    fetched_us: i64,
) -> [Cell<'a>; 14] {
    let (contribution, price) = (enrollment.contribution.as_ref(), enrollment.price.as_ref());
    [
        Cell::Employee(engagement),
        text(&enrollment.enrollment_id),
        text(&enrollment.plan_id),
        text(&enrollment.package_id),
        text(&enrollment.category),
        text(&enrollment.state),
        Cell::Number(contribution.and_then(|c| c.team_member)),
        Cell::Number(contribution.and_then(|c| c.dependents)),
        Cell::Number(contribution.and_then(|c| c.max_dependents)),
        Cell::Text(anomalies),
        Cell::Number(price.map(|p| p.amount)),
        Cell::Text(price.and_then(|p| p.currency.as_deref())),
        Cell::Number(Some(fetched_us)),
        Cell::Names(&enrollment.faults),
    ]
}
