//! How a change is delivered. A read may be repeated at will; a change only when it is proved that it was not applied:
//! no connection came about, or the service refused to look at it for now (429). After everything else it may have
//! been applied, and who may send it again is decided by a person or a policy, not here. Only a PUT may be repeated after
//! a fault: twice the same state is that state.

use std::time::Duration;

use reqwest::Method;

use super::error::{ApiError, Detail, Fault};
use super::link::{Answer, Link, Outgoing, Trouble};
use super::retry::{Tries, is_passing};

const TOO_MANY_CALLS: u16 = 429;

/// What became of a change.
pub(super) enum Written {
    /// The service answered, with any status but 429. Its body may be cut.
    Answered(Answer),
    /// Proved: not applied. The error says why it was not sent again.
    NotSent {
        error: ApiError,
        /// As the service asked.
        retry_after: Option<Duration>,
    },
    /// It may have arrived; no answer did.
    Unanswered { fault: Fault, detail: Detail },
}

impl Link {
    /// Sends until the service answers, or the change may have been applied and must not be sent twice, or a limit is
    /// reached. A PUT sets a state, so it is sent again after any passing fault. Once one of its sends may have been
    /// applied, only a success settles it: a later refusal may be the answer to what the first one did.
    pub async fn deliver_change(&self, request: &Outgoing<'_>) -> Written {
        let repeatable = request.method == Method::PUT;
        let mut tries = Tries::default();
        let mut doubt: Option<Written> = None;
        loop {
            let attempt = match self.attempt(request, &mut tries).await {
                Ok(attempt) => attempt,
                Err(error) => return doubt.unwrap_or(Written::NotSent { error, retry_after: None }),
            };
            let (fault, asked, detail) = match attempt {
                Ok(answer) if answer.is_success() => return Written::Answered(answer),
                Ok(answer) if answer.status == TOO_MANY_CALLS => told(&answer),
                Ok(answer) if repeatable && is_passing(answer.status) => {
                    let (fault, asked, detail) = told(&answer);
                    doubt = Some(Written::Unanswered { fault, detail: detail.clone() });
                    (fault, asked, detail)
                }
                Ok(answer) => return doubt.unwrap_or(Written::Answered(answer)),
                Err(Trouble::Passing(Fault::Connect, detail)) => (Fault::Connect, None, detail),
                Err(Trouble::Passing(fault, detail)) => {
                    let unanswered = Written::Unanswered { fault, detail: detail.clone() };
                    if !repeatable {
                        return unanswered;
                    }
                    doubt = Some(unanswered);
                    (fault, None, detail)
                }
                // Nothing of an answer's body can end the call, so this means a fault on the way.
                Err(Trouble::Final(_)) => {
                    return Written::Unanswered { fault: Fault::CutBody, detail: Detail::default() };
                }
            };
            if let Err(error) = self.rest(request, &mut tries, fault, asked, detail).await {
                return doubt.unwrap_or(Written::NotSent { error, retry_after: asked });
            }
        }
    }
}

fn told(answer: &Answer) -> (Fault, Option<Duration>, Detail) {
    (Fault::Status(answer.status), answer.retry_after, answer.detail())
}
