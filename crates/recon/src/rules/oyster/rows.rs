//! Oyster's tables as plain rows: a few columns of some ten thousand engagements, read once.

use chrono::NaiveDate;
use polars::prelude::*;

use crate::rules::people::date;
use crate::rules::people::person_state::names;
use crate::snapshot;
use crate::snapshot::Outcome;
use crate::snapshot::{ENGAGEMENTS, ENROLLMENTS};
use crate::tables::column::{Column, Number, Text};
use tieout_model::enrollment::EnrollmentState;

/// The contract type that is no employment.
const CONTRACT: &str = "CONTRACT";
/// The one that is.
const EMPLOYMENT: &str = "EMPLOYMENT";

/// One engagement.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Engagement<'a> {
    pub(in crate::rules) id: &'a str,
    /// `None`: found. Otherwise why nothing is known of it.
    pub(in crate::rules) unverified: Option<&'a str>,
    pub(in crate::rules) contractor: bool,
    /// What it says of being an employment or a contract where it is neither; blank where it says nothing.
    pub(in crate::rules) odd_kind: Option<&'a str>,
    /// As the service wrote it, in upper case.
    pub(in crate::rules) state: Option<&'a str>,
    pub(in crate::rules) email_key: Option<&'a str>,
    pub(in crate::rules) start: Option<NaiveDate>,
    pub(in crate::rules) last_day: Option<NaiveDate>,
    /// Microseconds since 1970.
    pub(in crate::rules) modified_at: Option<i64>,
    pub(in crate::rules) listed_at: Option<i64>,
    /// Its enrollments were read; otherwise the list alone says that there are none.
    pub(in crate::rules) read: bool,
    pub(in crate::rules) faults: Option<&'a str>,
}

/// States that say that an engagement is over; which others there are is not documented.
const OVER: [&str; 6] = ["FINISHED", "TERMINATED", "ENDED", "CANCELED", "CANCELLED", "ARCHIVED"];

impl Engagement<'_> {
    /// Its state says that it is over. A contract has no last day.
    pub(in crate::rules) fn is_over(&self) -> bool {
        self.state.is_some_and(|state| OVER.contains(&state))
    }

    /// One of its days was there and could not be read: nobody knows whether a period lies within it.
    pub(in crate::rules) fn days_unread(&self) -> bool {
        self.faults.is_some_and(|faults| names(faults).any(|name| ["start_date", "last_day"].contains(&name)))
    }
}

/// One enrollment; of an unverified engagement its id and state alone. Shares are percents in 1/10,000, prices counts
/// of 1/10,000.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Enrollment<'a> {
    /// Row of the engagement.
    pub(in crate::rules) engagement: usize,
    pub(in crate::rules) id: &'a str,
    pub(in crate::rules) plan: Option<&'a str>,
    pub(in crate::rules) category: Option<&'a str>,
    pub(in crate::rules) state: EnrollmentState,
    pub(in crate::rules) share: Option<i64>,
    pub(in crate::rules) share_dependents: Option<i64>,
    pub(in crate::rules) max_dependents: Option<i64>,
    pub(in crate::rules) anomalies: Option<&'a str>,
    pub(in crate::rules) price: Option<i64>,
    pub(in crate::rules) price_currency: Option<&'a str>,
    pub(in crate::rules) fetched_at: Option<i64>,
    pub(in crate::rules) faults: Option<&'a str>,
}

/// Both tables, in their order.
pub(in crate::rules) fn read<'a>(
    tables: &'a snapshot::OysterSnapshot,
) -> PolarsResult<(Vec<Engagement<'a>>, Vec<Enrollment<'a>>)> {
    let engagements = engagements(&tables.engagements)?;
    let enrollments = enrollments(&tables.enrollments)?;
    let strays = enrollments.iter().any(|e| e.engagement >= engagements.len());
    polars_ensure!(!strays, ComputeError: "an enrollment names an engagement outside the table");
    Ok((engagements, enrollments))
}

fn engagements(frame: &DataFrame) -> PolarsResult<Vec<Engagement<'_>>> {
    let text = |column: Column<Text>| column.of(frame);
    let (id, outcome, reason) =
        (text(ENGAGEMENTS.engagement_id)?, text(ENGAGEMENTS.outcome)?, text(ENGAGEMENTS.reason)?);
    let (kind, state, email, faults) = (
        text(ENGAGEMENTS.kind)?,
        text(ENGAGEMENTS.state)?,
        text(ENGAGEMENTS.email_key)?,
        ENGAGEMENTS.faults.of(frame)?,
    );
    let (start, last_day) = (ENGAGEMENTS.start_date.of(frame)?, ENGAGEMENTS.last_day.of(frame)?);
    let (modified, listed) = (ENGAGEMENTS.modified_at.of(frame)?, ENGAGEMENTS.listed_at.of(frame)?);
    let detail = ENGAGEMENTS.detail_at.of(frame)?;
    let one = |row| Engagement {
        id: id.get(row).unwrap_or_default(),
        unverified: match outcome.get(row) {
            Some(name) if name == Outcome::Found.name() => None,
            _ => Some(reason.get(row).unwrap_or("not read")),
        },
        contractor: kind.get(row) == Some(CONTRACT),
        odd_kind: Some(kind.get(row).unwrap_or_default()).filter(|kind| ![CONTRACT, EMPLOYMENT].contains(kind)),
        state: state.get(row),
        email_key: email.get(row),
        start: start.get(row).map(date),
        last_day: last_day.get(row).map(date),
        modified_at: modified.get(row),
        listed_at: listed.get(row),
        read: detail.get(row).is_some(),
        faults: faults.get(row),
    };
    Ok((0..frame.height()).map(one).collect())
}

fn enrollments(frame: &DataFrame) -> PolarsResult<Vec<Enrollment<'_>>> {
    let (text, count) = (|column: Column<Text>| column.of(frame), |column: Column<Number>| column.of(frame));
    let (id, plan, category, state) = (
        text(ENROLLMENTS.enrollment_id)?,
        text(ENROLLMENTS.plan_id)?,
        text(ENROLLMENTS.category)?,
        text(ENROLLMENTS.state)?,
    );
    let (anomalies, currency, faults) =
        (text(ENROLLMENTS.share_anomalies)?, text(ENROLLMENTS.price_currency)?, ENROLLMENTS.faults.of(frame)?);
    let (share, dependents, most) =
        (count(ENROLLMENTS.share)?, count(ENROLLMENTS.share_dependents)?, count(ENROLLMENTS.max_dependents)?);
    let (price, fetched) = (count(ENROLLMENTS.price)?, count(ENROLLMENTS.fetched_at)?);
    let engagement = ENROLLMENTS.engagement.of(frame)?;
    let one = |row| Enrollment {
        engagement: engagement.get(row).map_or(usize::MAX, |at| at as usize),
        id: id.get(row).unwrap_or_default(),
        plan: plan.get(row),
        category: category.get(row),
        state: EnrollmentState::parse(state.get(row).unwrap_or_default()),
        share: share.get(row),
        share_dependents: dependents.get(row),
        max_dependents: most.get(row),
        anomalies: anomalies.get(row),
        price: price.get(row),
        price_currency: currency.get(row),
        fetched_at: fetched.get(row),
        faults: faults.get(row),
    };
    Ok((0..frame.height()).map(one).collect())
}
