//! Oyster's tables from a world's recorded answers: the same conversion and the same outcomes as calls. A world is
//! complete: its list is whole, and an engagement without a recorded part has an empty one.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::ensure;
use chrono::{DateTime, Utc};

use crate::deducted::DeductedEngagements;
use crate::snapshot::lines::each_line;
use crate::snapshot::oyster::{
    Detail, ENGAGEMENT_GONE, ENGAGEMENT_NOT_FOUND, Engagement, OysterSnapshot, wants_provisioning,
};
use crate::snapshot::part_reason;
use tieout_model::records::oyster::{EngagementRecord, EnrollmentRecord, OfferingsRecord, ProvisioningRecord};
use tieout_services::ApiError;
use tieout_services::oyster::recorded;
use tieout_services::oyster::recorded::Recorded;
use tieout_services::recorded::BadLine;
use tieout_services::settings;

/// Engagement id → what the call about it answers.
type Answers<T> = BTreeMap<String, Result<T, ApiError>>;

/// Reads `oyster/*.ndjson` below `world`; of engagements without enrollments in the list those that are `charged` are
/// looked up like the others. Errors name the file and line that is not as a world has it.
pub(in crate::snapshot) fn import(
    world: &Path,
    settings: &settings::OysterAccess,
    charged: &DeductedEngagements,
    at: DateTime<Utc>,
) -> anyhow::Result<OysterSnapshot> {
    let file = |name: &str| world.join("oyster").join(name);
    let units = &settings.units;
    let mut listed: BTreeMap<String, EngagementRecord> = BTreeMap::new();
    each_line(
        &file("engagements.ndjson"),
        |line| recorded::engagement(line, &settings.placeholder_dates),
        |(id, record)| {
            ensure!(listed.insert(id, record).is_none(), "an earlier line is about the same engagement");
            Ok(())
        },
    )?;
    let mut enrollments = answers(&file("enrollments.ndjson"), |line| recorded::enrollments(line, units))?;
    let mut offerings = answers(&file("offerings.ndjson"), recorded::offerings)?;
    let mut provisioning = answers(&file("provisioning.ndjson"), |line| recorded::provisioning(line, units))?;
    let one = |(id, record): (String, EngagementRecord)| {
        let parts = Parts {
            enrollments: enrollments.remove(&id),
            offerings: offerings.remove(&id),
            provisioning: provisioning.remove(&id),
        };
        let detail = match record.enrollments.is_empty() && !charged.includes(&record) {
            true => Ok(None),
            false => parts.detail(&record, at).map(Some),
        };
        // Nobody says which changes were queued then: no later night takes these details over.
        Engagement { engagement_id: id.into(), listed: Some(record), listed_at: Some(at), fingerprint: None, detail }
    };
    OysterSnapshot::of(listed.into_iter().map(one).collect(), None)
}

fn answers<T: Send>(
    path: &Path,
    parse: impl Fn(&[u8]) -> Result<Recorded<T>, BadLine> + Sync,
) -> anyhow::Result<Answers<T>> {
    let mut answers = Answers::new();
    if !path.exists() {
        return Ok(answers);
    }
    each_line(path, parse, |Recorded { engagement_id, record }| {
        ensure!(
            answers.insert(engagement_id.into_string(), record).is_none(),
            "an earlier line is about the same engagement"
        );
        Ok(())
    })?;
    Ok(answers)
}

/// The recorded answers of one engagement.
struct Parts {
    enrollments: Option<Result<Vec<EnrollmentRecord>, ApiError>>,
    offerings: Option<Result<OfferingsRecord, ApiError>>,
    provisioning: Option<Result<ProvisioningRecord, ApiError>>,
}

impl Parts {
    fn detail(self, listed: &EngagementRecord, at: DateTime<Utc>) -> Result<Detail, String> {
        let enrollments = answered("enrollments", self.enrollments)?;
        if enrollments.is_empty() && listed.enrollments.is_empty() {
            return Ok(Detail { at, enrollments });
        }
        let offerings = answered("offerings", self.offerings)?;
        let provisioning = match wants_provisioning(&enrollments, &offerings) {
            true => Some(answered("provisioning", self.provisioning)?),
            false => None,
        };
        Detail::from_answers(listed, enrollments, &offerings, provisioning.as_ref(), at)
    }
}

fn answered<T: Default>(part: &str, answer: Option<Result<T, ApiError>>) -> Result<T, String> {
    match answer {
        None => Ok(T::default()),
        Some(Err(ApiError::NotFound { .. })) => Err(part_reason(part, ENGAGEMENT_NOT_FOUND)),
        Some(Err(ApiError::Gone { .. })) => Err(part_reason(part, ENGAGEMENT_GONE)),
        Some(answer) => answer.map_err(|error| part_reason(part, error)),
    }
}
