//! The calls of the night: clients with what earlier processes left of their limits, both services side by side, and
//! what it cost.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;

use crate::cli::RunArgs;
use crate::commands::open::OpenJob;
use crate::commands::services::Services;
use crate::extract::{self, CallBuffer, ExtractError, Extracted, Options, OysterExtracted, OysterNight};
use crate::interrupt::Interrupt;
use crate::outcome::{Exit, Failure};
use crate::progress::Progress;
use tieout_model::calls::{CallStatistics, OysterStatistics};
use tieout_model::ids::PayrollId;
use tieout_recon::snapshot::Tables;
use tieout_services::settings::{HttpLimits, OysterAuth};
use tieout_services::{TOKEN_TEMPLATE, on_one_server};
use tieout_store::{Limit, Store};

use crate::night::oyster::{self, Past};

/// The services' names in the call log.
const BENIFEX: &str = "benifex";
const OYSTER: &str = "oyster";

/// What the services answered, ready to be sealed.
pub struct Answers {
    /// Id in the store.
    pub extraction: i64,
    pub tables: Tables,
    pub calls: CallStatistics,
    pub oyster: OysterStatistics,
}

/// What the services are asked for with.
pub struct Asking<'a> {
    pub opened: &'a OpenJob,
    pub args: &'a RunArgs,
    pub services: &'a Services,
    /// Employee ids.
    pub population: &'a [String],
    /// What is known of Oyster; `None`: it is not asked.
    pub past: Option<&'a Past>,
    pub interrupt: &'a Interrupt,
}

/// Asks Benifex, and Oyster beside it when the job has one.
pub fn extract(asking: &Asking<'_>, store: &mut Store) -> Result<Answers, Failure> {
    let (extracted, from_oyster) = ask(asking, store)?;
    let services = asking.services;
    let extraction = extracted.extraction;
    let log = Log { store, extraction };
    let settings = &services.benifex;
    let calls = log.cost(BENIFEX, &settings.http, &settings.base_url, Some(&settings.token_url), extracted.resumed)?;
    let mut tables = extracted.into_tables().context("building the snapshot").map_err(Failure::bug)?;
    let mut statistics = OysterStatistics::default();
    if let (Some(from_oyster), Some(settings)) = (from_oyster, &services.oyster) {
        let token_url = match &settings.auth {
            OysterAuth::ClientCredentials { token_url, .. } => Some(token_url.as_str()),
            OysterAuth::Bearer(_) => None,
        };
        let cost = log.cost(OYSTER, &settings.http, &settings.base_url, token_url, from_oyster.resumed)?;
        statistics = oyster::statistics(from_oyster.plan, cost);
        tables.oyster = Some(from_oyster.into_tables().context("building the snapshot").map_err(Failure::bug)?);
    }
    Ok(Answers { extraction, tables, calls, oyster: statistics })
}

fn ask(asking: &Asking<'_>, store: &mut Store) -> Result<(Extracted, Option<OysterExtracted>), Failure> {
    let Asking { opened, args, services, population, past, interrupt } = *asking;
    let job = &opened.job;
    let calls = CallBuffer::default();
    let (cancel, cancelled) = watch::channel(false);
    let client = services.connect_benifex(opened.skews.telling(calls.sink()), cancelled.clone())?;
    let oyster_client = services.connect_oyster(opened.skews.telling(calls.sink()), cancelled)?;
    let options = options(opened, args, services, store, calls)?;
    let progress = Progress::new("Benifex", first_window(&job.benifex.http));
    let oyster_progress = job.oyster_connection().map(|oyster| progress.beside("Oyster", first_window(&oyster.http)));
    let parts = (oyster_client.as_ref(), job.oyster_connection(), past, oyster_progress.as_ref());
    let night = match parts {
        (Some(client), Some(settings), Some(past), Some(progress)) => {
            let Past { known, kept, wanted, charged } = past;
            Some(OysterNight { client, settings, known, kept, wanted, charged, progress })
        }
        _ => None,
    };
    let asking = async {
        let watcher = tokio::spawn(interrupt.clone().forward(cancel.clone()));
        let extracted = match &night {
            None => extract::extract(&client, store, population, &options, &progress).await.map(|one| (one, None)),
            Some(night) => extract::extract_both(&client, night, store, population, &options, &progress, &cancel)
                .await
                .map(|(one, other)| (one, Some(other))),
        };
        watcher.abort();
        extracted
    };
    services.runtime.block_on(asking).map_err(|error| failure(error, interrupt))
}

fn options(
    opened: &OpenJob,
    args: &RunArgs,
    services: &Services,
    store: &Store,
    calls: CallBuffer,
) -> Result<Options, Failure> {
    let job = &opened.job;
    Ok(Options {
        fresh: args.fresh,
        concurrency: job.benifex.http.concurrency,
        fold_id_case: job.payroll.fold_id_case,
        riskiest: riskiest(store)?,
        connection: Options::connection(&job.benifex, job.oyster_connection(), &services.askers()?),
        calls,
        clock: opened.clock.clone(),
    })
}

fn first_window(http: &HttpLimits) -> Option<(usize, Duration)> {
    http.windows.first().map(|window| (window.calls, window.per))
}

/// The call log of one extraction.
struct Log<'a> {
    store: &'a Store,
    extraction: i64,
}

impl Log<'_> {
    fn cost(
        &self,
        service: &str,
        http: &HttpLimits,
        base_url: &str,
        token_url: Option<&str>,
        resumed: u64,
    ) -> Result<CallStatistics, Failure> {
        let (calls, window) = first_window(http).unwrap_or_default();
        // A token from another server does not count against the limit.
        let elsewhere = token_url.is_some_and(|token_url| !on_one_server(base_url, token_url));
        let limit = Limit { service, calls: calls as u64, window, exempt: elsewhere.then_some(TOKEN_TEMPLATE) };
        self.store
            .call_statistics(self.extraction, &limit, resumed)
            .context("reading the call log")
            .map_err(Failure::bug)
    }
}

/// Employees with open findings are asked for first, so that a short night has looked at them.
fn riskiest(store: &Store) -> Result<BTreeSet<PayrollId>, Failure> {
    store.remembered_employees().context("reading the open findings").map_err(Failure::bug)
}

fn failure(error: ExtractError, interrupt: &Interrupt) -> Failure {
    let exit = match &error {
        ExtractError::Credentials(_) | ExtractError::OysterCredentials(_) | ExtractError::Forbidden { .. } => {
            Exit::Credentials
        }
        ExtractError::WrongPrefix | ExtractError::NoEngagement { .. } => Exit::Input,
        ExtractError::Interrupted { .. } => interrupt.exit().unwrap_or(Exit::Interrupted),
        ExtractError::Store(_) => Exit::Bug,
    };
    Failure::new(exit, anyhow::Error::new(error).context("extracting from the services"))
}
