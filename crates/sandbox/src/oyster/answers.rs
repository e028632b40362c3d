//! The shapes of Oyster's errors: `error.message`, `errors[]`, or nothing at all.

use serde_json::{Value, json};

use crate::answer::Answer;

/// A problem of a request: field in camelCase with dots, type, message.
pub type Problem = (String, &'static str, String);

/// An answer without a body, as 404 and 429 are.
pub fn bare(status: u16) -> Answer {
    Answer { status, content_type: "", retry_after: None, deprecated: false, body: String::new() }
}

/// `{"data": …}`.
pub fn data(status: u16, data: &str) -> Answer {
    Answer::json(status, format!(r#"{{"data":{data}}}"#))
}

/// 400: what is wrong with which field.
pub fn refused(problems: &[Problem]) -> Answer {
    let errors: Vec<Value> = problems
        .iter()
        .map(|(field, kind, message)| json!({ "field": field, "message": message, "type": kind }))
        .collect();
    Answer::json(400, json!({ "errors": errors }).to_string())
}

/// 422: not in this state.
pub fn impossible(message: &str) -> Answer {
    Answer::json(422, json!({ "errors": [{ "message": message }] }).to_string())
}

/// Any error status in the shape that the contract has for it.
pub fn failure(status: u16) -> Answer {
    let message = match status {
        400 => "This endpoint has been sunset and is no longer supported.",
        401 => "The access token is invalid",
        403 => "Access to this resource requires scope read",
        404 | 429 => return bare(status),
        422 => "The operation is not possible now",
        502 => "Bad gateway",
        503 => "Service unavailable",
        _ => "Internal server error",
    };
    match status {
        400 | 422 => Answer::json(status, json!({ "errors": [{ "message": message }] }).to_string()),
        _ => Answer::json(status, json!({ "error": { "message": message } }).to_string()),
    }
}
