//! Every kind of fault at every call of a night of 40 people, and the findings held against what the world holds.
//!
//!     cargo bench --bench fault_sweep

use std::error::Error;

use self::sweep::Sweep;

#[path = "../tests/it/support.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod support;
#[path = "../tests/it/harness/sweep.rs"]
mod sweep;

const SWEEP: Sweep = Sweep { employees: "40", stride: 1 };

#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let tally = SWEEP.run();
    print!("{tally}");
    if !tally.wrong.is_empty() {
        return Err("a night accused somebody without evidence, or ended otherwise than it should".into());
    }
    Ok(())
}
