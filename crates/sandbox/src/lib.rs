//! The services, served over HTTP from a world: a folder of recorded answers. For the demo, for tests and for trying a
//! job without credentials. It serves the recorded JSON as it stands and shares no wire type with the clients, so a
//! wrong type in a client is caught, not mirrored. `world` makes the folders.
//!
//! Benifex answers at [`Running::base_url`] and [`Running::token_url`], Benbase under [`Running::benbase_url`], Oyster
//! under [`Running::oyster_url`] and [`Running::oyster_token_url`]. `POST /sandbox/advance?engagement=ID` moves
//! Oyster's enrollments on, as time does at the service; `&enrollment=ID` names one, `&state=STATE` a state other than
//! the next.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

mod answer;
mod benbase;
mod benifex;
mod connection;
mod counts;
pub mod faults;
mod form;
mod incoming;
mod oyster;
mod recorded;
mod route;
mod send;
mod serve;
mod state;
mod token;
mod window;
pub mod world;

pub use benbase::{API_KEY, Entry};
pub use counts::{Busiest, Counts, OysterCounts};
pub use faults::Faults;
pub use window::RateWindow;

/// The only client that the token endpoint knows.
pub const CLIENT_ID: &str = "sandbox-client";
/// Its secret: well known, worthless. Oyster takes it as a bearer token too: one that somebody else renews.
pub const CLIENT_SECRET: &str = "sandbox-secret";

/// Benifex's limit, as the contract has it.
const DEFAULT_LIMIT: RateWindow = RateWindow { calls: 100, per: Duration::from_secs(60) };
/// Oyster's limits, as the contract has them.
const DEFAULT_OYSTER_LIMITS: [RateWindow; 2] =
    [RateWindow { calls: 300, per: Duration::from_secs(300) }, RateWindow { calls: 40, per: Duration::from_secs(1) }];
const DEFAULT_TOKEN_LIFETIME: Duration = Duration::from_secs(3600);
/// Time stamps count from here unless the caller gives the time: 2026-01-01T00:00:00Z, in seconds.
const DEFAULT_EPOCH_SECONDS: i64 = 1_767_225_600;
/// How long a stop waits for answers under way.
const STOP_WAIT_MAX: Duration = Duration::from_secs(5);

/// What to serve and how to behave.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of recorded answers; files that are not there count as empty.
    pub world: PathBuf,
    /// The strict sliding window of Benifex calls.
    pub limit: RateWindow,
    /// The strict sliding windows of Oyster calls; all of them hold.
    pub oyster_limits: Vec<RateWindow>,
    /// What `X-Oyster-Customer-Id` must say; `None`: it is not looked at.
    pub oyster_customer: Option<String>,
    /// Delay of each answer.
    pub latency: Duration,
    pub faults: Faults,
    /// File that every Benbase change and Oyster write is appended to; `None`: the newest are kept in memory.
    pub journal: Option<PathBuf>,
    pub token_lifetime: Duration,
    /// Spelling of the three benefit paths: `""` or `/v2`. Only this one is served.
    pub benefits_prefix: String,
    /// What the shares of requests are drawn from.
    pub seed: u64,
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Time stamps in answers are this plus the time since the start.
    pub epoch: DateTime<Utc>,
}

impl Settings {
    /// The contract's limits, no delay, a free port on loopback.
    pub fn for_world(world: impl Into<PathBuf>) -> Settings {
        Settings {
            world: world.into(),
            limit: DEFAULT_LIMIT,
            oyster_limits: DEFAULT_OYSTER_LIMITS.to_vec(),
            oyster_customer: None,
            latency: Duration::ZERO,
            faults: Faults::default(),
            journal: None,
            token_lifetime: DEFAULT_TOKEN_LIFETIME,
            benefits_prefix: String::new(),
            seed: 0,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            epoch: DateTime::from_timestamp(DEFAULT_EPOCH_SECONDS, 0).unwrap_or_default(),
        }
    }
}

/// A sandbox that answers. Dropping it without [`Running::stop`] leaves it running until the runtime ends.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    shared: Arc<serve::Shared>,
    stopping: watch::Sender<bool>,
    server: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Base of the Benifex operations, without a trailing slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Benifex's token endpoint.
    pub fn token_url(&self) -> String {
        format!("{}{}", self.base_url(), route::TOKEN_PATH)
    }

    /// Base of the Benbase operations, without a trailing slash.
    pub fn benbase_url(&self) -> String {
        format!("{}{}", self.base_url(), route::BENBASE_PREFIX)
    }

    /// Base of the Oyster operations, without a trailing slash.
    pub fn oyster_url(&self) -> String {
        format!("{}{}", self.base_url(), oyster::PREFIX)
    }

    /// Oyster's token endpoint.
    pub fn oyster_token_url(&self) -> String {
        format!("{}{}", self.base_url(), oyster::TOKEN_PATH)
    }

    /// The sandbox's own count of what it got, up to now.
    pub fn counts(&self) -> Counts {
        self.shared.counts()
    }

    /// The Benbase changes and Oyster writes that arrived, oldest first; empty when they go to a file.
    pub fn journal(&self) -> Vec<Entry> {
        self.shared.journal()
    }

    /// What Benbase holds of an employee now, as JSON text.
    pub fn benbase_employee(&self, id: &str) -> Option<String> {
        self.shared.benbase_employee(id)
    }

    /// What Oyster has provisioned for an engagement now, as JSON text.
    pub fn oyster_provisioning(&self, engagement: &str) -> Option<String> {
        self.shared.oyster_provisioning(engagement)
    }

    /// The Oyster enrollments of an engagement now, as JSON text.
    pub fn oyster_enrollments(&self, engagement: &str) -> Option<String> {
        self.shared.oyster_enrollments(engagement)
    }

    /// Takes no more calls, ends hanging answers, waits a few seconds for the others.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        if tokio::time::timeout(STOP_WAIT_MAX, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }
}

/// Reads the world and listens. Errors: a world file that can't be read, with its line; an address in use.
pub async fn start(settings: Settings) -> anyhow::Result<Running> {
    must_be_folder(&settings.world)?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("sandbox: cannot listen on {}; choose another address", settings.listen))?;
    let address = listener.local_addr().context("sandbox: cannot read the address it listens on")?;
    let (stopping, stopped) = watch::channel(false);
    let shared = Arc::new(serve::Shared::open(settings, stopped.clone())?);
    let service = Router::new()
        .fallback(serve::arrive)
        .with_state(Arc::clone(&shared))
        .into_make_service_with_connect_info::<connection::Connection>();
    let server =
        axum::serve(connection::Connections::new(listener), service).with_graceful_shutdown(send::is_set(stopped));
    Ok(Running { address, shared, stopping, server: tokio::spawn(server.into_future()) })
}

fn must_be_folder(world: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(
        world.is_dir(),
        "sandbox: no world at {}: expected a folder with benifex/users.ndjson; make one with `tieout world generate`",
        world.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests;
