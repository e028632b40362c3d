//! What is kept of Benbase's words. The reason of a refusal is for a person, so its words stay, without digits,
//! addresses, long words and every word of what was sent. Of the body of a success only the shape stays.

use std::collections::BTreeSet;

use serde_json::Value;

/// Of a body of success this much is kept.
const EXCERPT_BYTES_MAX: usize = 2 * 1024;
/// Entries of a refusal's `details` that are kept.
const DETAILS_MAX: usize = 20;
/// Characters of one message that are kept.
const MESSAGE_CHARS_MAX: usize = 200;
/// Words from this length on may be keys.
const WORD_CHARS_MAX: usize = 24;
/// Digits of a field's path; an id has more.
const PATH_DIGITS_MAX: usize = 2;
/// In every Benbase key.
const KEY_MARK: &str = "sk_";
const HIDDEN: &str = "…";

/// The beginning of a body of success: of JSON, whole or cut, only the shape; else its words, masked.
pub fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(EXCERPT_BYTES_MAX)]);
    let text = text.trim_start();
    if text.starts_with(['{', '[', '"']) { hide_values(text, |_| false) } else { masked(text, &BTreeSet::new()) }
}

/// Why a change was refused: `error` and `details` where the body has them, else the beginning of the text.
pub fn reason(body: &[u8], sent: &str) -> String {
    let sent = words_of(sent);
    let Ok(json) = serde_json::from_slice::<Value>(body) else {
        return short(&masked(&String::from_utf8_lossy(body), &sent));
    };
    let mut parts: Vec<String> = json["error"].as_str().map(|text| short(&masked(text, &sent))).into_iter().collect();
    match &json["details"] {
        Value::Object(details) => {
            let entries = details.iter().take(DETAILS_MAX);
            parts.extend(entries.map(|(key, value)| format!("{}: {}", field(key), message(value, &sent))));
        }
        Value::Array(details) => parts.extend(details.iter().take(DETAILS_MAX).map(|value| message(value, &sent))),
        Value::String(text) => parts.push(short(&masked(text, &sent))),
        _ => {}
    }
    parts.join("; ")
}

fn message(value: &Value, sent: &BTreeSet<String>) -> String {
    match value {
        Value::String(text) => short(&masked(text, sent)),
        Value::Array(list) => {
            let texts: Vec<String> = list.iter().filter_map(Value::as_str).map(|text| masked(text, sent)).collect();
            short(&texts.join(", "))
        }
        _ => HIDDEN.to_owned(),
    }
}

/// The path of a field, such as `pay_rate[0].amount`; anything else might be a value.
fn field(key: &str) -> &str {
    let is_path = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.[]".contains(&b));
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    if is_path && digits <= PATH_DIGITS_MAX && key.len() <= 2 * WORD_CHARS_MAX { key } else { HIDDEN }
}

/// Lower-case words of all values of a JSON body.
fn words_of(body: &str) -> BTreeSet<String> {
    fn collect(value: &Value, words: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => {
                words.extend(runs(text).filter(|run| run.chars().count() > 1).map(str::to_lowercase))
            }
            Value::Array(list) => list.iter().for_each(|value| collect(value, words)),
            Value::Object(fields) => fields.values().for_each(|value| collect(value, words)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut words = BTreeSet::new();
    // What was sent is our own JSON; without it nothing more could be masked than by form.
    collect(&serde_json::from_str(body).unwrap_or(Value::Null), &mut words);
    words
}

fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|run| !run.is_empty())
}

/// Words with an `@`, long ones, keys and those that were sent are hidden, digits elsewhere are struck out.
fn masked(text: &str, sent: &BTreeSet<String>) -> String {
    let mask = |word: &str| {
        let hidden = word.contains('@')
            || word.contains(KEY_MARK)
            || word.chars().count() > WORD_CHARS_MAX
            || runs(word).any(|run| sent.contains(&run.to_lowercase()));
        if hidden { HIDDEN.to_owned() } else { struck(word) }
    };
    text.split_whitespace().map(mask).collect::<Vec<_>>().join(" ")
}

fn struck(text: &str) -> String {
    text.chars().map(|c| if c.is_numeric() { '#' } else { c }).collect()
}

fn short(text: &str) -> String {
    text.chars().take(MESSAGE_CHARS_MAX).collect()
}

/// JSON, whole or cut, with each value hidden whose key `keep` does not name. Keys, marks, `true`, `false` and `null`
/// stay.
pub fn hide_values(json: &str, keep: impl Fn(&str) -> bool) -> String {
    let mut shown = String::with_capacity(json.len());
    let (mut rest, mut key) = (json, "");
    while let Some(c) = rest.chars().next() {
        if c != '"' {
            shown.push(if c.is_numeric() { '#' } else { c });
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (inner, after) = literal(&rest[1..]);
        let is_key = after.is_some_and(|after| after.trim_start().starts_with(':'));
        if is_key {
            key = inner;
        }
        let keeps = if is_key { field(inner) == inner } else { after.is_some() && keep(key) };
        shown.push('"');
        shown.push_str(if keeps { inner } else { HIDDEN });
        shown.push('"');
        rest = after.unwrap_or("");
    }
    shown
}

/// Splits after the end of a literal; without an end all of it is inside.
fn literal(text: &str) -> (&str, Option<&str>) {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (&text[..at], Some(&text[at + 1..])),
            _ => {}
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SENT: &str = r#"{"employee_id":"emp_1","address":{"line1":"12 Oak Lane","city":"Springfield"}}"#;

    #[track_caller]
    fn check_reason(body: &str, expected: &str) {
        assert_eq!(reason(body.as_bytes(), SENT), expected, "{body}");
    }

    #[test]
    fn a_refusal_is_told_with_its_fields_and_without_what_was_sent() {
        check_reason(
            r#"{"error":"Validation failed","details":{"phone_number":"Must be at most 10 characters"}}"#,
            "Validation failed; phone_number: Must be at most ## characters",
        );
        check_reason(
            r#"{"error":"No emp_1 in Springfield","details":{"address.line1":["'Oak' is unknown","a@b.example"]}}"#,
            "No … in …; address.line1: … is unknown, …",
        );
        check_reason(r#"{"error":"Bad key live_sk_9x","details":{}}"#, "Bad key …");
        check_reason(r#"{"error":"No","details":{"Jane Doe":"x","dob":{"was":"1990"}}}"#, "No; …: x; dob: …");
        check_reason("<h1>Bad\n Gateway 502</h1>", "<h#>Bad Gateway ###</h#>");
        check_reason("", "");
    }

    #[test]
    fn at_most_twenty_details_are_kept() {
        let details: Vec<String> = (0..30).map(|n| format!("problem {}", "x".repeat(n % 5))).collect();
        let body = serde_json::json!({ "error": "Many", "details": details }).to_string();
        assert_eq!(reason(body.as_bytes(), SENT).matches("problem").count(), 20);
    }

    #[test]
    fn of_a_success_only_the_shape_stays() {
        let whole = r#"{"id":"chg_1","ok":true,"employee":{"first_name":"Jane \"J\"","pay":75000.5,"tags":["a"]}}"#;
        let shape = r##"{"id":"…","ok":true,"employee":{"first_name":"…","pay":#####.#,"tags":["…"]}}"##;
        assert_eq!(excerpt(whole.as_bytes()), shape);
        assert_eq!(excerpt(br#"{"id":"chg_1","name":"Ja"#), r#"{"id":"…","name":"…""#);
        assert_eq!(excerpt(b"<title>Sign in</title> a@b.example"), "<title>Sign in</title> …");
        assert_eq!(excerpt(b""), "");
    }

    #[test]
    fn an_excerpt_ends_after_two_kibibytes() {
        let body = format!("[{}0]", "0,".repeat(5_000));
        assert_eq!(excerpt(body.as_bytes()).len(), 2_048);
    }

    proptest! {
        #[test]
        fn no_body_gives_a_digit_away(body in "\\PC{0,300}", json in any::<bool>()) {
            let body = if json { serde_json::json!({ "error": body, "details": [body] }).to_string() } else { body };
            let digits = excerpt(body.as_bytes()).chars().filter(char::is_ascii_digit).count();
            prop_assert!(digits <= PATH_DIGITS_MAX * body.matches(':').count());
            prop_assert!(!reason(body.as_bytes(), SENT).chars().any(|c| c.is_ascii_digit()));
        }

        #[test]
        fn no_word_that_was_sent_comes_back(before in "[a-z ]{0,20}", after in "[ .,!a-z]{0,20}") {
            let body = serde_json::json!({ "error": format!("{before} Springfield {after}") }).to_string();
            prop_assert!(!reason(body.as_bytes(), SENT).contains("Springfield"));
        }
    }
}
