//! What Benifex is asked: the list in batches, then both parts of each person whom it names.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::answers::{self, Final, Question};
use super::employees::{Employees, Extracted};
use super::line::{Inquiry, Position};
use super::{ExtractError, Options, calls_planned, plan};
use tieout_services::ApiError;
use tieout_services::benifex::BenifexClient;
use tieout_store::{CallKey, Checkpoint};

pub(super) struct BenifexInquiry {
    employees: Employees,
    planned: u64,
}

impl BenifexInquiry {
    pub fn new(population: &[String], fold_id_case: bool) -> BenifexInquiry {
        BenifexInquiry { employees: Employees::new(population, fold_id_case), planned: 0 }
    }

    /// The batches, those with somebody at risk first.
    pub fn first(
        &mut self,
        client: &BenifexClient,
        population: &[String],
        options: &Options,
    ) -> Vec<(Position, Question)> {
        let batches = plan::riskiest_first(client.batches(population), &options.riskiest);
        self.planned = calls_planned(batches.len(), population.len(), 1) as u64;
        (0..).zip(batches).map(|(batch, ids)| ((batch, 0), Question::Users(ids))).collect()
    }

    pub fn finish(self, extraction: i64, resumed: u64) -> Extracted {
        Extracted { extraction, employees: self.employees.finish(), resumed }
    }
}

impl Inquiry for BenifexInquiry {
    const SERVICE: &'static str = "Benifex";

    type Client = BenifexClient;
    type Question = Question;
    type Final = Final;

    async fn ask(client: &BenifexClient, question: &Question) -> Result<Final, ApiError> {
        answers::ask(client, question).await
    }

    fn time_for(client: &BenifexClient, calls: u64) -> Duration {
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
        (batch, _): Position,
        question: &Question,
        answer: Final,
        at: DateTime<Utc>,
    ) -> Vec<(Position, Question)> {
        let next = self.employees.settle(question, answer, at);
        if let Question::Users(ids) = question {
            self.planned -= (2 * ids.len()).saturating_sub(next.len()) as u64;
        }
        (1..).zip(next).map(|(number, question)| ((batch, number), question)).collect()
    }

    fn fail(&mut self, _: Position, question: &Question, reason: &str) -> Vec<(Position, Question)> {
        if let Question::Users(ids) = question {
            self.planned -= 2 * ids.len() as u64;
        }
        self.employees.fail(question, reason);
        Vec::new()
    }

    fn forbidden(&mut self, question: &Question) {
        self.employees.forbidden(question);
    }

    fn planned(&self) -> u64 {
        self.planned
    }

    fn hopeless(&self) -> Option<ExtractError> {
        let asked = self.employees.none_allowed();
        let forbidden = asked.map(|asked| ExtractError::Forbidden { service: "Benifex", records: "users", asked });
        forbidden.or_else(|| self.employees.wrong_prefix().then_some(ExtractError::WrongPrefix))
    }

    fn credentials(error: ApiError) -> ExtractError {
        ExtractError::Credentials(error)
    }
}
