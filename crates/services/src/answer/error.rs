//! How a call to a service can fail, in the terms that callers branch on. The `Display` of an error is short, free of
//! personal data and the same from night to night: it is the reason of an `unverified` employee. What the service said
//! about it is kept apart ([`ApiError::detail`]), cut and masked, and belongs in no log above debug.

use std::fmt;

/// A call without a usable answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ApiError {
    /// 401 after one renewal of the token, 403, or the token itself refused. No other call will fare better.
    #[error("the service refused the credentials ({place}: status {status})")]
    Credentials { place: RefusedBy, status: u16, detail: Detail },
    #[error("the service does not know it (status 404)")]
    NotFound { detail: Detail },
    /// Permanent for this resource.
    #[error("the service no longer has it (status 410)")]
    Gone { detail: Detail },
    /// A status that a repetition would not change.
    #[error("the service refused the call (status {status})")]
    Refused { status: u16, detail: Detail },
    /// The sends or the time of one call are used up.
    #[error("given up after {attempts} {}, the last with {last}", if *attempts == 1 { "attempt" } else { "attempts" })]
    Exhausted { attempts: u32, last: AttemptFault, detail: Detail },
    /// The retries of the whole run are used up.
    #[error("the retries of this run are used up, the last fault was {last}")]
    Budget { last: AttemptFault, detail: Detail },
    /// The run was told to end; no further call was sent.
    #[error("the run was stopped before the answer came")]
    Cancelled,
    /// Whole, valid JSON that is not what the contract says.
    #[error("the answer could not be read: {what}")]
    Broken { what: &'static str, detail: Detail },
    #[error("the answer is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the service answered with a redirect (status {status}), which is refused: check the base URL of the job")]
    Redirect { status: u16 },
    /// No connection was made, and a repetition would make none.
    #[error("the server is not trusted: {why}")]
    Untrusted { why: &'static str, detail: Detail },
    /// The call for the token failed, so the one that needs it was not sent.
    #[error("no token was to be had: {0}")]
    Token(Box<ApiError>),
    /// The request itself would be ambiguous or too long; nothing was sent.
    #[error("not sent: {why}")]
    Unsendable { why: &'static str },
}

impl ApiError {
    /// Nobody at the address could be asked, whatever the question: no connection came about, or no token.
    pub fn is_away(&self) -> bool {
        match self {
            ApiError::Exhausted { last, .. } | ApiError::Budget { last, .. } => last.is_unsent(),
            ApiError::Untrusted { .. } | ApiError::Token(_) => true,
            _ => false,
        }
    }

    /// What the service or the network layer said, cut and masked. For a person at the terminal, not for logs.
    pub fn detail(&self) -> Option<&str> {
        match self {
            ApiError::Credentials { detail, .. }
            | ApiError::NotFound { detail }
            | ApiError::Gone { detail }
            | ApiError::Refused { detail, .. }
            | ApiError::Exhausted { detail, .. }
            | ApiError::Budget { detail, .. }
            | ApiError::Untrusted { detail, .. }
            | ApiError::Broken { detail, .. } => detail.0.as_deref(),
            ApiError::Token(error) => error.detail(),
            ApiError::Cancelled
            | ApiError::TooLarge { .. }
            | ApiError::Redirect { .. }
            | ApiError::Unsendable { .. } => None,
        }
    }
}

/// Which of a service's two parts refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedBy {
    Token,
    Call,
}

impl fmt::Display for RefusedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RefusedBy::Token => "token",
            RefusedBy::Call => "call",
        })
    }
}

/// Why one attempt brought no usable answer although a repetition may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptFault {
    Status(u16),
    /// No address belongs to the name of the host: nothing was sent.
    UnknownHost,
    /// Address or TCP, or TLS for another reason than trust: nothing was sent.
    Connect,
    TimedOut,
    /// The connection broke before the head of the answer.
    Reset,
    /// The connection broke inside the body, or its compression is damaged.
    CutBody,
    InvalidJson,
    /// Something else than JSON, such as the page of a proxy.
    ContentType,
}

impl AttemptFault {
    /// No connection came about, so nothing can have been sent.
    pub(crate) fn is_unsent(self) -> bool {
        matches!(self, AttemptFault::UnknownHost | AttemptFault::Connect)
    }

    /// As the call log holds it; `None` for a status, which has a column of its own.
    pub fn name(self) -> Option<&'static str> {
        match self {
            AttemptFault::Status(_) => None,
            AttemptFault::UnknownHost => Some("unknown host"),
            AttemptFault::Connect => Some("connect"),
            AttemptFault::TimedOut => Some("time-out"),
            AttemptFault::Reset => Some("reset"),
            AttemptFault::CutBody => Some("cut body"),
            AttemptFault::InvalidJson => Some("invalid JSON"),
            AttemptFault::ContentType => Some("wrong content type"),
        }
    }
}

impl fmt::Display for AttemptFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttemptFault::Status(status) => write!(f, "status {status}"),
            AttemptFault::UnknownHost => f.write_str("no connection: the name of its host is not known here"),
            AttemptFault::Connect => f.write_str("no connection"),
            AttemptFault::TimedOut => f.write_str("a time-out"),
            AttemptFault::Reset => f.write_str("a broken connection"),
            AttemptFault::CutBody => f.write_str("a cut answer"),
            AttemptFault::InvalidJson => f.write_str("invalid JSON"),
            AttemptFault::ContentType => f.write_str("a wrong content type"),
        }
    }
}

/// What the other side said: cut, masked, and hidden from `{:?}` so that no log shows it by accident.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Detail(pub(crate) Option<String>);

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Detail(hidden)" } else { "Detail(none)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_short_and_hide_what_the_service_said() {
        let detail = Detail(Some("Amara Okafor is unknown".to_owned()));
        let error = ApiError::Exhausted { attempts: 1, last: AttemptFault::Status(503), detail: detail.clone() };
        assert_eq!(error.to_string(), "given up after 1 attempt, the last with status 503");
        assert_eq!(error.detail(), Some("Amara Okafor is unknown"));
        assert!(!format!("{error:?}").contains("Amara"));
        let refused = ApiError::Credentials { place: RefusedBy::Token, status: 401, detail };
        assert_eq!(refused.to_string(), "the service refused the credentials (token: status 401)");
    }
}
