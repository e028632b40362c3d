//! The extraction against the real sandbox over HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::*;
use crate::progress::Progress;
use tieout_recon::snapshot::testing::{day, moment, outcomes, settings, write_world};
use tieout_recon::snapshot::{Import, import_world};
use tieout_recon::snapshot::{Origin, Snapshot, SnapshotHead, seal};
use tieout_sandbox as sandbox;
use tieout_sandbox::{Faults, Running};
use tieout_services::benifex::BenifexClient;
use tieout_services::{CallSink, Clock, Credentials, RetryPolicy};
use tieout_store::{Limit, Store};

/// A world served, and everything that a run needs beside it.
struct Night {
    world: tempfile::TempDir,
    sandbox: Running,
    store: Store,
    population: Vec<String>,
    prefix: &'static str,
    secret: &'static str,
}

impl Night {
    async fn new() -> Night {
        let world = tempfile::tempdir().expect("a temporary folder");
        write_world(world.path());
        Night::of(world, |_| {}).await
    }

    async fn of(world: tempfile::TempDir, change: impl FnOnce(&mut sandbox::Settings)) -> Night {
        let mut settings = sandbox::Settings::for_world(world.path());
        settings.limit.calls = 1000;
        settings.latency = Duration::from_millis(5);
        change(&mut settings);
        let sandbox = sandbox::start(settings).await.expect("starts");
        let population = population((0..=12).map(|n| format!("{n:03}")), false);
        let store = Store::in_memory().expect("opens");
        Night { world, sandbox, store, population, prefix: "", secret: sandbox::CLIENT_SECRET }
    }

    fn options(&self) -> Options {
        Options {
            fresh: false,
            concurrency: 3,
            fold_id_case: false,
            riskiest: BTreeSet::from(["002".into()]),
            connection: format!("sandbox {}", self.prefix),
            calls: CallBuffer::default(),
            clock: clock(),
        }
    }

    /// Extracts, told to stop as soon as `calls_max` calls were answered.
    async fn extract(&mut self, options: &Options, calls_max: usize) -> Result<Extracted, ExtractError> {
        let (stop, stopped) = watch::channel(false);
        let mut settings = settings(&self.sandbox.base_url(), &self.sandbox.token_url());
        settings.benefits_prefix = self.prefix.into();
        let credentials = Credentials {
            client_id: sandbox::CLIENT_ID.to_owned().into(),
            client_secret: self.secret.to_owned().into(),
        };
        let sink = stopping_sink(options.calls.sink(), stop, calls_max);
        let client = BenifexClient::connect(&settings, credentials, sink, clock(), stopped).expect("connects");
        let policy = RetryPolicy {
            backoff_first: Duration::from_millis(1),
            window: Duration::ZERO,
            ..RetryPolicy::new(&settings.http)
        };
        let client = client.with_retry_policy(policy);
        extract(&client, &mut self.store, &self.population, options, &Progress::silent()).await
    }

    async fn extract_all(&mut self) -> Extracted {
        self.extract(&self.options(), usize::MAX).await.expect("extracts")
    }
}

/// The world with faults in front of it.
async fn faulty(faults: &str) -> Night {
    let world = tempfile::tempdir().expect("a temporary folder");
    write_world(world.path());
    Night::of(world, |settings| settings.faults = Faults::parse(faults).expect("a specification")).await
}

/// Employee id → reason, of those whom nobody may judge.
fn unverified(extracted: &Extracted) -> BTreeMap<&str, &str> {
    let employees = extracted.employees.iter();
    employees.filter_map(|one| Some((one.employee_id.as_str(), one.answer.as_ref().err()?.as_str()))).collect()
}

fn clock() -> Clock {
    Arc::new(|| moment(0))
}

fn stopping_sink(keep: CallSink, stop: watch::Sender<bool>, calls_max: usize) -> CallSink {
    let calls = AtomicUsize::new(0);
    Arc::new(move |record| {
        keep(record);
        if calls.fetch_add(1, Ordering::Relaxed) + 1 >= calls_max {
            stop.send_replace(true);
        }
    })
}

fn sealed(extracted: Extracted, state: &Path) -> Snapshot {
    let head = SnapshotHead { taken_at: moment(0), as_of: day(31), source: Origin::World };
    seal(state, head, extracted.into_tables().expect("tables")).expect("seals")
}

#[tokio::test]
async fn an_extraction_over_http_and_an_import_of_the_same_world_are_one_snapshot() {
    let mut night = Night::new().await;
    let extracted = night.extract_all().await;
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let fetched = sealed(extracted, one.path());
    let settings = settings("http://localhost:1", "http://localhost:1/token");
    let import = Import {
        world: night.world.path(),
        settings: &settings,
        oyster: None,
        charged: &tieout_recon::deducted::DeductedEngagements::default(),
        population: &night.population,
        crosswalk: &tieout_payroll::crosswalk::Crosswalk::default(),
        fold_id_case: false,
        as_of: day(31),
        taken_at: moment(0),
    };
    let imported = import_world(&import, other.path()).expect("imports");
    assert_eq!(outcomes(&fetched), outcomes(&imported));
    assert!(fetched.users.equals_missing(&imported.users));
    assert!(fetched.benefits.equals_missing(&imported.benefits));
    assert_eq!(fetched.sha256, imported.sha256);
}

#[tokio::test]
async fn the_calls_are_the_fewest_that_the_night_needs_and_all_in_the_log() {
    let mut night = Night::new().await;
    let extracted = night.extract_all().await;
    let counts = night.sandbox.counts();
    // 13 ids in batches of 4; of 11 named employees one has two users, whose records are read, and the others are asked
    // for twice.
    assert_eq!(counts.calls, 4 + 2 * 10 + 2);
    assert_eq!(calls_planned(13, 10, 4), 24);
    let limit = Limit { service: "benifex", calls: 1000, window: Duration::from_secs(1), exempt: Some("{token_url}") };
    let statistics = night.store.call_statistics(extracted.extraction, &limit, extracted.resumed).expect("counts");
    assert_eq!((statistics.calls, statistics.failures), (counts.calls + counts.tokens, 0));
}

#[tokio::test]
async fn a_stopped_extraction_is_taken_up_and_repeats_no_answered_call() {
    let undisturbed = {
        let state = tempfile::tempdir().expect("a folder");
        let mut night = Night::new().await;
        sealed(night.extract_all().await, state.path()).sha256
    };
    for calls in 1..24 {
        let mut night = Night::new().await;
        let options = night.options();
        let stopped = night.extract(&options, calls).await.expect_err("stops");
        let ExtractError::Interrupted { answers } = stopped else { panic!("after {calls}: {stopped}") };
        // One call is for the token, one answer proves nothing; what was in flight was waited for.
        assert!(answers + 2 >= calls as u64 && answers <= (calls + 3) as u64, "{answers} after {calls}");
        let resumed = night.extract_all().await;
        assert_eq!(resumed.resumed, answers);
        let mut answered = night.sandbox.counts().answered;
        // Valid JSON that proves nothing is no answer; it is asked for again.
        answered.retain(|call, times| *times > 1 && !call.contains("token") && !call.ends_with("details u-6"));
        assert_eq!(answered, BTreeMap::new(), "repeated after {calls}");
        let state = tempfile::tempdir().expect("a folder");
        assert_eq!(sealed(resumed, state.path()).sha256, undisturbed, "after {calls}");
    }
}

#[tokio::test]
async fn fresh_asks_everything_again() {
    let mut night = Night::new().await;
    let options = night.options();
    night.extract(&options, 10).await.expect_err("stops");
    let fresh = Options { fresh: true, ..options };
    let extracted = night.extract(&fresh, usize::MAX).await.expect("extracts");
    assert_eq!(extracted.resumed, 0);
    assert!(night.sandbox.counts().calls > 24);
}

#[tokio::test]
async fn refused_credentials_end_the_night() {
    let mut night = Night::new().await;
    night.secret = "wrong";
    let options = night.options();
    let error = night.extract(&options, usize::MAX).await.expect_err("refused");
    assert!(matches!(error, ExtractError::Credentials(_)), "{error}");
}

#[tokio::test]
async fn benefits_at_another_path_end_the_night_with_a_hint() {
    let world = tempfile::tempdir().expect("a temporary folder");
    write_world(world.path());
    let mut night = Night::of(world, |settings| settings.benefits_prefix = "/v2".into()).await;
    let options = night.options();
    let error = night.extract(&options, usize::MAX).await.expect_err("refuses");
    assert!(matches!(error, ExtractError::WrongPrefix) && error.to_string().contains("/v2"), "{error}");
    // It stopped at the first batch: one list, and two calls for each of its users.
    assert!(night.sandbox.counts().calls <= 1 + 2 * 4 + 3, "{:?}", night.sandbox.counts().by_template);
    night.prefix = "/v2";
    night.extract_all().await;
}

#[tokio::test]
async fn a_fault_that_lasts_leaves_one_person_unverified_and_the_others_found() {
    let usual = Night::new().await.extract_all().await;
    let extracted = faulty("status:500@benefits:u-8; reset@user:u-9").await.extract_all().await;
    let mut expected = unverified(&usual);
    expected.insert("008", "benefits: given up after 3 attempts, the last with status 500");
    expected.insert("009", "user: given up after 3 attempts, the last with a broken connection");
    assert_eq!(unverified(&extracted), expected);
    assert!(!extracted.complete());
}

#[tokio::test]
async fn a_fault_that_passes_changes_nothing() {
    let usual = Night::new().await.extract_all().await;
    let faults = "status:503@users times=2; cut@benefits:u-8 times=1; badjson@user:u-9 times=1; \
                  expire@user:u-10 times=1; reset@benefits:u-11 times=1; slow:50ms@user:u-12";
    let extracted = faulty(faults).await.extract_all().await;
    assert_eq!(unverified(&extracted), unverified(&usual));
}

#[tokio::test]
async fn a_list_that_contradicts_itself_makes_nobody_absent() {
    let extracted = faulty("movingtotal@employee:000").await.extract_all().await;
    // Asked for together: 000, 001, 002, 003. The service knows 001.
    let flagged = extracted.employees.iter().filter(|one| one.batch_inconsistent).map(|one| one.employee_id.as_str());
    assert_eq!(flagged.collect::<Vec<_>>(), ["000", "001", "002", "003"]);
    assert_eq!(unverified(&extracted).get("000"), Some(&"the list that should have named it contradicted itself"));
    assert!(extracted.employees.iter().any(|one| one.employee_id == "001" && matches!(one.answer, Ok(Some(_)))));
}

#[tokio::test]
async fn a_service_that_is_down_is_not_asked_for_everybody() {
    let mut night = faulty("status:500@users").await;
    night.population = population((0..1000).map(|n| format!("{n:04}")), false);
    let extracted = night.extract_all().await;
    let asked = night.sandbox.counts().calls;
    // Eight failures from the start end it; a few more were under way, each tried three times.
    assert!((8..=(8 + 8) * 3).contains(&asked), "{asked}");
    assert_eq!(unverified(&extracted).len(), 1000);
}
