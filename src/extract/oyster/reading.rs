//! The details of one engagement while its answers come in.

use chrono::{DateTime, Utc};

use super::answers::{Final, Part};
use tieout_model::records::oyster::{EngagementRecord, EnrollmentRecord, OfferingsRecord, ProvisioningRecord};
use tieout_recon::snapshot::{Detail, ENGAGEMENT_GONE, ENGAGEMENT_NOT_FOUND, part_reason, wants_provisioning};
use tieout_store::FinalAnswer;

const NOT_ASKED: &str = "not asked for";

/// An answer, the reason why there is none, or neither yet.
type Slot<T> = Option<Result<T, String>>;

/// The parts that are always read of an engagement with enrollments.
pub(super) const FIRST_PARTS: [Part; 2] = [Part::Enrollments, Part::Offerings];

#[derive(Default)]
pub(super) struct Reading {
    enrollments: Slot<Vec<EnrollmentRecord>>,
    offerings: Slot<OfferingsRecord>,
    provisioning: Slot<ProvisioningRecord>,
    provisioning_asked: bool,
    /// The list shows no enrollment: what is on offer matters only when the enrollments do.
    offerings_put_off: bool,
    /// When the first of the answers came.
    at: Option<DateTime<Utc>>,
}

impl Reading {
    /// Of an engagement that has no enrollments, as the list says.
    pub fn to_make_sure() -> Reading {
        Reading { offerings_put_off: true, ..Reading::default() }
    }

    /// What is asked for first.
    pub fn first(&self) -> &'static [Part] {
        let parts: &[Part] = &FIRST_PARTS;
        if self.offerings_put_off { &parts[..1] } else { parts }
    }

    pub fn take(&mut self, part: Part, answer: Final, at: DateTime<Utc>) {
        self.at = Some(self.at.map_or(at, |first| first.min(at)));
        match (part, answer) {
            (Part::Enrollments, Final::Enrollments(read)) => self.enrollments = Some(Ok(read)),
            (Part::Offerings, Final::Offerings(read)) => self.offerings = Some(Ok(read)),
            (Part::Provisioning, Final::Provisioning(read)) => self.provisioning = Some(Ok(read)),
            (part, Final::Absent(FinalAnswer::Gone)) => self.fail(part, ENGAGEMENT_GONE),
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

    /// The part that what was answered shows the need for; says so once.
    pub fn next(&mut self) -> Option<Part> {
        let Some(Ok(enrollments)) = &self.enrollments else { return None };
        if self.offerings_put_off && !enrollments.is_empty() {
            self.offerings_put_off = false;
            return Some(Part::Offerings);
        }
        let Some(Ok(offerings)) = &self.offerings else { return None };
        let wanted = !self.provisioning_asked && wants_provisioning(enrollments, offerings);
        self.provisioning_asked |= wanted;
        wanted.then_some(Part::Provisioning)
    }

    /// The details, or the reason why nobody may judge. The parts in their order, whichever answer came first: the
    /// reason is the same from night to night.
    pub fn finish(self, listed: &EngagementRecord) -> Result<Detail, String> {
        let not_asked = |part: Part| part_reason(part.name(), NOT_ASKED);
        let enrollments = self.enrollments.ok_or_else(|| not_asked(Part::Enrollments))??;
        let offerings = match (self.offerings, self.offerings_put_off) {
            (None, true) => OfferingsRecord::default(),
            (offerings, _) => offerings.ok_or_else(|| not_asked(Part::Offerings))??,
        };
        let provisioning = match (self.provisioning, self.provisioning_asked) {
            (None, true) => return Err(not_asked(Part::Provisioning)),
            (provisioning, _) => provisioning.transpose()?,
        };
        let at = self.at.ok_or_else(|| NOT_ASKED.to_owned())?;
        Detail::from_answers(listed, enrollments, &offerings, provisioning.as_ref(), at)
    }
}
