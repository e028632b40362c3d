//! Whatever the services do, nobody is accused whose data was not fetched.

use crate::sweep::Sweep;

/// In the tests every n-th call is hit; `cargo bench --bench fault_sweep` hits every one.
const STRIDE: usize = 9;

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
