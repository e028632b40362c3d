//! Readers and writers of the services that a push writes to. Nothing is sent here.

use std::sync::Arc;

use anyhow::Context;
use tokio::sync::watch;

use crate::commands::open::OpenJob;
use crate::commands::services::calls;
use crate::commands::services::{Services, wall_clock};
use crate::outcome::{Exit, Failure};
use crate::secrets;
use tieout_services::benbase::{BenbaseReader, BenbaseWriter};

/// Reader and writer of the job's Benbase; `None` when it has none.
pub fn benbase(
    services: &Services,
    opened: &OpenJob,
    cancel: &watch::Receiver<bool>,
) -> Result<Option<(BenbaseReader, BenbaseWriter)>, Failure> {
    let Some(settings) = &services.benbase else { return Ok(None) };
    let key = secrets::resolve(&settings.api_key, "benbase.api_key").map_err(|e| Failure::new(Exit::Credentials, e))?;
    let connect = || -> anyhow::Result<_> {
        let (clock, sandboxed) = (wall_clock(), opened.job.sandbox.is_some());
        let sink = opened.skews.telling(calls::sink());
        let reader = BenbaseReader::connect(settings, &key, Arc::clone(&sink), Arc::clone(&clock), cancel.clone())?;
        let writer = BenbaseWriter::connect(settings, key.clone(), sandboxed, sink, clock, cancel.clone())?;
        Ok(match services.slots("benbase", &settings.base_url, &key, &settings.http) {
            Some(slots) => (reader.sharing(Arc::clone(&slots)), writer.sharing(slots)),
            None => (reader, writer),
        })
    };
    connect().map(Some).context("preparing the connection to Benbase").map_err(Failure::input)
}
