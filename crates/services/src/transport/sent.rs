//! What became of a change, in the terms that a push has to tell apart. Claiming, order, repetition of what is in doubt
//! and the books are not its business.

use std::fmt;
use std::time::Duration;

use crate::answer::error::{ApiError, AttemptFault, Detail};
use crate::answer::verdict;
use crate::transport::link::Answer;
use crate::transport::write::Written;
use tieout_model::correction::validate::BodyProblem;

/// What became of a change.
#[derive(Clone, PartialEq, Eq)]
pub enum Sent {
    /// The service took it: any 2xx whose body is empty, or JSON that does not say otherwise.
    Accepted {
        status: u16,
        /// What the answer says, without personal data.
        excerpt: String,
    },
    /// The service will not take it, ever: not applied, final.
    Refused {
        status: u16,
        /// Masked: without digits, addresses and what was sent.
        reason: String,
    },
    /// The contract would refuse it; nothing was sent, final.
    Invalid { problems: Vec<BodyProblem> },
    /// The service refused the credentials (401, 403): not applied, and nothing else will be.
    Credentials { status: u16 },
    /// Proved: not applied. It may be sent again.
    NotSent {
        reason: String,
        /// As the service asked.
        retry_after: Option<Duration>,
    },
    /// It may have been applied or not.
    InDoubt { reason: String },
}

/// Without the words of the service, which are masked by form only.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Sent::Accepted { status, .. } => write!(f, "Accepted({status})"),
            Sent::Refused { status, .. } => write!(f, "Refused({status})"),
            Sent::Invalid { problems } => write!(f, "Invalid({problems:?})"),
            Sent::Credentials { status } => write!(f, "Credentials({status})"),
            Sent::NotSent { retry_after, .. } => write!(f, "NotSent({retry_after:?})"),
            Sent::InDoubt { .. } => f.write_str("InDoubt"),
        }
    }
}

/// Judges a delivery. `excerpt` and `reason` read the body of a success and of a refusal.
pub(crate) fn judge(
    written: Written,
    excerpt: impl FnOnce(&[u8]) -> String,
    reason: impl FnOnce(&[u8]) -> String,
) -> Sent {
    match written {
        Written::Answered(answer) => judge_answer(&answer, excerpt, reason),
        Written::NotSent { error: ApiError::Credentials { status, .. }, .. } => Sent::Credentials { status },
        Written::NotSent { error, retry_after } => Sent::NotSent { reason: not_sent(&error), retry_after },
        Written::Unanswered { fault, detail } => Sent::InDoubt { reason: unanswered(fault, &detail) },
    }
}

/// What an answer says of the change. A status that is not documented proves nothing, so it leaves doubt; so does a
/// success that came in part, from another program or with an error in it.
fn judge_answer(answer: &Answer, excerpt: impl FnOnce(&[u8]) -> String, reason: impl FnOnce(&[u8]) -> String) -> Sent {
    let status = answer.status;
    let doubt = match verdict::of_change(&answer.body) {
        _ if answer.cut => Some("its body was cut"),
        proved => proved.err(),
    };
    match (status, doubt) {
        (200..=299, Some(doubt)) => {
            let words = if answer.cut { String::new() } else { reason(&answer.body) };
            Sent::InDoubt { reason: with_words(format!("{}, but {doubt}", answered_with(status)), &words) }
        }
        (200..=299, None) => Sent::Accepted { status, excerpt: excerpt(&answer.body) },
        (401 | 403, _) => Sent::Credentials { status },
        (400..=499, _) => Sent::Refused { status, reason: reason(&answer.body) },
        _ => Sent::InDoubt { reason: with_words(answered_with(status), &reason(&answer.body)) },
    }
}

fn answered_with(status: u16) -> String {
    format!("the service answered with status {status}")
}

fn not_sent(error: &ApiError) -> String {
    with_words(error.to_string(), error.detail().unwrap_or(""))
}

fn unanswered(fault: AttemptFault, detail: &Detail) -> String {
    let text = match fault {
        AttemptFault::Status(status) => answered_with(status),
        fault => format!("no answer came: {fault}"),
    };
    with_words(text, detail.0.as_deref().unwrap_or(""))
}

fn with_words(text: String, words: &str) -> String {
    if words.is_empty() { text } else { format!("{text} ({words})") }
}
