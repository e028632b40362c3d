//! Oyster's line of questions.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::answers::{self, Final, Question};
use super::engagements::Engagements;
use super::{OysterExtracted, OysterNight};
use crate::extract::ExtractError;
use crate::extract::line::{Inquiry, Position};
use tieout_services::ApiError;
use tieout_services::oyster::OysterClient;
use tieout_store::{CallKey, Checkpoint};

pub(in crate::extract) struct OysterInquiry<'a>(Engagements<'a>);

impl<'a> OysterInquiry<'a> {
    pub fn new(night: &OysterNight<'a>, fresh: bool, now: DateTime<Utc>) -> OysterInquiry<'a> {
        OysterInquiry(Engagements::new(night, fresh, now))
    }

    /// The list; everything else follows from it.
    pub fn first() -> [(Position, Question); 1] {
        [((0, 0), Question::List)]
    }

    pub fn finish(self, resumed: u64) -> OysterExtracted {
        let plan = self.0.plan();
        let (engagements, list_fault) = self.0.finish();
        OysterExtracted { engagements, list_fault, resumed, plan }
    }
}

impl Inquiry for OysterInquiry<'_> {
    const SERVICE: &'static str = "Oyster";

    type Client = OysterClient;
    type Question = Question;
    type Final = Final;

    async fn ask(client: &OysterClient, question: &Question) -> Result<Final, ApiError> {
        answers::ask(client, question).await
    }

    fn time_for(client: &OysterClient, calls: u64) -> Duration {
        client.time_for(calls)
    }

    fn key(question: &Question) -> CallKey {
        question.key()
    }

    fn to_checkpoint(answer: &Final, key: CallKey, fetched_at: DateTime<Utc>) -> anyhow::Result<Checkpoint> {
        answer.to_checkpoint(key, fetched_at)
    }

    fn from_checkpoint(checkpoint: &Checkpoint) -> anyhow::Result<Final> {
        Final::from_checkpoint(checkpoint)
    }

    fn settle(
        &mut self,
        place: Position,
        question: &Question,
        answer: Final,
        at: DateTime<Utc>,
    ) -> Vec<(Position, Question)> {
        self.0.settle(place, question, answer, at)
    }

    fn fail(&mut self, place: Position, question: &Question, reason: &str) -> Vec<(Position, Question)> {
        self.0.fail(place, question, reason)
    }

    fn forbidden(&mut self, question: &Question) {
        self.0.forbidden(question);
    }

    fn planned(&self) -> u64 {
        self.0.plan().calls_planned
    }

    fn hopeless(&self) -> Option<ExtractError> {
        let forbidden = |asked| ExtractError::Forbidden { service: "Oyster", records: "engagements", asked };
        let absent = |asked| ExtractError::NoEngagement { asked };
        self.0.none_allowed().map(forbidden).or_else(|| self.0.none_readable().map(absent))
    }

    fn credentials(error: ApiError) -> ExtractError {
        ExtractError::OysterCredentials(error)
    }
}
