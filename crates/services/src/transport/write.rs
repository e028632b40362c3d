//! How a change is delivered. A read may be repeated at will; a change only when it is proved that it was not applied:
//! no connection came about, or the service refused to look at it for now (429). After everything else it may have been
//! applied, and who may send it again is decided by a person or a policy, not here. A PUT replaces what is there, and
//! while it waits somebody else may change that: it is sent once, and whoever wants it repeated looks first.

use std::time::Duration;

use reqwest::Method;

use crate::answer::error::{ApiError, AttemptFault, Detail};
use crate::limit::retry::{TOO_MANY_CALLS, Tries, is_passing};
use crate::transport::link::{Answer, Link, Outgoing, Trouble};

/// What became of a change.
pub(crate) enum Written {
    /// The service answered, with any status but 429. Its body may be cut.
    Answered(Answer),
    /// Proved: not applied. The error says why it was not sent again.
    NotSent {
        error: ApiError,
        /// As the service asked.
        retry_after: Option<Duration>,
    },
    /// It may have arrived; no answer did.
    Unanswered { fault: AttemptFault, detail: Detail },
}

impl Link {
    /// Sends until the service answers, or the change may have been applied and must not be sent twice, or a limit is
    /// reached; a PUT once.
    pub async fn deliver_change(&self, request: &Outgoing<'_>) -> Written {
        let once = request.method == Method::PUT;
        let mut tries = Tries::default();
        loop {
            let attempt = match self.attempt(request, &mut tries).await {
                Ok(attempt) => attempt,
                Err(error) => return Written::NotSent { error, retry_after: None },
            };
            let (fault, asked, detail) = match attempt {
                Ok(answer) if answer.status == TOO_MANY_CALLS => told(&answer),
                Ok(answer) if once && is_passing(answer.status) => {
                    let (fault, _, detail) = told(&answer);
                    return Written::Unanswered { fault, detail };
                }
                Ok(answer) => return Written::Answered(answer),
                Err(Trouble::Passing(fault, detail)) if fault.is_unsent() => (fault, None, detail),
                Err(Trouble::Passing(fault, detail)) => return Written::Unanswered { fault, detail },
                Err(Trouble::Final(error @ ApiError::Untrusted { .. })) => {
                    return Written::NotSent { error, retry_after: None };
                }
                // Nothing of an answer's body can end the call, so this means a fault on the way.
                Err(Trouble::Final(_)) => {
                    return Written::Unanswered { fault: AttemptFault::CutBody, detail: Detail::default() };
                }
            };
            let rested = match once {
                true => Err(self.give_up(request, &tries, fault, asked, detail)),
                false => self.rest(request, &mut tries, fault, asked, detail).await,
            };
            if let Err(error) = rested {
                return Written::NotSent { error, retry_after: asked };
            }
        }
    }
}

fn told(answer: &Answer) -> (AttemptFault, Option<Duration>, Detail) {
    (AttemptFault::Status(answer.status), answer.retry_after, answer.detail())
}
