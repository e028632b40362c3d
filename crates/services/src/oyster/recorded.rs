//! Recorded answers, one a line as a world has them, through the same conversion as answers over HTTP: whatever the
//! client makes of an answer, this makes of its recording. No network; the files are read elsewhere.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::ApiError;
use crate::answer::json::{Raw, scalar};
use crate::oyster::client::agreed;
use crate::oyster::convert;
use crate::oyster::convert::broken;
use crate::oyster::paging::{Page, Silence, Walk};
use crate::oyster::wire::{Envelope, List, Offerings, Provisioning};
use crate::recorded::{BadLine, parse};
use crate::settings::OysterUnits;
use tieout_model::ids::EngagementId;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::records::oyster::{EngagementRecord, EnrollmentRecord, OfferingsRecord, ProvisioningRecord};

/// One line, and the engagement that it is about.
#[derive(Debug)]
pub struct Recorded<T> {
    pub engagement_id: EngagementId,
    /// What the call answers.
    pub record: Result<T, ApiError>,
}

/// `{"engagementId": …, "data": …}`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    engagement_id: Raw,
    data: Raw,
}

/// One line of `oyster/engagements.ndjson`: an entry of the list.
pub fn engagement(line: &[u8], placeholders: &PlaceholderDates) -> Result<(String, EngagementRecord), BadLine> {
    let entry: Box<RawValue> = parse(line)?;
    match convert::listed_engagement(&entry, placeholders) {
        (Some(id), record) => Ok((id, record)),
        (None, _) => Err(no_id()),
    }
}

/// One line of `oyster/enrollments.ndjson`.
pub fn enrollments(line: &[u8], units: &OysterUnits) -> Result<Recorded<Vec<EnrollmentRecord>>, BadLine> {
    let (engagement_id, data) = taken_apart(line)?;
    let read = || {
        let data = read_data(&data)?;
        let row = |entry: &RawValue| convert::listed_enrollment(entry, units.enrollments);
        let mut walk = Walk::new(Silence::MeansWhole);
        walk.take(Page::read(List { data, meta: None }, row)?);
        let (enrollments, contradictions) = walk.finish();
        agreed(enrollments, &contradictions)
    };
    Ok(Recorded { record: read(), engagement_id })
}

/// One line of `oyster/offerings.ndjson`.
pub fn offerings(line: &[u8]) -> Result<Recorded<OfferingsRecord>, BadLine> {
    let (engagement_id, data) = taken_apart(line)?;
    let read = || convert::offerings(Envelope::<Offerings> { data: read_data(&data)? });
    Ok(Recorded { record: read(), engagement_id })
}

/// One line of `oyster/provisioning.ndjson`.
pub fn provisioning(line: &[u8], units: &OysterUnits) -> Result<Recorded<ProvisioningRecord>, BadLine> {
    let (engagement_id, data) = taken_apart(line)?;
    let read = || {
        let answer = Envelope::<Provisioning> { data: read_data(&data)? };
        convert::provisioning(answer, units.provisioning)
    };
    Ok(Recorded { record: read(), engagement_id })
}

fn taken_apart(line: &[u8]) -> Result<(EngagementId, Raw), BadLine> {
    let Line { engagement_id, data } = parse(line)?;
    let id = scalar(&engagement_id).ok().flatten().ok_or_else(no_id)?;
    Ok((EngagementId::new(id), data))
}

fn read_data<T: DeserializeOwned>(data: &Raw) -> Result<Option<T>, ApiError> {
    let Some(data) = data else { return Ok(None) };
    serde_json::from_str(data.get()).map_err(|_| broken("its shape is not the one of the contract"))
}

fn no_id() -> BadLine {
    BadLine { what: "it holds no id of an engagement".into() }
}
