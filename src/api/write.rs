//! How a change is delivered. A read may be repeated at will; a change only when it is proved that it was not applied:
//! no connection came about, or the service refused to look at it for now (429). After everything else it may have
//! been applied, and who may send it again is decided by a person or a policy, not here.

use std::time::Duration;

use super::error::{ApiError, Detail, Fault};
use super::link::{Answer, Link, Outgoing, Trouble};
use super::retry::Tries;

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
    /// Sends until the service answers, or the change may have been applied, or a limit is reached.
    pub async fn deliver_change(&self, request: &Outgoing<'_>) -> Written {
        let mut tries = Tries::default();
        loop {
            let (fault, asked, detail) = match self.attempt(request, &mut tries).await {
                Ok(Ok(answer)) if answer.status == TOO_MANY_CALLS => {
                    (Fault::Status(answer.status), answer.retry_after, answer.detail())
                }
                Ok(Ok(answer)) => return Written::Answered(answer),
                Ok(Err(Trouble::Passing(Fault::Connect, detail))) => (Fault::Connect, None, detail),
                Ok(Err(Trouble::Passing(fault, detail))) => return Written::Unanswered { fault, detail },
                // Nothing of an answer's body can end the call, so this means a fault on the way.
                Ok(Err(Trouble::Final(_))) => {
                    return Written::Unanswered { fault: Fault::CutBody, detail: Detail::default() };
                }
                Err(error) => return Written::NotSent { error, retry_after: None },
            };
            if let Err(error) = self.rest(request, &mut tries, fault, asked, detail).await {
                return Written::NotSent { error, retry_after: asked };
            }
        }
    }
}
