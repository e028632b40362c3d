//! Oyster's questions, their final answers, and the same answers at rest.

use anyhow::Context as _;
use chrono::{DateTime, Utc};

use crate::extract::answers::json;
use crate::extract::line::absence;
use tieout_model::ids::EngagementId;
use tieout_model::records::oyster::{EngagementWalk, EnrollmentRecord, OfferingsRecord, ProvisioningRecord};
use tieout_services::ApiError;
use tieout_services::oyster::OysterClient;
use tieout_store::{CallKey, CallKind, Checkpoint, FinalAnswer};

/// Key of the list: there is one.
const LIST_KEY: &str = "all";

/// One part of an engagement's details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::extract) enum Part {
    Enrollments,
    Offerings,
    Provisioning,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract) enum Question {
    List,
    Part { engagement_id: EngagementId, part: Part },
}

/// An answer that asking again would not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::extract) enum Final {
    List(EngagementWalk),
    Enrollments(Vec<EnrollmentRecord>),
    Offerings(OfferingsRecord),
    Provisioning(ProvisioningRecord),
    /// 404 or 410.
    Absent(FinalAnswer),
}

impl Part {
    /// In the reason of an unverified engagement.
    pub fn name(self) -> &'static str {
        match self {
            Part::Enrollments => "enrollments",
            Part::Offerings => "offerings",
            Part::Provisioning => "provisioning",
        }
    }

    fn kind(self) -> CallKind {
        match self {
            Part::Enrollments => CallKind::OysterEnrollments,
            Part::Offerings => CallKind::OysterOfferings,
            Part::Provisioning => CallKind::OysterProvisioning,
        }
    }
}

pub(super) async fn ask(client: &OysterClient, question: &Question) -> Result<Final, ApiError> {
    let (id, part) = match question {
        // Not an absence: the path of the list exists, so a 404 there is a wrong base URL or a missing right.
        Question::List => return client.engagements().await.map(Final::List),
        Question::Part { engagement_id, part } => (engagement_id, part),
    };
    let answer = match part {
        Part::Enrollments => client.enrollments(id).await.map(Final::Enrollments),
        Part::Offerings => client.offerings(id).await.map(Final::Offerings),
        Part::Provisioning => client.provisioning(id).await.map(Final::Provisioning),
    };
    absence(answer, Final::Absent)
}

impl Question {
    pub fn key(&self) -> CallKey {
        match self {
            Question::List => CallKey { kind: CallKind::OysterList, key: LIST_KEY.to_owned() },
            Question::Part { engagement_id, part } => CallKey { kind: part.kind(), key: engagement_id.to_string() },
        }
    }
}

impl Final {
    pub fn to_checkpoint(&self, key: CallKey, fetched_at: DateTime<Utc>) -> anyhow::Result<Checkpoint> {
        let (answer, body) = match self {
            Final::List(walk) => (FinalAnswer::Ok, json(walk)?),
            Final::Enrollments(enrollments) => (FinalAnswer::Ok, json(enrollments)?),
            Final::Offerings(offerings) => (FinalAnswer::Ok, json(offerings)?),
            Final::Provisioning(provisioning) => (FinalAnswer::Ok, json(provisioning)?),
            Final::Absent(answer) => (*answer, "null".into()),
        };
        Ok(Checkpoint { key, answer, body, fetched_at })
    }

    pub fn from_checkpoint(checkpoint: &Checkpoint) -> anyhow::Result<Final> {
        let body = &checkpoint.body;
        let parsed = match (checkpoint.answer, checkpoint.key.kind) {
            (FinalAnswer::NotFound | FinalAnswer::Gone, _) => return Ok(Final::Absent(checkpoint.answer)),
            (FinalAnswer::Ok, CallKind::OysterList) => serde_json::from_str(body).map(Final::List),
            (FinalAnswer::Ok, CallKind::OysterEnrollments) => serde_json::from_str(body).map(Final::Enrollments),
            (FinalAnswer::Ok, CallKind::OysterOfferings) => serde_json::from_str(body).map(Final::Offerings),
            (FinalAnswer::Ok, CallKind::OysterProvisioning) => serde_json::from_str(body).map(Final::Provisioning),
            (FinalAnswer::Ok, other) => anyhow::bail!("the database holds an answer of {other:?} as one of Oyster"),
        };
        parsed.context("read an answer of the interrupted extraction from the database; use --fresh to begin anew")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::records::oyster::{Contribution, EngagementRecord, OfferedPlan, Price};

    #[test]
    fn an_answer_comes_back_from_its_checkpoint_as_it_went_in() {
        let part = |part| Question::Part { engagement_id: "e1".into(), part };
        let enrollment = EnrollmentRecord {
            contribution: Some(Contribution { team_member: Some(555_000), ..Contribution::default() }),
            price: Some(Price { amount: 1, currency: None }),
            ..EnrollmentRecord::default()
        };
        let walk = EngagementWalk {
            engagements: vec![EngagementRecord { modified_at: Some(DateTime::UNIX_EPOCH), ..Default::default() }],
            inconsistencies: vec!["page 1 came twice".into()],
        };
        let offerings = OfferingsRecord {
            plans: vec![OfferedPlan { plan_id: "p".into(), ..Default::default() }],
            ..Default::default()
        };
        let provisioning = ProvisioningRecord { supplementary: vec![enrollment.clone()], packaged: Vec::new() };
        for (question, answer) in [
            (Question::List, Final::List(walk)),
            (part(Part::Enrollments), Final::Enrollments(vec![enrollment])),
            (part(Part::Offerings), Final::Offerings(offerings)),
            (part(Part::Provisioning), Final::Provisioning(provisioning)),
            (part(Part::Provisioning), Final::Absent(FinalAnswer::NotFound)),
        ] {
            let checkpoint = answer.to_checkpoint(question.key(), DateTime::UNIX_EPOCH).expect("writes");
            assert_eq!(Final::from_checkpoint(&checkpoint).expect("reads"), answer);
        }
    }
}
