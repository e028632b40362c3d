//! A request and its answer, before anybody reads a meaning into them.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Url};

use crate::answer::error::Detail;
use crate::answer::refusal;
use crate::transport::token::TokenSource;

/// A request that may be sent several times.
pub(crate) struct Outgoing<'a> {
    pub method: Method,
    pub url: Url,
    /// For the call log.
    pub template: &'a str,
    pub authorization: Authorization<'a>,
    pub content: Content<'a>,
    /// Whether it counts against the limit of the service.
    pub limited: bool,
}

/// What a request carries.
pub(crate) enum Content<'a> {
    /// Nothing: it reads.
    None,
    Form(&'a [(&'a str, &'a str)]),
    /// A change, as JSON.
    Change {
        json: &'a str,
        header: Option<(HeaderName, HeaderValue)>,
    },
}

/// How a request is proved to be ours.
pub(crate) enum Authorization<'a> {
    None,
    Key(HeaderValue),
    Token {
        source: &'a TokenSource,
        /// The number of a token that the service did not take.
        refused: Option<u64>,
    },
}

/// A whole answer. With a status of success the body of a read is valid JSON.
pub(crate) struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    /// By the service's own clock, in whole seconds.
    pub dated: Option<DateTime<Utc>>,
    pub body: Vec<u8>,
    /// The body ends before its end: cut on the way, or too large.
    pub cut: bool,
    /// The number of the token that was sent.
    pub token: Option<u64>,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What the service said about a refusal.
    pub fn detail(&self) -> Detail {
        refusal::detail_of(&self.body)
    }
}
