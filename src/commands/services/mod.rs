//! The services that a job talks to: over the network, or in process when the job has a sandbox. The only place that
//! builds the runtime, resolves secrets and connects clients.

pub(super) mod calls;
pub(super) mod limits;
pub(crate) mod skew;

use std::sync::Arc;

use anyhow::Context;
use chrono::Utc;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use tieout_model::hash::sha256_hex;
use tieout_services::benbase::BenbaseReader;
use tieout_services::benifex::BenifexClient;
use tieout_services::oyster::{OysterClient, OysterCredential, OysterWriter};
use tieout_services::settings::{self, HttpLimits, OysterAuth, SecretRef};
use tieout_services::{CallSink, Clock, Credentials, Slots, install_tls};

use crate::job::Job;
use crate::outcome::{Exit, Failure};
use crate::secrets;

use super::services::limits::Limits;

/// Services ready to be called, with the settings that lead to them.
pub struct Services {
    pub runtime: Runtime,
    /// The job's settings; of a sandbox, with its addresses.
    pub benifex: settings::BenifexAccess,
    pub oyster: Option<settings::OysterAccess>,
    pub benbase: Option<settings::BenbaseAccess>,
    limits: Limits,
    #[cfg(feature = "sandbox")]
    sandbox: Option<tieout_sandbox::Running>,
}

impl Services {
    /// Starts the sandbox when the job has one.
    pub fn start(job: &Job) -> Result<Services, Failure> {
        install_tls();
        // One thread: little overlaps but waiting.
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .context("starting the asynchronous runtime")
            .map_err(Failure::bug)?;
        start(job, runtime)
    }

    /// A client for Benifex with the job's credentials.
    pub fn connect_benifex(&self, sink: CallSink, cancel: watch::Receiver<bool>) -> Result<BenifexClient, Failure> {
        let settings = &self.benifex;
        let secret =
            |reference, what| secrets::resolve(reference, what).map_err(|e| Failure::new(Exit::Credentials, e));
        let credentials = Credentials {
            client_id: secret(&settings.client_id, "benifex.client_id")?,
            client_secret: secret(&settings.client_secret, "benifex.client_secret")?,
        };
        let slots = self.slots("benifex", &settings.base_url, &credentials.client_id, &settings.http);
        let client = BenifexClient::connect(settings, credentials, sink, wall_clock(), cancel)
            .context("preparing the connection to Benifex")
            .map_err(Failure::input)?;
        Ok(match slots {
            Some(slots) => client.sharing(slots),
            None => client,
        })
    }

    /// A client for Benbase's reads; `None` when the job has no Benbase.
    pub fn connect_benbase(
        &self,
        sink: CallSink,
        cancel: watch::Receiver<bool>,
    ) -> Result<Option<BenbaseReader>, Failure> {
        let Some(settings) = &self.benbase else { return Ok(None) };
        let key =
            secrets::resolve(&settings.api_key, "benbase.api_key").map_err(|e| Failure::new(Exit::Credentials, e))?;
        let client = BenbaseReader::connect(settings, &key, sink, wall_clock(), cancel)
            .context("preparing the connection to Benbase")
            .map_err(Failure::input)?;
        Ok(Some(match self.slots("benbase", &settings.base_url, &key, &settings.http) {
            Some(slots) => client.sharing(slots),
            None => client,
        }))
    }

    /// A client for Oyster's reads; `None` when the job has no Oyster.
    pub fn connect_oyster(
        &self,
        sink: CallSink,
        cancel: watch::Receiver<bool>,
    ) -> Result<Option<OysterClient>, Failure> {
        let Some(settings) = &self.oyster else { return Ok(None) };
        let credential = oyster_credential(&settings.auth)?;
        let slots = self.slots("oyster", &settings.base_url, credential.identity(), &settings.http);
        let client = OysterClient::connect(settings, credential, sink, wall_clock(), cancel)
            .context("preparing the connection to Oyster")
            .map_err(Failure::input)?;
        Ok(Some(match slots {
            Some(slots) => client.sharing(slots),
            None => client,
        }))
    }

    /// The same for its writes, with reads over the same connection.
    pub fn connect_oyster_writer(
        &self,
        sink: CallSink,
        cancel: watch::Receiver<bool>,
    ) -> Result<Option<OysterWriter>, Failure> {
        let Some(settings) = &self.oyster else { return Ok(None) };
        let credential = oyster_credential(&settings.auth)?;
        let slots = self.slots("oyster", &settings.base_url, credential.identity(), &settings.http);
        let client = OysterWriter::connect(settings, credential, sink, wall_clock(), cancel)
            .context("preparing the connection to Oyster")
            .map_err(Failure::input)?;
        Ok(Some(match slots {
            Some(slots) => client.sharing(slots),
            None => client,
        }))
    }

    /// A hash of who asks: what tells one credential of Benifex and Oyster from another.
    pub fn askers(&self) -> Result<String, Failure> {
        let asker = secrets::resolve(&self.benifex.client_id, "benifex.client_id");
        let benifex = asker.map_err(|error| Failure::new(Exit::Credentials, error))?;
        let oyster = self.oyster.as_ref().map(|oyster| oyster_credential(&oyster.auth)).transpose()?;
        let of_oyster = oyster.as_ref().map_or("", |credential| credential.identity().expose_secret().trim());
        Ok(sha256_hex(format!("{}\n{of_oyster}", benifex.expose_secret().trim())))
    }

    /// See [`Limits::slots`].
    pub fn slots(
        &self,
        service: &str,
        base_url: &str,
        credential: &SecretString,
        http: &HttpLimits,
    ) -> Option<Arc<dyn Slots>> {
        self.limits.slots(service, base_url, credential, http)
    }

    /// Ends the sandbox, if there is one.
    pub fn stop(self) {
        #[cfg(feature = "sandbox")]
        if let Some(sandbox) = self.sandbox {
            self.runtime.block_on(sandbox.stop());
        }
    }
}

fn oyster_credential(auth: &OysterAuth) -> Result<OysterCredential, Failure> {
    let secret =
        |reference: &SecretRef, what| secrets::resolve(reference, what).map_err(|e| Failure::new(Exit::Credentials, e));
    Ok(match auth {
        OysterAuth::Bearer(token) => OysterCredential::Bearer(secret(token, "oyster.token")?),
        OysterAuth::ClientCredentials { token_url, client_id, client_secret, scope } => {
            let credentials = Credentials {
                client_id: secret(client_id, "oyster.client_id")?,
                client_secret: secret(client_secret, "oyster.client_secret")?,
            };
            OysterCredential::ClientCredentials { token_url: token_url.clone(), credentials, scope: scope.clone() }
        }
    })
}

/// Of the call log, which is about real time even where the job brings its own clock.
#[expect(clippy::disallowed_methods, reason = "commands/ is the place that asks the clock")]
pub fn wall_clock() -> Clock {
    Arc::new(Utc::now)
}

fn connections(
    job: &Job,
) -> (settings::BenifexAccess, Option<settings::OysterAccess>, Option<settings::BenbaseAccess>) {
    (job.benifex.clone(), job.oyster_connection().cloned(), job.benbase_connection().cloned())
}

#[cfg(feature = "sandbox")]
fn start(job: &Job, runtime: Runtime) -> Result<Services, Failure> {
    let (mut benifex, mut oyster, mut benbase) = connections(job);
    let Some(wanted) = &job.sandbox else {
        return Ok(Services { runtime, benifex, oyster, benbase, limits: Limits::of(job), sandbox: None });
    };
    let faults = tieout_sandbox::Faults::parse(wanted.faults.as_deref().unwrap_or_default())
        .map_err(|e| Failure::input(anyhow::anyhow!("sandbox.faults: {e}")))?;
    let mut settings = tieout_sandbox::Settings::for_world(&wanted.world);
    settings.limit = tieout_sandbox::RateWindow { calls: wanted.limit.calls, per: wanted.limit.per };
    settings.latency = wanted.latency;
    settings.faults = faults;
    settings.benefits_prefix = benifex.benefits_prefix.clone();
    settings.oyster_customer = oyster.as_ref().and_then(|oyster| oyster.customer_id.clone());
    settings.epoch = wanted.clock.unwrap_or(settings.epoch);
    let running = runtime
        .block_on(tieout_sandbox::start(settings))
        .with_context(|| format!("starting the sandbox on {}", wanted.world.display()))
        .map_err(Failure::input)?;
    benifex.base_url = running.base_url();
    benifex.token_url = running.token_url();
    if let Some(oyster) = &mut oyster {
        oyster.base_url = running.oyster_url();
        if let OysterAuth::ClientCredentials { token_url, .. } = &mut oyster.auth {
            *token_url = running.oyster_token_url();
        }
    }
    if let Some(benbase) = &mut benbase {
        benbase.base_url = running.benbase_url();
    }
    Ok(Services { runtime, benifex, oyster, benbase, limits: Limits::of(job), sandbox: Some(running) })
}

#[cfg(not(feature = "sandbox"))]
fn start(job: &Job, runtime: Runtime) -> Result<Services, Failure> {
    if job.sandbox.is_some() {
        return Err(Failure::input(anyhow::anyhow!(
            "the job has a [sandbox], but this tieout was built without it; build with the feature `sandbox`"
        )));
    }
    let (benifex, oyster, benbase) = connections(job);
    Ok(Services { runtime, benifex, oyster, benbase, limits: Limits::of(job) })
}
