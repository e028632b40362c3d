//! The tables of an earlier night as plain values: what a later night need not fetch again.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::DateTime;
use polars::prelude::{DataFrame, Int64Chunked, StringChunked};

use crate::snapshot::Outcome;
use crate::snapshot::oyster::build::ANOMALIES_SEPARATOR;
use crate::snapshot::oyster::{Detail, ENGAGEMENTS, ENROLLMENTS, OysterSnapshot};
use tieout_model::records::oyster::{Contribution, EnrollmentRecord, Price};

/// The details of one engagement, and what they depended on when they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub fingerprint: String,
    pub detail: Detail,
}

impl OysterSnapshot {
    /// Engagement id → details, of the engagements that were found and whose details a later night may take over.
    pub fn kept(&self) -> anyhow::Result<BTreeMap<String, Kept>> {
        let mut enrollments = self.enrollments_by_row()?;
        let table = &self.engagements;
        let (ids, outcomes) = (ENGAGEMENTS.engagement_id.of(table)?, ENGAGEMENTS.outcome.of(table)?);
        let (fingerprints, details) = (ENGAGEMENTS.fingerprint.of(table)?, ENGAGEMENTS.detail_at.of(table)?);
        let mut kept = BTreeMap::new();
        for row in 0..table.height() {
            let (Some(id), Some(fingerprint), Some(at_us)) = (ids.get(row), fingerprints.get(row), details.get(row))
            else {
                continue;
            };
            if outcomes.get(row) == Some(Outcome::Found.name()) {
                let at = DateTime::from_timestamp_micros(at_us).context("detail_at is no moment")?;
                let enrollments = enrollments.remove(&row).unwrap_or_default();
                let detail = Detail { at, enrollments };
                kept.insert(id.to_owned(), Kept { fingerprint: fingerprint.to_owned(), detail });
            }
        }
        Ok(kept)
    }

    fn enrollments_by_row(&self) -> anyhow::Result<BTreeMap<usize, Vec<EnrollmentRecord>>> {
        let engagements = ENROLLMENTS.engagement.of(&self.enrollments)?;
        let read = Columns::of(&self.enrollments)?;
        let mut by_row: BTreeMap<usize, Vec<EnrollmentRecord>> = BTreeMap::new();
        for (row, engagement) in engagements.iter().enumerate() {
            let engagement = engagement.context("an enrollment without engagement")?;
            by_row.entry(engagement as usize).or_default().push(read.record(row));
        }
        Ok(by_row)
    }
}

/// The columns of `enrollments` that make a record.
struct Columns<'a> {
    enrollment_id: &'a StringChunked,
    plan_id: &'a StringChunked,
    package_id: &'a StringChunked,
    category: &'a StringChunked,
    state: &'a StringChunked,
    share: &'a Int64Chunked,
    share_dependents: &'a Int64Chunked,
    max_dependents: &'a Int64Chunked,
    share_anomalies: &'a StringChunked,
    price: &'a Int64Chunked,
    price_currency: &'a StringChunked,
    faults: &'a StringChunked,
}

impl<'a> Columns<'a> {
    fn of(table: &'a DataFrame) -> anyhow::Result<Columns<'a>> {
        Ok(Columns {
            enrollment_id: ENROLLMENTS.enrollment_id.of(table)?,
            plan_id: ENROLLMENTS.plan_id.of(table)?,
            package_id: ENROLLMENTS.package_id.of(table)?,
            category: ENROLLMENTS.category.of(table)?,
            state: ENROLLMENTS.state.of(table)?,
            share: ENROLLMENTS.share.of(table)?,
            share_dependents: ENROLLMENTS.share_dependents.of(table)?,
            max_dependents: ENROLLMENTS.max_dependents.of(table)?,
            share_anomalies: ENROLLMENTS.share_anomalies.of(table)?,
            price: ENROLLMENTS.price.of(table)?,
            price_currency: ENROLLMENTS.price_currency.of(table)?,
            faults: ENROLLMENTS.faults.of(table)?,
        })
    }

    fn record(&self, row: usize) -> EnrollmentRecord {
        let text = |column: &StringChunked| column.get(row).map(str::to_owned);
        let list = |column: &StringChunked, separator| {
            column.get(row).map_or_else(Vec::new, |text| text.split(separator).map(str::to_owned).collect())
        };
        let contribution = Contribution {
            team_member: self.share.get(row),
            dependents: self.share_dependents.get(row),
            max_dependents: self.max_dependents.get(row),
            anomalies: list(self.share_anomalies, ANOMALIES_SEPARATOR),
        };
        let price = self.price.get(row).map(|amount| Price { amount, currency: text(self.price_currency) });
        EnrollmentRecord {
            enrollment_id: text(self.enrollment_id),
            plan_id: text(self.plan_id),
            package_id: text(self.package_id),
            category: text(self.category),
            state: text(self.state),
            contribution: (contribution != Contribution::default()).then_some(contribution),
            price,
            faults: list(self.faults, ","),
        }
    }
}
