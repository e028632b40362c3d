//! Nights and pushes of which one call of the operating system fails: each call to files once, in turn. The error is
//! injected by strace, without which there is nothing to inject with.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use chrono::{DateTime, Utc};

use super::storm::{Traced, Wrong};
use crate::support::{Site, shown};

/// Calls to files, and the error of each.
const CALLS: [(&str, &str); 15] = [
    ("openat", "EMFILE"),
    ("read", "EIO"),
    ("pread64", "EIO"),
    ("write", "ENOSPC"),
    ("pwrite64", "ENOSPC"),
    ("fsync", "EIO"),
    ("fdatasync", "EIO"),
    ("ftruncate", "EIO"),
    ("mkdir", "ENOSPC"),
    ("rename", "EIO"),
    ("renameat2", "EIO"),
    ("unlink", "EIO"),
    ("getdents64", "EIO"),
    ("lseek", "EIO"),
    ("fcntl", "ENOLCK"),
];
const JOB: &str = "jobs/demo.toml";
/// The first file that the program itself opens; what comes before is the loader's.
const FIRST_OPENED: &str = "/proc/self/maps";
/// Nights and pushes at a time.
const WORKERS: usize = 2;
/// Killed by the loader, which could not read a library: nothing of the program ran.
const LOADER_EXIT: i32 = 127;
const ITEMS: usize = 6;

/// What is attempted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Run,
    Push,
}

/// Which calls are hit: every n-th of each kind.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    pub verb: Verb,
    pub stride: usize,
}

#[derive(Debug, Default)]
pub struct Tally {
    /// Attempts by the exit code that they ended with.
    pub by_exit: BTreeMap<i32, usize>,
    pub wrong: Vec<String>,
}

/// One call that fails.
#[derive(Clone, Debug)]
struct Fault {
    call: &'static str,
    error: &'static str,
    number: usize,
}

#[track_caller]
fn require_strace() {
    let asked = Command::new("strace").arg("-V").stdout(Stdio::null()).status();
    assert!(
        asked.is_ok_and(|status| status.success()),
        "expected strace on the path, found none: `.ci/faults` brings it"
    );
}

impl Sweep {
    pub fn run(self, now: DateTime<Utc>) -> Tally {
        require_strace();
        let faults = self.faults(now);
        assert!(!faults.is_empty(), "the trace of an undisturbed attempt holds no call to a file");
        let next = AtomicUsize::new(0);
        let undisturbed = Site::new();
        undisturbed.run(&["run", JOB]);
        let whole = queue(&undisturbed).len();
        assert!(whole > 0, "an undisturbed night queues something");
        let work = || {
            let mut tally = Tally::default();
            while let Some(fault) = faults.get(next.fetch_add(1, Ordering::Relaxed)) {
                match self.verb {
                    Verb::Run => tally.night(fault, whole),
                    Verb::Push => tally.push(fault, now),
                }
            }
            tally
        };
        thread::scope(|scope| {
            let workers = [(); WORKERS].map(|()| scope.spawn(work));
            workers.into_iter().fold(Tally::default(), |sum, worker| sum.plus(worker.join().expect("a worker")))
        })
    }

    /// The calls that an undisturbed attempt makes, those of its busiest thread: each thread counts its own.
    fn faults(self, now: DateTime<Utc>) -> Vec<Fault> {
        let folder = tempfile::tempdir().expect("a folder");
        let (trace, binary) = (folder.path().join("trace"), env!("CARGO_BIN_EXE_tieout"));
        let calls = CALLS.map(|(call, _)| call).join(",");
        let tracer =
            ["strace", "-f", "-o", &trace.display().to_string(), "-e", &format!("trace={calls}")].map(str::to_owned);
        match self.verb {
            Verb::Run => drop(traced(&Site::new(), &tracer, &["run", JOB])),
            Verb::Push => drop(Traced { items: ITEMS, seed: 1 }.push(binary, &tracer, now)),
        }
        let counts = counts(&fs::read_to_string(&trace).expect("the trace"));
        let of_call = |(call, error): (&'static str, &'static str)| {
            let (first, last) = counts.get(call).copied().unwrap_or((1, 0));
            (first..=last).step_by(self.stride).map(move |number| Fault { call, error, number })
        };
        CALLS.into_iter().flat_map(of_call).collect()
    }
}

/// By call: the first one behind the loader's, and the last one of the thread that makes most.
fn counts(trace: &str) -> BTreeMap<String, (usize, usize)> {
    let mut by_thread: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let main = trace.split_whitespace().next().unwrap_or_default();
    for line in trace.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((call, arguments)) = rest.trim_start().split_once('(') else { continue };
        *by_thread.entry((thread, call)).or_default() += 1;
        if first.is_empty() && thread == main && arguments.contains(FIRST_OPENED) {
            first = by_thread.iter().filter(|((t, _), _)| *t == main).map(|((_, call), n)| (*call, *n)).collect();
        }
    }
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for ((_, call), count) in by_thread {
        let behind = first.get(call).copied().unwrap_or_default() + 1;
        let entry = counts.entry(call.to_owned()).or_insert((behind, 0));
        entry.1 = entry.1.max(count);
    }
    counts
}

fn traced(site: &Site, tracer: &[String], args: &[&str]) -> Output {
    let plain = site.command(args);
    let mut command = Command::new(&tracer[0]);
    command.args(&tracer[1..]).arg(plain.get_program()).args(plain.get_args());
    command.current_dir(site.path("")).env("XDG_STATE_HOME", site.path("user"));
    command.output().expect("strace starts")
}

impl Fault {
    fn tracer(&self) -> Vec<String> {
        let Fault { call, error, number } = self;
        let inject = format!("inject={call}:error={error}:when={number}");
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]
            .map(str::to_owned)
            .into()
    }
}

impl Tally {
    /// A night with the fault, and the night after it, which queues as many items as an undisturbed one.
    fn night(&mut self, fault: &Fault, whole: usize) {
        let site = Site::new();
        let output = traced(&site, &fault.tracer(), &["run", JOB]);
        let mut wrong = self.ended(&output);
        let queued = queue(&site);
        let said = shown(&output);
        if said.contains("nothing was queued") && !queued.is_empty() {
            wrong.push("it says that nothing was queued, and something was");
        }
        if half_written(&site.path("reports/demo")) {
            wrong.push("half a report stands in the place of one");
        }
        let after = site.run(&["run", JOB]);
        if !matches!(after.status.code(), Some(0 | 1)) {
            wrong.push("the night after it does not end well");
        } else if queue(&site).len() != whole {
            wrong.push("the night after it does not queue what an undisturbed one does");
        }
        if site.run(&["audit", "verify", JOB]).status.code() != Some(0) {
            wrong.push("the chain is broken");
        }
        self.wrong.extend(wrong.into_iter().map(|what| format!("{fault:?}: {what}\n{said}\n{}", shown(&after))));
    }

    /// A push with the fault, and pushes until nothing is approved.
    fn push(&mut self, fault: &Fault, now: DateTime<Utc>) {
        let traced = Traced { items: ITEMS, seed: fault.number as u64 };
        let (output, tally) = traced.push(env!("CARGO_BIN_EXE_tieout"), &fault.tracer(), now);
        let mut wrong = self.ended(&output);
        if tally.wrong != Wrong::default() {
            wrong.push("an item arrived twice, is lost, or its state is no true word");
        }
        self.wrong.extend(wrong.into_iter().map(|what| format!("{fault:?}: {what}\n{}\n{tally}", shown(&output))));
    }

    fn ended(&mut self, output: &Output) -> Vec<&'static str> {
        let exit = output.status.code().unwrap_or(-1);
        *self.by_exit.entry(exit).or_default() += 1;
        let said = shown(output);
        let mut wrong = Vec::new();
        if !matches!(exit, 0..=8 | 74 | LOADER_EXIT) {
            wrong.push("it ends with an exit code that says something else");
        }
        if said.contains("bug of tieout") || said.contains("panicked") {
            wrong.push("a fault of the machine is called one of the program");
        }
        wrong
    }

    fn plus(mut self, other: Tally) -> Tally {
        for (exit, count) in other.by_exit {
            *self.by_exit.entry(exit).or_default() += count;
        }
        self.wrong.extend(other.wrong);
        self
    }
}

/// Items that are in the queue.
fn queue(site: &Site) -> BTreeSet<i64> {
    let listed = site.expect(0, &["queue", "list", JOB, "--json"]);
    let items: Vec<serde_json::Value> = serde_json::from_str(&listed).expect("a list");
    items.iter().map(|item| item["item"].as_i64().expect("the number of an item")).collect()
}

/// A day's folder without the file that is written last.
fn half_written(reports: &Path) -> bool {
    let Ok(entries) = fs::read_dir(reports) else { return false };
    let days = entries.filter_map(Result::ok).map(|entry| entry.path());
    let visible = |path: &Path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'));
    days.filter(|path| path.is_dir() && visible(path)).any(|path| !path.join("run.json").is_file())
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "attempts by exit code: {:?}; wrong: {}", self.by_exit, self.wrong.len())?;
        self.wrong.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
