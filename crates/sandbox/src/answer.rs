//! An answer before it is sent, and the error bodies of each service.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LINK, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use crate::route::Service;
use crate::{benbase, oyster};

const JSON: &str = "application/json";
/// What a deprecated endpoint adds: since when, until when, and where to read of it.
const DEPRECATION: [(&str, &str); 2] = [("deprecation", "@1767225600"), ("sunset", "Mon, 29 Jun 2026 00:00:00 GMT")];
const DEPRECATION_LINK: &str = r#"<https://docs.example.com/deprecation>; rel="deprecation""#;

/// Status, headers and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Empty: the answer has no body.
    pub content_type: &'static str,
    /// Seconds.
    pub retry_after: Option<u64>,
    /// With the headers of a deprecated endpoint.
    pub deprecated: bool,
    pub body: String,
}

impl Answer {
    pub fn json(status: u16, body: String) -> Answer {
        Answer { status, content_type: JSON, retry_after: None, deprecated: false, body }
    }

    /// A Benifex error envelope; `title` as the contract's examples have it.
    pub fn benifex_error(status: u16, kind: &str, title: &str, timestamp: &str) -> Answer {
        let body = json!({ "error": { "type": kind, "title": title }, "timestamp": timestamp });
        Answer::json(status, body.to_string())
    }

    /// A Benifex 400: what is wrong with which parameter, as (pointer, code, message).
    pub fn benifex_refusal(details: &[(&str, &str, &str)], timestamp: &str) -> Answer {
        let details: Vec<Value> = details
            .iter()
            .map(|(pointer, code, message)| json!({ "pointer": pointer, "code": code, "message": message }))
            .collect();
        let error = json!({ "type": "BAD_REQUEST", "title": "Request is not valid", "details": details });
        Answer::json(400, json!({ "error": error, "timestamp": timestamp }).to_string())
    }

    /// An error status that a fault asks for, in the shape of the service.
    pub fn failure(service: Service, status: u16, retry_after: Option<u64>, timestamp: &str) -> Answer {
        let (kind, title) = match status {
            400 => ("BAD_REQUEST", "Request is not valid"),
            401 => ("UNAUTHORIZED", "Access token is missing or invalid"),
            403 => ("FORBIDDEN", "Access is denied"),
            404 => ("NOT_FOUND", "User not found"),
            410 => ("GONE", "The requested resource is no longer available"),
            429 => ("TOO_MANY_REQUESTS", "Rate limit exceeded"),
            500 => ("INTERNAL_SERVER_ERROR", "Unexpected error"),
            502 => ("BAD_GATEWAY", "Bad gateway"),
            503 => ("SERVICE_UNAVAILABLE", "Service unavailable"),
            _ => ("ERROR", "Request failed"),
        };
        let plain = match service {
            Service::Benifex => Answer::benifex_error(status, kind, title, timestamp),
            Service::Benbase => benbase::error(status, title, &json!({})),
            Service::Oyster => oyster::failure(status),
            Service::OAuth => {
                let body = json!({ "error": kind.to_ascii_lowercase(), "error_description": title });
                Answer::json(status, body.to_string())
            }
        };
        Answer { retry_after, ..plain }
    }

    /// As axum sends it.
    pub fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if !self.content_type.is_empty() {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        }
        if self.deprecated {
            for (name, value) in DEPRECATION {
                response.headers_mut().insert(name, HeaderValue::from_static(value));
            }
            response.headers_mut().insert(LINK, HeaderValue::from_static(DEPRECATION_LINK));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
