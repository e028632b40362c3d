//! Why Oyster refused a write, for a person: each of `errors[]` with its field in the spelling of the request, else
//! what any other error body says. Words are masked as everywhere.

use serde::Deserialize;

use crate::answer::refusal::{detail_of, masked};

/// Entries of `errors[]` that are kept.
const ERRORS_MAX: usize = 20;
/// Characters of the longest field path that is kept.
const FIELD_CHARS_MAX: usize = 80;
/// Digits of a field path; an id has more.
const FIELD_DIGITS_MAX: usize = 2;

#[derive(Deserialize)]
struct Refusal {
    errors: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    message: Option<String>,
    field: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// The reason in the body of a refusal; blank when it gives none.
pub(super) fn of(body: &[u8]) -> String {
    let Ok(refusal) = serde_json::from_slice::<Refusal>(body) else { return detail_of(body).0.unwrap_or_default() };
    let entries = refusal.errors.into_iter().take(ERRORS_MAX).map(text_of);
    entries.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
}

fn text_of(entry: Entry) -> String {
    let words = |text: Option<String>| text.and_then(|text| masked(&text).0);
    let field = entry.field.as_deref().map(in_snake_case);
    let named: Vec<String> = [field, words(entry.message)].into_iter().flatten().collect();
    let kind = words(entry.kind).map(|kind| format!(" ({kind})")).unwrap_or_default();
    format!("{}{kind}", named.join(": "))
}

/// `package.plans.0.employerContributions` → `package.plans.0.employer_contributions`; what is no path is hidden.
fn in_snake_case(field: &str) -> String {
    let is_path = field.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.[]".contains(&b));
    let digits = field.bytes().filter(u8::is_ascii_digit).count();
    if !is_path || digits > FIELD_DIGITS_MAX || field.len() > FIELD_CHARS_MAX {
        return "…".to_owned();
    }
    let mut text = String::with_capacity(field.len());
    for letter in field.chars() {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        assert_eq!(of(body.as_bytes()), expected, "{body}");
    }

    #[test]
    fn every_shape_of_refusal_is_told() {
        check(
            r#"{"errors":[{"field":"package.id","message":"Package id is not available","type":"INVALID_PACKAGE"}]}"#,
            "package.id: Package id is not available (INVALID_PACKAGE)",
        );
        check(
            r#"{"errors":[{"field":"supplementary.plans.0.employerContributions.teamMember","message":"Out of range"},{"message":"And more"}]}"#,
            "supplementary.plans.0.employer_contributions.team_member: Out of range; And more",
        );
        check(r#"{"errors":[{"message":"Engagement is already engaged"}]}"#, "Engagement is already engaged");
        check(r#"{"error":{"message":"Scope manage is missing"}}"#, "Scope manage is missing");
        check(r#"{"error":"invalid_token","error_description":"Expired"}"#, "invalid_token: Expired");
        check(r#"{"errors":["odd"]}"#, "odd");
        check("", "");
    }

    #[test]
    fn a_field_that_is_no_path_and_an_address_in_a_message_are_hidden() {
        check(r#"{"errors":[{"field":"Jane Doe","message":"a@b.example is no admin 007"}]}"#, "…: … is no admin ###");
        check(r#"{"errors":[{"field":"a1234567","message":"x"}]}"#, "…: x");
    }

    proptest! {
        #[test]
        fn any_body_gives_a_bounded_reason(body in proptest::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(of(&body).len() <= 4_000);
        }
    }
}
