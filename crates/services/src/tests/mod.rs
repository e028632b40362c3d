//! The real clients over real HTTP: against the sandbox for what it can do, against a scripted listener for the rest.

#![expect(clippy::disallowed_methods, reason = "tests over real HTTP need real time")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::Utc;
use tokio::sync::watch;

use crate::benifex::BenifexClient;
use crate::settings;
use crate::settings::{EmployeeIdsStyle, HttpLimits, RateWindow, SecretRef};
use crate::{CallRecord, CallSink, Clock, Credentials, RetryPolicy};
use tieout_model::dates::DateLayout;
use tieout_model::placeholder::PlaceholderDates;

mod changes;
mod oyster;
mod oyster_served;
mod scripted;
mod served;
mod trust;

const WINDOW: RateWindow = RateWindow { calls: 1_000, per: Duration::from_secs(10) };

/// The same window for the sandbox.
fn sandboxed(window: RateWindow) -> tieout_sandbox::RateWindow {
    tieout_sandbox::RateWindow { calls: window.calls, per: window.per }
}

/// A client and what it was wired with.
struct Wired {
    client: Arc<BenifexClient>,
    log: Arc<Mutex<Vec<CallRecord>>>,
    stop: watch::Sender<bool>,
}

impl Wired {
    /// Statuses and faults of the calls so far, token calls aside.
    fn outcomes(&self) -> Vec<(Option<u16>, Option<&'static str>)> {
        let log = self.log.lock().expect("unpoisoned");
        log.iter().filter(|call| call.method == "GET").map(|call| (call.status, call.fault)).collect()
    }

    fn statuses(&self) -> Vec<u16> {
        self.outcomes().into_iter().filter_map(|(status, _)| status).collect()
    }
}

fn settings(base_url: &str, token_url: &str) -> settings::BenifexAccess {
    settings::BenifexAccess {
        base_url: base_url.to_owned(),
        token_url: token_url.to_owned(),
        client_id: SecretRef::Sandbox,
        client_secret: SecretRef::Sandbox,
        scope: None,
        benefits_prefix: String::new(),
        employee_ids_style: EmployeeIdsStyle::Comma,
        users_batch: 20,
        page_size: 20,
        first_page: 0,
        http: limits(),
        date_layouts: [("dd/MM/yyyy".to_owned(), DateLayout::parse("dd/MM/yyyy").expect("a layout"))].into(),
        placeholder_dates: PlaceholderDates::default(),
    }
}

fn limits() -> HttpLimits {
    HttpLimits {
        windows: vec![WINDOW],
        concurrency: 8,
        connect_timeout: Duration::from_secs(2),
        read_timeout: Duration::from_secs(2),
        total_timeout: Duration::from_secs(4),
        body_bytes_max: 64 * 1024,
        attempts_max: 4,
        retry_time_max: Duration::from_secs(20),
        retry_budget: 100,
        ca_file: None,
    }
}

/// The client of `settings`, with waits a hundred times shorter than in a real night.
fn wired(settings: &settings::BenifexAccess, client_id: &str, client_secret: &str) -> Wired {
    let credentials = Credentials { client_id: client_id.into(), client_secret: client_secret.into() };
    connected(settings, credentials, |_| ())
}

/// The same with another patience.
fn wired_with_patience(settings: &settings::BenifexAccess, change: impl FnOnce(&mut RetryPolicy)) -> Wired {
    connected(settings, Credentials { client_id: "id".into(), client_secret: "secret".into() }, change)
}

fn connected(
    settings: &settings::BenifexAccess,
    credentials: Credentials,
    change: impl FnOnce(&mut RetryPolicy),
) -> Wired {
    let log = Arc::new(Mutex::new(Vec::new()));
    let sink: CallSink = Arc::new({
        let log = log.clone();
        move |record| log.lock().expect("unpoisoned").push(record)
    });
    let clock: Clock = Arc::new(Utc::now);
    let (stop, cancel) = watch::channel(false);
    let mut policy = RetryPolicy {
        backoff_first: Duration::from_millis(10),
        window: Duration::ZERO,
        ..RetryPolicy::new(&settings.http)
    };
    change(&mut policy);
    let client = BenifexClient::connect(settings, credentials, sink, clock, cancel).expect("sound settings");
    Wired { client: Arc::new(client.with_retry_policy(policy)), log, stop }
}

/// Runs `work` and checks how long it took.
async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    let done = work.await;
    (done, start.elapsed())
}
