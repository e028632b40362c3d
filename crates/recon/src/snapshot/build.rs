//! The tables of a snapshot from answers that come employee by employee, sorted by id, as an extraction ends with them.

use chrono::{DateTime, Utc};
use polars::prelude::PolarsResult;

use crate::snapshot::schema::{BenefitRow, BenefitsBuilder, PopulationBuilder, PopulationRow, UserRow, UsersBuilder};
use crate::snapshot::{Outcome, Tables};
use tieout_model::records::benifex::{BenefitRecord, UserRecord};

/// Why nobody may judge an employee whom the list named several times.
pub const SEVERAL_USERS: &str = "several users for one employee id";
/// The list named the user, and reading it answered 410.
pub const GONE: &str = "listed, and then gone (410)";
/// The list named the user, and reading it answered 404.
pub const NOT_FOUND: &str = "listed, and then not found (404)";

/// Why nobody may judge an employee one `part` of whose data (`user`, `benefits`) could not be had.
pub fn part_reason(part: &str, reason: impl std::fmt::Display) -> String {
    format!("{part}: {reason}")
}

/// A person who was found: record and current benefits, each with the time of its answer.
#[derive(Clone, Debug)]
pub struct PersonAnswers {
    pub user: UserRecord,
    pub user_fetched_at: DateTime<Utc>,
    pub benefits: Vec<BenefitRecord>,
    pub benefits_fetched_at: DateTime<Utc>,
}

/// Grows the three tables. Employees must come in the order of their ids, each once.
pub struct Builder {
    population: PopulationBuilder,
    users: UsersBuilder,
    benefits: BenefitsBuilder,
    next: u32,
    last: Option<String>,
}

impl Builder {
    /// Room for this many employees.
    pub fn new(employees: usize) -> Builder {
        Builder {
            population: PopulationBuilder::new(employees),
            users: UsersBuilder::new(employees),
            benefits: BenefitsBuilder::new(employees),
            next: 0,
            last: None,
        }
    }

    /// Adds one employee id: found with a person, unverified with a reason, or not found with neither.
    pub fn push(
        &mut self,
        employee_id: &str,
        answer: Result<Option<PersonAnswers>, &str>,
        batch_inconsistent: bool,
        listed_at: Option<DateTime<Utc>>,
    ) {
        assert!(self.last.as_deref() < Some(employee_id), "employees come sorted by id, each once");
        let emp = self.next;
        let (outcome, reason) = match &answer {
            Ok(Some(_)) => (Outcome::Found, None),
            Ok(None) => (Outcome::NotFound, None),
            Err(reason) => (Outcome::Unverified, Some(*reason)),
        };
        let fetched_us = listed_at.map(|time| time.timestamp_micros());
        self.population.push(&PopulationRow {
            emp,
            employee_id,
            outcome,
            reason,
            batch_inconsistent,
            fetched_us,
            benbase_id: None,
        });
        if let Ok(Some(person)) = answer {
            self.push_person(emp, person);
        }
        self.next += 1;
        self.last = Some(employee_id.to_owned());
    }

    fn push_person(&mut self, emp: u32, mut person: PersonAnswers) {
        let fetched_us = person.user_fetched_at.timestamp_micros();
        self.users.push(&UserRow { emp, user: &person.user, fetched_us });
        // Stable: a benefit that stands there twice keeps the order of the answer.
        person.benefits.sort_by(|a, b| a.benefit.cmp(&b.benefit));
        let fetched_us = person.benefits_fetched_at.timestamp_micros();
        for benefit in &person.benefits {
            self.benefits.push(&BenefitRow { emp, benefit, fetched_us });
        }
    }

    /// The tables, without Oyster's.
    pub fn finish(self) -> PolarsResult<Tables> {
        Ok(Tables {
            population: self.population.finish()?,
            users: self.users.finish()?,
            benefits: self.benefits.finish()?,
            oyster: None,
        })
    }
}
