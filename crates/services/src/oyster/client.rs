//! The documented reads of Oyster, and the ruleset whose path is a guess. Each returns records; `raw` returns the
//! answer as it came, for a person to look at. Which calls a night needs, and what an absent engagement means, is
//! decided by the caller. A 404 is final for its engagement: it is unknown, or these credentials may not see it.

use std::sync::Arc;

use reqwest::header::{HeaderName, HeaderValue};
use secrecy::SecretString;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::watch;

use super::convert::{self, broken};
use super::paging::{FIRST_PAGE, Page, Silence, Walk};
use super::wire::List;
use crate::address::segment;
use crate::settings::{self, OysterPaths, OysterUnits};
use crate::transport::http::{Credential, Transport, Wiring};
use crate::{ApiError, CallSink, Clock, Credentials, RetryPolicy, Slots};
use tieout_model::ids::EngagementId;
use tieout_model::placeholder::PlaceholderDates;
use tieout_model::records::oyster::{
    EngagementRecord, EngagementWalk, EnrollmentRecord, OfferingsRecord, ProvisioningRecord,
};

/// In the paths of the job.
const ID_MARK: &str = "{engagement_id}";
/// Resellers: the customer that a call is for.
const CUSTOMER: HeaderName = HeaderName::from_static("x-oyster-customer-id");

/// What Oyster is asked with.
pub enum OysterCredential {
    ClientCredentials {
        token_url: String,
        credentials: Credentials,
        scope: Option<String>,
    },
    /// A token that somebody else renews: refused once, it is refused for good.
    Bearer(SecretString),
}

/// The reader of one Oyster connection.
pub struct OysterClient {
    pub(super) transport: Transport,
    pub(super) paths: OysterPaths,
    pub(super) units: OysterUnits,
    per_page: usize,
    /// The job names states that mean engaged.
    states_matter: bool,
    placeholder_dates: PlaceholderDates,
}

/// One documented read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// One page; absent = the first.
    Engagements {
        page: Option<u32>,
    },
    Engagement {
        engagement_id: EngagementId,
    },
    Offerings {
        engagement_id: EngagementId,
    },
    Provisioning {
        engagement_id: EngagementId,
    },
    Enrollments {
        engagement_id: EngagementId,
    },
    Ruleset {
        engagement_id: EngagementId,
    },
}

impl OysterClient {
    /// Prepares the connection; sends nothing. Errors name the setting that is wrong.
    pub fn connect(
        settings: &settings::OysterAccess,
        credential: OysterCredential,
        sink: CallSink,
        clock: Clock,
        cancel: watch::Receiver<bool>,
    ) -> anyhow::Result<OysterClient> {
        let wiring = Wiring { sink, clock, cancel };
        let transport =
            Transport::new("oyster", &settings.base_url, credential.as_credential(), &settings.http, wiring)?;
        OysterClient::with_transport(settings, transport)
    }

    pub(super) fn with_transport(
        settings: &settings::OysterAccess,
        mut transport: Transport,
    ) -> anyhow::Result<OysterClient> {
        if let Some(customer) = &settings.customer_id {
            transport.set_header(CUSTOMER, header_value("oyster.customer_id", customer)?);
        }
        Ok(OysterClient {
            transport,
            paths: settings.paths.clone(),
            units: settings.units,
            per_page: settings.per_page.max(1),
            states_matter: !settings.engaged_states.is_empty(),
            placeholder_dates: settings.placeholder_dates.clone(),
        })
    }

    /// Takes its slots from those that the whole machine has for this credential.
    #[must_use]
    pub fn sharing(mut self, slots: Arc<dyn Slots>) -> Self {
        self.transport.share_slots(slots);
        self
    }

    /// The time that so many further calls take under the limit and at the pace of the latest ones, without faults.
    pub fn time_for(&self, calls: u64) -> std::time::Duration {
        self.transport.time_for(calls)
    }

    /// The same with another patience than the job's limits give.
    #[must_use]
    pub fn with_retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.transport.set_policy(policy);
        self
    }

    /// Reads all engagements, a page a call. A walk over the pages that contradicts itself is repeated once.
    pub async fn engagements(&self) -> Result<EngagementWalk, ApiError> {
        let first = self.walk_engagements().await?;
        if first.inconsistencies.is_empty() {
            return Ok(first);
        }
        tracing::debug!(contradictions = ?first.inconsistencies, "the pages of engagements contradict each other; read again");
        self.walk_engagements().await
    }

    /// Reads the first page only and gives the number of all engagements as far as the answer states it: harmless, and
    /// good as a check.
    pub async fn first_page(&self) -> Result<Option<i64>, ApiError> {
        let answer: List = self.transport.get(&self.paths.engagements, &self.engagements_path(FIRST_PAGE)).await?;
        Ok(self.page(answer)?.count())
    }

    /// Reads one engagement.
    pub async fn engagement(&self, engagement_id: &EngagementId) -> Result<EngagementRecord, ApiError> {
        let answer = self.get(&self.paths.engagement, engagement_id).await?;
        convert::one_engagement(engagement_id.as_str(), answer, &self.placeholder_dates)
    }

    /// Reads the state of one engagement, blank when it shows none; `None`, and no call, when the job names no state
    /// that means engaged.
    pub async fn engagement_state(&self, engagement_id: &EngagementId) -> Result<Option<String>, ApiError> {
        match self.states_matter {
            true => Ok(Some(self.engagement(engagement_id).await?.state.unwrap_or_default())),
            false => Ok(None),
        }
    }

    /// Reads what is on offer for an engagement.
    pub async fn offerings(&self, engagement_id: &EngagementId) -> Result<OfferingsRecord, ApiError> {
        convert::offerings(self.get(&self.paths.offerings, engagement_id).await?)
    }

    /// Reads what an engagement is provisioned with.
    pub async fn provisioning(&self, engagement_id: &EngagementId) -> Result<ProvisioningRecord, ApiError> {
        convert::provisioning(self.get(&self.paths.provisioning, engagement_id).await?, self.units.provisioning)
    }

    /// Reads all enrollments of an engagement, sorted by id. Pages that contradict each other are read once more, and
    /// are then no answer.
    pub async fn enrollments(&self, engagement_id: &EngagementId) -> Result<Vec<EnrollmentRecord>, ApiError> {
        match self.walk_enrollments(engagement_id).await? {
            (enrollments, contradictions) if contradictions.is_empty() => return Ok(enrollments),
            (_, contradictions) => tracing::debug!(?contradictions, "enrollments contradict each other; read again"),
        }
        let (enrollments, contradictions) = self.walk_enrollments(engagement_id).await?;
        agreed(enrollments, &contradictions)
    }

    /// Reads what a provisioning may hold: opaque, since no document says what it looks like.
    pub async fn ruleset(&self, engagement_id: &EngagementId) -> Result<Value, ApiError> {
        self.get(self.ruleset_path()?, engagement_id).await
    }

    /// The answer of one operation as it came, numbers to the last digit.
    pub async fn raw(&self, operation: &Operation) -> Result<Box<RawValue>, ApiError> {
        let (template, engagement_id) = match operation {
            Operation::Engagements { page } => {
                let path = self.engagements_path(page.unwrap_or(FIRST_PAGE));
                return self.transport.raw(&self.paths.engagements, &path).await;
            }
            Operation::Engagement { engagement_id } => (&self.paths.engagement, engagement_id),
            Operation::Offerings { engagement_id } => (&self.paths.offerings, engagement_id),
            Operation::Provisioning { engagement_id } => (&self.paths.provisioning, engagement_id),
            Operation::Enrollments { engagement_id } => (&self.paths.enrollments, engagement_id),
            Operation::Ruleset { engagement_id } => (self.ruleset_path()?, engagement_id),
        };
        self.transport.raw(template, &path_of(template, engagement_id)?).await
    }

    async fn get<T: serde::de::DeserializeOwned>(
        &self,
        template: &str,
        engagement_id: &EngagementId,
    ) -> Result<T, ApiError> {
        self.transport.get(template, &path_of(template, engagement_id)?).await
    }

    async fn walk_engagements(&self) -> Result<EngagementWalk, ApiError> {
        let mut walk = Walk::new(Silence::ProvesNothing);
        loop {
            let answer: List = self.transport.get(&self.paths.engagements, &self.engagements_path(walk.next())).await?;
            if !walk.take(self.page(answer)?) {
                let (engagements, inconsistencies) = walk.finish();
                return Ok(EngagementWalk { engagements, inconsistencies });
            }
        }
    }

    fn page(&self, answer: List) -> Result<Page<EngagementRecord>, ApiError> {
        Page::read(answer, |entry| convert::listed_engagement(entry, &self.placeholder_dates))
    }

    /// No paging of enrollments is documented, so the first call asks for none.
    async fn walk_enrollments(
        &self,
        engagement_id: &EngagementId,
    ) -> Result<(Vec<EnrollmentRecord>, Vec<String>), ApiError> {
        let template = &self.paths.enrollments;
        let mut path = path_of(template, engagement_id)?;
        let mut walk = Walk::new(Silence::MeansWhole);
        loop {
            let answer: List = self.transport.get(template, &path).await?;
            let row = |entry: &RawValue| convert::listed_enrollment(entry, self.units.enrollments);
            if !walk.take(Page::read(answer, row)?) {
                return Ok(walk.finish());
            }
            path = self.paged(&path_of(template, engagement_id)?, walk.next());
        }
    }

    fn engagements_path(&self, page: u32) -> String {
        self.paged(&self.paths.engagements, page)
    }

    fn paged(&self, path: &str, page: u32) -> String {
        format!("{path}?per_page={}&page={page}", self.per_page)
    }

    fn ruleset_path(&self) -> Result<&String, ApiError> {
        let why = "the job names no path of the ruleset; set oyster.paths.ruleset";
        self.paths.ruleset.as_ref().ok_or(ApiError::Unsendable { why })
    }
}

impl OysterCredential {
    /// What tells one connection from another: the limit is one of it.
    pub fn identity(&self) -> &SecretString {
        match self {
            OysterCredential::Bearer(token) => token,
            OysterCredential::ClientCredentials { credentials, .. } => &credentials.client_id,
        }
    }

    pub(super) fn as_credential(&self) -> Credential<'_> {
        match self {
            OysterCredential::Bearer(token) => Credential::Key(token),
            OysterCredential::ClientCredentials { token_url, credentials, scope } => {
                Credential::ClientCredentials { token_url, credentials: credentials.clone(), scope: scope.clone() }
            }
        }
    }
}

/// Enrollments that contradict each other prove nothing.
pub(super) fn agreed(
    enrollments: Vec<EnrollmentRecord>,
    contradictions: &[String],
) -> Result<Vec<EnrollmentRecord>, ApiError> {
    if contradictions.is_empty() { Ok(enrollments) } else { Err(broken("its enrollments contradict each other")) }
}

/// The path of one engagement, its id encoded as one segment.
pub(super) fn path_of(template: &str, engagement_id: &EngagementId) -> Result<String, ApiError> {
    Ok(template.replace(ID_MARK, &segment(engagement_id.as_str())?))
}

pub(super) fn header_value(key: &str, text: &str) -> anyhow::Result<HeaderValue> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| anyhow::anyhow!("{key} holds characters that fit into no HTTP header"))?;
    value.set_sensitive(true);
    Ok(value)
}
