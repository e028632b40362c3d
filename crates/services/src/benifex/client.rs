//! The five documented reads of Benifex. Each returns records; `raw` returns the answer as it came, for a person to
//! look at. Which calls a night needs, and what an absent user means, is decided by the caller.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;
use tokio::sync::watch;

use super::convert;
use super::dates::Dates;
use super::paging::{Page, Walk};
use super::wire::{Benefits, Envelope, User, UserList};
use crate::address::{query_value, segment};
use crate::settings::{self, EmployeeIdsStyle};
use crate::transport::http::{Credential, Transport, Wiring};
use crate::{ApiError, CallSink, Clock, Credentials, RetryPolicy, Slots};
use tieout_model::dates::DateLayout;
use tieout_model::ids::BenifexUserId;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::records::benifex::{BenefitRecord, UserBatch, UserRecord};

/// URLs stay below this, in bytes: servers and proxies cut or refuse longer ones.
const URL_BYTES_MAX: usize = 2_000;
/// Room for `?employeeIds=`, `&page=` and `&size=` with any number.
const PAGING_BYTES: usize = 64;
/// Between ids in the comma style.
const SEPARATOR: char = ',';

const USERS: &str = "/users";
const USER: &str = "/users/{user-id}";
const SUMMARY: &str = "/users/{user-id}/benefits/summary";
const DETAILS: &str = "/users/{user-id}/benefits/details";
const BENEFIT: &str = "/users/{user-id}/benefits/{benefit-key}/summary";

/// The reader of one Benifex connection.
pub struct BenifexClient {
    transport: Transport,
    benefits_prefix: String,
    style: EmployeeIdsStyle,
    users_batch: usize,
    page_size: usize,
    first_page: u32,
    date_layouts: BTreeMap<String, DateLayout>,
    placeholder_dates: PlaceholderDates,
}

/// One documented operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// One page of the users with these employee ids; `page` counts from the job's `first_page`, absent = that one.
    Users {
        ids: Vec<String>,
        page: Option<u32>,
    },
    User {
        user_id: BenifexUserId,
    },
    Summary {
        user_id: BenifexUserId,
    },
    Details {
        user_id: BenifexUserId,
    },
    /// One benefit, long form.
    Benefit {
        user_id: BenifexUserId,
        key: String,
    },
}

impl BenifexClient {
    /// Prepares the connection; sends nothing. Errors name the setting that is wrong.
    pub fn connect(
        settings: &settings::BenifexAccess,
        credentials: Credentials,
        sink: CallSink,
        clock: Clock,
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<BenifexClient> {
        let credential = Credential::ClientCredentials {
            token_url: &settings.token_url,
            credentials,
            scope: settings.scope.clone(),
        };
        let wiring = Wiring { sink, clock, cancel };
        Ok(BenifexClient {
            transport: Transport::new("benifex", &settings.base_url, credential, &settings.http, wiring)?,
            benefits_prefix: settings.benefits_prefix.trim_end_matches('/').to_owned(),
            style: settings.employee_ids_style,
            users_batch: settings.users_batch.max(1),
            page_size: settings.page_size.max(1),
            first_page: settings.first_page,
            date_layouts: settings.date_layouts.clone(),
            placeholder_dates: settings.placeholder_dates.clone(),
        })
    }

    /// Takes its slots from those that the whole machine has for this credential.
    #[must_use]
    pub fn sharing(mut self, slots: Arc<dyn Slots>) -> Self {
        self.transport.share_slots(slots);
        self
    }

    /// The time that so many further calls take under the limit and at the pace of the latest ones, without faults.
    pub fn time_for(&self, calls: u64) -> std::time::Duration {
        self.transport.time_for(calls)
    }

    /// The same with another patience than the job's limits give.
    #[must_use]
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.transport.set_policy(policy);
        self
    }

    /// Splits employee ids, in order, into batches that one call can ask for. An id that cannot share a call, or be
    /// asked for at all, is alone in its batch.
    pub fn batches(&self, ids: &[String]) -> Vec<Vec<String>> {
        let room = URL_BYTES_MAX.saturating_sub(self.transport.url_len(USERS) + PAGING_BYTES);
        let mut batches: Vec<Vec<String>> = Vec::new();
        let mut used = usize::MAX;
        for id in ids {
            let cost = self.query_cost(id);
            let alone = self.is_ambiguous(id);
            let fits =
                batches.last().is_some_and(|batch| batch.len() < self.users_batch) && used.saturating_add(cost) < room;
            match batches.last_mut() {
                Some(batch) if fits && !alone => batch.push(id.clone()),
                _ => {
                    batches.push(vec![id.clone()]);
                    used = 0;
                }
            }
            used = if alone { usize::MAX } else { used.saturating_add(cost) };
        }
        batches
    }

    /// Reads all users of one batch of employee ids. A walk over the pages that contradicts itself is repeated once.
    pub async fn users(&self, employee_ids: &[String]) -> Result<UserBatch, ApiError> {
        let first = self.walk(employee_ids).await?;
        if first.inconsistencies.is_empty() {
            return Ok(first);
        }
        tracing::debug!(contradictions = ?first.inconsistencies, "the pages of a batch contradict each other; read again");
        self.walk(employee_ids).await
    }

    /// Reads one user.
    pub async fn user(&self, user_id: &BenifexUserId) -> Result<UserRecord, ApiError> {
        let path = format!("/users/{}", segment(user_id.as_str())?);
        let answer = self.transport.get::<Envelope<User>>(USER, &path).await?;
        convert::user(user_id, answer, &self.placeholder_dates)
    }

    /// Reads the current benefits of one user, with money and dates, sorted by key.
    pub async fn benefits(&self, user_id: &BenifexUserId) -> Result<Vec<BenefitRecord>, ApiError> {
        let path = format!("{}/users/{}/benefits/details", self.benefits_prefix, segment(user_id.as_str())?);
        let answer = self.transport.get::<Envelope<Benefits>>(&self.prefixed(DETAILS), &path).await?;
        let dates = Dates { layouts: &self.date_layouts, placeholders: &self.placeholder_dates };
        convert::benefits(user_id, answer, &dates)
    }

    /// The answer of one operation as it came, numbers to the last digit.
    pub async fn raw(&self, operation: &Operation) -> Result<Box<RawValue>, ApiError> {
        let (template, path) = match operation {
            Operation::Users { ids, page } => {
                (USERS.to_owned(), self.users_path(ids, page.unwrap_or(self.first_page))?)
            }
            Operation::User { user_id } => (USER.to_owned(), format!("/users/{}", segment(user_id.as_str())?)),
            Operation::Summary { user_id } => (self.prefixed(SUMMARY), self.benefits_path(user_id, "summary")?),
            Operation::Details { user_id } => (self.prefixed(DETAILS), self.benefits_path(user_id, "details")?),
            Operation::Benefit { user_id, key } => {
                (self.prefixed(BENEFIT), self.benefits_path(user_id, &format!("{}/summary", segment(key)?))?)
            }
        };
        self.transport.raw(&template, &path).await
    }

    async fn walk(&self, employee_ids: &[String]) -> Result<UserBatch, ApiError> {
        let mut walk = Walk::new(employee_ids, self.first_page);
        loop {
            let path = self.users_path(employee_ids, walk.next())?;
            let page = Page::read(self.transport.get::<UserList>(USERS, &path).await?)?;
            if !walk.take(page) {
                return Ok(walk.finish());
            }
        }
    }

    fn prefixed(&self, template: &str) -> String {
        format!("{}{template}", self.benefits_prefix)
    }

    fn benefits_path(&self, user_id: &BenifexUserId, rest: &str) -> Result<String, ApiError> {
        Ok(format!("{}/users/{}/benefits/{rest}", self.benefits_prefix, segment(user_id.as_str())?))
    }

    fn users_path(&self, ids: &[String], page: u32) -> Result<String, ApiError> {
        if ids.iter().any(|id| id.trim().is_empty()) || ids.is_empty() {
            return Err(ApiError::Unsendable { why: "a blank employee id would ask for everybody" });
        }
        if ids.iter().any(|id| self.is_ambiguous(id)) {
            return Err(ApiError::Unsendable {
                why: "the employee id holds a comma, which separates ids; set employee_ids_style = \"repeat\"",
            });
        }
        let values = ids.iter().map(|id| query_value(id.trim()));
        let ids = match self.style {
            EmployeeIdsStyle::Comma => format!("employeeIds={}", values.collect::<Vec<_>>().join(",")),
            EmployeeIdsStyle::Repeat => values.map(|id| format!("employeeIds={id}")).collect::<Vec<_>>().join("&"),
        };
        let path = format!("{USERS}?{ids}&page={page}&size={}", self.page_size);
        if self.transport.url_len(&path) >= URL_BYTES_MAX {
            return Err(ApiError::Unsendable { why: "the employee ids make the URL too long" });
        }
        Ok(path)
    }

    fn is_ambiguous(&self, id: &str) -> bool {
        self.style == EmployeeIdsStyle::Comma && id.contains(SEPARATOR)
    }

    /// Bytes that an id adds to the URL, its separator or key included.
    fn query_cost(&self, id: &str) -> usize {
        let key = match self.style {
            EmployeeIdsStyle::Comma => SEPARATOR.len_utf8(),
            EmployeeIdsStyle::Repeat => "&employeeIds=".len(),
        };
        key + query_value(id.trim()).len()
    }
}
