//! What a service says when it refuses: one tolerant reader for the four shapes of error body (contracts, 4.4), and
//! the masking that comes before any of it is kept. Bodies of successful answers never pass through here.

use serde_json::Value;

use crate::answer::error::Detail;

/// Characters of a service's message that are kept.
const DETAIL_CHARS_MAX: usize = 200;
/// Words from this length on may be tokens or keys.
const WORD_CHARS_MAX: usize = 24;

/// The gist of an error body: `error.type: error.title` (Benifex), `error.message` and `errors[]` (Oyster), `error`
/// text (Benbase), `error: error_description` (OAuth), else the beginning of the text.
pub fn detail_of(body: &[u8]) -> Detail {
    let said = match serde_json::from_slice::<Value>(body) {
        Ok(json) => from_json(&json),
        Err(_) => None,
    };
    let said =
        said.unwrap_or_else(|| String::from_utf8_lossy(&body[..body.len().min(4 * DETAIL_CHARS_MAX)]).into_owned());
    masked(&said)
}

/// Any text of another program, made fit to keep.
pub fn masked(text: &str) -> Detail {
    let words: Vec<String> = text.split_whitespace().map(mask_word).collect();
    let cut: String = words.join(" ").chars().take(DETAIL_CHARS_MAX).collect();
    Detail(Some(cut).filter(|text| !text.is_empty()))
}

/// Digits may be ids, dates or amounts, `@` makes an e-mail address, long words may be keys.
fn mask_word(word: &str) -> String {
    if word.contains('@') || word.chars().count() > WORD_CHARS_MAX {
        return "…".to_owned();
    }
    word.chars().map(|c| if c.is_numeric() { '#' } else { c }).collect()
}

fn from_json(json: &Value) -> Option<String> {
    let error = &json["error"];
    let parts = match error {
        Value::Object(_) => vec![&error["type"], &error["title"], &error["message"]],
        Value::String(_) => vec![error, &json["error_description"]],
        _ => match &json["errors"] {
            Value::Array(list) => return joined(list.iter().filter_map(from_entry)),
            _ => vec![&json["message"], &json["title"]],
        },
    };
    joined(parts.into_iter().filter_map(Value::as_str).map(str::to_owned))
}

/// One of Oyster's `errors[]`: text, or an object with some of these keys.
fn from_entry(entry: &Value) -> Option<String> {
    match entry {
        Value::String(text) => Some(text.clone()),
        _ => joined(
            ["code", "type", "field", "title", "message", "detail"]
                .iter()
                .filter_map(|key| entry[key].as_str())
                .map(str::to_owned),
        ),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let text = parts.filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(": ");
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        assert_eq!(detail_of(body.as_bytes()).0.as_deref().unwrap_or(""), expected, "{body}");
    }

    #[test]
    fn the_shapes_of_error_bodies_are_read() {
        check(
            r#"{"error":{"type":"NOT_FOUND","title":"User not found"},"timestamp":"x"}"#,
            "NOT_FOUND: User not found",
        );
        check(r#"{"error":"Employee unknown","details":{"employee_id":"1"}}"#, "Employee unknown");
        check(r#"{"errors":[{"field":"planId","message":"is wrong"},"and more"]}"#, "planId: is wrong: and more");
        check(r#"{"error":{"message":"Rate limited"}}"#, "Rate limited");
        check(r#"{"error":"invalid_client","error_description":"No such client."}"#, "invalid_client: No such client.");
        check("Bad\n  Gateway", "Bad Gateway");
        check(r#"["odd"]"#, r#"["odd"]"#);
        check("", "");
    }

    #[test]
    fn ids_dates_addresses_and_tokens_are_masked() {
        check("User 00123 born 1991-11-11 (amara@example.com) is gone", "User ##### born ####-##-## … is gone");
        check("token eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3Njc refused", "token … refused");
    }

    proptest! {
        #[test]
        fn no_body_yields_a_digit_or_a_long_text(body in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let text = detail_of(&body).0.unwrap_or_default();
            prop_assert!(text.chars().count() <= DETAIL_CHARS_MAX);
            prop_assert!(!text.chars().any(|c| c.is_ascii_digit()));
        }
    }
}
