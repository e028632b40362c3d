//! The five Benifex reads as views of the recorded users and benefits. What was recorded is served byte for byte; the
//! list and the summary pick fields of it.

use serde_json::json;
use serde_json::value::RawValue;
use std::collections::HashMap;

use crate::answer::Answer;
use crate::form;
use crate::recorded::{Recorded, User};

/// Greatest `size`; the contract names none, but an answer must have an end.
const PAGE_SIZE_MAX: usize = 1_000;

/// A row of the list: (name, whether it lies under `employment` in the single-user body), in the contract's order.
const LIST_FIELDS: [(&str, bool); 13] = [
    ("id", false),
    ("emailAddress", false),
    ("forename", false),
    ("surname", false),
    ("employeeId", true),
    ("department", true),
    ("jobTitle", true),
    ("location", true),
    ("countryOfWork", true),
    ("dateOfBirth", false),
    ("startDate", true),
    ("businessUnit", true),
    ("gender", false),
];
const SUMMARY_FIELDS: [&str; 4] = ["benefitKey", "title", "benefitLink", "status"];
const NO_BENEFITS: &str = r#"{"currentBenefits":[],"eligibleToAddBenefits":[]}"#;

/// The fields of a JSON object with their text.
type Fields<'a> = HashMap<String, &'a RawValue>;

/// How a list answer departs from the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// A row comes twice.
    pub repeat_row: bool,
    /// Added to the count of all rows.
    pub more_items: usize,
}

/// Answers from the recorded world at one instant.
pub struct Reads<'a> {
    pub recorded: &'a Recorded,
    pub timestamp: &'a str,
}

impl Reads<'_> {
    /// One page of the users of some employee ids.
    pub fn users(&self, query: &str, slip: Slip) -> anyhow::Result<Answer> {
        let query = match ListQuery::parse(query) {
            Ok(query) => query,
            Err(details) => return Ok(Answer::benifex_refusal(&details, self.timestamp)),
        };
        let found = self.recorded.of_employees(query.ids.iter().map(String::as_str));
        let from = query.page.saturating_mul(query.size).min(found.len());
        let to = from.saturating_add(query.size).min(found.len());
        let mut rows = found[from..to].iter().map(|user| self.row(user)).collect::<anyhow::Result<Vec<_>>>()?;
        if slip.repeat_row && !rows.is_empty() {
            // Rows move between two reads: the last of the page before, or of this one, is seen again.
            let again = if from > 0 { self.row(found[from - 1])? } else { self.row(found[to - 1])? };
            rows.insert(0, again);
        }
        let items = found.len() + slip.more_items;
        let pagination = json!({
            "page": query.page,
            "size": query.size,
            "totalPages": items.div_ceil(query.size),
            "totalItems": items,
            "hasNext": to < found.len(),
            "hasPrevious": query.page > 0 && !found.is_empty(),
        });
        let (rows, timestamp) = (rows.join(","), self.timestamp);
        Ok(Answer::json(200, format!(r#"{{"pagination":{pagination},"data":[{rows}],"timestamp":"{timestamp}"}}"#)))
    }

    fn row(&self, user: &User) -> anyhow::Result<String> {
        let record = self.recorded.record(user)?;
        let person: Fields = serde_json::from_str(&record)?;
        let employment: Fields = match person.get("employment") {
            Some(part) => serde_json::from_str::<Option<Fields>>(part.get())?.unwrap_or_default(),
            None => Fields::new(),
        };
        let value = |name: &str, employed: bool| if employed { employment.get(name) } else { person.get(name) };
        Ok(object(LIST_FIELDS.iter().filter_map(|(name, employed)| Some((*name, *value(name, *employed)?)))))
    }

    /// One user by id.
    pub fn user(&self, id: &str) -> anyhow::Result<Answer> {
        let user = match self.present(id) {
            Ok(user) => user,
            Err(answer) => return Ok(answer),
        };
        Ok(self.envelope(&self.recorded.record(user)?))
    }

    /// The long form, as recorded.
    pub fn details(&self, id: &str) -> anyhow::Result<Answer> {
        Ok(match self.benefits(id)? {
            Ok(data) => self.envelope(&data),
            Err(answer) => answer,
        })
    }

    /// The short form.
    pub fn summary(&self, id: &str) -> anyhow::Result<Answer> {
        let data = match self.benefits(id)? {
            Ok(data) => data,
            Err(answer) => return Ok(answer),
        };
        let current = shortened(&data, "currentBenefits")?;
        let eligible = shortened(&data, "eligibleToAddBenefits")?;
        Ok(self.envelope(&format!(r#"{{"currentBenefits":[{current}],"eligibleToAddBenefits":[{eligible}]}}"#)))
    }

    /// One current benefit in the long form.
    pub fn benefit(&self, id: &str, key: &str) -> anyhow::Result<Answer> {
        let data = match self.benefits(id)? {
            Ok(data) => data,
            Err(answer) => return Ok(answer),
        };
        for text in entries(&data, "currentBenefits")? {
            let fields: Fields = serde_json::from_str(text.get())?;
            let known = fields.get("benefitKey").map(|k| serde_json::from_str::<String>(k.get())).transpose()?;
            if known.as_deref() == Some(key) {
                return Ok(self.envelope(text.get()));
            }
        }
        Ok(Answer::benifex_error(404, "NOT_FOUND", "Benefit not found", self.timestamp))
    }

    fn benefits(&self, id: &str) -> anyhow::Result<Result<String, Answer>> {
        let user = match self.present(id) {
            Ok(user) => user,
            Err(answer) => return Ok(Err(answer)),
        };
        Ok(Ok(self.recorded.benefits(user)?.unwrap_or_else(|| NO_BENEFITS.to_owned())))
    }

    fn present(&self, id: &str) -> Result<&User, Answer> {
        match self.recorded.user(id) {
            None => Err(Answer::benifex_error(404, "NOT_FOUND", "User not found", self.timestamp)),
            Some(user) if user.gone => {
                let title = "The requested resource is no longer available";
                Err(Answer::benifex_error(410, "GONE", title, self.timestamp))
            }
            Some(user) => Ok(user),
        }
    }

    fn envelope(&self, data: &str) -> Answer {
        Answer::json(200, format!(r#"{{"data":{data},"timestamp":"{}"}}"#, self.timestamp))
    }
}

/// The parameters of the list.
#[derive(Debug, PartialEq, Eq)]
struct ListQuery {
    ids: Vec<String>,
    page: usize,
    size: usize,
}

impl ListQuery {
    fn parse(query: &str) -> Result<ListQuery, Vec<(&'static str, &'static str, &'static str)>> {
        let pairs = form::pairs(query);
        let ids = employee_ids(&pairs);
        let number = |name| form::all(&pairs, name).next().map(|text| text.parse::<usize>().ok());
        let (page, size) = (number("page"), number("size"));
        let mut wrong = Vec::new();
        if ids.is_empty() {
            wrong.push(("employeeIds", "REQUIRED", "At least one employee id is required"));
        }
        match page {
            None => wrong.push(("page", "REQUIRED", "The page number is required")),
            Some(None) => wrong.push(("page", "INVALID", "Must be a whole number, 0 or more")),
            Some(Some(_)) => {}
        }
        match size {
            None => wrong.push(("size", "REQUIRED", "The page size is required")),
            Some(Some(1..=PAGE_SIZE_MAX)) => {}
            Some(_) => wrong.push(("size", "INVALID", "Must be a whole number from 1 to 1000")),
        }
        match (page, size) {
            (Some(Some(page)), Some(Some(size))) if wrong.is_empty() => Ok(ListQuery { ids, page, size }),
            _ => Err(wrong),
        }
    }
}

/// The employee ids that a list query asks for: comma-joined, repeated or both.
pub fn employee_ids(pairs: &[(String, String)]) -> Vec<String> {
    form::all(pairs, "employeeIds")
        .flat_map(|text| text.split(','))
        .filter(|id| !id.trim().is_empty())
        .map(str::to_owned)
        .collect()
}

fn entries<'a>(data: &'a str, list: &str) -> anyhow::Result<Vec<&'a RawValue>> {
    let fields: Fields = serde_json::from_str(data)?;
    let Some(text) = fields.get(list) else { return Ok(Vec::new()) };
    Ok(serde_json::from_str::<Option<Vec<&RawValue>>>(text.get())?.unwrap_or_default())
}

fn shortened(data: &str, list: &str) -> anyhow::Result<String> {
    let mut rows = Vec::new();
    for text in entries(data, list)? {
        let fields: Fields = serde_json::from_str(text.get())?;
        rows.push(object(SUMMARY_FIELDS.iter().filter_map(|name| Some((*name, *fields.get(*name)?)))));
    }
    Ok(rows.join(","))
}

/// Names are ours and need no escaping.
fn object<'a>(fields: impl Iterator<Item = (&'static str, &'a RawValue)>) -> String {
    let fields: Vec<String> = fields.map(|(name, value)| format!(r#""{name}":{}"#, value.get())).collect();
    format!("{{{}}}", fields.join(","))
}
