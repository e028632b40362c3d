//! Whatever the services do, nobody is accused whose data was not fetched; whichever call to a file fails, nothing is
//! lost, sent twice or told otherwise than it is.

use chrono::{DateTime, Utc};

use crate::harness::io_faults::{self, Verb};
use crate::harness::sweep::Sweep;

/// In the tests every n-th call is hit; `cargo bench --bench fault_sweep` hits every one.
const STRIDE: usize = 17;

#[test]
fn no_fault_at_any_call_makes_a_false_finding() {
    let tally = Sweep { employees: "40", stride: STRIDE }.run();
    assert!(tally.wrong.is_empty(), "{tally}");
    let total = tally.total();
    assert!(
        (total.unverified + total.no_report) * 2 > total.nights,
        "too few faults left a trace: the sweep does not reach the calls\n{tally}"
    );
}

#[expect(clippy::disallowed_methods, reason = "the binary asks the same clock for the age of an approval")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[track_caller]
fn one_failing_call_is_survived(verb: Verb, stride: usize) {
    let tally = io_faults::Sweep { verb, stride }.run(now());
    assert!(tally.wrong.is_empty() && tally.by_exit.contains_key(&74), "{tally}");
}

#[test]
#[ignore = "needs strace: `.ci/faults` brings it and runs this"]
fn a_night_of_which_one_call_to_a_file_fails_is_made_good_by_the_next() {
    one_failing_call_is_survived(Verb::Run, 400);
}

#[test]
#[ignore = "needs strace: `.ci/faults` brings it and runs this"]
fn a_push_of_which_one_call_to_a_file_fails_sends_nothing_twice_and_forgets_nothing() {
    one_failing_call_is_survived(Verb::Push, 150);
}

#[test]
#[ignore = "takes an hour and needs strace: `.ci/faults all` runs it"]
fn every_call_to_a_file_of_a_night_fails_once() {
    one_failing_call_is_survived(Verb::Run, 1);
}

#[test]
#[ignore = "takes half an hour and needs strace: `.ci/faults all` runs it"]
fn every_call_to_a_file_of_a_push_fails_once() {
    one_failing_call_is_survived(Verb::Push, 1);
}
