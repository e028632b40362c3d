//! A queue of approved corrections, a sandbox, and the clients between them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::*;
use tieout_model::correction::{
    Address, Change, CompensationChange, Correction, CorrectionPlan, DemographicChange, Payload, Termination,
};
use tieout_model::finding::Code;
use tieout_sandbox as sandbox;
use tieout_sandbox::{API_KEY, Faults, Running};
use tieout_services::benbase::samples;
use tieout_services::settings as connection;
use tieout_services::settings::{HttpLimits, RateWindow, SecretRef};
use tieout_services::{CallSink, RetryPolicy};
use tieout_store::{ChainVerdict, Judged};

pub const EMPLOYER: &str = "acme";
const PREPARER: &str = "tieout run";

/// People of the world: `emp_1` and so on.
const PEOPLE: usize = 40;

pub struct Desk {
    pub state: tempfile::TempDir,
    pub running: Running,
    pub reader: BenbaseReader,
    pub writer: BenbaseWriter,
    pub stop: watch::Sender<bool>,
    pub cancel: watch::Receiver<bool>,
    pub settings: job::Push,
    pub concurrency: usize,
    pub items_max: Option<u64>,
    pub kinds: KindLimits,
    pub ssns: Ssns,
    _world: tempfile::TempDir,
}

impl Desk {
    /// A desk whose first employees each have an approved compensation change; the even ones a new address, too.
    pub async fn new(people: usize, faults: &str) -> Desk {
        Desk::with(people, faults, |_| (), API_KEY).await
    }

    pub async fn with(
        people: usize,
        faults: &str,
        edit: impl FnOnce(&mut connection::BenbaseAccess),
        key: &str,
    ) -> Desk {
        let world = tempfile::tempdir().expect("a folder");
        let folder = world.path().join("benbase");
        std::fs::create_dir(&folder).expect("a folder");
        let held = (1..=PEOPLE).map(|n| format!("{{\"employee_id\":\"emp_{n}\",\"employer_id\":\"{EMPLOYER}\"}}\n"));
        std::fs::write(folder.join("employees.ndjson"), held.collect::<String>()).expect("writes");
        let mut served = sandbox::Settings::for_world(world.path());
        served.faults = Faults::parse(faults).expect(faults);
        let running = sandbox::start(served).await.expect("starts");
        let mut benbase = benbase(&running.benbase_url());
        edit(&mut benbase);
        let (stop, cancel) = watch::channel(false);
        let (reader, writer) = connected(&benbase, key, &cancel);
        let desk = Desk {
            state: tempfile::tempdir().expect("a folder"),
            running,
            reader,
            writer,
            stop,
            cancel,
            settings: settings(),
            concurrency: 3,
            items_max: None,
            kinds: KindLimits::default(),
            ssns: Ssns::NotSent,
            _world: world,
        };
        approve_all(&mut desk.store(), people);
        desk
    }

    /// The database, opened as after a restart.
    pub fn store(&self) -> Store {
        Store::open(self.state.path()).expect("opens")
    }

    pub fn options(&self) -> Options<'_> {
        Options {
            settings: &self.settings,
            concurrency: self.concurrency,
            policy_hash: POLICY,
            day_start: at(-3600),
            items_max: self.items_max,
            kinds: self.kinds,
            ssns: &self.ssns,
            clock: Arc::new(|| at(0)),
        }
    }

    pub async fn try_push(&self) -> Result<Summary, PushError> {
        self.try_push_from(&mut self.store()).await
    }

    pub async fn try_push_from(&self, store: &mut Store) -> Result<Summary, PushError> {
        let service = BenbaseConnection { reader: &self.reader, writer: &self.writer };
        push(store, service, &self.options(), &self.cancel, &Progress::silent()).await
    }

    pub async fn push(&self) -> Summary {
        self.try_push().await.expect("pushes")
    }

    pub fn items(&self) -> Vec<Item> {
        self.store().list_items(&ItemFilter::default()).expect("lists")
    }

    pub fn states(&self) -> Vec<ItemState> {
        self.items().iter().map(|item| item.state).collect()
    }

    /// What arrived, by body: applied or not, and the status sent.
    pub fn arrived(&self) -> BTreeMap<String, Vec<(bool, Option<u16>)>> {
        let mut arrived: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for entry in self.running.journal() {
            arrived.entry(entry.body.to_string()).or_default().push((entry.applied, entry.status));
        }
        arrived
    }

    /// The same for one item.
    pub fn arrived_of(&self, item: &Item) -> Vec<(bool, Option<u16>)> {
        let body: serde_json::Value = serde_json::from_str(&item.payload).expect("JSON");
        self.arrived().remove(&body.to_string()).unwrap_or_default()
    }

    pub fn check_audit(&self) {
        let verdict = self.store().audit_verify().expect("reads");
        assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
    }
}

/// Limits that never make a test wait.
fn benbase(base_url: &str) -> connection::BenbaseAccess {
    connection::BenbaseAccess {
        base_url: base_url.to_owned(),
        api_key: SecretRef::Sandbox,
        employer_id: EMPLOYER.into(),
        idempotency_header: None,
        http: HttpLimits {
            windows: vec![RateWindow { calls: 10_000, per: Duration::from_secs(1) }],
            concurrency: 8,
            connect_timeout: Duration::from_secs(2),
            read_timeout: Duration::from_millis(300),
            total_timeout: Duration::from_secs(4),
            body_bytes_max: 64 * 1024,
            attempts_max: 2,
            retry_time_max: Duration::from_secs(2),
            retry_budget: 100,
            ca_file: None,
        },
    }
}

fn connected(
    settings: &connection::BenbaseAccess,
    key: &str,
    cancel: &watch::Receiver<bool>,
) -> (BenbaseReader, BenbaseWriter) {
    let sink: CallSink = Arc::new(|_| ());
    let clock: Clock = Arc::new(|| at(0));
    let reader = BenbaseReader::connect(settings, &key.into(), sink.clone(), clock.clone(), cancel.clone());
    let writer = BenbaseWriter::connect(settings, key.into(), true, sink, clock, cancel.clone());
    let policy = RetryPolicy {
        backoff_first: Duration::from_millis(5),
        window: Duration::ZERO,
        ..RetryPolicy::new(&settings.http)
    };
    (reader.expect("sound settings"), writer.expect("sound settings").with_retry_policy(policy))
}

fn approve_all(store: &mut Store, people: usize) {
    let corrections = (1..=people).flat_map(|n| {
        let moved = n % 2 == 0;
        std::iter::once(compensation(n)).chain(moved.then(|| demographic(n)))
    });
    approve_plan(store, corrections.collect());
}

/// Brings the queue in line with these corrections and approves them.
fn approve_plan(store: &mut Store, corrections: Vec<Correction>) {
    let plan = CorrectionPlan { corrections, ..CorrectionPlan::default() };
    let judged = Judged::new(true, Default::default(), &[]);
    store.enqueue_plan(&plan, &judged, at(-100), PREPARER).expect("queues");
    let proposed = ItemFilter { state: Some(ItemState::Proposed), ..ItemFilter::default() };
    for item in store.list_items(&proposed).expect("lists") {
        let moved = store.approve(&item.ticket(), "Ada", "checked", at(-50), POLICY).expect("approves");
        assert_eq!(moved, Moved::Done);
    }
}

/// Puts a new hire, whose Benbase id is `joiner_{n}`, and a termination of `emp_{n}` into the queue, approved.
pub fn approve_hire_and_termination(store: &mut Store, n: usize) {
    let mut hire = samples::minimal_hire();
    hire.employer_id = EMPLOYER.into();
    hire.employee_id = format!("joiner_{n}").into();
    let left = Termination { employee_id: format!("emp_{n}").into(), termination_date: "2026-03-20".to_owned() };
    let corrections = vec![
        correction(100 + n, Payload::NewHire(Box::new(hire)), Code::ID01),
        correction(n, Payload::Termination(left), Code::DE07),
    ];
    approve_plan(store, corrections);
}

fn compensation(n: usize) -> Correction {
    let change = CompensationChange {
        employee_id: format!("emp_{n}").into(),
        pay_frequency: None,
        pay_rate: None,
        employment_status: Some("part_time".to_owned()),
    };
    correction(n, Payload::Compensation(change), Code::CO04)
}

fn demographic(n: usize) -> Correction {
    let address = Address {
        line1: format!("{n} Main St"),
        line2: None,
        city: "Austin".to_owned(),
        state: "TX".to_owned(),
        zip_code: "73301".to_owned(),
    };
    let payload = Payload::Demographic(DemographicChange { employee_id: format!("emp_{n}").into(), address });
    correction(n, payload, Code::DE01)
}

fn correction(n: usize, payload: Payload, code: Code) -> Correction {
    let kind = payload.kind();
    Correction {
        employee_id: format!("{n:03}").into(),
        payload,
        changes: vec![Change { field: "f".to_owned(), from: "a".to_owned(), to: "b".to_owned() }],
        effective: None,
        yearly_difference: None,
        findings: vec![(format!("{n}-{}", kind.name()), code)],
        authority: "payroll".to_owned(),
        second_look: Default::default(),
    }
}
