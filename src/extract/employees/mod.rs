//! What is known of each employee so far, and what follows at the end: found, not found, or unverified with a reason.
//! Pure: answers in, next questions out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::answers::{Final, Question};
use super::line::FORBIDDEN_MIN;
use tieout_model::records::benifex::{BenefitRecord, ListedUser, UserBatch, UserRecord};
use tieout_recon::snapshot::{Builder, GONE, NOT_FOUND, PersonAnswers, SEVERAL_USERS, Tables, part_reason};
use tieout_store::FinalAnswer;

const INCONSISTENT: &str = "the list that should have named it contradicted itself";
const OTHER_EMPLOYEE: &str = "the record of its user names another employee id than the list";
const MISNAMED: &str = "the list leaves it out, and the record of a user that it names otherwise has this id";
const NOT_ASKED: &str = "not asked for";
const NOBODY_FOUND: &str =
    "the service knows nobody at all who was asked for; check base_url and employee_ids_style of the job";

/// One employee at the end of an extraction.
#[derive(Clone, Debug)]
pub struct Employee {
    pub employee_id: String,
    /// Found, not found, or the reason why nobody may judge.
    pub answer: Result<Option<PersonAnswers>, String>,
    /// The page walk that this id was part of contradicted itself.
    pub batch_inconsistent: bool,
    pub listed_at: Option<DateTime<Utc>>,
}

/// What one night fetched.
#[derive(Clone, Debug)]
pub struct Extracted {
    /// Id in the store, for the call log and the end of the extraction.
    pub extraction: i64,
    /// Sorted by employee id.
    pub employees: Vec<Employee>,
    /// Answers taken over from an interrupted run.
    pub resumed: u64,
}

impl Extracted {
    /// Nobody is unverified.
    pub fn complete(&self) -> bool {
        self.employees.iter().all(|employee| employee.answer.is_ok())
    }

    /// The tables to seal.
    pub fn into_tables(self) -> anyhow::Result<Tables> {
        let mut builder = Builder::new(self.employees.len());
        for employee in self.employees {
            let Employee { employee_id, answer, batch_inconsistent, listed_at } = employee;
            match answer {
                Ok(person) => builder.push(&employee_id, Ok(person), batch_inconsistent, listed_at),
                Err(reason) => builder.push(&employee_id, Err(&reason), batch_inconsistent, listed_at),
            }
        }
        Ok(builder.finish()?)
    }
}

/// One of the two parts of a person.
#[derive(Clone, Debug, Default)]
pub(super) enum Part<T> {
    #[default]
    Pending,
    Have(T, DateTime<Utc>),
    Absent(FinalAnswer),
    Failed(String),
}

#[derive(Clone, Debug, Default)]
struct State {
    listed_at: Option<DateTime<Utc>>,
    batch_inconsistent: bool,
    /// What the list did wrong, or the record.
    fault: Option<String>,
    /// The list named exactly one user.
    has_user: bool,
    user: Part<UserRecord>,
    benefits: Part<Vec<BenefitRecord>>,
}

/// Everybody who is asked for.
pub(super) struct Employees {
    states: BTreeMap<String, State>,
    fold_id_case: bool,
    /// The employees of the first batch that named users: whether the benefit paths exist shows in them.
    probe: Option<Vec<String>>,
    /// Employees of whom a part may not be read.
    forbidden: BTreeSet<String>,
    /// Employees whom the record of a user names for whom the list names somebody else.
    misnamed: BTreeSet<String>,
}

impl Employees {
    pub fn new(population: &[String], fold_id_case: bool) -> Employees {
        let states = population.iter().map(|id| (id.clone(), State::default())).collect();
        Employees { states, fold_id_case, probe: None, forbidden: BTreeSet::new(), misnamed: BTreeSet::new() }
    }

    /// Takes in a final answer; returns what to ask next.
    pub fn settle(&mut self, question: &Question, answer: Final, at: DateTime<Utc>) -> Vec<Question> {
        match (question, answer) {
            (Question::Users(ids), Final::Users(batch)) => return self.listed(ids, batch, at),
            (Question::User { employee_id, user_id }, Final::User(user)) => {
                let fold = self.fold_id_case;
                let other = user.employee_id.clone().filter(|id| !same_id(id, employee_id, fold));
                let state = self.state(employee_id);
                if (other.is_some() || user.user_id != *user_id) && state.fault.is_none() {
                    state.fault = Some(OTHER_EMPLOYEE.into());
                }
                state.user = Part::Have(*user, at);
                self.misnamed.extend(other);
            }
            (Question::Benefits { employee_id, .. }, Final::Benefits(benefits)) => {
                self.state(employee_id).benefits = Part::Have(benefits, at);
            }
            (Question::User { employee_id, .. }, Final::Absent(answer)) => {
                self.state(employee_id).user = Part::Absent(answer);
            }
            (Question::Benefits { employee_id, .. }, Final::Absent(answer)) => {
                self.state(employee_id).benefits = Part::Absent(answer);
            }
            _ => self.fail(question, "the answer does not belong to its question"),
        }
        Vec::new()
    }

    /// Takes in that a question has no answer tonight.
    pub fn fail(&mut self, question: &Question, reason: &str) {
        match question {
            Question::Users(ids) => {
                for id in ids {
                    self.state(id).fault = Some(part_reason("list of users", reason));
                }
            }
            Question::User { employee_id, .. } => self.state(employee_id).user = Part::Failed(reason.into()),
            Question::Benefits { employee_id, .. } => self.state(employee_id).benefits = Part::Failed(reason.into()),
        }
    }

    /// Takes in that the service refuses to show a part of an employee.
    pub fn forbidden(&mut self, question: &Question) {
        if let Question::User { employee_id, .. } | Question::Benefits { employee_id, .. } = question {
            self.forbidden.insert(employee_id.clone());
        }
    }

    /// How many users the first batch names when none of them may be read in full.
    pub fn none_allowed(&self) -> Option<usize> {
        let probe = self.probe.as_ref().filter(|probe| probe.len() >= FORBIDDEN_MIN)?;
        probe.iter().all(|id| self.forbidden.contains(id)).then_some(probe.len())
    }

    /// Every user of the first batch is there, and none of them has benefits at this path.
    pub fn wrong_prefix(&self) -> bool {
        let Some(probe) = &self.probe else { return false };
        // A user who is gone as well says nothing about the path.
        let present = |state: &&State| !matches!(state.user, Part::Absent(_));
        let mut states = probe.iter().filter_map(|id| self.states.get(id)).filter(present).peekable();
        let path_missing = |state: &State| matches!((&state.user, &state.benefits), (Part::Have(..), Part::Absent(_)));
        states.peek().is_some() && states.all(path_missing)
    }

    /// How everybody ended, sorted by id.
    pub fn finish(mut self) -> Vec<Employee> {
        // Whom the list leaves out because it names another employee in their place is not absent.
        let (fold, misnamed) = (self.fold_id_case, std::mem::take(&mut self.misnamed));
        for (id, state) in self.states.iter_mut().filter(|(_, state)| !state.has_user && state.fault.is_none()) {
            if misnamed.iter().any(|other| same_id(other, id, fold)) {
                state.fault = Some(MISNAMED.into());
            }
        }
        // A service that reads the parameter in another way answers with an empty list, and that is no absence.
        // Calls that failed say nothing either way, and an id of several users was named.
        let named = |state: &State| state.has_user || state.fault.as_deref() == Some(SEVERAL_USERS);
        let listed = |state: &State| state.listed_at.is_some();
        let nobody = self.states.len() > 1 && self.states.values().any(listed) && !self.states.values().any(named);
        let states = self.states.into_iter();
        states.map(|(id, state)| state.finish(id, nobody.then_some(NOBODY_FOUND))).collect()
    }

    fn listed(&mut self, ids: &[String], batch: UserBatch, at: DateTime<Utc>) -> Vec<Question> {
        let fold = self.fold_id_case;
        let strangers = batch.users.iter().any(|user| !ids.iter().any(|id| same_id(id, &user.employee_id, fold)));
        let inconsistent = strangers || !batch.inconsistencies.is_empty();
        let mut questions = Vec::new();
        let mut named = Vec::new();
        for id in ids {
            let users: Vec<_> = batch.users.iter().filter(|user| same_id(id, &user.employee_id, fold)).collect();
            let state = self.state(id);
            (state.listed_at, state.batch_inconsistent) = (Some(at), inconsistent);
            match users.as_slice() {
                [] if inconsistent => state.fault = Some(INCONSISTENT.into()),
                [] => {}
                [user] => {
                    state.has_user = true;
                    questions.extend(both_parts(id, user));
                    named.push(id.clone());
                }
                // Their records tell whether one of them is somebody else.
                several => {
                    state.fault = Some(SEVERAL_USERS.into());
                    questions.extend(several.iter().map(|user| both_parts(id, user)[0].clone()));
                }
            }
        }
        if self.probe.is_none() && !named.is_empty() {
            self.probe = Some(named);
        }
        questions
    }

    fn state(&mut self, id: &str) -> &mut State {
        self.states.entry(id.to_owned()).or_default()
    }
}

impl State {
    fn finish(self, employee_id: String, nobody: Option<&str>) -> Employee {
        let State { listed_at, batch_inconsistent, fault, has_user, user, benefits } = self;
        let absent = |part, answer| Err(part_reason(part, if answer == FinalAnswer::Gone { GONE } else { NOT_FOUND }));
        let answer = match (fault.or(nobody.map(Into::into)), user, benefits) {
            (Some(fault), ..) => Err(fault),
            (None, Part::Have(user, user_fetched_at), Part::Have(benefits, benefits_fetched_at)) => {
                Ok(Some(PersonAnswers { user, user_fetched_at, benefits, benefits_fetched_at }))
            }
            // The user first, whichever answer came first: the reason is the same from night to night.
            (None, Part::Absent(answer), _) => absent("user", answer),
            (None, Part::Failed(reason), _) => Err(part_reason("user", reason)),
            (None, _, Part::Absent(answer)) => absent("benefits", answer),
            (None, _, Part::Failed(reason)) => Err(part_reason("benefits", reason)),
            (None, ..) if !has_user && listed_at.is_some() => Ok(None),
            _ => Err(NOT_ASKED.into()),
        };
        Employee { employee_id, answer, batch_inconsistent, listed_at }
    }
}

fn both_parts(employee_id: &str, user: &ListedUser) -> [Question; 2] {
    let (employee_id, user_id) = (employee_id.to_owned(), user.user_id.clone());
    [
        Question::User { employee_id: employee_id.clone(), user_id: user_id.clone() },
        Question::Benefits { employee_id, user_id },
    ]
}

fn same_id(a: &str, b: &str, fold_case: bool) -> bool {
    a == b || (fold_case && a.to_uppercase() == b.to_uppercase())
}

#[cfg(test)]
mod tests;
