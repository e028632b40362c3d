//! Nights that are each hit by one fault, and what they say of people whose data was not fetched. Shared with the
//! benchmarks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tieout_sandbox::{Faults, Running};

use crate::support::{Key, Site, expected, found, made, point_at, rows, sandbox, shown};

/// One of each kind; `hang` is bounded by the read time-out of the job.
const KINDS: [&str; 13] = [
    "status:429:0",
    "status:500",
    "status:502",
    "status:503",
    "slow:20ms",
    "hang",
    "reset",
    "cut",
    "badjson",
    "html",
    "duprow",
    "movingtotal",
    "expire",
];
/// No second send: each fault then hits its call for good, which is the harder case.
const HTTP: &str = "windows = [{ calls = 100000, per = \"1 s\" }]\nconcurrency = 4\nattempts_max = 1\n\
                    connect_timeout = \"300 ms\"\nread_timeout = \"300 ms\"\ntotal_timeout = \"600 ms\"";
/// Several pages a batch: rows can repeat and totals can move.
const PAGES: &str = "[benifex]\npage_size = 8\n";
const NIGHT: [&str; 6] = ["run", "made/http.toml", "--as-of", "2026-04-02", "--fresh", "--dry-run"];
const PACK: &str = "made/reports/generated/2026-04-02-dry";
/// Nights at a time: a hanging one costs no processor.
const WORKERS: usize = 4;
/// What a fault itself is reported as.
const OF_THE_FAULT: [&str; 3] = ["CT02", "CT03", "CT11"];
/// What the payroll file and the crosswalk show without any answer.
const OF_PAYROLL: &str = "ID04";

/// Which calls are hit.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    pub employees: &'static str,
    /// Every n-th call of a night, each kind with another first one; 1 = every call. The tokens and all pages of both
    /// lists are hit in any case.
    pub stride: usize,
}

/// What was counted, by kind of fault.
#[derive(Debug, Default)]
pub struct Tally {
    pub by_kind: BTreeMap<&'static str, Nights>,
    /// One line for each finding without evidence, and for each night that ended otherwise than it should.
    pub wrong: Vec<String>,
}

/// The nights of one kind of fault.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nights {
    pub nights: usize,
    /// The report names somebody as unverified.
    pub unverified: usize,
    /// The token was refused: no report, nothing is said of anybody.
    pub no_report: usize,
}

impl Sweep {
    /// Runs the nights, several at a time.
    pub fn run(self) -> Tally {
        let calls = calls(&self.site());
        let planned: Vec<(&str, String)> = (0..)
            .zip(KINDS)
            .flat_map(|(offset, kind)| {
                let hit = (1 + offset % self.stride..=calls).step_by(self.stride).map(move |n| format!("{kind}@{n}"));
                hit.chain(["token", "users", "engagements"].map(|all| format!("{kind}@{all}")))
                    .map(move |fault| (kind, fault))
            })
            .collect();
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let workers = [(); WORKERS].map(|()| scope.spawn(|| self.work(&planned, &next)));
            workers.into_iter().fold(Tally::default(), |sum, worker| sum.plus(worker.join().expect("a worker")))
        })
    }

    fn site(self) -> Site {
        let site = made(self.employees, "5");
        // The elections as they stood at the cut-off, as a job of some nights has them.
        let world = ["--world", "made/world_at_cutoff", "--as-of", "2026-03-31"];
        site.expect(0, &[&["snapshot", "import", "made/job.toml"][..], &world].concat());
        site
    }

    fn work(self, planned: &[(&'static str, String)], next: &AtomicUsize) -> Tally {
        let site = self.site();
        let truth = expected(&site.path("made/truth.json"), false);
        let mut tally = Tally::default();
        while let Some((kind, fault)) = planned.get(next.fetch_add(1, Ordering::Relaxed)) {
            tally.night(&site, kind, fault, &truth);
        }
        tally
    }
}

/// Calls of a night without a fault, the token's aside.
fn calls(site: &Site) -> usize {
    let (_runtime, running) = sandbox(site, |_| {});
    point(site, &running);
    site.expect(0, &NIGHT);
    usize::try_from(running.counts().calls).expect("few calls")
}

fn point(site: &Site, running: &Running) {
    point_at(site, running, "made/http.toml", HTTP);
    site.edit("made/http.toml", "[benifex]\n", PAGES);
}

impl Tally {
    /// Runs a night with one fault and holds its findings against the truth.
    fn night(&mut self, site: &Site, kind: &'static str, fault: &str, truth: &BTreeSet<Key>) {
        let (_runtime, running) = sandbox(site, |s| s.faults = Faults::parse(fault).expect("a fault"));
        point(site, &running);
        // A night that could read less than an earlier one of its day would stand beside that one's report.
        let pack = site.path(PACK);
        if pack.exists() {
            fs::remove_dir_all(&pack).expect("removed");
        }
        let output = site.run(&NIGHT);
        let nights = self.by_kind.entry(kind).or_default();
        nights.nights += 1;
        match output.status.code() {
            Some(4) => nights.no_report += 1,
            Some(exit @ (0 | 3)) => {
                nights.unverified += usize::from(exit == 3);
                self.wrong.extend(without_evidence(site, exit, truth).into_iter().map(|w| format!("{fault}: {w}")));
            }
            _ => self.wrong.push(format!("{fault}: ended otherwise than it should\n{}", shown(&output))),
        }
    }

    fn plus(mut self, other: Tally) -> Tally {
        for (kind, nights) in other.by_kind {
            let sum = self.by_kind.entry(kind).or_default();
            sum.nights += nights.nights;
            sum.unverified += nights.unverified;
            sum.no_report += nights.no_report;
        }
        self.wrong.extend(other.wrong);
        self
    }

    /// The sum over the kinds.
    pub fn total(&self) -> Nights {
        self.by_kind.values().fold(Nights::default(), |sum, n| Nights {
            nights: sum.nights + n.nights,
            unverified: sum.unverified + n.unverified,
            no_report: sum.no_report + n.no_report,
        })
    }
}

/// Findings of the night's report that nothing it fetched can show.
fn without_evidence(site: &Site, exit: i32, truth: &BTreeSet<Key>) -> Vec<String> {
    let pack = site.path(PACK);
    let found = found(&pack);
    let unfetched: BTreeSet<(&str, Service)> = found
        .iter()
        .filter(|(code, ..)| code == "CT02")
        .map(|(_, employee, _, field)| (employee.as_str(), Service::of_field(field)))
        .filter(|(employee, _)| !employee.is_empty())
        .collect();
    let list = if found.contains(&(String::from("CT02"), String::new(), String::new(), String::from("oyster"))) {
        if engagements_listed(&pack) > 0 { List::Contradictory } else { List::Missing }
    } else {
        List::Whole
    };
    let unverified: BTreeSet<String> =
        rows(&pack.join("unverified.csv")).into_iter().map(|row| row["employee_id"].clone()).collect();
    let mut wrong = Vec::new();
    for key @ (code, employee, benefit, field) in &found {
        let of_the_fault = OF_THE_FAULT.contains(&code.as_str());
        let planted = truth.contains(key);
        if !planted && (!of_the_fault || code == "CT11") {
            wrong.push(format!("{code} {employee} {benefit} {field} is nowhere in the world"));
        } else if !of_the_fault
            && code != OF_PAYROLL
            && Service::behind(key).iter().any(|service| {
                unfetched.contains(&(employee, *service)) || (*service == Service::Oyster && list.forbids(key))
            })
        {
            wrong.push(format!("{code} {employee} {benefit} {field} on somebody who was not fetched"));
        }
    }
    let named: BTreeSet<&str> = unfetched.iter().map(|(employee, _)| *employee).collect();
    wrong.extend(named.iter().filter(|id| !unverified.contains(**id)).map(|id| format!("{id} is not unverified")));
    if (exit == 3) != found.iter().any(|(code, ..)| code == "CT02" || code == "CT03") {
        wrong.push(format!("exit {exit} does not say what the report says"));
    }
    wrong
}

/// What Oyster's list of engagements was worth.
#[derive(Clone, Copy, Debug)]
enum List {
    Whole,
    /// What it showed was read; what it did not show proves nothing.
    Contradictory,
    Missing,
}

impl List {
    /// Whether a finding that needs Oyster can't come from it.
    fn forbids(self, (code, employee, ..): &Key) -> bool {
        match self {
            List::Whole => false,
            List::Contradictory => code == "ID03" && !employee.is_empty(),
            List::Missing => true,
        }
    }
}

/// Engagements that the night got to see.
fn engagements_listed(pack: &Path) -> u64 {
    let text = fs::read_to_string(pack.join("run.json")).expect("the run");
    let run: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    run["oyster"]["engagements"].as_u64().expect("a count")
}

/// Whose answers a finding needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Service {
    Benifex,
    Oyster,
}

impl Service {
    /// The service that a CT02 names.
    fn of_field(field: &str) -> Service {
        if field == "oyster" { Service::Oyster } else { Service::Benifex }
    }

    /// The services that have to have answered.
    fn behind((code, _, benefit, field): &Key) -> &'static [Service] {
        let oyster = benefit.starts_with("_Oyster") || benefit.starts_with("plan ") || field.contains("engagement");
        match oyster {
            true if code == "EN07" => &[Service::Benifex, Service::Oyster],
            true => &[Service::Oyster],
            false => &[Service::Benifex],
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        writeln!(f, "{:<16}{:>8}{:>20}{:>12}", "fault", "nights", "somebody unverified", "no report")?;
        for (kind, n) in self.by_kind.iter().chain([(&"all", &total)]) {
            writeln!(f, "{kind:<16}{:>8}{:>20}{:>12}", n.nights, n.unverified, n.no_report)?;
        }
        writeln!(f, "false findings: {}", self.wrong.len())?;
        self.wrong.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}
