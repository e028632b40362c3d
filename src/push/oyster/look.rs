//! Reading what an item is about, and sending it.

use super::decide::SeenEnrollment;
use tieout_corrections::oyster::Current;
use tieout_model::correction::oyster::OysterChange;
use tieout_services::oyster::{OysterClient, OysterWriter};
use tieout_services::{ApiError, Sent};
use tieout_store::Settled;

/// Why nothing could be concluded from reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub reason: String,
    /// The status with which the credentials were refused.
    pub credentials: Option<u16>,
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Refused {
        let credentials = match &error {
            ApiError::Credentials { status, .. } => Some(*status),
            _ => None,
        };
        Refused { reason: error.to_string(), credentials }
    }
}

impl From<String> for Refused {
    fn from(reason: String) -> Refused {
        Refused { reason, credentials: None }
    }
}

/// What Oyster shows of the thing that a change is about: all that is provisioned and whether provisioning is over, or
/// the enrollments of the plan.
pub async fn current(reader: &OysterClient, change: &OysterChange) -> Result<Current, Refused> {
    match change {
        OysterChange::Provisioning(change) => {
            let id = &change.engagement_id;
            let enrolled = Current::of_enrollments(&reader.enrollments(id).await?)?;
            let state = reader.engagement_state(id).await?;
            // Last, since it is what a write would replace.
            let provisioned = Current::of_provisioning(&reader.provisioning(id).await?)?;
            Ok(provisioned.at_stage(state, enrolled))
        }
        OysterChange::Request(change) => {
            let enrollments = reader.enrollments(&change.engagement_id).await?;
            Ok(Current::of_enrollments(&enrollments)?.of_plan(&change.plan_id))
        }
    }
}

/// The same beside what is wanted.
pub async fn look(reader: &OysterClient, change: &OysterChange) -> Result<SeenEnrollment, Refused> {
    Ok(SeenEnrollment::of(current(reader, change).await?, change))
}

/// What came of a write, as far as the answer alone tells.
pub enum Said {
    /// Any 2xx: what it led to is read back.
    Accepted { status: u16 },
    /// It may have been applied or not.
    Unknown { reason: String },
    /// The service refused the credentials: not applied, and nothing else will be.
    Credentials(u16),
    /// Final without reading: refused, or proved not to have been sent.
    Settled(Settled),
}

/// Sends a change.
pub async fn send(writer: &OysterWriter, change: &OysterChange) -> Said {
    said(match change {
        OysterChange::Provisioning(change) => writer.put_provisioning(change).await,
        OysterChange::Request(change) => writer.request_benefit(change).await,
    })
}

fn said(sent: Sent) -> Said {
    match sent {
        Sent::Accepted { status, .. } => Said::Accepted { status },
        Sent::InDoubt { reason } => Said::Unknown { reason },
        Sent::Credentials { status } => Said::Credentials(status),
        Sent::NotSent { reason, .. } => Said::Settled(Settled::NotSent { reason }),
        Sent::Refused { status, reason } => {
            let said = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            Said::Settled(Settled::Failed { reason: format!("refused with status {status}{said}") })
        }
        Sent::Invalid { problems } => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let reason = format!("not sent, Oyster would refuse it: {}", problems.join("; "));
            Said::Settled(Settled::Failed { reason })
        }
    }
}
