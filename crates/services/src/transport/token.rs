//! OAuth2 client credentials: one token a credential, fetched by one task at a time, renewed before it ends and once
//! more when the service refuses it. Id and secret travel in the form body, never in a URL.

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD_INDIFFERENT;
use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::answer::error::{ApiError, Detail, RefusedBy};
use crate::limit::retry::Tries;
use crate::transport::link::{Answer, Authorization, Content, Link, Outgoing};

/// A token is renewed this long before it ends, or at half its life if that is shorter.
const RENEW_EARLY: Duration = Duration::from_secs(60);
/// Life of a token that says nothing about it.
const LIFE_UNKNOWN: Duration = Duration::from_secs(600);
/// No stated life is believed beyond this.
const LIFE_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// In the call log.
pub const TOKEN_TEMPLATE: &str = "{token_url}";

/// What a client proves itself with.
#[derive(Clone)]
pub struct Credentials {
    pub client_id: SecretString,
    pub client_secret: SecretString,
}

/// Where tokens come from.
pub(crate) struct TokenSource {
    url: Url,
    credentials: Credentials,
    scope: Option<String>,
    /// The token calls count against the limit of the service, being on the same server.
    limited: bool,
    /// Held while a token is fetched, so that all others wait for that one.
    fetching: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The latest failure and when it came. After a refusal of the credentials asking again would only lock the
    /// account.
    failed: Option<(Instant, ApiError)>,
}

/// A token and its place in the row of tokens.
#[derive(Clone)]
pub(crate) struct Token {
    pub header: HeaderValue,
    pub number: u64,
    renew_at: Instant,
}

impl TokenSource {
    pub fn new(url: Url, credentials: Credentials, scope: Option<String>, limited: bool) -> Self {
        TokenSource { url, credentials, scope, limited, fetching: Default::default(), state: Mutex::default() }
    }

    /// The token to send now; `None`: it has to be renewed. `refused` is the number of one that the
    /// service did not take: then a later one.
    pub fn ready(&self, refused: Option<u64>) -> Option<Token> {
        self.state().ready(refused).cloned()
    }

    /// The same, and its end does not matter.
    pub fn newest(&self, refused: Option<u64>) -> Option<Token> {
        self.state().token.as_ref().filter(|token| Some(token.number) != refused).cloned()
    }

    /// Fetches a token unless one is ready. Boxed: a call waits for a token, which takes a call.
    pub fn renewed<'a>(
        &'a self,
        link: &'a Link,
        refused: Option<u64>,
    ) -> Pin<Box<dyn Future<Output = Result<(), ApiError>> + Send + 'a>> {
        Box::pin(self.renew(link, refused))
    }

    async fn renew(&self, link: &Link, refused: Option<u64>) -> Result<(), ApiError> {
        let asked = Instant::now();
        let _fetching = link.cancel.unless(self.fetching.lock()).await?;
        let number = match &*self.state() {
            State { failed: Some((_, error @ ApiError::Credentials { .. })), .. } => return Err(error.clone()),
            // Somebody else's call failed while this one waited for it: it was made for both.
            State { failed: Some((at, error)), .. } if *at >= asked => return Err(error.clone()),
            state if state.ready(refused).is_some() => return Ok(()),
            state => state.token.as_ref().map_or(0, |token| token.number + 1),
        };
        match self.fetch(link, number).await {
            Ok(token) => {
                self.state().token = Some(token);
                Ok(())
            }
            Err(error) => {
                let error = match error {
                    error @ (ApiError::Credentials { .. } | ApiError::Cancelled) => error,
                    error => ApiError::Token(Box::new(error)),
                };
                self.state().failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    /// Nothing under the lock can panic half-way, so a poisoned lock still guards sound values.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch(&self, link: &Link, number: u64) -> Result<Token, ApiError> {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.credentials.client_id.expose_secret()),
            ("client_secret", self.credentials.client_secret.expose_secret()),
        ];
        form.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        let request = Outgoing {
            method: Method::POST,
            url: self.url.clone(),
            template: TOKEN_TEMPLATE,
            authorization: Authorization::None,
            content: Content::Form(&form),
            limited: self.limited,
        };
        let mut tries = Tries::default();
        let answer = link.deliver(&request, &mut tries).await?;
        if !answer.is_success() {
            return Err(refusal(&answer));
        }
        read_token(&answer.body, number, tries.last_sent.unwrap_or_else(Instant::now), (link.clock)())
    }
}

impl State {
    fn ready(&self, refused: Option<u64>) -> Option<&Token> {
        self.token.as_ref().filter(|token| Some(token.number) != refused && Instant::now() < token.renew_at)
    }
}

/// Whatever final status the token endpoint answers, no call can be made: the credentials or their URL are wrong.
fn refusal(answer: &Answer) -> ApiError {
    match answer.status {
        status @ 300..=399 => ApiError::Redirect { status },
        status => ApiError::Credentials { place: RefusedBy::Token, status, detail: answer.detail() },
    }
}

/// Reads the body of a token answer. The life counts from the moment of asking, the earliest it can have begun.
fn read_token(body: &[u8], number: u64, asked: Instant, now: DateTime<Utc>) -> Result<Token, ApiError> {
    let broken = |what| ApiError::Broken { what, detail: Detail::default() };
    let body: Value = serde_json::from_slice(body).map_err(|_| broken("the token answer is no JSON"))?;
    let token = body["access_token"].as_str().map(str::trim).filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| broken("the token answer holds no `access_token`"))?;
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| broken("the token holds characters that fit into no header"))?;
    header.set_sensitive(true);
    let life = stated_life(&body["expires_in"]).or_else(|| jwt_life(token, now)).unwrap_or(LIFE_UNKNOWN).min(LIFE_MAX);
    Ok(Token { header, number, renew_at: asked + life.saturating_sub(RENEW_EARLY.min(life / 2)) })
}

/// `expires_in` in seconds, as number or text; nothing and less than nothing are no statement.
fn stated_life(expires_in: &Value) -> Option<Duration> {
    let seconds = expires_in.as_u64().or_else(|| expires_in.as_str()?.trim().parse().ok())?;
    Some(Duration::from_secs(seconds)).filter(|life| !life.is_zero())
}

/// What the `exp` claim of a JWT leaves.
fn jwt_life(token: &str, now: DateTime<Utc>) -> Option<Duration> {
    // RFC 7515 pads nothing; some issuers do.
    let claims = URL_SAFE_NO_PAD_INDIFFERENT.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    let left = claims["exp"].as_i64()?.checked_sub(now.timestamp())?;
    u64::try_from(left).ok().map(Duration::from_secs).filter(|life| !life.is_zero())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Header `{}`, claims `{"exp":1767225600}`: the sample of the contract.
    const JWT: &str = "eyJraWQiOiJleGFtcGxlIiwiYWxnIjoiUlMyNTYifQ.eyJleHAiOjE3NjcyMjU2MDB9.c2ln";
    const JWT_EXP: i64 = 1_767_225_600;

    /// Seconds after asking at which the token of `body` is renewed, `left` seconds before the JWT's end.
    #[track_caller]
    fn check_renewal(body: &str, left: i64, seconds: u64) {
        let asked = Instant::now();
        let now = DateTime::from_timestamp(JWT_EXP - left, 0).expect("in range");
        let token = read_token(body.as_bytes(), 0, asked, now).expect("a token");
        assert_eq!(token.renew_at - asked, Duration::from_secs(seconds), "{body}");
        assert!(token.header.is_sensitive());
    }

    #[test]
    fn the_life_is_stated_or_in_the_token_or_ten_minutes() {
        check_renewal(&format!(r#"{{"access_token":"{JWT}","expires_in":3600}}"#), 900, 3_540);
        check_renewal(&format!(r#"{{"access_token":"{JWT}","expires_in":"3600"}}"#), 900, 3_540);
        check_renewal(&format!(r#"{{"access_token":"{JWT}"}}"#), 900, 840);
        check_renewal(&format!(r#"{{"access_token":"{JWT}","expires_in":0}}"#), 900, 840);
        check_renewal(&format!(r#"{{"access_token":"{JWT}"}}"#), -5, 540);
        check_renewal(r#"{"access_token":"opaque"}"#, 900, 540);
        check_renewal(r#"{"access_token":"opaque","expires_in":null}"#, 900, 540);
    }

    #[test]
    fn the_claims_of_a_jwt_are_read_with_and_without_padding() {
        let left = |claims: &str| jwt_life(&format!("e30.{claims}.c2ln"), DateTime::UNIX_EPOCH);
        for claims in [
            // {"exp":100,"a":"?>~"} and {"exp":100,"a":"~?>~"}: with `-` and `_`, which only this alphabet has.
            "eyJleHAiOjEwMCwiYSI6Ij8-fiJ9",
            "eyJleHAiOjEwMCwiYSI6In4_Pn4ifQ",
            "eyJleHAiOjEwMCwiYSI6In4_Pn4ifQ==",
        ] {
            assert_eq!(left(claims), Some(Duration::from_secs(100)), "{claims}");
        }
        assert_eq!(left("eyJleHAiOjEwMCwiYSI6In4/Pn4ifQ"), None, "the other alphabet");
    }

    #[test]
    fn a_short_life_is_used_to_its_half_and_an_endless_one_for_a_day() {
        check_renewal(r#"{"access_token":"t","expires_in":20}"#, 0, 10);
        check_renewal(r#"{"access_token":"t","expires_in":99999999}"#, 0, 24 * 60 * 60 - 60);
    }

    #[test]
    fn an_answer_without_a_usable_token_is_broken() {
        for body in [r#"{}"#, r#"{"access_token":""}"#, r#"{"access_token":"a\nb"}"#, r#"{"access_token":7}"#, "[]"] {
            let read = read_token(body.as_bytes(), 0, Instant::now(), DateTime::UNIX_EPOCH);
            assert!(matches!(read, Err(ApiError::Broken { .. })), "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_token_text_is_read_without_a_panic(token in "[A-Za-z0-9_.=-]{0,60}") {
            let _ = jwt_life(&token, DateTime::UNIX_EPOCH);
        }
    }
}
