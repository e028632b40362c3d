//! State folders that are put back from a copy, or lost, at random moments of nights and pushes; and what arrived at
//! the services in the end, by the journal of the sandbox.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;
use tieout_sandbox::{API_KEY, Faults, Running};
use tieout_store::{ItemFilter, ItemState, Store};

use crate::support::{Site, copy_folder, made, point_at, sandbox, shown};

const JOB: &str = "made/http.toml";
const STATE: &str = "made/state";
const COPY: &str = "copy";
const PAYROLL: &str = "made/payroll.csv";
/// Somebody whose address Benbase holds.
const MOVES: &str = "000121";
const HTTP: &str = "windows = [{ calls = 100000, per = \"1 s\" }]\nconcurrency = 4";
/// A lost answer is waited for as long as `read_timeout`.
const APPROVED: &str = "
[benbase.http]
windows = [{ calls = 100000, per = \"1 s\" }]
concurrency = 2
connect_timeout = \"300 ms\"
read_timeout = \"300 ms\"
total_timeout = \"600 ms\"
[approval]
approvers = [{ name = \"maria\" }]
[push]
canary = false
consecutive_failures_max = 1000
";
/// Few people: three corrections are planted in a world of any size.
const EMPLOYEES: &str = "60";
/// Answers of changes that were applied get lost: those items are in doubt.
const FAULTS: &str = "20% lost@post";
/// Within so many milliseconds a command is killed or the copy taken: those of this machine take less.
const LIFE_MS: u64 = 1_500;
/// How a cycle goes on before its accident.
const DAYS: [&str; 2] = ["2026-04-02", "2026-04-03"];
/// Of so many accidents the folder is lost in one.
const LOST_ONE_IN: u32 = 3;
/// Exit code for a state that is not the one last used.
const INTEGRITY: i32 = 7;

/// How often, and from which seed.
#[derive(Clone, Copy, Debug)]
pub struct Accidents {
    pub count: u32,
    pub seed: u64,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub lost: u32,
    pub put_back: u32,
    /// Copies of a database in the middle of a write that could not be opened.
    pub torn: u32,
    /// Accidents after which nothing had been written since the copy.
    pub harmless: u32,
    pub refused: u32,
    /// Changes that arose after a state was refused and recovered, and arrived once somebody had looked into the
    /// service.
    pub arrived_after: usize,
    pub arrived: usize,
    pub arrived_twice: usize,
}

impl Accidents {
    pub fn happen(self) -> Tally {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let mut tally = Tally::default();
        let site = made(EMPLOYEES, "11");
        let payroll = fs::read_to_string(site.path(PAYROLL)).expect("payroll");
        for number in 0..self.count {
            let (_runtime, running) = sandbox(&site, |settings| {
                settings.faults = Faults::parse(FAULTS).expect("a fault");
                settings.seed = self.seed + u64::from(number);
            });
            point_at(&site, &running, JOB, HTTP);
            fs::write(site.path("api_key"), API_KEY).expect("written");
            let secret = |name: &str| format!("api_key = {{ file = \"{}\" }}", site.path(name).display());
            site.edit(JOB, &secret("client_secret"), &secret("api_key"));
            let job = fs::read_to_string(site.path(JOB)).expect("the job");
            fs::write(site.path(JOB), job + APPROVED).expect("written");
            for folder in [STATE, "made/reports", COPY] {
                fs::remove_dir_all(site.path(folder)).ok();
            }
            fs::write(site.path(PAYROLL), &payroll).expect("written");
            work(&site, &mut random);
            let refused = tally.refused;
            accident(&site, number % LOST_ONE_IN == 0, &mut tally);
            for _ in 0..2 {
                settle(&site);
            }
            if tally.refused > refused {
                let before = running.journal().len();
                fs::write(site.path(PAYROLL), moved(&payroll)).expect("written");
                settle(&site);
                resolve(&site, &running);
                settle(&site);
                tally.arrived_after += running.journal().len() - before;
            }
            count(&running, &mut tally);
        }
        tally
    }
}

/// Nights, approvals and pushes, some of them killed; the state folder is copied at some moment.
fn work(site: &Site, random: &mut fastrand::Rng) {
    let steps: Vec<Vec<&str>> = DAYS.into_iter().flat_map(|day| [night(day), approve(), vec!["push", JOB]]).collect();
    let copied_in = random.usize(..steps.len());
    for (number, step) in steps.iter().enumerate() {
        let mut command = begin(site, step);
        let killed = random.bool().then(|| random.u64(..LIFE_MS));
        if number == copied_in {
            std::thread::sleep(Duration::from_millis(random.u64(..LIFE_MS / 2)));
            fs::remove_dir_all(site.path(COPY)).ok();
            copy_folder(&site.path(STATE), &site.path(COPY));
        }
        if let Some(after) = killed {
            std::thread::sleep(Duration::from_millis(after));
            command.kill().ok();
        }
        command.wait().expect("a process");
    }
}

fn night(day: &str) -> Vec<&str> {
    vec!["run", JOB, "--as-of", day]
}

fn approve() -> Vec<&'static str> {
    vec!["queue", "approve", JOB, "--by", "maria", "--max-count", "1000", "--max-exposure", "1000000", "--with-marked"]
}

fn begin(site: &Site, args: &[&str]) -> Child {
    site.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts")
}

/// The folder is gone, or an older one in its place; the job sends nothing until somebody says so.
fn accident(site: &Site, lost: bool, tally: &mut Tally) {
    fs::remove_dir_all(site.path(STATE)).ok();
    if lost || !site.path(COPY).exists() {
        tally.lost += 1;
    } else {
        tally.put_back += 1;
        copy_folder(&site.path(COPY), &site.path(STATE));
    }
    let pushed = site.run(&["push", JOB]);
    let said = shown(&pushed);
    if pushed.status.code() != Some(INTEGRITY) {
        tally.harmless += 1;
        return;
    }
    tally.refused += 1;
    if !said.contains("tieout recover") {
        tally.torn += 1;
        fs::remove_dir_all(site.path(STATE)).expect("removed");
    }
    site.expect(0, &["recover", JOB, "--reason", "the disk was replaced"]);
}

/// What the job does from then on, with everything approved that it proposes.
fn settle(site: &Site) {
    site.run(&night(DAYS[1]));
    site.run(&approve());
    let pushed = site.run(&["push", JOB]);
    assert!(matches!(pushed.status.code(), Some(0 | 6)), "{}", shown(&pushed));
    site.expect(0, &["audit", "verify", JOB]);
}

/// The payroll file after somebody moved house.
fn moved(payroll: &str) -> String {
    let mut rows = csv::Reader::from_reader(payroll.as_bytes());
    let headers = rows.headers().expect("a header").clone();
    let street = headers.iter().position(|name| name == "addr_line1").expect("a column of streets");
    let mut moved = csv::Writer::from_writer(Vec::new());
    moved.write_record(&headers).expect("written");
    for row in rows.records().map(|row| row.expect("a row")) {
        let cell = |(at, cell)| if at == street && &row[0] == MOVES { "12 Elm Road" } else { cell };
        moved.write_record(row.iter().enumerate().map(cell)).expect("written");
    }
    String::from_utf8(moved.into_inner().expect("rows")).expect("UTF-8")
}

/// Says of each item in doubt what the service shows.
fn resolve(site: &Site, running: &Running) {
    let store = Store::open(&site.path(STATE)).expect("opens");
    let items = store.list_items(&ItemFilter::default()).expect("the queue");
    drop(store);
    for item in items.iter().filter(|item| item.state == ItemState::InDoubt) {
        let body: Value = serde_json::from_str(&item.payload).expect("JSON");
        let word = if running.journal().iter().any(|entry| entry.body == body) { "sent" } else { "not-sent" };
        let id = item.id.to_string();
        site.expect(0, &["queue", "resolve", JOB, &id, "--as", word, "--reason", "seen there", "--by", "maria"]);
    }
}

fn count(running: &Running, tally: &mut Tally) {
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for entry in running.journal() {
        *arrived.entry(entry.body.to_string()).or_default() += 1;
    }
    tally.arrived += arrived.len();
    tally.arrived_twice += arrived.values().filter(|times| **times > 1).count();
}
