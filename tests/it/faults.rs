//! Whatever the services do, nobody is accused whose data was not fetched.

use std::collections::BTreeSet;

use tieout::sandbox::Faults;

use crate::resume::{made, point_at, sandbox};
use crate::support::{Site, rows, shown};

/// One of each kind; `hang` is bounded by the read time-out of the job.
const KINDS: [&str; 12] = [
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
    "expire",
];
/// No second send: each fault then hits its call for good, which is the harder case.
const HTTP: &str = "windows = [{ calls = 100000, per = \"1 s\" }]\nconcurrency = 4\nattempts_max = 1\n\
                    connect_timeout = \"300 ms\"\nread_timeout = \"300 ms\"\ntotal_timeout = \"600 ms\"";
/// In the tests every n-th call is hit; `cargo bench --bench fault_sweep` hits every one.
const STRIDE: usize = 9;

/// Runs a night with one fault and holds its findings against the truth. Gives whether anything was unverified.
fn check_fault(site: &Site, fault: &str, truth: &BTreeSet<crate::truth::Key>) -> bool {
    let (_runtime, running) = sandbox(site, |s| s.faults = Faults::parse(fault).expect("a fault"));
    point_at(site, &running, "made/http.toml", HTTP);
    let output = site.run(&["run", "made/http.toml", "--as-of", "2026-04-02", "--fresh", "--dry-run"]);
    let exit = output.status.code();
    if exit == Some(4) {
        // A token that can't be renewed ends the night: nothing is said of anybody.
        return true;
    }
    assert!(matches!(exit, Some(0 | 3)), "{fault}\n{}", shown(&output));
    let pack = site.path("made/reports/generated/2026-04-02-dry");
    let found = crate::truth::found(&pack);
    let unverified: BTreeSet<String> =
        rows(&pack.join("unverified.csv")).into_iter().map(|row| row["employee_id"].clone()).collect();
    for (code, employee, benefit, field) in found.difference(truth) {
        let says_so = ["CT02", "CT03"].contains(&code.as_str());
        assert!(says_so, "{fault}: accused without evidence: {code} {employee} {benefit} {field}");
    }
    for (code, employee, ..) in &found {
        let accused = !["CT02", "CT03", "CT11"].contains(&code.as_str()) && unverified.contains(employee);
        let fetched = truth.iter().any(|(c, e, ..)| c == code && e == employee);
        assert!(!accused || fetched, "{fault}: {code} on {employee}, who is unverified");
    }
    assert_eq!(exit == Some(3), found.iter().any(|(code, ..)| code == "CT02" || code == "CT03"), "{fault}");
    exit == Some(3)
}

#[test]
fn no_fault_at_any_call_makes_a_false_finding() {
    let site = made("40", "5");
    // The elections as they stood at the cut-off, as a job of some nights has them.
    site.expect(
        0,
        &["snapshot", "import", "made/job.toml", "--world", "made/world_at_cutoff", "--as-of", "2026-03-31"],
    );
    let truth = crate::truth::expected(&site.path("made/truth.json"), false);
    let (mut hit, mut nights) = (0, 0);
    for (offset, kind) in KINDS.iter().enumerate() {
        for index in (1 + offset % STRIDE..=80).step_by(STRIDE) {
            hit += usize::from(check_fault(&site, &format!("{kind}@{index}"), &truth));
            nights += 1;
        }
    }
    assert!(hit * 2 > nights, "only {hit} of {nights} faults left a trace: the sweep does not reach the calls");
}
