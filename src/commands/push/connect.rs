//! Readers and writers of the services that a push writes to. Nothing is sent here.

use std::sync::Arc;

use anyhow::Context;
use tokio::sync::watch;

use crate::commands::services::{Services, wall_clock};
use crate::job::Job;
use crate::outcome::{Exit, Failure};
use crate::secrets;
use tieout_services::CallSink;
use tieout_services::benbase::{BenbaseReader, BenbaseWriter};

/// Reader and writer of the job's Benbase; `None` when it has none.
pub fn benbase(
    services: &Services,
    job: &Job,
    cancel: &watch::Receiver<bool>,
) -> Result<Option<(BenbaseReader, BenbaseWriter)>, Failure> {
    let Some(settings) = &services.benbase else { return Ok(None) };
    let key = secrets::resolve(&settings.api_key, "benbase.api_key").map_err(|e| Failure::new(Exit::Credentials, e))?;
    let connect = || -> anyhow::Result<_> {
        let (clock, sandboxed) = (wall_clock(), job.sandbox.is_some());
        let reader = BenbaseReader::connect(settings, &key, sink(), Arc::clone(&clock), cancel.clone())?;
        let writer = BenbaseWriter::connect(settings, key.clone(), sandboxed, sink(), clock, cancel.clone())?;
        Ok((reader, writer))
    };
    connect().map(Some).context("preparing the connection to Benbase").map_err(Failure::input)
}

/// The log of the calls that a push makes: no ids, no bodies.
pub fn sink() -> CallSink {
    Arc::new(|call| {
        let (path, attempt, status, fault) = (call.path_template, call.attempt, call.status, call.fault);
        tracing::debug!(service = call.service, method = call.method, path, attempt, status, fault, "call");
    })
}
