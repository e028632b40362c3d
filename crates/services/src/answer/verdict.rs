//! What the body of a success says about itself. A service may answer 200 and say in the body that it failed; a gateway
//! may answer 200 in its place. So a status alone proves nothing.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Number, Value};

/// Keys under which a body says whether it worked. Of all keys, case and the signs between words do not matter.
const OUTCOMES: [&str; 7] = ["success", "issuccess", "ok", "isok", "succeeded", "successful", "accepted"];
/// Keys of what went wrong.
const ERRORS: [&str; 2] = ["error", "errors"];
/// What is in further keys of it: `errorMessage`, `validationErrors`, `fault`, `failures`, `exceptionType`.
const OF_ERRORS: [&str; 6] = ["error", "failure", "failed", "fault", "rejected", "exception"];
/// A word that only sounds like it.
const NO_FAULT: &str = "default";
/// Keys with a word or a status of HTTP for the outcome, and what is in the words that mean no.
const STATES: [&str; 10] = [
    "status",
    "statuscode",
    "statustext",
    "statusmessage",
    "httpstatus",
    "httpcode",
    "code",
    "result",
    "outcome",
    "state",
];
const FAILED: [&str; 12] = [
    "error",
    "fail",
    "fault",
    "reject",
    "refuse",
    "denied",
    "forbidden",
    "invalid",
    "unauthorized",
    "notfound",
    "expired",
    "cancel",
];
/// Those that are it as a whole.
const FAILED_WORDS: [&str; 2] = ["ko", "nok"];
/// What the one field of an answer is called that holds what was asked for.
const DATA: &str = "data";
/// Texts that stand for "there is none", and bodies of one word that mean yes.
const NONE: [&str; 6] = ["", "0", "none", "null", "no", "false"];
const YES: [&str; 8] = ["ok", "success", "succeeded", "accepted", "created", "updated", "queued", "done"];
/// Statuses of HTTP that are no success.
const REFUSED: std::ops::Range<u64> = 400..600;

/// Whether the body of a success proves that a change was taken.
pub(crate) fn of_change(body: &[u8]) -> Result<(), &'static str> {
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    let Ok(json) = serde_json::from_slice::<Json>(body) else {
        return Err("its body is not JSON, so another program may have answered in its place");
    };
    match &json {
        Json::Plain(Value::String(text)) if !YES.contains(&folded(text).as_str()) => {
            Err("its body is one word that does not say that it worked")
        }
        Json::Plain(Value::Number(_)) => Err("its body is a number alone"),
        Json::Plain(Value::Bool(false)) => Err(SAYS_NO),
        _ if says_no(&json) => Err(SAYS_NO),
        _ => Ok(()),
    }
}

const SAYS_NO: &str = "its body says that it failed";

/// Whether an answer tells of errors, or says that it failed, beside its data or in place of it: what is there may be a
/// part, and a part proves no absence. The words of a record that is the whole body are its own.
pub(crate) fn tells_errors(body: &[u8]) -> bool {
    let Ok(Json::Fields(Fields(fields))) = serde_json::from_slice::<Json>(body) else { return false };
    let tells = |(key, value): &(String, Json)| ERRORS.contains(&folded(key).as_str()) && is_something(value);
    let in_data = |value: &Json| matches!(value, Json::Fields(Fields(fields)) if fields.iter().any(tells));
    let (data, beside): (Vec<_>, Vec<_>) = fields.iter().partition(|(key, _)| key == DATA);
    beside.into_iter().any(|field| match data.is_empty() {
        true => tells(field) || (OUTCOMES.contains(&folded(&field.0).as_str()) && is_no(&field.1)),
        false => means_no(&folded(&field.0), &field.1),
    }) || data.iter().any(|(_, data)| in_data(data))
}

/// A body with each of its fields: a name may come twice, of which `Value` keeps only what was said last.
#[derive(Deserialize)]
#[serde(untagged)]
enum Json {
    Fields(Fields),
    List(Vec<Json>),
    Plain(Value),
}

struct Fields(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Fields, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                std::iter::from_fn(|| map.next_entry().transpose()).collect::<Result<_, _>>().map(Fields)
            }
        }

        from.deserialize_map(Each)
    }
}

/// A body, or anything in it, says that it did not work: what the service wraps its answer in does not matter. Deeper
/// than `serde_json` reads nothing can be.
fn says_no(json: &Json) -> bool {
    match json {
        Json::Plain(_) => false,
        Json::List(list) => list.iter().any(says_no),
        Json::Fields(Fields(fields)) => {
            is_problem(fields) || fields.iter().any(|(key, value)| means_no(&folded(key), value) || says_no(value))
        }
    }
}

/// The problem details of RFC 9457, whose status may be absent.
fn is_problem(fields: &[(String, Json)]) -> bool {
    let has_text = |name: &str| {
        let named = |(key, value): &(String, Json)| key == name && matches!(value, Json::Plain(Value::String(_)));
        fields.iter().any(named)
    };
    has_text("title") && (has_text("detail") || has_text("type"))
}

fn means_no(key: &str, value: &Json) -> bool {
    let of_errors = || key.replace(NO_FAULT, "");
    (OUTCOMES.contains(&key) && !is_yes(value))
        || (STATES.contains(&key) && is_failure(value))
        || (key == "type" && matches!(value, Json::Plain(Value::String(text)) if folded(text).contains(ERRORS[0])))
        || (OF_ERRORS.iter().any(|part| of_errors().contains(part)) && is_something(value))
}

/// Says no in so many words.
fn is_no(value: &Json) -> bool {
    match value {
        Json::Plain(Value::Bool(yes)) => !yes,
        Json::Plain(Value::Number(number)) => is_zero(number),
        Json::Plain(Value::String(text)) => NONE[1..].contains(&folded(text).as_str()),
        _ => false,
    }
}

/// Says yes in so many words: under a key that says whether it worked, nothing else is one.
fn is_yes(value: &Json) -> bool {
    match value {
        Json::Plain(Value::Bool(yes)) => *yes,
        Json::Plain(Value::Number(number)) => !is_zero(number),
        Json::Plain(Value::String(text)) => {
            let word = folded(text);
            word == "true" || word == "yes" || YES.contains(&word.as_str())
        }
        _ => false,
    }
}

fn is_failure(value: &Json) -> bool {
    match value {
        Json::Plain(Value::Bool(yes)) => !yes,
        Json::Plain(Value::Number(number)) => number.as_u64().is_some_and(|status| REFUSED.contains(&status)),
        Json::Plain(Value::String(text)) => {
            let refused = text.trim().parse().is_ok_and(|status| REFUSED.contains(&status));
            let word = folded(text);
            let failed = FAILED.iter().any(|part| word.contains(part)) || FAILED_WORDS.contains(&word.as_str());
            refused || failed
        }
        _ => false,
    }
}

fn is_something(value: &Json) -> bool {
    match value {
        Json::Plain(Value::String(text)) => !NONE.contains(&folded(text).as_str()),
        Json::Plain(Value::Number(number)) => !is_zero(number),
        Json::Plain(plain) => *plain == Value::Bool(true),
        Json::List(list) => !list.is_empty(),
        Json::Fields(Fields(fields)) => !fields.is_empty(),
    }
}

/// Also as `0.0`.
fn is_zero(number: &Number) -> bool {
    number.to_string().bytes().all(|b| matches!(b, b'0' | b'.' | b'-'))
}

/// In small letters, without the signs between words.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
            r#"{"status":202,"details":{}}"#,
            r#"{"Success":true,"ErrorCode":0,"ErrorMessage":"","faults":[]}"#,
            r#"[{"id":1,"code":"EMP-422"},{"id":2,"statusCode":"201"}]"#,
            r#"{"id":"chg_1","id":"chg_1","title":"Engineer"}"#,
            r#"{"id":"chg_1","default":true,"defaultPlan":"x","failures":[],"rejected":0}"#,
            r#"{"success":"true","status":"REQUESTED","type":"change"}"#,
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
            r#"{"Success":false}"#,
            r#"{"is_success":false}"#,
            r#"{"success":0}"#,
            r#"{"Errors":["x"]}"#,
            r#"{"ERROR":"locked"}"#,
            r#"{"errorMessage":"locked"}"#,
            r#"{"error_code":"E17"}"#,
            r#"[{"success":false}]"#,
            r#"[{"ok":true},{"error":{"title":"locked"}}]"#,
            r#"{"status":"422"}"#,
            r#"{"statusCode":422}"#,
            r#"{"code":422,"message":"locked"}"#,
            r#"{"status":{"code":422}}"#,
            r#"{"fault":{"faultstring":"quota"}}"#,
            r#"{"body":{"success":false}}"#,
            r#"{"data":[{"status":"failed"}]}"#,
            r#"{"envelope":{"answer":{"outcome":"REJECTED"}}}"#,
            r#"{"success":false,"success":true}"#,
            r#"{"data":{"errors":["x"],"errors":[]}}"#,
            r#"{"type":"about:blank","title":"Employee is locked"}"#,
            r#"{"success":"failed"}"#,
            r#"{"success":null}"#,
            r#"{"success":[]}"#,
            r#"{"success":{"value":false}}"#,
            r#"{"success":true,"validation_errors":["x"]}"#,
            r#"{"failures":[{"field":"amount"}]}"#,
            r#"{"failed":true}"#,
            r#"{"rejected":1}"#,
            r#"{"type":"error","message":"employee is locked"}"#,
            r#"{"status":"NOT_FOUND"}"#,
            r#"{"status":"validation_failed"}"#,
            r#"{"statusMessage":"ERROR"}"#,
            r#"{"title":"Conflict","detail":"a payroll run is open"}"#,
        ] {
            assert_eq!(of_change(body.as_bytes()), Err("its body says that it failed"), "{body}");
        }
    }

    #[test]
    fn one_word_or_number_proves_nothing_unless_it_is_yes() {
        for body in ["\"error\"", "\"Your session has ended\"", "17", "\"\""] {
            assert!(of_change(body.as_bytes()).is_err(), "{body}");
        }
        for body in ["\"Accepted\"", "\"ok\"", "true", "[]"] {
            assert_eq!(of_change(body.as_bytes()), Ok(()), "{body}");
        }
    }

    #[test]
    fn what_says_no_is_seen_beside_data_and_on_top_of_it() {
        assert!(tells_errors(br#"{"Errors":["x"],"data":{}}"#));
        assert!(tells_errors(br#"{"errors":[{"title":"provider timed out"}],"data":{"currentBenefits":[]}}"#));
        for body in [
            &br#"{"error":{"type":"server"}}"#[..],
            br#"{"success":false,"message":"provider timed out","data":{"currentBenefits":[]}}"#,
            br#"{"status":"error","data":{}}"#,
            br#"{"status":500,"data":{}}"#,
            br#"{"fault":{"faultstring":"quota"},"data":{}}"#,
            br#"{"errorMessage":"timed out","data":{}}"#,
            br#"{"data":{"currentBenefits":[],"errors":["timed out"]}}"#,
            br#"{"success":false}"#,
        ] {
            assert!(tells_errors(body), "{}", String::from_utf8_lossy(body));
        }
        for body in [
            &br#"{"errors":[],"error":null,"data":{}}"#[..],
            br#"{"data":{"title":"error"}}"#,
            br#"{"success":true,"status":200,"message":"ok","data":{"currentBenefits":[],"status":"failed"}}"#,
            br#"{"id":"E1","status":"rejected","state":"failed","success":true}"#,
            b"[]",
        ] {
            assert!(!tells_errors(body));
        }
    }
}
