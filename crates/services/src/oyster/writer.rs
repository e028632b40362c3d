//! Oyster, the writing side: without a writer there is no write, and without its switch in the job none of a kind. A
//! provisioning replaces what is there, so each is sent once, and again only by a caller who has looked; a request adds
//! something, so an uncertain one never is. Reading back, comparing and the books are the caller's.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::watch;

use crate::benbase::excerpt;
use crate::oyster::client::{OysterClient, OysterCredential, header_value, path_of};
use crate::oyster::{convert, reason, request};
use crate::settings::{self, OysterWrites};
use crate::transport::http::{Transport, Wiring};
use crate::transport::link::Content;
use crate::transport::sent::judge;
use crate::transport::write::Written;
use crate::{ApiError, CallSink, Clock, RetryPolicy, Sent, Slots};
use tieout_model::correction::oyster::{ProvisioningChange, RequestChange};
use tieout_model::correction::validate::BodyProblem;
use tieout_model::ids::EngagementId;
use tieout_model::money::Money;
use tieout_model::terms::ShareUnit;

/// An administrator in whose name is written.
const ACTOR: HeaderName = HeaderName::from_static("x-oyster-actor-email");

/// The writer of one Oyster connection. Its reads go over the same line in front of the service, so that the limit
/// holds for both together.
pub struct OysterWriter {
    reader: OysterClient,
    actor: Option<HeaderValue>,
    writes: OysterWrites,
}

impl OysterWriter {
    /// Prepares the connection; sends nothing. Errors name the setting that is wrong.
    pub fn connect(
        settings: &settings::OysterAccess,
        credential: OysterCredential,
        sink: CallSink,
        clock: Clock,
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<OysterWriter> {
        let wiring = Wiring { sink, clock, cancel };
        let transport =
            Transport::for_changes("oyster", &settings.base_url, credential.as_credential(), &settings.http, wiring)?;
        let actor =
            settings.actor_email.as_deref().map(|email| header_value("oyster.actor_email", email)).transpose()?;
        Ok(OysterWriter { reader: OysterClient::with_transport(settings, transport)?, actor, writes: settings.writes })
    }

    /// Takes its slots from those that the whole machine has for this credential.
    #[must_use]
    pub fn sharing(mut self, slots: Arc<dyn Slots>) -> OysterWriter {
        self.reader = self.reader.sharing(slots);
        self
    }

    /// Waits between sends as `policy` says, not as the job's limits do.
    #[must_use]
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> OysterWriter {
        self.reader = self.reader.with_retry_policy(policy);
        self
    }

    /// The reads of the same connection.
    pub fn reader(&self) -> &OysterClient {
        &self.reader
    }

    /// Waits before a provisioning that was not applied is sent again after its `faults`-th fault; `false`: the limits
    /// of the job allow no more of them.
    pub async fn rest_between(&self, faults: u32) -> bool {
        self.reader.transport.rest_between(faults).await
    }

    /// Replaces the provisioning of an engagement as a whole; sent once.
    pub async fn put_provisioning(&self, wanted: &ProvisioningChange) -> Sent {
        if !self.writes.provision {
            return off("oyster.writes.provision");
        }
        let template = &self.reader.paths.provisioning;
        let body = request::provisioning(wanted, self.reader.units.provisioning);
        self.send(Method::PUT, template, &wanted.engagement_id, body, excerpt).await
    }

    /// Requests one more plan. Sent once: what is in doubt is for the enrollments to tell.
    pub async fn request_benefit(&self, wanted: &RequestChange) -> Sent {
        if !self.writes.request {
            return off("oyster.writes.request");
        }
        let Some(template) = &self.reader.paths.requests else { return off("oyster.paths.requests") };
        let unit = self.reader.units.request_answer;
        let body = request::request(wanted, self.reader.units.request);
        self.send(Method::POST, template, &wanted.engagement_id, body, |answer| requested(answer, unit)).await
    }

    async fn send(
        &self,
        method: Method,
        template: &str,
        engagement_id: &EngagementId,
        body: Result<String, Vec<BodyProblem>>,
        excerpt: impl FnOnce(&[u8]) -> String,
    ) -> Sent {
        let body = match body {
            Ok(body) => body,
            Err(problems) => return Sent::Invalid { problems },
        };
        let path = match path_of(template, engagement_id) {
            Ok(path) => path,
            Err(error) => return judge(Written::NotSent { error, retry_after: None }, excerpt, reason::of),
        };
        let header = self.actor.clone().map(|actor| (ACTOR, actor));
        let content = Content::Change { json: &body, header };
        judge(self.reader.transport.change(method, template, &path, content).await, excerpt, reason::of)
    }
}

fn off(key: &str) -> Sent {
    let error = ApiError::Unsendable { why: "the job does not switch this kind of write on" };
    Sent::NotSent { reason: format!("{error}: {key}"), retry_after: None }
}

/// The enrollment that a request made, as the answer shows it; the guide's own sample does not echo what was asked for
/// (contracts, O2), so this is for a person to look at and proves nothing.
fn requested(body: &[u8], unit: ShareUnit) -> String {
    let answer = serde_json::from_slice(body).ok().and_then(|answer| convert::requested(answer, unit));
    let Some(record) = answer else { return excerpt(body) };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(record.enrollment_id.map(|id| format!("enrollment {id}")));
    parts.extend(record.state.map(|state| format!("state {state}")));
    let contribution = record.contribution.unwrap_or_default();
    let percent = |share: i64| Money(share).to_text(0);
    parts.extend(contribution.team_member.map(|share| format!("team member {} %", percent(share))));
    parts.extend(contribution.dependents.map(|share| format!("dependents {} %", percent(share))));
    parts.extend(contribution.max_dependents.map(|heads| format!("at most {heads} dependents")));
    parts.extend(contribution.anomalies);
    parts.join(", ")
}
