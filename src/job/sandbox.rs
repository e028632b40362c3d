//! The section `[sandbox]`: the world that is served instead of the network.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::benifex::BENIFEX_WINDOW;
use super::http::{RawWindow, window};
use super::problems::Problems;
use super::text::Quoted;
use super::text::checks::{Text, path};
use super::text::key::Key;
use super::text::table::table;
use tieout_services::settings::RateWindow;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawSandbox {
    pub world: Option<Text>,
    pub baseline: Option<Text>,
    /// `""`: none.
    pub faults: Option<String>,
    #[serde(deserialize_with = "table")]
    pub limit: Option<RawWindow>,
    pub latency: Option<Quoted<Duration>>,
    pub clock: Option<Quoted<DateTime<Utc>>>,
}

/// Services in process, for the demo and tests.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub world: PathBuf,
    /// A world of the past: imported as the snapshot taken on the cut-off day when the job has no snapshot yet.
    pub baseline: Option<PathBuf>,
    /// Fault specification, see `sandbox::faults`.
    pub faults: Option<String>,
    /// The window that the sandbox enforces on Benifex.
    pub limit: RateWindow,
    /// Delay of each answer.
    pub latency: Duration,
    /// What a run takes for now. A recorded world has a time of its own: with a clock, the same world gives the same
    /// report, byte for byte, on any day. `None`: the machine's clock.
    pub clock: Option<DateTime<Utc>>,
}

/// The world that is served instead of the network.
pub fn sandbox(raw: RawSandbox, p: &mut Problems<'_>) -> Option<Sandbox> {
    let section = Key::of("sandbox");
    let world = p.require(raw.world, &section.then("world"), "the folder of a world, such as `sample_data/world`");
    let limit = match raw.limit {
        Some(raw) => window(&raw, &section.then("limit"), p),
        None => Some(BENIFEX_WINDOW),
    };
    Some(Sandbox {
        world: path(world)?,
        baseline: path(raw.baseline),
        faults: raw.faults.filter(|spec| !spec.trim().is_empty()),
        limit: limit?,
        latency: raw.latency.map_or(Duration::ZERO, |latency| latency.0),
        clock: raw.clock.map(|clock| clock.0),
    })
}
