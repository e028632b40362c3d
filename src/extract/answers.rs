//! Questions, their final answers, and the checkpoint that is one and the same answer at rest.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::line::absence;
use super::plan;
use tieout_model::ids::BenifexUserId;
use tieout_model::records::benifex::{BenefitRecord, UserBatch, UserRecord};
use tieout_services::ApiError;
use tieout_services::benifex::BenifexClient;
use tieout_store::{CallKey, CallKind, Checkpoint, FinalAnswer};

/// One thing to ask for: a batch of the list, or one of the two parts of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Users(Vec<String>),
    User { employee_id: String, user_id: BenifexUserId },
    Benefits { employee_id: String, user_id: BenifexUserId },
}

/// An answer that asking again would not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Final {
    Users(UserBatch),
    User(Box<UserRecord>),
    Benefits(Vec<BenefitRecord>),
    /// 404 or 410.
    Absent(FinalAnswer),
}

/// Asks, with all the waiting and repeating that the client does.
pub(super) async fn ask(client: &BenifexClient, question: &Question) -> Result<Final, ApiError> {
    match question {
        // Not an absence: the path of the list exists, so a 404 there is a wrong base URL.
        Question::Users(ids) => client.users(ids).await.map(Final::Users),
        Question::User { user_id, .. } => {
            absence(client.user(user_id).await.map(|user| Final::User(Box::new(user))), Final::Absent)
        }
        Question::Benefits { user_id, .. } => {
            absence(client.benefits(user_id).await.map(Final::Benefits), Final::Absent)
        }
    }
}

impl Question {
    pub fn key(&self) -> CallKey {
        match self {
            Question::Users(ids) => CallKey { kind: CallKind::Users, key: plan::batch_key(ids) },
            Question::User { user_id, .. } => CallKey { kind: CallKind::User, key: user_id.to_string() },
            Question::Benefits { user_id, .. } => CallKey { kind: CallKind::Benefits, key: user_id.to_string() },
        }
    }
}

impl Final {
    pub fn to_checkpoint(&self, key: CallKey, fetched_at: DateTime<Utc>) -> anyhow::Result<Checkpoint> {
        let (answer, body) = match self {
            Final::Users(batch) => (FinalAnswer::Ok, json(batch)?),
            Final::User(user) => (FinalAnswer::Ok, json(user)?),
            Final::Benefits(benefits) => (FinalAnswer::Ok, json(benefits)?),
            Final::Absent(answer) => (*answer, "null".into()),
        };
        Ok(Checkpoint { key, answer, body, fetched_at })
    }

    pub fn from_checkpoint(checkpoint: &Checkpoint) -> anyhow::Result<Final> {
        let body = &checkpoint.body;
        let parsed = match (checkpoint.answer, checkpoint.key.kind) {
            (FinalAnswer::NotFound | FinalAnswer::Gone, _) => Ok(Final::Absent(checkpoint.answer)),
            (FinalAnswer::Ok, CallKind::Users) => serde_json::from_str(body).map(Final::Users),
            (FinalAnswer::Ok, CallKind::User) => serde_json::from_str(body).map(|user| Final::User(Box::new(user))),
            (FinalAnswer::Ok, CallKind::Benefits) => serde_json::from_str(body).map(Final::Benefits),
            (FinalAnswer::Ok, other) => anyhow::bail!("the database holds an answer of {other:?} as one of Benifex"),
        };
        parsed.context("read an answer of the interrupted extraction from the database; use --fresh to begin anew")
    }
}

pub(super) fn json(value: &impl Serialize) -> anyhow::Result<String> {
    serde_json::to_string(value).context("write an answer as JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::records::benifex::ListedUser;

    #[test]
    fn an_answer_comes_back_from_its_checkpoint_as_it_went_in() {
        let batch = UserBatch {
            users: vec![ListedUser { user_id: "u".into(), employee_id: "007".into() }],
            inconsistencies: vec!["page 1 came twice".into()],
        };
        let benefit = BenefitRecord { benefit: "_Dental".into(), ee_annual: Some(-1), ..BenefitRecord::default() };
        let person = |user_id: &str| ("007".to_owned(), BenifexUserId::from(user_id));
        let ((employee_id, user_id), (other, other_user)) = (person("u"), person("u"));
        for (question, answer) in [
            (Question::Users(vec!["007".into()]), Final::Users(batch)),
            (Question::User { employee_id, user_id }, Final::User(Box::default())),
            (Question::Benefits { employee_id: other, user_id: other_user }, Final::Benefits(vec![benefit])),
            (Question::Users(Vec::new()), Final::Absent(FinalAnswer::Gone)),
        ] {
            let checkpoint = answer.to_checkpoint(question.key(), DateTime::UNIX_EPOCH).expect("writes");
            assert_eq!(Final::from_checkpoint(&checkpoint).expect("reads"), answer);
        }
    }
}
