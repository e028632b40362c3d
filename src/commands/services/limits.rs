//! The limits of the services across processes: the slots of a credential, kept in a file that all jobs of this user
//! share. A sandbox in process has nobody to share with.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret as _, SecretString};

use crate::commands::services::wall_clock;
use tieout_model::hash::sha256_hex;
use tieout_services::settings::{HttpLimits, RateWindow};
use tieout_services::{Clock, OwnSlots, SlotNumber, Slots, Wait, rest, server_of, time_for};

use crate::job::Job;
use crate::secrets;
use tieout_store::{SharedLimit, SharedWindow, Standing, Turn};

/// Folder of the shared log under the user's state and, where there is none, under the job's.
const FOLDER: &str = "limits";
const PROGRAM: &str = "tieout";

/// Where a job shares its limits.
pub struct Limits {
    /// Best first; none: nothing is shared.
    folders: Vec<PathBuf>,
}

impl Limits {
    /// The job's own choice alone, else the user's state folder, else the job's.
    pub fn of(job: &Job) -> Limits {
        let folders = match (&job.sandbox, &job.limits_dir) {
            (Some(_), _) => Vec::new(),
            (None, Some(chosen)) => vec![chosen.clone()],
            (None, None) => {
                let of_user = secrets::user_state_dir().map(|dir| dir.join(PROGRAM).join(FOLDER));
                of_user.into_iter().chain([job.state_dir.join(FOLDER)]).collect()
            }
        };
        Limits { folders }
    }

    /// The slots that the whole machine has for a credential at a service. `None`: they cannot be shared, and the limit
    /// holds for this process alone.
    pub fn slots(
        &self,
        service: &str,
        base_url: &str,
        credential: &SecretString,
        http: &HttpLimits,
    ) -> Option<Arc<dyn Slots>> {
        // A hash, so that the file names neither a customer nor a key.
        let key = sha256_hex(format!("{service}\n{}\n{}", server_of(base_url), credential.expose_secret().trim()));
        let us = |time: Duration| i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        let window = |window: &RateWindow| SharedWindow { calls: window.calls as u64, rest_us: us(rest(*window)) };
        let windows: Vec<SharedWindow> = http.windows.iter().map(window).collect();
        // Several connections of one process are one owner.
        let owner = i64::from(std::process::id());
        let mut failure = None;
        for folder in &self.folders {
            match SharedLimit::open(folder, &key, owner, &windows) {
                Ok(limit) => {
                    if let Some(error) = failure {
                        tracing::warn!(error = format!("{error:#}"), folder = %folder.display(), "{OF_JOB}");
                    }
                    return Some(Arc::new(SharedSlots::new(limit, windows, http)));
                }
                Err(error) => failure = Some(error),
            }
        }
        if let Some(error) = failure {
            tracing::warn!(error = format!("{error:#}"), "{ALONE}");
        }
        None
    }
}

const OF_JOB: &str = "the log of calls is kept with this job alone, and other jobs on the same credential may make calls too \
                      many: name a folder that all jobs can write to in limits_dir of each";
const ALONE: &str = "the log of calls cannot be shared: other jobs on the same credential may make calls too many";

/// A call takes a slot of this process and one of the machine, so that the first still hold when the file fails.
struct SharedSlots {
    own: OwnSlots,
    shared: Mutex<SharedLimit>,
    broken: AtomicBool,
    windows: Vec<SharedWindow>,
    clock: Clock,
}

impl fmt::Debug for SharedSlots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedSlots").field(&self.own).field(&self.windows).finish()
    }
}

/// A slot of this process alone.
const OWN: SlotNumber = SlotNumber(0);

impl SharedSlots {
    fn new(limit: SharedLimit, windows: Vec<SharedWindow>, http: &HttpLimits) -> SharedSlots {
        let own = OwnSlots::new(&http.windows);
        SharedSlots { own, shared: Mutex::new(limit), broken: AtomicBool::new(false), windows, clock: wall_clock() }
    }

    fn now_us(&self) -> i64 {
        (self.clock)().timestamp_micros()
    }

    /// Nothing under the lock can panic half-way.
    fn limit(&self) -> MutexGuard<'_, SharedLimit> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the file says; `None` from its first failure on.
    fn ask<T>(&self, question: impl FnOnce(&mut SharedLimit) -> anyhow::Result<T>) -> Option<T> {
        if self.broken.load(Ordering::Relaxed) {
            return None;
        }
        match question(&mut self.limit()) {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.broken.store(true, Ordering::Relaxed);
                tracing::warn!(error = format!("{error:#}"), "{ALONE}");
                None
            }
        }
    }
}

impl Slots for SharedSlots {
    fn reserve(&self, now: Instant) -> Result<SlotNumber, Wait> {
        let own = self.own.reserve(now)?;
        let now_us = self.now_us();
        let wait = match self.ask(|limit| limit.reserve(now_us)) {
            None => return Ok(own),
            Some(Turn::Taken(slot)) => return Ok(SlotNumber(slot)),
            Some(Turn::At(at_us)) => Wait::Until(now + Duration::from_micros((at_us - now_us).max(0).unsigned_abs())),
            Some(Turn::InFlight) => Wait::ForAnswer,
        };
        self.own.unused(own);
        Err(wait)
    }

    fn answered(&self, slot: SlotNumber, now: Instant) {
        self.own.answered(OWN, now);
        if slot != OWN {
            let now_us = self.now_us();
            self.ask(|limit| limit.answered(slot.0, now_us));
        }
    }

    fn unused(&self, slot: SlotNumber) {
        self.own.unused(OWN);
        if slot != OWN {
            self.ask(|limit| limit.unused(slot.0));
        }
    }

    fn pause(&self, now: Instant, pause: Duration) -> bool {
        let news = self.own.pause(now, pause);
        let now_us = self.now_us();
        let until_us = now_us.saturating_add(i64::try_from(pause.as_micros()).unwrap_or(i64::MAX));
        self.ask(|limit| limit.pause(now_us, until_us)).unwrap_or(news)
    }

    /// The others are taken to go on as they did in the window before.
    fn time_for(&self, now: Instant, calls: u64) -> Duration {
        let own = self.own.time_for(now, calls);
        let now_us = self.now_us();
        let Some((standings, pause_us)) = self.ask(|limit| limit.standing(now_us)).filter(|_| calls > 0) else {
            return own;
        };
        let of_window = |(window, standing): (&SharedWindow, &Standing)| {
            let us = |us: i64| Duration::from_micros(us.max(0).unsigned_abs());
            let all = standing.in_flight + standing.resting_us.len() as u64;
            let calls = if standing.own == 0 { calls } else { calls.saturating_mul(all).div_ceil(standing.own) };
            let resting: Vec<Duration> = standing.resting_us.iter().copied().map(us).collect();
            time_for(calls, window.calls, us(window.rest_us), standing.in_flight, &resting)
        };
        let limited = self.windows.iter().zip(&standings).map(of_window).max().unwrap_or_default();
        own.max(limited).max(Duration::from_micros(pause_us.max(0).unsigned_abs()))
    }
}
