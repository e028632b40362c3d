//! The token endpoint: client credentials in a form body, OAuth 2.0 errors, tokens that expire. Tokens look like JWTs
//! but carry no claims: a client has to go by `expires_in`.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::answer::Answer;
use crate::{CLIENT_ID, CLIENT_SECRET, form};

/// Tokens valid at once; the oldest goes first.
const TOKENS_MAX: usize = 1_000;

/// The tokens given out.
#[derive(Debug)]
pub struct Tokens {
    lifetime: Duration,
    live: Vec<(String, Instant)>,
    issued: u64,
    /// Named in each answer.
    scope: Option<&'static str>,
    seed: u64,
}

impl Tokens {
    pub fn new(lifetime: Duration, scope: Option<&'static str>, seed: u64) -> Tokens {
        Tokens { lifetime, live: Vec::new(), issued: 0, scope, seed }
    }

    /// Answers a token request.
    pub fn grant(&mut self, body: &str, now: Instant) -> Answer {
        let fields = form::pairs(body);
        let value = |name| form::all(&fields, name).next().unwrap_or("");
        if ["client_id", "client_secret", "grant_type"].iter().any(|name| value(name).is_empty()) {
            return refusal(400, "invalid_request", "client_id, client_secret and grant_type are required.");
        }
        if value("grant_type") != "client_credentials" {
            return refusal(400, "unsupported_grant_type", "The grant type is not supported.");
        }
        if (value("client_id"), value("client_secret")) != (CLIENT_ID, CLIENT_SECRET) {
            return refusal(401, "invalid_client", "Client authentication failed.");
        }
        let mut body = json!({
            "token_type": "Bearer",
            "expires_in": self.lifetime.as_secs(),
            "access_token": self.issue(now),
        });
        if let Some(scope) = self.scope {
            body["scope"] = scope.into();
        }
        Answer::json(200, body.to_string())
    }

    fn issue(&mut self, now: Instant) -> String {
        self.issued += 1;
        let mut random = fastrand::Rng::with_seed(self.seed ^ self.issued.rotate_left(32));
        let mut part = |length| -> String { std::iter::repeat_with(|| random.alphanumeric()).take(length).collect() };
        let token = format!("eyJ{}.eyJ{}.{}", part(24), part(40), part(43));
        self.live.retain(|(_, until)| *until > now);
        if self.live.len() >= TOKENS_MAX {
            self.live.remove(0);
        }
        self.live.push((token.clone(), now + self.lifetime));
        token
    }

    /// Whether the `Authorization` header holds a live token.
    pub fn admits(&self, authorization: Option<&str>, now: Instant) -> bool {
        let Some(token) = authorization.and_then(bearer) else { return false };
        self.live.iter().any(|(known, until)| known == token && *until > now)
    }

    /// No token given out so far is good any more.
    pub fn revoke(&mut self) {
        self.live.clear();
    }
}

/// The credential of a `Bearer` header; the scheme's case does not count.
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn refusal(status: u16, error: &str, description: &str) -> Answer {
    Answer::json(status, json!({ "error": error, "error_description": description }).to_string())
}
