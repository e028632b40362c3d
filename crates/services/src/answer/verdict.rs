//! What the body of a success says about itself. A service may answer 200 and say in the body that it failed; a gateway
//! may answer 200 in its place. So a status alone proves nothing.

use serde_json::Value;

/// Keys under which a body says whether it worked.
const OUTCOMES: [&str; 4] = ["success", "ok", "succeeded", "accepted"];
/// Keys of what went wrong.
const ERRORS: [&str; 2] = ["error", "errors"];
/// Keys with a word for the outcome, and the words that mean no.
const STATES: [&str; 2] = ["status", "result"];
const FAILED: [&str; 9] =
    ["error", "errors", "fail", "failed", "failure", "rejected", "denied", "invalid", "unauthorized"];
/// What a service may wrap its answer in.
const WRAPPERS: [&str; 3] = ["data", "result", "response"];
/// A status of HTTP from here on, told in a body, is no success.
const REFUSED_FROM: u64 = 400;

/// Whether the body of a success proves that a change was taken.
pub(crate) fn of_change(body: &[u8]) -> Result<(), &'static str> {
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    let Ok(json) = serde_json::from_slice::<Value>(body) else {
        return Err("its body is not JSON, so another program may have answered in its place");
    };
    let wrapped = WRAPPERS.iter().filter_map(|key| json.get(key));
    match std::iter::once(&json).chain(wrapped).any(|json| says_no(json) || has_errors(json)) {
        true => Err("its body says that it failed"),
        false => Ok(()),
    }
}

/// Whether an answer tells of errors, beside its data or in place of it.
pub(crate) fn tells_errors(body: &[u8]) -> bool {
    // Few answers hold the word at all, and large ones are not read twice for nothing.
    let named = ERRORS[0].as_bytes();
    body.windows(named.len()).any(|part| part == named)
        && serde_json::from_slice::<Value>(body).is_ok_and(|json| has_errors(&json))
}

fn says_no(json: &Value) -> bool {
    let is_no = |value: &Value| match value {
        Value::Bool(yes) => !yes,
        Value::String(text) => ["false", "no"].contains(&text.trim().to_ascii_lowercase().as_str()),
        _ => false,
    };
    let is_failure = |value: &Value| match value {
        Value::Bool(yes) => !yes,
        Value::Number(number) => number.as_u64().is_some_and(|status| status >= REFUSED_FROM),
        Value::String(text) => FAILED.contains(&text.trim().to_ascii_lowercase().as_str()),
        _ => false,
    };
    *json == Value::Bool(false)
        || OUTCOMES.iter().any(|key| json.get(key).is_some_and(is_no))
        || STATES.iter().any(|key| json.get(key).is_some_and(is_failure))
}

fn has_errors(json: &Value) -> bool {
    let is_something = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Number(number) => number.as_i64() != Some(0),
        Value::Bool(true) => true,
    };
    ERRORS.iter().any(|key| json.get(key).is_some_and(is_something))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_json_that_does_not_say_no_prove_a_change() {
        for body in [
            "",
            " \r\n",
            "{}",
            "null",
            "true",
            "\"OK\"",
            r#"{"success":true,"error":null,"errors":[]}"#,
            r#"{"status":"queued","error":""}"#,
            r#"{"id":"chg_1","data":{"status":"REQUESTED","errors":{}}}"#,
            r#"{"data":[{"status":"failed"}]}"#,
            r#"{"status":202,"details":{}}"#,
        ] {
            assert_eq!(of_change(body.as_bytes()), Ok(()), "{body}");
        }
    }

    #[test]
    fn a_page_or_a_body_that_says_no_proves_nothing() {
        for body in ["<html>Please sign in</html>", "OK", "{\"success\":tr", "{} {}", "\u{feff}"] {
            assert!(of_change(body.as_bytes()).is_err_and(|why| why.contains("not JSON")), "{body}");
        }
        for body in [
            "false",
            r#"{"success":false}"#,
            r#"{"success":"False"}"#,
            r#"{"ok":false}"#,
            r#"{"error":"validation failed","details":{}}"#,
            r#"{"error":{"type":"LOCKED","title":"locked"}}"#,
            r#"{"errors":[{"field":"amount"}]}"#,
            r#"{"errors":{"amount":["is invalid"]}}"#,
            r#"{"status":"Error","message":"locked"}"#,
            r#"{"status":422}"#,
            r#"{"data":{"success":false}}"#,
            r#"{"result":{"errors":["x"]}}"#,
        ] {
            assert_eq!(of_change(body.as_bytes()), Err("its body says that it failed"), "{body}");
        }
    }

    #[test]
    fn errors_are_seen_beside_data_and_only_on_top() {
        assert!(tells_errors(br#"{"errors":[{"title":"provider timed out"}],"data":{"currentBenefits":[]}}"#));
        assert!(tells_errors(br#"{"error":{"type":"server"}}"#));
        for body in [
            &br#"{"data":{"errors":["of the person's own form"]}}"#[..],
            br#"{"errors":[],"error":null,"data":{}}"#,
            br#"{"data":{"title":"error"}}"#,
            b"[]",
        ] {
            assert!(!tells_errors(body));
        }
    }
}
