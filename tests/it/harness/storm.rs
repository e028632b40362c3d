//! Pushes that are killed at random moments until everything approved is settled, and the count of what became of each
//! item by the journal of the sandbox, not by the job's own books. Shared with the benchmarks.

use std::collections::BTreeMap;
use std::fmt;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tieout::job::Job;
use tieout_sandbox::{Entry, Faults, Running, Settings};
use tieout_store::{ChainVerdict, Item, ItemFilter, ItemState, Ruling, Store};
use tokio::runtime::Runtime;

use super::approved::{APPROVER, Office};

/// Applied and the answer lost, not applied and no answer, refused.
const FAULTS: &str = "30% lost@post; 5% reset@post; 5% status:422@post";
/// Delay of each answer: many sends are on their way at any moment.
const LATENCY: Duration = Duration::from_millis(3);
const CONCURRENCY: usize = 4;
/// A push is killed within so many times what it needs until it could send.
const LIVES: u32 = 3;
/// What the sandbox needs to work off requests whose sender was killed.
const AFTERMATH: Duration = Duration::from_millis(100);
/// Pushes that end by themselves until a round is over; more is a push that settles nothing.
const ENDED_MAX: usize = 5;

/// How fierce.
#[derive(Clone, Copy, Debug)]
pub struct Storm {
    pub kills: u32,
    /// Approved items that a round begins with; rounds follow until there were enough kills.
    pub items: usize,
    pub seed: u64,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub kills: u32,
    pub rounds: u32,
    pub items: usize,
    /// Items by their state in the end.
    pub sent: usize,
    pub failed: usize,
    pub in_doubt: usize,
    pub approved: usize,
    /// Requests that arrived, and those that were applied.
    pub arrived: usize,
    pub applied: usize,
    /// Items that a killed push left between intent and outcome.
    pub recovered: usize,
    pub in_doubt_and_applied: usize,
    pub wrong: Wrong,
}

/// What must not happen, by items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    pub arrived_twice: usize,
    pub applied_twice: usize,
    /// It arrived, no answer was noted, and it is not in doubt.
    pub unlabelled: usize,
    /// Sent by our books, not applied by the journal; or failed and applied.
    pub mistaken: usize,
    /// Gone, or in a state that no push leads to.
    pub lost: usize,
}

impl Storm {
    /// Rounds of kills with a binary; the last one is left to end in peace. `now`: when items were proposed and
    /// approved.
    pub fn rage(self, binary: &str, now: DateTime<Utc>) -> Tally {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let mut tally = Tally::default();
        while tally.kills < self.kills {
            let round = Round::new(self.items, random.u64(..), now);
            let life = round.idle(binary) * LIVES;
            round.push_out(binary, || {
                // Nothing looks into the database between two kills: that would tidy up behind them.
                while tally.kills < self.kills && round.killed(binary, random.u128(..life.as_micros())) {
                    tally.kills += 1;
                }
            });
            tally.rounds += 1;
            round.count(&mut tally);
        }
        tally
    }
}

/// A push that another program starts and disturbs.
#[derive(Clone, Copy, Debug)]
pub struct Traced {
    pub items: usize,
    pub seed: u64,
}

impl Traced {
    /// Starts it through `tracer`, a program with its arguments; then pushes in peace until nothing is approved.
    pub fn push(self, binary: &str, tracer: &[String], now: DateTime<Utc>) -> (Output, Tally) {
        let round = Round::new(self.items, self.seed, now);
        let push = round.push(binary);
        let mut command = Command::new(&tracer[0]);
        command.args(&tracer[1..]).arg(push.get_program()).args(push.get_args());
        let output = command.stdin(Stdio::null()).output().expect("starts");
        round.push_out(binary, || {});
        let mut tally = Tally::default();
        round.count(&mut tally);
        (output, tally)
    }
}

/// One queue and the sandbox that it goes to.
struct Round {
    office: Office,
    job: Job,
    running: Running,
    items: usize,
    _runtime: Runtime,
}

impl Round {
    fn new(items: usize, seed: u64, now: DateTime<Utc>) -> Round {
        let office = Office::new(items);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let mut settings = Settings::for_world(office.path("world"));
        (settings.seed, settings.latency) = (seed, LATENCY);
        settings.faults = Faults::parse(FAULTS).expect("faults");
        let running = runtime.block_on(tieout_sandbox::start(settings)).expect("the sandbox starts");
        let job = office.job(&running, CONCURRENCY);
        let mut store = office.propose(&job, now);
        let rulings: Vec<Ruling> = listed(&store).iter().map(approval).collect();
        let seen = store.audit_entries().expect("a count");
        assert_eq!(store.decide_all(&rulings, ("", seen), now, &job.policy_hash()).expect("approves"), []);
        Round { office, job, running, items, _runtime: runtime }
    }

    fn push(&self, binary: &str) -> Command {
        let mut command = Command::new(binary);
        command.arg("push").arg(self.office.path("job.toml"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// What a push needs until it could send.
    fn idle(&self, binary: &str) -> Duration {
        let begun = Instant::now();
        let ended = self.push(binary).arg("--dry-run").status().expect("starts");
        assert!(ended.success(), "a dry run: {ended}");
        begun.elapsed()
    }

    /// Kills a push after so many microseconds; `false`: it had ended before.
    fn killed(&self, binary: &str, after: u128) -> bool {
        let mut push = self.push(binary).spawn().expect("starts");
        std::thread::sleep(Duration::from_micros(u64::try_from(after).expect("less than an age")));
        push.kill().expect("killed");
        let ended = push.wait().expect("a process");
        assert!(matches!(ended.code(), None | Some(0 | 6)), "a push: {ended}");
        ended.code().is_none()
    }

    /// Pushes in peace, one at least and until nothing is approved; `before` each.
    fn push_out(&self, binary: &str, mut before: impl FnMut()) {
        let mut ended = 0;
        while ended == 0 || self.waits() {
            assert!(ended < ENDED_MAX, "pushes end, and items stay approved: {:?}", self.states());
            before();
            self.undisturbed(binary);
            ended += 1;
        }
        std::thread::sleep(AFTERMATH);
    }

    fn undisturbed(&self, binary: &str) {
        let ended = self.push(binary).status().expect("starts");
        assert!(matches!(ended.code(), Some(0 | 6)), "a push: {ended}");
    }

    fn store(&self) -> Store {
        Store::open(&self.job.state_dir).expect("opens")
    }

    fn waits(&self) -> bool {
        self.states().contains(&ItemState::Approved)
    }

    fn states(&self) -> Vec<ItemState> {
        listed(&self.store()).iter().map(|item| item.state).collect()
    }

    fn count(&self, tally: &mut Tally) {
        let store = self.store();
        let mut arrived: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for entry in self.running.journal() {
            let id = entry.body["employee_id"].as_str().expect("a change of an employee").to_owned();
            arrived.entry(id).or_default().push(entry);
        }
        let items = listed(&store);
        tally.items += self.items;
        tally.wrong.lost += self.items.abs_diff(items.len());
        for item in &items {
            let payload: serde_json::Value = serde_json::from_str(&item.payload).expect("JSON");
            let entries = arrived.remove(payload["employee_id"].as_str().expect("an id")).unwrap_or_default();
            tally.item(item, &entries);
            let story = store.audit_of(item.id).expect("reads");
            tally.recovered += usize::from(story.iter().any(|row| row.event == "recover"));
        }
        assert!(arrived.is_empty(), "requests of no item: {:?}", arrived.keys());
        let verdict = store.audit_verify().expect("reads");
        assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{verdict:?}");
    }
}

fn listed(store: &Store) -> Vec<Item> {
    store.list_items(&ItemFilter::default()).expect("lists")
}

fn approval(item: &Item) -> Ruling {
    Ruling { ticket: item.ticket(), approve: true, by: APPROVER.to_owned(), reason: String::new() }
}

impl Tally {
    fn item(&mut self, item: &Item, entries: &[Entry]) {
        let applied = entries.iter().filter(|entry| entry.applied).count();
        // The answer was never given, or given to a dead process.
        let unanswered = entries.iter().any(|entry| entry.status.is_none());
        self.arrived += entries.len();
        self.applied += applied;
        let (mut right, mut labelled) = (true, false);
        match item.state {
            ItemState::Sent => (self.sent, right) = (self.sent + 1, applied == 1),
            ItemState::Failed => (self.failed, right) = (self.failed + 1, applied == 0),
            ItemState::Approved => self.approved += 1,
            ItemState::InDoubt => {
                (self.in_doubt, labelled) = (self.in_doubt + 1, true);
                self.in_doubt_and_applied += usize::from(applied > 0);
            }
            _ => self.wrong.lost += 1,
        }
        let ambiguous = unanswered || (applied > 0 && item.state != ItemState::Sent);
        let wrong = &mut self.wrong;
        wrong.arrived_twice += usize::from(entries.len() > 1);
        wrong.applied_twice += usize::from(applied > 1);
        wrong.unlabelled += usize::from(ambiguous && !labelled);
        wrong.mistaken += usize::from(!right);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wrong = &self.wrong;
        for (what, count) in [
            ("pushes killed", self.kills as usize),
            ("queues worked off", self.rounds as usize),
            ("approved items", self.items),
            ("requests that arrived", self.arrived),
            ("requests that were applied", self.applied),
            ("items sent", self.sent),
            ("items failed", self.failed),
            ("items in doubt", self.in_doubt),
            ("  of these applied", self.in_doubt_and_applied),
            ("  of these left by a kill", self.recovered),
            ("items approved still", self.approved),
            ("items that arrived twice", wrong.arrived_twice),
            ("items applied twice", wrong.applied_twice),
            ("ambiguous, not labelled", wrong.unlabelled),
            ("sent or failed by mistake", wrong.mistaken),
            ("items lost", wrong.lost),
        ] {
            writeln!(f, "{what:<28}{count:>8}")?;
        }
        Ok(())
    }
}
