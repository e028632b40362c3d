//! Recorded answers, one a line as a world has them, through the same conversion as answers over HTTP: whatever the
//! client makes of an answer, this makes of its recording. No network; the files are read elsewhere.

use serde::Deserialize;

use crate::ApiError;
use crate::answer::json::{Raw, scalar};
use crate::benifex::convert;
use crate::benifex::dates::Dates;
use crate::benifex::wire::{Benefits, Envelope, User};
use crate::recorded::{BadLine, parse};
use tieout_model::ids::BenifexUserId;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::records::benifex::{BenefitRecord, UserRecord};

/// Mark of a user whose reads answer 410.
const GONE_MARK: &[u8] = b"\"_gone\"";

/// One line of `benifex/users.ndjson`.
#[derive(Debug)]
pub struct RecordedUser {
    pub user_id: BenifexUserId,
    /// Trimmed; without one the list can't name the user.
    pub employee_id: Option<String>,
    /// What reading the user answers.
    pub record: Result<UserRecord, ApiError>,
}

/// One line of `benifex/benefits.ndjson`.
#[derive(Debug)]
pub struct RecordedBenefits {
    pub user_id: BenifexUserId,
    /// What reading the detailed benefits answers.
    pub benefits: Result<Vec<BenefitRecord>, ApiError>,
}

#[derive(Deserialize)]
struct UserHead {
    id: Raw,
    employment: Option<EmploymentHead>,
    #[serde(default, rename = "_gone")]
    gone: bool,
}

#[derive(Deserialize)]
struct EmploymentHead {
    #[serde(rename = "employeeId")]
    employee_id: Raw,
}

#[derive(Deserialize)]
struct BenefitsLine {
    #[serde(rename = "userId")]
    user_id: Raw,
    data: Option<Benefits>,
}

#[derive(Deserialize)]
struct BenefitsHead {
    #[serde(rename = "userId")]
    user_id: Raw,
}

/// Reads one user.
pub fn user(line: &[u8], placeholders: &PlaceholderDates) -> Result<RecordedUser, BadLine> {
    let marked = line.windows(GONE_MARK.len()).any(|part| part == GONE_MARK);
    let Ok(user) = serde_json::from_slice::<User>(line) else { return unreadable_user(line) };
    if marked {
        return unreadable_user(line).map(|head| with_record(head, user, placeholders));
    }
    let user_id = BenifexUserId::new(id(&user.id)?);
    let record = convert::user(&user_id, Envelope { data: Some(user), user_id: None }, placeholders);
    let employee_id = record.as_ref().ok().and_then(|user| user.employee_id.clone());
    Ok(RecordedUser { user_id, employee_id, record })
}

/// Reads the benefits of one user.
pub fn benefits(line: &[u8], dates: &Dates<'_>) -> Result<RecordedBenefits, BadLine> {
    let Ok(BenefitsLine { user_id, data }) = serde_json::from_slice(line) else {
        let head: BenefitsHead = parse(line)?;
        return Ok(RecordedBenefits { user_id: id(&head.user_id)?.into(), benefits: Err(misfit()) });
    };
    let user_id = BenifexUserId::new(id(&user_id)?);
    let benefits = convert::benefits(&user_id, Envelope { data, user_id: None }, dates);
    Ok(RecordedBenefits { user_id, benefits })
}

/// A user of whom no more than the head can be used.
fn unreadable_user(line: &[u8]) -> Result<RecordedUser, BadLine> {
    let UserHead { id: user_id, employment, gone } = parse(line)?;
    let employee_id = employment.and_then(|employment| scalar(&employment.employee_id).ok().flatten());
    let record = Err(if gone { ApiError::Gone { detail: Default::default() } } else { misfit() });
    Ok(RecordedUser { user_id: id(&user_id)?.into(), employee_id, record })
}

/// The mark may say that the user is not gone, or stand in a text.
fn with_record(head: RecordedUser, user: User, placeholders: &PlaceholderDates) -> RecordedUser {
    match head.record {
        Err(ApiError::Gone { .. }) => head,
        _ => {
            let answer = Envelope { data: Some(user), user_id: None };
            RecordedUser { record: convert::user(&head.user_id, answer, placeholders), ..head }
        }
    }
}

fn id(raw: &Raw) -> Result<String, BadLine> {
    let id = scalar(raw).ok().flatten();
    id.ok_or_else(|| BadLine { what: "it holds no id of a user".into() })
}

fn misfit() -> ApiError {
    ApiError::Broken { what: "its shape is not the one of the contract", detail: Default::default() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn user(line: &[u8]) -> Result<RecordedUser, BadLine> {
        super::user(line, &PlaceholderDates::default())
    }

    #[test]
    fn a_recorded_user_is_read_as_the_client_reads_it() {
        let line =
            br#"{"id":"u1","forename":" Ada ","employment":{"employeeId":" 007 ","salaryDetails":{"salary":10.50}}}"#;
        let user = user(line).expect("a user");
        assert_eq!((user.user_id.as_str(), user.employee_id.as_deref()), ("u1", Some("007")));
        let record = user.record.expect("readable");
        assert_eq!((record.first_name.as_deref(), record.salary), (Some("Ada"), Some(105_000)));
    }

    #[test]
    fn a_user_who_is_gone_is_still_listed() {
        let gone = user(br#"{"id":"u1","_gone":true,"employment":{"employeeId":"7"}}"#).expect("a user");
        assert!(matches!(gone.record, Err(ApiError::Gone { .. })) && gone.employee_id.as_deref() == Some("7"));
        let there = user(br#"{"id":"u1","_gone":false,"employment":{"employeeId":"7"}}"#).expect("a user");
        assert!(there.record.is_ok() && there.employee_id.as_deref() == Some("7"));
    }

    #[test]
    fn a_shape_that_does_not_fit_spoils_its_user_and_no_json_spoils_the_world() {
        let odd = user(br#"{"id":"u1","address":"a street","employment":{"employeeId":"7"}}"#).expect("a user");
        assert!(matches!(odd.record, Err(ApiError::Broken { .. })) && odd.employee_id.as_deref() == Some("7"));
        let secret = user(br#"{"id":"u1","forename":"Ada"#).expect_err("no JSON");
        assert!(!secret.to_string().contains("Ada"));
        assert!(user(br#"{"forename":"Ada"}"#).is_err());
    }

    #[test]
    fn benefits_without_a_list_prove_nothing() {
        let layouts = BTreeMap::new();
        let dates = Dates { layouts: &layouts, placeholders: &PlaceholderDates::default() };
        let read = |line: &[u8]| benefits(line, &dates).expect("a line").benefits;
        assert!(read(br#"{"userId":"u1","data":{"currentBenefits":[]}}"#).is_ok_and(|none| none.is_empty()));
        assert!(read(br#"{"userId":"u1","data":null}"#).is_err());
        assert!(read(br#"{"userId":"u1","data":{"currentBenefits":7}}"#).is_err());
    }
}
