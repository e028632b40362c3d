//! The details of one engagement while its answers come in.

use chrono::{DateTime, Utc};

use super::answers::{Final, Part};
use crate::api::oyster::record::{EngagementRecord, EnrollmentRecord, OfferingsRecord, ProvisioningRecord};
use crate::snapshot::{Detail, ENGAGEMENT_GONE, ENGAGEMENT_NOT_FOUND, part_reason, wants_provisioning};
use crate::store::Answer;

const NOT_ASKED: &str = "not asked for";

/// An answer, the reason why there is none, or neither yet.
type Slot<T> = Option<Result<T, String>>;

#[derive(Default)]
pub(super) struct Reading {
    enrollments: Slot<Vec<EnrollmentRecord>>,
    offerings: Slot<OfferingsRecord>,
    provisioning: Slot<ProvisioningRecord>,
    provisioning_asked: bool,
    /// When the first of the answers came.
    at: Option<DateTime<Utc>>,
}

impl Reading {
    pub fn take(&mut self, part: Part, answer: Final, at: DateTime<Utc>) {
        self.at = Some(self.at.map_or(at, |first| first.min(at)));
        match (part, answer) {
            (Part::Enrollments, Final::Enrollments(read)) => self.enrollments = Some(Ok(read)),
            (Part::Offerings, Final::Offerings(read)) => self.offerings = Some(Ok(read)),
            (Part::Provisioning, Final::Provisioning(read)) => self.provisioning = Some(Ok(read)),
            (part, Final::Absent(Answer::Gone)) => self.fail(part, ENGAGEMENT_GONE),
            (part, Final::Absent(_)) => self.fail(part, ENGAGEMENT_NOT_FOUND),
            (part, _) => self.fail(part, "the answer does not belong to its question"),
        }
    }

    pub fn fail(&mut self, part: Part, reason: &str) {
        let reason = part_reason(part.name(), reason);
        match part {
            Part::Enrollments => self.enrollments = Some(Err(reason)),
            Part::Offerings => self.offerings = Some(Err(reason)),
            Part::Provisioning => self.provisioning = Some(Err(reason)),
        }
    }

    /// Whether the third call is to be made; says so once.
    pub fn wants_provisioning(&mut self) -> bool {
        let (Some(Ok(enrollments)), Some(Ok(offerings))) = (&self.enrollments, &self.offerings) else { return false };
        let wanted = !self.provisioning_asked && wants_provisioning(enrollments, offerings);
        self.provisioning_asked |= wanted;
        wanted
    }

    /// The details, or the reason why nobody may judge. The parts in their order, whichever answer came first: the reason
    /// is the same from night to night.
    pub fn finish(self, listed: &EngagementRecord) -> Result<Detail, String> {
        let not_asked = |part: Part| part_reason(part.name(), NOT_ASKED);
        let enrollments = self.enrollments.ok_or_else(|| not_asked(Part::Enrollments))??;
        let offerings = self.offerings.ok_or_else(|| not_asked(Part::Offerings))??;
        let provisioning = match (self.provisioning, self.provisioning_asked) {
            (None, true) => return Err(not_asked(Part::Provisioning)),
            (provisioning, _) => provisioning.transpose()?,
        };
        let at = self.at.ok_or_else(|| NOT_ASKED.to_owned())?;
        Detail::from_answers(listed, enrollments, &offerings, provisioning.as_ref(), at)
    }
}
